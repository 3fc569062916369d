"""Growth in words, for tables that people read."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd


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
    return f"{_WORDS[row['bound']]}{row['growth']:.1%}".replace("-", "−").replace("%", "\xa0%")
