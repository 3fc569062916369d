import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis.clusters import (
    bounds_of,
    census_coverage,
    comparable_scope,
    conflicts,
    coverage_table,
    growth_bounds,
    growth_table,
    known_at,
)
from helpers.data.errors import InputError

REGISTERED = "cluster_organisations_registered"


def pair(table, earlier, later):
    found = table[(table["earlier_row"] == earlier) & (table["later_row"] == later)]
    assert len(found) == 1
    return found.iloc[0]


def test_growth_from_at_least_690_to_884_is_at_most_28_1_per_cent(timeline):
    row = pair(growth_table(timeline, REGISTERED), 2, 3)
    assert row["bound"] == "at_most"
    assert row["growth"] == pytest.approx(884 / 690 - 1)
    assert round(row["growth"], 3) == 0.281
    assert row["low"] == -1
    assert math.isnan(row["annual_growth"])


def test_growth_between_exact_figures_is_exact_and_annualised(timeline):
    row = pair(growth_table(timeline, REGISTERED), 3, 4)
    assert row["bound"] == "exact"
    assert row["growth"] == pytest.approx(965 / 884 - 1)
    assert row["low"] == row["high"] == row["growth"]
    years = (pd.Timestamp("2020-03-04") - pd.Timestamp("2019-05-16")).days / 365.25
    assert row["years"] == pytest.approx(years)
    assert row["annual_growth"] == pytest.approx((965 / 884) ** (1 / years) - 1)


def test_growth_to_an_at_least_figure_is_at_least(timeline):
    row = pair(growth_table(timeline, REGISTERED), 4, 5)
    assert row["bound"] == "at_least"
    assert row["growth"] == pytest.approx(1000 / 965 - 1)
    assert row["high"] == math.inf
    assert math.isnan(row["annual_growth"])


def test_growth_between_two_at_least_figures_is_not_determined(timeline):
    row = pair(growth_table(timeline, "alliance_clusters_represented"), 13, 14)
    assert row["bound"] == "undetermined"
    assert math.isnan(row["growth"])
    assert (row["low"], row["high"]) == (-1, math.inf)


def test_growth_from_or_to_about_is_flagged(timeline):
    row = pair(growth_table(timeline, "doses"), 29, 30)
    assert row["bound"] == "about"
    assert row["growth"] == pytest.approx(14)
    assert math.isnan(row["low"])
    assert math.isnan(row["annual_growth"])


@pytest.mark.parametrize(("earlier", "later"), [(5, 6), (5, 7), (6, 9), (7, 9)])
def test_other_scopes_are_set_side_by_side_without_growth_and_with_the_reason(timeline, earlier, later):
    row = pair(growth_table(timeline, REGISTERED), earlier, later)
    assert not row["comparable"]
    assert row["reason"].startswith("scopes differ: ")
    assert row[["low", "high", "growth", "annual_growth"]].isna().all()
    assert row["bound"] == ""


def test_the_same_set_worded_differently_is_compared_with_a_word_of_caution(timeline):
    row = pair(growth_table(timeline, REGISTERED), 2, 3)
    assert row["comparable"]
    assert row["reason"] == "same set, worded differently: ECCP; ECCP profiles in COSME countries"


def test_other_units_are_not_compared(timeline):
    other = timeline.assign(unit=timeline["unit"].where(timeline["raw_row"] != 4, "clusters"))
    row = pair(growth_table(other, REGISTERED), 3, 4)
    assert not row["comparable"]
    assert row["reason"] == "units differ: cluster organisations; clusters"


def test_figures_of_one_day_are_never_compared_as_growth(timeline):
    for indicator in (REGISTERED, "member_states"):
        found = growth_table(timeline, indicator)
        assert (found["earlier_date"] < found["later_date"]).all()
    assert growth_table(timeline, "member_states").empty


