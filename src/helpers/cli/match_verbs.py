"""The verb that writes the plan by respondent, for those who carry it out."""

import argparse
import sys

from helpers.cli.verb import OK, add_verb, shown_path


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this module."""
    text = "write into data/restricted which respondent sends what to whom, for those who carry it out"
    verb = add_verb(verbs, "match", _match, text)
    verb.add_argument("questionnaire", metavar="QUESTIONNAIRE", help="such as vaccine_capacity")
    verb.add_argument("--product", required=True, metavar="CODE", help="such as vials")
    verb.add_argument("--month", required=True, metavar="YYYY-MM", help="month of the match, such as 2021-06")
    verb.add_argument(
        "--vintage",
        default="latest",
        metavar="YYYY-MM",
        help="which wave; -sample behind it for made-up answers (default: %(default)s)",
    )
    verb.add_argument(
        "--scope",
        default="EU27",
        metavar="SCOPE",
        help="EU27, ALL, or a country, of which the plan holds what it sends and gets (default: %(default)s)",
    )
    verb.add_argument(
        "--scenario",
        default="base",
        metavar="NAME",
        help="one of data/raw/scenarios, or largest_lost (default: %(default)s)",
    )
    verb.add_argument(
        "--fairness",
        default="cheapest",
        metavar="HOW",
        help="how scarce supply is shared: cheapest, worst_first or proportional (default: %(default)s)",
    )


def _match(given: argparse.Namespace) -> int:
    from helpers.reports.plans import Request, plan_by_respondent

    names = ("questionnaire", "product", "month", "vintage", "scope", "scenario", "fairness")
    done = plan_by_respondent(Request(**{name: getattr(given, name) for name in names}))
    for note in done.notes:
        print(note, file=sys.stderr)
    share = done.share_met
    if share is not None and done.lacking:
        share = min(share, 0.99)  # not all, however little is missing
    print(f"matched: {done.group}; respondents that send: {done.senders} of {done.offering}")
    print(f"countries that get some: {done.countries} of {done.needing}, that lack some: {done.lacking}")
    print(
        "share of the need that is met: "
        + ("not told, it would say too much of one respondent" if share is None else f"{share:.0%}")
    )
    for path in done.files:
        print(shown_path(path))
    return OK
