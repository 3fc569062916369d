"""A review sheet as a form to print (docx): boxes to tick and room to write beside what the report says."""

import io
from itertools import count
from typing import TYPE_CHECKING

from helpers.data.coding.harmless import harmless
from helpers.data.questionnaires.archive import date_of, fixed
from helpers.reports.comments.model import REPORT
from helpers.reports.comments.sheet import SPARE, STATUS_WORDS, ReviewSheet, SheetRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document
    from docx.table import _Cell

_WIDE, _HIGH, _MARGIN = 29.7, 21.0, 1.6
_COLUMNS = {"Id": 4.6, "What the report says": 8.9, "Status": 3.2, "Comment": 9.8}
_HOW = (
    "Tick a status for each row that you have looked at: fine, must change (it is wrong, or must not be "
    "published like this), should change (it would mislead or be missed) or could change (a suggestion), and "
    "write beside it what is to change and why.",
    "If you have nothing to change, tick fine in the first row: that, too, is a review. Use the empty rows "
    "at the end for what is missing.",
    "Whoever collects the forms types them into the sheet (xlsx), under the same ids.",
)


def sheet_docx(sheet: ReviewSheet) -> bytes:
    """Return a review sheet as a printable form, A4 across; the same sheet gives the same bytes."""
    import docx

    from helpers.data.questionnaires import docx_parts as parts

    document: Document = docx.Document()
    parts.set_styles(document, "en")
    _page(document)
    document.add_paragraph("Review form", style="Title")
    document.add_paragraph(f"Reviewer (name or initials): {sheet.reviewer or '_' * 40}")
    for line in _HOW:
        document.add_paragraph(line)
    boxes = count(1)
    for slug, title in sheet.titles.items():
        document.add_heading(harmless(title), 1)
        document.add_paragraph(f"Report {slug}", style="Hint")
        _table(document, [row for row in sheet.rows if row.report == slug], boxes)
    target = io.BytesIO()
    document.save(target)
    return fixed(target.getvalue(), date_of("2020-01-01"))


def _page(document: "Document") -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    from helpers.data.questionnaires import docx_parts as parts

    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Cm(_WIDE), Cm(_HIGH)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(_MARGIN)
    footer = page.footer.paragraphs[0]
    footer.add_run("Review form · page ")
    parts.add_field(footer, "PAGE")
    core = document.core_properties
    core.title, core.author, core.comments, core.language = "Review form", "cluster-evidence", "", "en"


def _table(document: "Document", rows: list[SheetRow], boxes: "Iterator[int]") -> None:
    from docx.shared import Cm

    from helpers.data.questionnaires import docx_parts as parts

    table = parts.plain_table(document, 1, list(_COLUMNS.values()), ruled=True)
    cells = list(table.rows[0].cells)
    for cell, title in zip(cells, _COLUMNS, strict=True):
        cell.paragraphs[0].add_run(title).bold = True
        parts.shade(cell)
    parts.repeat_head(table.rows[0])
    for number, row in enumerate(rows):
        added = table.add_row()  # type: ignore[no-untyped-call]
        parts.keep_together(added)
        spare = row.id == REPORT and number > len(rows) - 1 - SPARE
        added.height = Cm(2.2 if spare else 1.4)
        _row(list(added.cells), row, boxes)
    document.add_paragraph()


def _row(cells: "list[_Cell]", row: SheetRow, boxes: "Iterator[int]") -> None:
    from helpers.data.questionnaires import docx_parts as parts

    for cell, width in zip(cells, _COLUMNS.values(), strict=True):
        _set_width(cell, width)
    _lines(cells[0], row.id, row.where)
    earlier = f"Earlier: {row.earlier}" if row.earlier else ""
    _lines(cells[1], row.says, earlier)
    for position, word in enumerate(STATUS_WORDS):
        paragraph = cells[2].paragraphs[0] if position == 0 else cells[2].add_paragraph()
        paragraph.style = "Small"
        parts.add_box(paragraph, word, next(boxes))


def _set_width(cell: "_Cell", width: float) -> None:
    from docx.shared import Cm

    cell.width = Cm(width)


def _lines(cell: "_Cell", first: str, second: str) -> None:
    cell.paragraphs[0].style = "Small"
    cell.paragraphs[0].add_run(harmless(first))
    if second:
        cell.add_paragraph(harmless(second), style="Small").runs[0].italic = True
