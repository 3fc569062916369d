"""Themes that emerge: groups of answers in which the codebook finds none, for a researcher to judge."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.analysis.checks import Floats, require_columns
from helpers.analysis.themes.embeddings import language_centred
from helpers.analysis.themes.features import folded
from helpers.analysis.themes.typical import TERMS, typical_terms
from helpers.analysis.themes.words import read_words

FEWEST = 12
"""Answers below which no groups are looked for."""
SAYS_SOMETHING = 3
"""Words from which an answer says something, where nobody knows its state."""
DIMENSIONS = 50
NGRAMS = (3, 5)
EXAMPLES = 3
OTHERS = "others"
_GROUPS = {
    "group": "int64",
    "answers": "int64",
    "share": "float64",
    "languages": "str",
    "terms": "str",
    "examples": "str",
}


@dataclass(frozen=True)
class Emerging:
    """Groups among the answers without a theme.

    Attributes
    ----------
    groups
        One row a group, the largest first: ``group`` (1, 2, ...), ``answers``, ``share`` (of the uncoded
        answers), ``languages`` (joined by ", ", the most frequent first; "others" for those of too few
        respondents), ``terms`` (typical ones, joined by ", "), ``examples`` (ids of the answers nearest to
        the middle, joined by ", ").
    terms
        One row a typical term: ``group``, ``language``, ``term``, ``respondents``, ``score``.
    members
        ``answer_id``, ``group`` of the groups that are shown; for the researcher, not for a report.
    uncoded
        How many answers say something and name no theme.
    note
        What must be said beside them.
    """

    groups: pd.DataFrame
    terms: pd.DataFrame
    members: pd.DataFrame
    uncoded: int
    note: str


def emerging_themes(
    answers: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    seed: int,
    vectors: Floats | None = None,
    most: int = 8,
    min_count: int = 3,
) -> Emerging:
    """Group the answers that say something and in which no theme was found.

    Answers are rows of numbers: ``vectors`` if given; else the n-grams of three to five letters of their
    words, weighted by how rare they are in their language, and brought to 50 dimensions that all answers
    share. From these rows what answers of a language have in common is taken away, so that groups are no
    languages. K-means makes the square root of half as many groups as there are answers, at most ``most``: a
    researcher joins two groups more easily than she divides one.

    Typical terms are worked out within each language, see `typical.typical_terms`.

    Parameters
    ----------
    answers
        All answers, with and without a theme: ``answer_id``, ``text``, ``language`` (as read). With ``state``
        (`coverage.answer_states`) the uncoded ones are those in this state; else those of three words or more
        without a code. ``respondent_id`` if known: people are counted, not answers. With ``consent`` only
        answers of respondents who agreed to be quoted ("whole") are examples.
    codes
        As `coder.code_answers` gives them.
    seed
        Of k-means. The same seed gives the same groups.
    vectors
        Optional: a row an answer, in the order of ``answers``, centred by language
        (`embeddings.sentence_vectors`).
    most
        Largest number of groups.
    min_count
        Fewest respondents behind a group, a language in it, or a term that is shown.

    Returns
    -------
    Emerging
        Empty, with the reason in ``note``, if there are fewer than twelve uncoded answers.

    Raises
    ------
    InputError
        If a column is missing.
    ValueError
        If there are not as many vectors as answers.

    References
    ----------
    Mardia, K. V., J. T. Kent and J. M. Bibby (1979), Multivariate Analysis, Academic Press,
    section 13.1, for the number of groups.
    """
    require_columns(answers, "answers", ["answer_id", "text", "language"])
    if vectors is not None and len(vectors) != len(answers):
        raise ValueError(f"vectors: found {len(vectors)} rows, allowed: one an answer ({len(answers)})")
    table = answers.reset_index(drop=True)
    table = table.assign(
        language=table["language"].fillna(""),
        who=table["respondent_id"] if "respondent_id" in table.columns else table["answer_id"],
    )
    chosen = uncoded(table, codes)
    if len(chosen) < FEWEST:
        return _nothing(len(chosen))
    rows = _rows(table, chosen, vectors)
    labels, distances = _grouped(rows, _number(len(chosen), most), seed)
    members = table.loc[chosen].assign(group=labels, distance=distances)
    return _shown(table, members, min_count)


def uncoded(answers: pd.DataFrame, codes: pd.DataFrame) -> "npt.NDArray[np.int64]":
    """Return the places of the answers that say something and name no theme.

    Examples
    --------
    >>> texts = ["prices rise daily", "none", "no staff"]
    >>> answers = pd.DataFrame({"answer_id": ["a1", "a2", "a3"], "text": texts})
    >>> uncoded(answers, pd.DataFrame({"answer_id": ["a3"]})).tolist()
    [0]
    """
    without = ~answers["answer_id"].isin(codes["answer_id"]).to_numpy(dtype=bool)
    if "state" in answers.columns:
        said = (answers["state"] == "uncoded").to_numpy(dtype=bool)
    else:
        words = [len(read_words(text).words) if isinstance(text, str) else 0 for text in answers["text"]]
        said = np.array(words, dtype=np.int64) >= SAYS_SOMETHING
    return np.flatnonzero(without & said)


def _number(answers: int, most: int) -> int:
    return max(1, min(most, round(math.sqrt(answers / 2))))


def _rows(table: pd.DataFrame, chosen: "npt.NDArray[np.int64]", vectors: Floats | None) -> Floats:
    """Return the numbers by which the chosen answers are grouped."""
    if vectors is not None:
        return np.asarray(vectors, dtype=np.float64)[chosen]
    found = _letters(table)[chosen]
    return language_centred(found, table.loc[chosen, "language"].reset_index(drop=True))


def _letters(table: pd.DataFrame) -> Floats:
    """Return the n-grams of letters of all answers in few dimensions, weighted within each language."""
    from scipy import sparse
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.preprocessing import normalize

    texts = [folded(text) if isinstance(text, str) else "" for text in table["text"]]
    counter = CountVectorizer(analyzer="char_wb", ngram_range=NGRAMS, lowercase=False, min_df=2, binary=True)
    try:
        found = counter.fit_transform(texts).astype(np.float64).tocsr()
    except ValueError:  # no n-gram stands in two answers
        return np.zeros((len(table), 1))
    groups = pd.factorize(table["language"])[0]
    inside = sparse.csr_matrix((np.ones(len(groups)), (groups, np.arange(len(groups)))))
    frequent = (inside @ found).toarray()
    sizes = np.bincount(groups)[:, None]
    rare = np.log((1 + sizes) / (1 + frequent))
    pairs = found.tocoo()
    weighted = sparse.csr_matrix(
        (pairs.data * rare[groups[pairs.row], pairs.col], (pairs.row, pairs.col)), found.shape
    )
    dimensions = min(DIMENSIONS, *(size - 1 for size in weighted.shape))
    if dimensions < 1:
        return np.asarray(weighted.toarray(), dtype=np.float64)
    reduced = TruncatedSVD(dimensions, random_state=0).fit_transform(normalize(weighted))
    return np.asarray(reduced, dtype=np.float64)


def _grouped(rows: Floats, number: int, seed: int) -> tuple["npt.NDArray[np.int64]", Floats]:
    """Return the group of each row, and how far it is from the middle."""
    from sklearn.cluster import KMeans

    number = min(number, len(np.unique(np.round(rows, 9), axis=0)))
    model = KMeans(number, n_init=10, random_state=seed).fit(rows)
    labels = model.labels_.astype(np.int64)
    return labels, np.asarray(np.linalg.norm(rows - model.cluster_centers_[labels], axis=1), dtype=np.float64)


def _nothing(number: int) -> Emerging:
    counted = "answer says" if number == 1 else "answers say"
    note = (
        f"{number} {counted} something in which no theme was found; groups are looked for from {FEWEST} on, "
        "since fewer form no pattern"
    )
    empty = [pd.DataFrame(columns=list(kinds)).astype(kinds) for kinds in (_GROUPS, TERMS)]
    members = pd.DataFrame({"answer_id": pd.Series(dtype="str"), "group": pd.Series(dtype="int64")})
    return Emerging(empty[0], empty[1], members, number, note)


def _shown(table: pd.DataFrame, members: pd.DataFrame, min_count: int) -> Emerging:
    """Return the groups as they are shown: those of enough people, numbered by their size."""
    people = members.groupby("group")["who"].nunique()
    sizes = members.groupby("group").size()
    order = sorted(people.index[people >= min_count], key=lambda group: (-sizes[group], group))
    renamed = {group: place for place, group in enumerate(order, start=1)}
    kept = members[members["group"].isin(order)]
    kept = kept.assign(group=kept["group"].map(renamed).astype("int64")).sort_values(
        ["group", "distance", "answer_id"]
    )
    held = len(members) - len(kept)
    terms = typical_terms(table, kept, min_count)
    rows = [_group(number, part, terms, len(members), min_count) for number, part in kept.groupby("group")]
    note = f"{len(members)} answers say something in which no theme was found"
    if held:
        note += f"; {held} of them stand in groups of fewer than {min_count} respondents, which are not shown"
    return Emerging(
        pd.DataFrame(rows, columns=list(_GROUPS)).astype(_GROUPS),
        terms,
        kept[["answer_id", "group"]].reset_index(drop=True),
        len(members),
        note,
    )


def _group(
    number: object, part: pd.DataFrame, terms: pd.DataFrame, whole: int, min_count: int
) -> dict[str, object]:
    quotable = part[part["consent"] == "whole"] if "consent" in part.columns else part
    return {
        "group": number,
        "answers": len(part),
        "share": len(part) / whole,
        "languages": _languages(part, min_count),
        "terms": ", ".join(terms.loc[terms["group"] == number, "term"]),
        "examples": ", ".join(quotable["answer_id"].head(EXAMPLES)),
    }


def _languages(part: pd.DataFrame, min_count: int) -> str:
    known = part[part["language"] != ""]
    people = known.groupby("language")["who"].nunique()
    sizes = known.groupby("language").size()
    shown = sorted(people.index[people >= min_count], key=lambda language: (-sizes[language], language))
    return ", ".join([*shown, *([OTHERS] if len(shown) < len(sizes) or len(known) < len(part) else [])])
