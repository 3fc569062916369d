"""Sheets hold what a coder needs, nothing that would sway the coder, and nothing that runs."""

import csv
import io
import re
import zipfile

import openpyxl
import pytest

from helpers.data.coding.codes import QUEUE, RANDOM
from helpers.data.coding.sheet import Asked, Sheet, sheet_csv
from helpers.data.coding.workbook import sheet_xlsx
from helpers.data.sample.texts import HOSTILE

MORE = (
    "=1+1", "+1+1", "-1+1", "@A1", "\t=1", "\r=1", "\n=1", "fine;=1+1", "＝1+1", "'=1", '"=1',
    "\u202e=1+1", "\u200b=1", "two\n=lines", "]]></t><f>1+1</f>", "_x003D_1+1", "x" * 100_000,
)  # fmt: skip
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@pytest.fixture
def hostile(themes):
    rows = [
        Asked(f"a{at:010x}", text, "en", "difficulties", QUEUE, None, ("energy", "skills"))
        for at, text in enumerate((*HOSTILE, *MORE))
    ]
    return Sheet("vaccine_capacity/2021-03", "coder_1", themes, rows, {"difficulties": "=What?"})


@pytest.fixture
def sheet(themes):
    rows = [
        Asked("a0000000001", "No staff, und kein Strom", "en", "difficulties", RANDOM, 0.25),
        Asked("a0000000002", "ток", "bg", "bottlenecks", QUEUE, None, ("energy",)),
        Asked("a0000000003", "?", "", "bottlenecks", QUEUE, None, ()),
    ]
    return Sheet("vaccine_capacity/2021-03", "coder_2", themes, rows, {"difficulties": "What is difficult?"})


def table(sheet):
    return list(csv.DictReader(io.StringIO(sheet_csv(sheet).decode("utf-8-sig"), newline="")))


def book(sheet):
    return openpyxl.load_workbook(io.BytesIO(sheet_xlsx(sheet)))


def test_a_workbook_holds_texts_and_no_formula_whatever_was_answered(hostile):
    data = sheet_xlsx(hostile)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}
    assert not [name for name, text in parts.items() if re.search(r"<f[ >]", text)]
    assert not [name for name in parts if "vba" in name.lower() or "externallink" in name.lower()]
    assert not [name for name, text in parts.items() if "<hyperlink" in text]
    kinds = {cell.data_type for page in book(hostile) for row in page for cell in row if cell.value}
    assert kinds == {"s"}


def test_an_answer_stays_in_its_cell_of_a_workbook(hostile):
    texts = [row[3].value for row in book(hostile)["answers"].iter_rows(min_row=2)]
    assert len(texts) == len(hostile.rows)
    assert "=1+1" in texts
    assert all(len(text) <= 32_767 for text in texts)
    assert not any(mark in text for text in texts for mark in "\u202e\u2066\u200b\ufeff")
    assert texts[-1].endswith("[cut: 100000]")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_holds_nothing_that_runs_wherever_a_program_parts_cells(hostile, delimiter):
    text = sheet_csv(hostile).decode("utf-8-sig")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    assert [cell for row in rows for cell in row if cell.startswith(TRIGGERS)] == []


def test_what_the_machine_found_is_shown_of_the_queue_only(sheet, themes):
    assert [row["machine"] for row in table(sheet)] == ["", "energy", "none"]
    with pytest.raises(ValueError, match="not shown"):
        Asked("a0000000001", "text", "en", "difficulties", RANDOM, 0.25, ("energy",))
    assert all(row[theme.code] == "" for row in table(sheet) for theme in themes)


def test_a_sheet_does_not_say_who_answered_or_where_from(sheet):
    assert not {"country", "respondent_id", "company", "place"} & set(sheet.columns)
    assert sheet.columns.index("text") < sheet.columns.index("energy") < sheet.columns.index("none")


def test_workbook_and_csv_hold_the_same(sheet):
    rows = [[cell.value or "" for cell in row] for row in book(sheet)["answers"]]
    assert rows == list(csv.reader(io.StringIO(sheet_csv(sheet).decode("utf-8-sig"), newline="")))


def test_the_same_sheet_gives_the_same_bytes(sheet):
    assert sheet_xlsx(sheet) == sheet_xlsx(sheet)
    assert sheet_csv(sheet) == sheet_csv(sheet)


def test_x_is_chosen_from_a_list_under_every_theme(sheet, themes):
    answers = book(sheet)["answers"]
    [choice] = answers.data_validations.dataValidation
    header = {cell.value: cell.column_letter for cell in answers[1]}
    assert (choice.type, choice.formula1, choice.allow_blank) == ("list", '"x"', True)
    for name in (*(theme.code for theme in themes), "none"):
        for row in (2, 3, 4):
            assert f"{header[name]}{row}" in choice.sqref
    assert f"{header['comment']}2" not in choice.sqref
    assert f"{header['energy']}1" not in choice.sqref


def test_the_codebook_and_how_to_code_stand_beside_the_answers(sheet):
    pages = book(sheet)
    rows = [[cell.value for cell in row] for row in pages["codebook"]]
    assert [row[:3] for row in rows[1:]] == [[t.code, t.label, t.definition] for t in sheet.themes]
    said = " ".join(str(cell.value) for row in pages["how to code"] for cell in row)
    for words in (
        "Enter x",
        "none",
        "not coded",
        "What is difficult?",
        "evidence ingest FILE --as coded_answers",
    ):
        assert words in said
