"""The market of a plan by respondent: what each offers in a month, where, and under which scenario."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.analysis import capacity, matching, supply
from helpers.analysis.capacity.safe import safe_drops
from helpers.analysis.disclosure import Rules
from helpers.analysis.disclosure.rules import dominated, unsafe_by_p
from helpers.data.errors import InputError
from helpers.reports.values import did_you_mean, shown

LARGEST = "largest_lost"
"""A scenario that no file need name: exactly the largest respondent of the product makes nothing."""
TOWN, REGION, COUNTRY = "town", "centre of the region", "centre of the country"
_OWN_STEPS = ("delay", "loss_of_largest")


@dataclass(frozen=True)
class Case:
    """What is matched.

    Attributes
    ----------
    product, month
        Code, and month as 2021-06.
    offers
        From `offers_of`, what the scenario left, one row a statement.
    needs
        ``country``, ``amount`` (units of the product in the month).
    closed
        Countries that export nothing of the product.
    places
        From `helpers.analysis.supply.country_places`.
    prices
        As `helpers.analysis.matching.build_market` takes them.
    """

    product: str
    month: str
    offers: pd.DataFrame
    needs: pd.DataFrame
    closed: frozenset[str]
    places: pd.DataFrame
    prices: pd.DataFrame


def offers_of(
    stated: pd.DataFrame,
    people: pd.DataFrame,
    centres: pd.DataFrame,
    places: pd.DataFrame,
    product: str,
    codes: list[str],
) -> pd.DataFrame:
    """Return what the counted respondents of some countries offer of a product, and from where.

    Parameters
    ----------
    stated, people
        Tables of a wave: capacities, respondents.
    centres
        Table ``region_centres`` with ``region``, the name.
    places
        From `helpers.analysis.supply.country_places`.
    product
        Code.
    codes
        Countries.

    Returns
    -------
    DataFrame
        A row a usable statement: ``respondent_id``, ``country``, ``product``, ``stage``, ``amount`` (units),
        ``available_from``, ``spare_share``, ``place``, ``place_is`` (town, or the centre that stands for it),
        ``latitude``, ``longitude``.

    Raises
    ------
    InputError
        If no place is known for one of the countries.
    """
    counted = capacity.counted_entries(stated, people)
    entries = capacity.select_entries(counted, product=product, countries=codes)
    read = capacity.usable_readings(entries)
    read["amount"] = read["point"]
    columns = [
        "respondent_id",
        "country",
        "nuts2",
        "product",
        "stage",
        "amount",
        "available_from",
        "spare_share",
    ]
    own = people[["respondent_id", "place", "latitude", "longitude"]]
    rows = read.loc[read["amount"] > 0, columns].merge(own, on="respondent_id", how="left")
    placed = _placed(rows, centres, places)
    lost = sorted(set(placed.loc[placed["latitude"].isna(), "country"]))
    if lost:
        raise InputError(f"offers: no place is known for {', '.join(lost)}; region_centres has no row of it")
    return placed.drop(columns="nuts2")


def _placed(rows: pd.DataFrame, centres: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Give each row without a town the centre of its region, or else of its country."""
    rows = rows.assign(place_is=pd.Series(TOWN, index=rows.index, dtype="object"))
    for table, key, name, word in ((centres, "nuts2", "region", REGION), (places, "country", None, COUNTRY)):
        known = table.dropna(subset=[key]).drop_duplicates(key).set_index(key)
        here = rows["latitude"].isna() & rows[key].isin(known.index)
        for column in ("latitude", "longitude"):
            rows[column] = rows[column].mask(here, rows[key].map(known[column]).astype("float64"))
        named = rows[key].map(known[name]) if name else pd.Series(None, index=rows.index, dtype="object")
        rows["place"] = rows["place"].astype("object").mask(here, named.astype("object"))
        rows.loc[here, "place_is"] = word
    return rows


def changed_by(case: Case, scenarios: pd.DataFrame, name: str, start: str) -> Case:
    """Return what a scenario makes of a case, respondent by respondent.

    Capacity, demand and bans of exports change as in the reports. A delay moves what comes after the month of
    the wave. The largest respondents are taken away one by one: as many as in the reports, which may not take
    fewer (`safe_drops`), or, in the scenario ``largest_lost``, exactly the largest.

    Parameters
    ----------
    case
        The base case.
    scenarios
        From `helpers.analysis.supply.check_scenarios`.
    name
        ``base``, ``largest_lost``, or one of the table.
    start
        Month of the wave, as 2021-03.

    Raises
    ------
    InputError
        If there is no such scenario.
    """
    known = [supply.BASE, LARGEST, *dict.fromkeys(scenarios["scenario"])]
    if name not in known:
        raise InputError(
            f"--scenario: given {shown(name)}{did_you_mean(name, known)}; allowed: {', '.join(known)}"
        )
    if name == LARGEST:
        return replace(case, offers=_without_largest(case.offers, case.offers, 1))
    for place in scenarios.index[scenarios["scenario"] == name]:
        case = _step(case, scenarios.loc[[place]], start)
    return case


