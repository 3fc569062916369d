"""Static maps after Eurostat's conventions: ratios as choropleths, totals and places as circles.

Projection EPSG:3035. Every part of the EU is shown, outermost regions and small states in insets; "no data"
is hatched and not the same as zero; other countries are grey.
"""

import math
from collections.abc import Collection, Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from helpers.data.boundaries import DISCLAIMER, SOURCE_LINE
from helpers.data.errors import InputError
from helpers.data.gazetteer import SOURCE_LINE as PLACES_LINE
from helpers.figures import style
from helpers.figures.insets import insets_of
from helpers.figures.maps_canvas import Look, arrange, close, paint_land
from helpers.figures.maps_classes import Classes, classes_of
from helpers.figures.maps_labels import label_countries
from helpers.figures.maps_land import europe_or, from_degrees, land_of, main_part
from helpers.figures.maps_legend import Legend, Swatch
from helpers.figures.maps_places import place_table
from helpers.figures.maps_symbols import country_circles, sizes_of, symbol_on, town_circles
from helpers.figures.sources import NO_DATA_TEXT

BOUNDARY_NOTE = DISCLAIMER
"""For the caption of every map."""
BOUNDARY_SOURCE = f"Boundaries: {SOURCE_LINE}."
KOSOVO_NOTE = (
    "XK: Kosovo. This designation is without prejudice to positions on status, and is in line with "
    "UNSCR 1244/1999 and the ICJ Opinion on the Kosovo declaration of independence."
)
"""For the caption of a map with XK among its countries: the footnote of table ``countries``."""
PALESTINE_NOTE = (
    "PS: Palestine. This designation shall not be construed as recognition of a State of Palestine and is "
    "without prejudice to the individual positions of the Member States on this issue."
)
"""For the caption of a map with PS among its countries: the footnote of table ``countries``."""
STATUS_NOTES = {"PS": PALESTINE_NOTE, "XK": KOSOVO_NOTE}
PLACES_SOURCE = f"Places: {PLACES_LINE}."

TOTALS = frozenset({"organisations", "population", "gdp_usd", "seats"})
NOT_LISTED = "No data"
OTHER = "Other countries"
COVERED = "Countries covered"
SEATS_LISTED = "Seats listed"
NO_SEAT = "No seat listed"
SCOPE_LOOK = Look(style.RAMP[0])
NO_DATA_LOOK = Look(style.NO_DATA, style.NO_DATA_HATCH)


def map_note(countries: Collection[str], places: bool = False) -> str:
    """Return what the caption of a map of these countries must say about boundaries and places.

    Parameters
    ----------
    countries
        Eurostat codes of the countries that the map is about.
    places
        Whether the map shows places, whose source (CC BY 4.0) must then be named.

    Examples
    --------
    >>> "Kosovo" in map_note(["AT", "XK"]), "Kosovo" in map_note(["AT"])
    (True, False)
    >>> "GeoNames" in map_note(["AT"], places=True), "GeoNames" in map_note(["AT"])
    (True, False)
    """
    status = [note for code, note in STATUS_NOTES.items() if code in countries]
    return " ".join([BOUNDARY_NOTE, *status, BOUNDARY_SOURCE, *([PLACES_SOURCE] if places else [])])


def choropleth(
    data: pd.DataFrame,
    layout: style.Layout,
    *,
    shapes: pd.DataFrame,
    value: str = "per_million",
    label: str = "Cluster organisations per million inhabitants",
    highlight: str | None = None,
    no_data: str = NOT_LISTED,
) -> Figure:
    """Draw a ratio by country in up to five classes.

    Parameters
    ----------
    data
        One row a country: ``country`` and the column ``value``; missing values are hatched, countries
        without a row are grey.
    layout
        WIDE or NARROW.
    shapes
        Table ``country_shapes``.
    value
        Column to show: a ratio, never a total.
    label
        What is shown, with its unit; heads the legend.
    highlight
        Eurostat code of a country to outline.
    no_data
        Wording of "no data" in the legend.

    Returns
    -------
    Figure

    Raises
    ------
    InputError
        If a column is missing or ``value`` is a total.

    References
    ----------
    Eurostat, "Statistics Explained: maps" conventions: choropleths for ratios, symbols for totals.
    """
    if value in TOTALS:
        raise InputError(
            f"choropleth: {value!r} is a total; a choropleth shows ratios. Use proportional_symbols"
        )
    numbers = _values(data, value)
    classes = classes_of(numbers)
    looks = {str(code): _look(number, classes) for code, number in zip(numbers.index, numbers, strict=True)}
    missing = bool(numbers.isna().any())

    def legend(key: Legend) -> None:
        key.title(label)
        entries = [Swatch(word, fill) for word, fill in zip(classes.labels, classes.colours, strict=True)]
        if not numbers.notna().any():
            entries = []
        if missing:
            entries.append(Swatch(no_data, style.NO_DATA, hatch=style.NO_DATA_HATCH))
        entries.append(Swatch(OTHER, style.OTHER_COUNTRIES))
        key.swatches(entries, 2 if layout.narrow else 1)
        _say_if_empty(key, data)

    canvas = arrange(layout, europe_or(shapes, looks), insets_of(list(looks), small_states=True), legend)
    paint_land(canvas, shapes, looks, highlight)
    label_countries(canvas, looks, looks)
    return close(canvas)


