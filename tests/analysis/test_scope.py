from datetime import date, timedelta

import pandas as pd
import pytest

from helpers.analysis.memberships import members_on
from helpers.analysis.notices import later_notice
from helpers.analysis.scope import (
    comparison_scope,
    is_country,
    scope_countries,
    scope_label,
    scope_notice,
)
from helpers.data.errors import InputError

BEFORE, AFTER, LAST = date(2020, 1, 31), date(2020, 2, 1), date(2020, 12, 31)
LATER = date(2026, 7, 1)


@pytest.mark.parametrize("day", [date(2010, 1, 1), BEFORE, AFTER, LAST, LATER])
def test_eu27_is_the_same_27_on_any_day(memberships, countries, day):
    assert scope_countries(memberships, countries, "EU27", day) == ["AT", "BE", "EL", "HR"]


def test_the_united_kingdom_is_a_member_until_its_last_day(memberships):
    assert "UK" in members_on(memberships, "EU", BEFORE)
    assert "UK" not in members_on(memberships, "EU", AFTER)


@pytest.mark.parametrize("day", [BEFORE, AFTER, LAST])
def test_the_united_kingdom_takes_part_in_cosme_up_to_the_end_of_the_transition(memberships, countries, day):
    assert "UK" in scope_countries(memberships, countries, "COSME", day)


def test_cosme_is_the_members_and_the_third_countries(memberships, countries):
    found = scope_countries(memberships, countries, "COSME", date(2019, 5, 1))
    assert found == ["AL", "AT", "BE", "EL", "HR", "UA", "UK"]


@pytest.mark.parametrize("scope", ["COSME", "ENI"])
def test_a_programme_that_ended_shows_its_last_day_and_says_so(memberships, countries, scope):
    after = scope_countries(memberships, countries, scope, LATER)
    assert after == scope_countries(memberships, countries, scope, LAST)
    assert "ended on 2020-12-31" in scope_notice(memberships, scope, LATER)
    assert "ended on" not in (scope_notice(memberships, scope, LAST) or "")


def test_a_programme_that_had_not_begun_is_refused_with_the_first_day(memberships, countries):
    with pytest.raises(InputError, match=r"before COSME began.*2014-01-01"):
        scope_countries(memberships, countries, "COSME", date(2013, 12, 31))


def test_eni_is_the_partner_countries(memberships, countries):
    assert scope_countries(memberships, countries, "ENI", date(2020, 3, 4)) == ["UA"]


def test_all_is_every_country_or_those_listed(memberships, countries):
    assert len(scope_countries(memberships, countries, "ALL", LATER)) == 7
    assert scope_countries(memberships, countries, "ALL", LATER, listed=["UA", "AT"]) == ["AT", "UA"]


def test_a_country_stands_for_itself(memberships, countries):
    assert scope_countries(memberships, countries, "EL", LATER) == ["EL"]
    assert scope_label(countries, "EL") == "Greece"
    assert is_country("EL")
    assert not is_country("COSME")


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("GR", "EL (Greece)"),
        ("GB", "UK (United Kingdom)"),
        ("Greece", "EL (Greece)"),
        ("AUT", "AT (Austria)"),
        ("at", "AT (Austria)"),
        ("eu27", "EU27"),
        ("EU-27", "EU27"),
        ("EU", "EU27"),
        ("COSNE", "COSME"),
        ("Belgum", "BE (Belgium)"),
    ],
)
def test_an_unknown_scope_is_refused_with_what_may_have_been_meant(memberships, countries, given, meant):
    with pytest.raises(InputError) as caught:
        scope_countries(memberships, countries, given, LATER)
    assert f"{given!r} is unknown; did you mean {meant}?" in str(caught.value)
    assert "EU27, COSME, ENI, ALL or a country code: AL, AT" in str(caught.value)


@pytest.mark.parametrize("given", ["", "Atlantis", "<script>"])
def test_a_scope_like_nothing_known_is_refused_without_a_guess(memberships, countries, given):
    with pytest.raises(InputError, match="is unknown; allowed: EU27"):
        scope_countries(memberships, countries, given, LATER)


def test_a_country_is_ranked_among_the_eu27_if_it_is_one_of_them(memberships, countries):
    found = {scope: comparison_scope(memberships, countries, scope) for scope in ("AT", "UK", "UA", "COSME")}
    assert found == {"AT": "EU27", "UK": "ALL", "UA": "ALL", "COSME": "COSME"}


def test_notices_say_what_is_special_about_a_day(memberships):
    assert "UK, a member on 2020-01-31, is not included" in scope_notice(memberships, "EU27", BEFORE)
    assert scope_notice(memberships, "EU27", AFTER) is None
    assert "HR, not a member on 2013-06-30, is included" in scope_notice(
        memberships, "EU27", date(2013, 6, 30)
    )
    assert "left the European Union on 2020-01-31; transition rules" in scope_notice(memberships, "UK", AFTER)
    assert scope_notice(memberships, "UK", LATER) == "UK left the European Union on 2020-01-31."
    assert "not one of the EU-27" in scope_notice(memberships, "UK", BEFORE)
    assert scope_notice(memberships, "AT", LATER) is None
    assert scope_notice(memberships, "UA", LATER) is None
    assert scope_notice(memberships, "ALL", LATER) is None


def test_the_cosme_notice_speaks_of_the_transition_only_after_the_withdrawal(memberships):
    assert "transition rules" not in (scope_notice(memberships, "COSME", BEFORE) or "")
    assert "UK had left the European Union" in scope_notice(memberships, "COSME", AFTER)


def test_the_cosme_notice_passes_on_what_the_data_note(memberships):
    assert "AL, UA: third country on the list of 2018." in scope_notice(memberships, "COSME", AFTER)


def test_dates_may_come_as_dates_or_timestamps(memberships, countries):
    stamped = memberships.assign(
        valid_from=pd.to_datetime(memberships["valid_from"]), valid_to=pd.to_datetime(memberships["valid_to"])
    )
    for day in (BEFORE, AFTER, LAST, LAST + timedelta(days=1)):
        for scope in ("EU27", "COSME", "ENI"):
            assert scope_countries(stamped, countries, scope, day) == scope_countries(
                memberships, countries, scope, day
            )


def test_the_order_of_rows_does_not_matter(memberships, countries):
    for scope in ("EU27", "COSME", "ENI", "ALL"):
        one = scope_countries(memberships, countries, scope, AFTER)
        assert one == scope_countries(memberships[::-1], countries[::-1], scope, AFTER)
        assert scope_notice(memberships, scope, AFTER) == scope_notice(memberships[::-1], scope, AFTER)


def test_a_table_without_its_columns_is_named(countries):
    with pytest.raises(InputError, match=r"memberships: column programme.* is missing"):
        scope_countries(pd.DataFrame({"country": []}), countries, "EU27", LATER)


def test_what_is_younger_than_the_day_chosen_is_said_to_be_so():
    said = later_notice("The list", LATER, LAST)
    assert said.startswith("The list is of 2026-07, later than the day chosen (2020-12-31)")
    assert later_notice("The list", LATER, LATER) is None
