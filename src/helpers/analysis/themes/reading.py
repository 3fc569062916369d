"""Answers as read: their words, what stands between these, and the languages in which they are read."""

import functools
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from helpers.analysis.themes.codebook import LANGUAGES
from helpers.analysis.themes.language import (
    COUNTRY_LANGUAGES,
    ENOUGH_WORDS,
    NUMBER,
    PARTNER,
    Vocabulary,
    evidence,
    probabilities,
    tell_apart,
    vocabulary,
)
from helpers.analysis.themes.words import BREAKS, Words, read_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXPECTED, EXPECTED_IF_SHORT = 0.7, 2.0
"""How much the language of the form or country speaks, in the units of the logarithm of a probability."""
SAME_LANGUAGE = 2.0
"""How much each part of an answer is expected to be in the language of the whole, in the same units."""
POSSIBLE = 0.2
"""Probability from which a language is tried; the likeliest always is."""
BATCH = 4096

Run = tuple[int, int, tuple[str, ...]]
"""First word, end, and the languages in which these words are read, the likeliest first."""


class Reading(NamedTuple):
    """An answer as read: its words, what stands before each of them, and the runs of one language."""

    words: Words
    breaks: list[int]
    runs: list[Run]


def read_answers(answers: pd.DataFrame) -> Iterator[Reading]:
    """Yield each answer as read.

    Parameters
    ----------
    answers
        ``text``; ``language`` and ``country`` if known, see `code_answers`.

    Examples
    --------
    >>> answers = pd.DataFrame({"text": ["Uns fehlen seit Jahren Fachkräfte; no engineers for this job"]})
    >>> next(read_answers(answers)).runs
    [(0, 5, ('de',)), (5, 10, ('en',))]
    """
    texts = answers["text"].tolist()
    none: list[None] = [None] * len(texts)
    forms = answers["language"].tolist() if "language" in answers.columns else none
    countries = answers["country"].tolist() if "country" in answers.columns else none
    expected = [_expected(form, country) for form, country in zip(forms, countries, strict=True)]
    for first in range(0, len(texts), BATCH):
        yield from _read(texts[first : first + BATCH], expected[first : first + BATCH])


@functools.lru_cache(maxsize=4096)
def _expected(form: object, country: object) -> tuple[str, ...]:
    """Return the languages to expect: of the form first, then of the country."""
    of_form = (form,) if isinstance(form, str) and form in NUMBER else ()
    of_country = COUNTRY_LANGUAGES.get(country, ()) if isinstance(country, str) else ()
    return tuple(dict.fromkeys((*of_form, *of_country)))


def _read(texts: Sequence[object], expected: Sequence[tuple[str, ...]]) -> Iterator[Reading]:
    known = vocabulary()
    known.tidy()
    words = [read_words(text if isinstance(text, str) else "") for text in texts]
    breaks = [list(map(BREAKS.__getitem__, read.gaps[:-1])) for read in words]
    every = chain.from_iterable(read.words for read in words)
    numbers = np.fromiter(map(known.numbers.__getitem__, every), dtype=np.int64)
    lengths = np.array([len(each) for each in breaks], dtype=np.int64)
    broken = np.fromiter(chain.from_iterable(breaks), dtype=np.int8) > 0
    runs = _runs(numbers, lengths, broken, expected, [read.words for read in words], known)
    for read, each, languages in zip(words, breaks, runs, strict=True):
        yield Reading(read, each, languages)


