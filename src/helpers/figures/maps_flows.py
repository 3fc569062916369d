"""Maps of what goes from where to where: bands as wide as the amount, and circles for what stays at home."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from matplotlib.figure import Figure
from numpy.typing import NDArray

from helpers.data.errors import InputError
from helpers.figures import style
from helpers.figures.charts.capacity import short_amount
from helpers.figures.maps import OTHER, SCOPE_LOOK
from helpers.figures.maps_canvas import Canvas, arrange, close, paint_land
from helpers.figures.maps_labels import label_beside, label_countries
from helpers.figures.maps_land import MAIN_EPSG, centre_of, europe_or, from_degrees, land_of, transformer
from helpers.figures.maps_legend import Legend, Sizes, Swatch, text_width
from helpers.figures.maps_paint import draw_area, draw_circles, draw_text

COLUMNS = (
    "from",
    "to",
    "amount",
    "from_latitude",
    "from_longitude",
    "to_latitude",
    "to_longitude",
)
WIDEST_PT = 7.0
THINNEST_PT = 0.7
LARGEST_PT = 11.0
NARROW_FACTOR = 0.7
MOST = 40
BEND = 0.16
_SHORTEST_PT = 1.0
BAND_ALPHA, FAINT_ALPHA, HOME_ALPHA = 0.82, 0.3, 0.6
HOME = style.MUTED

Points = NDArray[np.float64]
Spot = tuple[float, float, float]
"""x, y and radius in points."""


def land_centres(shapes: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Return a point well inside each country, for those of which no other place is known.

    Parameters
    ----------
    shapes
        Table ``country_shapes``.
    codes
        Countries; those without land in the table are left out.

    Returns
    -------
    DataFrame
        ``country``, ``latitude``, ``longitude`` (degrees).
    """
    land = land_of(shapes)
    known = [code for code in codes if code in land]
    to_degrees = transformer(MAIN_EPSG, 4326)
    points = [to_degrees.transform(*centre_of(land[code])) for code in known]
    rows = [(code, round(y, 3), round(x, 3)) for code, (x, y) in zip(known, points, strict=True)]
    return pd.DataFrame(rows, columns=["country", "latitude", "longitude"])


def flows(
    data: pd.DataFrame,
    layout: style.Layout,
    *,
    shapes: pd.DataFrame,
    scope_codes: Sequence[str],
    label: str,
    focus: str | None = None,
    most: int = MOST,
) -> Figure:
    """Draw what countries send to each other, and what they use themselves.

    Parameters
    ----------
    data
        ``from``, ``to`` (Eurostat codes), ``amount``, and latitude and longitude of both ends (degrees).
    layout
        WIDE or NARROW.
    shapes
        Table ``country_shapes``.
    scope_codes
        Countries that the map is about.
    label
        What is sent, with its unit.
    focus
        Country whose flows stand out.
    most
        How many flows between countries are drawn, the largest; the legend says what is left out.

    Raises
    ------
    InputError
        If a column is missing.
    """
    missing = [column for column in COLUMNS if column not in data.columns]
    if missing:
        raise InputError(f"flow map: column {missing[0]!r} is missing")
    positive = data[data["amount"] > 0]
    between = positive[positive["from"] != positive["to"]]
    between = between.sort_values("amount", ascending=False, kind="stable")
    drawn, left = between.head(most), between.iloc[most:]
    home = positive[positive["from"] == positive["to"]]
    scale = _Scale(drawn["amount"], home["amount"], layout)

    def legend(key: Legend) -> None:
        key.title(label)
        if focus:
            entries = [Swatch(f"From or to {focus}", style.HIGHLIGHT), Swatch("Between others", style.DATA)]
            key.swatches([*entries, Swatch(OTHER, style.OTHER_COUNTRIES)], 2 if layout.narrow else 1)
        else:
            key.swatches([Swatch(OTHER, style.OTHER_COUNTRIES)])
        _band_key(key, scale)
        _circle_key(key, scale)
        if len(left):
            rest = short_amount(float(left["amount"].sum()))
            key.note(f"Not drawn: {len(left):,} smaller flows, {rest} in all")
        if positive.empty:
            key.note("Nothing is sent")

    looks = dict.fromkeys(scope_codes, SCOPE_LOOK)
    canvas = arrange(layout, europe_or(shapes, list(looks)), [], legend)
    paint_land(canvas, shapes, looks, focus)
    spots = _circles(canvas, home, scale, focus)
    _bands(canvas, drawn, scale, focus)
    label_countries(canvas, looks, looks)
    _name_ends(canvas, drawn, scale, spots)
    return close(canvas)


