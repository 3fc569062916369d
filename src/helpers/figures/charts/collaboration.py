"""Charts of sessions: when they were, who came from where, and what they were about."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from helpers.figures.charts.common import empty_figure, floats, in_words, require, wrapped
from helpers.figures.charts.legends import dot, legend_below
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

SESSION, CUT_OFF = "session", "cut-off"
_DOT_PT = 7.0
_TICKS = (0.1, 0.3, 1, 3, 10, 30, 100)


def programme_calendar(data: pd.DataFrame, layout: Layout) -> Figure:
    """Draw the sessions of each series over time, and the cut-offs of its calls.

    Parameters
    ----------
    data
        One row a session or cut-off: ``series_name``, ``date``, ``what`` (session or cut-off), ``made_up``
        (sample session: hollow).
    layout
        WIDE or NARROW.
    """
    require(data, ["series_name", "date", "what", "made_up"], "programme_calendar")
    if data.empty:
        return empty_figure(layout)
    days = data.assign(day=mdates.date2num(pd.to_datetime(data["date"]))).sort_values("day")  # type: ignore[no-untyped-call]
    series = days.drop_duplicates("series_name")["series_name"].tolist()
    fig = figure(layout, 1.1 + 0.48 * len(series))
    ax = fig.add_subplot()
    style_axes(ax, layout, grid="x")
    width = 17 if layout.narrow else 32
    ax.set_yticks(range(len(series)), [wrapped(name, width) for name in series])
    ax.set_ylim(len(series) - 0.4, -0.6)
    ax.tick_params(axis="y", labelcolor=INK, labelsize=layout.small_pt if layout.narrow else layout.font_pt)
    _year_axis(ax, days["day"], layout)
    # Room in days that one mark takes, so that sessions of the same weeks stand above each other.
    room = float(np.ptp(ax.get_xlim())) * (_DOT_PT + 1.5) / (layout.width_in * 72 * 0.62)
    for place, name in enumerate(series):
        own = days[days["series_name"] == name]
        levels = _levels(own["day"].tolist(), room)
        for row, level in zip(own.to_dict("records"), levels, strict=True):
            _draw_event(ax, row, place - 0.22 * level)
    _explain_calendar(fig, days, layout)
    return fig


def _draw_event(ax: Axes, row: Mapping[Any, Any], place: float) -> None:
    cut_off = row["what"] == CUT_OFF
    colour = HIGHLIGHT if cut_off else DATA
    ax.plot(
        [row["day"]],
        [place],
        "D" if cut_off else "o",
        markersize=_DOT_PT - 1 if cut_off else _DOT_PT,
        markerfacecolor=PAPER if row["made_up"] else colour,
        markeredgecolor=colour,
        markeredgewidth=1.4,
        zorder=4,
    )


def _levels(days: Sequence[float], room: float) -> list[int]:
    """Put each mark on the lowest of three levels on which it covers none before it."""
    last = [-np.inf] * 3
    levels = []
    for day in days:
        free = [level for level, end in enumerate(last) if day - end >= room]
        level = free[0] if free else int(np.argmin(last))
        last[level] = day
        levels.append(level)
    return levels


def _year_axis(ax: Axes, days: "pd.Series[float]", layout: Layout) -> None:
    low, high = float(days.min()), float(days.max())
    slack = max((high - low) * 0.04, 20.0)
    ax.set_xlim(low - slack, high + slack)
    if high - low > 300:
        ax.xaxis.set_major_locator(mdates.YearLocator())  # type: ignore[no-untyped-call]
        ax.xaxis.set_major_formatter(mdates.DateFormatter("%Y"))  # type: ignore[no-untyped-call]
        months = (7,) if layout.narrow else (4, 7, 10)
        ax.xaxis.set_minor_locator(mdates.MonthLocator(bymonth=months))  # type: ignore[no-untyped-call]
        ax.xaxis.set_minor_formatter(mdates.DateFormatter("%b"))  # type: ignore[no-untyped-call]
    else:
        ax.xaxis.set_major_locator(mdates.AutoDateLocator(minticks=2, maxticks=4 if layout.narrow else 7))  # type: ignore[no-untyped-call]
        ax.xaxis.set_major_formatter(mdates.DateFormatter("%b %Y"))  # type: ignore[no-untyped-call]
    ax.tick_params(axis="x", which="both", labelsize=layout.small_pt, length=0, labelcolor=MUTED)


def _explain_calendar(fig: Figure, days: pd.DataFrame, layout: Layout) -> None:
    made_up = days["made_up"].astype(bool)
    session = days["what"] == SESSION
    kinds = [
        ((session & ~made_up).any(), dot(DATA, DATA, "Session, as announced")),
        ((session & made_up).any(), dot(DATA, PAPER, "Session, made up")),
        ((~session).any(), dot(HIGHLIGHT, HIGHLIGHT, "Cut-off of a call", "D")),
    ]
    legend_below(fig, [look for there, look in kinds if there], layout, columns=3)


def participation_rates(data: pd.DataFrame, layout: Layout, *, highlight: str | None = None) -> Figure:
    """Draw the organisations that took part for 10 clusters of their country, each in its interval.

    Parameters
    ----------
    data
        As `helpers.analysis.collaboration.shown_participation.country_table` returns it.
    layout
        WIDE or NARROW.
    highlight
        Eurostat code of a country that stands out.

    Notes
    -----
    The axis is logarithmic. Countries without anybody, whose number is held back, or of which no cluster
    is listed, have no dot and say so.
    """
    require(data, ["country", "name", "clusters", "per_10", "low", "high", "status"], "participation_rates")
    if data.empty:
        return empty_figure(layout)
    rows = _by_rate(data)
    fig = figure(layout, 0.9 + (0.23 if layout.narrow else 0.22) * len(rows))
    ax = fig.add_subplot()
    style_axes(ax, layout, grid="x")
    ax.set_yticks(range(len(rows)), [str(name) for name in rows["name"]])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.tick_params(axis="y", labelcolor=INK, labelsize=layout.small_pt)
    _rate_axis(ax, floats(rows["low"]) + floats(rows["high"]), layout)
    for place, row in enumerate(rows.to_dict("records")):
        strong = highlight is not None and row["country"] == highlight
        _draw_rate(ax, place, row, layout, strong=strong)
        if strong:
            ax.get_yticklabels()[place].set_fontweight("bold")
    return fig


def _by_rate(data: pd.DataFrame) -> pd.DataFrame:
    """Sort the highest rate first; then who is held back, then who is missing, most clusters first."""
    rate = pd.Series(floats(data["per_10"]), index=data.index)
    absent = data["status"] == "nobody came"
    order = pd.DataFrame(
        {
            "absent": absent,
            "none": rate.isna(),
            "rate": -rate.where(~absent),
            "size": -data["clusters"].fillna(0),
        }
    )
    return data.loc[order.sort_values(["absent", "none", "rate", "size"]).index].reset_index(drop=True)


def _rate_axis(ax: Axes, ends: Sequence[float], layout: Layout) -> None:
    known = [end for end in ends if end > 0]
    ax.set_xscale("log")
    ax.set_xlim(min([*known, 0.3]) * 0.8, max([*known, 3.0]) * 1.15)
    low, high = ax.get_xlim()
    ax.set_xticks([tick for tick in _TICKS if low <= tick <= high])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.tick_params(axis="x", which="both", labelsize=layout.small_pt, length=0)
    words = "Organisations for 10 clusters" + ("" if layout.narrow else " (logarithmic scale)")
    ax.set_xlabel(words, fontsize=layout.small_pt)


def _draw_rate(ax: Axes, place: int, row: Mapping[Any, Any], layout: Layout, *, strong: bool) -> None:
    rate, low, high = floats([row[name] for name in ("per_10", "low", "high")])
    if row["status"] == "shown" and rate > 0:
        colour = HIGHLIGHT if strong else DATA
        ax.hlines(
            [place], [low], [high], color=HIGHLIGHT if strong else SOFT, linewidth=1.8 if strong else 4.5
        )
        ax.plot([rate], [place], "D" if strong else "o", color=colour, markersize=6, zorder=4)
        return
    clusters = row["clusters"]
    words = str(row["status"]) if row["status"] != "shown" else "no cluster listed"
    if row["status"] == "nobody came" and pd.notna(clusters):
        words += f" ({int(str(clusters))} cluster{'' if clusters == 1 else 's'})"
    ax.annotate(
        in_words(words),
        (0, place),
        xycoords=("axes fraction", "data"),
        xytext=(4, 0),
        textcoords="offset points",
        va="center_baseline",
        fontsize=layout.small_pt,
        color=MUTED,
        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.0},
    )


def topics_over_time(data: pd.DataFrame, layout: Layout) -> Figure:
    """Draw how many sessions each topic had in each period: circles whose area is the number.

    Parameters
    ----------
    data
        ``period``, ``label``, ``sessions``; every period and topic, in the order drawn.
    layout
        WIDE or NARROW.
    """
    require(data, ["period", "label", "sessions"], "topics_over_time")
    if data.empty:
        return empty_figure(layout)
    periods, labels = (list(dict.fromkeys(data[name])) for name in ("period", "label"))
    fig = figure(layout, 0.9 + 0.33 * len(labels))
    ax = fig.add_subplot()
    style_axes(ax, layout, grid="both")
    ax.set_yticks(
        range(len(labels)), [wrapped(label, 16 if layout.narrow else 40, lines=2) for label in labels]
    )
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.set_xticks(
        range(len(periods)), [str(p).replace("-", "\n" if not layout.narrow else " ") for p in periods]
    )
    ax.set_xlim(-0.6, len(periods) - 0.4)
    ax.tick_params(axis="x", labelsize=layout.small_pt, labelrotation=90 if layout.narrow else 0)
    ax.tick_params(axis="y", labelcolor=INK, labelsize=layout.small_pt if layout.narrow else layout.font_pt)
    drawn = data[data["sessions"] > 0]
    most = max(int(drawn["sessions"].max()), 1) if len(drawn) else 1
    for row in drawn.to_dict("records"):
        at = (periods.index(row["period"]), labels.index(row["label"]))
        size = 20.0 * float(np.sqrt(row["sessions"] / max(most, 4)))
        ax.plot(*at, "o", markersize=size, color=DATA, markeredgecolor=PAPER, zorder=3)
        note = ax.annotate(
            str(row["sessions"]),
            at,
            ha="center",
            va="center_baseline",
            fontsize=layout.small_pt,
            color=ON_DARK,
            zorder=5,
        )
        note.set_in_layout(False)
    return fig
