"""Quotes: of those who agreed and of nobody else, chosen by rule, cut in the right place."""

from dataclasses import replace

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis.themes import shown
from helpers.analysis.themes.shown_quotes import cut

ENOUGH = [{"themes": ["energy"], "consent": "totals"}] * 3


def quotes_of(made, rows: list[dict], **options: object) -> pd.DataFrame:
    chosen = made.chosen(rows)
    return shown.quote_table(chosen, shown.share_table(chosen, made.book()), **options)  # type: ignore[arg-type]


def test_only_who_agreed_to_a_whole_entry_is_quoted(made) -> None:
    rows = [
        {"answer": f"q{place}", "themes": ["energy"], "consent": consent}
        for place, consent in enumerate(["totals", "anonymous", "whole", "nan"])
    ]
    assert quotes_of(made, rows)["answer_id"].tolist() == ["q2"]


def test_a_theme_that_is_held_back_is_not_quoted(made) -> None:
    assert quotes_of(made, [{"themes": ["energy"]}] * 2 + [{}] * 9).empty


def test_an_answer_from_a_cell_that_is_held_back_is_not_quoted_for_a_country(made) -> None:
    rows = [{"themes": ["energy"], "country": country} for country in ("AT",) * 5 + ("MT",) * 2 + ("BE",) * 3]
    chosen = made.chosen([*rows, *[{"country": "MT"}] * 4])
    shares = shown.share_table(chosen, made.book())
    cells = shown.theme_cells(chosen, shares, chosen.countries, {"AT": "A", "BE": "B", "MT": "M"})
    assert shown.quote_table(chosen, shares, cells=cells[cells["group"] == "MT"]).empty
    assert len(shown.quote_table(chosen, shares, cells=cells[cells["group"] == "AT"])) == 2


def test_at_most_two_a_theme_of_two_respondents_in_two_languages_if_there_are(made) -> None:
    rows = [{"themes": ["energy"], "language": code, "respondent": who} for code, who in [
        ("en", "r1"), ("en", "r1"), ("en", "r2"), ("fr", "r3"),
    ]]  # fmt: skip
    table = quotes_of(made, rows + ENOUGH)
    assert len(table) == 2
    assert set(table["language_name"]) == {"English", "French"}


def test_an_answer_about_little_else_comes_first_and_none_is_quoted_for_two_themes_without_need(made) -> None:
    rows = [
        {"answer": "a1", "themes": ["energy", "skills"]},
        {"answer": "a2", "themes": ["energy"]},
        {"answer": "a3", "themes": ["skills"]},
    ]
    table = quotes_of(made, rows * 1 + ENOUGH + [{"themes": ["skills"], "consent": "totals"}] * 3, a_theme=1)
    assert dict(zip(table["theme"], table["answer_id"], strict=True)) == {"energy": "a2", "skills": "a3"}


def test_the_choice_does_not_depend_on_the_order_of_the_answers(made) -> None:
    rows = [{"answer": f"q{place}", "respondent": f"r{place}", "themes": ["energy"]} for place in range(9)]
    pd.testing.assert_frame_equal(quotes_of(made, rows), quotes_of(made, rows[::-1]))


def test_the_marked_places_are_the_words_that_name_the_theme(made) -> None:
    table = quotes_of(made, [{"themes": ["skills"], "text": "energy skills data"}] * 3)
    row = table.iloc[0]
    start, end = map(int, row["text_marked"].split("-"))
    assert row["text"][start:end] == "skills"
    assert row["text_language"] == "en"


def test_overlapping_places_become_one(made) -> None:
    chosen = made.chosen([{"themes": ["energy"], "text": "price of electricity"}] * 3)
    first = chosen.codes.iloc[[0, 0, 0]].assign(start=[0, 3, 12], end=[5, 9, 15])
    chosen = replace(chosen, codes=first.reset_index(drop=True))
    table = shown.quote_table(chosen, shown.share_table(chosen, made.book()))
    assert table["text_marked"].tolist() == ["0-9;12-15"]


@given(
    st.text(alphabet="ab c\u202e<", min_size=1, max_size=400),
    st.lists(st.integers(0, 399), min_size=2, max_size=8),
    st.integers(20, 120),
)
def test_a_cut_text_keeps_its_words_and_its_length(text: str, ends: list[int], longest: int) -> None:
    points = sorted({end for end in ends if end <= len(text)})
    spans = [(low, high) for low, high in zip(points[::2], points[1::2], strict=False) if low < high]
    short, places = cut(text, spans, longest)
    assert len(short) <= max(longest, 0) or short == text
    originals = [text[low:high] for low, high in spans]
    found = [short[low:high] for low, high in places]
    assert all(words in originals for words in found)
    assert short.strip("…") in text or short == text


def test_a_long_answer_is_cut_around_the_first_word_that_is_marked(made) -> None:
    text = "x " * 300 + "energy" + " y" * 300
    table = quotes_of(made, [{"themes": ["energy"], "text": text}] * 3)
    row = table.iloc[0]
    assert len(row["text"]) <= 300
    short, places = cut(text, [(600, 606)], 300)
    assert [short[low:high] for low, high in places] == ["energy"]
    assert (short[0], short[-1]) == ("…", "…")


def test_without_answers_there_is_an_empty_table(made) -> None:
    assert list(quotes_of(made, []).columns)[:2] == ["theme", "label"]
    assert quotes_of(made, []).empty
