"""A review sheet as a workbook: what can be filled in is open, all else is protected, nothing runs."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpers.data.coding.harmless import harmless
from helpers.data.questionnaires.archive import date_of, fixed
from helpers.data.survey.guard import escaped
from helpers.reports.comments.model import LONGEST_NAME
from helpers.reports.comments.sheet import COLUMNS, FINE, STATUS_WORDS, ReviewSheet

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

HOW, ROWS = "how to review", "review"
REVIEWER = "reviewer"
_HINT = "your name or initials, as they may stand in the report; no address or number"
_TEXT = "@"
_HEADER_ROW = 3
_OPEN = ("status", "comment")
_WIDTHS = {"report": 16, "id": 24, "where": 24, "says": 52, "status": 15, "comment": 52, "earlier": 40}
_GREY, _BLUE, _OPEN_FILL = "EEEEEE", "D4DAF0", "FFFBE6"
INSTRUCTIONS = (
    "Enter your name or initials in the sheet 'review', cell B1. They will stand beside your comments.",
    "Read the report. For each row that you have looked at, choose in the column 'status': fine, must change "
    "(it is wrong, or must not be published like this), should change (it would mislead or be missed), "
    "could change (a suggestion).",
    "Say in 'comment' what is to change and why. A comment needs a status, and a change needs a comment.",
    "If you have nothing to change, choose fine in the first row of the report: that, too, is a review.",
    "What is missing, or concerns the whole report, goes into the rows 'report'; there are empty ones at the "
    "end of each report.",
    "The columns 'where' and 'says' show what stands in the report now; 'earlier' what was commented before, "
    "and what was answered.",
    "Only the yellow cells can be changed. Leave ids and the hidden columns as they are; rows may be "
    "filtered. Save as xlsx, ods or CSV and give the file back.",
    "Comments become part of the report's history: write no telephone numbers or e-mail addresses into them; "
    "what looks like one is taken out.",
)


def sheet_xlsx(sheet: ReviewSheet) -> bytes:
    """Return a review sheet as a workbook (xlsx); the same sheet gives the same bytes.

    Every cell is a text that no spreadsheet program runs, also after it was saved as CSV. Status has a
    drop-down; only status, comment and the reviewer's name can be changed (the protection has no password).
    """
    from openpyxl import Workbook

    book = Workbook()
    _instructions(book.active, sheet)
    rows = book.create_sheet(ROWS)
    _head(rows, sheet)
    for at, row in enumerate(sheet.rows, start=_HEADER_ROW + 1):
        texts = (row.report, row.id, row.where, row.says, "", "", row.earlier, row.build, row.check)
        _fill(rows, at, texts)
    _choices(rows, len(sheet.rows))
    _set_up_page(rows, len(sheet.rows))
    book.active = 1
    for one in book.worksheets:
        one.sheet_view.tabSelected = one.title == ROWS
    book.properties.creator = "cluster-evidence"
    book.properties.title = harmless(f"Review of {', '.join(sheet.titles)}", longest=200)
    target = io.BytesIO()
    book.save(target)
    return fixed(target.getvalue(), date_of("2020-01-01"))


def _instructions(target: "Worksheet", sheet: ReviewSheet) -> None:
    target.title = HOW
    target.column_dimensions["A"].width = 110
    target.page_setup.paperSize, target.page_setup.fitToHeight = 9, 0
    target.sheet_properties.pageSetUpPr.fitToPage = True
    reports = [f"{slug}: {title}" for slug, title in sheet.titles.items()]
    lines = ["How to review", *INSTRUCTIONS, "Reports in this sheet", *reports]
    for at, line in enumerate(lines, start=1):
        _put(target, at, 1, line, bold=line in ("How to review", "Reports in this sheet"))
    target.protection.sheet = True


def _head(target: "Worksheet", sheet: ReviewSheet) -> None:
    from openpyxl.styles import Alignment, Protection

    _put(target, 1, 1, REVIEWER, bold=True, fill=_BLUE)
    name = _put(target, 1, 2, sheet.reviewer, fill=_OPEN_FILL)
    name.protection = Protection(locked=False)
    notes = {(1, 3): _HINT, (2, 1): "The yellow cells are for you; see the sheet 'how to review'."}
    for (row, column), text in notes.items():
        _put(target, row, column, text).alignment = Alignment(
            vertical="top"
        )  # in one line, over the next cells
    for column, text in enumerate(COLUMNS, start=1):
        _put(target, _HEADER_ROW, column, text, bold=True, fill=_BLUE)
    target.freeze_panes = f"C{_HEADER_ROW + 1}"


def _fill(target: "Worksheet", at: int, texts: Sequence[str]) -> None:
    from openpyxl.styles import Protection

    for column, (name, text) in enumerate(zip(COLUMNS, texts, strict=True), start=1):
        cell = _put(target, at, column, text, fill=_OPEN_FILL if name in _OPEN else _GREY)
        if name in _OPEN:
            cell.protection = Protection(locked=False)


def _put(
    target: "Worksheet", row: int, column: int, text: str, *, bold: bool = False, fill: str = ""
) -> "Cell":
    from openpyxl.styles import Alignment, Font, PatternFill

    cell: Cell = target.cell(row, column)
    cell.number_format, cell.alignment = _TEXT, Alignment(wrap_text=True, vertical="top")
    if text:
        cell.value, cell.data_type = harmless(escaped(text)), "s"  # else = would begin a formula
    if bold:
        cell.font = Font(bold=True)
    if fill:
        cell.fill = PatternFill("solid", fgColor=fill)
    return cell


def _choices(target: "Worksheet", rows: int) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    last = _HEADER_ROW + max(rows, 1)
    words = ",".join(STATUS_WORDS)
    choice = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True, showErrorMessage=True)
    choice.errorTitle, choice.error = "Status", f"Choose one of: {words}; or leave the cell empty."
    choice.promptTitle, choice.prompt = "Status", f"{FINE}, or how needful a change is"
    choice.showInputMessage = True
    letter = get_column_letter(COLUMNS.index("status") + 1)
    choice.add(f"{letter}{_HEADER_ROW + 1}:{letter}{last}")
    name = DataValidation(type="textLength", operator="lessThanOrEqual", formula1=str(LONGEST_NAME))
    name.showErrorMessage, name.error = True, f"At most {LONGEST_NAME} characters."
    name.add("B1")
    target.add_data_validation(choice)
    target.add_data_validation(name)
    protection = target.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = protection.autoFilter = False


def _set_up_page(target: "Worksheet", rows: int) -> None:
    from openpyxl.utils import get_column_letter

    for column, name in enumerate(COLUMNS, start=1):
        dimension = target.column_dimensions[get_column_letter(column)]
        dimension.width, dimension.hidden = _WIDTHS.get(name, 14), name in ("build", "check")
    last = get_column_letter(COLUMNS.index("earlier") + 1)
    target.auto_filter.ref = f"A{_HEADER_ROW}:{last}{_HEADER_ROW + max(rows, 1)}"
    target.print_area = f"A1:{last}{_HEADER_ROW + max(rows, 1)}"
    target.print_title_rows = f"{_HEADER_ROW}:{_HEADER_ROW}"
    target.page_setup.orientation, target.page_setup.paperSize = "landscape", 9
    target.page_setup.fitToWidth, target.page_setup.fitToHeight = 1, 0
    target.sheet_properties.pageSetUpPr.fitToPage = True
    target.oddFooter.left.text, target.oddFooter.right.text = "Review sheet", "&P / &N"
