"""The template of a roadmap: a workbook with drop-downs that a working group fills in."""

import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from helpers.data.catalog import read_raw
from helpers.data.coding.harmless import harmless
from helpers.data.country_codes import ISO_TO_EUROSTAT
from helpers.data.errors import InputError
from helpers.data.questionnaires.archive import fixed
from helpers.data.roadmaps.columns import COLUMNS, MOST_STEPS, NAMES, Allowed, checked_row, choices

ROADMAP, LISTS, HOW = "roadmap", "lists", "how to fill it in"
_WHEN = dt.datetime(2020, 1, 1)  # the same bytes whenever it is written
_BLUE = PatternFill("solid", fgColor="D4DAF0")
_STEPS = 12
_HOW = (
    "One row a step, in the sheet 'roadmap'. A row without anything new is left out.",
    f"More steps than there are rows: copy a row and give it the next number, up to {MOST_STEPS}.",
    "Write no names of persons, no addresses and no telephone numbers; what looks like one is taken out.",
    "Save as xlsx or as CSV, and give it back: `evidence ingest FILE --as roadmap` reads it.",
)


def allowed_here(root: Path | None = None) -> Allowed:
    """Return the domains and countries of the project's data."""
    domains = read_raw("supply_chain_domains", "domains.csv", root)["domain"].tolist()
    codes = read_raw("countries", "countries.csv", root)
    column = "country" if "country" in codes else "iso2"
    return Allowed(domains, sorted(str(ISO_TO_EUROSTAT.get(code, code)) for code in codes[column].dropna()))


def template_xlsx(group: str, allowed: Allowed) -> bytes:
    """Return the template for a working group as a workbook without formulas.

    Parameters
    ----------
    group
        Its name, such as "energy 1"; a domain with which it begins is filled in. Empty: the group enters it.
    allowed
        What the drop-downs offer.

    Raises
    ------
    InputError
        If the name of the group could not come back.
    """
    domain = next((name for name in allowed.domains if group.startswith(name)), "")
    if group and "group" in checked_row({"group": group}, allowed)[1]:
        raise InputError(f"GROUP: found {group[:60]!r}, allowed: a name such as 'energy 1'")
    book = Workbook()
    sheet = book.active
    sheet.title = ROADMAP
    begun = {"group": group, "domain": domain, "language": "en"}
    steps = [[*_filled(begun | {"step": str(number)})] for number in range(1, _STEPS + 1)]
    _fill(sheet, [NAMES, *steps], [column.width for column in COLUMNS])
    lists = book.create_sheet(LISTS)
    _offer(sheet, lists, allowed)
    meanings = [
        f"{column.name}: {column.meaning}{'' if column.required else ' (may be empty)'}" for column in COLUMNS
    ]
    _fill(book.create_sheet(HOW), [["How to fill it in"], *([line] for line in (*_HOW, *meanings))], [110])
    book.properties.creator = "cluster-evidence"
    book.properties.title = "Roadmap"
    target = io.BytesIO()
    book.save(target)
    return fixed(target.getvalue(), _WHEN)


def _filled(known: dict[str, str]) -> list[str]:
    return [known.get(name, "") for name in NAMES]


def _fill(sheet: Worksheet, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    wrapped = Alignment(wrap_text=True, vertical="top")
    for at, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(at, column)
            cell.number_format, cell.alignment = "@", wrapped
            if text:
                cell.value, cell.data_type = harmless(text), "s"
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), _BLUE
    sheet.freeze_panes = "A2"


def _offer(sheet: Worksheet, lists: Worksheet, allowed: Allowed) -> None:
    """Write what the drop-downs offer into a sheet of its own, and give the columns their drop-downs."""
    offered = choices(allowed)
    longest = max(map(len, offered.values()))
    rows = [[values[at] if at < len(values) else "" for values in offered.values()] for at in range(longest)]
    _fill(lists, [list(offered), *rows], [24] * len(offered))
    for number, (name, values) in enumerate(offered.items(), start=1):
        letter = get_column_letter(number)
        choice = DataValidation(
            type="list",
            formula1=f"{LISTS}!${letter}$2:${letter}${len(values) + 1}",
            allow_blank=True,
            showErrorMessage=True,
        )
        choice.errorTitle, choice.error = name, "Choose one of the list, or leave the cell empty."
        own = get_column_letter(NAMES.index(name) + 1)
        choice.add(f"{own}2:{own}{MOST_STEPS + 1}")
        sheet.add_data_validation(choice)
