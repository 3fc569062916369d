"""The Lorenz curve."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from helpers.figures.charts.common import empty_figure, floats, require, wrapped
from helpers.figures.charts.labels import PointLabel, place_labels
from helpers.figures.style import DATA, HIGHLIGHT, MUTED, SOFT, Layout, figure, style_axes
from helpers.figures.tables import format_cell


def lorenz(
    data: pd.DataFrame,
    layout: Layout,
    *,
    highlight: str | None = None,
    highlight_label: str | None = None,
    units: str = "countries",
    counted: str = "cluster organisations",
) -> Figure:
    """Draw a Lorenz curve (or localisation curve) against the line of equal shares.

    Parameters
    ----------
    data
        Curve: ``cumulative_units``, ``cumulative_share`` (0 to 1, rising) and, to highlight one, ``unit``.
    layout
        WIDE or NARROW.
    highlight
        Unit whose step is marked.
    highlight_label
        What the mark says; by default the unit.
    units, counted
        What the axes count, e.g. ``"population"`` for a localisation curve.
    """
    require(data, ["cumulative_units", "cumulative_share"], "lorenz")
    if data.empty:
        return empty_figure(layout)
    x, y = (np.array(floats(data[column])) for column in ("cumulative_units", "cumulative_share"))
    fig = figure(layout, 3.7 if layout.narrow else 4.3)
    ax = fig.add_subplot()
    style_axes(ax, layout, grid="both")
    ax.tick_params(axis="x", pad=7)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(5))
        axis.set_major_formatter(FuncFormatter(lambda value, _: format_cell(value, ".0%")))
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    ax.fill_between(x, y, x, color=SOFT, alpha=0.35, linewidth=0)
    ax.plot([0, 1], [0, 1], color=MUTED, linewidth=1, linestyle=(0, (4, 2)))
    ax.plot(x, y, color=DATA, linewidth=2, solid_capstyle="round", clip_on=False)
    ax.set_xlabel(
        wrapped(
            f"Cumulative share of {units}, from the fewest {counted} to the most", 44 if layout.narrow else 90
        )
    )
    ax.set_ylabel(wrapped(f"Cumulative share of {counted}", 60))
    labels = [_half_way(x, y, units, layout)]
    labels += _highlighted(ax, data, x, y, highlight, highlight_label, layout)
    ax.plot([labels[0].x], [labels[0].y], "o", color=DATA, markersize=5)
    diagonal = np.array([[0.0, 0.0], [1.0, 1.0]])
    labels.append(PointLabel(0.7, 0.7, "", "Equal shares", layout.small_pt))
    place_labels(fig, ax, labels, [diagonal, np.column_stack([x, y])])
    return fig


def _half_way(x: NDArray[np.float64], y: NDArray[np.float64], units: str, layout: Layout) -> PointLabel:
    share = float(np.interp(0.5, x, y))
    text = f"Half of the {units}, those with the fewest, have {format_cell(share, '.0%')}"
    return PointLabel(0.5, share, "", wrapped(text, 24 if layout.narrow else 40), layout.small_pt)


def _highlighted(
    ax: Axes,
    data: pd.DataFrame,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    highlight: str | None,
    words: str | None,
    layout: Layout,
) -> list[PointLabel]:
    """Draw the step of one unit in the highlight colour and return its label."""
    if highlight is None or "unit" not in data.columns:
        return []
    found = np.flatnonzero((data["unit"] == highlight).to_numpy(dtype=bool))
    if not len(found) or found[0] == 0:
        return []
    place = int(found[0])
    ax.plot(
        x[place - 1 : place + 1],
        y[place - 1 : place + 1],
        color=HIGHLIGHT,
        linewidth=4,
        clip_on=False,
        zorder=5,
    )
    middle = (float(x[place - 1] + x[place]) / 2, float(y[place - 1] + y[place]) / 2)
    return [PointLabel(*middle, wrapped(words or highlight, 22), "", layout.font_pt)]
