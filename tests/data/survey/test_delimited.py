"""How delimited text is written is found by rule, said where it was not clear, and never half read."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data.errors import InputError
from helpers.data.survey.delimited import open_text

LINES = [["name", "größe", "x"], ["Łódź", "12;5", "a,b"], ["", 'say "hi"', "two\nlines"]]


def read(data, encoding=None):
    import io

    text = open_text("a.csv", lambda: io.BytesIO(data), encoding)
    return text, list(text.records())


def written(encoding, delimiter=",", quoting=csv.QUOTE_MINIMAL, end="\r\n", lines=LINES):
    import io

    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(lines)
    return text.getvalue().encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_with_a_mark_delimiters_and_line_ends_are_found(encoding, delimiter, end):
    data = written(encoding, delimiter, csv.QUOTE_ALL, end)
    if encoding.endswith("e"):  # without the mark that says so
        data = "\ufeff".encode(encoding) + data
    text, rows = read(data)
    assert rows == LINES
    assert text.notes == ()
    assert text.delimiter == delimiter


def test_what_is_not_utf8_is_read_as_windows_1252_and_said():
    text, rows = read("name,größe\nMüller,1\n".encode("cp1252"))
    assert rows[1] == ["Müller", "1"]
    assert "read as Windows-1252" in text.notes[0]


def test_an_encoding_that_is_given_is_not_second_guessed():
    text, rows = read("name,miasto\nA,Łódź\n".encode("cp1250"), "cp1250")
    assert rows[1] == ["A", "Łódź"]
    assert text.notes == ()
    with pytest.raises(InputError, match="row 2: found byte 0xa3, allowed: utf-8 text"):
        read("name,miasto\nA,Łódź\n".encode("cp1250"), "utf-8")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'a,b\n1,"2\n', "row 2: not delimited text: a quotation mark is opened and not closed"),
        (b'a,b\n1,"2"3\n', "row 2: not delimited text: a quotation mark stands in the middle of a cell"),
        (b"a,b\n1," + b"x" * 200_000 + b"\n", "row 2: not delimited text: found a cell of more than 131,072"),
        (b"a,b\n" + b"," * 3_000 + b"\n", "row 2: found 3001 columns, allowed: 2000"),
        (b"x" * 5_000_000, "found a line of more than"),
        ("a,b\n1,2".encode("utf-16") + b"\x41", "utf-16 text"),
    ],
)
def test_what_is_no_table_ends_in_a_message_with_the_row(data, says):
    with pytest.raises(InputError) as fault:
        read(data)
    assert says in str(fault.value)


CELLS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r"))


@given(
    st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=2, max_size=6),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_whatever_a_cell_holds_it_comes_back(rows, delimiter):
    lines = [["first", "second"], *rows]
    _, found = read(written("utf-8", delimiter, csv.QUOTE_ALL, lines=lines))
    assert found == lines
