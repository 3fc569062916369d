"""Interactive map of seats: pans, zooms and answers to a click, without tiles and without a network."""

import html
import json
import math
import re
from collections.abc import Mapping, Sequence

import folium
import pandas as pd
from branca.element import MacroElement
from folium.template import Template

from helpers.figures.maps_places import PLACED, legend_steps, place_table
from helpers.figures.webmap_land import far_views, home_bounds, web_land
from helpers.figures.webmap_page import PageMap, frame_html, offline_html, page_css, template_text

__all__ = ["frame_html", "offline_html", "seat_map"]

LARGEST_RADIUS = 18.0
MAX_ZOOM = 11
HINT = "Tab leads to the places, the arrow keys from one place to the next, and Enter tells more."
EUROPE_DEGREES = (-11.0, 34.0, 35.0, 71.0)
ATTRIBUTION = "Boundaries: Natural Earth. Places: GeoNames (CC BY 4.0)"
NO_SEAT = "No seat listed"


class _SeatLayer(MacroElement):
    """Countries and places, handed to the script as one JSON value."""

    _template = Template(
        """
        {% macro header(this, kwargs) %}<style>{{ this.css }}</style>{% endmacro %}
        {% macro script(this, kwargs) %}
        {{ this.code }}
        drawSeatMap({{ this._parent.get_name() }}, {{ this.payload }});
        {% endmacro %}
        """
    )

    def __init__(self, payload: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "SeatLayer"
        self.payload = payload
        self.code = template_text("webmap.js")
        self.css = page_css()


def seat_map(
    seats: pd.DataFrame,
    shapes: pd.DataFrame,
    *,
    scope_codes: Sequence[str] | None = None,
    focus: str | None = None,
    names: Mapping[str, str] | None = None,
    noun: tuple[str, str] = ("cluster organisation", "cluster organisations"),
    where: str = "with their seat in a town",
) -> folium.Map:
    """Build an interactive map with one circle a town, its area proportional to the number of organisations.

    Parameters
    ----------
    seats
        Table ``cluster_seats``.
    shapes
        Table ``country_shapes``.
    scope_codes
        Countries whose seats are shown; every country with seats if not given. Those without a seat have a
        colour of their own.
    focus
        Eurostat code of one country: only its seats are shown and the map opens on it.
    names
        Country names by Eurostat code, for the popups; the code is shown where none is given.
    noun
        What is counted, one and several.
    where
        What a circle says of those it counts, for the legend.

    Returns
    -------
    folium.Map
        For :func:`offline_html`; shown as it is, folium would load Leaflet from the internet.

    Raises
    ------
    InputError
        If a column of ``seats`` is missing or coordinates are off the globe.
    """
    codes = [focus] if focus else sorted(set(scope_codes if scope_codes is not None else seats["country"]))
    towns = place_table(seats, codes)
    without = set(codes) - set(seats["country"])
    scale = _radius_scale(towns)
    title = _title(codes, focus, names, noun)
    payload = {
        "attribution": ATTRIBUTION,
        "bounds": _bounds(shapes, codes, towns),
        "label": f"{title}. {HINT}",
        "land": web_land(shapes, codes, focus, without),
        "noun": list(noun),
        "places": _places(towns),
        "countries": {code: (names or {}).get(code, code) for code in sorted(set(towns["country"]))},
        "scale": round(scale, 2),
        "views": _views(codes, towns),
    }
    heading = f"{noun[1].capitalize()} {where}:"
    legend = _legend(towns, scale, _not_shown(seats, codes), heading, bool(without))
    result = PageMap(title, legend, tiles=None, zoom_snap=0.25, max_zoom=MAX_ZOOM, world_copy_jump=False)
    result.add_child(_SeatLayer(_json(payload)))
    return result


def _json(value: object) -> str:
    """Write JSON that stays inside a script element whatever its strings hold.

    branca renders a script twice, the second time as a template of its own: an opening mark of Jinja in a
    place name would run as code in this process. Outside of strings JSON never holds one.
    """
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False, sort_keys=True)
    text = re.sub(r"\{(?=[{%#])", r"\\u007b", text)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _title(
    codes: Sequence[str], focus: str | None, names: Mapping[str, str] | None, noun: tuple[str, str]
) -> str:
    where = (names or {}).get(focus, focus) if focus else f"{len(codes)} countries"
    return f"Map of the seats of {noun[1]}, {where}"


