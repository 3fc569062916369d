"""Tables as a workbook (xlsx): texts and numbers, never a formula, and a sheet that says what they are."""

import base64
import datetime as dt
import io
import math
import numbers
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from helpers.data.coding.harmless import harmless
from helpers.data.questionnaires.archive import fixed
from helpers.data.survey.guard import escaped
from helpers.figures.downloads import download_link, is_missing, plain_text
from helpers.figures.sources import SAMPLE_MARK, SourceLine, marked_caption

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ABOUT = "About"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Value = str | int | float

_WHEN = dt.datetime(2020, 1, 1)  # the same bytes whenever it is written
_LONGEST_NAME = 31
_RESERVED = ("history", ABOUT.lower())
"""Excel keeps the one for itself, and the other is the name of our second sheet."""
_NARROWEST, _WIDEST = 9, 60
_SPEC = re.compile(r"(?P<sign>\+?)(?P<comma>,?)(?:\.(?P<digits>[0-9]+))?(?P<kind>[fd%])")


@dataclass(frozen=True)
class SheetData:
    """One sheet.

    Attributes
    ----------
    name
        Of the sheet; shortened to what Excel allows.
    header
        First row, set in bold and kept in view.
    rows
        Texts, numbers, dates or nothing.
    specs
        Format specification of each column, as in :func:`helpers.figures.tables.format_cell`.
    """

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[object]]
    specs: Sequence[str] = field(default=())


