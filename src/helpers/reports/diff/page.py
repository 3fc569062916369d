"""The page that shows a comparison: one HTML file that opens from disk and asks for nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from helpers.reports.diff.compare import Comparison, ItemChange, ReportChange
from helpers.reports.diff.facts import TIERS, FactChange, Stated
from helpers.reports.diff.limits import Limits
from helpers.reports.diff.rows import TableChange
from helpers.reports.diff.sides import Side
from helpers.reports.export_page import PROJECT, asset, long_date, show_number
from helpers.reports.export_policy import content_security_policy
from helpers.reports.staging import write_text

_SHELL = Path(__file__).parent / "shell"
_HTML = "diff.html.j2"
_CSS = "diff.css"


def write_diff(comparison: Comparison, path: Path, limits: Limits | None = None) -> Path:
    """Write the page of a comparison, at once or not at all, and return its path.

    Parameters
    ----------
    comparison
        As from :func:`helpers.reports.diff.compare.compare_folders`.
    path
        HTML file.
    limits
        How much is shown of pictures, rows and text; facts are shown all. What was left out is said.
    """
    write_text(path, render_diff(comparison, limits))
    return path


def render_diff(comparison: Comparison, limits: Limits | None = None) -> str:
    """Return the page of a comparison; the same builds give the same page."""
    left = limits or Limits()
    changed = [_report(report, left) for report in comparison.changed]
    script = asset("report.js")
    return (
        _environment()
        .get_template(_HTML)
        .render(
            project=PROJECT,
            sides=[_side("Old", comparison.old), _side("New", comparison.new)],
            summary=summary(comparison),
            sample=any(report.sample for report in comparison.reports),
            tiers=_tiers(comparison),
            reports=changed,
            unchanged=[_unchanged(report) for report in comparison.unchanged],
            left_out=left.left_out(),
            notes=[*comparison.old.notes, *comparison.new.notes],
            css=asset("report.css") + "\n" + (_SHELL / _CSS).read_text(encoding="utf-8").strip(),
            script=script,
            policy=content_security_policy([script]),
        )
    )


def summary(comparison: Comparison) -> str:
    """Say in one sentence how much changed."""
    changed, unchanged = len(comparison.changed), len(comparison.unchanged)
    facts = sum(len(report.facts) for report in comparison.reports)
    figures = sum(len(report.figures) for report in comparison.reports)
    tables = sum(len(report.tables) for report in comparison.reports)
    if not changed:
        return f"Nothing changed in {_counted(unchanged, 'report')}."
    parts = [_counted(facts, "fact"), _counted(figures, "figure"), _counted(tables, "table")]
    return (
        f"{_counted(changed, 'report')} of {changed + unchanged} changed: "
        f"{', '.join(parts)} differ; {unchanged} unchanged."
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_SHELL), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _side(label: str, side: Side) -> dict[str, str]:
    """Return name, commits and dates of a side."""
    runs = [report.run for report in side.reports.values()]
    commits = sorted({str(run["commit"])[:8] for run in runs if run.get("commit")})
    days = sorted({str(run.get("ended") or run.get("started") or "")[:10] for run in runs} - {""})
    when = " to ".join(long_date(day) for day in dict.fromkeys([days[0], days[-1]])) if days else ""
    return {
        "label": label,
        "name": side.name,
        "reports": _counted(len(runs), "report"),
        "commits": ", ".join(commits[:3]) + (f" and {len(commits) - 3} more" if commits[3:] else ""),
        "when": when,
    }


def _tiers(comparison: Comparison) -> list[dict[str, Any]]:
    counts = Counter(change.tier.key for report in comparison.reports for change in report.facts)
    return [{"tier": tier, "count": counts[tier.key]} for tier in TIERS]


def _unchanged(report: ReportChange) -> dict[str, str]:
    kinds = Counter(cause.kind for cause in report.causes)
    made = ", ".join(f"{kind} ({count})" for kind, count in sorted(kinds.items()))
    return {"slug": report.slug, "title": report.title, "made": made}


def _report(report: ReportChange, limits: Limits) -> dict[str, Any]:
    figures = [_item("fig", item, report.slug, limits) for item in report.figures]
    tables = [_item("table", item, report.slug, limits) for item in report.tables]
    text = limits.text(report.text)
    return {
        "slug": report.slug,
        "title": report.title,
        "only": report.only,
        "sample": report.sample,
        "line": _line(report),
        "causes": _grouped(report),
        "facts": [_fact(change) for change in report.facts],
        "figures": figures,
        "tables": tables,
        "text": [change.parts for change in text],
        "text_left": len(report.text) - len(text),
        "data": report.data,
        "parameters": report.parameters,
    }


def _line(report: ReportChange) -> str:
    if report.only:
        return f"Only the {report.only} build has this report."
    counts = Counter(change.tier.key for change in report.facts)
    parts = [f"{tier.title.lower()} {counts[tier.key]}" for tier in TIERS if counts[tier.key]]
    facts = f"{_counted(len(report.facts), 'fact')} ({', '.join(parts)})" if parts else "no facts"
    figures, tables = _counted(len(report.figures), "figure"), _counted(len(report.tables), "table")
    return f"Changed: {facts}, {figures}, {tables}, {_counted(len(report.text), 'paragraph')}."


def _grouped(report: ReportChange) -> list[tuple[str, list[str]]]:
    groups: dict[str, list[str]] = {}
    for cause in report.causes:
        groups.setdefault(cause.kind, []).append(cause.text)
    return list(groups.items())


def _fact(change: FactChange) -> dict[str, Any]:
    stated = change.new or change.old or {}
    return {
        "name": change.name,
        "tier": change.tier,
        "old": _shown(change.old),
        "new": _shown(change.new),
        "unit": str(stated.get("unit") or ""),
        "what": "; ".join(change.what),
        "sample": bool(stated.get("sample")),
        "notes": list(_notes(change)),
    }


def _shown(fact: Stated | None) -> dict[str, str]:
    if fact is None:
        return {"text": "", "range": ""}
    ends = fact.get("interval")
    between = f"{show_number(ends[0])} to {show_number(ends[1])}" if ends else ""
    return {"text": str(fact.get("text") or show_number(fact.get("value"))), "range": between}


def _notes(change: FactChange) -> Iterator[str]:
    """Yield what was written beside a fact, where that differs."""
    if change.old is None or change.new is None:
        return
    if (change.old.get("note") or "") != (change.new.get("note") or ""):
        yield f"note: {change.old.get('note') or 'none'} -> {change.new.get('note') or 'none'}"
    datasets = [sorted(fact.get("datasets") or []) for fact in (change.old, change.new)]
    if datasets[0] != datasets[1]:
        yield f"rests on: {', '.join(datasets[0]) or 'nothing'} -> {', '.join(datasets[1]) or 'nothing'}"


def _item(kind: str, item: ItemChange, slug: str, limits: Limits) -> dict[str, Any]:
    # A dot stands in no slug and no id, so that two parts never make one anchor twice.
    return {
        "anchor": f"{slug}.{kind}-{item.id}",
        "id": item.id,
        "caption": item.caption,
        "words": item.words,
        "pictures": limits.pictures(item.pictures) if item.pictures else [],
        "pictures_left": bool(item.pictures) and not limits.shown,
        "rows": _rows(item.rows, limits) if item.rows else None,
    }


def _rows(change: TableChange, limits: Limits) -> Mapping[str, Any]:
    cells = limits.rows(change.cells)
    added, gone = limits.rows(change.added), limits.rows(change.gone)
    return {
        "key": change.key,
        "cells": [
            {"key": _named(cell.key), "column": cell.column, "old": cell.old, "new": cell.new}
            for cell in cells
        ],
        "added": [_named(row) for row in added],
        "gone": [_named(row) for row in gone],
        "left": len(change.cells)
        - len(cells)
        + len(change.added)
        - len(added)
        + len(change.gone)
        - len(gone),
        "columns_added": ", ".join(change.columns_added),
        "columns_gone": ", ".join(change.columns_gone),
        "reordered": change.reordered,
    }


def _named(row: Sequence[str]) -> str:
    return ", ".join(cell or "(empty)" for cell in row)
