"""All that speaks against publishing a report, said at once."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from helpers.data.errors import InputError
from helpers.data.project import build_folder
from helpers.reports.diff.sides import Report, read_report
from helpers.reports.provenance import commit_and_dirty
from helpers.reports.publish.backtest import BackTest, published_dates
from helpers.reports.publish.composed import linked_reports
from helpers.reports.publish.tree import changed_files
from helpers.reports.runs import ReportRun
from helpers.reports.staging import is_complete

REVIEWERS = 2
_NAMED = 8
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})*\.[a-zA-Z]{2,24}\b")
_WHAT = {"run": "it would be built again", "export": "its page would be made again"}


class RefusedError(Exception):
    """A report that may not be published, and every reason why."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = list(reasons)
        super().__init__("\n".join(self.reasons))


def state_reasons(slug: str, portfolio: Sequence[ReportRun], root: Path) -> list[str]:
    """Say what of a report, and of those that its page leads to, is not built from the current state."""
    from helpers.reports.incremental.memory import Memory
    from helpers.reports.incremental.plan import Plan

    known = {run.slug: run for run in portfolio}
    slugs = [slug, *linked_reports(slug, root)]
    memory = Memory(root)
    planned = Plan(memory).planned([known[name] for name in slugs if name in known])
    found = [
        f"{item.run.slug}: is not built from the current state, {_WHAT[item.what]}: "
        f"{'; '.join(item.reasons[:_NAMED])}"
        for item in planned
        if item.what != "nothing"
    ]
    found += [f"{name}: the page leads to this report, which is not in reports/portfolio.yml"
              for name in slugs if name not in known]  # fmt: skip
    return found


def report_reasons(slug: str, root: Path) -> list[str]:
    """Say what speaks against a report as it stands: not whole, sample data, addresses, commit."""
    folder = build_folder(root) / slug
    if not is_complete(folder):
        return [f"{slug}: there is no whole report; run `evidence build --only {slug}`"]
    report = read_report(folder)
    return [*_sample(report), *_addresses(report), *_commit(report)]


def _sample(report: Report) -> Iterator[str]:
    """Say what of a report rests on sample data, whatever of its files says so."""
    datasets = [str(d["name"]) for d in report.manifest.get("datasets", []) if d.get("kind") == "sample"]
    facts = [name for name, fact in report.facts.items() if fact.get("sample")]
    parts: list[tuple[str, list[str]]] = [("datasets", datasets), ("facts", facts)]
    for kind in ("figures", "tables"):
        parts.append((kind, [id_ for id_, entry in report.items(kind).items() if entry.get("sample")]))
    named = "; ".join(f"{kind} {_few(names)}" for kind, names in parts if names)
    if named or report.sample:
        yield f"{report.slug}: rests on made-up sample data: {named or 'its manifest says so'}"


def _addresses(report: Report) -> Iterator[str]:
    """Say which files hold e-mail addresses, without repeating any."""
    names = ["facts.json", "manifest.json"]
    for kind in ("figures", "tables"):
        names += [name for entry in report.items(kind).values() for name in entry.get("files", [])]
    texts = [name for name in names if name.endswith((".json", ".csv", ".svg"))]
    for name in texts:
        path = report.folder / name
        if path.is_file() and _EMAIL.search(path.read_text(encoding="utf-8", errors="replace")):
            yield f"{report.slug}: {name} holds what looks like an e-mail address"


def _commit(report: Report) -> Iterator[str]:
    again = f"commit, then `evidence build --only {report.slug} --force`"
    if not report.run.get("commit"):
        yield f"{report.slug}: was built outside git, so that it names no commit; {again}"
    elif report.run.get("dirty"):
        yield f"{report.slug}: was built from a working copy with uncommitted changes; {again}"


def check_reasons(slugs: Sequence[str], root: Path) -> tuple[list[str], list[str]]:
    """Return what `evidence check` finds, and notes on what could not be checked.

    The pages are opened in a browser if Chromium is there, else only the files are checked.
    """
    from helpers.reports.check import check_reports, find_chromium
    from helpers.reports.check.files import file_findings
    from helpers.reports.check.reports import INDEX

    folders = [build_folder(root) / slug for slug in slugs]
    folders = [folder for folder in folders if (folder / "report.html").is_file()]
    if find_chromium() is None:
        found = [finding for folder in folders for finding in file_findings(folder)]
        return [f"check: {finding}" for finding in found], ["not opened in a browser: Chromium is missing"]
    findings = check_reports(folders) if folders else []
    return [f"check: {finding}" for finding in findings if finding.slug != INDEX], []


def review_reasons(slug: str, root: Path) -> list[str]:
    """Say which comments of severity "must" are open, and whether enough people returned a sheet."""
    from helpers.reports.comments.store import open_comments, reviewers

    found = [
        f"review: comment {_of(comment, 'comment_id')} on {_of(comment, 'target')} must be answered"
        for comment in open_comments(slug, root, severity="must")
    ]
    names = reviewers(slug, root)
    if len(names) < REVIEWERS:
        found.append(
            f"review: {len(names) or 'no'} reviewer{'' if len(names) == 1 else 's'} returned a sheet, "
            f"{REVIEWERS} are needed; `evidence review-sheet {slug}` makes one"
        )
    return found


def _of(comment: Any, name: str) -> str:  # noqa: ANN401  # a comment of helpers.reports.comments
    return str(getattr(comment, name))


def tree_reasons(root: Path, accept: Path | None) -> list[str]:
    """Say which files differ from the commit; what was published, and the explanations, do not count."""
    commit, _ = commit_and_dirty(root)
    if commit is None:
        return ["git: the project is not in a git repository of its own, or has no commit yet"]
    besides = ["reports/published"]
    if accept is not None and accept.resolve().is_relative_to(root.resolve()):
        besides.append(accept.resolve().relative_to(root.resolve()).as_posix())
    changed = changed_files(root, besides)
    if not changed:
        return []
    return [f"git: uncommitted changes: {_few(changed)}; commit them, or put them aside"]


def date_reasons(slug: str, day: str, root: Path) -> list[str]:
    """Say whether a report can be published under a date.

    Raises
    ------
    InputError
        If it was published under that date: what was published is never written over.
    """
    dates = published_dates(slug, root)
    if day in dates or (root / "reports" / "published" / slug / day).exists():
        raise InputError(
            f"reports/published/{slug}/{day}: is there already, and is never written over; "
            "choose another --date"
        )
    if dates and day < dates[-1]:
        return [f"date: {day} is before {dates[-1]}, on which the report was published last"]
    folder = build_folder(root) / slug
    built = str(read_report(folder).run.get("ended") or "")[:10] if is_complete(folder) else ""
    return [f"date: {day} is before {built}, on which the report was built"] if built and day < built else []


def back_test_reasons(test: BackTest) -> list[str]:
    """Say which facts changed since the last time without an explanation."""
    found = []
    for change in test.unexplained():
        old, new = ((fact or {}).get("text") or "not stated" for fact in (change.old, change.new))
        found.append(
            f"back test: fact {change.name}: {old} -> {new} ({change.tier.title.lower()}: "
            f"{'; '.join(change.what)}) has no reason; give one by --accept-changes"
        )
    return found


def _few(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join([*names[:_NAMED], *([f"{more} more"] if more > 0 else [])])
