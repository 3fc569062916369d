"""Texts as numbers that a classifier can learn from: weighted character n-grams, and embeddings if given."""

import unicodedata
from typing import Any

import numpy as np
import pandas as pd

from helpers.analysis.checks import Floats

LONGEST = 2000
"""Characters of an answer that count: one of 100 kB shall not fill the vocabulary."""
LETTERS = (2, 5)
MOST_FEATURES = 50_000
EMBEDDING = 2.0
"""Length of an embedding beside a text of length 1."""
FEW = 20
"""Answers from which on an n-gram of one answer alone does not count."""

Features = Any
"""A sparse matrix, answers x features (SciPy has no types)."""


def text_features(
    texts: "pd.Series[str]", embeddings: Floats | None = None, languages: "pd.Series[str] | None" = None
) -> Features:
    """Compute features of answers: tf-idf of n-grams of two to five letters within words, and embeddings.

    Letters are folded (case, accents), so that spellings meet. No human code is used, so that features of all
    answers may be computed at once without a model seeing what it shall not.

    Parameters
    ----------
    texts
        Of each answer; missing is empty.
    embeddings
        Optional: a row an answer. The mean of each language is taken away (vectors tell languages apart
        before they tell themes apart), and each row is brought to length 2.
    languages
        Language of each answer; all are one if not given.

    Returns
    -------
    sparse matrix
        A row an answer, in the order of ``texts``: tf-idf of length 1 (0 without a word) and embeddings.

    References
    ----------
    Salton, G., and C. Buckley (1988), Term-Weighting Approaches in Automatic Text Retrieval, Information
    Processing & Management 24, 513-523; McNamee, P., and J. Mayfield (2004), Character N-Gram Tokenization
    for European Language Text Retrieval, Information Retrieval 7, 73-97.

    Examples
    --------
    >>> found = text_features(pd.Series(["Énergie chère", "energie", ""]))
    >>> found.shape[0], float((found[0] @ found[1].T).toarray()[0, 0]) > 0.5
    (3, True)
    """
    from scipy import sparse
    from sklearn.feature_extraction.text import TfidfVectorizer

    plain = [folded(text)[:LONGEST] if isinstance(text, str) else "" for text in texts]
    parts = []
    if any(not text.isspace() for text in plain if text):
        words = TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=LETTERS,
            lowercase=False,
            sublinear_tf=True,
            min_df=2 if len(plain) >= FEW else 1,
            max_features=MOST_FEATURES,
        )
        parts.append(words.fit_transform(plain))
    if embeddings is not None:
        parts.append(sparse.csr_matrix(EMBEDDING * centred(embeddings, languages)))
    return sparse.hstack(parts, format="csr") if parts else sparse.csr_matrix((len(plain), 1))


def centred(embeddings: Floats, languages: "pd.Series[str] | None" = None) -> Floats:
    """Take the mean of each language away from embeddings, and bring each row to length 1 (or 0).

    Examples
    --------
    >>> centred(np.array([[3.0, 1.0], [1.0, 1.0], [9.0, 9.0]]), pd.Series(["en", "en", "mt"])).tolist()
    [[1.0, 0.0], [-1.0, 0.0], [0.0, 0.0]]
    """
    groups = np.zeros(len(embeddings)) if languages is None else pd.factorize(languages.fillna(""))[0]
    means = pd.DataFrame(embeddings).groupby(groups).transform("mean")
    moved = embeddings - means.to_numpy(dtype=np.float64)
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    return np.asarray(moved / np.where(lengths > 0, lengths, 1.0), dtype=np.float64)


def folded(text: str) -> str:
    """Return a text in small letters without accents.

    Examples
    --------
    >>> folded("Łódź, Ärger")
    'łodz, arger'
    """
    parts = unicodedata.normalize("NFKD", text[:LONGEST].casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
