"""Who may take part on which day: every country on the days that matter, with reasons that can be read."""

from datetime import date
from functools import cache

import pandas as pd
import pytest

from helpers.analysis.collaboration.eligibility import (
    Register,
    eligibility_table,
    participant_eligibility,
    programme_eligibility,
    read_register,
    series_eligibility,
)
from helpers.analysis.memberships import members_on
from helpers.data.catalog import read_raw
from helpers.data.errors import InputError

THIRD_COUNTRIES = {"AL", "AM", "BA", "IS", "XK", "MD", "ME", "MK", "RS", "TR", "UA"}
DAYS = [
    date(2013, 6, 30),
    date(2013, 7, 1),
    date(2013, 12, 31),
    date(2014, 1, 1),
    date(2020, 1, 31),
    date(2020, 2, 1),
    date(2020, 4, 28),
    date(2020, 12, 31),
    date(2021, 1, 1),
    date(2021, 2, 18),
    date(2022, 6, 22),
    date(2022, 9, 7),
    date(2022, 9, 21),
    date(2022, 10, 5),
    date(2022, 10, 19),
]


@cache
def register() -> Register:
    return read_register(read_raw("countries", "memberships.csv"), read_raw("countries"))


def answers(programme: str, on: date) -> dict[str, str]:
    return {
        country: programme_eligibility(register(), country, programme, on).answer
        for country in register().names
    }


def saying(told: dict[str, str], answer: str) -> set[str]:
    return {country for country, given in told.items() if given == answer}


@pytest.mark.parametrize("on", DAYS)
@pytest.mark.parametrize("programme", ["EU", "EFTA", "COSME", "ENI"])
def test_every_country_is_eligible_exactly_where_the_memberships_say_so(programme: str, on: date) -> None:
    told = answers(programme, on)
    members = set(members_on(read_raw("countries", "memberships.csv"), programme, on))
    uncertain = THIRD_COUNTRIES if programme == "COSME" and on <= date(2018, 12, 31) else set()
    assert len(told) == 55
    assert saying(told, "yes") == members - uncertain
    assert saying(told, "unknown") == members & uncertain
    assert saying(told, "no") == set(told) - members


@pytest.mark.parametrize(
    ("programme", "on", "number"),
    [
        ("EU", date(2013, 6, 30), 27),
        ("EU", date(2013, 7, 1), 28),
        ("EU", date(2020, 1, 31), 28),
        ("EU", date(2020, 2, 1), 27),
        ("COSME", date(2013, 12, 31), 0),
        ("COSME", date(2020, 1, 31), 39),
        ("COSME", date(2020, 2, 1), 39),
        ("COSME", date(2020, 12, 31), 39),
        ("COSME", date(2021, 1, 1), 0),
        ("ENI", date(2020, 12, 31), 16),
        ("ENI", date(2021, 1, 1), 0),
        ("EFTA", date(2022, 9, 7), 4),
    ],
)
def test_as_many_countries_are_eligible_as_the_programme_had(programme: str, on: date, number: int) -> None:
    assert len(saying(answers(programme, on), "yes")) == number


REASONS = """
UK COSME 2020-02-01 yes
The United Kingdom took part in COSME until 31 December 2020 under the transition rules.
UK COSME 2020-04-28 yes
The United Kingdom took part in COSME until 31 December 2020 under the transition rules.
UK COSME 2020-12-31 yes
The United Kingdom took part in COSME until 31 December 2020 under the transition rules.
UK COSME 2020-01-31 yes
The United Kingdom took part in COSME as a member of the European Union.
UK COSME 2021-01-01 no
COSME ended on 31 December 2020; the United Kingdom took part until then under the transition rules.
UK EU 2020-01-31 yes
The United Kingdom was a member of the European Union until 31 January 2020.
UK EU 2020-02-01 no
The United Kingdom was a member of the European Union until 31 January 2020.
HR EU 2013-06-30 no
Croatia joined the European Union on 1 July 2013, after this day.
HR EU 2013-07-01 yes
Croatia has been a member of the European Union since 1 July 2013.
HR COSME 2013-07-01 no
COSME began on 1 January 2014, after this day.
RS EU 2020-04-28 no
Serbia was not a member of the European Union.
RS COSME 2020-04-28 yes
Serbia took part in COSME as a third country, by the list of 2018; none later was found.
RS COSME 2014-06-01 unknown
Serbia is on the list of third countries of 2018; the day on which it joined COSME is not known here.
AT COSME 2021-01-01 no
COSME ended on 31 December 2020; Austria took part until then.
CH COSME 2021-01-01 no
COSME ended on 31 December 2020; Switzerland was not part of it.
CH COSME 2020-04-28 no
Switzerland is neither a member of the European Union nor on the list of third countries of 2018.
TN ENI 2020-04-28 yes
Tunisia was a partner country of the European Neighbourhood Instrument.
NL ENI 2020-04-28 no
The Netherlands is not on the list of partners of the European Neighbourhood Instrument.
DE SMP 2022-09-07 unknown
Which countries take part in SMP is not known here.
"""


