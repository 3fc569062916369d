"""What is needed: doses from population and schedule, and what else a dose takes."""

import pandas as pd

from helpers.analysis.checks import require_columns
from helpers.analysis.supply.assumptions import Assumptions
from helpers.data.errors import InputError


def doses_needed(
    population: pd.DataFrame, codes: list[str], assumptions: Assumptions, year: int, end: str = "value"
) -> pd.DataFrame:
    """Return the vaccine doses that each country needs in a month.

    Inhabitants x share of adults x share of them to be vaccinated x doses a person / (1 - share wasted) /
    months of the schedule; the same number each month.

    Parameters
    ----------
    population
        ``country``, ``year``, ``population`` (inhabitants).
    codes
        Countries.
    assumptions
        With adult_share, target_share, doses_per_person, wasted_share and schedule_months.
    year
        Whose population counts; the latest year before it where there is none.
    end
        value, or low or high: every assumption at the end that gives fewest or most doses.

    Returns
    -------
    DataFrame
        ``country``, ``inhabitants``, ``adults``, ``doses`` (in all), ``amount`` (doses a month).

    Raises
    ------
    InputError
        If a country has no population.

    Examples
    --------
    >>> from helpers.analysis.supply.assumptions import check_assumptions
    >>> names = ["adult_share", "target_share", "doses_per_person", "wasted_share", "schedule_months"]
    >>> table = pd.DataFrame({"assumption": names, "value": [0.8, 0.5, 2.0, 0.0, 4.0],
    ...                       "unit": "", "meaning": "", "source": "", "used_by": "vaccine needs"})
    >>> assumed = check_assumptions(table.assign(low=table["value"], high=table["value"]))
    >>> people = pd.DataFrame({"country": ["MT"], "year": [2020], "population": [500_000]})
    >>> doses_needed(people, ["MT"], assumed, 2020)[["adults", "doses", "amount"]].values.tolist()
    [[400000.0, 400000.0, 100000.0]]
    """
    inhabitants = inhabitants_of(population, codes, year)
    fewest_months = {"value": "value", "low": "high", "high": "low"}[end]
    adults = inhabitants * assumptions.value("adult_share", end)
    delivered = (
        adults * assumptions.value("target_share", end) * assumptions.value("doses_per_person", end)
    ) / (1 - assumptions.value("wasted_share", end))
    table = pd.DataFrame(
        {
            "country": inhabitants.index,
            "inhabitants": inhabitants.to_numpy(),
            "adults": adults.to_numpy(),
            "doses": delivered.to_numpy(),
        }
    )
    return table.assign(amount=table["doses"] / assumptions.value("schedule_months", fewest_months))


def inhabitants_of(population: pd.DataFrame, codes: list[str], year: int) -> "pd.Series[float]":
    """Return the inhabitants of each country in a year, or in the latest year before it that is known.

    Raises
    ------
    InputError
        If a country has no population in or before the year.

    Examples
    --------
    >>> people = pd.DataFrame({"country": ["MT"] * 2, "year": [2019, 2021], "population": [500_000, 520_000]})
    >>> inhabitants_of(people, ["MT"], 2020).to_dict()
    {'MT': 500000.0}
    """
    require_columns(population, "population", ["country", "year", "population"])
    known = population[(population["year"] <= year) & population["country"].isin(codes)]
    latest = known.sort_values("year").drop_duplicates("country", keep="last").set_index("country")
    missing = sorted(set(codes) - set(latest.index))
    if missing:
        raise InputError(f"population: no row of {', '.join(missing)} in {year} or before")
    return latest["population"].reindex(sorted(codes)).astype("float64")


def needs_at_places(needed: pd.DataFrame, places: pd.DataFrame, product: str, month: str) -> pd.DataFrame:
    """Return needs as `matching.build_market` takes them: one a country, at its place, in one month.

    Parameters
    ----------
    needed
        ``country``, ``amount`` (units a month).
    places
        From `places.country_places`.
    product, month
        Code, and month as 2021-06.

    Raises
    ------
    InputError
        If a country has no place.

    Examples
    --------
    >>> needed = pd.DataFrame({"country": ["MT"], "amount": [100.0]})
    >>> places = pd.DataFrame({"country": ["MT"], "latitude": [35.9], "longitude": [14.4]})
    >>> needs_at_places(needed, places, "vials", "2021-06")[["need", "region", "amount"]].values.tolist()
    [['MT', 'MT', 100.0]]
    """
    table = needed[["country", "amount"]].merge(places, on="country", how="left")
    lost = table.loc[table["latitude"].isna(), "country"]
    if len(lost):
        raise InputError(f"needs: no place is known for {', '.join(lost)}; region_centres has no row of it")
    return table.assign(
        need=table["country"], region=table["country"], product=product, month=pd.Timestamp(f"{month}-01")
    )
