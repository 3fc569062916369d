import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis.supply.offers import published_offers, ramp_up_shares, share_in_month

PRODUCTS = pd.DataFrame({"product": ["vials", "caps"], "stage": ["vials", "vials"]})


def cells(rows):
    return pd.DataFrame(rows, columns=["product", "country", "point", "status"])


def coverage(rows):
    return pd.DataFrame(rows, columns=["stage", "country", "respondents", "status"])


def test_a_product_whose_total_is_held_back_has_no_offers():
    table = cells([("vials", "total", None, "suppressed"), ("vials", "AT", 40.0, "published")])
    assert published_offers(table, coverage([]), PRODUCTS).empty


def test_countries_that_state_none_get_nothing_of_what_is_spread():
    table = cells(
        [
            ("vials", "total", 90.0, "published"),
            ("vials", "AT", None, "suppressed"),
            ("vials", "BE", None, "zero"),
        ]
    )
    seen = coverage([("vials", "AT", None, "few"), ("vials", "BE", 9, "covered")])
    offers = published_offers(table, seen, PRODUCTS)
    assert offers.to_dict("records") == [
        {"product": "vials", "country": "AT", "amount": 90.0, "basis": "spread"}
    ]


def test_rounded_countries_that_exceed_the_rounded_total_leave_nothing_to_spread():
    table = cells(
        [
            ("vials", "total", 100.0, "published"),
            ("vials", "AT", 101.0, "published"),
            ("vials", "BE", None, "suppressed"),
        ]
    )
    offers = published_offers(table, coverage([("vials", "BE", 3, "covered")]), PRODUCTS)
    assert offers["country"].to_list() == ["AT"]


@given(
    st.lists(st.integers(1, 30), min_size=1, max_size=12),
    st.floats(1, 1e9),
    st.floats(0, 1),
)
def test_what_is_stated_and_spread_adds_up_to_the_published_total(counts, total, told):
    held = [(f"C{number}", count) for number, count in enumerate(counts)]
    table = cells(
        [
            ("vials", "total", total, "published"),
            ("vials", "AT", total * told, "published"),
            *(("vials", country, None, "suppressed") for country, _ in held),
        ]
    )
    seen = coverage([("vials", country, count, "covered") for country, count in held])
    offers = published_offers(table, seen, PRODUCTS)
    assert offers["amount"].sum() == pytest.approx(total)


def test_what_is_computed_depends_on_published_numbers_alone():
    table = cells([("vials", "total", 90.0, "published"), ("vials", "AT", None, "suppressed")])
    seen = coverage([("vials", "AT", None, "few")])
    secret = cells([("vials", "total", 90.0, "published"), ("vials", "AT", 77.0, "suppressed")])
    pd.testing.assert_frame_equal(
        published_offers(table, seen, PRODUCTS), published_offers(secret, seen, PRODUCTS)
    )


def test_ramp_up_ends_at_one_and_never_falls(entries_with_months, rules):
    shown = cells([("vials", "total", 90.0, "published")])
    ramp = ramp_up_shares(entries_with_months, shown, rules, "2021-03")
    assert ramp["share"].iloc[-1] == 1
    assert ramp["share"].is_monotonic_increasing
    assert share_in_month(ramp, "vials", "2019-01") == 0
    assert share_in_month(ramp, "vials", "2030-01") == 1


def test_no_ramp_up_is_told_of_a_product_that_is_held_back(entries_with_months, rules):
    shown = cells([("vials", "total", None, "suppressed")])
    assert ramp_up_shares(entries_with_months, shown, rules, "2021-03").empty


def test_a_product_of_which_nothing_may_be_said_at_the_start_is_taken_to_be_there(entries_with_months, rules):
    shown = cells([("vials", "total", 90.0, "published")])
    ramp = ramp_up_shares(entries_with_months, shown, rules, "2021-02")
    assert ramp.empty
    assert share_in_month(ramp, "vials", "2021-03") == 1


def test_no_ramp_up_is_told_whose_steps_leave_one_beside_those_shown_whole(entries_with_months, rules):
    shown = cells([("vials", "total", 90.0, "published")])
    public = entries_with_months["respondent_id"].drop_duplicates().to_list()[1:]
    assert ramp_up_shares(entries_with_months, shown, rules, "2021-03", public).empty
