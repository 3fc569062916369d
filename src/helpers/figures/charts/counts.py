"""Bars: countries in order, regions, and the mix of members."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.figures.charts.common import (
    Bars,
    bar_colours,
    draw_bars,
    empty_figure,
    fit_labels,
    floats,
    in_words,
    require,
    wrapped,
)
from helpers.figures.downloads import is_missing
from helpers.figures.style import INK, MUTED, PAPER, Layout, figure
from helpers.figures.tables import format_cell

VALUES: dict[str, tuple[str, str]] = {
    "organisations": ("Cluster organisations", ",d"),
    "share": ("Share of cluster organisations", ".1%"),
    "per_million": ("Cluster organisations per million inhabitants", ",.1f"),
    "per_billion_usd": ("Cluster organisations per billion US dollars of GDP", ",.2f"),
    "location_quotient": ("Location quotient (1 = in proportion to population)", ",.2f"),
    "population": ("Inhabitants", ",d"),
}
"""Column of the country table -> axis label and number format."""

MEMBER_KINDS = {
    "sme_share": "Small and medium-sized enterprises",
    "corporate_share": "Large companies",
    "research_share": "Research organisations",
}
_SHORT_KINDS = {"sme_share": "SMEs", "corporate_share": "Large companies", "research_share": "Research"}
_ROW_IN = 0.2
_AXIS_IN = 0.55


def country_ranking(
    data: pd.DataFrame,
    layout: Layout,
    *,
    value: str = "organisations",
    label: str | None = None,
    highlight: str | None = None,
    reference: float | None = None,
    reference_label: str = "",
) -> Figure:
    """Draw countries as bars in falling order of one value.

    Parameters
    ----------
    data
        Country table: ``country``, ``name`` and the column drawn. A missing value draws no bar and is listed
        last as "not listed".
    layout
        WIDE or NARROW.
    value
        Column to draw.
    label
        Axis label; by default what :data:`VALUES` says of the column.
    highlight
        Country code that stands out.
    reference
        Value of a line to compare with, e.g. that of all countries together.
    reference_label
        What the line says, with its value.
    """
    require(data, ["country", "name", value], "country_ranking")
    words, spec = VALUES.get(value, (in_words(value), ""))
    rows = data.assign(_value=floats(data[value]), _name=data["name"].astype("object"))
    rows = rows.sort_values(["_value", "_name"], ascending=[False, True], na_position="last", kind="stable")
    if rows["_value"].isna().all():
        return empty_figure(layout)
    colours, strong = bar_colours(rows["country"].tolist(), highlight)
    width = 24 if layout.narrow else 40
    bars = Bars(
        names=[wrapped(name, width, lines=1) for name in rows["_name"]],
        values=rows["_value"].tolist(),
        labels=[
            "not listed" if is_missing(number) else format_cell(number, spec) for number in rows["_value"]
        ],
        colours=colours,
        strong=strong,
    )
    fig = figure(layout, _AXIS_IN + _ROW_IN * (len(rows) + (1 if reference is not None else 0)))
    ax = fig.add_subplot()
    draw_bars(ax, bars, layout, spec=spec)
    ax.set_xlabel(wrapped(label or words, 42 if layout.narrow else 90))
    fit_labels(fig, [ax])
    if reference is not None:
        _reference_line(ax, reference, reference_label, len(rows), layout)
    return fig


def _reference_line(ax: Axes, value: float, words: str, rows: int, layout: Layout) -> None:
    """Draw a line to compare with, and say what it is in a row of its own under the bars."""
    for note in ax.texts:
        note.set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 0.4})
    ax.axvline(value, color=INK, linewidth=0.9, linestyle=(0, (4, 2)))
    left, right = ax.get_xlim()
    ax.set_xlim(left, max(right, value * 1.02))
    ax.set_ylim(rows + 0.6, -0.6)
    first_half = value < ax.get_xlim()[1] / 2
    note = ax.annotate(
        wrapped(words, 26 if layout.narrow else 60, lines=1),
        (value, rows),
        xytext=(4 if first_half else -4, 0),
        textcoords="offset points",
        ha="left" if first_half else "right",
        va="center_baseline",
        fontsize=layout.font_pt,
        color=INK,
    )
    note.set_in_layout(False)


def region_bars(data: pd.DataFrame, layout: Layout, *, value: str = "seats", limit: int = 25) -> Figure:
    """Draw regions as bars in falling order, the longest ``limit`` of those that have any.

    Parameters
    ----------
    data
        Region table: ``region`` (name), ``nuts2`` and the column drawn.
    layout
        WIDE or NARROW.
    value
        Column to draw.
    limit
        Most regions drawn; the axis says how many more there are.
    """
    require(data, ["region", "nuts2", value], "region_bars")
    rows = data.assign(_value=floats(data[value]))
    rows = rows[rows["_value"] > 0].sort_values(["_value", "region"], ascending=[False, True], kind="stable")
    if rows.empty:
        return empty_figure(layout)
    shown = rows.head(limit)
    names = [_region_name(name, code) for name, code in zip(shown["region"], shown["nuts2"], strict=True)]
    above = layout.narrow and max(map(len, names)) > 20
    bars = Bars(
        names=[wrapped(name, 52 if above else 44, lines=1) for name in names],
        values=shown["_value"].tolist(),
        labels=[format_cell(number, ",d") for number in shown["_value"]],
        colours=bar_colours(names, None)[0],
    )
    fig = figure(layout, _AXIS_IN + (0.34 if above else _ROW_IN) * len(shown))
    ax = fig.add_subplot()
    draw_bars(ax, bars, layout, spec=",d", above=above)
    words = "Seats of cluster organisations" if value == "seats" else in_words(value)
    rest = _rest(len(rows) - len(shown), len(data) - len(rows))
    ax.set_xlabel(wrapped(words + rest, 46 if layout.narrow else 100))
    fit_labels(fig, [ax])
    return fig


def _region_name(name: object, code: object) -> str:
    return str(code) if is_missing(name) else str(name)


def _rest(fewer: int, none: int) -> str:
    """Say how many regions are not drawn.

    Examples
    --------
    >>> _rest(3, 1)
    '. Not drawn: 3 regions with fewer, 1 without any'
    """
    parts = []
    if fewer:
        parts.append(f"{fewer} region{'s' if fewer > 1 else ''} with fewer")
    if none:
        parts.append(f"{none}{'' if fewer else ' region' + ('s' if none > 1 else '')} without any")
    return f". Not drawn: {', '.join(parts)}" if parts else ""


def member_mix(data: pd.DataFrame, layout: Layout, *, highlight: str | None = "All ecosystems") -> Figure:
    """Draw the median shares of small, large and research members, ecosystem by ecosystem.

    The three shares stand side by side and not on top of each other: medians of separate distributions need
    not sum to one.

    Parameters
    ----------
    data
        ``ecosystem``, ``sme_share``, ``corporate_share``, ``research_share`` (0 to 1).
    layout
        WIDE or NARROW.
    highlight
        Ecosystem that stands out; it is drawn first.
    """
    require(data, ["ecosystem", *MEMBER_KINDS], "member_mix")
    if data.empty:
        return empty_figure(layout)
    first = data["ecosystem"] == highlight
    rows = pd.concat([data[first], data[~first].sort_values("sme_share", ascending=False, kind="stable")])
    shares = {column: floats(rows[column]) for column in MEMBER_KINDS}
    # One scale for all: each panel is as wide as its longest bar and a label need.
    room = 0.35 if layout.narrow else 0.22
    limits = [float(np.nanmax([*values, 0.0])) + room for values in shares.values()]
    fig = figure(layout, 0.5 + (0.36 if layout.narrow else 0.26) * len(rows))
    axes = fig.subplots(1, 3, width_ratios=limits)
    colours, strong = bar_colours(rows["ecosystem"].tolist(), highlight)
    for position, (ax, column) in enumerate(zip(axes, MEMBER_KINDS, strict=True)):
        bars = Bars(
            names=[wrapped(name, 52, lines=1) if position == 0 else "" for name in rows["ecosystem"]],
            values=shares[column],
            labels=[format_cell(share, ".0%") for share in rows[column]],
            colours=colours,
            strong=strong,
        )
        draw_bars(ax, bars, layout, spec=".0%", above=layout.narrow)
        ax.set_xlim(0, limits[position])
        ax.grid(False)
        ax.set_xticks([])
        kind = (_SHORT_KINDS if layout.narrow else MEMBER_KINDS)[column]
        ax.set_title(
            wrapped(kind, 34 if position == 0 else 14), loc="left", fontsize=layout.font_pt, color=MUTED
        )
    return fig
