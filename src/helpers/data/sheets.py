"""Sheets that people filled in and sent back: where their rows begin, and what is said of their faults."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from helpers.data.errors import InputError
from helpers.data.survey.source import open_source

MOST_MESSAGES = 10


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a file.

    Attributes
    ----------
    file
        Name of the file.
    row
        Row of the header, counted from 1.
    names
        What the header calls the columns, in lower case.
    rows
        Row number and cells of each row below the header.
    """

    file: str
    row: int
    names: tuple[str, ...]
    rows: tuple[tuple[int, Sequence[str]], ...]

    def read(self, places: dict[str, int]) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield the number of each row, and its cells by the name of their column, without space around."""
        for number, cells in self.rows:
            yield (
                number,
                {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()},
            )


def read_filled_in(path: Path, column: str, allowed: str, encoding: str | None = None) -> Sheet:
    """Read the first table of a file that has a column of a certain name.

    Parameters
    ----------
    path
        xlsx, xls, ods or CSV.
    column
        Name by which the table is known.
    allowed
        What the message says is allowed.
    encoding
        Of a CSV, if it is known.

    Raises
    ------
    InputError
        If the file cannot be read, or none of its tables has the column.
    """
    with ExitStack() as resources:
        source = open_source(path, resources, encoding)
        for name in source.tables:
            if column in map(_name, source.header(name)):
                rows = list(source.tables[name]())
                break
        else:
            raise InputError(f"{path.name}: found no column {column}, allowed: {allowed}")
    start = next(at for at, row in enumerate(rows) if row)
    below = tuple(enumerate(rows[start + 1 :], start=start + 2))
    return Sheet(path.name, start + 1, tuple(map(_name, rows[start])), below)


def few(faults: Sequence[str], where: str) -> list[str]:
    """Return the first messages, and how many more there are.

    Examples
    --------
    >>> few(["a.csv: row 2: x"] * 12, "a.csv")[-1]
    'a.csv: and 2 more like these'
    """
    more = len(faults) - MOST_MESSAGES
    return [*faults[:MOST_MESSAGES], *([f"{where}: and {more} more like these"] if more > 0 else [])]


def _name(header: str) -> str:
    return header.strip().strip("'").casefold()
