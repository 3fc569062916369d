"""Verbs that list, check and show reports."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from helpers.cli.verb import FAILED, OK, add_verb, counted, shown_path


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this module."""
    verb = add_verb(verbs, "list", _list, "show reports, the parameters of notebooks, and datasets")

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


def _built_folders(slugs: Sequence[str], *, whole: bool = True) -> list[Path]:
    """Return the folders of reports; with ``whole=False`` also those whose files changed since."""
    from helpers.data.errors import InputError
    from helpers.data.project import build_folder
    from helpers.reports.runs import SLUG
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
    print(f"{counted(len(folders), 'report')} checked: {counted(len(findings), 'finding')}")
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
        print(f"written: {counted(len(written), 'file')} in reports/baseline")
        return OK
    comparison = compare_with_baseline(slugs, root)
    for line in [*comparison.notes, *comparison.differences]:
        print(line)
    count = len(comparison.differences)
    compared = counted(comparison.compared, "report")
    print(f"{compared} compared, {counted(count, 'difference')} from reports/baseline")
    return FAILED if count else OK
