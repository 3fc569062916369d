"""The committed facts: ``reports/baseline/<slug>.json``, and how built reports differ from them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.data.errors import InputError
from helpers.data.project import build_folder
from helpers.reports.runs import SLUG
from helpers.reports.staging import is_complete, read_json, write_json

# Sums in another order differ in the last digits on another machine; no reader sees those.
RELATIVE_TOLERANCE = 1e-9
_KEPT = ("value", "unit", "interval", "bound", "sample", "text", "datasets", "note")
_NONE_BUILT = "no report of the portfolio is built: run `evidence build` first"


@dataclass
class Comparison:
    """What came of the comparison with the committed facts.

    Attributes
    ----------
    differences
        One line each: facts that changed, and reports that only one side has.
    notes
        Reports that were not compared, and why; no fault by itself.
    compared
        How many reports were compared.
    """

    differences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    compared: int = 0


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
        raise InputError(_NONE_BUILT)
    for slug in written:
        write_json(baseline_folder(root) / f"{slug}.json", facts[slug])
    return written


def compare_with_baseline(slugs: Sequence[str], root: Path) -> Comparison:
    """Say how the facts of built reports differ from the committed ones, and what was not compared.

    Parameters
    ----------
    slugs
        Reports of the portfolio. Builds beside it, with changed parameters, have no committed facts.
    root
        Project folder.

    Raises
    ------
    InputError
        If a baseline file cannot be read, or none of the reports is built.
    """
    committed = {path.stem: _committed(path) for path in sorted(baseline_folder(root).glob("*.json"))}
    found = Comparison()
    for slug in slugs:
        _compare(slug, committed.get(slug), root, found)
    if not found.compared and not found.differences:
        raise InputError(_NONE_BUILT)
    found.differences.extend(
        f"{slug}: reports/baseline has its facts, reports/portfolio.yml does not have the report; "
        f"remove reports/baseline/{slug}.json or put the report back"
        for slug in committed
        if slug not in slugs
    )
    found.notes.extend(
        f"{folder.name}: built, but not in reports/portfolio.yml: not compared"
        for folder in sorted(build_folder(root).glob("*/"))
        if folder.name not in slugs and SLUG.fullmatch(folder.name)
    )
    return found


def _compare(slug: str, committed: dict[str, Any] | None, root: Path, found: Comparison) -> None:
    """Compare one report of the portfolio and add what there is to say."""
    built = built_facts(slug, root)
    lacks = f"reports/baseline/{slug}.json is missing"
    if built is None and (build_folder(root) / slug).exists():
        found.differences.append(f"{slug}: its build is not whole, not compared; build it again")
    elif built is None:
        found.notes.append(
            f"{slug}: not built, not compared" + ("" if committed is not None else f"; {lacks}")
        )
    elif committed is None:
        found.differences.append(f"{slug}: built, but {lacks}: run `evidence baseline --write`")
    else:
        found.compared += 1
        found.differences.extend(f"{slug}: {line}" for line in _differences(committed, built))


def _committed(path: Path) -> dict[str, Any]:
    content = read_json(path)
    if not isinstance(content, dict) or not all(isinstance(fact, dict) for fact in content.values()):
        raise InputError(f"reports/baseline/{path.name}: is not a JSON object of facts")
    return content


def _differences(committed: dict[str, Any], built: dict[str, Any]) -> list[str]:
    lines = []
    for name in sorted(committed.keys() | built.keys()):
        if name not in built:
            lines.append(f"{name}: {_short(committed[name])} -> no longer stated")
        elif name not in committed:
            lines.append(f"{name}: not stated -> {_short(built[name])}")
        else:
            changed = _changed(committed[name], built[name])
            if changed:
                lines.append(f"{name}: {_short(committed[name], changed)} -> {_short(built[name], changed)}")
    return lines


def _changed(first: dict[str, Any], second: dict[str, Any]) -> list[str]:
    """Return what differs; the wording follows the value, and is only named where the value stayed."""
    changed = [key for key in _KEPT if not same(first.get(key), second.get(key))]
    return [key for key in changed if key != "text" or "value" not in changed]


def _short(fact: dict[str, Any], keys: Sequence[str] = ("value",)) -> str:
    if list(keys) in (["value"], ["value", "unit"]):
        return f"{fact.get('value')} {fact.get('unit') or ''}".strip()
    return ", ".join(f"{key} {_written(fact.get(key))}" for key in keys)


def _written(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(str, value)) + "]"
    return "(empty)" if value == "" else str(value)


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
