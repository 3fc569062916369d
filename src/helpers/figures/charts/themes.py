"""Charts of themes: how many answers name each, how sure that is, and how it changes from wave to wave."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from helpers.figures.charts.common import empty_figure, floats, require, wrapped
from helpers.figures.charts.legends import dot, legend_below
from helpers.figures.style import DATA, HIGHLIGHT, INK, MUTED, PAPER, SOFT, Layout, figure, style_axes
from helpers.figures.tables import format_cell

VALIDATED = "validated"
NONE_STATED = "none stated"
_ROW_IN = 0.27
_OWN = ("own", "own_low", "own_high", "own_method", "own_status")


def theme_shares(
    data: pd.DataFrame, layout: Layout, *, name: str = "All", own_name: str | None = None
) -> Figure:
    """Draw the share of answers that name each theme: a dot in its interval, hollow where nobody checked.

    Parameters
    ----------
    data
        In the order drawn: ``label``, ``share``, ``low``, ``high`` (missing where there is no interval),
        ``method`` (validated: checked on a sample coded by people), ``rare``, ``status`` (a row that is not
        ``shown`` says so in words). Optional: the same of one country, ``own``, ``own_low``, ``own_high``,
        ``own_method``, ``own_status``.
    layout
        WIDE or NARROW.
    name, own_name
        Names of the group and of that country.
    """
    require(data, ["label", "share", "low", "high", "method", "rare", "status"], "theme_shares")
    if data.empty:
        return empty_figure(layout)
    own = own_name is not None and set(_OWN) <= set(data.columns)
    row_in = 0.36 if layout.narrow or own else _ROW_IN
    fig = figure(layout, 1.0 + row_in * len(data))
    ax = fig.add_subplot()
    shift = 0.19 if own else 0.0
    kinds = _draw_estimates(ax, data, ("share", "low", "high", "method"), -shift, DATA, "o")
    found = {("all", kind) for kind in kinds}
    if own:
        kinds = _draw_estimates(ax, data, _OWN[:4], shift, HIGHLIGHT, "D")
        found |= {("own", kind) for kind in kinds}
    _name_themes(ax, data["label"], layout)
    _say_status(ax, data, "status", -shift, layout)
    if own:
        _say_status(ax, data, "own_status", shift, layout, only_held_back=True)
    _share_axis(ax, layout)
    _explain(fig, found, (name, own_name or ""), layout)
    return fig


def _draw_estimates(
    ax: Axes, data: pd.DataFrame, columns: Sequence[str], shift: float, colour: str, mark: str
) -> list[str]:
    """Draw dots and intervals, ``shift`` rows below the middle; return which kinds there are."""
    share, low, high = (np.array(floats(data[column])) for column in columns[:3])
    places = np.arange(len(data)) + shift
    known = ~np.isnan(low) & ~np.isnan(high)
    soft = SOFT if colour == DATA else colour
    ax.hlines(places[known], low[known], high[known], color=soft, linewidth=4.5 if colour == DATA else 1.6)
    kinds = []
    for place, value, method in zip(places, share, data[columns[3]], strict=True):
        if np.isnan(value):
            continue
        kinds.append(VALIDATED if method == VALIDATED else "machine")
        ax.plot(
            [value],
            [place],
            mark,
            color=colour,
            markerfacecolor=colour if method == VALIDATED else PAPER,
            markeredgewidth=1.4,
            markersize=6 if mark == "o" else 5,
            zorder=4,
            clip_on=False,
        )
    return sorted(set(kinds))


def _name_themes(ax: Axes, labels: "pd.Series[str]", layout: Layout) -> None:
    style_axes(ax, layout, grid="x")
    width, lines = (24, 2) if layout.narrow else (46, 1)
    ax.set_yticks(range(len(labels)), [wrapped(label, width, lines=lines) for label in labels])
    ax.tick_params(axis="y", labelcolor=INK, labelsize=layout.small_pt if layout.narrow else layout.font_pt)
    ax.set_ylim(len(labels) - 0.4, -0.6)


def _say_status(
    ax: Axes, data: pd.DataFrame, column: str, shift: float, layout: Layout, *, only_held_back: bool = False
) -> None:
    """Say in words what a row without a dot means, and which themes are rare."""
    share = floats(data["own" if only_held_back else "share"])
    high = floats(data["own_high" if only_held_back else "high"])
    rare = data["rare"].astype(bool) & (not only_held_back)
    for place, (status, value, end, few) in enumerate(zip(data[column], share, high, rare, strict=True)):
        nothing = bool(np.isnan(value)) or (status == NONE_STATED and value == 0)
        if not nothing and not few:
            continue
        words = str(status) if nothing else "rare"
        at = 0.0 if nothing else float(np.nanmax([value, end]))
        ax.annotate(
            words,
            (at, place + shift),
            xytext=(6, 0),
            textcoords="offset points",
            va="center_baseline",
            fontsize=layout.small_pt,
            color=MUTED,
        )


def _share_axis(ax: Axes, layout: Layout) -> None:
    ax.set_xlim(left=0)
    ax.xaxis.set_major_locator(MaxNLocator(4 if layout.narrow else 7, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: format_cell(round(value, 6), ".0%")))
    ax.tick_params(axis="x", labelsize=layout.small_pt)
    ax.set_xlabel("Share of the answers")


def _explain(fig: Figure, found: set[tuple[str, str]], names: tuple[str, str], layout: Layout) -> None:
    """Say under the picture what the marks that occur in it mean."""
    checked, alone = "checked on a sample coded by people", "by the machine alone, not checked"
    name, own_name = names
    words = {
        ("all", VALIDATED): (f"{name}, {checked}", DATA, "o", DATA),
        ("all", "machine"): (f"{name}, {alone}", DATA, "o", PAPER),
        ("own", VALIDATED): (f"{own_name}, {checked}", HIGHLIGHT, "D", HIGHLIGHT),
        ("own", "machine"): (f"{own_name}, {alone}", HIGHLIGHT, "D", PAPER),
    }
    handles = [
        dot(edge, face, text, mark) for kind, (text, edge, mark, face) in words.items() if kind in found
    ]
    legend_below(fig, handles, layout, columns=2)


def theme_changes(data: pd.DataFrame, layout: Layout) -> Figure:
    """Draw how the share of each theme moves from wave to wave: a dot a wave, an arrow to the last.

    Parameters
    ----------
    data
        One row a theme and wave: ``label``, ``theme_order``, ``wave``, ``wave_order``, ``share`` (missing
        where held back), ``method`` (validated or not: hollow) and ``found``: "yes" where the change to this
        wave is beyond chance; its arrow then stands out.
    layout
        WIDE or NARROW.
    """
    require(data, ["label", "theme_order", "wave", "wave_order", "share", "method", "found"], "theme_changes")
    rows = data.sort_values(["theme_order", "wave_order"])
    waves = rows.drop_duplicates("wave").sort_values("wave_order")["wave"].tolist()
    if rows.empty or len(waves) < 2:
        return empty_figure(layout)
    labels = rows.drop_duplicates("theme_order")["label"]
    fig = figure(layout, 1.0 + (0.36 if layout.narrow else _ROW_IN) * len(labels))
    ax = fig.add_subplot()
    shortest = 0.025 * float(np.nanmax([*floats(rows["share"]), 1e-9]))
    for place, (_, theme) in enumerate(rows.groupby("theme_order", sort=True)):
        _draw_steps(ax, place, floats(theme["share"]), theme["found"].tolist(), shortest)
        _draw_dots(ax, place, floats(theme["share"]), theme["method"].tolist())
    _name_themes(ax, labels, layout)
    _share_axis(ax, layout)
    looks = [SOFT] * (len(waves) - 1) + [DATA]
    handles = [dot(colour, colour, str(wave)) for wave, colour in zip(waves, looks, strict=True)]
    if (rows["method"] != VALIDATED).any():
        handles.append(dot(DATA, PAPER, "Hollow: not checked"))
    if (rows["found"] == "yes").any():
        handles.append(Line2D([], [], color=HIGHLIGHT, linewidth=2, label="Change beyond chance"))
    legend_below(fig, handles, layout, columns=2)
    return fig


def _draw_steps(
    ax: Axes, place: int, shares: Sequence[float], found: Sequence[object], shortest: float
) -> None:
    """Draw a line from wave to wave, and an arrow to the last; none where the dots would cover it."""
    last = len(shares) - 1
    for wave in range(1, len(shares)):
        before, share = shares[wave - 1], shares[wave]
        strong = found[wave] == "yes"
        if np.isnan(before) or np.isnan(share) or (abs(share - before) < shortest and not strong):
            continue
        look = {
            "arrowstyle": "->" if wave == last else "-",
            "color": HIGHLIGHT if strong else MUTED,
            "linewidth": 2.0 if strong else 1.0,
            "shrinkA": 3,
            "shrinkB": 3,
        }
        arrow = ax.annotate("", (share, place), xytext=(before, place), arrowprops=look, zorder=3)
        arrow.set_in_layout(False)


def _draw_dots(ax: Axes, place: int, shares: Sequence[float], methods: Sequence[object]) -> None:
    for wave, (share, method) in enumerate(zip(shares, methods, strict=True)):
        if np.isnan(share):
            continue
        colour = DATA if wave == len(shares) - 1 else SOFT
        ax.plot(
            [share],
            [place],
            "o",
            color=colour,
            markerfacecolor=colour if method == VALIDATED else PAPER,
            markeredgewidth=1.4,
            markersize=6,
            zorder=4,
            clip_on=False,
        )
