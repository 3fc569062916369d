"""Weights of respondents, so that shares of answers speak of all who were invited."""

import pandas as pd

from helpers.analysis.capacity.answers import rake_to_invited


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
    raking = rake_to_invited(people, invited)
    return None if raking is None else raking.weights
