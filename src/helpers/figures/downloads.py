"""What readers take home: CSV that runs nothing when opened, and links that carry their file along."""

import csv
import io
import numbers
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from html import escape
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import numpy as np
import pandas as pd

from helpers.data.errors import InputError
from helpers.data.survey.guard import escaped, unguarded

INTEGER, NUMBER, YES_NO, TEXT, OPTIONAL, MIXED = "int", "float", "bool", "text", "optional text", "mixed"
_DTYPES = {
    INTEGER: "Int64",
    NUMBER: "float64",
    YES_NO: "boolean",
    TEXT: "str",
    OPTIONAL: "str",
    MIXED: "object",
}
_WHOLE = re.compile(r"-?[0-9]+")
_REAL = re.compile(r"-?([0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?|inf)")
_WORDS = {"true": True, "false": False}
# What an address in double quotes must not hold, the percent sign first; replacing one character after the
# other is ten times as fast as urllib's `quote`, and pictures are large.
_CODES = {character: quote(character, safe="") for character in ("%", *map(chr, range(32)), *'"#&<>`\\\x7f')}
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")


def is_missing(value: object) -> bool:
    """Tell whether a cell holds no value (None, NaN, NA, NaT).

    Examples
    --------
    >>> is_missing(float("nan")), is_missing(0), is_missing("")
    (True, False, False)
    """
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(cast("Any", value))))


def plain_text(value: object) -> str:
    """Write a value that is no number; dates as ISO 8601, without a clock that says midnight."""
    if isinstance(value, datetime):
        clock = (value.hour, value.minute, value.second, value.microsecond)
        return value.isoformat() if any(clock) else value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def csv_text(data: pd.DataFrame) -> str:
    r"""Write a table as CSV that a spreadsheet program can open without running anything.

    Text cells and headers get a ``'`` wherever a cell could begin that looks like a formula, behind a
    semicolon or line end, too; true numbers stay as they are, in full precision. Missing cells are empty.
    Dates are ISO 8601. Geometry is left out.

    Examples
    --------
    >>> csv_text(pd.DataFrame({"name": ["=cmd()", "AT"], "change": [-0.1, 2]}))
    "name,change\n'=cmd(),-0.1\nAT,2.0\n"
    """
    kept = [column for column in data.columns if str(data[column].dtype) != "geometry"]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([_safe_text(str(column)) for column in kept])
    for row in data[kept].itertuples(index=False, name=None):
        writer.writerow([_csv_cell(value) for value in row])
    return stream.getvalue()


def _csv_cell(value: object) -> str:
    if is_missing(value):
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, numbers.Integral):
        return str(int(value))
    if isinstance(value, numbers.Real):
        return repr(float(value))
    return _safe_text(plain_text(value))


def _safe_text(text: str) -> str:
    # The csv module does not quote a bare CR, which would end the row.
    return escaped(text).replace("\r\n", "\n").replace("\r", "\n")


def csv_types(data: pd.DataFrame) -> dict[str, str]:
    """Return the kind of value in each column, for who reads the CSV of :func:`csv_text` again.

    Returns
    -------
    dict
        Column -> ``"int"``, ``"float"``, ``"bool"``, ``"text"`` (also dates, ISO 8601), ``"optional text"``
        where some are missing, or ``"mixed"`` for numbers beside texts.

    Examples
    --------
    >>> csv_types(pd.DataFrame({"name": ["a", None], "sites": [1, 2], "share": [0.5, None]}))
    {'name': 'optional text', 'sites': 'int', 'share': 'float'}
    """
    kept = [column for column in data.columns if str(data[column].dtype) != "geometry"]
    return {str(column): _csv_type(data[column]) for column in kept}


def _csv_type(values: "pd.Series[Any]") -> str:
    if pd.api.types.is_bool_dtype(values):
        return YES_NO
    if pd.api.types.is_integer_dtype(values):
        return INTEGER
    if pd.api.types.is_numeric_dtype(values):
        return NUMBER
    if any(isinstance(value, numbers.Real) and not is_missing(value) for value in values):
        return MIXED
    return OPTIONAL if values.isna().any() else TEXT


def read_csv_text(text: str, types: Mapping[str, str], where: str) -> pd.DataFrame:
    r"""Read what :func:`csv_text` wrote, as it was before.

    Parameters
    ----------
    text
        The CSV.
    types
        From :func:`csv_types`; a column without one holds texts.
    where
        What it is, for messages.

    Raises
    ------
    InputError
        If a row has more or fewer cells than the header, or a cell is not of its column's type.

    Examples
    --------
    >>> data = pd.DataFrame({"name": ["=cmd()", None], "sites": [1, 2]})
    >>> read_csv_text(csv_text(data), csv_types(data), "sites.csv")
        name  sites
    0  =cmd()      1
    1     NaN      2
    """
    header, *rows = list(csv.reader(io.StringIO(text))) or [[]]
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise InputError(f"{where}, row {number}: has {len(row)} cells; the header has {len(header)}")
    names = [unguarded(name) for name in header]
    columns = {
        name: _column([row[place] for row in rows], types.get(name, OPTIONAL), f"{where}, column {name!r}")
        for place, name in enumerate(names)
    }
    return pd.DataFrame(columns, columns=names)


def _column(cells: list[str], kind: str, where: str) -> "pd.Series[Any]":
    if kind not in _DTYPES:
        raise InputError(f"{where}: is declared as {kind!r}; allowed: {', '.join(_DTYPES)}")
    read: dict[str, Callable[[str], object]] = {
        INTEGER: int,
        NUMBER: float,
        YES_NO: _WORDS.__getitem__,
        MIXED: _number_or_text,
    }
    change = read.get(kind, unguarded)
    try:
        values = [None if cell == "" and kind != TEXT else change(cell) for cell in cells]
    except (ValueError, KeyError) as error:
        raise InputError(f"{where}: a cell is no {kind}") from error
    return pd.Series(values, dtype=cast("Any", _DTYPES[kind]))


def _number_or_text(cell: str) -> object:
    if _WHOLE.fullmatch(cell):
        return int(cell)
    if _REAL.fullmatch(cell):
        return float(cell)
    return _WORDS.get(cell, unguarded(cell))


def data_uri(content: str, media_type: str) -> str:
    """Return text as a ``data:`` address that is safe inside an HTML attribute in double quotes."""
    for character, code in _CODES.items():
        content = content.replace(character, code)
    if not content.isascii():
        content = _BEYOND_ASCII.sub(lambda match: quote(match[0]), content)
    return f"data:{media_type};charset=utf-8,{content}"


def download_link(name: str, words: str, address: str) -> str:
    """Return a link that saves a file whose content is in the link itself."""
    return f'<a download="{escape(name)}" href="{address}">{escape(words)}</a>'


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 with LF ends, making the folder if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))
