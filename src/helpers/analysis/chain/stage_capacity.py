"""How much each stage could pass if every other stage had no limit: the widths of a chain."""

import numpy as np
import pandas as pd

from helpers.analysis.chain.model import ChainModel
from helpers.analysis.chain.plan import ChainPlan
from helpers.analysis.chain.program import Changes
from helpers.analysis.chain.tables import summed
from helpers.analysis.linear import UnboundedError


def stage_capacity(plan: ChainPlan) -> pd.DataFrame:
    """Compute the doses that each stage lets through, all other stages without limit.

    Only routes that use the stage count: vials limit what is filled into vials. Doses are those that reach
    people, so that stages compare: a dose of active substance counts less by all that is lost after it.
    Nothing is kept for later months, and needs are left aside.

    Parameters
    ----------
    plan
        From `plan.best_plan`.

    Returns
    -------
    DataFrame
        ``stage``, ``label``, ``month``, ``doses`` (missing where the stage has no limit), in the order of
        stages.

    Examples
    --------
    >>> from helpers.analysis.chain import best_plan, chain_case, read_chain
    >>> recipe = pd.DataFrame({"product": ["filling", "vials"], "stage": ["fill", "vials"],
    ...     "part": ["filling", "vials"], "used_at": "fill", "routes": "all", "unit": ["doses/month",
    ...     "units/month"], "capacity_kind": "flow", "units_per_dose": [1.0, 0.1]})
    >>> stages = pd.DataFrame({"stage": ["fill", "vials"], "stage_order": [2, 1], "yield_share": [0.5, 1.0]})
    >>> chain = read_chain(recipe, stages, pd.DataFrame({"route": ["vial"]}))
    >>> capacity = pd.DataFrame({"product": ["filling", "vials"], "country": "BE", "amount": [100.0, 6.0]})
    >>> plan = best_plan(chain_case(chain, capacity, start="2021-03", months=1))
    >>> stage_capacity(plan)[["stage", "doses"]].values.tolist()
    [['vials', 30.0], ['fill', 50.0]]
    """
    stages = plan.case.chain.stages
    used = set(plan.case.chain.rows["stage"])
    parts = [
        _passed(plan.model, stage).assign(stage=stage, label=label)
        for stage, label in zip(stages["stage"], stages["label"], strict=True)
        if stage in used
    ]
    return pd.concat(parts, ignore_index=True)[["stage", "label", "month", "doses"]]


def _passed(model: ChainModel, stage: str) -> pd.DataFrame:
    """Return ``month``, ``doses`` with the limits of one stage alone, on the routes that use it."""
    case, program = model.case, model.program
    own = case.chain.rows[case.chain.rows["stage"] == stage]
    row_high = program.constraints["high"].to_numpy(dtype=float, copy=True)
    capacity = model.constraints["capacity"]
    row_high[capacity.loc[~capacity["product"].isin(own["product"]), "constraint"]] = np.inf
    if "need" in model.constraints:
        row_high[model.constraints["need"]["constraint"]] = np.inf
    high = program.variables["high"].to_numpy(dtype=float, copy=True)
    passes = model.variables["pass"]
    high[passes.loc[~passes["route"].isin(own["route"]), "variable"]] = 0.0
    if "keep" in model.variables:
        high[model.variables["keep"]["variable"]] = 0.0
    try:
        solved = program.solve(model.most, Changes(row_high=row_high, high=high))
    except UnboundedError:
        return pd.DataFrame({"month": case.months, "doses": np.nan})
    doses = case.in_months(model.values("deliver", solved.x))
    return summed(doses, ["month"], "doses")
