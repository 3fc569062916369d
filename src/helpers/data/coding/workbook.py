"""A coding sheet as a workbook: the answers with drop-downs, the codebook, and how to code."""

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from helpers.data.coding.codes import NONE
from helpers.data.coding.harmless import harmless
from helpers.data.coding.sheet import LAST, SHOWN, Sheet
from helpers.data.questionnaires.archive import fixed

ANSWERS, CODEBOOK, HOW = "answers", "codebook", "how to code"
_TEXT = "@"
"""Number format of texts: what is typed again into such a cell stays a text, too."""
_WIDTHS = {"answer_id": 13, "language": 9, "question": 13, "text": 70, "machine": 22, NONE: 6, "comment": 40}
_THEME_WIDTH = 5
_GREY, _BLUE = PatternFill("solid", fgColor="EEEEEE"), PatternFill("solid", fgColor="D4DAF0")
_WHEN = dt.datetime(2020, 1, 1)  # the same bytes whenever it is written
_HOW = (
    "Read each answer in the sheet 'answers'. Enter x under each theme of which it complains; also several.",
    "Enter x under 'none' if it complains of none of them, if it says that all is well, or nothing at all.",
    "A row without any x counts as not coded: leave rows open that you have not read, or cannot judge.",
    "What is said to be no difficulty is not coded ('energy is no problem, but staff is': skills).",
    "Code what the answer says, not what you know of the respondent. The themes are in the sheet 'codebook'.",
    "'machine' shows what the machine found in answers that were chosen because its codes are doubtful; it "
    "is empty for answers drawn at random. Do not compare with other coders before all of you have finished.",
    "'comment' is for you and those who run the project; it is kept apart and not published.",
    "Leave all other columns, and the first row, as they are: they say how the answer was drawn. Rows may be "
    "sorted. Save as xlsx or as CSV, and give it back; `evidence ingest FILE --as coded_answers` reads it.",
)


def sheet_xlsx(sheet: Sheet) -> bytes:
    """Return a sheet as a workbook (xlsx).

    Every cell is a text and none a formula; themes and ``none`` have a drop-down with x. The same sheet gives
    the same bytes.
    """
    book = Workbook()
    answers = book.active
    answers.title = ANSWERS
    _fill(answers, [sheet.columns, *sheet.cells()], _widths(sheet))
    _dress(answers, sheet)
    themes = [["theme", "label", "definition", "belongs", "does not belong"]]
    themes += [[t.code, t.label, t.definition, t.belongs, t.does_not_belong] for t in sheet.themes]
    _fill(book.create_sheet(CODEBOOK), themes, [20, 28, 50, 50, 50])
    asked = [f"Question {code}: {text}" for code, text in sheet.questions.items()]
    _fill(book.create_sheet(HOW), [[line] for line in (*_HOW, *asked)], [120])
    book.properties.creator = "cluster-evidence"
    book.properties.title = f"{sheet.wave}, {sheet.coder}"
    target = io.BytesIO()
    book.save(target)
    return fixed(target.getvalue(), _WHEN)


def _fill(target: Worksheet, rows: Iterable[Sequence[str]], widths: Sequence[int]) -> None:
    wrapped = Alignment(wrap_text=True, vertical="top")
    for at, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            cell = target.cell(at, column)
            cell.number_format, cell.alignment = _TEXT, wrapped
            if text:
                cell.value, cell.data_type = harmless(text), "s"  # else = would begin a formula
    for column, width in enumerate(widths, start=1):
        target.column_dimensions[get_column_letter(column)].width = width
    for cell in target[1]:
        cell.font, cell.fill = Font(bold=True), _BLUE
    target.freeze_panes = "A2"


def _widths(sheet: Sheet) -> list[int]:
    themes = {theme.code: _THEME_WIDTH for theme in sheet.themes}
    known: Mapping[str, int] = _WIDTHS | themes
    return [known.get(name, 11) for name in sheet.columns]


def _dress(answers: Worksheet, sheet: Sheet) -> None:
    """Add drop-downs, keep texts in view, and show which columns are not to be changed."""
    first, last = len(SHOWN) + 1, len(SHOWN) + len(sheet.themes) + 1
    rows = len(sheet.rows) + 1
    choice = DataValidation(type="list", formula1='"x"', allow_blank=True, showErrorMessage=True)
    choice.errorTitle, choice.error = "x or empty", "Enter x, or leave the cell empty."
    choice.add(f"{get_column_letter(first)}2:{get_column_letter(last)}{max(rows, 2)}")
    answers.add_data_validation(choice)
    answers.freeze_panes = f"{get_column_letter(first)}2"
    for column in range(first, last + 1):
        answers.cell(1, column).alignment = Alignment(text_rotation=90, vertical="bottom")
    answers.row_dimensions[1].height = 120
    for column in range(len(sheet.columns) - len(LAST) + 3, len(sheet.columns) + 1):
        for row in range(1, rows + 1):
            answers.cell(row, column).fill = _GREY
