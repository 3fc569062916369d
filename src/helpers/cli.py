"""The ``evidence`` command: one function a verb, each thin.

Imports stand inside the functions: ``evidence --help`` answers at once.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

OK, FAILED, USER_MISTAKE, INTERRUPTED = 0, 1, 2, 130
DICTIONARY = Path("docs") / "data_dictionary.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status.

    Parameters
    ----------
    arguments
        Of the command line; ``sys.argv`` if not given.

    Returns
    -------
    int
        0 all went well; 1 a report or a check failed; 2 a mistake in what was given; 130 interrupted.
    """
    given = _parser().parse_args(arguments)
    from helpers.data.errors import InputError

    try:
        status: int = given.verb(given)
        sys.stdout.flush()
    except InputError as error:
        if given.traceback:
            raise
        for problem in error.problems:
            print(f"evidence: {problem}", file=sys.stderr)
        return USER_MISTAKE
    except KeyboardInterrupt:
        if given.traceback:
            raise
        print("evidence: interrupted; reports that were built before stay as they are", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output (`| head`) has gone; nothing is left to tell, also not at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        # A folder that may not be written, a full disk: nothing in the code would mend it.
        if given.traceback:
            raise
        print(f"evidence: {error.filename or 'a file'}: {error.strerror or error}", file=sys.stderr)
        return FAILED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="evidence",
        description="From public data to reports: verify, process, build, check.",
        allow_abbrev=False,
    )
    parser.add_argument("--traceback", action="store_true", help="show where in the code an error arose")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)

    verb = _verb(verbs, "verify", _verify, "compare data/raw with what its origin.yml files declare")
    verb.add_argument("names", nargs="*", metavar="NAME", help="datasets (default: all)")
    verb.add_argument("--update", metavar="NAME", help="write checksums and row counts of a changed dataset")

    verb = _verb(verbs, "process", _process, "make the typed tables of data/processed")
    verb.add_argument("--only", action="append", default=[], metavar="TABLE", help="this table (repeatable)")
    verb.add_argument("--force", action="store_true", help="make them even if nothing changed")

    verb = _verb(verbs, "list", _list, "show reports, the parameters of notebooks, and datasets")

    verb = _verb(verbs, "build", _build, "run notebooks and write reports/build")
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
        "--jobs", type=_positive, metavar="N", help="reports at a time (default: by cores, memory)"
    )
    verb.add_argument(
        "--timeout",
        type=_positive,
        default=600,
        metavar="SECONDS",
        help="that one cell may take (default: 600)",
    )

    verb = _verb(verbs, "check", _check, "open built reports in a browser without network and find faults")
    verb.add_argument("slugs", nargs="*", metavar="SLUG", help="reports (default: all that are built)")

    verb = _verb(verbs, "open", _open, "print the path of a report, and show it if there is a display")
    verb.add_argument("slug", nargs="?", metavar="SLUG", help="report (default: the index of all)")

    verb = _verb(verbs, "dictionary", _dictionary, f"write {DICTIONARY} from the origin.yml files")
    verb.add_argument("--check", action="store_true", help="only say whether the file is up to date")

    verb = _verb(verbs, "baseline", _baseline, "compare the facts of built reports with the committed ones")
    how = verb.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="show what differs (default)")
    how.add_argument("--write", action="store_true", help="make the built facts the committed ones")
    return parser


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    function: Callable[[argparse.Namespace], int],
    text: str,
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(
        name, help=text, description=text[0].upper() + text[1:] + ".", allow_abbrev=False
    )
    parser.set_defaults(verb=function)
    return parser


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 9 and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number above 0")
    return int(text)


def _verify(given: argparse.Namespace) -> int:
    from helpers.data.catalog import dataset_names
    from helpers.data.verify import problem_lines, refresh_checksums, verify

    if given.update:
        for line in refresh_checksums(given.update):
            print(line)
    problems = verify(only=given.names or None)
    for line in problem_lines(problems):
        print(line)
    count = len(given.names or dataset_names())
    print(f"{count} datasets verified: {len(problems) or 'no'} problems")
    return FAILED if problems else OK


def _process(given: argparse.Namespace) -> int:
    from helpers.data.process import process

    written = process(only=given.only or None, force=given.force)
    print(f"written: {', '.join(written)}" if written else "data/processed is up to date")
    return OK


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


def shown_path(path: Path) -> str:
    """Return a path relative to the working directory if it lies inside it."""
    here = Path.cwd().resolve()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


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


def _dictionary(given: argparse.Namespace) -> int:
    from helpers.data.dictionary import data_dictionary
    from helpers.data.project import project_root
    from helpers.reports.staging import write_text

    root = project_root()
    text = data_dictionary(root)
    path = root / DICTIONARY
    current = path.read_text(encoding="utf-8") if path.is_file() else None
    if given.check:
        print(
            f"{DICTIONARY} is {'up to date' if current == text else 'out of date: run `evidence dictionary`'}"
        )
        return OK if current == text else FAILED
    write_text(path, text)
    print(shown_path(path))
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


if __name__ == "__main__":
    sys.exit(main())
