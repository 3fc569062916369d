import pandas as pd
import pytest

from helpers.analysis.supply.assumptions import check_assumptions
from helpers.analysis.supply.needs import doses_needed, needs_at_places
from helpers.analysis.supply.places import country_places
from helpers.data.errors import InputError
from helpers.data.process import read_table


@pytest.fixture
def assumed():
    return check_assumptions(read_table("assumptions"))


def test_doses_follow_from_population_and_schedule(assumed):
    people = pd.DataFrame({"country": ["MT", "MT"], "year": [2019, 2021], "population": [500_000, 999_999]})
    row = doses_needed(people, ["MT"], assumed, 2020).iloc[0]
    assert row["inhabitants"] == 500_000  # of the latest year that is not after 2020
    expected = 500_000 * 0.82 * 0.7 * 2 / 0.95
    assert row["doses"] == pytest.approx(expected)
    assert row["amount"] == pytest.approx(expected / 6)


def test_low_and_high_enclose_the_need(assumed):
    people = pd.DataFrame({"country": ["MT"], "year": [2020], "population": [500_000]})
    low, value, high = (
        doses_needed(people, ["MT"], assumed, 2020, end)["amount"].iloc[0] for end in ("low", "value", "high")
    )
    assert low < value < high


def test_a_country_without_population_is_named(assumed):
    people = pd.DataFrame({"country": ["MT"], "year": [2021], "population": [500_000]})
    with pytest.raises(InputError, match="population: no row of MT, XX in 2020 or before"):
        doses_needed(people, ["MT", "XX"], assumed, 2020)


def test_a_country_without_a_place_is_named():
    needed = pd.DataFrame({"country": ["MT", "XX"], "amount": [1.0, 1.0]})
    places = pd.DataFrame({"country": ["MT"], "latitude": [35.9], "longitude": [14.4]})
    with pytest.raises(InputError, match="no place is known for XX"):
        needs_at_places(needed, places, "vials", "2021-06")


def test_every_member_state_has_a_place_inside_its_main_territory():
    places = country_places(read_table("region_centres")).set_index("country")
    assert 43 < places.loc["FR", "latitude"] < 50
    assert 37 < places.loc["ES", "latitude"] < 43
    assert 37 < places.loc["PT", "latitude"] < 42
    assert places["latitude"].between(30, 72).all()


@pytest.mark.parametrize(("low", "value", "high"), [(2, 1, 3), (1, 4, 3)])
def test_assumptions_out_of_order_are_refused_with_their_row(low, value, high):
    table = read_table("assumptions").copy()
    table.loc[1, ["low", "value", "high"]] = [low, value, high]
    with pytest.raises(InputError, match=r"assumptions.csv: row 3, target_share: .*low <= value <= high"):
        check_assumptions(table)


def test_an_unknown_assumption_is_refused_with_those_that_there_are(assumed):
    with pytest.raises(InputError, match="no row 'doses'; there are: adult_share"):
        assumed.value("doses")


def test_a_country_without_regions_stands_in_its_largest_part():
    places = country_places(read_table("region_centres"), read_table("country_shapes")).set_index("country")
    assert 51 < places.loc["UK", "latitude"] < 56
    assert -4 < places.loc["UK", "longitude"] < 0
    assert not places.index.has_duplicates
