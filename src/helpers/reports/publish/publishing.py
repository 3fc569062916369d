"""Publishing a report: everything that speaks against it is said at once; else its folder is written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from helpers.data.errors import InputError
from helpers.data.project import build_folder, project_root
from helpers.reports.diff.sides import read_report
from helpers.reports.publish import reasons as against
from helpers.reports.publish.backtest import BackTest, back_test, read_explanations
from helpers.reports.publish.composed import linked_reports
from helpers.reports.runs import ReportRun
from helpers.reports.staging import build_lock, is_complete
from helpers.reports.values import coerced, did_you_mean, shown


@dataclass(frozen=True)
class PublishedReport:
    """A report that was published.

    Attributes
    ----------
    folder
        ``reports/published/<slug>/<date>``.
    test
        What changed since it was published last.
    notes
        What could not be checked or made.
    """

    folder: Path
    test: BackTest
    notes: tuple[str, ...]


def publish(
    slug: str,
    *,
    root: Path | None = None,
    day: str | None = None,
    accept: Path | None = None,
    say: Callable[[str], None] = print,
) -> PublishedReport:
    """Publish a report, or say why it may not be.

    Parameters
    ----------
    slug
        A report of the portfolio, as built.
    root
        Project folder.
    day
        Date of publication, ISO; today (UTC) if not given.
    accept
        CSV with the columns fact and reason: why facts changed since the last time.
    say
        Told if another build is at work and is waited for.

    Raises
    ------
    InputError
        If the slug, the date or the file of explanations is wrong, or the date's folder is there already.
    RefusedError
        If anything speaks against it; names all reasons.
    """
    from helpers.reports.portfolio import load_portfolio

    root = root or project_root()
    date = _date(day)
    portfolio = load_portfolio(root)
    _known(slug, portfolio)
    explanations = read_explanations(accept) if accept is not None else {}
    with build_lock(build_folder(root), say):
        reasons, notes = _reasons(slug, date, portfolio, accept, root)
        test = _tested(slug, explanations, root)
        if test is not None:
            reasons += against.back_test_reasons(test)
        if reasons or test is None:
            raise against.RefusedError(reasons)
        from helpers.reports.publish.folder import write_published

        folder, more = write_published(read_report(build_folder(root) / slug), date, test, root)
    return PublishedReport(folder, test, (*notes, *more))


def _date(day: str | None) -> str:
    if day is None:
        return datetime.now(UTC).date().isoformat()
    try:
        return str(coerced(day, "date"))
    except ValueError:
        raise InputError(f"--date: found {shown(day)}, allowed is a day such as 2026-11-22") from None


def _known(slug: str, portfolio: list[ReportRun]) -> None:
    known = [run.slug for run in portfolio]
    if slug not in known:
        raise InputError(
            f"there is no report {shown(slug)} in reports/portfolio.yml{did_you_mean(slug, known)}; "
            "`evidence list` shows all reports"
        )


def _reasons(
    slug: str, day: str, portfolio: list[ReportRun], accept: Path | None, root: Path
) -> tuple[list[str], list[str]]:
    """Return all reasons against publishing but those of the back test, and notes on what was not checked."""
    slugs = [slug, *linked_reports(slug, root)]
    found = against.date_reasons(slug, day, root)
    found += against.state_reasons(slug, portfolio, root)
    for name in slugs:
        found += against.report_reasons(name, root)
    faults, notes = against.check_reasons(slugs, root)
    found += [*faults, *against.review_reasons(slug, root), *against.tree_reasons(root, accept)]
    return list(dict.fromkeys(found)), notes


def _tested(slug: str, explanations: dict[str, str], root: Path) -> BackTest | None:
    """Return the back test; ``None`` if there is no whole report, which is a reason by itself."""
    folder = build_folder(root) / slug
    return back_test(read_report(folder), root, explanations) if is_complete(folder) else None
