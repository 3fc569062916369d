"""Worked numbers: Nelson (1982), and the manual of R package fitdistrplus, both also in scipy's tests."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.analysis.capacity import (
    fit_lognormal,
    size_distribution,
    size_quantiles,
    size_summary,
    turnbull,
)
from helpers.data.errors import InputError

# Nelson (1982), table 2.1: thousand miles to failure of 37 locomotive controls; 59 had not failed at 135.
FAILED = [
    *(22.5, 37.5, 46.0, 48.5, 51.5, 53.0, 54.5, 57.5, 66.5, 68.0, 69.5, 76.5, 77.0, 78.5, 80.0, 81.5, 82.0),
    *(83.0, 84.0, 91.5, 93.5, 102.5, 107.0, 108.5, 112.5, 113.5, 116.0, 117.0, 118.5, 119.0, 120.0, 122.5),
    *(123.0, 127.5, 131.0, 132.5, 134.0),
]

intervals = st.lists(
    st.one_of(
        st.integers(0, 30).map(lambda n: (n, n)),
        st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: (min(pair), max(pair))),
        st.integers(0, 30).map(lambda n: (n, None)),
    ),
    min_size=1,
    max_size=20,
)
laws = settings(
    max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


def test_published_fit_with_one_sided_amounts():
    fit = fit_lognormal([*FAILED, *[135.0] * 59], [*FAILED, *[None] * 59])
    assert fit.mu == pytest.approx(5.1169, rel=5e-4)
    assert fit.sigma == pytest.approx(0.7055, rel=5e-3)


def test_published_fit_of_ranges():
    low, high = np.exp([0.1, 0.5, 0.75, 0.8]), np.exp([0.2, 0.55, 0.9, 0.95])
    fit = fit_lognormal(low, high, fewest=4)
    assert fit.mu == pytest.approx(0.5919990, rel=1e-5)
    assert fit.sigma == pytest.approx(0.2868042, rel=1e-4)


def test_a_fit_finds_the_distribution_that_the_amounts_came_from():
    rng = np.random.default_rng(1)
    values = np.exp(rng.normal(8, 1.5, 4000))
    decade = 10 ** np.floor(np.log10(values))
    some = rng.integers(0, 2, 4000) == 1
    low = np.where(some, decade, np.where(values < 500, 0, values))
    high = np.where(some, 10 * decade, np.where(values < 500, 500, values))
    # "More than 20,000" and nothing above.
    low, high = np.where(values > 20_000, 20_000, low), np.where(values > 20_000, np.nan, high)
    fit = fit_lognormal(low, high)
    assert fit.mu == pytest.approx(8, abs=0.1)
    assert fit.sigma == pytest.approx(1.5, abs=0.1)
    assert fit.median == pytest.approx(math.exp(fit.mu))


@pytest.mark.parametrize(
    ("low", "high", "reason"),
    [
        ([], [], "fewer than 5"),
        ([1, 2, 3, 4], [1, 2, 3, 4], "fewer than 5"),
        ([7] * 6, [7] * 6, "one value lies in all"),
        ([1, 2, 3, 4, 5], [9, 9, 9, 9, None], "one value lies in all"),
        ([0, 0, 0, 0, 0, 1], [None, None, None, 0, 0, 1], "fewer than 5"),
    ],
)
def test_where_the_spread_cannot_be_told_there_is_no_fit_but_a_reason(low, high, reason):
    fit = fit_lognormal(low, high)
    assert reason in fit.reason
    assert math.isnan(fit.sigma)


def test_exact_amounts_give_the_empirical_distribution():
    found = turnbull([3, 1, 3, 8], [3, 1, 3, 8])
    assert found["low"].to_list() == [1, 3, 8]
    assert found["share"].round(6).to_list() == [0.25, 0.5, 0.25]


def test_one_sided_amounts_give_the_product_limit_estimate():
    # Kaplan and Meier (1958): deaths at 0.8, 3.1, 5.4, 9.2, losses at 1.0, 2.7, 7.0, 12.1.
    low = [0.8, 1.0, 2.7, 3.1, 5.4, 7.0, 9.2, 12.1]
    high = [0.8, None, None, 3.1, 5.4, None, 9.2, None]
    found = turnbull(low, high)
    survival = 1 - found["share"].cumsum()
    assert found["low"].to_list() == [0.8, 3.1, 5.4, 9.2, 12.1]
    expected = [7 / 8, 7 / 8 * 4 / 5, 7 / 8 * 4 / 5 * 3 / 4, 7 / 8 * 4 / 5 * 3 / 4 * 1 / 2]
    assert survival.to_list()[:4] == pytest.approx(expected, abs=1e-3)


@given(intervals)
@laws
def test_the_estimate_is_a_distribution_of_which_every_interval_holds_a_part(pairs):
    low, high = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    found = turnbull(low, high)
    assert found["share"].sum() == pytest.approx(1)
    assert (found["low"] <= found["high"]).all()
    for start, end in pairs:
        end = math.inf if end is None else end
        inside = found[(found["low"] >= start) & (found["high"] <= end)]
        assert inside["share"].sum() > 0


@given(intervals)
@laws
def test_no_other_shares_are_more_likely(pairs):
    low, high = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    found = turnbull(low, high)
    ends = [math.inf if end is None else end for end in high]
    holds = np.array(
        [(found["low"] >= start) & (found["high"] <= end) for start, end in zip(low, ends, strict=True)]
    )
    gradient = (holds / (holds @ found["share"].to_numpy())[:, None]).mean(axis=0)
    assert (gradient <= 1 + 1e-3).all()


@given(intervals)
@laws
def test_the_bounds_hold_the_estimate_and_rise(entries, pairs):
    table = entries(*((f"r{place}", "AT", *pair) for place, pair in enumerate(pairs)))
    found = size_distribution(table)
    assert (found["share_low"] <= found["npmle"] + 1e-3).all()
    assert (found["npmle"] <= found["share_high"] + 1e-3).all()
    for column in ("share_low", "share_high", "npmle"):
        assert (np.diff(found[column]) >= -1e-9).all()
    quantiles = size_quantiles(table)
    closed = quantiles.dropna()
    assert (closed["low"] <= closed["high"]).all()


def test_a_respondents_entries_are_added_up_and_zeros_kept_apart(entries):
    table = entries(("r1", "AT", 5, 5), ("r1", "AT", 5, 10), ("r2", "AT", 0, 0), ("r3", "AT", None, None))
    found = size_distribution(table)
    assert found["amount"].to_list() == [0, 10, 15]
    assert found["share_high"].to_list() == [0.5, 1, 1]
    summary = size_summary(table).set_index("measure")["value"]
    assert summary[["respondents", "zero", "exact", "range", "open_ended"]].to_list() == [2, 1, 0, 1, 0]


def test_the_fitted_share_starts_from_the_zeros(entries):
    rows = [(f"r{place}", "AT", 2**place, 2**place) for place in range(8)]
    table = entries(*rows, ("z1", "AT", 0, 0), ("z2", "AT", 0, 0))
    found = size_distribution(table).set_index("amount")["fitted"]
    assert found[0] == pytest.approx(0.2)
    assert found[128] > 0.9
    quantiles = size_quantiles(table, [0.1, 0.6]).set_index("probability")["fitted"]
    assert quantiles[0.1] == 0
    assert quantiles[0.6] == pytest.approx(2**3.5, rel=1e-3)


def test_nothing_and_one_respondent_give_tables(entries):
    nothing = size_distribution(entries())
    assert nothing.columns.to_list() == ["amount", "share_low", "share_high", "npmle", "fitted"]
    assert nothing.empty
    assert size_quantiles(entries())[["low", "high", "npmle", "fitted"]].isna().all(axis=None)
    one = size_distribution(entries(("r1", "AT", 5, None)))
    assert one[["amount", "share_low", "share_high"]].to_numpy().tolist() == [[5, 0, 1]]


def test_sizes_in_two_units_are_refused_with_what_to_do(entries):
    table = entries(("r1", "AT", 5, 5), ("r1", "AT", 5, 5, "lipids"))
    with pytest.raises(InputError, match="kg/month, units/month, which cannot be added; choose one product"):
        size_distribution(table)


def test_a_probability_outside_0_and_1_is_refused(entries):
    with pytest.raises(InputError, match="above 0 and below 1"):
        size_quantiles(entries(), [0.5, 1])


def test_many_amounts_are_thinned_but_keep_their_ends(entries):
    table = entries(*((f"r{place}", "AT", place + 1, place + 1) for place in range(50)))
    found = size_distribution(table, most_points=10)
    assert len(found) == 10
    assert found["amount"].iloc[[0, -1]].to_list() == [1, 50]
    assert isinstance(found, pd.DataFrame)
