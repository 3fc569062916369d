"""The sample goes through the real readers, whichever tool exported it, and stays what it was made as."""

import csv
import shutil
from collections.abc import Callable, Iterable
from functools import cache, partial
from pathlib import Path

import pytest
import yaml

from helpers.data.project import project_root
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
from helpers.data.sample.exporters.eusurvey import eusurvey_rows
from helpers.data.sample.generator import sample_of
from helpers.data.sample.response import Response
from helpers.data.sample.vintage import DECIDED_BY, make_sample, respondent_ids
from helpers.data.survey.ingest import ingest

Write = Callable[[Iterable[Response], Questionnaire, Path], list[Path]]
Table = list[dict[str, str]]
NAMES = ("vaccine_capacity", "medical_supplies", "printing_3d")


def fresh_root(folder: Path) -> Path:
    (folder / "data" / "raw").mkdir(parents=True)
    shutil.copytree(
        project_root() / "data" / "raw" / "questionnaires", folder / "data" / "raw" / "questionnaires"
    )
    return folder


def table(path: Path) -> Table:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def responses(name: str) -> tuple[Response, ...]:
    return tuple(sample_of(name))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = fresh_root(tmp_path_factory.mktemp("made"))
    for name in NAMES:
        make_sample(name, root)
    return root


def vintage(root: Path, name: str) -> Path:
    [folder] = (root / "data" / "raw" / name).glob("*-sample")
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_is_accounted_for_and_only_broken_off_ones_are_rejected(made: Path, name: str) -> None:
    broken = sum(response.truth.broken_off for response in responses(name))
    assert len(table(vintage(made, name) / "answers.csv")) == len(responses(name)) - broken
    assert len({row["received_row"] for row in table(vintage(made, name) / "rejects.csv")}) == broken
    origin = yaml.safe_load((vintage(made, name) / "origin.yml").read_text(encoding="utf-8"))
    assert origin["kind"] == "sample"
    assert {file["name"] for file in origin["files"]} >= {"frame.csv", "withdrawals.csv", "duplicates.csv"}


@pytest.mark.parametrize("name", NAMES)
def test_answers_and_capacities_arrive_as_they_were_given(made: Path, name: str) -> None:
    questionnaire = load_questionnaire(name)
    public = [
        question
        for question in questionnaire.unrestricted()
        if question.choices and question.role != "consent"
    ]
    ids = respondent_ids(responses(name), sample_of(name).profile.tool)
    read = {row["respondent_id"]: row for row in table(vintage(made, name) / "answers.csv")}
    stated: dict[str, Table] = {}
    for row in table(vintage(made, name) / "capacities.csv"):
        stated.setdefault(row["respondent_id"], []).append(row)
    for response in responses(name):
        if response.truth.broken_off:
            continue
        row = read[ids[response.number]]
        for question in public:
            given = response.answers[question.code]
            assert row[question.code] == (";".join(given) if isinstance(given, tuple) else given)
        assert row["consent"] == (response.answers["consent"] or "totals")
        capacities = stated.get(ids[response.number], [])
        assert [entry["product"] for entry in capacities] == [c.product for c in response.capacities]
        for entry, capacity in zip(capacities, response.capacities, strict=True):
            assert entry["unit"] == capacity.fields["unit"]
            if not entry["amount"].startswith("'"):
                assert entry["amount"] == capacity.fields["amount"].strip()


def test_a_second_run_touches_nothing(made: Path) -> None:
    def state() -> dict[str, tuple[int, int]]:
        files = [
            path for path in (made / "data").rglob("*") if path.is_file() and not path.name.endswith(".lock")
        ]
        return {str(path): (path.stat().st_mtime_ns, path.stat().st_ino) for path in files}

    before = state()
    done = [make_sample(name, made) for name in NAMES]
    assert [sample.changed for sample in done] == [False, False, False]
    assert state() == before


