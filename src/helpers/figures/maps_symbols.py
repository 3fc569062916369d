"""Circles on maps: one a country for totals, one a town for seats."""

import math
from collections.abc import Sequence

import pandas as pd
from matplotlib.colors import to_hex, to_rgb

from helpers.figures import style
from helpers.figures.maps_canvas import Canvas, TextBox, overlap
from helpers.figures.maps_labels import label_beside, label_towns
from helpers.figures.maps_land import MAIN_EPSG, Land, centre_of, from_degrees
from helpers.figures.maps_legend import Sizes, text_width
from helpers.figures.maps_paint import CIRCLE_ALPHA, Circle, draw_circles, draw_text
from helpers.figures.maps_places import legend_steps
from helpers.figures.maps_sheet import View

SYMBOL = style.RAMP[3]


def symbol_on(ground: str) -> str:
    """Return the colour that circles have on land of a colour.

    The page shines through a circle of the legend, land through one on the map; with this colour the two
    look alike in a light page and in a dark one.

    Examples
    --------
    >>> symbol_on("#d4daf0")
    '#576fbc'
    """
    pairs = zip(to_rgb(SYMBOL), to_rgb(ground), strict=True)
    red, green, blue = (CIRCLE_ALPHA * above + (1 - CIRCLE_ALPHA) * below for above, below in pairs)
    return to_hex((red, green, blue))


def sizes_of(values: "pd.Series[float]", largest_pt: float, most_for_one_pt: float) -> Sizes:
    """Return the scale of circles for some values.

    Parameters
    ----------
    values
        Numbers from 0; missing ones are left out.
    largest_pt
        Radius of the largest circle, in points.
    most_for_one_pt
        Radius that a circle for 1 has at most, so that a map of few organisations is not covered by them.
    """
    known = values.dropna()
    largest = float(known.max()) if len(known) else 0.0
    if largest <= 0:
        return Sizes((), most_for_one_pt)
    radius_of_one = min(largest_pt / math.sqrt(largest), most_for_one_pt)
    return Sizes(tuple(legend_steps(largest)), radius_of_one)


def country_circles(canvas: Canvas, land: Land, numbers: "pd.Series[float]", sizes: Sizes) -> None:
    """Draw one circle a country at the middle of its largest part, with the number in it or beside it.

    Parameters
    ----------
    canvas
        With its land painted.
    land
        Land of the main part, EPSG:3035.
    numbers
        Value by Eurostat code.
    sizes
        Scale of the circles.
    """
    known = numbers[numbers > 0].sort_values(ascending=False, kind="stable")
    spots = []
    for code, number in known.items():
        if code not in land:
            continue
        ground = centre_of(land[code])
        if canvas.main.holds(*ground):
            x, y = canvas.main.point(*ground)
            spots.append((f"{number:,.0f}", x, y, sizes.radius(number)))
    _draw(canvas, [(x, y, radius) for _, x, y, radius in spots])
    written: list[TextBox] = []
    for name, x, y, radius in spots:
        if not _label_inside(canvas, name, x, y, radius, written):
            label_beside(canvas, name, x, y, radius)


def _label_inside(
    canvas: Canvas, text: str, x: float, y: float, radius: float, written: list[TextBox]
) -> bool:
    """Write a number into its circle if it fits there beside those already written."""
    size = canvas.layout.small_pt
    width = text_width(canvas.fig, text, size)
    if width > 2 * radius - 3 or size * 0.75 > 2 * radius - 3:
        return False
    box = (x - width / 2, y - size / 2, x + width / 2, y + size / 2)
    if any(overlap(box, other) for other in written):
        return False
    written.append(box)
    draw_text(canvas.fig, x, y, text, size, ha="center", va="center_baseline", color=style.ON_DARK)
    return True


def town_circles(canvas: Canvas, towns: pd.DataFrame, sizes: Sizes, names: int = 0) -> None:
    """Draw one circle a town in every view, largest first, and name the largest.

    Parameters
    ----------
    canvas
        With its land painted.
    towns
        From :func:`helpers.figures.maps_places.place_table`.
    sizes
        Scale of the circles.
    names
        How many towns of the main map are named at most.
    """
    ordered = towns.sort_values("organisations", ascending=False, kind="stable")
    spots = _spots(canvas.main, ordered, sizes, MAIN_EPSG)
    _draw(canvas, [(x, y, radius) for _, x, y, radius in spots])
    for inset, view in canvas.insets:
        own = ordered[ordered["country"] == inset.country]
        draw_circles(canvas.fig, [spot[1:] for spot in _spots(view, own, sizes, inset.epsg)], SYMBOL)
    label_towns(canvas, spots, names)


def _spots(view: View, towns: pd.DataFrame, sizes: Sizes, epsg: int) -> list[tuple[str, float, float, float]]:
    """Return name, x, y and radius in points of the towns that a view shows."""
    ground = from_degrees(towns["longitude"], towns["latitude"], epsg)
    on_sheet = view.points(ground)
    rows = zip(towns["place"], towns["organisations"], ground, on_sheet, strict=True)
    return [
        (str(name), float(xy[0]), float(xy[1]), sizes.radius(count))
        for name, count, position, xy in rows
        if view.holds(*position)
    ]


def _draw(canvas: Canvas, circles: Sequence[Circle]) -> None:
    """Draw circles and note the space that they take."""
    draw_circles(canvas.fig, circles, SYMBOL)
    for x, y, radius in circles:
        canvas.taken.append((x - radius, y - radius, x + radius, y + radius))
