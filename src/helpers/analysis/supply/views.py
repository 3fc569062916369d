"""Tables of a match as a report shows them."""

import numpy as np
import pandas as pd

from helpers.analysis.chain.recipe import Chain
from helpers.analysis.matching.greedy import greedy_nearest
from helpers.analysis.matching.plan import Plan
from helpers.analysis.matching.transport import FAIRNESS, match
from helpers.analysis.supply.assumptions import Assumptions
from helpers.analysis.supply.needs import inhabitants_of
from helpers.analysis.supply.stress import plan_measures
from helpers.data.errors import InputError

BY_HAND = "greedy_nearest"
FAIRNESS_WORDS = {
    "cheapest": "Least cost, unmet need at its price",
    "worst_first": "Worst unmet share first",
    "proportional": "The same share for all",
    BY_HAND: "By hand: nearest offer first",
}


def prices(assumptions: Assumptions, product: str) -> pd.DataFrame:
    """Return the prices of one product as `matching.build_market` takes them."""
    return pd.DataFrame(
        {
            "product": [product],
            "unmet": assumptions.value("unmet_price"),
            "freight": assumptions.value("freight_cost"),
            "holding": assumptions.value("holding_cost"),
            "days_per_1000_km": assumptions.value("days_per_1000_km"),
        }
    )


def units_per_dose(chain: Chain, product: str) -> float:
    """Return how many units of a product a dose takes on the route that takes most.

    What is held (litres, pallet places) counts for as long as a dose occupies it.

    Raises
    ------
    InputError
        If the recipe does not use the product.
    """
    rows = chain.recipe[chain.recipe["product"] == product]
    if rows.empty:
        raise InputError(f"vaccine_chain: recipe.csv has no row of {product!r}, so its need is not known")
    stay = rows["stay_months"].astype("float64").fillna(1.0)
    return float((rows["units_per_dose"].astype("float64") * stay).max())


def needs_of_inhabitants(
    population: pd.DataFrame, per_1000: pd.DataFrame, codes: list[str], product: str, year: int
) -> pd.DataFrame:
    """Return the need of each country from its inhabitants: ``country``, ``amount`` (units a month).

    Parameters
    ----------
    population
        ``country``, ``year``, ``population``.
    per_1000
        ``product``, ``per_1000_month`` (units for 1,000 inhabitants and month).
    codes, product, year
        Countries, product, and the year whose population counts (or the latest before it).

    Raises
    ------
    InputError
        If the need of the product is not given, or a country has no population.

    Examples
    --------
    >>> people = pd.DataFrame({"country": ["MT"], "year": [2019], "population": [500_000]})
    >>> per_1000 = pd.DataFrame({"product": ["gowns"], "per_1000_month": [300.0]})
    >>> needs_of_inhabitants(people, per_1000, ["MT"], "gowns", 2020).values.tolist()
    [['MT', 150000.0]]
    """
    rows = per_1000.loc[per_1000["product"] == product, "per_1000_month"]
    if rows.empty:
        where = "data/raw/needs_per_inhabitant_sample/needs.csv"
        raise InputError(f"{where}: no row of {product!r}, so its need is not known; add one")
    inhabitants = inhabitants_of(population, codes, year)
    return pd.DataFrame(
        {"country": inhabitants.index, "amount": inhabitants.to_numpy() / 1000 * float(rows.iloc[0])}
    )


