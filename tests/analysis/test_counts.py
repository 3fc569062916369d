import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis.clusters import (
    country_profile,
    country_table,
    not_placed,
    peers,
    region_table,
    seat_summary,
    unknowns,
)
from helpers.analysis.clusters.counts import COUNTRY_COLUMNS
from helpers.data.errors import InputError

NAMES = pd.DataFrame({"country": ["AT", "BE", "CY", "DE", "LI"], "name": ["A", "B", "C", "D", "L"]})
ORGANISATIONS = pd.DataFrame({"country": ["AT", "BE", "CY", "DE"], "organisations": [30, 30, 0, 140]})
POPULATION = pd.DataFrame(
    {
        "country": ["AT", "AT", "BE", "DE", "LI"],
        "year": [2019, 2021, 2020, 2020, 2020],
        "population": [8_900_000, 9_000_000, 11_500_000, 83_000_000, 39_000],
    }
)
GDP = pd.DataFrame({"country": ["AT", "DE"], "year": [2020, 2020], "gdp_usd": [4.3e11, 3.9e12]})
CODES = ["AT", "BE", "CY", "DE", "LI"]


def build(organisations=ORGANISATIONS, population=POPULATION, gdp=GDP, codes=CODES, year=2020):
    return country_table(organisations, population, gdp, NAMES, codes, year)


def test_the_latest_year_up_to_the_reference_year_is_used():
    assert build(year=2020).set_index("country").loc["AT", "population_year"] == 2019
    assert build(year=2021).set_index("country").loc["AT", "population"] == 9_000_000
    assert build(year=2018)["population"].isna().all()


def test_a_country_that_is_not_listed_is_missing_and_a_listed_zero_is_zero():
    table = build().set_index("country")
    assert table.loc["LI", ["organisations", "share", "rank", "per_million"]].isna().all()
    assert table.loc["CY", "organisations"] == 0
    assert table.loc["CY", "rank"] == 4


def test_a_country_without_population_has_no_density_and_does_not_disturb_the_others():
    table = build().set_index("country")
    assert table.loc["CY", ["population", "per_million", "location_quotient"]].isna().all()
    without = build(codes=["AT", "BE", "DE"]).set_index("country")
    assert table.loc["AT", "location_quotient"] == without.loc["AT", "location_quotient"]


def test_equal_numbers_share_the_better_rank_and_the_next_is_left_out():
    assert build()["rank"].dropna().to_list() == [1, 2, 2, 4]
    assert build()["country"].to_list() == ["DE", "AT", "BE", "CY", "LI"]


def test_density_and_quotient_by_hand():
    table = build().set_index("country")
    assert table.loc["DE", "per_million"] == pytest.approx(140 / 83)
    assert table.loc["DE", "per_billion_usd"] == pytest.approx(140 / 3900)
    assert table.loc["DE", "location_quotient"] == pytest.approx((140 / 200) / (83 / 103.4))
    assert table["share"].sum() == pytest.approx(1)


def test_columns_and_types_are_the_same_for_an_empty_scope_and_empty_tables():
    for table in (
        build(codes=[]),
        build(organisations=ORGANISATIONS.head(0), population=POPULATION.head(0), gdp=GDP.head(0)),
        build(codes=["DE"]),
    ):
        assert {name: str(kind) for name, kind in table.dtypes.items()} == COUNTRY_COLUMNS
    assert build(codes=[]).empty


def test_one_country_alone_is_first_of_one_with_quotient_one():
    row = build(codes=["DE"]).iloc[0]
    assert (row["rank"], row["share"], row["location_quotient"]) == (1, 1, 1)


def test_only_zeros_have_no_shares():
    table = build(organisations=ORGANISATIONS.assign(organisations=0))
    assert table["share"].isna().all()
    assert table["location_quotient"].isna().all()


@pytest.mark.parametrize("bad", [-3, 2.5, "many"])
def test_what_is_no_count_is_refused_with_country_and_value(bad):
    wrong = pd.DataFrame({"country": ["AT", "BE"], "organisations": pd.Series([1, bad], dtype=object)})
    with pytest.raises(InputError, match=f"cluster_organisations: BE is {bad}; whole numbers"):
        build(organisations=wrong)


