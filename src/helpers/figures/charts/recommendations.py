"""Charts of recommendations: how sure their places are, and how far these hang on the weights."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator

from helpers.figures.charts.common import Bars, draw_bars, empty_figure, fit_labels, floats, require, wrapped
from helpers.figures.charts.legends import dot, legend_below
from helpers.figures.style import DATA, INK, MUTED, PAPER, SOFT, Layout, figure, style_axes
from helpers.figures.tables import format_cell


def rank_ranges(data: pd.DataFrame, layout: Layout, *, of: int | None = None) -> Figure:
    """Draw the place of each recommendation: a dot on a bar from its best to its worst possible place.

    Parameters
    ----------
    data
        In the order drawn: ``label``, ``rank`` (missing: not ranked), ``low``, ``high`` (best and worst
        place; missing where they are not known: then the dot is hollow), ``reason``.
    layout
        WIDE or NARROW.
    of
        Number of places; as many as there are ranks if not given.
    """
    require(data, ["label", "rank", "low", "high", "reason"], "rank_ranges")
    ranks = np.array(floats(data["rank"]))
    if not np.isfinite(ranks).any():
        return empty_figure(layout)
    fig = figure(layout, 0.95 + (0.37 if layout.narrow else 0.33) * len(data))
    ax = fig.add_subplot()
    name_rows(ax, data["label"], layout)
    low, high = np.array(floats(data["low"])), np.array(floats(data["high"]))
    places = int(np.nanmax([of or 0, np.isfinite(ranks).sum(), *ranks, *high]))
    sure = np.isfinite(low) & np.isfinite(high)
    rows = np.arange(len(data))
    for row in rows[sure]:
        # A bar of no length still shows: the place is certain.
        ax.plot([low[row], high[row]], [row, row], color=SOFT, linewidth=6, solid_capstyle="round", zorder=2)
    for row in rows[np.isfinite(ranks)]:
        ax.plot(
            [ranks[row]],
            [row],
            "o",
            color=DATA,
            markerfacecolor=DATA if sure[row] else PAPER,
            markeredgewidth=1.4,
            markersize=6,
            zorder=4,
        )
    _say_reasons(ax, ranks, data["reason"].tolist(), layout)
    _place_axis(ax, places, layout)
    handles = [dot(DATA, DATA, "Place")]
    if sure.any():
        handles.append(Line2D([], [], color=SOFT, linewidth=6, label="Places that cannot be ruled out"))
    if (np.isfinite(ranks) & ~sure).any():
        handles.append(dot(DATA, PAPER, "Place; how sure it is cannot be said"))
    legend_below(fig, handles, layout, columns=3, gap=None)
    return fig


def name_rows(ax: Axes, labels: "pd.Series[str]", layout: Layout) -> None:
    """Give axes a row a recommendation, the first at the top, with its label at the left.

    Parameters
    ----------
    ax
        Empty axes.
    labels
        Labels such as "R01 Title".
    layout
        WIDE or NARROW.
    """
    style_axes(ax, layout, grid="x")
    width = 26 if layout.narrow else 42
    ax.set_yticks(range(len(labels)), [wrapped(label, width, lines=2) for label in labels])
    ax.tick_params(axis="y", labelcolor=INK, labelsize=layout.small_pt)
    for text in ax.get_yticklabels():
        text.set_linespacing(0.95)
    ax.set_ylim(len(labels) - 0.4, -0.6)


def _say_reasons(
    ax: Axes, ranks: "np.typing.NDArray[np.float64]", reasons: list[str], layout: Layout
) -> None:
    """Say in words why a recommendation has no place."""
    for row, (rank, reason) in enumerate(zip(ranks, reasons, strict=True)):
        if np.isfinite(rank):
            continue
        ax.text(
            0.02,
            row,
            wrapped(reason or "not ranked", 30 if layout.narrow else 70, lines=2 if layout.narrow else 1),
            transform=ax.get_yaxis_transform(),
            va="center_baseline",
            fontsize=layout.small_pt,
            color=MUTED,
        )


def _place_axis(ax: Axes, places: int, layout: Layout) -> None:
    step = 1 if places <= (8 if layout.narrow else 20) else 5
    shown = sorted({1, *range(step, places + 1, step)})
    ax.set_xlim(0.4, places + 0.6)
    ax.xaxis.set_major_locator(FixedLocator(shown))
    ax.tick_params(axis="x", labelsize=layout.small_pt)
    ax.set_xlabel("Place (1: first)")


def weighting_shares(data: pd.DataFrame, layout: Layout, *, top: int) -> Figure:
    """Draw in which share of all weightings of the criteria each recommendation is among the first ones.

    Parameters
    ----------
    data
        In the order drawn: ``label``, ``share_top`` (0 to 1; missing: not ranked), ``best``, ``worst``
        (places under any weighting).
    layout
        WIDE or NARROW.
    top
        How many places count as the top.
    """
    require(data, ["label", "share_top", "best", "worst"], "weighting_shares")
    shares = floats(data["share_top"])
    if not np.isfinite(shares).any():
        return empty_figure(layout)
    width = 58 if layout.narrow else 42
    bars = Bars(
        names=[wrapped(label, width, lines=1 if layout.narrow else 2) for label in data["label"]],
        values=shares,
        labels=[
            _share_and_places(*row)
            for row in zip(shares, floats(data["best"]), floats(data["worst"]), strict=True)
        ],
        colours=[_colour(share) for share in shares],
    )
    fig = figure(layout, 0.95 + (0.42 if layout.narrow else 0.33) * len(data))
    ax = fig.add_subplot()
    draw_bars(ax, bars, layout, spec=".0%", above=layout.narrow)
    if not layout.narrow:
        ax.tick_params(axis="y", labelsize=layout.small_pt)
    ax.xaxis.set_major_locator(FixedLocator([0, 0.25, 0.5, 0.75, 1.0]))
    ax.set_xlabel(
        wrapped(
            f"Share of weightings that put it among the first {top} (in brackets: places)",
            48 if layout.narrow else 90,
        )
    )
    fit_labels(fig, [ax])
    _colour_legend(fig, shares, layout)
    return fig


def _colour(share: float) -> str:
    return DATA if share >= 1 else SOFT


def _share_and_places(share: float, best: float, worst: float) -> str:
    r"""Write a share and the places between which a recommendation moves.

    Examples
    --------
    >>> _share_and_places(1.0, 2, 2), _share_and_places(0.9996, 1, 6), _share_and_places(0.0, 7, 9)
    ('100\xa0% (2)', '> 99\xa0% (1–6)', '0\xa0% (7–9)')
    """
    if np.isnan(share):
        return "not ranked"
    places = f"{best:.0f}" if best == worst else f"{best:.0f}–{worst:.0f}"
    said = format_cell(share, ".0%")
    if 0 < share < 0.005:
        said = "< 1\xa0%"
    elif 0.995 <= share < 1:
        said = "> 99\xa0%"
    return f"{said} ({places})"


def _colour_legend(fig: Figure, shares: list[float], layout: Layout) -> None:
    handles = []
    if any(share >= 1 for share in shares):
        handles.append(Patch(color=DATA, label="Whatever the weighting drawn"))
    if any(0 < share < 1 for share in shares):
        handles.append(Patch(color=SOFT, label="Hangs on the weighting"))
    if handles:
        fig.legend(
            handles=handles,
            loc="outside lower left",
            ncols=2,
            frameon=False,
            fontsize=layout.small_pt,
            handlelength=1.1,
            handleheight=1.1,
        )
