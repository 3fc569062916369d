"""What ``evidence list`` shows: reports with their state, parameters of notebooks, datasets."""

from pathlib import Path

from helpers.data.catalog import dataset_names, dataset_origin
from helpers.data.project import project_root
from helpers.reports.incremental.memory import Memory
from helpers.reports.incremental.portfolios import known_portfolio
from helpers.reports.index import index_entries
from helpers.reports.parameters import notebook_parameters


def listing(root: Path | None = None) -> str:
    """Return the lists as text.

    Raises
    ------
    InputError
        If the portfolio, a notebook's parameters cell or an origin.yml is faulty.
    """
    root = root or project_root()
    sections = [
        ("Reports (evidence build --only SLUG)", _reports(root)),
        ("Parameters (evidence build --only SLUG -p NAME=VALUE)", _parameters(root)),
        ("Datasets (data/raw)", _datasets(root)),
    ]
    return "\n\n".join("\n".join([title, *aligned(rows)]) for title, rows in sections)


def aligned(rows: list[list[str]]) -> list[str]:
    """Write rows as lines with aligned columns.

    Examples
    --------
    >>> aligned([["a", "built"], ["long", "not built"]])
    ['  a     built', '  long  not built']
    """
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _reports(root: Path) -> list[list[str]]:
    rows = []
    memory = Memory(root)
    portfolio, _ = known_portfolio(memory)
    for entry in index_entries(portfolio, root, memory):
        state = f"failed: {entry['error']}" if entry["error"] else f"{entry['status']} {entry['date'][:10]}"
        rows.append([entry["slug"], state.strip()])
    memory.save()
    return rows


def _parameters(root: Path) -> list[list[str]]:
    return [
        [
            path.stem,
            parameter.name,
            f"= {parameter.default}",
            parameter.meaning,
            " | ".join(parameter.allowed),
        ]
        for path in sorted((root / "notebooks").glob("*.ipynb"))
        for parameter in notebook_parameters(path)
    ]


def _datasets(root: Path) -> list[list[str]]:
    origins = [(name, dataset_origin(name, root)) for name in dataset_names(root)]
    return [[name, origin.kind, origin.vintage, origin.title] for name, origin in origins]