def test_a_decision_of_a_person_stays(tmp_path: Path) -> None:
    root = fresh_root(tmp_path)
    make_sample("medical_supplies", root)
    path = vintage(root, "medical_supplies") / "duplicates.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    index = next(at for at, line in enumerate(lines) if DECIDED_BY in line and ",merge," in line)
    lines[index] = lines[index].replace(",merge,", ",keep,").replace(DECIDED_BY, "Ms Doe")
    path.write_text("".join(lines), encoding="utf-8")
    make_sample("medical_supplies", root)
    assert lines[index] in path.read_text(encoding="utf-8")


def test_most_doubles_are_proposed_and_most_proposals_decided(made: Path) -> None:
    true, found, decided, proposed, wrong = 0, 0, 0, 0, 0
    for name in NAMES:
        ids = respondent_ids(responses(name), sample_of(name).profile.tool)
        firm = {ids[r.number]: r.truth.duplicate_of or r.number for r in responses(name) if r.number in ids}
        members: dict[int, list[str]] = {}
        for respondent, number in firm.items():
            members.setdefault(number, []).append(respondent)
        pairs = {frozenset((a, b)) for group in members.values() for a in group for b in group if a < b}
        rows = table(vintage(made, name) / "duplicates.csv")
        true += len(pairs)
        proposed += len(rows)
        for row in rows:
            same = frozenset((row["respondent_id_a"], row["respondent_id_b"])) in pairs
            found += same
            decided += row["decision"] != ""
            wrong += row["decision"] not in ("", "merge" if same else "keep")
    assert found >= 0.75 * true
    assert 0.5 * proposed <= decided < proposed
    assert wrong == 0


@pytest.mark.parametrize("name", NAMES)
def test_as_many_were_invited_as_answered_at_least(made: Path, name: str) -> None:
    invited = {
        (row["country"], row["employees"]): int(row["invited"])
        for row in table(vintage(made, name) / "frame.csv")
    }
    answered: dict[tuple[str, str], int] = {}
    for response in responses(name):
        if response.truth.duplicate_of is None:
            key = (response.truth.country, response.truth.size)
            answered[key] = answered.get(key, 0) + 1
    assert all(invited[key] >= count for key, count in answered.items())
    assert 0.2 < sum(answered.values()) / sum(invited.values()) < 0.45


def test_nothing_of_a_person_reaches_the_open_files(made: Path) -> None:
    for name in NAMES:
        text = "".join(
            path.read_text(encoding="utf-8")
            for path in sorted(vintage(made, name).iterdir())
            if path.suffix == ".csv"
        )
        shown = {r.truth.company for r in responses(name) if r.answers["consent"] == "whole"}
        for response in responses(name):
            for code in ("contact_name", "email", "phone", "website"):
                given = str(response.answers[code])
                assert not given or given not in text, (name, response.number, code)
            if response.truth.company not in shown:
                assert response.truth.company not in text


CANNOT: dict[str, set[str]] = {
    "google_forms": {"language"},
    "odk": {"language"},
}
"""Columns of answers.csv that a tool cannot carry; respondent_id is made from the tool's own id."""
OTHER_TOOLS: dict[str, tuple[str, str, Write]] = {
    "eusurvey xlsx": ("eusurvey", "xlsx", write_eusurvey),
    "eusurvey xml": ("eusurvey", "xml", write_eusurvey_xml),
    "limesurvey": ("limesurvey", "csv", partial(write_limesurvey, headings="text", language="de")),
    "microsoft forms": ("microsoft_forms", "xlsx", partial(write_microsoft_forms, language="it")),
    "google forms": ("google_forms", "csv", partial(write_google_forms, language="fr")),
    "odk": ("odk", "zip", write_odk),
    "plain with semicolons": ("plain", "csv", partial(write_plain, delimiter=";")),
}


def read_again(root: Path, name: str, paths: list[Path]) -> tuple[Table, Table, Table]:
    """Return the answers, capacities and rejects of an export, without the ids made from the tool's own."""
    folder = ingest(paths, name, "2022-01-sample", root=root, replace_vintage=True).folder
    answers, capacities, rejects = (
        table(folder / f"{part}.csv") for part in ("answers", "capacities", "rejects")
    )
    return without(answers, {"respondent_id"}), without(capacities, {"respondent_id"}), rejects


