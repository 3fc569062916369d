"""How a table changed: which cells of which rows, rows that came and went, columns."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from helpers.reports.baseline import same

Row = tuple[str, ...]
_DECIMAL = 3


@dataclass(frozen=True)
class CellChange:
    """One cell that differs: the values that name its row, its column, old and new."""

    key: Row
    column: str
    old: str
    new: str


@dataclass(frozen=True)
class TableChange:
    """How two tables differ; false if they do not.

    Attributes
    ----------
    key
        Columns whose values name a row; empty where rows are told apart by their place only.
    cells
        Cells that differ, in the order of the new table.
    added, gone
        Rows that only one side has, by what names them.
    columns_added, columns_gone
        Columns that only one side has.
    reordered
        Whether the rows both have stand in another order.
    """

    key: Row
    cells: tuple[CellChange, ...] = ()
    added: tuple[Row, ...] = ()
    gone: tuple[Row, ...] = ()
    columns_added: Row = ()
    columns_gone: Row = ()
    reordered: bool = False

    def __bool__(self) -> bool:
        return any((self.cells, self.added, self.gone, self.columns_added, self.columns_gone, self.reordered))


def compare_tables(old: str, new: str) -> TableChange:
    r"""Compare two CSV texts row by row.

    Rows are told apart by the fewest columns that name each row on both sides: texts first, then whole
    numbers, never decimals. Where no columns do, rows of one name are counted off.

    Examples
    --------
    >>> change = compare_tables("country,sites\nAT,3\nBE,4\n", "country,sites\nAT,5\nCY,1\n")
    >>> change.key, change.cells
    (('country',), (CellChange(key=('AT',), column='sites', old='3', new='5'),))
    >>> change.added, change.gone
    ((('CY',),), (('BE',),))
    """
    (old_names, old_rows), (new_names, new_rows) = _read(old), _read(new)
    common = [name for name in new_names if name in old_names]
    named = _key(
        {name: [_cell(row, old_names, name) for row in old_rows] for name in common},
        {name: [_cell(row, new_names, name) for row in new_rows] for name in common},
    )
    before, after = _by_key(old_names, old_rows, named), _by_key(new_names, new_rows, named)
    kept = [row for row in after if row in before]
    return TableChange(
        key=tuple(named),
        cells=tuple(change for row in kept for change in _cells(row, before[row], after[row], common)),
        added=tuple(row for row in after if row not in before),
        gone=tuple(row for row in before if row not in after),
        columns_added=tuple(name for name in new_names if name not in old_names),
        columns_gone=tuple(name for name in old_names if name not in new_names),
        reordered=kept != [row for row in before if row in after],
    )


def _cells(key: Row, old: dict[str, str], new: dict[str, str], columns: Sequence[str]) -> list[CellChange]:
    pairs = [(name, old.get(name, ""), new.get(name, "")) for name in columns]
    return [
        CellChange(key, name, first, other) for name, first, other in pairs if not _same_cell(first, other)
    ]


def _read(text: str) -> tuple[list[str], list[list[str]]]:
    rows = list(csv.reader(io.StringIO(text, newline="")))
    return (rows[0], rows[1:]) if rows else ([], [])


def _cell(row: Sequence[str], names: Sequence[str], name: str) -> str:
    place = names.index(name)
    return row[place] if place < len(row) else ""


def _key(old: dict[str, list[str]], new: dict[str, list[str]]) -> list[str]:
    """Return the columns that name a row: the fewest that do on both sides, else all that may."""
    kinds = {name: max((_rank(cell) for cell in {*old[name], *new[name]}), default=0) for name in new}
    # Stable: columns of one kind stay in the order of the table.
    order = sorted((name for name in new if kinds[name] < _DECIMAL), key=lambda name: kinds[name])
    chosen: list[str] = []
    for name in order:
        if chosen and _names_rows(chosen, old, new):
            break
        chosen.append(name)
    if not _names_rows(chosen, old, new):
        return [name for name in new if name in chosen]
    for name in reversed(chosen[:]):
        fewer = [other for other in chosen if other != name]
        if fewer and _names_rows(fewer, old, new):
            chosen = fewer
    return [name for name in new if name in chosen]


def _names_rows(chosen: Sequence[str], *sides: dict[str, list[str]]) -> bool:
    for side in sides:
        rows = list(zip(*(side[name] for name in chosen), strict=True))
        if len(set(rows)) != len(rows):
            return False
    return bool(chosen)


def _rank(cell: str) -> int:
    """Return how little a cell serves to name a row: 0 empty, 1 text, 2 whole number, 3 decimal.

    A column counts as its worst cell, so that amounts with a word among them name no row.
    """
    number = _number(cell)
    if number is None:
        return 1 if cell else 0
    return 2 if cell.lstrip("+-").isdigit() else _DECIMAL


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _by_key(
    names: Sequence[str], rows: Sequence[Sequence[str]], key: Sequence[str]
) -> dict[Row, dict[str, str]]:
    """Return the rows by what names them; the second row of one name gets "row 2" behind it, and so on."""
    seen: Counter[Row] = Counter()
    found: dict[Row, dict[str, str]] = {}
    for row in rows:
        named = tuple(_cell(row, names, name) for name in key)
        seen[named] += 1
        number = (f"row {seen[named]}",) if not key or seen[named] > 1 else ()
        found[(*named, *number)] = dict(zip(names, row, strict=False))
    return found


def _same_cell(first: str, second: str) -> bool:
    if first == second:
        return True
    old, new = _number(first), _number(second)
    return old is not None and new is not None and same(old, new)
