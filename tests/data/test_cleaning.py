"""Amounts, units, months and shares are read by declared rules, and what no rule reads is flagged."""

import datetime as dt
import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data.cleaning.dates import parse_month
from helpers.data.cleaning.locations import country_of, locate
from helpers.data.cleaning.plausibility import plausibility_flags
from helpers.data.cleaning.quantities import LARGEST, QUALIFIERS, Quantity, parse_quantity
from helpers.data.cleaning.shares import parse_share
from helpers.data.cleaning.units import ProductUnits
from helpers.data.process import read_table
from helpers.data.project import project_root
from helpers.data.questionnaires.units import load_units
from helpers.data.tables import Source

GROUPED = {"de": ".", "en": ",", "fr": "\u202f", "pl": "\u00a0", "sv": " ", "": "'"}
COUNTRY = {"de": "DE", "en": "IE", "fr": "FR", "pl": "PL", "sv": "SE", "": "CH"}
DECIMAL = {"de": ",", "en": ".", "fr": ",", "pl": ",", "sv": ",", "": "."}

# --- one number


@pytest.mark.parametrize(
    ("text", "language", "country", "value", "flags"),
    [
        ("1.200", "de", "DE", 1200, ("number_ambiguous",)),
        ("1.200", "en", "IE", 1.2, ("number_ambiguous",)),
        # English in Germany: the country writes a comma before decimals, so the dot stands before thousands.
        ("1.200", "en", "DE", 1200, ("number_ambiguous",)),
        ("1.200", "", "FR", 1200, ("number_ambiguous",)),
        ("1.200", "", "", 1200, ("number_ambiguous",)),
        ("1,200", "en", "UK", 1200, ("number_ambiguous",)),
        ("1,200", "fr", "FR", 1.2, ("number_ambiguous",)),
        ("1,200", "en", "FR", 1200, ("number_ambiguous",)),
        # These read alike everywhere.
        ("1.200,5", "en", "IE", 1200.5, ()),
        ("1,200.5", "de", "DE", 1200.5, ()),
        ("1.200.000", "en", "IE", 1_200_000, ()),
        ("1,25", "en", "IE", 1.25, ()),
        ("0.125", "de", "DE", 0.125, ()),
        ("1200.500", "de", "DE", 1200.5, ()),
        ("1 200 000", "pl", "PL", 1_200_000, ()),
        ("1\u202f200,75", "fr", "FR", 1200.75, ()),
        ("1'200'000", "de", "CH", 1_200_000, ()),
        ("1.2E+06", "en", "IE", 1_200_000, ()),
        ("199999999999998", "en", "US", 199_999_999_999_998, ()),
        ("５０００", "en", "IE", 5000, ()),
    ],
)
def test_a_number_is_read_as_the_respondent_writes_numbers(text, language, country, value, flags):
    amount = parse_quantity(text, language, country)
    assert (amount.point, amount.qualifier, amount.flags) == (value, "exact", flags)


@given(st.integers(0, 10**14), st.sampled_from(sorted(GROUPED)))
def test_whole_numbers_with_thousands_marks_come_back(number, language):
    text = f"{number:,}".replace(",", GROUPED[language])
    assert parse_quantity(text, language, COUNTRY[language]).point == number


@given(st.integers(0, 10**9), st.integers(0, 99), st.sampled_from(sorted(GROUPED)))
def test_decimals_come_back(whole, cents, language):
    text = f"{whole:,}".replace(",", GROUPED[language]) + DECIMAL[language] + f"{cents:02d}"
    assert parse_quantity(text, language, COUNTRY[language]).point == pytest.approx(whole + cents / 100)


@given(
    st.integers(1, 999),
    st.sampled_from(["k", "K", " k", " tsd", " Tsd.", " thousand", " tys.", " mille", " mila"]),
)
def test_thousands_come_back(number, word):
    assert parse_quantity(f"{number}{word}").point == number * 1000