def without(rows: Table, columns: set[str]) -> Table:
    return [{column: cell for column, cell in row.items() if column not in columns} for row in rows]


def as_odk(rows: Table) -> Table:
    """Return capacities as ODK can hold them: months as days of a calendar, shares as numbers."""
    return [
        {**row, "spare_share": row["spare_share"].rstrip(" %"), "available_from": row["available_from"][:7]}
        for row in rows
    ]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Table, Table, Table]]:
    """What is ingested from plain csv files, by questionnaire."""
    folder = tmp_path_factory.mktemp("plain")
    root = fresh_root(folder / "root")
    found = {}
    for name in ("medical_supplies", "printing_3d"):
        paths = write_plain(responses(name)[:100], load_questionnaire(name), folder / f"{name}.csv")
        found[name] = read_again(root, name, paths)
    return found


@pytest.mark.parametrize("tool", list(OTHER_TOOLS))
@pytest.mark.parametrize("name", ["medical_supplies", "printing_3d"])
def test_the_same_answers_from_every_tool_become_the_same_tables(
    name: str, tool: str, plain: dict[str, tuple[Table, Table, Table]], tmp_path: Path
) -> None:
    root = fresh_root(tmp_path / "root")
    told, ending, write = OTHER_TOOLS[tool]
    paths = write(responses(name)[:100], load_questionnaire(name), tmp_path / f"export.{ending}")
    answers, capacities, rejects = read_again(root, name, paths)
    assert without(answers, CANNOT.get(told, set())) == without(plain[name][0], CANNOT.get(told, set()))
    if told == "odk":
        assert as_odk(capacities) == as_odk(plain[name][1])
    else:
        assert capacities == plain[name][1]
    assert rejects == plain[name][2]


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_eusurvey_as_xls_and_ods_reads_like_xlsx(ending: str, tmp_path: Path) -> None:
    root = fresh_root(tmp_path / "root")
    name = "printing_3d"
    questionnaire = load_questionnaire(name)
    some = responses(name)[:60]
    rows = [["" if cell is None else str(cell) for cell in row] for row in eusurvey_rows(some, questionnaire)]
    path = tmp_path / f"export.{ending}"
    (_write_xls if ending == "xls" else _write_ods)(path, rows)
    expected = read_again(root, name, write_eusurvey(some, questionnaire, tmp_path / "export.xlsx"))
    assert read_again(root, name, [path]) == expected


def _write_xls(path: Path, rows: list[list[str]]) -> None:
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook()
    sheet = book.add_sheet("Content")
    for number, row in enumerate(rows):
        for at, cell in enumerate(row):
            if cell:
                sheet.write(number, at, cell)
    book.save(str(path))


def _write_ods(path: Path, rows: list[list[str]]) -> None:
    pytest.importorskip("odf")
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table as OdsTable
    from odf.table import TableCell, TableRow
    from odf.text import P

    document = OpenDocumentSpreadsheet()
    sheet = OdsTable(name="Content")
    for row in rows:
        line = TableRow()
        for cell in row:
            place = TableCell(valuetype="string")
            for part in cell.split("\n"):
                place.addElement(P(text=part))
            line.addElement(place)
        sheet.addElement(line)
    document.spreadsheet.addElement(sheet)
    document.save(str(path))


def test_the_committed_sample_is_what_the_generator_makes(made: Path) -> None:
    for name in NAMES:
        fresh = vintage(made, name)
        committed = project_root() / "data" / "raw" / name / fresh.name
        if not committed.is_dir():
            pytest.skip(f"data/raw/{name}/{fresh.name} is not there; run `evidence sample`")
        for file in (
            "answers.csv",
            "capacities.csv",
            "rejects.csv",
            "frame.csv",
            "withdrawals.csv",
            "mapping.yml",
        ):
            assert (committed / file).read_bytes() == (fresh / file).read_bytes(), f"{name}: {file}"


def test_exports_are_not_for_everyone_to_commit() -> None:
    ignored = (project_root() / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "data/sample_exports/" in ignored
    assert "data/restricted/" in ignored
