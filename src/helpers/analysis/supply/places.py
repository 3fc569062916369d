"""Where the goods of a country are taken to stand and its needs to arise."""

import pandas as pd

from helpers.analysis.checks import require_columns


def country_places(centres: pd.DataFrame, shapes: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return one point a country: the mean of its regions' centres, without far-away outermost regions.

    Parameters
    ----------
    centres
        Table ``region_centres``: ``nuts2``, ``country``, ``latitude``, ``longitude`` (degrees).
    shapes
        Table ``country_shapes``: a country without regions stands at the middle of its largest part.

    Returns
    -------
    DataFrame
        ``country``, ``latitude``, ``longitude``. A country counts its regions within 8 degrees of their
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
    if shapes is not None:
        means = pd.concat([means, _middles(shapes[~shapes["country"].isin(means["country"])])])
    return means.round({"latitude": 3, "longitude": 3}).sort_values("country", ignore_index=True)


def _middles(shapes: pd.DataFrame) -> pd.DataFrame:
    import shapely

    rows = []
    whole = shapes[shapes["part"] == "lonlat"]
    for country, content in zip(whole["country"], whole["geometry"], strict=True):
        geometry = shapely.from_wkb(content) if isinstance(content, bytes) else content
        middle = max(shapely.get_parts(geometry), key=lambda part: part.area).centroid
        rows.append({"country": country, "latitude": middle.y, "longitude": middle.x})
    return pd.DataFrame(rows, columns=["country", "latitude", "longitude"])


_NEAR_DEGREES = 8
