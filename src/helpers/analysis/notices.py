"""What a reader must be told about a selection before reading its numbers."""

from collections.abc import Iterable
from datetime import date

import pandas as pd

from helpers.analysis.checks import day, require_columns


def later_notice(what: str, made_on: date, as_of: date) -> str | None:
    """Say that something is younger than the day a report speaks of, or nothing.

    Examples
    --------
    >>> print(later_notice("The list by country", date(2026, 7, 1), date(2021, 2, 18)))
    The list by country is of 2026-07, later than the day chosen (2021-02-18): what it says holds for its own
    date, and nothing about the day chosen is computed from it.
    >>> later_notice("The list by country", date(2026, 7, 1), date(2026, 7, 31)) is None
    True
    """
    if day(made_on, "made_on") <= day(as_of, "as_of"):
        return None
    return (
        f"{what} is of {made_on:%Y-%m}, later than the day chosen ({as_of.isoformat()}): what it says holds "
        "for its own date, and nothing about the day chosen is computed from it."
    )


def name_footnotes(countries: pd.DataFrame, codes: Iterable[str]) -> str | None:
    """Return the footnotes that the names of these countries carry, or nothing.

    Examples
    --------
    >>> names = pd.DataFrame({"country": ["AT", "XK"], "name": ["Austria", "Kosovo*"],
    ...                       "footnote": [None, "Text."]})
    >>> name_footnotes(names, ["AT", "XK"])
    'Kosovo*: Text.'
    >>> name_footnotes(names, ["AT"]) is None
    True
    """
    require_columns(countries, "countries", ["country", "name", "footnote"])
    marked = countries[countries["country"].isin(list(codes)) & countries["footnote"].notna()]
    lines = [f"{name}: {text}" for name, text in zip(marked["name"], marked["footnote"], strict=True)]
    return " ".join(lines) or None
