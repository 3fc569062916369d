"""Which themes are named together in one answer, and how much more often than chance would have it."""

from itertools import combinations

import numpy as np
import pandas as pd


def cooccurrence(named: pd.DataFrame, weights: "pd.Series[float] | None" = None) -> pd.DataFrame:
    """Return how often each two themes are named in the same answer.

    Parameters
    ----------
    named
        As `helpers.analysis.themes.coder.themes_by_answer` gives it: one row an answer, one column a theme,
        True or False.
    weights
        Of the answers, with the index of ``named``; 1 each by default.

    Returns
    -------
    DataFrame
        One row a pair, in the order of the themes: ``theme``, ``other``; ``answers`` that name both (their
        number, whatever the weights); ``together``, their weight; ``expected``, the weight if the two had
        nothing to do with each other; ``lift``, the ratio of the two (missing where nothing is expected);
        ``jaccard``, the weight of both over that of either (0 to 1; missing where neither is named); ``phi``,
        the correlation of the two (-1 to 1; missing where one is named always or never).

    Raises
    ------
    ValueError
        If a weight is missing, negative or not finite.

    References
    ----------
    van Eck, N. J., Waltman, L. (2009), How to normalize cooccurrence data?, Journal of the American Society
    for Information Science and Technology 60, 1635-1651: the lift is their association strength.

    Examples
    --------
    >>> named = pd.DataFrame({"energy": [True, True, False, False], "skills": [True, False, False, False]})
    >>> cooccurrence(named)[["answers", "expected", "lift", "jaccard"]].values.tolist()
    [[1.0, 0.5, 2.0, 0.5]]
    """
    given = pd.Series(1.0, index=named.index) if weights is None else weights.reindex(named.index)
    weight = given.to_numpy(dtype=float)
    if not np.isfinite(weight).all() or (weight < 0).any():
        raise ValueError("weights: allowed: a finite number, 0 or more, for every answer")
    flags = named.to_numpy(dtype=float)
    answers = flags.T @ flags
    together = (flags * weight[:, None]).T @ flags
    total, alone = float(weight.sum()), np.diag(together)
    rows = []
    for one, other in combinations(range(named.shape[1]), 2):
        both, first, second = together[one, other], alone[one], alone[other]
        pair = (named.columns[one], named.columns[other], round(answers[one, other]), both)
        rows.append((*pair, *_measures(both, first, second, total)))
    columns = ["theme", "other", "answers", "together", "expected", "lift", "jaccard", "phi"]
    table = pd.DataFrame(rows, columns=columns)
    types = {"theme": "str", "other": "str", "answers": "int64"}
    return table.astype({**types, **dict.fromkeys(columns[3:], "float64")})


def _measures(both: float, first: float, second: float, total: float) -> tuple[float, float, float, float]:
    """Return what is expected, lift, Jaccard index and phi."""
    expected = first * second / total if total else 0.0
    either = first + second - both
    spread = np.sqrt(first * (total - first) * second * (total - second))
    return (
        expected,
        both / expected if expected else np.nan,
        both / either if either else np.nan,
        (total * both - first * second) / spread if spread > 0 else np.nan,
    )


def cooccurrence_matrix(pairs: pd.DataFrame, value: str = "lift") -> pd.DataFrame:
    """Return a column of the pairs as a square table, the same on both sides of its empty diagonal.

    Parameters
    ----------
    pairs
        As `cooccurrence` gives it.
    value
        Column to show.

    Examples
    --------
    >>> pairs = pd.DataFrame({"theme": ["energy"], "other": ["skills"], "lift": [2.0]})
    >>> cooccurrence_matrix(pairs).loc["skills", "energy"]
    np.float64(2.0)
    """
    themes = list(dict.fromkeys([*pairs["theme"], *pairs["other"]]))
    mirrored = pairs.rename(columns={"theme": "other", "other": "theme"})
    both = pd.concat([pairs, mirrored], ignore_index=True)
    table = both.pivot_table(index="theme", columns="other", values=value, aggfunc="first", dropna=False)
    return table.reindex(index=themes, columns=themes)