def flow_table(plan: Plan, places: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Return what each country sends to each other, most first, for maps and for the plan itself.

    Parameters
    ----------
    plan
        Of one product in one month.
    places
        ``country``, ``latitude``, ``longitude``.
    names
        Country code -> name.

    Returns
    -------
    DataFrame
        ``from``, ``to`` (codes), ``from_name``, ``to_name``, ``amount`` (units), ``km``, ``days``,
        ``share_of_need`` of the receiving country, and ``from_latitude`` to ``to_longitude`` (degrees).
    """
    flows = plan.flows.groupby(["offer", "need"], as_index=False).agg(
        amount=("amount", "sum"), km=("km", "first"), days=("days", "first")
    )
    flows = flows.rename(columns={"offer": "from", "need": "to"})
    needed = plan.unmet.groupby("region")["amount"].sum()
    flows["share_of_need"] = flows["amount"] / flows["to"].map(needed)
    for end in ("from", "to"):
        flows[f"{end}_name"] = flows[end].map(names).fillna(flows[end])
        where = places.add_prefix(f"{end}_").rename(columns={f"{end}_country": end})
        flows = flows.merge(where, on=end, how="left")
    flows = flows.sort_values(["amount", "from", "to"], ascending=[False, True, True], ignore_index=True)
    first = ["from", "to", "from_name", "to_name", "amount", "km", "days", "share_of_need"]
    return flows[[*first, *(column for column in flows.columns if column not in first)]]


def country_balance(plan: Plan, offers: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Return for each country what it offers, needs, gets, sends and lacks.

    Parameters
    ----------
    plan
        Of one product in one month.
    offers
        ``country``, ``basis`` (stated or spread) of the product.
    names
        Country code -> name.

    Returns
    -------
    DataFrame
        ``country``, ``name``, ``offered``, ``basis``, ``needed``, ``met``, ``own`` (met from its own offers),
        ``sent`` (to others), ``unmet``, ``share_unmet``, ``percent_unmet`` (one decimal); most needed first.
    """
    table = plan.unmet.groupby("region", as_index=False)[["amount", "met", "unmet"]].sum()
    table = table.rename(columns={"region": "country", "amount": "needed"})
    offered = plan.used.groupby("offer")["amount"].sum()
    home = plan.flows[plan.flows["offer"] == plan.flows["need"]].groupby("offer")["amount"].sum()
    away = plan.flows[plan.flows["offer"] != plan.flows["need"]].groupby("offer")["amount"].sum()
    table["offered"] = table["country"].map(offered).fillna(0.0)
    table["basis"] = table["country"].map(offers.set_index("country")["basis"]).fillna("none stated")
    table["own"] = table["country"].map(home).fillna(0.0)
    table["sent"] = table["country"].map(away).fillna(0.0)
    table["share_unmet"] = (table["unmet"] / table["needed"].where(table["needed"] > 0)).astype("Float64")
    # Shares that only the solver's last digits tell apart are the same on a map.
    table["percent_unmet"] = (100 * table["share_unmet"]).round(1)
    table["name"] = table["country"].map(names).fillna(table["country"])
    columns = ["country", "name", "offered", "basis", "needed", "met", "own", "sent", "unmet"]
    columns += ["share_unmet", "percent_unmet"]
    return table.sort_values(["needed", "country"], ascending=[False, True], ignore_index=True)[columns]


def ways_compared(plan: Plan) -> pd.DataFrame:
    """Return the fair variants and what people do by hand beside each other, on the same market.

    Returns
    -------
    DataFrame
        ``way``, ``label``, and the columns of `stress.plan_measures` with ``cost`` (cost units).
    """
    plans = {fairness: match(plan.market, fairness) for fairness in FAIRNESS}
    plans[BY_HAND] = greedy_nearest(plan.market)
    rows = [
        {"way": way, "label": FAIRNESS_WORDS[way], **plan_measures(one), "cost": one.objective}
        for way, one in plans.items()
    ]
    return pd.DataFrame(rows)


def assumption_rows(assumptions: Assumptions, chain: "Chain | None", *used_by: str) -> pd.DataFrame:
    """Return the log of assumptions: those of the analyses, then those of the chain's recipe.

    Returns
    -------
    DataFrame
        ``what``, ``value``, ``low``, ``high``, ``unit``, ``source``.
    """
    log = assumptions.log(*used_by).rename(columns={"meaning": "what"})
    columns = ["what", "value", "low", "high", "unit", "source"]
    if chain is None:
        return log[columns]
    recipe = chain.recipe
    own = pd.DataFrame(
        {
            "what": recipe["product"].str.replace("_", " ") + ": " + recipe["meaning"],
            "value": recipe["units_per_dose"],
            "low": recipe["units_low"],
            "high": recipe["units_high"],
            "unit": recipe["unit"].str.partition("/")[0] + " a dose",
            "source": recipe["source"],
        }
    )
    table = pd.concat([log[columns], own[columns]], ignore_index=True)
    numbers = ["value", "low", "high"]
    table[numbers] = table[numbers].astype("float64").replace(np.inf, np.nan)
    return table
