"""Interactive map of flows: a band for each, a circle for each country, and a popup that lists both."""

import html
import math
from collections.abc import Mapping, Sequence

import folium
import pandas as pd

from helpers.data.errors import InputError
from helpers.figures.maps_flows import COLUMNS, land_centres, round_steps
from helpers.figures.webmap import HINT, MAX_ZOOM, _bounds, _json, _SeatLayer
from helpers.figures.webmap_land import web_land
from helpers.figures.webmap_page import PageMap, template_text

WIDEST_PX = 11.0
THINNEST_PX = 1.2
LARGEST_PX = 20.0
LACKING = "lacking"
"""Class of a circle whose country does not get all that it needs."""
_BALANCE = ("country", "name", "needed", "met", "offered")
_WORDS = "A click tells how much comes from where and goes where."


def flow_map(
    flows: pd.DataFrame,
    balance: pd.DataFrame,
    shapes: pd.DataFrame,
    *,
    scope_codes: Sequence[str],
    title: str,
    unit: str,
) -> folium.Map:
    """Build an interactive map of what countries send to each other.

    Parameters
    ----------
    flows
        ``from``, ``to``, ``from_name``, ``to_name``, ``amount``, latitude and longitude of both ends.
    balance
        ``country``, ``name``, ``needed``, ``met``, ``offered``: one circle each, its area proportional to
        what is needed, also if nothing is sent there. With ``basis``, an offer that is spread is called an
        estimate.
    shapes
        Table ``country_shapes``.
    scope_codes
        Countries that the map is about.
    title, unit
        Plain text.

    Raises
    ------
    InputError
        If a column is missing.
    """
    _require(flows, (*COLUMNS, "from_name", "to_name"), "flows")
    _require(balance, _BALANCE, "balance")
    codes = sorted(scope_codes)
    flows = flows[flows["amount"] > 0]
    table = _placed(flows, balance, shapes)
    largest = float(table["needed"].max()) if len(table) else 0.0
    scale = LARGEST_PX / math.sqrt(largest) if largest > 0 else 1.0
    payload = {
        "attribution": "Boundaries: Natural Earth",
        "bounds": _bounds(shapes, codes, table),
        "countries": {},
        "flows": _bands(flows, list(table["country"]), unit),
        "label": f"{title}. {HINT}",
        "land": web_land(shapes, codes, None, set()),
        "noun": ["", ""],
        "places": [_place(row, flows, unit) for row in table.to_dict("records")],
        "scale": scale,
        "views": [],
    }
    legend = _legend(flows, largest, scale, bool((table["needed"] > table["met"] * (1 + 1e-9)).any()), unit)
    result = PageMap(title, legend, tiles=None, zoom_snap=0.25, max_zoom=MAX_ZOOM, world_copy_jump=False)
    layer = _SeatLayer(_json(payload))
    layer.code = template_text("webmap_flows.js") + layer.code
    result.add_child(layer)
    return result


def amount_in_words(value: float) -> str:
    """Write an amount with three digits, so that it reads well aloud, too.

    Examples
    --------
    >>> [amount_in_words(value) for value in (16_748_889.0, 842_113.0, 2.5e9, 12.34, 0.0, 999_999.0)]
    ['16.7 million', '842,000', '2.5 billion', '12.3', '0', '1 million']
    """
    rounded = float(f"{value:.3g}")
    for step, word in ((1e9, "billion"), (1e6, "million")):
        if abs(rounded) >= step:
            return f"{rounded / step:.3g} {word}"
    return f"{rounded:,.0f}" if abs(rounded) >= 100 else f"{rounded:.3g}"


def _require(data: pd.DataFrame, columns: Sequence[str], what: str) -> None:
    missing = [column for column in columns if column not in data.columns]
    if missing:
        raise InputError(f"flow map: {what}: column {missing[0]!r} is missing")


def _placed(flows: pd.DataFrame, balance: pd.DataFrame, shapes: pd.DataFrame) -> pd.DataFrame:
    """Give each country its place: an end of its flows, or the middle of its land; largest need first."""
    ends = [
        flows[[end, f"{end}_latitude", f"{end}_longitude"]].set_axis(
            ["country", "latitude", "longitude"], axis=1
        )
        for end in ("from", "to")
    ]
    known = pd.concat(ends, ignore_index=True).dropna()
    further = sorted(set(balance["country"]) - set(known["country"]))
    spots = pd.concat([known, land_centres(shapes, further)], ignore_index=True).drop_duplicates("country")
    spots = spots.astype({"latitude": "float64", "longitude": "float64"})
    table = balance.merge(spots, on="country")
    return table.sort_values(["needed", "country"], ascending=[False, True], ignore_index=True)


