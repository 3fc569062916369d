"""The verb that brings the export of a survey tool into ``data/raw``."""

import argparse
import sys
from pathlib import Path

from helpers.cli.verb import OK, add_verb, counted, shown_path


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this module."""
    verb = add_verb(
        verbs, "ingest", _ingest, "read the export of a survey tool into data/raw, all of it or nothing"
    )
    verb.add_argument(
        "files", nargs="+", metavar="FILE", help="the export; several files if they continue each other"
    )
    verb.add_argument(
        "--as",
        dest="questionnaire",
        required=True,
        metavar="NAME",
        help="the questionnaire that was asked; coded_answers for sheets of `evidence review` that come "
        "back, review_sheet for those of `evidence review-sheet`, roadmap for those of `evidence roadmap`",
    )
    verb.add_argument(
        "--vintage",
        metavar="YYYY-MM",
        help="when it was asked; -sample behind it for made-up answers (default: month of the latest)",
    )
    verb.add_argument("--mapping", metavar="FILE", help="which column answers which question, as you decided")
    verb.add_argument(
        "--replace", action="store_true", help="put them in the place of another file's answers"
    )
    verb.add_argument("--tool", metavar="NAME", help="the survey tool (default: told by the content)")
    verb.add_argument("--encoding", metavar="NAME", help="of a csv that is not UTF-8, such as cp1250")
    verb.add_argument(
        "--dates",
        choices=("dmy", "mdy", "ymd"),
        help="how dates with slashes are written (default: by the tool)",
    )


def _ingest(given: argparse.Namespace) -> int:
    from helpers.data.coding import AS
    from helpers.data.roadmaps import AS as ROADMAP
    from helpers.reports.comments import AS as REVIEW

    if given.questionnaire == ROADMAP:
        from helpers.cli.collaboration_verbs import ingest_roadmaps

        _refuse_options(given, "vintage", "mapping", "tool", "dates")
        return ingest_roadmaps(given)
    if given.questionnaire == REVIEW:
        return _ingest_reviews(given)
    return _ingest_codes(given) if given.questionnaire == AS else _ingest_answers(given)


def _refuse_options(given: argparse.Namespace, *options: str) -> None:
    """Refuse options that have no meaning for sheets that come back."""
    from helpers.data.errors import InputError

    for option in options:
        if getattr(given, option) not in (None, False):
            raise InputError(
                f"--{option}: found it with --as {given.questionnaire}, allowed: with a questionnaire"
            )


def _ingest_reviews(given: argparse.Namespace) -> int:
    """Take back sheets in which reviewers commented on reports."""
    from helpers.reports.comments.returned import take_back

    _refuse_options(given, "vintage", "mapping", "replace", "tool", "dates")
    for done in take_back([Path(name) for name in given.files], encoding=given.encoding):
        for target in done.gone:
            print(f"{done.slug}: {target} is no longer in the report; the comment is kept", file=sys.stderr)
        again = f", {done.reopened} said again and open again" if done.reopened else ""
        print(
            f"{done.slug}: reviewed by {', '.join(done.reviewers)}: {counted(done.new, 'new comment')}, "
            f"{done.known} known before{again}"
        )
        print(shown_path(done.folder) + ("" if done.changed else " is as it was"))
    return OK


def _ingest_codes(given: argparse.Namespace) -> int:
    """Take back sheets in which people coded answers."""
    from helpers.data.coding.returned import take_back

    _refuse_options(given, "mapping", "tool", "dates")
    waves = take_back(
        [Path(name) for name in given.files],
        vintage=given.vintage,
        replace=given.replace,
        encoding=given.encoding,
    )
    for done in waves:
        for note in done.notes:
            print(f"{done.wave}: {note}", file=sys.stderr)
        coded = ", ".join(f"{coder} {number}" for coder, number in sorted(done.coded.items())) or "none"
        print(f"{done.wave}: answers coded: {coded}; rows left open: {done.left_open}")
        print(shown_path(done.folder) + ("" if done.changed else " is as it was"))
    return OK


def _ingest_answers(given: argparse.Namespace) -> int:
    """Read the export of a survey tool."""
    from helpers.data.survey.ingest import ingest

    done = ingest(
        [Path(name) for name in given.files],
        given.questionnaire,
        given.vintage,
        mapping=Path(given.mapping) if given.mapping else None,
        tool=given.tool,
        encoding=given.encoding,
        dates=given.dates,
        replace_vintage=given.replace,
    )
    for note in done.notes:
        print(note, file=sys.stderr)
    answers = counted(done.received, "answer")
    print(f"{done.tool}: {answers} received, {done.accepted} accepted, {done.rejected} rejected")
    if not done.changed:
        print(f"{shown_path(done.folder)} is as it was")
        return OK
    print(shown_path(done.folder))
    if done.rejected:
        print(f"{shown_path(done.folder / 'rejects.csv')} says why")
    return OK
