"""Groups among uncoded answers are themes and not languages, and show nobody's own words."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis.themes.codebook import codebook_from_tables
from helpers.analysis.themes.coder import code_answers
from helpers.analysis.themes.embeddings import language_centred
from helpers.analysis.themes.emerging import FEWEST, emerging_themes, uncoded
from helpers.analysis.themes.proposals import proposal_lines
from helpers.data.errors import InputError

OPENINGS = (
    "every week",
    "since spring",
    "as ever",
    "in our plant",
    "for months",
    "again and again",
    "at night",
)
THEMES = {
    "en": (
        "hackers attack our servers and passwords are stolen",
        "the neighbours complain about noise from the yard",
    ),
    "de": (
        "Hacker greifen unsere Rechner an, Passwörter werden gestohlen",
        "die Nachbarn klagen laut über Lärm auf dem Hof",
    ),
}


def planted(each=7):
    """Two themes in two languages, in other words each time, and coded answers beside them."""
    rows = [
        {"text": f"{opening} {text}", "language": language, "truth": number, "state": "uncoded"}
        for language, texts in THEMES.items()
        for number, text in enumerate(texts)
        for opening in itertools.islice(OPENINGS, each)
    ]
    rows += [
        {"text": f"{opening} we lack staff", "language": "en", "truth": -1, "state": "coded"}
        for opening in OPENINGS
    ]
    table = pd.DataFrame(rows)
    return table.assign(
        answer_id=[f"a{n}" for n in table.index], respondent_id=[f"r{n}" for n in table.index]
    )


CODES = pd.DataFrame({"answer_id": pd.Series(dtype="str")})


def purity(found, table, column):
    part = found.members.merge(table, on="answer_id")
    return part.groupby("group")[column].agg(lambda values: values.value_counts().iloc[0]).sum() / len(part)


def test_a_planted_theme_is_found_and_named_by_its_words():
    table = planted()
    found = emerging_themes(table, CODES, seed=1)
    assert found.uncoded == 28
    assert purity(found, table, "truth") >= 0.9
    words = " ".join(found.groups["terms"])
    assert "hackers" in words
    assert "lärm" in words
    assert "staff" not in words
    assert found.groups["answers"].sum() == len(found.members)
    assert found.groups["share"].sum() == pytest.approx(len(found.members) / 28)


def test_with_centred_vectors_groups_are_themes_and_not_languages():
    table = planted()
    mark = table["language"].map({"en": 3.0, "de": -3.0}).to_numpy()
    noise = np.random.default_rng(1).normal(0, 0.1, (len(table), 4))
    raw = np.column_stack([table["truth"] == 0, table["truth"] == 1, mark, noise]).astype(float)
    vectors = language_centred(raw, table["language"])
    found = emerging_themes(table, CODES, seed=1, vectors=vectors, most=2)
    assert len(found.groups) == 2
    assert purity(found, table, "truth") == 1
    assert found.groups["languages"].tolist() == ["de, en", "de, en"]
    words = [set(" ".join(THEMES[language][n] for language in THEMES).lower().split()) for n in range(2)]
    for terms in found.groups["terms"]:
        named = set(terms.replace(",", "").split())
        assert len([own for own in words if named & own]) == 1


def test_the_same_seed_gives_the_same_groups_whatever_the_order_of_columns():
    table = planted()
    first = emerging_themes(table, CODES, seed=3)
    again = emerging_themes(table[sorted(table.columns)], CODES, seed=3)
    assert first.groups.equals(again.groups)
    assert first.terms.equals(again.terms)


@pytest.mark.parametrize("number", [0, 1, FEWEST - 1])
def test_in_few_answers_no_groups_are_seen_and_the_reason_is_said(number):
    table = planted()[lambda rows: rows["state"] == "uncoded"].head(number)
    found = emerging_themes(table, CODES, seed=1)
    assert found.groups.empty
    assert found.terms.empty
    assert found.uncoded == number
    assert f"from {FEWEST} on" in found.note
    assert list(found.groups.columns) == list(emerging_themes(planted(), CODES, seed=1).groups.columns)


def test_a_group_of_too_few_people_is_not_shown():
    table = planted().assign(respondent_id="the same")
    found = emerging_themes(table, CODES, seed=1)
    assert found.groups.empty
    assert found.members.empty
    assert "28 of them stand in groups of fewer than 3 respondents" in found.note


def test_a_word_of_one_person_is_no_typical_term():
    table = planted()
    own = table["text"].str.contains("hackers")
    table.loc[own, "text"] += " kryptonite"
    assert "kryptonite" in " ".join(emerging_themes(table, CODES, seed=1).groups["terms"])
    table.loc[own, "respondent_id"] = "r_one"
    words = " ".join(emerging_themes(table, CODES, seed=1).groups["terms"])
    assert "kryptonite" not in words


def test_a_language_of_too_few_people_is_not_named():
    table = planted()
    at = table.index[table["truth"] == 0][:2]
    table.loc[at, "language"] = "mt"
    found = emerging_themes(table, CODES, seed=1)
    assert not found.groups["languages"].str.contains("mt").any()
    assert found.groups["languages"].str.contains("others").any()


def test_examples_are_of_those_who_agreed_to_be_quoted():
    table = planted().assign(consent="totals")
    assert set(emerging_themes(table, CODES, seed=1).groups["examples"]) == {""}
    table.loc[table.index % 2 == 0, "consent"] = "whole"
    agreed = set(table.loc[table["consent"] == "whole", "answer_id"])
    shown = ", ".join(emerging_themes(table, CODES, seed=1).groups["examples"]).split(", ")
    assert shown[0]
    assert set(shown) - {""} <= agreed


def test_answers_with_a_code_and_those_that_say_nothing_are_no_part_of_it():
    table = pd.DataFrame(
        {"answer_id": ["a1", "a2", "a3", "a4"], "text": ["prices rise fast", "n/a", None, "we wait long"]}
    )
    assert uncoded(table, pd.DataFrame({"answer_id": ["a4"]})).tolist() == [0]
    states = table.assign(state=["nothing", "uncoded", "empty", "coded"])
    assert uncoded(states, pd.DataFrame({"answer_id": []})).tolist() == [1]


HOSTILE = st.sampled_from(
    ["=1+1", "<script>", "${x}", "\u202e", "x" * 5000, "", None, "\x00", "!!!", "aaa bbb ccc ddd"]
)


@given(st.lists(st.tuples(HOSTILE, st.sampled_from(["en", "de", None])), min_size=0, max_size=30))
def test_whatever_is_answered_groups_hold_each_uncoded_answer_at_most_once(rows):
    table = pd.DataFrame(
        {
            "answer_id": pd.Series([f"a{n}" for n in range(len(rows))], dtype="str"),
            "text": pd.Series([text for text, _ in rows], dtype="object"),
            "language": pd.Series([language for _, language in rows], dtype="str"),
            "state": "uncoded",
        }
    )
    found = emerging_themes(table, CODES, seed=1, min_count=1)
    assert found.members["answer_id"].is_unique
    assert found.groups["answers"].sum() == len(found.members) == (len(rows) if len(rows) >= FEWEST else 0)
    assert not found.groups["terms"].str.contains("[<>${}=]", regex=True).any()


def test_a_missing_column_is_named():
    with pytest.raises(InputError, match="language"):
        emerging_themes(planted().drop(columns="language"), CODES, seed=1)


def test_vectors_must_belong_to_the_answers():
    with pytest.raises(ValueError, match="found 1 rows"):
        emerging_themes(planted(), CODES, seed=1, vectors=np.zeros((1, 2)))


def test_what_is_proposed_can_be_pasted_and_then_codes_the_answers():
    book = codebook_from_tables(
        pd.DataFrame({"theme": ["skills"], "label": ["Skills"]}),
        pd.DataFrame({"theme": ["skills", "skills"], "language": ["en", "en"], "term": ["staff", "hackers"]}),
    )
    table = planted()
    found = emerging_themes(table, CODES, seed=1)
    lines = proposal_lines(found, book, ["theme", "order", "label", "definition", "stages"])
    themes = [
        line.split(",") for line in lines if line.startswith("new_theme_") and not line.endswith("codes")
    ]
    terms = [line.split(",") for line in lines if line.endswith(",codes")]
    assert [row[1] for row in themes] == [str(n) for n in range(2, len(themes) + 2)]
    assert all(len(row) == 5 for row in themes)
    assert "hackers" not in {row[2] for row in terms}  # the codebook has it
    new = codebook_from_tables(
        pd.DataFrame(themes, columns=["theme", "order", "label", "definition", "stages"]),
        pd.DataFrame(terms, columns=["theme", "language", "term", "effect"]),
    )
    assert code_answers(table, new)["answer_id"].nunique() >= 14


def test_nothing_to_propose_is_said_in_words():
    found = emerging_themes(planted().head(3), CODES, seed=1)
    book = codebook_from_tables(
        pd.DataFrame({"theme": ["a"], "label": ["A"]}), pd.DataFrame(columns=["theme", "language", "term"])
    )
    assert proposal_lines(found, book, ["theme"]) == [found.note + "."]
