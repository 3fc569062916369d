"""A project with what roadmaps need, and filled-in roadmaps."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from helpers.data.project import project_root
from helpers.data.roadmaps.columns import NAMES
from helpers.data.roadmaps.template import allowed_here, template_xlsx

Fill = Callable[..., Path]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    raw = tmp_path / "data" / "raw"
    for name in ("countries", "supply_chain_domains", "session_points_sample", "codebook"):
        shutil.copytree(project_root() / "data" / "raw" / name, raw / name)
    return tmp_path


@pytest.fixture
def filled(project: Path) -> Fill:
    """Return a function that fills in a template: a dict of columns for each step."""

    def fill(*steps: dict[str, str], group: str = "energy 1", name: str = "back.xlsx") -> Path:
        book = openpyxl.load_workbook(io.BytesIO(template_xlsx(group, allowed_here(project))))
        for row, step in enumerate(steps, start=2):
            for column, text in step.items():
                cell = book["roadmap"].cell(row, NAMES.index(column) + 1)
                cell.value, cell.data_type = text, "s"
        path = project / name
        book.save(path)
        return path

    return fill
