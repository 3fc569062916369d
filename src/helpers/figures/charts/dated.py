"""Dated figures: registered organisations over time, and the growth of the Alliance."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from helpers.figures.charts.common import empty_figure, wrapped
from helpers.figures.charts.labels import place_labels
from helpers.figures.charts.points import (
    draw_point,
    exact_line,
    explain_marks,
    period_words,
    time_axes,
    timeline_points,
)
from helpers.figures.style import ACCENTS, INK, MUTED, Layout, figure

ALLIANCE = {
    "alliance_national_associations": "National associations",
    "alliance_clusters_represented": "Clusters that they represent",
}
"""Indicator of the timeline -> heading of its panel."""


def organisations_over_time(
    data: pd.DataFrame,
    layout: Layout,
    *,
    indicator: str = "cluster_organisations_registered",
    groups: Mapping[str, str] | None = None,
    label: str = "Cluster organisations registered",
) -> Figure:
    """Draw dated counts, exact ones and bounds.

    A dot is an exact figure, an open triangle with an arrow "at least", a ring "about". Figures are joined by
    a line only where they are exact and speak of the same scope. A bar across a mark is the period that the
    stated date can mean, if it is longer than a month.

    Parameters
    ----------
    data
        Rows of the timeline.
    layout
        WIDE or NARROW.
    indicator
        Indicator to draw; other rows are left out.
    groups
        Scope -> name of a group of scopes that can be compared; those share a colour and a line. By default
        each scope stands for itself.
    label
        Axis label.
    """
    points = timeline_points(data, [indicator], "organisations_over_time")
    if not points:
        return empty_figure(layout)
    group_of = {point.scope: (groups or {}).get(point.scope, point.scope) for point in points}
    colours = _colours(list(group_of.values()))
    fig = figure(layout, 4.9 if layout.narrow else 4.3)
    ax = fig.add_subplot()
    highest = max(point.value for point in points)
    time_axes(ax, points, layout, top=highest * (1.2 if layout.narrow else 1.12))
    ax.set_ylabel(label)
    explain_marks(fig, points, layout)
    lines = []
    for group, colour in colours.items():
        lines.append(exact_line([point for point in points if group_of[point.scope] == group]))
        ax.plot(lines[-1][:, 0], lines[-1][:, 1], color=colour, linewidth=1.2, zorder=2)
    for point in points:
        draw_point(ax, point, colours[group_of[point.scope]])
    width = 16 if layout.narrow else 24
    labels = [point.label(wrapped(point.scope, width), layout.small_pt) for point in points]
    place_labels(fig, ax, labels, [line for line in lines if len(line) > 1])
    return fig


def _colours(groups: list[str]) -> dict[str, str]:
    """Give each group a colour; past the last one they share the muted one, and labels tell them apart."""
    names = list(dict.fromkeys(groups))
    return {name: ACCENTS[place] if place < len(ACCENTS) else MUTED for place, name in enumerate(names)}


def alliance_membership(
    data: pd.DataFrame, layout: Layout, *, indicators: Mapping[str, str] | None = None
) -> Figure:
    """Draw how the Alliance grew: national associations, and the clusters they stand for.

    Parameters
    ----------
    data
        Rows of the timeline.
    layout
        WIDE or NARROW.
    indicators
        Indicator -> heading of its panel, in order, by default :data:`ALLIANCE`; each panel starts at zero.
    """
    headings = dict(indicators or ALLIANCE)
    points = timeline_points(data, headings, "alliance_membership")
    panels = {name: [point for point in points if point.indicator == name] for name in headings}
    panels = {name: members for name, members in panels.items() if members}
    if not panels:
        return empty_figure(layout)
    fig = figure(layout, 0.5 + (2.2 if layout.narrow else 1.9) * len(panels))
    axes = fig.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
    explain_marks(fig, points, layout)
    for place, (ax, (name, members)) in enumerate(zip(axes, panels.items(), strict=True)):
        colour = ACCENTS[0] if place % 2 == 0 else ACCENTS[2]
        time_axes(ax, points, layout, top=1.3 * max(point.value for point in members))
        ax.set_title(headings[name], loc="left", fontsize=layout.font_pt, color=INK)
        ax.vlines(
            [point.middle for point in members],
            0,
            [point.value for point in members],
            color=colour,
            linewidth=1.2,
        )
        for point in members:
            draw_point(ax, point, colour)
    for ax, members in zip(axes, panels.values(), strict=True):
        labels = [point.label(period_words(point.start, point.end), layout.small_pt) for point in members]
        stems = [np.array([[label.x, 0.0], [label.x, label.y]]) for label in labels]
        place_labels(fig, ax, labels, stems)
    return fig
