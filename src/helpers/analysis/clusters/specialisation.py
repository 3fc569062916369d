"""Location quotients, and two published rules for strong clusters as an aid to reading the counts by country.

Both rules were written for employment by sector and region. Here they are applied to the number of cluster
organisations by country, which says where organisations are many for the size of a country; it finds no
strong clusters in the sense of the authors. Their thresholds are relative: `sensitivity` shows how much hangs
on them.
"""

import math

import pandas as pd

from helpers.analysis.checks import require_columns, sizes
from helpers.data.errors import InputError

OBSERVATORY_TOP = 0.10
OBSERVATORY_QUOTIENT = 2.0
US_TOP = 0.25
US_FLOOR = 0.25

_COLUMNS = ["country", "name", "organisations", "location_quotient"]


def location_quotient(e_ij: float, e_i: float, E_j: float, E: float) -> float:  # noqa: N803
    """Compute the location quotient (e_ij / e_i) / (E_j / E).

    Parameters
    ----------
    e_ij
        Amount of thing i in place j, e.g. cluster organisations in a country.
    e_i
        Amount of thing i in all places.
    E_j
        Size of place j, e.g. its population.
    E
        Size of all places.

    Returns
    -------
    float
        1 where the place has as much of the thing as of the size; NaN if ``e_i``, ``E_j`` or ``E`` is zero.

    Raises
    ------
    InputError
        If an amount is negative.

    References
    ----------
    Farhauer, O., and A. Kröll (2014), Standorttheorien: Regional- und Stadtökonomik in Theorie und Praxis,
    2nd edition, Springer Gabler; the example is theirs.

    Examples
    --------
    >>> round(location_quotient(1714, 79006, 879213, 15593224), 7)
    0.3847623
    """
    sizes(pd.Series({"e_ij": e_ij, "e_i": e_i, "E_j": E_j, "E": E}), "location quotient")
    if not e_i or not E_j or not E:
        return math.nan
    return (e_ij / e_i) / (E_j / E)


def observatory_stars(
    table: pd.DataFrame, *, top: float = OBSERVATORY_TOP, quotient: float | None = OBSERVATORY_QUOTIENT
) -> pd.DataFrame:
    """Give each country the stars of the European Cluster Observatory: size, specialisation, focus.

    The original gives a regional cluster (a sector in a region) a star for *size* if its employment is in the
    top 10 % of all clusters of that sector in Europe, for *specialisation* if its location quotient of
    employment is at least 2, and for *focus* if its share of the region's employment is in the top 10 %.
    Adapted here:

    - a country stands for a region, all cluster organisations together for a sector, their number for
      employment, and the countries of the table for Europe;
    - *specialisation* is the location quotient against population, as in `counts.country_table`;
    - *focus* is the number per billion US dollars of GDP, because a share of population would only repeat
      the order of the location quotients.

    Parameters
    ----------
    table
        As from `counts.country_table`: columns ``country``, ``name``, ``organisations``,
        ``location_quotient``, ``per_billion_usd``. Countries that are not listed are left out.
    top
        Share of the countries that gets the star for size and for focus; ties at the threshold all get it.
    quotient
        Location quotient that earns the star for specialisation; ``None`` applies ``top`` to it too, as the
        Observatory's later editions do (the European Cluster Panorama takes the top 20 % in each measure).

    Returns
    -------
    DataFrame
        ``country``, ``name``, ``organisations``, ``location_quotient``, ``per_billion_usd``; ``size``,
        ``specialisation``, ``focus`` (nullable booleans: missing where the measure is); ``stars`` (0 to 3).

    References
    ----------
    European Cluster Observatory, Methodology: evaluation of regional cluster strength (about 2007 to 2012),
    http://www.clusterobservatory.eu/index.php?id=49 ; Ketels, C., and S. Protsiv (2016), European Cluster
    Panorama 2016, European Commission.

    Examples
    --------
    >>> table = pd.DataFrame({"country": ["AT", "BE"], "name": ["Austria", "Belgium"],
    ...                       "organisations": [9, 1], "location_quotient": [2.4, 0.2],
    ...                       "per_billion_usd": [0.1, 0.3]})
    >>> observatory_stars(table)[["country", "size", "specialisation", "focus", "stars"]].values.tolist()
    [['AT', True, True, False, 2], ['BE', False, False, True, 1]]
    """
    rows = _listed(table, [*_COLUMNS, "per_billion_usd"])
    rows = rows[[*_COLUMNS, "per_billion_usd"]]
    special = _in_top(rows["location_quotient"], top) if quotient is None else None
    if special is None:
        special = _known(rows["location_quotient"], rows["location_quotient"] >= quotient)
    rows = rows.assign(
        size=_in_top(rows["organisations"], top),
        specialisation=special,
        focus=_in_top(rows["per_billion_usd"], top),
    )
    stars = rows[["size", "specialisation", "focus"]].fillna(False).astype(int).sum(axis=1)
    return rows.assign(stars=stars.astype(int))


