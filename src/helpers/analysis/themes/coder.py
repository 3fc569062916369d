"""The coder: which themes an answer names, with the place of every word that says so."""

import functools
import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise, repeat
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.analysis.themes.codebook import CANCELS, CODES, EVERY, Codebook
from helpers.analysis.themes.lexicon import Lexicon, Match
from helpers.analysis.themes.negation import CALM, negated
from helpers.analysis.themes.reading import Reading, read_answers
from helpers.analysis.themes.words import fold

NOTHING_WORDS = 10
"""Words up to which an answer may say that there is nothing to say."""


class Found(NamedTuple):
    """A theme found: first word, last word, theme, term, language, whether it is said to be no difficulty."""

    first: int
    last: int
    theme: str
    term: str
    language: str
    negated: bool


def code_answers(answers: pd.DataFrame, codebook: Codebook, *, keep_negated: bool = False) -> pd.DataFrame:
    """Return every place at which an answer names a theme.

    Parameters
    ----------
    answers
        ``answer_id``, ``text``; ``language`` (of the form, ISO 639-1) and ``country`` (Eurostat's code), if
        there, only help where an answer is too short to show its language: people answer in their own.
    codebook
        Any codebook; see `helpers.analysis.themes.codebook`.
    keep_negated
        Give the terms that are said to be no difficulty ("no problems with staff"), too, with ``negated``
        True.

    Returns
    -------
    DataFrame
        One row a match, in the order of the answers and of the text: ``answer_id``, ``theme``, ``start`` and
        ``end`` (places in ``text``, so that ``text[start:end]`` is ``words``), ``words``, ``term`` of the
        codebook, ``language`` of the term, or of the clause if the term is of every language, ``negated``.
        Of a theme's matches inside a longer one of the same theme only the longer is given.

    Examples
    --------
    >>> from helpers.analysis.themes.codebook import codebook_from_tables
    >>> themes = pd.DataFrame({"theme": ["skills"], "label": ["Skills"]})
    >>> terms = pd.DataFrame({"theme": "skills", "language": ["en"], "term": ["skilled staff"]})
    >>> answers = pd.DataFrame({"answer_id": ["a1"], "text": ["We have no skilled local staff."]})
    >>> code_answers(answers, codebook_from_tables(themes, terms))[["theme", "start", "end", "words"]].values
    array([['skills', 11, 30, 'skilled local staff']], dtype=object)
    """
    coder = coder_of(codebook)
    rows: list[int] = []
    spans: list[tuple[int, int]] = []
    codes: list[Found] = []
    texts = answers["text"].tolist()
    with _collector_paused():
        for at, reading in enumerate(read_answers(answers)):
            for found in coder.find(texts[at], reading):
                if keep_negated or not found.negated:
                    rows.append(at)
                    codes.append(found)
                    spans.append(_span(found, reading))
    return _table(answers["answer_id"], texts, rows, spans, codes)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the search for cyclic garbage: none is made here, and the search takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _span(found: Found, reading: Reading) -> tuple[int, int]:
    words, starts, _ = reading.words
    return starts[found.first], starts[found.last] + len(words[found.last])


def _table(
    names: pd.Series,
    texts: Sequence[object],
    rows: Sequence[int],
    spans: Sequence[tuple[int, int]],
    codes: Sequence[Found],
) -> pd.DataFrame:
    """Return the table of codes; ``rows`` says to which answer each belongs."""
    words = [str(texts[row])[start:end] for row, (start, end) in zip(rows, spans, strict=True)]
    columns: dict[str, object] = {
        "answer_id": names.iloc[list(rows)].array,
        "theme": pd.array([found.theme for found in codes], dtype="str"),
        "start": np.array([start for start, _ in spans], dtype=np.int64),
        "end": np.array([end for _, end in spans], dtype=np.int64),
        "words": pd.array(words, dtype="str"),
        "term": pd.array([found.term for found in codes], dtype="str"),
        "language": pd.array([found.language for found in codes], dtype="str"),
        "negated": np.array([found.negated for found in codes], dtype=bool),
    }
    return pd.DataFrame(columns)


