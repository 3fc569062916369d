"""The sheet of a map: main map, insets and legend, arranged for a layout and drawn in order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
from matplotlib.figure import Figure

from helpers.figures import style
from helpers.figures.insets import Block, Inset, close_frame, frame
from helpers.figures.maps_land import LIMITS, Land, seen_land
from helpers.figures.maps_legend import Legend
from helpers.figures.maps_paint import draw_area, draw_box, sheet
from helpers.figures.maps_sheet import SIMPLIFY_PT, SMALLEST_ISLAND_PT2, Pane, View, Window

EDGE_PT = 3.0
SIDE_PT = 158.0
GAP_PT = 12.0
WIDE_HEIGHT = (330.0, 385.0)
NARROW_HEIGHT = (215.0, 275.0)
SIDE_MOST = 6
"""More insets than this take three columns beside the map, or a row beneath one that is broad."""
BROAD = 1.15
INSET_DETAIL_PT = 0.5
BORDER_PT = 0.5
HIGHLIGHT_PT = 1.6

DrawLegend = Callable[[Legend], None]
TextBox = tuple[float, float, float, float]


@dataclass(frozen=True)
class Look:
    """How the land of a country is filled."""

    fill: str
    hatch: str | None = None


@dataclass
class Canvas:
    """A figure with its views, the land on it, and the boxes that labels must not touch.

    Parameters
    ----------
    fig, layout
        The figure and the layout it is drawn for.
    main
        View of the main map.
    insets
        Each inset with its view.
    land
        Land of the main map in points, by country.
    taken
        Boxes (left, bottom, right, top) in points that hold text or symbols.
    """

    fig: Figure
    layout: style.Layout
    main: View
    insets: list[tuple[Inset, View]]
    land: Land = field(default_factory=dict)
    taken: list[TextBox] = field(default_factory=list)

    def free(self, box: TextBox) -> bool:
        """Whether a box lies within the main map and touches nothing that is there."""
        left, bottom, right, top = box
        pane = self.main.pane
        if left < pane.left + 2 or bottom < pane.bottom + 2 or right > pane.right - 2 or top > pane.top - 2:
            return False
        return not any(overlap(box, other) for other in self.taken)


def overlap(one: TextBox, other: TextBox) -> bool:
    """Whether two boxes share ground.

    Examples
    --------
    >>> overlap((0, 0, 2, 2), (1, 1, 3, 3)), overlap((0, 0, 1, 1), (1, 0, 2, 1))
    (True, False)
    """
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]


def arrange(layout: style.Layout, window: Window, insets: Sequence[Inset], legend: DrawLegend) -> Canvas:
    """Lay out a map and draw its legend, the sea and the labels of the insets.

    Wide: legend and insets in a column at the right. Narrow: beneath the map, legend first.

    Parameters
    ----------
    layout
        WIDE or NARROW.
    window
        Ground that the main map shows at least.
    insets
        Insets in reading order.
    legend
        Draws the legend from the top of its pane downwards.

    Returns
    -------
    Canvas
        Without land; see :func:`paint_land` and :func:`close`.
    """
    place = _narrow_panes if layout.narrow else _wide_panes
    height, main, key, cells = place(layout, window, len(insets), legend)
    fig = sheet(layout, height)
    draw_box(fig, main, facecolor=style.SEA, edgecolor="none").set_gid("map-main")
    views = [(inset, frame(fig, inset, cell, layout)) for inset, cell in zip(insets, cells, strict=True)]
    legend(Legend(fig, key, layout))
    return Canvas(fig, layout, View.of(window, main, LIMITS), views)


Panes = tuple[float, Pane, Pane, list[Pane]]


def _wide_panes(layout: style.Layout, window: Window, count: int, legend: DrawLegend) -> Panes:
    if count > SIDE_MOST and (window.east - window.west) > BROAD * (window.north - window.south):
        return _broad_panes(layout, window, count, legend)
    total = layout.width_in * 72
    width = round(total - 2 * EDGE_PT - SIDE_PT - GAP_PT, 1)
    block = Block.of(count, SIDE_PT, 3 if count > SIDE_MOST else 2)
    beside = legend_height(layout, SIDE_PT, legend) + GAP_PT + block.height
    wanted = width * (window.north - window.south) / (window.east - window.west)
    height = round(max(min(max(wanted, WIDE_HEIGHT[0]), WIDE_HEIGHT[1]), beside), 1)
    left = EDGE_PT + width + GAP_PT
    key = Pane(left, EDGE_PT, SIDE_PT, height)
    cells = block.panes(left, EDGE_PT + block.height)
    return height + 2 * EDGE_PT, Pane(EDGE_PT, EDGE_PT, width, height), key, cells


def _broad_panes(layout: style.Layout, window: Window, count: int, legend: DrawLegend) -> Panes:
    """Put the insets of a map that is broader than high in one row beneath it."""
    total = layout.width_in * 72
    width = round(total - 2 * EDGE_PT - SIDE_PT - GAP_PT, 1)
    block = Block.of(count, total - 2 * EDGE_PT, count)
    wanted = width * (window.north - window.south) / (window.east - window.west)
    height = round(max(wanted, legend_height(layout, SIDE_PT, legend)), 1)
    base = EDGE_PT + block.height + GAP_PT
    key = Pane(EDGE_PT + width + GAP_PT, base, SIDE_PT, height)
    cells = block.panes(EDGE_PT, EDGE_PT + block.height)
    return round(base + height + EDGE_PT, 1), Pane(EDGE_PT, base, width, height), key, cells


def _narrow_panes(layout: style.Layout, window: Window, count: int, legend: DrawLegend) -> Panes:
    total = layout.width_in * 72
    width = round(total - 2 * EDGE_PT, 1)
    block = Block.of(count, width, 6 if count > 8 else 4)
    under = legend_height(layout, width, legend)
    wanted = width * (window.north - window.south) / (window.east - window.west)
    height = round(min(max(wanted, NARROW_HEIGHT[0]), NARROW_HEIGHT[1]), 1)
    base = EDGE_PT + block.height + (GAP_PT if count else 0) + under + GAP_PT / 2
    key = Pane(EDGE_PT, EDGE_PT, width, round(base - GAP_PT / 2 - EDGE_PT, 1))
    cells = block.panes(EDGE_PT, EDGE_PT + block.height)
    return round(base + height + EDGE_PT, 1), Pane(EDGE_PT, round(base, 1), width, height), key, cells


def legend_height(layout: style.Layout, width: float, legend: DrawLegend) -> float:
    """Return the height in points that a legend takes, by drawing it on a sheet that is thrown away."""
    trial = Legend(sheet(layout, 400.0), Pane(0.0, 0.0, width, 400.0), layout)
    legend(trial)
    return round(400.0 - trial.y, 1)


def paint_land(
    canvas: Canvas,
    shapes: pd.DataFrame,
    looks: Mapping[str, Look],
    highlight: str | None = None,
    part: str = "main",
) -> None:
    """Fill the land of every view and outline one country.

    Parameters
    ----------
    canvas
        From :func:`arrange`.
    shapes
        Table ``country_shapes``.
    looks
        Fill by Eurostat code; every other country is grey.
    highlight
        Eurostat code of the country to outline.
    part
        Part of the table that the main map is drawn from.
    """
    main = seen_land(shapes, part, canvas.main, SIMPLIFY_PT, SMALLEST_ISLAND_PT2)
    canvas.land = _paint(canvas, main, looks, highlight)
    for inset, view in canvas.insets:
        _paint(canvas, seen_land(shapes, inset.part, view, INSET_DETAIL_PT, 0.0), looks, highlight, inset)


def _paint(
    canvas: Canvas,
    shown: Land,
    looks: Mapping[str, Look],
    highlight: str | None,
    inset: Inset | None = None,
) -> Land:
    """Fill the land of one view, given in points; return it."""
    name = inset.label if inset else "main"
    border = {"edgecolor": style.PAPER, "linewidth": BORDER_PT, "joinstyle": "round"}
    others = [shape for code, shape in shown.items() if code not in looks]
    draw_area(canvas.fig, others, f"{name}-other", facecolor=style.OTHER_COUNTRIES, **border)
    for code, look in looks.items():
        if code in shown:
            fill = {"facecolor": look.fill, "hatch": look.hatch}
            # Small islands need their rim; a white border would eat it.
            rim = {"edgecolor": look.fill} if inset and inset.kind == "far" and not look.hatch else {}
            draw_area(canvas.fig, [shown[code]], f"{name}-{code}", **{**fill, **border, **rim})
    if highlight in shown:
        outline = {"facecolor": "none", "edgecolor": style.HIGHLIGHT, "linewidth": HIGHLIGHT_PT}
        draw_area(canvas.fig, [shown[highlight]], f"{name}-highlight", joinstyle="round", **outline)
    return shown


def close(canvas: Canvas) -> Figure:
    """Draw the frames on top of the land and return the figure."""
    close_frame(canvas.fig, canvas.main.pane)
    for _, view in canvas.insets:
        close_frame(canvas.fig, view.pane)
    return canvas.fig
