"""What one more unit is worth, what a target costs, and how the doses depend on what is assumed."""

from pathlib import Path

import pandas as pd
import pytest

from helpers.analysis.chain import (
    best_plan,
    chain_case,
    cheapest_expansion,
    doses_without,
    read_chain,
    sensitivity,
    stage_capacity,
    worth_by_period,
    worths,
    worths_by_country,
)
from helpers.data.catalog import read_raw
from helpers.data.errors import InputError
from helpers.data.process import read_table

MARCH = {"start": "2021-03", "months": 1}


def test_two_bottlenecks_at_once_have_a_range_of_worth(line, capacity):
    amounts = capacity(
        ("substance", "DE", 100), ("filling", "BE", 60), ("vials", "IT", 6), ("transport", "FR", 100)
    )
    table = worths(best_plan(chain_case(line, amounts, **MARCH))).set_index("product")
    for product, doses in (("filling", 0.9), ("vials", 9.0)):
        row = table.loc[product]
        assert (row["worth_more"], row["worth_less"]) == pytest.approx((0, doses))
        assert row["degenerate"]
        assert row["binds"]
    assert table.loc["vials", "words"] == "one unit more brings 0 doses, one less costs 9"
    assert not table.loc[["substance", "transport"], "binds"].any()


def test_worth_is_of_a_unit_in_every_month_and_of_each_period(line, capacity):
    amounts = capacity(
        ("substance", "DE", 1000),
        ("filling", "BE", 60),
        ("filling", "BE", 120, "2021-05-01"),
        ("vials", "IT", 8),
        ("transport", "FR", 1000),
    )
    case = chain_case(line, amounts, start="2021-03", months=4, stocks=False)
    plan = best_plan(case)
    table = worths(plan).set_index("product")
    # Filling binds in March and April, vials in May and June: each unit-month brings half of what it would.
    assert table.loc["filling", "worth_more"] == pytest.approx(0.45)
    assert table.loc["vials", "worth_more"] == pytest.approx(4.5)
    assert table["months_binding"].to_dict() == {"substance": 0, "filling": 2, "vials": 2, "transport": 0}
    single = worth_by_period(plan, "vials")
    assert single["worth_more"].to_list() == pytest.approx([0, 9])
    assert single["months"].to_list() == [2, 2]


def test_a_closed_country_has_a_worth_of_its_own(line, capacity):
    amounts = capacity(
        *(("substance", "DE", 100), ("filling", "BE", 60), ("filling", "DE", 30)),
        *(("vials", "DE", 5), ("vials", "IT", 2), ("transport", "FR", 1000)),
    )
    ban = pd.DataFrame({"country": ["DE"], "stage": ["glass"]})
    plan = best_plan(chain_case(line, amounts, closed=ban, **MARCH))
    table = worths(plan).set_index(["product", "place"])
    assert table.loc[("filling", "DE"), "worth_more"] == pytest.approx(0.9)
    assert table.loc[("filling", "common market"), "worth_more"] == 0
    assert table.loc[("vials", "common market"), "worth_more"] == pytest.approx(9)
    assert not table.loc[("vials", "DE"), "binds"]
    countries = worths_by_country(plan, worths(plan)).set_index(["product", "country"])
    assert countries.loc[("vials", "IT"), "country_share"] == pytest.approx(1)
    assert countries.loc[("vials", "IT"), "worth_more"] == pytest.approx(9)


def test_a_lost_maker_costs_what_only_it_can_make(line, capacity):
    amounts = capacity(
        *(("substance", "DE", 100), ("filling", "BE", 60), ("filling", "FR", 20)),
        *(("vials", "IT", 9), ("transport", "FR", 1000)),
    )
    plan = best_plan(chain_case(line, amounts, **MARCH))
    assert plan.doses == pytest.approx(72)
    lost = pd.DataFrame({"product": ["filling"], "country": ["BE"]})
    assert doses_without(plan, lost) == pytest.approx(18)
    assert doses_without(plan, lost.assign(share=0.5)) == pytest.approx(45)
    assert doses_without(plan, lost.head(0)) == pytest.approx(72)


