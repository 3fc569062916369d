"""A market: who offers, who needs, and which offer can serve which need at what cost."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analysis.checks import Floats
from helpers.analysis.matching import tables
from helpers.analysis.matching.distance import Ints, all_pairs, nearest_pairs
from helpers.analysis.matching.shared import shared
from helpers.data.errors import InputError


@dataclass(frozen=True, eq=False)
class Market:
    """Offers, needs and the arcs between them; made by `build_market`.

    Attributes
    ----------
    offers, needs
        Sorted by product, id and month; what comes in makes no difference by its order.
    prices
        Index ``product``: ``unmet``, ``freight``, ``holding``, ``days_per_1000_km``.
    arcs
        A row each way in which an offer can serve a need: ``offer_row``, ``need_row`` (rows of the two
        tables), ``km``, ``days`` (lead time), ``waited`` (months in store), ``freight``, ``holding`` and
        their sum ``cost`` (cost units a unit).
    limits
        What arcs share: ``limit`` (name), ``month``, ``at_most``.
    uses
        ``arc``, ``limit_row`` and ``use``: what a unit on the arc takes of the limit.
    """

    offers: pd.DataFrame
    needs: pd.DataFrame
    prices: pd.DataFrame
    arcs: pd.DataFrame
    limits: pd.DataFrame
    uses: pd.DataFrame

    @property
    def note(self) -> str:
        """What a reader must know of a market in which nothing can be matched; empty otherwise."""
        if self.needs.empty:
            return "No needs are stated: there is nothing to match."
        if self.offers.empty:
            return "No offers are stated: all that is needed stays unmet."
        if self.arcs.empty:
            return "No offer can reach any need: all that is needed stays unmet."
        return ""


def build_market(
    offers: pd.DataFrame,
    needs: pd.DataFrame,
    prices: pd.DataFrame,
    *,
    max_km: float | None = None,
    nearest: int | None = None,
    distances: pd.DataFrame | None = None,
    shared_limit: float | None = None,
) -> Market:
    """Build a market and refuse what makes no sense.

    Parameters
    ----------
    offers
        A row an offer, product and month: ``offer`` (id), ``product``, ``latitude``, ``longitude``, ``month``
        (first day), ``amount`` (units of the product, there from that month). Optional: ``line`` (id):
        offers of one line and month share its time, each amount being what the line could do if it did
        nothing else. Further columns, as ``country``, stay.
    needs
        A row a need, product and month: ``need`` (id), ``product``, ``region``, ``latitude``, ``longitude``,
        ``month``, ``amount`` (units).
    prices
        A row a product: ``unmet`` (cost units a unit not met), ``freight`` (cost units a unit and 1,000 km),
        ``holding`` (cost units a unit and month in store). Optional: ``days_per_1000_km`` (lead time; none if
        not given), ``unit`` (then amounts that state another unit are refused).
    max_km
        Offers farther away serve no need.
    nearest
        Each need is served only by its so many nearest offers of the product, and those as near as the last
        of them; for large markets.
    distances
        ``offer``, ``need``, ``km``: used instead of the great circle, as for pooled offers, which need no
        place.
    shared_limit
        Units x km that can be carried in a month, to all needs of that month and of all products together.

    Returns
    -------
    Market
        An offer of a month serves needs of the month in which it can arrive (first day of its month, and the
        lead time) and of later ones; each month it waits there costs holding.

    Raises
    ------
    InputError
        With table, row (first data row 2) and column: negative amounts, unknown products or units, missing
        regions or places, ids listed twice, months that are none.

    Examples
    --------
    >>> march = pd.Timestamp("2021-03-01")
    >>> offers = pd.DataFrame({"offer": ["r1"], "product": ["masks"], "country": ["FR"], "latitude": [48.9],
    ...                        "longitude": [2.4], "month": [march], "amount": [100]})
    >>> needs = pd.DataFrame({"need": ["n1"], "product": ["masks"], "region": ["DE"], "latitude": [52.5],
    ...                       "longitude": [13.4], "month": [march], "amount": [60]})
    >>> prices = pd.DataFrame({"product": ["masks"], "unmet": [10], "freight": [1.0], "holding": [0.1]})
    >>> build_market(offers, needs, prices).arcs[["km", "cost"]].round(2)
           km  cost
    0  870.77  0.87
    >>> build_market(offers.assign(amount=-18), needs, prices)
    Traceback (most recent call last):
    ...
    helpers.data.errors.InputError: offers: row 2, column amount: -18; a number from 0 to 1e+15 is allowed
    """
    _refuse_settings(max_km, nearest, shared_limit)
    given = tables.checked_distances(distances) if distances is not None else None
    priced = tables.checked_prices(prices)
    selling = tables.checked_offers(offers, priced, () if given is None else given["offer"])
    buying = tables.checked_needs(needs, priced, () if given is None else given["need"])
    if given is not None:
        tables.refuse_unknown(given, "distances", "offer", selling["offer"])
        tables.refuse_unknown(given, "distances", "need", buying["need"])
    arcs = _arcs(selling, buying, priced, max_km, nearest, given)
    limits, uses = shared(selling, buying, arcs, shared_limit)
    return Market(selling, buying, priced, arcs, limits, uses)


def _refuse_settings(max_km: float | None, nearest: int | None, shared_limit: float | None) -> None:
    if max_km is not None and not max_km >= 0:
        raise InputError(f"max_km: {max_km}; kilometres from 0 upwards are allowed, or None")
    whole = isinstance(nearest, int | np.integer) and not isinstance(nearest, bool)
    if nearest is not None and not (whole and nearest >= 1):
        raise InputError(f"nearest: {nearest}; whole numbers from 1 upwards are allowed, or None")
    if shared_limit is not None and not 0 <= shared_limit < np.inf:
        raise InputError(f"shared_limit: {shared_limit}; units x km from 0 upwards are allowed, or None")


@dataclass(frozen=True)
class _Sites:
    """Places of one product: each stands in ``count`` rows of its table from ``first``, a row a month."""

    ids: pd.Series
    place: Floats
    first: Ints
    count: Ints


def _sites(table: pd.DataFrame, product: str, key: str) -> _Sites:
    rows = table[table["product"] == product]
    first = np.flatnonzero(~rows[key].duplicated().to_numpy(dtype=bool))
    ends = np.append(first[1:], len(rows))
    heads = rows.iloc[first]
    start = int(rows.index[0]) if len(rows) else 0
    place = heads[["latitude", "longitude"]].to_numpy(dtype=np.float64)
    return _Sites(heads[key].reset_index(drop=True), place, first + start, ends - first)


def _arcs(
    offers: pd.DataFrame,
    needs: pd.DataFrame,
    prices: pd.DataFrame,
    max_km: float | None,
    nearest: int | None,
    distances: pd.DataFrame | None,
) -> pd.DataFrame:
    """List all arcs, by product, need and offer."""
    parts = []
    for product, price in prices.iterrows():
        sellers, buyers = _sites(offers, str(product), "offer"), _sites(needs, str(product), "need")
        one, other, km = _pairs(sellers, buyers, max_km, nearest, distances)
        pair, offer_row, need_row = _rows_of_pairs(sellers, buyers, one, other)
        parts.append(_priced(offers, needs, price, offer_row, need_row, km[pair]))
    arcs = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=_ARC_COLUMNS, dtype=float)
    arcs = arcs.astype({"offer_row": np.int64, "need_row": np.int64})
    return arcs.sort_values(["need_row", "offer_row"], ignore_index=True)


_ARC_COLUMNS = ["offer_row", "need_row", "km", "days", "waited", "freight", "holding", "cost"]


def _pairs(
    sellers: _Sites, buyers: _Sites, max_km: float | None, nearest: int | None, distances: pd.DataFrame | None
) -> tuple[Ints, Ints, Floats]:
    """Choose which offer may serve which need: row of the one, row of the other, kilometres."""
    if distances is None and nearest is not None:
        one, other, km = nearest_pairs(sellers.place, buyers.place, nearest)
        near = km <= (np.inf if max_km is None else max_km)
        return one[near], other[near], km[near]
    if distances is None:
        return all_pairs(sellers.place, buyers.place, max_km)
    one, other, km = all_pairs(sellers.place, buyers.place)
    names = pd.DataFrame(
        {"offer": sellers.ids.iloc[one].to_numpy(), "need": buyers.ids.iloc[other].to_numpy()}
    )
    stated = names.merge(distances, on=["offer", "need"], how="left")["km"].to_numpy(dtype=np.float64)
    km = np.where(np.isnan(stated), km, stated)
    # Of a pooled offer without a place only what is stated can be reached.
    kept = km <= (np.inf if max_km is None else max_km)
    one, other, km = one[kept], other[kept], km[kept]
    if nearest is not None:
        rank = pd.Series(km).groupby(other).rank(method="min").to_numpy()
        one, other, km = one[rank <= nearest], other[rank <= nearest], km[rank <= nearest]
    return one, other, km


def _rows_of_pairs(sellers: _Sites, buyers: _Sites, one: Ints, other: Ints) -> tuple[Ints, Ints, Ints]:
    """Combine each month of an offer with each month of the need it is paired with."""
    across = buyers.count[other]
    number = sellers.count[one] * across
    pair = np.repeat(np.arange(len(one)), number)
    step = np.arange(len(pair)) - np.repeat(np.cumsum(number) - number, number)
    offer_row = sellers.first[one][pair] + step // across[pair]
    need_row = buyers.first[other][pair] + step % across[pair]
    return pair, offer_row, need_row


def _priced(
    offers: pd.DataFrame, needs: pd.DataFrame, price: pd.Series, offer_row: Ints, need_row: Ints, km: Floats
) -> pd.DataFrame:
    """Compute what each arc costs, without those on which nothing arrives in time."""
    days = km / 1000 * float(price["days_per_1000_km"])
    offered = offers["month"].to_numpy().astype("datetime64[D]")[offer_row]
    arrives = (offered + np.floor(days).astype("timedelta64[D]")).astype("datetime64[M]")
    needed = needs["month"].to_numpy().astype("datetime64[M]")[need_row]
    waited = (needed - arrives).astype(np.int64)
    freight, holding = km / 1000 * float(price["freight"]), waited * float(price["holding"])
    columns = [offer_row, need_row, km, days, waited, freight, holding, freight + holding]
    arcs = pd.DataFrame(dict(zip(_ARC_COLUMNS, columns, strict=True)))
    return arcs if (waited >= 0).all() else arcs[waited >= 0]