def cases() -> list[tuple[str, str]]:
    """Return who, what, when and answer, and the reason."""
    lines = REASONS.strip().splitlines()
    return list(zip(lines[::2], lines[1::2], strict=True))


@pytest.mark.parametrize(("case", "reason"), cases())
def test_the_reason_is_a_sentence(case: str, reason: str) -> None:
    country, programme, on, answer = case.split()
    told = programme_eligibility(register(), country, programme, date.fromisoformat(on))
    assert (told.answer, told.reason) == (answer, reason)


def test_a_territory_carries_its_footnote_whatever_the_answer() -> None:
    for on in DAYS:
        for open_to in (None, "all", "COSME", "COSME;ENI", "SMP"):
            assert "UNSCR 1244/1999" in series_eligibility(register(), "XK", open_to, on).footnote
            assert series_eligibility(register(), "AT", open_to, on).footnote == ""
    assert programme_eligibility(register(), "XK", "COSME", date(2020, 4, 28)).reason.startswith("Kosovo* ")


def test_the_note_of_a_membership_is_its_caveat() -> None:
    told = programme_eligibility(register(), "CY", "EU", date(2022, 9, 7))
    assert "suspended in the areas not under the effective control" in told.caveat
    assert (
        "day on which it joined is not known"
        in programme_eligibility(register(), "AL", "COSME", date(2020, 4, 28)).caveat
    )


def test_webinars_were_open_to_52_of_55_countries_and_to_whom_since_the_programmes_nobody_knows() -> None:
    series, sessions = read_raw("event_series", "series.csv"), read_raw("event_series", "sessions.csv")
    table = eligibility_table(register(), sessions, series)
    assert len(table) == 55 * 8
    webinar = table[table["session_id"] == "s-2020-04-28"]
    assert set(webinar.loc[webinar["answer"] == "no", "country"]) == {"CH", "LI", "NO"}
    assert (webinar["answer"] == "yes").sum() == 52
    others = table[table["session_id"] != "s-2020-04-28"]
    assert set(others["answer"]) == {"unknown"}
    later = sessions.assign(date=pd.Timestamp(2021, 1, 1)).head(1)
    after = eligibility_table(register(), later, series)
    assert set(after["answer"]) == {"unknown"}
    assert after["reason"].str.endswith("For whom the series is open since is not known here.").all()


@pytest.mark.parametrize(
    ("open_to", "country", "answer"),
    [
        ("all", "CH", "yes"),
        ("EU;EFTA", "CH", "yes"),
        ("EU", "CH", "no"),
        ("EU;COSME", "AT", "yes"),
        ("EU;COSME", "CH", "unknown"),
        ("EU;SMP", "AT", "yes"),
        ("EU;SMP", "CH", "unknown"),
        (None, "AT", "unknown"),
        (float("nan"), "AT", "unknown"),
    ],
)
def test_a_series_is_open_if_one_of_its_programmes_is(open_to: str | None, country: str, answer: str) -> None:
    assert series_eligibility(register(), country, open_to, date(2022, 9, 7)).answer == answer


def test_each_registration_gets_an_answer_also_where_the_tables_have_none() -> None:
    sessions = pd.DataFrame({"session_id": ["s"], "series": ["t"], "date": [pd.Timestamp(2020, 4, 28)]})
    series = pd.DataFrame({"series": ["t"], "open_to": ["COSME;ENI"]})
    rows = pd.DataFrame({"session_id": ["s", "s", "x"], "country": ["UK", "CH", "AT"]})
    told = participant_eligibility(eligibility_table(register(), sessions, series), rows)
    assert told["answer"].tolist() == ["yes", "no", "unknown"]
    assert told["reason"].notna().all()


def test_an_unknown_country_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(InputError, match="country: 'GR' is unknown; allowed: AL, AM, AT"):
        programme_eligibility(register(), "GR", "EU", date(2020, 1, 1))
