"""The cheapest way to reach so many doses a month: what to build, what it costs, what one more dose costs."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.analysis.chain.case import MARKET, ChainCase
from helpers.analysis.chain.model import ChainModel, flow_model
from helpers.analysis.chain.program import Changes, Solved
from helpers.analysis.chain.tables import CheckedTable
from helpers.analysis.linear import Worth
from helpers.data.errors import InputError

# Below a ten-millionth is the solver's tolerance.
_LEAST = 1e-7
_COLUMNS = [
    "stage",
    "part",
    "product",
    "unit",
    "place",
    "units",
    "doses",
    "cost_per_unit",
    "cost",
    "cost_share",
]


@dataclass(frozen=True)
class Expansion:
    """What `cheapest_expansion` found.

    Attributes
    ----------
    table
        ``stage``, ``part``, ``product``, ``unit``, ``place`` (where it is built: a country, or anywhere in
        the common market), ``units`` (more a month, or held), ``doses`` (that reach people and for which
        these units suffice), ``cost_per_unit``, ``cost``, ``cost_share``: dearest first.
    target
        Doses a month.
    without
        Doses that reach people in the weakest month without any expansion, the target at most.
    cost
        Of all expansions.
    marginal
        Cost of one more dose a month, ``more``, and what one dose less would save, ``less``; for how many
        doses each holds (`helpers.analysis.linear.Worth`).
    words
        The outcome in a sentence.
    """

    table: pd.DataFrame
    target: float
    without: float
    cost: float
    marginal: Worth
    words: str


def cheapest_expansion(
    case: ChainCase,
    target: float,
    costs: pd.DataFrame,
    *,
    from_month: str | None = None,
    wait: bool = False,
) -> Expansion:
    """Find the cheapest expansions with which a number of doses reaches people in every month.

    Parameters
    ----------
    case
        From `case.chain_case`; its needs are left aside.
    target
        Doses a month.
    costs
        ``product``, ``cost_per_unit`` (once, for one unit more a month, or held). Optional: ``country``
        (where; missing: anywhere), ``most`` (units that can be added there at most), ``lead_months`` (until
        it is there), ``unit``. A product without a row cannot be expanded.
    from_month
        First month in which the target has to be met, as 2021-09; the first of the case if not given.
    wait
        Whether expansions are there only after their ``lead_months``; else from the first month on.

    Raises
    ------
    InputError
        If the target cannot be reached: by how much, and for want of which products without a cost.

    Examples
    --------
    Filling for 100 doses and vials for 60; five euros for ten doses' vial more:

    >>> from helpers.analysis.chain import chain_case, read_chain
    >>> recipe = pd.DataFrame({"product": ["filling", "vials"], "stage": ["fill", "vials"],
    ...     "part": ["filling", "vials"], "used_at": "fill", "routes": "all", "unit": ["doses/month",
    ...     "units/month"], "capacity_kind": "flow", "units_per_dose": [1.0, 0.1]})
    >>> stages = pd.DataFrame({"stage": ["fill", "vials"], "stage_order": [2, 1], "yield_share": [1.0, 1.0]})
    >>> chain = read_chain(recipe, stages, pd.DataFrame({"route": ["vial"]}))
    >>> capacity = pd.DataFrame({"product": ["filling", "vials"], "country": "BE", "amount": [100.0, 6.0]})
    >>> case = chain_case(chain, capacity, start="2021-03", months=1)
    >>> costs = pd.DataFrame({"product": ["vials"], "cost_per_unit": [5.0]})
    >>> found = cheapest_expansion(case, 80, costs)
    >>> found.cost, found.marginal.more, found.marginal.more_holds
    (10.0, 0.5, 20.0)
    >>> cheapest_expansion(case, 120, costs)
    Traceback (most recent call last):
    ...
    helpers.data.errors.InputError: target: 120 doses a month cannot be reached; the most is 100, short by 20.
    These bind and have no cost of expansion, or no room left: filling (fill)
    """
    if isinstance(target, bool) or not np.isfinite(target) or target < 0:
        raise InputError(f"target: {target!r}; a number of doses a month from 0 is allowed")
    rows = _checked_costs(case, costs)
    model = _model(replace(case, needs=None), rows, float(target), _first(case, from_month), wait)
    most, reached = _most(model, target)
    if most < target * (1 - 1e-7):
        raise InputError(_short(model, reached, target, most))
    without, _ = _most(model, target, expanded=False)
    return _cheapest(model, rows, float(target), without)


def _checked_costs(case: ChainCase, costs: pd.DataFrame) -> pd.DataFrame:
    """Return one row a product and place where it can be expanded: the cheapest first."""
    table = CheckedTable(costs, "costs", ["product", "cost_per_unit"])
    units = case.chain.products.set_index("product")["unit"]
    table.names("product", units.index)
    table.numbers("cost_per_unit", 0)
    table.numbers("most", 0, default=np.inf, high=np.inf)
    table.numbers("lead_months", 0, 120, default=0.0)
    if "unit" in table.frame:
        wrong = table.frame["unit"] != table.frame["product"].map(units)
        table.refuse("unit", wrong.to_numpy(dtype=bool), "the recipe counts this product in another unit")
    if "country" not in table.frame:
        table.frame["country"] = None
    table.names("country", case.places["country"], may_miss=True)
    table.once(["product", "country"])
    kept = table.frame[["product", "country", "cost_per_unit", "most", "lead_months"]]
    anywhere = kept[kept["country"].isna()].merge(case.places[["place"]].drop_duplicates(), how="cross")
    somewhere = kept[kept["country"].notna()].merge(case.places.astype({"country": "object"}), on="country")
    # A place that is no country keeps the name of the market; one country's own cost keeps the country's.
    return pd.concat([somewhere, anywhere], ignore_index=True)


def _first(case: ChainCase, from_month: str | None) -> pd.Timestamp:
    if from_month is None:
        return case.months[0]
    try:
        first = pd.Period(from_month, freq="M").to_timestamp()
    except ValueError:
        raise InputError(f"from_month: {from_month!r} is no month; write it as 2021-09") from None
    if first not in case.months:
        raise InputError(
            f"from_month: {from_month}; allowed: {case.months[0]:%Y-%m} to {case.months[-1]:%Y-%m}"
        )
    return first


def _model(case: ChainCase, rows: pd.DataFrame, target: float, first: pd.Timestamp, wait: bool) -> ChainModel:
    """Add expansions (*expand*, in doses at the stage), the *goal*, and what it asks of each month."""
    lead = rows["lead_months"].astype(int) if wait else pd.Series(0, index=rows.index)
    ready = {case.months[months] for months in lead if months < len(case.months)}
    model = flow_model(replace(case, starts=frozenset({first, *ready})))
    program = model.program
    units = rows["product"].map(case.chain.products.set_index("product")["units"])
    expand = program.add_variables("expand", rows[["product", "place", "country"]], high=rows["most"] / units)
    model.variables["expand"] = expand
    terms = model.constraints["capacity"].merge(expand.assign(lead=lead), on=["product", "place"])
    number = {month: place for place, month in enumerate(case.months)}
    terms = terms[terms["period"].map(number) >= terms["lead"]]
    program.add_terms(terms["constraint"], terms["variable"], -1.0)
    unit = pd.DataFrame({"unit": ["doses a month"]})
    model.variables["goal"] = goal = program.add_variables("goal", unit)
    starts = model.case.periods["period"]
    asked = program.add_constraints("asked", pd.DataFrame({"period": starts[starts >= first]}), low=0.0)
    delivered = asked.merge(model.variables["deliver"], on="period")
    program.add_terms(delivered["constraint"], delivered["variable"], 1.0)
    program.add_terms(asked["constraint"], int(goal["variable"].iloc[0]), -1.0)
    model.constraints["target"] = fixed = program.add_constraints("target", unit, low=target)
    program.add_terms(fixed["constraint"], goal["variable"], 1.0)
    return model


def _most(model: ChainModel, target: float, *, expanded: bool = True) -> tuple[float, Solved]:
    """Return the most doses a month, the target at most, whatever expansions cost, or without any."""
    program = model.program
    high = program.variables["high"].to_numpy(dtype=float, copy=True)
    high[model.variables["goal"]["variable"]] = target
    if not expanded:
        high[model.variables["expand"]["variable"]] = 0.0
    row_low = program.constraints["low"].to_numpy(dtype=float, copy=True)
    row_low[model.constraints["target"]["constraint"]] = -np.inf
    solved = program.solve(model.cost({"goal": -1.0}), Changes(row_low=row_low, high=high))
    return float(f"{max(0.0, -solved.objective):.10g}"), solved


def _cheapest(model: ChainModel, rows: pd.DataFrame, target: float, without: float) -> Expansion:
    products = model.case.chain.products.set_index("product")
    units = rows["product"].map(products["units"])
    solved = model.program.solve(model.cost({"expand": rows["cost_per_unit"] * units}))
    cost = float(f"{max(0.0, solved.objective):.10g}")
    table = rows.join(products[["stage", "part", "unit", "doses_per_unit"]], on="product")
    table["units"] = model.values("expand", solved.x)["doses"].to_numpy() * units
    table["doses"] = table["units"] * table["doses_per_unit"]
    table["cost"] = table["units"] * table["cost_per_unit"]
    table["cost_share"] = table["cost"] / (cost or 1.0)
    table["place"] = table["country"].fillna(table["place"])
    built = table[table["doses"] > _LEAST * max(target, 1.0)]
    built = built.sort_values(["cost", "product"], ascending=[False, True], ignore_index=True)[_COLUMNS]
    marginal = solved.worth(int(model.constraints["target"]["constraint"].iloc[0]))
    return Expansion(built, target, without, cost, marginal, _in_words(target, without, cost, built))


def _in_words(target: float, without: float, cost: float, table: pd.DataFrame) -> str:
    if table.empty:
        return f"{target:,.0f} doses a month are reached without any expansion."
    places = f"{len(table)} expansion{'s' if len(table) > 1 else ''}"
    return f"{target:,.0f} doses a month instead of {without:,.0f} take {places}, which cost {cost:,.0f}."


def _short(model: ChainModel, reached: Solved, target: float, most: float) -> str:
    """Say by how much the target is missed, and which capacities bind that cannot be expanded further."""
    capacity = model.constraints["capacity"]
    binding = capacity[np.abs(reached.duals[capacity["constraint"]]) > _LEAST]
    expand = model.variables["expand"]
    high = model.program.variables["high"].to_numpy(dtype=float)[expand["variable"]]
    room = expand[reached.x[expand["variable"]] < high * (1 - _LEAST)]
    free = set(zip(room["product"], room["place"], strict=True))
    stages = model.case.chain.products.set_index("product")["stage"]
    names = dict.fromkeys(
        f"{product} ({stages[product]})" + ("" if place == MARKET else f" in {place}")
        for product, place in zip(binding["product"], binding["place"], strict=True)
        if (product, place) not in free
    )
    listed = ", ".join(names) or "none, but some capacity is there too late"
    return (
        f"target: {target:,.0f} doses a month cannot be reached; the most is {most:,.0f}, short by "
        f"{target - most:,.0f}. These bind and have no cost of expansion, or no room left: {listed}"
    )
