"""Cluster organisations by country and by region, against population and GDP."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.analysis.checks import require_columns, require_unique, sizes
from helpers.data.errors import InputError

COUNTRY_COLUMNS = {
    "country": "str",
    "name": "str",
    "organisations": "Int64",
    "share": "Float64",
    "population": "Int64",
    "population_year": "Int64",
    "per_million": "Float64",
    "gdp_usd": "Float64",
    "gdp_year": "Int64",
    "per_billion_usd": "Float64",
    "rank": "Int64",
    "rank_per_million": "Int64",
    "location_quotient": "Float64",
}


def country_table(
    organisations: pd.DataFrame,
    population: pd.DataFrame,
    gdp: pd.DataFrame,
    countries: pd.DataFrame,
    scope_codes: Sequence[str],
    reference_year: int,
) -> pd.DataFrame:
    """Put the number of cluster organisations of each country beside its population and GDP.

    Parameters
    ----------
    organisations
        ``country``, ``organisations``: one row a listed country.
    population, gdp
        ``country``, ``year`` and ``population`` (persons) or ``gdp_usd`` (current US dollars).
    countries
        ``country``, ``name``.
    scope_codes
        The countries wanted.
    reference_year
        The latest year whose population and GDP are used; where it is missing, the latest year before.

    Returns
    -------
    DataFrame
        One row a country, most organisations first, then by code; countries that are not listed last.

        - ``organisations``: missing where the country is not listed, which is not zero; ``share`` of the
          organisations of all rows;
        - ``population``, ``gdp_usd`` with the ``population_year`` and ``gdp_year`` they speak of; missing if
          no year up to the reference year is known or the figure is zero;
        - ``per_million`` inhabitants, ``per_billion_usd`` of GDP;
        - ``rank``, ``rank_per_million``: 1 is most; equal values share the better rank and the next rank is
          left out (1, 2, 2, 4);
        - ``location_quotient``: share of organisations over share of population, both among the rows for
          which organisations and population are known.

        Missing values are ``NA``.

    Raises
    ------
    InputError
        If a count is negative or not whole, a key is repeated, or a wanted country has no name.

    References
    ----------
    Location quotient: see `specialisation.location_quotient`, with population as the size of a place.

    Examples
    --------
    >>> table = country_table(
    ...     pd.DataFrame({"country": ["AT", "BE"], "organisations": [30, 10]}),
    ...     pd.DataFrame({"country": ["AT", "BE"], "year": 2020, "population": [9_000_000, 11_000_000]}),
    ...     pd.DataFrame({"country": [], "year": [], "gdp_usd": []}),
    ...     pd.DataFrame({"country": ["AT", "BE", "LI"], "name": ["Austria", "Belgium", "Liechtenstein"]}),
    ...     ["AT", "BE", "LI"], 2020)
    >>> table[["country", "organisations", "share", "rank", "location_quotient"]].round(2)
      country  organisations  share  rank  location_quotient
    0      AT             30   0.75     1               1.67
    1      BE             10   0.25     2               0.45
    2      LI           <NA>   <NA>  <NA>               <NA>
    """
    require_columns(organisations, "cluster_organisations", ["country", "organisations"])
    require_unique(organisations, "cluster_organisations", ["country"])
    counted = organisations.set_index("country")["organisations"]
    table = _named(countries, scope_codes)
    codes = table["country"]
    checked = pd.Series(sizes(counted, "cluster_organisations", whole=True), index=counted.index)
    table["organisations"] = checked.reindex(codes).to_numpy()
    table = table.merge(_latest(population, "population", "population", reference_year), "left", on="country")
    table = table.merge(_latest(gdp, "gdp", "gdp_usd", reference_year), "left", on="country")
    table["share"] = table["organisations"] / (table["organisations"].sum() or np.nan)
    table["per_million"] = table["organisations"] / table["population"] * 1e6
    table["per_billion_usd"] = table["organisations"] / table["gdp_usd"] * 1e9
    table["location_quotient"] = _quotients(table)
    table["rank"] = table["organisations"].rank(method="min", ascending=False)
    table["rank_per_million"] = table["per_million"].rank(method="min", ascending=False)
    # numpy's NaN becomes NA here, so that "not listed" and "not known" look the same everywhere.
    table = table[list(COUNTRY_COLUMNS)].convert_dtypes().astype(COUNTRY_COLUMNS)
    return table.sort_values(["rank", "country"], na_position="last", ignore_index=True)


def peers(table: pd.DataFrame, country: str, n: int = 5) -> pd.DataFrame:
    """Pick the listed countries nearest to one in population, and the country itself.

    Parameters
    ----------
    table
        As from `country_table`.
    country
        Code of the country.
    n
        Number of other countries.

    Returns
    -------
    DataFrame
        Rows of ``table``, largest population first. Nearest by the ratio of populations (distance of
        logarithms), ties by code. Only the country's own row if its population is not known.

    Raises
    ------
    InputError
        If the country is not in the table or ``n`` is negative.

    Examples
    --------
    >>> table = pd.DataFrame({"country": ["AT", "BE", "DE"], "organisations": [3, 4, 5],
    ...                       "population": [9_000_000, 11_500_000, 83_000_000]})
    >>> peers(table, "AT", n=1)["country"].to_list()
    ['BE', 'AT']
    """
    require_columns(table, "country table", ["country", "organisations", "population"])
    if n < 0:
        raise InputError(f"peers: n is {n}; whole numbers from zero upwards are allowed")
    own = row_of(table, country)
    if pd.isna(own["population"]):
        return table[table["country"] == country].reset_index(drop=True)
    known = table["organisations"].notna() & table["population"].notna() & (table["country"] != country)
    others = table[known]
    distance = np.abs(np.log(others["population"].astype(float)) - np.log(float(own["population"])))
    nearest = others.assign(_distance=distance).sort_values(["_distance", "country"])["country"].head(n)
    chosen = table[table["country"].isin([country, *nearest])]
    return chosen.sort_values(["population", "country"], ascending=[False, True], ignore_index=True)


def row_of(table: pd.DataFrame, country: str) -> pd.Series:
    """Return the row of one country.

    Raises
    ------
    InputError
        If the table has no such country.

    Examples
    --------
    >>> row_of(pd.DataFrame({"country": ["AT"], "name": ["Austria"]}), "AT")["name"]
    'Austria'
    """
    found = table[table["country"] == country]
    if found.empty:
        known = ", ".join(sorted(table["country"])) or "none"
        raise InputError(f"country table: there is no country {country!r}; found: {known}")
    return found.iloc[0]


def _named(countries: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    require_columns(countries, "countries", ["country", "name"])
    require_unique(countries, "countries", ["country"])
    wanted = pd.DataFrame({"country": pd.Series(sorted(set(codes)), dtype="str")})
    named = wanted.merge(countries[["country", "name"]], "left", on="country")
    nameless = named.loc[named["name"].isna(), "country"]
    if len(nameless):
        raise InputError(f"countries: there is no row for {', '.join(nameless)}")
    return named


def _latest(data: pd.DataFrame, table: str, column: str, reference_year: int) -> pd.DataFrame:
    """Return each country's figure of the latest year up to the reference year, and that year."""
    require_columns(data, table, ["country", "year", column])
    require_unique(data, table, ["country", "year"])
    keys = data["country"].astype(str) + " " + data["year"].astype(str)
    values = sizes(pd.Series(data[column].to_numpy(), index=keys), table)
    years = sizes(data["year"], f"{table} year", whole=True)
    known = data[["country"]].assign(**{column: values, f"{table}_year": years})
    # Nobody lives in no country: a zero is a gap, and dividing by it says nothing.
    known = known[(known[column] > 0) & (known[f"{table}_year"] <= reference_year)]
    latest = known.sort_values(f"{table}_year").drop_duplicates("country", keep="last")
    return latest.astype({"country": "str"})


def _quotients(table: pd.DataFrame) -> pd.Series:
    both = table["organisations"].notna() & table["population"].notna()
    organisations = table["organisations"].where(both)
    population = table["population"].where(both)
    total = organisations.sum() or np.nan
    return (organisations / total) / (population / population.sum())
