"""How firm a result is: measures if entries were duplicates, and results at other thresholds."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from helpers.figures.charts.common import (
    Bars,
    draw_bars,
    empty_figure,
    fit_labels,
    floats,
    in_words,
    require,
    tick_spec,
    wrapped,
)
from helpers.figures.downloads import is_missing
from helpers.figures.style import DATA, HIGHLIGHT, INK, MUTED, PAPER, SOFT, Layout, figure, style_axes
from helpers.figures.tables import format_cell


def duplicate_range(data: pd.DataFrame, layout: Layout, *, struck_off: str = "some entries") -> Figure:
    """Draw how far each measure moves if some entries were duplicates, in per cent of its value as listed.

    Parameters
    ----------
    data
        ``measure``, ``as_listed``, ``low``, ``high``, and ``label`` for the words. A measure that is missing
        or zero as listed is left out.
    layout
        WIDE or NARROW.
    struck_off
        What was struck off, for the axis, e.g. ``"5 % of the entries"``.
    """
    require(data, ["measure", "as_listed", "low", "high"], "duplicate_range")
    values = np.array([floats(data[column]) for column in ("as_listed", "low", "high")])
    usable = np.isfinite(values).all(axis=0) & (values[0] != 0)
    if not usable.any():
        return empty_figure(layout)
    listed, low, high = values[:, usable]
    labels = data["label"] if "label" in data.columns else data["measure"].map(in_words)
    fig = figure(layout, 0.65 + (0.62 if layout.narrow else 0.48) * len(listed))
    ax = fig.add_subplot()
    places = np.arange(len(listed)) + 0.2
    ax.axvline(0, color=MUTED, linewidth=0.8)
    ax.hlines(places, low / listed - 1, high / listed - 1, color=SOFT, linewidth=6)
    ax.plot(np.zeros(len(listed)), places, "o", color=DATA, markersize=6.5)
    reach = float(np.abs(np.array([low, high]) / listed - 1).max())
    ax.set_xlim(-max(reach * 1.1, 0.01), max(reach * 1.1, 0.01))
    row_axes(ax, layout, len(listed))
    texts = [
        "{} ({} to {})".format(*_alike(value, least, most))
        for value, least, most in zip(listed, low, high, strict=True)
    ]
    _head_rows(ax, list(labels[usable]), texts, layout)
    words = f"Change against the value as listed (dot) if {struck_off} were struck off"
    ax.set_xlabel(wrapped(words, 46 if layout.narrow else 90))
    return fig


def _alike(value: float, *others: float) -> list[str]:
    """Write numbers with as many decimals as give the first one three significant digits.

    Examples
    --------
    >>> _alike(0.5, 0.4926, 0.51)
    ['0.500', '0.493', '0.510']
    """
    decimals = int(np.clip(2 - np.floor(np.log10(abs(value))), 0, 9))
    return [format_cell(number, f",.{decimals}f") for number in (value, *others)]


def row_axes(ax: Axes, layout: Layout, rows: int) -> None:
    """Set up axes whose rows are named above their marks and whose x axis is a signed change in per cent."""
    style_axes(ax, layout, grid="x")
    ax.spines["left"].set_visible(False)
    ax.set_yticks([])
    ax.set_ylim(rows - 0.45, -0.55)
    ax.tick_params(axis="x", labelsize=layout.small_pt)
    ax.xaxis.set_major_locator(MaxNLocator(4 if layout.narrow else 7, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: signed(value, tick_spec(ax, ".0%"))))


def signed(value: float, spec: str) -> str:
    r"""Write a change with its sign.

    Examples
    --------
    >>> signed(0.05, ".0%"), signed(0.0, ".0%"), signed(-0.05, ".0%")
    ('+5\xa0%', '0\xa0%', '−5\xa0%')
    """
    text = format_cell(0.0 if abs(value) < 1e-9 else value, spec)
    return f"+{text}" if value > 1e-9 else text


def row_text(
    ax: Axes, text: str, row: float, layout: Layout, *, right: bool = False, muted: bool = False
) -> None:
    """Write text flush with the left or right edge of the axes at a height in rows."""
    note = ax.text(
        1.0 if right else 0.0,
        row,
        text,
        transform=ax.get_yaxis_transform(),
        ha="right" if right else "left",
        va="center_baseline",
        fontsize=layout.small_pt if muted else layout.font_pt,
        color=MUTED if muted else INK,
    )
    note.set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 0.6})
    note.set_in_layout(False)


def _head_rows(ax: Axes, names: Sequence[str], texts: Sequence[str], layout: Layout) -> None:
    """Name each row and write its values: on the same line, or under it where the page is narrow."""
    for row, (name, text) in enumerate(zip(names, texts, strict=True)):
        row_text(ax, wrapped(name, 50, lines=1), row - (0.34 if layout.narrow else 0.2), layout)
        row_text(
            ax, text, row - (0.07 if layout.narrow else 0.2), layout, right=not layout.narrow, muted=True
        )


def threshold_sensitivity(
    data: pd.DataFrame, layout: Layout, *, label: str = "Countries that qualify"
) -> Figure:
    """Draw how many countries qualify at each threshold, and which come and go against the rule's own.

    Parameters
    ----------
    data
        ``threshold`` (share of countries that count as the top), ``is_base``, ``number``, ``enter`` and
        ``leave`` (codes).
    layout
        WIDE or NARROW.
    label
        Axis label.
    """
    require(data, ["threshold", "is_base", "number", "enter", "leave"], "threshold_sensitivity")
    if data.empty:
        return empty_figure(layout)
    base = frozenset(np.flatnonzero(data["is_base"].to_numpy(dtype=bool)).tolist())
    width = 26 if layout.narrow else 60
    rows = data.to_dict("records")
    bars = Bars(
        names=[_threshold_name(row["threshold"], row["is_base"]) for row in rows],
        values=floats(data["number"]),
        labels=[_come_and_go(row["number"], row["enter"], row["leave"], width) for row in rows],
        colours=[HIGHLIGHT if place in base else SOFT for place in range(len(rows))],
        strong=base,
    )
    fig = figure(layout, 0.55 + 0.27 * len(rows))
    ax = fig.add_subplot()
    draw_bars(ax, bars, layout, spec=",d")
    ax.set_xlabel(label)
    fit_labels(fig, [ax])
    return fig


def _threshold_name(threshold: float, base: bool) -> str:
    percent = f"{format_cell(100 * float(threshold), ',.3g')}\xa0%"
    return f"Top {percent}{' (the rule)' if base else ''}"


def _come_and_go(number: int, enter: object, leave: object, width: int) -> str:
    """Write the number, and which countries come and go.

    Examples
    --------
    >>> _come_and_go(5, "AT, BE", "MT", 60)
    '5 (+ AT, BE − MT)'
    """
    moves = [
        f"{sign} {codes}" for sign, codes in (("+", enter), ("−", leave)) if not is_missing(codes) and codes
    ]
    text = format_cell(number, ",d")
    return wrapped(f"{text} ({' '.join(moves)})", width, lines=1) if moves else text
