"""Facts are the only numbers that prose may state, and nothing in them becomes live HTML."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data.errors import InputError
from helpers.reports.facts import (
    DEFINITIONS,
    Fact,
    facts_listing,
    fill_html,
    fill_text,
    format_value,
    plain,
)


def fact(name: str = "total", text: str = "1,302") -> Fact:
    return Fact(name, 1302, text, "organisations", ("registry",))


def test_prose_links_every_number_to_its_fact() -> None:
    assert 'href="#fact-total">1,302</a>' in fill_html("All {total}.", {"total": fact()}, "prose")


@pytest.mark.parametrize(
    "text",
    [
        "There are 1302.",
        "In 2020 it grew",
        "a share of 0.5",
        "(7 of them)",
        "a fall of -5 points",
        "½ of them",
        "x{total}5",
        "{total|5 sites|sites}",
        "{total|site|six sites}",
    ],
)
def test_a_number_that_is_no_fact_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="not a fact"):
        fill_html(text, {}, "prose")


@pytest.mark.parametrize(
    "text",
    [
        "two countries",
        "Twelve joined.",
        "some twenty-seven of them",
        "two-thirds",
        "dozens of seats",
        "a hundred",
        "five million jobs",
        "**ten** seats",
        "twenty-two rules",
    ],
)
def test_a_spelled_out_number_is_no_fact_either(text: str) -> None:
    for fill in (fill_html, fill_text):
        with pytest.raises(InputError, match="not a fact"):
            fill(text, {}, "prose")


@pytest.mark.parametrize(
    "text", ["one of them", "half of all", "per million", "often", "twofold", "a tender"]
)
def test_words_that_count_nothing_are_allowed(text: str) -> None:
    assert fill_text(text, {}, "prose") == text


@pytest.mark.parametrize("phrase", DEFINITIONS)
def test_a_definition_may_hold_a_number_word_in_its_own_phrase_only(phrase: str) -> None:
    text = f"Read the {phrase.replace(' ', chr(10), 1)}."
    assert fill_text(text, {}, "prose") == text
    with pytest.raises(InputError, match="not a fact"):
        fill_text(f"{phrase}, and three more", {}, "prose")


@pytest.mark.parametrize("text", ["EU-27", "NUTS-2 regions", "COVID-19", "the CR4 ratio"])
def test_digits_inside_names_are_no_numbers(text: str) -> None:
    assert fill_text(text, {}, "prose") == text


def test_an_unknown_fact_is_named_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"caption: there is no fact \{totl\}; facts so far: total"):
        fill_text("{totl}", {"total": fact()}, "caption")


def test_captions_have_no_cross_references() -> None:
    with pytest.raises(InputError):
        fill_text("see {fig:total}", {"total": fact()}, "caption")


@given(st.text(max_size=60))
def test_a_hostile_value_stays_text(text: str) -> None:
    filled = fill_html("{total}", {"total": fact(text=text)}, "prose")
    inside = filled.removeprefix('<a class="fact" href="#fact-total">').removesuffix("</a>")
    assert "<" not in inside
    assert ">" not in inside


def test_a_hostile_template_is_escaped() -> None:
    assert "<script" not in fill_html("<script>alert()</script>", {}, "prose")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.int64(3), 3),
        (np.float64(0.5), 0.5),
        (float("nan"), None),
        (pd.NA, None),
        (pd.NaT, None),
        (pd.Timestamp("2020-03-04"), "2020-03-04"),
        ("Spain", "Spain"),
        (None, None),
    ],
)
def test_values_become_plain_json(value: object, expected: object) -> None:
    assert plain(value) == expected
    assert json.loads(json.dumps(plain(value))) == expected


@pytest.mark.parametrize("value", [True, [1], {"a": 1}, object()])
def test_what_is_no_number_or_name_is_refused(value: object) -> None:
    with pytest.raises(InputError):
        plain(value)


def test_bounds_are_said_in_words() -> None:
    assert format_value(740, bound="at_least") == "at least 740"
    assert format_value(0.767, ".1%", "at_most") == "at most 76.7\xa0%"
    assert format_value(-0.05, ".0%") == "−5\xa0%"


def test_the_listing_says_bound_interval_and_sample() -> None:
    listed = Fact("hhi", 0.0751, "0.1", "index", ("a", "b"), True, (0.07, 0.08), "about")
    assert facts_listing([listed]) == "hhi = about 0.0751 (0.07 to 0.08) index [a, b] SAMPLE DATA"


@pytest.mark.parametrize(("value", "said"), [(1, "1 site"), (0, "0 sites"), (2, "2 sites")])
def test_one_and_several_have_their_own_word(value: int, said: str) -> None:
    known = {"n": Fact("n", value, str(value), "sites", ("sites",))}
    assert fill_text("{n|site|sites}", known, "caption") == said
    assert fill_html("{n|site|sites}", known, "prose").endswith(said.removeprefix(str(value)))
