"""The portfolio as it was read last time, as long as nothing that it was read from changed."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from helpers.data.files import json_sha256
from helpers.reports.incremental.code import CodeGraph
from helpers.reports.incremental.memory import Memory
from helpers.reports.incremental.tables import Tables
from helpers.reports.runs import CountryLists, ReportRun

_MODULE = "helpers.reports.portfolio"
_TABLES = ("countries", "memberships")
_SECTION = "portfolio"


def known_portfolio(memory: Memory, tables: Tables | None = None) -> tuple[list[ReportRun], CountryLists]:
    """Return the reports of ``reports/portfolio.yml``, and the countries that parameters may name.

    Read anew, with every check, if the file, a notebook, the two tables or the code behind it changed.

    Parameters
    ----------
    memory
        Remembers what was read.
    tables
        The processed tables; looked at if not given.

    Raises
    ------
    InputError
        As :func:`helpers.reports.portfolio.load_portfolio` does.
    """
    tables = tables or Tables(memory)
    read_from = _read_from(memory, tables)
    noted = memory.section(_SECTION)
    if read_from is not None and noted.get("read_from") == read_from:
        return [ReportRun(**run) for run in noted["runs"]], CountryLists(**noted["lists"])
    from helpers.reports import portfolio

    lists = portfolio.country_lists(memory.root)
    runs = portfolio.load_portfolio(memory.root, lists)
    memory.note(_SECTION, "runs", [asdict(run) for run in runs])
    memory.note(_SECTION, "lists", _as_json(lists))
    # The two tables may just have been made.
    memory.note(_SECTION, "read_from", _read_from(memory, Tables(memory)))
    return runs, lists


def _as_json(lists: CountryLists) -> Mapping[str, Any]:
    groups = {name: list(codes) for name, codes in lists.groups.items()}
    return {"countries": list(lists.countries), "groups": groups, "names": dict(lists.names)}


def _read_from(memory: Memory, tables: Tables) -> str | None:
    """Return a hash of all that the portfolio was read from; ``None`` if the tables must be made first."""
    if any(tables.stale(name) for name in _TABLES):
        return None
    files = [memory.root / "reports" / "portfolio.yml", *sorted(memory.root.glob("notebooks/*.ipynb"))]
    hashes = [[path.name, memory.sha256_or_none(path)] for path in files]
    code = CodeGraph(memory).closure([_MODULE])
    return json_sha256([hashes, [tables.id(name) for name in _TABLES], code])
