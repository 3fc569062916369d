"""A coded sheet read back: every cell checked, and nothing taken for what it is not."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.data.coding.codes import CODER, NONE, QUEUE, RANDOM, Coded, check_mark
from helpers.data.coding.sheet import LAST, SHOWN
from helpers.data.coding.wave_answers import ID
from helpers.data.errors import InputError
from helpers.data.sheets import Sheet, few, read_filled_in
from helpers.data.vintages import DATASET_NAME

NEEDED = ("answer_id", *LAST)
_CROSSES = frozenset("xX×✗✘\u0445\u0425\u03c7\u03a7")
"""What stands for x, also on a Greek or Cyrillic keyboard."""
_PATTERNS = {
    "answer_id": (ID, "an answer's id"),
    "coder": (CODER, "coder_1, coder_2, ..."),
    "wave": (DATASET_NAME.pattern, "questionnaire/YYYY-MM"),
    "selection": (f"{RANDOM}|{QUEUE}", f"{RANDOM} or {QUEUE}"),
}
_PROBABILITY = re.compile(r"(?:0?[.,][0-9]{1,15}|1(?:[.,]0{1,15})?|[0-9][.,]?[0-9]{0,14}[eE]-[0-9]{1,3})")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a sheet: where it stands, what was coded (``None`` if it was left open), and the comment."""

    file: str
    row: int
    wave: str
    answer_id: str
    coder: str
    coded: Coded | None
    comment: str

    def at(self, column: str) -> str:
        """Return the place of a cell, as messages begin."""
        return f"{self.file}: row {self.row}, column {column}"


def read_sheet(path: Path, themes: Sequence[str], encoding: str | None = None) -> list[Line]:
    """Return the rows of a coded sheet.

    Parameters
    ----------
    path
        xlsx, xls, ods or CSV; of a workbook the first sheet with a column answer_id is read.
    themes
        Codes of the codebook.
    encoding
        Of a CSV, if it is known.

    Returns
    -------
    list of Line
        One for each row that is not empty, in order.

    Raises
    ------
    InputError
        If it is no sheet that `evidence review` wrote, a column is missing or unknown, a cell under a theme
        is neither x nor empty, ``none`` stands beside a theme, or a row is not as it was handed out. Row 1 is
        the header.
    """
    sheet = read_filled_in(path, "answer_id", "a sheet of `evidence review`", encoding)
    lines, faults = [], []
    for number, found in sheet.read(_places(sheet, themes)):
        if not any(found.values()):
            continue
        line, wrong = _line(path.name, number, found, themes)
        lines.append(line)
        faults += wrong
    if faults:
        raise InputError(few(faults, path.name))
    return lines


def _places(sheet: Sheet, themes: Sequence[str]) -> dict[str, int]:
    """Return where each column stands; each that is needed must be there once, and none that is unknown."""
    names = sheet.names
    where = f"{sheet.file}: row {sheet.row}"
    faults = []
    for name in dict.fromkeys(names):
        if name and name not in (*SHOWN, *themes, *LAST):
            known = ", ".join(themes)
            faults.append(f"{where}, column {name[:40]!r}: unknown theme, allowed: {known}, or none")
        if name and names.count(name) > 1:
            faults.append(f"{where}, column {name[:40]}: stands twice, allowed: once")
    for name in (*NEEDED, *themes):
        if name not in names:
            hint = "; if the theme is newer than the sheet, add an empty column" if name in themes else ""
            faults.append(f"{where}, column {name}: missing{hint}")
    if faults:
        raise InputError(few(faults, sheet.file))
    return {name: names.index(name) for name in (*NEEDED, *themes)}


def _line(file: str, row: int, found: Mapping[str, str], themes: Sequence[str]) -> tuple[Line, list[str]]:
    """Return a row, and what is wrong with it."""
    crossed = [name for name in (*themes, NONE) if found[name] in _CROSSES]
    probability = _probability(found["probability"])
    wrong = {**_wrong_codes(found, themes, crossed), **_wrong_draw(found, probability)}
    faults = [
        f"{file}: row {row}, column {column}: found {found[column][:20]!r}, {allowed}"
        for column, allowed in wrong.items()
    ]
    chosen = tuple(name for name in crossed if name != NONE)
    answer, coder = found["answer_id"], found["coder"]
    coded = Coded(answer, coder, chosen, found["selection"], probability) if crossed else None
    return Line(file, row, found["wave"], answer, coder, coded, found["comment"]), faults


def _wrong_codes(found: Mapping[str, str], themes: Sequence[str], crossed: Sequence[str]) -> dict[str, str]:
    """Return which cells under themes are wrong, and what is allowed."""
    wrong = {
        name: "allowed: x or an empty cell"
        for name in (*themes, NONE)
        if found[name] and found[name] not in _CROSSES
    }
    if NONE in crossed and len(crossed) > 1:
        wrong[NONE] = f"but {crossed[0]} is chosen, too; allowed: either"
    return wrong


def _wrong_draw(found: Mapping[str, str], probability: float | None) -> dict[str, str]:
    """Return which cells differ from what was handed out."""
    wrong = {
        name: f"allowed: {allowed}, as it was handed out"
        for name, (pattern, allowed) in _PATTERNS.items()
        if not re.fullmatch(pattern, found[name])
    }
    drawn = found["selection"] == RANDOM
    if drawn != (probability is not None) or (found["probability"] != "" and not drawn):
        wrong["probability"] = "allowed: the number that was handed out; nothing for the queue"
    elif not wrong:
        mark = check_mark(found["wave"], found["answer_id"], found["selection"], probability)
        if found["check"] != mark:
            wrong["probability"] = (
                "but the row was handed out with another answer_id, wave, selection or probability; allowed: "
                "as it was handed out"
            )
    return wrong


def _probability(text: str) -> float | None:
    """Read a number as spreadsheet programs write it, also with a decimal comma."""
    if not _PROBABILITY.fullmatch(text):
        return None
    value = float(text.replace(",", "."))
    return value if 0 < value <= 1 else None
