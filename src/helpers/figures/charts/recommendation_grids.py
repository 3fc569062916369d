"""Grids of recommendations: support by group, evidence by report, status by session."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from helpers.figures.charts.common import empty_figure, floats, require, wrapped
from helpers.figures.charts.legends import cell_legend
from helpers.figures.maps_classes import Classes, classes_of
from helpers.figures.maps_labels import text_colour_on
from helpers.figures.style import DATA, GRID, HIGHLIGHT, INK, MUTED, ON_DARK, PAPER, SOFT, Layout, figure

SHOWN, HELD_BACK, NO_ANSWER, NOT_RATED = "shown", "held back", "no answer", "not rated"
WITH, MISSING = "with evidence", "evidence missing"
DRAFT, AGREED, DROPPED = "draft", "agreed", "dropped"
_HATCH = "/////"
_MOST_COLUMNS_NARROW = 8
_LETTER_IN = 0.056
# What stands in a cell without a value, and what it means.
_MARKS = {NOT_RATED: "?", NO_ANSWER: ""}
_MEANINGS = {NOT_RATED: "?: not rated", NO_ANSWER: "empty: no answer"}


@dataclass(frozen=True)
class _Frame:
    """Rows and columns of a grid, and whether recommendations are the columns."""

    rows: list[str]
    heads: list[str]
    turned: bool


def support_heatmap(
    data: pd.DataFrame, layout: Layout, *, unit: str = "mean rating, 1 to 5", percent: bool = False,
    by_code: bool = False, highlight: str | None = None,
) -> Figure:  # fmt: skip
    """Draw how each group rates each recommendation; what is held back is hatched.

    Parameters
    ----------
    data
        One row a recommendation and group: ``recommendation_id``, ``label``, ``recommendation_order``,
        ``group``, ``group_label``, ``group_order``, ``value`` (missing where there is none), ``status``
        (shown, held back, no answer, not rated).
    layout
        WIDE: recommendations are rows. NARROW: the same, but with many groups these are rows, and
        recommendations are headed by their id.
    unit
        What the values are.
    percent
        Whether they are shares.
    by_code
        Head groups by their code (countries) and not by their name.
    highlight
        Group that stands out.
    """
    columns = ["recommendation_id", "label", "recommendation_order", "group", "group_label", "group_order"]
    require(data, [*columns, "value", "status"], "support_heatmap")
    if data.empty or (data["status"] == NO_ANSWER).all():
        return empty_figure(layout)
    frame, strong = _support_frame(data, layout, by_code, highlight)
    values = [100 * value if percent else value for value in floats(data["value"])]
    classes = classes_of(pd.Series(values, dtype="float64"))
    fig, ax = _empty_grid(frame, layout)
    places = _places(data, "group_order", turned=frame.turned)
    _draw_hatched(ax, [at for at, status in zip(places, data["status"], strict=True) if status == HELD_BACK])
    for at, value, status in zip(places, values, data["status"], strict=True):
        if status == SHOWN and not np.isnan(value):
            colour = classes.colours[classes.index(value)]
            _fill(ax, at, colour)
            _write(ax, at, f"{value:.0f}" if percent else f"{value:.1f}", text_colour_on(colour), layout)
        elif _MARKS.get(status):
            _write(ax, at, _MARKS[status], MUTED, layout)
    _embolden(ax, strong, rows=frame.turned)
    handles = _class_handles(classes, values)
    handles |= _status_handles(set(data["status"]))
    cell_legend(fig, handles, layout, title="per cent" if percent and not unit else unit)
    return fig


def _support_frame(
    data: pd.DataFrame, layout: Layout, by_code: bool, highlight: str | None
) -> tuple[_Frame, list[bool]]:
    first = data.drop_duplicates("recommendation_order").sort_values("recommendation_order")
    groups = data.drop_duplicates("group_order").sort_values("group_order")
    turned = layout.narrow and len(groups) > _MOST_COLUMNS_NARROW
    names = groups["group" if by_code and not turned else "group_label"].astype(str).tolist()
    strong = [group == highlight for group in groups["group"]]
    if turned:
        return _Frame(names, first["recommendation_id"].astype(str).tolist(), True), strong
    return _Frame(first["label"].astype(str).tolist(), names, False), strong


def evidence_grid(data: pd.DataFrame, layout: Layout) -> Figure:
    """Draw which reports each recommendation rests on: a square with the number of pieces of evidence.

    Parameters
    ----------
    data
        One row a recommendation and report: ``label``, ``recommendation_order``, ``source_label``,
        ``source_order``, ``pieces``, ``found``, ``state`` (with evidence, evidence missing, without
        evidence).
    layout
        WIDE or NARROW.
    """
    columns = ["label", "recommendation_order", "source_label", "source_order", "pieces", "found", "state"]
    require(data, columns, "evidence_grid")
    if data.empty:
        return empty_figure(layout)
    frame = _Frame(
        _names(data, "recommendation_order", "label"), _names(data, "source_order", "source_label"), False
    )
    fig, ax = _empty_grid(frame, layout)
    for at, found, pieces, state in zip(
        _places(data, "source_order"), data["found"], data["pieces"], data["state"], strict=True
    ):
        if state == WITH:
            _fill(ax, at, DATA)
            _write(ax, at, f"{found}", ON_DARK, layout)
        elif state == MISSING:
            _outline(ax, at, HIGHLIGHT)
            _write(ax, at, f"{found} of {pieces}", HIGHLIGHT, layout)
    none = data.groupby("recommendation_order")["pieces"].sum() == 0
    for row in none.index[none]:
        ax.text(
            len(frame.heads) / 2,
            row + 0.5,
            "without evidence",
            ha="center",
            va="center_baseline",
            fontsize=layout.small_pt,
            color=HIGHLIGHT,
        )
    handles: dict[str, Artist | tuple[Artist, ...]] = {}
    if (data["state"] == WITH).any():
        handles["Pieces of evidence found"] = Patch(facecolor=DATA)
    if (data["state"] == MISSING).any():
        handles["Not all found"] = Patch(facecolor="none", edgecolor=HIGHLIGHT)
    cell_legend(fig, handles, layout)
    return fig


_STATUS_LOOKS: Mapping[str, tuple[str, str]] = {DRAFT: (SOFT, INK), AGREED: (DATA, ON_DARK)}


def status_strips(data: pd.DataFrame, layout: Layout) -> Figure:
    """Draw the status of each recommendation after each session.

    Parameters
    ----------
    data
        One row a recommendation and session: ``label``, ``recommendation_order``, ``session``,
        ``session_order``, ``status`` (not yet, draft, agreed, dropped).
    layout
        WIDE or NARROW.
    """
    require(data, ["label", "recommendation_order", "session", "session_order", "status"], "status_strips")
    if data.empty:
        return empty_figure(layout)
    frame = _Frame(
        _names(data, "recommendation_order", "label"), _names(data, "session_order", "session"), False
    )
    fig, ax = _empty_grid(frame, layout)
    for at, status in zip(_places(data, "session_order"), data["status"], strict=True):
        if status in _STATUS_LOOKS:
            colour, ink = _STATUS_LOOKS[status]
            _fill(ax, at, colour, wide=True)
            _write(ax, at, status, ink, layout)
        elif status == DROPPED:
            _outline(ax, at, MUTED)
            _write(ax, at, status, MUTED, layout)
    handles: dict[str, Artist | tuple[Artist, ...]] = {
        status.capitalize(): Patch(facecolor=colour)
        for status, (colour, _) in _STATUS_LOOKS.items()
        if (data["status"] == status).any()
    }
    if (data["status"] == DROPPED).any():
        handles["Dropped"] = Patch(facecolor="none", edgecolor=MUTED)
    if data["status"].isin([DRAFT, AGREED, DROPPED]).sum() < len(data):
        handles["Empty: not yet written"] = Line2D([], [], color="none")
    cell_legend(fig, handles, layout)
    return fig


def _names(data: pd.DataFrame, order: str, name: str) -> list[str]:
    return data.drop_duplicates(order).sort_values(order)[name].astype(str).tolist()


def _places(data: pd.DataFrame, across: str, *, turned: bool = False) -> list[tuple[int, int]]:
    """Return row and column of each cell."""
    down = data["recommendation_order"].astype(int).tolist()
    along = data[across].astype(int).tolist()
    return list(zip(along, down, strict=True)) if turned else list(zip(down, along, strict=True))


def _empty_grid(frame: _Frame, layout: Layout) -> tuple[Figure, Axes]:
    """Return axes with named rows and columns."""
    # Heads stand upright where their words fit above the columns.
    room = int((1.9 if layout.narrow else 4.9) / len(frame.heads) / _LETTER_IN)
    upright = all(len(word) <= room for head in frame.heads for word in head.split())
    heads = [wrapped(head, room if upright else 14, lines=3 if upright else 2) for head in frame.heads]
    lines = max(head.count("\n") + 1 for head in heads)
    longest = max(len(line) for head in heads for line in head.split("\n"))
    head_in = 0.1 + 0.15 * lines if upright else 0.12 + 0.075 * longest
    row_in = 0.34 if layout.narrow and not frame.turned else 0.31 if not frame.turned else 0.27
    fig = figure(layout, 0.5 + head_in + row_in * len(frame.rows) + (0.25 if layout.narrow else 0.0))
    ax = fig.add_subplot()
    ax.set_xlim(0, len(heads))
    ax.set_ylim(len(frame.rows), 0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.hlines(range(len(frame.rows) + 1), 0, len(heads), color=GRID, linewidth=0.5, zorder=0)
    names = [wrapped(name, 24 if layout.narrow else 42, lines=2) for name in frame.rows]
    ax.set_yticks(np.arange(len(names)) + 0.5, names, fontsize=layout.small_pt, color=INK)
    ax.set_xticks(np.arange(len(heads)) + 0.5, heads, fontsize=layout.small_pt, color=INK)
    ax.xaxis.tick_top()
    ax.tick_params(axis="y", length=0, pad=3)
    ax.tick_params(axis="x", length=0, pad=2, rotation=0 if upright else 90)
    for label in [*ax.get_xticklabels(), *ax.get_yticklabels()]:
        label.set_linespacing(0.92)
    return fig, ax


def _fill(ax: Axes, at: tuple[int, int], colour: str, *, wide: bool = False) -> None:
    margin = 0.0 if wide else 0.04
    tall = 0.1 if wide else 0.04
    ax.add_patch(
        Rectangle((at[1] + margin, at[0] + tall), 1 - 2 * margin, 1 - 2 * tall, facecolor=colour, linewidth=0)
    )


def _outline(ax: Axes, at: tuple[int, int], colour: str) -> None:
    ax.add_patch(Rectangle((at[1] + 0.03, at[0] + 0.12), 0.94, 0.76, fill=False, edgecolor=colour))


def _write(ax: Axes, at: tuple[int, int], text: str, colour: str, layout: Layout) -> None:
    ax.text(
        at[1] + 0.5,
        at[0] + 0.5,
        text,
        ha="center",
        va="center_baseline",
        fontsize=layout.small_pt,
        color=colour,
    )


def _draw_hatched(ax: Axes, places: Sequence[tuple[int, int]]) -> None:
    squares = [Rectangle((column + 0.04, row + 0.04), 0.92, 0.92) for row, column in places]
    if squares:
        # Area and hatching apart: the area of a hatched one would not follow the page where it is dark.
        ax.add_collection(PatchCollection(squares, facecolor=GRID, linewidth=0))
        ax.add_collection(
            PatchCollection(squares, facecolor="none", edgecolor=PAPER, hatch=_HATCH, linewidth=0)
        )


def _embolden(ax: Axes, strong: Sequence[bool], *, rows: bool) -> None:
    labels = ax.get_yticklabels() if rows else ax.get_xticklabels()
    for label, wanted in zip(labels, strong, strict=True):
        if wanted:
            label.set_fontweight("bold")


def _class_handles(classes: Classes, values: Sequence[float]) -> dict[str, Artist | tuple[Artist, ...]]:
    found = {classes.index(value) for value in values if not np.isnan(value)}
    return {
        words: Patch(facecolor=colour)
        for place, (colour, words) in enumerate(zip(classes.colours, classes.labels, strict=True))
        if place in found
    }


def _status_handles(statuses: set[str]) -> dict[str, Artist | tuple[Artist, ...]]:
    handles: dict[str, Artist | tuple[Artist, ...]] = {}
    if HELD_BACK in statuses:
        hatching = Patch(facecolor="none", edgecolor=PAPER, hatch=_HATCH, linewidth=0)
        handles[HELD_BACK] = (Patch(facecolor=GRID), hatching)
    for status, words in _MEANINGS.items():
        if status in statuses:
            handles[words] = Line2D([], [], color="none")
    return handles