@given(
    st.integers(1, 99),
    st.sampled_from(
        ["M", " M", " Mio", " Mio.", " mln", " million", " Millionen", " milioni", " mln.", " milionów"]
    ),
)
def test_millions_come_back(number, word):
    assert parse_quantity(f"{number},5{word}", "de", "DE").point == pytest.approx((number + 0.5) * 1e6)


@given(st.text(max_size=60), st.sampled_from(["", "de", "en", "es"]))
def test_whatever_is_written_bounds_are_in_order_and_the_kind_is_known(text, language):
    amount = parse_quantity(text, language)
    assert amount.low <= amount.high
    assert amount.qualifier in QUALIFIERS
    assert amount.low < LARGEST
    assert math.isnan(amount.point) or amount.low <= amount.point <= amount.high


@given(st.text(alphabet="0123456789., '-–/x%+<>~kMaobtisd()", max_size=25))
def test_what_looks_like_numbers_never_breaks_the_reader(text):
    amount = parse_quantity(text, "de", "DE")
    assert amount.low <= amount.high
    assert (amount.qualifier == "unreadable") <= bool(amount.flags)


# --- words around it


@pytest.mark.parametrize(
    ("text", "language", "low", "high", "qualifier"),
    [
        ("10-50 k", "en", 10_000, 50_000, "range"),
        ("10 k – 50 k", "en", 10_000, 50_000, "range"),
        ("10-50", "en", 10, 50, "range"),
        ("10 to 50 thousand", "en", 10_000, 50_000, "range"),
        ("between 10 and 50 million doses", "en", 10e6, 50e6, "range"),
        ("entre 10 et 50 milliers", "fr", 10_000, 50_000, "range"),
        ("de 10 à 50 mille", "fr", 10_000, 50_000, "range"),
        ("zwischen 1,5 und 2 Mio.", "de", 1.5e6, 2e6, "range"),
        ("de 10 a 50 mil", "es", 10_000, 50_000, "range"),
        ("da 10 a 50 mila pezzi", "it", 10_000, 50_000, "range"),
        ("od 10 do 50 tys.", "pl", 10_000, 50_000, "range"),
        ("între 10 și 50 mii", "ro", 10_000, 50_000, "range"),
        ("min 500, max 2000", "en", 500, 2000, "range"),
        ("5000 ± 10%", "en", 4500, 5500, "range"),
        ("μεταξύ 200.000 και 1.000.000", "el", 200_000, 1e6, "range"),
        ("4,37+ mln dawek", "pl", 4.37e6, math.inf, "at_least"),
        ("mer än 220000", "sv", 220_000, math.inf, "at_least"),
        ("900 k - 1.2 M", "en", 900_000, 1_200_000, "range"),
        ("more than 2 million", "en", 2e6, math.inf, "at_least"),
        ("plus de 2 millions", "fr", 2e6, math.inf, "at_least"),
        ("plus d'un million", "fr", 1e6, math.inf, "at_least"),
        ("über 5000 Stück", "de", 5000, math.inf, "at_least"),
        ("mindestens 5 Tsd.", "de", 5000, math.inf, "at_least"),
        ("más de 5 mil", "es", 5000, math.inf, "at_least"),
        ("oltre 2 milioni", "it", 2e6, math.inf, "at_least"),
        ("ponad 2 mln dawek miesięcznie", "pl", 2e6, math.inf, "at_least"),
        ("peste 5 mil", "ro", 5e6, math.inf, "at_least"),
        ("> 1 million", "en", 1e6, math.inf, "at_least"),
        ("5000+", "en", 5000, math.inf, "at_least"),
        ("5000 or more", "en", 5000, math.inf, "at_least"),
        ("up to about 5000", "en", 0, 5000, "at_most"),
        ("jusqu'à 1 million", "fr", 0, 1e6, "at_most"),
        ("bis zu 5 Mio.", "de", 0, 5e6, "at_most"),
        ("hasta 5000", "es", 0, 5000, "at_most"),
        ("fino a 5000", "it", 0, 5000, "at_most"),
        ("do 5 mln", "pl", 0, 5e6, "at_most"),
        ("până la 5000", "ro", 0, 5000, "at_most"),
        ("≤ 500", "en", 0, 500, "at_most"),
        ("ca. 5 Mrd", "de", 5e9, 5e9, "about"),
        ("~5000", "en", 5000, 5000, "about"),
        ("environ 3 milliards", "fr", 3e9, 3e9, "about"),
        ("około 5 tys.", "pl", 5000, 5000, "about"),
        ("aproximadamente 5000", "es", 5000, 5000, "about"),
        ("half a million", "en", 5e5, 5e5, "exact"),
        ("eine halbe Million", "de", 5e5, 5e5, "exact"),
        ("une centaine de milliers", "fr", 1e5, 1e5, "exact"),
        ("two hundred thousand", "en", 2e5, 2e5, "exact"),
        ("2 mil millones", "es", 2e9, 2e9, "exact"),
        ("1½ million", "en", 1.5e6, 1.5e6, "exact"),
        ("3/4 million", "en", 7.5e5, 7.5e5, "exact"),
        ("5000 FFP2 masks", "en", 5000, 5000, "exact"),
    ],
)
def test_words_around_a_number_say_what_kind_it_is(text, language, low, high, qualifier):
    amount = parse_quantity(text, language)
    assert (amount.low, amount.high, amount.qualifier) == (low, high, qualifier)


