"""The notebook contract as a list of faults: an empty list means that a notebook keeps it."""

import ast
import re
from pathlib import Path

import nbformat

from helpers.data.errors import InputError
from helpers.reports.facts import refuse_loose_numbers
from helpers.reports.manifest import notebook_heading
from helpers.reports.parameters import notebook_parameters

LONGEST_CELL_LINES = 16
UNNUMBERED = {"Set-up", "Caveats and assumptions", "Sources", "Facts"}
FORBIDDEN_NODES = {
    ast.FunctionDef: "defines a function",
    ast.AsyncFunctionDef: "defines a function",
    ast.ClassDef: "defines a class",
    ast.Try: "catches errors",
    ast.Lambda: "defines a function (lambda)",
    ast.With: "opens something (with)",
}
FORBIDDEN_WORDS = {
    r"import \*": "imports *",
    r"warnings": "touches warnings",
    r"data/raw|read_raw|raw_folder|read_csv|read_excel": "reads data/raw",
    r"savefig|to_csv|to_excel|to_parquet|\bopen\(": "writes or opens files",
    r"#[0-9a-fA-F]{6}\b": "hard-codes a colour",
    r"[\"'](/|[A-Za-z]:\\)": "has an absolute path",
    r"\b(requests|urllib|httpx|socket|http\.client)\b": "uses the network",
    r"PYTEST|sys\.modules|EVIDENCE_": "branches on the environment",
    r"^\s*[!%]": "runs a shell command or magic",
}


def faults(path: Path) -> list[str]:
    """Return what in the notebook breaks the contract, one message a fault."""
    notebook = nbformat.read(path, as_version=4)
    cells = notebook.cells
    found = [*_heading(path), *_parameters(path, cells), *_last_cell(cells), *_sections(cells)]
    for number, cell in enumerate(cells, start=1):
        check = _code_cell if cell.cell_type == "code" else _markdown_cell
        found += [f"cell {number}: {fault}" for fault in check(cell)]
    for tag in ("parameters", "answer"):
        if sum(_has_tag(cell, tag) for cell in cells) != 1:
            found.append(f"there must be one cell tagged {tag}")
    return found


def _has_tag(cell: nbformat.NotebookNode, tag: str) -> bool:
    return tag in cell.metadata.get("tags", [])


def _heading(path: Path) -> list[str]:
    try:
        _, question = notebook_heading(path)
    except InputError as error:
        return [str(error)]
    return [] if question.endswith("?") else ["the sentence under the title must be the question"]


def _parameters(path: Path, cells: list[nbformat.NotebookNode]) -> list[str]:
    try:
        names = [parameter.name for parameter in notebook_parameters(path)]
    except InputError as error:
        return [str(error)]
    rest = "\n".join(c.source for c in cells if c.cell_type == "code" and not _has_tag(c, "parameters"))
    start = next((c.source for c in cells if "Run.start(" in c.source), "")
    unused = [n for n in names if len(re.findall(rf"\b{n}\b", rest)) < 2]
    return [f"parameter {n} is not handed to Run.start" for n in names if f"{n}={n}" not in start] + [
        f"parameter {n} is declared and never used" for n in unused if f'run.parameters["{n}"]' not in rest
    ]


def _code_cell(cell: nbformat.NotebookNode) -> list[str]:
    found = []
    lines = cell.source.count("\n") + 1
    if lines > LONGEST_CELL_LINES:
        found.append(f"has {lines} lines, at most {LONGEST_CELL_LINES} are allowed")
    for pattern, fault in FORBIDDEN_WORDS.items():
        if re.search(pattern, cell.source, re.M):
            found.append(fault)
    if not any("runs a shell command" in fault for fault in found):
        for node in ast.walk(ast.parse(cell.source)):
            found += [fault for kind, fault in FORBIDDEN_NODES.items() if isinstance(node, kind)]
    if (cell.outputs or cell.execution_count) and not _has_tag(cell, "facts"):
        found.append("holds outputs; only the facts cell may")
    return found


def _markdown_cell(cell: nbformat.NotebookNode) -> list[str]:
    try:
        refuse_loose_numbers(cell.source, "prose")
    except InputError as error:
        return [str(error)]
    return ["holds HTML"] if re.search(r"<[a-zA-Z!/]", cell.source) else []


def _last_cell(cells: list[nbformat.NotebookNode]) -> list[str]:
    last = cells[-1]
    found = []
    if not (_has_tag(last, "facts") and _has_tag(last, "nbval-check-output")):
        found.append("the last cell must be tagged facts and nbval-check-output")
    if last.source.strip() != "run.facts()":
        found.append("the last cell must be run.facts() and nothing else")
    if last.cell_type == "code" and not last.outputs:
        found.append("the facts cell must keep its output, or nbval has nothing to compare")
    if not any("run.sources()" in cell.source for cell in cells):
        found.append("the sources must be shown with run.sources()")
    return found


def _sections(cells: list[nbformat.NotebookNode]) -> list[str]:
    """Each numbered section: why it matters, then a picture or table, then prose, then a check."""
    sections: dict[str, list[str]] = {}
    name = ""
    for cell in cells:
        heading = re.match(r"## (.+)", cell.source) if cell.cell_type == "markdown" else None
        if heading:
            name = heading.group(1).strip()
            sections[name] = ["why"] if cell.source.strip().count("\n") else []
        elif name and cell.cell_type == "code":
            sections[name] += re.findall(r"run\.(figure|show_table|prose|check)\(", cell.source)
    found = [f"the section {n!r} is missing" for n in sorted(UNNUMBERED - set(sections))]
    for name, parts in sections.items():
        if name not in UNNUMBERED:
            found += [f"section {name!r}: {fault}" for fault in _order(parts)]
    return found


def _order(parts: list[str]) -> list[str]:
    if "why" not in parts:
        return ["says under its heading why it matters: missing"]
    shown = [i for i, part in enumerate(parts) if part in {"figure", "show_table"}]
    told = [i for i, part in enumerate(parts) if part == "prose"]
    checked = [i for i, part in enumerate(parts) if part == "check"]
    if not shown or not told or not checked:
        return ["needs a figure or table, prose and a check"]
    if not (shown[0] < told[0] < checked[-1]):
        return ["order must be: figure or table, then prose, then check"]
    return []
