"""The verb that writes sheets for people who code answers."""

import argparse
import sys
from pathlib import Path

from helpers.cli.verb import OK, add_verb, counted, shown_path


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this module."""
    text = "write sheets in which people code answers by themes: a random sample, and doubtful ones"
    verb = add_verb(verbs, "review", _review, text)
    verb.add_argument("questionnaire", metavar="QUESTIONNAIRE", help="such as vaccine_capacity")
    verb.add_argument(
        "--vintage",
        default="latest",
        metavar="YYYY-MM",
        help="which wave; -sample behind it for made-up answers (default: %(default)s)",
    )
    verb.add_argument(
        "--sample",
        type=_number,
        default=300,
        metavar="N",
        help="answers drawn at random, by which shares and agreement are estimated (default: %(default)s)",
    )
    verb.add_argument(
        "--queue",
        type=_number,
        default=100,
        metavar="N",
        help="further answers, whose machine codes are the most doubtful (default: %(default)s)",
    )
    verb.add_argument(
        "--seed", type=_number, default=1, metavar="N", help="of the random sample (default: %(default)s)"
    )
    verb.add_argument(
        "--coders",
        type=_coders,
        default="coder_1,coder_2",
        metavar="NAMES",
        help="a sheet each (default: %(default)s)",
    )
    verb.add_argument("--out", type=Path, metavar="FOLDER", help="where to write (default: reports/review)")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number")
    return int(text)


def _coders(text: str) -> list[str]:
    from helpers.data.coding.codes import coder_names

    try:
        return coder_names(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(str(fault)) from None


def _review(given: argparse.Namespace) -> int:
    from helpers.reports.review import review

    done = review(
        given.questionnaire,
        given.vintage,
        sample=given.sample,
        queue=given.queue,
        seed=given.seed,
        coders=given.coders,
        out=given.out,
    )
    for note in done.notes:
        print(note, file=sys.stderr)
    print(f"of {counted(done.answers, 'answer')} {done.sample} drawn at random, {done.queue} from the queue")
    for path in done.files:
        print(shown_path(path))
    return OK
