"""Why a report changed: inputs, tables, cells, code, packages, as both builds noted them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.data.files import json_sha256
from helpers.reports.diff.sides import Report
from helpers.reports.incremental.keys import LOCK
from helpers.reports.staging import read_json

# What papermill puts in is a copy of the parameters, which are compared by themselves.
_INJECTED = "injected-parameters"
_NAMED = 12


@dataclass(frozen=True)
class Cause:
    """One thing that differs between what two reports were made from: of what kind, and what of it."""

    kind: str
    text: str


def causes(old: Report, new: Report) -> list[Cause]:
    """Say what differs between what two builds of a report were made from.

    Returns
    -------
    list of Cause
        In the order parameters, inputs, tables, notebook, code, versions; empty if nothing differs. Which
        modules changed is known where both builds kept their keys, else only that the helpers did.
    """
    found = [
        *(Cause("parameter", text) for text in _values(_parameters(old), _parameters(new))),
        *(Cause("input file", text) for text in _hashes(old.run.get("inputs"), new.run.get("inputs"))),
        *_reads(old.manifest.get("reads") or {}, new.manifest.get("reads") or {}),
        *(Cause("notebook", text) for text in _cells(old, new)),
        *(Cause("code", text) for text in _code(old, new)),
        *(Cause("package", text) for text in _values(old.run.get("packages"), new.run.get("packages"))),
    ]
    for name in ("python", "platform"):
        pair = [{name: side.run.get(name)} for side in (old, new)]
        found += [Cause("version", text) for text in _values(*pair)]
    if old.run.get("lock_sha256") != new.run.get("lock_sha256"):
        found.append(Cause("lock file", f"{LOCK} changed"))
    return found


def _parameters(report: Report) -> Mapping[str, Any]:
    given = report.run.get("parameters")
    return given if isinstance(given, dict) else {}


def _values(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterator[str]:
    before, after = old or {}, new or {}
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield f"{name}: {_plain(before.get(name))} -> {_plain(after.get(name))}"


def _plain(value: object) -> str:
    return "none" if value is None else str(value)


def _hashes(old: object, new: object) -> Iterator[str]:
    """Say of each name whether its hash changed, or it came or went."""
    before, after = (side if isinstance(side, dict) else {} for side in (old, new))
    for name in sorted(before.keys() | after.keys()):
        if name not in before or name not in after:
            yield f"{name} {'is new' if name in after else 'is gone'}"
        elif before[name] != after[name]:
            yield f"{name} changed"


def _reads(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Cause]:
    before, after = old.get("tables") or {}, new.get("tables") or {}
    for name in sorted(before.keys() | after.keys()):
        yield from (Cause("table", text) for text in _table(name, before.get(name), after.get(name)))
    kinds = {"origins": "declaration of a dataset", "files": "file that was read", "vintages": "waves"}
    for part in sorted((old.keys() | new.keys()) - {"tables"}):
        for text in _hashes(old.get(part), new.get(part)):
            yield Cause(kinds.get(part, part), text)


def _table(name: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterator[str]:
    """Say what differs of a table; where both runs read the rows of some countries, of which ones."""
    if not old or not new:
        yield f"{name} {'is read now' if new else 'is no longer read'}"
    elif old.get("rows") and new.get("rows"):
        pairs = [
            (f"{kind}/{code}", found) for kind, rows in old["rows"].items() for code, found in rows.items()
        ]
        now = {f"{kind}/{code}": found for kind, rows in new["rows"].items() for code, found in rows.items()}
        differ = {code.split("/")[1] for code, found in pairs if now.get(code) != found}
        differ |= {code.split("/")[1] for code in now.keys() - dict(pairs).keys()}
        if differ:
            yield f"{name}: rows of {', '.join(_few(sorted(differ)))} changed"
    elif old.get("id") != new.get("id"):
        yield f"{name} changed"


def _few(names: Sequence[str]) -> list[str]:
    more = len(names) - _NAMED
    return [*names[:_NAMED], *([f"{more} more"] if more > 0 else [])]


def _cells(old: Report, new: Report) -> Iterator[str]:
    """Name the cells of the notebook that differ by their first line."""
    if old.manifest.get("notebook") != new.manifest.get("notebook"):
        yield f"{old.manifest.get('notebook')} -> {new.manifest.get('notebook')}"
        return
    before, after = _sources(old), _sources(new)
    if not before or not after:
        if old.run.get("notebook_sha256") != new.run.get("notebook_sha256"):
            yield f"notebooks/{new.manifest.get('notebook')}.ipynb changed"
        return
    for words, cells, others in (("is gone or edited", before, after), ("is new or edited", after, before)):
        differ = [(number, first) for key, (number, first) in cells.items() if key not in others]
        yield from (f"cell {number} {words}: {first}" for number, first in differ[:_NAMED])
        if differ[_NAMED:]:
            yield f"{len(differ) - _NAMED} more cells: {words}"


def _sources(report: Report) -> dict[str, tuple[int, str]]:
    """Return number and first line of each cell by the hash of its kind, source and tags."""
    content = read_json(report.folder / "notebook.ipynb")
    cells = content.get("cells", []) if isinstance(content, dict) else []
    found: dict[str, tuple[int, str]] = {}
    kept = [cell for cell in cells if _INJECTED not in cell.get("metadata", {}).get("tags", [])]
    for number, cell in enumerate(kept, start=1):
        source = "".join(cell.get("source", ""))
        key = json_sha256([cell.get("cell_type"), source, cell.get("metadata", {}).get("tags", [])])
        found[key] = (number, (source.strip().splitlines() or [""])[0][:100])
    return found


def _code(old: Report, new: Report) -> Iterator[str]:
    sides = [_files(side) for side in (old, new)]
    if all(sides):
        yield from _hashes(*sides)
    elif old.run.get("helpers_sha256") != new.run.get("helpers_sha256"):
        yield "src/helpers changed; which modules is not known, since a build did not keep its key"


def _files(report: Report) -> dict[str, str]:
    made = report.made_from
    parts = (made.get("key") or {}, made.get("export") or {})
    return {path: found for part in parts for path, found in (part.get("code") or {}).items()}
