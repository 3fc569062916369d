"""The neutral form in which every reader hands over an export: columns, a stream of answers, repeats."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

ColumnKind = Literal["question", "id", "submitted", "language", "parent", "system"]
DateOrder = Literal["ymd", "mdy", "dmy"]

LONGEST_HEADER = 200


class Row(NamedTuple):
    """One answer as received.

    ``number`` counts answers, the first being 2 (1 is the header), on through further sheets and files.
    ``cells`` are as many as the export has columns; ``fault`` says what is wrong with the row as a whole.
    """

    number: int
    cells: list[str]
    fault: str = ""


Rows = Callable[[], Iterator[Row]]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header on one line, the code that the tool states, and what the tool uses it for.

    ``key`` names the column uniquely within its table: the header, with " #2" behind the second of the same
    name, shortened where it is very long.
    """

    key: str
    header: str
    code: str = ""
    kind: ColumnKind = "question"


@dataclass(frozen=True)
class Repeat:
    """A table of repeated answers; ``parent`` is the position of the column that holds the answer's key."""

    name: str
    columns: tuple[Column, ...]
    parent: int
    rows: Rows


@dataclass(frozen=True)
class Conventions:
    """How a tool writes what is not text.

    ``separators`` stand between the choices of one answer, the likeliest first; ``date_order`` is how dates
    with slashes or dots are written, ``None`` where the tool leaves that to the settings of its user;
    ``missing`` are cells that the tool writes where a question was not shown.
    """

    separators: tuple[str, ...] = ()
    date_order: DateOrder | None = None
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Export:
    """One export, of one file or of several that continue each other.

    ``rows`` starts the stream anew at each call. ``key`` is the position of the column whose values the
    repeats' parent columns hold. ``notes`` are remarks for the person who ingests, without any answer.
    """

    tool: str
    names: tuple[str, ...]
    sha256: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: Rows
    conventions: Conventions = Conventions()
    repeats: tuple[Repeat, ...] = ()
    key: int | None = None
    notes: tuple[str, ...] = ()

    def position(self, kind: ColumnKind) -> int | None:
        """Return where the first column of a kind stands, ``None`` if there is none."""
        return next((at for at, column in enumerate(self.columns) if column.kind == kind), None)


def one_line(text: str) -> str:
    r"""Return a header on one line: line breaks and runs of blanks become one blank.

    Examples
    --------
    >>> one_line("Capacity\r\n per month\u00a0")
    'Capacity per month'
    """
    return " ".join(text.replace("\u00a0", " ").split())


def columns_of(
    headers: list[str],
    kinds: dict[int, ColumnKind] | None = None,
    codes: dict[int, str] | None = None,
) -> tuple[Column, ...]:
    """Name the columns of a table; headers that stand twice are counted.

    Parameters
    ----------
    headers
        As they stand in the file.
    kinds, codes
        What the tool uses a column for, and the code it states for it, by position.

    Examples
    --------
    >>> [column.key for column in columns_of(["Amount", "Unit", "Amount", ""])]
    ['Amount', 'Unit', 'Amount #2', 'column 4']
    """
    seen: dict[str, int] = {}
    columns = []
    for at, raw in enumerate(headers):
        header = one_line(raw)
        name = header[:LONGEST_HEADER] or f"column {at + 1}"
        seen[name] = seen.get(name, 0) + 1
        key = name if seen[name] == 1 else f"{name} #{seen[name]}"
        columns.append(Column(key, header, (codes or {}).get(at, ""), (kinds or {}).get(at, "question")))
    return tuple(columns)


def word_key(text: str) -> str:
    """Return a header for comparison: small letters and digits only.

    Examples
    --------
    >>> word_key("Contribution ID"), word_key("_submission_time")
    ('contributionid', 'submissiontime')
    """
    return "".join(mark for mark in text.casefold() if mark.isalnum())


def numbered(cells: Iterator[list[str]], width: int) -> Iterator[Row]:
    """Count answers from 2 on, and hold each to the width of the header.

    A row that is empty throughout and came without separators is no answer. One that is longer or shorter
    than the header is an answer with a fault, unless what is too much is empty.

    Examples
    --------
    >>> [tuple(row) for row in numbered(iter([["a", "b", ""], [], ["a"]]), 2)]
    [(2, ['a', 'b'], ''), (3, ['a', ''], 'found 1 cells, allowed: 2 as in the header')]
    """
    number = 1
    for row in cells:
        if not row:
            continue
        number += 1
        found = len(row)
        if found == width:
            yield Row(number, row)
        elif found > width and not any(row[width:]):
            yield Row(number, row[:width])
        else:
            fault = f"found {found} cells, allowed: {width} as in the header"
            yield Row(number, [*row[:width], *[""] * (width - found)], fault)
