"""From ratings of points to ratings of recommendations: one row a respondent and recommendation."""

import pandas as pd

from helpers.analysis.checks import require_columns, require_unique
from helpers.data.errors import InputError

LOWEST, HIGHEST = 1, 5
IMPORTANT = 4.0
"""From this rating on somebody, or a country on average, holds a recommendation to be important."""
MEASURES = ("importance", "feasibility")
KEYS = ["recommendation_id", "country", "respondent_id"]


def rate_recommendations(
    ratings: pd.DataFrame, points: pd.DataFrame, canonical: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Compute how each respondent rates each recommendation.

    The mean of the ratings of its points. Points that people merged are one point, rated by the mean of their
    ratings, so that what was said twice does not count twice.

    Parameters
    ----------
    ratings
        One row a respondent and point: ``respondent_id``, ``country``, ``respondent_kind``, ``point_id``,
        ``importance`` (1 to 5), ``feasibility`` (1 to 5, or missing: not rated, which differs from low).
    points
        ``recommendation_id``, ``point_id``: the points that each recommendation merges.
    canonical
        ``point_id``, ``canonical_id``, from `helpers.data.positions.merging.merged`; without it no point is
        merged.

    Returns
    -------
    DataFrame
        ``recommendation_id``, ``country``, ``respondent_id``, ``respondent_kind``, ``importance``,
        ``feasibility`` (missing if none of its points was rated), ``points`` (points rated), in this order.
        A recommendation of which nobody rated a point has no rows.

    Raises
    ------
    InputError
        If a column is missing, a rating is not from 1 to 5, a respondent rates a point twice or has two
        countries or kinds.

    Examples
    --------
    >>> ratings = pd.DataFrame({
    ...     "respondent_id": "r1", "country": "AT", "respondent_kind": "cluster",
    ...     "point_id": ["P1", "P2", "P3"], "importance": [5, 3, 1], "feasibility": [2, None, None]})
    >>> points = pd.DataFrame({"recommendation_id": "R1", "point_id": ["P1", "P2", "P3"]})
    >>> merged = pd.DataFrame({"point_id": ["P1", "P2", "P3"], "canonical_id": ["P1", "P1", "P3"]})
    >>> rate_recommendations(ratings, points)[["importance", "feasibility", "points"]].values.tolist()
    [[3.0, 2.0, 3.0]]
    >>> rate_recommendations(ratings, points, merged)[["importance", "points"]].values.tolist()
    [[2.5, 2.0]]
    """
    check_ratings(ratings)
    require_columns(points, "recommendations, points", ["recommendation_id", "point_id"])
    names = _canonical_names(canonical)
    once = _points_of_respondents(ratings, names)
    register = points[["recommendation_id", "point_id"]].astype("str")
    register = register.assign(point_id=_renamed(register["point_id"], names)).drop_duplicates()
    rows = register.merge(once, on="point_id")
    # Sums of floats depend on their order: the same answers must give the same bytes.
    rows = rows.sort_values([*KEYS, "point_id"], kind="stable")
    grouped = rows.groupby(KEYS, sort=True)
    table = grouped.agg(
        respondent_kind=("respondent_kind", "first"),
        importance=("importance", "mean"),
        feasibility=("feasibility", "mean"),
        points=("point_id", "size"),
    ).reset_index()
    return table.astype({"importance": "float64", "feasibility": "float64", "points": "int64"})


def check_ratings(ratings: pd.DataFrame) -> None:
    """Refuse ratings that cannot be used.

    Raises
    ------
    InputError
        See `rate_recommendations`.
    """
    columns = ["respondent_id", "country", "respondent_kind", "point_id", *MEASURES]
    require_columns(ratings, "ratings", columns)
    require_unique(ratings, "ratings", ["respondent_id", "point_id"])
    for name in MEASURES:
        found = _numbers(ratings[name])
        wrong = ~found.between(LOWEST, HIGHEST) & (ratings[name].notna() if name == "feasibility" else True)
        if wrong.any():
            place = int(wrong.to_numpy().argmax())
            raise InputError(
                f"ratings: row {place + 2}, column {name}: {ratings[name].iloc[place]!s}; "
                f"numbers from {LOWEST} to {HIGHEST} are allowed"
                + (", or nothing" if name == "feasibility" else "")
            )
    people = ratings[["respondent_id", "country", "respondent_kind"]].drop_duplicates()
    twice = people.loc[people.duplicated("respondent_id"), "respondent_id"]
    if len(twice):
        raise InputError(f"ratings: respondent {twice.iloc[0]} has two countries or kinds; one is allowed")


def _numbers(values: pd.Series) -> "pd.Series[float]":
    return pd.to_numeric(values, errors="coerce").astype("Float64").astype("float64")


def _canonical_names(canonical: pd.DataFrame | None) -> "pd.Series[str]":
    if canonical is None or canonical.empty:
        return pd.Series(dtype="str", index=pd.Index([], dtype="str"))
    require_columns(canonical, "merged points", ["point_id", "canonical_id"])
    require_unique(canonical, "merged points", ["point_id"])
    return canonical.set_index(canonical["point_id"].astype("str"))["canonical_id"].astype("str")


def _renamed(points: "pd.Series[str]", names: "pd.Series[str]") -> "pd.Series[str]":
    found = points.map(names)
    return found.where(found.notna(), points).astype("str")


def _points_of_respondents(ratings: pd.DataFrame, names: "pd.Series[str]") -> pd.DataFrame:
    """Return one row a respondent and point that is left after merging."""
    texts = ["respondent_id", "country", "respondent_kind", "point_id"]
    rows = ratings[texts].astype("str").assign(**{name: _numbers(ratings[name]) for name in MEASURES})
    if names.empty:
        return rows
    rows = rows.sort_values(["respondent_id", "point_id"], kind="stable")
    rows = rows.assign(point_id=_renamed(rows["point_id"], names))
    return rows.groupby(texts, sort=True)[list(MEASURES)].mean().reset_index()
