"""A point for each NUTS-2 region: where its people live on average, for maps without polygons."""

from collections import defaultdict
from pathlib import Path

import pandas as pd

from helpers.data.gazetteer import Town, build_index, load_gazetteer
from helpers.data.regions import RegionTables


def region_centres(regions: dict[str, pd.DataFrame], cache: Path) -> pd.DataFrame:
    """Return the centre of each region: the mean of its towns' coordinates, weighted by population.

    Parameters
    ----------
    regions
        The tables regions, admin1_to_nuts2 and places_to_nuts2 of the dataset ``nuts_regions``.
    cache
        Folder of the gazetteer's index.

    Returns
    -------
    pandas.DataFrame
        As the schema ``region_centres``: one row a region with at least one town whose region is known.

    References
    ----------
    Towns and their population: GeoNames, CC BY 4.0. The mean of degrees is good enough within one region.
    """
    tables = RegionTables.from_frames(
        regions["regions"], regions["admin1_to_nuts2"], regions["places_to_nuts2"]
    )
    countries = sorted({code[:2] for code in tables.names})
    build_index(countries, cache)
    rows = []
    for country in countries:
        for nuts2, towns in sorted(_towns_by_region(country, tables, cache).items()):
            rows.append({"nuts2": nuts2, "country": country, **weighted_centre(towns)})
    return pd.DataFrame(rows)


def _towns_by_region(country: str, tables: RegionTables, cache: Path) -> dict[str, list[Town]]:
    found: dict[str, list[Town]] = defaultdict(list)
    for towns in load_gazetteer(country, cache).main.values():
        for town in towns:
            nuts2 = tables.region_of(country, town)
            if nuts2:
                found[nuts2].append(town)
    return found


def weighted_centre(towns: list[Town]) -> dict[str, float]:
    """Return the mean latitude and longitude of towns in degrees; a town of unknown population counts as one.

    Examples
    --------
    >>> large, small = Town(1, "A", 48.0, 14.0, 3000, "1"), Town(2, "B", 52.0, 18.0, 1000, "1")
    >>> weighted_centre([large, small])
    {'latitude': 49.0, 'longitude': 15.0}
    """
    weights = [max(town.population, 1) for town in towns]
    total = sum(weights)
    return {
        side: round(
            sum(weight * getattr(town, side) for weight, town in zip(weights, towns, strict=True)) / total, 3
        )
        for side in ("latitude", "longitude")
    }
