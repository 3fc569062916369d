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


def source_replaced(containing: str, old: str, new: str) -> Callable[[NotebookNode], None]:
    def plant(notebook: NotebookNode) -> None:
        cell = first_code(notebook, containing)
        assert old in cell.source
        cell.source = cell.source.replace(old, new)

    return plant


def shown_with(argument: str) -> Callable[[NotebookNode], None]:
    """Replace or add one argument of the figure."""

    def plant(notebook: NotebookNode) -> None:
        cell = first_code(notebook, "run.figure(")
        name = argument.split("=")[0]
        lines = [line for line in cell.source.splitlines() if not line.strip().startswith(f"{name}=")]
        cell.source = "\n".join([*lines[:-1], f"    {argument},", lines[-1]])

    return plant


def after_last_check(code: str) -> Callable[[NotebookNode], None]:
    def plant(notebook: NotebookNode) -> None:
        first_code(notebook, "run.check(").source += "\n" + code

    return plant


def spelled_out_in_markdown(notebook: NotebookNode) -> None:
    notebook.cells[0].source += "\n\nTwelve countries are listed."


def parameter_only_handed_over(notebook: NotebookNode) -> None:
    unused_parameter(notebook)
    start = first_code(notebook, "Run.start(")
    start.source = start.source.replace("scope=scope", "scope=scope, spare=spare")


def why_left_out(notebook: NotebookNode) -> None:
    cell = next(c for c in notebook.cells if c.source.startswith("## Organisations by country"))
    cell.source = cell.source.splitlines()[0] + "\n\n### By size"


def prose_before_figure(notebook: NotebookNode) -> None:
    figure, prose = first_code(notebook, "run.figure("), first_code(notebook, "run.prose(")
    figure.source, prose.source = prose.source, figure.source


def check_before_prose(notebook: NotebookNode) -> None:
    prose, check = first_code(notebook, "run.prose("), first_code(notebook, "run.check(")
    prose.source, check.source = check.source, prose.source


def prose_only_in_a_comment(notebook: NotebookNode) -> None:
    first_code(notebook, "run.prose(").source = "# run.prose('said elsewhere')"


def figure_in_set_up(notebook: NotebookNode) -> None:
    first_code(notebook, "run.vintages()").source += "\n" + FIGURE


