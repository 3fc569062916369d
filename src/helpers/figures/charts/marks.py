"""Which countries meet which criterion, as a grid of cells."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.figures.charts.common import empty_figure, require, wrapped
from helpers.figures.style import DATA, GRID, INK, MUTED, PAPER, Layout, figure

CRITERIA = {
    "size": "Size",
    "specialisation": "Special-\nisation",
    "focus": "Focus",
    "strong": "US rule",
}


def criteria_met(
    data: pd.DataFrame,
    layout: Layout,
    *,
    criteria: Mapping[str, str] | None = None,
    value: str = "location_quotient",
    highlight: str | None = None,
) -> Figure:
    """Draw a grid of countries and criteria; a filled cell means that the criterion is met.

    Parameters
    ----------
    data
        ``country``, ``name``, the column ``value`` and one truth value a criterion; missing counts as not met
        and is left blank. Drawn in the order given.
    layout
        WIDE or NARROW.
    criteria
        Columns with their headings; by default the Observatory's three stars and the US rule.
    value
        Number written beside the name.
    highlight
        Country that stands out.
    """
    headings = dict(criteria or CRITERIA)
    require(data, ["country", "name", value, *headings], "criteria_met")
    if data.empty:
        return empty_figure(layout)
    met = data[list(headings)].astype("boolean").fillna(False).astype(int).to_numpy()
    fig = figure(layout, 0.55 + 0.235 * len(data))
    ax = fig.add_subplot()
    look = {"cmap": [GRID, DATA], "vmin": 0, "vmax": 1, "linewidths": 2.5, "linecolor": PAPER}
    sns.heatmap(met, ax=ax, cbar=False, xticklabels=False, yticklabels=False, **look)
    _name_rows(ax, data, value, layout, highlight)
    ax.set_xticks(np.arange(len(headings)) + 0.5)
    ax.set_xticklabels(list(headings.values()), fontsize=layout.small_pt, color=MUTED, rotation=0)
    ax.xaxis.tick_top()
    ax.tick_params(length=0, pad=3)
    return fig


def _name_rows(ax: Axes, data: pd.DataFrame, value: str, layout: Layout, highlight: str | None) -> None:
    longest = 20 if layout.narrow else 40
    numbers = ["" if pd.isna(number) else f"  {number:.2f}" for number in data[value]]
    names = [wrapped(name, longest, lines=1) for name in data["name"]]
    ax.set_yticks(np.arange(len(data)) + 0.5)
    labels = [name + number for name, number in zip(names, numbers, strict=True)]
    ax.set_yticklabels(labels, fontsize=layout.small_pt, color=INK, rotation=0)
    for label, country in zip(ax.get_yticklabels(), data["country"], strict=True):
        label.set_fontweight("bold" if country == highlight else "normal")
