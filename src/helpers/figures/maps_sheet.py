"""Maps in points of the page: windows on the ground, panes on the sheet, and short paths between them.

Vertices are rounded to a tenth of a point before matplotlib sees them, so that an inline SVG stays small.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

POINTS_PER_INCH = 72.0
SIMPLIFY_PT = 1.15
SMALLEST_ISLAND_PT2 = 1.2


@dataclass(frozen=True)
class Window:
    """A rectangle on the ground, in metres of a projection."""

    west: float
    south: float
    east: float
    north: float

    def fitted(self, aspect: float) -> "Window":
        """Return the window widened or heightened about its centre to ``aspect`` (width over height).

        Examples
        --------
        >>> Window(0, 0, 2, 2).fitted(2.0)
        Window(west=-1.0, south=0, east=3.0, north=2)
        """
        width, height = self.east - self.west, self.north - self.south
        if width / height < aspect:
            extra = (height * aspect - width) / 2
            return Window(self.west - extra, self.south, self.east + extra, self.north)
        extra = (width / aspect - height) / 2
        return Window(self.west, self.south - extra, self.east, self.north + extra)

    def grown(self, margin: float) -> "Window":
        """Return the window with a margin on every side."""
        return Window(self.west - margin, self.south - margin, self.east + margin, self.north + margin)

    def moved_into(self, limits: "Window") -> "Window":
        """Return the window moved, and if need be shrunk, so that it lies within ``limits``.

        Examples
        --------
        >>> Window(0, 0, 2, 2).moved_into(Window(1, 0, 9, 9))
        Window(west=1, south=0.0, east=3.0, north=2.0)
        """
        width, height = self.east - self.west, self.north - self.south
        room_x, room_y = limits.east - limits.west, limits.north - limits.south
        factor = min(1.0, room_x / width, room_y / height)
        width, height = width * factor, height * factor
        middle_x, middle_y = (self.west + self.east) / 2, (self.south + self.north) / 2
        west = min(max(middle_x - width / 2, limits.west), limits.east - width)
        south = min(max(middle_y - height / 2, limits.south), limits.north - height)
        return Window(west, south, west + width, south + height)

    def around(self, places: NDArray[np.float64]) -> "Window":
        """Return the window widened to the places near it; one farther off than half its size is not near.

        Examples
        --------
        >>> Window(0, 0, 10, 10).around(np.array([[12.0, 5.0], [99.0, 5.0]]))
        Window(west=-0.5, south=-0.5, east=12.5, north=10.5)
        """
        width, height = self.east - self.west, self.north - self.south
        reach_x, reach_y = width / 2, height / 2
        x, y = places[:, 0], places[:, 1]
        near = (x > self.west - reach_x) & (x < self.east + reach_x)
        near &= (y > self.south - reach_y) & (y < self.north + reach_y)
        outside = near & ((x < self.west) | (x > self.east) | (y < self.south) | (y > self.north))
        if not outside.any():
            return self
        space = 0.05 * max(width, height)
        return Window(
            float(min(self.west, x[near].min())) - space,
            float(min(self.south, y[near].min())) - space,
            float(max(self.east, x[near].max())) + space,
            float(max(self.north, y[near].max())) + space,
        )

    def contains(self, other: "Window") -> bool:
        """Whether the other window lies within this one."""
        return (
            self.west <= other.west
            and self.south <= other.south
            and self.east >= other.east
            and self.north >= other.north
        )


@dataclass(frozen=True)
class Pane:
    """A rectangle on the sheet, in points from the bottom left corner."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge in points."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """Upper edge in points."""
        return self.bottom + self.height


@dataclass(frozen=True)
class View:
    """What part of the ground a pane shows.

    Parameters
    ----------
    window
        Ground in metres; :meth:`of` fits it to the pane's aspect.
    pane
        Place on the sheet.
    """

    window: Window
    pane: Pane

    @classmethod
    def of(cls, window: Window, pane: Pane, limits: Window | None = None) -> "View":
        """Return the view that fills ``pane`` and shows ``window``, but no ground beyond ``limits``."""
        fitted = window.fitted(pane.width / pane.height)
        return cls(fitted.moved_into(limits) if limits else fitted, pane)

    @property
    def points_per_metre(self) -> float:
        """Scale of the map."""
        return self.pane.width / (self.window.east - self.window.west)

    def points(self, ground: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return ground coordinates (n, 2) as points on the sheet, to a tenth."""
        origin = np.array([self.window.west, self.window.south])
        corner = np.array([self.pane.left, self.pane.bottom])
        on_sheet: NDArray[np.float64] = np.round((ground - origin) * self.points_per_metre + corner, 1)
        return on_sheet

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return one ground position in points."""
        sheet_x, sheet_y = self.points(np.array([[x, y]]))[0]
        return float(sheet_x), float(sheet_y)

    def holds(self, x: float, y: float) -> bool:
        """Whether a ground position lies in the window."""
        window = self.window
        return window.west <= x <= window.east and window.south <= y <= window.north

    def land(
        self,
        geometries: Iterable[shapely.Geometry],
        detail_pt: float = SIMPLIFY_PT,
        smallest_pt2: float = SMALLEST_ISLAND_PT2,
    ) -> list[shapely.Geometry]:
        """Return the geometries as the sheet shows them: clipped, simplified together, in points.

        Parameters
        ----------
        geometries
            Polygons in metres that share their borders.
        detail_pt
            Detail smaller than a square of this side on the sheet is left out.
        smallest_pt2
            Islands smaller than this on the sheet are left out, but never all that a country has.

        Returns
        -------
        list of Geometry
            Multipolygons in points, in the same order; empty where nothing is to be seen.
        """
        window = self.window
        box = (window.west, window.south, window.east, window.north)
        clipped = [polygons(shapely.clip_by_rect(geometry, *box)) for geometry in geometries]
        tolerance = detail_pt / self.points_per_metre
        simple = shapely.coverage_simplify(np.array(clipped, dtype=object), tolerance)
        on_sheet = shapely.transform(simple, self.points)
        return [without_specks(geometry, smallest_pt2) for geometry in on_sheet]


def polygons(geometry: shapely.Geometry) -> shapely.Geometry:
    """Keep the polygons of a clipped geometry; clipping leaves lines and points behind."""
    parts = [part for piece in shapely.get_parts(geometry) for part in shapely.get_parts(piece)]
    polygons = [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]
    return shapely.multipolygons(polygons) if polygons else shapely.MultiPolygon()


def without_specks(geometry: shapely.Geometry, smallest_pt2: float) -> shapely.Geometry:
    """Drop islands too small to be seen, but never all that a country has."""
    parts = shapely.get_parts(geometry)
    if len(parts) < 2:
        return geometry
    areas = shapely.area(parts)
    kept = parts[areas >= min(smallest_pt2, areas.max())]
    return shapely.multipolygons(kept)
