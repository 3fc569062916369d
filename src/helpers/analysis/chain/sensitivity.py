"""How the doses depend on what is assumed about a dose."""

import numpy as np
import pandas as pd

from helpers.analysis.chain.plan import ChainPlan
from helpers.analysis.chain.program import Changes
from helpers.analysis.chain.tables import summed


def sensitivity(plan: ChainPlan) -> pd.DataFrame:
    """Compute the doses with each number of the recipe at its low and at its high, one at a time.

    Parameters
    ----------
    plan
        From `plan.best_plan`.

    Returns
    -------
    DataFrame
        ``assumption``, ``subject``, ``quantity``, ``value``, ``low``, ``high``, ``meaning``, ``source``,
        ``doses`` (as assumed), ``doses_at_low``, ``doses_at_high``, ``swing`` (the distance of the two):
        largest swing first. Numbers whose low and high are the same are left out.

    Examples
    --------
    >>> from helpers.analysis.chain import best_plan, chain_case, read_chain
    >>> recipe = pd.DataFrame({"product": ["vials"], "stage": "vials", "part": "vials", "used_at": "vials",
    ...     "routes": "all", "unit": "units/month", "capacity_kind": "flow", "units_per_dose": 0.1,
    ...     "units_low": 0.1, "units_high": 0.2})
    >>> stages = pd.DataFrame({"stage": ["vials"], "stage_order": [1], "yield_share": [1.0]})
    >>> chain = read_chain(recipe, stages, pd.DataFrame({"route": ["vial"]}))
    >>> capacity = pd.DataFrame({"product": ["vials"], "country": "BE", "amount": [6.0]})
    >>> table = sensitivity(best_plan(chain_case(chain, capacity, start="2021-03", months=1)))
    >>> table[["assumption", "doses_at_low", "doses_at_high"]].values.tolist()
    [['vials: units per dose', 60.0, 30.0]]
    """
    table = plan.case.chain.assumptions
    table = table[table["low"] < table["high"]].reset_index(drop=True)
    loads = _loads(plan)
    terms = plan.model.program.terms
    for end in ("low", "high"):
        table[f"doses_at_{end}"] = [
            plan.doses
            if _changes_nothing(loads, row["subject"], row[end] / row["value"])
            else _doses_at(plan, terms, row["subject"], row[end] / row["value"])
            for row in table.to_dict("records")
        ]
    table.insert(table.columns.get_loc("doses_at_low"), "doses", plan.doses)  # type: ignore[arg-type]
    table["swing"] = (table["doses_at_high"] - table["doses_at_low"]).abs()
    return table.sort_values(["swing", "assumption"], ascending=[False, True], ignore_index=True)


def _loads(plan: ChainPlan) -> pd.DataFrame:
    """Return what each row of the recipe takes of each capacity, and all rows together."""
    serve = plan.model.values("serve", plan.x)
    serve["load"] = serve["doses"] * serve["units"]
    keys = ["product", "place", "period"]
    own = summed(serve, [*keys, "subject"], "load")
    own["loads"] = own.groupby(keys)["load"].transform("sum")
    return own.merge(plan.case.supply, on=keys)


def _changes_nothing(loads: pd.DataFrame, subject: str, ratio: float) -> bool:
    """Tell from the plan alone that another number of the recipe leaves the most doses as they are.

    A need that grows makes no difference if the plan still fits; one that falls, where there is enough.
    """
    own = loads[loads["subject"] == subject]
    if ratio == 1 or own.empty:
        return ratio == 1
    after = own["loads"] + (max(ratio, 1.0) - 1.0) * own["load"]
    return bool((after < own["amount"] * (1 - 1e-6)).all())


def _doses_at(plan: ChainPlan, terms: pd.DataFrame, subject: str, ratio: float) -> float:
    """Return the most doses with the number of one row of the recipe, or one stage's yield, times a ratio."""
    factors = np.where(terms["subject"] == subject, terms["factor"] * ratio, terms["factor"])
    solved = plan.model.program.solve(plan.model.most, Changes(factors=factors.astype(float)))
    return float(f"{max(0.0, -solved.objective):.10g}")
