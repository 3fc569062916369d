"""The production chain of a situation: which of its products are known, and what passes."""

from collections.abc import Hashable
from itertools import combinations

import pandas as pd

from helpers.analysis.chain import (
    Chain,
    ChainCase,
    ChainPlan,
    chain_case,
    doses_without,
    most_doses,
    read_chain,
)
from helpers.analysis.supply.scenarios import Situation
from helpers.analysis.supply.stress import Measure, ranked_losses


def chain_recipe(recipe: pd.DataFrame, stages: pd.DataFrame, routes: pd.DataFrame) -> Chain:
    """Return the chain that the tables ``vaccine_chain_*`` describe, see `chain.read_chain`."""
    return read_chain(recipe, stages, routes)


def chain_of(situation: Situation, chain: Chain, start: str, months: int = 12) -> ChainCase:
    """Return the chain that a situation's offers, needs and closed borders make.

    Products of the recipe whose total is held back are taken to be enough: nothing is known of them that
    could be published. They are listed by `unknown_products`.

    Parameters
    ----------
    situation
        See `scenarios.Situation`; offers of products that the recipe does not use are left out.
    chain
        From `chain.read_chain`.
    start
        First month, as 2021-03.
    months
        How many.
    """
    known = set(chain.products["product"])
    offers = situation.offers[situation.offers["product"].isin(known)]
    ramp = situation.ramp[situation.ramp["product"].isin(known)]
    places = set(offers["country"]) | set(situation.needs["country"])
    closed = situation.closed[situation.closed["country"].isin(places)]
    return chain_case(
        chain,
        offers[["product", "country", "amount"]],
        start=start,
        months=months,
        needs=situation.needs[["country", "amount"]],
        ramp_up=ramp if len(ramp) else None,
        closed=closed if len(closed) else None,
        enough=[product for product in chain.products["product"] if product not in set(offers["product"])],
    )


def chain_doses(situation: Situation, chain: Chain, start: str, months: int = 12) -> float:
    """Return the doses that reach people in all months, see `chain.most_doses`."""
    return most_doses(chain_of(situation, chain, start, months))


def dose_measure(chain: Chain, start: str, months: int = 12) -> Measure:
    """Return the function that tells the doses of a situation, for `stress.stress_table`."""
    return lambda situation: chain_doses(situation, chain, start, months)


def unknown_products(offers: pd.DataFrame, chain: Chain, labels: dict[str, str]) -> str:
    """Name the products of the recipe that no published offer speaks of, joined by commas.

    Examples
    --------
    >>> from helpers.analysis.chain import read_chain
    >>> recipe = pd.DataFrame({"product": ["filling", "vials"], "stage": ["fill", "vials"],
    ...     "part": ["filling", "vials"], "used_at": "fill", "routes": "all", "unit": "units/month",
    ...     "capacity_kind": "flow", "units_per_dose": [1.0, 0.1]})
    >>> stages = pd.DataFrame({"stage": ["fill", "vials"], "stage_order": [2, 1], "yield_share": [1.0, 1.0]})
    >>> chain = read_chain(recipe, stages, pd.DataFrame({"route": ["vial"]}))
    >>> unknown_products(pd.DataFrame({"product": ["filling"]}), chain, {"vials": "Glass vials"})
    'Glass vials'
    """
    there = set(offers["product"])
    names = [labels.get(product, product) for product in chain.products["product"] if product not in there]
    return ", ".join(names)


def worst_of_chain(
    losses: pd.DataFrame, plan: ChainPlan, *, together: int = 1, most: int = 10, tried: int = 12
) -> pd.DataFrame:
    """Find the losses of a country's stage that cost the chain most doses.

    Single losses are all tried. Pairs are tried among the ``tried`` single losses that cost most: two that
    cost little alone may cost more together, and are not found.

    Parameters
    ----------
    losses
        ``loss`` (name), ``country``, ``stage``.
    plan
        The best plan, see `chain.best_plan`.
    together
        1, or 2 for pairs.
    most
        How many rows to return.
    tried
        For pairs: of how many single losses.

    Returns
    -------
    DataFrame
        As `stress.worst_losses`: ``loss``, ``left`` (doses), ``change`` (share).
    """
    offered = _offered_with_slack(plan)

    def left(*chosen: dict[Hashable, object]) -> float:
        gone = offered["key"].isin([f"{loss['stage']} in {loss['country']}" for loss in chosen])
        # What the plan does not use of any product is no loss, so that no other plan need be sought.
        taken = offered[gone].groupby(["product", "place", "month"])
        if (taken["amount"].sum() <= taken["slack"].first() * (1 - 1e-9)).all():
            return plan.doses
        return doses_without(plan, offered.loc[gone, ["product", "country"]].drop_duplicates())

    rows = losses.to_dict("records")
    single = losses.assign(left=[left(row) for row in rows])
    if together == 1:
        return ranked_losses(single[["loss", "left"]], plan.doses, most)
    worst = single.sort_values(["left", "loss"]).head(tried).to_dict("records")
    pairs = [(f"{one['loss']} and {two['loss']}", left(one, two)) for one, two in combinations(worst, 2)]
    return ranked_losses(pd.DataFrame(pairs, columns=["loss", "left"]), plan.doses, most)


def _offered_with_slack(plan: ChainPlan) -> pd.DataFrame:
    """Return the amounts of each country and month, and what its place does not use of the product."""
    slack = plan.used()[["product", "place", "month", "slack"]]
    rows = plan.case.amounts.merge(plan.case.places, on="country")
    rows = rows.merge(slack, on=["product", "place", "month"], how="left").fillna({"slack": 0.0})
    stage = rows["product"].map(plan.case.chain.products.set_index("product")["stage"])
    return rows.assign(key=stage.astype(str) + " in " + rows["country"].astype(str))
