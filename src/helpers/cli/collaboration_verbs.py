"""The verbs for sessions and working groups: a calendar, sheets of groups, and roadmaps."""

import argparse
import sys
from pathlib import Path

from helpers.cli.verb import OK, add_verb, counted, positive, shown_path


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this module."""
    _add_calendar(verbs)
    _add_groups(verbs)
    _add_roadmap(verbs)


def _add_calendar(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    text = "write the sessions and cut-offs of the series of events for a calendar program (.ics)"
    verb = add_verb(verbs, "calendar", _calendar, text)
    verb.add_argument(
        "--series", default="all", metavar="SERIES", help="such as eu-clusters-talks (default: %(default)s)"
    )
    verb.add_argument(
        "--out", type=Path, metavar="FILE", help="(default: reports/documents/calendar-SERIES.ics)"
    )
    verb.add_argument("--announced-only", action="store_true", help="leave made-up sessions out")


def _add_groups(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    text = "make working groups and write a page and a workbook of each into data/restricted"
    verb = add_verb(verbs, "groups", _groups, text)
    verb.add_argument(
        "--domain", default="all", metavar="DOMAIN", help="such as energy (default: %(default)s)"
    )
    verb.add_argument(
        "--size", type=positive, default=6, metavar="N", help="members of a group (default: %(default)s)"
    )
    verb.add_argument(
        "--seed", type=_number, default=0, metavar="N", help="the same one gives the same groups (default: 0)"
    )
    verb.add_argument("--out", type=Path, metavar="FOLDER", help="(default: data/restricted/groups)")


def _add_roadmap(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    text = "write the template of a roadmap for a working group, or make points of roadmaps that came back"
    verb = add_verb(verbs, "roadmap", _roadmap, text)
    verb.add_argument("group", nargs="?", default="", metavar="GROUP", help="such as 'energy 1'")
    verb.add_argument("--out", type=Path, metavar="FILE", help="the workbook to write, such as energy-1.xlsx")
    verb.add_argument(
        "--to-points",
        action="store_true",
        help="write the steps of data/raw/roadmaps as points into data/raw/session_points",
    )


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number")
    return int(text)


def _calendar(given: argparse.Namespace) -> int:
    from helpers.reports.calendar_file import write_calendar

    done = write_calendar(given.series, given.out, announced_only=given.announced_only)
    made_up = f", {done.made_up} of them made up and marked" if done.made_up else ""
    print(f"{counted(done.sessions, 'session')}{made_up}; {counted(done.cut_offs, 'cut-off')}")
    print(shown_path(done.path) + ("" if done.changed else " is as it was"))
    return OK


def _groups(given: argparse.Namespace) -> int:
    from helpers.reports.group_files import write_groups

    done = write_groups(given.domain, size=given.size, seed=given.seed, out=given.out)
    for note in done.notes:
        print(note, file=sys.stderr)
    groups = done.groups
    for why, number in groups.not_placed["why"].value_counts(sort=False).items():
        print(f"no group: {number}, {why}", file=sys.stderr)
    print(
        f"{counted(len(groups.members), 'participant')} in {counted(len(groups.groups), 'group')}, "
        f"{len(groups.not_placed)} in none; at most {groups.gap:.1%} below the best mix there could be"
    )
    print(f"files with contacts of those who agreed: {done.with_contacts}")
    print(shown_path(done.folder))
    return OK


def _roadmap(given: argparse.Namespace) -> int:
    from helpers.data.errors import InputError

    if given.to_points:
        if given.group or given.out:
            raise InputError("--to-points: found it with GROUP or --out, allowed: alone")
        return _to_points()
    if given.out is None:
        raise InputError("--out: missing, allowed: the workbook to write, such as --out roadmap.xlsx")
    if given.out.suffix.lower() != ".xlsx":
        raise InputError(f"--out: found {given.out.name[:60]!r}, allowed: a name that ends in .xlsx")
    from helpers.data.files import write_atomically
    from helpers.data.roadmaps.template import allowed_here, template_xlsx

    if given.out.exists():
        raise InputError(
            f"--out: {given.out.name} is there already, and may be filled in; allowed: another name"
        )
    if not given.out.resolve().parent.is_dir():
        raise InputError(f"--out: {given.out.parent} is no folder")
    write_atomically(given.out.resolve(), template_xlsx(given.group, allowed_here()))
    print(shown_path(given.out.resolve()))
    return OK


def _to_points() -> int:
    from helpers.data.roadmaps.points import propose_points

    done = propose_points()
    print(f"{counted(done.new, 'new point')}, {done.known} known before")
    print(shown_path(done.folder) + ("" if done.new else " is as it was"))
    return OK


def ingest_roadmaps(given: argparse.Namespace) -> int:
    """Take back roadmaps that working groups filled in; `evidence ingest FILE --as roadmap`."""
    from helpers.data.roadmaps.returned import take_back

    done = take_back([Path(name) for name in given.files], replace=given.replace, encoding=given.encoding)
    changed = f", {done.replaced} in the place of others" if done.replaced else ""
    print(f"{', '.join(done.groups)}: {counted(done.steps, 'step')}, {done.new} new{changed}")
    print(shown_path(done.folder) + ("" if done.changed else " is as it was"))
    return OK
