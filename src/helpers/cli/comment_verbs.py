"""The verbs of the review: sheets for reviewers, what they said, and answers to it."""

import argparse
import sys
from pathlib import Path

from helpers.cli.verb import OK, add_verb, counted, shown_path


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this module."""
    text = "write a sheet in which reviewers comment on reports; ingest --as review_sheet takes it back"
    sheet = add_verb(verbs, "review-sheet", _review_sheet, text)
    sheet.add_argument("slugs", nargs="+", metavar="SLUG", help="reports that are built")
    sheet.add_argument("--reviewer", default="", metavar="NAME", help="name or initials to fill in")
    sheet.add_argument("--out", type=Path, metavar="FOLDER", help="where to write (default: reports/review)")
    listed = add_verb(verbs, "comments", _comments, "list the review comments on a report that are open")
    listed.add_argument("slug", metavar="SLUG", help="of the report")
    listed.add_argument("--all", action="store_true", help="also those that were answered or withdrawn")
    answer = add_verb(verbs, "answer", _answer, "answer a review comment, withdraw it, or open it again")
    answer.add_argument("slug", metavar="SLUG", help="of the report")
    answer.add_argument("comment", metavar="COMMENT_ID", help="as `evidence comments` lists it")
    answer.add_argument(
        "text", nargs="?", default="", metavar="TEXT", help="the answer; why, for the options below"
    )
    how = answer.add_mutually_exclusive_group()
    how.add_argument("--withdraw", action="store_true", help="the reviewer no longer says so")
    how.add_argument("--reopen", action="store_true", help="it is to be answered again")


def _review_sheet(given: argparse.Namespace) -> int:
    from helpers.reports.comments.writing import write_sheets

    for path in write_sheets(given.slugs, given.reviewer, given.out):
        print(shown_path(path))
    return OK


def _comments(given: argparse.Namespace) -> int:
    from helpers.reports.comments.listing import comment_lines, gone_targets, known_report
    from helpers.reports.comments.model import in_order
    from helpers.reports.comments.store import open_comments, read_comments, reviewers

    known_report(given.slug)
    waiting = open_comments(given.slug)
    shown = in_order(read_comments(given.slug)) if given.all else waiting
    for line in comment_lines(shown, gone_targets(given.slug, shown)):
        print(line)
    names = ", ".join(reviewers(given.slug)) or "nobody yet"
    print(f"{given.slug}: {counted(len(waiting), 'open comment')}; reviewed by {names}", file=sys.stderr)
    return OK


def _answer(given: argparse.Namespace) -> int:
    from helpers.reports.comments.answers import answer
    from helpers.reports.comments.model import Status

    status: Status = "withdrawn" if given.withdraw else "open" if given.reopen else "answered"
    done = answer(given.slug, given.comment, given.text, status=status)
    print(f"{done.comment_id} on {done.target} is {done.status}")
    return OK