def _place(row: Mapping[object, object], flows: pd.DataFrame, unit: str) -> list[object]:
    """Describe a circle: place, need, name, country, its flows, how it is marked, and its lines in words."""
    needed, met, offered = (_number(row[name]) for name in ("needed", "met", "offered"))
    lines = [f"Needs {amount_in_words(needed)} {unit}", f"Gets {amount_in_words(met)}"]
    lacking = needed - met > 1e-9 * needed
    if lacking:
        lines.append(f"Lacks {amount_in_words(needed - met)} ({_share(1 - met / needed)})")
    estimate = " (an estimate)" if row.get("basis") == "spread" else ""
    lines.append(f"Offers {amount_in_words(offered)}{estimate}")
    return [
        round(_number(row["latitude"]), 3),
        round(_number(row["longitude"]), 3),
        needed,
        str(row["name"]),
        str(row["country"]),
        "",
        _listed(str(row["country"]), flows),
        LACKING if lacking else "",
        lines,
    ]


def _number(value: object) -> float:
    return float(str(value))


def _share(share: float) -> str:
    return "less than 1 %" if share < 0.01 else f"{share:.0%}".replace("%", "\u00a0%")


def _listed(country: str, flows: pd.DataFrame) -> list[list[str]]:
    """Return what comes from whom and goes to whom, most first."""
    parts = []
    ordered = flows.sort_values("amount", ascending=False, kind="stable")
    for end, other, words in (("to", "from", "Comes from"), ("from", "to", "Goes to")):
        rows = ordered[ordered[end] == country]
        lines = [
            f"{'itself' if code == country else name}: {amount_in_words(float(amount))}"
            for code, name, amount in zip(rows[other], rows[f"{other}_name"], rows["amount"], strict=True)
            if end == "to" or code != country
        ]
        if lines:
            parts.append([words, *lines])
    return parts


def _bands(flows: pd.DataFrame, places: list[str], unit: str) -> list[list[object]]:
    """Describe the bands, the widest first: ends, width, words, and the circles at both ends (-1: none)."""
    between = flows[flows["from"] != flows["to"]].sort_values("amount", ascending=False, kind="stable")
    index = {code: number for number, code in enumerate(places)}
    largest = float(between["amount"].max()) if len(between) else 1.0
    return [
        [
            *(
                round(float(row[name]), 3)
                for name in ("from_latitude", "from_longitude", "to_latitude", "to_longitude")
            ),
            _width(float(row["amount"]), largest),
            f"{row['from_name']} to {row['to_name']}: {amount_in_words(float(row['amount']))} {unit}",
            index.get(row["from"], -1),
            index.get(row["to"], -1),
        ]
        for row in between.to_dict("records")
    ]


def _width(amount: float, largest: float) -> float:
    return round(max(THINNEST_PX, WIDEST_PX * amount / largest), 2)


def _legend(flows: pd.DataFrame, largest: float, scale: float, lacking: bool, unit: str) -> str:
    """Write the legend beneath the map: what circles and bands mean, with a number for each."""
    parts = [f"<p>{html.escape(unit[:1].upper() + unit[1:])}</p>"]
    circles = "".join(_circle(step, scale) for step in round_steps(largest))
    if circles:
        parts.append(f'<span class="key">Needed: {circles}</span>')
    sent = flows.loc[flows["from"] != flows["to"], "amount"]
    bands = [_band(step, float(sent.max())) for step in round_steps(float(sent.max()) if len(sent) else 0.0)]
    if bands:
        parts.append(f'<span class="key">Sent: {"".join(bands)}</span>')
    else:
        parts.append("<p>Nothing is sent abroad.</p>")
    if lacking:
        ring = f'<circle class="place {LACKING}" cx="9" cy="9" r="6"/>'
        picture = f'<svg width="18" height="18" aria-hidden="true">{ring}</svg>'
        parts.append(f'<span class="key">{picture}lacks some</span>')
    footer = f'<footer>{"".join(parts)}<p class="note">{_WORDS}</p><span class="views"></span></footer>'
    return f"<style>{template_text('webmap_flows.css')}</style>{footer}"


def _circle(step: float, scale: float) -> str:
    radius = scale * math.sqrt(step)
    size = math.ceil(2 * radius + 2)
    middle = f'cx="{size / 2:g}" cy="{size / 2:g}"'
    circle = f'<circle class="place" data-count="{step:g}" {middle} r="{radius:.1f}"/>'
    picture = f'<svg width="{size}" height="{size}" aria-hidden="true">{circle}</svg>'
    return f'<span class="key">{picture}{amount_in_words(step)}</span>'


def _band(step: float, largest: float) -> str:
    width = _width(step, largest)
    line = (
        f'<rect class="flow" data-width="{width}" x="0" y="{8 - width / 2:.2f}" width="26" height="{width}"/>'
    )
    picture = f'<svg width="26" height="16" aria-hidden="true">{line}</svg>'
    return f'<span class="key">{picture}{amount_in_words(step)}</span>'
