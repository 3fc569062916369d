"""The ranking as a report shows it: places in words, and how far they hang on weights."""

from collections.abc import Mapping, Sequence

import pandas as pd

from helpers.analysis.recommendations.criteria import CRITERIA, LABELS
from helpers.analysis.recommendations.ordinals import places_in_words
from helpers.analysis.recommendations.rank_intervals import RankIntervals
from helpers.analysis.recommendations.sensitivity import Sensitivity
from helpers.analysis.recommendations.shown_support import labelled

RANK_COLUMNS: Mapping[str, tuple[str, str]] = {
    "label": ("Recommendation", ""),
    "rank": ("Place", ",.0f"),
    "words": ("Sure to be", ""),
    "score": ("Score (0 to 1)", ".2f"),
    "countries": ("Countries", ",.0f"),
    "reason": ("Note", ""),
}
CRITERIA_COLUMNS: Mapping[str, tuple[str, str]] = {
    "label": ("Recommendation", ""),
    **{name: (f"{LABELS[name]} (0 to 1)", ".2f") for name in CRITERIA},
    "score": ("Score (0 to 1)", ".2f"),
    "rank": ("Place", ",.0f"),
    "lacking": ("Not known", ""),
}
SENSITIVITY_COLUMNS: Mapping[str, tuple[str, str]] = {
    "label": ("Recommendation", ""),
    "rank_equal": ("Place at equal weights", ",.0f"),
    "words": ("Places under any weighting", ""),
    "share_top": ("Weightings that put it in the top", ".0%"),
    "best_by": ("Best by", ""),
    "worst_by": ("Worst by", ""),
    "reason": ("Note", ""),
}
_DIGITS = dict.fromkeys((*CRITERIA, "score"), 2)
"""Full digits of a mean tell how many answered what, see `shown_support.support_rows`."""


def rank_rows(intervals: RankIntervals, recommendations: pd.DataFrame) -> pd.DataFrame:
    """Return the ranking with titles, best first.

    Parameters
    ----------
    intervals
        From `rank_intervals.rank_intervals`.
    recommendations
        Of the register. Those that nobody rated come last, without a place.

    Returns
    -------
    DataFrame
        ``recommendation_id``, ``title``, ``label``, and the columns of `RankIntervals.table`, scores to two
        decimals; places are those of the full scores. `RANK_COLUMNS` names the columns for readers.
    """
    table = intervals.table
    lost = recommendations.loc[
        ~recommendations["recommendation_id"].isin(table["recommendation_id"]), ["recommendation_id"]
    ]
    if len(lost):
        rows = lost.assign(words="not available", reason="not ranked: nobody rated it", countries=0)
        table = pd.concat(
            [table, rows.reindex(columns=list(table.columns)).astype(table.dtypes.to_dict())],
            ignore_index=True,
        )
    return labelled(table.round(_DIGITS), recommendations)


def criteria_rows(ranked: pd.DataFrame, recommendations: pd.DataFrame) -> pd.DataFrame:
    """Return criteria and score, to two decimals, with titles, best first; `CRITERIA_COLUMNS` names them.

    Parameters
    ----------
    ranked
        From `criteria.ranking`.
    recommendations
        Of the register.
    """
    return labelled(ranked.round(_DIGITS), recommendations)


def place_of(rows: pd.DataFrame, recommendation_id: str) -> str:
    """Say the place of a recommendation: "first to third", or why none can be said.

    Parameters
    ----------
    rows
        From `rank_rows`.
    recommendation_id
        Which.

    Examples
    --------
    >>> rows = pd.DataFrame({"recommendation_id": ["R1"], "words": ["first to third"], "reason": [""]})
    >>> place_of(rows, "R1")
    'first to third'
    """
    row = rows.set_index("recommendation_id").loc[recommendation_id]
    return f"not available ({row['reason']})" if row["reason"] else str(row["words"])


def possible_firsts(rows: pd.DataFrame, places: int = 1) -> pd.DataFrame:
    """Return the recommendations that may be among the first ``places``: no interval rules it out.

    Examples
    --------
    >>> rows = pd.DataFrame({"recommendation_id": ["R1", "R2", "R3"], "low": [1, 1, 3]})
    >>> possible_firsts(rows)["recommendation_id"].tolist()
    ['R1', 'R2']
    """
    return rows[(rows["low"] <= places).fillna(False).astype(bool)].reset_index(drop=True)


def sure_firsts(rows: pd.DataFrame, places: int) -> pd.DataFrame:
    """Return the recommendations that are among the first ``places`` for sure, at the level of the intervals.

    Examples
    --------
    >>> rows = pd.DataFrame({"recommendation_id": ["R1", "R2", "R3"], "high": [2, 4, 5]})
    >>> sure_firsts(rows, 3)["recommendation_id"].tolist()
    ['R1']
    """
    return rows[(rows["high"] <= places).fillna(False).astype(bool)].reset_index(drop=True)


def sensitivity_rows(found: Sensitivity, recommendations: pd.DataFrame) -> pd.DataFrame:
    """Return how the places hang on the weights, with titles.

    Parameters
    ----------
    found
        From `sensitivity.sensitivity`.
    recommendations
        Of the register.

    Returns
    -------
    DataFrame
        ``recommendation_id``, ``title``, ``label``, the columns of `Sensitivity.table`, and ``words``: the
        places under any weighting. `SENSITIVITY_COLUMNS` names them for readers.
    """
    table = found.table
    words = [
        "" if pd.isna(best) else places_in_words(int(best), int(worst))
        for best, worst in zip(table["best"], table["worst"], strict=True)
    ]
    return labelled(table.assign(words=pd.Series(words, index=table.index, dtype="str")), recommendations)


def weights_in_words(weights: Mapping[str, float]) -> str:
    r"""Name the criteria that count, and their shares unless they are equal.

    Examples
    --------
    >>> weights_in_words({"importance": 1, "breadth": 1})
    'importance and breadth across countries, the same weight each'
    >>> weights_in_words({"importance": 3, "feasibility": 1})
    'importance (75\xa0%) and feasibility (25\xa0%)'
    """
    used = {name: weight for name, weight in weights.items() if weight > 0}
    whole = sum(used.values())
    equal = len(set(used.values())) == 1
    said = [
        LABELS[name].lower()
        + ("" if equal else f" ({weight / whole:.0%})".replace("%", "\N{NO-BREAK SPACE}%"))
        for name, weight in used.items()
    ]
    return listed(said) + (", the same weight each" if equal and len(said) > 1 else "")


def listed(names: Sequence[str]) -> str:
    """Write names as a list in a sentence.

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a"]), listed([])
    ('a, b and c', 'a', 'none')
    """
    if not names:
        return "none"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
