"""Roadmaps that come back are merged into ``data/raw/roadmaps``: all of them, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.data.errors import InputError
from helpers.data.roadmaps.columns import COLUMNS, FILLED_IN_BEFORE, NAMES, Allowed, Row, checked_row
from helpers.data.roadmaps.dataset import Key, key_of, read_roadmaps, write_roadmaps
from helpers.data.roadmaps.template import allowed_here
from helpers.data.sheets import Sheet, few, read_filled_in


@dataclass(frozen=True)
class TakenBack:
    """What came back: groups, steps, how many are new or other than before, and if anything changed."""

    folder: Path
    groups: tuple[str, ...]
    steps: int
    new: int
    replaced: int
    changed: bool


@dataclass(frozen=True)
class _Line:
    file: str
    row: int
    cells: Row

    def at(self, column: str) -> str:
        return f"{self.file}: row {self.row}, column {column}"


def take_back(
    paths: Sequence[Path], root: Path | None = None, *, replace: bool = False, encoding: str | None = None
) -> TakenBack:
    """Read filled-in roadmaps into ``data/raw/roadmaps``.

    Parameters
    ----------
    paths
        xlsx, xls, ods or CSV.
    root
        The project's folder.
    replace
        Whether a step may take the place of another with the same group and number.
    encoding
        Of CSV that is not UTF-8.

    Raises
    ------
    InputError
        If a sheet has no column of a roadmap, a cell is not as it may be, a step stands twice, or is there
        already with other content. One message a fault; then nothing is written. Row 1 is the header.
    """
    allowed = allowed_here(root)
    lines = [line for path in paths for line in _read(path, allowed, encoding)]
    if not lines:
        raise InputError(f"{paths[0].name}: found no step, allowed: a filled-in roadmap")
    known = {key_of(row): row for row in read_roadmaps(root)}
    _refuse_repeats(lines)
    other = [line for line in lines if known.get(key_of(line.cells), line.cells) != line.cells]
    if other and not replace:
        faults = [
            f"{line.at('step')}: found {_said(line)} with other content "
            "than data/raw/roadmaps has; allowed: the same, or --replace"
            for line in other
        ]
        raise InputError(few(faults, lines[0].file))
    new = sum(key_of(line.cells) not in known for line in lines)
    stored = write_roadmaps({**known, **{key_of(line.cells): line.cells for line in lines}}.values(), root)
    groups = tuple(dict.fromkeys(line.cells["group"] for line in lines))
    return TakenBack(stored.folder, groups, len(lines), new, len(other), stored.changed)


def _read(path: Path, allowed: Allowed, encoding: str | None) -> list[_Line]:
    sheet = read_filled_in(path, "action", "a sheet of `evidence roadmap`", encoding)
    lines, faults = [], []
    for number, found in sheet.read(_places(sheet)):
        if not any(text for name, text in found.items() if name not in FILLED_IN_BEFORE):
            continue
        row, wrong = checked_row(found, allowed)
        lines.append(_Line(path.name, number, row))
        faults += [
            f"{lines[-1].at(column)}: found {repr(text[:40]) if text else 'nothing'}, allowed: {says}"
            for column, (text, says) in wrong.items()
        ]
    if faults:
        raise InputError(few(faults, path.name))
    return lines


def _said(line: _Line) -> str:
    return f"step {line.cells['step']} of {line.cells['group']!r}"


def _places(sheet: Sheet) -> dict[str, int]:
    names = sheet.names
    where = f"{sheet.file}: row {sheet.row}"
    absent = [name for name in NAMES if name not in names]
    faults = [f"{where}, column {name}: missing, allowed: as in the template" for name in absent]
    for name in dict.fromkeys(filter(None, names)):
        if name not in NAMES:
            faults.append(f"{where}: found column {name[:40]!r}, allowed: {', '.join(NAMES)}")
        elif names.count(name) > 1:
            faults.append(f"{where}, column {name}: stands twice, allowed: once")
    if faults:
        raise InputError(few(faults, sheet.file))
    return {column.name: names.index(column.name) for column in COLUMNS}


def _refuse_repeats(lines: Sequence[_Line]) -> None:
    first: dict[Key, _Line] = {}
    faults = []
    for line in lines:
        other = first.setdefault(key_of(line.cells), line)
        if other is not line:
            where = f"row {other.row} of {other.file}"
            faults.append(
                f"{line.at('step')}: found {_said(line)} again, it stands in {where}; allowed: once"
            )
    if faults:
        raise InputError(few(faults, lines[0].file))