class _Scale:
    """How wide bands and how large circles are."""

    def __init__(self, sent: "pd.Series[float]", used: "pd.Series[float]", layout: style.Layout) -> None:
        factor = NARROW_FACTOR if layout.narrow else 1.0
        self.widest, self.largest = WIDEST_PT * factor, LARGEST_PT * factor
        self.most_sent = float(sent.max()) if len(sent) else 0.0
        self.most_used = float(used.max()) if len(used) else 0.0

    def width(self, amount: float) -> float:
        """Return the width of a band; the thinnest can still be seen."""
        return max(THINNEST_PT, self.widest * amount / self.most_sent)

    @property
    def sizes(self) -> Sizes:
        """Circles of the legend: a round number near the largest, and a quarter of it."""
        if self.most_used <= 0:
            return Sizes((), 1.0)
        return Sizes((1,), self.largest / float(np.sqrt(self.most_used)))


def round_steps(largest: float) -> list[float]:
    """Return a round number up to the largest, and about a quarter of it, for a legend.

    Examples
    --------
    >>> round_steps(16_748_889.0), round_steps(0.0)
    ([10000000.0, 2500000.0], [])
    """
    if largest <= 0:
        return []
    power = 10.0 ** np.floor(np.log10(largest))
    # The logarithm of a number just below a power of ten may be rounded up to it.
    top = float(max(step for step in (0.5, 1.0, 2.0, 5.0) if step * power <= largest) * power)
    return [top, top / 4]


def _band_key(key: Legend, scale: _Scale) -> None:
    """Draw two bands with their amounts."""
    steps = round_steps(scale.most_sent)
    if not steps:
        return
    _subtitle(key, "Sent to another country")
    size, x = key.layout.font_pt, key.pane.left
    middle = key.y - size * 0.7
    for step in steps:
        tail, head = np.array([x, middle]), np.array([x + 26.0, middle])
        draw_area(
            key.fig,
            [arrow(tail, head, scale.width(step), 0.0)],
            "flow-key",
            facecolor=style.DATA,
            edgecolor="none",
            alpha=BAND_ALPHA,
        )
        words = short_amount(step)
        draw_text(key.fig, x + 31, middle, words, size, va="center_baseline", color=style.INK)
        x += 31 + text_width(key.fig, words, size) + 14
    key.y -= size * 1.7


def _circle_key(key: Legend, scale: _Scale) -> None:
    """Draw two circles with their amounts."""
    steps = round_steps(scale.most_used)
    if not steps:
        return
    _subtitle(key, "Used in the country")
    size, x = key.layout.font_pt, key.pane.left
    radii = [scale.sizes.radius(step) for step in steps]
    middle = key.y - max(radii[0], size * 0.6) - 1
    for step, radius in zip(steps, radii, strict=True):
        draw_circles(key.fig, [(x + radius, middle, radius)], HOME, HOME_ALPHA)
        words = short_amount(step)
        draw_text(key.fig, x + 2 * radius + 4, middle, words, size, va="center_baseline", color=style.INK)
        x += 2 * radius + 4 + text_width(key.fig, words, size) + 14
    key.y = middle - max(radii[0], size * 0.6) - 4


def _subtitle(key: Legend, text: str) -> None:
    size = key.layout.font_pt
    draw_text(key.fig, key.pane.left, key.y, text, size, va="top", color=style.INK)
    key.y -= size * 1.3


def _circles(canvas: Canvas, home: pd.DataFrame, scale: _Scale, focus: str | None) -> dict[str, Spot]:
    """Draw what countries use themselves, as circles of proportional area; return where they are."""
    ground = from_degrees(home["from_longitude"], home["from_latitude"])
    spots = {}
    for code, amount, place in zip(home["from"], home["amount"], ground, strict=True):
        if not canvas.main.holds(*place):
            continue
        x, y = canvas.main.point(*place)
        spots[str(code)] = (x, y, max(1.0, scale.sizes.radius(float(amount))))
    for code, spot in spots.items():
        draw_circles(canvas.fig, [spot], style.HIGHLIGHT if code == focus else HOME, HOME_ALPHA)
        x, y, radius = spot
        canvas.taken.append((x - radius, y - radius, x + radius, y + radius))
    return spots


