"""Parts of the EU that a map of Europe cannot show: far away or too small."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import shapely
from matplotlib.figure import Figure
from pyproj import Transformer

from helpers.data.boundaries import PARTS
from helpers.figures import style
from helpers.figures.maps_paint import draw_box, draw_text
from helpers.figures.maps_sheet import Pane, View, Window

LABEL_PT = 11.0
GUTTER_PT = 5.0
LARGEST_CELL_PT = 74.0


@dataclass(frozen=True)
class Inset:
    """One inset: where it is and how it is called.

    Parameters
    ----------
    part
        Name of the part in the table ``country_shapes``.
    label
        Wording beneath the frame.
    kind
        ``"far"`` for outermost regions, ``"small"`` for small states that the main map shows too.
    crop
        Centre and half of the side in metres of the part's projection, if the part holds more than one inset.
    """

    part: str
    label: str
    kind: Literal["far", "small"]
    crop: tuple[float, float, float] | None = None

    @property
    def country(self) -> str:
        """Eurostat code of the country that the inset is there for."""
        return PARTS[self.part].country or ""

    @property
    def epsg(self) -> int:
        """Projection of the part."""
        return PARTS[self.part].epsg

    @property
    def window(self) -> Window:
        """Ground that the inset shows."""
        if self.crop is None:
            return Window(*PARTS[self.part].window)
        x, y, half = self.crop
        return Window(x - half, y - half, x + half, y + half)

    @property
    def side(self) -> float:
        """Width of the window in metres."""
        return self.window.east - self.window.west

    def lonlat_bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north in degrees."""
        back = Transformer.from_crs(self.epsg, 4326, always_xy=True)
        window = self.window
        return back.transform_bounds(window.west, window.south, window.east, window.north)


INSETS = (
    Inset("canarias", "Canarias", "far"),
    Inset("acores", "Açores", "far"),
    Inset("madeira", "Madeira", "far"),
    Inset("guadeloupe_martinique", "Guadeloupe", "far", (656_000, 1_789_000, 43_000)),
    Inset("guadeloupe_martinique", "Martinique", "far", (715_500, 1_621_000, 33_000)),
    Inset("guyane", "Guyane", "far"),
    Inset("reunion", "Réunion", "far"),
    Inset("mayotte", "Mayotte", "far"),
    Inset("malta", "Malta", "small"),
    Inset("luxembourg", "Luxembourg", "small"),
    Inset("cyprus", "Cyprus", "small"),
)
"""In drawing order: south-west to the far south, then the small states."""


def insets_of(countries: Collection[str], *, small_states: bool) -> list[Inset]:
    """Return the insets that a map of these countries needs.

    Parameters
    ----------
    countries
        Eurostat codes of the countries that the map is about.
    small_states
        Whether small states get an inset though the main map shows them.

    Examples
    --------
    >>> [inset.label for inset in insets_of(["PT", "MT"], small_states=False)]
    ['Açores', 'Madeira']
    """
    return [inset for inset in INSETS if inset.country in countries and (small_states or inset.kind == "far")]


@dataclass(frozen=True)
class Block:
    """A tidy block of equal squares with a label beneath each.

    Parameters
    ----------
    count
        Number of insets.
    width
        Width of the block in points.
    columns
        Squares side by side.
    """

    count: int
    width: float
    columns: int

    @classmethod
    def of(cls, count: int, width: float, most_columns: int) -> "Block":
        """Return a block with as few empty places as possible."""
        rows = math.ceil(count / most_columns) if count else 0
        columns = math.ceil(count / rows) if rows else 1
        return cls(count, width, columns)

    @property
    def cell(self) -> float:
        """Side of a square in points."""
        free = self.width - (self.columns - 1) * GUTTER_PT
        return math.floor(min(free / self.columns, LARGEST_CELL_PT))

    @property
    def height(self) -> float:
        """Height of the block in points, labels included; 0 without insets."""
        return math.ceil(self.count / self.columns) * (self.cell + LABEL_PT + 2)

    def panes(self, left: float, top: float) -> list[Pane]:
        """Return the squares, row by row from the top."""
        pitch_x = self.cell + GUTTER_PT
        pitch_y = self.cell + LABEL_PT + 2
        return [
            Pane(
                left + (index % self.columns) * pitch_x,
                top - (index // self.columns) * pitch_y - self.cell,
                self.cell,
                self.cell,
            )
            for index in range(self.count)
        ]


def frame(fig: Figure, inset: Inset, pane: Pane, layout: style.Layout) -> View:
    """Draw sea and label of an inset and return its view."""
    draw_box(fig, pane, facecolor=style.SEA, edgecolor="none")
    label = (pane.left + pane.width / 2, pane.bottom - 2)
    draw_text(fig, *label, inset.label, layout.small_pt, ha="center", va="top", color=style.MUTED)
    return View.of(inset.window, pane)


def close_frame(fig: Figure, pane: Pane) -> None:
    """Draw the thin line round a map, on top of the land."""
    draw_box(fig, pane, facecolor="none", edgecolor=style.MUTED, linewidth=0.5).set_gid("frame")


def intersects(geometry: shapely.Geometry, window: Window) -> bool:
    """Whether a geometry's extent meets a window."""
    west, south, east, north = geometry.bounds
    beside = west > window.east or east < window.west
    above = south > window.north or north < window.south
    return not (beside or above)
