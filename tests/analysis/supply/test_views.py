import pandas as pd
import pytest

from helpers.analysis.supply.scenarios import base_situation
from helpers.analysis.supply.stress import Setting, plan_of
from helpers.analysis.supply.views import country_balance, flow_table, units_per_dose, ways_compared
from helpers.analysis.supply.words import (
    adds_up,
    month_in_words,
    narrowest,
    shadow_by_country,
    share_sent,
    share_unmet,
    widths_in,
    worst_scenario,
)
from helpers.data.errors import InputError

NAMES = {"AT": "Austria", "BE": "Belgium", "CZ": "Czechia"}


@pytest.fixture
def offers():
    return pd.DataFrame(
        {"product": "vials", "country": ["AT", "BE"], "amount": [10.0, 15.0], "basis": ["stated", "spread"]}
    )


@pytest.fixture
def plan(offers, places, products):
    none = pd.DataFrame(columns=["product", "month", "share", "share_left"])
    needs = pd.DataFrame({"country": ["AT", "BE", "CZ"], "amount": [5.0, 10.0, 20.0]})
    prices = pd.DataFrame(
        {"product": ["vials"], "unmet": 100.0, "freight": 1.0, "holding": 0.0, "days_per_1000_km": 0.0}
    )
    base = base_situation(offers, none, needs, products, none)
    return plan_of(base, Setting("vials", "vials", "2021-06", places, prices))


def test_balance_accounts_for_every_unit_of_need_and_offer(plan, offers):
    table = country_balance(plan, offers, NAMES).set_index("country")
    assert adds_up(table)
    assert table.loc["CZ", "name"] == "Czechia"
    assert table.loc["CZ", "basis"] == "none stated"
    assert table.loc["CZ", "unmet"] == pytest.approx(10)
    assert table.loc["CZ", "percent_unmet"] == 50
    assert table.loc["AT", ["own", "sent"]].tolist() == [5, 5]
    assert share_unmet(table) == pytest.approx(10 / 35)


def test_flows_name_both_ends_and_stand_at_their_places(plan, places):
    flows = flow_table(plan, places, NAMES)
    assert flows["amount"].sum() == pytest.approx(25)
    row = flows[(flows["from"] == "AT") & (flows["to"] == "CZ")].iloc[0]
    assert (row["from_name"], row["to_name"], row["share_of_need"]) == ("Austria", "Czechia", 0.25)
    assert (row["from_latitude"], row["to_latitude"]) == (47.6, 49.8)
    assert share_sent(flows) == pytest.approx(10 / 25)


def test_no_way_costs_less_than_the_cheapest_and_none_is_fairer_than_the_fair(plan):
    ways = ways_compared(plan).set_index("way")
    assert ways["cost"].idxmin() == "cheapest"
    assert ways["worst_share"].min() == pytest.approx(ways.loc["worst_first", "worst_share"])
    assert set(ways.index) == {"cheapest", "worst_first", "proportional", "greedy_nearest"}


def test_shadow_prices_are_named_and_the_dearest_stands_first(plan):
    from helpers.analysis.matching import shadow_prices

    table = shadow_by_country(shadow_prices(plan), NAMES)
    assert table["value_more"].is_monotonic_decreasing
    assert table["name"].iloc[0] == "Czechia"
    assert table["value_less"].notna().all()


def test_a_product_that_the_recipe_does_not_use_has_no_known_need():
    from helpers.analysis.chain import read_chain

    recipe = pd.DataFrame(
        {
            "product": ["filling"],
            "stage": "fill",
            "part": "filling",
            "used_at": "fill",
            "routes": "all",
            "unit": "doses/month",
            "capacity_kind": "flow",
            "units_per_dose": 1.0,
        }
    )
    stages = pd.DataFrame({"stage": ["fill"], "stage_order": [1], "yield_share": [1.0]})
    chain = read_chain(recipe, stages, pd.DataFrame({"route": ["vial"]}))
    assert units_per_dose(chain, "filling") == 1
    with pytest.raises(InputError, match=r"recipe.csv has no row of 'caps'"):
        units_per_dose(chain, "caps")


def test_a_month_beyond_those_known_takes_the_nearest():
    months = pd.to_datetime(["2021-03-01", "2021-04-01"])
    widths = pd.DataFrame({"label": "Fill", "month": months, "doses": [1.0, 2.0]})
    assert widths_in(widths, "2021-03")["doses"].tolist() == [1]
    assert widths_in(widths, "2030-01")["doses"].tolist() == [2]
    assert widths_in(widths, "2020-01")["doses"].tolist() == [1]


@pytest.mark.parametrize("month", ["2021-13", "June", "2021"])
def test_a_month_that_is_none_is_refused(month):
    with pytest.raises(InputError, match="write it as 2021-06"):
        month_in_words(month)


def test_stages_without_a_limit_are_never_the_narrowest():
    widths = pd.DataFrame({"label": ["A", "B", "C"], "doses": [None, 5.0, 3.0]})
    assert narrowest(widths) == "C"
    assert narrowest(widths.head(1)) == "not known"


def test_the_worst_scenario_is_the_one_that_leaves_least():
    stress = pd.DataFrame(
        {"scenario": ["base", "x", "y"], "label": ["Base case", "X", "Y"], "met": [1.0, 5.0, 3.0]}
    )
    assert worst_scenario(stress) == "Y"
    assert worst_scenario(stress.head(1)) == "none"
