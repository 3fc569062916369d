"""Marks of a map in points of the page: areas, circles, boxes and text."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Transform
from numpy.typing import NDArray

from helpers.figures import style
from helpers.figures.maps_sheet import POINTS_PER_INCH, Pane


def sheet(layout: style.Layout, height_pt: float) -> Figure:
    """Return an empty figure of a height in points, laid out by hand."""
    fig = style.figure(layout, height_pt / POINTS_PER_INCH)
    fig.set_layout_engine("none")
    return fig


def in_points(fig: Figure) -> Transform:
    """Return the transform from points on the sheet to the display."""
    return Affine2D().scale(1 / POINTS_PER_INCH) + fig.dpi_scale_trans


def compound_path(geometries: Iterable[shapely.Geometry]) -> Path | None:
    """Return one path through all rings, or None if there is nothing to draw."""
    rings = shapely.get_rings(shapely.get_parts(np.array(list(geometries), dtype=object)))
    pieces = [_ring_path(shapely.get_coordinates(ring)) for ring in rings]
    kept = [piece for piece in pieces if piece is not None]
    return Path.make_compound_path(*kept) if kept else None


def _ring_path(ring: NDArray[np.float64]) -> Path | None:
    """Return a closed path without repeated vertices; None for what has collapsed."""
    vertices = np.round(ring[:-1], 1)
    vertices = vertices[np.any(vertices != np.roll(vertices, 1, axis=0), axis=1)]
    if len(vertices) < 3:
        return None
    codes = np.full(len(vertices) + 1, Path.LINETO, dtype=Path.code_type)
    codes[0], codes[-1] = Path.MOVETO, Path.CLOSEPOLY
    return Path(np.vstack([vertices, vertices[:1]]), codes)


def draw_area(
    fig: Figure, geometries: Iterable[shapely.Geometry], gid: str, **look: object
) -> PathPatch | None:
    """Draw areas given in points as one path; return it, or None if nothing is to be seen."""
    path = compound_path(geometries)
    if path is None:
        return None
    options: dict[str, Any] = dict(look)
    patch = PathPatch(path, transform=in_points(fig), **options)
    patch.set_gid(gid)
    patch.set_snap(False)
    fig.add_artist(patch)
    return patch


Circle = tuple[float, float, float]
"""x, y and radius in points."""

CIRCLE_ALPHA = 0.82
"""Circles that overlap, and borders beneath them, are still to be seen."""

# Two cubic curves make a circle to 2 % of its radius: enough for a dot, and half as long as four.
_LARGEST_DOT_PT = 7.0
_HALF = 4 / 3
_QUARTER = 0.5523


def draw_circles(fig: Figure, circles: Sequence[Circle], fill: str, alpha: float = CIRCLE_ALPHA) -> None:
    """Draw circles, one path a size, in the order of the sizes' first appearance."""
    by_size: dict[float, list[Path]] = {}
    for x, y, radius in circles:
        by_size.setdefault(round(radius, 2), []).append(_circle_path(x, y, radius))
    look: dict[str, Any] = {"facecolor": fill, "edgecolor": style.PAPER, "linewidth": 0.5, "alpha": alpha}
    for paths in by_size.values():
        patch = PathPatch(Path.make_compound_path(*paths), transform=in_points(fig), **look)
        patch.set_gid("circles")
        patch.set_snap(False)
        fig.add_artist(patch)


def _circle_path(x: float, y: float, radius: float) -> Path:
    """Return a closed circle whose coordinates are short numbers."""
    if radius <= _LARGEST_DOT_PT:
        unit = [(1.0, 0.0), (1, _HALF), (-1, _HALF), (-1, 0), (-1, -_HALF), (1, -_HALF), (1, 0)]
    else:
        unit = [(1.0, 0.0)]
        for (x0, y0), (x1, y1) in pairwise([(1, 0), (0, 1), (-1, 0), (0, -1), (1, 0)]):
            unit += [
                (x0 + _QUARTER * x1, y0 + _QUARTER * y1),
                (x1 + _QUARTER * x0, y1 + _QUARTER * y0),
                (x1, y1),
            ]
    codes = [Path.MOVETO] + [Path.CURVE4] * (len(unit) - 1)
    return Path(np.round(np.array(unit, dtype=float) * radius + (x, y), 1), codes)


def draw_box(fig: Figure, pane: Pane, **look: object) -> Rectangle:
    """Draw a rectangle given in points."""
    options: dict[str, Any] = dict(look)
    box = Rectangle((pane.left, pane.bottom), pane.width, pane.height, transform=in_points(fig), **options)
    fig.add_artist(box)
    return box


def draw_text(fig: Figure, x: float, y: float, text: str, size_pt: float, **look: object) -> Text:
    """Write text at a position in points."""
    options: dict[str, Any] = dict(look)
    return fig.text(x, y, text, transform=in_points(fig), fontsize=size_pt, **options)


def text_box(text: Text) -> tuple[float, float, float, float]:
    """Return left, bottom, right, top of a drawn text, in points."""
    figure = text.get_figure(root=True)
    if figure is None:
        raise ValueError("the text is on no figure")
    extent = text.get_window_extent()
    factor = POINTS_PER_INCH / figure.dpi
    return (extent.x0 * factor, extent.y0 * factor, extent.x1 * factor, extent.y1 * factor)
