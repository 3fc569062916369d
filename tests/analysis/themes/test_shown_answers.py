"""What was answered, in which languages: small groups are put together, few respondents are not counted."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis.themes import shown
from helpers.analysis.themes.shown_answers import NO_WORDS, OTHER


def spoken(numbers: dict[str | None, int]) -> list[dict]:
    return [{"language": code, "state": "coded"} for code, number in numbers.items() for _ in range(number)]


def test_languages_of_few_respondents_are_put_together(made) -> None:
    table = shown.language_table(made.chosen(spoken({"de": 9, "fr": 5, "mt": 2, "ga": 1})))
    assert table["name"].tolist() == ["German", "French", OTHER]
    assert table["answers"].tolist() == [9, 5, 3]


def test_one_small_language_takes_the_next_along_or_it_could_be_told_from_the_sum(made) -> None:
    table = shown.language_table(made.chosen(spoken({"de": 9, "fr": 5, "mt": 1})))
    assert table["name"].tolist() == ["German", OTHER]
    assert table["answers"].tolist() == [9, 6]


def test_answers_without_words_stand_apart_and_last(made) -> None:
    table = shown.language_table(made.chosen(spoken({"de": 4, None: 6})))
    assert table["name"].tolist() == ["German", NO_WORDS]


def test_two_languages_of_one_respondent_are_one_respondent(made) -> None:
    rows = [{"language": code, "respondent": "one"} for code in ("de", "fr", "it", "es")]
    assert shown.language_table(made.chosen(rows)).empty


@given(st.dictionaries(st.sampled_from(["de", "fr", "it", "es", "mt"]), st.integers(1, 8)), st.integers(2, 6))
def test_no_language_of_few_respondents_has_a_row(made, numbers: dict[str, int], min_count: int) -> None:
    table = shown.language_table(made.chosen(spoken(dict(numbers))), min_count=min_count)
    assert table["answers"].ge(min_count).all()
    assert table["answers"].sum() in (0, sum(numbers.values()))


def test_what_says_something_and_is_not_covered_is_counted(made) -> None:
    rows = [{"state": state} for state in ["coded"] * 6 + ["uncoded"] * 2 + ["nothing"] * 4]
    row = shown.language_table(made.chosen(rows)).iloc[0]
    assert (row["answers"], row["says_something"], row["uncoded"], row["uncoded_share"]) == (12, 8, 2, 0.25)


def test_states_add_up_to_the_answers_and_name_what_is_there(made) -> None:
    rows = [{"state": state} for state in ["coded"] * 3 + ["fine", "empty"]]
    table = shown.state_table(made.chosen(rows))
    assert table["state"].tolist() == ["coded", "fine", "empty"]
    assert table["answers"].tolist() == [3, 1, 1]
    assert table["share"].sum() == 1
    assert shown.state_table(made.chosen([]))["answers"].tolist() == [0]


def test_how_many_respondents_a_country_has_is_not_told_if_they_are_few(made) -> None:
    chosen = made.chosen([{"country": "MT"}] * 2 + [{"country": "AT"}] * 4)
    assert shown.respondents_or_few(chosen, "MT") == (2, "at_most")
    assert shown.respondents_or_few(chosen, "AT") == (4, None)
    assert shown.respondents_or_few(chosen, "BE") == (0, None)
    assert shown.respondents_or_few(chosen, None) == (6, None)


def test_the_notice_speaks_where_nobody_or_too_few_checked(made) -> None:
    plain = made.chosen([{"themes": ["energy"]}] * 100)
    assert "none of these answers" in (shown.unchecked_notice(plain) or "")
    few = made.chosen([{"themes": ["energy"]}] * 100, coded=made.sheets(plain, every=10))
    assert "only 10 of these answers" in (shown.unchecked_notice(few) or "")
    checked = made.chosen([{"themes": ["energy"]}] * 100, coded=made.sheets(plain))
    assert shown.unchecked_notice(checked) is None
    assert shown.unchecked_notice(made.chosen([])) is None


def test_an_alliance_number_that_is_not_in_the_list_is_refused(made) -> None:
    alliance = pd.DataFrame({"number": [1], "theme": ["Collaboration"]})
    shares = pd.DataFrame({"theme": ["energy", "skills", "data"]})
    assert shown.alliance_table(made.book(), alliance, shares)["labels"].tolist() == ["none"]
