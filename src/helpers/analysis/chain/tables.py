"""Checks of the tables that a chain is made from: what is wrong is refused with its row and column."""

from collections.abc import Iterable
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.analysis.checks import require_columns
from helpers.data.errors import InputError

Flags = npt.NDArray[np.bool_]

_SHOWN = 5
_MOST = 1e15


class CheckedTable:
    """A copy of a table whose columns are checked one by one.

    Parameters
    ----------
    table
        What was given; ``raw_row``, if there, numbers its rows, else the first row is row 2.
    name
        Its name for messages.
    columns
        Columns that must be there.

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> given = CheckedTable(pd.DataFrame({"amount": [1, -4]}), "capacity", ["amount"])
    >>> given.numbers("amount", 0)
    Traceback (most recent call last):
    ...
    helpers.data.errors.InputError: capacity: row 3, column amount: -4; a number from 0 to 1e+15 is allowed
    """

    def __init__(self, table: pd.DataFrame, name: str, columns: Iterable[str]) -> None:
        require_columns(table, name, columns)
        self.frame = table.reset_index(drop=True).copy()
        self.name = name
        known = "raw_row" in self.frame
        self.rows = self.frame["raw_row"] if known else pd.Series(self.frame.index + 2)

    def refuse(self, column: str, wrong: Flags, allowed: str) -> None:
        """Refuse the table if any of its rows is wrong; one line a row, the first five."""
        places = np.flatnonzero(wrong)
        if not len(places):
            return
        lines = [
            f"{self.name}: row {self.rows.iloc[place]}, column {column}: "
            f"{_shown(self.frame[column].iloc[place])}; {allowed}"
            for place in places[:_SHOWN]
        ]
        if len(places) > _SHOWN:
            lines.append(f"{self.name}: column {column}: {len(places) - _SHOWN} more rows like these")
        raise InputError(lines)

    def names(self, column: str, known: Iterable[str] | None = None, *, may_miss: bool = False) -> None:
        """Make a column text; refuse what is missing, blank, or not among the known names."""
        found = self.frame[column].astype("object")
        missing = found.isna() | (found.astype(str).str.strip() == "")
        if not may_miss:
            self.refuse(column, missing.to_numpy(dtype=bool), "a name or code is needed")
        self.frame[column] = found.map(str, na_action="ignore").where(~missing, None)
        if known is None:
            return
        names = list(dict.fromkeys(known))
        strange = ~missing & ~self.frame[column].isin(names)
        self.refuse(column, strange.to_numpy(dtype=bool), _hint(self.frame.loc[strange, column], names))

    def numbers(
        self,
        column: str,
        low: float,
        high: float = _MOST,
        *,
        above: bool = False,
        default: float | None = None,
    ) -> None:
        """Make a column numbers from low (``above``: greater than low) to high; ``default`` where missing."""
        if column not in self.frame and default is not None:
            self.frame[column] = default
        found = self.frame[column]
        given = found.where(~found.map(lambda one: isinstance(one, bool | np.bool_)).astype(bool))
        if pd.api.types.is_datetime64_any_dtype(found):
            given = pd.Series(np.nan, index=found.index)
        numbers = (
            pd.to_numeric(given, errors="coerce").astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        )
        if default is not None:
            numbers = np.where(found.isna(), default, numbers)
        low_enough = numbers > low if above else numbers >= low
        start = f"above {low:g} and up" if above else f"from {low:g}"
        self.refuse(column, ~(low_enough & (numbers <= high)), f"a number {start} to {high:g} is allowed")
        self.frame[column] = numbers

    def months(self, column: str = "month") -> None:
        """Make a column the first days of months; missing stays missing, and a missing column is missing."""
        found = self.frame[column] if column in self.frame else pd.Series(pd.NaT, index=self.frame.index)
        self.frame[column] = found
        number = pd.api.types.is_numeric_dtype(found) and bool(found.notna().any())
        read = pd.to_datetime(found.astype("object"), errors="coerce", format="ISO8601")
        moment = pd.Series(pd.NaT, index=found.index) if number else read
        moment = moment.astype("datetime64[us]")
        wrong = found.notna() & (moment.isna() | (moment != moment.dt.to_period("M").dt.to_timestamp()))
        self.refuse(column, wrong.to_numpy(dtype=bool), "the first day of a month is allowed, as 2021-03-01")
        self.frame[column] = moment

    def once(self, columns: list[str]) -> None:
        """Refuse rows that repeat what an earlier row speaks of."""
        repeated = self.frame.duplicated(columns).to_numpy(dtype=bool)
        self.refuse(columns[0], repeated, f"listed before; each {', '.join(columns)} is allowed once")


def over_months(table: pd.DataFrame, keys: list[str], value: str, months: pd.DatetimeIndex) -> pd.DataFrame:
    """Spread values that hold from a month on over all months.

    Parameters
    ----------
    table
        ``keys``, ``month`` (missing: from the beginning) and the value, which holds until the next row of
        the same keys.
    keys, value
        Names of columns.
    months
        The months asked for.

    Returns
    -------
    DataFrame
        ``keys``, ``month``, the value: every key and month; 0 before the first row.

    Examples
    --------
    >>> rows = pd.DataFrame({"product": "vials", "month": [pd.Timestamp(2021, 2, 1)], "amount": [5.0]})
    >>> months = pd.date_range("2021-01-01", periods=3, freq="MS")
    >>> over_months(rows, ["product"], "amount", months)["amount"].to_list()
    [0.0, 5.0, 5.0]
    """
    if table.empty:
        none = pd.DataFrame(columns=[*keys, "month", value])
        return none.astype({value: "float64", "month": "datetime64[us]"})
    wide = table.assign(month=table["month"].fillna(pd.Timestamp(1900, 1, 1))).pivot_table(
        index=keys, columns="month", values=value, aggfunc="last", dropna=False
    )
    every = pd.DatetimeIndex(wide.columns).union(months)
    known = wide.reindex(columns=every).ffill(axis=1).fillna(0.0)[months]
    long = known.melt(ignore_index=False, var_name="month", value_name=value).reset_index()
    present = table[keys].drop_duplicates()
    return long.merge(present, on=keys)


def summed(table: pd.DataFrame, keys: list[str], column: str) -> pd.DataFrame:
    """Add a column up by keys, in the order in which they first come.

    Examples
    --------
    >>> rows = pd.DataFrame({"month": [2, 1, 2], "doses": [1.0, 2.0, 3.0]})
    >>> summed(rows, ["month"], "doses").values.tolist()
    [[2.0, 4.0], [1.0, 2.0]]
    """
    return table.groupby(keys, sort=False)[[column]].sum().reset_index()


def _hint(strange: pd.Series, names: list[str]) -> str:
    near = get_close_matches(str(strange.iloc[0]), names, n=1) if len(strange) else []
    if near:
        return f"did you mean {near[0]}?"
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"allowed: {shown or 'none'}"


def _shown(value: object) -> str:
    text = "nothing" if value is None or value is pd.NaT or value != value else str(value)
    text = " ".join(text.split()) or "blank"
    return text if len(text) <= 60 else text[:57] + "..."