def us_strong_clusters(table: pd.DataFrame, *, top: float = US_TOP, floor: float = US_FLOOR) -> pd.DataFrame:
    """Apply the rule of the US Cluster Mapping Project for strong clusters to countries.

    The original calls a cluster (a group of industries in a region) strong if its location quotient of
    employment is above 1 and in the top 25 % of all regions for that group, and if it meets minimum criteria
    for its shares of the group's national employment and establishments (taken here as: not among the lowest
    25 %). Adapted here: a country stands for a region, all cluster organisations for a group of industries,
    their number for both employment and establishments, population for the size of the economy, and the
    countries of the table for the nation.

    Parameters
    ----------
    table
        As from `counts.country_table`; see `observatory_stars`.
    top
        Share of the countries that counts as the top by location quotient; ties at the threshold all count.
    floor
        Share of the countries, those with the fewest organisations, that cannot be strong.

    Returns
    -------
    DataFrame
        ``country``, ``name``, ``organisations``, ``location_quotient``, ``top_quotient``, ``above_one``,
        ``large_enough`` and ``strong`` (nullable booleans: missing where the quotient is).

    References
    ----------
    Delgado, M., M. E. Porter and S. Stern (2014), Clusters, convergence, and economic performance, Research
    Policy 43 (10), 1785-1799 (which takes the top 20 %); US Cluster Mapping Project, Glossary of terms,
    https://clustermapping.us/content/glossary-terms .

    Examples
    --------
    >>> table = pd.DataFrame({"country": ["AT", "BE", "MT", "FR"],
    ...                       "name": ["Austria", "Belgium", "Malta", "France"],
    ...                       "organisations": [9, 5, 1, 5], "location_quotient": [1.5, 1.2, 2.0, 0.4]})
    >>> strong = us_strong_clusters(table, top=0.5)
    >>> strong.loc[strong["strong"], "country"].to_list()
    ['AT']
    """
    if not 0 <= floor < 1:
        raise InputError(f"strong clusters: floor is {floor}; numbers from 0 to below 1 are allowed")
    rows = _listed(table, _COLUMNS)[_COLUMNS]
    few = _at_most(len(rows), floor)
    threshold = rows["organisations"].sort_values().iloc[few] if len(rows) else 0
    quotients = rows["location_quotient"]
    rows = rows.assign(
        top_quotient=_in_top(quotients, top),
        above_one=_known(quotients, quotients > 1),
        large_enough=(rows["organisations"] >= threshold).astype("boolean"),
    )
    return rows.assign(strong=rows["top_quotient"] & rows["above_one"] & rows["large_enough"])


def _listed(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    require_columns(table, "country table", columns)
    return table[table["organisations"].notna()].reset_index(drop=True)


def _in_top(values: pd.Series, top: float) -> pd.Series:
    """Say whether each value is among the largest share of those known; ties at the threshold all are."""
    if not 0 < top <= 1:
        raise InputError(f"threshold: {top} is no share of the countries; above 0 up to 1 is allowed")
    known = values.dropna().sort_values(ascending=False)
    if known.empty:
        return pd.Series(pd.NA, index=values.index, dtype="boolean")
    place = min(len(known), _at_least(len(known), top))
    return _known(values, values >= known.iloc[place - 1])


def _known(values: pd.Series, holds: pd.Series) -> pd.Series:
    return holds.astype("boolean").mask(values.isna())


# Rounded first: 0.28 * 25 is 7.000000000000001, and that is seven countries.
def _at_least(number: int, share: float) -> int:
    return math.ceil(round(number * share, 9))


def _at_most(number: int, share: float) -> int:
    return math.floor(round(number * share, 9))
