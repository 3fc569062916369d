import math
import re
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.text import Text

from helpers.data import gazetteer
from helpers.data.errors import InputError
from helpers.data.process import read_table
from helpers.figures import style
from helpers.figures.insets import INSETS, Block, insets_of
from helpers.figures.maps import (
    KOSOVO_NOTE,
    NO_SEAT,
    OTHER,
    PALESTINE_NOTE,
    SEATS_LISTED,
    choropleth,
    map_note,
    proportional_symbols,
    seats,
)
from helpers.figures.maps_classes import classes_of
from helpers.figures.maps_labels import text_colour_on
from helpers.figures.maps_land import EUROPE, LIMITS, europe_or, land_of
from helpers.figures.maps_legend import Sizes
from helpers.figures.maps_paint import text_box
from helpers.figures.maps_places import legend_steps, place_table
from helpers.figures.maps_sheet import Pane, View, Window
from helpers.figures.sources import NO_DATA_TEXT
from helpers.figures.style import NARROW, WIDE
from helpers.figures.svg import draw_svg, inline_svg

LAYOUTS = pytest.mark.parametrize("layout", [WIDE, NARROW], ids=["wide", "narrow"])
MEMBERS = "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EU = MEMBERS.split()


@pytest.fixture(scope="module")
def shapes() -> pd.DataFrame:
    return read_table("country_shapes")


@pytest.fixture(scope="module")
def seat_table() -> pd.DataFrame:
    return read_table("cluster_seats")


def ratios(codes: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"country": codes, "per_million": [1.0 + index**1.3 for index in range(len(codes))]})


def totals(codes: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"country": codes, "organisations": [1 + 7 * index for index in range(len(codes))]})


def marks(fig: Figure) -> dict[str, list[PathPatch]]:
    """The drawn areas by their name."""
    result: dict[str, list[PathPatch]] = {}
    for artist in fig.findobj(PathPatch):
        result.setdefault(str(artist.get_gid()), []).append(artist)
    return result


def texts(fig: Figure) -> list[Text]:
    return [text for text in fig.findobj(Text) if text.get_text()]


def fill(patch: PathPatch) -> str:
    return to_hex(patch.get_facecolor())


def every_map(shapes: pd.DataFrame, seat_table: pd.DataFrame, layout: style.Layout) -> list[Figure]:
    with_gap = ratios(EU)
    with_gap.loc[3, "per_million"] = math.nan
    drawn = [
        choropleth(with_gap, layout, shapes=shapes, highlight="AT"),
        proportional_symbols(totals(EU), layout, shapes=shapes),
        seats(seat_table, layout, shapes=shapes, scope_codes=EU),
    ]
    return drawn + [
        seats(seat_table, layout, shapes=shapes, scope_codes=EU, focus=code)
        for code in ("AT", "FR", "ES", "PT", "MT", "CY", "LU", "DE")
    ]


# What must be seen


@LAYOUTS
def test_every_eu_country_and_outermost_region_is_on_the_choropleth(
    shapes: pd.DataFrame, layout: style.Layout
) -> None:
    drawn = marks(choropleth(ratios(EU), layout, shapes=shapes))
    assert [code for code in EU if f"main-{code}" not in drawn] == []
    for inset in INSETS:
        islands = drawn[f"{inset.label}-{inset.country}"][0].get_path().to_polygons()
        assert max(shapely.Polygon(ring).area for ring in islands) > 1.5, inset.label


@LAYOUTS
def test_no_text_touches_another_or_leaves_the_sheet(
    shapes: pd.DataFrame, seat_table: pd.DataFrame, layout: style.Layout
) -> None:
    for fig in every_map(shapes, seat_table, layout):
        width, height = fig.get_size_inches() * 72
        boxes = {text: text_box(text) for text in texts(fig)}
        for text, (left, bottom, right, top) in boxes.items():
            inside = left >= -0.5 and bottom >= -0.5 and right <= width + 0.5 and top <= height + 0.5
            assert inside, (text.get_text(), left, bottom, right, top, width, height)
        for (one, a), (other, b) in combinations(boxes.items(), 2):
            # A line's box has some air above and below the letters.
            apart = a[0] >= b[2] or b[0] >= a[2] or a[1] + 1.6 >= b[3] or b[1] + 1.6 >= a[3]
            assert apart, (one.get_text(), other.get_text())