def test_negative_population_is_refused_with_country_and_year():
    wrong = pd.DataFrame({"country": ["AT"], "year": [2020], "population": [-1]})
    with pytest.raises(InputError, match="population: AT 2020 is -1"):
        build(population=wrong)


def test_a_repeated_country_is_refused():
    with pytest.raises(InputError, match="cluster_organisations: country AT is listed 2 times"):
        build(organisations=pd.concat([ORGANISATIONS, ORGANISATIONS.head(1)]))
    with pytest.raises(InputError, match="population: country AT, year 2019 is listed 2 times"):
        build(population=pd.concat([POPULATION, POPULATION.head(1)]))


def test_a_country_without_a_name_is_refused():
    with pytest.raises(InputError, match="no row for ZZ"):
        build(codes=["AT", "ZZ"])


@given(st.permutations(range(4)), st.permutations(range(5)))
def test_the_order_of_rows_changes_nothing_at_all(one, other):
    shuffled = build(ORGANISATIONS.iloc[one], POPULATION.iloc[other], codes=CODES[::-1])
    pd.testing.assert_frame_equal(shuffled, build())


@given(st.lists(st.integers(0, 5000), min_size=5, max_size=5).filter(any))
def test_shares_sum_to_one_and_quotients_average_to_one_by_population(numbers):
    population = pd.DataFrame({"country": CODES, "year": 2020, "population": [9, 11, 1, 83, 2]})
    organisations = pd.DataFrame({"country": CODES, "organisations": numbers})
    table = build(organisations=organisations, population=population)
    assert table["share"].sum() == pytest.approx(1)
    weighted = np.average(table["location_quotient"].astype(float), weights=table["population"].astype(float))
    assert weighted == pytest.approx(1)


def test_peers_are_the_nearest_by_ratio_of_population_with_the_country_itself(table):
    assert peers(table, "AT", 1)["country"].to_list() == ["EL", "AT"]
    assert peers(table, "AT", 9)["country"].to_list() == ["BE", "EL", "AT"]
    assert peers(table, "AT", 0)["country"].to_list() == ["AT"]


def test_a_country_without_population_has_only_itself_as_peer(table):
    assert peers(table, "HR")["country"].to_list() == ["HR"]


def test_a_country_that_is_not_listed_still_finds_its_peers(table):
    assert peers(table, "UA", 1)["country"].to_list() == ["UA", "BE"]


def test_peers_refuses_an_unknown_country_and_a_negative_number(table):
    with pytest.raises(InputError, match="no country 'ZZ'"):
        peers(table, "ZZ")
    with pytest.raises(InputError, match="n is -1"):
        peers(table, "AT", -1)


def test_the_profile_says_rank_of_how_many_and_whether_it_is_shared(table):
    profile = country_profile(table, "AT", 1)
    assert (profile["rank"], profile["of"], profile["rank_tied"]) == (1, 4, True)
    assert (profile["rank_per_million"], profile["of_per_million"]) == (1, 3)
    assert profile["peers"] == ["EL"]
    unlisted = country_profile(table, "UA")
    assert unlisted["organisations"] is None
    assert unlisted["rank"] is None
    assert unlisted["rank_tied"] is False
    assert country_profile(table, "HR")["population"] is None


SEATS = pd.DataFrame(
    {
        "country": ["AT", "AT", "AT", "BE", "UA"],
        "nuts2": ["AT13", "AT13", None, None, None],
        "status": ["placed", "placed", "not placed", "placed, region unknown", "placed, region unknown"],
    }
)
REGIONS = pd.DataFrame(
    {
        "nuts2": ["AT11", "AT13", "BE10"],
        "country": ["AT", "AT", "BE"],
        "region": ["Burgenland", "Wien", "Bruxelles"],
    }
)


def test_every_seat_is_counted_once():
    summary = seat_summary(SEATS).set_index("country")
    assert summary.loc["AT"].to_list() == [3, 2, 0, 1]
    parts = summary[["placed", "region_unknown", "not_placed"]].sum(axis=1)
    assert (parts == summary["seats"]).all()
    assert summary["seats"].sum() == len(SEATS)
    pd.testing.assert_frame_equal(seat_summary(SEATS[::-1]), seat_summary(SEATS))


def test_no_seats_give_an_empty_summary_with_its_columns():
    columns = ["country", "seats", "placed", "region_unknown", "not_placed"]
    assert seat_summary(SEATS.head(0)).columns.to_list() == columns


