"""What a chain can bring to people: as many doses as possible, as early as possible."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analysis.chain.case import ChainCase
from helpers.analysis.chain.model import ChainModel, flow_model, with_worth
from helpers.analysis.chain.program import Changes, Solved
from helpers.analysis.chain.tables import summed
from helpers.analysis.checks import Floats
from helpers.analysis.linear import UnboundedError
from helpers.data.errors import InputError

# Among plans with as many doses: early deliveries first, then little kept, then little sent to and fro.
_LATE, _KEPT, _SENT = 10.0, 1.0, 0.1
# Less than a millionth of a capacity is the solver's tolerance.
_SLACK = 1e-6


@dataclass(frozen=True)
class ChainPlan:
    """An optimum of a chain; made by `best_plan`.

    Attributes
    ----------
    model
        The program, whose constraints can be printed with ``model.program.say``.
    solved
        The optimum that dual values are read from.
    x
        The value of each variable in the plan shown.
    doses
        Doses that reach people in all months.
    missing
        ``route``, ``stage``, ``part``: what a route needs and nobody offers in any month.
    words
        The outcome in a sentence or two.
    """

    model: ChainModel
    solved: Solved
    x: Floats
    doses: float
    missing: pd.DataFrame
    words: str

    @property
    def case(self) -> ChainCase:
        """What was computed."""
        return self.model.case

    def throughput(self) -> pd.DataFrame:
        """Return ``month``, ``route``, ``doses`` that reach people."""
        table = self.case.in_months(self.model.values("deliver", self.x))
        return summed(table, ["month", "route"], "doses")

    def by_month(self) -> pd.DataFrame:
        """Return ``month``, ``doses`` that reach people."""
        return summed(self.throughput(), ["month"], "doses")

    def deliveries(self) -> pd.DataFrame:
        """Return what reaches each country, and what it lacks, where needs are given.

        Returns
        -------
        DataFrame
            ``country``, ``month``, ``need``, ``met``, ``unmet``, ``share_unmet`` (0 where nothing is needed).
            Within the common market doses are shared in proportion to need. Empty without needs.
        """
        columns = ["country", "month", "need", "met", "unmet", "share_unmet"]
        if self.case.needs is None:
            return pd.DataFrame(columns=columns)
        sent = self.case.in_months(self.model.values("deliver", self.x))
        met = summed(sent, ["place", "month"], "doses").rename(columns={"doses": "sent"})
        table = self.case.needs.merge(self.case.places, on="country").rename(columns={"amount": "need"})
        table = table.merge(met, on=["place", "month"])
        total = table.groupby(["place", "month"])["need"].transform("sum")
        share = (table["sent"] / total.where(total > 0, 1.0)).clip(upper=1.0)
        table["met"] = table["need"] * share
        table["unmet"] = table["need"] - table["met"]
        table["share_unmet"] = (1.0 - share).where(table["need"] > 0, 0.0)
        return table[columns]

    def used(self) -> pd.DataFrame:
        """Return how much of each capacity is used.

        Returns
        -------
        DataFrame
            ``stage``, ``part``, ``product``, ``place``, ``month``, ``amount``, ``used``, ``slack`` (units of
            the product), ``use_share``, ``binds`` (bool).
        """
        serve = self.model.values("serve", self.x)
        serve["used"] = serve["doses"] * serve["units"]
        sums = summed(serve, ["product", "place", "period"], "used")
        table = self.case.supply.merge(sums, on=["product", "place", "period"], how="left")
        table = self.case.in_months(table)
        table["used"] = np.minimum(table["used"].fillna(0.0), table["amount"])
        left = (table["amount"] - table["used"]).to_numpy(dtype=float)
        finite = np.isfinite(table["amount"])
        table["slack"] = np.where(left > _SLACK * table["amount"].where(finite, 0.0), left, 0.0)
        amount = table["amount"].replace(np.inf, np.nan)
        table["use_share"] = (table["used"] / amount.where(amount > 0)).astype("Float64")
        table["binds"] = table["slack"] == 0
        named = table.merge(self.case.chain.products[["product", "stage", "part"]], on="product")
        columns = [
            "stage",
            "part",
            "product",
            "place",
            "month",
            "amount",
            "used",
            "slack",
            "use_share",
            "binds",
        ]
        return named[columns]


def best_plan(case: ChainCase) -> ChainPlan:
    """Find the plan with most doses, and among these the one that delivers earliest and keeps least.

    Parameters
    ----------
    case
        From `case.chain_case`.

    Returns
    -------
    ChainPlan
        Also where nothing can be made: its ``words`` then say what nobody offers.

    Raises
    ------
    InputError
        If nothing limits the doses: every product of some route is taken to be enough, and no needs given.

    Examples
    --------
    Of 100 filled doses two per cent are lost; vials for 60 of them are there.

    >>> from helpers.analysis.chain import chain_case, read_chain
    >>> recipe = pd.DataFrame({"product": ["filling", "vials"], "stage": ["fill", "vials"],
    ...     "part": ["filling", "vials"], "used_at": "fill", "routes": "all", "unit": ["doses/month",
    ...     "units/month"], "capacity_kind": "flow", "units_per_dose": [1.0, 0.1]})
    >>> stages = pd.DataFrame({"stage": ["fill", "vials"], "stage_order": [2, 1], "yield_share": [0.98, 1.0]})
    >>> chain = read_chain(recipe, stages, pd.DataFrame({"route": ["vial"]}))
    >>> capacity = pd.DataFrame({"product": ["filling", "vials"], "country": ["BE", "IT"],
    ...     "amount": [100.0, 6.0]})
    >>> plan = best_plan(chain_case(chain, capacity, start="2021-03", months=1))
    >>> round(plan.doses, 6)
    58.8
    >>> print(plan.model.program.say(int(plan.model.constraints["capacity"]["constraint"].iloc[1])))
    capacity [product vials, place common market, period 2021-03]: serve [route vial, part vials,
    product vials, place common market, period 2021-03] - extra [product vials, place common market] <= 60
    """
    model = with_worth(flow_model(case))
    try:
        solved = model.program.solve(model.most)
    except UnboundedError:
        raise InputError(
            "chain: nothing limits the doses; give needs, or take fewer products to be enough"
        ) from None
    number = {period: place + 1.0 for place, period in enumerate(case.periods["period"])}
    length = case.periods.set_index("period")["length"]
    late = model.variables["deliver"]["period"]
    tidy: dict[str, float | pd.Series] = {
        "deliver": _LATE * late.map(number) * late.map(length),
        "keep": _KEPT,
        "send": _SENT,
    }
    x = solved.then(model.cost(tidy)).x
    missing = missing_parts(case)
    doses = float(f"{max(0.0, -solved.objective):.10g}")
    return ChainPlan(model, solved, x, doses, missing, _in_words(case, doses, missing))


def most_doses(case: ChainCase) -> float:
    """Return the most doses that can reach people in all months: `best_plan` without the plan.

    Raises
    ------
    UnboundedError
        If nothing limits them.
    """
    model = flow_model(case)
    return max(0.0, -model.program.solve(model.most).objective) + 0.0


def doses_without(plan: ChainPlan, lost: pd.DataFrame) -> float:
    """Return the most doses if some capacity were lost: a hundred times as fast as another plan.

    Parameters
    ----------
    plan
        From `best_plan`.
    lost
        ``product``, ``country``, each once; optional ``share`` (0 to 1) that is lost, all of it if not given.

    Examples
    --------
    >>> from helpers.analysis.chain import chain_case, read_chain
    >>> recipe = pd.DataFrame({"product": ["filling"], "stage": "fill", "part": "filling", "used_at": "fill",
    ...     "routes": "all", "unit": "doses/month", "capacity_kind": "flow", "units_per_dose": 1.0})
    >>> stages = pd.DataFrame({"stage": ["fill"], "stage_order": [1], "yield_share": [1.0]})
    >>> chain = read_chain(recipe, stages, pd.DataFrame({"route": ["vial"]}))
    >>> capacity = pd.DataFrame({"product": "filling", "country": ["AT", "BE"], "amount": [5.0, 7.0]})
    >>> plan = best_plan(chain_case(chain, capacity, start="2021-03", months=1))
    >>> doses_without(plan, pd.DataFrame({"product": ["filling"], "country": ["AT"]}))
    7.0
    """
    case, capacity = plan.case, plan.model.constraints["capacity"]
    share = lost.get("share", 1.0)
    gone = case.amounts.merge(lost[["product", "country"]].assign(gone=share), on=["product", "country"])
    gone = gone.assign(gone=gone["gone"] * gone["amount"], period=gone["month"]).merge(
        case.places, on="country"
    )
    keys = ["product", "place", "period"]
    rows = capacity.merge(summed(gone, keys, "gone"), on=keys).merge(
        case.chain.products[["product", "units"]], on="product"
    )
    row_high = plan.model.program.constraints["high"].to_numpy(dtype=float, copy=True)
    row_high[rows["constraint"]] = (rows["doses"] - rows["gone"] / rows["units"]).clip(lower=0.0)
    solved = plan.model.program.solve(plan.model.most, Changes(row_high=row_high))
    return float(f"{max(0.0, -solved.objective):.10g}")


def missing_parts(case: ChainCase) -> pd.DataFrame:
    """Return ``route``, ``stage``, ``part`` of what a route needs and nobody offers in any month."""
    offered = case.amounts[case.amounts["amount"] > 0]["product"]
    rows = case.chain.rows
    there = rows["product"].isin(set(offered) | case.enough)
    found = rows.assign(there=there).groupby(["route", "stage", "part"], sort=False)["there"].any()
    return found[~found].reset_index()[["route", "stage", "part"]]


def _in_words(case: ChainCase, doses: float, missing: pd.DataFrame) -> str:
    months = len(case.months)
    said = f"{doses:,.0f} doses in {months} month{'s' if months > 1 else ''}."
    if missing.empty:
        return said
    labels = case.chain.stages.set_index("stage")["label"]
    gaps = missing.groupby(["stage", "part"], sort=False)["route"].nunique().reset_index()
    parts = ", ".join(f"{part.replace('_', ' ')} ({labels[stage]})" for stage, part, _ in gaps.to_numpy())
    if missing["route"].nunique() == len(case.chain.routes):
        return f"{said} No way to make a dose is complete. Nobody offers: {parts}."
    return f"{said} Some ways to make a dose are not complete. Nobody offers: {parts}."
