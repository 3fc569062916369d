"""All EU territory is on the map, in the right part, small enough to be drawn in a report."""

import pandas as pd
import pytest
import shapely

from helpers.data import boundaries
from helpers.data.boundaries import (
    INSETS,
    LONLAT,
    MAIN,
    build_country_shapes,
    natural_earth,
    shapes_of_part,
)
from helpers.data.errors import InputError
from helpers.data.process import read_table

EU27 = [
    "AT",
    "BE",
    "BG",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "EL",
    "ES",
    "FI",
    "FR",
    "HR",
    "HU",
    "IE",
    "IT",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK",
]
# km2, Eurostat (reg_area3) and national statistics, rounded; France without the outermost regions.
AREA_KM2 = {
    "DE": 357_600,
    "FR": 550_000,
    "PL": 312_000,
    "EL": 131_700,
    "IE": 70_000,
    "EE": 45_300,
    "CY": 9_250,
}


@pytest.fixture(scope="module")
def world():
    return natural_earth()


@pytest.fixture(scope="module")
def shapes(world):
    return build_country_shapes()


def svg_bytes(part, shapes, width):
    """Return the size of the part's outlines as SVG paths with one decimal, drawn this many pixels wide."""
    west, _, east, north = part.window
    scale = width / (east - west)
    size = 0
    for area in shapes_of_part(shapes, part.name).geometry:
        for polygon in shapely.get_parts(area):
            for ring in (polygon.exterior, *polygon.interiors):
                points = [f"{(x - west) * scale:.1f} {(north - y) * scale:.1f}" for x, y in ring.coords]
                size += len("M" + "L".join(points) + "z")
    return size


@pytest.mark.parametrize("country", EU27)
def test_every_member_state_has_an_area_in_the_main_window(shapes, country):
    area = shapes_of_part(shapes).set_index("country").geometry[country]
    assert area.is_valid
    assert area.area > 100e6 if country != "MT" else area.area > 50e6
    assert shapely.box(*MAIN.window).buffer(1000).contains(area)


@pytest.mark.parametrize("part", INSETS, ids=lambda part: part.name)
def test_every_inset_shows_all_land_of_its_territory(world, shapes, part):
    """What the inset is there for lies wholly inside, away from the edge, at its true size."""
    shown = shapes_of_part(shapes, part.name).set_index("country").geometry[part.country]
    inner = shapely.box(*part.window).buffer(-(part.window[2] - part.window[0]) / 200)
    if part.country in ("MT", "LU", "CY"):
        whole = world[world["country"] == part.country]
    else:
        west, south, east, north = boundaries._degrees_around(part)
        # Far enough out to see what the window would cut off.
        whole = world[world["country"] == part.country].clip((west - 1, south - 1, east + 1, north + 1))
    whole = whole.to_crs(part.epsg).geometry.union_all()
    assert inner.contains(whole)
    assert shown.area == pytest.approx(whole.area, rel=0.05)


def test_the_outermost_regions_and_small_states_each_have_an_inset():
    assert {part.name for part in INSETS} == {
        "canarias",
        "guadeloupe_martinique",
        "guyane",
        "acores",
        "mayotte",
        "reunion",
        "madeira",
        "malta",
        "luxembourg",
        "cyprus",
    }


@pytest.mark.parametrize("country", sorted(AREA_KM2))
def test_simplifying_keeps_areas(shapes, country):
    """EPSG:3035 is an equal-area projection, so areas can be compared with published ones."""
    area = shapes_of_part(shapes).set_index("country").geometry[country].area / 1e6
    assert area == pytest.approx(AREA_KM2[country], rel=0.04)


def test_neighbours_share_their_border_without_gap_or_overlap(shapes):
    """Real gaps, e.g. narrow waters, are wider than what simplifying might open."""
    europe = shapes_of_part(shapes)
    assert shapely.coverage_is_valid(europe.geometry.to_numpy(), gap_width=100)


def test_neighbours_outside_the_datasets_are_there_to_be_drawn(shapes):
    countries = set(shapes_of_part(shapes)["country"])
    assert {"BY", "RU", "MA", "CH", "NO", "UK", "RS", "XK", "UA", "TR"} <= countries
    assert not {"GR", "GB", "AX"} & countries


def test_disputed_lines_are_those_of_the_variant_that_the_docstring_names(world):
    def country_at(longitude, latitude):
        return world[world.contains(shapely.Point(longitude, latitude))]["country"].tolist()

    assert country_at(34.1, 44.95) == ["UA"]
    assert country_at(33.3, 35.25) == ["CY"]
    assert country_at(21.0, 42.6) == ["XK"]
    assert country_at(-13.0, 24.5) == ["EH"]


def test_the_insets_are_small_enough_for_a_report(shapes):
    """The main part is simplified to its scale when it is drawn."""
    assert sum(svg_bytes(part, shapes, 90) for part in INSETS) <= 40_000


def test_the_web_layer_is_in_degrees_small_and_holds_all_territory(shapes):
    web = shapes_of_part(shapes, LONLAT.name)
    assert len(web.to_json().encode()) <= 250_000
    assert set(EU27) <= set(web["country"])
    france, spain, portugal = (web.set_index("country").geometry[c] for c in ("FR", "ES", "PT"))
    for point in ((-53.0, 4.0), (-61.0, 14.65), (-61.6, 16.2), (45.15, -12.82), (55.5, -21.1), (2.3, 48.9)):
        assert france.contains(shapely.Point(point))
    assert spain.contains(shapely.Point(-16.5, 28.3))
    assert portugal.contains(shapely.Point(-25.4, 37.8))
    assert portugal.contains(shapely.Point(-17.0, 32.75))


def test_a_second_run_gives_the_same_bytes(shapes):
    again = build_country_shapes()
    pd.testing.assert_frame_equal(again, shapes)


def test_the_processed_table_is_what_is_built_now(shapes):
    built = shapes.sort_values(["part", "country"], ignore_index=True)
    pd.testing.assert_frame_equal(read_table("country_shapes"), built)


def test_an_unknown_part_or_a_missing_wheel_is_a_clear_message(shapes, monkeypatch):
    with pytest.raises(InputError, match="no part 'mars'"):
        shapes_of_part(shapes, "mars")
    monkeypatch.setattr(boundaries, "ARCHIVE", "none.zip")
    with pytest.raises(InputError, match=r"none\.zip is not installed"):
        natural_earth()
