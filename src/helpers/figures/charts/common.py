"""What all charts share: the empty picture, words for columns, and labels that fit beside bars."""

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from matplotlib.ticker import FuncFormatter, MaxNLocator

from helpers.data.errors import InputError
from helpers.figures.render import renderer_of as renderer_of
from helpers.figures.sources import NO_DATA_TEXT as NO_DATA_TEXT
from helpers.figures.style import DATA, HIGHLIGHT, INK, MUTED, SOFT, Layout, figure, style_axes
from helpers.figures.tables import format_cell

_LABEL_GAP_PT = 3.0
_SIGNS = {"at_least": "≥ ", "at_most": "≤ ", "about": "≈ "}


@dataclass(frozen=True)
class Bars:
    """Horizontal bars, the first at the top.

    Parameters
    ----------
    names
        What each bar stands for.
    values
        Lengths; NaN draws no bar.
    labels
        Text at the end of each bar.
    colours
        Colour of each bar.
    strong
        Positions whose name and label are set in bold.
    """

    names: Sequence[str]
    values: Sequence[float]
    labels: Sequence[str]
    colours: Sequence[str]
    strong: frozenset[int] = frozenset()


def require(data: pd.DataFrame, columns: Iterable[str], chart: str) -> None:
    """Refuse data without the columns that a chart draws.

    Raises
    ------
    InputError
        If a column is missing.
    """
    missing = [column for column in columns if column not in data.columns]
    if missing:
        raise InputError(
            f"chart {chart}: no column {', '.join(missing)}; "
            f"the columns are {', '.join(map(str, data.columns))}"
        )


def empty_figure(layout: Layout) -> Figure:
    """Return the picture that is shown where nothing is left to draw."""
    fig = figure(layout, 1.2)
    fig.text(0.5, 0.5, NO_DATA_TEXT, ha="center", va="center", fontsize=layout.font_pt, color=MUTED)
    return fig


def wrapped(text: object, width: int, lines: int = 3) -> str:
    r"""Break text into lines, and shorten it where it needs more of them than allowed.

    Examples
    --------
    >>> wrapped("Cultural and creative industries", 18)
    'Cultural and\ncreative\nindustries'
    >>> wrapped("a" * 50, 10, lines=2)
    'aaaaaaaaaa\naaaaaaaaa…'
    """
    # Not str.split(): a no-break space ("5 %") must stay one.
    clean = " ".join(part for part in re.split(r"[ \t\r\n]+", str(text)) if part)
    broken = textwrap.wrap(clean, width) or [""]
    if len(broken) > lines:
        rest = " ".join(broken[lines - 1 :])
        broken = [*broken[: lines - 1], rest[: width - 1].rstrip() + "…"]
    return "\n".join(broken)


def in_words(identifier: object) -> str:
    """Turn an identifier into words.

    Examples
    --------
    >>> in_words("cluster_organisations_registered")
    'Cluster organisations registered'
    """
    text = str(identifier).replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def stated(value: float, qualifier: str, spec: str = "") -> str:
    """Write a figure with the sign of its qualifier.

    Examples
    --------
    >>> stated(690, "at_least")
    '≥ 690'
    """
    return f"{_SIGNS.get(qualifier, '')}{format_cell(value, spec)}"


def floats(values: "pd.Series[Any] | Iterable[object]") -> list[float]:
    """Return numbers with NaN for what is missing; infinite values count as missing too."""
    numbers = pd.to_numeric(pd.Series(values, dtype="object"), errors="coerce").to_numpy(
        dtype=float, na_value=np.nan
    )
    return [float(number) if np.isfinite(number) else float("nan") for number in numbers]


def bar_colours(marks: Sequence[object], highlight: str | None) -> tuple[list[str], frozenset[int]]:
    """Choose colours: all alike, or one that stands out from the rest."""
    strong = frozenset(
        position for position, mark in enumerate(marks) if highlight is not None and mark == highlight
    )
    if not strong:
        return [DATA] * len(marks), strong
    return [HIGHLIGHT if position in strong else SOFT for position in range(len(marks))], strong


def draw_bars(ax: Axes, bars: Bars, layout: Layout, *, spec: str, above: bool = False) -> None:
    """Draw horizontal bars from zero with names and labels, the first at the top.

    Parameters
    ----------
    ax
        Empty axes.
    bars
        What to draw.
    layout
        WIDE or NARROW.
    spec
        Number format of the axis.
    above
        Write names above their bars instead of beside them, where names are long and the page narrow.
    """
    places = list(range(len(bars.names)))
    offset = 0.2 if above else 0.0
    widths = [0.0 if np.isnan(value) else value for value in bars.values]
    ax.barh(
        [place + offset for place in places], widths, height=0.42 if above else 0.72, color=list(bars.colours)
    )
    ax.set_ylim(len(places) - 0.4, -0.6)
    ax.set_yticks(places, [] if above else list(bars.names))
    style_axes(ax, layout, grid="x")
    ax.spines["left"].set_visible(not above)
    ax.tick_params(axis="y", labelcolor=INK)
    ax.tick_params(axis="x", labelsize=layout.small_pt)
    count_axis(ax, spec, 4 if layout.narrow else 6)
    for place in places:
        weight = "bold" if place in bars.strong else "normal"
        if above:
            _note(ax, bars.names[place], 0, place - 0.28, layout.font_pt, weight, (0, 0))
        elif place in bars.strong:
            ax.get_yticklabels()[place].set_fontweight("bold")
        _note(
            ax, bars.labels[place], widths[place], place + offset, layout.font_pt, weight, (_LABEL_GAP_PT, 0)
        )


def _note(
    ax: Axes, text: str, x: float, y: float, size: float, weight: str, offset: tuple[float, float]
) -> Annotation:
    note = ax.annotate(
        text,
        (x, y),
        xytext=offset,
        textcoords="offset points",
        va="center_baseline",
        fontsize=size,
        fontweight=weight,
        color=INK,
        annotation_clip=False,
    )
    note.set_in_layout(False)
    return note


def count_axis(ax: Axes, spec: str, ticks: int) -> None:
    """Give the x axis few, round, formatted ticks; whole numbers only where counts are drawn."""
    ax.xaxis.set_major_locator(MaxNLocator(ticks, integer=spec.endswith("d"), steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: format_cell(value, tick_spec(ax, spec))))


def tick_spec(ax: Axes, spec: str) -> str:
    """Return the format for ticks: no more decimals than the steps between them need."""
    places = np.diff(ax.xaxis.get_majorticklocs())
    step = float(places.min()) if len(places) else 1.0
    if spec.endswith("%"):
        step *= 100
    # Steps are 1, 2 or 5 times a power of ten, so the power says how many decimals they need.
    decimals = 0 if spec.endswith("d") else int(np.clip(-np.floor(np.log10(max(step, 1e-6)) + 1e-9), 0, 6))
    return f",.{decimals}{'%' if spec.endswith('%') else 'f'}"


def fit_labels(fig: Figure, axes: Sequence[Axes]) -> None:
    """Lengthen x axes until the labels at the ends of the bars, and names above them, fit inside.

    All axes get the same scale, so that bars compare across them.
    """
    renderer = renderer_of(fig)
    longest = 0.0
    for ax in axes:
        room = float(ax.get_window_extent(renderer).width) - 2.0
        for note in (text for text in ax.texts if isinstance(text, Annotation)):
            needed = float(note.get_window_extent(renderer).width) + _LABEL_GAP_PT * fig.dpi / 72
            longest = max(longest, float(note.xy[0]) * room / max(room - needed, 0.15 * room))
    for ax in axes:
        ax.set_xlim(0, longest or 1.0)
