"""What dividing many participants into working groups costs, and how good the groups are."""

import sys
from functools import partial

import numpy as np
import pandas as pd

from benchmarks.measuring import spread, table, timed
from benchmarks.project import Setup
from helpers.analysis.collaboration.groups import Groups, make_groups
from helpers.analysis.collaboration.groups_compare import compare_groups
from helpers.analysis.collaboration.partners import rank_partners

TITLE = "Working groups of many participants"
# Domains of supply chains, and the hardest case: all in one.
CASES = {"nine domains": 9, "one domain": 1}
STAGES = [f"stage {number}" for number in range(9)]


def measure(setup: Setup) -> list[str]:
    """Divide made-up participants into groups of six, rank their partners, compare with work by hand."""
    count = 400 if setup.quick else 2_000
    costs: dict[str, list[str]] = {"groups": [], "groups / partners": []}
    rows: list[list[str]] = []
    for name, domains in CASES.items():
        people = made_up(count, domains)
        seconds: dict[str, list[float]] = {what: [] for what in costs}
        for number in range(setup.rounds):
            print(f"  {name}: round {number + 1} of {setup.rounds}", file=sys.stderr, flush=True)
            made, grouping = timed(partial(make_groups, people))
            _, ranking = timed(partial(rank_partners, people, STAGES))
            seconds["groups"].append(grouping)
            seconds["groups / partners"].append(grouping / ranking)
        for what, measured in seconds.items():
            costs[what].append(spread(measured, 2))
        rows += _quality(name, made, people)
    return [
        f"{count:,} participants, groups of six (five to seven). Processor seconds, median (lowest to "
        "highest). Partners: ranking everybody's partners, each with each. Goal: groups under 60 s. "
        "The search ends after so many steps, never by the clock.",
        "",
        *table(["", *CASES], [[what, *values] for what, values in costs.items()]),
        "",
        "Points: one for each country, kind, step of the value chain and met need in a group. Bound: proven, "
        "no division has more; the gap is how far below it the points may be.",
        "",
        *table(["", "points", "of the bound", "gap at most", "worst group", "no cluster or funder"], rows),
    ]


def made_up(count: int, domains: int) -> pd.DataFrame:
    """Make up participants; some countries and companies are frequent."""
    rng = np.random.default_rng(2021)
    countries = [f"{first}{second}" for first in "ABCDEF" for second in "VWXYZ"]
    often = rng.dirichlet(np.full(len(countries), 0.7))
    kinds = ["company", "cluster", "funder", "research", "public_authority", "other"]
    words = [f"word {number}" for number in range(14)]

    def some(of: list[str], least: int, most: int) -> list[tuple[str, ...]]:
        wanted = rng.integers(least, most + 1, count)
        return [tuple(map(str, rng.choice(of, number, replace=False))) for number in wanted]

    return pd.DataFrame(
        {
            "participant_id": [f"p{number:05}" for number in range(count)],
            "country": rng.choice(countries, count, p=often),
            "kind": rng.choice(kinds, count, p=[0.5, 0.2, 0.05, 0.12, 0.08, 0.05]),
            "domains": some([f"domain {number}" for number in range(domains)], 1, min(3, domains)),
            "ecosystems": some([f"ecosystem {number}" for number in range(14)], 1, 3),
            "stages": some(STAGES, 0, 2),
            "offers": some(words, 0, 2),
            "needs": some(words, 0, 2),
        }
    )


def _quality(name: str, made: Groups, people: pd.DataFrame) -> list[list[str]]:
    return [
        [
            f"{name}: {row['method']}",
            f"{row['points']:,.0f}",
            f"{row['share_of_bound']:.1%}",
            f"{made.gap:.1%}" if row["method"] == "program" else "",
            f"{row['worst']:.1f}",
            f"{row['no_bridge']:.0f}",
        ]
        for row in compare_groups(made, people).to_dict("records")
    ]
