"""What text measures: each font looked up once, each text measured once in a process.

matplotlib asks for the same fonts and extents some ten thousand times a report. Only numbers and the names of
files are kept, no open font: those must not pass into a forked process.
"""

from functools import lru_cache
from typing import Any

from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.textpath import TextToPath

POINTS_PER_INCH = 72.0
_EM = TextToPath.FONT_SCALE
"""Size in points that text is measured at; letters are not hinted, so every other size is in proportion."""

Face = tuple[Any, ...]
"""What of a font decides its file: family, style, variant, weight, stretch and file."""


def font_of(prop: FontProperties) -> FT2Font:
    """Return the font of some properties, of whatever size it had last."""
    return get_font(_files(_face(prop)))


def extent(text: str, prop: FontProperties) -> tuple[float, float, float]:
    """Return width, height and descent of one line of text, in points.

    Parameters
    ----------
    text
        One line; no formula.
    prop
        Family, size and weight.
    """
    factor = prop.get_size_in_points() / _EM
    width, height, descent = _extent_at_em(text, _face(prop))
    return width * factor, height * factor, descent * factor


def heights(prop: FontProperties) -> tuple[float, float, float]:
    """Return ascent, descent and gap between lines that a font declares, in points."""
    factor = prop.get_size_in_points() / _EM
    ascent, descent, gap = _heights_at_em(_face(prop))
    return ascent * factor, descent * factor, gap * factor


def _face(prop: FontProperties) -> Face:
    family = tuple(prop.get_family())
    return (
        family,
        prop.get_style(),
        prop.get_variant(),
        prop.get_weight(),
        prop.get_stretch(),
        prop.get_file(),
    )


@lru_cache(maxsize=256)
def _files(face: Face) -> list[Any]:
    family, style, variant, weight, stretch, file = face
    prop = FontProperties(
        family=list(family), style=style, variant=variant, weight=weight, stretch=stretch, fname=file
    )
    files: list[Any] = fontManager._find_fonts_by_props(prop)
    return files


@lru_cache(maxsize=16384)
def _extent_at_em(text: str, face: Face) -> tuple[float, float, float]:
    font = get_font(_files(face))
    font.set_size(_EM, POINTS_PER_INCH)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    width, height = font.get_width_height()
    return width / 64, height / 64, font.get_descent() / 64


class Letters(TextToPath):
    """Outlines of letters, each text set once in a process; what stands for a font here is its face."""

    def _get_font(self, prop: FontProperties) -> Face:
        return _face(prop)

    def get_glyphs_with_font(
        self,
        font: Any,  # noqa: ANN401
        s: str,
        glyph_map: dict[str, Any] | None = None,
        return_new_glyphs_only: bool = False,
        *,
        features: Any = None,  # noqa: ANN401
        language: Any = None,  # noqa: ANN401
    ) -> tuple[list[tuple[str, float, float, float]], dict[str, Any], list[Any]]:
        """Return the place of each letter, the outlines that are not in ``glyph_map`` yet, and no boxes."""
        places, outlines = _set(s, font, features, language)
        known = {} if glyph_map is None else glyph_map
        added = {} if return_new_glyphs_only else known
        added.update({name: outline for name, outline in outlines.items() if name not in known})
        return list(places), added, []


@lru_cache(maxsize=4096)
def _set(
    text: str,
    face: Face,
    features: Any,  # noqa: ANN401
    language: Any,  # noqa: ANN401
) -> tuple[list[tuple[str, float, float, float]], dict[str, Any]]:
    font = get_font(_files(face))
    font.set_size(_EM, POINTS_PER_INCH)
    places, outlines, _ = TextToPath().get_glyphs_with_font(font, text, features=features, language=language)
    return places, outlines


@lru_cache(maxsize=256)
def _heights_at_em(face: Face) -> tuple[float, float, float]:
    """Read what the font says of itself, as `matplotlib.text.Text` does for every text."""
    font = get_font(_files(face))
    head, os2, hhea = font.get_sfnt_table("head"), font.get_sfnt_table("OS/2"), font.get_sfnt_table("hhea")
    if head is not None and os2 is not None:
        up, down, gap = os2["sTypoAscender"], os2["sTypoDescender"], os2["sTypoLineGap"]
    elif head is not None and hhea is not None:
        up, down, gap = hhea["ascent"], hhea["descent"], hhea["lineGap"]
    else:
        _, height, descent = _extent_at_em("lp", face)
        return height - descent, descent, 0.0
    units = _EM / head["unitsPerEm"]
    return up * units, -down * units, gap * units
