"""The units that answers are given in, and the one table by which they are converted."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from helpers.data.catalog import read_text
from helpers.data.errors import InputError
from helpers.data.project import raw_folder

UNITS_FILE = "units.csv"
COLUMNS = ["code", "base_unit", "factor", "dimension", "spellings", "meaning"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: an amount in it times ``factor`` is an amount in ``base_unit``."""

    code: str
    base_unit: str
    factor: float
    dimension: str
    spellings: tuple[str, ...]
    meaning: str


def load_units(root: Path | None = None) -> dict[str, Unit]:
    """Read ``data/raw/questionnaires/units.csv``.

    Parameters
    ----------
    root
        The project's folder.

    Returns
    -------
    dict
        Code -> unit, in the order of the file.

    Raises
    ------
    InputError
        If the file is missing or faulty: a code twice, a factor that is no positive number, a spelling that
        stands for two units of one base unit.

    Examples
    --------
    >>> load_units()["million_doses_month"].factor
    1000000.0
    """
    where = f"data/raw/questionnaires/{UNITS_FILE}"
    text = read_text(raw_folder(root) / "questionnaires" / UNITS_FILE, "utf-8", where)
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if rows[0] != COLUMNS:
        raise InputError(f"{where}: row 1: found columns {rows[0]}, allowed: {COLUMNS}")
    units: dict[str, Unit] = {}
    faults: list[str] = []
    for number, cells in enumerate(rows[1:], start=2):
        try:
            unit = _unit(cells)
        except ValueError as fault:
            faults.append(f"{where}: row {number}: {fault}")
            continue
        if unit.code in units:
            faults.append(f"{where}: row {number}: code {unit.code!r} is given twice")
        units[unit.code] = unit
    faults += [f"{where}: {fault}" for fault in _ambiguous(units)]
    if faults:
        raise InputError(faults)
    return units


def _unit(cells: list[str]) -> Unit:
    if len(cells) != len(COLUMNS):
        raise ValueError(f"{len(cells)} cells, allowed: {len(COLUMNS)}")
    code, base_unit, factor, dimension, spellings, meaning = (cell.strip() for cell in cells)
    if not (code and base_unit and dimension and meaning):
        raise ValueError("an empty cell, allowed: only spellings may be empty")
    try:
        value = float(factor)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e15:
        raise ValueError(f"column factor: found {factor[:40]!r}, allowed: a number above 0")
    words = tuple(word.strip() for word in spellings.split(";") if word.strip())
    return Unit(code, base_unit, value, dimension, words, meaning)


def _ambiguous(units: dict[str, Unit]) -> list[str]:
    """Return a message a spelling that two units of the same base unit share."""
    seen: dict[tuple[str, str], str] = {}
    faults = []
    for unit in units.values():
        for spelling in unit.spellings:
            key = (unit.base_unit, spelling.casefold())
            other = seen.setdefault(key, unit.code)
            if other != unit.code:
                faults.append(f"spelling {spelling!r} stands for both {other} and {unit.code}")
    return faults
