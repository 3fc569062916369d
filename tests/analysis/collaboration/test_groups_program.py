"""The integer program and the assignment step: textbook cases, and the best of all divisions."""

from collections.abc import Callable, Iterator
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.analysis.collaboration.groups import Effort, make_groups
from helpers.analysis.collaboration.groups_program import solve_block
from helpers.analysis.collaboration.groups_score import (
    GROUP_WEIGHTS,
    Crowd,
    checked_weights,
    country_limits,
    counts_of,
    crowd_of,
    most_points,
    needs_bridge,
    points,
)
from helpers.analysis.collaboration.groups_search import best_assignment, division
from helpers.analysis.collaboration.groups_start import even_groups
from helpers.analysis.collaboration.people import checked_people


@pytest.mark.parametrize(
    ("values", "best"),
    [
        # Kuhn (1955), The Hungarian method for the assignment problem, section 4: ratings of four persons.
        ([[8, 7, 9, 9], [5, 2, 7, 8], [6, 1, 4, 9], [2, 3, 2, 6]], 27),
        # Costs of three workers in Munkres' manner (least cost 5), as values with the sign turned.
        ([[-4, -1, -3], [-2, 0, -5], [-3, -2, -2]], -5),
    ],
)
def test_assignment_of_the_textbooks(values: list[list[int]], best: int) -> None:
    array = np.array(values)
    seat = best_assignment(array)
    assert array[np.arange(len(array)), seat].sum() == best
    assert sorted(seat) == list(range(len(array)))


def _crowd(people: pd.DataFrame) -> Crowd:
    return crowd_of(checked_people(people), checked_weights(GROUP_WEIGHTS))


def _divisions(people: list[int], sizes: list[int]) -> Iterator[list[tuple[int, ...]]]:
    if not sizes:
        yield []
        return
    for chosen in combinations(people, sizes[0]):
        rest = [one for one in people if one not in chosen]
        for others in _divisions(rest, sizes[1:]):
            yield [chosen, *others]


def _best_of_all(crowd: Crowd, sizes: list[int]) -> tuple[int, int]:
    """Try each division that keeps the limits; return the best worst group and, with it, the best sum."""
    best = (-1, -1)
    limits, bridged = country_limits(crowd, len(sizes)), needs_bridge(crowd, len(sizes))
    for parts in _divisions(list(range(len(crowd.ids))), sizes):
        group = np.empty(len(crowd.ids), dtype=int)
        for number, part in enumerate(parts):
            group[list(part)] = number
        counts = counts_of(crowd, group, len(sizes))
        if (counts[:, : crowd.columns[0]] > limits).any():
            continue
        if bridged and not all(crowd.bridge[list(part)].any() for part in parts):
            continue
        score = points(crowd, counts)
        best = max(best, (int(score.min()), int(score.sum())))
    return best


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("count", "size", "sizes"), [(8, 4, [4, 4]), (9, 3, [3, 3, 3]), (7, 4, [4, 3])])
def test_no_division_is_better(
    made_up: Callable[..., pd.DataFrame], seed: int, count: int, size: int, sizes: list[int]
) -> None:
    people = made_up(count, seed=seed, domains=1)
    best = _best_of_all(_crowd(people), sizes)
    found = make_groups(people, size=size, smallest=3, largest=size)
    domain = found.domains.iloc[0]
    assert found.groups["size"].sort_values(ascending=False).tolist() == sizes
    assert (domain["worst"], domain["points"]) == best
    assert domain["bound"] >= domain["points"]
    assert domain["worst_bound"] >= domain["worst"]
    assert domain["proved"]


@pytest.mark.parametrize("seed", range(3))
def test_bounds_hold_for_the_best_of_all(made_up: Callable[..., pd.DataFrame], seed: int) -> None:
    crowd = _crowd(made_up(8, seed=seed))
    worst, _ = _best_of_all(crowd, [4, 4])
    assert worst * 2 <= most_points(crowd, 2)
    made = division(crowd, even_groups(crowd, [4, 4], np.random.default_rng(0)), 2)
    solved = solve_block(made, np.arange(2), 0, worst_first=True, nodes=10_000)
    assert solved.proved
    assert solved.bound == worst


def test_a_search_that_is_cut_off_says_so_and_its_bound_still_holds(
    made_up: Callable[..., pd.DataFrame],
) -> None:
    people = made_up(18, seed=3, domains=1)
    whole = make_groups(people, effort=Effort(nodes=200_000))
    cut = make_groups(people, effort=Effort(rounds=0, nodes=1))
    assert cut.bound >= whole.points
    assert cut.points <= whole.bound
    assert not cut.stopped_by_clock
    hurried = make_groups(people, effort=Effort(rounds=0, seconds=0.0))
    assert hurried.stopped_by_clock
    assert len(hurried.members) == 18


@given(st.integers(2, 40), st.integers(0, 10_000))
@settings(max_examples=30)
def test_the_start_spreads_countries_and_kinds_as_evenly_as_can_be(count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    people = pd.DataFrame(
        {
            "participant_id": [f"p{number:02}" for number in range(count)],
            "country": rng.choice(["AT", "BE", "CZ", "DE", "EL"], count),
            "kind": rng.choice(["company", "cluster", "funder", "research"], count, p=[0.6, 0.2, 0.1, 0.1]),
            **{column: [()] * count for column in ("domains", "ecosystems", "stages", "offers", "needs")},
        }
    )
    crowd = _crowd(people)
    groups = int(rng.integers(1, max(2, count // 3 + 1)))
    sizes = [count // groups + (number < count % groups) for number in range(groups)]
    group = even_groups(crowd, sizes, rng)
    assert np.bincount(group, minlength=groups).tolist() == sizes
    counts = counts_of(crowd, group, groups)[:, : crowd.single]
    assert (np.ptp(counts, axis=0) <= 1).all()
    assert np.ptp(np.bincount(group, weights=crowd.bridge, minlength=groups)) <= 1
    # Hence the most points that countries and kinds can bring.
    assert points(crowd, counts_of(crowd, group, groups)).sum() == most_points(crowd, groups)