def themes_by_answer(codes: pd.DataFrame, answers: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return which answers name which themes.

    Parameters
    ----------
    codes
        As `code_answers` gives them; negated ones do not count.
    answers
        Those that were coded: ``answer_id``.

    Returns
    -------
    DataFrame
        Index ``answer_id`` in the order of ``answers``, one column a theme in the codebook's order; True or
        False.
    """
    counted = codes[~codes["negated"].astype(bool)]
    named = set(zip(counted["answer_id"], counted["theme"], strict=True))
    index = pd.Index(answers["answer_id"], name="answer_id")
    columns = {code: [(answer, code) in named for answer in index] for code in codebook.codes}
    return pd.DataFrame(columns, index=index, dtype=bool)


class Coder:
    """A codebook made ready: one lexicon a language, made when it is first needed."""

    def __init__(self, codebook: Codebook) -> None:
        self._codebook = codebook
        self._order = {code: at for at, code in enumerate(codebook.codes)}
        self._lexicons: dict[str, Lexicon] = {}
        self._nothing = {
            " ".join(part.letters for part in marker.parts)
            for marker in codebook.markers
            if marker.effect == "nothing"
        }

    def lexicon(self, language: str) -> Lexicon:
        """Return the lexicon of a language."""
        if language not in self._lexicons:
            self._lexicons[language] = Lexicon(self._codebook, language)
        return self._lexicons[language]

    def find(self, text: str, reading: Reading) -> list[Found]:
        """Return the themes of an answer in the order of its words."""
        matches = self._matches(reading)
        if not matches:
            return []
        found = self._settled(matches, reading)
        if len(reading.words.words) <= NOTHING_WORDS and self._says_nothing(reading):
            last = len(reading.words.words) - 1
            found = [item for item in found if item.first == 0 and item.last == last]
        if text.isupper():  # capitals tell no acronym of two letters from a word
            found = [item for item in found if not (len(item.term) == 2 and item.term.isupper())]
        if len(found) > 1:
            found.sort(key=lambda item: (item.first, -item.last, self._order[item.theme], item))
            found = list(_longest(found))
        return found

    def _matches(self, reading: Reading) -> list[tuple[Match, str]]:
        """Return the matches in the languages in which the answer is read; none if no theme is found."""
        words, breaks, runs = reading
        found: list[tuple[Match, str]] = []
        for first, end, languages in runs:
            for language in languages:
                matches = self.lexicon(language).matches(words.words, breaks, first, end)
                found += [(match, language) for match in matches]
        if not any(match.term.effect == CODES for match, _ in found):
            return []
        if len(runs) == 1 and len(runs[0][2]) == 1:
            return found
        # What is found in several languages counts for the likeliest.
        unique = {
            (match.term.theme, match.term.effect, match.at): (match, language)
            for match, language in found[::-1]
        }
        return list(unique.values())[::-1]

    def _settled(self, matches: Sequence[tuple[Match, str]], reading: Reading) -> list[Found]:
        """Return the themes of matches, those that are cancelled left out."""
        effects = {match.term.effect for match, _ in matches}
        denied: Iterable[bool] = repeat(False)
        if not effects.isdisjoint(CALM):
            denied = negated([match for match, _ in matches], list(self._small(reading)), reading.breaks)
        found = zip(matches, denied, strict=False)
        if len(effects) == 1:
            return [_found(match, language, is_negated) for (match, language), is_negated in found]
        cancelled = _Cancelled(match for match, _ in matches if match.term.effect == CANCELS)
        return [
            _found(match, language, is_negated)
            for (match, language), is_negated in found
            if match.term.effect == CODES and not cancelled.holds(match)
        ]

    def _small(self, reading: Reading) -> Iterator[Match]:
        """Yield the small markers; what divides clauses only in the likeliest language of each run."""
        for first, end, languages in reading.runs:
            for language in languages:
                for match in self.lexicon(language).small(reading.words.words, reading.breaks, first, end):
                    if language == languages[0] or match.term.effect not in ("turn", "and"):
                        yield match

    def state(self, text: object, reading: Reading) -> str:
        """Return what became of an answer; see `answer_states`."""
        if not isinstance(text, str) or not text.strip():
            return "empty"
        found = self.find(text, reading)
        if any(not item.negated for item in found):
            return "coded"
        if self._says_nothing(reading):
            return "nothing"
        return "fine" if found else "uncoded"

    def _says_nothing(self, reading: Reading) -> bool:
        """Say whether every sentence of an answer is one that says nothing, or the answer has no words."""
        words = list(map(fold, reading.words.words))
        if len(words) > NOTHING_WORDS:
            return False
        if " ".join(words) in self._nothing:
            return True
        cuts = [at for at, broken in enumerate(reading.breaks) if broken or not at]
        pieces = pairwise([*cuts, len(words)])
        return all(" ".join(words[first:end]) in self._nothing for first, end in pieces)


def _found(match: Match, language: str, is_negated: bool) -> Found:
    term, at = match
    here = language if term.language == EVERY else term.language
    return Found(at[0], at[-1], term.theme, term.term, here, is_negated)


class _Cancelled:
    """Where the phrases stand inside which terms of a theme do not count."""

    def __init__(self, cancelling: Iterable[Match]) -> None:
        self._last: dict[tuple[str, int], int] = {}
        self._longest = 0
        for match in cancelling:
            key, last = (match.term.theme, match.at[0]), match.at[-1]
            self._last[key] = max(last, self._last.get(key, -1))
            self._longest = max(self._longest, last - match.at[0])

    def holds(self, match: Match) -> bool:
        first, last = match.at[0], match.at[-1]
        starts = range(first, first - self._longest - 1, -1)
        return any(self._last.get((match.term.theme, at), -1) >= last for at in starts)


def _longest(ordered: Sequence[Found]) -> Iterator[Found]:
    """Yield what is not inside an earlier (so longer or equal) match of the same theme."""
    reached: dict[str, int] = {}
    for item in ordered:
        if item.last > reached.get(item.theme, -1):
            reached[item.theme] = item.last
            yield item


@functools.lru_cache(maxsize=4)
def coder_of(codebook: Codebook) -> Coder:
    """Return the coder of a codebook, made once."""
    return Coder(codebook)
