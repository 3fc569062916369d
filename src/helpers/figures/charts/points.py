"""Dated figures as points on a time axis."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from helpers.figures.charts.common import require, stated
from helpers.figures.charts.labels import PointLabel
from helpers.figures.style import MUTED, PAPER, Layout, style_axes
from helpers.figures.tables import format_cell

TIMELINE_COLUMNS = ("indicator", "period_start", "period_end", "qualifier", "value", "scope")
_MARK_WORDS = {"exact": "● exact", "at_least": "△ at least (≥)", "about": "○ about (≈)"}
_ARROW_PT = 15.0
_LONGEST_POINT_DAYS = 31


@dataclass(frozen=True)
class Point:
    """One dated figure.

    Attributes
    ----------
    indicator, qualifier, scope
        As in the timeline.
    value
        The figure as stated.
    start, end
        First and last day that the stated date can mean.
    """

    indicator: str
    qualifier: str
    scope: str
    value: float
    start: pd.Timestamp
    end: pd.Timestamp

    @property
    def days(self) -> tuple[float, float]:
        """First and last day as matplotlib's day numbers."""
        return day_number(self.start), day_number(self.end)

    @property
    def middle(self) -> float:
        """Middle of the period as a day number."""
        return sum(self.days) / 2

    @property
    def bound(self) -> bool:
        """Whether the true value may be higher."""
        return self.qualifier == "at_least"

    def label(self, body: str, size: float) -> PointLabel:
        """Return the label of the point: the value in bold, then other words."""
        head = stated(self.value, self.qualifier)
        return PointLabel(self.middle, self.value, head, body, size, _ARROW_PT if self.bound else 0.0)


def day_number(day: pd.Timestamp) -> float:
    """Return a date as matplotlib counts days."""
    return float(mdates.date2num(day.to_pydatetime()))  # type: ignore[no-untyped-call]


def timeline_points(data: pd.DataFrame, indicators: Iterable[str], chart: str) -> list[Point]:
    """Return the figures of some indicators in order of time; a missing value is left out.

    Raises
    ------
    InputError
        If a column of the timeline is missing.
    """
    require(data, TIMELINE_COLUMNS, chart)
    rows = data[data["indicator"].isin(list(indicators)) & data["value"].notna()]
    points = [
        Point(
            indicator=str(row["indicator"]),
            qualifier=str(row["qualifier"]),
            scope=str(row["scope"]),
            value=float(row["value"]),
            start=pd.Timestamp(row["period_start"]),
            end=pd.Timestamp(row["period_end"]),
        )
        for row in rows[list(TIMELINE_COLUMNS)].to_dict("records")
    ]
    return sorted(points, key=lambda point: (point.middle, point.value, point.scope))


def exact_line(points: Sequence[Point]) -> NDArray[np.float64]:
    """Return the exact figures as a line, shape (n, 2)."""
    exact = [(point.middle, point.value) for point in points if point.qualifier == "exact"]
    return np.array(exact, dtype=np.float64).reshape(-1, 2)


def time_axes(ax: Axes, points: Sequence[Point], layout: Layout, *, top: float) -> None:
    """Give axes a time axis around all points and a value axis from zero to ``top``."""
    start, end = min(point.start for point in points), max(point.end for point in points)
    margin = max((end - start) * 0.1, pd.Timedelta(days=120))
    ax.set_xlim(day_number(start - margin), day_number(end + margin))
    ax.set_ylim(0, top or 1)
    style_axes(ax, layout, grid="y")
    ax.spines["bottom"].set_visible(True)
    ticks = date_ticks(start - margin, end + margin, 4 if layout.narrow else 8)
    yearly = all(day.month == 1 for day in ticks)
    ax.set_xticks(list(map(day_number, ticks)), [f"{day:%Y}" if yearly else f"{day:%b %Y}" for day in ticks])
    ax.yaxis.set_major_locator(MaxNLocator(5, integer=True, steps=[1, 2, 5, 10]))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: format_cell(value, ",.0f")))


def date_ticks(start: pd.Timestamp, end: pd.Timestamp, most: int) -> list[pd.Timestamp]:
    """Return round dates from start to end: the first of January, or of months where the span is short.

    Examples
    --------
    >>> [str(day.date()) for day in date_ticks(pd.Timestamp("2017-02-01"), pd.Timestamp("2022-05-01"), 4)]
    ['2018-01-01', '2020-01-01', '2022-01-01']
    """
    years = range(start.year, end.year + 1)
    for months in (1, 2, 3, 6, 12):
        firsts = [pd.Timestamp(year, month, 1) for year in years for month in range(1, 13, months)]
        days = [day for day in firsts if start <= day <= end]
        if len(days) <= most:
            return days
    step = next(step for step in (2, 5, 10, 20, 50, 100, 1000) if len(years) / step <= most)
    return [
        pd.Timestamp(year, 1, 1) for year in years if year % step == 0 and pd.Timestamp(year, 1, 1) >= start
    ]


def draw_point(ax: Axes, point: Point, colour: str) -> None:
    """Draw a dot (exact), a ring (about) or an open triangle with an arrow (at least).

    A bar across the mark is the period that the date can mean, if it is longer than a month.
    """
    first, last = point.days
    if last - first > _LONGEST_POINT_DAYS:
        ax.plot([first, last], [point.value, point.value], color=colour, linewidth=1)
    shape: Literal["^", "o"] = "^" if point.bound else "o"
    fill = colour if point.qualifier == "exact" else PAPER
    ax.plot(
        [point.middle],
        [point.value],
        shape,
        color=colour,
        markerfacecolor=fill,
        markeredgewidth=1.4,
        markersize=6.5,
        zorder=4,
    )
    if point.bound:
        arrow = {"arrowstyle": "<-", "color": colour, "linewidth": 1.2, "shrinkB": 3, "shrinkA": 0}
        ax.annotate(
            "",
            (point.middle, point.value),
            xytext=(0, _ARROW_PT),
            textcoords="offset points",
            arrowprops=arrow,
            zorder=3,
        ).set_in_layout(False)


def explain_marks(fig: Figure, points: Sequence[Point], layout: Layout) -> None:
    """Say under the picture what the marks mean that occur in it."""
    used = [
        words for qualifier, words in _MARK_WORDS.items() if any(qualifier == p.qualifier for p in points)
    ]
    fig.supxlabel("    ".join(used), fontsize=layout.small_pt, color=MUTED, x=0.99, ha="right")


def period_words(start: pd.Timestamp, end: pd.Timestamp) -> str:
    """Write a period as short as its precision allows.

    Examples
    --------
    >>> period_words(pd.Timestamp("2021-02-01"), pd.Timestamp("2021-02-28"))
    'Feb 2021'
    """
    if start == end:
        return f"{start.day} {start:%b %Y}"
    if (start.year, start.month) == (end.year, end.month):
        return f"{start:%b %Y}"
    if start.year == end.year and (start.month, end.month) == (1, 12):
        return str(start.year)
    return f"{start:%b %Y} to {end:%b %Y}"
