"""What a chain lets through, computed by hand and for a published example."""

import pandas as pd
import pytest

from helpers.analysis.chain import best_plan, chain_case, chain_flows, most_doses, stage_capacity, worths
from helpers.data.errors import InputError

MARCH = {"start": "2021-03", "months": 1}


def test_doses_are_those_of_the_narrowest_part_less_what_is_lost_after_it(line, capacity):
    amounts = capacity(
        ("substance", "DE", 100), ("filling", "BE", 80), ("vials", "IT", 9), ("transport", "FR", 70)
    )
    plan = best_plan(chain_case(line, amounts, **MARCH))
    # 70 doses can be sent; 70 / 0.9 = 77.8 are filled, which 80 doses of filling and vials for 90 allow.
    assert plan.doses == pytest.approx(70)
    amounts = capacity(
        ("substance", "DE", 100), ("filling", "BE", 80), ("vials", "IT", 6), ("transport", "FR", 70)
    )
    # Vials for 60, of which nine tenths are left.
    assert best_plan(chain_case(line, amounts, **MARCH)).doses == pytest.approx(54)


def test_losses_multiply_along_the_chain(chain_of, capacity):
    rows = [(name, name, name, name, "all", 1.0) for name in ("one", "two", "three")]
    chain = chain_of(rows, {"one": 0.5, "two": 0.8, "three": 0.9})
    amounts = capacity(("one", "AT", 1000), ("two", "AT", 400), ("three", "AT", 1000))
    plan = best_plan(chain_case(chain, amounts, **MARCH))
    # 400 enter the second stage, 320 leave it, 288 leave the third; 800 had to enter the first.
    assert plan.doses == pytest.approx(288)
    used = plan.used().set_index("product")
    assert used["used"].to_dict() == pytest.approx({"one": 800, "two": 400, "three": 320})
    assert used["binds"].to_dict() == {"one": False, "two": True, "three": False}
    table = worths(plan).set_index("product")
    assert table["worth_more"].to_dict() == pytest.approx({"one": 0, "two": 0.72, "three": 0})
    assert table.loc["two", "per_dose_more"] == pytest.approx(1)
    assert table.loc["two", "holds_more"] == pytest.approx(100)  # until the first stage's 1,000 give 500


def test_the_maximum_flow_and_the_minimum_cut_of_a_textbook_network(chain_of, capacity):
    """Cormen et al., Introduction to Algorithms (golden: maxflow_clrs): a way is a route, an edge a part."""
    edges = {
        "sv1": 16,
        "sv2": 13,
        "v1v3": 12,
        "v2v1": 4,
        "v2v4": 14,
        "v3v2": 9,
        "v4v3": 7,
        "v3t": 20,
        "v4t": 4,
    }
    ways = {
        "a": ["sv1", "v1v3", "v3t"],
        "b": ["sv1", "v1v3", "v3v2", "v2v4", "v4t"],
        "c": ["sv2", "v2v4", "v4t"],
        "d": ["sv2", "v2v4", "v4v3", "v3t"],
        "e": ["sv2", "v2v1", "v1v3", "v3t"],
    }
    rows = [
        (edge, "network", edge, "network", ";".join(way for way, own in ways.items() if edge in own), 1.0)
        for edge in edges
    ]
    plan = best_plan(chain_case(chain_of(rows), capacity(*((e, "US", a) for e, a in edges.items())), **MARCH))
    assert plan.doses == pytest.approx(23)
    table = worths(plan).set_index("product")
    assert set(table.index[table["binds"]]) == {"v1v3", "v4v3", "v4t"}
    assert table.loc[["v1v3", "v4v3", "v4t"], "worth_more"].to_list() == pytest.approx([1, 1, 1])


def test_products_of_a_part_replace_each_other_and_parts_do_not(chain_of, capacity):
    rows = [
        ("ready", "active", "substance", "active", "all", 1.0),
        ("litres", "active", "substance", "active", "all", 0.5),
        ("filling", "fill", "filling", "fill", "all", 1.0),
    ]
    amounts = capacity(("ready", "DE", 30), ("litres", "DE", 10), ("filling", "DE", 100))
    assert most_doses(chain_case(chain_of(rows), amounts, **MARCH)) == pytest.approx(50)
    apart = [rows[0], ("litres", "active", "reactor", "active", "all", 0.5), rows[2]]
    assert most_doses(chain_case(chain_of(apart), amounts, **MARCH)) == pytest.approx(20)


