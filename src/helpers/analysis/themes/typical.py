"""Which words are typical of a group of answers, worked out within each language."""

from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.analysis.themes.words import clean, read_words

MOST_TERMS = 6
SHORTEST_WORD = 3
LIFT = 2.0
"""How many times as frequent in its group as in other answers of the language a typical term is."""
MOST_OUTSIDE = 0.05
"""Share of the other answers of the language above which a word is one of every day."""
LONGEST = 2000
TERMS = {"group": "int64", "language": "str", "term": "str", "respondents": "int64", "score": "float64"}
"""Columns of the table of typical terms, and their types."""


def typical_terms(table: pd.DataFrame, members: pd.DataFrame, min_count: int) -> pd.DataFrame:
    """Return the typical terms of each group, the most typical first.

    Words, and pairs of neighbours, by class-based TF-IDF: the share of a term in the words of a group, times
    log(1 + A / f), with A the mean number of words of a group and f the frequency of the term in all of them.
    Answers outside the groups are a group of their own, so that words of every answer are typical of none. A
    term is at least twice as frequent in the group as in other answers of its language, stands in at most one
    in twenty of these, and of terms that share a word the most typical is kept.

    Parameters
    ----------
    table
        All answers: ``text``, ``language``, ``who`` (people are counted, not answers).
    members
        Rows of ``table`` (same index) with their ``group``.
    min_count
        Fewest people of a group who use a term that is shown.

    Returns
    -------
    DataFrame
        ``group``, ``language``, ``term``, ``respondents``, ``score``; at most six a group.

    References
    ----------
    Grootendorst, M. (2022), BERTopic: Neural topic modeling with a class-based TF-IDF procedure,
    arXiv:2203.05794.

    Examples
    --------
    >>> texts = ["hackers at night", "hackers again", "no staff", "staff is short", "staff leaves"]
    >>> table = pd.DataFrame({"text": texts, "language": "en", "who": list("abcde")})
    >>> typical_terms(table, table.head(2).assign(group=1), 2)["term"].tolist()
    ['hackers']
    """
    rows: list[tuple[int, str, str, int, float]] = []
    group_of = dict(zip(members.index, members["group"], strict=True))
    for language, part in table.groupby("language"):
        if any(at in group_of for at in part.index):
            rows += _typical_in(str(language), part, group_of, min_count)
    found = pd.DataFrame(rows, columns=list(TERMS)).astype(TERMS)
    found = found.sort_values(["group", "score", "language", "term"], ascending=[True, False, True, True])
    return found.groupby("group").head(MOST_TERMS).reset_index(drop=True)


def _typical_in(
    language: str, part: pd.DataFrame, group_of: dict[int, int], min_count: int
) -> Iterator[tuple[int, str, str, int, float]]:
    """Yield the typical terms of one language: group, language, term, respondents, score."""
    answers: dict[int, Counter[str]] = defaultdict(Counter)
    people: dict[tuple[int, str], set[str]] = defaultdict(set)
    sizes: Counter[int] = Counter()
    for at, text, who in zip(part.index, part["text"], part["who"], strict=True):
        group = group_of.get(at, 0)
        sizes[group] += 1
        for term in _terms(text):
            answers[group][term] += 1
            people[group, term].add(str(who))
    whole: Counter[str] = sum(answers.values(), Counter())
    words = whole.total() / max(len(sizes), 1)
    everyone = sizes.total()
    for group in sorted(set(sizes) - {0}):
        scored = []
        for term, number in answers[group].items():
            inside = (number + 0.5) / (sizes[group] + 1)
            outside = (whole[term] - number + 0.5) / (everyone - sizes[group] + 1)
            rare = outside <= MOST_OUTSIDE or everyone - sizes[group] < 1 / MOST_OUTSIDE
            if len(people[group, term]) >= min_count and inside >= LIFT * outside and rare:
                score = number / answers[group].total() * np.log(1 + words / whole[term])
                scored.append((-round(float(score), 12), -len(term), term))
        for score, _, term in _distinct(sorted(scored)):
            yield group, language, term, len(people[group, term]), -score


def _distinct(scored: list[tuple[float, int, str]]) -> list[tuple[float, int, str]]:
    """Leave out what is part of a more typical term, or holds one."""
    kept: list[tuple[float, int, str]] = []
    for row in scored:
        words = set(row[2].split())
        if all(words.isdisjoint(other[2].split()) for other in kept):
            kept.append(row)
    return kept[:MOST_TERMS]


def _terms(text: object) -> set[str]:
    """Return the words of a text, and the pairs of neighbours, in small letters."""
    if not isinstance(text, str):
        return set()
    words = [clean(word).lower() for word in read_words(text[:LONGEST]).words]
    real = [len(word) >= SHORTEST_WORD and word.isalpha() for word in words]
    alone = {word for word, good in zip(words, real, strict=True) if good}
    pairs = zip(words, words[1:], real, real[1:], strict=False)
    return alone | {f"{one} {other}" for one, other, first, second in pairs if first and second}
