"""The ``evidence`` command: one function a verb, each thin; a module a kind of verbs.

Imports stand inside the functions: ``evidence --help`` answers at once.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from helpers.cli import (
    build_verbs,
    codebook_verbs,
    collaboration_verbs,
    comment_verbs,
    data_verbs,
    document_verbs,
    form_verbs,
    ingest_verbs,
    map_verbs,
    match_verbs,
    position_verbs,
    publish_verbs,
    report_verbs,
    review_verbs,
    sample_verbs,
    trace_verbs,
)
from helpers.cli.verb import FAILED, INTERRUPTED, USER_MISTAKE


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
    except SyntaxError as error:
        # A helper that is being edited, most likely: its file and line say more than our stack.
        if given.traceback or error.filename is None:
            raise
        print(f"evidence: {error.filename}, line {error.lineno}: {error.msg}", file=sys.stderr)
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


class _Parser(argparse.ArgumentParser):
    """Suggests the nearest verb for one that is misspelt."""

    def _check_value(self, action: argparse.Action, value: object) -> None:
        choices = list(action.choices or ())
        if choices and value not in choices:
            from helpers.reports.values import did_you_mean

            near = did_you_mean(str(value), [str(choice) for choice in choices])
            known = ", ".join(map(str, choices))
            raise argparse.ArgumentError(action, f"{str(value)[:60]!r} is not known{near}; known: {known}")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="evidence",
        description="From public data to reports: verify, process, build, check.",
        allow_abbrev=False,
    )
    parser.add_argument("--traceback", action="store_true", help="show where in the code an error arose")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)

    modules = (
        data_verbs,
        ingest_verbs,
        form_verbs,
        review_verbs,
        comment_verbs,
        codebook_verbs,
        build_verbs,
        map_verbs,
        match_verbs,
        position_verbs,
        collaboration_verbs,
        sample_verbs,
        report_verbs,
        trace_verbs,
        document_verbs,
        publish_verbs,
    )
    for module in modules:
        module.add_verbs(verbs)
    return parser
