"""Criteria by which recommendations are ranked, brought to one scale, and the score they give together."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.analysis.checks import Floats, require_columns
from helpers.analysis.recommendations.ratings import HIGHEST, IMPORTANT, LOWEST
from helpers.analysis.recommendations.support import COUNTRY, OTHERS, SHOWN, Weight
from helpers.data.errors import InputError

IMPORTANCE, FEASIBILITY, BREADTH, EVIDENCE = "importance", "feasibility", "breadth", "evidence"
CRITERIA = (IMPORTANCE, FEASIBILITY, BREADTH, EVIDENCE)
LABELS: Mapping[str, str] = {
    IMPORTANCE: "Importance",
    FEASIBILITY: "Feasibility",
    BREADTH: "Breadth across countries",
    EVIDENCE: "Evidence",
}
EQUAL: Mapping[str, float] = {IMPORTANCE: 1.0, FEASIBILITY: 1.0, BREADTH: 1.0}
ALIKE = 1e-9
"""Scores that differ by less are a tie: such differences are rounding errors."""


def breadth(cells: pd.DataFrame) -> pd.DataFrame:
    """Compute in how many countries a recommendation is important on average.

    Only countries that are shown count, so that breadth tells nothing of the others.

    Parameters
    ----------
    cells
        From `support.support_by_group`.

    Returns
    -------
    DataFrame
        ``recommendation_id``, ``countries_shown``, ``countries_important`` (mean of 4 or more), ``breadth``
        (their share; missing if no country is shown).
    """
    rows = cells[(cells["dimension"] == COUNTRY) & (cells["group"] != OTHERS) & (cells["status"] == SHOWN)]
    high = rows["importance"].astype("float64") >= IMPORTANT - ALIKE
    names = pd.Index(sorted(set(cells["recommendation_id"])), name="recommendation_id")
    shown = rows.groupby("recommendation_id").size().reindex(names).fillna(0)
    supporting = high.groupby(rows["recommendation_id"]).sum().reindex(names).fillna(0)
    table = pd.DataFrame({"countries_shown": shown, "countries_important": supporting}).astype("Int64")
    share = (supporting / shown.where(shown > 0)).astype("Float64")
    return table.assign(breadth=share).reset_index()


def criteria_table(
    overall: pd.DataFrame,
    cells: pd.DataFrame,
    *,
    weight: Weight = "respondent",
    evidence: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return each recommendation's criteria, each from 0 (worst) to 1 (best).

    Parameters
    ----------
    overall, cells
        From `support.support_overall` and `support.support_by_group`.
    weight
        What counts the same in the means: respondents, countries or inhabitants.
    evidence
        Optional: ``recommendation_id``, ``found``: how many pieces of evidence stand behind it.

    Returns
    -------
    DataFrame
        ``recommendation_id``, ``importance`` and ``feasibility`` ((mean - 1) / 4), ``breadth`` (see
        `breadth`), ``evidence`` (as a share of the most that one has; only if given). A criterion that is not
        known is missing: a recommendation whose feasibility nobody rated is not an infeasible one.

    Raises
    ------
    InputError
        If there is no such weight.

    Examples
    --------
    >>> overall = pd.DataFrame({"recommendation_id": ["R1"], "weight": "respondent", "importance": [4.0],
    ...                         "feasibility": pd.array([None], dtype="Float64")})
    >>> cells = pd.DataFrame({"recommendation_id": ["R1"] * 2, "dimension": "country", "group": ["AT", "BE"],
    ...                       "status": "shown", "importance": [4.5, 3.5]})
    >>> criteria_table(overall, cells)
      recommendation_id  importance  feasibility  breadth
    0                R1        0.75         <NA>      0.5
    """
    require_columns(overall, "support", ["recommendation_id", "weight", IMPORTANCE, FEASIBILITY])
    rows = overall[overall["weight"] == weight]
    if rows.empty and len(overall):
        found = ", ".join(dict.fromkeys(overall["weight"]))
        raise InputError(f"criteria: weight {weight} is not in the table; there are {found}")
    table = rows[["recommendation_id"]].reset_index(drop=True)
    for name in (IMPORTANCE, FEASIBILITY):
        table[name] = scaled(rows[name].astype("Float64")).array
    table = table.merge(breadth(cells)[["recommendation_id", BREADTH]], "left", on="recommendation_id")
    if evidence is not None:
        require_columns(evidence, "evidence", ["recommendation_id", "found"])
        number = table["recommendation_id"].map(evidence.set_index("recommendation_id")["found"]).fillna(0)
        most = float(number.max()) if len(number) else 0.0
        table[EVIDENCE] = (number / most if most else 0.0 * number).astype("Float64")
    return table


