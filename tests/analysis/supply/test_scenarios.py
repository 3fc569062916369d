from dataclasses import replace

import pandas as pd
import pytest

from helpers.analysis.disclosure import Rules
from helpers.analysis.supply.scenarios import (
    apply_scenario,
    base_situation,
    check_scenarios,
    without_largest,
)
from helpers.analysis.supply.stress import (
    Setting,
    market_of,
    plan_measures,
    plan_of,
    stage_losses,
    stress_table,
    worst_losses,
)
from helpers.data.errors import InputError
from helpers.data.process import read_table

COLUMNS = ["scenario", "label", "change", "country", "stage", "product", "factor", "months"]


def scenarios(*rows):
    return pd.DataFrame([dict.fromkeys(COLUMNS) | {"label": "Label"} | row for row in rows], columns=COLUMNS)


@pytest.fixture
def base(products):
    offers = pd.DataFrame(
        {"product": "vials", "country": ["AT", "BE"], "amount": [10.0, 30.0], "basis": "stated"}
    )
    ramp = pd.DataFrame(
        {"product": "vials", "month": pd.to_datetime(["2021-03-01", "2021-06-01"]), "share": [0.5, 1.0]}
    )
    needs = pd.DataFrame({"country": ["AT", "BE", "CZ"], "amount": [10.0, 10.0, 10.0]})
    largest = pd.DataFrame({"product": ["vials"], "dropped": [5], "share_left": [0.4]})
    return base_situation(offers, ramp, needs, products, largest)


@pytest.fixture
def setting(places):
    prices = pd.DataFrame(
        {
            "product": ["vials"],
            "unmet": [100.0],
            "freight": [1.0],
            "holding": [0.0],
            "days_per_1000_km": [0.0],
        }
    )
    return Setting("vials", "vials", "2021-06", places, prices)


def test_base_case_meets_all_that_capacity_allows(base, setting):
    measures = plan_measures(plan_of(base, setting))
    assert (measures["needed"], measures["offered"], measures["met"]) == (30, 40, 30)
    assert measures["share_unmet"] == pytest.approx(0)


def test_an_export_ban_leaves_a_country_its_own_need_only(base, setting):
    rows = scenarios({"scenario": "ban", "change": "export_ban", "country": "BE"})
    plan = plan_of(apply_scenario(base, rows, "ban"), setting)
    assert plan.unmet.set_index("region")["met"].to_dict() == {"AT": 10, "BE": 10, "CZ": 0}


def test_an_export_ban_of_another_stage_changes_nothing(base, setting):
    rows = scenarios({"scenario": "ban", "change": "export_ban", "country": "BE", "stage": "fill"})
    assert plan_measures(plan_of(apply_scenario(base, rows, "ban"), setting))["met"] == 30


def test_an_export_ban_of_a_country_that_needs_nothing_takes_its_offers_away(base, setting):
    rows = scenarios({"scenario": "ban", "change": "export_ban", "country": "BE"})
    situation = apply_scenario(base, rows, "ban")
    lone = replace(situation, needs=situation.needs[situation.needs["country"] == "CZ"])
    assert set(market_of(lone, setting).offers["offer"]) == {"AT"}


@pytest.mark.parametrize(
    ("row", "met"),
    [
        ({"change": "capacity", "factor": 0.5}, 20),
        ({"change": "capacity", "country": "BE", "factor": 0}, 10),
        ({"change": "capacity", "product": "filling", "factor": 0}, 30),
        ({"change": "demand", "factor": 2}, 40),
        ({"change": "demand", "country": "AT", "factor": 0}, 20),
        ({"change": "delay", "months": 2}, 20),
        ({"change": "loss_of_largest"}, 16),
    ],
)
def test_each_kind_of_change_does_what_it_says(base, setting, row, met):
    rows = scenarios({"scenario": "x", **row})
    assert plan_measures(plan_of(apply_scenario(base, rows, "x"), setting))["met"] == pytest.approx(met)


