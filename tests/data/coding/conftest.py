"""A project with one wave of sample answers and a codebook of three themes."""

import csv
import hashlib
import io
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from helpers.data.coding.codes import QUEUE, RANDOM
from helpers.data.coding.sheet import Asked, Sheet, sheet_csv
from helpers.data.coding.themes import Theme, codebook_themes
from helpers.data.coding.wave_answers import wave_answers
from helpers.data.project import project_root
from helpers.data.sample.vintage import make_sample
from helpers.data.survey.ingest import ingest

NAME, SAMPLE, OBSERVED = "printing_3d", "2020-03-sample", "2020-03"
THEMES = {"energy": "Energy", "skills": "Skills and labour", "data": "Data and digital"}
_ORIGIN = """
title: Codebook
producer: This repository
citation: Codebook.
url: https://example.org
licence: MIT
retrieved: 2026-11-22
vintage: 2026-11
kind: derived
files:
- name: themes.csv
  sha256: "{sha256}"
  rows: 3
  columns:
  - {{name: theme, type: string, meaning: Code}}
  - {{name: order, type: integer, meaning: Order}}
  - {{name: label, type: string, meaning: Label}}
  - {{name: definition, type: string, meaning: Definition}}
"""

Grid = list[list[str]]


def write_codebook(folder: Path) -> None:
    rows = [f"{code},{at},{label},What {label} is" for at, (code, label) in enumerate(THEMES.items())]
    data = ("theme,order,label,definition\n" + "\n".join(reversed(rows)) + "\n").encode()
    folder.mkdir()
    (folder / "themes.csv").write_bytes(data)
    (folder / "README.md").write_text("A codebook.\n")
    (folder / "origin.yml").write_text(_ORIGIN.format(sha256=hashlib.sha256(data).hexdigest()))


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("coding")
    raw = root / "data" / "raw"
    raw.mkdir(parents=True)
    shutil.copytree(project_root() / "data" / "raw" / "questionnaires", raw / "questionnaires")
    write_codebook(raw / "codebook")
    made = make_sample(NAME, root)
    ingest(made.export, NAME, OBSERVED, root=root)
    return root


@pytest.fixture
def root(_made: Path, tmp_path: Path) -> Path:
    """A project of the test's own."""
    shutil.copytree(_made, tmp_path / "project")
    return tmp_path / "project"


@pytest.fixture
def handed_out(root: Path) -> Callable[..., Sheet]:
    """Return sheets of a wave's answers: the first ones at random, the next ones of the queue."""

    def sheet(
        coder: str = "coder_1", *, vintage: str = SAMPLE, random: int = 6, queue: int = 2, skip: int = 0
    ) -> Sheet:
        wave = f"{NAME}/{vintage}"
        ids = sorted(wave_answers(wave, root).counted)
        chance = random / len(ids) if random else None
        rows = [
            Asked(name, f"text {name}", "en", "difficulties", RANDOM, chance)
            for name in ids[skip : skip + random]
        ]
        rows += [
            Asked(name, f"text {name}", "en", "difficulties", QUEUE, None, ("energy",))
            for name in ids[skip + random : skip + random + queue]
        ]
        return Sheet(wave, coder, codebook_themes(root), rows, {"difficulties": "What is difficult?"})

    return sheet


@pytest.fixture
def grid() -> Callable[[Sheet], Grid]:
    """Return a sheet as a spreadsheet program shows it."""

    def rows(sheet: Sheet) -> Grid:
        return list(csv.reader(io.StringIO(sheet_csv(sheet).decode("utf-8-sig"), newline="")))

    return rows


@pytest.fixture
def coded(grid: Callable[[Sheet], Grid]) -> Callable[..., Grid]:
    """Return a sheet in which somebody coded: themes joined by blanks, "" for a row left open."""

    def rows(sheet: Sheet, codes: Sequence[str], comments: Sequence[str] = ()) -> Grid:
        table = grid(sheet)
        for row, themes in zip(table[1:], codes, strict=False):
            for theme in themes.split():
                row[table[0].index(theme)] = "x"
        for row, comment in zip(table[1:], comments, strict=False):
            row[table[0].index("comment")] = comment
        return table

    return rows


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Write a sheet as a spreadsheet program saves it, and return its path."""

    def write(name: str, rows: Grid, delimiter: str = ",") -> Path:
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows(rows)
        return path

    return write


@pytest.fixture
def themes() -> list[Theme]:
    return [Theme(code, label, f"What {label} is") for code, label in THEMES.items()]
