"""``reports/build/index.html``: all reports of the portfolio, and those built beside it."""

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from helpers.data.errors import InputError
from helpers.data.files import json_sha256
from helpers.data.project import build_folder
from helpers.reports.incremental.code import CodeGraph
from helpers.reports.incremental.memory import Memory
from helpers.reports.runs import SLUG, ReportRun
from helpers.reports.staging import SUCCESS, read_json, write_text
from helpers.reports.status import STATUS, read_failure

RENDERER = "helpers.reports.export_index:render_index"


def index_entries(
    portfolio: Sequence[ReportRun], root: Path, memory: Memory | None = None
) -> list[dict[str, Any]]:
    """Return what the index says of each report.

    Parameters
    ----------
    portfolio
        Reports that there should be.
    root
        Project folder.
    memory
        Hashes of files; a report counts as built only if its files are those that its run wrote.

    Returns
    -------
    list of dict
        Keys ``slug``, ``notebook``, ``title``, ``subtitle``, ``parameters``, ``status`` ("built", "failed",
        "not built"), ``error``, ``date`` (ISO, of the last good report), ``vintages``, ``sample``, ``href``
        (relative; ``None`` if there is no whole report). Reports outside the portfolio come last.
    """
    memory = memory or Memory(root)
    whole, failed = _whole(root, memory), _failed(root)
    known = [run.slug for run in portfolio]
    others = sorted(slug for slug in (whole.keys() | failed) - set(known) if SLUG.fullmatch(slug))
    entries = [_entry(run.slug, run, run.slug in whole, root) for run in portfolio]
    return entries + [_entry(slug, None, slug in whole, root) for slug in others]


def _whole(root: Path, memory: Memory) -> dict[str, str | None]:
    """Return the hash of the success marker of each whole report."""
    folders = [path for path in build_folder(root).glob("*/") if (path / SUCCESS).is_file()]
    return {
        path.name: memory.sha256_or_none(path / SUCCESS)
        for path in sorted(folders)
        if memory.faults(path) is None
    }


def _failed(root: Path) -> set[str]:
    return {path.stem for path in (build_folder(root) / STATUS).glob("*.json")}


def _entry(slug: str, planned: ReportRun | None, whole: bool, root: Path) -> dict[str, Any]:
    folder = build_folder(root) / slug
    run = _content(folder / "run.json") if whole else {}
    manifest = _content(folder / "manifest.json") if whole else {}
    failure = read_failure(build_folder(root), slug)
    # A build that is killed between moving the report and clearing its status leaves an old failure.
    if failure is not None and str(run.get("ended", "")) > str(failure.get("ended", "")):
        failure = None
    notebook = planned.notebook if planned else str((run or failure or {}).get("notebook", ""))
    parameters = planned.parameters if planned else (run or failure or {}).get("parameters", {})
    return {
        "slug": slug,
        "notebook": notebook,
        "title": manifest.get("title") or _heading(root / "notebooks" / f"{notebook}.ipynb") or slug,
        "subtitle": _subtitle(slug, manifest, planned),
        "parameters": parameters,
        "status": "failed" if failure else "built" if whole else "not built",
        "error": str(failure.get("text", "")) if failure else "",
        "date": str(run.get("ended", "")),
        "vintages": [f"{item['title']}: {item['vintage']}" for item in manifest.get("datasets", [])],
        "sample": bool(manifest.get("sample")),
        "href": f"{slug}/report.html" if whole else None,
    }


def _content(path: Path) -> dict[str, Any]:
    content = read_json(path)
    return content if isinstance(content, dict) else {}


def _subtitle(slug: str, manifest: dict[str, Any], planned: ReportRun | None) -> str:
    name = str(manifest.get("subtitle") or (planned.title if planned else "") or slug)
    return name if planned else f"{name} ({slug})" if name != slug else slug


def _heading(path: Path) -> str:
    """Return the H1 of a notebook; empty if it has none or is gone."""
    from helpers.reports.parameters import read_cells

    try:
        cells = read_cells(path)
    except InputError:
        return ""
    first = cells[0]["source"].split("\n", 1)[0] if cells else ""
    return first.removeprefix("# ").strip() if first.startswith("# ") else ""


def write_index(
    portfolio: Sequence[ReportRun], root: Path, renderer: str = RENDERER, memory: Memory | None = None
) -> Path:
    """Write the index, at once or not at all, and return its path.

    Parameters
    ----------
    portfolio
        Reports that there should be.
    root
        Project folder.
    renderer
        ``module:function`` that turns the entries into a page.
    memory
        Hashes of files.
    """
    memory = memory or Memory(root)
    module, _, function = renderer.partition(":")
    page = getattr(importlib.import_module(module), function)(index_entries(portfolio, root, memory))
    path = build_folder(root) / "index.html"
    write_text(path, page)
    memory.note("index", "shows", _shown(portfolio, root, memory))
    memory.note("index", "sha256", memory.sha256(path))
    memory.save()
    return path


def index_is_current(portfolio: Sequence[ReportRun], root: Path, memory: Memory) -> bool:
    """Say whether the index is the one that `write_index` would write."""
    noted = memory.section("index")
    path = build_folder(root) / "index.html"
    return noted.get("sha256") == memory.sha256_or_none(path) and noted.get("shows") == _shown(
        portfolio, root, memory
    )


def _shown(portfolio: Sequence[ReportRun], root: Path, memory: Memory) -> str:
    """Return a hash of all that the index depends on."""
    planned = [[run.slug, run.notebook, run.parameters, run.title] for run in portfolio]
    notebooks = {run.notebook for run in portfolio}
    headings = {name: memory.sha256_or_none(root / "notebooks" / f"{name}.ipynb") for name in notebooks}
    status = build_folder(root) / STATUS
    failed = {slug: memory.sha256_or_none(status / f"{slug}.json") for slug in sorted(_failed(root))}
    code = CodeGraph(memory).closure([__name__, RENDERER.partition(":")[0]])
    return json_sha256([planned, headings, _whole(root, memory), failed, code])
