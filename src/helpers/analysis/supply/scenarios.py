"""Named "what if" cases: what each changes in capacity, needs, borders and time."""

from collections.abc import Collection, Hashable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from helpers.analysis.capacity.concentration import largest_respondents
from helpers.analysis.capacity.entries import select_entries
from helpers.analysis.capacity.safe import largest_in_words, largest_may_be_shown, safe_drops
from helpers.analysis.checks import require_columns
from helpers.analysis.disclosure import TOTAL, Rules
from helpers.data.errors import InputError

BASE = "base"
Row = dict[Hashable, Any]
CHANGES = ("capacity", "demand", "export_ban", "delay", "loss_of_largest")


@dataclass(frozen=True)
class Situation:
    """What is offered, needed, closed: the base case, or what a scenario makes of it.

    Attributes
    ----------
    offers
        ``product``, ``stage``, ``country``, ``amount`` (units), ``basis``.
    ramp
        ``product``, ``month``, ``share``: see `offers.ramp_up_shares`.
    needs
        ``country``, ``amount`` (doses a month).
    closed
        ``country``, ``stage``: exports that are not allowed; a missing stage means all.
    largest
        ``product``, ``share_left``: see `without_largest`.
    """

    offers: pd.DataFrame
    ramp: pd.DataFrame
    needs: pd.DataFrame
    closed: pd.DataFrame
    largest: pd.DataFrame


def base_situation(
    offers: pd.DataFrame,
    ramp: pd.DataFrame,
    needs: pd.DataFrame,
    products: pd.DataFrame,
    largest: pd.DataFrame,
) -> Situation:
    """Return the base case, to which scenarios are applied.

    Parameters
    ----------
    offers
        From `offers.published_offers`.
    ramp
        From `offers.ramp_up_shares`.
    needs
        From `needs.doses_needed`.
    products
        ``product``, ``stage``.
    largest
        From `without_largest`.
    """
    staged = offers.merge(products[["product", "stage"]], on="product", how="left")
    return Situation(staged, ramp, needs, pd.DataFrame(columns=["country", "stage"], dtype="object"), largest)


def without_largest(
    entries: pd.DataFrame, cells: pd.DataFrame, rules: Rules, public: Collection[str] = ()
) -> pd.DataFrame:
    """Return what is left of each product without its largest respondents, as far as that may be published.

    Parameters
    ----------
    entries, cells
        As for `offers.ramp_up_shares`.
    rules
        Disclosure rules: they say how many of the largest may be taken away, see `safe.safe_drops`.
    public
        Respondents shown whole, see `safe.largest_may_be_shown`.

    Returns
    -------
    DataFrame
        ``product``, ``dropped`` (respondents), ``share_left`` (two decimals).
    """
    shown = cells[(cells["country"] == TOTAL) & (cells["status"] == "published")]["product"]
    first = safe_drops(rules.min_count)[0]
    rows = []
    for product in shown:
        own = select_entries(entries, product=product)
        if not largest_may_be_shown(own, rules, public):
            continue
        table = largest_respondents(own, drop=(first,))
        kept = largest_in_words(table, rules.min_count)
        for share in kept.loc[kept["dropped"] == first, "share_left"].dropna():
            rows.append({"product": product, "dropped": first, "share_left": float(share)})
    return pd.DataFrame(rows, columns=["product", "dropped", "share_left"])


