"""Verbs that build, check and show reports."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from helpers.cli.verb import FAILED, OK, add_verb, positive, shown_path


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this module."""
    verb = add_verb(verbs, "list", _list, "show reports, the parameters of notebooks, and datasets")

    verb = add_verb(verbs, "build", _build, "run notebooks and write reports/build")
    verb.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="REPORT",
        help="slug, pattern such as 'cluster_counts-*', or name of a notebook (repeatable)",
    )
    verb.add_argument(
        "-p",
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another value of a parameter (repeatable); the report gets a folder of its own",
    )
    verb.add_argument(
        "--jobs", type=positive, metavar="N", help="reports at a time (default: by cores, memory)"
    )
    verb.add_argument(
        "--timeout",
        type=positive,
        default=600,
        metavar="SECONDS",
        help="that one cell may take (default: 600)",
    )

    verb = add_verb(verbs, "check", _check, "open built reports in a browser without network and find faults")
    verb.add_argument("slugs", nargs="*", metavar="SLUG", help="reports (default: all that are built)")

    verb = add_verb(verbs, "open", _open, "print the path of a report, and show it if there is a display")
    verb.add_argument("slug", nargs="?", metavar="SLUG", help="report (default: the index of all)")

    verb = add_verb(
        verbs, "baseline", _baseline, "compare the facts of built reports with the committed ones"
    )
    how = verb.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="show what differs (default)")
    how.add_argument("--write", action="store_true", help="make the built facts the committed ones")


def _list(given: argparse.Namespace) -> int:
    from helpers.reports.listing import listing

    print(listing())
    return OK


def _build(given: argparse.Namespace) -> int:
    from helpers.data.process import process
    from helpers.data.project import project_root
    from helpers.reports.engine import build
    from helpers.reports.index import write_index
    from helpers.reports.portfolio import country_lists, load_portfolio
    from helpers.reports.progress import shown_progress
    from helpers.reports.selection import parse_assignments, select_runs

    root = project_root()
    assignments = parse_assignments(given.parameter)
    lists = country_lists(root)
    portfolio = load_portfolio(root, lists)
    runs = select_runs(portfolio, given.only, assignments, root=root, lists=lists)
    print("bringing data/processed up to date", file=sys.stderr)
    process(root)
    with shown_progress(len(runs)) as progress:
        results = build(
            runs,
            jobs=given.jobs,
            root=root,
            progress=progress,
            cell_timeout=given.timeout,
            afterwards=lambda: write_index(portfolio, root),
        )
    failed = [result for result in results if not result.built]
    print(f"{len(results) - len(failed)} of {len(results)} reports built")
    for result in failed:
        print(f"failed: {result.slug}: {result.failure.text() if result.failure else ''}")
    print(shown_path(root / "reports" / "build" / "index.html"))
    return FAILED if failed else OK


def _built_folders(slugs: Sequence[str], *, whole: bool = True) -> list[Path]:
    """Return the folders of reports; with ``whole=False`` also those whose files changed since."""
    from helpers.data.errors import InputError
    from helpers.data.project import build_folder
    from helpers.reports.portfolio import SLUG
    from helpers.reports.staging import SUCCESS, is_complete
    from helpers.reports.values import did_you_mean, shown

    built = {
        path.name: path
        for path in sorted(build_folder().glob("*/"))
        if SLUG.fullmatch(path.name) and (is_complete(path) if whole else (path / SUCCESS).exists())
    }
    unknown = [slug for slug in slugs if slug not in built]
    if unknown:
        problems = [
            f"there is no built report {shown(slug)}{did_you_mean(slug, list(built))}" for slug in unknown
        ]
        raise InputError([*problems, "`evidence list` shows all reports, `evidence build` builds them"])
    return [built[slug] for slug in slugs] if slugs else list(built.values())


def _check(given: argparse.Namespace) -> int:
    from helpers.data.errors import InputError
    from helpers.reports.check import check_reports

    # A report that was changed since is what the check is for.
    folders = _built_folders(given.slugs, whole=False)
    if not folders:
        raise InputError("no report is built: run `evidence build` first")
    findings = check_reports(folders, progress=lambda slug: print(f"checked {slug}", file=sys.stderr))
    for finding in findings:
        print(finding)
    print(f"{len(folders)} reports checked: {len(findings) or 'no'} findings")
    return FAILED if findings else OK


def _open(given: argparse.Namespace) -> int:
    from helpers.data.errors import InputError
    from helpers.data.project import build_folder

    folders = _built_folders([given.slug]) if given.slug else []
    path = folders[0] / "report.html" if folders else build_folder() / "index.html"
    if not path.is_file():
        raise InputError("no report is built: run `evidence build` first")
    print(shown_path(path.resolve()))
    if sys.platform in {"darwin", "win32"} or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        import webbrowser

        webbrowser.open(path.resolve().as_uri())
    return OK


def _baseline(given: argparse.Namespace) -> int:
    from helpers.data.project import project_root
    from helpers.reports.baseline import compare_with_baseline, write_baseline
    from helpers.reports.portfolio import load_portfolio

    root = project_root()
    slugs = [run.slug for run in load_portfolio(root)]
    if given.write:
        written = write_baseline(slugs, root)
        for slug in slugs:
            if slug not in written:
                print(f"{slug}: not built, not written")
        print(f"written: {len(written)} files in reports/baseline")
        return OK
    comparison = compare_with_baseline(slugs, root)
    for line in [*comparison.notes, *comparison.differences]:
        print(line)
    count = len(comparison.differences)
    print(f"{comparison.compared} reports compared, {count or 'no'} differences from reports/baseline")
    return FAILED if count else OK
