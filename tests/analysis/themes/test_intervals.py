"""Wilson's interval: the numbers are those of Newcombe (1998), Statistics in Medicine 17, 857-872."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis.themes.intervals import ratio_and_size, wilson_interval, wilson_of_share
from helpers.data.errors import InputError


@pytest.mark.parametrize(
    ("count", "number", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (740, 965, 0.7391, 0.7924),
    ],
)
def test_wilson_interval_is_that_of_the_published_examples(count, number, low, high):
    found = wilson_interval(count, number)
    assert [round(limit, 4) for limit in found] == [low, high]


@given(st.integers(0, 500), st.integers(0, 500), st.floats(0.5, 0.999))
def test_interval_is_in_bounds_holds_the_share_and_mirrors(count, more, level):
    number = count + more
    low, high = wilson_interval(count, number, level)
    assert 0 <= low <= high <= 1
    if number:
        assert low <= count / number <= high
        mirrored = wilson_interval(more, number, level)
        assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-12)


@given(st.floats(0, 1), st.floats(0.1, 1e6))
def test_more_answers_never_widen_the_interval(share, size):
    wide, narrow = wilson_of_share(share, size), wilson_of_share(share, 2 * size)
    assert narrow[1] - narrow[0] <= wide[1] - wide[0] + 1e-12
    assert wilson_of_share(share, math.inf) == (share, share)


@pytest.mark.parametrize(("count", "number", "level"), [(3, 2, 0.95), (-1, 2, 0.95), (1, 2, 0), (1, 2, 1)])
def test_impossible_counts_and_levels_are_refused(count, number, level):
    with pytest.raises(InputError, match="allowed"):
        wilson_interval(count, number, level)


@given(st.lists(st.booleans(), min_size=1, max_size=50), st.floats(0.1, 10))
def test_equal_weights_count_for_nothing(flags, weight):
    part, ones = np.array(flags, dtype=float), np.ones(len(flags))
    ratio, size = ratio_and_size(part, ones, weight * ones)
    assert ratio == pytest.approx(part.mean())
    assert size == pytest.approx(len(flags))


def test_decisions_on_one_answer_that_depend_on_each_other_count_less():
    whole = np.full(100, 4.0)
    together = np.where(np.arange(100) < 50, 4.0, 0.0)
    ratio, size = ratio_and_size(together, whole, np.ones(100))
    assert ratio == 0.5
    assert size == pytest.approx(100)
    # However much they spread, four hundred decisions are never more than that.
    assert ratio_and_size(np.full(100, 2.0), whole, np.ones(100)) == (0.5, 400)


def test_unequal_weights_make_fewer_effective_answers():
    weights = np.where(np.arange(100) < 50, 1.0, 9.0)
    part = np.where(np.arange(100) % 2 == 0, 1.0, 0.0)
    _, size = ratio_and_size(part, np.ones(100), weights)
    assert size == pytest.approx(weights.sum() ** 2 / np.square(weights).sum())
    assert math.isnan(ratio_and_size(np.zeros(3), np.zeros(3), np.ones(3))[0])
