"""What reviewers can speak of in a built report, under ids that do not change when its order does."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.data.errors import InputError
from helpers.reports.comments.model import REPORT

RECOMMENDATIONS = "recommendations"
"""Id of the table whose rows are recommendations."""
ID_COLUMN = "recommendation_id"
_FACT_PREFIX = "recommendation_"
_SHOWN = ("title", "text", "recommendation")
_LONGEST_LIST = 300


@dataclass(frozen=True, slots=True)
class Target:
    """Something in a report: its stable id, and what it says now."""

    id: str
    says: str


def read_targets(folder: Path) -> list[Target]:
    """Return what can be spoken of in a report folder: the report, recommendations, figures, tables, facts.

    Parameters
    ----------
    folder
        With ``facts.json``, ``manifest.json`` and the tables as CSV.

    Raises
    ------
    InputError
        If one of them is missing or is not what a build leaves.
    """
    manifest, facts = _json(folder, "manifest.json"), _json(folder, "facts.json")
    try:
        found = [
            Target(REPORT, _title(manifest)),
            *_recommendations(folder, manifest["tables"]),
            *(Target(f"figure:{one['id']}", _published("Figure", one)) for one in manifest["figures"]),
            *(Target(f"table:{one['id']}", _published("Table", one)) for one in manifest["tables"]),
            *(_fact(one) for one in facts["facts"]),
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{folder.name}: facts.json or manifest.json lacks {error}; build it again"
        ) from None
    # A recommendation may be a row of the table and a fact: the row, which comes first, says more.
    first: dict[str, Target] = {}
    for target in found:
        first.setdefault(target.id.casefold(), target)
    return list(first.values())


def _json(folder: Path, name: str) -> dict[str, Any]:
    try:
        content = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise InputError(
            f"report {folder.name}: {name} is missing or no JSON; build the report first"
        ) from None
    if not isinstance(content, dict):
        raise InputError(f"report {folder.name}: {name} must hold an object; build it again")
    return content


def _title(manifest: Mapping[str, Any]) -> str:
    parts = (manifest.get("title"), manifest.get("subtitle"))
    return "The whole report: " + ", ".join(str(part) for part in parts if part)


def _published(kind: str, entry: Mapping[str, Any]) -> str:
    alt = f"\nShown: {entry['alt']}" if entry.get("alt") else ""
    return f"{kind} {entry['number']}: {entry['caption']}{alt}"


def _fact(fact: Mapping[str, Any]) -> Target:
    name = str(fact["name"])
    if name.startswith(_FACT_PREFIX) and isinstance(fact.get("value"), str):
        return Target(f"recommendation:{name.removeprefix(_FACT_PREFIX)}", str(fact["value"]))
    shown = _cut(str(fact.get("text") or fact.get("value")))
    between = _between(fact.get("interval"), shown.endswith("%"))
    note = f"\nNote: {fact['note']}" if fact.get("note") else ""
    return Target(f"fact:{name}", f"{shown}{between}, {fact.get('unit', '')}{note}".replace("\xa0", " "))


def _between(interval: Sequence[float] | None, per_cent: bool) -> str:
    r"""Write an interval in the unit of the text before it.

    Examples
    --------
    >>> _between([0.1409, 0.1767], per_cent=True), _between([3, 1250.5], per_cent=False)
    (' (14.1 to 17.7\xa0%)', ' (3 to 1250.5)')
    """
    if not interval:
        return ""
    low, high = (100 * end if per_cent else end for end in interval)
    return f" ({low:.3g} to {high:.3g}\xa0%)" if per_cent else f" ({low:.6g} to {high:.6g})"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_LIST else f"{text[: _LONGEST_LIST - 3]}..."


def _recommendations(folder: Path, tables: Sequence[Mapping[str, Any]]) -> Iterator[Target]:
    for entry in tables:
        if entry["id"] != RECOMMENDATIONS:
            continue
        path = folder / "tables" / f"{RECOMMENDATIONS}.csv"
        if not path.is_file():
            raise InputError(f"report {folder.name}: tables/{path.name} is missing; build it again")
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if row.get(ID_COLUMN):
                    texts = [row[name] for name in _SHOWN if row.get(name)]
                    yield Target(f"recommendation:{row[ID_COLUMN]}", "\n".join(dict.fromkeys(texts)))


def facts_sha256(folder: Path) -> str:
    """Return the SHA-256 of a report's facts, by which a review knows which build it speaks of."""
    from helpers.data.files import sha256_of

    return sha256_of(folder / "facts.json")
