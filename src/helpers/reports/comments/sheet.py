"""The rows of a review sheet: everything in some reports that can be spoken of, and what was said before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.data.errors import InputError
from helpers.data.project import build_folder, project_root
from helpers.reports.comments.model import REPORT, Comment, Severity, check_mark, in_order
from helpers.reports.comments.places import Places, find_places
from helpers.reports.comments.store import read_comments
from helpers.reports.comments.targets import Target, facts_sha256, read_targets
from helpers.reports.runs import check_slug
from helpers.reports.values import did_you_mean

FINE = "fine"
STATUS_WORDS: Mapping[str, Severity | None] = {
    FINE: None,
    "must change": "must",
    "should change": "should",
    "could change": "could",
}
"""What a reviewer chooses in the column status, and the severity it stands for."""
COLUMNS = ("report", "id", "where", "says", "status", "comment", "earlier", "build", "check")
SPARE = 8
"""Empty rows of each report for what is missing."""
_MISSING = "Something that is missing in the report, or speaks of more than one row"
_NOT_ON_PAGE = "Sources and facts"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as it is handed out, but for the cells that the reviewer fills in."""

    report: str
    id: str
    where: str
    says: str
    earlier: str
    build: str

    @property
    def check(self) -> str:
        """The mark by which the row is known when it comes back."""
        return check_mark(self.report, self.id, self.build)


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """What is handed to one reviewer: reports with their titles, and the rows."""

    titles: Mapping[str, str]
    rows: Sequence[SheetRow]
    reviewer: str = ""


def review_sheet(slugs: Sequence[str], reviewer: str = "", root: Path | None = None) -> ReviewSheet:
    """Return the sheet of some built reports.

    Parameters
    ----------
    slugs
        Of the reports, in the order of the sheet.
    reviewer
        Name or initials to fill in, if they are known.
    root
        The project's folder.

    Raises
    ------
    InputError
        If a report is not built or named twice.
    """
    root = root or project_root()
    if len(set(slugs)) < len(slugs):
        raise InputError("a report is named twice, allowed: once")
    titles: dict[str, str] = {}
    rows: list[SheetRow] = []
    for slug in slugs:
        folder = _built(slug, root)
        targets = read_targets(folder)
        titles[slug] = targets[0].says.partition(": ")[2]
        rows += _rows(slug, folder, targets, read_comments(slug, root))
    return ReviewSheet(titles, rows, reviewer)


def _built(slug: str, root: Path) -> Path:
    check_slug(slug)
    build = build_folder(root)
    folder = build / slug
    if not (folder / "manifest.json").is_file():
        there = sorted(path.parent.name for path in build.glob("[a-z0-9]*/manifest.json"))
        near = did_you_mean(slug, there)
        raise InputError(f"report {slug!r}: not built{near}; `evidence list` shows which there are")
    return folder


def _rows(slug: str, folder: Path, targets: Sequence[Target], comments: Sequence[Comment]) -> list[SheetRow]:
    page = folder / "report.html"
    places = find_places(page.read_text(encoding="utf-8")) if page.is_file() else Places()
    build = f"b{facts_sha256(folder)}"
    spare = [Target(REPORT, _MISSING)] * SPARE
    first = dict.fromkeys(target.id for target in targets)
    earlier = {name: earlier_text([one for one in comments if one.target == name]) for name in first}
    return [
        SheetRow(
            slug,
            target.id,
            _where(target, places),
            target.says,
            earlier[target.id] if target.says != _MISSING else "",
            build,
        )
        for target in (*targets, *spare)
    ]


def _where(target: Target, places: Places) -> str:
    if target.id == REPORT:
        return "Missing" if target.says == _MISSING else "Whole report"
    return places.section(target.id) or _NOT_ON_PAGE


def earlier_text(comments: Sequence[Comment]) -> str:
    r"""Say what was commented on one thing before, and what was answered.

    Examples
    --------
    >>> from dataclasses import replace
    >>> one = Comment("c0", "report", "AB", "2026-11-20", "must", "Why?")
    >>> earlier_text([replace(one, status="answered", answer="Because.")])
    'AB, must change (answered): Why?\nAnswer: Because.'
    """
    parts = []
    for one in in_order(comments):
        answer = f"\nAnswer: {one.answer}" if one.answer else ""
        parts.append(f"{one.reviewer}, {one.severity} change ({one.status}): {one.comment}{answer}")
    return "\n\n".join(parts)
