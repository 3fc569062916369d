"""Where the report that states a fact holds it: the cell of its notebook, and its files of data."""

import ast
import csv
import re
from collections.abc import Mapping
from pathlib import Path

from helpers.reports.contents import ReportContents
from helpers.reports.parameters import read_cells

MOST_PLACES = 5
_LEAST_TELLING = 100
"""Whole numbers below this stand in many tables by chance."""


def stating_cell(report: ReportContents, kind: str, name: str, root: Path) -> str:
    """Return where a report's notebook states a fact or shows a figure; empty if that is not found.

    Cells are counted from 1, those with text included.
    """
    notebook = f"notebooks/{report.manifest['notebook']}.ipynb"
    if not (root / notebook).is_file():
        return ""
    for number, cell in enumerate(read_cells(root / notebook), start=1):
        if cell["cell_type"] == "code" and _states(str(cell["source"]), kind, name):
            return f"{notebook}, cell {number}"
    return notebook


def _states(source: str, kind: str, name: str) -> bool:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return False
    nodes = list(ast.walk(tree))
    # A name that is put together beforehand: name = f"place_{number}".
    values = {
        target.id: node.value
        for node in nodes
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return any(_gives(node, kind, name, values) for node in nodes if isinstance(node, ast.Call))


def _gives(call: ast.Call, kind: str, name: str, values: Mapping[str, ast.expr]) -> bool:
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if kind == "fact":
        given = call.args[0] if method == "fact" and call.args else None
    else:
        given = next((word.value for word in call.keywords if word.arg == "id"), None)
        given = None if (method == "show_table") != (kind == "table") else given
    if isinstance(given, ast.Name):
        given = values.get(given.id)
    if isinstance(given, ast.JoinedStr):
        parts = (
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in given.values
        )
        return re.fullmatch("".join(parts), name) is not None
    return isinstance(given, ast.Constant) and given.value == name


def same_value(report: ReportContents, value: object) -> tuple[str, ...]:
    """Return cells of a report's own data that hold this very value; none for small whole numbers."""
    if value is None or (isinstance(value, int) and abs(value) < _LEAST_TELLING):
        return ()
    found: list[str] = []
    for entry in (*report.tables.values(), *report.figures.values()):
        if "cited" in entry or not any(str(file).endswith(".csv") for file in entry["files"]):
            continue
        path = report.file(entry, ".csv")
        where = f"reports/build/{report.folder.name}/{path.relative_to(report.folder).as_posix()}"
        found += [f"{where}: {place}" for place in _places(path, value)]
        if len(found) >= MOST_PLACES:
            break
    return tuple(found[:MOST_PLACES])


def _places(path: Path, value: object) -> list[str]:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        return [
            f"line {rows.line_num}, column {column}"
            for row in rows
            for column, cell in row.items()
            if isinstance(cell, str) and _equal(cell, value)
        ]


def _equal(cell: str, value: object) -> bool:
    if isinstance(value, str):
        return cell == value
    try:
        return float(cell) == value
    except ValueError:
        return False
