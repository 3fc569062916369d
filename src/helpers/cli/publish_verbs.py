"""Verbs that compare builds and publish reports."""

import argparse
from pathlib import Path

from helpers.cli.verb import FAILED, OK, add_verb, counted, shown_path


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this module."""
    verb = add_verb(verbs, "diff", _diff, "write one page of what changed between two builds, and why")
    for name in ("old", "new"):
        verb.add_argument(
            name,
            type=Path,
            metavar=name.upper(),
            help="folder of a build, of published reports, or of one report",
        )
    verb.add_argument(
        "--out", type=Path, metavar="FILE", help="page to write (default: reports/build/diff.html)"
    )

    verb = add_verb(verbs, "publish", _publish, "publish a report, or say all that speaks against it")
    verb.add_argument("slug", metavar="SLUG", help="report of the portfolio, as built")
    verb.add_argument("--date", metavar="YYYY-MM-DD", help="day of publication (default: today)")
    verb.add_argument(
        "--accept-changes",
        type=Path,
        metavar="FILE",
        help="CSV with the columns fact and reason: why facts changed since the last publication",
    )


def _diff(given: argparse.Namespace) -> int:
    from helpers.data.errors import InputError
    from helpers.data.project import build_folder
    from helpers.reports.diff.compare import compare_folders
    from helpers.reports.diff.page import summary, write_diff

    out: Path = given.out or build_folder() / "diff.html"
    if out.suffix.lower() not in {".html", ".htm"} or out.is_dir():
        raise InputError(f"--out: found {out.name!r}, allowed is the name of an HTML file")
    comparison = compare_folders(given.old, given.new)
    write_diff(comparison, out)
    print(summary(comparison))
    print(shown_path(out.resolve()))
    return FAILED if comparison.changed else OK


def _publish(given: argparse.Namespace) -> int:
    from helpers.reports.publish.publishing import publish
    from helpers.reports.publish.reasons import RefusedError

    try:
        done = publish(given.slug, day=given.date, accept=given.accept_changes)
    except RefusedError as refused:
        for reason in refused.reasons:
            print(reason)
        print(f"{given.slug} is not published: {counted(len(refused.reasons), 'reason')}")
        return FAILED
    for note in done.notes:
        print(f"note: {note}")
    if done.test.last is not None:
        print(f"{counted(len(done.test.changes), 'fact')} changed since it was published last")
    print(shown_path(done.folder.resolve()))
    return OK