def test_an_older_figure_of_the_same_set_is_found_behind_a_newer_one_of_another():
    rows = pd.DataFrame(
        {
            "raw_row": [2, 3, 4],
            "period_start": ["2019-01-01", "2020-01-01", "2021-01-01"],
            "period_end": ["2019-01-01", "2020-01-01", "2021-01-01"],
            "indicator": "n",
            "qualifier": "exact",
            "value": [100.0, 50.0, 110.0],
            "unit": "u",
            "scope": ["a", "b", "a"],
        }
    )
    found = growth_table(rows, "n")
    assert pair(found, 2, 4)["growth"] == pytest.approx(0.1)
    assert not pair(found, 3, 4)["comparable"]


def test_an_indicator_without_rows_gives_an_empty_table_with_its_columns(timeline):
    columns = growth_table(timeline, REGISTERED).columns
    assert growth_table(timeline, "nothing").columns.equals(columns)
    assert growth_table(timeline.head(0), REGISTERED).columns.equals(columns)


def test_the_order_of_rows_changes_nothing_at_all(timeline, other_values):
    backwards = timeline[::-1]
    pd.testing.assert_frame_equal(growth_table(backwards, REGISTERED), growth_table(timeline, REGISTERED))
    pd.testing.assert_frame_equal(conflicts(backwards, other_values[::-1]), conflicts(timeline, other_values))
    pd.testing.assert_frame_equal(coverage_table(backwards), coverage_table(timeline))
    day = date(2021, 3, 31)
    pd.testing.assert_frame_equal(known_at(backwards, day), known_at(timeline, day))


values = st.integers(1, 10**7)


@given(values, values, st.integers(0, 10**7), st.integers(0, 10**7))
def test_bounds_hold_the_true_growth_however_far_at_least_figures_are_exceeded(one, other, more, further):
    truth = (other + further) / (one + more) - 1
    low, high = growth_bounds(bounds_of(one, "at_least"), bounds_of(other, "at_least"))
    assert low <= truth <= high
    low, high = growth_bounds(bounds_of(one, "at_least"), bounds_of(other, "exact"))
    assert low <= other / (one + more) - 1 <= high
    low, high = growth_bounds(bounds_of(one, "exact"), bounds_of(other, "at_least"))
    assert low <= (other + further) / one - 1 <= high


@given(values, values)
def test_bounds_of_exact_figures_meet(one, other):
    low, high = growth_bounds(bounds_of(one, "exact"), bounds_of(other, "exact"))
    assert low == high == other / one - 1


def test_growth_from_nothing_is_not_defined_or_has_no_upper_bound():
    assert all(math.isnan(bound) for bound in growth_bounds((0, 0), (5, 5)))
    assert growth_bounds((0, math.inf), (5, 5)) == (-1, math.inf)


@pytest.mark.parametrize("wrong", [(-1.0, 5.0), (6.0, 5.0)])
def test_impossible_bounds_are_refused(wrong):
    with pytest.raises(InputError, match="lowest <= highest"):
        growth_bounds(wrong, (1.0, 1.0))


def test_an_unknown_qualifier_is_refused():
    with pytest.raises(InputError, match="qualifier is 'roughly'; allowed: exact, at_least, about"):
        bounds_of(5, "roughly")


def test_a_repeated_row_number_is_refused(timeline):
    with pytest.raises(InputError, match="timeline: raw_row 2 is listed 2 times"):
        growth_table(pd.concat([timeline, timeline.head(1)]), REGISTERED)


def test_known_at_leaves_out_periods_that_had_not_ended(timeline):
    assert set(known_at(timeline, date(2019, 5, 30))["raw_row"]) == {2}
    assert set(known_at(timeline, date(2020, 3, 3))["raw_row"]) == {2, 3}
    assert set(known_at(timeline, date(2020, 3, 4))["raw_row"]) == {2, 3, 4, 13}
    assert known_at(timeline, date(2015, 1, 1)).empty
    assert "latest" in known_at(timeline, date(2015, 1, 1))