FIGURE = "run.figure(charts.lorenz, table, id='more', caption='More', alt='More', sources=REGISTRY)"
TABLE = "run.show_table(table, id='more', caption='More', sources=REGISTRY, columns=COLUMNS)"
FOUR = "First. Second. {clusters_total} are the third. And a last one."

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
    (append("import pandas as pd\npd.read_csv('x')"), "reads data other than"),
    (append("chart.savefig('x')"), "writes or opens"),
    (append("colour = '#ff0000'"), "colour"),
    (append("folder = '/somewhere/else'"), "absolute path"),
    (append("import requests"), "network"),
    (append("import os\nif 'PYTEST_CURRENT_TEST' in os.environ:\n    pass"), "environment"),
    (append("!ls"), "shell command"),
    (append("\n".join(["run"] * 20)), "lines"),
    # numbers
    (spelled_out_in_markdown, "'Twelve' is a number"),
    (append("run.prose('There are 1302 of them.')"), "prose: '1302'"),
    (append("run.prose('In three countries.')"), "prose: 'three'"),
    (append("run.prose(template='In forty countries.')"), "prose: 'forty'"),
    (append("run.prose('{clusters_total|7 sites|sites}')"), "prose: '7'"),
    (append("run.prose('The two ' + 'largest.')"), "prose: 'two'"),
    (append("run.prose(f'{len(table)} countries.')"), "prose is not a plain template"),
    (append("run.prose('%d countries.' % len(table))"), "prose is not a plain template"),
    (append("run.prose(str(len(table)))"), "prose is not a plain template"),
    (append("LONG_PROSE = 'Some 99 of them.'\nrun.prose(LONG_PROSE)"), "prose: '99'"),
    (append("A = 'Fine.'\nA += ' A dozen.'\nrun.prose(A)"), "prose: 'dozen'"),
    (source_replaced("run.answer(", "**{clusters_total} cluster", "**1,302 cluster"), "answer: '1,302'"),
    (append("BIG_ANSWER = 'Few.' if scope else 'Ten.'\nrun.answer(BIG_ANSWER)"), "answer: 'Ten'"),
    (append("run.notice('Since 2020 all differs.')"), "notice: '2020'"),
    (append("run.subtitle(f'{len(table)} countries')"), "subtitle is not a plain template"),
    (append("run.check('all 27 are there', True)"), "check: '27'"),
    (shown_with("caption='The five largest'"), "caption: 'five'"),
    (shown_with("caption=f'The {len(table)} largest'"), "caption is not a plain template"),
    (shown_with("alt='Bars for 27 countries'"), "alt: '27'"),
    (shown_with("note='Borders of 2024'"), "note: '2024'"),
    (shown_with("note='Borders of {}'.format(reference_year)"), "note is not a plain template"),
    # files, colours, silenced errors, environment
    (append("x = pd.read_parquet('x')"), "reads data other than"),
    (append("x = pd.read_excel('x')"), "reads data other than"),
    (append("x = pd.read_json('x')"), "reads data other than"),
    (append("from helpers.data.process import read_table"), "reads data other than"),
    (append("from helpers.data.catalog import read_raw"), "reads data other than"),
    (append("x = folder.read_text()"), "reads data other than"),
    (append("folder = 'data/raw/population'"), "reads data/raw"),
    (append("from pathlib import Path"), "imports pathlib"),
    (shown_with("color='red'"), "hands over a colour (color)"),
    (shown_with("colour=chosen"), "hands over a colour (colour)"),
    (shown_with("edgecolor='red'"), "hands over a colour (edgecolor)"),
    (append("options = {'color': 'red'}"), "hands over a colour (color)"),
    (append("import numpy as np\nnp.seterr(all='ignore')"), "silences errors"),
    (append("import contextlib"), "silences errors"),
    (append("from contextlib import suppress"), "silences errors"),
    (append("x = os.environ"), "branches on the environment"),
    (append("x = getenv('HOME')"), "branches on the environment"),
    (append("import os"), "imports os"),
    (append("import os.path as p"), "imports os.path"),
    (append("import sys"), "imports sys"),
    (append("from sys import argv"), "imports sys"),
    (append("with table as t:\n    pass"), "opens something (with)"),
    (append("table ="), "is not plain Python"),
    # parameters
    (source_replaced("Run.start(", "as_of=as_of, ", ""), "as_of is not handed to Run.start"),
    (source_replaced("Run.start(", "as_of=as_of", "as_of='2026-07-31'"), "as_of is not handed to Run.start"),
    (parameter_only_handed_over, "spare is declared and never used"),
    # sections
    (why_left_out, "why it matters: missing"),
    (prose_before_figure, "order must be"),
    (check_before_prose, "order must be"),
    (after_last_check("run.prose('Unchecked.')"), "order must be"),
    (prose_only_in_a_comment, "needs a figure or table, prose and a check"),
    (after_last_check(FIGURE), "no prose speaks of it"),
    (after_last_check(TABLE), "no prose speaks of it"),
    (figure_in_set_up, "section 'Set-up'"),
    # the answer
    (append(f"run.answer('{FOUR}')"), "more than 3 sentences"),
    (append(f"MANY = '{FOUR}'\nrun.answer(MANY if scope else 'Short.')"), "more than 3 sentences"),
    (append("run.answer('A. B! C? And on')"), "more than 3 sentences"),
]


@pytest.mark.parametrize(("plant", "says"), PLANTED, ids=[says for _, says in PLANTED])
def test_a_planted_fault_is_found(plant: Callable[[NotebookNode], None], says: str, tmp_path: Path) -> None:
    notebook = nbformat.read(TEMPLATE, as_version=4)
    path = tmp_path / "00_template.ipynb"
    before = faults(TEMPLATE)
    plant(notebook)
    nbformat.write(notebook, path)
    found = [fault for fault in faults(path) if fault not in before]
    assert any(says in fault for fault in found), found


ALLOWED = [
    append("run.prose('{clusters_total} are **more** than half; {fig:organisations-by-country}.')"),
    append("run.prose('Read the two rules; the three largest hold {clusters_total}.')"),
    append("run.notice(scopes.scope_notice(memberships, scope, as_of))"),
    append("run.answer('First, {clusters_total}. Second. Third.')"),
    shown_with("note=maps.map_note(codes)"),
    shown_with("caption='One' if scope else 'All'"),
    after_last_check(f"{TABLE}\nrun.prose('{{table:more}} says more.')\nrun.check('so it is', True)"),
]


@pytest.mark.parametrize("plant", ALLOWED)
def test_what_the_contract_allows_stays_allowed(
    plant: Callable[[NotebookNode], None], tmp_path: Path
) -> None:
    notebook = nbformat.read(TEMPLATE, as_version=4)
    plant(notebook)
    path = tmp_path / "00_template.ipynb"
    nbformat.write(notebook, path)
    assert faults(path) == faults(TEMPLATE)
