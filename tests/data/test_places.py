"""Seats become points by rules that can be read, and never by a guess across borders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data.gazetteer import Gazetteer, Town, load_gazetteer
from helpers.data.places import LONGEST_ENTRY, NOT_PLACED, PLACED, RULES, country_of_name, place_seat
from helpers.data.project import project_root


@pytest.fixture(scope="session")
def towns():
    cache = project_root() / ".cache" / "gazetteer"
    loaded = {}

    def of(country):
        if country not in loaded:
            loaded[country] = load_gazetteer(country, cache)
        return loaded[country]

    return of


def gazetteer(country, *names_and_people):
    records = [
        (Town(number, name, 40.0 + number, 10.0, people, "01"), [])
        for number, (name, people) in enumerate(names_and_people)
    ]
    return Gazetteer(country, records)


@pytest.mark.parametrize(
    ("country", "listed", "place", "reason"),
    [
        ("AT", "St. Pölten", "Sankt Pölten", "another name"),
        ("DE", "Duesseldorf", "Düsseldorf", "another name"),
        ("DE", "93053 Regensburg", "Regensburg", "without postcode or district"),
        ("DE", "Munich / München", "Munich", "first of several parts"),
        ("DK", "Copenhagen S", "Copenhagen", "without postcode or district"),
        ("DK", "København K", "Copenhagen", "without postcode or district"),
        (
            "DK",
            "Aarhus - Head Quarters, hubs: Copenhagen and 4 other cities",
            "Århus",
            "first of several parts",
        ),
        ("FR", "LYON CEDEX 9", "Lyon", "without postcode or district"),
        ("IT", "Mestre VENEZIA", "Mestre", "two places close together"),
        ("IT", "Tito Scalo Potenza PZ", "Tito", "two places close together"),
        ("IT", "Mestre-Venezia (Ve)", "Mestre", "two places close together"),
        ("ES", "S/C de Tenerife", "Santa Cruz de Tenerife", "abbreviation written out"),
        ("ES", "Elda (Alicante)", "Elda", "without the part in brackets"),
        ("PL", "Zielonki/Krakow", "Zielonki", "first of several parts"),
        ("PL", "Sedziszow Mlp.", "Sędziszów Małopolski", "abbreviation written out"),
        ("CZ", "Ostrava-Poruba", "Ostrava", "town before its district"),
        ("BG", "Пловдив", "Plovdiv", "another name"),
        ("UA", "Львів", "Lviv", "another name"),
        ("EL", "ΑΘΗΝΑ", "Athens", "another name"),
        ("EL", "Maroussi, Athens", "Maroúsi", "first of several parts"),
        ("DK", "Elsingore", "Helsingør", "spelling: one letter corrected"),
        ("IE", "Dublin 2", "Dublin", "without postcode or district"),
        ("MD", "Dubasari rayon", "Dubăsari", "without a word such as municipality"),
        ("LU", "Luxembourg", "Luxembourg", "name"),
        ("FR", "Fort de France", "Fort-de-France", "name"),
    ],
)
def test_a_messy_entry_finds_its_town_and_says_by_which_rule(towns, country, listed, place, reason):
    placed = place_seat(listed, towns(country))
    assert placed.town is not None, placed.reason
    assert placed.town.name == place
    assert placed.reason.startswith(reason)
    assert placed.status == PLACED


@pytest.mark.parametrize(
    ("country", "listed", "reason"),
    [
        ("DE", "Deutschland", "the country is named, not a town"),
        ("TR", "Türkiye", "the country is named, not a town"),
        ("UA", "Украина", "the country is named, not a town"),
        ("UA", "Польша", "another country is named (PL), not a town"),
        ("NL", "Erica", "place not found"),
        ("MD", "Slobozia Mare", "place not found"),
        ("ES", "Navarra", "place not found"),
        ("FR", "Saint-Denis", "ambiguous: Saint-Denis and a place of similar size share the name"),
        ("ES", "Cordovilla", "only a hamlet of that name is known (133 inhabitants)"),
        ("DE", " - ", "no place is given"),
        ("DE", "", "no place is given"),
    ],
)
def test_what_cannot_be_placed_says_why(towns, country, listed, reason):
    placed = place_seat(listed, towns(country))
    assert placed.town is None
    assert placed.reason == reason
    assert placed.status == NOT_PLACED


def test_bruges_listed_under_france_is_the_town_near_bordeaux(towns):
    town = place_seat("Bruges", towns("FR")).town
    assert town.admin1 == "75"
    assert town.latitude == pytest.approx(44.88, abs=0.05)


def test_a_town_of_another_country_is_never_taken(towns):
    assert place_seat("Wien", towns("LV")).town is None
    assert place_seat("Graz, Styria", towns("EE")).town is None


def test_the_largest_of_several_towns_is_taken_and_said():
    placed = place_seat("Neustadt", gazetteer("DE", ("Neustadt", 3000), ("Neustadt", 50_000)))
    assert placed.town.population == 50_000
    assert placed.reason == "name; 1 smaller place shares it, the largest was taken"


def test_two_towns_of_similar_size_are_not_guessed_between():
    placed = place_seat("Neustadt", gazetteer("DE", ("Neustadt", 30_000), ("Neustadt", 50_000)))
    assert placed.town is None
    assert placed.reason.startswith("ambiguous")


def test_a_start_that_is_a_place_is_not_enough():
    # Slobozia Mare is no part of Slobozia.
    assert place_seat("Slobozia Mare", gazetteer("MD", ("Slobozia", 20_000))).town is None


def test_the_order_of_the_towns_does_not_matter():
    towns = [("Neustadt", 50_000), ("Neustadt", 3000), ("Altstadt", 9000)]
    records = [(Town(i, n, 40.0 + i, 10.0, p, "01"), []) for i, (n, p) in enumerate(towns)]
    for order in (records, records[::-1]):
        assert place_seat("Neustadt", Gazetteer("DE", order)).town.geonameid == 0


@pytest.mark.parametrize(
    ("name", "code"),
    [("Ελλάδα", "EL"), ("Magyarország", "HU"), ("England", None), ("Éire", "IE"), ("", None)],
)
def test_countries_are_known_by_their_names_in_many_languages(name, code):
    assert country_of_name(name) == code


def test_an_entry_too_long_for_a_name_is_refused_at_once():
    placed = place_seat("Graz " * 5000, gazetteer("AT", ("Graz", 300_000)))
    assert placed.reason == f"longer than {LONGEST_ENTRY} characters: no name of a place"


@given(st.text(max_size=200))
def test_any_text_gives_a_place_of_the_gazetteer_or_a_reason(text):
    known = gazetteer("AT", ("Graz", 300_000), ("Linz", 200_000))
    placed = place_seat(text, known)
    assert placed.reason
    assert placed.town is None or placed.town.name in ("Graz", "Linz")


def test_every_rule_but_the_first_has_a_name_of_its_own():
    names = [rule.name for rule in RULES]
    assert names[0] == ""
    assert len(set(names)) == len(names)