@LAYOUTS
def test_legend_lies_beside_the_map_and_the_insets(
    shapes: pd.DataFrame, seat_table: pd.DataFrame, layout: style.Layout
) -> None:
    for fig in every_map(shapes, seat_table, layout):
        frames = [artist for artist in fig.artists if artist.get_gid() == "frame"]
        assert frames
        words = [
            text for text in texts(fig) if "ountries" in text.get_text() or "organisations" in text.get_text()
        ]
        assert words
        for frame in frames:
            left, bottom = frame.get_xy()
            right, top = left + frame.get_width(), bottom + frame.get_height()
            for text in words:
                box = text_box(text)
                assert box[0] >= right or box[2] <= left or box[1] >= top or box[3] <= bottom, text.get_text()


@LAYOUTS
def test_missing_is_hatched_and_named_zero_is_neither(shapes: pd.DataFrame, layout: style.Layout) -> None:
    data = ratios(["AT", "DE", "FR", "IT"])
    data["per_million"] = [0.0, 2.0, math.nan, 5.0]
    fig = choropleth(data, layout, shapes=shapes)
    drawn = marks(fig)
    assert drawn["main-FR"][0].get_hatch()
    assert fill(drawn["main-FR"][0]) == style.NO_DATA
    assert not drawn["main-AT"][0].get_hatch()
    assert fill(drawn["main-AT"][0]) == style.RAMP[0]
    assert "main-PL" not in drawn
    assert fill(drawn["main-other"][0]) == style.OTHER_COUNTRIES
    assert "No data" in [text.get_text() for text in texts(fig)]


def test_no_data_is_not_in_the_legend_when_nothing_is_missing(shapes: pd.DataFrame) -> None:
    words = [text.get_text() for text in texts(choropleth(ratios(EU), WIDE, shapes=shapes))]
    assert "No data" not in words
    assert "Other countries" in words


def test_darker_means_more(shapes: pd.DataFrame) -> None:
    drawn = marks(choropleth(ratios(EU), WIDE, shapes=shapes))
    assert fill(drawn[f"main-{EU[0]}"][0]) == style.RAMP[0]
    assert fill(drawn[f"main-{EU[-1]}"][0]) == style.RAMP[-1]


def test_highlight_is_outlined(shapes: pd.DataFrame) -> None:
    drawn = marks(choropleth(ratios(EU), WIDE, shapes=shapes, highlight="AT"))
    assert to_hex(drawn["main-highlight"][0].get_edgecolor()) == style.HIGHLIGHT


def test_totals_are_refused_as_choropleth(shapes: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="total"):
        choropleth(totals(EU), WIDE, shapes=shapes, value="organisations")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (pd.DataFrame({"country": ["AT"]}), "per_million"),
        (pd.DataFrame({"country": ["AT", "AT"], "per_million": [1.0, 2.0]}), "twice"),
    ],
)
def test_wrong_tables_are_refused_by_name(shapes: pd.DataFrame, data: pd.DataFrame, message: str) -> None:
    with pytest.raises(InputError, match=message):
        choropleth(data, WIDE, shapes=shapes)


def test_negative_totals_are_refused(shapes: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="-1"):
        proportional_symbols(totals(EU).replace(1, -1), WIDE, shapes=shapes)


def test_a_table_without_the_part_is_refused(shapes: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="atlantis"):
        land_of(shapes, "atlantis")


@LAYOUTS
@pytest.mark.parametrize("values", [[math.nan] * 3, [2.0] * 3, [1.0, math.nan, 2.0]])
def test_few_or_equal_values_still_make_a_map(
    shapes: pd.DataFrame, layout: style.Layout, values: list[float]
) -> None:
    data = pd.DataFrame({"country": ["AT", "DE", "FR"], "per_million": values})
    assert texts(choropleth(data, layout, shapes=shapes))


def test_totals_of_nullable_integers_and_no_value_at_all_make_a_map(shapes: pd.DataFrame) -> None:
    data = totals(EU).astype({"organisations": "Int64"})
    data.loc[0, "organisations"] = pd.NA
    assert marks(proportional_symbols(data, WIDE, shapes=shapes))["main-AT"][0].get_hatch()
    data["organisations"] = pd.NA
    assert "circles" not in marks(proportional_symbols(data, WIDE, shapes=shapes))


# Places


