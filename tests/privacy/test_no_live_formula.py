"""Whatever an answer, a header or a label holds: no spreadsheet that the project writes runs anything."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from planted_canaries import FORMULAS, KINDS, export

from helpers.data.questionnaires.definition import load_questionnaire
from helpers.data.questionnaires.model import Questionnaire
from helpers.data.questionnaires.xlsform import xlsform
from helpers.data.survey.guard import guarded, unguarded
from helpers.figures.downloads import csv_text

NAME = "printing_3d"
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NUMBER = re.compile(r"[+-]?[0-9][0-9.,' \u00a0\u202f]*(?:[eE][+-]?[0-9]{1,3})?\s?%?")
HOSTILE = (
    *FORMULAS,
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "=1",
    "@A1",
)
"""What a cell or a header may begin with."""


def live(cell: str) -> bool:
    """Tell whether a spreadsheet program would take a cell for a formula: numbers it takes for numbers."""
    return cell.startswith(TRIGGERS) and not NUMBER.fullmatch(cell)


def live_cells(text: str, delimiter: str = ",") -> list[str]:
    """Return the live cells of delimited text, headers included."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [cell for row in rows for cell in row if live(cell)]


def texts_of(path: Path) -> Iterator[str]:
    """Yield a CSV, and those that a page carries along in its links."""
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".csv":
        yield text
        return
    for found in re.finditer(r'data:text/csv[^,"]*,([^"]*)"', text):
        yield unquote(unescape(found[1]))


@pytest.fixture(scope="module")
def tables(flow) -> dict[str, list[str]]:
    """Every CSV that the project wrote, in ``data/restricted`` too: place -> texts."""
    paths = [path for path in flow.root.rglob("*") if path.suffix in (".csv", ".html")]
    mine = [path for path in sorted(paths) if path.is_file() and path not in flow.before]
    return {str(path.relative_to(flow.root)): list(texts_of(path)) for path in mine}


@pytest.mark.slow
@pytest.mark.xdist_group("privacy")
def test_hostile_answers_arrived_in_every_table_that_holds_answers(flow) -> None:
    for kind in KINDS:
        answers = (flow.raw(kind) / "answers.csv").read_text(encoding="utf-8")
        assert answers.count("'=cmd|") >= 3, kind
        assert "'=cmd|" in (flow.raw(kind) / "capacities.csv").read_text(encoding="utf-8")
        assert "'=1+1" in (flow.raw(kind) / "duplicates.csv").read_text(encoding="utf-8")
    rejected = (flow.restricted / NAME / "2021-01" / "rejected_rows.csv").read_text(encoding="utf-8")
    assert "'=1+1 remarks" in rejected.splitlines()[0], "a header is hostile, too"


@pytest.mark.slow
@pytest.mark.xdist_group("privacy")
def test_no_table_that_is_written_has_a_live_cell(tables: dict[str, list[str]]) -> None:
    names = {name.rpartition("/")[2] for name in tables}
    wanted = {"answers.csv", "capacities.csv", "rejects.csv", "duplicates.csv", "contacts.csv"}
    assert wanted | {"rejected_rows.csv", "by-country.csv", "entries.csv", "totals.csv"} <= names
    assert sum(len(texts) for name, texts in tables.items() if name.endswith(".html")) > 10
    found = {name: [cell for text in texts for cell in live_cells(text)] for name, texts in tables.items()}
    assert {name: cells for name, cells in found.items() if cells} == {}


@pytest.mark.slow
@pytest.mark.xdist_group("privacy")
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_nor_has_it_where_a_program_parts_cells_at_another_mark(
    tables: dict[str, list[str]], delimiter
) -> None:
    """Excel in most of Europe parts a CSV at semicolons, and a cell's second line then begins a row."""
    found = {
        name: [cell for text in texts for cell in live_cells(text, delimiter)]
        for name, texts in tables.items()
    }
    assert {name: cells for name, cells in found.items() if cells} == {}


@pytest.mark.slow
@pytest.mark.xdist_group("privacy")
def test_no_workbook_that_is_written_has_a_formula(flow) -> None:
    paths = [path for path in flow.root.rglob("*.xlsx") if path not in flow.before]
    assert [path.name for path in paths] == [f"{NAME}.xlsx"]
    for path in paths:
        assert formulas(path.read_bytes()) == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.endswith(".xlsx")])
def test_no_workbook_of_the_sample_has_a_formula_though_answers_look_like_some(
    kind: str, tmp_path: Path
) -> None:
    data = export(kind, load_questionnaire(NAME), tmp_path).read_bytes()
    assert formulas(data) == []
    cells = {str(cell.value) for row in rows_of(data) for cell in row}
    assert set(FORMULAS) <= cells


def rows_of(data: bytes) -> Iterator[tuple]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book:
        yield from sheet.iter_rows()


def formulas(data: bytes) -> list[str]:
    """Return the cells of a workbook that are formulas, by what openpyxl and the XML say."""
    told = [str(cell.value) for row in rows_of(data) for cell in row if cell.data_type == "f"]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    marked = [name for name, part in parts.items() if re.search(rb"<f[ />]|<ddeLink|<oleLink", part)]
    return told + marked


def test_a_form_holds_no_formula_whatever_its_labels_say() -> None:
    asked = load_questionnaire(NAME)
    texts = iter(HOSTILE * 2000)

    def hostile(part: object) -> object:
        if isinstance(part, dict):
            keys = {"label", "hint", "title", "introduction", "privacy", "short"}
            labels = {name: {code: next(texts).strip() for code in value} for name, value in part.items()
                      if name in keys and isinstance(value, dict)}  # fmt: skip
            return {name: labels.get(name) or hostile(value) for name, value in part.items()}
        return [hostile(one) for one in part] if isinstance(part, list) else part

    book = xlsform(Questionnaire.model_validate(hostile(asked.model_dump())))
    assert formulas(book) == []
    assert "=1" in {str(cell.value) for row in rows_of(book) for cell in row}


texts = st.text(alphabet=st.sampled_from("=+-@\t\r\n＝＋－＠'\" ;,|0123456789.eE%acmd(!"), max_size=12)


@given(st.lists(st.tuples(texts, texts), max_size=4), texts, texts)
@example([(one, one) for one in HOSTILE], "=1", "@x")
def test_tables_of_figures_have_no_live_cell_whatever_is_in_them(rows, first, second) -> None:
    frame = pd.DataFrame(rows, columns=[first, second + "2"])
    assert live_cells(csv_text(frame)) == []


@given(texts)
@example("-1+2")
@example("'=1")
@example('Much;=1\n"+2')
@example("+1 1")
def test_a_guarded_cell_is_not_live_and_what_stood_there_can_be_read_again(text: str) -> None:
    line = text.strip()  # ingest takes blank ends away
    assert not live(guarded(line))
    assert unguarded(guarded(line)) == line


def test_true_numbers_stay_numbers() -> None:
    numbers = pd.DataFrame({"change": [-1.5, 2e-7, -3e20], "count": [-1, 0, 1]})
    assert csv_text(numbers) == "change,count\n-1.5,-1\n2e-07,0\n-3e+20,1\n"
    assert [guarded(text) for text in ("-18", "+3,5", "-1.200,5 %".replace(" %", "%"))] == [
        "-18",
        "+3,5",
        "-1.200,5%",
    ]
