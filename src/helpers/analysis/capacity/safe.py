"""Curves and lists that tell nothing of a single respondent: steps of several, nothing of rare products."""

import numpy as np
import pandas as pd

from helpers.analysis.capacity.entries import usable_readings
from helpers.analysis.disclosure import Rules, protect_table

LARGEST = (1, 2, 3, 5, 10, 20)


def publishable(offers: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return the entries of one product if its total may be shown, none of them otherwise.

    Curves over respondents tell more than their total; where even that is held back, nothing is drawn.
    """
    readings = usable_readings(offers)
    if readings.empty:
        return offers.head(0)
    total = protect_table(readings, "product", rules=rules, row_total=False)
    return offers if (total["status"] == "published").all() else offers.head(0)


def held_back_notice(offers: pd.DataFrame, shown: pd.DataFrame, label: str) -> str | None:
    """Say that a product's distribution is not drawn, or nothing.

    Examples
    --------
    >>> rows = pd.DataFrame({"respondent_id": ["r1"]})
    >>> held_back_notice(rows, rows, "Vials") is None
    True
    """
    if offers.empty or len(shown):
        return None
    return (
        f"{label}: too few respondents, or too much with one or two of them. Its total and everything drawn "
        "from it are held back."
    )


def safe_drops(min_count: int) -> tuple[int, ...]:
    """Return how many of the largest respondents may be taken away without revealing one of them.

    Examples
    --------
    >>> safe_drops(3)
    (3, 5, 10)
    """
    return tuple(number for number in LARGEST if number >= min_count)[:3] or (min_count,)


def largest_in_words(without: pd.DataFrame) -> pd.DataFrame:
    """Name the rows of `concentration.largest_respondents`; rows that leave nobody are dropped.

    Examples
    --------
    >>> rows = pd.DataFrame({"dropped": [0, 3], "respondents_left": [9, 6], "share_left": [1.0, 0.4]})
    >>> largest_in_words(rows)["words"].to_list()
    ['All respondents', 'Without the 3 largest']
    """
    kept = without[without["respondents_left"] > 0]
    words = [
        "All respondents" if number == 0 else f"Without the {number} largest" for number in kept["dropped"]
    ]
    return kept.assign(words=words)


def safe_months(months: pd.DataFrame, min_count: int) -> pd.DataFrame:
    """Keep the months since whose predecessor at least ``min_count`` respondents were added, and the last.

    Parameters
    ----------
    months
        From `ramp_up.ramp_up`: cumulative.
    min_count
        Fewest respondents behind a step.

    Returns
    -------
    DataFrame
        Dated rows of ``months``; a last step of too few is left out.

    Examples
    --------
    >>> rows = pd.DataFrame({"month": pd.date_range("2021-01-01", periods=4, freq="MS"),
    ...                      "respondents": [3, 4, 6, 7]})
    >>> safe_months(rows, 3)["respondents"].to_list()
    [3, 6]
    """
    dated = months.dropna(subset=["month"]).sort_values("month")
    kept, reached = [], 0
    for place, number in enumerate(dated["respondents"].fillna(0).astype(int)):
        if number - reached >= min_count:
            kept.append(place)
            reached = number
    return dated.iloc[kept].reset_index(drop=True)


def undated(months: pd.DataFrame) -> int:
    """Return how many respondents gave no month.

    Examples
    --------
    >>> undated(pd.DataFrame({"month": [pd.NaT], "respondents": [4]}))
    4
    """
    return int(months.loc[months["month"].isna(), "respondents"].fillna(0).sum())


def smoothed_sizes(sizes: pd.DataFrame, min_count: int) -> pd.DataFrame:
    """Keep every ``min_count``-th step of a distribution, its amounts rounded to two significant digits.

    Examples
    --------
    >>> rows = pd.DataFrame({"amount": [1234.0, 2000.0, 56789.0], "share_low": [0.2, 0.5, 1.0]})
    >>> smoothed_sizes(rows, 3)["amount"].to_list()
    [57000.0]
    """
    kept = sizes.iloc[min_count - 1 :: min_count]
    return kept.assign(amount=significant(kept["amount"], 2)).reset_index(drop=True)


def significant(values: "pd.Series[float]", digits: int = 3) -> "pd.Series[float]":
    """Round to significant digits, which is all that answers of this kind can bear.

    Examples
    --------
    >>> significant(pd.Series([337405859.0, 78.26, 0.0])).to_list()
    [337000000.0, 78.3, 0.0]
    """
    numbers = pd.to_numeric(values, errors="coerce").astype("Float64")
    places = np.floor(np.log10(numbers.abs().where(numbers != 0, 1.0).astype(float)))
    scale = 10.0 ** (digits - 1 - places)
    return ((numbers * scale).round() / scale).astype("Float64")