def test_a_range_stands_for_its_geometric_mean_and_an_open_one_for_nothing():
    assert parse_quantity("10-50 k").point == pytest.approx(math.sqrt(10_000 * 50_000))
    assert math.isnan(parse_quantity("more than 50").point)
    assert math.isnan(parse_quantity("up to 50").point)


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("see annex", "unreadable"),
        ("several thousand", "unreadable"),
        ("1.2.3", "unreadable"),
        ("9" * 30, "unreadable"),
        ("x" * 500 + "5", "unreadable"),
        ("3 x 5000", "several_numbers"),
        ("5000 and 300", "several_numbers"),
        ("100/200", "several_numbers"),
        ("24/7", "several_numbers"),
        ("80 %", "percent"),
        ("", "not_stated"),
        ("n/a", "not_stated"),
        ("k. A.", "not_stated"),
        ("?", "not_stated"),
        ("nie wiem", "not_stated"),
    ],
)
def test_what_is_no_amount_is_unreadable_and_says_why(text, flag):
    amount = parse_quantity(text, "en", "IE")
    assert (amount.qualifier, amount.flags, amount.low, amount.high) == ("unreadable", (flag,), 0, math.inf)


@pytest.mark.parametrize(
    ("text", "value", "flag"),
    [
        ("-18", -18, "negative"),
        ("0", 0, "zero"),
        ("none", 0, "zero"),
        ("5000 per month from June 2021", 5000, "date_in_amount"),
        ("5000 (10000 from June)", 5000, "remark_ignored"),
        ("5m", 5e6, "number_ambiguous"),
        ("5 mil", 5000, "number_ambiguous"),
    ],
)
def test_what_had_to_be_decided_is_flagged(text, value, flag):
    amount = parse_quantity(text)
    assert amount.low == value
    assert flag in amount.flags


@pytest.mark.parametrize(
    ("language", "country", "value", "flags"),
    [
        ("es", "ES", 5e3, ()),
        ("ro", "RO", 5e6, ()),
        # English forms in Portugal and Romania: the country's word.
        ("en", "PT", 5e3, ("number_ambiguous",)),
        ("en", "RO", 5e6, ()),
        ("en", "IE", 5e6, ()),
        ("es", "RO", 5e3, ("number_ambiguous",)),
        ("", "PT", 5e3, ("number_ambiguous",)),
    ],
)
def test_mil_is_what_the_language_says_and_english_gives_way_to_the_country(language, country, value, flags):
    amount = parse_quantity("5 mil", language, country)
    assert (amount.point, amount.flags) == (value, flags)


