"""Who belonged to the European Union or to a programme on a day."""

from datetime import date

import pandas as pd

from helpers.analysis.checks import day, require_columns
from helpers.data.errors import InputError

_COLUMNS = ("country", "programme", "valid_from", "valid_to")


def members_on(memberships: pd.DataFrame, programme: str, as_of: date) -> list[str]:
    """List the countries that a programme counted as members on a day.

    Parameters
    ----------
    memberships
        Columns ``country``, ``programme``, ``valid_from``, ``valid_to`` (last day; missing = still valid).
    programme
        ``"EU"``, ``"EFTA"``, ``"COSME"`` or ``"ENI"``.
    as_of
        The day; first and last day of a membership count as inside.

    Returns
    -------
    list of str
        Country codes in alphabetical order.

    Examples
    --------
    >>> rows = pd.DataFrame({"country": ["UK"], "programme": ["EU"],
    ...                      "valid_from": [date(1973, 1, 1)], "valid_to": [date(2020, 1, 31)]})
    >>> members_on(rows, "EU", date(2020, 1, 31)), members_on(rows, "EU", date(2020, 2, 1))
    (['UK'], [])
    """
    rows = programme_rows(memberships, programme)
    moment = day(as_of, "as_of")
    inside = (rows["valid_from"] <= moment) & (rows["valid_to"].isna() | (rows["valid_to"] >= moment))
    return sorted(set(rows.loc[inside, "country"]))


def left_the_eu(memberships: pd.DataFrame, as_of: date) -> list[str]:
    """List the countries whose membership of the European Union had ended before a day.

    Examples
    --------
    >>> rows = pd.DataFrame({"country": ["UK"], "programme": ["EU"],
    ...                      "valid_from": [date(1973, 1, 1)], "valid_to": [date(2020, 1, 31)]})
    >>> left_the_eu(rows, date(2020, 1, 31)), left_the_eu(rows, date(2020, 2, 1))
    ([], ['UK'])
    """
    rows = programme_rows(memberships, "EU")
    return sorted(set(rows.loc[rows["valid_to"] < day(as_of, "as_of"), "country"]))


def programme_rows(memberships: pd.DataFrame, programme: str) -> pd.DataFrame:
    """Return the rows of one programme, their dates as timestamps.

    Examples
    --------
    >>> rows = pd.DataFrame({"country": ["UK"], "programme": ["EU"],
    ...                      "valid_from": [date(1973, 1, 1)], "valid_to": [date(2020, 1, 31)]})
    >>> programme_rows(rows, "EU")["valid_to"].to_list(), len(programme_rows(rows, "ENI"))
    ([Timestamp('2020-01-31 00:00:00')], 0)
    """
    require_columns(memberships, "memberships", _COLUMNS)
    rows = memberships.loc[memberships["programme"] == programme, list(_COLUMNS)].copy()
    rows["valid_from"] = pd.to_datetime(rows["valid_from"])
    rows["valid_to"] = pd.to_datetime(rows["valid_to"])
    return rows


def effective_day(memberships: pd.DataFrame, programme: str, as_of: date) -> pd.Timestamp:
    """Return the day itself, or the last day of a programme that ended before it.

    Raises
    ------
    InputError
        If the programme began after the day.

    Examples
    --------
    >>> rows = pd.DataFrame({"country": ["UA"], "programme": ["ENI"],
    ...                      "valid_from": [date(2014, 1, 1)], "valid_to": [date(2020, 12, 31)]})
    >>> effective_day(rows, "ENI", date(2026, 7, 1))
    Timestamp('2020-12-31 00:00:00')
    """
    rows = programme_rows(memberships, programme)
    moment = day(as_of, "as_of")
    if rows.empty:
        return moment
    first, last = rows["valid_from"].min(), rows["valid_to"].max()
    if moment < first:
        raise InputError(
            f"as_of: {moment.date()} is before {programme} began; with this scope days from {first.date()} "
            "are allowed"
        )
    ended = bool(rows["valid_to"].notna().all()) and last < moment
    return pd.Timestamp(last) if ended else moment
