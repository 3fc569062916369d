"""Laws that hold for every chain, tried on random capacities."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.analysis.chain import (
    Chain,
    best_plan,
    chain_case,
    cheapest_expansion,
    doses_without,
    most_doses,
    read_chain,
    worths,
)

MARCH = {"start": "2021-03", "months": 1}
# Each example builds and solves several programs.
FEW = settings(max_examples=12)
AMOUNTS = st.lists(st.integers(0, 50), min_size=8, max_size=8)
NAMES = [(p, c) for p in ("substance", "filling", "vials", "transport") for c in ("DE", "IT")]


def _frame(amounts: list[int]) -> pd.DataFrame:
    rows = [(p, c, a * (0.1 if p == "vials" else 1.0)) for (p, c), a in zip(NAMES, amounts, strict=True)]
    return pd.DataFrame(rows, columns=["product", "country", "amount"])


@pytest.fixture(scope="module")
def lossless() -> Chain:
    recipe = pd.DataFrame(
        {
            "product": ["substance", "filling", "vials", "transport"],
            "stage": ["active", "fill", "glass", "delivery"],
            "part": ["substance", "filling", "vials", "transport"],
            "used_at": ["active", "fill", "fill", "delivery"],
            "routes": "all",
            "unit": "units/month",
            "capacity_kind": "flow",
            "units_per_dose": [1.0, 1.0, 0.1, 1.0],
        }
    )
    stages = pd.DataFrame({"stage": ["active", "fill", "glass", "delivery"], "stage_order": range(4)})
    return read_chain(recipe, stages.assign(yield_share=1.0), pd.DataFrame({"route": ["dose"]}))


@FEW
@given(AMOUNTS)
def test_without_losses_and_borders_doses_are_the_least_sum_of_a_part(lossless, amounts):
    sums = [amounts[place] + amounts[place + 1] for place in range(0, 8, 2)]
    assert most_doses(chain_case(lossless, _frame(amounts), **MARCH)) == pytest.approx(min(sums), abs=1e-6)


@FEW
@given(AMOUNTS, st.integers(0, 7), st.integers(1, 20), st.booleans())
def test_more_of_anything_never_brings_fewer_doses(lossless, amounts, which, more, shut):
    closed = pd.DataFrame({"country": ["DE"]}) if shut else None
    before = most_doses(chain_case(lossless, _frame(amounts), closed=closed, **MARCH))
    raised = [amount + more * (place == which) for place, amount in enumerate(amounts)]
    assert most_doses(chain_case(lossless, _frame(raised), closed=closed, **MARCH)) >= before - 1e-6


@FEW
@given(AMOUNTS, st.sampled_from(["active", "fill", "glass", "delivery", None]), st.sampled_from(["DE", "IT"]))
def test_a_closed_border_never_brings_more_doses(lossless, amounts, stage, country):
    closed = pd.DataFrame({"country": [country], "stage": [stage]})
    shut = most_doses(chain_case(lossless, _frame(amounts), closed=closed, **MARCH))
    assert shut <= most_doses(chain_case(lossless, _frame(amounts), **MARCH)) + 1e-6


@FEW
@given(AMOUNTS, st.floats(0.001, 1e6))
def test_doses_grow_with_all_capacities_alike(lossless, amounts, factor):
    base = most_doses(chain_case(lossless, _frame(amounts), **MARCH))
    scaled = _frame(amounts).assign(amount=lambda table: table["amount"] * factor)
    assert most_doses(chain_case(lossless, scaled, **MARCH)) == pytest.approx(base * factor, rel=1e-6)


@FEW
@given(AMOUNTS, st.booleans())
def test_worth_is_nothing_where_something_is_left_and_true_where_it_binds(lossless, amounts, shut):
    closed = pd.DataFrame({"country": ["DE"], "stage": ["glass"]}) if shut else None
    case = chain_case(lossless, _frame(amounts), closed=closed, **MARCH)
    plan = best_plan(case)
    table = worths(plan)
    assert (table.loc[table["slack"] > 0, ["worth_more", "worth_less"]].fillna(0) == 0).all(axis=None)
    assert (table["worth_more"] <= table["worth_less"].fillna(float("inf")) + 1e-9).all()
    # Weak duality at both ends: a hundredth more of a capacity brings exactly its worth while that holds.
    for row in table[table["binds"] & (table["amount"] > 0)].to_dict("records"):
        places = case.places.set_index("country")["place"]
        mine = (case.amounts["product"] == row["product"]) & (
            case.amounts["country"].map(places) == row["place"]
        )
        first = mine.idxmax()
        step = min(0.01, row["holds_more"])
        if step > 1e-4:
            more = case.amounts["amount"].mask(case.amounts.index == first, case.amounts["amount"] + step)
            raised = most_doses(replace(case, amounts=case.amounts.assign(amount=more)))
            assert raised - plan.doses == pytest.approx(step * row["worth_more"], abs=1e-6)


@FEW
@given(AMOUNTS)
def test_countries_with_open_borders_count_as_one(lossless, amounts):
    """Kept apart, two countries whose borders are open bring as many doses as in one common market."""
    joint = chain_case(lossless, _frame(amounts), **MARCH)
    apart = replace(joint)
    apart.__dict__["places"] = pd.DataFrame({"country": ["DE", "IT"], "place": ["DE", "IT"]})
    assert most_doses(apart) == pytest.approx(most_doses(joint), abs=1e-6)


@FEW
@given(st.lists(st.integers(0, 30), min_size=4, max_size=4), st.integers(1, 5))
def test_months_without_a_change_count_as_one_period(lossless, amounts, months):
    """Taken one by one, months bring as many doses as in one period."""
    sums = [value for value in amounts for _ in range(2)]
    joint = chain_case(lossless, _frame(sums), start="2021-01", months=months)
    assert len(joint.periods) == 1
    apart = replace(joint, starts=frozenset(joint.months))
    assert len(apart.periods) == months
    assert most_doses(apart) == pytest.approx(most_doses(joint), abs=1e-6)


@FEW
@given(AMOUNTS, st.integers(0, 7))
def test_what_is_lost_in_the_program_is_as_if_it_had_never_been_offered(lossless, amounts, which):
    closed = pd.DataFrame({"country": ["DE"], "stage": ["glass"]})
    plan = best_plan(chain_case(lossless, _frame(amounts), closed=closed, **MARCH))
    without = [amount * (place != which) for place, amount in enumerate(amounts)]
    lost = pd.DataFrame([NAMES[which]], columns=["product", "country"])
    again = most_doses(chain_case(lossless, _frame(without), closed=closed, **MARCH))
    assert doses_without(plan, lost) == pytest.approx(again, abs=1e-6)


@FEW
@given(AMOUNTS, st.floats(0, 100), st.floats(0, 100))
def test_the_cost_of_a_target_is_nothing_at_what_is_reached_and_convex(lossless, amounts, one, other):
    case = chain_case(lossless, _frame(amounts), **MARCH)
    products = ["substance", "filling", "vials", "transport"]
    costs = pd.DataFrame({"product": products, "cost_per_unit": [1.0, 2.0, 50.0, 0.5]})
    reached = most_doses(case)
    assert cheapest_expansion(case, reached, costs).cost == pytest.approx(0, abs=1e-6)
    found = [cheapest_expansion(case, target, costs).cost for target in (one, other, (one + other) / 2)]
    assert found[2] <= (found[0] + found[1]) / 2 + 1e-6
    # Without losses each part that falls short of the target is expanded by what it lacks.
    sums = [amounts[place] + amounts[place + 1] for place in range(0, 8, 2)]
    by_hand = sum(
        price * max(0.0, one - have) for price, have in zip([1.0, 2.0, 5.0, 0.5], sums, strict=True)
    )
    assert found[0] == pytest.approx(by_hand, abs=1e-5)
