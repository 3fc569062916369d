"""Charts of capacity: amounts with their bounds, ramp-up over months, sizes, and shares."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from helpers.figures.charts.common import (
    Bars,
    bar_colours,
    draw_bars,
    empty_figure,
    fit_labels,
    floats,
    require,
    wrapped,
)
from helpers.figures.style import DATA, HIGHLIGHT, INK, MUTED, SOFT, Layout, figure, style_axes
from helpers.figures.tables import format_cell

_STEPS = ((1e12, "T"), (1e9, "bn"), (1e6, "M"), (1e3, "k"))


def short_amount(value: float) -> str:
    """Write an amount with three digits and a short scale: k thousand, M million, bn thousand million.

    Examples
    --------
    >>> short_amount(1250), short_amount(3.2e7), short_amount(12), short_amount(0.4), short_amount(999_999)
    ('1.25k', '32M', '12', '0.4', '1M')
    """
    rounded = float(f"{value:.3g}")
    for step, sign in _STEPS:
        if abs(rounded) >= step:
            return f"{rounded / step:.3g}{sign}".replace("-", "−")
    return f"{rounded:.3g}".replace("-", "−")


def amount_ranges(
    data: pd.DataFrame,
    layout: Layout,
    *,
    label: str,
    name: str = "name",
    highlight: str | None = None,
    most: int = 30,
) -> Figure:
    """Draw totals with what they are at least and at most, one row a country, region or product.

    Parameters
    ----------
    data
        ``country`` (or any key), ``low``, ``point``, ``high`` in one unit, and the column ``name``. A missing
        ``high`` is open: an arrow; where ``low`` is missing, too, only the point is drawn. A row without
        ``point`` is named and says why in the words of ``shown``, if there is such a column. Drawn in the
        order given.
    layout
        WIDE or NARROW.
    label
        What is measured, with its unit.
    name
        Column with the names of the rows.
    highlight
        Key (column ``country``) that stands out.
    most
        Rows drawn at most.
    """
    require(data, [name, "low", "point", "high"], "amount_ranges")
    rows = data.head(most)
    if rows.empty:
        return empty_figure(layout)
    low, point, high = (np.array(floats(rows[column])) for column in ("low", "point", "high"))
    fig = figure(layout, 0.75 + 0.235 * len(rows))
    ax = fig.add_subplot()
    style_axes(ax, layout, grid="x")
    keys = rows["country"].tolist() if "country" in rows.columns else rows[name].tolist()
    colours = [HIGHLIGHT if key == highlight else DATA for key in keys]
    places = np.arange(len(rows))
    positive = np.concatenate([low[low > 0], point[point > 0], high[high > 0]])
    edge = float(positive.max()) if len(positive) else 1.0
    _draw_ranges(ax, places, low, point, np.where(np.isnan(high), edge * 1.15, high), colours)
    open_ended = np.isnan(high) & ~np.isnan(low) & ~np.isnan(point)
    ax.plot(np.full(open_ended.sum(), edge * 1.15), places[open_ended], ">", color=MUTED, markersize=5)
    if "shown" in rows.columns:
        _say_why(ax, places[np.isnan(point)], rows.loc[np.isnan(point), "shown"], layout)
    longest = 18 if layout.narrow else 34
    ax.set_yticks(places, [wrapped(text, longest, lines=1) for text in rows[name]])
    ax.tick_params(axis="y", labelcolor=INK)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    for tick, key in zip(ax.get_yticklabels(), keys, strict=True):
        tick.set_fontweight("bold" if key == highlight else "normal")
    _amount_axis(ax, positive, layout)
    ax.set_xlabel(wrapped(label, 44 if layout.narrow else 90))
    return fig


def _say_why(ax: Axes, places: Iterable[int], words: Iterable[str], layout: Layout) -> None:
    """Say in each empty row why it is empty, so that held back does not look like none."""
    for place, text in zip(places, words, strict=True):
        ax.annotate(
            str(text),
            (0.0, place),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            va="center_baseline",
            fontsize=layout.small_pt,
            color=MUTED,
        )


def _draw_ranges(
    ax: Axes,
    places: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    low: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    point: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    high: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    colours: Sequence[str],
) -> None:
    drawn = ~np.isnan(point)
    ranged = drawn & ~np.isnan(low)
    ax.hlines(places[ranged], low[ranged], high[ranged], color=SOFT, linewidth=4.5)
    for place, value, colour in zip(places[drawn], point[drawn], np.array(colours)[drawn], strict=True):
        ax.plot([value], [place], "o", color=colour, markersize=5.5)


def _amount_axis(ax: Axes, positive: "np.ndarray[tuple[int], np.dtype[np.float64]]", layout: Layout) -> None:
    """Choose a logarithmic scale where the amounts span more than two powers of ten."""
    spread = float(positive.max() / positive.min()) if len(positive) else 1.0
    if spread > 100:
        ax.set_xscale("log")
        ax.xaxis.set_major_locator(LogLocator(numticks=5 if layout.narrow else 8))
        ax.xaxis.set_minor_formatter(NullFormatter())
        ax.set_xlim(float(positive.min()) / 1.6, float(positive.max()) * 1.6)
    else:
        ax.xaxis.set_major_locator(MaxNLocator(4 if layout.narrow else 6))
        ax.set_xlim(0, None)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: short_amount(float(value))))
    ax.tick_params(axis="x", labelsize=layout.small_pt)


def ramp_up(data: pd.DataFrame, layout: Layout, *, label: str) -> Figure:
    """Draw the capacity that is available by month.

    Parameters
    ----------
    data
        ``month`` (first day), ``point``: cumulative, in one unit. With ``low`` and ``high`` a band shows what
        is stated at least and at most.
    layout
        WIDE or NARROW.
    label
        What is measured, with its unit.
    """
    require(data, ["month", "point"], "ramp_up")
    rows = data.dropna(subset=["month"]).sort_values("month")
    if rows.empty:
        return empty_figure(layout)
    fig = figure(layout, 2.9 if layout.narrow else 3.3)
    ax = fig.add_subplot()
    style_axes(ax, layout, grid="y")
    # The last step is as wide as the others, or it could not be seen.
    months = pd.DatetimeIndex([*rows["month"], rows["month"].iloc[-1] + pd.DateOffset(months=1)])
    point = np.array(floats(rows["point"]))[[*range(len(rows)), -1]]
    if {"low", "high"} <= set(rows.columns):
        low, high = (np.array(floats(rows[end]))[[*range(len(rows)), -1]] for end in ("low", "high"))
        ax.fill_between(months, low, high, step="post", color=SOFT, alpha=0.5, linewidth=0)
    ax.step(months, point, where="post", color=DATA, linewidth=2)
    ax.plot(months[-1:], point[-1:], "o", color=DATA, markersize=5, clip_on=False)
    ax.annotate(
        short_amount(float(point[-1])),
        (months[-1], float(point[-1])),
        xytext=(-6, 6),
        textcoords="offset points",
        ha="right",
        fontsize=layout.font_pt,
        color=INK,
    )
    ax.set_ylim(0, None)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: short_amount(float(value))))
    locator = AutoDateLocator(maxticks=5 if layout.narrow else 9)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    form = ConciseDateFormatter(locator, show_offset=False)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_formatter(form)
    ax.set_ylabel(wrapped(label, 40))
    return fig


def size_distribution(data: pd.DataFrame, layout: Layout, *, label: str) -> Figure:
    """Draw the share of respondents with at most each capacity; the band is what ranges leave open.

    Parameters
    ----------
    data
        ``amount`` (rising, one unit), ``share_low`` and ``share_high``: bounds of the share of respondents
        with at most this amount; ``fitted`` (optional): the share by the fitted distribution.
    layout
        WIDE or NARROW.
    label
        What is measured, with its unit.
    """
    require(data, ["amount", "share_low", "share_high"], "size_distribution")
    rows = data[pd.to_numeric(data["amount"], errors="coerce") > 0].sort_values("amount")
    if rows.empty:
        return empty_figure(layout)
    fig = figure(layout, 3.0 if layout.narrow else 3.4)
    ax = fig.add_subplot()
    style_axes(ax, layout, grid="both")
    amounts = np.array(floats(rows["amount"]))
    low, high = (np.array(floats(rows[column])) for column in ("share_low", "share_high"))
    ax.fill_between(amounts, low, high, step="post", color=SOFT, alpha=0.6, linewidth=0)
    ax.step(amounts, (low + high) / 2, where="post", color=DATA, linewidth=1.8)
    if "fitted" in rows.columns:
        ax.plot(amounts, floats(rows["fitted"]), color=HIGHLIGHT, linewidth=1.4, linestyle=(0, (4, 2)))
    _amount_axis(ax, amounts, layout)
    ax.set_ylim(0, 1)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: format_cell(value, ".0%")))
    ax.set_ylabel("Respondents with at most this")
    ax.set_xlabel(wrapped(label, 44 if layout.narrow else 90))
    return fig


def share_bars(
    data: pd.DataFrame,
    layout: Layout,
    *,
    name: str,
    value: str,
    label: str,
    text: str | None = None,
    spec: str = ".0%",
    key: str | None = None,
    highlight: str | None = None,
    most: int = 40,
) -> Figure:
    """Draw one bar a row, longest names wrapped, in the order given.

    Parameters
    ----------
    data
        Columns ``name`` and ``value``, and ``text`` if given: what is written at the end of a bar.
    layout
        WIDE or NARROW.
    name, value, text
        Columns.
    label
        Axis label.
    spec
        Format of the values.
    key, highlight
        Column and value of the row that stands out.
    most
        Bars drawn at most.
    """
    require(data, [name, value, *([text] if text else [])], "share_bars")
    rows = data.head(most)
    if rows.empty:
        return empty_figure(layout)
    colours, strong = bar_colours(rows[key or name].tolist(), highlight)
    names = [wrapped(item, 24 if layout.narrow else 40, lines=2) for item in rows[name]]
    bars = Bars(
        names=names,
        values=floats(rows[value]),
        labels=[str(item) for item in rows[text]]
        if text
        else [format_cell(item, spec) for item in rows[value]],
        colours=colours,
        strong=strong,
    )
    height_in = 0.36 if any("\n" in item for item in names) else 0.24
    fig = figure(layout, 0.55 + height_in * len(rows))
    ax = fig.add_subplot()
    draw_bars(ax, bars, layout, spec=spec)
    ax.set_xlabel(wrapped(label, 44 if layout.narrow else 90))
    fit_labels(fig, [ax])
    return fig
