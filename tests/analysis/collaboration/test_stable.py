"""Stable matching: textbook cases, and laws that hold of every case."""

from collections.abc import Iterator
from itertools import permutations, product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis.collaboration.seats import seat_participants
from helpers.analysis.collaboration.stable import (
    best_for_places,
    blocking_pairs,
    is_stable,
    stable_pairs,
    stable_places,
)
from helpers.data.errors import InputError

Lists = dict[str, list[str]]


def _lists(text: str) -> Lists:
    """Read `a: x y; b: y x`."""
    return {line.split(":")[0].strip(): line.split(":")[1].split() for line in text.split(";")}


# Gale and Shapley (1962), example 1 (three stable sets of marriages) and example 2 (one).
THREE = _lists("a: A B C; b: B C A; c: C A B"), _lists("A: b c a; B: c a b; C: a b c")
FOUR = (
    _lists("a: A B C D; b: A D C B; c: B A C D; d: D B C A"),
    _lists("A: d c a b; B: b d a c; C: d a b c; D: c b a d"),
)
# Knuth (1976), reproduced by Gusfield and Irving (1989) and Roth and Sotomayor (1990, example 2.17): ten
# stable matchings, all between "every man his first" and "every woman her first".
KNUTH = (
    _lists("1: a b c d; 2: b a d c; 3: c d a b; 4: d c b a"),
    _lists("a: 4 3 2 1; b: 3 4 1 2; c: 2 1 4 3; d: 1 2 3 4"),
)
# National Resident Matching Program, "Run a Match": five applicants, three programmes of two positions.
NRMP = (
    _lists(
        "Anderson: City; Chen: City Mercy; Ford: City General Mercy; Davis: Mercy City General;"
        "Eastman: City Mercy General"
    ),
    _lists("Mercy: Chen Ford; City: Eastman Anderson Chen Davis Ford; General: Eastman Anderson Ford Davis"),
)


def _all_stable_pairs(proposers: Lists, receivers: Lists) -> list[dict[str, str]]:
    pairings = (dict(zip(proposers, order, strict=True)) for order in permutations(receivers))
    return [pairing for pairing in pairings if is_stable(pairing, proposers, receivers)]


def _all_stable(applicants: Lists, places: Lists, seats: dict[str, int]) -> Iterator[dict[str, str]]:
    for choice in product(*([None, *wanted] for wanted in applicants.values())):
        matched = {one: place for one, place in zip(applicants, choice, strict=True) if place is not None}
        if is_stable(matched, applicants, places, seats):
            yield matched


def test_gale_and_shapleys_first_example_has_three_stable_sets_and_each_side_gets_its_own() -> None:
    found = _all_stable_pairs(*THREE)
    assert len(found) == 3
    assert {"a": "B", "b": "C", "c": "A"} in found  # everybody the second choice
    assert stable_pairs(*THREE) == {"a": "A", "b": "B", "c": "C"}
    turned = stable_pairs(THREE[1], THREE[0])
    assert turned == {"A": "b", "B": "c", "C": "a"}
    assert best_for_places(*THREE, dict.fromkeys("ABC", 1)) == {"a": "C", "b": "A", "c": "B"}


def test_gale_and_shapleys_second_example_has_one_stable_set() -> None:
    assert _all_stable_pairs(*FOUR) == [stable_pairs(*FOUR)]
    assert stable_pairs(*FOUR) == {"a": "C", "b": "D", "c": "A", "d": "B"}


def test_knuths_example_has_ten_stable_matchings() -> None:
    assert len(_all_stable_pairs(*KNUTH)) == 10
    assert stable_pairs(*KNUTH) == {"1": "a", "2": "b", "3": "c", "4": "d"}
    assert best_for_places(*KNUTH, dict.fromkeys("abcd", 1)) == {"1": "d", "2": "c", "3": "b", "4": "a"}


def test_the_residents_of_the_nrmp_are_placed_as_it_explains() -> None:
    found = stable_places(*NRMP, dict.fromkeys(NRMP[1], 2))
    assert found == {
        "Anderson": "City",
        "Chen": "Mercy",
        "Ford": "General",
        "Davis": "General",
        "Eastman": "City",
    }


def test_a_pair_that_would_break_away_is_named() -> None:
    assert blocking_pairs({"a": "C", "b": "A", "c": "B"}, *THREE) == []
    assert blocking_pairs({"a": "A", "b": "C", "c": "B"}, *THREE) == [("c", "A")]
    assert not is_stable({"a": "A", "b": "A"}, {"a": ["A"], "b": ["A"]}, {"A": ["a", "b"]})


@st.composite
def _cases(draw: st.DrawFn) -> tuple[Lists, Lists, dict[str, int]]:
    """Draw up to five applicants and three places with incomplete lists."""
    applicants = [f"r{number}" for number in range(draw(st.integers(1, 5)))]
    places = [f"h{number}" for number in range(draw(st.integers(1, 3)))]
    some = {one: draw(st.lists(st.sampled_from(places), unique=True)) for one in applicants}
    others = {place: draw(st.lists(st.sampled_from(applicants), unique=True)) for place in places}
    return some, others, {place: draw(st.integers(0, 3)) for place in places}


@given(_cases())
def test_of_all_stable_results_each_side_gets_its_best(case: tuple[Lists, Lists, dict[str, int]]) -> None:
    applicants = case[0]
    ours = stable_places(*case)
    for other in _all_stable(*case):
        for one, wanted in applicants.items():
            order = [*wanted, None]
            assert order.index(ours.get(one)) <= order.index(other.get(one))
    theirs = best_for_places(*case)
    assert is_stable(theirs, *case)
    for other in _all_stable(*case):
        for one, wanted in applicants.items():
            order = [*wanted, None]
            assert order.index(theirs.get(one)) >= order.index(other.get(one))


@given(_cases())
def test_rural_hospitals(case: tuple[Lists, Lists, dict[str, int]]) -> None:
    """Roth (1986), Econometrica 54(2): who is placed, how many seats are filled, and who is in a place that
    does not fill is the same in all stable results."""
    first, *others = _all_stable(*case)
    for other in others:
        assert set(other) == set(first)
        for place, seats in case[2].items():
            before, now = ({one for one in m if m[one] == place} for m in (first, other))
            assert len(before) == len(now)
            assert len(before) == seats or before == now


@pytest.mark.parametrize(
    ("applicants", "seats", "message"),
    [
        ({"a": ["x", "x"]}, {"x": 1}, "applicant a: lists x twice"),
        ({"a": ["y"]}, {"x": 1}, "applicant a: lists y, who is unknown"),
        ({"a": ["x"]}, {"x": -1}, "seats of x: -1"),
        ({"a": ["x"]}, {}, "seats of x: None"),
    ],
)
def test_lists_that_make_no_sense_are_refused(applicants: Lists, seats: dict[str, int], message: str) -> None:
    with pytest.raises(InputError, match=message):
        stable_places(applicants, {"x": ["a"]}, seats)


def test_everybody_without_a_seat_is_told_why(participants: pd.DataFrame) -> None:
    found = seat_participants(participants, {"wood": 5, "energy": 4}, seed=3)
    assert found["participant_id"].tolist() == sorted(participants["participant_id"])
    assert found["domain"].value_counts().to_dict() == {"wood": 5, "energy": 4}
    assert (found["why"] != "").all()
    shuffled = seat_participants(
        participants.sample(frac=1, random_state=1), {"wood": 5, "energy": 4}, seed=3
    )
    pd.testing.assert_frame_equal(found, shuffled)
