"""The project that is measured on: a copy, with the notebooks and portfolios that a measurement needs."""

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import Cost, measured, run

ROOT = Path(__file__).resolve().parents[1]
PARTS = (
    "notebooks",
    "data",
    "reports/portfolio.yml",
    "requirements.lock",
    "pyproject.toml",
    "CITATION.cff",
    ".cache",
)
LIGHT = "90_light"
_LIGHT_CELLS = (
    (None, "# A light notebook\n\nWhat does a report cost that computes next to nothing?"),
    ("parameters", "number: int = 1  # which run this is; allowed: 1..100000"),
    (
        "",
        "from helpers.reports.run import Run\n\n"
        f'run = Run.start("{LIGHT}", number=number)\ncountries = run.table("countries")',
    ),
    ("", 'run.fact("number", number, unit="run", source=["countries"])'),
    ("answer", 'run.answer("This is run {number}.")'),
    ("facts", "run.facts()"),
)


@dataclass(frozen=True)
class Setup:
    """What a measurement is given.

    Attributes
    ----------
    root
        The copy of the project, its tables processed.
    folder
        For whatever else it writes.
    quick
        Whether to measure less of the same.
    rounds
        How often to repeat what is compared.
    """

    root: Path
    folder: Path
    quick: bool
    rounds: int


def copy_of_the_project(root: Path) -> None:
    """Copy what a build needs, without built reports, and process the tables."""
    for part in PARTS:
        source, target = ROOT / part, root / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        elif source.is_file():
            shutil.copy(source, target)
    evidence(root, "process")


def evidence(root: Path, *words: str) -> Cost:
    """Return what an `evidence` command cost."""
    with measured() as cost:
        run([sys.executable, "-m", "helpers.cli", *words], root)
    return cost


def write_notebook(root: Path, name: str, cells: Sequence[tuple[str | None, str]]) -> None:
    """Write a notebook: each cell is its tag (``None`` for prose, ``""`` for code without) and its source."""
    written: list[dict[str, object]] = [
        {"cell_type": "markdown", "id": f"c{place}", "metadata": {}, "source": source}
        if tag is None
        else {
            "cell_type": "code",
            "id": f"c{place}",
            "metadata": {"tags": [tag] if tag else []},
            "source": source,
            "execution_count": None,
            "outputs": [],
        }
        for place, (tag, source) in enumerate(cells)
    ]
    content = {"cells": written, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (root / "notebooks" / f"{name}.ipynb").write_text(json.dumps(content), encoding="utf-8")


def write_portfolio(root: Path, notebook: str, parameter: str, values: Sequence[object]) -> list[str]:
    """Make a portfolio of one notebook, a run a value; return the slugs."""
    text = json.dumps(list(values))
    (root / "reports" / "portfolio.yml").write_text(
        f"reports:\n  - notebook: {notebook}\n    slug: bench-{{{parameter}}}\n"
        f"    for_each: {{{parameter}: {text}}}\n",
        encoding="utf-8",
    )
    return [f"bench-{str(value).lower()}" for value in values]


def light_portfolio(root: Path, count: int) -> list[str]:
    """Make a portfolio of so many runs of a notebook that computes next to nothing."""
    write_notebook(root, LIGHT, _LIGHT_CELLS)
    return write_portfolio(root, LIGHT, "number", range(1, count + 1))


def facts_of(folder: Path) -> Mapping[str, object]:
    """Return the facts that a run wrote, by name."""
    content = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    return {fact["name"]: fact for fact in content["facts"]}
