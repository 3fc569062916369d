"""Labels on maps: set where they fit, left out where they do not."""

from collections.abc import Iterable, Mapping

import shapely
from matplotlib.colors import to_rgb
from matplotlib.patheffects import withStroke

from helpers.figures import style
from helpers.figures.maps_canvas import Canvas, Look
from helpers.figures.maps_land import centre_of
from helpers.figures.maps_legend import text_width
from helpers.figures.maps_paint import draw_text, text_box

ON_LIGHT = "#1b1f26"
"""Text on a light area of the ramp: stays dark when the page is dark, unlike INK."""
HALO = [withStroke(linewidth=2.5, foreground=style.PAPER)]
"""Sets a name off from whatever lies beneath it; text and halo both follow the page, light or dark."""
SMALLEST_LABELLED_PT2 = 90.0


def text_colour_on(fill: str) -> str:
    """Return the text colour that reads best on a fill.

    Examples
    --------
    >>> text_colour_on("#15246b") == style.ON_DARK, text_colour_on("#d4daf0") == ON_LIGHT
    (True, True)
    """
    light = _luminance(fill)
    on_light = (light + 0.05) / (_luminance(ON_LIGHT) + 0.05)
    on_dark = 1.05 / (light + 0.05)
    return ON_LIGHT if on_light >= on_dark else style.ON_DARK


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def label_countries(canvas: Canvas, codes: Iterable[str], looks: Mapping[str, Look]) -> None:
    """Write country codes inside the countries that are large enough on the sheet."""
    size = canvas.layout.small_pt
    for code in sorted(codes):
        shape = canvas.land.get(code)
        if shape is None or shape.is_empty or shape.area < SMALLEST_LABELLED_PT2:
            continue
        look = looks.get(code)
        colour = text_colour_on(look.fill) if look else style.MUTED
        x, y = centre_of(shape)
        text = draw_text(canvas.fig, x, y, code, size, ha="center", va="center_baseline", color=colour)
        text.set_gid(f"code-{code}")
        box = text_box(text)
        inside = shapely.box(box[0] - 0.5, box[1] + 1.5, box[2] + 0.5, box[3] - 1.5).within(shape)
        if inside and canvas.free(box) and not (look and look.hatch):
            canvas.taken.append(box)
        else:
            text.remove()


def label_towns(canvas: Canvas, towns: Iterable[tuple[str, float, float, float]], most: int) -> None:
    """Write the names of the largest towns beside their circles.

    Parameters
    ----------
    canvas
        Canvas whose ``taken`` holds the circles that labels must not touch.
    towns
        Name, x, y and radius in points, the most important first.
    most
        How many names at most.
    """
    written = 0
    for name, x, y, radius in towns:
        if written >= most:
            return
        written += label_beside(canvas, name, x, y, radius)


def label_beside(canvas: Canvas, name: str, x: float, y: float, radius: float) -> bool:
    """Write a name at the first free side of a circle; return whether one was free."""
    size = canvas.layout.small_pt
    width, gap = text_width(canvas.fig, name, size), radius + 2
    spots = (
        (x + gap, y, x + gap, y - size * 0.5),
        (x - gap - width, y, x - gap - width, y - size * 0.5),
        (x - width / 2, y + gap + size * 0.4, x - width / 2, y + gap),
        (x - width / 2, y - gap - size * 0.5, x - width / 2, y - gap - size),
    )
    for left, middle, box_left, box_bottom in spots:
        box = (box_left - 1, box_bottom, box_left + width + 1, box_bottom + size)
        if canvas.free(box):
            look = {"va": "center_baseline", "color": style.INK, "path_effects": HALO}
            draw_text(canvas.fig, round(left, 1), round(middle, 1), name, size, **look)
            canvas.taken.append(box)
            return True
    return False
