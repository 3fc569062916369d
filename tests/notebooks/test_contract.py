"""Every notebook keeps the contract, and each rule of the contract is proven by a planted fault."""

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from contract import faults
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TEMPLATE = ROOT / "notebooks" / "00_template.ipynb"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_keeps_the_contract(path: Path) -> None:
    assert faults(path) == []


def test_there_are_notebooks_to_check() -> None:
    assert {"00_template", "10_cluster_counts"} <= {path.stem for path in NOTEBOOKS}


def first_code(notebook: NotebookNode, containing: str) -> NotebookNode:
    return next(c for c in notebook.cells if c.cell_type == "code" and containing in c.source)


def append(code: str) -> Callable[[NotebookNode], None]:
    def plant(notebook: NotebookNode) -> None:
        first_code(notebook, "run.figure").source += "\n" + code

    return plant


def no_title(notebook: NotebookNode) -> None:
    notebook.cells[0].source = "Cluster organisations"


def no_question(notebook: NotebookNode) -> None:
    notebook.cells[0].source = notebook.cells[0].source.replace("?", ".")


def number_in_markdown(notebook: NotebookNode) -> None:
    notebook.cells[0].source += "\n\nThere are 1302 of them."


def html_in_markdown(notebook: NotebookNode) -> None:
    notebook.cells[0].source += "\n\n<b>bold</b>"


def no_parameters(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        cell.metadata["tags"] = [t for t in cell.metadata.get("tags", []) if t != "parameters"]


def uncommented_parameter(notebook: NotebookNode) -> None:
    cell = first_code(notebook, "scope: str")
    cell.source = cell.source.split("#")[0]


def unused_parameter(notebook: NotebookNode) -> None:
    first_code(notebook, "scope: str").source += "\nspare: int = 1  # of no use; allowed: 0..9"


def output_kept(notebook: NotebookNode) -> None:
    first_code(notebook, "run.figure").outputs = [nbformat.v4.new_output("stream", text="left behind")]


def facts_output_stripped(notebook: NotebookNode) -> None:
    notebook.cells[-1].outputs = []


def facts_not_last(notebook: NotebookNode) -> None:
    notebook.cells.append(nbformat.v4.new_markdown_cell("The end."))


def no_answer(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        cell.metadata["tags"] = [t for t in cell.metadata.get("tags", []) if t != "answer"]


def no_check(notebook: NotebookNode) -> None:
    notebook.cells = [c for c in notebook.cells if "run.check" not in c.source]


def no_sources(notebook: NotebookNode) -> None:
    first_code(notebook, "run.sources()").source = "run.vintages()"


def no_caveats(notebook: NotebookNode) -> None:
    cell = next(c for c in notebook.cells if c.source.startswith("## Caveats"))
    cell.source = cell.source.replace("## Caveats and assumptions", "## Something else")


PLANTED = [
    (no_title, "# Title"),
    (no_question, "question"),
    (number_in_markdown, "1302"),
    (html_in_markdown, "HTML"),
    (no_parameters, "parameters"),
    (uncommented_parameter, "scope"),
    (unused_parameter, "spare"),
    (output_kept, "holds outputs"),
    (facts_output_stripped, "nothing to compare"),
    (facts_not_last, "last cell"),
    (no_answer, "answer"),
    (no_check, "check"),
    (no_sources, "run.sources()"),
    (no_caveats, "Caveats"),
    (append("def f():\n    return None"), "defines a function"),
    (append("f = lambda: None"), "lambda"),
    (append("class A:\n    x = None"), "defines a class"),
    (append("try:\n    run\nexcept Exception:\n    run = None"), "catches errors"),
    (append("from math import *"), "imports *"),
    (append("import warnings"), "warnings"),
    (append("import pandas as pd\npd.read_csv('x')"), "reads data/raw"),
    (append("chart.savefig('x')"), "writes or opens"),
    (append("colour = '#ff0000'"), "colour"),
    (append("folder = '/somewhere/else'"), "absolute path"),
    (append("import requests"), "network"),
    (append("import os\nif 'PYTEST_CURRENT_TEST' in os.environ:\n    pass"), "environment"),
    (append("!ls"), "shell command"),
    (append("\n".join(["run"] * 20)), "lines"),
]


@pytest.mark.parametrize(("plant", "says"), PLANTED, ids=[says for _, says in PLANTED])
def test_a_planted_fault_is_found(plant: Callable[[NotebookNode], None], says: str, tmp_path: Path) -> None:
    notebook = nbformat.read(TEMPLATE, as_version=4)
    plant(notebook)
    path = tmp_path / "00_template.ipynb"
    nbformat.write(notebook, path)
    assert any(says in fault for fault in faults(path)), faults(path)
