"""Worked numbers are literals here, each with the place it was published."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis.clusters import (
    concentration_ratio,
    concentration_table,
    duplicate_sensitivity,
    equivalent_number,
    fewest_for_share,
    gini,
    herfindahl_hirschman,
    location_quotient,
    locational_gini,
    lorenz_curve,
    normalised_gini,
    normalised_hhi,
    theil,
)
from helpers.data.errors import InputError

counts = st.lists(st.integers(0, 10_000), min_size=1, max_size=40).filter(any)
several = st.lists(st.integers(0, 10_000), min_size=2, max_size=40).filter(any)

# Dörsam, P. (2004), Wirtschaftsstatistik anschaulich dargestellt; also the example of R package REAT.
DOERSAM = [20, 50, 20, 10]
# Farhauer and Kröll (2014), Standorttheorien: employment of one and of all industries in five regions.
INDUSTRY, ALL_INDUSTRIES = [500, 500, 1000, 7000, 1000], [20000, 15000, 20000, 40000, 5000]


def test_published_example_of_doersam():
    assert herfindahl_hirschman(DOERSAM) == pytest.approx(0.34)
    assert normalised_hhi(DOERSAM) == pytest.approx(0.12)
    assert equivalent_number(DOERSAM) == pytest.approx(2.94, abs=0.005)
    assert gini(DOERSAM) == pytest.approx(0.3)
    assert normalised_gini(DOERSAM) == pytest.approx(0.4)


def test_published_theil_index_is_t_and_not_the_mean_log_deviation():
    # Störmann (2009), Regionalökonomik; REAT's theil() gives Theil's L, 0.2326302.
    assert theil([10, 10, 10, 20, 50]) == pytest.approx(0.2502012, abs=5e-8)


def test_the_two_spatial_gini_coefficients_are_told_apart():
    quotients = [
        location_quotient(e, sum(INDUSTRY), size, sum(ALL_INDUSTRIES))
        for e, size in zip(INDUSTRY, ALL_INDUSTRIES, strict=True)
    ]
    assert gini(quotients) == pytest.approx(0.4068966, abs=5e-8)  # REAT's gini.conc
    assert locational_gini(INDUSTRY, ALL_INDUSTRIES) == pytest.approx(0.3725)  # area under the curve


@given(counts)
def test_hhi_lies_between_one_over_n_and_one(values):
    assert 1 / len(values) - 1e-12 <= herfindahl_hirschman(values) <= 1 + 1e-12
    assert 1 - 1e-12 <= equivalent_number(values) <= len(values) + 1e-9


@given(several)
def test_normalised_measures_lie_between_zero_and_one(values):
    assert -1e-12 <= normalised_hhi(values) <= 1 + 1e-12
    assert 0 <= normalised_gini(values) <= 1 + 1e-12


@given(counts)
def test_gini_lies_between_zero_and_one_minus_one_over_n(values):
    assert 0 <= gini(values) <= 1 - 1 / len(values) + 1e-12


@given(counts)
def test_theil_lies_between_zero_and_log_n(values):
    assert 0 <= theil(values) <= math.log(len(values)) + 1e-12


@given(counts, st.randoms())
def test_the_order_of_rows_changes_nothing_at_all(values, random):
    shuffled = list(values)
    random.shuffle(shuffled)
    for measure in (herfindahl_hirschman, equivalent_number, normalised_hhi, gini, normalised_gini, theil):
        assert measure(values) == measure(shuffled) or math.isnan(measure(values))
    assert concentration_ratio(values, 3) == concentration_ratio(shuffled, 3)
    pd.testing.assert_frame_equal(concentration_table(values), concentration_table(shuffled))
    pd.testing.assert_frame_equal(lorenz_curve(values), lorenz_curve(shuffled))


@given(counts, st.integers(2, 50))
def test_scaling_all_counts_changes_no_measure(values, factor):
    scaled = [factor * value for value in values]
    assert herfindahl_hirschman(scaled) == pytest.approx(herfindahl_hirschman(values))
    assert gini(scaled) == pytest.approx(gini(values), abs=1e-12)
    assert theil(scaled) == pytest.approx(theil(values), abs=1e-12)


@given(several)
def test_merging_two_units_never_lowers_hhi(values):
    merged = [values[0] + values[1], *values[2:]]
    assert herfindahl_hirschman(merged) >= herfindahl_hirschman(values) - 1e-12


@given(counts)
def test_lorenz_curve_is_convex_below_the_diagonal_from_0_0_to_1_1(values):
    curve = lorenz_curve(values)
    x, y = curve["cumulative_units"].to_numpy(), curve["cumulative_share"].to_numpy()
    assert (x[0], y[0]) == (0, 0)
    assert (x[-1], y[-1]) == (1, 1)
    assert (y <= x + 1e-12).all()
    assert (np.diff(y, 2) >= -1e-12).all()


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 10**8)), min_size=1, max_size=30))
def test_localisation_curve_is_convex_too_and_its_gini_is_a_share(pairs):
    values, weights = [value for value, _ in pairs], [weight for _, weight in pairs]
    curve = lorenz_curve(values, weights)
    if not any(values):
        assert curve.empty
        assert math.isnan(locational_gini(values, weights))
        return
    x, y = curve["cumulative_units"].to_numpy(), curve["cumulative_share"].to_numpy()
    slopes = np.diff(y) / np.diff(x)
    assert (np.diff(slopes) >= -1e-6 * slopes[:-1] - 1e-9).all()
    assert 0 <= locational_gini(values, weights) <= 1


@given(several)
def test_gini_is_one_minus_twice_the_area_under_the_lorenz_curve(values):
    curve = lorenz_curve(values)
    area = np.trapezoid(curve["cumulative_share"], curve["cumulative_units"])
    assert gini(values) == pytest.approx(1 - 2 * area, abs=1e-9)
    assert locational_gini(values, [7] * len(values)) == pytest.approx(gini(values), abs=1e-9)


def test_equal_counts_have_no_inequality():
    equal = [5, 5, 5, 5]
    assert herfindahl_hirschman(equal) == pytest.approx(0.25)
    assert (gini(equal), normalised_hhi(equal), theil(equal)) == (0, 0, 0)
    assert equivalent_number(equal) == pytest.approx(4)


def test_one_country_is_fully_concentrated_and_has_no_normalised_measure():
    assert herfindahl_hirschman([7]) == 1
    assert gini([7]) == 0
    assert math.isnan(normalised_hhi([7]))
    assert math.isnan(normalised_gini([7]))


@pytest.mark.parametrize("nothing", [[], [0, 0], pd.Series([pd.NA], dtype="Int64")])
def test_indices_of_nothing_are_not_available(nothing):
    for measure in (herfindahl_hirschman, equivalent_number, normalised_hhi, gini, normalised_gini, theil):
        assert math.isnan(measure(nothing))
    assert math.isnan(concentration_ratio(nothing, 1))
    assert concentration_table(nothing)["value"].isna().all()
    curve = lorenz_curve(nothing)
    assert curve.columns.to_list() == ["unit", "cumulative_units", "cumulative_share"]
    assert curve.empty
    ranges = duplicate_sensitivity(nothing, 0.1, 5, 1)
    assert ranges.columns.to_list() == ["measure", "label", "as_listed", "low", "high"]
    assert ranges[["as_listed", "low", "high"]].isna().all(axis=None)


def test_a_country_that_is_not_listed_is_left_out_and_a_zero_is_not():
    assert gini(pd.Series([3, 1, pd.NA], dtype="Int64")) == gini([3, 1])
    assert gini([3, 1, 0]) > gini([3, 1])


@pytest.mark.parametrize("bad", [-1, 2.5, math.inf, "many"])
def test_what_is_no_count_is_refused_with_what_was_found(bad):
    for measure in (herfindahl_hirschman, concentration_table, lorenz_curve):
        with pytest.raises(
            InputError, match=r"BE is .*whole numbers from zero upwards are allowed"
        ) as caught:
            measure(pd.Series([3, bad], index=["AT", "BE"], dtype=object))
        assert str(bad) in str(caught.value)


def test_concentration_ratios_add_up_to_all():
    assert concentration_ratio(DOERSAM, 1) == 0.5
    assert concentration_ratio(DOERSAM, 2) == 0.7
    assert concentration_ratio(DOERSAM, 9) == 1
    with pytest.raises(InputError, match="n is 0"):
        concentration_ratio(DOERSAM, 0)


@given(counts)
def test_every_value_of_the_table_lies_in_the_range_that_the_table_states(values):
    table = concentration_table(values).dropna()
    ends = table[["equal", "one"]]
    assert (table["value"] >= ends.min(axis=1) - 1e-9).all()
    assert (table["value"] <= ends.max(axis=1) + 1e-9).all()


def test_the_equivalent_number_is_all_units_if_equal_and_one_if_one_has_all():
    table = concentration_table([20, 50, 20, 10]).set_index("measure")
    assert table.loc["equivalent_number", ["equal", "one"]].tolist() == [4.0, 1.0]
    assert table.loc["hhi", ["equal", "one"]].tolist() == [0.25, 1.0]


def test_the_lorenz_curve_names_the_country_that_each_step_adds():
    curve = lorenz_curve(pd.Series({"AT": 3, "BE": 1, "CY": pd.NA}))
    assert curve["unit"].to_list() == ["", "BE", "AT"]


def test_weights_must_match_and_be_above_zero():
    with pytest.raises(InputError, match="2 counts but 1 weights"):
        lorenz_curve([1, 2], [1])
    with pytest.raises(InputError, match="a weight is 0"):
        lorenz_curve([1, 2], [1, 0])


def test_duplicates_struck_off_give_the_same_range_for_the_same_seed_and_any_order():
    one = duplicate_sensitivity(DOERSAM, 0.1, 50, 3)
    pd.testing.assert_frame_equal(one, duplicate_sensitivity(DOERSAM[::-1], 0.1, 50, 3))
    assert not one.equals(duplicate_sensitivity(DOERSAM, 0.1, 50, 4))


def test_no_duplicates_give_no_width():
    table = duplicate_sensitivity(DOERSAM, 0, 20, 1)
    assert (table["low"] == table["as_listed"]).all()
    assert (table["high"] == table["as_listed"]).all()


@given(st.lists(st.integers(1, 200), min_size=2, max_size=10), st.floats(0, 0.5), st.integers(0, 2**32 - 1))
def test_the_range_over_duplicates_keeps_to_what_the_measures_can_be(values, share, seed):
    table = duplicate_sensitivity(values, share, 10, seed).set_index("measure")
    assert (table["low"] <= table["high"]).all()
    assert table.loc["hhi", "low"] >= 1 / len(values) - 1e-12
    assert table.loc["hhi", "high"] <= 1 + 1e-12


def test_the_range_over_duplicates_holds_the_value_as_listed_where_counts_are_large():
    table = duplicate_sensitivity([146, 212, 124, 118, 82, 70], 0.05, 300, 1)
    assert (table["low"] < table["as_listed"]).all()
    assert (table["as_listed"] < table["high"]).all()
    wider = duplicate_sensitivity([146, 212, 124, 118, 82, 70], 0.2, 300, 1)
    assert (wider["high"] - wider["low"] > table["high"] - table["low"]).all()


@pytest.mark.parametrize(("share", "draws"), [(-0.1, 10), (1, 10), (math.nan, 10), (0.1, 0)])
def test_a_share_or_number_of_draws_that_makes_no_sense_is_refused(share, draws):
    with pytest.raises(InputError, match="are allowed"):
        duplicate_sensitivity(DOERSAM, share, draws, 1)


@given(counts, st.floats(0.01, 1))
def test_the_fewest_units_hold_the_share_and_one_fewer_does_not(values, share):
    number = fewest_for_share(values, share)
    assert concentration_ratio(values, number) >= share - 1e-9
    if number > 1:
        assert concentration_ratio(values, number - 1) < share + 1e-9


def test_the_fewest_units_of_nothing_are_none_and_a_share_above_one_is_refused():
    assert fewest_for_share([0, 0], 0.5) == 0
    assert fewest_for_share([], 0.5) == 0
    for share in (0, 1.1, math.nan):
        with pytest.raises(InputError, match="above 0 up to 1 is allowed"):
            fewest_for_share([1], share)
