"""Towns with the number of organisations that have their seat there."""

import math
from collections.abc import Collection

import numpy as np
import pandas as pd

from helpers.data.errors import InputError

PLACED = ("placed", "placed, region unknown")
NEEDED = ["country", "place", "latitude", "longitude", "status"]
COLUMNS = ["country", "place", "latitude", "longitude", "nuts2", "region", "organisations"]


def place_table(seats: pd.DataFrame, countries: Collection[str] | None = None) -> pd.DataFrame:
    """Count the organisations of each town, largest first.

    Parameters
    ----------
    seats
        Table ``cluster_seats``: one row an organisation with ``country``, ``place``, ``latitude`` and
        ``longitude`` (degrees) and ``status``; ``nuts2`` and ``region`` if known.
    countries
        Eurostat codes to keep; every country if not given.

    Returns
    -------
    DataFrame
        One row a town: ``country``, ``place``, ``latitude``, ``longitude``, ``nuts2``, ``region``,
        ``organisations``. Seats that could not be placed are left out.

    Raises
    ------
    InputError
        If a column is missing, or a placed seat has coordinates off the globe.

    Examples
    --------
    >>> linz = {"country": "AT", "place": "Linz", "latitude": 48.3, "longitude": 14.3, "status": "placed"}
    >>> place_table(pd.DataFrame([linz, linz]))[["place", "organisations"]].values.tolist()
    [['Linz', 2]]
    """
    missing = [column for column in NEEDED if column not in seats.columns]
    if missing:
        raise InputError(f"cluster_seats: column {missing[0]!r} is missing; found {', '.join(seats.columns)}")
    kept = seats if countries is None else seats[seats["country"].isin(list(countries))]
    placed = kept[kept["status"].isin(PLACED)].reindex(columns=COLUMNS[:-1]).astype({"place": object})
    _check_coordinates(placed)
    keys = ["country", "place", "latitude", "longitude"]
    towns = placed.groupby(keys, dropna=False, as_index=False).agg(
        nuts2=("nuts2", "first"), region=("region", "first"), organisations=("country", "size")
    )
    order = towns.sort_values(["organisations", "country", "place"], ascending=[False, True, True])
    return order[COLUMNS].reset_index(drop=True)


def _check_coordinates(placed: pd.DataFrame) -> None:
    """Refuse a placed seat without a point on the globe."""
    latitude = placed["latitude"].astype(float)
    longitude = placed["longitude"].astype(float)
    wrong = ~(latitude.between(-90, 90) & longitude.between(-180, 180))
    if wrong.any():
        row = placed[wrong].iloc[0]
        raise InputError(
            f"cluster_seats: {row['place']!r} in {row['country']} is marked as placed, but its coordinates "
            f"are {row['latitude']}, {row['longitude']}; allowed are -90..90 and -180..180"
        )


def legend_steps(largest: float) -> list[int]:
    """Return up to three round numbers for the legend of proportional circles.

    Parameters
    ----------
    largest
        Largest value on the map.

    Returns
    -------
    list of int
        Descending; the first is at most ``largest``, the last at least 1.

    Examples
    --------
    >>> legend_steps(212), legend_steps(41), legend_steps(3), legend_steps(1)
    ([200, 50, 10], [40, 10, 2], [3, 1], [1])
    """
    if largest < 2:
        return [1]
    top = _round_down(largest)
    steps = [top, _round_down(top / 4), _round_down(top / 20)]
    if steps[-1] < 1 and steps[-2] > 1:
        steps[-1] = 1
    return sorted({step for step in [*steps, 1 if top <= 10 else 0] if step >= 1}, reverse=True)[:3]


def _round_down(value: float) -> int:
    """Round down to one leading digit."""
    if value < 1:
        return 0
    unit = 10 ** math.floor(math.log10(value))
    return int(np.floor(value / unit) * unit)
