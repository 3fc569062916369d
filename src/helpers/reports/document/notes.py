"""Footnotes: what a reader must know of a fact, said where the text mentions it first."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from helpers.reports.document.links import with_runs
from helpers.reports.document.model import Block, Bullets, Paragraph, Run, Runs
from helpers.reports.document.text import spaced
from helpers.reports.export_page import show_number

_FACT = "#fact-"


def with_notes(blocks: Iterable[Block], facts: Iterable[Mapping[str, Any]]) -> list[Block]:
    """Hang a footnote on the first mention of each fact that has an interval or a note.

    Where facts were stated by another report, the first of each report says which; the table of the facts
    says so of all.

    Parameters
    ----------
    blocks
        In reading order; only paragraphs and lists get footnotes.
    facts
        Entries of facts.json.
    """
    listed = list(facts)
    notes = {f"{_FACT}{fact['name']}": fact_note(fact) for fact in listed}
    reports = {f"{_FACT}{fact['name']}": fact["cited"]["report"] for fact in listed if fact.get("cited")}
    named: set[str] = set()

    def noted(run: Run) -> Run:
        text, report = notes.pop(run.link, ""), reports.get(run.link, "")
        if report and report not in named:
            named.add(report)
            text = f"{text} {_stated(report)}".strip()
        return replace(run, note=(Run(spaced(text)),)) if text and run.note is None else run

    def change(runs: Runs) -> Runs:
        return tuple(noted(run) for run in runs)

    return [with_runs(block, change) if isinstance(block, Paragraph | Bullets) else block for block in blocks]


def _stated(report: str) -> str:
    return f"Stated by the report {report}; the table of the facts names the report of each number."


def fact_note(fact: Mapping[str, Any]) -> str:
    r"""Return what a footnote says of a fact; nothing if there is nothing to add to its value.

    Examples
    --------
    >>> fact_note({"name": "share", "unit": "of answers", "interval": [0.14, 0.18], "note": "Weighted."})
    'From 0.14 to 0.18 (of answers). Weighted.'
    >>> fact_note({"name": "share", "text": "16 %", "interval": [0.1409, 0.1767]})
    'From 14.1\xa0% to 17.7\xa0%.'
    >>> fact_note({"name": "total", "unit": "sites", "interval": None, "note": ""})
    ''
    """
    parts = []
    interval = fact.get("interval")
    if interval:
        unit = f" ({fact['unit']})" if fact.get("unit") else ""
        low, high = (_end(value, str(fact.get("text") or "")) for value in interval)
        parts.append(f"From {low} to {high}{unit}.")
    if fact.get("note"):
        note = spaced(str(fact["note"])).strip()
        parts.append(note if note.endswith((".", "!", "?")) else f"{note}.")
    return spaced(" ".join(parts))


def _end(value: float, text: str) -> str:
    """Write an end of an interval as the text writes the value: shares in per cent."""
    return f"{100 * value:.1f}\xa0%" if text.endswith("%") else show_number(value)
