"""How every picture looks: sizes, type, and the one family of colours.

Importing this module sets matplotlib's defaults for the whole process. That is on purpose: ticks are made
when a figure is drawn, so settings that held only while a figure was put together would not reach them.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import font_source_sans_pro
import matplotlib
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.figures.render import Canvas

FONT_FAMILY = ["Source Sans Pro", "DejaVu Sans"]

# Roles that follow the page: publish() replaces each by a CSS variable, so the hex codes must be unique.
INK = "#1b1f27"
MUTED = "#565e6c"
GRID = "#dde1e7"
PAPER = "#ffffff"
SEA = "#f4f8fb"
LAND = "#e1e1e1"
DATA = "#3c57b0"
SOFT = "#a3b0d9"
HIGHLIGHT = "#d55e00"
ON_DARK = "#fffffe"
"""Text on a dark area: stays white when the page is dark."""

THEME = {
    INK: "--fig-ink",
    MUTED: "--fig-muted",
    GRID: "--fig-grid",
    PAPER: "--fig-paper",
    SEA: "--fig-sea",
    LAND: "--fig-land",
    DATA: "--fig-data",
    SOFT: "--fig-soft",
    HIGHLIGHT: "--fig-highlight",
}
"""Colour -> CSS variable that may replace it in a page."""

RAMP = ("#d4daf0", "#93a2dc", "#677cd2", "#3c57b1", "#15246b")
"""Eurostat's sequential ramp, light to dark; the fourth is one step off DATA, so dark mode keeps it."""
NO_DATA = "#bcbcbc"
NO_DATA_HATCH = "/////"
OTHER_COUNTRIES = LAND

BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, YELLOW = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#d55e01",
    "#cc79a7",
    "#56b4e9",
    "#f0e442",
)
ACCENTS = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY)
"""Okabe and Ito's colours, told apart by people with any common form of colour blindness."""


@dataclass(frozen=True)
class Layout:
    """Where a picture will be shown.

    Parameters
    ----------
    name
        ``"wide"`` (page, print) or ``"narrow"`` (telephone).
    width_in
        Width in inches.
    font_pt, small_pt
        Size of text and of the smallest text, in points; never below 8.
    """

    name: Literal["wide", "narrow"]
    width_in: float
    font_pt: float
    small_pt: float

    @property
    def narrow(self) -> bool:
        """Whether this is the layout for telephones."""
        return self.name == "narrow"


WIDE = Layout("wide", 7.4, 9.5, 8.5)
NARROW = Layout("narrow", 3.6, 8.5, 8.0)

RC: dict[Any, Any] = {
    "font.family": FONT_FAMILY,
    "font.size": WIDE.font_pt,
    # Names come from data: a pair of dollar signs in one must not start a formula.
    "text.parse_math": False,
    # Hinted letters have other widths at other sizes, so what fits on screen would not fit in the SVG.
    "text.hinting": "none",
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.facecolor": "none",
    "axes.labelcolor": MUTED,
    "axes.linewidth": 0.6,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "hatch.color": PAPER,
    "hatch.linewidth": 0.7,
    "figure.facecolor": PAPER,
    "savefig.facecolor": "auto",
    "figure.dpi": 100,
    "svg.fonttype": "path",
    "svg.hashsalt": "cluster-evidence",
    "path.simplify": True,
}


@cache
def apply() -> None:
    """Register the fonts and set matplotlib's defaults, once a process."""
    for face in ("Regular", "Semibold", "Bold", "It"):
        path = Path(font_source_sans_pro.font_directory) / f"SourceSansPro-{face}.ttf"
        font_manager.fontManager.addfont(str(path))
    matplotlib.rcParams.update(RC)


def figure(layout: Layout, height_in: float) -> Figure:
    """Return an empty figure of the layout's width, without pyplot, so nothing stays open.

    Parameters
    ----------
    layout
        WIDE or NARROW.
    height_in
        Height in inches.

    Examples
    --------
    >>> figure(NARROW, 4.0).get_size_inches().tolist()
    [3.6, 4.0]
    """
    apply()
    fig = Figure(figsize=(layout.width_in, height_in), layout="constrained")
    Canvas(fig)
    engine = fig.get_layout_engine()
    if engine is not None:
        engine.set(w_pad=0.04, h_pad=0.04)  # type: ignore[call-arg]
    return fig


def style_axes(ax: Axes, layout: Layout, grid: Literal["x", "y", "both"] | None = None) -> None:
    """Give axes the project's look: sizes of the layout, a light grid, no ticks across it.

    Parameters
    ----------
    ax
        Axes to change.
    layout
        WIDE or NARROW.
    grid
        The axis whose values the grid lines mark.
    """
    ax.tick_params(labelsize=layout.font_pt, length=0, pad=4)
    ax.xaxis.label.set_fontsize(layout.font_pt)
    ax.yaxis.label.set_fontsize(layout.font_pt)
    ax.grid(False)
    if grid is None:
        return
    ax.grid(True, axis=grid)
    for side in {"x": ("left", "bottom"), "y": ("left",), "both": ()}[grid]:
        if side == "left":
            ax.spines[side].set_visible(grid == "x")
        else:
            ax.spines[side].set_visible(False)


apply()
