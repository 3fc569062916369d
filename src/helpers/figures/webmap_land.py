"""Land of the interactive map: in degrees, simplified, and written as short whole numbers."""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
import shapely

from helpers.figures.insets import insets_of
from helpers.figures.maps_land import MAIN_EPSG, Land, core_parts, land_of, main_part, transformer, window_of
from helpers.figures.maps_sheet import Window, polygons, without_specks

Degrees = tuple[float, float, float, float]
"""West, south, east, north."""

EUROPE_DETAIL = 0.075
COUNTRY_DETAIL_M = 1_500.0
SMALL_STATE_DETAIL_M = 150.0
EUROPE_UNIT = 100
COUNTRY_UNIT = 1000
"""Steps a degree: a hundredth is about a kilometre."""


def home_bounds(shapes: pd.DataFrame, codes: Sequence[str]) -> Degrees | None:
    """Return the extent of the larger parts of countries, outermost regions left out; None without land."""
    land = land_of(shapes)
    found = [part for code in codes if code in land for part in core_parts(land[code])]
    if not found:
        return None
    coordinates = shapely.get_coordinates(np.array(found, dtype=object))
    longitude, latitude = transformer(MAIN_EPSG, 4326).transform(*coordinates.T)
    return float(longitude.min()), float(latitude.min()), float(longitude.max()), float(latitude.max())


def far_views(codes: Sequence[str]) -> dict[str, Degrees]:
    """Return label -> extent of the outermost regions of countries."""
    return {inset.label: inset.lonlat_bounds() for inset in insets_of(codes, small_states=False)}


def web_land(
    shapes: pd.DataFrame, codes: Sequence[str], focus: str | None, without: Collection[str] = ()
) -> dict[str, object]:
    """Return the land for the interactive map.

    Parameters
    ----------
    shapes
        Table ``country_shapes``.
    codes
        Countries that the map is about.
    focus
        The one country that the map opens on: then its surroundings are finer and the rest is left out.
    without
        Those of the countries that have no seat.

    Returns
    -------
    dict
        ``unit``: whole steps a degree; ``scope``, ``empty`` (countries without a seat) and ``other``:
        polygons, each a list of rings, each a flat list longitude, latitude, then the
        differences from one corner to the next, in steps.
    """
    degrees = _around_country(shapes, focus) if focus else _europe(shapes)
    unit = COUNTRY_UNIT if focus else EUROPE_UNIT
    result: dict[str, object] = {"unit": unit}
    kinds = {code: "empty" if code in without else "scope" for code in codes}
    for kind in ("scope", "empty", "other"):
        chosen = [shape for code, shape in degrees if kinds.get(code, "other") == kind]
        polygons_in_steps = [_steps(part, unit) for shape in chosen for part in shapely.get_parts(shape)]
        result[kind] = [rings for rings in polygons_in_steps if rings]
    return result


def _europe(shapes: pd.DataFrame) -> list[tuple[str, shapely.Geometry]]:
    return list(_simple(land_of(shapes, "lonlat"), EUROPE_DETAIL).items())


def _around_country(shapes: pd.DataFrame, focus: str) -> list[tuple[str, shapely.Geometry]]:
    """Return the land within three times the extent of a country, and that of its outermost regions."""
    part = main_part([focus])
    land = land_of(shapes, part)
    detail = COUNTRY_DETAIL_M if part == "main" else SMALL_STATE_DETAIL_M
    result = _in_degrees(_simple(_near(land, focus), detail), MAIN_EPSG)
    far = {inset.part: inset for inset in insets_of([focus], small_states=False)}
    for inset in far.values():
        result += _in_degrees(_simple(land_of(shapes, inset.part), inset.side / 240), inset.epsg)
    return result


def _near(land: Land, focus: str) -> Land:
    if focus not in land:
        return land
    window = window_of(land, [focus])
    wide, high = window.east - window.west, window.north - window.south
    box = Window(window.west - wide, window.south - high, window.east + wide, window.north + high)
    corners = (box.west, box.south, box.east, box.north)
    return {code: polygons(shapely.clip_by_rect(shape, *corners)) for code, shape in land.items()}


def _simple(land: Land, detail: float) -> Land:
    """Simplify neighbours together and drop specks, but never all that a country has."""
    simple = shapely.coverage_simplify(np.array(list(land.values()), dtype=object), detail)
    return {code: without_specks(shape, detail**2) for code, shape in zip(land, simple, strict=True)}


def _in_degrees(land: Land, epsg: int) -> list[tuple[str, shapely.Geometry]]:
    back = transformer(epsg, 4326)
    return [
        (code, shapely.transform(shape, lambda xy: np.column_stack(back.transform(*xy.T))))
        for code, shape in land.items()
    ]


def _steps(polygon: shapely.Geometry, unit: int) -> list[list[int]]:
    """Return the rings of a polygon in steps; rings that collapse are left out."""
    rings = []
    for ring in shapely.get_rings(polygon):
        corners = np.round(shapely.get_coordinates(ring)[:-1] * unit).astype(int)
        moves = np.diff(corners, axis=0, prepend=[[0, 0]])
        moves = moves[np.any(moves != 0, axis=1)]
        if len(moves) >= 3:
            rings.append(moves.ravel().tolist())
    return rings
