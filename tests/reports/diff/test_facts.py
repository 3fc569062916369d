"""Tiers of changed facts: what stands in the highest is what a reader must not miss."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stated_facts import stated

from helpers.reports.diff.facts import RANK, TIERS, fact_changes


def tier(old, new):
    found = fact_changes({"x": old} if old else {}, {"x": new} if new else {})
    return found[0].tier.key if found else None


def one(value=100, **more):
    return stated("x", value, **more)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (one(), one(), None),
        (one(), one(100 * (1 + 1e-12), text="100"), None),
        (one(), one(105), "little"),
        (one(), one(105.1), "large"),
        (one(), one(94), "large"),
        (one(0), one(3), "large"),
        (one(3), one(-3), "finding"),
        (one(interval=[95, 105]), one(104, interval=[99, 109]), "little"),
        (one(interval=[95, 103]), one(104, interval=[95, 103]), "finding"),
        (one(interval=[-1, 200]), one(interval=[1, 200]), "finding"),
        (one(interval=[90, 110]), one(interval=[91, 110]), "little"),
        (one(interval=[90, 110]), one(interval=[90, 120]), "large"),
        (one(interval=[90, 110]), one(), "little"),
        (one("Glass"), one("Filters"), "finding"),
        (one(), one(None), "finding"),
        (one(None), one(), "finding"),
        (one(), one(unit="firms"), "finding"),
        (one(), one(bound="at_least"), "finding"),
        (one(sample=True), one(sample=False), "kind"),
        (one(sample=False), one(500, sample=True), "kind"),
        (one(), one(text="one hundred"), "words"),
        (one(), one(note="of mid-2026"), "words"),
        (one(), one(datasets=["other"]), "words"),
        (None, one(), "new"),
        (one(), None, "gone"),
    ],
)
def test_a_change_is_in_the_gravest_tier_that_holds(old, new, expected):
    assert tier(old, new) == expected


def test_the_gravest_changes_come_first():
    old = {name: stated(name, 100) for name in "abc"}
    new = {"a": stated("a", 101), "b": stated("b", -100), "c": stated("c", 200)}
    assert [change.name for change in fact_changes(old, new)] == ["b", "c", "a"]


def test_whatever_changes_the_finding_asks_for_a_reason():
    assert [t.key for t in TIERS if t.needs_reason] == ["kind", "finding", "large", "gone"]


numbers = st.floats(-1e9, 1e9, allow_nan=False) | st.integers(-(10**9), 10**9)
interval = st.none() | st.lists(numbers, min_size=2, max_size=2).map(sorted)
facts = st.builds(lambda value, ends: stated("x", value, interval=ends), numbers, interval)


@given(facts)
def test_nothing_differs_from_itself(fact):
    assert fact_changes({"x": fact}, {"x": dict(fact)}) == []


@given(facts, facts)
def test_each_change_is_said_and_in_one_tier_whichever_way_round(first, second):
    there, back = (fact_changes({"x": a}, {"x": b}) for a, b in ((first, second), (second, first)))
    assert bool(there) == bool(back)
    assert all(change.what and change.tier.key in RANK for change in there)


@given(facts, facts)
def test_a_changed_sign_is_never_a_small_matter(first, second):
    if first["value"] * second["value"] < 0:
        assert tier(first, second) == "finding"
