"""One country at a glance, and what is not known about a country or a group."""

from typing import TypedDict

import pandas as pd

from helpers.analysis.checks import require_columns
from helpers.analysis.clusters.counts import peers, row_of
from helpers.analysis.clusters.growth import in_time_order
from helpers.analysis.clusters.seats import seat_summary

_UNKNOWN_COLUMNS = {"item": "str", "number": "Int64", "why": "str"}


class CountryProfile(TypedDict):
    """What `country_profile` returns; counts and ranks are ``None`` where they are not known."""

    country: str
    name: str
    organisations: int | None
    share: float | None
    rank: int | None
    of: int
    rank_tied: bool
    per_million: float | None
    rank_per_million: int | None
    of_per_million: int
    location_quotient: float | None
    population: int | None
    population_year: int | None
    peers: list[str]


def country_profile(table: pd.DataFrame, country: str, n_peers: int = 5) -> CountryProfile:
    """Say where one country stands among the countries of a table.

    Parameters
    ----------
    table
        As from `counts.country_table`, for the group in which the country is ranked.
    country
        Code of the country.
    n_peers
        Number of countries nearest in population.

    Returns
    -------
    dict
        ``country``, ``name``, ``organisations``, ``share``, ``rank`` ``of`` how many listed countries,
        ``rank_tied`` (another country has the same number), ``per_million``, ``rank_per_million``
        ``of_per_million`` countries, ``location_quotient``, ``population``, ``population_year``, ``peers``
        (codes, largest first). ``None`` where not known.

    Raises
    ------
    InputError
        If the table has no such country.

    Examples
    --------
    >>> table = pd.DataFrame({"country": ["AT", "BE"], "name": ["A", "B"], "organisations": [3, 4],
    ...     "share": [0.43, 0.57], "rank": [2, 1], "per_million": [0.3, 0.4], "rank_per_million": [2, 1],
    ...     "location_quotient": [0.9, 1.1], "population": [9_000_000, 11_500_000], "population_year": 2020})
    >>> profile = country_profile(table, "AT")
    >>> profile["rank"], profile["of"], profile["peers"]
    (2, 2, ['BE'])
    """
    row = row_of(table, country)
    near = peers(table, country, n_peers)["country"]
    return CountryProfile(
        country=country,
        name=str(row["name"]),
        organisations=_whole(row["organisations"]),
        share=_number(row["share"]),
        rank=_whole(row["rank"]),
        of=int(table["organisations"].notna().sum()),
        rank_tied=bool((table["rank"] == row["rank"]).sum() > 1) if pd.notna(row["rank"]) else False,
        per_million=_number(row["per_million"]),
        rank_per_million=_whole(row["rank_per_million"]),
        of_per_million=int(table["per_million"].notna().sum()),
        location_quotient=_number(row["location_quotient"]),
        population=_whole(row["population"]),
        population_year=_whole(row["population_year"]),
        peers=[str(code) for code in near if code != country],
    )


def unknowns(
    table: pd.DataFrame,
    seats: pd.DataFrame,
    alliance_members: pd.DataFrame,
    timeline: pd.DataFrame,
    reference_year: int,
    vintage: str,
) -> pd.DataFrame:
    """List what is not known about the countries of a table, computed from the data.

    Parameters
    ----------
    table
        As from `counts.country_table`: one row for a country, several for a group.
    seats, alliance_members, timeline
        The processed tables.
    reference_year
        The year for which population and GDP were wanted.
    vintage
        What date the count by country speaks of, in words.

    Returns
    -------
    DataFrame
        ``item`` (what is not known), ``number`` (how many it concerns; missing where it is no number) and
        ``why``. Items that concern nothing are left out.

    Examples
    --------
    >>> table = pd.DataFrame({"country": ["AT"], "name": ["Austria"], "organisations": [3],
    ...     "population_year": [2020], "gdp_year": [2020]})
    >>> seats = pd.DataFrame({"country": ["AT"], "status": ["not placed"]})
    >>> members = pd.DataFrame({"country": ["BG"], "association": ["ABC"]})
    >>> timeline = pd.DataFrame({"raw_row": [12], "period_start": "2021-02-01", "period_end": "2021-02-28",
    ...     "indicator": "alliance_national_associations", "qualifier": "exact", "value": [2.0],
    ...     "unit": "associations", "scope": "Alliance"})
    >>> unknowns(table, seats, members, timeline, 2020, "2026-07")["item"].to_list()
    ['Seats that could not be placed on the map',
    'Members of the European Clusters Alliance without a known name', 'National association of Austria',
    'Change of the number by country over time', 'Duplicates in the list']
    """
    found = [
        *_seats(table, seats),
        *_associations(table, alliance_members, timeline),
        *_years(table, reference_year),
        *_registry(table, vintage),
    ]
    rows = [row for row in found if row[1] is None or row[1] > 0]
    return pd.DataFrame(rows, columns=list(_UNKNOWN_COLUMNS)).astype(_UNKNOWN_COLUMNS)