def _step(case: Case, row: pd.DataFrame, start: str) -> Case:
    """Apply one row of a scenario."""
    line = row.iloc[0]
    if line["change"] not in _OWN_STEPS:
        none = pd.DataFrame(columns=["product", "month", "share", "share_left"])
        closed = pd.DataFrame({"country": sorted(case.closed), "stage": None}, dtype="object")
        before = supply.Situation(case.offers, none, case.needs, closed, none)
        after = supply.apply_scenario(before, row, str(line["scenario"]))
        stages = set(case.offers["stage"])
        shut = after.closed[after.closed["stage"].isna() | after.closed["stage"].isin(stages)]
        return replace(case, offers=after.offers, needs=after.needs, closed=frozenset(shut["country"]))
    chosen = pd.Series(True, index=case.offers.index)
    for column in ("country", "stage", "product"):
        if pd.notna(line[column]):
            chosen &= case.offers[column] == line[column]
    if line["change"] == "loss_of_largest":
        count = safe_drops(Rules().min_count)[0]
        return replace(case, offers=_without_largest(case.offers, case.offers[chosen], count))
    late = chosen & (case.offers["available_from"] > pd.Timestamp(f"{start}-01"))
    moved = case.offers["available_from"] + pd.DateOffset(months=int(line["months"]))
    return replace(
        case,
        offers=case.offers.assign(available_from=case.offers["available_from"].mask(late, moved)),
    )


def _without_largest(offers: pd.DataFrame, among: pd.DataFrame, count: int) -> pd.DataFrame:
    """Take away the respondents that state most, whenever it is there; of equal ones the first by code."""
    totals = among.groupby("respondent_id")["amount"].sum().sort_index()
    gone = totals.sort_values(ascending=False, kind="stable").index[:count]
    lost = offers["respondent_id"].isin(gone) & offers.index.isin(among.index)
    return offers[~lost].reset_index(drop=True)


def offers_in(offers: pd.DataFrame, month: str) -> pd.DataFrame:
    """Add up what each respondent has in a month: what is there already, or available by then.

    Returns
    -------
    DataFrame
        A row a respondent: as `offers_of`, with ``offer`` (its code), ``free_share`` (mean of the shares that
        it states as free, weighted by amounts; missing if it states none).
    """
    day = pd.Timestamp(f"{month}-01")
    there = offers[
        (offers["available_from"].isna() | (offers["available_from"] <= day)) & (offers["amount"] > 0)
    ]
    shares = there[there["spare_share"].notna()]
    free = (shares["spare_share"] * shares["amount"]).groupby(shares["respondent_id"]).sum()
    free = free / shares.groupby("respondent_id")["amount"].sum()
    first = ["country", "product", "place", "place_is", "latitude", "longitude"]
    table = there.groupby("respondent_id", as_index=False).agg(
        amount=("amount", "sum"), **{name: (name, lambda rows: rows.iloc[0]) for name in first}
    )
    return table.assign(
        offer=table["respondent_id"], month=day, free_share=table["respondent_id"].map(free).astype("float64")
    )


def market_of(case: Case) -> matching.Market:
    """Return the market: respondents where they are, needs at the centre of each country.

    A respondent in a country that exports nothing reaches that country's need alone.
    """
    offers = offers_in(case.offers, case.month)
    needs = supply.needs_at_places(case.needs, case.places, case.product, case.month)
    shut = offers[offers["country"].isin(case.closed)].merge(
        needs[["need", "latitude", "longitude"]], left_on="country", right_on="need", suffixes=("", "_to")
    )
    km = matching.great_circle_km(
        *(
            shut[name].to_numpy(dtype=float)
            for name in ("latitude", "longitude", "latitude_to", "longitude_to")
        )
    )
    home = pd.DataFrame({"offer": shut["offer"], "need": shut["need"], "km": km})
    closed = offers["country"].isin(case.closed)
    offers.loc[closed, ["latitude", "longitude"]] = np.nan
    offers = offers[~closed | offers["offer"].isin(home["offer"])]
    columns = ["offer", "product", "country", "latitude", "longitude", "month", "amount"]
    return matching.build_market(
        offers[columns].reset_index(drop=True), needs, case.prices, distances=home if len(home) else None
    )


def may_be_told(amounts: pd.Series, rules: Rules | None = None) -> bool:
    """Tell whether a number on what respondents send together says nothing of one of them.

    Examples
    --------
    >>> may_be_told(pd.Series([50.0, 40.0, 45.0, 60.0])), may_be_told(pd.Series([50.0, 40.0]))
    (True, False)
    """
    rules = rules or Rules()
    sent = amounts[amounts > 0].to_numpy(dtype=float)
    return len(sent) >= rules.min_count and not (
        dominated(sent, rules.dominance_n, rules.dominance_k) or unsafe_by_p(sent, rules.p)
    )
