"""Languages are identified from five words, and the expected one decides where there are too few."""

import csv
import os
import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from helpers.analysis.themes.codebook import LANGUAGES
from helpers.analysis.themes.language import identify_languages, vocabulary
from helpers.analysis.themes.reading import read_answers
from helpers.data.project import project_root

SHARED = Path(os.environ.get("EVIDENCE_SHARED", project_root().parent / "shared"))
LABELS = SHARED / "real" / "eurovoc" / "labels_24_languages.csv"
PHRASES = project_root() / "src" / "helpers" / "data" / "sample" / "phrases"


def windows(texts, words=5):
    """Cut texts into pieces of so many words."""
    run = " ".join(texts).split()
    return [" ".join(run[at : at + words]) for at in range(0, len(run) - words + 1, words)]


def share_right(texts):
    """Share of texts whose language is identified; texts: language -> list."""
    pairs = [(language, text) for language, each in texts.items() for text in each]
    told = identify_languages(pd.Series([text for _, text in pairs]))["language"]
    return np.mean([language == found for (language, _), found in zip(pairs, told, strict=True)])


def test_five_words_of_an_answer_tell_each_of_the_24_languages():
    texts = {}
    for language in LANGUAGES:
        known = yaml.safe_load((PHRASES / f"{language}.yml").read_text(encoding="utf-8"))
        sentences = [
            text for theme in known["themes"].values() for text in theme["trouble"] if "{" not in text
        ]
        texts[language] = [piece for text in sentences for piece in windows([text])]
    assert set(texts) == set(LANGUAGES)
    assert share_right(texts) >= 0.98


def test_five_words_of_labels_tell_each_of_the_24_languages():
    if not LABELS.exists():
        pytest.skip(f"{LABELS} is not here: labels of EuroVoc are not part of the repository")
    labels = {}
    with LABELS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            labels.setdefault(row["language"], []).append(row["label"])
    rng = random.Random(5)
    for each in labels.values():
        rng.shuffle(each)
    assert share_right({language: windows(each) for language, each in labels.items()}) >= 0.98


def test_below_four_words_the_expected_language_decides():
    told = identify_languages(pd.Series(["energia", "energia"]), pd.Series(["it", "fi"]))
    assert told["language"].tolist() == ["it", "fi"]
    assert told["how"].tolist() == ["prior", "prior"]
    assert told["probability"].between(0, 1).all()


def test_from_four_words_people_answer_in_their_own_language():
    told = identify_languages(pd.Series(["wir finden keine Fachkräfte mehr"]), pd.Series(["en"]))
    assert told.iloc[0][["language", "how"]].tolist() == ["de", "identified"]


def test_nothing_to_go_by_is_unknown():
    told = identify_languages(pd.Series(["", None, "12 % - 3", "😀"]))
    assert told["language"].isna().all()
    assert set(told["how"]) == {"unknown"}


def test_the_index_is_kept():
    told = identify_languages(
        pd.Series(["we cannot find staff here"], index=[7]), pd.Series([None], index=[7])
    )
    assert told.index.tolist() == [7]


def test_what_was_read_before_changes_nothing():
    texts = pd.Series(
        ["nedostatek surovin na trhu", "mangel på råvarer og folk", "falta de personal cualificado"]
    )
    alone = [identify_languages(texts[at : at + 1]).iloc[0].tolist() for at in range(3)]
    vocabulary().tidy()
    assert identify_languages(texts[::-1])[::-1].to_numpy().tolist() == alone


def test_each_part_of_a_mixed_answer_is_read_in_its_language():
    text = "Uns fehlen seit Jahren Fachkräfte; the grid connection is too small. Nous manquons de lits"
    runs = next(read_answers(pd.DataFrame({"text": [text]}))).runs
    assert [languages[0] for _, _, languages in runs] == ["de", "en", "fr"]
    assert [run[0] for run in runs[1:]] == [run[1] for run in runs[:-1]]


def test_a_short_answer_is_read_in_the_languages_of_form_and_country():
    answers = pd.DataFrame({"text": ["Strompreise"], "language": ["en"], "country": ["AT"]})
    assert {"en", "de"} <= set(next(read_answers(answers)).runs[0][2])


def test_unknown_forms_and_countries_are_no_hindrance():
    answers = pd.DataFrame(
        {"text": ["prices", None], "language": [None, "xx"], "country": ["US", float("nan")]}
    )
    assert len(list(read_answers(answers))) == 2