_Unknown = tuple[str, int | None, str]


def _seats(table: pd.DataFrame, seats: pd.DataFrame) -> list[_Unknown]:
    summary = seat_summary(seats[seats["country"].isin(table["country"])])
    listed = int(summary["seats"].sum())
    return [
        (
            "Seats that could not be placed on the map",
            int(summary["not_placed"].sum()),
            f"Of {listed} seats listed: the entry names no place that the gazetteer knows in the country.",
        ),
        (
            "Seats on the map without a region",
            int(summary["region_unknown"].sum()),
            f"Of {listed} seats listed: the place is known, but not in which NUTS-2 region it lies.",
        ),
    ]


def _associations(table: pd.DataFrame, members: pd.DataFrame, timeline: pd.DataFrame) -> list[_Unknown]:
    require_columns(members, "alliance_members", ["country", "association"])
    rows = in_time_order(timeline)
    rows = rows[(rows["indicator"] == "alliance_national_associations") & (rows["qualifier"] == "exact")]
    if rows.empty:
        return []
    last = rows.iloc[-1]
    nameless = max(0, int(last["value"]) - len(members))
    said = f"{int(last['value'])} {last['unit']} ({last['period_start']:%Y-%m}), {len(members)} known by name"
    found: list[_Unknown] = [
        ("Members of the European Clusters Alliance without a known name", nameless, f"{said}.")
    ]
    without = table.loc[~table["country"].isin(members["country"]), "name"]
    if len(table) == 1 and len(without):
        why = f"None of the {len(members)} known by name is from here; it may be among the {nameless} others."
        found.append((f"National association of {without.iloc[0]}", None, why))
    elif len(without):
        why = f"No member known by name is from there; {nameless} members have no known name."
        found.append(("Countries whose national association is not known", len(without), why))
    return found


def _years(table: pd.DataFrame, reference_year: int) -> list[_Unknown]:
    found: list[_Unknown] = []
    for column, what in (("population_year", "Population"), ("gdp_year", "GDP")):
        years = table[column]
        missing, older = int(years.isna().sum()), years[years < reference_year]
        found.append(
            (f"{what}: countries without a figure", missing, f"No year up to {reference_year} is known.")
        )
        if len(older):
            why = f"The latest year known is used instead: {_span(older)}."
            found.append((f"{what} of {reference_year}: countries without a figure", len(older), why))
    return found


def _registry(table: pd.DataFrame, vintage: str) -> list[_Unknown]:
    return [
        (
            "Countries that the list does not mention",
            int(table["organisations"].isna().sum()),
            "Not listed is not the same as none.",
        ),
        (
            "Change of the number by country over time",
            None,
            f"The count by country is known for one date only ({vintage}).",
        ),
        (
            "Duplicates in the list",
            None,
            "The list is a secondary copy with near-duplicates that no one checked against the registry.",
        ),
    ]


def _span(years: pd.Series) -> str:
    first, last = int(years.min()), int(years.max())
    return str(first) if first == last else f"{first} to {last}"


def _whole(value: object) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


def _number(value: object) -> float | None:
    return None if pd.isna(value) else float(value)  # type: ignore[call-overload, arg-type]