def check_scenarios(table: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """Check the table of scenarios against the products of a questionnaire.

    Parameters
    ----------
    table
        ``scenario``, ``label``, ``change``, ``country``, ``stage``, ``product``, ``factor``, ``months``.
    products
        ``product``, ``stage``.

    Returns
    -------
    DataFrame
        The rows that speak of this questionnaire: those with stages or products of another are left out.

    Raises
    ------
    InputError
        With the row: a change that is none, a factor or a number of months that is missing or not wanted.

    Examples
    --------
    >>> rows = pd.DataFrame({"scenario": ["late"], "label": ["Late"], "change": ["delay"], "country": [None],
    ...     "stage": [None], "product": [None], "factor": [None], "months": [None]})
    >>> check_scenarios(rows, pd.DataFrame({"product": ["vials"], "stage": ["vials"]}))
    Traceback (most recent call last):
    ...
    helpers.data.errors.InputError: scenarios.csv: row 2, column months: nothing; a delay needs it
    """
    require_columns(table, "scenarios", ["scenario", "label", "change", *_SELECTORS, "factor", "months"])
    for row, line in enumerate(table.to_dict("records"), start=2):
        if line["change"] not in CHANGES:
            raise InputError(
                f"scenarios.csv: row {row}, column change: {line['change']!r}; allowed: {', '.join(CHANGES)}"
            )
        for column, wanted in _WANTED.items():
            there = not pd.isna(line[column])
            if there != (line["change"] in wanted):
                word, needs = ("nothing", "needs it") if not there else ("a number", "takes none")
                raise InputError(
                    f"scenarios.csv: row {row}, column {column}: {word}; a {line['change']} {needs}"
                )
    other = table["stage"].notna() & ~table["stage"].isin(products["stage"])
    other |= table["product"].notna() & ~table["product"].isin(products["product"])
    foreign = table.loc[other, "scenario"]
    return table[~table["scenario"].isin(foreign)].reset_index(drop=True)


_SELECTORS = ["country", "stage", "product"]
_WANTED = {"factor": ("capacity", "demand"), "months": ("delay",)}


def apply_scenario(base: Situation, scenarios: pd.DataFrame, name: str) -> Situation:
    """Return what a scenario makes of the base case.

    Parameters
    ----------
    base
        See `base_situation`.
    scenarios
        From `check_scenarios`.
    name
        ``base``, or a scenario of the table.

    Raises
    ------
    InputError
        If there is no such scenario.

    Examples
    --------
    >>> products = pd.DataFrame({"product": ["vials"], "stage": ["vials"]})
    >>> offers = pd.DataFrame({"product": "vials", "country": ["AT", "BE"], "amount": [10.0, 30.0],
    ...                        "basis": "stated"})
    >>> none = pd.DataFrame(columns=["product", "month", "share", "share_left"])
    >>> needs = pd.DataFrame({"country": ["AT"], "amount": [5.0]})
    >>> base = base_situation(offers, none, needs, products, none)
    >>> rows = pd.DataFrame({"scenario": ["loss"], "label": ["Loss"], "change": ["capacity"],
    ...     "country": ["BE"], "stage": [None], "product": [None], "factor": [0.5], "months": [None]})
    >>> apply_scenario(base, rows, "loss").offers["amount"].to_list()
    [10.0, 15.0]
    """
    if name == BASE:
        return base
    rows = scenarios[scenarios["scenario"] == name]
    if rows.empty:
        known = ", ".join([BASE, *dict.fromkeys(scenarios["scenario"])])
        raise InputError(f"parameter 'scenario': given {name!r}; allowed: {known}")
    situation = base
    for row in rows.to_dict("records"):
        situation = _STEPS[str(row["change"])](situation, row)
    return situation


def _chosen(offers: pd.DataFrame, row: Row) -> "pd.Series[bool]":
    """Say which offers a row speaks of: those it names, all where it names none."""
    chosen = pd.Series(True, index=offers.index)
    for column in _SELECTORS:
        if not pd.isna(row[column]):
            chosen &= offers[column] == row[column]
    return chosen


def _capacity(situation: Situation, row: Row) -> Situation:
    offers = situation.offers
    changed = offers["amount"].mask(_chosen(offers, row), offers["amount"] * float(row["factor"]))
    return replace(situation, offers=offers.assign(amount=changed))


def _demand(situation: Situation, row: Row) -> Situation:
    needs = situation.needs
    everywhere = bool(pd.isna(row["country"]))
    here = (needs["country"] == row["country"]) | everywhere
    factor = here.map({True: float(row["factor"]), False: 1.0})
    return replace(situation, needs=needs.assign(amount=needs["amount"] * factor))


def _export_ban(situation: Situation, row: Row) -> Situation:
    ban = pd.DataFrame({"country": [row["country"]], "stage": [row["stage"]]}, dtype="object")
    return replace(situation, closed=pd.concat([situation.closed, ban], ignore_index=True))


def _delay(situation: Situation, row: Row) -> Situation:
    """Shift every step of the ramp-up but the first, which is what is there already."""
    ramp = situation.ramp
    stages = situation.offers.drop_duplicates("product").set_index("product")["stage"]
    own = ramp.assign(stage=ramp["product"].map(stages), country=None)
    moved = _chosen(own, {**row, "country": None}) & (
        ramp["month"] > ramp.groupby("product")["month"].transform("min")
    )
    later = ramp["month"] + pd.DateOffset(months=int(row["months"]))
    return replace(situation, ramp=ramp.assign(month=ramp["month"].mask(moved, later)))


def _loss_of_largest(situation: Situation, row: Row) -> Situation:
    """Leave of each product what it has without its largest respondents, spread as before."""
    offers = situation.offers
    left = offers["product"].map(situation.largest.set_index("product")["share_left"]).fillna(1.0)
    changed = offers["amount"].mask(_chosen(offers, row), offers["amount"] * left.astype("float64"))
    return replace(situation, offers=offers.assign(amount=changed))


_STEPS = {
    "capacity": _capacity,
    "demand": _demand,
    "export_ban": _export_ban,
    "delay": _delay,
    "loss_of_largest": _loss_of_largest,
}