def scaled(ratings: pd.Series) -> pd.Series:
    """Bring ratings from 1 to 5 to 0 to 1.

    Examples
    --------
    >>> scaled(pd.Series([1.0, 3.0, 5.0])).tolist()
    [0.0, 0.5, 1.0]
    """
    return (ratings - LOWEST) / (HIGHEST - LOWEST)


def check_weights(weights: Mapping[str, float], known: pd.Index | tuple[str, ...] = CRITERIA) -> None:
    """Refuse weights of criteria that make no sense.

    Raises
    ------
    InputError
        If a criterion is not known, a weight negative, infinite or no number, or none above zero.

    Examples
    --------
    >>> check_weights({"effort": 1}, ("evidence",))
    Traceback (most recent call last):
    ...
    helpers.data.errors.InputError: weights of criteria: there is no criterion effort; there are evidence
    """
    for name, weight in weights.items():
        if name not in known:
            allowed = ", ".join(name for name in CRITERIA if name in known)
            raise InputError(f"weights of criteria: there is no criterion {name}; there are {allowed}")
        if not np.isfinite(weight) or weight < 0:
            raise InputError(
                f"weights of criteria: {name} is {weight}; numbers from zero upwards are allowed"
            )
    if not any(weight > 0 for weight in weights.values()):
        raise InputError("weights of criteria: all are zero; at least one above zero is needed")


def ranking(criteria: pd.DataFrame, weights: Mapping[str, float] = EQUAL) -> pd.DataFrame:
    """Rank recommendations by the weighted mean of their criteria.

    Parameters
    ----------
    criteria
        From `criteria_table`.
    weights
        Weight of each criterion, in any unit.

    Returns
    -------
    DataFrame
        ``criteria`` with ``score`` (0 to 1), ``rank`` (1 + number of those with a higher score, so that
        equal ones share it) and ``lacking`` (criteria that count and are not known, in words): such a
        recommendation has neither score nor rank. Best first; ties by ``recommendation_id``.

    Raises
    ------
    InputError
        See `check_weights`.

    Examples
    --------
    >>> criteria = pd.DataFrame({"recommendation_id": ["R1", "R2", "R3"], "importance": [0.5, 0.9, 0.5],
    ...                          "feasibility": [0.5, 0.1, 0.5]})
    >>> table = ranking(criteria, {"importance": 3, "feasibility": 1}).round(3)
    >>> table[["recommendation_id", "score", "rank"]].values.tolist()
    [['R2', 0.7, 1], ['R1', 0.5, 2], ['R3', 0.5, 2]]
    """
    check_weights(weights, criteria.columns)
    used = [name for name, weight in weights.items() if weight > 0]
    values = criteria[used].astype("float64")
    shares = np.array([weights[name] for name in used]) / sum(weights[name] for name in used)
    score = (values * shares).sum(axis=1, skipna=False)
    lacking = [
        ", ".join(LABELS[name].lower() for name in used if pd.isna(row[name])) for _, row in values.iterrows()
    ]
    table = criteria.assign(
        score=score.astype("Float64"), rank=rank_of(score), lacking=pd.Series(lacking, criteria.index, "str")
    )
    return table.sort_values(["rank", "recommendation_id"], na_position="last", ignore_index=True)


def rank_of(scores: pd.Series) -> pd.Series:
    """Return ranks, 1 for the highest score; missing scores have none.

    Examples
    --------
    >>> rank_of(pd.Series([0.2, 0.9, None, 0.9])).tolist()
    [3, 1, <NA>, 1]
    """
    values = scores.to_numpy(dtype=np.float64)
    ranks = pd.Series(ranks_of_columns(values[:, None])[:, 0], index=scores.index)
    return ranks.mask(np.isnan(values)).astype("Int64")


def ranks_of_columns(scores: Floats) -> Floats:
    """Return the ranks in each column: 1 + number of higher scores; scores that are missing do not count."""
    higher: Floats = (scores[None, :, :] > scores[:, None, :] + ALIKE).sum(axis=1).astype(np.float64)
    return 1 + higher
