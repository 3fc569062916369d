"""Filled sheets merged into the comments of their reports: all of them, or nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from helpers.data.errors import InputError
from helpers.data.project import build_folder, project_root
from helpers.reports.comments.listing import gone_targets
from helpers.reports.comments.model import Change, Comment, Review, comment_id, same_person
from helpers.reports.comments.reading import Marked, Returned, read_returned
from helpers.reports.comments.store import (
    read_comments,
    read_history,
    read_reviews,
    reviews_folder,
    write_review,
)


@dataclass(frozen=True, slots=True)
class Merged:
    """What the return of sheets did to the comments of one report.

    Attributes
    ----------
    slug, folder
        The report, and where its comments are.
    reviewers
        Whose sheets were read.
    new, known, reopened
        Comments that were added, that were there before, and that were said again of a later build.
    gone
        Targets of new comments that the report as built now does not have.
    changed
        Whether anything was written.
    """

    slug: str
    folder: Path
    reviewers: tuple[str, ...]
    new: int
    known: int
    reopened: int
    gone: tuple[str, ...]
    changed: bool


class _Report:
    """The review of one report while sheets are merged into it; nothing is written before :meth:`write`."""

    def __init__(self, slug: str, root: Path, received: str) -> None:
        self.slug, self.root, self.received = slug, root, received
        self.comments = {one.comment_id: one for one in read_comments(slug, root)}
        self.history = read_history(slug, root)
        self.reviews = read_reviews(slug, root)
        self.before = (dict(self.comments), len(self.history), len(self.reviews))
        self.new = self.known = self.reopened = 0
        self.names: dict[str, None] = {}
        self.gone: dict[str, None] = {}

    def merge(self, sheet: Returned, rows: Sequence[Marked]) -> None:
        """Take over the rows of one sheet."""
        said = {(_id(sheet, row)): row for row in rows if row.comment}
        self.names[sheet.reviewer] = None
        if any(one.sheet_sha256 == sheet.sha256 for one in self.reviews):
            self.known += len(said)
            return
        seen = {one.facts_sha256 for one in self.reviews if _same(one.reviewer, sheet.reviewer)}
        changes = len(self.history)
        for id_, row in said.items():
            self._take(id_, row, sheet.reviewer, again=row.build not in seen)
        review = Review(sheet.reviewer, self.received, len(rows), len(said), sheet.sha256, rows[0].build)
        if len(self.history) > changes or not any(_equal(one, review) for one in self.reviews):
            self.reviews.append(review)

    def _take(self, id_: str, row: Marked, reviewer: str, again: bool) -> None:
        severity = row.severity or "could"
        old = self.comments.get(id_)
        if old is None:
            self.new += 1
            made = Comment(id_, row.target, reviewer, self.received, severity, row.comment, said=row.said)
        elif old.status != "open" and again:
            self.reopened += 1
            made = replace(old, severity=severity, status="open", answered_on="", said=row.said)
        else:
            self.known += 1
            made = replace(old, severity=severity)
        if made != old:
            self.comments[id_] = made
            words = "received" if old is None else f"returned again: {severity} change"
            self.history.append(Change(id_, self.received, made.status, severity, words))

    def note_gone(self) -> None:
        """Note which new comments speak of what the report as built now does not have."""
        added = [one for id_, one in self.comments.items() if id_ not in self.before[0]]
        self.gone = dict.fromkeys(gone_targets(self.slug, added, self.root))

    def write(self) -> Merged:
        """Write what changed, the list of reviews last."""
        changed = self.before != (self.comments, len(self.history), len(self.reviews))
        folder = reviews_folder(self.slug, self.root)
        if changed:
            write_review(self.slug, self.root, list(self.comments.values()), self.history, self.reviews)
        return Merged(
            self.slug,
            folder,
            tuple(self.names),
            self.new,
            self.known,
            self.reopened,
            tuple(self.gone),
            changed,
        )


def take_back(
    paths: Sequence[Path],
    root: Path | None = None,
    *,
    encoding: str | None = None,
    received: date | None = None,
) -> list[Merged]:
    """Merge filled review sheets into ``reports/reviews/<slug>``.

    The same sheet again changes nothing. The same words of one reviewer on one thing are one comment, also
    from another copy of the sheet; said again of a later build than the reviewer spoke of before, an answered
    comment is open again.

    Parameters
    ----------
    paths
        The sheets, of one reviewer or several, on one report or several.
    root
        The project's folder.
    encoding
        Of CSV sheets that are not UTF-8.
    received
        The day on which they came in; today if not given.

    Returns
    -------
    list of Merged
        One for each report in which a row was marked. That counts as a review even if all was fine.

    Raises
    ------
    InputError
        If a sheet is not as `evidence review-sheet` wrote it (see `read_returned`) or is on a report that
        this project does not have. Then nothing is written.
    """
    root = root or project_root()
    problems: list[str] = []
    sheets: list[Returned] = []
    for path in paths:
        try:
            sheets.append(read_returned(path, encoding))
        except InputError as error:
            problems += error.problems
    slugs = list(dict.fromkeys(row.report for sheet in sheets for row in sheet.rows))
    problems += _unknown_reports(slugs, sheets, root)
    if problems:
        raise InputError(problems)
    day = (received or date.today()).isoformat()
    reports = [_Report(slug, root, day) for slug in slugs]
    for report in reports:
        for sheet in sheets:
            rows = [row for row in sheet.rows if row.report == report.slug]
            if rows:
                report.merge(sheet, rows)
        report.note_gone()
    return [report.write() for report in reports]


def _unknown_reports(slugs: Iterable[str], sheets: Sequence[Returned], root: Path) -> list[str]:
    build = build_folder(root)
    faults = []
    for slug in slugs:
        if (build / slug).is_dir() or reviews_folder(slug, root).is_dir():
            continue
        file = next(sheet.file for sheet in sheets if any(row.report == slug for row in sheet.rows))
        faults.append(
            f"{file}: column report: found {slug!r}, allowed: a report that is built here or was reviewed"
        )
    return faults


def _id(sheet: Returned, row: Marked) -> str:
    return comment_id(row.target, sheet.reviewer, row.comment)


def _same(one: str, other: str) -> bool:
    return same_person(one) == same_person(other)


def _equal(one: Review, other: Review) -> bool:
    """Tell whether two sheets are of one reviewer and build, and say as much."""
    same = (one.facts_sha256, one.rows_read, one.comments) == (
        other.facts_sha256,
        other.rows_read,
        other.comments,
    )
    return same and _same(one.reviewer, other.reviewer)
