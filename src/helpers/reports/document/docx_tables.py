"""Tables: columns as wide as what stands in them needs, a head that is repeated, rows that stay whole."""

from helpers.reports.document.docx_inline import Inline
from helpers.reports.document.docx_styles import TABLE_STYLE
from helpers.reports.document.docx_widths import SIZES, Fit, fitted
from helpers.reports.document.docx_xml import Element, element, text_run, twips
from helpers.reports.document.model import Grid, Runs, plain


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


def _head(grid: Grid, inline: Inline, fit: Fit) -> Element:
    properties = element("trPr", element("cantSplit"), element("tblHeader"))
    cells = [
        _cell([_sized(text_run(word, bold=True), fit.size)], wide, numeric, inline)
        for word, wide, numeric in zip(grid.header, fit.widths, grid.numeric, strict=True)
    ]
    return element("tr", properties, *cells)


def _row(row: tuple[Runs, ...], anchor: str, grid: Grid, inline: Inline, fit: Fit) -> Element:
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
    if size == SIZES[0]:
        return made
    for run in made.iter(made.nsmap["w"].join("{}") + "r"):
        half = round(2 * size)
        run.get_or_add_rPr().extend([element("sz", val=half), element("szCs", val=half)])
    return made
