"""nbval runs each notebook and compares its facts cell; a changed fact must make it fail."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def run_nbval(notebook: Path, run_folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"EVIDENCE_ROOT": str(ROOT), "EVIDENCE_RUN_DIR": str(run_folder)}
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-q", "-p", "no:cacheprovider", str(notebook)]
    return subprocess.run(
        [*command, "--rootdir", str(notebook.parent), "-c", os.devnull],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_committed_facts_are_those_that_a_run_computes(path: Path, tmp_path: Path) -> None:
    result = run_nbval(path, tmp_path)
    assert result.returncode == 0, result.stdout[-3000:]


@pytest.mark.slow
def test_a_changed_fact_makes_nbval_fail(tmp_path: Path) -> None:
    notebook = nbformat.read(ROOT / "notebooks" / "00_template.ipynb", as_version=4)
    output = notebook.cells[-1].outputs[0]
    changed = re.sub(r"= (\d+)", lambda match: f"= {int(match.group(1)) + 1}", output["text"], count=1)
    assert changed != output["text"]
    output["text"] = changed
    path = tmp_path / "00_template.ipynb"
    nbformat.write(notebook, path)
    result = run_nbval(path, tmp_path / "run")
    assert result.returncode == 1, result.stdout[-3000:]
    assert "mismatch" in result.stdout
