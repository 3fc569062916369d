"""Tables: columns as wide as what stands in them needs, a head that is repeated, rows that stay whole."""

import re
from dataclasses import dataclass

from helpers.reports.document.docx_inline import Inline
from helpers.reports.document.docx_styles import TABLE_STYLE
from helpers.reports.document.docx_xml import Element, element, text_run, twips
from helpers.reports.document.model import Grid, Runs, plain

_SIZES = (8.5, 7.5, 6.5, 5.5)
"""Points; a table that is too wide is set smaller, down to the last."""
_LETTER = 0.52
"""Width of a letter in its size; bold and capital letters are wider, so this is a little more than half."""
_POINT = 2.54 / 72
_MARGINS = 0.25
_WIDEST = 7.0
_BREAKS = re.compile(r"[ \n]|(?<=[-/])")


@dataclass(frozen=True)
class _Fit:
    """Widths of columns in centimetres, and the size of the letters in points."""

    widths: tuple[float, ...]
    size: float


def table(grid: Grid, inline: Inline, width: float) -> Element:
    """Return a table of the whole width.

    Parameters
    ----------
    grid
        The table; at least one row or a header.
    inline
        Writer of runs.
    width
        Of the text, in centimetres.
    """
    fit = fitted(grid, width)
    rows = [_head(grid, inline, fit)] if grid.header else []
    anchors = grid.anchors or ("",) * len(grid.rows)
    rows += [_row(row, anchor, grid, inline, fit) for row, anchor in zip(grid.rows, anchors, strict=True)]
    columns = element("tblGrid", *(element("gridCol", w=twips(wide)) for wide in fit.widths))
    return element("tbl", _properties(grid, inline, width), columns, *rows)


def _properties(grid: Grid, inline: Inline, width: float) -> Element:
    first = "1" if grid.header else "0"
    made = element(
        "tblPr",
        element("tblStyle", val=inline.styles[TABLE_STYLE]),
        element("tblW", w=twips(width), type="dxa"),
        element("tblLayout", type="fixed"),
        element(
            "tblLook",
            val="0420" if grid.header else "0400",
            firstRow=first,
            lastRow="0",
            firstColumn="0",
            lastColumn="0",
            noHBand="0",
            noVBand="1",
        ),
    )
    if grid.caption:
        made.append(element("tblCaption", val=plain(grid.caption)))
    return made


def _head(grid: Grid, inline: Inline, fit: _Fit) -> Element:
    properties = element("trPr", element("cantSplit"), element("tblHeader"))
    cells = [
        _cell([_sized(text_run(word, bold=True), fit.size)], wide, numeric, inline)
        for word, wide, numeric in zip(grid.header, fit.widths, grid.numeric, strict=True)
    ]
    return element("tr", properties, *cells)


def _row(row: tuple[Runs, ...], anchor: str, grid: Grid, inline: Inline, fit: _Fit) -> Element:
    cells = []
    for position, (runs, wide, numeric) in enumerate(zip(row, fit.widths, grid.numeric, strict=True)):
        words = [_sized(made, fit.size) for made in inline.elements(runs)]
        if position == 0:
            words = inline.bookmarked(anchor, *words)
        cells.append(_cell(words, wide, numeric, inline))
    return element("tr", element("trPr", element("cantSplit")), *cells)


def _cell(words: list[Element], wide: float, numeric: bool, inline: Inline) -> Element:
    paragraph = inline.paragraph("Table Text", *words)
    if numeric:
        paragraph.pPr.append(element("jc", val="right"))
    return element("tc", element("tcPr", element("tcW", w=twips(wide), type="dxa")), paragraph)


def _sized(made: Element, size: float) -> Element:
    """Set letters smaller than the style's where the table is wide."""
    if size == _SIZES[0]:
        return made
    for run in made.iter(made.nsmap["w"].join("{}") + "r"):
        half = round(2 * size)
        run.get_or_add_rPr().extend([element("sz", val=half), element("szCs", val=half)])
    return made


def fitted(grid: Grid, width: float) -> _Fit:
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
    words = [
        max((len(word) for text in column for word in _words(text, number)), default=1)
        for column, number in zip(texts, grid.numeric, strict=True)
    ]
    lines = [max((len(line) for text in column for line in text.split("\n")), default=1) for column in texts]
    size = next((size for size in _SIZES if sum(_wide(n, size) for n in words) <= width), _SIZES[-1])
    least = [_wide(n, size) for n in words]
    if sum(least) >= width:
        return _Fit(tuple(wide * width / sum(least) for wide in least), size)
    wanted = [max(low, min(_wide(n, size), _WIDEST)) for n, low in zip(lines, least, strict=True)]
    spare, asked = width - sum(least), sum(wanted) - sum(least)
    if asked <= 0 or asked < spare:
        return _Fit(tuple(wide * width / sum(wanted) for wide in wanted), size)
    return _Fit(
        tuple(low + (want - low) * spare / asked for low, want in zip(least, wanted, strict=True)), size
    )


def _words(text: str, number: bool) -> list[str]:
    # A number with its unit stays on one line; a heading of several words does not.
    return (
        [text] if number and len(text) <= 14 and any(sign.isdigit() for sign in text) else _BREAKS.split(text)
    )


def _wide(letters: int, size: float) -> float:
    return letters * _LETTER * size * _POINT + _MARGINS