def test_an_unknown_status_is_refused():
    with pytest.raises(InputError, match="status is 'lost'; allowed: placed; "):
        seat_summary(SEATS.assign(status="lost"))


def test_regions_without_a_seat_are_listed_with_zero():
    table = region_table(SEATS, REGIONS, ["AT", "BE", "UA"])
    assert table["nuts2"].to_list() == ["AT13", "AT11", "BE10"]
    assert table["seats"].to_list() == [2, 0, 0]
    assert table["share"].to_list()[:2] == [1, 0]
    assert pd.isna(table["share"].iloc[2])
    pd.testing.assert_frame_equal(region_table(SEATS[::-1], REGIONS[::-1], ["UA", "BE", "AT"]), table)


def test_a_country_without_regions_gives_no_rows_but_all_columns():
    table = region_table(SEATS, REGIONS, ["UA"])
    assert table.empty
    assert table.columns.to_list() == ["country", "nuts2", "region", "seats", "share", "rank"]


def test_a_region_that_nobody_knows_is_refused():
    with pytest.raises(InputError, match="region AT99 is not in nuts2_regions"):
        region_table(SEATS.assign(nuts2="AT99"), REGIONS, ["AT"])


ASSOCIATIONS = "alliance_national_associations"
MEMBERS = pd.DataFrame({"country": ["BG", "FR", "FR"], "association": ["one", "two", "three"]})


def figures(timeline, *rows):
    columns = ["raw_row", "period_start", "period_end", "value", "qualifier"]
    more = pd.DataFrame(rows, columns=columns)
    more = more.assign(indicator=ASSOCIATIONS, unit="associations", scope="Alliance")
    return pd.concat([timeline, more], ignore_index=True)


def test_unknowns_are_computed_from_the_data(table, timeline):
    known = figures(
        timeline,
        (12, "2021-02-01", "2021-02-28", 18, "exact"),
        (11, "2020-03-04", "2020-03-04", 13, "exact"),
    )
    found = unknowns(table, SEATS, MEMBERS, known, 2020, "2026-07").set_index("item")
    assert found.loc["Seats that could not be placed on the map", "number"] == 1
    assert found.loc["Seats on the map without a region", "number"] == 2
    assert found.loc["Members of the European Clusters Alliance without a known name", "number"] == 15
    assert found.loc["Countries whose national association is not known", "number"] == 5
    assert found.loc["Population: countries without a figure", "number"] == 1
    assert found.loc["Population of 2020: countries without a figure", "number"] == 1
    assert "2019" in found.loc["GDP of 2020: countries without a figure", "why"]
    assert found.loc["Countries that the list does not mention", "number"] == 1
    assert "2026-07" in found.loc["Change of the number by country over time", "why"]


def test_unknowns_of_one_country_speak_of_that_country(table, timeline):
    known = figures(timeline, (12, "2021-02-01", "2021-02-28", 18, "exact"))
    row = table[table["country"] == "AT"]
    found = unknowns(row, SEATS, MEMBERS, known, 2020, "2026-07").set_index("item")
    assert found.loc["Seats that could not be placed on the map", "number"] == 1
    assert "Seats on the map without a region" not in found.index
    assert "among the 15 others" in found.loc["National association of Austria", "why"]
    assert "Countries that the list does not mention" not in found.index


def test_nothing_is_said_of_associations_when_their_number_is_not_known(table, timeline):
    found = unknowns(table, SEATS, MEMBERS, timeline, 2020, "2026-07")
    assert not found["item"].str.contains("association|Alliance").any()


def test_unknowns_of_an_empty_scope_still_have_their_columns(table, timeline):
    found = unknowns(table.head(0), SEATS, MEMBERS, timeline, 2020, "2026-07")
    assert found.columns.to_list() == ["item", "number", "why"]


def test_every_seat_that_is_not_placed_is_listed_even_without_a_reason():
    seats = SEATS.assign(seat_as_listed=["Wien", "Wien", "Austria", "Gent", None], reason=None)
    listed = not_placed(seats)
    assert listed["seats"].sum() == (seats["status"] == "not placed").sum() > 0
    assert not_placed(seats.head(0)).columns.to_list() == ["country", "seat_as_listed", "reason", "seats"]
