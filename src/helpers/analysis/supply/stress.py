"""Stress tests: every scenario beside the base case, and the losses that hurt most, found by search."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd

from helpers.analysis.matching.market import Market, build_market
from helpers.analysis.matching.plan import Plan
from helpers.analysis.matching.transport import match
from helpers.analysis.supply.needs import needs_at_places
from helpers.analysis.supply.offers import offers_at_places, share_in_month
from helpers.analysis.supply.scenarios import BASE, Situation, apply_scenario

Measure = Callable[[Situation], float]


@dataclass(frozen=True)
class Setting:
    """What does not change from scenario to scenario.

    Attributes
    ----------
    product
        Code of the product that is matched.
    stage
        Its stage.
    month
        As 2021-06.
    places
        From `places.country_places`.
    prices
        As `matching.build_market` takes them.
    fairness
        cheapest, worst_first or proportional.
    units_per_need
        Units of the product for a unit of need (vials a dose).
    """

    product: str
    stage: str
    month: str
    places: pd.DataFrame
    prices: pd.DataFrame
    fairness: str = "cheapest"
    units_per_need: float = 1.0


def market_of(situation: Situation, setting: Setting) -> Market:
    """Return the market of one product in one month: a country's offers and needs stand at its place.

    Offers of a country that exports nothing reach its own need alone.
    """
    share = share_in_month(situation.ramp, setting.product, setting.month)
    offers = offers_at_places(situation.offers, setting.places, setting.product, setting.month, share)
    needed = situation.needs.assign(amount=situation.needs["amount"] * setting.units_per_need)
    needs = needs_at_places(needed, setting.places, setting.product, setting.month)
    closed = situation.closed
    banned = set(closed.loc[closed["stage"].isna() | (closed["stage"] == setting.stage), "country"])
    shut = offers["country"].isin(banned)
    offers.loc[shut, ["latitude", "longitude"]] = np.nan
    home = pd.DataFrame({"offer": offers.loc[shut, "offer"], "need": offers.loc[shut, "offer"], "km": 0.0})
    home = home[home["need"].isin(set(needs["need"]))]
    offers = offers[~shut | offers["offer"].isin(set(home["offer"]))]
    return build_market(
        offers.reset_index(drop=True), needs, setting.prices, distances=home if len(home) else None
    )


def plan_of(situation: Situation, setting: Setting) -> Plan:
    """Return the best match of a situation's offers and needs of one product in one month."""
    return match(market_of(situation, setting), setting.fairness)


def stress_table(
    base: Situation, scenarios: pd.DataFrame, setting: Setting, doses: Measure | None = None
) -> pd.DataFrame:
    """Return every scenario beside the base case.

    Parameters
    ----------
    base
        See `scenarios.base_situation`.
    scenarios
        From `scenarios.check_scenarios`.
    setting
        Product, month and prices of the match.
    doses
        What the whole chain brings to people, for instance `chain.most_doses` of the situation; left out if
        ``None``.

    Returns
    -------
    DataFrame
        ``scenario``, ``label``, ``needed``, ``offered``, ``met`` (units of the product in the month),
        ``share_unmet``, ``worst_share`` (greatest share that a country lacks), ``mean_km`` of what is sent,
        ``met_change`` against the base case; ``doses`` and ``doses_change`` (share) if asked for.
    """
    labels = {BASE: "Base case", **dict(zip(scenarios["scenario"], scenarios["label"], strict=True))}
    rows = []
    for name, label in labels.items():
        situation = apply_scenario(base, scenarios, name)
        row = {"scenario": name, "label": label, **plan_measures(plan_of(situation, setting))}
        rows.append({**row, "doses": doses(situation)} if doses else row)
    table = pd.DataFrame(rows)
    for measure in ("met", *(["doses"] if doses else [])):
        first = table[measure].iloc[0]
        # The last digits are the solver's.
        table[f"{measure}_change"] = (table[measure] / first - 1).round(6) + 0.0 if first > 0 else np.nan
    return table