def test_latest_is_the_newest_of_its_indicator_and_scope(timeline):
    found = known_at(timeline, date(2030, 1, 1)).set_index("raw_row")["latest"]
    assert not found[13]
    assert found[[14, 6, 7, 9]].all()


def test_sources_that_disagree_stand_side_by_side(timeline, other_values):
    found = conflicts(timeline, other_values)
    states = found[found["indicator"] == "member_states"].iloc[0]
    assert (states["value_a"], states["source_a"]) == (25, "source of row 26")
    assert (states["value_b"], states["source_b"]) == (26, "source of row 27")
    assert states["difference"] == 1
    assert states["relative_difference"] == pytest.approx(1 / 25)
    doses = found[found["indicator"] == "doses"].iloc[0]
    assert (doses["value_a"], doses["value_b"]) == (14e6, 20e6)
    assert doses["source_a"] == "another page"
    assert len(found) == 2


def test_the_same_day_with_another_scope_is_no_conflict(timeline, other_values):
    found = conflicts(timeline, other_values)
    assert REGISTERED not in set(found["indicator"])
    assert 11 not in set(found["value_a"])


def test_figures_that_can_both_be_true_are_no_conflict(timeline, other_values):
    compatible = timeline.assign(
        qualifier=timeline["qualifier"].where(timeline["raw_row"] != 26, "at_least"),
    )
    assert "member_states" not in set(conflicts(compatible, other_values)["indicator"])
    contradicting = timeline.assign(
        qualifier=timeline["qualifier"].where(timeline["raw_row"] != 27, "at_least")
    )
    assert "member_states" in set(conflicts(contradicting, other_values)["indicator"])


def test_no_conflicts_give_an_empty_table_with_its_columns(timeline, other_values):
    none = conflicts(timeline.head(0), other_values.head(0))
    assert none.columns.equals(conflicts(timeline, other_values).columns)
    # A timeline cut to an earlier day lacks the record beside which another value stands.
    assert conflicts(timeline.head(3), other_values).empty


def test_740_of_965_is_at_least_76_7_per_cent_without_an_interval():
    coverage = census_coverage(740, 965, "at_least")
    assert round(coverage.share, 3) == 0.767
    assert coverage.bound == "at_least"
    assert not hasattr(coverage, "interval")


@pytest.mark.parametrize(
    ("represented", "registered", "bound"),
    [
        ("exact", "exact", "exact"),
        ("at_least", "exact", "at_least"),
        ("exact", "at_least", "at_most"),
        ("about", "exact", "about"),
        ("at_least", "about", "about"),
    ],
)
def test_a_lower_bound_says_which_way_the_share_is_bound(represented, registered, bound):
    assert census_coverage(740, 965, represented, registered).bound == bound


@pytest.mark.parametrize(
    ("given_values", "message"),
    [
        ((740, 965, "at_least", "at_least"), "not determined"),
        ((966, 965), "966 of 965 represented"),
        ((1, 0), "registered is 0"),
        ((-1, 965), "is -1; whole numbers"),
        ((1.5, 965), "is 1.5; whole numbers"),
        ((740, 965, "some"), "qualifier is 'some'"),
    ],
)
def test_a_coverage_that_makes_no_sense_is_refused(given_values, message):
    with pytest.raises(InputError, match=message):
        census_coverage(*given_values)


def test_coverage_is_computed_only_where_both_counts_are_of_the_same_day(timeline):
    found = coverage_table(timeline)
    assert found[["represented", "registered", "bound"]].values.tolist() == [[740, 965, "at_least"]]
    assert coverage_table(timeline.head(0)).columns.equals(found.columns)


def test_only_the_registrys_own_european_total_counts_as_the_same_set():
    others = ["ECCP EU-27", "ECCP all countries", "ECCP-derived list (secondary source)", "ECCP"]
    assert len({comparable_scope(scope) for scope in others}) == 4
