"""The verbs for sessions and working groups: what they say, and that mistakes are one clear message."""

import argparse
import shutil
from pathlib import Path

import pytest

from helpers.cli import collaboration_verbs
from helpers.data.errors import InputError
from helpers.data.project import project_root

CSV = (
    "group,step,domain,disruption,action,partners,funding,milestone,due,country,kind,language\n"
    "energy 1,1,energy,Gas prices,Share waste heat.,p0019,regional,First pipe,2027-03,AT,cluster,en\n"
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("countries", "supply_chain_domains"):
        shutil.copytree(project_root() / "data" / "raw" / name, tmp_path / "data" / "raw" / name)
    monkeypatch.setenv("EVIDENCE_ROOT", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    collaboration_verbs.add_verbs(parser.add_subparsers())
    given = parser.parse_args(arguments)
    status: int = given.verb(given)
    return status


def ingest(path: Path, *, replace: bool = False) -> int:
    given = argparse.Namespace(files=[str(path)], replace=replace, encoding=None)
    return collaboration_verbs.ingest_roadmaps(given)


def test_a_roadmap_goes_out_comes_back_and_becomes_a_point(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("roadmap", "energy 1", "--out", "energy-1.xlsx") == 0
    (project / "energy-1.csv").write_text(CSV)
    assert ingest(project / "energy-1.csv") == 0
    assert ingest(project / "energy-1.csv") == 0
    assert run("roadmap", "--to-points") == 0
    assert run("roadmap", "--to-points") == 0
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "energy-1.xlsx",
        "energy 1: 1 step, 1 new",
        "data/raw/roadmaps",
        "energy 1: 1 step, 0 new",
        "data/raw/roadmaps is as it was",
        "1 new point, 0 known before",
        "data/raw/session_points",
        "no new points, 1 known before",
        "data/raw/session_points is as it was",
    ]


def test_a_template_that_may_be_filled_in_is_not_written_over(project: Path) -> None:
    (project / "mine.xlsx").write_bytes(b"filled in")
    with pytest.raises(InputError, match=r"mine\.xlsx is there already"):
        run("roadmap", "energy 1", "--out", "mine.xlsx")
    assert (project / "mine.xlsx").read_bytes() == b"filled in"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["roadmap"], "--out: missing"),
        (["roadmap", "--out", "a.txt"], "ends in .xlsx"),
        (["roadmap", "--out", "no/folder/a.xlsx"], "is no folder"),
        (["roadmap", "x", "--to-points"], "allowed: alone"),
        (["roadmap", "--to-points"], "holds no steps"),
    ],
)
def test_a_mistake_is_one_clear_message(project: Path, arguments: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        run(*arguments)
    assert len(caught.value.problems) == 1
    assert not (project / "data" / "raw" / "roadmaps").exists()


@pytest.mark.parametrize("arguments", [["groups", "--size", "0"], ["groups", "--seed", "-1"]])
def test_numbers_that_make_no_groups_are_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        run(*arguments)
