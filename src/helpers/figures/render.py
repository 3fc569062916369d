"""From a figure to paths and pixels, laid out once and each text measured once.

``Figure.savefig`` lays a figure out again for every file, at that file's resolution, and measures every text
again with it. Here all renderers measure alike, in points, with letters that are not hinted: one layout holds
for the picture on the screen, the SVG and the PNG, and what was measured in one figure is known in the next.
"""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.layout_engine import ConstrainedLayoutEngine
from numpy.typing import NDArray

from helpers.figures.lettering import POINTS_PER_INCH, Letters, extent, font_of, heights


class AggRenderer(RendererAgg):
    """Draws pixels, and measures text in points times its resolution."""

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: object
    ) -> tuple[float, float, float]:
        """Return width, height and descent of a text in pixels."""
        factor = self.dpi / POINTS_PER_INCH
        width, height, descent = extent(s, prop)
        return width * factor, height * factor, descent * factor

    def _get_font_height_metrics(self, prop: FontProperties) -> tuple[float, float, float]:
        factor = self.dpi / POINTS_PER_INCH
        ascent, descent, gap = heights(prop)
        return ascent * factor, descent * factor, gap * factor

    def _prepare_font(self, font_prop: FontProperties) -> FT2Font:
        font = font_of(font_prop)
        font.clear()
        font.set_size(font_prop.get_size_in_points(), self.dpi)
        return font


def _agg(width: int, height: int, dpi: float) -> AggRenderer:
    return AggRenderer(width, height, dpi)  # type: ignore[no-untyped-call]


class SvgRenderer(RendererSVG):
    """Writes SVG, and measures text as :class:`AggRenderer` does."""

    def __init__(self, width: float, height: float, stream: io.StringIO) -> None:
        nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
        super().__init__(width, height, stream, metadata=nothing)  # type: ignore[no-untyped-call]
        self._text2path = Letters()

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: object
    ) -> tuple[float, float, float]:
        """Return width, height and descent of a text in points."""
        return extent(s, prop)

    def _get_font_height_metrics(self, prop: FontProperties) -> tuple[float, float, float]:
        return heights(prop)


class Canvas(FigureCanvasBase):
    """Canvas of every figure here: knows how to measure, whichever file is drawn in the end.

    Without it matplotlib makes a whole new picture to draw on each time that one text is measured.
    """

    _ruler: "AggRenderer | None" = None

    def get_renderer(self) -> AggRenderer:
        """Return a renderer that measures at the figure's resolution and has no room to draw."""
        if self._ruler is None or self._ruler.dpi != self.figure.dpi:
            self._ruler = _agg(1, 1, self.figure.dpi)
        return self._ruler

    def draw(self) -> None:
        """Draw nothing: pictures are drawn when they are written.

        seaborn's heat map asks for a whole drawing to see whether its own tick labels overlap; charts here
        put labels of their own in their place.
        """
        self.figure.stale = False


def renderer_of(fig: Figure) -> AggRenderer:
    """Put axes and labels of a figure where they belong as it is now; return a renderer to measure with."""
    engine = fig.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine) and fig.axes:
        _leave_out_of_layout(fig.axes)
        engine.execute(fig)
    renderer: AggRenderer = fig.canvas.get_renderer()  # type: ignore[attr-defined]
    return renderer


def _leave_out_of_layout(axes: Iterable[Axes]) -> None:
    """Spare the layout what cannot change it: spines end where axes do, an empty label has no place."""
    for ax in axes:
        for spine in ax.spines.values():
            spine.set_in_layout(False)
        for axis in (ax.xaxis, ax.yaxis):
            if not axis.label.get_text():
                axis.set_label_coords(0.0, 0.0)


def settle(fig: Figure) -> AggRenderer:
    """Lay a figure out for good, if that is not done yet; return a renderer to measure with."""
    renderer = renderer_of(fig)
    if isinstance(fig.get_layout_engine(), ConstrainedLayoutEngine):
        fig.set_layout_engine("none")
    return renderer


@contextmanager
def _at(fig: Figure, dpi: float) -> Iterator[None]:
    before = fig.dpi
    fig.set_dpi(dpi)
    try:
        yield
    finally:
        fig.set_dpi(before)


def svg_of(fig: Figure) -> str:
    """Draw a figure as matplotlib's SVG, which :func:`helpers.figures.svg.compact_svg` makes small."""
    settle(fig)
    stream = io.StringIO()
    width, height = fig.get_size_inches() * POINTS_PER_INCH
    with _at(fig, POINTS_PER_INCH):
        renderer = SvgRenderer(width, height, stream)
        fig.draw(renderer)
        renderer.finalize()  # type: ignore[no-untyped-call]
    return stream.getvalue()


def pixels_of(fig: Figure, dpi: float) -> NDArray[np.uint8]:
    """Draw a figure as pixels: red, green, blue and opacity, shape (rows, columns, 4)."""
    settle(fig)
    width, height = fig.get_size_inches() * dpi
    with _at(fig, dpi):
        renderer = _agg(int(width), int(height), dpi)
        fig.draw(renderer)
    return np.asarray(renderer.buffer_rgba())  # type: ignore[no-untyped-call]
