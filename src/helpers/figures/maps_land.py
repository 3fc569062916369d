"""Land of the table ``country_shapes``: by part of the map, by window, and for the interactive map."""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from helpers.data.boundaries import COARSE, PARTS
from helpers.data.errors import InputError
from helpers.figures.insets import INSETS, intersects
from helpers.figures.maps_sheet import View, Window

MAIN_EPSG = 3035
EUROPE = Window(2_500_000, 1_320_000, 6_600_000, 5_500_000)
"""What a map of the EU shows, in metres of EPSG:3035."""
LIMITS = Window(*PARTS["main"].window)
"""How far a map may reach: there is no land in the table beyond."""
MARGIN = 0.06
SMALLEST_WINDOW = 70_000.0

Land = dict[str, shapely.Geometry]
Points = NDArray[np.float64]
Parts = NDArray[np.object_]


def land_of(shapes: pd.DataFrame, part: str = "main") -> Land:
    """Return the land of one part of the map by country.

    Parameters
    ----------
    shapes
        Table ``country_shapes``: ``country``, ``part``, ``geometry`` (well-known binary or geometries).
    part
        ``"main"``, ``"lonlat"`` or the name of an inset.

    Returns
    -------
    dict
        Eurostat code -> polygon in the part's coordinates.

    Raises
    ------
    InputError
        If a column is missing or the table has no such part.
    """
    chosen = _part_of(shapes, part)
    return dict(_land(tuple(chosen["country"]), tuple(chosen["geometry"])))


def _part_of(shapes: pd.DataFrame, part: str) -> pd.DataFrame:
    missing = [column for column in ("country", "part", "geometry") if column not in shapes.columns]
    if missing:
        raise InputError(
            f"country_shapes: column {missing[0]!r} is missing; found {', '.join(shapes.columns)}"
        )
    chosen = shapes[shapes["part"] == part]
    if chosen.empty:
        found = ", ".join(sorted(set(shapes["part"])))
        raise InputError(f"country_shapes: no part {part!r}; found {found}")
    return chosen


@lru_cache(maxsize=32)
def _land(countries: tuple[str, ...], cells: tuple[object, ...]) -> Land:
    """Read the land of a part once a process; bytes keep their hash, so that to look here is cheap."""
    geometries = np.array(cells, dtype=object)
    if isinstance(cells[0], bytes):
        geometries = shapely.from_wkb(geometries)
    return dict(zip(countries, geometries, strict=True))


def seen_land(shapes: pd.DataFrame, part: str, view: View, detail_pt: float, smallest_pt2: float) -> Land:
    """Return the land of one part as a view shows it, in points: what lies beyond is left out.

    Parameters
    ----------
    shapes
        Table ``country_shapes``.
    part
        ``"main"`` or the name of an inset.
    view
        What of the ground is shown, and where on the sheet.
    detail_pt, smallest_pt2
        See :meth:`helpers.figures.maps_sheet.View.land`.
    """
    fine_enough = 2 * COARSE.tolerance <= detail_pt / view.points_per_metre
    if part == "main" and fine_enough and COARSE.name in set(shapes["part"]):
        part = COARSE.name
    chosen = _part_of(shapes, part)
    return dict(_seen(tuple(chosen["country"]), tuple(chosen["geometry"]), view, detail_pt, smallest_pt2))


@lru_cache(maxsize=64)
def _seen(
    countries: tuple[str, ...], cells: tuple[object, ...], view: View, detail_pt: float, smallest_pt2: float
) -> Land:
    """Clip and simplify the land once for all maps of a report that show the same ground at the same size."""
    near = {code: area for code, area in _land(countries, cells).items() if intersects(area, view.window)}
    return dict(zip(near, view.land(near.values(), detail_pt, smallest_pt2), strict=True))


def extent_of(land: Land, countries: Iterable[str]) -> Window | None:
    """Return the extent of the larger parts of countries in EPSG:3035; None if none is on the map.

    Parts of a country smaller than a fiftieth of its largest do not count, so that a distant island does not
    shrink the rest.
    """
    found = [part for code in countries if code in land for part in core_parts(land[code])]
    return Window(*map(float, shapely.total_bounds(np.array(found, dtype=object)))) if found else None


def window_of(land: Land, countries: Iterable[str]) -> Window:
    """Return the window of the main map that shows these countries.

    Parameters
    ----------
    land
        Land of the main part, EPSG:3035.
    countries
        Eurostat codes.

    Returns
    -------
    Window
        Their extent with a margin, within what the table holds; Europe if none of them is on the map.
    """
    extent = extent_of(land, countries)
    if extent is None:
        return EUROPE
    side = max(extent.east - extent.west, extent.north - extent.south)
    wide = extent.grown(max(MARGIN * side, (SMALLEST_WINDOW - side) / 2))
    return Window(
        max(wide.west, LIMITS.west),
        max(wide.south, LIMITS.south),
        min(wide.east, LIMITS.east),
        min(wide.north, LIMITS.north),
    )


def main_part(countries: Sequence[str]) -> str:
    """Return the part of ``country_shapes`` for the main map: a small state on its own has a finer one."""
    small = {inset.country: inset.part for inset in INSETS if inset.kind == "small"}
    return small.get(countries[0], "main") if len(countries) == 1 else "main"


def europe_or(shapes: pd.DataFrame, countries: Iterable[str], part: str = "main") -> Window:
    """Return the ground of the main map: Europe as Eurostat shows it if that holds the countries.

    Parameters
    ----------
    shapes
        Table ``country_shapes``.
    countries
        Eurostat codes that must be seen; one alone gets a map of its own.
    part
        From :func:`main_part`.
    """
    if part != "main":
        return next(inset.window for inset in INSETS if inset.part == part)
    codes, land = list(countries), land_of(shapes)
    extent = extent_of(land, codes)
    europe = len(codes) > 1 and extent is not None and EUROPE.contains(extent)
    return EUROPE if europe else window_of(land, codes)


def core_parts(geometry: shapely.Geometry) -> Parts:
    """Return a country's larger parts: those of at least a fiftieth of the largest."""
    parts = shapely.get_parts(geometry)
    areas = shapely.area(parts)
    larger: Parts = parts[areas >= areas.max() / 50]
    return larger


def centre_of(geometry: shapely.Geometry) -> tuple[float, float]:
    """Return a position well inside the largest part of a country, in the geometry's coordinates."""
    parts = shapely.get_parts(geometry)
    largest = parts[int(np.argmax(shapely.area(parts)))]
    size = float(np.sqrt(largest.area))
    line = shapely.maximum_inscribed_circle(shapely.simplify(largest, size / 40), size / 40)
    x, y = shapely.get_coordinates(line)[0]
    return float(x), float(y)


@cache
def transformer(source: int, target: int) -> Transformer:
    """Return the transformation between two EPSG codes, x or longitude first."""
    return Transformer.from_crs(source, target, always_xy=True)


def from_degrees(longitude: Iterable[float], latitude: Iterable[float], epsg: int = MAIN_EPSG) -> Points:
    """Return places as (n, 2) metres of a projection."""
    lon, lat = np.asarray(longitude, dtype=float), np.asarray(latitude, dtype=float)
    return np.column_stack(transformer(4326, epsg).transform(lon, lat))