def plan_measures(plan: Plan) -> dict[str, float]:
    """Return what a plan comes to: needed, offered, met, share_unmet, worst_share, mean_km."""
    needed, met = float(plan.unmet["amount"].sum()), float(plan.unmet["met"].sum())
    sent = float(plan.flows["amount"].sum())
    return {
        "needed": needed,
        "offered": float(plan.market.offers["amount"].sum()),
        "met": met,
        "share_unmet": 1 - met / needed if needed else np.nan,
        "worst_share": float(plan.unmet["share_unmet"].max()) if needed else np.nan,
        "mean_km": float((plan.flows["km"] * plan.flows["amount"]).sum() / sent) if sent else np.nan,
    }


def worst_losses(
    base: Situation, losses: pd.DataFrame, measure: Measure, *, together: int = 1, most: int = 10
) -> pd.DataFrame:
    """Find by trying all of them which losses hurt most.

    Parameters
    ----------
    base
        The situation before.
    losses
        ``loss`` (name) and any of ``country``, ``stage``, ``product``: all offers that a row names are lost.
    measure
        What is to be as large as possible, as doses or units met.
    together
        How many losses happen at once: 1, or 2 for pairs.
    most
        How many rows to return.

    Returns
    -------
    DataFrame
        ``loss`` (names joined by " and "), ``left``, ``change`` (share of the base case), worst first; equal
        ones in alphabetical order.

    Examples
    --------
    >>> offers = pd.DataFrame({"product": "vials", "stage": "vials", "country": ["AT", "BE", "CZ"],
    ...                        "amount": [10.0, 30.0, 20.0]})
    >>> none = pd.DataFrame()
    >>> base = Situation(offers, none, none, none, none)
    >>> losses = pd.DataFrame({"loss": ["Austria", "Belgium", "Czechia"], "country": ["AT", "BE", "CZ"]})
    >>> total = lambda situation: float(situation.offers["amount"].sum())
    >>> worst_losses(base, losses, total, together=2, most=1)[["loss", "left"]].values.tolist()
    [['Belgium and Czechia', 10.0]]
    """
    before = measure(base)
    rows = []
    for chosen in combinations(losses.to_dict("records"), together):
        left = measure(replace(base, offers=_without(base.offers, chosen)))
        rows.append((" and ".join(str(row["loss"]) for row in chosen), left))
    return ranked_losses(pd.DataFrame(rows, columns=["loss", "left"]), before, most)


def ranked_losses(table: pd.DataFrame, before: float, most: int) -> pd.DataFrame:
    """Add to what losses leave the change against the base case; worst first, equal ones by name."""
    # The last digits are the solver's, and must not decide which of two equal losses stands first.
    left = pd.Series([float(f"{value:.8g}") for value in table["left"]], index=table.index, dtype="float64")
    table = table.assign(left=left, change=(left / before - 1).round(6) + 0.0 if before > 0 else np.nan)
    return table.sort_values(["left", "loss"], ignore_index=True).head(most)


def _without(offers: pd.DataFrame, losses: Sequence[dict[object, object]]) -> pd.DataFrame:
    lost = pd.Series(False, index=offers.index)
    for loss in losses:
        named = pd.Series(True, index=offers.index)
        for column in ("country", "stage", "product"):
            if column in loss:
                named &= offers[column] == loss[column]
        lost |= named
    return offers[~lost].reset_index(drop=True)


def worst_of_match(
    base: Situation,
    losses: pd.DataFrame,
    setting: Setting,
    *,
    together: int = 1,
    most: int = 10,
    tried: int = 8,
) -> pd.DataFrame:
    """Find the losses that cost the match of one product most, as `worst_losses`: what is met is measured.

    Losses of stages that the product does not belong to are left out. Pairs are tried among the ``tried``
    single losses that cost most.
    """
    own = losses[losses["stage"] == setting.stage] if "stage" in losses else losses

    def met(situation: Situation) -> float:
        return plan_measures(plan_of(situation, setting))["met"]

    if together > 1:
        single = worst_losses(base, own, met, most=tried)
        own = own[own["loss"].isin(single["loss"])]
    return worst_losses(base, own, met, together=together, most=most)


def stage_losses(situation: Situation, names: dict[str, str], labels: dict[str, str]) -> pd.DataFrame:
    """List the loss of each stage in each country that has it: ``loss``, ``country``, ``stage``."""
    pairs = situation.offers[["country", "stage"]].drop_duplicates().sort_values(["country", "stage"])
    words = [f"{labels.get(stage, stage)} in {names.get(code, code)}" for code, stage in pairs.to_numpy()]
    return pairs.assign(loss=words).reset_index(drop=True)
