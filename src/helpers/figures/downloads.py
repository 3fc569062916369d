"""What readers take home: CSV that runs nothing when opened, and links that carry their file along."""

import csv
import io
import numbers
from datetime import date, datetime
from html import escape
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import pandas as pd

from helpers.data.survey.guard import escaped


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
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return "true" if value else "false"
    if isinstance(value, numbers.Integral):
        return str(int(value))
    if isinstance(value, numbers.Real):
        return repr(float(value))
    return _safe_text(plain_text(value))


def _safe_text(text: str) -> str:
    # The csv module does not quote a bare CR, which would end the row.
    return escaped(text).replace("\r\n", "\n").replace("\r", "\n")


def data_uri(content: str, media_type: str) -> str:
    """Return text as a ``data:`` address that is safe inside an HTML attribute in double quotes."""
    return f"data:{media_type};charset=utf-8," + quote(content, safe=" !$+()*,-./:;=?@[]_~'{}|^")


def download_link(name: str, words: str, address: str) -> str:
    """Return a link that saves a file whose content is in the link itself."""
    return f'<a download="{escape(name)}" href="{address}">{escape(words)}</a>'


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 with LF ends, making the folder if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))