def test_the_cheapest_expansion_by_hand(line, capacity):
    amounts = capacity(
        ("substance", "DE", 100), ("filling", "BE", 60), ("vials", "IT", 8), ("transport", "FR", 100)
    )
    case = chain_case(line, amounts, start="2021-03", months=2)
    costs = pd.DataFrame({"product": ["filling", "vials"], "cost_per_unit": [2.0, 5.0]})
    found = cheapest_expansion(case, 81, costs)
    # 90 doses are filled: filling for 30 more (60 euros), vials for 10 doses more (5 euros).
    assert found.table.set_index("product")["units"].to_dict() == pytest.approx({"filling": 30, "vials": 1})
    assert found.cost == pytest.approx(65)
    assert found.without == pytest.approx(54)
    assert found.marginal.more == pytest.approx((2 + 0.5) / 0.9)
    assert found.marginal.more_holds == pytest.approx(9)  # then active substance runs out
    assert found.marginal.less_holds == pytest.approx(9)  # then vials suffice
    assert found.words == "81 doses a month instead of 54 take 2 expansions, which cost 65."


def test_a_target_out_of_reach_says_by_how_much_and_what_cannot_grow(line, capacity):
    amounts = capacity(
        ("substance", "DE", 100), ("filling", "BE", 60), ("vials", "IT", 8), ("transport", "FR", 100)
    )
    case = chain_case(line, amounts, **MARCH)
    costs = pd.DataFrame({"product": ["filling", "vials"], "cost_per_unit": [2.0, 5.0]})
    with pytest.raises(InputError) as fault:
        cheapest_expansion(case, 300, costs)
    assert "the most is 90, short by 210" in str(fault.value)
    assert str(fault.value).endswith("no room left: substance (active)")
    bounded = costs.assign(most=[10.0, 1.0])
    with pytest.raises(InputError, match=r"short by 18.*no room left: filling \(fill\)"):
        cheapest_expansion(case, 81, bounded)


def test_what_takes_months_to_build_is_not_there_before(line, capacity):
    amounts = capacity(
        ("substance", "DE", 100), ("filling", "BE", 60), ("vials", "IT", 100), ("transport", "FR", 100)
    )
    case = chain_case(line, amounts, start="2021-03", months=4, stocks=False)
    costs = pd.DataFrame({"product": ["filling"], "cost_per_unit": [2.0], "lead_months": [2]})
    assert cheapest_expansion(case, 81, costs).cost == pytest.approx(60)
    assert cheapest_expansion(case, 81, costs, wait=True, from_month="2021-05").cost == pytest.approx(60)
    with pytest.raises(InputError, match="some capacity is there too late"):
        cheapest_expansion(case, 81, costs, wait=True, from_month="2021-04")
    with pytest.raises(InputError, match="from_month: 2022-01; allowed: 2021-03 to 2021-06"):
        cheapest_expansion(case, 81, costs, from_month="2022-01")


def test_the_cheaper_country_is_expanded_first(line, capacity):
    amounts = capacity(
        ("substance", "DE", 100), ("filling", "BE", 60), ("vials", "IT", 100), ("transport", "FR", 100)
    )
    costs = pd.DataFrame(
        {
            "product": "filling",
            "country": ["FR", "BE", None],
            "cost_per_unit": [1.0, 2.0, 9.0],
            "most": [5, 20, None],
        }
    )
    found = cheapest_expansion(chain_case(line, amounts, **MARCH), 81, costs)
    assert found.table.set_index("place")["units"].to_dict() == pytest.approx(
        {"BE": 20, "FR": 5, "common market": 5}
    )


