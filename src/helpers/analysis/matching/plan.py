"""A plan: who sends what to whom, what stays unmet, and what it costs."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from helpers.analysis.checks import Floats
from helpers.analysis.linear import Solution
from helpers.analysis.matching.market import Market
from helpers.analysis.matching.program import Piece

_DUST = 1e-9


@dataclass(frozen=True, eq=False)
class Plan:
    """A match of offers and needs.

    Attributes
    ----------
    market
        What was matched.
    fairness
        How: cheapest, worst_first, proportional, or greedy_nearest.
    flows
        ``offer``, ``need``, ``product``, ``month`` (of the need), ``offered`` (month of the offer),
        ``amount`` (units), ``km``, ``days`` (lead time), ``waited`` (months in store), ``cost`` (of the whole
        amount).
    unmet
        A row each need: ``need``, ``product``, ``region``, ``month``, ``amount``, ``met``, ``unmet``,
        ``share_unmet`` (missing where nothing is needed).
    used
        A row each offer: ``offer``, ``product``, ``month``, ``amount``, ``sent``, ``idle``.
    cost_by_part
        Cost units: ``freight``, ``holding``, ``unmet``.
    solved
        The linear programs behind it and their optima; none for a plan that was not optimised.
    """

    market: Market
    fairness: str
    flows: pd.DataFrame
    unmet: pd.DataFrame
    used: pd.DataFrame
    cost_by_part: dict[str, float]
    solved: tuple[tuple[Piece, Solution], ...] = field(default=(), repr=False)

    @property
    def objective(self) -> float:
        """Cost of all, with unmet need priced."""
        return sum(self.cost_by_part.values())

    @property
    def note(self) -> str:
        """What a reader must know of a plan in which nothing could be matched; empty otherwise."""
        return self.market.note


def make_plan(
    market: Market, units: Floats, fairness: str, solved: tuple[tuple[Piece, Solution], ...] = ()
) -> Plan:
    """Turn units on each arc into tables.

    Parameters
    ----------
    market
        What was matched.
    units
        One number an arc.
    fairness, solved
        See `Plan`.

    Returns
    -------
    Plan
        What is met is exactly what is sent: amounts that are but the solver's rounding are left out.
    """
    arcs, offers, needs = market.arcs, market.offers, market.needs
    offer_row, need_row = arcs["offer_row"].to_numpy(), arcs["need_row"].to_numpy()
    sent_on = np.flatnonzero(units > _DUST * needs["amount"].to_numpy()[need_row])
    units, offer_row, need_row = units[sent_on], offer_row[sent_on], need_row[sent_on]
    used = arcs.iloc[sent_on]
    flows = pd.DataFrame(
        {
            "offer": offers["offer"].to_numpy()[offer_row],
            "need": needs["need"].to_numpy()[need_row],
            "product": needs["product"].to_numpy()[need_row],
            "month": needs["month"].to_numpy()[need_row],
            "offered": offers["month"].to_numpy()[offer_row],
            "amount": units,
            **{name: used[name].to_numpy() for name in ("km", "days", "waited")},
            "cost": used["cost"].to_numpy() * units,
        }
    )
    met = np.bincount(need_row, units, minlength=len(needs)).astype(np.float64)
    unmet = needs[["need", "product", "region", "month", "amount"]].assign(met=met)
    unmet["unmet"] = _remainder(unmet["amount"].to_numpy(), met)
    unmet["share_unmet"] = unmet["unmet"] / unmet["amount"].where(unmet["amount"] > 0)
    sent = np.bincount(offer_row, units, minlength=len(offers)).astype(np.float64)
    idle = offers[["offer", "product", "month", "amount"]].assign(sent=sent)
    idle["idle"] = _remainder(idle["amount"].to_numpy(), sent)
    price = unmet["product"].map(market.prices["unmet"]).to_numpy(dtype=np.float64)
    cost = {
        "freight": float(used["freight"].to_numpy() @ units),
        "holding": float(used["holding"].to_numpy() @ units),
        "unmet": float(price @ unmet["unmet"].to_numpy()),
    }
    return Plan(market, fairness, flows, unmet, idle, cost, solved)


def _remainder(amount: Floats, taken: Floats) -> Floats:
    left = amount - taken
    return np.where(left > _DUST * amount, left, 0.0)
