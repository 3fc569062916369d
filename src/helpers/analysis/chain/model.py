"""The linear program of a chain: doses flow through stages, goods join them, capacity limits both.

Variables, by kind, in doses a month: *pass* (doses that enter a stage), *serve* (doses for which a product
serves), *send* and *take* (to and from the common market), *deliver* (doses that reach people), *extra*
(capacity beyond what there is: fixed at 0, its dual value is the worth of capacity); and *keep* (doses kept
at the end of a period).
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from helpers.analysis.chain.case import ChainCase
from helpers.analysis.chain.program import TidyProgram
from helpers.analysis.checks import Floats

_FLOW = ["route", "item", "place", "period"]


@dataclass(frozen=True)
class ChainModel:
    """The program of a case, and its variables and constraints by kind, with their keys.

    Attributes
    ----------
    program
        `TidyProgram`.
    variables, constraints
        Kind -> keys with the column ``variable`` or ``constraint``.
    """

    case: ChainCase
    program: TidyProgram
    variables: dict[str, pd.DataFrame]
    constraints: dict[str, pd.DataFrame]

    def cost(self, factors: dict[str, "float | pd.Series"]) -> Floats:
        """Return one number a variable, by kind; 0 for other kinds."""
        cost = np.zeros(len(self.program.variables))
        for kind, factor in factors.items():
            if kind in self.variables:
                cost[self.variables[kind]["variable"].to_numpy(dtype=int)] = np.asarray(factor, dtype=float)
        return cost

    @property
    def most(self) -> Floats:
        """Return the cost with which the program finds the most doses that reach people in all months."""
        length = self.case.periods.set_index("period")["length"]
        return self.cost({"deliver": -self.variables["deliver"]["period"].map(length)})

    def values(self, kind: str, x: Floats) -> pd.DataFrame:
        """Return the keys of a kind of variables with their ``doses``."""
        table = self.variables[kind]
        return table.drop(columns="variable").assign(doses=x[table["variable"].to_numpy(dtype=int)])


def flow_model(case: ChainCase) -> ChainModel:
    """Write down everything but the capacity's growth: stages, goods, stocks, trade, deliveries, needs.

    Returns
    -------
    ChainModel
        With the constraints ``capacity`` (doses a product can serve, in doses of the route that needs least
        of it) among others.
    """
    model = ChainModel(case, TidyProgram(), {}, {})
    _add_passes(model)
    _add_serves(model)
    _add_balances(model)
    _add_stocks(model)
    _add_trade(model)
    _add_deliveries(model)
    _add_capacity(model)
    return model


def with_worth(model: ChainModel) -> ChainModel:
    """Add a variable *extra* a product and place, fixed at 0: one more dose of capacity in every month."""
    keys = model.constraints["capacity"][["product", "place"]].drop_duplicates()
    extra = model.program.add_variables("extra", keys, low=-np.inf)
    fixed = model.program.add_constraints("extra", keys, low=0.0, high=0.0)
    model.program.add_terms(fixed["constraint"], extra["variable"], 1.0)
    rows = model.constraints["capacity"].merge(extra, on=["product", "place"])
    model.program.add_terms(rows["constraint"], rows["variable"], -rows["share"])
    model.variables["extra"], model.constraints["extra"] = extra, fixed
    return model


def _add_passes(model: ChainModel) -> None:
    case = model.case
    keys = _everywhere(case, case.chain.steps[["route", "stage"]])
    model.variables["pass"] = model.program.add_variables("pass", keys)


def _add_serves(model: ChainModel) -> None:
    """Products of one part serve the doses together: at once if it is a plant."""
    case, rows = model.case, model.case.chain.rows
    columns = ["subject", "route", "stage", "part", "used_at", "product", "item", "goods", "units"]
    keys = case.supply[["product", "place", "period"]].merge(rows[columns], on="product")
    serve = model.program.add_variables("serve", keys[["route", "part", "product", "place", "period"]])
    further = keys[["subject", "stage", "used_at", "item", "goods", "units"]]
    model.variables["serve"] = pd.concat([serve, further], axis=1)
    plants = rows.loc[~rows["goods"], ["route", "part", "stage"]].drop_duplicates()
    here = model.program.add_constraints("plant", _everywhere(case, plants), low=0.0, high=0.0)
    passes = here.merge(model.variables["pass"], on=["route", "stage", "place", "period"])
    model.program.add_terms(passes["constraint"], passes["variable"], -1.0)
    serves = here.merge(serve, on=["route", "part", "place", "period"])
    model.program.add_terms(serves["constraint"], serves["variable"], 1.0)
    model.constraints["plant"] = here


def _add_balances(model: ChainModel) -> None:
    """Let goods, and doses between stages, go out as they come in, or be kept."""
    case, chain = model.case, model.case.chain
    goods = chain.rows.loc[chain.rows["goods"], ["route", "item", "used_at"]].drop_duplicates()
    doses = chain.steps.assign(item="doses after " + chain.steps["stage"], used_at=chain.steps["next_stage"])
    items = pd.concat([goods, doses[["route", "item", "used_at"]]], ignore_index=True)
    keys = _everywhere(case, items)
    balance = model.program.add_constraints("balance", keys[_FLOW], low=0.0, high=0.0)
    model.constraints["balance"] = balance
    yields = chain.stages.set_index("stage")["yield_share"]
    made = balance.merge(model.variables["serve"], on=_FLOW)
    made = made[made["goods"].astype(bool)]
    model.program.add_terms(
        made["constraint"], made["variable"], made["stage"].map(yields), "stage " + made["stage"]
    )
    passes = model.variables["pass"]
    left = balance.merge(passes.assign(item="doses after " + passes["stage"]), on=_FLOW)
    model.program.add_terms(
        left["constraint"], left["variable"], left["stage"].map(yields), "stage " + left["stage"]
    )
    taken = balance.assign(stage=keys["used_at"]).merge(passes, on=["route", "stage", "place", "period"])
    model.program.add_terms(taken["constraint"], taken["variable"], -1.0)


def _add_stocks(model: ChainModel) -> None:
    case, balance = model.case, model.constraints["balance"]
    starts = case.periods["period"]
    if not case.stocks or len(starts) < 2:
        return
    keys = balance.loc[balance["period"] < starts.iloc[-1], _FLOW]
    keep = model.program.add_variables("keep", keys)
    # Flows are a month's; what is kept at the end of a period comes from each of its months.
    length = case.periods.set_index("period")["length"]
    following = dict(pairwise(starts))
    later = keep.assign(period=keep["period"].map(following))
    for table, sign in ((keep, -1.0), (later, 1.0)):
        rows = balance.merge(table, on=_FLOW)
        model.program.add_terms(rows["constraint"], rows["variable"], sign / rows["period"].map(length))
    model.variables["keep"] = keep


def _add_trade(model: ChainModel) -> None:
    """Each place sends to the common market and takes from it; a closed border lets nothing out."""
    case, balance = model.case, model.constraints["balance"]
    if case.places["place"].nunique() < 2:
        return
    closed = case.closed.merge(case.places, on="country").rename(columns={"month": "period"})
    closed = closed[["item", "place", "period"]].assign(shut=True)
    shut = balance[_FLOW].merge(closed, on=["item", "place", "period"], how="left")["shut"].notna()
    most = pd.Series(np.where(shut, 0.0, np.inf))
    send = model.program.add_variables("send", balance[_FLOW], high=most)
    take = model.program.add_variables("take", balance[_FLOW])
    model.program.add_terms(balance["constraint"], send["variable"], -1.0)
    model.program.add_terms(balance["constraint"], take["variable"], 1.0)
    keys = balance[["route", "item", "period"]].drop_duplicates()
    market = model.program.add_constraints("market", keys, low=0.0, high=0.0)
    for table, sign in ((send, 1.0), (take, -1.0)):
        met = market.merge(table, on=["route", "item", "period"])
        model.program.add_terms(met["constraint"], met["variable"], sign)
    model.variables.update({"send": send, "take": take})


def _add_deliveries(model: ChainModel) -> None:
    case, chain = model.case, model.case.chain
    last = chain.steps[chain.steps["next_stage"].isna()]
    ends = pd.DataFrame({"route": last["route"], "item": "doses after " + last["stage"]})
    keys = _everywhere(case, ends)
    deliver = model.program.add_variables("deliver", keys[["route", "place", "period"]])
    final = model.constraints["balance"].merge(deliver.assign(item=keys["item"]), on=_FLOW)
    model.program.add_terms(final["constraint"], final["variable"], -1.0)
    model.variables["deliver"] = deliver
    if case.needs is None:
        return
    needs = case.needs.rename(columns={"month": "period"}).merge(case.places, on="country")
    sums = needs.groupby(["place", "period"])["amount"].sum()
    places = _everywhere(case, pd.DataFrame({"part": ["need"]}))[["place", "period"]]
    most = sums.reindex(pd.MultiIndex.from_frame(places)).fillna(0.0).to_numpy()
    need = model.program.add_constraints("need", places, high=pd.Series(most))
    rows = need.merge(deliver, on=["place", "period"])
    model.program.add_terms(rows["constraint"], rows["variable"], 1.0)
    model.constraints["need"] = need


def _add_capacity(model: ChainModel) -> None:
    case, serve = model.case, model.variables["serve"]
    units = case.supply["product"].map(case.chain.products.set_index("product")["units"])
    supply = case.supply.assign(doses=case.supply["amount"] / units, units=units)
    keys = supply[["product", "place", "period"]]
    rows = model.program.add_constraints("capacity", keys, high=supply["doses"])
    rows = rows.assign(share=supply["share"].to_numpy(), doses=supply["doses"].to_numpy())
    columns = ["product", "place", "period", "variable", "units", "subject"]
    terms = rows.merge(serve[columns], on=list(keys.columns))
    least = terms["product"].map(case.chain.products.set_index("product")["units"])
    factors = terms["units"] / least
    model.program.add_terms(terms["constraint"], terms["variable"], factors, terms["subject"])
    model.constraints["capacity"] = rows


def _everywhere(case: ChainCase, keys: pd.DataFrame) -> pd.DataFrame:
    """Repeat keys for each place and period."""
    places = pd.DataFrame({"place": case.places["place"].unique()})
    return keys.merge(places, how="cross").merge(case.periods[["period"]], how="cross")