def test_a_route_without_vials_does_not_wait_for_vials(chain_of, capacity):
    rows = [
        ("substance", "active", "substance", "active", "all", 1.0),
        ("vial_filling", "fill", "vial_filling", "fill", "vial", 1.0),
        ("syringe_filling", "fill", "syringe_filling", "fill", "syringe", 1.0),
        ("vials", "glass", "vials", "fill", "vial", 0.1),
    ]
    amounts = capacity(
        ("substance", "DE", 100),
        ("vial_filling", "DE", 90),
        ("syringe_filling", "DE", 30),
        ("vials", "DE", 2),
    )
    plan = best_plan(chain_case(chain_of(rows), amounts, **MARCH))
    by_route = plan.throughput().set_index("route")["doses"]
    assert by_route.to_dict() == pytest.approx({"vial": 20, "syringe": 30})
    widths = stage_capacity(plan).set_index("stage")["doses"]
    assert widths.to_dict() == pytest.approx({"active": 100, "fill": 120, "glass": 20})


def test_what_is_held_passes_more_doses_the_shorter_they_stay(chain_of, capacity):
    rows = [("places", "store", "places", "store", "all", 0.01)]
    chain = chain_of(rows, capacity_kind=["stock"], stay_months=[0.5])
    assert most_doses(chain_case(chain, capacity(("places", "DE", 3)), **MARCH)) == pytest.approx(600)


def test_what_is_left_over_is_kept_for_months_in_which_more_can_be_done(line, capacity):
    amounts = capacity(
        ("substance", "DE", 100),
        ("filling", "BE", 10, "2021-03-01"),
        ("filling", "BE", 200, "2021-05-01"),
        ("vials", "IT", 9),
        ("transport", "FR", 1000),
    )
    plan = best_plan(chain_case(line, amounts, start="2021-03", months=4))
    # Vials of two months are left over: 360 doses' in all, of which nine tenths reach people.
    assert plan.doses == pytest.approx(0.9 * 360)
    assert plan.by_month()["doses"].to_list() == pytest.approx([9, 9, 153, 153])
    without = chain_case(line, amounts, start="2021-03", months=4, stocks=False)
    assert best_plan(without).by_month()["doses"].to_list() == pytest.approx([9, 9, 81, 81])


def test_capacity_that_is_built_up_counts_as_far_as_it_has_come(line, capacity):
    amounts = capacity(*((p, "DE", a) for p, a in (("substance", 100), ("filling", 100), ("vials", 10))))
    amounts = pd.concat([amounts, capacity(("transport", "DE", 1000))], ignore_index=True)
    ramp = pd.DataFrame(
        {"stage": "fill", "month": pd.to_datetime(["2021-04-01", "2021-05-01"]), "share": [0.2, 1.0]}
    )
    case = chain_case(line, amounts, start="2021-03", months=4, ramp_up=ramp, stocks=False)
    assert best_plan(case).by_month()["doses"].to_list() == pytest.approx([0, 18, 90, 90])
    own = pd.DataFrame({"product": ["filling"], "month": [pd.NaT], "share": [0.5]})
    both = pd.concat([ramp, own], ignore_index=True)
    case = chain_case(line, amounts, start="2021-03", months=2, ramp_up=both)
    assert best_plan(case).by_month()["doses"].to_list() == pytest.approx([45, 45])


def test_an_export_ban_keeps_goods_in_the_country(line, capacity):
    amounts = capacity(
        *(("substance", "DE", 100), ("filling", "BE", 60), ("filling", "DE", 30)),
        *(("vials", "DE", 5), ("vials", "IT", 2), ("transport", "FR", 1000)),
    )
    free = most_doses(chain_case(line, amounts, **MARCH))
    assert free == pytest.approx(0.9 * 70)
    ban = pd.DataFrame({"country": ["DE"], "stage": ["glass"]})
    plan = best_plan(chain_case(line, amounts, closed=ban, **MARCH))
    assert plan.doses == pytest.approx(0.9 * 50)  # 30 filled in DE; elsewhere vials for 20
    flows = chain_flows(plan)
    left = flows[(flows["part"] == "vials") & (flows["from_country"] == "DE")]
    assert set(left["to_country"]) == {"DE"}
    everything = pd.DataFrame({"country": ["DE"]})
    assert most_doses(chain_case(line, amounts, closed=everything, **MARCH)) == pytest.approx(0)


