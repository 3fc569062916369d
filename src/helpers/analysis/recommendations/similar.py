"""Points that may say the same: proposed for people to decide, never merged by themselves.

Points of one language are compared by their words, by their themes and by the terms of the codebook in them.
Points of different languages are compared by their themes only, which says little: such a pair is proposed
only if both have the same two or more themes, and its evidence says that the texts were not compared.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

COLUMNS = ("point_id_a", "point_id_b", "score", "evidence")
PROPOSED_FROM = 0.72
"""Pairs of one language with at least this score are proposed."""
ACROSS = 0.5
"""Score of two points of different languages with the same themes; the words stay unknown."""
THEMES_ACROSS = 2
"""So many themes both points must have where their languages differ."""
WEIGHTS = {"texts": 0.8, "themes": 0.1, "terms": 0.1}
_NOT_KNOWN = 0.5
"""What themes or terms count where neither of two points has any: they speak neither for nor against."""
_PLACEHOLDER = re.compile(r"\[[a-z-]+\]")
_WORDS = re.compile(r"[^\W_]+")


class _Point(NamedTuple):
    """What is compared of a point."""

    point_id: str
    text: str
    language: str
    themes: frozenset[str]
    terms: frozenset[str]


def similar_points(points: pd.DataFrame, codes: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return pairs of points that may say the same, the likeliest first.

    Parameters
    ----------
    points
        point_id, text, language; theme (of the codebook) if there is one. In the order in which they were
        made: the earlier of a pair comes first.
    codes
        answer_id (the point), theme, term: what `helpers.analysis.themes.code_answers` found in the texts.

    Returns
    -------
    pandas.DataFrame
        point_id_a, point_id_b; score from 0 to 1, rounded to three digits; evidence in words that quote no
        text. Of one language: the weighted mean (`WEIGHTS`) of how alike the texts are, and of the shares of
        themes and of terms that both have (Jaccard), from `PROPOSED_FROM`. Texts are alike by the mean of the
        normalised edit similarity of their words in alphabetical order and that of the words that they share
        (token sort and token set ratio). Of different languages: `ACROSS`, if both have the same themes and
        at least `THEMES_ACROSS`.

    Examples
    --------
    >>> points = pd.DataFrame({"point_id": ["P001", "P002", "P003"], "language": "en", "theme": "energy",
    ...     "text": ["Cap the price of gas.", "The price of gas: cap it!", "Connect plants to the grid."]})
    >>> similar_points(points)[["point_id_a", "point_id_b", "score"]].values.tolist()
    [['P001', 'P002', 0.922]]

    Notes
    -----
    Time grows with the square of the number of points of a language: 5,000 take some seconds.

    References
    ----------
    Cohen, W. W., Ravikumar, P., Fienberg, S. E. (2003), A comparison of string distance metrics for
    name-matching tasks, IIWeb 2003, on token-based and hybrid similarities.
    """
    compared = _compared(points, codes)
    found = [*_within(compared), *_across(compared)]
    table = pd.DataFrame(found, columns=["first", "second", *COLUMNS])
    table = table.sort_values(["score", "first", "second"], ascending=[False, True, True], ignore_index=True)
    types = {"point_id_a": "str", "point_id_b": "str", "score": "float64", "evidence": "str"}
    return table[list(COLUMNS)].astype(types)


def _compared(points: pd.DataFrame, codes: pd.DataFrame | None) -> list[_Point]:
    themes, terms = _grouped(codes, "theme"), _grouped(codes, "term")
    stated = points["theme"] if "theme" in points else pd.Series(pd.NA, index=points.index)
    return [
        _Point(
            point_id,
            folded(text) if isinstance(text, str) else "",
            language if isinstance(language, str) else "",
            themes.get(point_id, frozenset()) | ({theme} if isinstance(theme, str) else frozenset()),
            terms.get(point_id, frozenset()),
        )
        for point_id, text, language, theme in zip(
            points["point_id"], points["text"], points["language"], stated, strict=True
        )
    ]


def _grouped(codes: pd.DataFrame | None, column: str) -> Mapping[str, frozenset[str]]:
    if codes is None or codes.empty:
        return {}
    return {str(point): frozenset(values) for point, values in codes.groupby("answer_id")[column]}


def folded(text: str) -> str:
    """Return the words of a text in small letters, without accents, marks and what redaction put there.

    Examples
    --------
    >>> folded("Créer un REGISTRE: appeler [phone]!")
    'creer un registre appeler'
    """
    bare = unicodedata.normalize("NFKD", _PLACEHOLDER.sub(" ", text).casefold())
    return " ".join(_WORDS.findall("".join(mark for mark in bare if not unicodedata.combining(mark))))


def _within(points: Sequence[_Point]) -> Iterator[tuple[int, int, str, str, float, str]]:
    """Yield the pairs of each language, by words, themes and terms."""
    for language in sorted({point.language for point in points}):
        rows = [at for at, point in enumerate(points) if point.language == language and point.text]
        alike = _alike([points[at].text for at in rows])
        for place, first in enumerate(rows):
            for second, texts in zip(rows[place + 1 :], alike[place], strict=True):
                # What the words alone rule out needs no look at themes.
                if WEIGHTS["texts"] * texts + 1 - WEIGHTS["texts"] >= PROPOSED_FROM:
                    one, other = points[first], points[second]
                    score, evidence = _scored(one, other, texts)
                    if score >= PROPOSED_FROM:
                        yield first, second, one.point_id, other.point_id, score, evidence


def _alike(texts: Sequence[str]) -> list[list[float]]:
    """Return how alike each text is with those behind it, from 0 to 1."""
    from rapidfuzz import fuzz
    from rapidfuzz.process import cdist

    rows: list[list[float]] = []
    for at, text in enumerate(texts):
        rest = list(texts[at + 1 :])
        sort = cdist([text], rest, scorer=fuzz.token_sort_ratio) if rest else np.zeros((1, 0))
        shared = cdist([text], rest, scorer=fuzz.token_set_ratio) if rest else np.zeros((1, 0))
        rows.append(((sort[0].astype("float64") + shared[0]) / 200).tolist())
    return rows


def _scored(one: _Point, other: _Point, texts: float) -> tuple[float, str]:
    shares = {
        "texts": texts,
        "themes": _share(one.themes, other.themes),
        "terms": _share(one.terms, other.terms),
    }
    score = round(sum(WEIGHTS[name] * share for name, share in shares.items()), 3)
    words = [
        f"texts {texts:.2f} alike",
        f"both under {', '.join(sorted(one.themes & other.themes))}" if one.themes & other.themes else "",
        f"terms in common: {len(one.terms & other.terms)}" if one.terms & other.terms else "",
    ]
    return score, "; ".join(filter(None, words))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of all that both have (Jaccard)."""
    return len(one & other) / len(one | other) if one or other else _NOT_KNOWN


def _across(points: Sequence[_Point]) -> Iterator[tuple[int, int, str, str, float, str]]:
    """Yield the pairs of different languages with the same themes."""
    alike: dict[frozenset[str], list[int]] = {}
    for at, point in enumerate(points):
        if len(point.themes) >= THEMES_ACROSS:
            alike.setdefault(point.themes, []).append(at)
    for themes, rows in alike.items():
        evidence = f"different languages, texts not compared; both under {', '.join(sorted(themes))}"
        for place, first in enumerate(rows):
            for second in rows[place + 1 :]:
                if points[first].language != points[second].language:
                    yield first, second, points[first].point_id, points[second].point_id, ACROSS, evidence
