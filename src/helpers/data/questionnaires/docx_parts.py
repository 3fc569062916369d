"""Pieces of a printable form that python-docx has no call for: boxes to tick, lines, page numbers."""

from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

BLUE = "15246B"
MUTED = "565E6C"
PALE = "EEF1FA"
LINE = "93A2DC"
WRITING_LINE = Cm(0.85)

_TABLE_PROPERTIES = (
    "tblStyle",
    "tblW",
    "jc",
    "tblInd",
    "tblBorders",
    "shd",
    "tblLayout",
    "tblCellMar",
    "tblLook",
)
_BOX = """
<w:sdt {namespaces} xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">
<w:sdtPr><w:id w:val="{number}"/>
<w14:checkbox><w14:checked w14:val="0"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>
<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:rPr>
<w:rFonts w:ascii="MS Gothic" w:hAnsi="MS Gothic" w:eastAsia="MS Gothic" w:hint="eastAsia"/></w:rPr>
<w:t>\u2610</w:t></w:r></w:sdtContent></w:sdt>
"""


def set_styles(document: Document, language: str) -> None:
    """Set type, spacing, colours and the language of the text."""
    styles = document.styles
    normal = styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(10)
    normal.paragraph_format.space_after = Pt(4)
    properties = normal.element.get_or_add_rPr()
    properties.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="{language}"/>'))
    headings = (("Title", 22, 0, 10), ("Heading 1", 15, 18, 6), ("Heading 2", 11.5, 12, 4))
    for name, size, before, after in headings:
        style = styles[name]
        _type(style, size, BLUE, bold=True)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.keep_with_next = True
    border = styles["Title"].element.get_or_add_pPr().find(qn("w:pBdr"))
    if border is not None:
        border.getparent().remove(border)
    for name, size, colour, bold in (("Question", 10, None, True), ("Hint", 9, MUTED, False)):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _type(style, size, colour, bold)
        style.paragraph_format.keep_with_next = True
    styles["Question"].paragraph_format.space_before = Pt(10)
    styles["Question"].paragraph_format.space_after = Pt(2)
    small = styles.add_style("Small", WD_STYLE_TYPE.PARAGRAPH)
    small.base_style = normal
    small.font.size = Pt(8.5)
    small.paragraph_format.space_after = Pt(1)


def _type(style: Any, size: float, colour: str | None, bold: bool) -> None:  # noqa: ANN401 - python-docx styles
    style.font.name, style.font.size, style.font.bold = "Arial", Pt(size), bold
    fonts = style.element.get_or_add_rPr().find(qn("w:rFonts"))
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    if colour is not None:
        style.font.color.rgb = RGBColor.from_string(colour)


def add_box(paragraph: Paragraph, text: str, number: int) -> None:
    """Add a box that can be ticked on paper and on screen, with its text behind it.

    Parameters
    ----------
    paragraph
        Where to add it.
    text
        What is ticked.
    number
        Of the box, unique in the document.
    """
    box = parse_xml(_BOX.format(namespaces=nsdecls("w"), number=number).replace("\n", ""))
    paragraph._p.append(box)
    paragraph.add_run(f"\u00a0{text}")
    small = paragraph.style is not None and paragraph.style.name == "Small"
    indent = Cm(0.42 if small else 0.52)
    paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = indent, -indent


def plain_table(document: Document, rows: int, widths: list[float], ruled: bool = False) -> Table:
    """Add a table of fixed column widths (cm).

    Parameters
    ----------
    document
        Where to add it.
    rows
        How many rows.
    widths
        Of the columns, in centimetres.
    ruled
        Whether thin lines are drawn around the cells. Without them the text is flush with that above.

    Returns
    -------
    Table
        Empty.
    """
    table: Table = document.add_table(rows=rows, cols=len(widths))
    table.autofit = False
    if ruled:
        sides = ("top", "left", "bottom", "right", "insideH", "insideV")
        _put(table, "tblInd", ' w:w="0" w:type="dxa"')
        _put(table, "tblBorders", "", "".join(_line(side) for side in sides))
    margins = (("top", 50), ("left", 80), ("bottom", 40), ("right", 60)) if ruled else (("left", 0),)
    _put(table, "tblCellMar", "", "".join(f'<w:{s} w:w="{w}" w:type="dxa"/>' for s, w in margins))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)
    return table


def _line(side: str) -> str:
    return f'<w:{side} w:val="single" w:sz="6" w:space="0" w:color="{LINE}"/>'


def _put(table: Table, tag: str, attributes: str, inside: str = "") -> None:
    """Put a property of a table where the schema wants it; Word refuses another order."""
    properties = table._tbl.tblPr
    order = [qn(f"w:{name}") for name in _TABLE_PROPERTIES]
    element = parse_xml(f"<w:{tag} {nsdecls('w')}{attributes}>{inside}</w:{tag}>")
    later = order[order.index(element.tag) + 1 :]
    following = next((child for child in properties if child.tag in later), None)
    if following is None:
        properties.append(element)
    else:
        following.addprevious(element)


def add_lines(document: Document, count: int, width: float) -> None:
    """Add lines to write on: rows of a table, so that text can also be typed into them."""
    table = plain_table(document, count, [width])
    for row in table.rows:
        row.height = WRITING_LINE
        keep_together(row)
        underline(row.cells[0])
    small_gap(document)


def small_gap(document: Document) -> None:
    """Add a nearly invisible paragraph, which keeps two tables apart."""
    gap = document.add_paragraph()
    gap.paragraph_format.space_after = Pt(0)
    gap.paragraph_format.line_spacing = Pt(4)


def underline(cell: _Cell) -> None:
    """Draw a thin line along the bottom of a cell."""
    cell._tc.get_or_add_tcPr().append(
        parse_xml(f"<w:tcBorders {nsdecls('w')}>{_line('bottom')}</w:tcBorders>")
    )


def shade(cell: _Cell, colour: str = PALE) -> None:
    """Fill a cell with a colour."""
    cell._tc.get_or_add_tcPr().append(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{colour}"/>')
    )


def keep_together(row: Any) -> None:  # noqa: ANN401 - python-docx row
    """Forbid a page break inside a row."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def repeat_head(row: Any) -> None:  # noqa: ANN401 - python-docx row
    """Mark a row as the head of its table, repeated on every page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def add_field(paragraph: Paragraph, code: str) -> None:
    """Add a number that the word processor computes: ``PAGE`` or ``NUMPAGES``."""
    paragraph._p.append(
        parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" {code} "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    )
