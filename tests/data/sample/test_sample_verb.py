"""The verb `evidence sample`."""

import shutil
from pathlib import Path

import pytest

from helpers.cli import main
from helpers.data.project import project_root


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    shutil.copytree(project_root() / "data" / "raw" / "questionnaires", raw / "questionnaires")
    monkeypatch.setenv("EVIDENCE_ROOT", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_makes_the_named_sample_and_says_so_once(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample", "printing_3d"]) == 0
    said = capsys.readouterr().out
    assert "printing_3d/2020-03-sample: 150 of 150 answers accepted, 0 rejected" in said
    assert "(data/sample_exports/printing_3d/2020-03-sample_odk.zip)" in said
    assert (root / "data" / "raw" / "printing_3d" / "2020-03-sample" / "answers.csv").is_file()
    assert main(["sample", "printing_3d"]) == 0
    assert "unchanged" in capsys.readouterr().out


def test_an_unknown_questionnaire_is_a_mistake_of_the_user(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sample", "printing_3"]) == 2
    assert "did you mean printing_3d?" in capsys.readouterr().err
    assert not (root / "data" / "sample_exports").exists()
