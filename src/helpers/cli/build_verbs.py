"""Verbs that build reports: ``build``, and ``watch``, which builds whenever something is edited."""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.cli.verb import FAILED, OK, add_verb, counted, positive, shown_path

if TYPE_CHECKING:
    from helpers.reports.engine import Result
    from helpers.reports.incremental.memory import Memory
    from helpers.reports.incremental.plan import Planned
    from helpers.reports.progress import JsonLines, Silent
    from helpers.reports.runs import ReportRun


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this module."""
    verb = add_verb(verbs, "build", _build, "build the reports that something changed for, in reports/build")
    _add_choice(verb)
    verb.add_argument("--force", action="store_true", help="build them even if nothing changed")
    verb.add_argument(
        "--explain",
        action="store_true",
        help="say of each report why it would be built or not; build nothing",
    )
    verb.add_argument("--quiet", action="store_true", help="say only what failed")
    verb.add_argument(
        "--log-format",
        choices=["text", "json"],
        default="text",
        help="json: an object a line and event, on standard output",
    )
    verb.add_argument("--profile", action="store_true", help="show at the end where the time went")
    verb.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="have the workers of a Dask cluster make them: address of its scheduler, or scheduler file",
    )

    verb = add_verb(
        verbs, "watch", _watch, "build, and again whenever an edit touches a report, until Ctrl-C"
    )
    _add_choice(verb)


def _add_choice(verb: argparse.ArgumentParser) -> None:
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


def _build(given: argparse.Namespace) -> int:
    from helpers.data.project import project_root
    from helpers.reports.incremental.memory import Memory
    from helpers.reports.incremental.plan import Plan
    from helpers.reports.incremental.portfolios import known_portfolio
    from helpers.reports.incremental.tables import bring_up_to_date, refuse_undeclared_changes
    from helpers.reports.selection import parse_assignments, select_runs

    clock = time.monotonic()
    root, told = project_root(), _told(given)
    memory = Memory(root)
    assignments = parse_assignments(given.parameter)
    portfolio, lists = known_portfolio(memory)
    runs = select_runs(portfolio, given.only, assignments, root=root, lists=lists)
    if given.explain:
        return _explained(Plan(memory).planned(runs, force=given.force), memory)
    tables = bring_up_to_date(memory, told.say if told else _say)
    before = time.monotonic() - clock
    plan = Plan(memory, tables)
    planned = plan.planned(runs, force=given.force)
    memory.save()
    results: Sequence[Result] = []
    if not _nothing_to_do(planned, portfolio, memory):
        to_run = [item for item in planned if item.what in ("run", "perhaps")]
        refuse_undeclared_changes(plan.tables_of(to_run), tables)
        results = _built(given, runs, portfolio, root, told)
    _summed_up(results, len(runs), root, told)
    if given.profile:
        from helpers.reports.profile import where_time_went

        for line in where_time_went(results, root, before=before, wall=time.monotonic() - clock):
            _say(line)
    return OK if all(result.built for result in results) else FAILED


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _told(given: argparse.Namespace) -> "JsonLines | Silent | None":
    """Return what hears of the build in place of the reader at the terminal."""
    if given.log_format != "json" and not given.quiet:
        return None
    from helpers.reports.progress import JsonLines, Silent

    return JsonLines(sys.stdout) if given.log_format == "json" else Silent()


def _explained(planned: "Sequence[Planned]", memory: "Memory") -> int:
    memory.save()
    for item in planned:
        print(item.text())
    count = {what: sum(item.what == what for item in planned) for what in ("nothing", "perhaps")}
    todo = len(planned) - sum(count.values())
    perhaps = f", {count['perhaps']} perhaps" if count["perhaps"] else ""
    print(f"{counted(todo, 'report')} to build{perhaps}, {count['nothing']} unchanged; nothing was built")
    return OK


def _nothing_to_do(planned: "Sequence[Planned]", portfolio: "Sequence[ReportRun]", memory: "Memory") -> bool:
    """Say whether every report and the index are as they should be, and no killed build left anything."""
    from helpers.data.project import build_folder
    from helpers.reports.index import index_is_current
    from helpers.reports.staging import PREVIOUS, STAGING

    left = [path for name in (STAGING, PREVIOUS) for path in (build_folder(memory.root) / name).glob("*")]
    unchanged = all(item.what == "nothing" for item in planned)
    return unchanged and not left and index_is_current(portfolio, memory.root, memory)


def _built(
    given: argparse.Namespace,
    runs: "Sequence[ReportRun]",
    portfolio: "Sequence[ReportRun]",
    root: Path,
    told: "JsonLines | Silent | None",
) -> "Sequence[Result]":
    from helpers.reports.engine import build
    from helpers.reports.index import write_index
    from helpers.reports.progress import shown_progress

    with _places(given, runs, root, told) as places, shown_progress(len(runs), other=told) as progress:
        return build(
            runs,
            **places,
            root=root,
            progress=progress,
            cell_timeout=given.timeout,
            force=given.force,
            afterwards=lambda: write_index(portfolio, root),
        )


@contextmanager
def _places(
    given: argparse.Namespace, runs: "Sequence[ReportRun]", root: Path, told: "JsonLines | Silent | None"
) -> "Iterator[dict[str, Any]]":
    """Yield where reports are made and how many at a time: on this machine, or on a cluster."""
    if given.cluster is None:
        yield {"jobs": given.jobs}
        return
    from helpers.reports.cluster.client import connected

    say = told.say if told else _say
    # Reports that compose others are made here, where these are.
    elsewhere = [run.notebook for run in runs if not run.composes]
    with connected(given.cluster, root, elsewhere, say) as cluster:
        yield {"jobs": given.jobs or cluster.slots, "maker": cluster.place}


def _summed_up(
    results: "Sequence[Result]", asked: int, root: Path, told: "JsonLines | Silent | None"
) -> None:
    done = [result for result in results if result.what != "nothing"]
    failed = [result for result in done if result.failure]
    unchanged, built = asked - len(done), len(done) - len(failed)
    index = shown_path(root / "reports" / "build" / "index.html")
    if told is not None and hasattr(told, "event"):
        told.event("finished", built=built, failed=len(failed), unchanged=unchanged, index=index)
        return
    if told is None:
        also = f", {unchanged} unchanged" if unchanged else ""
        words = f"{built} of {counted(len(done), 'report')} built{also}"
        print(words if done else f"{counted(unchanged, 'report')} unchanged: nothing to build")
    for result in failed:
        print(f"failed: {result.slug}: {result.failure.text() if result.failure else ''}")
    if told is None:
        print(index)


def _watch(given: argparse.Namespace) -> int:
    from helpers.data.project import project_root
    from helpers.reports.watch import watch

    words = [word for name in given.only for word in ("--only", name)]
    words += [word for text in given.parameter for word in ("-p", text)]
    words += [*(["--jobs", str(given.jobs)] if given.jobs else []), "--timeout", str(given.timeout)]
    watch(project_root(), words, _say)
    return OK
