"""What one more unit of capacity is worth, and where there is enough."""

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from helpers.analysis.chain.plan import ChainPlan
from helpers.analysis.chain.program import significant
from helpers.analysis.chain.tables import summed
from helpers.analysis.checks import Floats
from helpers.analysis.linear import Worth

_NUMBERS = ["worth_more", "worth_less", "per_dose_more", "per_dose_less", "holds_more", "holds_less"]
_TRIES = 4
_SLACK = 1e-6
_COLUMNS = [
    *("stage", "part", "product", "unit", "place", "amount", "used", "slack", "months_binding"),
    *("doses_per_unit", *_NUMBERS, "binds", "degenerate", "words"),
]


def worths(plan: ChainPlan, *, holds: bool = True) -> pd.DataFrame:
    """Compute what one more and one less unit of each capacity is worth, in all months together.

    One more unit means one in every month in which there is some (as far as the ramp-up has come), and the
    worth is doses for each such unit and month. Two bottlenecks at once are a range: one more vial is worth
    nothing if stoppers run out as well, one vial less costs its doses.

    Parameters
    ----------
    plan
        From `plan.best_plan`.
    holds
        Whether to compute how far the values hold, which takes as long as the values.

    Returns
    -------
    DataFrame
        One row a product and place, in the order of stages:
        ``stage``, ``part``, ``product``, ``unit``, ``place``; ``amount``, ``used``, ``slack`` (units, mean of
        the months), ``months_binding`` (used up however else the doses are made); ``doses_per_unit`` (doses
        that a unit makes where nothing else limits);
        ``worth_more``, ``worth_less`` (doses gained with one unit more, lost with one less; the latter
        missing where there is none to lose); ``per_dose_more``, ``per_dose_less`` (the same for a unit's
        doses: 1 where it alone limits); ``holds_more``, ``holds_less`` (units a month for which that holds;
        missing for ever); ``binds`` (one less would cost doses, or there is none and one more would bring
        some), ``degenerate`` (the ends differ), ``words``.

    References
    ----------
    Jansen, B., de Jong, J. J., Roos, C. and Terlaky, T. (1997), Sensitivity analysis in linear programming:
    just be careful!, *European Journal of Operational Research* 101, 15-28.

    Examples
    --------
    Filling for 100 doses, vials for 60, ten doses a vial:

    >>> from helpers.analysis.chain import best_plan, chain_case, read_chain
    >>> recipe = pd.DataFrame({"product": ["filling", "vials"], "stage": ["fill", "vials"],
    ...     "part": ["filling", "vials"], "used_at": "fill", "routes": "all", "unit": ["doses/month",
    ...     "units/month"], "capacity_kind": "flow", "units_per_dose": [1.0, 0.1]})
    >>> stages = pd.DataFrame({"stage": ["fill", "vials"], "stage_order": [2, 1], "yield_share": [1.0, 1.0]})
    >>> chain = read_chain(recipe, stages, pd.DataFrame({"route": ["vial"]}))
    >>> capacity = pd.DataFrame({"product": ["filling", "vials"], "country": "BE", "amount": [100.0, 6.0]})
    >>> table = worths(best_plan(chain_case(chain, capacity, start="2021-03", months=2)))
    >>> table[["product", "slack", "worth_more", "per_dose_more", "holds_more", "holds_less"]].values.tolist()
    [['vials', 0.0, 10.0, 1.0, 4.0, 6.0], ['filling', 40.0, 0.0, 0.0, nan, nan]]
    """
    table = _capacities(plan)
    found = [
        _worth_of(plan, row, holds) if row["months_binding"] else dict.fromkeys(_NUMBERS[:4], 0.0)
        for row in table.to_dict("records")
    ]
    values = pd.DataFrame(found, index=table.index).reindex(columns=_NUMBERS).astype(float)
    table = pd.concat([table, values], axis=1)
    ends = table["worth_less"].fillna(table["worth_more"])
    table["binds"] = ends > 0
    table["degenerate"] = ~np.isclose(ends, table["worth_more"], rtol=1e-6, atol=1e-9)
    table["words"] = [_in_words(row) for row in table.to_dict("records")]
    return table[_COLUMNS]


def worths_by_country(plan: ChainPlan, table: pd.DataFrame) -> pd.DataFrame:
    """Repeat what capacity is worth for each country that has some.

    Within the common market a unit is worth the same everywhere; what a country contributes differs.

    Parameters
    ----------
    plan, table
        The plan, and what `worths` says of it.

    Returns
    -------
    DataFrame
        ``country`` and the columns of `worths`, with ``country_amount`` (its own units, mean of the months)
        and ``country_share`` (of the place's); the place's largest first.
    """
    own = plan.case.amounts.groupby(["product", "country"], as_index=False)["amount"].mean()
    own = own[own["amount"] > 0].rename(columns={"amount": "country_amount"})
    joined = own.merge(plan.case.places, on="country").merge(table, on=["product", "place"])
    joined["country_share"] = joined["country_amount"] / joined["amount"]
    order = {product: number for number, product in enumerate(table["product"].unique())}
    ranked: pd.DataFrame = joined.assign(order=joined["product"].map(order)).sort_values(
        ["order", "country_amount", "country"], ascending=[True, False, True], ignore_index=True
    )
    return ranked[["country", *_COLUMNS, "country_amount", "country_share"]]


