"""The entries that count, and how a stated range is read: at least, at most, and one value between."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from helpers.analysis.checks import require_columns, sizes
from helpers.data.errors import InputError

CAPACITY_COLUMNS = (
    "respondent_id",
    "country",
    "product",
    "stage",
    "amount",
    "amount_low",
    "amount_high",
    "unit",
    "usable",
)
COUNTED = "counted"


def counted_entries(capacities: pd.DataFrame, respondents: pd.DataFrame) -> pd.DataFrame:
    """Keep the entries of respondents that count: neither duplicates nor withdrawn.

    Parameters
    ----------
    capacities
        The processed table of capacities: one row a respondent and product (and month, if it says several).
    respondents
        The processed table of respondents: ``respondent_id``, ``status``.

    Returns
    -------
    DataFrame
        Rows of ``capacities`` in the same order. Entries without a usable amount stay: that somebody named
        a product says something, and no answer is not zero.

    Raises
    ------
    InputError
        If an entry belongs to no respondent of the table.

    Examples
    --------
    >>> entries = pd.DataFrame({"respondent_id": ["r1", "r2"], "product": ["vials", "vials"]})
    >>> people = pd.DataFrame({"respondent_id": ["r1", "r2"], "status": ["counted", "withdrawn"]})
    >>> counted_entries(entries, people)["respondent_id"].to_list()
    ['r1']
    """
    require_columns(capacities, "capacities", ["respondent_id"])
    require_columns(respondents, "respondents", ["respondent_id", "status"])
    strange = ~capacities["respondent_id"].isin(respondents["respondent_id"])
    if strange.any():
        name = capacities.loc[strange, "respondent_id"].iloc[0]
        raise InputError(f"capacities: respondent {name} is not in the table of respondents")
    kept = respondents.loc[respondents["status"] == COUNTED, "respondent_id"]
    return capacities[capacities["respondent_id"].isin(kept)].reset_index(drop=True)


def select_entries(
    entries: pd.DataFrame,
    *,
    product: str | None = None,
    stage: str | None = None,
    countries: Collection[str] | None = None,
) -> pd.DataFrame:
    """Keep the entries of one product, one stage or some countries.

    Examples
    --------
    >>> entries = pd.DataFrame({"product": ["vials", "syringes"], "stage": ["vials", "syringes"],
    ...                         "country": ["AT", "BE"]})
    >>> len(select_entries(entries, product="vials")), len(select_entries(entries, countries=["FR"]))
    (1, 0)
    """
    require_columns(entries, "capacities", ["product", "stage", "country"])
    keep = pd.Series(True, index=entries.index)
    if product is not None:
        keep &= entries["product"] == product
    if stage is not None:
        keep &= entries["stage"] == stage
    if countries is not None:
        keep &= entries["country"].isin(set(countries))
    return entries[keep].reset_index(drop=True)


def usable_readings(entries: pd.DataFrame) -> pd.DataFrame:
    """Read each usable entry as at least, one value, and at most.

    Parameters
    ----------
    entries
        The columns of `CAPACITY_COLUMNS`.

    Returns
    -------
    DataFrame
        The usable rows with ``low``, ``point``, ``high`` and ``high_stated`` in the row's ``unit``. ``high``
        is infinite where nothing was said ("more than 50"); ``high_stated`` takes such an entry at the least
        it states. ``point`` is the amount stated; of a range without one, what it is at least ("more than
        50": 50) or, if only an upper end was said, half of it ("up to 50": 25).

    Raises
    ------
    InputError
        If a bound is missing or negative, or the bounds are in the wrong order.

    Examples
    --------
    >>> entries = pd.DataFrame({
    ...     "respondent_id": ["r1", "r2", "r3"], "country": "AT", "product": "vials", "stage": "vials",
    ...     "amount": [10, None, None], "amount_low": [10, 50, 0], "amount_high": [10, None, 50],
    ...     "unit": "units/month", "usable": True})
    >>> usable_readings(entries)[["low", "point", "high"]].values.tolist()
    [[10.0, 10.0, 10.0], [50.0, 50.0, inf], [0.0, 25.0, 50.0]]
    """
    require_columns(entries, "capacities", CAPACITY_COLUMNS)
    rows = entries[entries["usable"].fillna(False).astype(bool)].copy()
    low = sizes(rows["amount_low"], "capacities, column amount_low")
    high = sizes(rows["amount_high"], "capacities, column amount_high")
    stated = sizes(rows["amount"], "capacities, column amount")
    if np.isnan(low).any():
        raise InputError(
            "capacities: a usable entry has no amount_low; numbers from zero upwards are allowed"
        )
    open_ended = np.isnan(high)
    if (low > np.where(open_ended, np.inf, high)).any():
        raise InputError("capacities: amount_low is above amount_high; it may be at most as large")
    middle = np.where(open_ended, low, np.where(low > 0, low, np.nan_to_num(high) / 2))
    rows["low"], rows["high"] = low, np.where(open_ended, np.inf, high)
    rows["point"] = np.clip(np.where(np.isnan(stated), middle, stated), rows["low"], rows["high"])
    rows["high_stated"] = np.where(open_ended, rows["point"], rows["high"])
    return rows


def one_unit(rows: pd.DataFrame, what: str) -> str:
    """Return the only unit of the rows; empty text if there are none.

    Raises
    ------
    InputError
        If there are several: doses and pallets cannot be added.

    Examples
    --------
    >>> one_unit(pd.DataFrame({"unit": ["doses/month", "doses/month"]}), "ramp-up")
    'doses/month'
    >>> one_unit(pd.DataFrame({"unit": ["doses/month", "litres"]}), "ramp-up")
    Traceback (most recent call last):
    ...
    helpers.data.errors.InputError: ramp-up: the entries are in doses/month, litres, which cannot be added;
    choose one product, or products of one unit
    """
    units = sorted(set(rows["unit"].dropna().astype(str)))
    if len(units) > 1:
        raise InputError(
            f"{what}: the entries are in {', '.join(units)}, which cannot be added; "
            "choose one product, or products of one unit"
        )
    return units[0] if units else ""


def amounts_by_respondent(entries: pd.DataFrame, what: str) -> pd.DataFrame:
    """Add up what each respondent states, in one unit.

    Returns
    -------
    DataFrame
        One row a respondent with a usable amount, by identifier: ``respondent_id``, ``country``, ``low``,
        ``point``, ``high`` (infinite if one of the entries has no upper end).

    Raises
    ------
    InputError
        If the entries are in several units.

    Examples
    --------
    >>> entries = pd.DataFrame({
    ...     "respondent_id": ["r1", "r1"], "country": "AT", "product": ["a", "b"], "stage": "vials",
    ...     "amount": [10, 5], "amount_low": [10, 5], "amount_high": [10, 5],
    ...     "unit": "units/month", "usable": True})
    >>> amounts_by_respondent(entries, "sizes")[["respondent_id", "point"]].values.tolist()
    [['r1', 15.0]]
    """
    rows = usable_readings(entries)
    one_unit(rows, what)
    grouped = rows.groupby("respondent_id", as_index=False, sort=True)
    return grouped.agg(
        country=("country", "first"), low=("low", "sum"), point=("point", "sum"), high=("high", "sum")
    )
