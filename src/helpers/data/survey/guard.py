"""Answers that a spreadsheet program would run as a formula, written so that it does not."""

import re
from collections.abc import Sequence

_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_START_SET = frozenset(_STARTS)
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,' ]*%?")


def guarded(text: str) -> str:
    """Return a cell with ``'`` in front if it begins like a formula; numbers stay as they are.

    Examples
    --------
    >>> guarded("=1+1"), guarded("-18"), guarded("+5 million")
    ("'=1+1", '-18', "'+5 million")
    """
    if text.startswith(_STARTS) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def guarded_row(cells: Sequence[str]) -> list[str]:
    """Return cells as by `guarded`; most are plain, and are only looked at."""
    return [guarded(text) if text and text[0] in _START_SET else text for text in cells]


def unguarded(text: str) -> str:
    """Return what stood in the cell before `guarded`.

    Examples
    --------
    >>> unguarded("'+5 million"), unguarded("'s-Hertogenbosch")
    ('+5 million', "'s-Hertogenbosch")
    """
    return text[1:] if text.startswith("'") and text[1:].startswith(_STARTS) else text
