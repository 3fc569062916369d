"""Numbers and words of a match as a report states them."""

import calendar
import re
from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.analysis.chain import Chain, ChainCase, Expansion, cheapest_expansion
from helpers.analysis.chain.recipe import TRIPLES
from helpers.analysis.matching.plan import Plan
from helpers.analysis.supply.chains import chain_doses
from helpers.analysis.supply.scenarios import BASE, Situation
from helpers.data.errors import InputError

BASE_LABEL = "base case"
INNER = 0.9
"""Share of random draws that lie between the ends that are stated."""


def month_in_words(month: str) -> str:
    """Return a month in words.

    Raises
    ------
    InputError
        If it is no month.

    Examples
    --------
    >>> month_in_words("2021-06")
    'June 2021'
    """
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", month)
    if found is None:
        raise InputError(f"parameter 'month': given {month!r}; write it as 2021-06")
    return f"{calendar.month_name[int(found[2])]} {found[1]}"


def rounded(value: float) -> float:
    """Round to three significant digits, which is all that stated capacities and assumed needs can bear.

    Examples
    --------
    >>> rounded(90001379.1), rounded(0.0)
    (90000000.0, 0.0)
    """
    return float(f"{float(value):.3g}")


def scenario_label(scenarios: pd.DataFrame, name: str) -> str:
    """Return the name of a scenario in words."""
    if name == BASE:
        return BASE_LABEL
    return str(scenarios.loc[scenarios["scenario"] == name, "label"].iloc[0])


def scenario_notice(scenarios: pd.DataFrame, name: str) -> str | None:
    """Say that a report is about a scenario, or nothing for the base case."""
    if name == BASE:
        return None
    return f'This is a "what if" case: {scenario_label(scenarios, name)}. It is no forecast.'


def market_notice(plan: Plan, offers: pd.DataFrame, product: str, label: str) -> str | None:
    """Say why nothing can be matched, or nothing."""
    if product not in set(offers["product"]):
        return f"{label}: its total is held back or nobody states any, so no offer can be shown or matched."
    return plan.note or None


def share_unmet(balance: pd.DataFrame) -> float:
    """Return the share of the need that is not met; missing where nothing is needed."""
    needed = float(balance["needed"].sum())
    return float(balance["unmet"].sum()) / needed if needed > 0 else np.nan


def share_sent(flows: pd.DataFrame) -> float:
    """Return the share of what is met that crosses a border."""
    total = float(flows["amount"].sum())
    return float(flows.loc[flows["from"] != flows["to"], "amount"].sum()) / total if total > 0 else np.nan


def adds_up(balance: pd.DataFrame) -> bool:
    """Tell whether what is met and what is not add up to the need, country by country."""
    gap = (balance["met"] + balance["unmet"] - balance["needed"]).abs()
    return bool((gap <= 1e-6 * balance["needed"].clip(lower=1)).all())


