"""The best match of offers and needs: a transport problem, solved as a linear program."""

from dataclasses import replace

import numpy as np

from helpers.analysis.checks import Floats
from helpers.analysis.linear import Solution
from helpers.analysis.matching.fairness import fair_limits
from helpers.analysis.matching.market import Market
from helpers.analysis.matching.plan import Plan, make_plan
from helpers.analysis.matching.program import Piece, own_scale, pieces
from helpers.analysis.matching.scale import restored, scaled
from helpers.analysis.matching.sifting import cheapest_few, solve_sifted
from helpers.analysis.matching.tables import Flags
from helpers.data.errors import InputError

FAIRNESS = ("cheapest", "worst_first", "proportional")
# With more arcs than that, each need begins with its cheapest few.
_LARGE = 20_000
_FEW = 40


def match(market: Market, fairness: str = "cheapest", *, joint: bool | None = None) -> Plan:
    """Match offers and needs at least cost, or fairly first and then at least cost.

    Parameters
    ----------
    market
        See `market.build_market`.
    fairness
        - ``cheapest``: least cost, with unmet need at its price.
        - ``worst_first``: the worst unmet share of any need as small as can be, then the next worst, and so
          on; then least cost.
        - ``proportional``: what is offered of a product would meet a share of all that is needed of it. No
          need gets less than that share, as far as offers can reach it; the rest is matched at least cost.
    joint
        Solve all products in one program. By default only where they share a line or a limit; then ``False``
        is refused.

    Returns
    -------
    Plan
        The same for the same tables, whatever the order of their rows. Several plans may cost the same; the
        cost, and the range of the dual values (`shadow.shadow_prices`), are the same for all of them.

    Raises
    ------
    InputError
        If fairness is unknown, or products share something and ``joint`` is ``False``.

    Examples
    --------
    Two needs, a near and a far one, and one offer that cannot meet both:

    >>> from helpers.analysis.matching.market import build_market
    >>> import pandas as pd
    >>> place = {"product": "masks", "latitude": 50.0, "month": pd.Timestamp("2021-03-01")}
    >>> offers = pd.DataFrame({"offer": ["r1"], "longitude": [4.0], "amount": [60.0], **place})
    >>> needs = pd.DataFrame({"need": ["near", "far"], "region": ["BE", "PL"], "longitude": [5.0, 20.0],
    ...                       "amount": [50.0, 50.0], **place})
    >>> prices = pd.DataFrame({"product": ["masks"], "unmet": [10], "freight": [1], "holding": [0]})
    >>> market = build_market(offers, needs, prices)
    >>> match(market).unmet.set_index("need")["unmet"].to_dict()
    {'far': 40.0, 'near': 0.0}
    >>> match(market, "worst_first").unmet.set_index("need")["unmet"].round(3).to_dict()
    {'far': 20.0, 'near': 20.0}

    References
    ----------
    Dantzig, G. B. (1963), *Linear Programming and Extensions*, Princeton, chapter 14 (the transport problem).
    """
    if fairness not in FAIRNESS:
        raise InputError(f"fairness: {fairness!r}; allowed: {', '.join(FAIRNESS)}")
    coupled = len(market.limits) > 0
    if coupled and joint is False:
        raise InputError(
            f"joint: False; products share {market.limits['limit'].iloc[0]}, so only True is allowed"
        )
    solved = tuple(
        (piece, _optimum(market, piece, fairness)) for piece in pieces(market, joint=joint or coupled)
    )
    units = np.zeros(len(market.arcs))
    for piece, solution in solved:
        units[piece.arcs] = solution.x[: len(piece.arcs)]
    return make_plan(market, units, fairness, solved)


def _optimum(market: Market, piece: Piece, fairness: str) -> Solution:
    scale = own_scale(market, piece)
    program, used = scaled(piece.program, scale), _first(market, piece)
    if fairness != "cheapest":
        needed = market.needs["amount"].to_numpy()[piece.needs] / scale.amounts[len(piece.arcs) :]
        floor = _quota_unmet(market)[piece.needs] if fairness == "proportional" else np.zeros(len(needed))
        limits = fair_limits(program, needed, floor, used)
        program = replace(program, high=np.append(program.high[: len(piece.arcs)], limits))
    return restored(solve_sifted(program, used), scale)


def _first(market: Market, piece: Piece) -> Flags:
    """Choose variables to begin with: of a large market the cheapest arcs of each need, otherwise all."""
    used = np.ones(len(piece.program.cost), dtype=bool)
    if len(piece.arcs) > _LARGE:
        arcs = market.arcs.iloc[piece.arcs]
        used[: len(piece.arcs)] = cheapest_few(arcs["cost"].to_numpy(), arcs["need_row"].to_numpy(), _FEW)
    return used


def _quota_unmet(market: Market) -> Floats:
    """Return for each need the share of its product that all offers together could not meet."""
    offered = market.offers.groupby("product")["amount"].sum()
    needed = market.needs.groupby("product")["amount"].sum()
    share = (offered.reindex(needed.index, fill_value=0.0) / needed.where(needed > 0)).clip(upper=1).fillna(1)
    return np.asarray(1 - market.needs["product"].map(share).to_numpy(dtype=np.float64))
