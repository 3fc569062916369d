"""Answers get names that do not give respondents away, and keep what they were."""

import hashlib

import pandas as pd
import pytest

from helpers.analysis.themes.answers import answer_name, answers_from_difficulties, stages_by_answer

DATASET = "vaccine_capacity/2021-03-sample"


def difficulties(**changes):
    columns = {
        "respondent_id": ["r1", "r1", "r2"],
        "raw_row": [2, 2, 3],
        "country": ["FR", "FR", "DE"],
        "question": ["difficulties", "bottlenecks", "difficulties"],
        "text": ["manque de personnel", "énergie", "keine"],
        "language": ["fr", "fr", "en"],
        "stages": ["vials;storage", None, " vials ; "],
    }
    return pd.DataFrame({**columns, **changes})


def test_the_name_of_an_answer_is_the_hash_of_where_it_stands():
    digits = hashlib.sha256(b"a/2020-01/r1/difficulties").hexdigest()[:10]
    assert answer_name("a/2020-01", "r1", "difficulties") == f"a{digits}"


def test_answers_keep_their_order_and_have_one_name_each():
    answers = answers_from_difficulties(difficulties(), DATASET)
    assert answers.columns.tolist() == [
        "answer_id", "respondent_id", "country", "question", "text", "language", "stages",
    ]  # fmt: skip
    assert answers["text"].tolist() == ["manque de personnel", "énergie", "keine"]
    assert answers["answer_id"].is_unique
    assert answers["answer_id"].str.fullmatch("a[0-9a-f]{10}").all()
    assert not answers["answer_id"].str.contains("r1").any()


def test_the_wave_is_part_of_the_name():
    one = answers_from_difficulties(difficulties(), DATASET)["answer_id"]
    other = answers_from_difficulties(difficulties(), "vaccine_capacity/2021-04")["answer_id"]
    assert set(one).isdisjoint(other)


def test_two_answers_of_one_respondent_to_one_question_are_refused():
    with pytest.raises(ValueError, match="row 1: a second answer to 'difficulties'"):
        answers_from_difficulties(difficulties(question=["difficulties"] * 3), DATASET)


def test_no_answers_are_none():
    assert len(answers_from_difficulties(difficulties().head(0), DATASET)) == 0


def test_an_answer_counts_for_each_stage_that_it_concerns():
    answers = answers_from_difficulties(difficulties(), DATASET)
    first, _, last = answers["answer_id"]
    assert stages_by_answer(answers).to_numpy().tolist() == [
        [first, "vials"],
        [first, "storage"],
        [last, "vials"],
    ]
