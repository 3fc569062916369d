"""A filled review sheet read back: every cell checked, and nothing taken for what it is not."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from helpers.data.coding.harmless import harmless
from helpers.data.errors import InputError
from helpers.data.files import sha256_of
from helpers.data.privacy import redact
from helpers.data.survey.guard import unguarded
from helpers.data.survey.source import open_source
from helpers.reports.comments.model import LONGEST_NAME, TARGET, Severity, check_mark, same_person
from helpers.reports.comments.sheet import COLUMNS, STATUS_WORDS
from helpers.reports.comments.workbook import REVIEWER
from helpers.reports.runs import SLUG

NEEDED = ("report", "id", "says", "status", "comment", "build", "check")
LONGEST = 4_000
"""Characters of a comment; what is longer is a document of its own."""
MOST_MESSAGES = 20
_BUILD = re.compile(r"b[0-9a-f]{64}")
_LOOK_AT = 10
_SAID = 300


@dataclass(frozen=True, slots=True)
class Marked:
    """A row that the reviewer marked: severity and comment, or neither where all is fine."""

    report: str
    target: str
    build: str
    said: str
    severity: Severity | None
    comment: str


@dataclass(frozen=True, slots=True)
class Returned:
    """A sheet that came back: who filled it in, its SHA-256, and the rows that were marked."""

    file: str
    reviewer: str
    sha256: str
    rows: tuple[Marked, ...]


def read_returned(path: Path, encoding: str | None = None) -> Returned:
    """Return what a reviewer filled in.

    Parameters
    ----------
    path
        xlsx, xls, ods or CSV; of a workbook the first sheet with the columns id, comment and check is read.
    encoding
        Of a CSV, if it is known.

    Raises
    ------
    InputError
        If it is no sheet that `evidence review-sheet` wrote, the reviewer's name is missing or is an
        address, a column is missing, a row is not as it was handed out, or status and comment do not fit.
        One message a fault, with file, row, column, what was found and what is allowed. Row 1 is the first
        of the sheet.
    """
    with ExitStack() as resources:
        source = open_source(path, resources, encoding)
        for stream in source.tables.values():
            rows = [[unguarded(cell).strip() for cell in row] for row in stream()]
            start = _header(rows)
            if start is not None:
                break
        else:
            missing = f"{path.name}: found no row with the columns id, comment and check"
            raise InputError(f"{missing}, allowed: a sheet of `evidence review-sheet`")
    header = [name.casefold() for name in rows[start]]
    faults = _column_faults(path.name, start + 1, header)
    if faults:
        raise InputError(faults)
    reviewer, faults = _reviewer(path.name, rows[:start])
    marked: list[Marked] = []
    for number, cells in enumerate(rows[start + 1 :], start=start + 2):
        found = {name: cells[at] if at < len(cells) else "" for at, name in enumerate(header) if name}
        if any(found.values()):
            wrong = [f"{path.name}: row {number}, {fault}" for fault in _faults(found)]
            faults += wrong
            if not wrong and (found["status"] or found["comment"]):
                marked.append(_marked(found))
    if not marked and not faults:
        faults = [
            f"{path.name}: column status: found nothing, allowed: at least one row marked, such as fine"
        ]
    if faults:
        raise InputError(_few(faults, path.name))
    return Returned(path.name, reviewer, sha256_of(path), tuple(marked))


def _header(rows: Sequence[Sequence[str]]) -> int | None:
    """Return where the header stands; it is known by some of its columns, so that others can be missed."""
    for at, row in enumerate(rows[:_LOOK_AT]):
        names = {name.casefold() for name in row}
        if len(names & {"id", "status", "comment", "check", "build"}) >= 3:
            return at
    return None


def _column_faults(file: str, row: int, header: Sequence[str]) -> list[str]:
    faults = [f"{file}: row {row}, column {name}: missing" for name in NEEDED if name not in header]
    for name in dict.fromkeys(header):
        if name and header.count(name) > 1:
            faults.append(f"{file}: row {row}, column {name[:40]!r}: stands twice, allowed: once")
        if name and name not in COLUMNS:
            known = ", ".join(COLUMNS)
            faults.append(f"{file}: row {row}, column {name[:40]!r}: unknown, allowed: {known}")
    return faults


def _reviewer(file: str, rows: Sequence[Sequence[str]]) -> tuple[str, list[str]]:
    """Return the reviewer's name from the rows above the header, and what is wrong with it."""
    at = next((number for number, row in enumerate(rows, 1) if row and row[0].casefold() == REVIEWER), 1)
    cells = rows[at - 1] if rows else []
    name = " ".join(cells[1].split()) if len(cells) > 1 else ""
    allowed = f"allowed: a name or initials of at most {LONGEST_NAME} characters"
    where = f"{file}: row {at}, column {REVIEWER}"
    if not same_person(name):
        return "", [f"{where}: found {'nothing' if not name else repr(name[:20])}, {allowed}"]
    if len(name) > LONGEST_NAME:
        return "", [f"{where}: found a text of {len(name)} characters, {allowed}"]
    if redact(name) != name:
        return "", [f"{where}: found an address or a number, {allowed}"]
    return harmless(name), []


def _faults(found: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with a row."""
    handed_out = "as it was handed out"
    if not SLUG.fullmatch(found["report"]):
        yield f"column report: found {found['report'][:40]!r}, allowed: the name of a report, {handed_out}"
    elif not TARGET.fullmatch(found["id"]):
        yield f"column id: found {found['id'][:40]!r}, allowed: an id {handed_out}, or report"
    elif not _BUILD.fullmatch(found["build"]):
        yield f"column build: found {found['build'][:20]!r}, allowed: {handed_out}"
    elif found["check"] != check_mark(found["report"], found["id"], found["build"]):
        yield (
            f"column id: found {found['id'][:60]!r}, but the row was handed out with another report, id or "
            f"build; allowed: {handed_out}"
        )
    status, comment = found["status"].casefold(), found["comment"]
    if status and _word(status) is None:
        yield f"column status: found {found['status'][:40]!r}, allowed: {', '.join(STATUS_WORDS)}, or nothing"
    elif comment and not status:
        yield f"column status: found nothing beside a comment, allowed: {', '.join(STATUS_WORDS)}"
    elif status and not comment and STATUS_WORDS[_word(status) or ""]:
        yield f"column comment: found nothing beside {status!r}, allowed: what is to change, and why"
    if len(comment) > LONGEST:
        yield f"column comment: found {len(comment)} characters, allowed: {LONGEST}"


def _word(status: str) -> str | None:
    """Return the status that is meant; its first word is enough."""
    return next((word for word in STATUS_WORDS if status in (word, word.partition(" ")[0])), None)


def _marked(found: Mapping[str, str]) -> Marked:
    severity = STATUS_WORDS[_word(found["status"].casefold()) or ""]
    comment = harmless(redact(found["comment"])).strip()
    if comment and severity is None:
        severity = "could"  # a remark on what is fine still waits for an answer
    said = harmless(redact(found["says"]))
    said = said if len(said) <= _SAID else f"{said[: _SAID - 3]}..."
    return Marked(found["report"], found["id"], found["build"][1:], said, severity, comment)


def _few(faults: Sequence[str], where: str) -> list[str]:
    more = len(faults) - MOST_MESSAGES
    return [*faults[:MOST_MESSAGES], *([f"{where}: and {more} more"] if more > 0 else [])]
