"""What people do by hand, the nearest offer first, and what the optimum saves beside it."""

import numpy as np
import pandas as pd

from helpers.analysis.matching.market import Market
from helpers.analysis.matching.plan import Plan, make_plan
from helpers.data.errors import InputError


def greedy_nearest(market: Market) -> Plan:
    """Match the nearest offer and need first, month by month, as one does by hand.

    Parameters
    ----------
    market
        See `market.build_market`.

    Returns
    -------
    Plan
        Needs of earlier months first; in a month the shortest distance first; at the same distance the older
        offer. Prices are not looked at. Shared lines and limits are kept.

    Examples
    --------
    The near need takes the only offer within reach of the far one:

    >>> from helpers.analysis.matching.market import build_market
    >>> from helpers.analysis.matching.transport import match
    >>> place = {"product": "masks", "latitude": 0.0, "month": pd.Timestamp("2021-03-01"), "amount": 10.0}
    >>> offers = pd.DataFrame({"offer": ["r1", "r2"], "longitude": [0.0, -3.0], **place})
    >>> needs = pd.DataFrame({"need": ["n1", "n2"], "region": ["A", "B"], "longitude": [-1.0, 2.0], **place})
    >>> prices = pd.DataFrame({"product": ["masks"], "unmet": [10], "freight": [1], "holding": [0]})
    >>> market = build_market(offers, needs, prices, max_km=300)
    >>> greedy_nearest(market).unmet["unmet"].tolist(), match(market).unmet["unmet"].tolist()
    ([0.0, 10.0], [0.0, 0.0])
    """
    arcs = market.arcs
    month = market.needs["month"].to_numpy()[arcs["need_row"].to_numpy()]
    order = np.lexsort((arcs["need_row"], arcs["offer_row"], -arcs["waited"], arcs["km"], month))
    offered, needed = market.offers["amount"].tolist(), market.needs["amount"].tolist()
    shared, limits = _uses_by_arc(market), market.limits["at_most"].tolist()
    units = np.zeros(len(arcs))
    offer_row, need_row = arcs["offer_row"].to_numpy()[order], arcs["need_row"].to_numpy()[order]
    ways = zip(order.tolist(), offer_row.tolist(), need_row.tolist(), strict=True)
    for arc, offer, need in ways:
        amount = min(offered[offer], needed[need])
        uses = shared.get(arc, ())
        for limit, use in uses:
            amount = min(amount, limits[limit] / use) if use > 0 else amount
        if amount <= 0:
            continue
        units[arc] = amount
        offered[offer] -= amount
        needed[need] -= amount
        for limit, use in uses:
            limits[limit] -= amount * use
    return make_plan(market, units, "greedy_nearest")


def _uses_by_arc(market: Market) -> dict[int, list[tuple[int, float]]]:
    found: dict[int, list[tuple[int, float]]] = {}
    for arc, limit, use in market.uses[["arc", "limit_row", "use"]].itertuples(index=False):
        found.setdefault(int(arc), []).append((int(limit), float(use)))
    return found


def compare(plan: Plan, greedy: Plan) -> pd.DataFrame:
    """Set two plans of a market side by side.

    Parameters
    ----------
    plan
        The optimum.
    greedy
        Another plan of the same market.

    Returns
    -------
    DataFrame
        ``what``, ``unit``, ``optimum``, ``greedy``, ``difference`` (optimum less greedy): need met and unmet,
        share met, units x km, kilometres a unit, cost and its parts. Units of several products are added up.

    Raises
    ------
    InputError
        If the plans are of two markets.
    """
    if plan.market is not greedy.market:
        raise InputError("compare: the two plans are of two markets; two plans of one market can be compared")
    rows = [(what, unit, *pair) for (what, unit, *pair) in _measures(plan, greedy)]
    table = pd.DataFrame(rows, columns=["what", "unit", "optimum", "greedy"])
    return table.assign(difference=table["optimum"] - table["greedy"])


def _measures(*plans: Plan) -> list[tuple[object, ...]]:
    columns = [_measured(plan) for plan in plans]
    return [(what, unit, *(column[what, unit] for column in columns)) for what, unit in columns[0]]


def _measured(plan: Plan) -> dict[tuple[str, str], float]:
    met, needed = float(plan.unmet["met"].sum()), float(plan.unmet["amount"].sum())
    carried = float((plan.flows["amount"] * plan.flows["km"]).sum())
    return {
        ("need met", "units"): met,
        ("need unmet", "units"): float(plan.unmet["unmet"].sum()),
        ("share of need met", "share"): met / needed if needed else np.nan,
        ("distance", "units x km"): carried,
        ("distance of a unit", "km"): carried / met if met else np.nan,
        ("cost", "cost units"): plan.objective,
        **{(f"cost: {part}", "cost units"): cost for part, cost in plan.cost_by_part.items()},
    }