def shadow_by_country(shadow: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Return shadow prices with the names of countries, highest first.

    Returns
    -------
    DataFrame
        ``country``, ``name``, ``value_less``, ``value_more`` (cost units a unit), ``holds_less``,
        ``holds_more`` (units), ``degenerate``, ``words``.
    """
    table = shadow.rename(columns={"region": "country"} if "country" not in shadow else {})
    table = table.assign(name=table["country"].map(names).fillna(table["country"]))
    table["value_less"] = table["value_less"].fillna(table["value_more"])
    columns = [
        "country",
        "name",
        "value_less",
        "value_more",
        "holds_less",
        "holds_more",
        "degenerate",
        "words",
    ]
    return table.sort_values(["value_more", "name"], ascending=[False, True], ignore_index=True)[columns]


def widths_in(widths: pd.DataFrame, month: str) -> pd.DataFrame:
    """Return what each stage could pass in one month; in the last month known if it lies beyond."""
    return _in_month(widths, month).reset_index(drop=True)


def doses_in(by_month: pd.DataFrame, month: str) -> float:
    """Return the doses of one month; of the last month known if it lies beyond."""
    return float(_in_month(by_month, month)["doses"].sum())


def _in_month(table: pd.DataFrame, month: str) -> pd.DataFrame:
    months = pd.to_datetime(table["month"])
    wanted = min(max(pd.Timestamp(f"{month}-01"), months.min()), months.max())
    return table[months == wanted]


def narrowest(widths: pd.DataFrame) -> str:
    """Return the name of the stage that could pass least."""
    known = widths.dropna(subset=["doses"])
    return str(known.sort_values("doses", kind="stable")["label"].iloc[0]) if len(known) else "not known"


def names_of(binding: pd.DataFrame, products: pd.DataFrame) -> str:
    """Return the names of products, joined by commas, each once."""
    labels = products.set_index("product")["label"]
    return ", ".join(dict.fromkeys(str(labels[product]) for product in binding["product"])) or "nothing"


def binding_in_words(binding: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """Return what binds with the names of stages and products, worth most first."""
    named = binding.merge(
        products[["product", "label", "stage_label"]].rename(columns={"label": "name"}), on="product"
    )
    return named.sort_values(["per_dose_more", "name"], ascending=[False, True], ignore_index=True)


def expansion_or_none(case: ChainCase, target: float, costs: pd.DataFrame) -> Expansion | None:
    """Return the cheapest expansions that reach a target, or nothing if it cannot be reached."""
    try:
        return cheapest_expansion(case, target, costs)
    except InputError:
        return None


def expansion_in_words(expansion: Expansion, products: pd.DataFrame) -> pd.DataFrame:
    """Return the expansions with the names of stages and products, dearest first, rounded."""
    named = expansion.table.merge(
        products[["product", "label", "stage_label"]].rename(columns={"label": "name"}), on="product"
    )
    return as_shown(named, "units")


def drawn_doses(
    situation: Situation,
    chain: Chain,
    start: str,
    *,
    draws: int,
    seed: int,
    inner: float = INNER,
    months: int = 12,
) -> tuple[float, float]:
    """Return between what ends most results lie if all numbers of the recipe are drawn at random.

    Each number is drawn evenly between its low and its high, independently of the others.

    Parameters
    ----------
    situation, chain, start, months
        See `chains.chain_of`.
    draws, seed
        How many, and where they start.
    inner
        Share of the results between the ends.
    """
    dice = np.random.default_rng(seed)
    results = [chain_doses(situation, _drawn(chain, dice), start, months) for _ in range(draws)]
    low, high = np.quantile(results, [(1 - inner) / 2, (1 + inner) / 2])
    return float(low), float(high)


def worst_scenario(stress: pd.DataFrame) -> str:
    """Return the name of the scenario that leaves least: of the chain's doses, or of what is met."""
    measure = "doses" if "doses" in stress else "met"
    others = stress[stress["scenario"] != BASE]
    worst = others.sort_values([measure, "label"], ignore_index=True)
    return str(worst["label"].iloc[0]) if len(worst) else "none"


def worst_loss(single: pd.DataFrame) -> tuple[str, float]:
    """Return the loss that costs most, and the change; nothing lost if no loss was tried."""
    if single.empty:
        return "none", np.nan
    return str(single["loss"].iloc[0]), float(single["change"].iloc[0])


def _drawn(chain: Chain, dice: np.random.Generator) -> Chain:
    """Return the chain with every number of its recipe drawn evenly between low and high."""

    def draw(table: pd.DataFrame, quantity: str) -> pd.DataFrame:
        value, low, high = TRIPLES[quantity]
        ends = [table[end].fillna(table[value]).to_numpy(dtype=float) for end in (low, high)]
        return table.assign(**{value: dice.uniform(*ends)})

    recipe = draw(draw(chain.recipe, "units per dose"), "months it stays")
    return replace(chain, recipe=recipe, stages=draw(chain.stages, "yield"))


def as_shown(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return a table with amounts rounded to three significant digits, for readers.

    Examples
    --------
    >>> as_shown(pd.DataFrame({"amount": [16748891.3]}), "amount")["amount"].to_list()
    [16700000.0]
    """
    return table.assign(**{column: table[column].astype("float64").map(rounded) for column in columns})


def swings_in_words(swings: pd.DataFrame, products: pd.DataFrame, most: int = 8) -> pd.DataFrame:
    """Return the assumptions on which the doses depend, largest swing first.

    Parameters
    ----------
    swings
        From `chain.sensitivity`.
    products
        ``product``, ``label``, ``stage``, ``stage_label``.
    most
        How many rows.

    Returns
    -------
    DataFrame
        ``what``, ``low``, ``high``, ``doses_at_low``, ``doses_at_high`` (three significant digits).
    """
    labels = {
        **dict(zip("stage " + products["stage"], products["stage_label"], strict=True)),
        **dict(zip(products["product"], products["label"], strict=True)),
    }
    kept = swings[swings["swing"] > 0].head(most).reset_index(drop=True)
    names = [
        next((label for code, label in labels.items() if str(subject).startswith(code)), str(subject))
        for subject in kept["subject"]
    ]
    what = [
        f"{name}, {row['quantity']}: {row['meaning']}"
        for name, row in zip(names, kept.to_dict("records"), strict=True)
    ]
    return as_shown(kept.assign(what=what), "doses_at_low", "doses_at_high")


def in_order(log: pd.DataFrame) -> bool:
    """Tell whether each assumption lies between its low and its high."""
    return bool(((log["low"] <= log["value"]) & (log["value"] <= log["high"])).all())


def widest_enough(widths: pd.DataFrame, passed: float) -> bool:
    """Tell whether every stage could pass what the chain passes, as far as rounding goes."""
    return bool((widths["doses"].dropna() >= 0.99 * passed).all())


def worth_only_where_it_binds(worth: pd.DataFrame) -> bool:
    """Tell whether one unit more is worth nothing wherever capacity is left."""
    return bool((worth.loc[~worth["binds"], "worth_more"].fillna(0.0) <= 1e-6).all())
