import math

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.analysis.capacity import (
    capacity_by_country,
    capacity_by_product,
    capacity_by_region,
    capacity_by_stage,
    counted_entries,
    select_entries,
    totals,
    usable_readings,
)
from helpers.data.errors import InputError

stated = st.lists(
    st.tuples(
        st.integers(0, 8),
        st.sampled_from(["AT", "BE", "CY"]),
        st.one_of(
            st.integers(0, 50).map(lambda n: (n, n)),
            st.tuples(st.integers(0, 9), st.integers(9, 99)),
            st.integers(0, 50).map(lambda n: (n, None)),
            st.just((None, None)),
        ),
        st.sampled_from(["vials", "lipids"]),
    ),
    max_size=25,
)
laws = settings(
    max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


def test_ranges_open_ends_zeros_and_no_answers_are_told_apart(answers):
    row = totals(answers, []).iloc[0]
    assert (row["respondents"], row["companies"], row["zero"], row["no_amount"]) == (5, 3, 1, 1)
    assert (row["entries"], row["open_ended"]) == (4, 1)
    assert (row["low"], row["point"]) == (170, 100 + 20 + 50)
    assert pd.isna(row["high"])
    assert row["high_stated"] == 100 + 80 + 50


def test_the_value_read_from_a_range_is_the_stated_one_else_the_end_that_was_given(entries):
    table = entries(("r1", "AT", 4, 9), ("r2", "AT", 50, None), ("r3", "AT", 0, 50), ("r4", "AT", 0, 0))
    table["amount"] = pd.array([6.0, None, None, 0.0], dtype="Float64")
    assert usable_readings(table)["point"].to_list() == [6, 50, 25, 0]


def test_no_amount_is_missing_and_zero_is_zero(answers, countries):
    table = capacity_by_country(answers, countries, ["AT", "BE", "CY", "FR"]).set_index("country")
    assert pd.isna(table.loc["CY", "point"])
    assert (table.loc["CY", "respondents"], table.loc["FR", "respondents"]) == (1, 0)
    assert pd.isna(table.loc["FR", "point"])
    zero = capacity_by_country(answers[answers["respondent_id"] == "r4"], countries, ["BE"])
    assert zero["point"].to_list() == [0]
    assert pd.isna(zero["share"].iloc[0])


def test_countries_come_most_first_and_those_without_an_amount_last(answers, countries):
    table = capacity_by_country(answers, countries, ["FR", "CY", "BE", "AT"])
    assert table["country"].to_list() == ["AT", "BE", "CY", "FR"]
    assert table["name"].to_list() == ["Austria", "Belgium", "Cyprus", "France"]
    assert table["share"].sum() == pytest.approx(1)


def test_countries_outside_the_scope_are_left_out(answers, countries):
    table = capacity_by_country(answers, countries, ["BE"])
    assert table["respondents"].to_list() == [2]


def test_companies_and_units_are_counted_apart(entries):
    table = totals(entries(("r1", "AT", 5, 5), ("r1", "AT", 7, 7)), ["country"])
    assert (table["companies"].iloc[0], table["entries"].iloc[0], table["point"].iloc[0]) == (1, 2, 12)


def test_different_units_are_never_added(entries, products):
    table = entries(("r1", "AT", 5, 5, "lipids"), ("r1", "AT", 7, 7, "drums"))
    stages = capacity_by_stage(table, products)
    assert stages["stage"].to_list() == ["raw_materials", "raw_materials", "vials", "storage"]
    assert stages.loc[:1, "point"].to_list() == [5, 7]
    assert stages.loc[:1, "share"].to_list() == [1, 1]


def test_products_that_nobody_named_are_shown(entries, products):
    table = capacity_by_product(entries(("r1", "AT", 5, 5)), products).set_index("product")
    assert table.index.to_list() == ["lipids", "drums", "vials", "pallets"]
    assert (table.loc["lipids", "respondents"], table.loc["vials", "point"]) == (0, 5)


def test_an_unreadable_entry_without_a_unit_is_counted_with_its_product(entries, products, countries):
    table = entries(("r1", "AT", 5, 5), ("r2", "AT", None, None))
    table["unit"] = table["unit"].mask(~table["usable"])
    by_country = capacity_by_country(table, countries, ["AT"])
    assert by_country[["respondents", "no_amount"]].to_numpy().tolist() == [[2, 1]]
    by_product = capacity_by_product(table, products).set_index("product")
    assert by_product.loc["vials", "no_amount"] == 1


def test_what_could_not_be_placed_has_a_row_of_its_own_at_the_end_of_its_country(entries, regions):
    table = entries(("r1", "AT", 5, 5, "vials", "AT22"), ("r2", "AT", 9, 9, "vials", None))
    found = capacity_by_region(table, regions, ["AT", "BE"])
    assert found["region"].to_list() == ["Steiermark", "Wien", "Not placed", "Brussels"]
    assert found["point"].fillna(-1).to_list() == [5, -1, 9, -1]
    assert pd.isna(found["nuts2"].iloc[2])


def test_a_region_or_product_or_unit_that_is_not_known_is_refused(entries, regions, products):
    with pytest.raises(InputError, match="nuts2 is AT99"):
        capacity_by_region(entries(("r1", "AT", 5, 5, "vials", "AT99")), regions, ["AT"])
    strange = entries(("r1", "AT", 5, 5))
    with pytest.raises(InputError, match="product is masks"):
        capacity_by_product(strange.assign(product="masks"), products)
    with pytest.raises(InputError, match="unit of vials is litres; its base unit is units/month"):
        capacity_by_product(strange.assign(unit="litres"), products)


def test_a_country_without_a_name_is_refused(answers, countries):
    with pytest.raises(InputError, match="there is no row for XX"):
        capacity_by_country(answers, countries, ["AT", "XX"])


def test_nothing_at_all_gives_tables_of_the_same_form(entries, answers, products, countries, regions):
    nothing = entries()
    for empty, full in (
        (totals(nothing, ["country"]), totals(answers, ["country"])),
        (capacity_by_product(nothing, products), capacity_by_product(answers, products)),
        (capacity_by_stage(nothing, products), capacity_by_stage(answers, products)),
        (capacity_by_country(nothing, countries, ["AT"]), capacity_by_country(answers, countries, ["AT"])),
        (capacity_by_region(nothing, regions, ["AT"]), capacity_by_region(answers, regions, ["AT"])),
    ):
        assert empty.columns.to_list() == full.columns.to_list()
    assert capacity_by_country(nothing, countries, ["AT", "BE"])["respondents"].to_list() == [0, 0]


def test_duplicates_and_withdrawn_respondents_do_not_count(answers):
    respondents = pd.DataFrame(
        {
            "respondent_id": ["r1", "r2", "r3", "r4", "r5"],
            "status": ["counted", "duplicate", "withdrawn", "counted", "counted"],
        }
    )
    assert counted_entries(answers, respondents)["respondent_id"].to_list() == ["r1", "r4", "r5"]
    with pytest.raises(InputError, match="respondent r5 is not in the table"):
        counted_entries(answers, respondents[:4])


def test_selecting_keeps_what_was_asked_for(entries):
    table = entries(("r1", "AT", 5, 5, "lipids"), ("r1", "BE", 7, 7, "vials"))
    assert len(select_entries(table, stage="vials", countries=["BE"])) == 1
    assert len(select_entries(table, product="lipids", countries=["BE"])) == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amount_low": -1.0}, "amount_low"),
        ({"amount_low": 200.0}, "above amount_high"),
        ({"amount_low": None}, "no amount_low"),
    ],
)
def test_bounds_that_make_no_sense_are_refused(entries, change, words):
    with pytest.raises(InputError, match=words):
        totals(entries(("r1", "AT", 5, 5)).assign(**change), [])


@given(stated)
@laws
def test_totals_keep_their_order_and_add_up(entries, rows):
    table = entries(*((f"r{who}", country, *ends, item) for who, country, ends, item in rows))
    found = totals(table, ["country"])
    assert (found["respondents"] == found["companies"] + found["zero"] + found["no_amount"]).all()
    known = found.dropna(subset=["point"])
    assert (known["low"] <= known["point"]).all()
    assert (known["point"] <= known["high_stated"]).all()
    closed = known.dropna(subset=["high"])
    assert (closed["high"] == closed["high_stated"]).all()
    whole = totals(table, [])
    for unit, group in found.groupby("unit"):
        one = whole[whole["unit"] == unit].iloc[0]
        assert math.isclose(group["point"].sum(), 0 if pd.isna(one["point"]) else one["point"])
        assert group["entries"].sum() == one["entries"]


@given(stated, st.randoms())
@laws
def test_the_order_of_entries_changes_nothing(entries, rows, random):
    table = entries(*((f"r{who}", country, *ends, item) for who, country, ends, item in rows))
    order = list(range(len(table)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(totals(table, ["country"]), totals(table.iloc[order], ["country"]))
