"""How far a ranking hangs on the weights of its criteria."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analysis.checks import Floats, require_columns
from helpers.analysis.recommendations.criteria import ALIKE, CRITERIA, LABELS, ranks_of_columns
from helpers.data.errors import InputError

VECTORS = 2000
TOP = 5
CONCENTRATION = 2.0
"""Of the Dirichlet distribution: 1 makes all weightings as likely, more keeps nearer to equal weights."""

_COLUMNS = {
    "recommendation_id": "str",
    "rank_equal": "Int64",
    "best": "Int64",
    "worst": "Int64",
    "share_top": "Float64",
    "share_first": "Float64",
    "best_by": "str",
    "worst_by": "str",
    "reason": "str",
}


@dataclass(frozen=True)
class Sensitivity:
    """What other weights would do.

    Attributes
    ----------
    table
        A row a recommendation, by ``share_top``: ``recommendation_id``, ``rank_equal`` (all criteria the
        same), ``best`` and ``worst`` (places under any weighting tried), ``share_top``
        (weightings that put it among the first ``top``), ``share_first``, ``best_by`` and ``worst_by`` (the
        single criterion that serves it best, and worst), ``reason`` why it is not ranked.
    settled
        ``recommendation_id``, ``other_id``: the first is never behind the other, whatever the weights.
    pairs
        How many pairs there are.
    vectors, top
        Weightings drawn (besides the single criteria), and what counts as the top.
    """

    table: pd.DataFrame
    settled: pd.DataFrame
    pairs: int
    vectors: int
    top: int


def weight_vectors(
    criteria: Sequence[str], *, seed: int, vectors: int = VECTORS, concentration: float = CONCENTRATION
) -> pd.DataFrame:
    """Draw weightings around equal weights, and add equal weights and each criterion alone.

    Parameters
    ----------
    criteria
        Names.
    seed, vectors
        Seed of the random numbers and number of weightings drawn.
    concentration
        Of the Dirichlet distribution, the same for each criterion; its mean are equal weights.

    Returns
    -------
    DataFrame
        One column a criterion, rows that add up to one; index ``equal``, the name of a criterion (only that
        one counts), or ``drawn``.

    Raises
    ------
    InputError
        If there are no criteria or an argument makes no sense.

    References
    ----------
    Saisana, M., A. Saltelli and S. Tarantola (2005), Uncertainty and sensitivity analysis techniques as
    tools for the quality assessment of composite indicators, Journal of the Royal Statistical Society A 168
    (2), 307-323; OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 7.

    Examples
    --------
    >>> weights = weight_vectors(["importance", "feasibility"], seed=1, vectors=3)
    >>> weights.index.tolist(), weights.sum(axis=1).round(9).unique().tolist()
    (['equal', 'importance', 'feasibility', 'drawn', 'drawn', 'drawn'], [1.0])
    """
    if not criteria:
        raise InputError("sensitivity: there are no criteria; at least one is needed")
    if vectors < 0 or not concentration > 0:
        raise InputError(
            f"sensitivity: {vectors} weightings, concentration {concentration}; "
            "whole numbers from zero upwards and numbers above zero are allowed"
        )
    number = len(criteria)
    drawn = np.random.default_rng(seed).dirichlet(np.full(number, concentration), size=vectors)
    rows = np.vstack([np.full((1, number), 1 / number), np.eye(number), drawn])
    return pd.DataFrame(rows, index=["equal", *criteria, *["drawn"] * vectors], columns=list(criteria))


def sensitivity(
    criteria: pd.DataFrame,
    *,
    seed: int,
    vectors: int = VECTORS,
    top: int = TOP,
    concentration: float = CONCENTRATION,
) -> Sensitivity:
    """Rank recommendations under many weightings of their criteria.

    Parameters
    ----------
    criteria
        From `criteria.criteria_table`. A recommendation that lacks a criterion is not ranked.
    seed, vectors, concentration
        See `weight_vectors`.
    top
        So many first places count as the top; a tie at the last of them counts.

    Returns
    -------
    Sensitivity
        ``best`` and ``worst`` are over all weightings, the shares over those drawn (if any).

    Raises
    ------
    InputError
        If there are no criteria, or ``top`` is below 1.

    Examples
    --------
    >>> criteria = pd.DataFrame({"recommendation_id": ["R1", "R2", "R3"], "importance": [0.9, 0.8, 0.1],
    ...                          "feasibility": [0.6, 0.7, 0.2]})
    >>> found = sensitivity(criteria, seed=1, top=2)
    >>> found.table[["recommendation_id", "best", "worst", "share_top"]].values.tolist()
    [['R1', 1, 2, 1.0], ['R2', 1, 2, 1.0], ['R3', 3, 3, 0.0]]
    >>> found.settled.values.tolist()
    [['R1', 'R3'], ['R2', 'R3']]
    """
    require_columns(criteria, "criteria", ["recommendation_id"])
    if top < 1:
        raise InputError(f"sensitivity: top is {top}; whole numbers from 1 upwards are allowed")
    names = [name for name in CRITERIA if name in criteria.columns]
    weights = weight_vectors(names, seed=seed, vectors=vectors, concentration=concentration)
    known = criteria[names].notna().all(axis=1)
    rows = criteria[known].sort_values("recommendation_id", kind="stable")
    values = rows[names].to_numpy(dtype=np.float64)
    ranks = _ranks(values, weights.to_numpy(dtype=np.float64))
    table = _table(rows["recommendation_id"].tolist(), ranks, weights.index.to_numpy(dtype=str), names, top)
    table = pd.concat([table, _not_ranked(criteria[~known], names)], ignore_index=True)
    settled = _settled(rows["recommendation_id"].tolist(), values)
    pairs = len(rows) * (len(rows) - 1) // 2
    return Sensitivity(table.astype(_COLUMNS)[list(_COLUMNS)], settled, pairs, vectors, top)


def _ranks(values: Floats, weights: Floats) -> Floats:
    """Return ranks, a row a recommendation, a column a weighting."""
    if not len(values):
        return np.zeros((0, len(weights)))
    return ranks_of_columns(values @ weights.T)


def _table(
    names: list[str], ranks: Floats, kinds: "np.typing.NDArray[np.str_]", criteria: list[str], top: int
) -> pd.DataFrame:
    drawn = kinds == "drawn" if (kinds == "drawn").any() else np.ones(len(kinds), dtype=bool)
    alone = ranks[:, 1 : 1 + len(criteria)]
    labels = [LABELS[name] for name in criteria]
    table = pd.DataFrame(
        {
            "recommendation_id": pd.Series(names, dtype="str"),
            "rank_equal": ranks[:, 0],
            "best": ranks.min(axis=1),
            "worst": ranks.max(axis=1),
            "share_top": (ranks[:, drawn] <= top).mean(axis=1),
            "share_first": (ranks[:, drawn] == 1).mean(axis=1),
            "best_by": [labels[place] for place in alone.argmin(axis=1)] if names else [],
            "worst_by": [labels[place] for place in alone.argmax(axis=1)] if names else [],
            "reason": "",
        }
    )
    order = ["share_top", "rank_equal", "recommendation_id"]
    return table.sort_values(order, ascending=[False, True, True], ignore_index=True)


def _not_ranked(rows: pd.DataFrame, criteria: list[str]) -> pd.DataFrame:
    lacking = [
        f"not ranked: {', '.join(LABELS[name].lower() for name in criteria if pd.isna(row[name]))} not known"
        for _, row in rows.iterrows()
    ]
    table = pd.DataFrame({"recommendation_id": rows["recommendation_id"].tolist(), "reason": lacking})
    return table.sort_values("recommendation_id").reindex(columns=list(_COLUMNS)).astype(_COLUMNS)


def _settled(names: list[str], values: Floats) -> pd.DataFrame:
    """Return the pairs in which one is at least as good by every criterion, and better by one.

    Then, and only then, no weights from zero upwards put it behind: a weighted mean of differences that are
    not negative is not, and a criterion in which it is worse, alone, puts it behind.
    """
    difference = values[:, None, :] - values[None, :, :]
    ahead = (difference >= -ALIKE).all(axis=2) & (difference > ALIKE).any(axis=2)
    pairs = [(names[one], names[other]) for one, other in np.argwhere(ahead)]
    return pd.DataFrame(pairs, columns=["recommendation_id", "other_id"]).astype("str")
