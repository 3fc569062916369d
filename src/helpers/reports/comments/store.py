"""The comments of a report as they are kept: three CSV files in ``reports/reviews/<slug>``."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from helpers.data.errors import InputError
from helpers.data.files import write_atomically
from helpers.data.project import project_root
from helpers.data.survey.guard import guarded_row, unguarded
from helpers.reports.comments.model import (
    COMMENT_ID,
    SEVERITIES,
    STATUSES,
    TARGET,
    Change,
    Comment,
    Review,
    Severity,
    in_order,
    same_person,
)
from helpers.reports.runs import SLUG

COMMENTS, REVIEWS, HISTORY = "comments.csv", "reviews.csv", "history.csv"
_Kind = TypeVar("_Kind", Comment, Review, Change)
_Check = tuple[Callable[[str], bool], str]


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _one_of(allowed: Sequence[str]) -> _Check:
    return (lambda text: text in allowed), ", ".join(allowed)


_ID: _Check = (lambda text: COMMENT_ID.fullmatch(text) is not None, "c and ten hexadecimal digits")
_DATE: _Check = (_is_date, "a date YYYY-MM-DD")
_SOME: _Check = (bool, "a text")
_COUNT: _Check = (lambda text: text.isascii() and text.isdigit() and len(text) < 9, "a whole number")
_CHECKS: Mapping[str, _Check] = {
    "comment_id": _ID,
    "target": (lambda text: TARGET.fullmatch(text) is not None, "fact:<name>, figure:<id>, ... or report"),
    "reviewer": _SOME,
    "received": _DATE,
    "on": _DATE,
    "severity": _one_of(SEVERITIES),
    "comment": _SOME,
    "status": _one_of(STATUSES),
    "answered_on": (lambda text: not text or _is_date(text), "a date YYYY-MM-DD, or nothing"),
    "rows_read": _COUNT,
    "comments": _COUNT,
}


def reviews_folder(slug: str, root: Path | None = None) -> Path:
    """Return where the comments of a report are kept.

    Raises
    ------
    InputError
        If ``slug`` is no name of a report.
    """
    if not SLUG.fullmatch(slug):
        raise InputError(f"report {slug[:60]!r}: no name of a report; allowed: as in `evidence list`")
    return (root or project_root()) / "reports" / "reviews" / slug


def read_comments(slug: str, root: Path | None = None) -> list[Comment]:
    """Return the comments on a report in the order of the file; none if there is no file.

    Raises
    ------
    InputError
        If the file was changed to something that is no list of comments; names row and column.
    """
    return _read(reviews_folder(slug, root) / COMMENTS, Comment)


def read_reviews(slug: str, root: Path | None = None) -> list[Review]:
    """Return the sheets that came back on a report, oldest first."""
    return _read(reviews_folder(slug, root) / REVIEWS, Review)


def read_history(slug: str, root: Path | None = None) -> list[Change]:
    """Return every change of a comment of a report, oldest first."""
    return _read(reviews_folder(slug, root) / HISTORY, Change)


def open_comments(slug: str, root: Path | None = None, severity: Severity | None = None) -> list[Comment]:
    """Return the comments on a report that nobody has answered, the gravest first.

    Parameters
    ----------
    slug
        Of the report.
    root
        The project's folder.
    severity
        Only those of one severity, such as ``"must"``.

    Raises
    ------
    InputError
        If ``comments.csv`` cannot be read, or the severity is unknown.
    """
    if severity is not None and severity not in SEVERITIES:
        raise InputError(f"severity {severity!r}: unknown, allowed: {', '.join(SEVERITIES)}")
    found = in_order(read_comments(slug, root))
    return [one for one in found if one.status == "open" and severity in (None, one.severity)]


def reviewers(slug: str, root: Path | None = None, facts_sha256: str | None = None) -> list[str]:
    """Return who returned a sheet on a report, each once, as first written; "A. B." and "AB" are one.

    Parameters
    ----------
    slug
        Of the report.
    root
        The project's folder.
    facts_sha256
        Only those whose sheet was made from the build whose ``facts.json`` has this SHA-256.
    """
    names: dict[str, str] = {}
    for one in read_reviews(slug, root):
        if facts_sha256 in (None, one.facts_sha256):
            names.setdefault(same_person(one.reviewer), one.reviewer)
    return list(names.values())


def write_review(
    slug: str,
    root: Path | None,
    comments: Sequence[Comment],
    history: Sequence[Change],
    reviews: Sequence[Review] | None = None,
) -> Path:
    """Write what is kept of a report's review; files whose content is the same are left alone.

    ``reviews.csv`` comes last: a sheet that is listed there has all its comments on disk.
    """
    folder = reviews_folder(slug, root)
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / COMMENTS, Comment, comments)
    _write(folder / HISTORY, Change, history)
    if reviews is not None:
        _write(folder / REVIEWS, Review, reviews)
    return folder


def _write(path: Path, kind: type[_Kind], rows: Iterable[_Kind]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(one.name for one in fields(kind))
    writer.writerows(guarded_row([str(value) for value in asdict(row).values()]) for row in rows)
    data = text.getvalue().encode("utf-8")
    if not path.is_file() or path.read_bytes() != data:
        write_atomically(path, data)


def _read(path: Path, kind: type[_Kind]) -> list[_Kind]:
    if not path.is_file():
        return []
    where = f"reports/reviews/{path.parent.name}/{path.name}"
    names = [one.name for one in fields(kind)]
    try:
        records = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{where}: is no CSV in UTF-8 ({type(error).__name__})") from None
    if not records or records[0] != names:
        found = ", ".join(records[0])[:200] if records else "nothing"
        raise InputError(f"{where}: row 1: found {found}, allowed: {', '.join(names)}")
    faults: list[str] = []
    rows = [
        _row(kind, names, cells, f"{where}: row {number}", faults)
        for number, cells in enumerate(records[1:], start=2)
        if cells
    ]
    faults += _twice(rows, where)
    if faults:
        raise InputError(faults)
    return rows


def _row(kind: type[_Kind], names: Sequence[str], cells: list[str], at: str, faults: list[str]) -> _Kind:
    values: dict[str, Any] = dict(zip(names, map(unguarded, cells), strict=False))
    if len(cells) != len(names):
        faults.append(f"{at}: found {len(cells)} columns, allowed: {len(names)}")
        values = dict.fromkeys(names, "") | values
        return kind(**values)
    for name, value in values.items():
        allowed, words = _CHECKS.get(name, (lambda _: True, ""))
        if not allowed(value):
            faults.append(f"{at}, column {name}: found {value[:40]!r}, allowed: {words}")
        elif _CHECKS.get(name) is _COUNT:
            values[name] = int(value)
    return kind(**values)


def _twice(rows: Sequence[Comment | Review | Change], where: str) -> list[str]:
    """Return a message for each id that two comments have."""
    ids = [row.comment_id for row in rows if isinstance(row, Comment)]
    return [
        f"{where}: column comment_id: {one} stands twice, allowed: once"
        for one in dict.fromkeys(ids)
        if ids.count(one) > 1
    ]
