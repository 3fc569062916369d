"""``reports/build/index.html``: all reports of the portfolio, and those built beside it."""

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from helpers.data.errors import InputError
from helpers.data.project import build_folder
from helpers.reports.parameters import read_cells
from helpers.reports.portfolio import SLUG, ReportRun
from helpers.reports.staging import is_complete, read_json, write_text
from helpers.reports.status import STATUS, read_failure

RENDERER = "helpers.reports.export:render_index"


def index_entries(portfolio: Sequence[ReportRun], root: Path) -> list[dict[str, Any]]:
    """Return what the index says of each report.

    Parameters
    ----------
    portfolio
        Reports that there should be.
    root
        Project folder.

    Returns
    -------
    list of dict
        Keys ``slug``, ``notebook``, ``title``, ``subtitle``, ``parameters``, ``status`` ("built", "failed",
        "not built"), ``error``, ``date`` (ISO, of the last good report), ``vintages``, ``sample``, ``href``
        (relative; ``None`` if there is no whole report). Reports outside the portfolio come last.
    """
    build = build_folder(root)
    known = [run.slug for run in portfolio]
    found = {path.name for path in build.glob("*/") if is_complete(path)}
    found |= {path.stem for path in (build / STATUS).glob("*.json")}
    others = sorted(slug for slug in found - set(known) if SLUG.fullmatch(slug))
    return [_entry(run.slug, run, root) for run in portfolio] + [_entry(slug, None, root) for slug in others]


def _entry(slug: str, planned: ReportRun | None, root: Path) -> dict[str, Any]:
    folder = build_folder(root) / slug
    whole = is_complete(folder)
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
    try:
        cells = read_cells(path)
    except InputError:
        return ""
    first = cells[0]["source"].split("\n", 1)[0] if cells else ""
    return first.removeprefix("# ").strip() if first.startswith("# ") else ""


def write_index(portfolio: Sequence[ReportRun], root: Path, renderer: str = RENDERER) -> Path:
    """Write the index, at once or not at all, and return its path.

    Parameters
    ----------
    portfolio
        Reports that there should be.
    root
        Project folder.
    renderer
        ``module:function`` that turns the entries into a page.
    """
    module, _, function = renderer.partition(":")
    page = getattr(importlib.import_module(module), function)(index_entries(portfolio, root))
    path = build_folder(root) / "index.html"
    write_text(path, page)
    return path
