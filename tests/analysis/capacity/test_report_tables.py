"""What a report shows of answers: nothing of a few, nothing that gives away what is held back."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.analysis import capacity
from helpers.analysis.capacity.published import STATUS_WORDS
from helpers.analysis.capacity.safe import significant
from helpers.analysis.disclosure import Rules
from helpers.data.errors import InputError

RULES = Rules()
PRODUCTS = pd.DataFrame(
    {
        "product": ["vials", "caps", "boxes"],
        "label": ["Glass vials", "Caps", "Boxes"],
        "stage": ["vials", "vials", "packaging"],
        "stage_label": ["Vials and closures", "Vials and closures", "Packaging"],
        "stage_order": [1, 1, 2],
        "base_unit": ["units/month", "units/month", "units/month"],
    }
)
COUNTRIES = pd.DataFrame(
    {"country": ["AT", "BE", "CY", "DE"], "name": ["Austria", "Belgium", "Cyprus", "Germany"]}
)
CODES = ["AT", "BE", "CY", "DE"]


def entry(
    key: str, country: str, amount: float, product: str = "vials", **changes: object
) -> dict[str, object]:
    stage = "packaging" if product == "boxes" else "vials"
    row = {
        "respondent_id": key,
        "country": country,
        "product": product,
        "stage": stage,
        "amount": amount,
        "amount_low": amount,
        "amount_high": amount,
        "unit": "units/month",
        "usable": True,
        "flags": "",
        "available_from": pd.Timestamp("2021-03-01"),
    }
    return row | changes


def entries(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(list(rows))


def many(country: str, amounts: list[float], product: str = "vials") -> list[dict[str, object]]:
    return [entry(f"{country}{product}{n}", country, amount, product) for n, amount in enumerate(amounts)]


def beside(rows: pd.DataFrame, consent: str = "totals") -> pd.DataFrame:
    """Return what may be shown beside the map, if all gave the same consent."""
    people = rows[["respondent_id", "country"]].drop_duplicates("respondent_id")
    people = people.assign(status="counted", consent=consent)
    return capacity.shown_totals(rows, people, PRODUCTS, CODES, rules=RULES)


def cells(rows: pd.DataFrame, consent: str = "totals") -> pd.DataFrame:
    """Return the protected cells of all products and countries."""
    return capacity.protected_cells(rows, PRODUCTS, CODES, RULES, beside(rows, consent))


def by_country(rows: pd.DataFrame, product: str = "vials") -> pd.DataFrame:
    return capacity.published_by_country(cells(rows), COUNTRIES, product)


def test_the_most_named_product_is_chosen_and_ties_go_to_the_first() -> None:
    rows = entries(*many("AT", [1, 2], "caps"), *many("AT", [1, 2, 3], "boxes"))
    assert capacity.focus_product(rows, PRODUCTS) == "boxes"
    assert capacity.focus_product(rows, PRODUCTS, "packaging") == "boxes"
    assert capacity.focus_product(rows.query("product == 'caps'"), PRODUCTS) == "caps"
    assert capacity.focus_product(rows, PRODUCTS, "vials") == "vials"
    assert capacity.focus_product(rows.head(0), PRODUCTS) == "vials"


def test_an_unknown_product_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InputError, match=r"viols.*most_named, vials, packaging, vials, caps, boxes"):
        capacity.focus_product(entries(*many("AT", [1])), PRODUCTS, "viols")


def test_a_product_of_two_respondents_is_held_back_with_all_its_numbers() -> None:
    rows = entries(*many("AT", [5, 5], "caps"), *many("AT", [10, 11, 12, 13], "vials"))
    table = capacity.published_by_product(cells(rows), PRODUCTS).set_index("product")
    assert table["status"].to_dict() == {"vials": "published", "caps": "suppressed", "boxes": "zero"}
    numbers = ["respondents", "low", "point", "high", "high_stated"]
    assert table.loc["caps", numbers].isna().all()
    assert table.loc["vials", "point"] == 46
    assert {"share", "rank", "companies", "zero", "no_amount"}.isdisjoint(table.columns)


def test_a_respondent_without_an_amount_is_in_no_number() -> None:
    rows = entries(*many("DE", [100, 90, 80, 95]), entry("b", "BE", 1, usable=False))
    table = by_country(rows).set_index("country")
    assert table.loc[["DE", "BE"], "respondents"].tolist() == [4, 0]
    assert table.loc["BE", "status"] == "zero"


def test_a_sum_with_an_answer_without_upper_end_has_none() -> None:
    rows = entries(*many("DE", [100, 90, 80, 95]), entry("open", "DE", 50, amount_high=float("nan")))
    total = cells(rows).query("country == 'total' and product == 'vials'").iloc[0]
    assert pd.isna(total["high"])
    assert total["high_stated"] == total["point"] == 415


def test_a_total_whose_width_is_one_respondents_range_is_shown_without_its_ends() -> None:
    wide = entry("wide", "DE", 50, amount_low=20, amount_high=200)
    total = cells(entries(*many("DE", [100, 90, 80, 95]), wide)).query("country == 'total'").iloc[0]
    assert total["status"] == "published"
    assert total[["low", "high", "high_stated"]].isna().all()


def test_a_total_of_many_ranges_is_shown_with_its_ends() -> None:
    ranges = [entry(f"r{n}", "DE", 50 + n, amount_low=30 + n, amount_high=90 + n) for n in range(8)]
    total = cells(entries(*ranges)).query("country == 'total'").iloc[0]
    assert total["low"] < total["point"] < total["high"]


def test_no_country_is_shown_with_ends_that_the_total_would_tell_of_another() -> None:
    ranges = [
        entry(f"{c}{n}", c, 50 + n, amount_low=30 + n, amount_high=90 + n)
        for c in ("DE", "AT")
        for n in range(8)
    ]
    table = by_country(entries(*ranges)).query("status == 'published'")
    assert len(table) == 2
    assert table[["low", "high", "high_stated"]].isna().all(axis=None)


def test_a_country_held_back_cannot_be_had_by_subtraction() -> None:
    rows = entries(*many("DE", [100, 90, 80, 95]), *many("BE", [50, 60, 55, 40]), *many("AT", [7]))
    table = by_country(rows).set_index("country")
    hidden = table[table["status"] == "suppressed"]
    assert "AT" in hidden.index
    assert len(hidden) >= 2
    assert hidden[["point", "low", "high_stated", "respondents"]].isna().all(axis=None)
    assert table.loc["CY", "status"] == "zero"


def test_a_total_that_the_map_would_take_apart_is_held_back() -> None:
    rows = entries(*many("DE", [100, 90, 80]), entry("last", "DE", 70))
    people = rows[["respondent_id", "country"]].assign(status="counted", consent="whole")
    people.loc[people["respondent_id"] == "last", "consent"] = "totals"
    mapped = capacity.shown_totals(rows, people, PRODUCTS, CODES, rules=RULES)
    with_map = capacity.protected_cells(rows, PRODUCTS, CODES, RULES, mapped)
    alone = capacity.published_by_product(cells(rows), PRODUCTS).set_index("product")
    shown = capacity.published_by_product(with_map, PRODUCTS).set_index("product")
    assert alone.loc["vials", "status"] == "published"
    assert shown.loc["vials", "status"] == "suppressed"


def test_a_total_that_tells_the_only_country_held_back_is_held_back_too() -> None:
    rules = Rules(dominance_k=100)
    rows = entries(*many("BE", [900, 800]), *many("AT", [15] * 4), *many("DE", [15] * 4))
    table = capacity.protected_cells(rows, PRODUCTS, CODES, rules, beside(rows))
    vials = table[table["product"] == "vials"].set_index("country")
    hidden = vials.index[vials["status"] == "suppressed"]
    assert "BE" in hidden
    assert len(hidden) >= 2


def test_what_is_shown_comes_first_and_held_back_before_none() -> None:
    rows = entries(*many("DE", [100, 90, 80, 95]), *many("BE", [500, 600, 550, 400]), *many("AT", [7, 8]))
    table = by_country(rows)
    order = [STATUS_WORDS[status] for status in ("published", "suppressed", "zero")]
    assert table["shown"].map(order.index).is_monotonic_increasing


def test_one_country_shows_of_each_product_what_the_table_by_country_shows() -> None:
    rows = entries(
        *many("DE", [100, 90, 80, 95]),
        *many("BE", [50, 60, 55, 40]),
        *many("AT", [7]),
        *many("DE", [5, 6], "boxes"),
        entry("z", "DE", 0, "caps"),
    )
    table = cells(rows)
    own = capacity.published_in_country(table, PRODUCTS, "DE").set_index("product")
    vials = capacity.published_by_country(table, COUNTRIES, "vials").set_index("country")
    assert own.loc["vials", "status"] == vials.loc["DE", "status"]
    assert own.loc["boxes", "status"] == "suppressed"
    assert pd.isna(own.loc["boxes", "point"])
    assert list(own.index) == ["vials", "caps", "boxes"]
    assert pd.isna(own.loc["caps", "point"])
    assert capacity.published_in_country(table, PRODUCTS, "CY").empty


def test_nobody_named_the_product_gives_a_row_a_country_and_no_amount() -> None:
    table = by_country(entries(*many("DE", [1])).head(0))
    assert table["status"].tolist() == ["zero"] * 4
    assert table["point"].isna().all()
    assert table["respondents"].tolist() == [0] * 4


@settings(max_examples=30)
@given(st.dictionaries(st.sampled_from(CODES), st.integers(0, 6), min_size=1))
def test_no_cell_of_the_coverage_tells_a_number_below_the_minimum(numbers: dict[str, int]) -> None:
    rows = [
        row for country, number in numbers.items() for row in many(country, [10.0 + n for n in range(number)])
    ]
    known = entries(*rows) if rows else entries(entry("x", "AT", 1)).head(0)
    matrix = capacity.published_coverage(known, PRODUCTS, CODES, RULES)
    shown = pd.to_numeric(matrix["shown"], errors="coerce").dropna()
    assert (shown >= RULES.min_count).all()
    covered = set(matrix.loc[matrix["status"] != "gap", "country"])
    assert covered == {country for country, number in numbers.items() if number}
    assert matrix.loc[matrix["status"] == "few", "respondents"].isna().all()


def test_steps_of_too_few_respondents_wait_for_the_next_months() -> None:
    months = [
        "2021-01-01",
        "2021-02-01",
        "2021-02-01",
        "2021-02-01",
        "2021-03-01",
        "2021-04-01",
        "2021-04-01",
        "2021-05-01",
    ]
    rows = [entry(f"r{n}", "AT", 10, available_from=pd.Timestamp(month)) for n, month in enumerate(months)]
    table = capacity.safe_ramp_up(entries(*rows), RULES)
    assert table["respondents"].tolist() == [4, 8]
    assert table["point"].tolist() == [40, 80]


def test_the_last_step_is_taken_back_where_the_rest_would_tell_a_respondent() -> None:
    early = [entry(f"r{n}", "AT", 10, available_from=pd.Timestamp("2021-01-01")) for n in range(4)]
    late = entry("z", "AT", 1e6, available_from=pd.Timestamp("2021-06-01"))
    assert capacity.safe_ramp_up(entries(*early, late), RULES).empty
    assert len(capacity.safe_ramp_up(entries(*early), RULES)) == 1


def test_an_entry_without_a_month_is_available_already() -> None:
    dated = [entry(f"r{n}", "AT", 10, available_from=pd.Timestamp("2021-02-01")) for n in range(3)]
    table = capacity.safe_ramp_up(entries(*dated, entry("z", "AT", 7, available_from=pd.NaT)), RULES)
    assert table[["respondents", "point"]].values.tolist() == [[4, 37]]


def test_a_step_that_one_respondent_dominates_is_not_shown() -> None:
    rows = [entry(f"r{n}", "AT", 1, available_from=pd.Timestamp("2021-01-01")) for n in range(5)]
    rows.append(entry("giant", "AT", 1e6, available_from=pd.Timestamp("2021-01-01")))
    assert capacity.safe_ramp_up(entries(*rows), RULES).empty


def test_no_amount_of_a_respondent_is_a_step_of_the_distribution() -> None:
    amounts = [13.0, 47.0, 111.0, 987.0, *(3210.0 + n for n in range(7))]
    table = capacity.sizes_on_grid(capacity.size_distribution(entries(*many("AT", amounts))), 11, 3)
    assert set(table["amount"]).isdisjoint(amounts)
    assert table["share_low"].is_monotonic_increasing
    assert table["amount"].to_list() == [20, 50, 100, 200, 500, 1000, 2000]


def test_no_amount_that_few_exceed_is_a_step_of_the_distribution() -> None:
    amounts = [3.0 * 10**power for power in range(9)]
    sizes = capacity.size_distribution(entries(*many("AT", amounts)))
    table = capacity.sizes_on_grid(sizes, 9, 3)
    assert table["amount"].max() == 20_000, "five of nine are above 20,000, four above 50,000"
    assert capacity.sizes_on_grid(sizes, 9, 8).empty


@pytest.mark.parametrize(
    ("amounts", "told"),
    [([10.0] * 8, True), ([1e6, 9e5, *[1.0] * 20], False), ([*[1e6] * 5, *[1.0] * 20], True)],
)
def test_the_largest_are_told_of_only_if_they_pass_the_rules_as_a_cell(
    amounts: list[float], told: bool
) -> None:
    assert capacity.largest_may_be_shown(entries(*many("AT", amounts)), RULES) == told


def test_two_giants_are_held_back_even_where_many_small_ones_make_the_total_safe() -> None:
    rows = entries(*many("AT", [100.0, 90.0, *[1.0] * 60]))
    assert set(cells(rows).query("country == 'total' and product == 'vials'")["status"]) == {"published"}
    assert not capacity.largest_may_be_shown(rows, RULES)


def test_the_largest_are_judged_without_the_entries_that_are_public() -> None:
    rows = entries(*many("AT", [90.0, 80, 50, 10, 6, *[1.0] * 60]))
    public = ["ATvials2"]
    assert capacity.largest_may_be_shown(rows, RULES)
    assert not capacity.largest_may_be_shown(rows, RULES, public), "170 of 186 are with two"
    assert not capacity.largest_may_be_shown(rows, RULES, [f"ATvials{n}" for n in range(4)]), "one is left"
    assert capacity.largest_may_be_shown(rows, RULES, [f"ATvials{n}" for n in range(5)]), "nobody is left"


def test_each_group_of_five_is_judged_without_the_entries_that_are_public() -> None:
    rows = entries(*many("AT", [*[100.0] * 5, *[80.0] * 5, *[1.0] * 15]))
    assert capacity.largest_may_be_shown(rows, RULES, ["ATvials5", "ATvials6"])
    assert not capacity.largest_may_be_shown(rows, RULES, ["ATvials5", "ATvials6", "ATvials7"])


def test_a_group_so_small_that_rounded_shares_leave_it_open_holds_nothing_back() -> None:
    rows = entries(*many("AT", [*[100.0] * 5, *[80.0] * 5, *[1.0] * 15]))
    assert capacity.largest_may_be_shown(rows, RULES, [f"ATvials{n}" for n in range(10, 23)])


@settings(max_examples=30)
@given(st.lists(st.floats(1, 1e6), min_size=8, max_size=40), st.data())
def test_no_largest_are_told_of_if_those_not_public_among_them_break_a_rule_in_plain_sight(
    amounts: list[float], data: st.DataObject
) -> None:
    names = [f"ATvials{n}" for n in range(len(amounts))]
    public = data.draw(st.sets(st.sampled_from(names)))
    ranked = sorted(zip(amounts, names, strict=True), reverse=True)
    hidden = [amount for amount, name in ranked[:5] if name not in public]
    if capacity.largest_may_be_shown(entries(*many("AT", amounts)), RULES, public) and hidden:
        needed = 0.0 if len(hidden) >= 3 else 0.1 * sum(hidden)
        needed = max(needed, sum(hidden[:2]) / 0.85 - sum(hidden))
        assert needed <= 0.01 * sum(amounts) + 1e-6


def test_a_range_is_not_told_if_what_is_left_without_public_ranges_is_dominated() -> None:
    spans = [30.0, 28.0, 25.0, 3.0, 2.0, 2.0]
    rows = [entry(f"w{n}", "AT", 100, amount_low=100 - w, amount_high=100 + w) for n, w in enumerate(spans)]
    known = entries(*rows)

    def low(public: list[str]) -> object:
        table = capacity.protected_cells(known, PRODUCTS, CODES, RULES, beside(known), public)
        return table.set_index(["product", "country"])["low"].loc["vials", "total"]

    assert low([]) == 510
    assert low(["w3"]) == 510
    assert pd.isna(low(["w2"])), "58 of 65 of the width are with two"
    assert pd.isna(low(["w0", "w1", "w2", "w3"])), "two are left"
    assert low([f"w{n}" for n in range(6)]) == 510, "whoever has the map knows all"


def test_totals_beside_the_map_are_rounded_as_in_the_reports() -> None:
    rows = entries(*many("DE", [1234.56, 1111.11, 1098.76, 1043.21]))
    shown = beside(rows).set_index(["product", "country"])["value"]
    assert shown.loc["vials", "total"] == 4490
    reported = cells(rows).set_index(["product", "country"])["point"]
    assert shown.loc["vials", "DE"] == reported.loc["vials", "DE"]


def test_a_step_of_the_ramp_up_is_judged_without_the_entries_that_are_public() -> None:
    early = [entry(f"r{n}", "AT", 10, available_from=pd.Timestamp("2021-01-01")) for n in range(4)]
    late = [entry(f"z{n}", "AT", 10, available_from=pd.Timestamp("2021-06-01")) for n in range(4)]
    rows = entries(*early, *late)
    assert capacity.safe_ramp_up(rows, RULES)["respondents"].tolist() == [4, 8]
    assert capacity.safe_ramp_up(rows, RULES, ["r0", "r1"])["respondents"].tolist() == [8]
    assert capacity.safe_ramp_up(rows, RULES, ["r0", "r1", "r2", "r3"])["respondents"].tolist() == [4, 8]


def test_what_is_left_after_the_last_step_is_judged_without_the_entries_that_are_public() -> None:
    early = [entry(f"r{n}", "AT", 10, available_from=pd.Timestamp("2021-01-01")) for n in range(4)]
    late = [entry(f"z{n}", "AT", 10, available_from=pd.Timestamp(f"2021-0{6 + n}-01")) for n in range(3)]
    rows = entries(*early, *late)
    public = ["r0", "r1", "r2", "z0", "z1"]
    assert capacity.safe_ramp_up(rows, RULES, public).empty


def test_what_a_stage_rests_on_is_told_without_shares() -> None:
    rows = entries(*many("AT", [1, 2], "boxes"), *many("BE", [5, 6, 7, 8]))
    table = capacity.frail_stages(rows, PRODUCTS, CODES, RULES).set_index("stage_label")
    assert pd.isna(table.loc["Packaging", "respondents"])
    assert table.loc["Vials and closures", "respondents"] == 4
    assert not [column for column in table.columns if "share" in column]


def test_a_distribution_of_a_product_that_is_held_back_is_not_drawn() -> None:
    few, enough = entries(*many("AT", [5, 6])), entries(*many("AT", [5, 6, 7, 8]))
    assert capacity.publishable(few, cells(few)).empty
    assert len(capacity.publishable(enough, cells(enough))) == 4
    assert "held back" in str(capacity.held_back_notice(few, few.head(0), "Vials"))


@given(st.lists(st.floats(min_value=1e-3, max_value=1e12), min_size=1), st.integers(1, 5))
def test_rounding_to_significant_digits_stays_within_half_a_digit(values: list[float], digits: int) -> None:
    rounded = significant(pd.Series(values), digits).astype(float)
    assert np.all(np.abs(rounded - values) <= np.array(values) * 0.5 * 10.0 ** (1 - digits) * 1.000001)


def people() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "respondent_id": [f"r{n}" for n in range(8)],
            "country": ["AT"] * 4 + ["BE"] * 2 + ["DE"] * 2,
            "nuts2": ["AT13"] * 3 + [None, "BE10", "BE10", "DE21", "DE21"],
            "employees": ["small"] * 8,
            "status": ["counted"] * 6 + ["duplicate", "withdrawn"],
        }
    )


INVITED = pd.DataFrame({"country": ["AT", "BE", "CY"], "employees": "small", "invited": [8, 4, 2]})


def test_few_respondents_of_a_country_are_not_counted_out() -> None:
    table = capacity.response_by_country(people(), INVITED, COUNTRIES, CODES, RULES).set_index("country")
    assert table.loc["AT", ["answered", "invited", "words"]].tolist() == [4, 8, "4 of 8"]
    assert table.loc["BE", "words"] == "fewer than 3 of 4"
    assert pd.isna(table.loc["BE", "answered"])
    assert pd.isna(table.loc["BE", "rate"])
    assert table.loc["CY", ["answered", "words"]].tolist() == [0, "0 of 2"]


def test_without_a_list_of_the_invited_no_rate_and_no_weights_are_given() -> None:
    table = capacity.response_by_country(people(), None, COUNTRIES, CODES, RULES)
    assert table["rate"].isna().all()
    assert capacity.overall_rate(people(), None, CODES) is None
    assert capacity.weights_summary(people(), None) == {"design_effect": None, "effective_size": None}


def test_regions_of_few_are_not_on_the_map() -> None:
    regions = pd.DataFrame(
        {"nuts2": ["AT13", "BE10"], "country": ["AT", "BE"], "region": ["Wien", "Bruxelles"]}
    )
    centres = pd.DataFrame({"nuts2": ["AT13", "BE10"], "latitude": [48.2, 50.8], "longitude": [16.4, 4.4]})
    table = capacity.placed_by_region(people(), regions, centres, RULES)
    assert table["status"].tolist() == ["placed"] * 3
    assert set(table["place"]) == {"Wien"}


def test_every_answer_and_amount_is_accounted_for() -> None:
    received = pd.DataFrame({"outcome": ["accepted"] * 8 + ["rejected"] * 2})
    stated = entries(entry("r0", "AT", 1), entry("r1", "AT", 2, usable=False), entry("r6", "DE", 3))
    rows = capacity.accounting(received, people(), stated)["rows"].tolist()
    assert rows == [10, 2, 1, 1, 6, 2, 1, 1]
    assert rows[0] == sum(rows[1:5])
    assert rows[5] == sum(rows[6:])


def test_published_figures_of_another_subject_are_left_out() -> None:
    timeline = pd.DataFrame(
        {
            "raw_row": [2, 3],
            "period_start": pd.to_datetime(["2020-03-18", "2021-01-01"]),
            "date_as_stated": ["2020-03-18", "2021-01"],
            "indicator": ["printing_3d_printers", "vaccine_doses_per_month"],
            "qualifier": ["at_least", "about"],
            "value": [1000.0, 2e7],
            "unit": ["printers", "doses per month"],
            "scope": ["Spain", "EU"],
            "source": ["press release", "Commission"],
        }
    )
    table = capacity.public_figures(timeline, "printing_3d")
    assert table["stated"].tolist() == ["at least 1,000 printers"]
    assert capacity.public_figures(timeline, "another").empty


def test_sites_of_vaccine_production_belong_to_the_vaccine_questionnaire_alone() -> None:
    sites = pd.DataFrame({"country": ["AT", "BE"], "site": ["Wien", "Puurs"], "vaccine": ["a", "b"]})
    assert len(capacity.production_sites(sites, COUNTRIES, None, "vaccine_capacity")) == 2
    assert capacity.production_sites(sites, COUNTRIES, "BE", "vaccine_capacity")["site"].tolist() == ["Puurs"]
    assert capacity.production_sites(sites, COUNTRIES, None, "printing_3d").empty


def test_intervals_are_given_as_answered_and_weighted() -> None:
    rows = entries(*many("AT", [5, 6, 7, 8]), *many("BE", [50, 60, 70]), *many("DE", [1, 2, 3]))
    who = pd.DataFrame(
        {
            "respondent_id": rows["respondent_id"],
            "country": rows["country"],
            "employees": "small",
            "status": "counted",
        }
    )
    invited = pd.DataFrame({"country": ["AT", "BE", "DE"], "employees": "small", "invited": [40, 3, 30]})
    table = capacity.interval_table(rows, who, invited, seed=1, draws=200, level=0.9)
    estimates = table.set_index("label")["estimate"].to_dict()
    assert estimates["Capacity, as answered"] == 212
    assert estimates["Capacity a respondent, as answered"] == 21.2
    # Large Belgian answers were few among the invited: weighted, a respondent has less.
    assert estimates["Capacity a respondent, weighted to those invited"] < 21.2
    assert [label for label in estimates if label.endswith("invited")] == [
        "Capacity a respondent, weighted to those invited"
    ]


def test_a_large_respondent_and_a_large_country_are_called_by_one_word() -> None:
    rows = entries(*many("DE", [1000, 90, 80, 95]), *many("BE", [50, 60, 55, 40]), *many("AT", [70, 60, 65]))
    alone = entries(*many("DE", [90, 90, 80, 95]), *many("BE", [5, 6, 5, 4]), *many("AT", [7, 6, 6]))
    found = [set(capacity.frail_products(one, PRODUCTS, CODES)["label"]) for one in (rows, alone)]
    assert found[0] == found[1] != set()


def test_few_respondents_of_a_country_do_not_follow_from_the_total_of_the_stage() -> None:
    rows = entries(*many("AT", [10, 11, 12, 13, 14]), *many("BE", [10, 11, 12, 13]), *many("CY", [10]))
    table = capacity.published_coverage(rows, PRODUCTS, CODES, RULES).query("stage == 'vials'")
    known = table.set_index("country")["respondents"]
    assert pd.isna(known["CY"])
    assert known[["AT", "BE"]].isna().any()