def _runs(
    numbers: "NDArray[np.int64]",
    lengths: "NDArray[np.int64]",
    broken: "NDArray[np.bool_]",
    expected: Sequence[tuple[str, ...]],
    words: Sequence[Sequence[str]],
    known: Vocabulary,
) -> Iterator[list[Run]]:
    """Yield the runs of each answer.

    Parameters
    ----------
    numbers
        Of the words of all answers, one after the other.
    lengths
        Words of each answer.
    broken
        Whether a clause, or what commas divide, begins with the word.
    """
    firsts = np.concatenate([[0], np.cumsum(lengths)])
    broken[firsts[:-1][lengths > 0]] = True
    starts = np.flatnonzero(broken)
    units = np.searchsorted(starts, firsts)
    parts = _sums(known.scores(numbers), known.sizes(numbers), starts)
    scores, sizes, counts = (_between(sums, units) for sums in parts)
    scaled = evidence(scores, sizes, _bonus(expected, counts))
    tell_apart(scaled, words, known)
    shares = probabilities(scaled)
    best = shares.argmax(axis=1)
    own, is_other = _own_languages(parts, np.repeat(best, np.diff(units)))
    others = _between(is_other.astype(np.int64), units) > 0
    several = ((shares >= POSSIBLE).sum(axis=1) != 1) | (counts < ENOUGH_WORDS)
    for at, length in enumerate(lengths.tolist()):
        tried = _tried(shares[at], expected[at], int(counts[at])) if several[at] else _ALONE[best[at]]
        if not length:
            yield []
        elif not others[at]:
            yield [(0, length, tried)]
        else:
            low, high = units[at], units[at + 1]
            here = [_ALONE[own[unit]] if is_other[unit] else tried for unit in range(low, high)]
            yield _merged(here, [*(starts[low:high] - firsts[at]).tolist(), length])


_ALONE = [(language,) for language in LANGUAGES]
_Sums = tuple["NDArray[np.int64]", "NDArray[np.int64]", "NDArray[np.int64]"]


def _sums(scores: "NDArray[np.int64]", sizes: "NDArray[np.int64]", starts: "NDArray[np.int64]") -> _Sums:
    """Return the scores, the bytes and the number of words that speak for a language, for each unit."""
    if not len(starts):
        return scores[:0], sizes[:0], sizes[:0]
    counted = (sizes > 0).astype(np.int64)
    return (
        np.add.reduceat(scores, starts, axis=0),
        np.add.reduceat(sizes, starts),
        np.add.reduceat(counted, starts),
    )


def _between(sums: "NDArray[np.int64]", units: "NDArray[np.int64]") -> "NDArray[np.int64]":
    """Return the sums over the units of each answer; 0 for one without any."""
    running = np.concatenate([np.zeros((1, *sums.shape[1:]), dtype=np.int64), np.cumsum(sums, axis=0)])
    total: NDArray[np.int64] = running[units[1:]] - running[units[:-1]]
    return total


def _bonus(expected: Sequence[tuple[str, ...]], counts: "NDArray[np.int64]") -> "NDArray[np.float64]":
    """Return how much the expected languages speak, one row an answer."""
    kinds = {wanted: at for at, wanted in enumerate(dict.fromkeys(expected))}
    rows = np.zeros((len(kinds), len(LANGUAGES)))
    for wanted, at in kinds.items():
        rows[at, [NUMBER[language] for language in wanted]] = 1.0
    weight = np.where(counts >= ENOUGH_WORDS, EXPECTED, EXPECTED_IF_SHORT)
    bonus: NDArray[np.float64] = rows[[kinds[wanted] for wanted in expected]] * weight[:, None]
    return bonus


def _own_languages(parts: _Sums, best: "NDArray[np.int64]") -> "tuple[NDArray[np.int64], NDArray[np.bool_]]":
    """Return the language of each unit, and whether it is another one than the best of its answer."""
    scores, sizes, counts = parts
    same = np.zeros(scores.shape)
    same[np.arange(len(best)), best] = SAME_LANGUAGE
    own = evidence(scores, sizes, same).argmax(axis=1)
    return own, (own != best) & (own != PARTNER[best]) & (counts >= ENOUGH_WORDS)


def _tried(shares: "NDArray[np.float64]", expected: tuple[str, ...], count: int) -> tuple[str, ...]:
    """Return the languages in which an answer is read: the likely ones, and the expected if it is short."""
    if count == 0:
        return expected or ("en",)
    order = np.argsort(-shares, kind="stable").tolist()
    likely = [LANGUAGES[at] for rank, at in enumerate(order) if rank == 0 or shares[at] >= POSSIBLE]
    return tuple(dict.fromkeys((*likely, *(expected if count < ENOUGH_WORDS else ()))))


def _merged(languages: Sequence[tuple[str, ...]], places: Sequence[int]) -> list[Run]:
    """Return runs from units: neighbours that are read in the same languages become one."""
    runs: list[Run] = []
    for here, (first, end) in zip(languages, pairwise(places), strict=True):
        if runs and runs[-1][2] == here:
            runs[-1] = (runs[-1][0], end, here)
        else:
            runs.append((first, end, here))
    return runs