def test_a_scale_that_stands_once_holds_for_both_ends_only_where_they_stay_in_order():
    assert parse_quantity("500-1,5 Mio", "de", "DE").low == 500
    assert "number_ambiguous" in parse_quantity("500-1,5 Mio", "de", "DE").flags
    assert parse_quantity("50-10", "en").flags == ("range_reversed",)


# --- units


@pytest.fixture(scope="module")
def units():
    return load_units(project_root())


def amount(text="5", language="en"):
    return parse_quantity(text, language)


def test_every_factor_has_an_inverse_and_each_base_unit_a_unit_of_factor_one(units):
    for unit in units.values():
        assert 7 * unit.factor / unit.factor == pytest.approx(7)
    bases = {unit.base_unit for unit in units.values()}
    assert bases == {unit.base_unit for unit in units.values() if unit.factor == 1}


@given(st.floats(1e-3, 1e12))
def test_a_week_and_a_month_convert_into_each_other(value):
    units = load_units(project_root())
    doses = ProductUnits("doses/month", units)
    week = doses.of("doses_week", Quantity(1, 1, "exact")).factor
    month = doses.of("doses_month", Quantity(1, 1, "exact")).factor
    assert month == 1
    assert value * week / week == pytest.approx(value)
    assert week == pytest.approx(365.2425 / 12 / 7)


@pytest.mark.parametrize(
    ("stated", "text", "code", "flags"),
    [
        ("units_week", "5000", "units_week", ()),
        ("pieces per week", "5000", "units_week", ()),
        ("Stück pro Woche", "5000", "units_week", ()),
        ("", "5000 pcs/day", "units_day", ()),
        ("", "5 000 szt. tygodniowo", "units_week", ()),
        ("", "5000 wekelijks", "units_week", ()),
        ("", "5000", "units_month", ("unit_assumed",)),
        ("units_week", "5000 per month", "units_month", ("unit_conflict",)),
        ("units_week", "5000 per week", "units_week", ()),
        ("units_week", "mer än 220000", "units_week", ()),
        ("million_units_month", "2 million", "units_month", ("scale_stated_twice",)),
        ("million_units_month", "2 million pieces per month", "units_month", ()),
        ("million_units_month", "2", "million_units_month", ()),
    ],
)
def test_the_unit_beside_the_number_decides_then_the_answer_then_the_base_unit(
    units, stated, text, code, flags
):
    found = ProductUnits("units/month", units, ["units_month", "units_week"]).of(stated, amount(text))
    assert (found.code, found.flags) == (code, flags)


def test_a_unit_of_something_else_is_not_converted(units):
    found = ProductUnits("doses/month", units).of("litres", amount())
    assert (found.factor, found.flags) == (None, ("unit_unknown",))


# --- months and shares


@pytest.mark.parametrize(
    ("text", "month", "flags"),
    [
        ("2021-06", "2021-06", ()),
        ("2021-06-15T10:00:00", "2021-06", ()),
        ("06/2021", "2021-06", ()),
        ("15.06.2021", "2021-06", ()),
        ("June 2021", "2021-06", ()),
        ("juin 2021", "2021-06", ()),
        ("dès juin 2021", "2021-06", ()),
        ("Juni 2021", "2021-06", ()),
        ("w czerwcu 2021 r.", "2021-06", ()),
        ("Ιούνιος 2021", "2021-06", ()),
        ("юни 2021", "2021-06", ()),
        ("Q3 2021", "2021-07", ("date_coarse",)),
        ("3. Quartal 2021", "2021-07", ("date_coarse",)),
        ("T3 2021", "2021-07", ("date_coarse",)),
        ("H2 2021", "2021-07", ("date_coarse",)),
        ("mid-2021", "2021-06", ("date_coarse",)),
        ("2022", "2022-01", ("date_coarse",)),
        ("immediately", "2021-03", ()),
        ("ab sofort", "2021-03", ()),
        ("od zaraz", "2021-03", ()),
        ("in 3 months", "2021-06", ("date_coarse",)),
        ("June", "2021-06", ("year_assumed",)),
        ("January", "2022-01", ("year_assumed",)),
        ("03/04/2021", "2021-04", ("date_ambiguous",)),
        ("04/13/2021", "2021-04", ("date_ambiguous",)),
        ("31/31/2021", None, ("date_unreadable",)),
        ("2021 when approved", None, ("date_unreadable",)),
        ("soon", None, ("date_unreadable",)),
        ("", None, ()),
    ],
)
def test_months_are_read_in_many_notations(text, month, flags):
    found = parse_month(text, dt.date(2021, 3, 17))
    assert (found.first.isoformat()[:7] if found.first else None, found.flags) == (month, flags)


