"""Heat maps of themes: by country or stage, and of themes named together. Held back is hatched; zero is 0."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from helpers.figures.charts.common import empty_figure, floats, require, wrapped
from helpers.figures.charts.legends import cell_legend
from helpers.figures.maps_classes import Classes, classes_of
from helpers.figures.maps_labels import text_colour_on
from helpers.figures.style import GRID, INK, MUTED, PAPER, Layout, figure

SHOWN, HELD_BACK, NONE_STATED, NO_ANSWER = "shown", "held back", "none stated", "no answer"
_HATCH = "/////"
_MOST_COLUMNS_NARROW = 12
_LIFT_BOUNDS = (0.5, 1.0, 1.5, 2.0)


@dataclass(frozen=True)
class _Cell:
    """One cell: its place, its status, the value that chooses the colour, and its text."""

    row: int
    column: int
    status: str
    value: float
    text: str


def theme_heatmap(
    data: pd.DataFrame, layout: Layout, *, by_code: bool = False, highlight: str | None = None
) -> Figure:
    """Draw which share of each group's answers names each theme, in per cent.

    Parameters
    ----------
    data
        One row a theme and group: ``label``, ``theme_order``, ``group``, ``group_label``, ``group_order``,
        ``share`` (0 to 1; missing where held back), ``status`` (shown, held back, none stated, no answer).
    layout
        WIDE: themes are rows. NARROW: the same, but with many groups these are rows.
    by_code
        Head groups by their code (countries) and not by their name.
    highlight
        Group that stands out.
    """
    columns = ["label", "theme_order", "group", "group_label", "group_order", "share", "status"]
    require(data, columns, "theme_heatmap")
    if data.empty or (data["status"] == NO_ANSWER).all():
        return empty_figure(layout)
    themes = data.drop_duplicates("theme_order").sort_values("theme_order")["label"].tolist()
    groups = data.drop_duplicates("group_order").sort_values("group_order")
    names = groups["group" if by_code else "group_label"].astype(str).tolist()
    strong = [group == highlight for group in groups["group"]]
    turned = layout.narrow and len(names) > _MOST_COLUMNS_NARROW
    shares = [100 * share for share in floats(data["share"])]
    cells = [
        _Cell(int(column), int(row), str(status), share, f"{share:.0f}") if turned
        else _Cell(int(row), int(column), str(status), share, f"{share:.0f}")
        for row, column, status, share in zip(
            data["theme_order"], data["group_order"], data["status"], shares, strict=True
        )
    ]  # fmt: skip
    classes = classes_of(pd.Series([cell.value for cell in cells if cell.status == SHOWN], dtype="float64"))
    rows, heads = (names, themes) if turned else (themes, names)
    fig = figure(layout, _height(layout, len(rows), heads))
    ax = fig.add_subplot()
    _draw_cells(ax, cells, classes, layout)
    _frame(ax, len(rows), len(heads))
    _name_rows(ax, rows, layout, strong if turned else ())
    _name_columns(ax, heads, layout, () if turned else strong)
    _legend(fig, cells, classes, layout, "% of the answers")
    return fig


def theme_pairs(data: pd.DataFrame, layout: Layout) -> Figure:
    """Draw how many times as often as by chance each two themes are named in one answer.

    Parameters
    ----------
    data
        One row a pair: ``label``, ``theme_order``, ``other_label``, ``other_order``, ``lift`` (1: as often as
        by chance; missing where held back), ``status``. Each pair is drawn once, below the diagonal, on which
        the names stand.
    layout
        WIDE or NARROW.
    """
    columns = ["label", "theme_order", "other_label", "other_order", "lift", "status"]
    require(data, columns, "theme_pairs")
    if data.empty:
        return empty_figure(layout)
    names = dict(zip(data["theme_order"], data["label"], strict=True))
    names |= dict(zip(data["other_order"], data["other_label"], strict=True))
    lifts = floats(data["lift"])
    cells = [
        _Cell(max(one, other), min(one, other), str(status), lift, f"{lift:.1f}")
        for one, other, status, lift in zip(
            data["theme_order"].astype(int),
            data["other_order"].astype(int),
            data["status"],
            lifts,
            strict=True,
        )
    ]
    number = max(names) + 1
    cell_in = 0.185 if layout.narrow else 0.32
    fig = figure(layout, 0.75 + (0.27 if layout.narrow else 0.29) * number)
    ax = fig.add_subplot()
    classes = Classes(_LIFT_BOUNDS, 1)
    _draw_cells(ax, cells, classes, layout)
    _frame(ax, number, round((layout.width_in - 0.15) / cell_in))
    for place, name in names.items():
        room = int((layout.width_in - 0.2 - cell_in * place) / 0.057)
        ax.text(
            place + 0.15,
            place + 0.5,
            wrapped(name, min(max(room, 16), 46), lines=2),
            va="center",
            fontsize=layout.small_pt,
            color=INK,
            linespacing=0.95,
        )
    ax.set_xticks([])
    ax.set_yticks([])
    _legend(fig, cells, classes, layout, "times as often as by chance")
    return fig


def _draw_cells(ax: Axes, cells: Sequence[_Cell], classes: Classes, layout: Layout) -> None:
    """Draw every cell with its text, so that none speaks by its colour alone."""
    held = [_square(cell) for cell in cells if cell.status == HELD_BACK]
    if held:
        # Area and hatching apart: the area of a hatched one would not follow the page where it is dark.
        ax.add_collection(PatchCollection(held, facecolor=GRID, linewidth=0))
        ax.add_collection(PatchCollection(held, facecolor="none", edgecolor=PAPER, hatch=_HATCH, linewidth=0))
    for cell in cells:
        if cell.status not in (SHOWN, NONE_STATED):
            continue
        zero = cell.status == NONE_STATED or np.isnan(cell.value)
        colour = PAPER if zero else classes.colours[classes.index(cell.value)]
        if not zero:
            ax.add_patch(
                Rectangle((cell.column + 0.04, cell.row + 0.04), 0.92, 0.92, facecolor=colour, linewidth=0)
            )
        ax.text(
            cell.column + 0.5,
            cell.row + 0.5,
            "0" if zero else cell.text,
            ha="center",
            va="center_baseline",
            fontsize=layout.small_pt,
            color=MUTED if zero else text_colour_on(colour),
        )


def _square(cell: _Cell) -> Rectangle:
    return Rectangle((cell.column + 0.04, cell.row + 0.04), 0.92, 0.92)


def _frame(ax: Axes, rows: int, columns: int) -> None:
    ax.set_xlim(0, columns)
    ax.set_ylim(rows, 0)
    for spine in ax.spines.values():
        spine.set_visible(False)


def _height(layout: Layout, rows: int, heads: Sequence[str]) -> float:
    longest = max(len(line) for head in heads for line in wrapped(head, 24, lines=2).split("\n"))
    head_in = 0.25 if longest <= 3 else 0.075 * longest
    return 0.55 + head_in + (0.25 if layout.narrow else 0.27) * rows + (0.2 if layout.narrow else 0.0)


def _name_rows(ax: Axes, names: Sequence[str], layout: Layout, strong: Sequence[bool]) -> None:
    width, lines = (24, 2) if layout.narrow else (46, 1)
    texts = [wrapped(name, width, lines=lines) for name in names]
    ax.set_yticks(np.arange(len(names)) + 0.5, texts, fontsize=layout.small_pt, color=INK)
    for label in ax.get_yticklabels():
        label.set_linespacing(0.95)
    ax.tick_params(axis="y", length=0, pad=3)
    _embolden([label for label, wanted in zip(ax.get_yticklabels(), strong, strict=False) if wanted])


def _name_columns(ax: Axes, names: Sequence[str], layout: Layout, strong: Sequence[bool]) -> None:
    texts = [wrapped(name, 24, lines=2) for name in names]
    ax.set_xticks(np.arange(len(names)) + 0.5, texts, fontsize=layout.small_pt, color=INK)
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", length=0, pad=2, rotation=0 if max(map(len, texts)) <= 3 else 90)
    for label in ax.get_xticklabels():
        label.set_linespacing(0.9)
    _embolden([label for label, wanted in zip(ax.get_xticklabels(), strong, strict=False) if wanted])


def _embolden(labels: Sequence[object]) -> None:
    for label in labels:
        label.set_fontweight("bold")  # type: ignore[attr-defined]


def _legend(fig: Figure, cells: Sequence[_Cell], classes: Classes, layout: Layout, unit: str) -> None:
    """Name the classes that occur, what hatching means, and what 0 means."""
    values = [cell.value for cell in cells if cell.status == SHOWN and not np.isnan(cell.value)]
    found = {classes.index(value) for value in values}
    handles: dict[str, Artist | tuple[Artist, ...]] = {
        words: Patch(facecolor=colour)
        for place, (colour, words) in enumerate(zip(classes.colours, classes.labels, strict=True))
        if place in found
    }
    statuses = {cell.status for cell in cells}
    if HELD_BACK in statuses:
        hatching = Patch(facecolor="none", edgecolor=PAPER, hatch=_HATCH, linewidth=0)
        handles["held back"] = (Patch(facecolor=GRID), hatching)
    if NONE_STATED in statuses:
        handles["0: none named it"] = Patch(facecolor="none", edgecolor=GRID)
    if NO_ANSWER in statuses:
        handles["empty: no answer"] = Patch(facecolor="none", edgecolor=GRID)
    cell_legend(fig, handles, layout, title=unit)