def test_doses_depend_on_what_is_assumed_as_another_recipe_would(chain_of, capacity):
    rows = [
        ("filling", "fill", "filling", "fill", "all", 1.0),
        ("vials", "vials", "vials", "fill", "all", 0.1),
    ]
    # The product and its stage have the same name.
    chain = chain_of(rows, {"fill": 0.9, "vials": 0.9}, units_low=[1.0, 0.05], units_high=[1.0, 0.2])
    stages = chain.stages.assign(yield_low=[0.5, 0.8], yield_high=[0.9, 1.0])
    chain = read_chain(chain.recipe, stages, chain.routes)
    amounts = capacity(("filling", "BE", 100), ("vials", "IT", 9))
    plan = best_plan(chain_case(chain, amounts, **MARCH))
    table = sensitivity(plan).set_index("assumption")
    assert plan.doses == pytest.approx(0.9 * 81)
    for name in table.index:
        for end in ("low", "high"):
            other = chain.with_value(name, float(table.loc[name, end]))
            again = best_plan(chain_case(other, amounts, **MARCH)).doses
            assert table.loc[name, f"doses_at_{end}"] == pytest.approx(again), (name, end)
    assert table.index[0] == "vials: units per dose"
    assert "filling: units per dose" not in table.index


def _project_chain():
    return read_chain(*(read_raw("vaccine_chain", f"{name}.csv") for name in ("recipe", "stages", "routes")))


def test_the_projects_recipe_covers_the_questionnaire_and_its_units():
    chain = _project_chain()
    products = read_table("vaccine_capacity_2021_03_sample_products").set_index("product")
    assert set(chain.products["product"]) == set(products.index)
    for row in chain.products.to_dict("records"):
        assert row["unit"] == products.loc[row["product"], "base_unit"], row["product"]
        assert row["stage"] == products.loc[row["product"], "stage"], row["product"]
    order = products.drop_duplicates("stage").set_index("stage")["stage_order"]
    assert chain.stages.set_index("stage")["stage_order"].astype(int).to_dict() == order.to_dict()
    costs = read_raw("vaccine_chain", "expansion_costs.csv").set_index("product")
    assert set(costs.index) == set(products.index)
    assert (costs["cost_low"] <= costs["cost_per_unit"]).all()
    assert (costs["cost_per_unit"] <= costs["cost_high"]).all()


def test_every_number_of_the_recipe_has_a_source_or_says_that_it_is_assumed():
    numbers = _project_chain().assumptions
    assert numbers["source"].str.len().gt(10).all()
    named = r"FDA|EMA|questionnaire|Assumption of this repository, to be replaced"
    assert numbers["source"].str.contains(named).all()
    assert (numbers["low"] <= numbers["value"]).all()
    assert (numbers["value"] <= numbers["high"]).all()


def test_the_projects_chain_of_eu_size_runs_through(capacity):
    chain = _project_chain()
    eu = [f"C{number:02}" for number in range(27)] + ["OTHERS"]
    best = chain.products.set_index("product")["doses_per_unit"]
    rows = [
        (product, country, 1e6 * (3 + number % 7) / doses)
        for product, doses in best.items()
        for number, country in enumerate(eu)
    ]
    amounts = capacity(*rows)
    ramp = pd.DataFrame(
        {
            "stage": "fill_and_finish",
            "month": pd.date_range("2021-01-01", periods=12, freq="MS"),
            "share": [(1 + month) / 12 for month in range(12)],
        }
    )
    plan = best_plan(chain_case(chain, amounts, start="2021-01", months=12, ramp_up=ramp))
    assert len(plan.case.periods) == 12
    table = worths(plan)
    assert table["binds"].any()
    assert (table[["per_dose_more", "per_dose_less"]].fillna(0) <= 1 + 1e-6).all(axis=None)
    assert stage_capacity(plan).groupby("stage").size().to_list() == [12] * 9


def test_the_readme_names_every_file_of_the_dataset():
    from helpers.data.catalog import dataset_folder

    folder: Path = dataset_folder("vaccine_chain")
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert all(f"`{path.name}`" in text for path in folder.glob("*.csv"))
