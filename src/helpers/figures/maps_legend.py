"""Legends of maps, drawn in points so that nothing overlaps by chance."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from helpers.figures import style
from helpers.figures.maps_paint import draw_box, draw_circles, draw_text, text_box
from helpers.figures.maps_sheet import Pane

SWATCH_PT = (16.0, 9.5)
GAP_PT = 5.0
LINE = 1.35


@dataclass(frozen=True)
class Swatch:
    """One entry of a legend: a filled box and its wording."""

    label: str
    fill: str
    hatch: str | None = None
    outline: str | None = None


@dataclass(frozen=True)
class Sizes:
    """Circles of a legend of proportional symbols.

    Parameters
    ----------
    steps
        Values shown, largest first.
    radius_of_one
        Radius in points of a circle that stands for 1.
    """

    steps: tuple[int, ...]
    radius_of_one: float

    def radius(self, value: float) -> float:
        """Radius in points of the circle for a value: its area is proportional to the value."""
        return self.radius_of_one * math.sqrt(max(value, 0.0))


def wrapped(fig: Figure, text: str, width_pt: float, size_pt: float, **look: object) -> list[str]:
    """Break text into lines no wider than ``width_pt``."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(fig, longer, size_pt, **look) <= width_pt:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def text_width(fig: Figure, text: str, size_pt: float, **look: object) -> float:
    """Return the width of text in points."""
    probe = draw_text(fig, 0, 0, text, size_pt, **look)
    left, _, right, _ = text_box(probe)
    probe.remove()
    return right - left


class Legend:
    """Entries stacked from the top of a pane downwards, in one column or more.

    Parameters
    ----------
    fig
        Figure to draw on.
    pane
        Space for the legend; only its left, top and width are binding.
    layout
        WIDE or NARROW.
    """

    def __init__(self, fig: Figure, pane: Pane, layout: style.Layout) -> None:
        self.fig = fig
        self.pane = pane
        self.layout = layout
        self.y = pane.top

    def title(self, text: str) -> None:
        """Write what is shown and in what unit."""
        size = self.layout.font_pt
        for line in wrapped(self.fig, text, self.pane.width - 4, size, fontweight="bold"):
            draw_text(
                self.fig, self.pane.left, self.y, line, size, va="top", color=style.INK, fontweight="bold"
            )
            self.y -= size * LINE
        self.y -= GAP_PT / 2

    def swatches(self, entries: Sequence[Swatch], columns: int = 1) -> None:
        """Draw boxes with wordings, filled column by column."""
        rows = math.ceil(len(entries) / columns)
        width = self.pane.width / columns
        pitch = self.layout.font_pt * LINE + 1.5
        for index, entry in enumerate(entries):
            left = self.pane.left + (index // rows) * width
            self._swatch(entry, left, self.y - (index % rows) * pitch - pitch / 2)
        self.y -= rows * pitch + GAP_PT / 2

    def _swatch(self, entry: Swatch, left: float, middle: float) -> None:
        width, height = SWATCH_PT
        box = Pane(left, round(middle - height / 2, 1), width, height)
        edge = entry.outline or (style.PAPER if entry.hatch else style.MUTED)
        line_width = 1.4 if entry.outline else 0.4
        draw_box(self.fig, box, facecolor=entry.fill, edgecolor=edge, linewidth=line_width, hatch=entry.hatch)
        if entry.hatch:
            draw_box(self.fig, box, facecolor="none", edgecolor=style.MUTED, linewidth=0.4)
        size = self.layout.font_pt
        draw_text(
            self.fig, left + width + GAP_PT, middle, entry.label, size, va="center_baseline", color=style.INK
        )

    def circles(self, sizes: Sizes, fill: str) -> None:
        """Draw circles side by side, each with its value beneath; nothing shines through ``fill``."""
        if not sizes.steps:
            return
        largest = sizes.radius(sizes.steps[0])
        baseline = self.y - 2 * largest
        x = self.pane.left
        for step in sizes.steps:
            label = f"{step:,}"
            half = max(sizes.radius(step), text_width(self.fig, label, self.layout.font_pt) / 2)
            radius = sizes.radius(step)
            draw_circles(self.fig, [(x + half, baseline + radius, radius)], fill, alpha=1.0)
            draw_text(
                self.fig,
                x + half,
                baseline - 2,
                label,
                self.layout.font_pt,
                va="top",
                ha="center",
                color=style.INK,
            )
            x += 2 * half + 12
        self.y = baseline - self.layout.font_pt * LINE - GAP_PT

    def note(self, text: str) -> None:
        """Write a remark in small type."""
        size = self.layout.small_pt
        for line in wrapped(self.fig, text, self.pane.width, size):
            draw_text(self.fig, self.pane.left, self.y, line, size, va="top", color=style.MUTED)
            self.y -= size * LINE
