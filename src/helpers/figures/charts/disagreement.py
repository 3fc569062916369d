"""Sources that disagree, side by side."""

from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.figures.charts.common import (
    empty_figure,
    floats,
    in_words,
    renderer_of,
    require,
    stated,
    wrapped,
)
from helpers.figures.charts.ranges import row_axes, row_text
from helpers.figures.style import DATA, HIGHLIGHT, INK, SOFT, Layout, figure

_GAP_PT = 7.0


def conflicts(data: pd.DataFrame, layout: Layout) -> Figure:
    """Draw pairs of sources that disagree: how much higher the one is than the other, with both values.

    Parameters
    ----------
    data
        ``indicator``, ``date``, ``value_a`` (the lower), ``source_a``, ``value_b``, ``source_b``,
        ``relative_difference`` (share of a); ``qualifier_a`` and ``qualifier_b`` where known.
    layout
        WIDE or NARROW.
    """
    needed = ["indicator", "date", "value_a", "source_a", "value_b", "source_b", "relative_difference"]
    require(data, needed, "conflicts")
    if data.empty:
        return empty_figure(layout)
    shares = np.nan_to_num(np.array(floats(data["relative_difference"])), nan=0.0)
    fig = figure(layout, 0.55 + (0.9 if layout.narrow else 0.78) * len(data))
    ax = fig.add_subplot()
    places = np.arange(len(data)) - 0.05
    ax.hlines(places, 0, shares, color=SOFT, linewidth=3)
    ax.plot(np.zeros(len(data)), places, "o", color=DATA, markersize=7)
    ax.plot(shares, places, "o", color=HIGHLIGHT, markersize=7)
    row_axes(ax, layout, len(data))
    ax.set_xlabel("How much higher the higher figure is")
    pairs = []
    for place, share, row in zip(places, shares, data.to_dict("records"), strict=True):
        row_text(ax, wrapped(_name(row), 50 if layout.narrow else 100, lines=1), place - 0.27, layout)
        for line, text in enumerate(_sources(row, layout.narrow)):
            row_text(ax, text, place + 0.25 + 0.18 * line, layout, muted=True)
        pairs.append(_values(ax, place, float(share), row, layout))
    _fit(fig, ax, pairs, float(shares.max()))
    return fig


def _name(row: dict[Any, Any]) -> str:
    return f"{in_words(row['indicator'])}, {row['date']}"


def _sources(row: dict[Any, Any], narrow: bool) -> list[str]:
    """Name the two sources in short: on one line, or on two where the page is narrow.

    Examples
    --------
    >>> _sources({"source_a": "https://www.a.eu/x", "source_b": "https://www.a.eu/x"}, False)
    ['both figures: a.eu']
    """
    one, other = _host(row["source_a"]), _host(row["source_b"])
    if one == other:
        return [wrapped(f"both figures: {one}", 54, lines=1)]
    lines = [wrapped(f"{side}: {host}", 54, lines=1) for side, host in (("lower", one), ("higher", other))]
    return lines if narrow else [" · ".join(lines)]


def _host(source: object) -> str:
    text = str(source)
    address = urlsplit(text) if text.startswith(("http://", "https://")) else None
    return (address.hostname or text).removeprefix("www.") if address else text


def _values(ax: Axes, place: float, share: float, row: dict[Any, Any], layout: Layout) -> tuple[Any, Any]:
    """Write the lower value left of its dot and the higher one right of its own."""
    notes = []
    for side, x, way in (("a", 0.0, -1), ("b", share, 1)):
        note = ax.annotate(
            stated(row[f"value_{side}"], str(row.get(f"qualifier_{side}", "exact"))),
            (x, place),
            xytext=(way * _GAP_PT, 0),
            textcoords="offset points",
            ha="right" if way < 0 else "left",
            va="center_baseline",
            fontsize=layout.font_pt,
            fontweight="bold",
            color=INK,
        )
        note.set_in_layout(False)
        notes.append(note)
    return notes[0], notes[1]


def _fit(fig: Figure, ax: Axes, pairs: list[tuple[Any, Any]], largest: float) -> None:
    """Choose limits so that the values left and right of the dots stay inside."""
    renderer = renderer_of(fig)
    gap = (_GAP_PT + 2) * fig.dpi / 72
    left, right = (
        max(float(pair[side].get_window_extent(renderer).width) for pair in pairs) + gap for side in (0, 1)
    )
    width = float(ax.get_window_extent(renderer).width)
    per_pixel = (largest or 0.01) / max(width - left - right, 0.2 * width)
    ax.set_xlim(-left * per_pixel, (largest or 0.01) + right * per_pixel)
    # Below zero there is nothing to read off.
    ax.set_xticks([tick for tick in ax.get_xticks() if -1e-9 <= tick <= largest * 1.001 or tick == 0])
