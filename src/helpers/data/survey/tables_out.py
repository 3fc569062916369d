"""The tables that an ingest writes, row by row, into the staging folders."""

import csv
import json
import os
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from helpers.data.survey.answers import AnswerReader
from helpers.data.survey.export import Column, Row
from helpers.data.survey.guard import guarded, guarded_row, unguarded
from helpers.data.survey.shape import Answer, Fault
from helpers.data.survey.staging import private_file

if TYPE_CHECKING:
    from _csv import Writer

    import pandas as pd

ANSWERS, CAPACITIES, REJECTS = "answers.csv", "capacities.csv", "rejects.csv"
CONTACTS, REJECTED_ROWS = "contacts.csv", "rejected_rows.csv"


class TablesOut:
    """Writes answers, capacities and rejects, and the restricted contacts and rejected rows.

    Parameters
    ----------
    raw, restricted
        The staging folders.
    reader
        Knows which question stands in which column.
    columns
        Of the main table, for the rows that are rejected.

    Notes
    -----
    ``counts`` holds the rows of each file; ``rejected`` the number of rejected answers, each of which may
    have several lines in rejects.csv.
    """

    def __init__(
        self, raw: Path, restricted: Path, reader: AnswerReader, columns: tuple[Column, ...]
    ) -> None:
        self._reader = reader
        self._resources = ExitStack()
        self._columns = [column.key for column in columns]
        layout = reader.layout
        public = [question.code for question in layout.public]
        self.counts = dict.fromkeys((ANSWERS, CAPACITIES, REJECTS, CONTACTS, REJECTED_ROWS), 0)
        self.rejected = 0
        head = ["respondent_id", "received_row"]
        self._writers = {
            ANSWERS: self._open(
                raw / ANSWERS, [*head, "submitted", "language", *public, "consent", "name_shown"]
            ),
            CAPACITIES: self._open(raw / CAPACITIES, [*head, "product", *layout.field_names()]),
            REJECTS: self._open(raw / REJECTS, ["received_row", "column", "found", "reason"]),
            CONTACTS: self._open(
                restricted / CONTACTS,
                ["respondent_id", *(one.code for one in layout.restricted)],
                private=True,
            ),
            REJECTED_ROWS: self._open(
                restricted / REJECTED_ROWS, ["received_row", *self._columns, "row_of_repeat"], private=True
            ),
        }

    def _open(self, path: Path, header: list[str], private: bool = False) -> "Writer":
        handle = private_file(path) if private else os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        file = self._resources.enter_context(os.fdopen(handle, "w", encoding="utf-8", newline=""))
        self._resources.callback(file.flush)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(guarded_row(header))
        return writer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._resources.close()

    def _write(self, name: str, cells: list[str]) -> None:
        self._writers[name].writerow(cells)
        self.counts[name] += 1

    def accept(self, respondent_id: str, answer: Answer, submitted: str, language: str) -> None:
        """Write an answer, its capacities and its contacts."""
        layout = self._reader.layout
        public = answer.public[: len(layout.public)]
        row = str(answer.number)
        ends = [self._reader.consent(answer), guarded(self._reader.name_shown(answer))]
        self._write(ANSWERS, [respondent_id, row, submitted, language, *guarded_row(public), *ends])
        for line in answer.capacities:
            self._write(CAPACITIES, [respondent_id, row, *guarded_row(line)])
        self._write(CONTACTS, [respondent_id, *guarded_row(answer.restricted)])

    def reject(self, row: Row, faults: list[Fault], repeat: str = "") -> None:
        """Write why an answer is rejected, and the whole row where only its owner reads it.

        Parameters
        ----------
        row
            As received; of a table of repeats if ``repeat`` names one.
        faults
            One line each.
        """
        self.rejected += 1
        for fault in faults:
            self._write(REJECTS, [str(row.number), fault.column, guarded(fault.found), fault.reason])
        whole = [""] * len(self._columns) if repeat else guarded_row(row.cells)
        extra = json.dumps([repeat, *row.cells], ensure_ascii=False) if repeat else ""
        self._write(REJECTED_ROWS, [str(row.number), *whole, extra])


def read_table(path: Path, columns: list[str]) -> "pd.DataFrame":
    """Read some columns of a table as text, as they were before `guarded`."""
    import pandas as pd

    frame = pd.read_csv(
        path, dtype="str", keep_default_na=False, usecols=lambda name: name in columns, lineterminator="\n"
    )
    return frame.apply(lambda column: column.map(unguarded)) if len(frame) else frame
