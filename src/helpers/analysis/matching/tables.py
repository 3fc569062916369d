"""The tables that a market is built from, checked: what is wrong is refused with its row."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.analysis.checks import require_columns
from helpers.data.errors import InputError

Flags = npt.NDArray[np.bool_]

_SHOWN = 5
_LARGEST = 1e15


def checked_prices(prices: pd.DataFrame) -> pd.DataFrame:
    """Check prices: one row a product, numbers from zero upwards.

    Returns
    -------
    DataFrame
        Index ``product``; ``unmet``, ``freight``, ``holding``, ``days_per_1000_km`` (0 if not given), and
        ``unit`` if given.

    Raises
    ------
    InputError
        With the row, first data row 2.

    Examples
    --------
    >>> checked_prices(pd.DataFrame({"product": ["vials"], "unmet": [-1], "freight": [0], "holding": [0]}))
    Traceback (most recent call last):
    ...
    helpers.data.errors.InputError: prices: row 2, column unmet: -1; a number from 0 to 1e+15 is allowed
    """
    require_columns(prices, "prices", ["product", "unmet", "freight", "holding"])
    table = prices.reset_index(drop=True).copy()
    table["product"] = _names(table, "prices", "product")
    for column in ("unmet", "freight", "holding"):
        table[column] = _numbers(table, "prices", column, 0, _LARGEST)
    if "days_per_1000_km" not in table:
        table["days_per_1000_km"] = 0.0
    table["days_per_1000_km"] = _numbers(table, "prices", "days_per_1000_km", 0, 1000)
    _refuse_repeated(table, "prices", ["product"])
    kept = ["unmet", "freight", "holding", "days_per_1000_km", *(["unit"] if "unit" in table else [])]
    return table.sort_values("product").set_index("product")[kept]


def checked_offers(offers: pd.DataFrame, prices: pd.DataFrame, placed: Iterable[str] = ()) -> pd.DataFrame:
    """Check offers: product, place, month and amount of each.

    Parameters
    ----------
    offers
        ``offer``, ``product``, ``latitude``, ``longitude``, ``month``, ``amount``; further columns stay.
    prices
        As `checked_prices` returns them: the products there are.
    placed
        Offers whose distances are given, which need no place.

    Returns
    -------
    DataFrame
        Sorted by product, offer and month, so that the order of rows makes no difference.

    Raises
    ------
    InputError
        With the row, first data row 2.
    """
    require_columns(offers, "offers", ["offer", "product", "latitude", "longitude", "month", "amount"])
    return _checked(offers, "offers", "offer", prices, placed)


def checked_needs(needs: pd.DataFrame, prices: pd.DataFrame, placed: Iterable[str] = ()) -> pd.DataFrame:
    """Check needs as `checked_offers` checks offers; each must have a ``region``."""
    columns = ["need", "product", "region", "latitude", "longitude", "month", "amount"]
    require_columns(needs, "needs", columns)
    table = needs.reset_index(drop=True).copy()
    table["region"] = _names(table, "needs", "region")
    return _checked(table, "needs", "need", prices, placed)


def checked_distances(distances: pd.DataFrame) -> pd.DataFrame:
    """Check given distances: ``offer``, ``need``, ``km``; each pair once.

    Raises
    ------
    InputError
        With the row, first data row 2.
    """
    require_columns(distances, "distances", ["offer", "need", "km"])
    table = distances[["offer", "need", "km"]].reset_index(drop=True).copy()
    for column in ("offer", "need"):
        table[column] = _names(table, "distances", column)
    table["km"] = _numbers(table, "distances", "km", 0, 20_100)
    _refuse_repeated(table, "distances", ["offer", "need"])
    return table


def refuse_unknown(table: pd.DataFrame, name: str, column: str, known: Iterable[str]) -> None:
    """Refuse rows that name what there is not.

    Raises
    ------
    InputError
        With the row and some of the names that there are.
    """
    names = sorted(set(known))
    listed = ", ".join(names[:10]) + (", ..." if len(names) > 10 else "") if names else "none"
    wrong = ~table[column].isin(names).to_numpy(dtype=bool)
    refuse(name, column, table[column], wrong, f"known: {listed}")


def refuse(name: str, column: str, found: pd.Series, wrong: Flags, allowed: str) -> None:
    """Refuse a table if any of its rows is wrong.

    Raises
    ------
    InputError
        One line a row, the first five.
    """
    rows = np.flatnonzero(wrong)
    if not len(rows):
        return
    lines = [
        f"{name}: row {row + 2}, column {column}: {_shown(found.iloc[row])}; {allowed}"
        for row in rows[:_SHOWN]
    ]
    if len(rows) > _SHOWN:
        lines.append(f"{name}: column {column}: {len(rows) - _SHOWN} more rows like these")
    raise InputError(lines)


def _checked(
    given: pd.DataFrame, name: str, key: str, prices: pd.DataFrame, placed: Iterable[str]
) -> pd.DataFrame:
    table = given.reset_index(drop=True).copy()
    table[key] = _names(table, name, key)
    table["product"] = _names(table, name, "product")
    refuse_unknown(table, name, "product", prices.index)
    _refuse_units(table, name, prices)
    table["month"] = _months(table, name)
    table["amount"] = _numbers(table, name, "amount", 0, _LARGEST)
    without = table[key].isin(list(placed)).to_numpy(dtype=bool)
    for column, most in (("latitude", 90), ("longitude", 180)):
        table[column] = _numbers(table, name, column, -most, most, may_miss=without)
    _refuse_repeated(table, name, [key, "product", "month"])
    places = table.drop_duplicates(["product", key, "latitude", "longitude"])
    moved = table.index.isin(places.index[places.duplicated(["product", key])])
    refuse(name, "latitude", table[key], moved, "an id has one place; another row of it has another one")
    return table.sort_values(["product", key, "month"]).reset_index(drop=True)


def _names(table: pd.DataFrame, name: str, column: str) -> pd.Series:
    """Return ids or names as text; refuse those that are missing or blank."""
    found = table[column]
    text = found.astype("object").map(
        lambda one: one if isinstance(one, str) else str(one), na_action="ignore"
    )
    blank = (found.isna() | (text.str.strip() == "") if len(text) else found.isna()).to_numpy(dtype=bool)
    refuse(name, column, found, blank, "a name or code is needed")
    return text.astype("str")


def _numbers(
    table: pd.DataFrame, name: str, column: str, low: float, high: float, may_miss: Flags | None = None
) -> pd.Series:
    found = table[column]
    # Whatever is no number, True and dates included, becomes missing.
    plain = found.where(~found.map(lambda one: isinstance(one, bool | np.bool_)).astype(bool))
    if pd.api.types.is_datetime64_any_dtype(found):
        plain = pd.Series(np.nan, index=found.index)
    numbers = pd.to_numeric(plain, errors="coerce").astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    wrong = ~((numbers >= low) & (numbers <= high))
    if may_miss is not None:
        wrong &= ~(found.isna().to_numpy(dtype=bool) & may_miss)
    refuse(name, column, found, wrong, f"a number from {low:g} to {high:g} is allowed")
    return pd.Series(numbers, index=table.index)


def _months(table: pd.DataFrame, name: str) -> pd.Series:
    found = table["month"]
    if pd.api.types.is_numeric_dtype(found) and len(found):
        months = pd.Series(pd.NaT, index=found.index)
    else:
        months = pd.to_datetime(found, errors="coerce", format="ISO8601")
    months = months.astype("datetime64[us]")
    wrong = (months.isna() | (months != months.dt.to_period("M").dt.to_timestamp())).to_numpy(dtype=bool)
    refuse(name, "month", found, wrong, "the first day of a month is allowed, as 2021-03-01")
    return months


def _refuse_units(table: pd.DataFrame, name: str, prices: pd.DataFrame) -> None:
    """Refuse amounts in another unit than the prices', where both say it."""
    if "unit" not in table or "unit" not in prices:
        return
    priced = table["product"].map(prices["unit"])
    rows = np.flatnonzero((table["unit"] != priced).to_numpy(dtype=bool))
    if len(rows):
        first = rows[0]
        wrong = np.arange(len(table)) == first
        refuse(
            name,
            "unit",
            table["unit"],
            wrong,
            f"prices are for {priced.iloc[first]} of {table['product'].iloc[first]}",
        )


def _refuse_repeated(table: pd.DataFrame, name: str, key: list[str]) -> None:
    repeated = table.duplicated(key).to_numpy(dtype=bool)
    said = " and ".join(key)
    refuse(name, key[0], table[key[0]], repeated, f"listed before; each {said} is allowed once")


def _shown(value: object) -> str:
    text = "nothing" if value is None or value is pd.NaT or value != value else str(value)
    text = " ".join(text.split()) or "blank"
    return text if len(text) <= 60 else text[:57] + "..."
