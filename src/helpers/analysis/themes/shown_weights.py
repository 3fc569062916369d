"""Weights of respondents, so that shares of answers speak of all who were invited."""

import pandas as pd

from helpers.analysis.capacity.answers import FEWEST_TO_RAKE
from helpers.analysis.capacity.entries import COUNTED
from helpers.analysis.capacity.raking import rake
from helpers.analysis.capacity.response import margins_from_frame


def respondent_weights(people: pd.DataFrame, invited: pd.DataFrame | None) -> pd.Series | None:
    """Rake the respondents who count to the country and size of those invited.

    Parameters
    ----------
    people
        ``respondent_id``, ``country``, ``employees``, ``status``.
    invited
        ``country``, ``employees``, ``invited``; None if nobody recorded who was invited.

    Returns
    -------
    Series or None
        Weight by ``respondent_id``; respondents without a country or size class have none. None if there is
        nothing to rake to.

    References
    ----------
    See `helpers.analysis.capacity.rake`.

    Examples
    --------
    >>> people = pd.DataFrame({"respondent_id": ["r1"], "country": "AT", "employees": "small",
    ...                        "status": "counted"})
    >>> respondent_weights(people, None) is None
    True
    """
    counted = people[people["status"] == COUNTED].dropna(subset=["country", "employees"])
    if invited is None or len(counted) < FEWEST_TO_RAKE:
        return None
    inside = invited[invited["country"].isin(set(counted["country"])) & invited["employees"].notna()]
    cells = counted.set_index("respondent_id")[["country", "employees"]]
    return rake(cells, margins_from_frame(inside)).weights