def _radius_scale(towns: pd.DataFrame) -> float:
    """Pixels of radius for one organisation."""
    largest = max(int(towns["organisations"].max()), 1) if len(towns) else 1
    return min(max(LARGEST_RADIUS / math.sqrt(largest), 2.6), 5.0)


def _text(value: object) -> str:
    """Return text, empty for any kind of missing value."""
    return "" if value is None or value is pd.NA or value != value else str(value)


def _places(towns: pd.DataFrame) -> list[list[object]]:
    """Describe the circles, largest first: latitude, longitude, number, name, country, region."""
    return [
        [
            round(float(town["latitude"]), 3),
            round(float(town["longitude"]), 3),
            int(town["organisations"]),
            _text(town["place"]) or "Unnamed place",
            str(town["country"]),
            _region(town["region"], town["nuts2"]),
        ]
        for town in towns.to_dict("records")
    ]


def _region(name: object, code: object) -> str:
    parts = [_text(name), f"({_text(code)})" if _text(code) else ""]
    return " ".join(part for part in parts if part) or "not known"


def _bounds(shapes: pd.DataFrame, codes: Sequence[str], towns: pd.DataFrame) -> list[list[float]]:
    """South-west and north-east corner that the map opens on."""
    found = home_bounds(shapes, codes)
    if found is None and len(towns):
        west, east = towns["longitude"].min() - 1, towns["longitude"].max() + 1
        south, north = towns["latitude"].min() - 1, towns["latitude"].max() + 1
    else:
        west, south, east, north = found or EUROPE_DEGREES
    return [[round(float(south), 2), round(float(west), 2)], [round(float(north), 2), round(float(east), 2)]]


def _views(codes: Sequence[str], towns: pd.DataFrame) -> list[object]:
    """Name the parts far from the main map that hold seats; the page offers a button for each."""
    views: list[object] = []
    for name, (west, south, east, north) in far_views(codes).items():
        inside = towns["longitude"].between(west, east) & towns["latitude"].between(south, north)
        count = int(towns.loc[inside, "organisations"].sum())
        if count:
            corners = [[round(south, 2), round(west, 2)], [round(north, 2), round(east, 2)]]
            views.append({"name": f"{name} ({count})", "bounds": corners})
    return views


def _not_shown(seats: pd.DataFrame, codes: Sequence[str]) -> tuple[int, int]:
    """Count the organisations without a circle, and all."""
    chosen = seats[seats["country"].isin(list(codes))]
    return int((~chosen["status"].isin(PLACED)).sum()), len(chosen)


def _legend(towns: pd.DataFrame, scale: float, not_shown: tuple[int, int], heading: str, gaps: bool) -> str:
    """Write the legend beneath the map."""
    steps = legend_steps(float(towns["organisations"].max())) if len(towns) else []
    keys = "".join(_legend_key(step, scale) for step in steps)
    missing, total = not_shown
    head = f"<p>{html.escape(heading)}</p>" if steps else ""
    note = (
        f'<p class="note">{missing:,} of {total:,} could not be placed and are not shown.</p>'
        if missing
        else ""
    )
    if gaps:
        keys += f'<span class="key"><span class="no-seat"></span>{NO_SEAT}</span>'
    return f'<footer>{head}{keys}{note}<span class="views"></span></footer>'


def _legend_key(step: int, scale: float) -> str:
    radius = scale * math.sqrt(step)
    size = math.ceil(2 * radius + 2)
    circle = (
        f'<circle class="place" data-count="{step}" cx="{size / 2:g}" cy="{size / 2:g}" r="{radius:.1f}"/>'
    )
    picture = f'<svg width="{size}" height="{size}" aria-hidden="true">{circle}</svg>'
    return f'<span class="key">{picture}{step:,}</span>'
