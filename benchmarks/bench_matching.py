"""What matching a large market costs beside a bare call of the solver, and what it gains over hand work."""

import sys
from collections.abc import Sequence
from functools import partial

import highspy
import numpy as np
import pandas as pd

from benchmarks.measuring import spread, table, timed
from benchmarks.project import Setup
from helpers.analysis.linear import LinearProgram
from helpers.analysis.matching import Market, build_market, compare, greedy_nearest, match, shadow_prices
from helpers.analysis.matching.program import pieces

TITLE = "Matching a large market"
NEAREST = 200
# Needed for each unit offered: enough for all, and a fifth too little.
CASES = {"plenty": 0.7, "scarcity": 1.25}


def measure(setup: Setup) -> list[str]:
    """Build, solve and compare a market of plenty and one of scarcity."""
    offers, regions = (4_000, 300) if setup.quick else (20_000, 1_500)
    head = ["", *CASES]
    costs: dict[str, dict[str, list[float]]] = {name: {} for name in CASES}
    gains = []
    for name, needed in CASES.items():
        tables = made_up(offers, regions, needed)
        for number in range(setup.rounds):
            print(f"  {name}: round {number + 1} of {setup.rounds}", file=sys.stderr, flush=True)
            for what, seconds in _round(tables, order=number % 2).items():
                costs[name].setdefault(what, []).append(seconds)
        gains.append(_gain(tables, name))
    rows = [[what, *(spread(costs[name][what], 2) for name in CASES)] for what in costs["plenty"]]
    return [
        f"{offers:,} offers, {regions:,} regions, one product; each region's {NEAREST} nearest offers: "
        f"{regions * NEAREST:,} arcs. Processor seconds of one thread, median (lowest to highest). The "
        "bare call hands the same arrays to HiGHS (highspy) and runs it. Goals: building under 2 s; "
        "matching, with dual values, at most 1.2 of the bare call. A large market begins with each need's "
        "cheapest arcs; those that dual values ask for are added: the same optimum, proved by the same "
        "dual values.",
        "",
        *table(head, rows),
        "",
        "The optimum beside the nearest offer first, which is what people do by hand (an unmet unit costs as "
        "much as 10,000 km of freight):",
        "",
        *table(["", "need met", "km a unit", "cost", "cost by hand", "more need met", "cost saved"], gains),
    ]


def made_up(offers: int, regions: int, needed: float) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Make up places in Europe and amounts; ``needed`` units are needed for each that is offered."""
    rng = np.random.default_rng(2021)
    month = pd.Timestamp("2021-03-01")

    def rows(count: int, name: str) -> pd.DataFrame:
        return pd.DataFrame(
            {
                name: [f"{name}{number}" for number in range(count)],
                "product": "masks",
                "latitude": rng.uniform(36, 65, count),
                "longitude": rng.uniform(-9, 29, count),
                "month": month,
                "amount": np.ceil(rng.lognormal(3, 1.2, count)),
            }
        )

    selling, buying = rows(offers, "offer"), rows(regions, "need")
    factor = needed * selling["amount"].sum() / buying["amount"].sum()
    buying = buying.assign(region=buying["need"], amount=np.ceil(buying["amount"] * factor))
    prices = pd.DataFrame({"product": ["masks"], "unmet": [10.0], "freight": [1.0], "holding": [0.1]})
    return selling, buying, prices


def bare(program: LinearProgram) -> float:
    """Hand arrays to HiGHS, run it, read the dual values; nothing of this project."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = program.matrix.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = program.cost, program.low, program.high
    lp.row_lower_, lp.row_upper_ = program.row_low, program.row_high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = program.matrix.indptr, program.matrix.indices
    lp.a_matrix_.value_ = program.matrix.data
    solver.passModel(lp)
    solver.run()
    np.asarray(solver.getSolution().row_dual)
    return float(solver.getInfo().objective_function_value)


def _round(tables: Sequence[pd.DataFrame], order: int) -> dict[str, float]:
    market, building = timed(partial(build_market, *tables, nearest=NEAREST))
    (piece,) = pieces(market, joint=False)
    if order == 0:
        cost, bare_seconds = timed(partial(bare, piece.program))
    plan, match_seconds = timed(partial(match, market))
    if order != 0:
        cost, bare_seconds = timed(partial(bare, piece.program))
    if abs(plan.objective - cost) > 1e-6 * plan.objective:
        raise ArithmeticError(f"cost {plan.objective}, but {cost} by the bare call")
    ranges = [timed(partial(shadow_prices, plan, of, holds=False))[1] for of in ("needs", "offers")]
    return {
        "build the market": building,
        "bare call of the solver": bare_seconds,
        "match": match_seconds,
        "match / bare call": match_seconds / bare_seconds,
        "both ends of all dual values": sum(ranges),
        "by hand": timed(partial(greedy_nearest, market))[1],
    }


def _gain(tables: Sequence[pd.DataFrame], name: str) -> list[str]:
    market: Market = build_market(*tables, nearest=NEAREST)
    found = compare(match(market), greedy_nearest(market)).set_index("what")
    best, hand = found["optimum"], found["greedy"]
    return [
        name,
        f"{best['share of need met']:.1%} ({hand['share of need met']:.1%} by hand)",
        f"{best['distance of a unit']:.1f} ({hand['distance of a unit']:.1f})",
        f"{best['cost']:,.0f}",
        f"{hand['cost']:,.0f}",
        f"{best['need met'] - hand['need met']:,.0f} units",
        f"{1 - best['cost'] / hand['cost']:.1%}",
    ]
