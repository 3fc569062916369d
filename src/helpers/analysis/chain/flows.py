"""Where doses and goods go: from stage to stage and from country to country."""

import numpy as np
import pandas as pd

from helpers.analysis.chain.plan import ChainPlan
from helpers.analysis.chain.tables import summed

NEEDS = "needs"
_COLUMNS = ["route", "part", "from_stage", "from_country", "to_stage", "to_country", "doses"]


def chain_flows(plan: ChainPlan) -> pd.DataFrame:
    """Return the plan's flows between stages and countries, all months together.

    A plan says how much each place makes and takes. Within the common market it is the same whose goods go
    where; they are shown so that every country takes its own first, and what is left over goes to those that
    lack some in proportion to what they lack. A place's work is its countries' in proportion to capacity.

    Parameters
    ----------
    plan
        From `plan.best_plan`.

    Returns
    -------
    DataFrame
        ``route``, ``part`` (the goods that are sent; missing for doses on their way), ``from_stage``,
        ``from_country``, ``to_stage`` (`NEEDS` after the last), ``to_country``, ``doses`` (for which the
        goods suffice, or that are sent). Flows below a hundred-millionth of the largest are left out.

    Examples
    --------
    Vials of Italy, filled in Belgium:

    >>> from helpers.analysis.chain import best_plan, chain_case, read_chain
    >>> recipe = pd.DataFrame({"product": ["filling", "vials"], "stage": ["fill", "vials"],
    ...     "part": ["filling", "vials"], "used_at": "fill", "routes": "all", "unit": ["doses/month",
    ...     "units/month"], "capacity_kind": "flow", "units_per_dose": [1.0, 0.1]})
    >>> stages = pd.DataFrame({"stage": ["fill", "vials"], "stage_order": [2, 1], "yield_share": [0.98, 1.0]})
    >>> chain = read_chain(recipe, stages, pd.DataFrame({"route": ["vial"]}))
    >>> capacity = pd.DataFrame({"product": ["filling", "vials"], "country": ["BE", "IT"],
    ...     "amount": [100.0, 6.0]})
    >>> plan = best_plan(chain_case(chain, capacity, start="2021-03", months=1))
    >>> chain_flows(plan)[["part", "from_country", "to_stage", "to_country", "doses"]].values.tolist()
    [['vials', 'IT', 'fill', 'BE', 60.0], [None, 'BE', 'needs', 'common market', 58.8]]
    """
    made, taken = _made(plan), _taken(plan)
    parts = []
    for (route, item), own in made.groupby(["route", "item"], sort=False):
        users = taken[(taken["route"] == route) & (taken["item"] == item)]
        if users.empty:
            continue
        pairs = _pairs(plan, str(route), str(item), own, users)
        stage, part = own["stage"].iloc[0], own["part"].iloc[0]
        known = {"route": route, "part": part, "from_stage": stage, "to_stage": users["stage"].iloc[0]}
        parts.append(pairs.assign(**known))
    table = pd.concat([pd.DataFrame(columns=_COLUMNS), *parts], ignore_index=True)[_COLUMNS]
    doses = table["doses"].astype(float)
    return table.assign(doses=doses)[doses > 1e-8 * doses.max()].reset_index(drop=True)


def _passed(plan: ChainPlan) -> pd.DataFrame:
    """Return doses that enter each stage by ``route``, ``stage``, ``country``, all months together."""
    work = _work(plan)
    first = work[~work["goods"].astype(bool)].drop_duplicates(["route", "stage", "part"])
    plants = first.drop_duplicates(["route", "stage"])[["route", "stage", "part"]]
    by_country = work.merge(plants, on=["route", "stage", "part"])
    known = summed(by_country, ["route", "stage", "country"], "doses")
    passes = _total(plan, "pass", ["route", "stage", "place"])
    without = passes.merge(plants[["route", "stage"]], on=["route", "stage"], how="left", indicator=True)
    free = without[without["_merge"] == "left_only"].rename(columns={"place": "country"})
    return pd.concat([known, free[["route", "stage", "country", "doses"]]], ignore_index=True)


def _made(plan: ChainPlan) -> pd.DataFrame:
    """Return ``route``, ``item``, ``stage``, ``part``, ``country``, ``doses``: what each country puts out."""
    yields = plan.case.chain.stages.set_index("stage")["yield_share"]
    work = _work(plan)
    goods = work[work["goods"].astype(bool)]
    goods = summed(goods, ["route", "item", "stage", "part", "country"], "doses")
    doses = _passed(plan)
    doses = doses.assign(item="doses after " + doses["stage"], part=None)
    both = pd.concat([goods, doses], ignore_index=True)
    return both.assign(doses=both["doses"] * both["stage"].map(yields))


