"""Charts of supply and demand: a chain and its narrowest stage, what more would be worth, stress tests."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from helpers.analysis.checks import Floats
from helpers.figures.charts.capacity import short_amount
from helpers.figures.charts.common import empty_figure, floats, require, wrapped
from helpers.figures.style import (
    DATA,
    GRID,
    HIGHLIGHT,
    INK,
    MUTED,
    PAPER,
    SOFT,
    Layout,
    figure,
    style_axes,
)

Side = Literal["left", "right"]
_CUT_AT = 6
"""Bars wider than so many times the narrowest are cut."""


def chain_widths(
    data: pd.DataFrame, layout: Layout, *, passed: float, label: str, passed_label: str
) -> Figure:
    """Draw the stages of a chain one beneath the other, each as wide as what it could pass alone.

    What passes through all of them is a band of one width in the middle; the narrowest stage stands out.

    Parameters
    ----------
    data
        ``label`` (name of the stage), ``doses`` (what it could pass; missing: no limit known), in order.
    layout
        WIDE or NARROW.
    passed
        What passes the whole chain.
    label, passed_label
        What the widths and the band mean.
    """
    require(data, ["label", "doses"], "chain_widths")
    known = np.array(floats(data["doses"]))
    if not np.isfinite(known).any():
        return empty_figure(layout)
    widest = _widest(known)
    fig = figure(layout, 0.9 + 0.46 * len(data))
    ax = fig.add_subplot()
    ax.fill_betweenx([-0.5, len(data) - 0.5], -passed / 2, passed / 2, color=DATA, linewidth=0, zorder=3)
    narrowest = int(np.nanargmin(known))
    for place, (name, doses) in enumerate(zip(data["label"], known, strict=True)):
        _stage(ax, place, float(doses), widest, place == narrowest)
        words = "no limit known" if np.isnan(doses) else short_amount(float(doses))
        _note(ax, words, (widest / 2, place), (5, 0), "left", layout)
        _note(ax, wrapped(name, 16 if layout.narrow else 26), (-widest / 2, place), (-5, 0), "right", layout)
    said = [f"{passed_label}: {short_amount(passed)}"]
    if (known > widest).any():
        said.append("A bar with a slanted gap is cut.")
    ax.annotate(
        "\n".join(said),
        (0, len(data) - 0.5),
        xytext=(0, -3),
        textcoords="offset points",
        ha="center",
        va="top",
        fontsize=layout.small_pt,
        linespacing=1.4,
        color=INK,
    )
    ax.set_xlim(-widest / 2, widest / 2)
    ax.set_ylim(len(data) - 0.5, -0.6)
    ax.set_axis_off()
    fig.suptitle(wrapped(label, 44 if layout.narrow else 100), fontsize=layout.small_pt, color=MUTED)
    return fig


def _widest(known: Floats) -> float:
    """Return the widest bar: one many times as wide as the narrowest would leave no room for the others."""
    low, top = float(np.nanmin(known)), float(np.nanmax(known))
    return max(min(top, _CUT_AT * low) if low > 0 else top, 1e-9)


def _stage(ax: Axes, place: int, doses: float, widest: float, narrowest: bool) -> None:
    """Draw one stage: above the band if it is the narrowest, behind it otherwise."""
    shown = widest if np.isnan(doses) else min(doses, widest)
    colour = HIGHLIGHT if narrowest else GRID if np.isnan(doses) else SOFT
    ax.barh(place, shown, left=-shown / 2, height=0.62, color=colour, zorder=4 if narrowest else 2)
    if doses <= widest or np.isnan(doses):
        return
    for side in (-1, 1):
        x = side * widest * 0.44
        gap = ([x - 0.012 * widest, x + 0.012 * widest], [place + 0.4, place - 0.4])
        ax.plot(*gap, color=PAPER, linewidth=2.5, solid_capstyle="butt", zorder=2.5)


def _note(
    ax: Axes, text: str, at: tuple[float, float], by: tuple[float, float], side: Side, layout: Layout
) -> None:
    ax.annotate(
        text,
        at,
        xytext=by,
        textcoords="offset points",
        ha=side,
        va="center",
        fontsize=layout.small_pt,
        color=INK,
        annotation_clip=False,
    )


def worth_ranges(
    data: pd.DataFrame,
    layout: Layout,
    *,
    name: str,
    low: str,
    high: str,
    label: str,
    key: str | None = None,
    highlight: str | None = None,
    most: int = 30,
) -> Figure:
    """Draw what one unit more and one less is worth: a dot where both agree, a line where they differ.

    Parameters
    ----------
    data
        Columns ``name``, ``low`` and ``high``, in any order of the two ends; an infinite one is drawn as an
        arrow, a missing one not at all.
    layout
        WIDE or NARROW.
    name, low, high
        Columns.
    label
        Axis label.
    key, highlight
        Column and value of the row that stands out.
    most
        Rows drawn at most.
    """
    require(data, [name, low, high], "worth_ranges")
    rows = data.head(most)
    if rows.empty:
        return empty_figure(layout)
    lows, highs = _values(rows[low]), _values(rows[high])
    ends = np.concatenate([lows[np.isfinite(lows)], highs[np.isfinite(highs)]])
    if not len(ends) and not np.isinf(highs).any():
        return empty_figure(layout)
    left, right, edge = _limits(ends)
    fig = figure(layout, 0.75 + 0.24 * len(rows))
    ax = fig.add_subplot()
    marks = rows[key or name].tolist()
    strong = [highlight is not None and mark == highlight for mark in marks]
    for place, (start, end) in enumerate(zip(lows, highs, strict=True)):
        colour = HIGHLIGHT if strong[place] else DATA
        both = [value for value in (start, end) if not np.isnan(value)]
        if both:
            first, last = max(min(both), left), min(max(both), edge)
            ax.plot(
                [first, last], [place, place], color=colour, linewidth=3, solid_capstyle="round", zorder=2
            )
            ax.plot([first], [place], marker="o", markersize=5, color=colour, clip_on=False, zorder=3)
            if max(both) > min(both):
                shape = ">" if np.isinf(max(both)) else "o"
                ax.plot([last], [place], marker=shape, markersize=5.5, color=colour, zorder=3)
    _rows(ax, [wrapped(item, 20 if layout.narrow else 40, lines=1) for item in rows[name]], layout, strong)
    ax.set_xlim(left, right)
    ax.xaxis.set_major_locator(MaxNLocator(4 if layout.narrow else 7, steps=[1, 2, 5, 10]))
    more = "; the axis does not begin at 0" if left > 0 else ""
    ax.set_xlabel(wrapped(label + more, 44 if layout.narrow else 90))
    return fig


def _limits(ends: Floats) -> tuple[float, float, float]:
    """Return where the axis begins and ends, and where values without end are cut.

    Dots, unlike bars, need not start at zero: where all values are alike, their differences are the news.
    """
    top = max(float(ends.max()), 0.0) if len(ends) else 0.0
    low = max(float(ends.min()), 0.0) if len(ends) else 0.0
    top = top if top > 0 else 1.0
    left = low - 0.15 * (top - low) if low > 0.6 * top and top > low else 0.0
    return left, top + 0.12 * (top - left), top + 0.07 * (top - left)


def changes(
    data: pd.DataFrame, layout: Layout, *, name: str, value: str, label: str, most: int = 25
) -> Figure:
    """Draw changes against a base case as bars to the left or right of zero, with the share at their end.

    Parameters
    ----------
    data
        Columns ``name`` and ``value`` (share: -0.2 is a fifth less).
    layout
        WIDE or NARROW.
    name, value
        Columns.
    label
        Axis label.
    most
        Rows drawn at most.
    """
    require(data, [name, value], "changes")
    rows = data.dropna(subset=[value]).head(most)
    if rows.empty:
        return empty_figure(layout)
    values = np.array(floats(rows[value]))
    fig = figure(layout, 0.75 + 0.27 * len(rows))
    ax = fig.add_subplot()
    ax.barh(range(len(rows)), values, color=np.where(values < 0, HIGHLIGHT, DATA), height=0.62, zorder=2)
    ax.axvline(0, color=MUTED, linewidth=0.8, zorder=3)
    reach = max(0.01, float(np.abs(values).max()))
    for place, number in enumerate(values):
        words = "0" if abs(number) < 0.0005 else _percent(float(number), "+.1%")
        side = 1 if number >= 0 else -1
        _note(ax, words, (float(number), place), (4 * side, 0), "left" if side > 0 else "right", layout)
    _rows(ax, [wrapped(item, 22 if layout.narrow else 44, lines=2) for item in rows[name]], layout)
    ax.spines["left"].set_visible(False)
    room = (0.45 if layout.narrow else 0.2) * reach
    below, above = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    ax.set_xlim(below - (room if below < 0 else 0.04 * reach), above + (room if above > 0 else 0.04 * reach))
    ax.xaxis.set_major_locator(MaxNLocator(4 if layout.narrow else 7, steps=[1, 2, 5, 10]))
    spec = ".0%" if reach >= 0.05 else ".1%"
    ax.xaxis.set_major_formatter(lambda number, _: _percent(number, spec))
    ax.set_xlabel(wrapped(label, 44 if layout.narrow else 90))
    return fig


def months(
    data: pd.DataFrame,
    layout: Layout,
    *,
    value: str,
    label: str,
    reference: float | None = None,
    reference_label: str = "",
) -> Figure:
    """Draw an amount by month as columns, with a line for what is needed.

    Parameters
    ----------
    data
        ``month`` and the column ``value``.
    layout
        WIDE or NARROW.
    value
        Column.
    label
        Axis label.
    reference, reference_label
        A level to compare with, and its words.
    """
    require(data, ["month", value], "months")
    numbers = np.array(floats(data[value]))
    if not np.isfinite(numbers).any():
        return empty_figure(layout)
    fig = figure(layout, 2.6)
    ax = fig.add_subplot()
    ax.bar(range(len(numbers)), np.nan_to_num(numbers), color=DATA, width=0.7, zorder=2)
    step = max(1, -(-len(numbers) // (7 if layout.narrow else 14)))
    days = list(pd.to_datetime(data["month"]))[::step]
    years = [place == 0 or day.year != days[place - 1].year for place, day in enumerate(days)]
    names = [f"{day:%b}\n{day:%Y}" if new else f"{day:%b}" for day, new in zip(days, years, strict=True)]
    ax.set_xticks(range(0, len(numbers), step), names)
    if reference is not None:
        ax.axhline(reference, color=HIGHLIGHT, linewidth=1.6, zorder=3)
        # Beside the columns, where nothing can lie beneath it.
        place = (len(numbers) - 0.4, reference)
        _note(ax, wrapped(reference_label, 12), place, (4, 0), "left", layout)
    style_axes(ax, layout, "y")
    ax.yaxis.set_major_formatter(lambda number, _: short_amount(number) if number else "0")
    ax.set_xlim(-0.6, len(numbers) - 0.4)
    ax.set_ylim(0, 1.08 * max(float(np.nanmax(numbers)), reference or 0.0, 1e-9))
    ax.set_ylabel(wrapped(label, 30))
    return fig


def _values(column: "pd.Series[Any]") -> Floats:
    """Return numbers with NaN for what is missing; what is infinite stays so."""
    numbers = pd.to_numeric(column.astype("object"), errors="coerce").astype("float64")
    return np.asarray(numbers, dtype=np.float64)


def _percent(number: float, spec: str) -> str:
    return format(number, spec).replace("-", "−").replace("%", "\u00a0%")


def _rows(ax: Axes, names: list[str], layout: Layout, strong: Sequence[bool] = ()) -> None:
    style_axes(ax, layout, "x")
    ax.set_yticks(range(len(names)), names, fontsize=layout.small_pt)
    ax.tick_params(axis="y", labelcolor=INK)
    ax.tick_params(axis="x", labelsize=layout.small_pt)
    for tick, bold in zip(ax.get_yticklabels(), strong, strict=False):
        tick.set_fontweight("bold" if bold else "normal")
    ax.set_ylim(len(names) - 0.4, -0.6)
