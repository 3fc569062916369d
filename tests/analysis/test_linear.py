"""Linear programs: optimum, dual values, their ranges, and how far these hold."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.sparse import csc_matrix

from helpers.analysis.linear import InfeasibleError, LinearProgram, UnboundedError, solve, worth

INF = np.inf


def program(cost, rows, row_low, row_high, low=None, high=None):
    columns = len(cost)
    return LinearProgram(
        np.array(cost, float),
        csc_matrix(np.array(rows, float).reshape(len(row_low), columns)),
        np.array(row_low, float),
        np.array(row_high, float),
        np.zeros(columns) if low is None else np.array(low, float),
        np.full(columns, INF) if high is None else np.array(high, float),
    )


def test_the_greatest_flow_of_clrs_is_23_and_its_dual_values_are_the_least_cut():
    # Cormen, Leiserson, Rivest and Stein, Introduction to Algorithms, chapter 26 (figure 26.1): 23; the least
    # cut is (v1,v3), (v4,v3), (v4,t).
    edges = [
        ("s", "v1", 16), ("s", "v2", 13), ("v1", "v3", 12), ("v2", "v1", 4), ("v2", "v4", 14),
        ("v3", "v2", 9), ("v4", "v3", 7), ("v3", "t", 20), ("v4", "t", 4),
    ]  # fmt: skip
    inner = ["v1", "v2", "v3", "v4"]
    balance = [[(head == node) - (tail == node) for tail, head, _ in edges] for node in inner]
    capacity = np.eye(len(edges))
    cost = [-float(tail == "s") for tail, _, _ in edges]
    rows = np.vstack([balance, capacity])
    found = solve(program(cost, rows, [0] * 4 + [-INF] * 9, [0] * 4 + [room for *_, room in edges]))
    assert -found.objective == pytest.approx(23)
    cut = {(tail, head) for (tail, head, _), dual in zip(edges, found.duals[4:], strict=True) if dual < -0.5}
    assert cut == {("v1", "v3"), ("v4", "v3"), ("v4", "t")}


def test_what_cannot_be_met_and_what_has_no_end_are_told_apart():
    with pytest.raises(InfeasibleError):
        solve(program([1], [[1], [1]], [2, -INF], [INF, 1]))
    with pytest.raises(UnboundedError):
        solve(program([-1], [[1]], [0], [INF]))


def test_a_bound_that_cannot_move_without_leaving_no_solution_is_worth_infinitely_much():
    # x <= 5 and x = 5: one more is impossible.
    full = program([1.0], [[1]], [5], [5], high=[5])
    found = worth(full, solve(full), 0)
    assert found.more == INF
    assert found.less == 1
    assert found.more_holds == 0
    assert found.less_holds == 5


def test_a_constraint_that_does_not_bind_is_worth_nothing_until_it_does():
    loose = program([-1.0], [[1]], [-INF], [7], high=[5])
    found = worth(loose, solve(loose), 0)
    assert (found.more, found.less) == (0, 0)
    assert found.more_holds == INF
    assert found.less_holds == pytest.approx(2)


small = st.integers(-4, 4)


@st.composite
def programs(draw):
    columns, rows = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    matrix = draw(st.lists(st.lists(small, min_size=columns, max_size=columns), min_size=rows, max_size=rows))
    cost = draw(st.lists(small, min_size=columns, max_size=columns))
    bounds = draw(st.lists(st.integers(0, 6), min_size=rows, max_size=rows))
    return program(cost, matrix, [-INF] * rows, bounds, high=[5] * columns)


@given(programs())
def test_dual_values_prove_the_optimum(given_program):
    found = solve(given_program)
    # Strong duality with bounds 0 <= x <= 5: b y + 5 min(0, reduced cost).
    proof = found.duals @ given_program.row_high + 5 * np.minimum(found.reduced_costs, 0).sum()
    assert proof == pytest.approx(found.objective, abs=1e-6)
    assert (found.duals <= 1e-9).all()


@given(programs(), st.integers(0, 3))
def test_the_worth_of_a_unit_is_what_moving_the_bound_does(given_program, row):
    row %= len(given_program.row_high)
    optimum = solve(given_program)
    found = worth(given_program, optimum, row)
    assert found.less - 1e-7 <= optimum.duals[row] <= found.more + 1e-7
    for sign, value, holds in ((1, found.more, found.more_holds), (-1, found.less, found.less_holds)):
        if not np.isfinite(value):
            continue
        # As far as it holds, and half as far, the optimum moves along the line; a little further it does not.
        far = min(holds, 10.0)
        for step in (far / 2, far):
            assert moved(given_program, row, sign * step) - optimum.objective == pytest.approx(
                sign * step * value, abs=1e-5
            )
        if holds < 9:
            beyond = moved(given_program, row, sign * (holds + 0.5))
            assert beyond > optimum.objective + sign * (holds + 0.5) * value + 1e-7


def moved(given_program, row, step):
    high = given_program.row_high.copy()
    high[row] += step
    try:
        return solve(program_with(given_program, high)).objective
    except InfeasibleError:
        return INF


def program_with(old, row_high):
    return LinearProgram(old.cost, old.matrix, old.row_low, row_high, old.low, old.high)


@given(programs(), st.sampled_from([2.0**-20, 3.0, 1e6]))
def test_the_optimum_scales_with_costs(given_program, factor):
    assume(given_program.cost.any())
    old = given_program
    dear = LinearProgram(old.cost * factor, old.matrix, old.row_low, old.row_high, old.low, old.high)
    # Below the solver's tolerance of 1e-7 a price is no price: callers choose their units.
    assume(factor * np.abs(old.cost[old.cost != 0]).min() > 1e-5 or factor > 1)
    assert solve(dear).objective == pytest.approx(solve(old).objective * factor, rel=1e-6, abs=1e-6)
