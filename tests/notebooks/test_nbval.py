"""nbval runs each notebook and compares its facts cell; a changed fact must make it fail."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from helpers.reports.parameters import check_parameters
from helpers.reports.portfolio import country_lists, load_portfolio
from helpers.reports.runs import with_parts

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def composes(notebook: Path) -> bool:
    """Say whether a notebook reads other reports, which must be built before it can run."""
    return "run.composed(" in notebook.read_text(encoding="utf-8")


def composed_slugs(notebook: Path) -> list[str]:
    """Return the reports that the notebook composes with its default parameters."""
    lists = country_lists(ROOT)
    defaults = check_parameters(notebook, {}, lists.countries)
    portfolio = load_portfolio(ROOT, lists)
    own = [run for run in portfolio if (run.notebook, run.parameters) == (notebook.stem, defaults)]
    return [run.slug for run in with_parts(own, portfolio) if run not in own]


def project_with(slugs: list[str], folder: Path) -> Path:
    """Return a copy of the project in which these reports are built; its code is the one under test."""
    ignored = shutil.ignore_patterns("build", ".ipynb_checkpoints", ".staging")
    for name in ("data", "notebooks", "reports"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in ("requirements.lock", "CITATION.cff"):
        shutil.copy(ROOT / name, folder / name)
    words = [word for slug in slugs for word in ("--only", slug)]
    command = [sys.executable, "-m", "helpers.cli", "build", *words, "--jobs", "2", "--quiet"]
    done = subprocess.run(
        command,
        env=os.environ | {"EVIDENCE_ROOT": str(folder)},
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def built_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with every report that a notebook composes with its default parameters."""
    slugs = [slug for path in NOTEBOOKS if composes(path) for slug in composed_slugs(path)]
    assert slugs, "no report of the portfolio is made of a composing notebook with its default parameters"
    return project_with(list(dict.fromkeys(slugs)), tmp_path_factory.mktemp("composed") / "project")


def run_nbval(notebook: Path, run_folder: Path, root: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"EVIDENCE_ROOT": str(root), "EVIDENCE_RUN_DIR": str(run_folder)}
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
@pytest.mark.parametrize(
    "path", [path for path in NOTEBOOKS if not composes(path)], ids=lambda path: path.stem
)
def test_the_committed_facts_are_those_that_a_run_computes(path: Path, tmp_path: Path) -> None:
    result = run_nbval(path, tmp_path)
    assert result.returncode == 0, result.stdout[-3000:]


@pytest.mark.slow
@pytest.mark.xdist_group("composed")
@pytest.mark.parametrize("path", [path for path in NOTEBOOKS if composes(path)], ids=lambda path: path.stem)
def test_the_committed_facts_are_those_that_composed_reports_state(
    path: Path, tmp_path: Path, built_project: Path
) -> None:
    result = run_nbval(path, tmp_path, built_project)
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
