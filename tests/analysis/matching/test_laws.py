"""What holds of every market: small random ones in whole numbers, with many ties, and a second solver."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.analysis.linear import InfeasibleError, solve, worth
from helpers.analysis.matching import build_market, greedy_nearest, match, shadow_prices

MONTHS = pd.date_range("2021-03-01", periods=3, freq="MS")
PRODUCTS = ["gowns", "masks"]
# Dearer than any way of meeting a need: then as much as can be met is met.
PRICE = 50
fewer = settings(max_examples=25)


def rows_of(name, most):
    row = st.tuples(
        st.integers(0, most - 1).map(lambda number: f"{name}{number}"),
        st.sampled_from(PRODUCTS),
        st.sampled_from(list(MONTHS)),
        st.integers(0, 12),
    )
    return st.lists(row, min_size=1, max_size=7, unique_by=lambda one: one[:3])


@st.composite
def tables(draw, complete=False):
    """Tables of a market: costs from distances of whole thousands of kilometres, some pairs out of reach."""
    offers = pd.DataFrame(draw(rows_of("r", 4)), columns=["offer", "product", "month", "amount"])
    needs = pd.DataFrame(draw(rows_of("n", 3)), columns=["need", "product", "month", "amount"])
    pairs = [
        (offer, need, draw(st.integers(0, 8)) * 1000.0)
        for offer in sorted(set(offers["offer"]))
        for need in sorted(set(needs["need"]))
        if complete or draw(st.integers(0, 3))
    ]
    distances = pd.DataFrame(pairs, columns=["offer", "need", "km"])
    assume(set(distances["offer"]) == set(offers["offer"]) and set(distances["need"]) == set(needs["need"]))
    place = {"latitude": None, "longitude": None}
    prices = pd.DataFrame({"product": PRODUCTS, "unmet": PRICE, "freight": [1, 2], "holding": [1, 0]})
    return {
        "offers": offers.assign(**place, country="XX"),
        "needs": needs.assign(region=needs["need"], **place),
        "prices": prices,
        "distances": distances,
    }


def market(given):
    return build_market(given["offers"], given["needs"], given["prices"], distances=given["distances"])


def second_solver(built):
    """Return the least cost by the network simplex method, and the most that can be met."""
    graph = nx.DiGraph()
    needed = int(built.needs["amount"].sum())
    graph.add_node("ground", demand=-needed)
    for row, amount in built.offers["amount"].items():
        graph.add_edge("ground", ("offer", row), capacity=int(amount), weight=0)
    for row, (product, amount) in built.needs[["product", "amount"]].iterrows():
        graph.add_node(("need", row), demand=int(amount))
        graph.add_edge("ground", ("need", row), weight=int(built.prices.loc[product, "unmet"]))
    for offer, need, cost in built.arcs[["offer_row", "need_row", "cost"]].itertuples(index=False):
        assert cost == int(cost)
        graph.add_edge(("offer", offer), ("need", need), weight=int(cost))
    return nx.network_simplex(graph)[0]


@given(tables())
def test_the_cost_is_that_of_a_second_solver(given_tables):
    built = market(given_tables)
    expected = second_solver(built)
    assert match(built).objective == pytest.approx(expected, abs=1e-6)
    assert match(built, joint=True).objective == pytest.approx(expected, abs=1e-6)


@fewer
@given(tables(), st.sampled_from(["cheapest", "worst_first", "proportional", "greedy"]))
def test_nothing_is_lost_and_nothing_comes_from_nowhere(given_tables, how):
    built = market(given_tables)
    plan = greedy_nearest(built) if how == "greedy" else match(built, how)
    flows = plan.flows
    assert (flows["amount"] > 0).all()
    assert (plan.used["sent"] <= plan.used["amount"] + 1e-6).all()
    assert (plan.unmet["met"] <= plan.unmet["amount"] + 1e-6).all()
    sent = flows.groupby(["offer", "product", "offered"])["amount"].sum()
    met = flows.groupby(["need", "product", "month"])["amount"].sum()
    for table, key, column, sums in (
        (plan.used, ["offer", "product", "month"], "sent", sent),
        (plan.unmet, ["need", "product", "month"], "met", met),
    ):
        stated = table.set_index(key)[column]
        assert np.allclose(sums.reindex(stated.index, fill_value=0), stated, atol=1e-9)
    assert np.allclose(plan.unmet["met"] + plan.unmet["unmet"], plan.unmet["amount"], atol=1e-6)
    assert np.allclose(plan.used["sent"] + plan.used["idle"], plan.used["amount"], atol=1e-6)
    assert flows["cost"].sum() == pytest.approx(plan.cost_by_part["freight"] + plan.cost_by_part["holding"])
    assert (flows["month"] >= flows["offered"]).all()


@fewer
@given(tables())
def test_dual_values_bound_every_plan_from_below_and_the_best_one_exactly(given_tables):
    built = market(given_tables)
    plan = match(built)
    bound = sum(float(solution.duals @ piece.program.row_high) for piece, solution in plan.solved)
    for piece, solution in plan.solved:
        # Feasible: no arc is cheaper than what its ends are worth, no price of an unmet need either.
        slack = piece.program.cost - piece.program.matrix.T @ solution.duals
        assert slack.min(initial=0) >= -1e-7
        assert (solution.duals[: len(piece.offers)] <= 1e-7).all()
    assert bound == pytest.approx(plan.objective, abs=1e-6)
    for other in (greedy_nearest(built), match(built, "worst_first"), match(built, "proportional")):
        assert other.objective >= bound - 1e-6


@fewer
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_byte(given_tables, random):
    seed = random.randrange(1000)
    shuffled = {name: table.sample(frac=1, random_state=seed) for name, table in given_tables.items()}
    one, other = match(market(given_tables)), match(market(shuffled))
    for name in ("flows", "unmet", "used"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)
    assert one.objective == other.objective


@fewer
@given(tables(), st.permutations(range(4)), st.permutations(range(3)))
def test_other_names_change_neither_cost_nor_what_is_met_nor_dual_values(given_tables, sellers, buyers):
    new = {f"r{old}": f"x{name}" for old, name in enumerate(sellers)}
    new |= {f"n{old}": f"y{name}" for old, name in enumerate(buyers)}
    renamed = {
        name: table.assign(**{key: table[key].map(new) for key in ("offer", "need") if key in table})
        for name, table in given_tables.items()
    }
    one, other = match(market(given_tables)), match(market(renamed))
    assert one.objective == pytest.approx(other.objective, abs=1e-6)
    totals = [plan.unmet.groupby("product")["unmet"].sum().to_dict() for plan in (one, other)]
    assert totals[0] == pytest.approx(totals[1], abs=1e-6)
    for of, key in (("needs", "need"), ("offers", "offer")):
        before, after = shadow_prices(one, of), shadow_prices(other, of)
        before[key] = before[key].map(new)
        order = [key, "product", "month"]
        values = ["value_more", "value_less", "holds_more", "holds_less"]
        before, after = (table.set_index(order)[values].sort_index() for table in (before, after))
        assert np.allclose(before, after, rtol=1e-6, atol=1e-6, equal_nan=True)
        assert before.index.tolist() == after.index.tolist()


@fewer
@given(tables())
def test_the_ways_of_a_unit_find_what_programs_find(given_tables):
    plan = match(market(given_tables))
    for of, sign in (("needs", 1), ("offers", -1)):
        found = shadow_prices(plan, of)
        for piece, solution in plan.solved:
            rows = piece.needs if of == "needs" else piece.offers
            start = len(piece.offers) if of == "needs" else 0
            for number, row in enumerate(rows):
                exact, ours = worth(piece.program, solution, start + number), found.loc[row]
                assert ours["value_more"] == pytest.approx(sign * exact.more, abs=1e-6)
                assert ours["holds_more"] == pytest.approx(exact.more_holds, abs=1e-4)
                assert ours["holds_less"] == pytest.approx(min(exact.less_holds, ours["amount"]), abs=1e-4)
                if ours["amount"] > 0:
                    assert ours["value_less"] == pytest.approx(sign * exact.less, abs=1e-6)
                else:
                    assert np.isnan(ours["value_less"])


@fewer
@given(tables(), st.integers(0, 20))
def test_the_worth_of_one_more_unit_is_what_one_more_unit_does(given_tables, number):
    needs = given_tables["needs"]
    place = number % len(needs)
    plan = match(market(given_tables))
    key = ["need", "product", "month"]
    found = shadow_prices(plan).set_index(key).loc[tuple(needs.loc[place, key])]
    # With whole numbers the worth of a unit holds for a whole unit.
    assert found["holds_more"] >= 1 - 1e-6
    for step, value in ((1, found["value_more"]), (-1, found["value_less"])):
        if needs.loc[place, "amount"] + step < 0:
            continue
        changed = needs.assign(amount=needs["amount"].where(needs.index != place, needs["amount"] + step))
        after = match(market({**given_tables, "needs": changed})).objective
        assert after - plan.objective == pytest.approx(step * value, abs=1e-6)


@given(tables())
def test_worst_first_has_the_least_worst_share_and_cheapest_the_least_cost(given_tables):
    built = market(given_tables)
    plans = {how: match(built, how) for how in ("cheapest", "worst_first", "proportional")}
    plans["greedy"] = greedy_nearest(built)
    for product in PRODUCTS:
        worst = {how: shares(plan, product).max() for how, plan in plans.items()}
        if not np.isnan(worst["worst_first"]):
            assert worst["worst_first"] <= min(worst.values()) + 1e-6
    assert plans["cheapest"].objective <= min(plan.objective for plan in plans.values()) + 1e-6


@fewer
@given(tables())
def test_worst_first_can_raise_no_share_without_lowering_one_as_low(given_tables):
    # The definition of the lexicographic optimum, tried out: let one need lack a little less, keep all that
    # are as badly off or worse where they are, and see that there is no such plan.
    plan = match(market(given_tables), "worst_first")
    for piece, _ in plan.solved:
        table = plan.unmet.loc[piece.needs]
        share, amount = table["share_unmet"].to_numpy(), table["amount"].to_numpy()
        for place in np.flatnonzero(share > 1e-6):
            limit = np.where(share >= share[place] - 1e-7, amount * share, amount * share[place]) + 1e-6
            limit[place] -= 0.01
            limit[amount == 0] = 0
            program = piece.program
            high = np.append(program.high[: len(piece.arcs)], limit)
            if limit[place] < 0:
                continue
            with pytest.raises(InfeasibleError):
                solve(replace(program, high=high))


def shares(plan, product):
    return plan.unmet.loc[plan.unmet["product"] == product, "share_unmet"]


@fewer
@given(tables(complete=True))
def test_proportional_shares_are_equal_where_everyone_can_be_reached(given_tables):
    # One month, so that nothing comes too late.
    for name in ("offers", "needs"):
        table = given_tables[name].assign(month=MONTHS[0])
        key = ["offer" if name == "offers" else "need", "product"]
        given_tables[name] = table.drop_duplicates(key)
    plan = match(market(given_tables), "proportional")
    for product in PRODUCTS:
        found = shares(plan, product).dropna()
        if found.empty:
            continue
        assert found.max() - found.min() <= 1e-6
        offered = plan.used.loc[plan.used["product"] == product, "amount"].sum()
        needed = plan.unmet.loc[plan.unmet["product"] == product, "amount"].sum()
        assert found.max() == pytest.approx(max(0, 1 - offered / needed), abs=1e-6)


@fewer
@given(tables(), st.sampled_from([1e-4, 7.0, 1e7]), st.sampled_from([1e-5, 3.0, 1e4]))
def test_other_units_of_amounts_and_of_money_change_nothing_else(given_tables, units, money):
    # Also shows that masks by the million and machines by the piece are solved alike.
    small = market(given_tables)
    changed = {
        **given_tables,
        "offers": given_tables["offers"].assign(amount=given_tables["offers"]["amount"] * units),
        "needs": given_tables["needs"].assign(amount=given_tables["needs"]["amount"] * units),
        "prices": given_tables["prices"].assign(
            **{name: given_tables["prices"][name] * money for name in ("unmet", "freight", "holding")}
        ),
    }
    large = market(changed)
    for how in ("cheapest", "worst_first", "proportional"):
        one, other = match(small, how), match(large, how)
        assert other.objective == pytest.approx(one.objective * units * money, rel=1e-6)
        totals = [plan.unmet["unmet"].sum() for plan in (one, other)]
        assert totals[1] == pytest.approx(totals[0] * units, rel=1e-6, abs=1e-6 * units)
    before, after = shadow_prices(match(small)), shadow_prices(match(large))
    assert np.allclose(after["value_more"], before["value_more"] * money, rtol=1e-6)
    assert np.allclose(after["holds_more"], before["holds_more"] * units, rtol=1e-6)


@fewer
@given(tables(), st.integers(2, 5))
def test_a_larger_offer_never_costs_and_a_larger_need_never_saves(given_tables, factor):
    base = match(market(given_tables)).objective
    for name, sign in (("offers", -1), ("needs", 1)):
        changed = given_tables[name].assign(amount=given_tables[name]["amount"] * factor)
        assert sign * (match(market({**given_tables, name: changed})).objective - base) >= -1e-6
