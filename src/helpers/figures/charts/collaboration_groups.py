"""Charts of who meets whom, and of working groups."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle
from matplotlib.ticker import MaxNLocator

from helpers.figures.charts.common import empty_figure, floats, in_words, require, wrapped
from helpers.figures.charts.legends import legend_below
from helpers.figures.style import (
    DATA,
    HIGHLIGHT,
    INK,
    MUTED,
    ON_DARK,
    PAPER,
    SOFT,
    Layout,
    figure,
    style_axes,
)
from helpers.figures.tables import format_cell

Points = npt.NDArray[np.float64]
_MIXES = {"countries": "Countries", "kinds": "Kinds", "stages": "Stages", "needs_met": "Needs met"}
_MEASURES = {
    "share_of_bound": ("Points, of the most there could be", ".0%"),
    "worst": ("Points of the worst group", ".1f"),
    "countries": ("Countries a group", ".1f"),
    "kinds": ("Kinds a group", ".1f"),
    "stages": ("Stages a group", ".1f"),
    "needs_met": ("Needs met a group", ".1f"),
}
_METHODS = {"program": "These groups", "greedy": "Greedy", "random": "Random"}


def country_network(
    data: pd.DataFrame, layout: Layout, *, nodes: pd.DataFrame, highlight: str | None = None
) -> Figure:
    """Draw countries that met at sessions: the more sessions they shared, the stronger the line.

    Parameters
    ----------
    data
        Pairs: ``a``, ``b``, ``shared`` (missing where held back), ``status``.
    layout
        WIDE or NARROW.
    nodes
        ``country``, ``x``, ``y``.
    highlight
        Eurostat code of a country whose lines stand out.

    Notes
    -----
    Lines are drawn where the number may be shown; the legend says how many pairs met without a line, and
    how many never met. Countries are moved apart until none covers another.
    """
    require(data, ["a", "b", "shared", "status"], "country_network")
    require(nodes, ["country", "x", "y"], "country_network")
    if nodes.empty:
        return empty_figure(layout)
    side = layout.width_in * (1.0 if layout.narrow else 0.72)
    fig = figure(layout, side + 0.5)
    ax = fig.add_subplot()
    ax.set_axis_off()
    radius = (0.125 if layout.narrow else 0.15) * 2 / side
    wide = layout.width_in / side
    places = spread(nodes[["x", "y"]].to_numpy(dtype=float), wide, radius * 1.25)
    ax.set_xlim(-wide - radius * 1.4, wide + radius * 1.4)
    ax.set_ylim(-1 - radius * 1.4, 1 + radius * 1.4)
    ax.set_aspect("equal")
    at = dict(zip(nodes["country"], places, strict=True))
    shown = data[data["shared"].notna() & (data["shared"] > 0)].sort_values(["shared", "a", "b"])
    most = max(floats(shown["shared"]), default=1.0)
    for row in shown.to_dict("records"):
        strong = highlight is not None and highlight in (row["a"], row["b"])
        _line(ax, at[row["a"]], at[row["b"]], float(row["shared"]) / most, strong=strong)
    for code, place in at.items():
        _node(ax, str(code), place, radius, layout, strong=code == highlight)
    _explain_network(fig, data, most, layout)
    return fig


def spread(places: Points, wide: float, apart: float) -> Points:
    """Stretch places over the sheet and move them until no two are nearer than twice ``apart``.

    Parameters
    ----------
    places
        Shape (n, 2), any scale.
    wide
        Half the sheet's width; half its height is 1.
    apart
        Half the least distance.

    Examples
    --------
    >>> spread(np.array([[0.0, 0.0], [0.01, 0.0]]), 1.0, 0.1).round(2).tolist()
    [[-1.0, 0.0], [1.0, 0.0]]
    """
    # Half by place and half by rank: one that is far off does not press the others into a corner.
    rank = np.argsort(np.argsort(places, axis=0, kind="stable"), axis=0).astype(float)
    moved: Points = (_filled(places) + np.where(np.ptp(places, axis=0) < 1e-12, 0.0, _filled(rank))) / 2
    moved = moved * np.array([wide, 1.0])
    # Two at the same place need a direction to go; the order of the rows gives it.
    turn = np.arange(len(moved)) * 2.399963
    moved = moved + 1e-6 * np.column_stack([np.cos(turn), np.sin(turn)])
    for _ in range(400):
        way = moved[:, np.newaxis] - moved[np.newaxis]
        distance = np.hypot(way[..., 0], way[..., 1])
        np.fill_diagonal(distance, np.inf)
        push = np.clip(2 * apart - distance, 0.0, None)
        if not push.any():
            break
        moved = moved + 0.5 * (way * (push / distance)[..., np.newaxis]).sum(axis=1)
        moved = np.clip(moved, [-wide, -1.0], [wide, 1.0])
    return moved


def _filled(places: Points) -> Points:
    """Scale each coordinate to -1 to 1; one that all share becomes 0."""
    middle = (places.max(axis=0) + places.min(axis=0)) / 2
    reach = np.ptp(places, axis=0) / 2
    filled: Points = np.where(reach < 1e-12, 0.0, (places - middle) / np.maximum(reach, 1e-12))
    return filled


def _line(ax: Axes, one: Points, other: Points, share: float, *, strong: bool) -> None:
    colour = HIGHLIGHT if strong else DATA if share > 0.5 else SOFT
    ax.plot(
        [one[0], other[0]],
        [one[1], other[1]],
        color=colour,
        linewidth=_width(share),
        solid_capstyle="round",
        zorder=3 if strong else 2 if share > 0.5 else 1,
    )


def _width(share: float) -> float:
    return 0.4 + 2.8 * float(np.power(share, 1.5))


def _node(ax: Axes, code: str, place: Points, radius: float, layout: Layout, *, strong: bool) -> None:
    ax.add_patch(
        Circle(
            (float(place[0]), float(place[1])),
            radius,
            facecolor=HIGHLIGHT if strong else DATA,
            edgecolor=PAPER,
            linewidth=1.2,
            zorder=4,
        )
    )
    ax.annotate(
        code,
        (float(place[0]), float(place[1])),
        ha="center",
        va="center_baseline",
        fontsize=layout.small_pt,
        fontweight="bold",
        color=ON_DARK,
        zorder=5,
    )


def _explain_network(fig: Figure, data: pd.DataFrame, most: float, layout: Layout) -> None:
    """Say what the widths mean, and what is not drawn."""
    handles = []
    for number in sorted({1, round(most / 2), round(most)} - {0}):
        share = number / most
        words = f"{number} session{'' if number == 1 else 's'} shared"
        colour = DATA if share > 0.5 else SOFT
        handles.append(Line2D([], [], color=colour, linewidth=_width(share), label=words))
    for status, words in (("held back", "met, number held back"), ("never met", "never met")):
        number = int((data["status"] == status).sum())
        if number:
            pairs = f"{number} pair{'' if number == 1 else 's'}"
            handles.append(Line2D([], [], color="none", label=f"No line: {pairs} {words}"))
    legend_below(fig, handles, layout, columns=3)


def group_mixes(data: pd.DataFrame, layout: Layout) -> Figure:
    """Draw what each working group mixes: a row a group, a dot for how many countries, kinds, stages.

    Parameters
    ----------
    data
        ``group``, ``size``, ``countries``, ``kinds``, ``stages``, ``needs_met``; in the order drawn.
    layout
        WIDE or NARROW.
    """
    require(data, ["group", "size", *_MIXES], "group_mixes")
    if data.empty:
        return empty_figure(layout)
    fig = figure(layout, 0.8 + 0.2 * len(data))
    columns = list(_MIXES)[: 3 if layout.narrow else 4]
    axes = fig.subplots(1, len(columns), sharey=True, squeeze=False)[0]
    for column, ax in zip(columns, axes, strict=True):
        _draw_mix(ax, data, column, layout)
    first = axes[0]
    first.set_yticks(range(len(data)), [_capital(name) for name in data["group"]])
    first.tick_params(axis="y", labelcolor=INK, labelsize=layout.small_pt)
    first.set_ylim(len(data) - 0.4, -0.6)
    return fig


def _capital(name: object) -> str:
    return str(name)[:1].upper() + str(name)[1:]


def _draw_mix(ax: Axes, data: pd.DataFrame, column: str, layout: Layout) -> None:
    style_axes(ax, layout, grid="x")
    ax.set_title(_MIXES[column], loc="left", fontsize=layout.small_pt, color=INK)
    places, values = np.arange(len(data)), floats(data[column])
    ax.hlines(places, 0, values, color=SOFT, linewidth=1.4)
    ax.plot(values, places, "o", color=DATA, markersize=4.5, zorder=3)
    ax.tick_params(axis="x", labelsize=layout.small_pt)
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(0, max([*values, 1.0]) * 1.12)
    ax.xaxis.set_major_locator(MaxNLocator(2 if layout.narrow else 4, integer=True))


def groups_compared(data: pd.DataFrame, layout: Layout) -> Figure:
    """Draw working groups beside greedy and random ones of the same participants and sizes.

    Parameters
    ----------
    data
        As `helpers.analysis.collaboration.groups_compare.compare_groups` returns it.
    layout
        WIDE or NARROW.
    """
    require(data, ["method", *_MEASURES], "groups_compared")
    if data.empty or data["share_of_bound"].isna().all():
        return empty_figure(layout)
    across = 2 if layout.narrow else 3
    down = -(-len(_MEASURES) // across)
    fig = figure(layout, 0.3 + 1.05 * down)
    axes = fig.subplots(down, across, sharey=True, squeeze=False).ravel()
    names = [_METHODS.get(str(method), in_words(method)) for method in data["method"]]
    for (column, (title, spec)), ax in zip(_MEASURES.items(), axes, strict=False):
        _draw_measure(ax, data[column], title, spec, layout)
    for ax in axes[::across]:
        ax.set_yticks(range(len(names)), names)
        ax.tick_params(axis="y", labelcolor=INK, labelsize=layout.small_pt)
    axes[0].set_ylim(len(names) - 0.4, -0.6)
    return fig


def _draw_measure(ax: Axes, values: "pd.Series[Any]", title: str, spec: str, layout: Layout) -> None:
    numbers = floats(values)
    style_axes(ax, layout)
    ax.set_title(
        wrapped(title, 22 if layout.narrow else 40, lines=2),
        loc="left",
        fontsize=layout.small_pt,
        color=MUTED,
    )
    ax.barh(range(len(numbers)), numbers, height=0.62, color=[DATA, *[SOFT] * (len(numbers) - 1)])
    ax.set_xlim(0, max([*numbers, 1e-9]) * 1.32)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    for place, number in enumerate(numbers):
        ax.annotate(
            format_cell(number, spec),
            (number, place),
            xytext=(3, 0),
            textcoords="offset points",
            va="center_baseline",
            fontsize=layout.small_pt,
            color=INK,
        )