def test_seats_of_one_town_are_one_circle_and_no_other_country_is_shown(shapes: pd.DataFrame) -> None:
    town = {"place": "Linz", "latitude": 48.3, "longitude": 14.29, "status": "placed", "country": "AT"}
    table = pd.DataFrame([town, town, {**town, "place": "Munich", "longitude": 11.58, "country": "DE"}])
    drawn = marks(seats(table, WIDE, shapes=shapes, scope_codes=["AT", "DE"], focus="AT"))
    on_map = [patch for patch in drawn["circles"] if patch.get_path().get_extents().x0 < 370]
    assert len(on_map) == 1
    assert "main-DE" not in drawn
    assert "main-AT" in drawn


@LAYOUTS
@pytest.mark.parametrize("code", EU)
def test_every_placed_seat_of_a_country_is_within_a_frame(
    shapes: pd.DataFrame, seat_table: pd.DataFrame, layout: style.Layout, code: str
) -> None:
    fig = seats(seat_table, layout, shapes=shapes, scope_codes=EU, focus=code)
    frames = [artist for artist in fig.artists if artist.get_gid() == "frame"]
    boxes = [shapely.box(*f.get_xy(), f.get_x() + f.get_width(), f.get_y() + f.get_height()) for f in frames]
    circles = [shapely.Polygon(ring) for patch in marks(fig).get("circles", []) for ring in _rings(patch)]
    framed = sum(any(box.contains(circle.centroid) for box in boxes) for circle in circles)
    assert framed == len(place_table(seat_table, [code]))


def _rings(patch: PathPatch) -> list[np.ndarray]:
    path = patch.get_path()
    starts = np.flatnonzero(path.codes == path.MOVETO)
    return [piece for piece in np.split(path.vertices, starts[1:]) if len(piece) > 3]


def test_the_table_of_towns_draws_the_same_map(shapes: pd.DataFrame, seat_table: pd.DataFrame) -> None:
    one = seats(seat_table, WIDE, shapes=shapes, scope_codes=EU, focus="AT")
    other = seats(place_table(seat_table), WIDE, shapes=shapes, scope_codes=EU, focus="AT")
    assert draw_svg(one, "a", "alt", "name") == draw_svg(other, "a", "alt", "name")


def test_places_off_the_globe_are_refused() -> None:
    seat = {"country": "AT", "place": "Linz", "latitude": 948.3, "longitude": 14.3, "status": "placed"}
    with pytest.raises(InputError, match="Linz"):
        place_table(pd.DataFrame([seat]))
    with pytest.raises(InputError, match="latitude"):
        place_table(pd.DataFrame([{"country": "AT", "place": "Linz"}]))


def test_unplaced_seats_are_left_out_of_the_towns() -> None:
    seat = {"country": "AT", "place": None, "latitude": None, "longitude": None, "status": "not placed"}
    assert place_table(pd.DataFrame([seat])).empty


def test_place_table_keeps_every_placed_organisation(seat_table: pd.DataFrame) -> None:
    placed = seat_table["status"].str.startswith("placed").sum()
    assert place_table(seat_table)["organisations"].sum() == placed


def legend_words(fig: Figure) -> set[str]:
    return {text.get_text() for text in texts(fig)} & {NO_SEAT, SEATS_LISTED, OTHER, "Austria"}


@LAYOUTS
def test_countries_of_the_scope_without_a_seat_are_hatched_and_named_so(
    shapes: pd.DataFrame, seat_table: pd.DataFrame, layout: style.Layout
) -> None:
    some = seat_table[seat_table["country"] != "PL"]
    for table in (some, place_table(some)):
        fig = seats(table, layout, shapes=shapes, scope_codes=EU)
        drawn = marks(fig)
        assert drawn["main-PL"][0].get_hatch()
        assert fill(drawn["main-PL"][0]) == style.NO_DATA
        assert not drawn["main-DE"][0].get_hatch()
        assert legend_words(fig) == {SEATS_LISTED, NO_SEAT, OTHER}
    everyone = seats(seat_table, layout, shapes=shapes, scope_codes=EU)
    assert legend_words(everyone) == {SEATS_LISTED, OTHER}


def test_a_seat_that_could_not_be_placed_is_still_listed(shapes: pd.DataFrame) -> None:
    seat = {"country": "AT", "place": None, "latitude": None, "longitude": None, "status": "not placed"}
    fig = seats(pd.DataFrame([seat]), WIDE, shapes=shapes, scope_codes=["AT"])
    assert not marks(fig)["main-AT"][0].get_hatch()
    assert NO_SEAT not in legend_words(fig)