def proportional_symbols(
    data: pd.DataFrame,
    layout: style.Layout,
    *,
    shapes: pd.DataFrame,
    value: str = "organisations",
    label: str = "Cluster organisations",
    highlight: str | None = None,
    no_data: str = NOT_LISTED,
) -> Figure:
    """Draw a total by country as circles whose area is proportional to it.

    Parameters
    ----------
    data
        One row a country: ``country`` and the column ``value`` (not negative); missing values are hatched.
    layout, shapes, label, highlight, no_data
        As for :func:`choropleth`.
    value
        Column to show.

    Returns
    -------
    Figure

    Raises
    ------
    InputError
        If a column is missing or a value is negative.
    """
    numbers = _values(data, value)
    if (numbers < 0).any():
        raise InputError(
            f"proportional_symbols: column {value!r} holds {numbers.min()}; allowed are values from 0"
        )
    looks = {
        str(code): NO_DATA_LOOK if math.isnan(number) else SCOPE_LOOK
        for code, number in zip(numbers.index, numbers, strict=True)
    }
    sizes = sizes_of(numbers, 16.0 if layout.narrow else 24.0, 12.0)
    entries = [Swatch(COVERED, SCOPE_LOOK.fill)]
    if numbers.isna().any():
        entries.append(Swatch(no_data, style.NO_DATA, hatch=style.NO_DATA_HATCH))

    def legend(key: Legend) -> None:
        key.title(label)
        key.circles(sizes, symbol_on(SCOPE_LOOK.fill))
        _land_swatches(key, entries)
        _say_if_empty(key, data)

    canvas = arrange(layout, europe_or(shapes, looks), insets_of(list(looks), small_states=False), legend)
    paint_land(canvas, shapes, looks, highlight)
    country_circles(canvas, land_of(shapes), numbers, sizes)
    return close(canvas)


def seats(
    data: pd.DataFrame,
    layout: style.Layout,
    *,
    shapes: pd.DataFrame,
    scope_codes: Sequence[str],
    focus: str | None = None,
    label: str = "Cluster organisations with their seat in a town",
    names: Mapping[str, str] | None = None,
) -> Figure:
    """Draw the towns with seats as circles whose area is proportional to the number of organisations.

    Parameters
    ----------
    data
        Table ``cluster_seats``, or the towns that :func:`helpers.figures.maps_places.place_table` made of it.
    layout, shapes, label
        As for :func:`choropleth`.
    scope_codes
        Countries that the map is about; those without a row in ``data`` are hatched: no seat listed.
    focus
        Eurostat code of one country to zoom to; its neighbours are grey and only its seats are shown.
    names
        Country names by Eurostat code, for the legend.

    Returns
    -------
    Figure

    Raises
    ------
    InputError
        If a column is missing or a placed seat has no coordinates.
    """
    codes = [focus] if focus else list(scope_codes)
    towns = data[data["country"].isin(codes)] if "organisations" in data.columns else place_table(data, codes)
    listed = set(data["country"])
    looks = {code: SCOPE_LOOK if code in listed else NO_DATA_LOOK for code in codes}
    entries = _seat_swatches(looks, (names or {}).get(focus, focus) if focus else None)
    sizes = sizes_of(towns["organisations"].astype(float), *_town_scale(layout, bool(focus)))

    def legend(key: Legend) -> None:
        key.title(label)
        key.circles(sizes, symbol_on(SCOPE_LOOK.fill))
        _land_swatches(key, entries)
        _say_if_empty(key, data)

    part = main_part(codes)
    window = europe_or(shapes, codes, part)
    if focus:
        window = window.around(from_degrees(towns["longitude"], towns["latitude"]))
    canvas = arrange(layout, window, insets_of(codes, small_states=False), legend)
    paint_land(canvas, shapes, looks, part=part)
    most = (5 if layout.narrow else 8) if focus else 0
    town_circles(canvas, towns, sizes, most)
    if focus:
        label_countries(canvas, set(canvas.land) - {focus}, looks)
    return close(canvas)


def _town_scale(layout: style.Layout, zoomed: bool) -> tuple[float, float]:
    """Return the radius in points of the largest town, and the most for a town with one organisation."""
    if zoomed:
        return (12.0, 4.0) if layout.narrow else (18.0, 5.0)
    return (9.0, 2.5) if layout.narrow else (13.0, 3.0)


def _land_swatches(key: Legend, entries: Sequence[Swatch]) -> None:
    """Explain the fills of the land beneath the circles of a legend."""
    key.swatches([*entries, Swatch(OTHER, style.OTHER_COUNTRIES)], 2 if key.layout.narrow else 1)


def _seat_swatches(looks: Mapping[str, Look], country: str | None) -> list[Swatch]:
    """Return the legend's entries for countries with and without seats, those that the map shows."""
    found = list(looks.values())
    entries = [Swatch(country or SEATS_LISTED, SCOPE_LOOK.fill)] if SCOPE_LOOK in found else []
    if NO_DATA_LOOK in found:
        entries.append(Swatch(NO_SEAT, NO_DATA_LOOK.fill, hatch=NO_DATA_LOOK.hatch))
    return entries


def _say_if_empty(key: Legend, data: pd.DataFrame) -> None:
    """Say so where a map has nothing to show, as charts do."""
    if data.empty:
        key.note(NO_DATA_TEXT)


def _values(data: pd.DataFrame, value: str) -> "pd.Series[float]":
    """Return the values by country, missing ones as NaN."""
    for column in ("country", value):
        if column not in data.columns:
            raise InputError(f"map: column {column!r} is missing; found {', '.join(map(str, data.columns))}")
    doubled = data["country"][data["country"].duplicated()]
    if len(doubled):
        raise InputError(
            f"map: column 'country' holds {doubled.iloc[0]!r} twice; allowed is one row a country"
        )
    numbers = pd.to_numeric(data[value], errors="coerce").astype("Float64").astype(float)
    return pd.Series(numbers.to_numpy(), index=data["country"].astype(str))


def _look(number: float, classes: Classes) -> Look:
    """Return the fill for one value."""
    return NO_DATA_LOOK if math.isnan(number) else Look(classes.colours[classes.index(number)])
