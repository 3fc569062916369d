"""Offers by country from what is published anyway: nothing computed on them gives a respondent away.

A country whose amount is held back gets a part of what the published total leaves, by the number of
respondents that the coverage matrix shows. That is an estimate from published numbers alone; it is marked
``spread``.
"""

from collections.abc import Collection

import pandas as pd

from helpers.analysis.capacity.safe import safe_ramp_up
from helpers.analysis.checks import require_columns
from helpers.analysis.disclosure import TOTAL, Rules

STATED, SPREAD = "stated", "spread"
FEW_COUNT = 1.5
"""What "one or two respondents" counts for where the number itself is held back."""


def published_offers(cells: pd.DataFrame, coverage: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """Return the capacity of every product in every country, as published or spread.

    Parameters
    ----------
    cells
        From `capacity.protected_cells`.
    coverage
        From `capacity.published_coverage`: ``stage``, ``country``, ``respondents`` (missing if few) and
        ``status``.
    products
        ``product``, ``stage``.

    Returns
    -------
    DataFrame
        ``product``, ``country``, ``amount`` (units of the product), ``basis`` (stated or spread); countries
        without capacity are left out, and so are products whose total is held back.

    Examples
    --------
    >>> cells = pd.DataFrame({"product": "vials", "country": ["total", "AT", "BE", "CZ", "DE"],
    ...     "point": [100.0, 40.0, None, None, None],
    ...     "status": ["published", "published", "suppressed", "suppressed", "zero"]})
    >>> coverage = pd.DataFrame({"stage": "vials", "country": ["AT", "BE", "CZ", "DE"],
    ...     "respondents": [5, 6, None, 0], "status": ["covered", "covered", "few", "gap"]})
    >>> offers = published_offers(cells, coverage, pd.DataFrame({"product": ["vials"], "stage": ["vials"]}))
    >>> offers[["country", "amount", "basis"]].values.tolist()
    [['AT', 40.0, 'stated'], ['BE', 48.0, 'spread'], ['CZ', 12.0, 'spread']]
    """
    require_columns(cells, "cells", ["product", "country", "point", "status"])
    points = pd.to_numeric(cells["point"], errors="coerce").astype("float64")
    known = cells.assign(point=points).merge(products[["product", "stage"]], on="product")
    total = known[(known["country"] == TOTAL) & (known["status"] == "published")].set_index("product")[
        "point"
    ]
    own = known[known["country"].ne(TOTAL) & known["product"].isin(total.index)]
    stated = own[own["status"] == "published"]
    left = (total - stated.groupby("product")["point"].sum().reindex(total.index, fill_value=0.0)).clip(
        lower=0
    )
    held = own.loc[own["status"] == "suppressed", ["product", "stage", "country"]].merge(
        coverage[["stage", "country", "respondents", "status"]].rename(columns={"status": "seen"}),
        on=["stage", "country"],
        how="left",
    )
    weight = held["respondents"].astype("float64").fillna(FEW_COUNT).where(held["seen"] != "gap", 0.0)
    weight = weight.where(weight > 0, FEW_COUNT)
    share = weight / weight.groupby(held["product"]).transform("sum")
    spread = held.assign(point=share * held["product"].map(left).astype("float64"), basis=SPREAD)
    both = pd.concat([stated.assign(basis=STATED), spread], ignore_index=True)
    order = {product: place for place, product in enumerate(products["product"])}
    both = both.assign(_order=both["product"].map(order), amount=both["point"])
    both = both[both["amount"] > 0].sort_values(["_order", "country"], ignore_index=True)
    return both[["product", "country", "amount", "basis"]]


def ramp_up_shares(
    entries: pd.DataFrame, cells: pd.DataFrame, rules: Rules, start: str, public: Collection[str] = ()
) -> pd.DataFrame:
    """Return from when on which share of each product's capacity is there, in steps that may be published.

    A product of which nothing may be said before ``start`` has no row: its capacity is taken to be there.

    Parameters
    ----------
    entries
        As for `capacity.protected_cells`.
    cells
        From `capacity.protected_cells`; products whose total is held back are left out.
    rules
        Disclosure rules.
    start
        Month of the wave, as 2021-03.
    public
        Respondents shown whole, see `safe.safe_ramp_up`.

    Returns
    -------
    DataFrame
        ``product``, ``month``, ``share`` (0 to 1, rounded to two decimals). The last step is 1: what names no
        later month, or too late a one to be told apart, comes with it.
    """
    shown = cells[(cells["country"] == TOTAL) & (cells["status"] == "published")]["product"]
    parts = []
    for product in shown:
        own = entries[entries["product"] == product]
        if own["available_from"].notna().any():
            steps = safe_ramp_up(own, rules, public)
            top = float(steps["point"].max()) if len(steps) else 0.0
            if top > 0 and steps["month"].iloc[0] <= pd.Timestamp(f"{start}-01"):
                share = (steps["point"].astype("float64") / top).round(2)
                parts.append(pd.DataFrame({"product": product, "month": steps["month"], "share": share}))
    return (
        pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["product", "month", "share"])
    )


def share_in_month(ramp: pd.DataFrame, product: str, month: str) -> float:
    """Return which share of a product's capacity is there in a month; 1 where no ramp-up is known.

    Examples
    --------
    >>> ramp = pd.DataFrame({"product": "vials", "month": pd.to_datetime(["2021-03-01", "2021-05-01"]),
    ...                      "share": [0.6, 1.0]})
    >>> [share_in_month(ramp, "vials", month) for month in ("2021-02", "2021-04", "2021-06")]
    [0.0, 0.6, 1.0]
    >>> share_in_month(ramp, "caps", "2021-02")
    1.0
    """
    own = ramp[ramp["product"] == product]
    if own.empty:
        return 1.0
    there = own[own["month"] <= pd.Timestamp(f"{month}-01")]
    return float(there["share"].max()) if len(there) else 0.0


def offers_at_places(
    offers: pd.DataFrame, places: pd.DataFrame, product: str, month: str, share: float = 1.0
) -> pd.DataFrame:
    """Return offers of one product as `matching.build_market` takes them: one a country, in one month.

    Parameters
    ----------
    offers
        From `published_offers`.
    places
        From `places.country_places`.
    product, month
        Code, and month as 2021-06.
    share
        Share of the capacity that is there in the month.

    Examples
    --------
    >>> offers = pd.DataFrame({"product": "vials", "country": ["AT"], "amount": [40.0], "basis": "stated"})
    >>> places = pd.DataFrame({"country": ["AT"], "latitude": [47.6], "longitude": [14.1]})
    >>> offers_at_places(offers, places, "vials", "2021-06", 0.5)[["offer", "amount"]].values.tolist()
    [['AT', 20.0]]
    """
    own = offers[offers["product"] == product].merge(places, on="country", how="inner")
    return own.assign(
        offer=own["country"], amount=own["amount"] * share, month=pd.Timestamp(f"{month}-01")
    ).reset_index(drop=True)
