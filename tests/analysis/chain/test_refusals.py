"""What is wrong in a recipe, in capacity or in a scenario is refused with its row."""

import pandas as pd
import pytest

from helpers.analysis.chain import chain_case, cheapest_expansion, read_chain
from helpers.data.errors import InputError

RECIPE = pd.DataFrame(
    {
        "product": ["filling", "vials"],
        "stage": ["fill", "glass"],
        "part": ["filling", "vials"],
        "used_at": ["fill", "fill"],
        "routes": ["all", "vial"],
        "unit": ["doses/month", "units/month"],
        "capacity_kind": ["flow", "flow"],
        "units_per_dose": [1.0, 0.1],
    }
)
STAGES = pd.DataFrame({"stage": ["glass", "fill"], "stage_order": [1, 2], "yield_share": [1.0, 0.9]})
ROUTES = pd.DataFrame({"route": ["vial", "syringe"]})


def _with(table: pd.DataFrame, row: int, column: str, value: object) -> pd.DataFrame:
    changed = table.astype({column: "object"}) if column in table else table.assign(**{column: None})
    changed[column] = changed[column].astype("object")
    changed.loc[row, column] = value
    return changed


@pytest.mark.parametrize(
    ("row", "column", "value", "said"),
    [
        (1, "units_per_dose", 0, "recipe: row 3, column units_per_dose: 0; a number above 0"),
        (1, "units_per_dose", -2, "recipe: row 3, column units_per_dose: -2"),
        (1, "units_per_dose", "a few", "recipe: row 3, column units_per_dose: a few"),
        (0, "stage", "fil", "recipe: row 2, column stage: fil; did you mean fill?"),
        (0, "used_at", "nowhere", "recipe: row 2, column used_at: nowhere; allowed: glass, fill"),
        (
            1,
            "routes",
            "vial;siringe",
            "recipe: row 3, column routes: vial;siringe; allowed: all, or of vial, syringe",
        ),
        (1, "routes", "all;vial", "recipe: row 3, column routes: all;vial"),
        (1, "capacity_kind", "stok", "recipe: row 3, column capacity_kind: stok; did you mean stock?"),
        (
            1,
            "capacity_kind",
            "stock",
            "recipe: row 3, column stay_months: nothing; a stock needs how many months",
        ),
        (1, "units_high", 0.05, "recipe: row 3, column units_high: 0.05; at least units_per_dose"),
        (1, "product", " ", "recipe: row 3, column product: blank; a name or code is needed"),
        (
            1,
            "product",
            "filling",
            "recipe: row 3, column product: filling is listed before for the route vial",
        ),
        (1, "part", "filling", "recipe: row 3, column stage: glass; part filling has fill in an earlier row"),
    ],
)
def test_a_faulty_recipe_is_refused_with_its_row(row, column, value, said):
    with pytest.raises(InputError) as fault:
        read_chain(_with(RECIPE, row, column, value), STAGES, ROUTES)
    assert said in str(fault.value)


@pytest.mark.parametrize("value", [1.2, 0, -0.5, None, "most"])
def test_a_yield_is_above_nothing_and_at_most_one(value):
    with pytest.raises(
        InputError, match=r"stages: row 3, column yield_share: .*above 0 and up to 1 is allowed"
    ):
        read_chain(RECIPE, _with(STAGES, 1, "yield_share", value), ROUTES)


def test_a_route_that_needs_nothing_and_a_stage_listed_twice_are_refused():
    with pytest.raises(InputError, match="no row for the route syringe"):
        read_chain(RECIPE.assign(routes="vial"), STAGES, ROUTES)
    with pytest.raises(InputError, match="stages: row 4, column stage: fill; listed before"):
        read_chain(RECIPE, pd.concat([STAGES, STAGES.tail(1)]), ROUTES)
    with pytest.raises(InputError, match="routes: column route is missing"):
        read_chain(RECIPE, STAGES, pd.DataFrame({"way": ["vial"]}))


