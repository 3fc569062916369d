"""A coding sheet: the columns that go out and come back, and the sheet as CSV."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from helpers.data.coding.codes import NONE, RANDOM, check_mark, probability_text
from helpers.data.coding.harmless import harmless
from helpers.data.coding.themes import Theme
from helpers.data.survey.guard import guarded

SHOWN = ("answer_id", "language", "question", "text", "machine")
LAST = (NONE, "comment", "coder", "wave", "selection", "probability", "check")


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer to be coded.

    ``machine`` are the themes that the machine found, as shown to the coder; ``None`` for an answer of the
    random sample, since who sees codes agrees with them.
    """

    answer_id: str
    text: str
    language: str
    question: str
    selection: str
    probability: float | None
    machine: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if self.selection == RANDOM and self.machine is not None:
            raise ValueError("the machine's codes are not shown for the random sample")


@dataclass(frozen=True)
class Sheet:
    """The sheet of one coder.

    Parameters
    ----------
    wave
        ``<questionnaire>/<vintage>``.
    coder
        Such as coder_1.
    themes
        Of the codebook.
    rows
        The answers, in the order in which they are to be read.
    questions
        Code of each question -> how it was asked.
    """

    wave: str
    coder: str
    themes: Sequence[Theme]
    rows: Sequence[Asked]
    questions: Mapping[str, str]

    @property
    def columns(self) -> list[str]:
        """Return the names of the columns in their order."""
        return [*SHOWN, *(theme.code for theme in self.themes), *LAST]

    def cells(self) -> Iterator[list[str]]:
        """Yield the cells of each row: nothing in them runs, whoever wrote the answer."""
        empty = [""] * len(self.themes)
        for row in self.rows:
            machine = "" if row.machine is None else ";".join(row.machine) or NONE
            shown = (row.answer_id, row.language, row.question, row.text, machine)
            mark = check_mark(self.wave, row.answer_id, row.selection, row.probability)
            last = (self.coder, self.wave, row.selection, probability_text(row.probability), mark)
            yield [*map(harmless, shown), *empty, "", "", *last]


def sheet_csv(sheet: Sheet) -> bytes:
    """Return a sheet as CSV: UTF-8 with a byte-order mark, by which spreadsheet programs tell the encoding.

    A cell that a spreadsheet program would run begins with ``'``, see `helpers.data.survey.guard`.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(sheet.columns)
    writer.writerows([guarded(cell) for cell in cells] for cells in sheet.cells())
    return text.getvalue().encode("utf-8-sig")
