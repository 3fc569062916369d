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
    """Hang a footnote on the first mention of each fact that has an interval, a note or another source.

    Parameters
    ----------
    blocks
        In reading order; only paragraphs and lists get footnotes.
    facts
        Entries of facts.json.
    """
    notes = {f"{_FACT}{fact['name']}": note for fact in facts if (note := fact_note(fact))}

    def change(runs: Runs) -> Runs:
        return tuple(
            replace(run, note=(Run(notes.pop(run.link)),)) if run.link in notes and run.note is None else run
            for run in runs
        )

    return [with_runs(block, change) if isinstance(block, Paragraph | Bullets) else block for block in blocks]


def fact_note(fact: Mapping[str, Any]) -> str:
    """Return what a footnote says of a fact; nothing if there is nothing to add to its value.

    Examples
    --------
    >>> fact_note({"name": "share", "unit": "of answers", "interval": [0.14, 0.18], "note": "Weighted."})
    'From 0.14 to 0.18 (of answers). Weighted.'
    >>> fact_note({"name": "total", "unit": "sites", "interval": None, "note": ""})
    ''
    """
    parts = []
    interval, cited = fact.get("interval"), fact.get("cited")
    if interval:
        unit = f" ({fact['unit']})" if fact.get("unit") else ""
        parts.append(f"From {show_number(interval[0])} to {show_number(interval[1])}{unit}.")
    if fact.get("note"):
        note = spaced(str(fact["note"])).strip()
        parts.append(note if note.endswith((".", "!", "?")) else f"{note}.")
    if cited:
        parts.append(f"The fact {cited['fact']} of the report {cited['report']}.")
    return spaced(" ".join(parts))
