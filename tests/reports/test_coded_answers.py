"""Answers coded once a build: found where all is the same, coded where anything differs."""

import pandas as pd
import pytest

from helpers.reports import coded_answers as module
from helpers.reports.coded_answers import coded_answers

ANSWERS = pd.DataFrame(
    {
        "answer_id": pd.Series(["a1", "a2"], dtype="str"),
        "text": ["We have no skilled staff.", "n/a"],
        "language": ["en", None],
        "country": ["IE", "AT"],
        "respondent_id": ["r1", "r2"],
    }
)
THEMES = pd.DataFrame({"theme": ["skills"], "label": ["Skills"]})
TERMS = pd.DataFrame({"theme": ["skills"], "language": ["en"], "term": ["skilled staff"]})
MARKERS = pd.DataFrame({"language": ["*"], "term": ["n/a"], "kind": ["nothing"]})
BOOK = (THEMES, TERMS, MARKERS)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("EVIDENCE_ROOT", str(tmp_path))
    monkeypatch.setenv("EVIDENCE_RUN_DIR", str(tmp_path / "run"))
    return tmp_path / ".cache" / "codes"


@pytest.fixture
def times(monkeypatch):
    """Count how often answers are coded."""
    counted = []
    real = module.code_answers
    monkeypatch.setattr(module, "code_answers", lambda *given: (counted.append(1), real(*given))[1])
    return counted


def test_what_is_kept_is_what_was_found(folder, times):
    first, second = coded_answers(ANSWERS, *BOOK), coded_answers(ANSWERS, *BOOK)
    assert len(times) == 1
    for found, kept in zip(first, second, strict=True):
        pd.testing.assert_frame_equal(found, kept)
    states, codes = second
    assert states["state"].tolist() == ["coded", "nothing"]
    assert codes["words"].tolist() == ["skilled staff"]


def test_what_the_coder_does_not_read_makes_no_difference(folder, times):
    coded_answers(ANSWERS, *BOOK)
    coded_answers(ANSWERS.assign(respondent_id="r9"), *BOOK)
    assert len(times) == 1


@pytest.mark.parametrize(
    "other",
    [
        (ANSWERS.assign(text="No problem."), *BOOK),
        (ANSWERS.assign(country="FR"), *BOOK),
        (ANSWERS, THEMES, TERMS.assign(term="staff"), MARKERS),
        (ANSWERS, THEMES.assign(theme="skills", label="Labour"), TERMS, MARKERS),
        (ANSWERS, THEMES, TERMS, MARKERS.assign(term="none")),
    ],
)
def test_what_differs_in_anything_is_coded(folder, times, other):
    coded_answers(ANSWERS, *BOOK)
    coded_answers(*other)
    assert len(times) == 2


def test_what_is_damaged_is_coded_again(folder, times):
    coded_answers(ANSWERS, *BOOK)
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes()[:-3] + b"xxx")
    coded_answers(ANSWERS, *BOOK)
    assert len(times) == 2


def test_outside_of_a_build_nothing_is_kept(folder, times, monkeypatch):
    monkeypatch.delenv("EVIDENCE_RUN_DIR")
    coded_answers(ANSWERS, *BOOK)
    coded_answers(ANSWERS, *BOOK)
    assert len(times) == 2
    assert not folder.exists()


def test_no_more_is_kept_than_there_is_room_for(folder, monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)
    for text in ("one", "two", "three", "four"):
        coded_answers(ANSWERS.assign(text=text), *BOOK)
    assert len(list(folder.iterdir())) == 4  # two results of two files
