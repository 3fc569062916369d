"""From a figure to a small PNG: few colours, and those that fill areas exact."""

import io
import re
from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from helpers.figures.render import pixels_of

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_EXACT = 32
"""The most frequent colours, those of areas and lines, are kept as they are; only edges are approximated."""
_LEVEL = 6
"""Of zlib: 9 takes ten times as long for a tenth of the bytes."""

Colours = NDArray[np.int64]
"""One row a colour: red, green, blue."""


def draw_png(fig: Figure, facts: Mapping[str, str] | None = None, colours: int = 96, dpi: int = 192) -> bytes:
    """Draw a figure as PNG at twice screen size, with a palette, which makes it a third as large.

    Parameters
    ----------
    fig
        Figure to draw.
    facts
        Text by keyword of the PNG specification (``Title``, ``Description``, ``Source``), put in the file as
        tEXt chunks, or iTXt where Latin-1 does not hold it.
    colours
        Colours of the palette, at most 256.
    dpi
        Dots per inch; 192 is twice the 96 of a screen.
    """
    flat = with_palette(pixels_of(fig, dpi), colours)
    chunks = PngInfo()
    for keyword, text in (facts or {}).items():
        chunks.add_text(keyword, _FORBIDDEN.sub("", text))
    small = io.BytesIO()
    flat.save(small, format="PNG", compress_level=_LEVEL, dpi=(dpi, dpi), pnginfo=chunks)
    return small.getvalue()


def with_palette(pixels: NDArray[np.uint8], colours: int) -> Image.Image:
    """Return an opaque picture with at most so many colours.

    A chart has some hundred colours in long runs, so each run and each colour is looked at once, where
    Pillow's ``quantize`` looks at each of a million pixels.

    Parameters
    ----------
    pixels
        Red, green, blue and opacity, shape (rows, columns, 4); the opacity is left out.
    colours
        Colours of the palette, at most 256.

    Examples
    --------
    >>> white_and_blue = np.array([[[255, 255, 255, 255], [0, 0, 255, 255]]], dtype=np.uint8)
    >>> with_palette(white_and_blue, 96).convert("RGB").get_flattened_data()
    ((255, 255, 255), (0, 0, 255))
    """
    packed = np.ascontiguousarray(pixels).view("<u4").ravel() & 0xFFFFFF
    starts = np.concatenate(([0], np.flatnonzero(packed[1:] != packed[:-1]) + 1))
    lengths = np.diff(starts, append=len(packed))
    found, which = np.unique(packed[starts], return_inverse=True)
    counts = np.bincount(which, weights=lengths).astype(np.int64)
    seen = np.stack([found & 255, found >> 8 & 255, found >> 16], axis=1).astype(np.int64)
    palette = _palette(seen, counts, colours)
    nearest = _nearest(seen, palette)
    indices = np.repeat(nearest[which].astype(np.uint8), lengths).reshape(pixels.shape[:2])
    picture = Image.fromarray(indices)
    picture.putpalette(palette.astype(np.uint8).tobytes())
    return picture


def _palette(seen: Colours, counts: NDArray[np.int64], colours: int) -> Colours:
    """Choose the most frequent colours, and the means that Pillow's median cut finds for the others."""
    order = np.argsort(-counts, kind="stable")
    if len(order) <= colours:
        return seen[order]
    exact, others = order[: min(_EXACT, colours - 1)], order[min(_EXACT, colours - 1) :]
    edge = np.repeat(seen[others], counts[others], axis=0).astype(np.uint8)
    cut = Image.fromarray(edge[np.newaxis]).quantize(colours - len(exact), dither=Image.Dither.NONE)
    means = np.array(cut.getpalette(), dtype=np.int64).reshape(-1, 3)
    return np.concatenate([seen[exact], means])


def _nearest(seen: Colours, palette: Colours) -> NDArray[np.int64]:
    """Return the place in the palette of the colour nearest to each, by the length of the difference."""
    apart = (palette**2).sum(axis=1) - 2 * seen @ palette.T
    nearest: NDArray[np.int64] = apart.argmin(axis=1)
    return nearest
