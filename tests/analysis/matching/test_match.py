"""Plans: empty markets, shared lines and limits, large markets, shadow prices in words and by group."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from helpers.analysis.linear import solve
from helpers.analysis.matching import (
    FAIRNESS,
    build_market,
    compare,
    greedy_nearest,
    match,
    matching_metrics,
    plan_metrics,
    shadow_prices,
)
from helpers.analysis.matching.plan import make_plan
from helpers.analysis.matching.program import pieces
from helpers.data.errors import InputError

# --- empty markets


@pytest.mark.parametrize("how", [*FAIRNESS, "greedy"])
@pytest.mark.parametrize("empty", ["offers", "needs", "both"])
def test_an_empty_market_has_a_plan_that_says_so(offers, needs, prices, how, empty):
    market = build_market(
        offers[:0] if empty != "needs" else offers, needs[:0] if empty != "offers" else needs, prices
    )
    plan = greedy_nearest(market) if how == "greedy" else match(market, how)
    assert plan.flows.empty
    assert len(plan.note) > 20
    assert "offers" in plan.note if empty == "offers" else "needs" in plan.note
    assert list(plan.flows.columns)[:6] == ["offer", "need", "product", "month", "offered", "amount"]
    expected = float(needs["amount"] @ needs["product"].map(prices.set_index("product")["unmet"]))
    assert plan.objective == pytest.approx(expected if empty == "offers" else 0)
    assert plan_metrics(plan)["value"].notna().any() == (empty == "offers")
    assert len(compare(plan, plan)) == 9
    if how == "cheapest":
        assert len(shadow_prices(plan)) == len(market.needs)
        worth = shadow_prices(plan, "offers")
        assert len(worth) == len(market.offers)
        assert (worth["value_more"] == 0).all()
        assert len(shadow_prices(plan, by=["product", "month"])) == (3 if empty == "offers" else 0)


def test_tables_without_rows_or_types_are_an_empty_market(prices):
    offers = pd.DataFrame(columns=["offer", "product", "latitude", "longitude", "month", "amount"])
    needs = pd.DataFrame(columns=["need", "product", "region", "latitude", "longitude", "month", "amount"])
    assert match(build_market(offers, needs, prices)).note.startswith("No needs")
    assert match(build_market(offers, needs, prices[:0], nearest=3, shared_limit=1.0)).objective == 0


def test_a_product_that_nobody_offers_stays_unmet_and_one_that_nobody_needs_idle(offers, needs, prices):
    more = prices.assign(product=["gloves", "masks"])
    plan = match(
        build_market(offers.replace({"product": {"gowns": "gloves"}}), needs[:3], more), "proportional"
    )
    assert plan.used.set_index("product").loc["gloves", "idle"] == 30
    found = shadow_prices(match(plan.market), "offers").set_index("product").loc["gloves"]
    assert found[["value_more", "value_less", "holds_more", "holds_less"]].tolist() == [0, 0, np.inf, 30]
    plan = match(build_market(offers[:3], needs, prices))
    assert plan.unmet.set_index("product").loc["gowns", "share_unmet"] == 1
    assert plan.note == ""


def test_nothing_within_reach_is_said(offers, needs, prices):
    plan = match(build_market(offers, needs, prices, max_km=10))
    assert plan.note == "No offer can reach any need: all that is needed stays unmet."


# --- shared lines and limits


@pytest.fixture
def shared(offers, needs, prices):
    lined = offers.assign(line=[None, None, "hall 1", "hall 1"])
    return build_market(lined, needs, prices, shared_limit=100_000.0)


def test_offers_of_one_line_share_its_time(offers, needs, prices):
    lined = build_market(offers.assign(line=[None, None, "hall 1", "hall 1"]), needs, prices)
    plan = match(lined)
    on_line = plan.used[(plan.used["offer"] == "r2")]
    assert (on_line["sent"] / on_line["amount"]).sum() <= 1 + 1e-9
    assert plan.objective > match(build_market(offers, needs, prices)).objective + 1
    greedy = greedy_nearest(lined)
    on_line = greedy.used[(greedy.used["offer"] == "r2")]
    assert (on_line["sent"] / on_line["amount"]).sum() <= 1 + 1e-9


@pytest.mark.parametrize("how", [*FAIRNESS, "greedy"])
def test_no_month_carries_more_than_its_limit(shared, how):
    plan = greedy_nearest(shared) if how == "greedy" else match(shared, how)
    carried = (plan.flows["amount"] * plan.flows["km"]).groupby(plan.flows["month"]).sum()
    assert carried.max() <= 100_000 * (1 + 1e-6)
    assert carried.max() > 99_000


def test_a_shared_optimum_is_that_of_another_formulation(shared):
    # The same program written row by row for scipy.
    arcs, offers, needs = shared.arcs, shared.offers, shared.needs
    count, price = len(arcs), needs["product"].map(shared.prices["unmet"]).to_numpy(float)
    most = np.zeros((len(offers) + 3, count + len(needs)))
    exactly = np.zeros((len(needs), count + len(needs)))
    for arc, (offer, need, km) in enumerate(arcs[["offer_row", "need_row", "km"]].to_numpy()):
        offer, need = int(offer), int(need)
        most[offer, arc] = exactly[need, arc] = 1
        if offers.loc[offer, "offer"] == "r2":
            most[len(offers), arc] = 1 / offers.loc[offer, "amount"]
        most[len(offers) + 1 + (needs.loc[need, "month"].month == 4), arc] = km
    exactly[:, count:] = np.eye(len(needs))
    bounds = np.concatenate([offers["amount"], [1], [100_000] * 2])
    cost = np.concatenate([arcs["cost"], price])
    answer = linprog(cost, A_ub=most, b_ub=bounds, A_eq=exactly, b_eq=needs["amount"])
    assert match(shared).objective == pytest.approx(answer.fun, rel=1e-9)


def test_the_worth_of_a_limit_is_what_raising_it_saves(offers, needs, prices):
    limit = 100_000.0
    plans = {far: match(build_market(offers, needs, prices, shared_limit=limit + far)) for far in (-1, 0, 1)}
    found = shadow_prices(plans[0], "limits")
    saved = plans[0].objective - plans[1].objective
    assert found["value_more"].sum() == pytest.approx(saved, rel=1e-4)
    assert found["value_less"].sum() == pytest.approx(plans[-1].objective - plans[0].objective, rel=1e-4)
    assert found["limit"].tolist() == ["units x km carried"] * 2
    assert found["words"].str.contains("of the limit saves").all()
    needed = shadow_prices(plans[0], "needs")
    assert (needed["value_more"] <= needed["product"].map(prices.set_index("product")["unmet"]) + 1e-9).all()


def test_limits_of_which_nothing_is_used_are_worth_nothing(offers, needs, prices):
    lined = offers.assign(line=[" ", None, "hall 1", "hall 1"])
    plan = match(build_market(lined, needs, prices, max_km=10, shared_limit=5.0))
    assert plan.note.startswith("No offer can reach")
    found = shadow_prices(plan, "limits")
    assert found["limit"].tolist() == ["line hall 1", *["units x km carried"] * 2]
    assert (found[["value_more", "value_less"]] == 0).all(axis=None)


def test_products_that_share_something_are_not_solved_apart(shared):
    with pytest.raises(InputError, match="joint: False; products share line hall 1"):
        match(shared, joint=False)


# --- large markets


def large_market(offers=120, needs=60, **settings):
    rng = np.random.default_rng(11)
    common = {"product": "masks", "month": pd.Timestamp("2021-03-01")}

    def places(count):
        return {"latitude": rng.uniform(36, 65, count), "longitude": rng.uniform(-9, 29, count)}

    made = pd.DataFrame(
        {"offer": [f"r{i}" for i in range(offers)], "amount": rng.integers(1, 99, offers), **common}
    )
    wanted = pd.DataFrame(
        {"need": [f"n{i}" for i in range(needs)], "amount": rng.integers(1, 250, needs), **common}
    )
    prices = pd.DataFrame({"product": ["masks"], "unmet": [10.0], "freight": [1.0], "holding": [0.0]})
    made, wanted = made.assign(**places(offers)), wanted.assign(**places(needs), region=wanted["need"])
    return build_market(made, wanted, prices, **settings)


@pytest.mark.parametrize("how", FAIRNESS)
def test_a_large_market_solved_with_few_arcs_first_has_the_same_optimum_and_dual_values(monkeypatch, how):
    market = large_market()
    whole = match(market, how)
    monkeypatch.setattr("helpers.analysis.matching.transport._LARGE", 100)
    monkeypatch.setattr("helpers.analysis.matching.transport._FEW", 2)
    sifted = match(market, how)
    assert sifted.objective == pytest.approx(whole.objective, rel=1e-9)
    assert sifted.unmet["unmet"].sum() == pytest.approx(whole.unmet["unmet"].sum(), abs=1e-6)
    worst = [plan.unmet["share_unmet"].sort_values(ascending=False).to_numpy() for plan in (sifted, whole)]
    if how == "worst_first":
        assert np.allclose(*worst, atol=1e-6)
    if how == "cheapest":
        for of in ("needs", "offers"):
            one, other = shadow_prices(sifted, of, holds=False), shadow_prices(whole, of, holds=False)
            assert np.allclose(one["value_more"], other["value_more"], atol=1e-7)
            assert np.allclose(one["value_less"], other["value_less"], atol=1e-7)


def test_the_nearest_few_cost_no_less_than_all(prices):
    plans = [match(large_market(nearest=few)).objective for few in (1, 3, 10, 120)]
    assert plans == sorted(plans, reverse=True)
    assert plans[-1] == pytest.approx(match(large_market()).objective)


def test_the_program_is_what_a_bare_call_of_the_solver_gets(prices):
    market = large_market()
    (piece,) = pieces(market, joint=False)
    assert solve(piece.program).objective == pytest.approx(match(market).objective, rel=1e-9)


# --- fairness


def test_worst_first_goes_on_after_the_worst_and_proportional_stops_at_the_quota(market_by_cost):
    far = 19.0
    # need0 can only be served by offer0, which has little; offer1 could meet all of need1.
    market = market_by_cost([[1, 1], [far, 1]], [2, 30], [10, 22], price=50, max_km=5000)
    shares = {how: match(market, how).unmet["share_unmet"].round(6).tolist() for how in FAIRNESS}
    assert shares["worst_first"] == [0.8, 0.0]
    # 32 units are offered and needed, so that the quota is all.
    assert shares["proportional"] == [0.8, 0.0]
    # With little in all the quota binds where it can be reached, and what is left goes where it costs least.
    market = market_by_cost([[1, 1, 1], [far, 1, 2]], [2, 20], [10, 20, 20], price=50, max_km=5000)
    plan = match(market, "proportional")
    assert (plan.unmet["unmet"] / plan.unmet["amount"]).iloc[0] == pytest.approx(0.8)
    assert (plan.unmet["share_unmet"].iloc[1:] <= 1 - 22 / 50 + 1e-6).all()
    assert plan.used["idle"].sum() == pytest.approx(0, abs=1e-6)
    worst = match(market, "worst_first").unmet["share_unmet"]
    assert worst.tolist() == pytest.approx([0.8, 0.5, 0.5], abs=1e-6)
    assert plan.objective < match(market, "worst_first").objective


def test_an_unknown_fairness_is_refused(market_by_cost):
    with pytest.raises(InputError, match="fairness: 'fair'; allowed: cheapest, worst_first, proportional"):
        match(market_by_cost([[1]], [1], [1]), "fair")


# --- shadow prices


def test_a_tie_has_a_range_and_words_for_it(market_by_cost):
    # Offer0 makes just what need0 wants; the next unit comes from offer1.
    plan = match(market_by_cost([[1], [3]], [10, 10], [10], price=8))
    found = shadow_prices(plan).iloc[0]
    assert (found["value_more"], found["value_less"]) == (3, 1)
    assert (found["holds_more"], found["holds_less"]) == (10, 10)
    assert found["degenerate"]
    assert found["words"] == "One more unit needed costs 3 (for 10 more); one less saves 1 (for 10 less)."
    offers = shadow_prices(plan, "offers")
    assert offers["value_more"].tolist() == [0, 0]
    assert offers["value_less"].tolist() == [2, 0]
    assert offers["words"].iloc[0] == "One more unit offered saves nothing; one less costs 2 (for 10 less)."


def test_scarcity_is_worth_its_price_less_the_way(market_by_cost):
    plan = match(market_by_cost([[1, 2]], [10], [8, 8], price=9))
    assert shadow_prices(plan)["value_more"].tolist() == [8, 9]
    found = shadow_prices(plan, "offers").iloc[0]
    assert (found["value_more"], found["holds_more"]) == (7, 6)
    assert (found["value_less"], found["holds_less"]) == (7, 2)
    assert (
        found["words"] == "One more unit offered saves 7 (for 6 more); one less costs as much (for 2 less)."
    )


def test_means_by_group_are_weighted_by_amounts(offers, needs, prices):
    plan = match(build_market(offers, needs, prices))
    rows = shadow_prices(plan, holds=False)
    by = shadow_prices(plan, by="region", holds=False).set_index("region")
    berlin = rows[rows["region"] == "DE"]
    expected = np.average(berlin["value_more"], weights=berlin["amount"])
    assert by.loc["DE", "value_more"] == pytest.approx(expected)
    assert by.loc["ES", "rows"] == 2
    assert by.loc["ES", "lowest"] <= by.loc["ES", "value_less"] <= by.loc["ES", "highest"]
    assert rows["holds_more"].isna().all()
    assert not rows["words"].str.contains("for").any()
    with pytest.raises(InputError, match="needs: column continent is missing"):
        shadow_prices(plan, by="continent")
    with pytest.raises(InputError, match="of: 'regions'; allowed: needs, offers, limits"):
        shadow_prices(plan, "regions")
    with pytest.raises(InputError, match="shadow prices are those of a cheapest plan"):
        shadow_prices(match(plan.market, "worst_first"))


# --- greedy and measures


def test_by_hand_the_nearest_takes_it_and_the_optimum_meets_more(market_by_cost):
    market = market_by_cost([[1, 2], [3, 19]], [10, 10], [10, 10], price=18, max_km=5000)
    table = compare(match(market), greedy_nearest(market)).set_index("what")
    assert table.loc["need met"].tolist() == ["units", 20, 10, 10]
    assert table.loc["cost", "difference"] == pytest.approx(50 - (10 + 180))
    assert table.loc["distance of a unit", "optimum"] == pytest.approx(2500)
    with pytest.raises(InputError, match="two markets"):
        compare(match(market), greedy_nearest(market_by_cost([[1]], [1], [1])))


def test_earlier_months_come_first_by_hand(offers, needs, prices):
    plan = greedy_nearest(build_market(offers[:1], needs[:3], prices))
    assert plan.unmet.set_index(["need", "month"])["met"].tolist() == [60, 40, 0]


def test_what_is_but_rounding_of_the_solver_is_no_shipment(market_by_cost):
    market = market_by_cost([[1, 2]], [10], [6, 4])
    plan = make_plan(market, np.array([6 - 1e-12, 1e-12]), "cheapest")
    assert len(plan.flows) == 1
    assert plan.unmet["unmet"].tolist() == [0, 4]
    assert plan.flows["amount"].sum() == plan.unmet["met"].sum() == plan.used["sent"].sum()


def test_the_measures_of_a_plan_follow_from_its_flows(offers, needs, prices):
    plan = match(build_market(offers, needs, prices))
    overall = plan_metrics(plan).query("product.isna() and need.isna()").set_index("metric")["value"]
    flows = plan.flows
    assert overall["unit_distance"] == pytest.approx(np.average(flows["km"], weights=flows["amount"]))
    assert overall["held_days"] == pytest.approx(
        np.average(flows["waited"] * 30.4375, weights=flows["amount"])
    )
    assert 0 < overall["fill_rate"] <= overall["fill_rate_exc_zeros"] <= 1


def test_received_more_than_asked_is_a_fill_rate_of_one_and_requests_for_nothing_do_not_count():
    needs = pd.DataFrame({"need": ["a", "b"], "product": "masks", "amount": [10, 0]})
    row = {
        "offer": "r",
        "need": "a",
        "product": "masks",
        "date": "x",
        "amount": 30,
        "distance": 1.0,
        "held": 0,
    }
    found = matching_metrics(needs, pd.DataFrame([row]))
    assert found.loc[found["metric"] == "fill_rate", "value"].tolist() == [1, 1, 1]


# --- masks by the million and machines by the piece


@pytest.fixture
def uneven():
    """One product of which five are needed beside one of which a billion are, made on one line."""
    month = pd.Timestamp("2021-03-01")
    place = {"latitude": [50.0, 50.0], "longitude": [4.0, 4.0], "month": month}
    offers = pd.DataFrame({"offer": "r1", "product": ["gowns", "masks"], "amount": [8.0, 4e9], **place})
    needs = pd.DataFrame(
        {"need": "n1", "region": "BE", "product": ["gowns", "masks"], "amount": [5.0, 2e9], **place}
    )
    prices = pd.DataFrame(
        {"product": ["gowns", "masks"], "unmet": [2e5, 1e-4], "freight": 0.0, "holding": 0.0}
    )
    return offers.assign(line="hall 1"), needs, prices


@pytest.mark.parametrize("how", FAIRNESS)
def test_small_amounts_are_not_lost_beside_large_ones(uneven, how):
    plan = match(build_market(*uneven), how)
    used = (plan.used["sent"] / plan.used["amount"]).tolist()
    assert sum(used) == pytest.approx(1, abs=1e-6)
    # A line hour is worth more in gowns; fairly, both get the same share: 5s / 8 + 2s / 4 = 1.
    share = 1 / (5 / 8 + 2 / 4)
    expected = [5 / 8, 3 / 8] if how == "cheapest" else [share * 5 / 8, share * 2 / 4]
    if how != "proportional":
        assert used == pytest.approx(expected, abs=1e-6)


def test_the_worth_of_a_line_holds_beside_large_amounts(uneven):
    plan = match(build_market(*uneven))
    found = shadow_prices(plan, "limits").iloc[0]
    # The line's last hour makes masks: 4e9 of them at 1e-4; after 1/8 more of it all masks are made.
    assert found["value_more"] == pytest.approx(4e5, rel=1e-6)
    assert found["value_less"] == pytest.approx(4e5, rel=1e-6)
    assert found["holds_more"] == pytest.approx(1 / 8, rel=1e-5)
    assert found["holds_less"] == pytest.approx(3 / 8, rel=1e-5)
    assert shadow_prices(plan)["value_more"].tolist() == pytest.approx([4e5 / 8, 1e-4], rel=1e-6)


def test_a_need_of_one_is_met_beside_one_of_a_billion(market_by_cost):
    plan = match(market_by_cost([[1, 2], [3, 4]], [10, 2e9], [1e9, 1], price=50))
    assert plan.unmet["unmet"].tolist() == [0, 0]
    found = shadow_prices(plan)
    assert found["value_more"].tolist() == [3, 4]
    assert found["holds_less"].tolist() == pytest.approx([1e9, 1])
