"""Seats of cluster organisations by country and by NUTS-2 region, and how many could be placed."""

from collections.abc import Sequence

import pandas as pd

from helpers.analysis.checks import require_columns
from helpers.data.errors import InputError

STATUSES = ("placed", "placed, region unknown", "not placed")

_REGION_COLUMNS = {
    "country": "str",
    "nuts2": "str",
    "region": "str",
    "seats": "Int64",
    "share": "Float64",
    "rank": "Int64",
}
_SUMMARY_COLUMNS = {
    "country": "str",
    "seats": "Int64",
    "placed": "Int64",
    "region_unknown": "Int64",
    "not_placed": "Int64",
}


def seat_summary(seats: pd.DataFrame) -> pd.DataFrame:
    """Count the seats of each country by how well they could be placed.

    Parameters
    ----------
    seats
        The processed table ``cluster_seats``.

    Returns
    -------
    DataFrame
        One row a country, by code: ``seats`` = ``placed`` (with a region) + ``region_unknown`` (a point but
        no NUTS-2 region) + ``not_placed``.

    Raises
    ------
    InputError
        If a status is unknown.

    Examples
    --------
    >>> seats = pd.DataFrame({"country": ["AT", "AT"], "status": ["placed", "not placed"]})
    >>> seat_summary(seats).to_dict("records")
    [{'country': 'AT', 'seats': 2, 'placed': 1, 'region_unknown': 0, 'not_placed': 1}]
    """
    require_columns(seats, "cluster_seats", ["country", "status"])
    status = seats["status"].astype(str)
    unknown = sorted(set(status) - set(STATUSES))
    if unknown:
        raise InputError(f"cluster_seats: status is {unknown[0]!r}; allowed: {'; '.join(STATUSES)}")
    flags = pd.DataFrame({"country": seats["country"].astype(str), "seats": 1})
    for column, name in zip(("placed", "region_unknown", "not_placed"), STATUSES, strict=True):
        flags[column] = (status == name).astype(int)
    summary = flags.groupby("country", as_index=False).sum().sort_values("country", ignore_index=True)
    return summary[list(_SUMMARY_COLUMNS)].astype(_SUMMARY_COLUMNS)


def region_table(seats: pd.DataFrame, regions: pd.DataFrame, country_codes: Sequence[str]) -> pd.DataFrame:
    """Count the seats of each NUTS-2 region, regions without any included.

    Parameters
    ----------
    seats
        The processed table ``cluster_seats``.
    regions
        The processed table ``nuts2_regions``.
    country_codes
        The countries wanted; one that has no NUTS-2 regions gives no rows.

    Returns
    -------
    DataFrame
        ``country``, ``nuts2``, ``region``, ``seats`` (zero where none was placed there, which does not say
        that there is none: see the seats that could not be placed), ``share`` of the country's seats with a
        known region (missing if it has none), ``rank`` in the country (equal numbers share the better rank).
        By country, then most seats first.

    Raises
    ------
    InputError
        If a seat names a region that the table of regions lacks.

    Examples
    --------
    >>> seats = pd.DataFrame({"country": ["AT"], "nuts2": ["AT13"], "status": ["placed"]})
    >>> regions = pd.DataFrame({"nuts2": ["AT11", "AT13"], "country": "AT", "region": ["Burgenland", "Wien"]})
    >>> region_table(seats, regions, ["AT"])[["nuts2", "seats", "share"]].values.tolist()
    [['AT13', 1, 1.0], ['AT11', 0, 0.0]]
    """
    require_columns(seats, "cluster_seats", ["country", "nuts2"])
    require_columns(regions, "nuts2_regions", ["nuts2", "country", "region"])
    wanted = set(country_codes)
    placed = seats.loc[seats["country"].isin(wanted) & seats["nuts2"].notna(), "nuts2"]
    strange = sorted(set(placed) - set(regions["nuts2"]))
    if strange:
        raise InputError(f"cluster_seats: region {', '.join(strange)} is not in nuts2_regions")
    table = regions.loc[regions["country"].isin(wanted), ["country", "nuts2", "region"]].copy()
    table["seats"] = table["nuts2"].map(placed.value_counts()).fillna(0).astype("Int64")
    of_country = table.groupby("country")["seats"].transform("sum")
    table["share"] = (table["seats"] / of_country.where(of_country > 0)).astype("Float64")
    table["rank"] = table.groupby("country")["seats"].rank(method="min", ascending=False)
    table = table[list(_REGION_COLUMNS)].astype(_REGION_COLUMNS)
    return table.sort_values(["country", "rank", "nuts2"], ignore_index=True)


def not_placed(seats: pd.DataFrame) -> pd.DataFrame:
    """List the seats that could not be placed on the map, with the reason.

    Parameters
    ----------
    seats
        The processed table ``cluster_seats``.

    Returns
    -------
    DataFrame
        ``country``, ``seat_as_listed``, ``reason`` and ``seats`` (how many are listed so), the most frequent
        first.

    Examples
    --------
    >>> seats = pd.DataFrame({"country": "AT", "seat_as_listed": ["Graz", "Austria", "Austria"],
    ...     "status": ["placed", "not placed", "not placed"], "reason": ["name", "no town", "no town"]})
    >>> not_placed(seats)[["seat_as_listed", "seats"]].to_dict("records")
    [{'seat_as_listed': 'Austria', 'seats': 2}]
    """
    keys = ["country", "seat_as_listed", "reason"]
    require_columns(seats, "cluster_seats", [*keys, "status"])
    rows = seats[seats["status"].astype(str) == STATUSES[-1]]
    table = rows.groupby(keys, as_index=False, dropna=False).size().rename(columns={"size": "seats"})
    order = ["seats", "country", "seat_as_listed"]
    return table.sort_values(order, ascending=[False, True, True], ignore_index=True)