def test_rows_of_one_scenario_hold_together(base, setting):
    rows = scenarios(
        {"scenario": "x", "change": "capacity", "factor": 0.5},
        {"scenario": "x", "change": "demand", "factor": 0.5},
    )
    assert plan_measures(plan_of(apply_scenario(base, rows, "x"), setting))["met"] == pytest.approx(15)


def test_scenarios_stand_side_by_side_with_the_base_case(base, setting):
    rows = scenarios({"scenario": "half", "label": "Half", "change": "capacity", "factor": 0.5})
    table = stress_table(base, rows, setting, lambda situation: situation.offers["amount"].sum())
    assert table["label"].to_list() == ["Base case", "Half"]
    assert table["met_change"].round(4).to_list() == [0, -0.3333]
    assert table["doses_change"].to_list() == [0, -0.5]


def test_the_worst_pair_is_found_by_trying_all(base, setting):
    def met(situation):
        return plan_measures(plan_of(situation, setting))["met"]

    losses = pd.DataFrame({"loss": ["Austria", "Belgium"], "country": ["AT", "BE"]})
    single = worst_losses(base, losses, met)
    assert single[["loss", "left"]].values.tolist() == [["Belgium", 10.0], ["Austria", 30.0]]
    assert single["change"].round(4).to_list() == [-0.6667, 0]
    pair = worst_losses(base, losses, met, together=2)
    assert pair[["loss", "left"]].values.tolist() == [["Austria and Belgium", 0.0]]


def test_losses_of_stages_are_named_in_words(base):
    table = stage_losses(base, {"AT": "Austria"}, {"vials": "Vials and closures"})
    assert table["loss"].to_list() == ["Vials and closures in Austria", "Vials and closures in BE"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"change": "capacity"}, "row 2, column factor: nothing; a capacity needs it"),
        ({"change": "delay", "months": 2, "factor": 1}, "row 2, column factor: a number; a delay takes none"),
        ({"change": "flood"}, "row 2, column change: 'flood'; allowed: capacity, demand"),
    ],
)
def test_a_wrong_scenario_is_refused_with_its_row(products, row, message):
    with pytest.raises(InputError, match=message):
        check_scenarios(scenarios({"scenario": "x", **row}), products)


def test_an_unknown_scenario_is_refused_with_those_that_there_are(base):
    with pytest.raises(InputError, match="given 'flood'; allowed: base, x"):
        apply_scenario(base, scenarios({"scenario": "x", "change": "loss_of_largest"}), "flood")


def test_the_committed_scenarios_are_sound_for_the_vaccine_questionnaire():
    products = read_table("vaccine_capacity_2021_03_sample_products")
    table = check_scenarios(read_table("scenarios"), products)
    assert set(table["change"]) == {"capacity", "demand", "export_ban", "delay", "loss_of_largest"}


def test_scenarios_of_another_questionnaires_stages_are_left_out():
    products = read_table("printing_3d_2020_03_sample_products")
    table = check_scenarios(read_table("scenarios"), products)
    assert "vials_halved" not in set(table["scenario"])
    assert "demand_up_half" in set(table["scenario"])


@pytest.mark.parametrize(("largest", "told"), [([30.0] * 5, 1), ([100.0, 90.0, 1.0, 1.0, 1.0], 0)])
def test_what_is_left_without_the_largest_is_told_only_if_they_pass_the_rules(largest, told):
    amounts = [*largest, *[1.0] * 60]
    entries = pd.DataFrame(
        {
            "respondent_id": [f"r{number}" for number in range(len(amounts))],
            "country": "AT",
            "product": "vials",
            "stage": "vials",
            "amount": amounts,
            "amount_low": amounts,
            "amount_high": amounts,
            "unit": "units/month",
            "usable": True,
        }
    )
    cells = pd.DataFrame({"product": ["vials"], "country": ["total"], "status": ["published"]})
    assert len(without_largest(entries, cells, Rules())) == told
    assert without_largest(entries, cells, Rules(), ["r0", "r1", "r2"]).empty, "two of the largest are left"