@given(
    st.dates(dt.date(2015, 1, 1), dt.date(2040, 12, 31)),
    st.sampled_from(["%Y-%m", "%Y-%m-%d", "%m/%Y", "%m.%Y"]),
)
def test_months_come_back(day, form):
    assert parse_month(day.strftime(form)).first == day.replace(day=1)


@given(st.text(max_size=40))
def test_whatever_is_written_a_month_is_a_first_day_or_missing(text):
    found = parse_month(text, dt.date(2021, 3, 17))
    assert found.first is None or found.first.day == 1


@pytest.mark.parametrize(
    ("text", "share", "flags"),
    [
        ("25 %", 0.25, ()),
        ("25", 0.25, ()),
        ("0,25", 0.25, ("share_ambiguous",)),
        ("0.5 %", 0.005, ()),
        ("10-20 %", 0.15, ("share_range",)),
        ("half", 0.5, ()),
        ("0", 0.0, ()),
        ("100%", 1.0, ()),
    ],
)
def test_shares_are_read(text, share, flags):
    assert parse_share(text) == (pytest.approx(share), flags)


@pytest.mark.parametrize("text", ["140", "-5", "a lot", "5 thousand"])
def test_what_is_no_share_is_flagged(text):
    found = parse_share(text)
    assert math.isnan(found.value)
    assert found.flags == ("share_unreadable",)


# --- places and plausibility


def test_places_become_towns_and_regions_and_each_says_how_far_it_was_found():
    names = ("regions", "admin1_to_nuts2", "places_to_nuts2")
    source = Source(project_root(), project_root() / ".cache" / "gazetteer")
    regions = {name: source.read("nuts_regions", f"{name}.csv") for name in names}
    places = pd.DataFrame(
        {
            "country": ["AT", "AT", "AT", "AT", None, "SE", "PL"],
            "place": ["Graz", "8010  GRAZ", "", "Xyzzy", "Graz", "582 22 Linköping", "80-001 Gdańsk"],
        },
        index=[7, 8, 9, 10, 11, 20, 21],
    )
    found = locate(places, regions, source.cache)
    assert found.index.tolist() == places.index.tolist()
    assert found["nuts2"].fillna("").tolist() == ["AT22", "AT22", "", "", "", "SE12", "PL63"]
    lost = "not placed"
    assert found["status"].tolist() == ["placed", "placed", lost, lost, lost, "placed", "placed"]
    assert set(found["nuts2"].dropna()) <= set(read_table("nuts2_regions")["nuts2"])


@pytest.mark.parametrize(
    ("text", "code"), [("GR", "EL"), ("uk", "UK"), ("Польша", "PL"), ("Germany", "DE"), ("", None)]
)
def test_countries_are_known_by_code_and_name(text, code):
    assert country_of(text) == code


def test_an_open_amount_is_implausible_only_where_all_it_can_mean_is():
    low, high = pd.Series([5.0, 5e12, 0.0, 0.0]), pd.Series([None, None, 1.0, 1e12], dtype="float64")
    flags = plausibility_flags(low, high, pd.Series([10.0] * 4), pd.Series([1e9] * 4))
    assert flags.tolist() == ["", "implausible_high", "implausible_low", "implausible_high"]