def workbook(sheets: Sequence[SheetData], title: str) -> bytes:
    """Return sheets as a workbook.

    Every cell is a number, or a text that no spreadsheet program runs: it is marked as text, and gets a ``'``
    wherever a formula could begin, as in :func:`helpers.figures.downloads.csv_text`, since such a sheet may
    be saved as CSV. Control characters are replaced by their number.

    Parameters
    ----------
    sheets
        In their order.
    title
        For the properties of the file.

    Returns
    -------
    bytes
        The file; the same bytes for the same sheets.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    taken: list[str] = []
    for sheet in sheets:
        taken.append(_sheet_name(sheet.name, taken))
        _fill(book.create_sheet(taken[-1]), sheet)
    book.properties.creator = "cluster-evidence"
    book.properties.title = harmless(title, longest=200)
    target = io.BytesIO()
    book.save(target)
    return fixed(target.getvalue(), _WHEN)


def table_workbook(
    data: pd.DataFrame,
    *,
    id: str,
    caption: str,
    columns: Mapping[str, tuple[str, str]] | None = None,
    sources: Sequence[SourceLine] = (),
    sample: bool = False,
    note: str | None = None,
) -> bytes:
    """Return a published table as a workbook: the table, and a sheet that says what it is.

    Parameters
    ----------
    data
        Rows in their order, with all columns.
    id
        Of the table; names the sheet.
    caption
        Plain text.
    columns
        Columns that the report shows, with label and format: they come first, under their labels. All others
        follow under their own names.
    sources
        Datasets that the table rests on.
    sample
        Whether it rests on made-up data.
    note
        Remark.
    """
    name = f"table-{id}" if id.lower() in _RESERVED else id
    about = about_sheet(marked_caption(caption, sample), sources, sample, note)
    return workbook([sheet_of(data, name, columns), about], caption)


def sheet_of(
    data: pd.DataFrame, name: str, columns: Mapping[str, tuple[str, str]] | None = None
) -> SheetData:
    """Return a table as a sheet, the columns that are named first, without geometry.

    Examples
    --------
    >>> table = pd.DataFrame({"km": [870.5], "to": ["=1+1"]})
    >>> sheet_of(table, "plan", {"to": ("To", "")}).header
    ['To', 'km']
    """
    shown = dict(columns or {})
    rest = [
        column for column in data.columns if column not in shown and str(data[column].dtype) != "geometry"
    ]
    header = [*(label for label, _ in shown.values()), *map(str, rest)]
    rows = list(data[[*shown, *rest]].itertuples(index=False, name=None))
    return SheetData(name, header, rows, [*(spec for _, spec in shown.values()), *[""] * len(rest)])


def about_sheet(
    caption: str, sources: Sequence[SourceLine], sample: bool, note: str | None = None
) -> SheetData:
    """Return the sheet that says what a workbook holds and where it comes from.

    Examples
    --------
    >>> about_sheet("Offers", [SourceLine("gdp", "GDP", "2023", "observed", "World Bank.")], False).rows
    [('Caption', 'Offers'), ('Source', 'GDP (2023)')]
    """
    rows = [("Caption", caption), *(("Source", line.text) for line in sources)]
    if sample:
        rows.append(("Data", f"{SAMPLE_MARK.capitalize()}: no figure here is a finding"))
    if note:
        rows.append(("Remark", note))
    return SheetData(ABOUT, ("About this workbook", "What it is"), rows)


def workbook_link(name: str, data: bytes) -> str:
    """Return a link that saves a workbook whose content is in the link itself."""
    address = f"data:{MEDIA_TYPE};base64,{base64.b64encode(data).decode('ascii')}"
    return download_link(name, "XLSX", address)


def number_format(spec: str) -> str:
    """Turn a format specification into a number format of spreadsheets.

    Examples
    --------
    >>> number_format(",.1f"), number_format(",d"), number_format("+.1%"), number_format("")
    ('#,##0.0', '#,##0', '+0.0%;-0.0%;0.0%', 'General')
    """
    found = _SPEC.fullmatch(spec)
    if found is None:
        return "General"
    digits = "" if found["kind"] == "d" else "0" * int(found["digits"] or "6")
    pattern = ("#,##0" if found["comma"] else "0") + (f".{digits}" if digits else "")
    pattern += "%" if found["kind"] == "%" else ""
    return f"+{pattern};-{pattern};{pattern}" if found["sign"] else pattern


def cell_value(value: object) -> Value | None:
    """Return what a cell holds: nothing, a number, or a harmless text.

    Examples
    --------
    >>> cell_value("=1+1"), cell_value(3.0), cell_value(float("nan")), cell_value(pd.Timestamp("2021-06-01"))
    ("'=1+1", 3.0, None, '2021-06-01')
    """
    if is_missing(value):
        return None
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return "yes" if value else "no"
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        number = float(value)
        return number if math.isfinite(number) else ("∞" if number > 0 else "−∞")
    return harmless(escaped(plain_text(value)))


def _sheet_name(wanted: str, taken: Sequence[str]) -> str:
    """Return a name that Excel accepts: 31 characters, no brackets, colons or slashes, none twice."""
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "-", wanted).strip("'") or "Sheet"
    used = {one.lower() for one in taken}
    endings = ["", *(f"-{number}" for number in range(2, len(taken) + 3))]
    names = [clean[: _LONGEST_NAME - len(ending)] + ending for ending in endings]
    return next(name for name in names if name.lower() not in used)


def _fill(target: "Worksheet", sheet: SheetData) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    header = [cell_value(str(name)) for name in sheet.header]
    rows = [[cell_value(value) for value in row] for row in sheet.rows]
    formats = [number_format(spec) for spec in sheet.specs]
    wrapped, top = Alignment(wrap_text=True, vertical="top"), Alignment(vertical="top")
    bold, blue = Font(bold=True), PatternFill("solid", fgColor="D4DAF0")
    for at, row in enumerate([header, *rows], start=1):
        for column, value in enumerate(row, start=1):
            if value is None:
                continue
            cell = target.cell(at, column)
            if isinstance(value, str):
                cell.value, cell.data_type, cell.number_format = value, "s", "@"
                cell.alignment = wrapped
            else:
                cell.value, cell.alignment = value, top
                cell.number_format = formats[column - 1] if column <= len(formats) else "General"
    for cell in target[1]:
        cell.font, cell.fill = bold, blue
    target.freeze_panes = "A2"
    _widen(target, [header, *rows], sheet.specs)


def _widen(target: "Worksheet", rows: Sequence[Sequence[Value | None]], specs: Sequence[str]) -> None:
    from openpyxl.utils import get_column_letter

    for column in range(len(rows[0])):
        spec = specs[column] if column < len(specs) else ""
        longest = max(_width(row[column], spec) for row in rows)
        width = min(max(longest + 2, _NARROWEST), _WIDEST)
        target.column_dimensions[get_column_letter(column + 1)].width = width


def _width(value: Value | None, spec: str) -> int:
    """Return how many characters a cell shows in its longest line."""
    if value is None:
        return 0
    if isinstance(value, str):
        return max(map(len, value.split("\n")))
    return len(format(value, spec if _SPEC.fullmatch(spec) and not spec.endswith("d") else ".6g"))
