"""Where the goods of a country are taken to stand and its needs to arise."""

import pandas as pd

from helpers.analysis.checks import require_columns


def country_places(centres: pd.DataFrame) -> pd.DataFrame:
    """Return one point a country: the mean of its regions' centres, without far-away outermost regions.

    Parameters
    ----------
    centres
        Table ``region_centres``: ``nuts2``, ``country``, ``latitude``, ``longitude`` (degrees).

    Returns
    -------
    DataFrame
        ``country``, ``latitude``, ``longitude``. A country counts its regions within 15 degrees of their
        median, so that Martinique does not pull France into the Atlantic.

    Examples
    --------
    >>> centres = pd.DataFrame({"nuts2": ["FR10", "FRK2", "FRY1"], "country": "FR",
    ...                         "latitude": [48.0, 46.0, 16.0], "longitude": [2.0, 4.0, -61.0]})
    >>> country_places(centres).values.tolist()
    [['FR', 47.0, 3.0]]
    """
    require_columns(centres, "region_centres", ["country", "latitude", "longitude"])
    by_country = centres.groupby("country")
    near = pd.Series(True, index=centres.index)
    for column in ("latitude", "longitude"):
        near &= (centres[column] - by_country[column].transform("median")).abs() <= _NEAR_DEGREES
    means = centres[near].groupby("country", as_index=False)[["latitude", "longitude"]].mean()
    return means.round({"latitude": 3, "longitude": 3})


_NEAR_DEGREES = 15
