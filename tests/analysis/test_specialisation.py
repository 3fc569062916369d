import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis.clusters import (
    location_quotient,
    observatory_stars,
    threshold_sensitivity,
    us_strong_clusters,
)
from helpers.data.errors import InputError


def table_of(organisations, quotients, per_billion=None):
    codes = [f"C{number:02d}" for number in range(len(organisations))]
    return pd.DataFrame(
        {
            "country": codes,
            "name": codes,
            "organisations": pd.array(organisations, dtype="Int64"),
            "location_quotient": pd.array(quotients, dtype="Float64"),
            "per_billion_usd": pd.array(per_billion or quotients, dtype="Float64"),
        }
    )


TEN = table_of(
    [100, 90, 80, 70, 60, 50, 40, 30, 20, 10],
    [0.2, 1.9, 1.2, 0.9, 0.8, 2.0, 1.1, 0.3, 2.5, 3.0],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0.5],
)


def test_published_location_quotient_of_farhauer_and_kroell():
    # Farhauer and Kröll (2014), Standorttheorien; also the example of locq() in R package REAT.
    assert location_quotient(1714, 79006, 879213, 15593224) == pytest.approx(0.3847623, abs=5e-8)


@pytest.mark.parametrize("amounts", [(0, 0, 5, 10), (1, 2, 0, 10), (1, 2, 0, 0)])
def test_a_quotient_of_nothing_is_not_available(amounts):
    assert math.isnan(location_quotient(*amounts))


def test_a_negative_amount_is_refused_by_its_name():
    with pytest.raises(InputError, match="location quotient: E_j is -5"):
        location_quotient(1, 2, -5, 10)


def test_stars_are_given_for_size_specialisation_and_focus():
    stars = observatory_stars(TEN).set_index("country")
    assert stars.index[stars["size"]].to_list() == ["C00"]
    assert stars.index[stars["specialisation"]].to_list() == ["C05", "C08", "C09"]
    assert stars.index[stars["focus"]].to_list() == ["C00"]
    assert stars.loc["C00", "stars"] == 2
    assert stars["stars"].sum() == 5


def test_the_later_editions_take_the_top_share_of_the_quotient_too():
    stars = observatory_stars(TEN, top=0.2, quotient=None).set_index("country")
    assert stars.index[stars["specialisation"]].to_list() == ["C08", "C09"]


def test_28_per_cent_of_25_countries_is_seven_and_not_eight():
    assert 25 * 0.28 > 7
    stars = observatory_stars(table_of(range(1, 26), [1.0] * 25), top=0.28)
    assert stars["size"].sum() == 7


def test_ties_at_the_threshold_all_get_the_star():
    assert observatory_stars(table_of([5] * 10, [1.0] * 10))["size"].sum() == 10


def test_strong_needs_a_top_quotient_above_one_and_not_too_few_organisations():
    strong = us_strong_clusters(TEN, top=0.3).set_index("country")
    assert strong.index[strong["top_quotient"]].to_list() == ["C05", "C08", "C09"]
    assert strong.index[~strong["large_enough"]].to_list() == ["C08", "C09"]
    assert strong.index[strong["strong"]].to_list() == ["C05"]
    none = us_strong_clusters(table_of([5, 6], [1.0, 1.0]), top=1)
    assert not none["strong"].any()


def test_missing_measures_are_not_judged_and_unlisted_countries_left_out():
    table = table_of([5, 6, None], [None, 2.5, 3.0])
    stars = observatory_stars(table)
    assert stars["country"].to_list() == ["C00", "C01"]
    assert stars["specialisation"].isna().to_list() == [True, False]
    assert stars["stars"].to_list() == [0, 3]
    assert us_strong_clusters(table)["strong"].isna().to_list() == [True, False]


@pytest.mark.parametrize("empty", [TEN.head(0), table_of([None], [None])])
def test_nobody_listed_gives_empty_tables_with_their_columns(empty):
    assert observatory_stars(empty).columns.equals(observatory_stars(TEN).columns)
    assert us_strong_clusters(empty).columns.equals(us_strong_clusters(TEN).columns)
    found = threshold_sensitivity(empty, "us", [0.25])
    assert found[["number", "jaccard"]].values.tolist() == [[0, 1]]


def test_sensitivity_compares_each_threshold_with_the_rules_own():
    found = threshold_sensitivity(TEN, "us", [0.5, 0.25, 0.3, 0.2]).set_index("threshold")
    assert found.index.to_list() == [0.2, 0.25, 0.3, 0.5]
    assert found.loc[0.25, "is_base"]
    assert found["is_base"].sum() == 1
    assert (found.loc[0.25, "jaccard"], found.loc[0.25, "changed"]) == (1, 0)
    assert found.loc[0.25, "countries"] == "C05"
    assert found.loc[0.2, ["leave", "changed", "jaccard"]].to_list() == ["C05", 1, 0]
    assert found.loc[0.5, "enter"] == "C01, C02"
    assert found.loc[0.5, "jaccard"] == pytest.approx(1 / 3)


def test_sensitivity_of_the_observatorys_stars_counts_two_and_more():
    found = threshold_sensitivity(TEN, "observatory", [0.1, 0.2]).set_index("threshold")
    assert found.loc[0.1, "countries"] == "C00"
    assert found.loc[0.2, "countries"] == "C00, C01"


def test_another_base_can_be_chosen_and_need_not_be_among_the_thresholds():
    found = threshold_sensitivity(TEN, "us", [0.25], base=0.5).iloc[0]
    assert not found["is_base"]
    assert found["leave"] == "C01, C02"


@pytest.mark.parametrize("wrong", [0, -0.1, 1.1, math.nan])
def test_a_threshold_that_is_no_share_is_refused(wrong):
    for refuse in (
        lambda: observatory_stars(TEN, top=wrong),
        lambda: us_strong_clusters(TEN, top=wrong),
        lambda: threshold_sensitivity(TEN, "us", [wrong]),
    ):
        with pytest.raises(InputError, match="is no share of the countries"):
            refuse()


def test_an_unknown_rule_or_floor_is_refused():
    with pytest.raises(InputError, match="rule is 'eu'; allowed: observatory, us"):
        threshold_sensitivity(TEN, "eu", [0.1])
    with pytest.raises(InputError, match="floor is 1"):
        us_strong_clusters(TEN, floor=1)


rows = st.lists(st.tuples(st.integers(0, 300), st.floats(0, 5)), min_size=1, max_size=30)


@given(rows, st.floats(0.01, 1), st.floats(0.01, 1))
def test_a_wider_threshold_never_loses_a_country(pairs, one, other):
    table = table_of([count for count, _ in pairs], [quotient for _, quotient in pairs])
    narrow, wide = sorted((one, other))
    for rule in ("us", "observatory"):
        found = threshold_sensitivity(table, rule, [wide], base=narrow).iloc[0]
        assert found["leave"] == ""
        assert 0 <= found["jaccard"] <= 1


@given(rows, st.randoms())
def test_the_order_of_rows_does_not_change_who_qualifies(pairs, random):
    table = table_of([count for count, _ in pairs], [quotient for _, quotient in pairs])
    order = list(range(len(table)))
    random.shuffle(order)
    for rule in ("us", "observatory"):
        pd.testing.assert_frame_equal(
            threshold_sensitivity(table.iloc[order], rule, [0.1, 0.25]),
            threshold_sensitivity(table, rule, [0.1, 0.25]),
        )


def test_a_table_without_its_columns_is_named():
    with pytest.raises(InputError, match="country table: column location_quotient is missing"):
        us_strong_clusters(TEN.drop(columns="location_quotient"))
