"""Legends under the axes of a chart."""

from collections.abc import Mapping, Sequence

from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D

from helpers.figures.style import MUTED, Layout


def dot(edge: str, face: str, words: str, mark: str = "o") -> Line2D:
    """Return the entry of a legend for a kind of mark, of two colours and a matplotlib marker."""
    return Line2D([], [], marker=mark, color="none", markeredgecolor=edge, markerfacecolor=face, label=words)


def legend_below(
    fig: Figure, handles: Sequence[Artist], layout: Layout, *, columns: int, gap: float | None = 0.3
) -> None:
    """Write a legend under the axes; nothing where there is nothing to explain.

    Parameters
    ----------
    fig
        With a constrained layout.
    handles
        Entries, each with its label.
    layout
        WIDE or NARROW, which has one column.
    columns
        Entries side by side in WIDE.
    gap
        Between mark and words, in font sizes; ``None`` is as wide as matplotlib makes it.
    """
    if handles:
        fig.legend(
            handles=list(handles),
            loc="outside lower left",
            ncols=1 if layout.narrow else columns,
            frameon=False,
            fontsize=layout.small_pt,
            handletextpad=gap,
        )


def cell_legend(
    fig: Figure,
    handles: Mapping[str, Artist | tuple[Artist, ...]],
    layout: Layout,
    *,
    title: str | None = None,
) -> None:
    """Write a legend of squares under a grid of cells; several artists of one entry lie on each other.

    Parameters
    ----------
    fig
        With a constrained layout.
    handles
        Words -> what the cells look like.
    layout
        WIDE or NARROW.
    title
        Unit of the cells.
    """
    if not handles:
        return
    legend = fig.legend(
        handles=list(handles.values()),
        labels=list(handles),
        handler_map={tuple: HandlerTuple(ndivide=1, pad=0)},
        title=title,
        loc="outside lower left",
        ncols=3 if layout.narrow else 8,
        frameon=False,
        fontsize=layout.small_pt,
        title_fontsize=layout.small_pt,
        alignment="left",
        handlelength=1.1,
        handleheight=1.1,
        columnspacing=1.0,
    )
    legend.get_title().set_color(MUTED)
