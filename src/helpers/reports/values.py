"""Values that users give: read strictly by type, and shown safely in messages."""

import difflib
import re
from collections.abc import Sequence
from datetime import date

Value = str | int | float | bool

TYPES = ("str", "int", "float", "bool", "date", "month")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
ISO_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
_NUMBER = re.compile(r"[+-]?([0-9]{1,15}(\.[0-9]{0,15})?|\.[0-9]{1,15})([eE][+-]?[0-9]{1,2})?")
_SHOWN = 60


def shown(given: object) -> str:
    r"""Show what a user gave, on one line and short, however hostile it is.

    Examples
    --------
    >>> shown("AT'; import os")
    '"AT\'; import os"'
    >>> shown("x" * 1000)
    "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'... (1,000 characters)"
    """
    if isinstance(given, str) and len(given) > _SHOWN:
        return f"{given[:_SHOWN]!r}... ({len(given):,d} characters)"
    return repr(given)[: 2 * _SHOWN]


def did_you_mean(given: str, known: Sequence[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the nearest known name, or an empty text.

    Examples
    --------
    >>> did_you_mean("regoin", ["region", "year"])
    "; did you mean 'region'?"
    >>> did_you_mean("nothing near", ["region"])
    ''
    """
    folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(given[:_SHOWN].casefold(), list(folded), n=1)
    return f"; did you mean {folded[near[0]]!r}?" if near else ""


def coerced(given: object, kind: str) -> Value:
    """Turn a value, or text of the command line, into the declared type, strictly.

    Parameters
    ----------
    given
        A value of the declared type, or text.
    kind
        One of :data:`TYPES`.

    Raises
    ------
    ValueError
        If it is not of that type; no rounding, no ``1e3`` for an integer, no 0 for false.

    Examples
    --------
    >>> coerced("2021", "int"), coerced("0.5", "float"), coerced("true", "bool")
    (2021, 0.5, True)
    """
    if isinstance(given, date) and kind == "date":
        given = given.isoformat()
    if isinstance(given, str):
        return _from_text(given, kind)
    if kind == "float" and isinstance(given, int | float) and not isinstance(given, bool):
        number = float(given)
        if number - number != 0:  # infinite or not a number
            raise ValueError(given)
        return number
    if (kind == "int" and type(given) is int) or (kind == "bool" and type(given) is bool):
        return given
    raise ValueError(given)


def _from_text(text: str, kind: str) -> Value:
    if kind == "str":
        return text
    if kind == "int" and _INTEGER.fullmatch(text):
        return int(text)
    if kind == "float" and _NUMBER.fullmatch(text):
        return float(text)
    if kind == "bool" and text.casefold() in {"true", "false"}:
        return text.casefold() == "true"
    if kind == "date" and ISO_DATE.fullmatch(text):
        return date.fromisoformat(text).isoformat()
    if kind == "month" and ISO_MONTH.fullmatch(text):
        return text
    raise ValueError(text)
