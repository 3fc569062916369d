"""Checks that the analyses share: columns that must be there, whole numbers, dates."""

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.data.errors import InputError

Numbers = Sequence[float] | pd.Series | npt.NDArray[np.float64] | npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def require_columns(data: pd.DataFrame, table: str, columns: Iterable[str]) -> None:
    """Refuse a table that lacks a column.

    Raises
    ------
    InputError
        Naming the table, the missing columns and the columns found.

    Examples
    --------
    >>> require_columns(pd.DataFrame({"country": []}), "seats", ["country"])
    >>> require_columns(pd.DataFrame({"land": []}), "seats", ["country"])
    Traceback (most recent call last):
    ...
    helpers.data.errors.InputError: seats: column country is missing; found: land
    """
    missing = [column for column in columns if column not in data.columns]
    if missing:
        found = ", ".join(map(str, data.columns)) or "no columns"
        raise InputError(f"{table}: column {', '.join(missing)} is missing; found: {found}")


def require_unique(data: pd.DataFrame, table: str, columns: list[str]) -> None:
    """Refuse a table that says two things of the same key.

    Raises
    ------
    InputError
        Naming the table and the first repeated key.

    Examples
    --------
    >>> require_unique(pd.DataFrame({"country": ["AT", "AT"]}), "population", ["country"])
    Traceback (most recent call last):
    ...
    helpers.data.errors.InputError: population: country AT is listed 2 times; once is allowed
    """
    repeated = data[data.duplicated(columns, keep=False)]
    if repeated.empty:
        return
    key = sorted(map(tuple, repeated[columns].astype(str).to_numpy().tolist()))[0]
    times = int((data[columns].astype(str) == list(key)).all(axis=1).sum())
    said = ", ".join(f"{column} {value}" for column, value in zip(columns, key, strict=True))
    raise InputError(f"{table}: {said} is listed {times} times; once is allowed")


def sizes(values: Numbers, what: str, *, whole: bool = False) -> Floats:
    """Return values as floats, in the order given, missing as NaN.

    Parameters
    ----------
    values
        Numbers; missing values stay missing.
    what
        Name for messages.
    whole
        Whether only whole numbers are allowed, as for counts.

    Raises
    ------
    InputError
        If a value is no number, negative, infinite, or (``whole``) not a whole number; names its label.

    Examples
    --------
    >>> sizes([1, 2, None], "organisations", whole=True)
    array([ 1.,  2., nan])
    >>> sizes(pd.Series([2.5], index=["AT"]), "organisations", whole=True)
    Traceback (most recent call last):
    ...
    helpers.data.errors.InputError: organisations: AT is 2.5; whole numbers from zero upwards are allowed
    """
    series = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype=object)
    coerced = pd.to_numeric(series, errors="coerce").astype("Float64")
    numbers: Floats = np.asarray(coerced.to_numpy(dtype=float, na_value=np.nan), dtype=np.float64)
    given = ~series.isna().to_numpy()
    wrong = given & ~(np.isfinite(numbers) & (numbers >= 0))
    if whole:
        wrong |= given & (numbers != np.floor(numbers))
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        label = series.index[place]
        name = label if isinstance(label, str) else f"value {place + 1}"
        allowed = "whole numbers" if whole else "numbers"
        raise InputError(f"{what}: {name} is {series.iloc[place]}; {allowed} from zero upwards are allowed")
    return numbers


def day(value: date | str, what: str) -> pd.Timestamp:
    """Return a day as a timestamp at midnight.

    Raises
    ------
    InputError
        If it is no date.

    Examples
    --------
    >>> day(date(2020, 3, 4), "as_of")
    Timestamp('2020-03-04 00:00:00')
    >>> day("March", "as_of")
    Traceback (most recent call last):
    ...
    helpers.data.errors.InputError: as_of: 'March' is no date; write it as 2020-03-04
    """
    if isinstance(value, date):
        return pd.Timestamp(value).normalize()
    try:
        return pd.Timestamp(date.fromisoformat(value))
    except (TypeError, ValueError):
        raise InputError(f"{what}: {value!r} is no date; write it as 2020-03-04") from None
