"""Which NUTS-2 region a town lies in, by code tables, and the polygons of GISCO for those who have them.

NUTS is used in its version of 2024. No package ships the regions' polygons, so a town's region follows from
GeoNames' first-level division where that lies within one region, and else from a table of towns.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from helpers.data.errors import InputError
from helpers.data.gazetteer import Town

if TYPE_CHECKING:
    import geopandas as gpd

LARGEST_FILE = 200_000_000  # bytes; GISCO's finest NUTS file has about 120 million


@dataclass(frozen=True)
class RegionTables:
    """The three tables of the dataset ``nuts_regions`` as look-ups.

    ``names`` region by code; ``by_town`` code by (country, GeoNames id); ``by_admin1`` code by (country,
    GeoNames code of the first-level division); ``only`` code of the countries that are one region.
    """

    names: dict[str, str]
    by_town: dict[tuple[str, int], str]
    by_admin1: dict[tuple[str, str], str]
    only: dict[str, str]

    @classmethod
    def from_frames(cls, regions: pd.DataFrame, admin1: pd.DataFrame, towns: pd.DataFrame) -> "RegionTables":
        """Make the look-ups from regions.csv, admin1_to_nuts2.csv and places_to_nuts2.csv.

        Raises
        ------
        InputError
            If a code is not one of regions.csv, or lies in another country.
        """
        known = dict(zip(regions["nuts2"], regions["country"], strict=True))
        for file, frame in (("admin1_to_nuts2.csv", admin1), ("places_to_nuts2.csv", towns)):
            for row, country, code in zip(frame["raw_row"], frame["country"], frame["nuts2"], strict=True):
                if known.get(code) != country:
                    raise InputError(
                        f"data/raw/nuts_regions/{file}: row {row}, column nuts2: found {code!r}, "
                        f"allowed: a code of {country} in regions.csv"
                    )
        alone = regions.drop_duplicates("country", keep=False)
        return cls(
            names=dict(zip(regions["nuts2"], regions["region"], strict=True)),
            by_town=dict(
                zip(zip(towns["country"], towns["geonameid"], strict=True), towns["nuts2"], strict=True)
            ),
            by_admin1=dict(
                zip(zip(admin1["country"], admin1["admin1"], strict=True), admin1["nuts2"], strict=True)
            ),
            only=dict(zip(alone["country"], alone["nuts2"], strict=True)),
        )

    def region_of(self, country: str, town: Town) -> str | None:
        """Return the NUTS-2 code of a town, or None if the tables do not decide.

        Examples
        --------
        >>> tables = RegionTables({}, {("DE", 2): "DEA1"}, {("AT", "06"): "AT22"}, {"EE": "EE00"})
        >>> tables.region_of("AT", Town(1, "Graz", 47.1, 15.4, 303270, "06"))
        'AT22'
        >>> tables.region_of("DE", Town(2, "Düsseldorf", 51.2, 6.8, 618685, "07"))
        'DEA1'
        >>> tables.region_of("DE", Town(3, "Neuss", 51.2, 6.7, 152457, "07")) is None
        True
        """
        listed = self.by_town.get((country, town.geonameid))
        return listed or self.by_admin1.get((country, town.admin1)) or self.only.get(country)


def nuts2_polygons(path: Path, sha256: str | None = None) -> "gpd.GeoDataFrame":
    """Read NUTS-2 polygons from a GeoJSON file that the user downloaded from GISCO.

    Parameters
    ----------
    path
        A file such as ``NUTS_RG_10M_2024_4326.geojson``, in longitude and latitude.
    sha256
        The checksum that the file must have, if it was recorded before.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns nuts2, country, region, geometry (EPSG:4326), sorted by code; ``attrs["sha256"]`` holds the
        checksum to record.

    Raises
    ------
    InputError
        If the file is missing, is another one, or holds no NUTS-2 regions.

    References
    ----------
    Eurostat, GISCO, https://ec.europa.eu/eurostat/web/gisco/geodata. © EuroGeographics for the administrative
    boundaries: this notice must stand on every map that uses them.
    """
    import geopandas as gpd

    data = _checked_bytes(path, sha256)
    try:
        features = json.loads(data)["features"]
        regions = gpd.GeoDataFrame.from_features(features, crs="EPSG:4326")
        regions = regions[regions["LEVL_CODE"] == 2]
        names = {"NUTS_ID": "nuts2", "CNTR_CODE": "country", "NUTS_NAME": "region"}
        regions = regions.rename(columns=names)[["nuts2", "country", "region", "geometry"]]
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise InputError(f"{path.name}: no GISCO file of NUTS regions: {str(fault)[:120]}") from None
    if regions.empty:
        raise InputError(f"{path.name}: found no regions of level 2; allowed: a GISCO file of NUTS regions")
    west, south, east, north = regions.total_bounds
    if min(west, south) < -180 or max(east, north) > 180:
        raise InputError(f"{path.name}: coordinates are not degrees; take the file with 4326 in its name")
    regions = regions.sort_values("nuts2", ignore_index=True)
    regions.attrs["sha256"] = hashlib.sha256(data).hexdigest()
    return regions


def _checked_bytes(path: Path, sha256: str | None) -> bytes:
    if not path.is_file():
        raise InputError(f"{path.name}: no such file; download it from GISCO or go without polygons")
    if path.stat().st_size > LARGEST_FILE:
        raise InputError(f"{path.name}: {path.stat().st_size} bytes, allowed: {LARGEST_FILE}")
    data = path.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if sha256 is not None and found != sha256:
        raise InputError(f"{path.name}: found sha256 {found}, allowed: {sha256}, the one recorded")
    return data


def regions_of_points(points: pd.DataFrame, polygons: "gpd.GeoDataFrame | None") -> pd.Series:
    """Return the NUTS-2 code that each point lies in, or its country where no polygon decides.

    Parameters
    ----------
    points
        Columns country, longitude, latitude (degrees, WGS 84).
    polygons
        From `nuts2_polygons`, or None if there is no such file.

    Returns
    -------
    pandas.Series
        A NUTS-2 code of the point's own country, else the country code: never a region of another country.
    """
    if polygons is None:
        return points["country"].rename("region_code")
    import geopandas as gpd

    located = gpd.GeoDataFrame(
        points[["country"]],
        geometry=gpd.points_from_xy(points["longitude"], points["latitude"]),
        crs="EPSG:4326",
    )
    inside = gpd.sjoin(located, polygons, predicate="intersects", lsuffix="point", rsuffix="region")
    inside = inside[inside["country_point"] == inside["country_region"]].sort_values("nuts2")
    codes: pd.Series = inside["nuts2"].groupby(level=0).first()
    return codes.reindex(points.index).fillna(points["country"]).rename("region_code")
