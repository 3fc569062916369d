"""What an edit touches is built again, and a broken edit does not end the watch."""

import signal
import subprocess
import sys
import time

import pytest

from helpers.reports import watch as watching
from helpers.reports.watch import snapshot, watch


@pytest.fixture
def root(tmp_path, monkeypatch):
    for name in (
        "notebooks/10_counts.ipynb",
        "data/raw/gdp/gdp.csv",
        "helpers/x.py",
        "reports/portfolio.yml",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    monkeypatch.setattr(watching, "PACKAGE", tmp_path / "helpers")
    return tmp_path


def watched(root, edits):
    """Make one edit during or after each build, then end the watch; return what was said."""
    said, waiting = [], list(edits)

    def build(folder, words):
        said.append("built")
        if not waiting:
            raise KeyboardInterrupt
        waiting.pop(0)()

    watch(root, [], said.append, build=build, pause=0.01, settled=0.01)
    return said


@pytest.mark.parametrize("name", ["notebooks/10_counts.ipynb", "data/raw/gdp/gdp.csv", "helpers/x.py"])
def test_an_edit_builds_again_and_is_named(root, name):
    said = watched(root, [lambda: (root / name).write_text("edited")])
    again = f"edited: {name.rpartition('/')[2]}"
    assert said == ["built", "watching for edits; Ctrl-C ends it", again, "built", "watch ended"]


def test_new_and_removed_files_are_edits(root):
    edits = [
        (root / "data/raw/gdp/gdp.csv").unlink,
        lambda: (root / "notebooks/20_new.ipynb").write_text("1"),
    ]
    said = watched(root, edits)
    assert [text for text in said if text.startswith("edited")] == ["edited: gdp.csv", "edited: 20_new.ipynb"]


def test_what_jupyter_and_python_leave_beside_files_is_no_edit(root):
    before = snapshot(root)
    for name in (
        "notebooks/.ipynb_checkpoints/a.ipynb",
        "helpers/__pycache__/x.pyc",
        "notebooks/.~lock",
        "helpers/x.py~",
    ):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("1")
    (root / "data/processed").mkdir()
    (root / "data/processed/gdp.parquet").write_text("1")
    assert snapshot(root) == before


def test_several_steps_of_one_edit_are_one(root, monkeypatch):
    steps = iter("ab")
    look = snapshot

    def looked(folder):
        step = next(steps, None)
        if step and built:
            (root / "helpers/x.py").write_text(step * 9)
        return look(folder)

    built = []

    def build(folder, words):
        built.append(1)
        if len(built) == 2:
            raise KeyboardInterrupt
        nonlocal steps
        steps = iter("abc")
        (root / "helpers/x.py").write_text("first")

    monkeypatch.setattr(watching, "snapshot", looked)
    watch(root, [], lambda text: None, build=build, pause=0.01, settled=0.01)
    assert (root / "helpers/x.py").read_text() == "ccccccccc", "the build began before the last step"


@pytest.mark.slow
def test_the_command_goes_on_after_a_broken_edit_until_ctrl_c(tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "data" / "raw").mkdir(parents=True)
    portfolio = tmp_path / "reports" / "portfolio.yml"
    portfolio.parent.mkdir()
    portfolio.write_text("reports: 1")
    log = (tmp_path / "log").open("w+")
    command = [sys.executable, "-m", "helpers.cli", "watch"]
    environment = {"EVIDENCE_ROOT": str(tmp_path), "PATH": ""}
    process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=tmp_path)

    def wait_for(words, times):
        deadline = time.monotonic() + 300
        while (tmp_path / "log").read_text().count(words) < times:
            assert process.poll() is None, (tmp_path / "log").read_text()
            assert time.monotonic() < deadline, (tmp_path / "log").read_text()
            time.sleep(0.05)

    wait_for("watching for edits", 1)
    portfolio.write_text("reports: [{}")
    wait_for("edited: portfolio.yml", 1)
    wait_for("watching for edits", 2)
    process.send_signal(signal.SIGINT)
    assert process.wait(300) == 0
    text = (tmp_path / "log").read_text()
    assert text.count("evidence: ") == 2
    assert "Traceback" not in text
    assert text.endswith("watch ended\n")