def test_a_map_of_one_country_without_a_seat_says_so(shapes: pd.DataFrame, seat_table: pd.DataFrame) -> None:
    def drawn(table: pd.DataFrame) -> Figure:
        return seats(table, WIDE, shapes=shapes, scope_codes=EU, focus="AT", names={"AT": "Austria"})

    assert legend_words(drawn(seat_table)) == {"Austria", OTHER}
    without = drawn(seat_table[seat_table["country"] != "AT"])
    assert legend_words(without) == {NO_SEAT, OTHER}
    assert marks(without)["main-AT"][0].get_hatch()


@LAYOUTS
def test_a_map_of_nothing_says_that_there_are_no_data(
    shapes: pd.DataFrame, seat_table: pd.DataFrame, layout: style.Layout
) -> None:
    for fig in (
        choropleth(ratios([]), layout, shapes=shapes),
        proportional_symbols(totals([]), layout, shapes=shapes),
        seats(seat_table.iloc[:0], layout, shapes=shapes, scope_codes=EU),
        seats(place_table(seat_table.iloc[:0]), layout, shapes=shapes, scope_codes=EU, focus="AT"),
    ):
        assert NO_DATA_TEXT in [text.get_text() for text in texts(fig)]


# Dark pages


def test_labels_beside_circles_and_their_halo_follow_the_page(shapes: pd.DataFrame) -> None:
    data = pd.DataFrame({"country": ["AT", "DE", "FR"], "organisations": [1, 5, 400]})
    svg = draw_svg(proportional_symbols(data, WIDE, shapes=shapes), "a", "alt", "name")
    halos = re.findall(r'style="([^"]*stroke-width:2\.5[^"]*)"', inline_svg(svg))
    assert halos
    assert all(f"stroke:var(--fig-paper,{style.PAPER})" in look for look in halos)


@LAYOUTS
def test_circles_of_the_legend_look_as_those_on_the_map(shapes: pd.DataFrame, layout: style.Layout) -> None:
    fig = proportional_symbols(totals(EU), layout, shapes=shapes)
    on_map = {patch.get_facecolor() for patch in marks(fig)["circles"] if patch.get_facecolor()[3] < 1}
    legend = {patch.get_facecolor() for patch in marks(fig)["circles"] if patch.get_facecolor()[3] == 1}
    ((*symbol, alpha),) = on_map
    ((*shown, _),) = legend
    ground = [int(style.RAMP[0][i : i + 2], 16) / 255 for i in (1, 3, 5)]
    seen = [alpha * above + (1 - alpha) * below for above, below in zip(symbol, ground, strict=True)]
    assert shown == pytest.approx(seen, abs=1 / 255)
    # Neither colour changes with the page.
    assert not {style.RAMP[0], to_hex(shown), to_hex(symbol)} & set(style.THEME)


# Classes


@given(st.lists(st.floats(0.001, 1e6), min_size=1, max_size=60))
def test_classes_hold_every_value_and_none_is_empty(values: list[float]) -> None:
    classes = classes_of(pd.Series(values))
    found = {classes.index(value) for value in values}
    assert found == set(range(len(classes.bounds) + 1))
    assert list(classes.bounds) == sorted(set(classes.bounds))
    assert len(classes.labels) == len(classes.colours) == len(classes.bounds) + 1 <= 5


@given(st.lists(st.integers(1, 400), min_size=5, max_size=60), st.randoms())
def test_classes_do_not_depend_on_the_order_of_rows(values: list[int], random: object) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert classes_of(pd.Series(values, dtype=float)) == classes_of(pd.Series(shuffled, dtype=float))


def test_class_bounds_are_readable() -> None:
    classes = classes_of(pd.Series([0.731, 1.13, 1.92, 2.48, 3.33, 4.91, 6.02, 8.77, 12.9, 13.4]))
    for label in classes.labels:
        assert re.fullmatch(r"(< |≥ )?\d+(\.\d)?( – < \d+(\.\d)?)?", label), label


@pytest.mark.parametrize("colour", style.RAMP)
def test_codes_can_be_read_on_every_class(colour: str) -> None:
    def light(value: str) -> float:
        parts = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    bright, dark = sorted((light(colour), light(text_colour_on(colour))), reverse=True)
    assert (bright + 0.05) / (dark + 0.05) >= 4.0


