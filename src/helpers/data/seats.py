"""Seats of cluster organisations: from the entry as listed to a point and a region."""

from pathlib import Path

import pandas as pd

from helpers.data.gazetteer import build_index, fold, load_gazetteer
from helpers.data.places import NOT_FOUND, NOT_PLACED, PLACED, REGION_UNKNOWN, Placed, place_seat
from helpers.data.regions import RegionTables


def place_seats(seats: pd.DataFrame, regions: dict[str, pd.DataFrame], cache: Path) -> pd.DataFrame:
    """Return the seats with town, coordinates and NUTS-2 region, and how each was found.

    Parameters
    ----------
    seats
        Columns country (Eurostat code), seat_as_listed, raw_row.
    regions
        The tables regions, admin1_to_nuts2 and places_to_nuts2 of the dataset ``nuts_regions``.
    cache
        Folder of the gazetteer's index.

    Returns
    -------
    pandas.DataFrame
        As the schema ``cluster_seats``: one row a seat, in file order. Coordinates are the town's, so
        seats in one town share a point.
    """
    tables = RegionTables.from_frames(
        regions["regions"], regions["admin1_to_nuts2"], regions["places_to_nuts2"]
    )
    countries = sorted(set(seats["country"]))
    build_index(countries, cache)
    rows = []
    for country in countries:
        gazetteer = load_gazetteer(country, cache)
        found: dict[str, Placed] = {}
        for seat in seats[seats["country"] == country].itertuples():
            listed = "" if pd.isna(seat.seat_as_listed) else str(seat.seat_as_listed)
            found.setdefault(listed, place_seat(listed, gazetteer))
            rows.append(_seat_row(int(seat.raw_row), country, listed, found[listed], tables))
    return pd.DataFrame(rows).sort_values("seat_id", ignore_index=True)


def names_region(listed: str, country: str, tables: RegionTables) -> bool:
    """Tell whether an entry is part of the name of one of the country's NUTS-2 regions.

    Examples
    --------
    >>> names_region("Navarra", "ES", RegionTables({"ES22": "Comunidad Foral de Navarra"}, {}, {}, {}))
    True
    """
    words = f" {fold(listed)} "
    names = (f" {fold(name)} " for code, name in tables.names.items() if code[:2] == country)
    return len(words) > 5 and any(words in name for name in names)


def _seat_row(
    seat_id: int, country: str, listed: str, placed: Placed, tables: RegionTables
) -> dict[str, object]:
    town = placed.town
    nuts2 = tables.region_of(country, town) if town else None
    reason = placed.reason
    if reason == NOT_FOUND and names_region(listed, country, tables):
        reason = "a region is named, not a town"
    status = NOT_PLACED if town is None else PLACED if nuts2 else REGION_UNKNOWN
    return {
        "seat_id": seat_id,
        "country": country,
        "seat_as_listed": listed or None,
        "place": town.name if town else None,
        "latitude": town.latitude if town else None,
        "longitude": town.longitude if town else None,
        "nuts2": nuts2,
        "region": tables.names[nuts2] if nuts2 else None,
        "status": status,
        "reason": reason,
    }
