"""The page that leads to all reports."""

from collections.abc import Mapping, Sequence
from typing import Any

from helpers.data.errors import InputError
from helpers.reports.export_page import PROJECT, asset, environment, long_date
from helpers.reports.export_policy import content_security_policy

STATUSES = ("built", "failed", "not built")


def render_index(entries: Sequence[Mapping[str, Any]]) -> str:
    """Render ``reports/build/index.html``.

    Parameters
    ----------
    entries
        One a report, in the order of the portfolio: ``slug``, ``title`` (reports of one title stand
        together), ``subtitle``, ``status`` (built, failed or not built), ``href`` (relative, empty if there
        is nothing to open), ``date`` (ISO), ``vintages`` (list of text), ``parameters`` (name to value),
        ``sample``, ``error``. All but slug, title and status may be missing.

    Returns
    -------
    str
        A whole page that asks for nothing.

    Raises
    ------
    InputError
        If a status is unknown.

    Examples
    --------
    >>> page = render_index([{"slug": "a", "title": "A", "status": "built", "href": "a/report.html"}])
    >>> '<a href="a/report.html">' in page
    True
    """
    shown = [_shown(entry) for entry in entries]
    groups: dict[str, list[dict[str, Any]]] = {}
    for entry in shown:
        groups.setdefault(entry["title"], []).append(entry)
    return (
        environment()
        .get_template("index.html.j2")
        .render(
            project=PROJECT,
            summary=_summary(shown),
            sample=any(entry["sample"] for entry in shown),
            groups=[{"title": title, "members": members} for title, members in groups.items()],
            css=asset("report.css"),
            policy=content_security_policy([]),
        )
    )


def _shown(entry: Mapping[str, Any]) -> dict[str, Any]:
    status = entry["status"]
    if status not in STATUSES:
        raise InputError(f"report {entry['slug']}: status {status!r}; allowed are: {', '.join(STATUSES)}")
    vintages = entry.get("vintages") or []
    parameters = entry.get("parameters") or {}
    return {
        "slug": entry["slug"],
        "title": entry["title"] or entry["slug"],
        "label": entry.get("subtitle") or entry["title"] or entry["slug"],
        "status": status,
        "href": entry.get("href") or "",
        "built": long_date(str(entry.get("date") or "")),
        "vintages": [vintages] if isinstance(vintages, str) else list(vintages),
        "parameters": list(parameters.items()),
        "sample": bool(entry.get("sample")),
        "error": entry.get("error") or "",
    }


def _summary(entries: Sequence[Mapping[str, Any]]) -> str:
    counts = [(status, sum(entry["status"] == status for entry in entries)) for status in STATUSES]
    listed = ", ".join(f"{count} {status}" for status, count in counts if count)
    noun = "report" if len(entries) == 1 else "reports"
    return f"{len(entries)} {noun}: {listed}." if entries else "No reports yet."
