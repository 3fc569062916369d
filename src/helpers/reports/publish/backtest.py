"""The back test: what is to be published is compared with what was published last."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.data.errors import InputError
from helpers.data.privacy import redact
from helpers.reports.diff.facts import FactChange, fact_changes
from helpers.reports.diff.sides import Report, is_report, read_report
from helpers.reports.values import ISO_DATE, did_you_mean, shown

COLUMNS = ("fact", "reason")
LONGEST = 1_000
LARGEST = 1_000_000


@dataclass(frozen=True)
class BackTest:
    """What changed since a report was published last, and why.

    Attributes
    ----------
    last
        The report as published last; ``None`` the first time.
    changes
        Facts that differ, the gravest first.
    reasons
        Explanations by fact.
    """

    last: Report | None
    changes: tuple[FactChange, ...] = ()
    reasons: Mapping[str, str] | None = None

    def unexplained(self) -> list[FactChange]:
        """Return the changes that ask for a reason and have none."""
        given = self.reasons or {}
        return [change for change in self.changes if change.tier.needs_reason and change.name not in given]


def published_folder(slug: str, root: Path) -> Path:
    """Return where a report is published, one folder a date."""
    return root / "reports" / "published" / slug


def published_dates(slug: str, root: Path) -> list[str]:
    """Return the dates on which a report was published, the oldest first."""
    folder = published_folder(slug, root)
    dates = [path.name for path in folder.glob("*/") if ISO_DATE.fullmatch(path.name)]
    return sorted(date for date in dates if is_report(folder / date))


def back_test(report: Report, root: Path, explanations: Mapping[str, str] | None = None) -> BackTest:
    """Compare a report with the one of the same slug that was published last.

    Parameters
    ----------
    report
        As built now.
    root
        Project folder.
    explanations
        Reasons by fact, as from :func:`read_explanations`.

    Raises
    ------
    InputError
        If a reason is given for a fact that did not change: it would be kept, and say what is not so.
    """
    dates = published_dates(report.slug, root)
    last = read_report(published_folder(report.slug, root) / dates[-1]) if dates else None
    changes = tuple(fact_changes(last.facts, report.facts)) if last else ()
    changed = [change.name for change in changes]
    needless = [name for name in explanations or {} if name not in changed]
    if needless:
        since = f"since {dates[-1]}" if dates else "(the report is published for the first time)"
        raise InputError(
            [
                f"--accept-changes: fact {shown(name)} did not change {since}{did_you_mean(name, changed)}"
                for name in needless
            ]
        )
    return BackTest(last, changes, explanations)


def read_explanations(path: Path) -> dict[str, str]:
    """Read a file of explanations: a CSV with the columns fact and reason.

    Raises
    ------
    InputError
        Naming the file and row: another header, a fact twice, a reason that is empty, too long, or holds
        an address or number of a person.
    """
    text = _text(path)
    rows = list(csv.reader(io.StringIO(text, newline="")))
    header = tuple(cell.strip().lower() for cell in rows[0]) if rows else ()
    if header != COLUMNS:
        found = ",".join(rows[0])[:80] if rows else "nothing"
        raise InputError(f"{path.name}: row 1: found {shown(found)}, allowed is the header fact,reason")
    reasons: dict[str, str] = {}
    problems: list[str] = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        name, reason = (cell.strip() for cell in [*row, "", ""][:2])
        fault = _fault(row, name, reason, reasons)
        if fault:
            problems.append(f"{path.name}: row {number}: {fault}")
        reasons[name] = " ".join(reason.split())
    if problems:
        raise InputError(problems)
    return reasons


def _text(path: Path) -> str:
    if not path.is_file():
        raise InputError(f"{shown(path.name)}: there is no such file")
    if path.stat().st_size > LARGEST:
        raise InputError(f"{path.name}: is larger than {LARGEST:,} bytes")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name}: is not UTF-8 text") from error


def _fault(row: Sequence[str], name: str, reason: str, known: Mapping[str, str]) -> str:
    if len(row) != len(COLUMNS):
        return f"found {len(row)} cells, allowed are 2; put a reason with a comma into double quotes"
    if not name:
        return "names no fact"
    if name in known:
        return f"fact {shown(name)} is explained twice"
    if not reason:
        return f"fact {shown(name)} has no reason"
    if len(reason) > LONGEST:
        return f"the reason of {shown(name)} has {len(reason):,} characters, at most {LONGEST:,} are allowed"
    if redact(reason) != reason:
        return f"the reason of {shown(name)} holds an address or number; it is published, so leave it out"
    return ""