def _taken(plan: ChainPlan) -> pd.DataFrame:
    """Return ``route``, ``item``, ``stage``, ``country``, ``doses``: what each country takes up."""
    chain = plan.case.chain
    goods = chain.rows.loc[chain.rows["goods"], ["route", "item", "used_at"]].drop_duplicates()
    steps = chain.steps.assign(item="doses after " + chain.steps["stage"], used_at=chain.steps["next_stage"])
    items = (
        pd.concat([goods, steps[["route", "item", "used_at"]]]).dropna().rename(columns={"used_at": "stage"})
    )
    inside = items.merge(_passed(plan), on=["route", "stage"])
    last = steps[steps["next_stage"].isna()][["route", "item"]]
    reached = last.merge(_received(plan), on="route").assign(stage=NEEDS)
    return pd.concat([inside, reached], ignore_index=True)


def _received(plan: ChainPlan) -> pd.DataFrame:
    """Return ``route``, ``country``, ``doses``; countries of one place share as they are served."""
    table = _total(plan, "deliver", ["route", "place"])
    met = summed(plan.deliveries(), ["country"], "met")
    if met.empty:
        return table.rename(columns={"place": "country"})
    shares = met.merge(plan.case.places, on="country")
    total = shares.groupby("place")["met"].transform("sum")
    shares["share"] = (shares["met"] / total.where(total > 0, 1.0)).astype(float)
    joined = table.merge(shares, on="place")
    return joined.assign(doses=joined["doses"] * joined["share"])[["route", "country", "doses"]]


def _work(plan: ChainPlan) -> pd.DataFrame:
    """Return *serve* by country, all months together: a place's in proportion to capacity."""
    serve = plan.case.in_months(plan.model.values("serve", plan.x))
    amounts = plan.case.amounts.merge(plan.case.places, on="country")
    amounts = amounts[~amounts["product"].isin(plan.case.enough)]
    total = amounts.groupby(["product", "place", "month"])["amount"].transform("sum")
    amounts["part_of"] = amounts["amount"] / total.where(total > 0, 1.0)
    columns = ["product", "place", "month", "country", "part_of"]
    shared = serve.merge(amounts[columns], on=["product", "place", "month"], how="left")
    # What is taken to be enough is nobody's in particular.
    shared["country"] = shared["country"].fillna(shared["place"])
    shared["doses"] = shared["doses"] * shared["part_of"].fillna(1.0)
    keys = ["route", "item", "goods", "stage", "part", "country"]
    return summed(shared, keys, "doses")


def _total(plan: ChainPlan, kind: str, keys: list[str]) -> pd.DataFrame:
    months = plan.case.in_months(plan.model.values(kind, plan.x))
    return summed(months, keys, "doses")


def _pairs(plan: ChainPlan, route: str, item: str, made: pd.DataFrame, taken: pd.DataFrame) -> pd.DataFrame:
    """Match what countries put out with what they take up: their own first, then in proportion."""
    out, into = made.set_index("country")["doses"], taken.set_index("country")["doses"]
    countries = sorted(set(out.index) | set(into.index))
    out, into = out.reindex(countries).fillna(0.0), into.reindex(countries).fillna(0.0)
    own = np.minimum(out, into)
    spare = (out - own) * _may_leave(plan, route, item, countries)
    lack = into - own
    total = float(spare.sum())
    share = spare / total if total > 0 else spare
    sent = np.outer(share, lack) + np.diag(own)
    givers, takers = np.nonzero(sent)
    names = np.asarray(countries, dtype=object)
    return pd.DataFrame(
        {"from_country": names[givers], "to_country": names[takers], "doses": sent[givers, takers]}
    )


def _may_leave(plan: ChainPlan, route: str, item: str, countries: list[str]) -> pd.Series:
    """Return 0 for countries that send nothing of an item, as those whose border is closed, else 1."""
    may = pd.Series(1.0, index=countries)
    if "send" not in plan.model.variables:
        return may
    sent = _total(plan, "send", ["route", "item", "place"])
    own = sent[(sent["route"] == route) & (sent["item"] == item)]
    # A place of its own has the name of its country.
    nothing = set(own.loc[own["doses"] <= 0, "place"])
    return may.where(~may.index.isin(nothing), 0.0)
