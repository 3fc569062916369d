"""Worked numbers are those of the handbook: Hundepool et al., Statistical Disclosure Control, chapter 4."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis.disclosure import (
    Rules,
    cell_risks,
    dominated,
    overestimate,
    unsafe_by_p,
    upper_bound_needed,
)
from helpers.data.errors import InputError

amounts = st.lists(st.integers(0, 10_000), min_size=1, max_size=12)


def test_a_cell_that_is_safe_by_dominance_of_one_still_lets_the_second_tell_the_first_to_2_per_cent():
    cell = [50_000, 49_000, 1_000]
    assert not dominated(cell, 1, 90)
    assert overestimate(cell) == pytest.approx(2.0)
    assert unsafe_by_p(cell, 10)


def test_a_cell_can_be_safe_by_p_and_unsafe_by_dominance_of_two():
    cell = [52_000, 50_000, 8_000]
    assert overestimate(cell) == pytest.approx(15.4, abs=0.05)
    assert not unsafe_by_p(cell, 10)
    assert dominated(cell, 2, 90.9)


def test_a_dominated_cell_must_remain_possible_up_to_the_largest_over_k():
    assert dominated([300, 20, 10], 1, 85)
    rules = Rules(dominance_n=1, dominance_k=85, p=0, protection=1)
    assert upper_bound_needed([300, 20, 10], rules) == pytest.approx(352.94, abs=0.005)


def test_exactly_on_the_threshold_is_safe():
    assert not dominated([85, 15], 1, 85)
    assert not unsafe_by_p([100, 50, 10], 10)
    assert unsafe_by_p([100, 50, 9.99], 10)


def test_rules_can_be_switched_off():
    off = Rules(min_count=1, dominance_k=100, p=0)
    rows = pd.DataFrame({"cell": [0], "holding": ["a"], "value": [7.0]})
    assert cell_risks(rows, off)["reason"].to_list() == [""]


@given(amounts, st.integers(1, 3), st.floats(1, 100), st.floats(0, 100), st.integers(1, 5))
def test_all_cells_at_once_are_judged_as_one_by_one(values, n, k, p, min_count):
    rules = Rules(min_count=min_count, dominance_n=n, dominance_k=k, p=p)
    rows = pd.DataFrame(
        {"cell": 3, "holding": [f"h{place}" for place in range(len(values))], "value": values}
    )
    judged = cell_risks(rows, rules).loc[3]
    unsafe = len(values) < min_count or dominated(values, n, k) or unsafe_by_p(values, p)
    assert (judged["reason"] != "") == unsafe
    if unsafe:
        assert judged["value"] + judged["needed_up"] == pytest.approx(upper_bound_needed(values, rules))


@given(amounts)
def test_a_cell_needs_at_least_the_general_protection(values):
    assert upper_bound_needed(values, Rules()) >= sum(values) * 1.1 * (1 - 1e-12)


def test_respondents_of_one_holding_are_one_contributor():
    rows = pd.DataFrame({"cell": 0, "holding": ["a", "a", "a", "b"], "value": [1.0, 1, 1, 3]})
    judged = cell_risks(rows, Rules()).loc[0]
    assert (judged["holdings"], judged["reason"]) == (2, "too few respondents")
    assert cell_risks(rows[:3], Rules())["sole"].to_list() == ["a"]


def test_a_cell_of_zeros_is_only_judged_by_its_number():
    rows = pd.DataFrame({"cell": 0, "holding": ["a", "b", "c"], "value": 0.0})
    assert cell_risks(rows, Rules())["reason"].to_list() == [""]
    assert math.isnan(overestimate([0, 0]))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("min_count", 0),
        ("min_count", 2.5),
        ("dominance_n", 0),
        ("dominance_k", 0),
        ("dominance_k", 101),
        ("p", -1),
        ("protection", 0),
    ],
)
def test_a_threshold_that_makes_no_sense_is_refused_by_name(name, value):
    with pytest.raises(InputError, match=f"{name} is {value}"):
        Rules(**{name: value})


def test_a_missing_amount_is_refused_and_not_taken_for_zero():
    rows = pd.DataFrame({"cell": [0], "holding": ["a"], "value": [np.nan]})
    with pytest.raises(InputError, match="a value is missing"):
        cell_risks(rows, Rules())
