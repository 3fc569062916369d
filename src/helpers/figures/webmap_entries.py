"""Interactive map of entries that respondents agreed to show, and the page of its own that it stands on."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.figures.downloads import data_uri, is_missing
from helpers.figures.maps_places import legend_steps
from helpers.figures.webmap import (
    ATTRIBUTION,
    HINT,
    MAX_ZOOM,
    _bounds,
    _json,
    _legend_key,
    _radius_scale,
    _SeatLayer,
    _views,
)
from helpers.figures.webmap_land import web_land
from helpers.figures.webmap_page import PageMap, offline_html, template_text

NOUN = ("entry", "entries")
NAMELESS = "without a name"
MARGIN = 1.2
"""Degrees around the entries that the map opens on."""
_KINDS = {
    "named": "entries with a name, in their town",
    "region": "other entries, at the centre of their region",
}


@dataclass(frozen=True)
class EntryPage:
    """What the page says around the map.

    Attributes
    ----------
    title, subtitle
        Plain text.
    lead
        Paragraphs on what the page is.
    rules
        What may be shown, one text an item.
    totals
        HTML of a table, already escaped.
    sources
        Texts, one a source.
    downloads
        File name -> (media type, content): files that the page carries.
    sample
        Whether the entries are made up.
    """

    title: str
    subtitle: str
    lead: Sequence[str]
    rules: Sequence[str]
    totals: str
    sources: Sequence[str]
    downloads: Mapping[str, tuple[str, str]]
    sample: bool


def entry_map(
    entries: pd.DataFrame,
    shapes: pd.DataFrame,
    *,
    codes: Sequence[str],
    names: Mapping[str, str],
    title: str,
) -> PageMap:
    """Build a map with one circle a place, its area proportional to the number of entries there.

    Parameters
    ----------
    entries
        See `helpers.analysis.capacity.shown.shown_tables`. Those without a point are counted in the legend.
    shapes
        Table ``country_shapes``.
    codes
        Countries that the map is about.
    names
        Country names by Eurostat code.
    title
        Name of the map, plain text.
    """
    places = entry_places(entries)
    scale = _radius_scale(places)
    payload = {
        "attribution": ATTRIBUTION,
        "bounds": _around(places, _bounds(shapes, codes, places)),
        "label": f"{title}. {HINT}",
        "land": web_land(shapes, codes, None),
        "noun": list(NOUN),
        "places": [_place(place, entries) for place in places.to_dict("records")],
        "countries": {code: names.get(code, code) for code in sorted(set(places["country"]))},
        "scale": round(scale, 2),
        "views": _views(codes, places),
    }
    legend = _legend(places, scale, int(entries["latitude"].isna().sum()))
    # The page scrolls: a wheel over the map must not stop it.
    result = PageMap(
        title,
        legend,
        tiles=None,
        zoom_snap=0.25,
        max_zoom=MAX_ZOOM,
        world_copy_jump=False,
        scroll_wheel_zoom=False,
    )
    result.add_child(_SeatLayer(_json(payload)))
    return result


def _around(places: pd.DataFrame, countries: list[list[float]]) -> list[list[float]]:
    """Return the corners around the entries on the main map; of the countries, if there are none."""
    (south, west), (north, east) = countries
    inside = places[places["latitude"].between(south, north) & places["longitude"].between(west, east)]
    if inside.empty:
        return countries
    edges = inside["latitude"], inside["longitude"]
    return [
        [round(float(edge.min()) - MARGIN, 2) for edge in edges],
        [round(float(edge.max()) + MARGIN, 2) for edge in edges],
    ]


def entry_places(entries: pd.DataFrame) -> pd.DataFrame:
    """Gather entries at the same point, centres of regions before towns, the largest first.

    Returns
    -------
    DataFrame
        ``latitude``, ``longitude``, ``kind`` (named or region), ``country``, ``place`` (what the point is
        called), ``organisations`` (number of entries), ``rows`` (their places in ``entries``).

    Examples
    --------
    >>> at = {"country": "AT", "latitude": 48.2, "longitude": 15.8, "region": "Niederösterreich"}
    >>> entries = pd.DataFrame([at | {"precision": "region", "place": None}] * 2)
    >>> entry_places(entries)[["place", "organisations", "rows"]].values.tolist()
    [['Centre of Niederösterreich', 2, [0, 1]]]
    """
    shown = entries[entries["latitude"].notna()]
    town = shown["precision"] == "town"
    points = pd.DataFrame(
        {
            "latitude": shown["latitude"],
            "longitude": shown["longitude"],
            "kind": town.map({True: "named", False: "region"}).astype("object"),
            "country": shown["country"],
            "place": ("Centre of " + shown["region"].astype("object").fillna("a region")).mask(
                town, shown["place"]
            ),
            "rows": shown.index,
        }
    )
    keys = ["latitude", "longitude", "kind", "country", "place"]
    found = points.groupby(keys, as_index=False, dropna=False).agg(
        organisations=("rows", "size"), rows=("rows", list)
    )
    # What comes last is drawn on top.
    order = found.assign(town=found["kind"] == "named").sort_values(
        ["town", "organisations", "country", "place"], ascending=[True, False, True, True], ignore_index=True
    )
    return order.drop(columns="town")


def _place(place: Mapping[object, object], entries: pd.DataFrame) -> list[object]:
    rows = entries.loc[list(place["rows"])]  # type: ignore[call-overload]
    described = [[who(row), *row["offers"]] for row in rows.to_dict("records")]
    name = "Unnamed place" if is_missing(place["place"]) else str(place["place"])
    return [
        round(float(str(place["latitude"])), 3),
        round(float(str(place["longitude"])), 3),
        len(described),
        name,
        str(place["country"]),
        "",
        described,
        place["kind"],
    ]


def who(entry: Mapping[object, object]) -> str:
    """Say whose entry it is: its number in the list, and the name if it may be shown.

    Examples
    --------
    >>> who({"entry": 3, "name": "Glashütte Nord", "kind": "whole"}), who({"entry": 4, "kind": "anonymous"})
    ('3: Glashütte Nord', '4: without a name')
    """
    return f"{entry['entry']}: {shown_name(entry)}"


def shown_name(entry: Mapping[object, object]) -> str:
    """Return the name of an entry, or words for one that has none."""
    name = entry.get("name")
    return NAMELESS if is_missing(name) or not str(name).strip() else str(name)


def _legend(places: pd.DataFrame, scale: float, without_point: int) -> str:
    """Write the legend beneath the map: sizes, kinds of circles, and what has no circle."""
    steps = legend_steps(float(places["organisations"].max())) if len(places) else []
    keys = "".join(_legend_key(step, scale) for step in steps)
    head = "<p>Entries at one place:</p>" if steps else ""
    present = set(places["kind"])
    kinds = "".join(
        '<span class="key"><svg width="16" height="16" aria-hidden="true">'
        f'<circle class="place {kind}" cx="8" cy="8" r="6"/></svg>{words}</span>'
        for kind, words in _KINDS.items()
        if kind in present
    )
    verb = "is" if without_point == 1 else "are"
    words = f"{without_point:,} {NOUN[without_point != 1]} without a known place {verb} in the list only."
    note = f'<p class="note">{words}</p>' if without_point else ""
    return f'<footer>{head}{keys}{kinds}{note}<span class="views"></span></footer>'


def entries_html(
    interactive: PageMap, page: EntryPage, entries: pd.DataFrame, names: Mapping[str, str]
) -> str:
    """Return the whole page: map, legend, list of entries, totals, rules and sources.

    It makes no request to anywhere. The same input gives the same bytes.

    Parameters
    ----------
    interactive
        From `entry_map`.
    page
        The words around it.
    entries
        See `entry_map`.
    names
        Country names by Eurostat code.
    """
    countries = [
        {"name": names.get(str(code), str(code)), "rows": [_listed(row) for row in rows.to_dict("records")]}
        for code, rows in entries.groupby("country", sort=False)
    ]
    return offline_html(
        interactive,
        "entries.html",
        page=page,
        count=len(entries),
        countries=sorted(countries, key=lambda country: str(country["name"])),
        links=[(name, data_uri(text, media)) for name, (media, text) in page.downloads.items()],
        entries_css=template_text("entries.css"),
        entries_js=template_text("entries.js"),
    )


def _listed(entry: Mapping[object, object]) -> dict[str, object]:
    """Return what the list says of an entry, plain text."""
    place, region, code = (entry[key] for key in ("place", "region", "nuts2"))
    where = [] if is_missing(place) else [str(place)]
    where += [] if is_missing(code) else [str(code) if is_missing(region) else f"{region} ({code})"]
    return {
        "number": entry["entry"],
        "who": shown_name(entry),
        "named": shown_name(entry) != NAMELESS,
        "where": ", ".join(where) or "place not known",
        "offers": entry["offers"] or ["no product named"],
    }


def totals_table(totals: pd.DataFrame, words: Mapping[str, str]) -> str:
    """Write the totals of all countries as a table, everything escaped.

    Parameters
    ----------
    totals
        ``name``, ``value``, ``unit``, ``respondents``, ``status``, ``countries`` (for how many a total is
        shown).
    words
        What is written instead of a number, by status.
    """
    rows = []
    for row in totals.to_dict("records"):
        known = row["status"] == "published"
        name, unit = html.escape(str(row["name"])), html.escape(str(row["unit"]))
        shown = "country shown" if row["countries"] == 1 else "countries shown"
        people = f"{row['respondents']:,}" if known else ""
        value = f"{row['value']:,.0f}" if known else html.escape(words[str(row["status"])])
        rows.append(
            f'<tr role="row"><th role="rowheader" scope="row">{name}</th>'
            f'<td role="cell" class="num{"" if known else " na"}">{value}</td><td role="cell">{unit}</td>'
            f'<td role="cell" class="num" data-words="respondents">{people}</td>'
            f'<td role="cell" class="num" data-words="{shown}">{row["countries"]:,}</td></tr>'
        )
    heads = {"Product": "", "Amount": "num", "Unit": "", "Respondents": "num", "Countries shown": "num"}
    head = "".join(
        f'<th role="columnheader" scope="col" class="{kind}">{name}</th>' for name, kind in heads.items()
    )
    return (
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{"".join(rows)}</tbody>'
    )
