"""A market as linear programs: one a product, or one for all where products share something."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from helpers.analysis.checks import Floats
from helpers.analysis.linear import LinearProgram
from helpers.analysis.matching.distance import Ints
from helpers.analysis.matching.market import Market
from helpers.analysis.matching.scale import Scale, scale_of

if TYPE_CHECKING:
    from scipy.sparse import csc_matrix


@dataclass(frozen=True)
class Piece:
    """A part of a market that is solved by itself.

    Attributes
    ----------
    offers, needs, arcs, limits
        Row numbers in the market's tables.
    program
        Variables: units on each arc, then units of each need that stay unmet. Constraints: each offer (at
        most), each need (exactly), each limit (at most).
    """

    offers: Ints
    needs: Ints
    arcs: Ints
    limits: Ints
    program: LinearProgram


def pieces(market: Market, *, joint: bool) -> list[Piece]:
    """Divide a market into what is solved at once.

    Parameters
    ----------
    market
        See `market.build_market`.
    joint
        One program for all products, instead of one a product.

    Returns
    -------
    list of Piece
        Without products that nobody needs.
    """
    if joint:
        tables = (market.offers, market.needs, market.arcs, market.limits)
        everything = [np.arange(len(table)) for table in tables]
        return [_piece(market, *everything)] if len(market.needs) else []
    offered, needed = market.offers["product"].to_numpy(), market.needs["product"].to_numpy()
    need_row = market.arcs["need_row"].to_numpy()
    found = []
    for product in sorted(set(needed)):
        needs = np.flatnonzero(needed == product)
        # Needs are sorted by product and arcs by need, so that those of a product follow each other.
        ends = np.searchsorted(need_row, [needs[0], needs[-1] + 1])
        offers = np.flatnonzero(offered == product)
        found.append(_piece(market, offers, needs, np.arange(*ends), np.zeros(0, dtype=np.int64)))
    return found


def own_scale(market: Market, piece: Piece) -> Scale:
    """Choose units for a piece: each product's amounts in the size of what is needed of it on average."""
    needs = market.needs[["product", "amount"]].iloc[piece.needs]
    size = needs.groupby("product")["amount"].transform("mean").to_numpy()
    receiver = np.searchsorted(piece.needs, market.arcs["need_row"].to_numpy()[piece.arcs])
    return scale_of(piece.program, np.concatenate([size[receiver], size]))


def _piece(market: Market, offers: Ints, needs: Ints, arcs: Ints, limits: Ints) -> Piece:
    """Write down the program: minimise freight, holding and the price of what stays unmet."""
    cost = market.arcs["cost"].to_numpy()[arcs]
    unmet = market.needs["product"].iloc[needs].map(market.prices["unmet"]).to_numpy(dtype=np.float64)
    needed = market.needs["amount"].to_numpy()[needs]
    most = np.concatenate([market.offers["amount"].to_numpy()[offers], needed])
    if len(limits):
        most = np.append(most, market.limits["at_most"].to_numpy())
    least = np.full(len(most), -np.inf)
    least[len(offers) : len(offers) + len(needs)] = needed
    variables = len(arcs) + len(needs)
    program = LinearProgram(
        np.concatenate([cost, unmet]),
        _matrix(market, offers, needs, arcs, limits),
        least,
        most,
        np.zeros(variables),
        np.full(variables, np.inf),
    )
    return Piece(offers, needs, arcs, limits, program)


def _matrix(market: Market, offers: Ints, needs: Ints, arcs: Ints, limits: Ints) -> "csc_matrix":
    """Build the constraints: an arc counts once at its offer and once at its need, and uses its limits."""
    from scipy.sparse import csc_matrix

    along = np.arange(len(arcs))
    offer_row = np.searchsorted(offers, market.arcs["offer_row"].to_numpy()[arcs])
    need_row = np.searchsorted(needs, market.arcs["need_row"].to_numpy()[arcs]) + len(offers)
    own = np.arange(len(needs))
    # Where limits are shared, the piece is the whole market: its arcs are the market's.
    uses = market.uses if len(limits) else market.uses.iloc[:0]
    limit_row = uses["limit_row"].to_numpy(dtype=np.int64) + len(offers) + len(needs)
    rows = np.concatenate([offer_row, need_row, own + len(offers), limit_row])
    columns = np.concatenate([along, along, own + len(arcs), uses["arc"].to_numpy(dtype=np.int64)])
    ones: Floats = np.ones(2 * len(arcs) + len(needs))
    values = np.concatenate([ones, uses["use"].to_numpy(dtype=np.float64)])
    count = len(offers) + len(needs) + len(limits)
    return csc_matrix((values, (rows, columns)), shape=(count, len(arcs) + len(needs)))
