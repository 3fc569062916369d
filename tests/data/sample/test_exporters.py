"""What the exporters write is what the survey tools write, and the project's readers understand it."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable
from functools import cache, partial
from pathlib import Path

import pytest

from helpers.data.questionnaires.definition import load_questionnaire
from helpers.data.questionnaires.model import Questionnaire
from helpers.data.sample.exporters import (
    write_eusurvey,
    write_eusurvey_xml,
    write_google_forms,
    write_limesurvey,
    write_microsoft_forms,
    write_odk,
    write_plain,
)
from helpers.data.sample.exporters.packing import write_workbook
from helpers.data.sample.generator import sample_of
from helpers.data.sample.response import Response
from helpers.data.survey.mapping import assign
from helpers.data.survey.recognise import open_export

Write = Callable[[Iterable[Response], Questionnaire, Path], list[Path]]
WRITERS: dict[str, tuple[str, str, Write]] = {
    "eusurvey with ids": ("eusurvey", "xlsx", write_eusurvey),
    "eusurvey": ("eusurvey", "xlsx", partial(write_eusurvey, ids=False)),
    "eusurvey in German": ("eusurvey", "xlsx", partial(write_eusurvey, ids=False, language="de")),
    "eusurvey xml": ("eusurvey", "xml", write_eusurvey_xml),
    "limesurvey": ("limesurvey", "csv", write_limesurvey),
    "limesurvey, texts in French": (
        "limesurvey",
        "csv",
        partial(write_limesurvey, headings="text", language="fr"),
    ),
    "microsoft forms": ("microsoft_forms", "xlsx", write_microsoft_forms),
    "microsoft forms in Spanish": ("microsoft_forms", "xlsx", partial(write_microsoft_forms, language="es")),
    "google forms": ("google_forms", "csv", write_google_forms),
    "google forms in Polish": ("google_forms", "csv", partial(write_google_forms, language="pl")),
    "odk": ("odk", "zip", write_odk),
    "odk, choices not split": ("odk", "zip", partial(write_odk, split=False)),
    "plain": ("plain", "csv", write_plain),
    "plain with semicolons": ("plain", "csv", partial(write_plain, delimiter=";")),
}


@cache
def some(name: str = "medical_supplies") -> tuple[Response, ...]:
    return tuple(sample_of(name))[:60]


@pytest.mark.parametrize("name", ["vaccine_capacity", "medical_supplies", "printing_3d"])
@pytest.mark.parametrize("writer", list(WRITERS))
def test_every_export_is_recognised_and_every_question_finds_its_column(
    writer: str, name: str, tmp_path: Path
) -> None:
    tool, ending, write = WRITERS[writer]
    questionnaire = load_questionnaire(name)
    paths = write(some(name), questionnaire, tmp_path / f"answers.{ending}")
    with open_export(paths) as export:
        assert export.tool == tool
        assigned = assign(export, questionnaire)
        assert assigned.problems == ()
        rows = list(export.rows())
    assert len(rows) == 60
    assert [row.fault for row in rows if row.fault] == []
    answered = {found.target.question.code for found in assigned.columns if found.target}
    asked = {question.code for question in (*questionnaire.questions, *questionnaire.items.fields)}
    assert answered >= asked


@pytest.mark.parametrize("writer", list(WRITERS))
def test_the_same_answers_give_the_same_bytes(writer: str, tmp_path: Path) -> None:
    _, ending, write = WRITERS[writer]
    found = set()
    for run in ("one", "two"):
        [path] = write(some("printing_3d"), load_questionnaire("printing_3d"), tmp_path / f"{run}.{ending}")
        found.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(found) == 1


def test_archives_are_stored_and_dated_alike_on_every_machine(tmp_path: Path) -> None:
    [odk] = write_odk(some(), load_questionnaire("medical_supplies"), tmp_path / "a.zip")
    [workbook] = write_eusurvey(some(), load_questionnaire("medical_supplies"), tmp_path / "a.xlsx")
    for path in (odk, workbook):
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                assert member.compress_type == zipfile.ZIP_STORED
                assert member.date_time == (1980, 1, 1, 0, 0, 0)
                assert member.create_system == 3


def test_eusurvey_has_its_header_in_row_4_of_the_sheet_content(tmp_path: Path) -> None:
    import openpyxl

    [path] = write_eusurvey(some(), load_questionnaire("medical_supplies"), tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(path)["Content"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "Alias"
    assert rows[1][0] == "Export Date"
    assert not any(rows[2])
    assert rows[3][0] == "Name of your organisation (company)"
    assert rows[3][-6:] == (
        "Invitation Number",
        "Contribution ID",
        "User Name",
        "Creation Date",
        "Last Update",
        "Languages",
    )
    assert any(";" in str(cell) and "(ID" in str(cell) for row in rows[4:] for cell in row)


def test_eusurvey_goes_on_in_a_further_sheet_after_254_columns(tmp_path: Path) -> None:
    questionnaire = load_questionnaire("vaccine_capacity")
    items = questionnaire.items
    more = [
        item.model_copy(
            update={"code": f"{item.code}_{copy}", "label": {k: f"{v} {copy}" for k, v in item.label.items()}}
        )
        for copy in range(1, 4)
        for item in items.list
    ]
    wide = questionnaire.model_copy(update={"items": items.model_copy(update={"list": [*items.list, *more]})})
    [path] = write_eusurvey(some("vaccine_capacity"), wide, tmp_path / "wide.xlsx")
    with open_export([path]) as export:
        assert len(export.columns) == 19 + 4 * 4 * 26 + 6
        assert len(list(export.rows())) == 60
        assert assign(export, wide).problems == ()


def test_limesurvey_is_written_with_mark_semicolons_quotes_and_a_blank_line_at_the_end(
    tmp_path: Path,
) -> None:
    [path] = write_limesurvey(some(), load_questionnaire("medical_supplies"), tmp_path / "a.csv")
    data = path.read_bytes()
    assert data.startswith(b'\xef\xbb\xbf"id";"submitdate";"lastpage";"startlanguage";"seed";"company";')
    assert data.endswith(b'"\r\n\r\n')
    assert b'"affected_stages[masks]";' in data


def test_microsoft_forms_ends_every_choice_with_a_semicolon(tmp_path: Path) -> None:
    import openpyxl

    [path] = write_microsoft_forms(some(), load_questionnaire("medical_supplies"), tmp_path / "a.xlsx")
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    assert rows[0][:5] == ("ID", "Start time", "Completion time", "Email", "Name")
    assert any("\n" in str(header) for header in rows[0])
    at = rows[0].index("Which of these do the difficulties and bottlenecks concern?")
    given = [row[at] for row in rows[1:] if row[at]]
    assert given
    assert all(cell.endswith(";") for cell in given)


def test_odk_joins_the_repeat_by_parent_key(tmp_path: Path) -> None:
    [path] = write_odk(some(), load_questionnaire("medical_supplies"), tmp_path / "a.zip")
    with zipfile.ZipFile(path) as archive:
        tables = {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode())))
            for name in archive.namelist()
        }
    answers = tables["medical_supplies.csv"]
    capacities = tables["medical_supplies-capacities.csv"]
    assert len(answers) == 60
    assert len(capacities) == sum(len(response.capacities) for response in some())
    assert {row["PARENT_KEY"] for row in capacities} <= {row["KEY"] for row in answers}
    assert "affected_stages/masks" in answers[0]


def test_no_text_becomes_a_formula_in_a_workbook(tmp_path: Path) -> None:
    import openpyxl

    write_workbook(tmp_path / "a.xlsx", {"S": [["=1+1", "+2", "a & <b>", 3, None, "  two  "]]})
    cells = next(iter(openpyxl.load_workbook(tmp_path / "a.xlsx")["S"].iter_rows()))
    assert [cell.data_type for cell in cells if cell.value is not None] == ["s", "s", "s", "n", "s"]
    assert [cell.value for cell in cells] == ["=1+1", "+2", "a & <b>", 3, None, "  two  "]
