"""Roadmaps go out and come back whole or not at all, and their steps become points once."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from helpers.data.errors import InputError
from helpers.data.project import raw_folder
from helpers.data.roadmaps.points import propose_points
from helpers.data.roadmaps.returned import take_back
from helpers.data.roadmaps.template import allowed_here, template_xlsx
from helpers.data.verify import verify

Fill = Callable[..., Path]
STEP = {
    "disruption": "Gas prices",
    "action": "Share waste heat between plants.",
    "country": "AT",
    "kind": "cluster",
    "funding": "regional",
    "due": "2027-03",
}
HOSTILE = {
    **STEP,
    "action": '=HYPERLINK("http://x.example") ask anna@glas.example or +32 2 555 12 34',
    "disruption": "<script>alert(1)</script>",
}


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def messages(project: Path, *paths: Path, replace: bool = False) -> list[str]:
    with pytest.raises(InputError) as caught:
        take_back(paths, project, replace=replace)
    return list(caught.value.problems)


def test_the_template_has_drop_downs_no_formula_and_the_same_bytes_each_time(project: Path) -> None:
    allowed = allowed_here(project)
    data = template_xlsx("raw materials and metals 2", allowed)
    assert data == template_xlsx("raw materials and metals 2", allowed)
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type == "s" for cell in cells)
    assert len(book["roadmap"].data_validations.dataValidation) == 5
    assert book["roadmap"]["C2"].value == "raw materials and metals"


def test_a_template_for_a_group_with_a_hostile_name_is_refused(project: Path) -> None:
    with pytest.raises(InputError, match="GROUP: found '=1"):
        template_xlsx("=1+1", allowed_here(project))


def test_a_template_that_comes_back_empty_is_refused_and_leaves_nothing(project: Path, filled: Fill) -> None:
    assert messages(project, filled()) == ["back.xlsx: found no step, allowed: a filled-in roadmap"]
    assert not (raw_folder(project) / "roadmaps").exists()


def test_a_filled_in_roadmap_becomes_a_sound_dataset_and_twice_changes_nothing(
    project: Path, filled: Fill
) -> None:
    path = filled(STEP, {**STEP, "action": "Train staff.", "country": "GR"})
    done = take_back([path], project)
    assert (done.groups, done.steps, done.new, done.changed) == (("energy 1",), 2, 2, True)
    before = {p.name: p.read_bytes() for p in done.folder.iterdir()}
    again = take_back([path], project)
    assert (again.new, again.changed) == (0, False)
    assert {p.name: p.read_bytes() for p in done.folder.iterdir()} == before
    assert verify(project, only="roadmaps") == []
    assert [row["country"] for row in rows_of(done.folder / "steps.csv")] == ["AT", "EL"]


def test_what_people_wrote_is_redacted_and_runs_nowhere(project: Path, filled: Fill) -> None:
    done = take_back([filled(HOSTILE)], project)
    stored = (done.folder / "steps.csv").read_text(encoding="utf-8")
    assert "anna@" not in stored
    assert "555" not in stored
    assert rows_of(done.folder / "steps.csv")[0]["action"].startswith("'=")


def test_each_fault_is_named_with_row_column_found_and_allowed_and_nothing_is_written(
    project: Path, filled: Fill
) -> None:
    path = filled(STEP, {**STEP, "kind": "pirate", "due": "soon", "action": ""})
    assert messages(project, path) == [
        "back.xlsx: row 3, column action: found nothing, allowed: a text of at most 1000 letters",
        "back.xlsx: row 3, column due: found 'soon', allowed: a month such as 2027-03, or nothing",
        "back.xlsx: row 3, column kind: found 'pirate', allowed: cluster_association, cluster, company, "
        "research, public_authority, other",
    ]
    assert not (raw_folder(project) / "roadmaps").exists()


def test_a_step_that_stands_twice_is_refused(project: Path, filled: Fill) -> None:
    path = filled(STEP, {**STEP, "step": "1"})
    assert messages(project, path) == [
        "back.xlsx: row 3, column step: found step 1 of 'energy 1' again, it stands in row 2 of back.xlsx; "
        "allowed: once"
    ]


def test_other_content_of_a_known_step_needs_replace(project: Path, filled: Fill) -> None:
    take_back([filled(STEP)], project)
    other = filled({**STEP, "action": "Store heat."})
    assert "allowed: the same, or --replace" in messages(project, other)[0]
    done = take_back([other], project, replace=True)
    assert (done.replaced, done.changed) == (1, True)
    assert rows_of(done.folder / "steps.csv")[0]["action"] == "Store heat."


def test_a_sheet_with_other_columns_is_refused(project: Path) -> None:
    path = project / "odd.csv"
    path.write_text("group,step,action,colour\nenergy 1,1,x,red\n")
    found = messages(project, path)
    assert "odd.csv: row 1, column domain: missing, allowed: as in the template" in found
    assert any("found column 'colour'" in message for message in found)


def test_steps_become_points_of_ones_own_once_and_never_of_the_sample(project: Path, filled: Fill) -> None:
    sample = raw_folder(project) / "session_points_sample" / "points.csv"
    before = sample.read_bytes()
    take_back([filled(STEP, HOSTILE)], project)
    done = propose_points(project)
    assert (done.new, done.known, done.created) == (2, 0, True)
    points = rows_of(raw_folder(project) / "session_points" / "points.csv")
    assert [(row["point_id"], row["session"], row["proposer_kind"]) for row in points] == [
        ("P001", "roadmap", "cluster"),
        ("P002", "roadmap", "cluster"),
    ]
    assert points[0]["text"] == "Share waste heat between plants. (Against: Gas prices)"
    assert verify(project, only="session_points") == []
    again = propose_points(project)
    assert (again.new, again.known) == (0, 2)
    assert sample.read_bytes() == before


def test_points_that_are_there_stay_to_the_letter_and_later_steps_follow(project: Path, filled: Fill) -> None:
    take_back([filled(STEP)], project)
    propose_points(project)
    path = raw_folder(project) / "session_points" / "points.csv"
    before = path.read_bytes()
    take_back([filled(STEP, {**STEP, "action": "Train staff."})], project)
    assert propose_points(project).new == 1
    assert path.read_bytes().startswith(before)
    assert rows_of(path)[-1]["point_id"] == "P002"
    assert verify(project, only="session_points") == []


def test_a_dataset_whose_sessions_have_other_codes_is_refused_before_anything_is_written(
    project: Path, filled: Fill
) -> None:
    own, sample = raw_folder(project) / "session_points", raw_folder(project) / "session_points_sample"
    own.mkdir()
    for file in sample.iterdir():
        (own / file.name).write_bytes(file.read_bytes())
    take_back([filled(STEP)], project)
    before = {path.name: path.read_bytes() for path in own.iterdir()}
    with pytest.raises(InputError, match=r"columns\[session\].*allowed: one that takes 'roadmap'"):
        propose_points(project)
    assert {path.name: path.read_bytes() for path in own.iterdir()} == before


def test_without_roadmaps_there_is_nothing_to_propose(project: Path) -> None:
    with pytest.raises(InputError, match="holds no steps"):
        propose_points(project)
