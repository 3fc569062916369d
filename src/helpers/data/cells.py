"""One cell of a raw table, read as its column is declared: never guessed, never coerced in silence."""

import datetime as dt
import math
import re
from functools import cache, lru_cache

from babel import Locale

from helpers.data.country_codes import ISO_TO_EUROSTAT
from helpers.data.origin import Bounds, OriginColumn, OriginFile, Pattern

Value = str | int | float | bool | dt.date | None

_BOOLEANS = {"1": True, "0": False, "true": True, "false": False}
_NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}
_INTEGER_LIMIT = 2**63


@cache
def country_codes(system: str) -> frozenset[str]:
    """Return the two-letter country codes of a system.

    Parameters
    ----------
    system
        ``iso`` (ISO 3166-1 alpha-2 with the user-assigned XK) or ``eurostat`` (EL for GR, UK for GB).

    Examples
    --------
    >>> "EL" in country_codes("eurostat"), "EL" in country_codes("iso")
    (True, False)
    """
    known = {str(code) for code in Locale("en").territories}
    iso = {code for code in known if len(code) == 2 and code.isalpha()} - _NOT_COUNTRIES
    if system == "iso":
        return frozenset(iso)
    return frozenset((iso - set(ISO_TO_EUROSTAT)) | set(ISO_TO_EUROSTAT.values()))


def read_cell(text: str, column: OriginColumn, file: OriginFile) -> Value:
    """Return the value of a cell, ``None`` if it holds a declared missing mark.

    Parameters
    ----------
    text
        The cell as it stands in the file.
    column, file
        The declarations: type, allowed values, decimal and thousands mark, date format, missing marks.

    Returns
    -------
    str, int, float, bool, datetime.date or None

    Raises
    ------
    ValueError
        With the text "found ..., allowed: ..." if the cell is not what is declared.

    Examples
    --------
    >>> count = OriginColumn(name="n", type="integer", meaning="a count")
    >>> read_cell("1.200", count, OriginFile(name="a.csv", thousands=".", decimal=",", columns=[count]))
    1200
    >>> read_cell("1.200", count, OriginFile(name="a.csv", columns=[count]))
    Traceback (most recent call last):
    ValueError: found '1.200', allowed: an integer without a thousands mark
    """
    if text in file.missing:
        if column.required:
            raise ValueError(f"found {_shown(text)}, a missing mark; allowed: {allowed_text(column, file)}")
        return None
    value = _typed(text, column, file)
    if value is None or not _is_allowed(value, text, column):
        raise ValueError(f"found {_shown(text)}, allowed: {allowed_text(column, file)}")
    return value


def _typed(text: str, column: OriginColumn, file: OriginFile) -> Value:
    match column.type:
        case "integer":
            return _integer(text, file)
        case "number":
            return _number(text, file)
        case "boolean":
            return _BOOLEANS.get(text)
        case "date":
            return _date(text, file.date_format)
        case "date_prefix":
            return text if _is_date_prefix(text) else None
        case "country":
            return text if text in country_codes(column.codes or "iso") else None
        case _:
            return text


@lru_cache(maxsize=64)
def _number_pattern(decimal: str, thousands: str | None) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return patterns for an integer and a number; a thousands mark stands before three digits or nowhere."""
    grouped = rf"|[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+" if thousands else ""
    whole = rf"[+-]?(?:[0-9]+{grouped})"
    return re.compile(whole), re.compile(rf"{whole}(?:{re.escape(decimal)}[0-9]+)?(?:[eE][+-]?[0-9]{{1,3}})?")


def _integer(text: str, file: OriginFile) -> int | None:
    if len(text) > 40 or not _number_pattern(file.decimal, file.thousands)[0].fullmatch(text):
        return None
    value = int(text.replace(file.thousands, "") if file.thousands else text)
    return value if -_INTEGER_LIMIT <= value < _INTEGER_LIMIT else None


def _number(text: str, file: OriginFile) -> float | None:
    if len(text) > 400 or not _number_pattern(file.decimal, file.thousands)[1].fullmatch(text):
        return None
    plain = text.replace(file.thousands, "") if file.thousands else text
    value = float(plain.replace(file.decimal, "."))
    return value if math.isfinite(value) else None


def _date(text: str, date_format: str) -> dt.date | None:
    """Return the date if it is written exactly in the format, so that 3/4 and 03/04 cannot be mixed."""
    try:
        moment = dt.datetime.strptime(text, date_format)
        return moment.date() if moment.strftime(date_format) == text else None
    except ValueError:
        return None


def _is_date_prefix(text: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", text):
        return False
    try:
        dt.date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _is_allowed(value: Value, text: str, column: OriginColumn) -> bool:
    allowed = column.allowed
    if isinstance(allowed, list):
        return value in allowed
    if isinstance(allowed, Pattern):
        return re.fullmatch(allowed.pattern, text) is not None
    if isinstance(allowed, Bounds):
        low = allowed.min is None or value >= allowed.min  # type: ignore[operator]
        return low and (allowed.max is None or value <= allowed.max)  # type: ignore[operator]
    return True


def allowed_text(column: OriginColumn, file: OriginFile) -> str:
    """Say in words what a cell of the column may hold.

    Examples
    --------
    >>> year = OriginColumn(name="year", type="integer", meaning="year", allowed=Bounds(min=2015, max=2030))
    >>> allowed_text(year, OriginFile(name="a.csv", columns=[year]))
    'an integer from 2015 to 2030'
    """
    words = _type_words(column, file)
    allowed = column.allowed
    if isinstance(allowed, list):
        shown = ", ".join(str(value) for value in allowed[:20])
        return shown + (f" and {len(allowed) - 20} more" if len(allowed) > 20 else "")
    if isinstance(allowed, Pattern):
        return f"{words} that matches {allowed.pattern}"
    if isinstance(allowed, Bounds):
        ends = [("from", allowed.min), ("to", allowed.max)]
        if allowed.min is None or allowed.max is None:
            ends = [("at least", allowed.min), ("at most", allowed.max)]
        return " ".join([words, *(f"{word} {end}" for word, end in ends if end is not None)])
    return words


_DATE_LETTERS = {"%Y": "YYYY", "%m": "MM", "%d": "DD", "%y": "YY", "%H": "hh", "%M": "mm", "%S": "ss"}


def _type_words(column: OriginColumn, file: OriginFile) -> str:
    marks = f"with {file.thousands!r} as thousands mark" if file.thousands else "without a thousands mark"
    if isinstance(column.allowed, Bounds) and not file.thousands:
        marks = ""
    decimal = f"with {file.decimal!r} as decimal mark"
    return {
        "integer": f"an integer {marks}".strip(),
        "number": f"a number {decimal}" + (f", {marks}" if file.thousands else ""),
        "boolean": "0, 1, true or false",
        "date": f"a date written as {_date_words(file.date_format)}",
        "date_prefix": "a date written as YYYY, YYYY-MM or YYYY-MM-DD",
        "country": "a Eurostat country code (EL for Greece, UK for the United Kingdom)"
        if column.codes == "eurostat"
        else "an ISO 3166-1 alpha-2 country code (GR for Greece, GB for the United Kingdom)",
    }.get(column.type, "a text")


def _date_words(date_format: str) -> str:
    """Return a format as a reader writes it: "%Y-%m-%d" is "YYYY-MM-DD"."""
    for mark, letters in _DATE_LETTERS.items():
        date_format = date_format.replace(mark, letters)
    return date_format


def _shown(text: str) -> str:
    shown = repr(text)
    return shown if len(shown) <= 60 else shown[:57] + "..."