# Geometry


@given(st.floats(0.0, 1e6))
def test_area_of_a_circle_is_proportional_to_the_value(value: float) -> None:
    sizes = Sizes((1,), 2.5)
    assert sizes.radius(value) ** 2 == pytest.approx(value * 2.5**2)


@given(st.floats(2, 5000))
def test_legend_circles_are_within_the_data(largest: float) -> None:
    steps = legend_steps(largest)
    assert steps == sorted(set(steps), reverse=True)
    assert steps[-1] >= 1
    assert steps[0] <= largest
    assert len(steps) <= 3


@given(st.floats(0.3, 3.0), st.floats(1, 400), st.floats(1, 400))
def test_a_view_shows_at_least_the_window_and_keeps_its_shape(
    aspect: float, width: float, height: float
) -> None:
    window = Window(0.0, 0.0, width, height)
    view = View.of(window, Pane(0, 0, 100 * aspect, 100))
    assert view.window.grown(1e-6 * (width + height)).contains(window)
    shape = (view.window.east - view.window.west) / (view.window.north - view.window.south)
    assert shape == pytest.approx(aspect)


def test_the_main_map_never_leaves_the_land_of_the_table(shapes: pd.DataFrame) -> None:
    for codes in (EU, ["FI"], [*EU, "TR", "UA"]):
        view = View.of(europe_or(shapes, codes), Pane(0, 0, 362, 385), LIMITS)
        assert LIMITS.grown(1.0).contains(view.window)
    assert europe_or(shapes, EU) == EUROPE


def test_country_and_inset_belong_together() -> None:
    assert {inset.country for inset in insets_of(EU, small_states=True)} == {
        "ES",
        "PT",
        "FR",
        "MT",
        "LU",
        "CY",
    }
    assert insets_of(["AT"], small_states=True) == []


@given(st.integers(0, 14), st.sampled_from([158.0, 253.0, 526.0]), st.sampled_from([2, 3, 4, 6]))
def test_insets_form_a_block_without_overlap(count: int, width: float, columns: int) -> None:
    block = Block.of(count, width, columns)
    panes = block.panes(0.0, block.height)
    assert all(pane.left >= 0 and pane.right <= width + 0.01 and pane.bottom >= 0 for pane in panes)
    for one, other in combinations(panes, 2):
        assert (
            one.right < other.left
            or other.right < one.left
            or one.top < other.bottom
            or other.top < one.bottom
        )


# Files


@LAYOUTS
def test_maps_are_small_and_the_same_every_time(
    shapes: pd.DataFrame, seat_table: pd.DataFrame, layout: style.Layout
) -> None:
    for fig, again in zip(
        every_map(shapes, seat_table, layout), every_map(shapes, seat_table, layout), strict=True
    ):
        svg = draw_svg(fig, "map", "alt", "name")
        assert svg == draw_svg(again, "map", "alt", "name")
        assert len(inline_svg(svg)) < 150_000
        assert not re.search(r' d="[^"]*\d\.\d{3}', svg)


def test_the_note_names_boundaries_and_kosovo_only_where_it_is_shown() -> None:
    assert "designations employed" in map_note(EU)
    assert "Natural Earth" in map_note(EU)
    assert KOSOVO_NOTE in map_note([*EU, "XK"])
    assert KOSOVO_NOTE not in map_note(EU)


def test_the_note_names_the_source_of_places_where_places_are_shown() -> None:
    assert map_note(EU, places=True) == f"{map_note(EU)} Places: {gazetteer.SOURCE_LINE}."
    assert "GeoNames" in map_note(EU, places=True)
    assert "CC BY 4.0" in map_note(EU, places=True)
    assert "GeoNames" not in map_note(EU)


@pytest.mark.parametrize(
    ("code", "name", "note"), [("XK", "Kosovo", KOSOVO_NOTE), ("PS", "Palestine", PALESTINE_NOTE)]
)
def test_notes_on_status_are_the_footnotes_of_the_table_of_countries(code: str, name: str, note: str) -> None:
    countries = read_table("countries").set_index("country")
    assert note == f"{code}: {name}. {countries.loc[code, 'footnote']}"
    assert note in map_note([*EU, code])
    assert note not in map_note(EU)