def _bands(canvas: Canvas, drawn: pd.DataFrame, scale: _Scale, focus: str | None) -> None:
    """Draw the flows, the widest first and those of the country in focus on top."""
    pane = canvas.main.pane
    sheet = shapely.box(pane.left, pane.bottom, pane.left + pane.width, pane.bottom + pane.height)
    strong = (drawn["from"] == focus) | (drawn["to"] == focus)
    for own in (False, True):
        for row in drawn[strong == own].to_dict("records"):
            tail, head = _ends(canvas, row)
            shape = arrow(tail, head, scale.width(float(row["amount"])), BEND)
            draw_area(
                canvas.fig,
                [shapely.intersection(shape, sheet)],
                "flow",
                facecolor=style.HIGHLIGHT if own else style.DATA,
                edgecolor=style.PAPER,
                linewidth=0.4,
                alpha=FAINT_ALPHA if focus and not own else BAND_ALPHA,
            )
            room = 1.0 + scale.width(float(row["amount"])) / 2
            pieces = max(3, int(np.hypot(*(head - tail)) / room))
            for x, y in curve(tail, head, BEND, pieces):
                canvas.taken.append((x - room, y - room, x + room, y + room))


def _ends(canvas: Canvas, row: "dict[object, object]") -> tuple[Points, Points]:
    """Return both ends of a flow in points on the sheet."""
    ground = from_degrees(
        [float(str(row["from_longitude"])), float(str(row["to_longitude"]))],
        [float(str(row["from_latitude"])), float(str(row["to_latitude"]))],
    )
    tail, head = canvas.main.points(ground)
    return tail, head


def curve(tail: Points, head: Points, bend: float, points: int = 25) -> Points:
    """Return points on a curve that bends to the right of its direction, so that there and back lie apart."""
    along = head - tail
    middle = (tail + head) / 2 + bend * np.array([along[1], -along[0]])
    t = np.linspace(0, 1, points)[:, None]
    return np.asarray((1 - t) ** 2 * tail + 2 * t * (1 - t) * middle + t**2 * head)


def arrow(tail: Points, head: Points, width: float, bend: float) -> shapely.Geometry:
    """Return a bent arrow as one area: a band of a width, and a head that ends at the point.

    The head takes no more than half of a short arrow.
    """
    line = curve(tail, head, bend)
    steps = np.hypot(*np.diff(line, axis=0).T)
    length = float(steps.sum())
    if length < _SHORTEST_PT:
        return shapely.Point(tail).buffer(width / 2)
    point = min(3.0 + 0.9 * width, length / 2)
    gone = np.concatenate([[0.0], np.cumsum(steps)])
    body = np.column_stack(
        [np.interp(np.linspace(0, length - point, 21), gone, line[:, axis]) for axis in (0, 1)]
    )
    tangent = np.gradient(body, axis=0)
    normal = np.column_stack([-tangent[:, 1], tangent[:, 0]]) / np.hypot(*tangent.T)[:, None]
    half, barb = width / 2, width / 2 + min(2.2 + 0.15 * width, point)
    left, right = body + half * normal, body - half * normal
    end, across = body[-1], normal[-1]
    ring = np.vstack([left, end + barb * across, head, end - barb * across, right[::-1]])
    return shapely.make_valid(shapely.Polygon(ring))


def _name_ends(canvas: Canvas, drawn: pd.DataFrame, scale: _Scale, spots: dict[str, Spot]) -> None:
    """Write the codes of countries that send, get or keep something, where there is room."""
    written = {str(text.get_gid()).removeprefix("code-") for text in canvas.fig.texts}
    places: dict[str, Spot] = {}
    for row in drawn.to_dict("records"):
        room = 1.0 + scale.width(float(row["amount"])) / 2
        for code, (x, y) in zip((str(row["from"]), str(row["to"])), _ends(canvas, row), strict=True):
            _, _, radius = spots.get(code, (x, y, 0.0))
            places.setdefault(code, (float(x), float(y), max(radius, room)))
    further = sorted(spots.items(), key=lambda item: (-item[1][2], item[0]))
    for code, spot in (places | {code: spot for code, spot in further if code not in places}).items():
        if code not in written:
            label_beside(canvas, code, *spot)
