"""How capacity becomes available, month by month."""

import numpy as np
import pandas as pd

from helpers.analysis.capacity.entries import one_unit, usable_readings
from helpers.analysis.checks import require_columns
from helpers.data.errors import InputError

_SUMS = ["low", "point", "high", "high_stated"]


def ramp_up(entries: pd.DataFrame, start: str | None = None, end: str | None = None) -> pd.DataFrame:
    """Compute the capacity available by month, cumulated; capacity without a month apart.

    Parameters
    ----------
    entries
        See `entries.counted_entries`; with ``available_from`` (first day of a month, missing if not said); in
        one unit. Capacity, once available, is taken to stay.
    start, end
        First and last month shown, as 2021-03; by default the first and last stated. What is available
        before the first month counts in it; what comes after the last is left out.

    Returns
    -------
    DataFrame
        One row a month without gaps: ``month`` (first day), ``respondents`` (with capacity available by
        then), ``low``, ``point``, ``high``, ``high_stated``: as in `totals.totals`, cumulated. Then, if there
        are entries without a month, one row with ``month`` missing that holds what they add up to. Empty
        without usable entries.

    Raises
    ------
    InputError
        If the entries are in several units, or a month is no month.

    Examples
    --------
    >>> entries = pd.DataFrame({
    ...     "respondent_id": ["r1", "r2", "r3"], "country": "AT", "product": "vials", "stage": "vials",
    ...     "amount": [10, 5, 7], "amount_low": [10, 5, 7], "amount_high": [10, 5, 7], "unit": "litres",
    ...     "usable": True, "available_from": pd.to_datetime(["2021-01-01", "2021-03-01", None])})
    >>> ramp_up(entries)[["month", "respondents", "point"]]
           month  respondents  point
    0 2021-01-01            1   10.0
    1 2021-02-01            1   10.0
    2 2021-03-01            2   15.0
    3        NaT            1    7.0
    """
    require_columns(entries, "capacities", ["available_from"])
    rows = usable_readings(entries)
    one_unit(rows, "ramp-up")
    rows["month"] = _months(rows["available_from"])
    dated = rows[rows["month"].notna()].copy()
    first = _month(start, "start") if start else dated["month"].min()
    last = _month(end, "end") if end else dated["month"].max()
    parts = [_undated(rows[rows["month"].isna()])]
    if pd.notna(first) and pd.notna(last):
        dated["month"] = dated["month"].clip(lower=first)
        parts.insert(0, _cumulated(dated, pd.date_range(first, last, freq="MS")))
    table = pd.concat([part for part in parts if len(part)] or [parts[-1]], ignore_index=True)
    return _typed(table)


def _cumulated(dated: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
    sums = dated.groupby("month")[_SUMS].sum().reindex(months, fill_value=0.0).cumsum()
    arrivals = dated[dated["high"] > 0].groupby("respondent_id")["month"].min()
    people = arrivals.value_counts().reindex(months, fill_value=0).cumsum()
    return sums.assign(respondents=people).rename_axis("month").reset_index()


def _undated(rows: pd.DataFrame) -> pd.DataFrame:
    if rows.empty:
        return pd.DataFrame(columns=["month", "respondents", *_SUMS])
    people = rows.loc[rows["high"] > 0, "respondent_id"].nunique()
    return pd.DataFrame([{"month": pd.NaT, "respondents": people, **rows[_SUMS].sum()}])


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    table = table[["month", "respondents", *_SUMS]].replace(np.inf, np.nan)
    types = {"month": "datetime64[ns]", "respondents": "Int64", **dict.fromkeys(_SUMS, "Float64")}
    return table.astype(types)


def _months(days: pd.Series) -> pd.Series:
    found = pd.to_datetime(days, errors="coerce")
    wrong = found.isna() & days.notna()
    if wrong.any():
        raise InputError(f"capacities: available_from is {days[wrong].iloc[0]!r}; dates are allowed")
    return pd.Series(found.dt.to_period("M").dt.to_timestamp(), index=days.index)


def _month(text: str, what: str) -> pd.Timestamp:
    try:
        return pd.Period(text, freq="M").to_timestamp()
    except ValueError:
        raise InputError(f"ramp-up: {what} is {text!r}, which is no month; write it as 2021-03") from None
