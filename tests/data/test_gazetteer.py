"""The gazetteer reads the wheel's towns once and keeps a small, repeatable index."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data import gazetteer
from helpers.data.errors import InputError
from helpers.data.gazetteer import (
    Gazetteer,
    Town,
    build_index,
    fold,
    index_path,
    load_gazetteer,
    one_letter_away,
)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gazetteer")
    build_index(["MT", "LU", "FI"], folder)
    return folder


def test_an_index_holds_the_towns_of_its_country_only(cache):
    malta = load_gazetteer("MT", cache)
    assert malta.find("Valletta").town.admin1
    assert malta.find("Luxembourg") is None


def test_territories_kept_apart_by_geonames_belong_to_their_member_state(cache):
    assert load_gazetteer("FI", cache).find("Mariehamn").town.admin1 == "AX"


def test_the_index_is_the_same_bytes_every_time(cache, tmp_path):
    build_index(["LU"], tmp_path)
    assert index_path("LU", tmp_path).read_bytes() == index_path("LU", cache).read_bytes()


def test_an_index_that_is_there_is_not_built_again(cache, monkeypatch):
    monkeypatch.setattr(gazetteer, "_records", lambda: pytest.fail("the 80 MB file was read again"))
    build_index(["MT", "LU"], cache)
    assert load_gazetteer("LU", cache).find("Esch-sur-Alzette")


def test_a_wheel_without_the_file_is_a_clear_message(tmp_path, monkeypatch):
    monkeypatch.setattr(gazetteer, "GAZETTEER_FILE", "cities0.json")
    with pytest.raises(InputError, match=r"cities0\.json"):
        build_index(["MT"], tmp_path)


def test_the_index_holds_no_airport_codes_and_no_distant_scripts(cache):
    rows = json.loads(index_path("FI", cache).read_text(encoding="utf-8"))
    names = next(row[7] for row in rows if row[1] == "Helsinki")
    assert "hel" not in names
    assert "хельсинки" in names
    assert not any(letter >= "\u4e00" for name in names for letter in name)


def test_large_towns_come_before_villages_of_the_same_main_name():
    village = (Town(1, "Ems", 50.0, 7.0, 600, "01"), [])
    city = (Town(2, "Bad Ems", 50.3, 7.7, 9000, "01"), ["Ems"])
    match = Gazetteer("DE", [village, city]).find("EMS")
    assert (match.town.name, match.by) == ("Bad Ems", "another name")


def test_the_same_town_listed_twice_next_door_is_no_namesake():
    twice = [(Town(i, "Hollola", 61.0 + i / 100, 25.5, 20_000, "07"), []) for i in range(2)]
    assert Gazetteer("FI", twice).find("Hollola").others == ()


def test_a_misspelt_name_is_corrected_only_towards_one_large_town():
    towns = [(Town(1, "Helsinki", 60.2, 24.9, 600_000, "01"), [])]
    assert Gazetteer("FI", towns).nearly("Helsingi", 15_000).town.name == "Helsinki"
    assert Gazetteer("FI", towns).nearly("Helsingi", 700_000) is None
    rival = (Town(2, "Helsingo", 62.0, 25.0, 20_000, "01"), [])
    assert Gazetteer("FI", [*towns, rival]).nearly("Helsingi", 15_000) is None
    assert Gazetteer("FI", [(Town(3, "Pori", 61.5, 21.8, 80_000, "04"), [])]).nearly("Port", 15_000) is None


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="abcdefgh", min_size=1, max_size=12))
def test_one_letter_away_is_mutual(word):
    for other in sorted(one_letter_away(word))[:20]:
        if other:
            assert word in one_letter_away(other)
