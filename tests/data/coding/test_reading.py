"""A coded sheet is read as it was meant, or refused with the place of what is wrong."""

import openpyxl
import pytest

from helpers.data.coding.reading import read_sheet
from helpers.data.coding.workbook import sheet_xlsx
from helpers.data.errors import InputError

KNOWN = ["energy", "skills", "data"]


def change(rows, row, column, text):
    """Return the grid with one cell changed; row 1 is the header."""
    changed = [list(cells) for cells in rows]
    changed[row - 1][rows[0].index(column)] = text
    return changed


def test_codes_are_read_and_rows_left_open_are_not_none(handed_out, coded, save):
    rows = coded(handed_out(), ["energy", "none", "", "energy skills"], ["", "", "unsure"])
    lines = read_sheet(save("sheet.csv", rows), KNOWN)
    found = [None if line.coded is None else line.coded.themes for line in lines]
    assert found == [("energy",), (), None, ("energy", "skills"), None, None, None, None]
    assert [line.row for line in lines] == list(range(2, 10))
    assert lines[2].comment == "unsure"
    assert lines[0].coded.selection == "random"
    assert lines[0].coded.probability == pytest.approx(6 / 205, rel=0.2)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_sheet_saved_with_other_delimiters_and_a_decimal_comma_is_the_same(
    handed_out, coded, save, delimiter
):
    rows = coded(handed_out(), ["energy", "none", "skills"])
    expected = read_sheet(save("sheet.csv", rows), KNOWN)
    at = rows[0].index("probability")
    comma = [[*cells[:at], cells[at].replace(".", ","), *cells[at + 1 :]] for cells in rows]
    again = read_sheet(save("sheet.csv", comma, delimiter), KNOWN)
    assert [line.coded and line.coded.themes for line in again] == [
        line.coded and line.coded.themes for line in expected
    ]


def test_a_workbook_comes_back_as_a_spreadsheet_program_saves_it(handed_out, tmp_path):
    sheet = handed_out()
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(sheet_xlsx(sheet))
    book = openpyxl.load_workbook(path)
    answers = book["answers"]
    header = {cell.value: cell.column for cell in answers[1]}
    answers.cell(2, header["energy"]).value = "x"
    answers.cell(3, header["none"]).value = " X "
    answers.cell(4, header["skills"]).value = "х"  # of a Bulgarian keyboard
    answers.cell(2, header["probability"]).value = float(answers.cell(2, header["probability"]).value)
    book.move_sheet("codebook", -1)
    book.save(path)
    lines = read_sheet(path, KNOWN)
    assert [line.coded and line.coded.themes for line in lines][:4] == [("energy",), (), ("skills",), None]


def test_rows_may_be_sorted_and_columns_moved(handed_out, coded, save):
    rows = coded(handed_out(), ["energy", "none", "skills"])
    moved = [[*reversed(cells)] for cells in (rows[0], *reversed(rows[1:]))]
    one, other = (read_sheet(save(name, table), KNOWN) for name, table in (("a.csv", rows), ("b.csv", moved)))
    assert {line.coded for line in one} == {line.coded for line in other}


@pytest.mark.parametrize(
    ("row", "column", "text", "said"),
    [
        (3, "energy", "yes", "row 3, column energy: found 'yes', allowed: x or an empty cell"),
        (4, "none", "n/a", "row 4, column none: found 'n/a', allowed: x or an empty cell"),
        (2, "none", "x", "row 2, column none: found 'x', but energy is chosen, too"),
        (5, "coder", "Jane Doe", "row 5, column coder: found 'Jane Doe', allowed: coder_1, coder_2"),
        (5, "coder", "", "row 5, column coder: found ''"),
        (2, "answer_id", "a12", "row 2, column answer_id: found 'a12', allowed: an answer's id"),
        (2, "answer_id", "a0123456789", "row 2, column probability: .* with another answer_id"),
        (3, "probability", "0.5", "row 3, column probability: found '0.5', but the row was handed out with"),
        (3, "probability", "", "row 3, column probability: found '', allowed: the number"),
        (3, "probability", "often", "row 3, column probability: found 'often'"),
        (3, "probability", "0", "row 3, column probability: found '0'"),
        (3, "probability", "1.5", "row 3, column probability: found '1.5'"),
        (9, "probability", "0.5", "row 9, column probability: found '0.5', .*nothing for the queue"),
        (3, "selection", "queue", "row 3, column probability: .*nothing for the queue"),
        (3, "selection", "any", "row 3, column selection: found 'any', allowed: random or queue"),
        (3, "check", "", "row 3, column probability: .*as it was handed out"),
        (3, "wave", "printing_3d", "row 3, column probability: .*as it was handed out"),
        (3, "wave", "../../x", "row 3, column wave: found '../../x', allowed: questionnaire/YYYY-MM"),
        (1, "data", "energie", "row 1, column 'energie': unknown theme, allowed: energy, skills, data"),
        (1, "data", "energy", "row 1, column energy: stands twice"),
        (1, "check", "", "row 1, column check: missing"),
        (1, "data", "", "row 1, column data: missing; if the theme is newer"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_file_row_and_column(handed_out, coded, save, row, column, text, said):
    rows = coded(handed_out(), ["energy", "none", "skills", "data"])
    path = save("coder_1.csv", change(rows, row, column, text))
    with pytest.raises(InputError, match=said) as caught:
        read_sheet(path, KNOWN)
    assert all(problem.startswith("coder_1.csv: ") for problem in caught.value.problems)


def test_a_message_shows_little_of_a_cell_and_nothing_that_runs(handed_out, coded, save):
    rows = coded(handed_out(), ["energy"])
    path = save(
        "coder_1.csv", change(rows, 3, "energy", "\u202e\x1b[2J the phone of Ms Doe is 020 7946 0123")
    )
    with pytest.raises(InputError) as caught:
        read_sheet(path, KNOWN)
    assert "7946" not in str(caught.value)
    assert str(caught.value).isprintable()


def test_many_faults_are_told_in_few_lines(handed_out, coded, save):
    rows = coded(handed_out(random=40), ["energy"])
    at = rows[0].index("skills")
    wrong = [rows[0], *([*cells[:at], "?", *cells[at + 1 :]] for cells in rows[1:])]
    with pytest.raises(InputError) as caught:
        read_sheet(save("coder_1.csv", wrong), KNOWN)
    assert len(caught.value.problems) == 11
    assert caught.value.problems[-1] == "coder_1.csv: and 32 more like these"


@pytest.mark.parametrize("text", ["", "name,place\nx,y\n", "just a letter"])
def test_what_is_no_sheet_is_refused(tmp_path, text):
    path = tmp_path / "other.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=r"other\.csv"):
        read_sheet(path, KNOWN)