CHAIN = read_chain(RECIPE, STAGES, ROUTES)
GOOD = pd.DataFrame({"product": ["filling", "vials"], "country": ["BE", "IT"], "amount": [10.0, 5.0]})


@pytest.mark.parametrize(
    ("row", "column", "value", "said"),
    [
        (1, "amount", -1, "capacity: row 3, column amount: -1; a number from 0"),
        (1, "amount", None, "capacity: row 3, column amount: nothing"),
        (1, "amount", float("inf"), "capacity: row 3, column amount: inf"),
        (1, "amount", True, "capacity: row 3, column amount: True"),
        (0, "product", "fillings", "capacity: row 2, column product: fillings; did you mean filling?"),
        (0, "country", None, "capacity: row 2, column country: nothing"),
        (
            0,
            "unit",
            "litres",
            "capacity: row 2, column unit: litres; the recipe counts this product in doses/month",
        ),
        (0, "month", "2021-03-05", "capacity: row 2, column month: 2021-03-05; the first day of a month"),
        (0, "month", "March", "capacity: row 2, column month: March"),
    ],
)
def test_faulty_capacity_is_refused_with_its_row(row, column, value, said):
    with pytest.raises(InputError) as fault:
        chain_case(CHAIN, _with(GOOD, row, column, value), start="2021-03")
    assert said in str(fault.value)


def test_rows_are_those_of_the_raw_file_where_they_are_known():
    raw = GOOD.assign(raw_row=[17, 23], amount=[1, -1])
    with pytest.raises(InputError, match="capacity: row 23, column amount"):
        chain_case(CHAIN, raw, start="2021-03")


def test_the_same_capacity_twice_is_refused():
    with pytest.raises(InputError, match="capacity: row 4, column product: filling; listed before"):
        chain_case(CHAIN, pd.concat([GOOD, GOOD.head(1)]), start="2021-03")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"start": "spring"}, "start: 'spring' is no month"),
        ({"months": 0}, "months: 0; a whole number from 1 to 120"),
        ({"enough": ["stoppers"]}, "enough: 'stoppers' is no product of the recipe"),
        ({"closed": pd.DataFrame({"country": ["XX"]})}, "closed: row 2, column country: XX; allowed: BE, IT"),
        (
            {"closed": pd.DataFrame({"country": ["BE"], "stage": ["fil"]})},
            "column stage: fil; did you mean fill",
        ),
        ({"needs": pd.DataFrame({"country": ["BE"], "amount": [-1]})}, "needs: row 2, column amount: -1"),
        (
            {"needs": pd.DataFrame({"country": ["BE"] * 2, "month": [None, "2021-04-01"], "amount": 1})},
            "needs: row 3, column month: 2021-04-01 00:00:00; this country's need of every month is given",
        ),
        (
            {"ramp_up": pd.DataFrame({"stage": ["fill"], "month": ["2021-04-01"], "share": [1.5]})},
            "ramp_up: row 2, column share: 1.5; a number from 0 to 1",
        ),
        (
            {
                "ramp_up": pd.DataFrame(
                    {"stage": ["fill"], "product": ["filling"], "month": [None], "share": [1]}
                )
            },
            "ramp_up: row 2, column product: filling; either a product or a stage",
        ),
    ],
)
def test_a_faulty_case_is_refused(arguments, said):
    with pytest.raises(InputError) as fault:
        chain_case(CHAIN, GOOD, **{"start": "2021-03", **arguments})
    assert said in str(fault.value)


def test_faulty_costs_and_targets_are_refused():
    case = chain_case(CHAIN, GOOD, start="2021-03", months=1)
    costs = pd.DataFrame({"product": ["vials"], "cost_per_unit": [-5.0]})
    with pytest.raises(InputError, match="costs: row 2, column cost_per_unit: -5"):
        cheapest_expansion(case, 10, costs)
    with pytest.raises(InputError, match="target: -1; a number of doses"):
        cheapest_expansion(case, -1, costs)
    with pytest.raises(InputError, match="another unit"):
        cheapest_expansion(case, 1, costs.assign(cost_per_unit=1, unit="litres"))
