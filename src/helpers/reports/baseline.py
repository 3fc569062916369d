"""The committed facts: ``reports/baseline/<slug>.json``, and how built reports differ from them."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from helpers.data.errors import InputError
from helpers.data.project import build_folder
from helpers.reports.staging import is_complete, read_json, write_json

# Sums in another order differ in the last digits on another machine; no reader sees those.
RELATIVE_TOLERANCE = 1e-9
_KEPT = ("value", "unit", "interval", "bound", "sample")


def baseline_folder(root: Path) -> Path:
    """Return where the committed facts are."""
    return root / "reports" / "baseline"


def built_facts(slug: str, root: Path) -> dict[str, dict[str, Any]] | None:
    """Return the facts of a built report by name; ``None`` if it is not built."""
    folder = build_folder(root) / slug
    content = read_json(folder / "facts.json") if is_complete(folder) else None
    if not isinstance(content, dict):
        return None
    return {
        fact["name"]: {key: fact.get(key) for key in _KEPT}
        for fact in sorted(content["facts"], key=lambda fact: str(fact["name"]))
    }


def write_baseline(slugs: Sequence[str], root: Path) -> list[str]:
    """Write the facts of built reports to the baseline and return the slugs that were written.

    Raises
    ------
    InputError
        If none of the reports is built.
    """
    facts = {slug: built_facts(slug, root) for slug in slugs}
    written = [slug for slug, content in facts.items() if content is not None]
    if not written:
        raise InputError("no report is built: run `evidence build` first")
    for slug in written:
        write_json(baseline_folder(root) / f"{slug}.json", facts[slug])
    return written


def compare_with_baseline(root: Path) -> list[str]:
    """Say how the facts of built reports differ from the committed ones, one line a fact.

    Raises
    ------
    InputError
        If a baseline file cannot be read.
    """
    differences: list[str] = []
    for path in sorted(baseline_folder(root).glob("*.json")):
        committed = read_json(path)
        if not isinstance(committed, dict):
            raise InputError(f"reports/baseline/{path.name}: is not a JSON object")
        built = built_facts(path.stem, root)
        if built is None:
            differences.append(f"{path.stem}: is not built")
        else:
            differences.extend(f"{path.stem}: {line}" for line in _differences(committed, built))
    return differences


def _differences(committed: dict[str, Any], built: dict[str, Any]) -> list[str]:
    lines = []
    for name in sorted(committed.keys() | built.keys()):
        if name not in built:
            lines.append(f"{name}: {_short(committed[name])} -> no longer stated")
        elif name not in committed:
            lines.append(f"{name}: not stated -> {_short(built[name])}")
        else:
            changed = [key for key in _KEPT if not same(committed[name].get(key), built[name].get(key))]
            if changed:
                lines.append(f"{name}: {_short(committed[name], changed)} -> {_short(built[name], changed)}")
    return lines


def _short(fact: dict[str, Any], keys: Sequence[str] = ("value",)) -> str:
    if list(keys) in (["value"], ["value", "unit"]):
        return f"{fact.get('value')} {fact.get('unit') or ''}".strip()
    return ", ".join(f"{key} {fact.get(key)}" for key in keys)


def same(first: object, second: object) -> bool:
    """Say whether two values of facts are the same, but for the rounding of floating point sums.

    Examples
    --------
    >>> same(0.1 + 0.2, 0.3), same(1302, 1303), same(1, True), same([1.0, None], [1.0, None])
    (True, False, False, True)
    """
    if isinstance(first, bool) or isinstance(second, bool):
        return first is second
    if isinstance(first, int | float) and isinstance(second, int | float):
        return math.isclose(first, second, rel_tol=RELATIVE_TOLERANCE)
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(same, first, second))
    return first == second
