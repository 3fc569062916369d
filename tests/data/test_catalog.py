"""A raw table is read as declared and never as guessed."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.catalog import dataset_names, dataset_origin, file_path, read_raw
from helpers.data.cells import country_codes, read_cell
from helpers.data.errors import InputError
from helpers.data.origin import OriginColumn, OriginFile, load_origin

HEAD = """\
title: A dataset
producer: Somebody
citation: Somebody, A dataset.
url: https://example.org
licence: CC BY 4.0
retrieved: 2026-11-22
vintage: "2026"
kind: observed
files:
"""


def project(tmp_path: Path, files: str, **contents: str | bytes) -> Path:
    """Return a project with one dataset, demo; keyword a_csv is the file a.csv."""
    folder = tmp_path / "data" / "raw" / "demo"
    folder.mkdir(parents=True)
    (folder / "origin.yml").write_text(HEAD + files, encoding="utf-8")
    for name, content in contents.items():
        data = content if isinstance(content, bytes) else content.encode("utf-8")
        (folder / name.replace("_", ".")).write_bytes(data)
    return tmp_path


def one_column(tmp_path: Path, column: str, cell: str | bytes, marks: str = "") -> pd.Series:
    files = f"  - {{name: a.csv, delimiter: ';'{marks}, columns: [{{name: x, meaning: X, {column}}}]}}\n"
    data = cell if isinstance(cell, bytes) else cell.encode()
    return read_raw("demo", root=project(tmp_path, files, a_csv=b"x\n" + data + b"\n"))["x"]


def refusal(tmp_path: Path, column: str, cell: str | bytes, marks: str = "") -> str:
    with pytest.raises(InputError) as caught:
        one_column(tmp_path, column, cell, marks)
    return str(caught.value)


def test_na_is_namibia_and_not_missing(tmp_path: Path) -> None:
    assert one_column(tmp_path, "type: country, codes: iso", "NA").tolist() == ["NA"]


@pytest.mark.parametrize("text", ["NA", "null", "None", "nan", "N/A", "-", "0012", " padded ", "1e5", "TRUE"])
def test_texts_stay_as_they_are(tmp_path: Path, text: str) -> None:
    assert one_column(tmp_path, "type: string", text).tolist() == [text]


def test_a_point_is_what_the_dataset_declares(tmp_path: Path) -> None:
    marks = ", decimal: ',', thousands: '.'"
    assert one_column(tmp_path / "a", "type: number", "1.200").tolist() == [1.2]
    assert one_column(tmp_path / "b", "type: number", "1.200", marks).tolist() == [1200]
    assert one_column(tmp_path / "c", "type: number", "1.200,5", marks).tolist() == [1200.5]
    assert one_column(tmp_path / "d", "type: integer", "1.200", marks).tolist() == [1200]


@pytest.mark.parametrize(
    "cell", ["1.200", "1,200", "1 200", "12.0", "1e3", "", " 1", "1_000", "٣", "½", "0x1f"]
)
def test_an_integer_is_digits_where_no_mark_is_declared(tmp_path: Path, cell: str) -> None:
    said = refusal(tmp_path, "type: integer", f'"{cell}"')
    assert said.startswith("data/raw/demo/a.csv: row 2, column x: found ")
    assert "an integer without a thousands mark" in said


@pytest.mark.parametrize("cell", ["12.00", "1.20", ".200", "1..200", "1.2000", "1.200.5"])
def test_a_thousands_mark_stands_before_three_digits(tmp_path: Path, cell: str) -> None:
    assert "found" in refusal(tmp_path, "type: integer", cell, ", decimal: ',', thousands: '.'")


@pytest.mark.parametrize("cell", ["nan", "inf", "-inf", "1e999", "1,5", "abc", "--1", "1." + "0" * 500])
def test_what_is_no_finite_number_is_refused(tmp_path: Path, cell: str) -> None:
    assert "allowed: a number" in refusal(tmp_path, "type: number", cell)


def test_an_integer_beyond_64_bits_is_refused(tmp_path: Path) -> None:
    assert one_column(tmp_path / "a", "type: integer", str(2**63 - 1)).tolist() == [2**63 - 1]
    assert "found" in refusal(tmp_path / "b", "type: integer", str(2**63))


def test_the_order_of_day_and_month_is_declared(tmp_path: Path) -> None:
    us, eu = ", date_format: '%m/%d/%Y'", ", date_format: '%d/%m/%Y'"
    assert one_column(tmp_path / "a", "type: date", "03/04/2020", us)[0] == pd.Timestamp(2020, 3, 4)
    assert one_column(tmp_path / "b", "type: date", "03/04/2020", eu)[0] == pd.Timestamp(2020, 4, 3)
    assert "a date written as MM/DD/YYYY" in refusal(tmp_path / "c", "type: date", "31/12/2020", us)


@pytest.mark.parametrize(
    "cell", ["2020-02-30", "2020-1-5", "20200105", "2020-01-05T00:00", "0000-01-01", "5.1.2020"]
)
def test_a_date_is_written_exactly_as_declared(tmp_path: Path, cell: str) -> None:
    assert "a date written as YYYY-MM-DD" in refusal(tmp_path, "type: date", cell)


def test_a_date_before_1970_and_a_missing_one_are_read(tmp_path: Path) -> None:
    column = "type: date, required: false, missing: still valid"
    read = one_column(tmp_path, column, '1958-01-01\n""')
    assert read[0] == pd.Timestamp(1958, 1, 1)
    assert read.isna().tolist() == [False, True]


@pytest.mark.parametrize("cell", ["2020", "2020-06", "2020-06-30"])
def test_a_date_prefix_keeps_its_precision(tmp_path: Path, cell: str) -> None:
    assert one_column(tmp_path, "type: date_prefix", cell).tolist() == [cell]


@pytest.mark.parametrize(
    "cell", ["2020-13", "2020-6", "2020-06-31", "20", "2020-06-30-01", "June 2020", "0000"]
)
def test_a_date_prefix_is_a_date(tmp_path: Path, cell: str) -> None:
    assert "YYYY-MM" in refusal(tmp_path, "type: date_prefix", cell)


def test_country_codes_belong_to_the_declared_system(tmp_path: Path) -> None:
    assert one_column(tmp_path / "a", "type: country, codes: iso", "GR\nGB\nXK").tolist() == [
        "GR",
        "GB",
        "XK",
    ]
    assert one_column(tmp_path / "b", "type: country, codes: eurostat", "EL").tolist() == ["EL"]
    assert "EL for Greece" in refusal(tmp_path / "c", "type: country, codes: eurostat", "GR")
    assert "GR for Greece" in refusal(tmp_path / "d", "type: country, codes: iso", "EL")


@pytest.mark.parametrize("code", ["EU", "gr", "GRC", "Greece", "ZZ", "G", "EZ", "U K"])
def test_what_is_no_country_is_refused(tmp_path: Path, code: str) -> None:
    assert "country code" in refusal(tmp_path, "type: country, codes: iso", code)


def test_the_two_systems_have_as_many_countries() -> None:
    assert len(country_codes("iso")) == len(country_codes("eurostat")) >= 249


def test_only_declared_marks_are_missing(tmp_path: Path) -> None:
    column = "type: integer, required: false, missing: not asked"
    read = one_column(tmp_path / "a", column, ":\n5\nn/a", ", missing: [':', 'n/a']")
    assert read.tolist()[1] == 5
    assert read.isna().tolist() == [True, False, True]
    assert "found 'NA'" in refusal(tmp_path / "b", column, "NA", ", missing: [':']")
    assert "found ''" in refusal(tmp_path / "c", column, '""', ", missing: [':']")


def test_a_missing_mark_in_a_required_column_is_refused(tmp_path: Path) -> None:
    assert "found ':', a missing mark" in refusal(tmp_path, "type: integer", ":", ", missing: [':']")


def test_a_value_outside_the_allowed_list_is_refused(tmp_path: Path) -> None:
    assert one_column(tmp_path / "a", "type: string, allowed: [day, 'NO']", "NO\nday").tolist() == [
        "NO",
        "day",
    ]
    assert "found 'days', allowed: day, NO" in refusal(
        tmp_path / "b", "type: string, allowed: [day, 'NO']", "days"
    )
    assert one_column(tmp_path / "c", "type: integer, allowed: [1, 3]", "3\n1").tolist() == [3, 1]
    assert "found '2', allowed: 1, 3" in refusal(tmp_path / "d", "type: integer, allowed: [1, 3]", "2")


def test_a_pattern_matches_the_whole_cell(tmp_path: Path) -> None:
    column = "type: string, allowed: {pattern: '[a-z]+'}"
    assert one_column(tmp_path / "a", column, "abc").tolist() == ["abc"]
    for number, cell in enumerate(["abc1", "1abc", '"abc\n"']):
        assert "a text that matches [a-z]+" in refusal(tmp_path / str(number), column, cell)


def test_dates_can_be_bounded(tmp_path: Path) -> None:
    column = "type: date, allowed: {min: 2019-09-09}"
    assert one_column(tmp_path / "a", column, "2019-09-09")[0] == pd.Timestamp(2019, 9, 9)
    assert "YYYY-MM-DD at least 2019-09-09" in refusal(tmp_path / "b", column, "2019-09-08")


def test_a_boolean_is_one_of_four_words(tmp_path: Path) -> None:
    read = one_column(tmp_path / "a", "type: boolean", "1\n0\ntrue\nfalse")
    assert read.tolist() == [True, False, True, False]
    assert "allowed: 0, 1, true or false" in refusal(tmp_path / "b", "type: boolean", "yes")


def test_raw_row_is_the_line_on_which_a_record_begins(tmp_path: Path) -> None:
    files = "  - {name: a.csv, columns: [{name: x, type: string, meaning: X}]}\n"
    root = project(tmp_path, files, a_csv='x\r\n"one\r\ntwo"\r\nthree\r\n"four\n\nfive"\nsix\n\n\n')
    frame = read_raw("demo", root=root)
    assert frame["raw_row"].tolist() == [2, 4, 5, 8]
    assert frame["x"].tolist() == ["one\r\ntwo", "three", "four\n\nfive", "six"]


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("utf-8-sig", "x;y\nKöln;Łódź\n".encode("utf-8-sig")),
        ("utf-16", "x;y\nKöln;Łódź\n".encode("utf-16")),
        ("cp1250", "x;y\nKöln;Łódź\n".encode("cp1250")),
    ],
)
def test_the_declared_encoding_and_delimiter_are_used(tmp_path: Path, encoding: str, data: bytes) -> None:
    columns = "[{name: x, type: string, meaning: X}, {name: y, type: string, meaning: Y}]"
    files = f"  - {{name: a.csv, encoding: {encoding}, delimiter: ';', columns: {columns}}}\n"
    frame = read_raw("demo", root=project(tmp_path, files, a_csv=data))
    assert frame[["x", "y"]].values.tolist() == [["Köln", "Łódź"]]


def test_many_faults_are_cut_short_and_counted(tmp_path: Path) -> None:
    lines = refusal(tmp_path, "type: integer", "\n".join(["x"] * 50)).splitlines()
    assert len(lines) == 21
    assert lines[-1] == "data/raw/demo/a.csv: and 30 more"


def test_a_table_without_rows_keeps_its_types(tmp_path: Path) -> None:
    files = "  - {name: a.csv, columns: [{name: x, type: integer, meaning: X}]}\n"
    frame = read_raw("demo", root=project(tmp_path, files, a_csv="x\n"))
    assert frame.dtypes.astype(str).to_dict() == {"x": "Int64", "raw_row": "int64"}
    assert len(frame) == 0


def test_a_wrong_header_is_refused(tmp_path: Path) -> None:
    files = "  - {name: a.csv, columns: [{name: x, type: string, meaning: X}]}\n"
    with pytest.raises(InputError, match=r"a.csv: row 1: found columns \['y'\], allowed: \['x'\]"):
        read_raw("demo", root=project(tmp_path, files, a_csv="y\n1\n"))


def test_a_linked_file_is_not_followed(tmp_path: Path) -> None:
    files = "  - {name: a.csv, columns: [{name: x, type: string, meaning: X}]}\n"
    root = project(tmp_path, files)
    (tmp_path / "secret.csv").write_text("x\nsecret\n", encoding="utf-8")
    (root / "data" / "raw" / "demo" / "a.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(InputError, match="not an ordinary file"):
        read_raw("demo", root=root)


@pytest.mark.parametrize("name", ["../raw/population", "", ".", "..", "/etc", "populaton", "population/"])
def test_an_unknown_dataset_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="data/raw: no dataset"):
        read_raw(name)


def test_a_misspelt_dataset_is_suggested() -> None:
    with pytest.raises(InputError, match=r"did you mean population\?"):
        dataset_origin("populaton")


def test_a_project_without_raw_data_is_a_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        dataset_names(tmp_path)


def test_the_first_declared_file_is_the_default() -> None:
    assert file_path("countries").name == "countries.csv"
    assert read_raw("countries").equals(read_raw("countries", "countries.csv"))


NUMBER = OriginColumn(name="x", type="number", meaning="X")
COUNT = OriginColumn(name="x", type="integer", meaning="X")
DAY = OriginColumn(name="x", type="date", meaning="X")
MARKS = [(".", None), (",", None), (".", ","), (",", "."), (",", " "), (".", "'"), (",", "\u202f")]


@settings(derandomize=True)
@given(st.integers(-(2**63), 2**63 - 1), st.sampled_from(MARKS))
def test_a_written_integer_is_read_back(value: int, marks: tuple[str, str | None]) -> None:
    file = OriginFile.model_validate(
        {"name": "a", "columns": [COUNT], "decimal": marks[0], "thousands": marks[1]}
    )
    text = f"{value:,}".replace(",", marks[1] or "")
    assert read_cell(text, COUNT, file) == value


@settings(derandomize=True)
@given(st.floats(-1e12, 1e12), st.sampled_from(MARKS))
def test_a_written_number_is_read_back(value: float, marks: tuple[str, str | None]) -> None:
    file = OriginFile.model_validate(
        {"name": "a", "columns": [NUMBER], "decimal": marks[0], "thousands": marks[1]}
    )
    whole, _, rest = f"{value:,.4f}".partition(".")
    text = whole.replace(",", marks[1] or "") + marks[0] + rest
    assert read_cell(text, NUMBER, file) == float(f"{value:.4f}")


@settings(derandomize=True)
@given(st.dates(dt.date(1000, 1, 1)), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y"]))
def test_a_written_date_is_read_back(value: dt.date, form: str) -> None:
    file = OriginFile(name="a", columns=[DAY], date_format=form)
    assert read_cell(value.strftime(form), DAY, file) == value


@settings(derandomize=True)
@given(
    st.text(),
    st.sampled_from(["string", "integer", "number", "boolean", "date", "date_prefix", "url_or_text"]),
)
def test_any_text_is_a_value_or_a_named_fault(text: str, kind: str) -> None:
    column = OriginColumn.model_validate({"name": "x", "type": kind, "meaning": "X"})
    said = "found ..., allowed: ..."
    try:
        read_cell(text, column, OriginFile(name="a", columns=[column]))
    except ValueError as fault:
        said = str(fault)
    assert said.startswith("found ")
    assert "allowed: " in said


def test_every_committed_table_is_read_with_declared_columns() -> None:
    for name in dataset_names():
        for file in load_origin(file_path(name).parent).files:
            frame = read_raw(name, file.name)
            assert [*frame.columns] == [*(column.name for column in file.columns), "raw_row"]
