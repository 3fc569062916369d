"""Workbooks of published tables: nothing in them runs, the same bytes each time, each says what it is."""

import base64
import io
import re
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest
from html_page import Page
from hypothesis import given
from hypothesis import strategies as st

from helpers.figures import workbook as module
from helpers.figures.sources import SourceLine
from helpers.figures.tables import publish_table
from helpers.figures.workbook import SheetData, number_format, table_workbook, workbook

SOURCES = [
    SourceLine("answers", "Answers", "2021-03", "sample", "Sample."),
    SourceLine("population", "Population", "1990 to 2024", "observed", "World Bank."),
]
HOSTILE = [
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.example","a")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "a;=1+1",
    "{=1+1}",
    "'=1",
    "a\x00b\x07\x1b[31m",
    "_x003D_1+1",
    "</c><f>1+1</f>",
    "x" * 40_000,
]
COLUMNS = {"name": ("Country", ""), "amount": ("Amount", ",.0f"), "share": ("Share", ".1%")}


def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "country": ["AT", "BE"],
            "name": ["Austria", "Belgium"],
            "amount": [1234.5678, None],
            "share": [0.25, np.inf],
            "when": pd.to_datetime(["2021-06-01", None]),
            "there": [True, False],
            "number": pd.array([3, None], dtype="Int64"),
        }
    )


def book_of(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def rows_of(data: bytes, sheet: int = 0) -> list[list[object]]:
    return [[cell.value for cell in row] for row in book_of(data).worksheets[sheet].iter_rows()]


def formulas(data: bytes) -> list[str]:
    """Return what a program could run: cells that are formulas, by openpyxl and by the XML itself."""
    told = [
        str(cell.value)
        for sheet in book_of(data)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return told + [name for name, part in parts.items() if re.search(rb"<f[ />]|<ddeLink|<oleLink", part)]


def test_shown_columns_come_first_under_their_labels_and_numbers_are_numbers() -> None:
    data = table_workbook(table(), id="plan", caption="The plan", columns=COLUMNS, sources=SOURCES)
    rows = rows_of(data)
    assert rows[0] == ["Country", "Amount", "Share", "country", "when", "there", "number"]
    assert rows[1] == ["Austria", 1234.5678, 0.25, "AT", "2021-06-01", "yes", 3]
    assert rows[2] == ["Belgium", None, "∞", "BE", None, "no", None]


def test_numbers_are_shown_as_in_the_report() -> None:
    sheet = book_of(table_workbook(table(), id="plan", caption="C", columns=COLUMNS)).worksheets[0]
    assert [sheet.cell(2, column).number_format for column in (1, 2, 3, 7)] == [
        "@",
        "#,##0",
        "0.0%",
        "General",
    ]


@pytest.mark.parametrize(
    ("spec", "found"),
    [("", "General"), (",.2f", "#,##0.00"), (".0%", "0%"), ("+.1%", "+0.0%;-0.0%;0.0%"), (">30s", "General")],
)
def test_every_format_of_a_table_has_one_of_a_spreadsheet(spec: str, found: str) -> None:
    assert number_format(spec) == found


def test_the_header_is_bold_and_stays_in_view_and_columns_fit() -> None:
    wide = table().assign(name=["A" * 30, "B" * 300])
    sheet = book_of(table_workbook(wide, id="plan", caption="C", columns=COLUMNS)).worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert all(cell.font.bold for cell in sheet[1])
    widths = [sheet.column_dimensions[letter].width for letter in "ABCDEFG"]
    assert widths[0] == module._WIDEST
    assert all(module._NARROWEST <= width <= module._WIDEST for width in widths)


def test_the_same_table_gives_the_same_bytes_and_no_part_bears_the_day_of_today() -> None:
    one, other = (table_workbook(table(), id="plan", caption="C", columns=COLUMNS) for _ in range(2))
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2020, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert re.findall(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T", core) == ["2020-01-01T"] * 2


def test_a_second_sheet_says_what_it_is_and_that_it_is_made_up() -> None:
    data = table_workbook(
        table(), id="plan", caption="The plan", sources=SOURCES, sample=True, note="As the crow flies."
    )
    assert book_of(data).sheetnames == ["plan", "About"]
    about = rows_of(data, 1)
    assert about[1] == ["Caption", "Illustrative sample data. The plan"]
    assert about[2] == ["Source", "Answers (2021-03; illustrative sample data)"]
    assert about[3] == ["Source", "Population (1990 to 2024)"]
    assert about[4][0] == "Data"
    assert "sample data" in about[4][1]
    assert about[5] == ["Remark", "As the crow flies."]


def test_observed_data_bear_no_sample_mark() -> None:
    data = table_workbook(table(), id="plan", caption="C", sources=SOURCES[1:])
    assert "sample" not in str(rows_of(data, 1)).lower()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text_in_cells_headers_and_remarks(text: str) -> None:
    frame = pd.DataFrame({text: [text], "b": [text]})
    source = SourceLine("a", text, "2021", "observed", "A")
    data = table_workbook(frame, id="t", caption=text, columns={"b": (text, "")}, sources=[source], note=text)
    assert formulas(data) == []
    cells = [cell for sheet in book_of(data) for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell.value for cell in cells if cell.value.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert max(len(cell.value) for cell in cells) <= 32_767


@given(st.text(max_size=40))
def test_whatever_a_cell_holds_the_workbook_opens_and_runs_nothing(text: str) -> None:
    data = workbook([SheetData(text, [text], [[text]])], text)
    assert formulas(data) == []
    assert len(book_of(data).worksheets) == 1


@pytest.mark.parametrize("id", ["about", "history", "a-very-long-identifier-of-a-table-of-capacities", "x"])
def test_sheets_have_names_that_excel_accepts(id: str) -> None:
    names = book_of(table_workbook(table(), id=id, caption="C")).sheetnames
    assert len({name.lower() for name in names}) == 2
    assert all(len(name) <= 31 for name in names)
    assert "history" not in names


def test_two_sheets_of_one_name_are_told_apart() -> None:
    sheet = SheetData("a/b" * 20, ["A"], [])
    names = book_of(workbook([sheet, sheet, sheet], "T")).sheetnames
    assert len(set(names)) == 3
    assert all(len(name) <= 31 and "/" not in name for name in names)


def test_an_empty_table_still_has_its_header() -> None:
    assert rows_of(table_workbook(table().head(0), id="t", caption="C", columns=COLUMNS))[0][0] == "Country"


def test_a_table_is_published_with_a_workbook_only_if_asked(tmp_path) -> None:
    def published(folder, **more):
        return publish_table(
            table(), id="t", number=1, caption="C", sources=SOURCES, folder=folder, columns=COLUMNS, **more
        )

    plain = published(tmp_path / "plain")
    both = published(tmp_path / "both", workbook=True, sample=True)
    assert [path.name for path in plain.files] == ["t.csv"]
    assert "xlsx" not in plain.html
    assert [str(path) for path in both.files] == ["tables/t.csv", "tables/t.xlsx"]
    links = {link["download"]: link["href"] for link in Page(both.html).of("a") if "download" in link}
    assert list(links) == ["t.csv", "t.xlsx"]
    start, _, carried = links["t.xlsx"].partition(",")
    assert start == f"data:{module.MEDIA_TYPE};base64"
    assert base64.b64decode(carried) == (tmp_path / "both" / "tables" / "t.xlsx").read_bytes()
    assert rows_of(base64.b64decode(carried), 1)[1] == ["Caption", "Illustrative sample data. C"]
