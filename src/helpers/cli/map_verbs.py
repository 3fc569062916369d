"""The verb that writes the map which is put at others' disposal."""

import argparse
from pathlib import Path

from helpers.cli.verb import OK, add_verb, counted, positive, shown_path


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this module."""
    text = "write a map of what respondents agreed to show, with GeoJSON, CSV and protected totals"
    verb = add_verb(verbs, "map", _map, text)
    verb.add_argument("questionnaire", metavar="QUESTIONNAIRE", help="such as vaccine_capacity")
    verb.add_argument(
        "--vintage",
        default="latest",
        metavar="YYYY-MM",
        help="which wave; -sample behind it for made-up answers (default: %(default)s)",
    )
    verb.add_argument(
        "--output",
        type=Path,
        metavar="FOLDER",
        help="folder to write (default: reports/build/maps/QUESTIONNAIRE-VINTAGE)",
    )
    rules = verb.add_argument_group("totals are held back")
    rules.add_argument(
        "--min-count",
        type=positive,
        default=3,
        metavar="N",
        help="with fewer respondents than this (default: %(default)s)",
    )
    rules.add_argument(
        "--dominance-n",
        type=positive,
        default=2,
        metavar="N",
        help="if so many respondents ... (default: %(default)s)",
    )
    rules.add_argument(
        "--dominance-k",
        type=float,
        default=85.0,
        metavar="K",
        help="... make up more than K per cent (default: %(default)g)",
    )
    rules.add_argument(
        "--p",
        type=float,
        default=10.0,
        metavar="P",
        help="if one respondent can tell another's amount to within P per cent (default: %(default)g)",
    )


def _map(given: argparse.Namespace) -> int:
    from helpers.analysis.disclosure import Rules
    from helpers.reports.shared_map import shared_map

    rules = Rules(
        min_count=given.min_count, dominance_n=given.dominance_n, dominance_k=given.dominance_k, p=given.p
    )
    done = shared_map(given.questionnaire, given.vintage, rules=rules, output=given.output)
    print(
        f"{done.whole} entries with a name, {done.anonymous} without; "
        f"{counted(done.totals, 'total')} shown, {done.held_back} held back"
    )
    print(shown_path(done.folder))
    return OK
