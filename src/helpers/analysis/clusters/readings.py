"""Growth and ranks in words, for people to read."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.analysis.clusters.counts import row_of


def growth_readings(growth: pd.DataFrame) -> pd.DataFrame:
    """Put a growth table in words, bounds included, for readers.

    Parameters
    ----------
    growth
        As from `growth_table`.

    Returns
    -------
    DataFrame
        ``first`` and ``then`` (count and month), ``reading`` (e.g. "at most 28.1 %") and ``remark`` (what was
        counted, where the two differ).

    Examples
    --------
    >>> from helpers.analysis.clusters.growth import growth_table
    >>> table = pd.DataFrame({"raw_row": [2, 3], "period_start": ["2017-06-01", "2019-05-01"],
    ...     "period_end": ["2017-06-30", "2019-05-31"], "indicator": "n", "qualifier": ["at_least", "exact"],
    ...     "value": [690.0, 884.0], "unit": "clusters", "scope": "ECCP"})
    >>> growth_readings(growth_table(table, "n"))[["first", "then"]].to_dict("records")
    [{'first': 'at least 690 (June 2017)', 'then': '884 (May 2019)'}]
    """
    rows = [
        {
            "first": _counted(row["earlier_qualifier"], row["earlier_value"], row["earlier_date"]),
            "then": _counted(row["later_qualifier"], row["later_value"], row["later_date"]),
            "reading": _growth_in_words(row),
            "remark": row["reason"],
        }
        for row in growth.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=["first", "then", "reading", "remark"])


_WORDS = {"exact": "", "at_least": "at least ", "at_most": "at most ", "about": "about "}


def _counted(qualifier: str, value: float, day: pd.Timestamp) -> str:
    return f"{_WORDS[qualifier]}{value:,.0f} ({day:%B %Y})"


def _growth_in_words(row: Mapping[Any, Any]) -> str:
    if not row["comparable"]:
        return "not comparable"
    if math.isnan(row["growth"]):
        return "undetermined"
    said = f"{_WORDS[row['bound']]}{row['growth']:.1%}".replace("-", "−").replace("%", "\xa0%")
    return f"{said}, if the same set was counted" if row["reason"] else said


def rank_in_words(table: pd.DataFrame, country: str, rank: str = "rank") -> str:
    """Say where a country stands in a ranking, and with whom it shares the place.

    Parameters
    ----------
    table
        As from `counts.country_table`.
    country
        Code of the country.
    rank
        Column of ranks.

    Returns
    -------
    str
        E.g. "14 of 27, shared with Lithuania"; "not ranked" if the rank is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"country": ["AT", "LT", "LU"], "name": ["Austria", "Lithuania", "Luxembourg"],
    ...                       "rank": [1, 1, 3]})
    >>> rank_in_words(table, "AT"), rank_in_words(table, "LU")
    ('1 of 3, shared with Lithuania', '3 of 3')
    """
    own = row_of(table, country)[rank]
    if pd.isna(own):
        return "not ranked"
    others = table.loc[(table[rank] == own) & (table["country"] != country), "name"]
    shared = f", shared with {' and '.join(others)}" if len(others) else ""
    return f"{own} of {table[rank].notna().sum()}{shared}"


def leaders(table: pd.DataFrame, rank: str = "rank") -> str:
    """Name the country, or the countries, that lead a ranking; empty if nothing is ranked.

    Examples
    --------
    >>> leaders(pd.DataFrame({"name": ["Austria", "Lithuania", "Luxembourg"], "rank": [1, 1, 3]}))
    'Austria and Lithuania'
    """
    return " and ".join(table.loc[(table[rank] == 1).fillna(False).astype(bool), "name"])