def worth_by_period(plan: ChainPlan, product: str, place: str | None = None) -> pd.DataFrame:
    """Compute what one more unit of a product a month is worth in each period of unchanged capacity.

    Parameters
    ----------
    plan
        From `plan.best_plan`.
    product
        Code.
    place
        A place of the case; every one if not given.

    Returns
    -------
    DataFrame
        ``place``, ``period``, ``months`` (its length), ``worth_more``, ``worth_less`` (doses a unit).
    """
    rows = plan.model.constraints["capacity"]
    own = rows[(rows["product"] == product) & (rows["place"].isin([place]) if place else True)]
    units = plan.case.chain.products.set_index("product")["units"][product]
    found = [plan.solved.worth(int(number), holds=False) for number in own["constraint"]]
    table = own[["place", "period"]].merge(
        plan.case.periods.rename(columns={"length": "months"}), on="period"
    )
    table["worth_more"] = [-one.more / units for one in found] / table["months"]
    table["worth_less"] = [_or_missing(-one.less) / units for one in found] / table["months"]
    return table


def _capacities(plan: ChainPlan) -> pd.DataFrame:
    """Return one row a product and place: means of the months, the constraint, the months that count."""
    used = plan.used()
    used["slack"] = significant(used["slack"].to_numpy(dtype=float))
    keys = ["product", "place"]
    sums = used.groupby(keys, as_index=False, sort=False)[["amount", "used", "slack"]].mean()
    shares = plan.case.in_months(plan.case.supply).groupby(keys, as_index=False)["share"].sum()
    table = sums.merge(shares, on=keys).merge(plan.model.constraints["extra"], on=keys)
    table = table.merge(_months_binding(plan), on=keys, how="left").merge(
        plan.case.chain.products, on="product"
    )
    table["months_binding"] = table["months_binding"].fillna(0).astype(int)
    order = plan.case.chain.stages.reset_index().set_index("stage")["index"]
    products = {name: number for number, name in enumerate(plan.case.chain.products["product"])}
    ranks = table.assign(rank=table["stage"].map(order), own=table["product"].map(products))
    return ranks.sort_values(["rank", "own", "place"], ignore_index=True).drop(columns=["rank", "own"])


def _months_binding(plan: ChainPlan) -> pd.DataFrame:
    """Return ``product``, ``place``, ``months_binding``: used up in every optimal plan that is tried.

    Where any optimal plan has capacity left, more of it is worth nothing. Each further plan leaves as much as
    it can of what the plans before used up.
    """
    rows = plan.model.constraints["capacity"]
    rows = rows[rows["share"] > 0]
    serves = rows.merge(
        plan.model.variables["serve"], on=["product", "place", "period"], suffixes=("", "_serve")
    )
    tight = _tight(plan, rows, plan.x) & _tight(plan, rows, plan.solved.x)
    for _ in range(_TRIES):
        scarce = serves[serves["constraint"].isin(tight) & (serves["doses"] > 0)]
        cost = np.zeros(len(plan.x))
        cost[scarce["variable"]] = 1.0 / scarce["doses"]
        left = tight & _tight(plan, rows, plan.solved.then(cost).x)
        if left == tight:
            break
        tight = left
    months = rows.merge(plan.case.periods, on="period")
    months["months_binding"] = months["length"].where(months["constraint"].isin(tight), 0.0).astype(int)
    return summed(months, ["product", "place"], "months_binding")


def _tight(plan: ChainPlan, rows: pd.DataFrame, x: Floats) -> set[int]:
    """Return the constraints of capacity that leave nothing."""
    numbers = rows["constraint"].to_numpy(dtype=int)
    level = (plan.solved.program.matrix @ x)[numbers]
    most = rows["doses"].to_numpy(dtype=float)
    return set(numbers[level >= most * (1 - _SLACK)].tolist())


def _worth_of(plan: ChainPlan, row: dict[Hashable, Any], holds: bool) -> dict[str, float]:
    months = row["share"]
    if months <= 0 or not np.isfinite(row["amount"]):
        return dict.fromkeys(_NUMBERS[:4], 0.0)
    found: Worth = plan.solved.worth(int(row["constraint"]), holds=holds)
    units = row["units"]
    more = max(0.0, -found.more / months / units) + 0.0
    # Nothing can be taken from where there is nothing.
    less = max(0.0, _or_missing(-found.less) / months / units) if row["amount"] > 0 else np.nan
    values = {"worth_more": more, "worth_less": less}
    values |= {"per_dose_more": more / row["doses_per_unit"], "per_dose_less": less / row["doses_per_unit"]}
    if holds:
        values["holds_more"] = _or_missing(found.more_holds * units)
        values["holds_less"] = _or_missing(found.less_holds * units) if row["amount"] > 0 else np.nan
    return values


def _or_missing(value: float) -> float:
    return float(value) if np.isfinite(value) else np.nan


def _in_words(row: dict[Hashable, Any]) -> str:
    if not np.isfinite(row["amount"]):
        return "taken to be enough"
    if not row["binds"]:
        return "enough" if row["amount"] > 0 else "none, and more of it alone would bring nothing"
    if row["amount"] == 0:
        return f"none; the first unit brings {row['worth_more']:.3g} doses"
    if not row["degenerate"]:
        return f"one unit more brings {row['worth_more']:.3g} doses"
    return f"one unit more brings {row['worth_more']:.3g} doses, one less costs {row['worth_less']:.3g}"
