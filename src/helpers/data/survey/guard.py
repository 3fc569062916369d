"""Answers that a spreadsheet program would run as a formula, written so that it does not.

A program set to a language with decimal commas parts a CSV at semicolons, and a line end inside a cell then
begins a row: what runs is not only what stands at the beginning of a cell.
"""

import re
from collections.abc import Sequence

_MARKS = r"=+\-@\t\r＝＋－＠"
_START = r"(?:\A|(?<=[;,\t\r\n]))"
_TRIGGER = rf"[\"']*[{_MARKS}]"
"""Quotation marks in front do not help: a program may take them for those of the CSV."""
_RUNS = re.compile(rf"{_START}(?={_TRIGGER})|\A(?=[\"']*\n)")
_GUARDED = re.compile(rf"{_START}'(?={_TRIGGER})|\A'(?=[\"']*\n)")
_PLAIN = re.compile(r"[^=+\-@\t\r\n＝＋－＠]*")
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,' ]*%?")


def escaped(text: str) -> str:
    r"""Return a text with ``'`` wherever a cell could begin that looks like a formula.

    Examples
    --------
    >>> escaped("=1+1"), escaped("-18"), escaped("Much;=1+1"), escaped("Much\n- staff")
    ("'=1+1", "'-18", "Much;'=1+1", "Much\n'- staff")
    """
    return text if _PLAIN.fullmatch(text) else _RUNS.sub("'", text)


def guarded(text: str) -> str:
    """Return a cell as by `escaped`; a cell that is a number stays as it is.

    Examples
    --------
    >>> guarded("=1+1"), guarded("-18"), guarded("+5 million"), guarded("1.200,- Euro")
    ("'=1+1", '-18', "'+5 million", "1.200,'- Euro")
    """
    # Most cells hold none of the marks, which is quicker to see than whether they are a number.
    return text if _PLAIN.fullmatch(text) or _NUMBER.fullmatch(text) else _RUNS.sub("'", text)


def guarded_row(cells: Sequence[str]) -> list[str]:
    """Return cells as by `guarded`."""
    return [guarded(text) for text in cells]


def unguarded(text: str) -> str:
    """Return what stood in the cell before `guarded`, exactly.

    Examples
    --------
    >>> unguarded("'+5 million"), unguarded("'s-Hertogenbosch"), unguarded(guarded("'=1"))
    ('+5 million', "'s-Hertogenbosch", "'=1")
    """
    return _GUARDED.sub("", text) if "'" in text else text
