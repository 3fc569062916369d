"""Widths of a table's columns, so that words stay whole and lines are few."""

import re
from dataclasses import dataclass

from helpers.reports.document.model import Grid, plain

SIZES = (8.5, 8.0, 7.5, 7.0, 6.5)
"""Points; a table that is too wide is set smaller, down to the last."""
_AIRY = SIZES[:3]
_FULL = 0.85
"""Of the width that the longest words may take at the larger sizes: lines need room, too."""
_LETTER, _CAPITAL, _BOLD = 0.54, 0.72, 1.08
_WIDTHS = dict.fromkeys("ijl.,:;'|! /()[]\u00a0ftI", 0.32) | dict.fromkeys("0123456789", 0.56)
_WIDTHS |= dict.fromkeys("mwMW%@\u2212", 0.86)
_POINT = 2.54 / 72
_MARGINS = 0.26
_HALF_LINE = 8
_MANY_LINES, _LARGEST_SHARE = 8, 1 / 3
"""Lines that one text should take at most, as long as its column takes no more than a third for that."""
_ROOM = 0.8
"""Of the width that the longest words leave, what long texts may take before the rest is shared."""
_BREAKS = re.compile(r"[ \n]|(?<=[-/])")


@dataclass(frozen=True)
class Fit:
    """Widths of columns in centimetres, and the size of the letters in points."""

    widths: tuple[float, ...]
    size: float


def fitted(grid: Grid, width: float) -> Fit:
    """Choose widths of columns: each holds its longest word, the rest goes to those with most text.

    Parameters
    ----------
    grid
        The table.
    width
        Of the text, in centimetres.
    """
    columns = range(len(grid.numeric))
    texts = [[grid.header[c]] if grid.header else [] for c in columns]
    for row in grid.rows:
        for column, cell in zip(texts, row, strict=True):
            column.append(plain(cell))
    numbers = zip(texts, grid.numeric, strict=True)
    words = [
        max((_ems(word) for text in column for word in _words(text, number)), default=1.0)
        for column, number in numbers
    ]
    lines = [
        max((_ems(line) for text in column for line in text.split("\n")), default=1.0) for column in texts
    ]
    size = _size(words, width)
    least = [_wide(n, size) for n in words]
    if sum(least) >= width:
        return Fit(tuple(wide * width / sum(least) for wide in least), size)
    least = _roomy(least, [max(map(_ems, column), default=1.0) for column in texts], size, width)
    most = [max(low, _wide(n, size)) for n, low in zip(lines, least, strict=True)]
    widths = _shared(least, most, [_volume(column) for column in texts], width)
    return Fit(tuple(wide * width / sum(widths) for wide in widths), size)


def _roomy(least: list[float], texts: list[float], size: float, width: float) -> list[float]:
    """Widen columns in which one long text among short ones would stand as a tower of lines."""
    asked = [
        max(0.0, min(_wide(ems / _MANY_LINES, size), width * _LARGEST_SHARE) - low)
        for low, ems in zip(least, texts, strict=True)
    ]
    part = min(1.0, _ROOM * (width - sum(least)) / max(sum(asked), _MARGINS))
    return [low + part * more for low, more in zip(least, asked, strict=True)]


def _size(words: list[float], width: float) -> float:
    """Choose the largest size at which the longest words fit, with room at the larger ones."""
    needed = {size: sum(_wide(ems, size) for ems in words) for size in SIZES}
    airy = (size for size in _AIRY if needed[size] <= _FULL * width)
    tight = (size for size in SIZES[len(_AIRY) - 1 :] if needed[size] <= width)
    return next(airy, next(tight, SIZES[-1]))


def _shared(least: list[float], most: list[float], volumes: list[float], width: float) -> list[float]:
    """Share the width so that lines are few: by the square root of the text, between least and most.

    The sum of the lines, text over width, is least where widths are as the roots of the texts.
    """
    widths, open_columns, left = list(least), set(range(len(least))), width
    while open_columns:
        roots = sum(volumes[c] ** 0.5 for c in open_columns)
        shares = {c: left * volumes[c] ** 0.5 / roots for c in open_columns}
        tight = {c for c in open_columns if shares[c] <= least[c]}
        wide = {c for c in open_columns if shares[c] >= most[c]}
        # Columns that need their least first, since they leave less to the others.
        settled = tight or wide
        for column in settled:
            widths[column] = least[column] if column in tight else most[column]
            left -= widths[column]
        if not settled:
            widths = [shares.get(c, wide) for c, wide in enumerate(widths)]
            break
        open_columns -= settled
    return widths


def _volume(column: list[str]) -> float:
    """Return the letters of a column, at least one; a short line of its own counts as a half one."""
    return 1.0 + sum(max(len(line), _HALF_LINE) for text in column for line in text.split("\n"))


def _words(text: str, number: bool) -> list[str]:
    # A number with its unit stays on one line; a heading of several words does not.
    return (
        [text] if number and len(text) <= 14 and any(sign.isdigit() for sign in text) else _BREAKS.split(text)
    )


def _ems(text: str) -> float:
    """Return about how wide a text is in Arial, in its size; a little more, since headings are bold."""
    return _BOLD * sum(_WIDTHS.get(letter, _CAPITAL if letter.isupper() else _LETTER) for letter in text)


def _wide(ems: float, size: float) -> float:
    return ems * size * _POINT + _MARGINS
