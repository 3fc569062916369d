"""Which country covers which stage of the chain, as a grid of cells that says what an empty cell means."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from helpers.figures.charts.common import empty_figure, require, wrapped
from helpers.figures.style import DATA, GRID, HIGHLIGHT, INK, MUTED, ON_DARK, PAPER, SOFT, Layout, figure

CELLS = {
    "gap": ("No answer names it", GRID, INK),
    "few": ("Too few respondents to say how many", SOFT, INK),
    "covered": ("Respondents", DATA, ON_DARK),
    "only": ("The only country that covers it", HIGHLIGHT, INK),
}
"""Status of a cell -> words of the legend, colour of the cell and of its text."""


def coverage_matrix(
    data: pd.DataFrame, layout: Layout, *, highlight: str | None = None, stages: Sequence[str] | None = None
) -> Figure:
    """Draw a grid of stages and countries; the number of respondents stands in each cell that may show it.

    Parameters
    ----------
    data
        One row a stage and country: ``stage_label``, ``stage_order``, ``country``, ``status`` (a key of
        `CELLS`) and ``shown``: the text of the cell.
    layout
        WIDE: stages are rows; NARROW: countries are rows.
    highlight
        Country that stands out.
    stages
        Labels in order; by default by ``stage_order``.
    """
    require(data, ["stage_label", "stage_order", "country", "status", "shown"], "coverage_matrix")
    if data.empty:
        return empty_figure(layout)
    rows, columns = ("country", "stage_label") if layout.narrow else ("stage_label", "country")
    order = {
        "country": sorted(data["country"].unique()),
        "stage_label": list(stages or data.sort_values("stage_order")["stage_label"].unique()),
    }
    kinds = list(CELLS)
    codes = _grid(data.assign(code=data["status"].map(kinds.index)), "code", rows, columns, order)
    texts = _grid(data, "shown", rows, columns, order)
    entries = _entries(codes)
    fig = figure(layout, _height(layout, len(codes), len(entries)))
    ax = fig.add_subplot()
    sns.heatmap(
        codes.astype(float),
        ax=ax,
        cmap=[colour for _, colour, _ in CELLS.values()],
        vmin=-0.5,
        vmax=len(kinds) - 0.5,
        cbar=False,
        linewidths=1.6,
        linecolor=PAPER,
        xticklabels=False,
        yticklabels=False,
    )
    _write_cells(ax, codes, texts, layout)
    _name_axes(ax, codes, rows, highlight, layout)
    fig.legend(
        handles=entries,
        loc="outside lower left",
        ncols=1 if layout.narrow else len(entries),
        frameon=False,
        fontsize=layout.small_pt,
        handlelength=1.1,
        handleheight=1.1,
    )
    return fig


def _height(layout: Layout, rows: int, entries: int) -> float:
    return 1.4 + 0.2 * rows + 0.17 * entries if layout.narrow else 0.95 + 0.3 * rows


def _grid(
    data: pd.DataFrame, value: str, rows: str, columns: str, order: dict[str, list[str]]
) -> pd.DataFrame:
    grid = data.pivot(index=rows, columns=columns, values=value)
    return grid.reindex(index=order[rows], columns=order[columns])


def _write_cells(ax: Axes, codes: pd.DataFrame, texts: pd.DataFrame, layout: Layout) -> None:
    """Write each cell's text, so that no cell speaks by its colour alone."""
    inks = [ink for _, _, ink in CELLS.values()]
    kinds = codes.to_numpy(dtype=float)
    for row in range(codes.shape[0]):
        for column in range(codes.shape[1]):
            text = texts.iat[row, column]
            if not isinstance(text, str) or not text:
                continue
            ax.text(
                column + 0.5,
                row + 0.5,
                text,
                ha="center",
                va="center_baseline",
                fontsize=layout.small_pt,
                color=inks[int(kinds[row, column])],
            )


def _name_axes(ax: Axes, codes: pd.DataFrame, rows: str, highlight: str | None, layout: Layout) -> None:
    width = 24
    names = [wrapped(name, width, lines=2) if rows != "country" else str(name) for name in codes.index]
    heads = [wrapped(name, 22, lines=1) if rows == "country" else str(name) for name in codes.columns]
    ax.set_yticks(np.arange(len(names)) + 0.5, names, fontsize=layout.small_pt, color=INK, rotation=0)
    ax.set_xticks(np.arange(len(heads)) + 0.5, heads, fontsize=layout.small_pt, color=MUTED)
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", length=0, pad=3, rotation=90 if rows == "country" else 0)
    ax.tick_params(axis="y", length=0, pad=3, rotation=0)
    ax.set_xlabel("")
    ax.set_ylabel("")
    for label in (*ax.get_yticklabels(), *ax.get_xticklabels()):
        if label.get_text() == highlight:
            label.set_fontweight("bold")
            label.set_color(INK)


def _entries(codes: pd.DataFrame) -> list[Patch]:
    """Return the entries of the legend: each kind of cell that there is."""
    present = pd.unique(codes.to_numpy(dtype=float).ravel())
    kinds = [entry for number, entry in enumerate(CELLS.values()) if number in present]
    return [Patch(facecolor=colour, label=words) for words, colour, _ in kinds]