def test_a_ban_of_one_month_closes_that_month_only(line, capacity):
    amounts = capacity(
        ("substance", "DE", 100), ("filling", "BE", 60), ("vials", "IT", 6), ("transport", "BE", 100)
    )
    ban = pd.DataFrame({"country": ["DE"], "stage": ["active"], "month": [pd.Timestamp(2021, 4, 1)]})
    case = chain_case(line, amounts, start="2021-03", months=3, closed=ban, stocks=False)
    assert best_plan(case).by_month()["doses"].to_list() == pytest.approx([54, 0, 54])


def test_needs_are_met_as_far_as_doses_reach_and_shared_in_proportion(line, capacity):
    amounts = capacity(
        ("substance", "DE", 100), ("filling", "BE", 60), ("vials", "IT", 6), ("transport", "FR", 100)
    )
    needs = pd.DataFrame({"country": ["MT", "PL"], "amount": [27, 81]})
    plan = best_plan(chain_case(line, amounts, needs=needs, **MARCH))
    got = plan.deliveries().set_index("country")
    assert got["met"].to_dict() == pytest.approx({"MT": 13.5, "PL": 40.5})
    assert got["share_unmet"].to_list() == pytest.approx([0.5, 0.5])
    little = best_plan(chain_case(line, amounts, needs=needs.assign(amount=[1, 2]), **MARCH))
    assert little.doses == pytest.approx(3)
    assert not worths(little)["binds"].any()  # there is enough of everything
    flows = chain_flows(little)
    reached = flows[flows["to_stage"] == "needs"].groupby("to_country")["doses"].sum()
    assert reached.to_dict() == pytest.approx({"MT": 1, "PL": 2})


def test_flows_balance_at_every_stage(line, capacity):
    amounts = capacity(
        *(("substance", "DE", 100), ("filling", "BE", 60), ("filling", "DE", 15)),
        *(("vials", "DE", 5), ("vials", "IT", 2), ("transport", "FR", 20), ("transport", "DE", 90)),
    )
    flows = chain_flows(best_plan(chain_case(line, amounts, **MARCH)))
    doses = flows[flows["part"].isna()]
    into = doses.groupby(["to_stage", "to_country"])["doses"].sum()
    out = doses.groupby(["from_stage", "from_country"])["doses"].sum()
    for country in ("BE", "DE"):
        assert out["fill", country] == pytest.approx(0.9 * into["fill", country])
    assert into["fill"].sum() == pytest.approx(70)
    vials = flows[flows["part"] == "vials"].groupby("to_country")["doses"].sum()
    assert vials.to_dict() == pytest.approx(into["fill"].to_dict())


def test_an_empty_market_says_what_nobody_offers(line, capacity):
    plan = best_plan(chain_case(line, capacity(), **MARCH))
    assert plan.doses == 0
    assert set(plan.missing["stage"]) == {"active", "fill", "glass", "delivery"}
    assert "No way to make a dose is complete. Nobody offers: substance (active)" in plan.words
    assert plan.by_month()["doses"].to_list() == [0]
    assert stage_capacity(plan)["doses"].to_list() == [0, 0, 0, 0]
    assert chain_flows(plan).empty
    assert not worths(plan)["binds"].any()


def test_the_first_unit_of_what_nobody_offers_has_a_worth(line, capacity):
    amounts = capacity(("substance", "DE", 100), ("filling", "BE", 60), ("transport", "FR", 100))
    plan = best_plan(chain_case(line, amounts, **MARCH))
    assert (
        plan.words == "0 doses in 1 month. No way to make a dose is complete. Nobody offers: vials (glass)."
    )
    vials = worths(plan).set_index("product").loc["vials"]
    assert vials["worth_more"] == pytest.approx(9)
    assert pd.isna(vials["worth_less"])
    assert vials["holds_more"] == pytest.approx(6)
    assert vials["words"] == "none; the first unit brings 9 doses"


def test_what_is_taken_to_be_enough_limits_nothing_and_something_must(line, capacity):
    amounts = capacity(("substance", "DE", 100), ("filling", "BE", 60), ("transport", "FR", 100))
    assert most_doses(chain_case(line, amounts, enough=["vials"], **MARCH)) == pytest.approx(54)
    everything = ["vials", "substance", "filling", "transport"]
    with pytest.raises(InputError, match="nothing limits the doses"):
        best_plan(chain_case(line, amounts, enough=everything, **MARCH))
