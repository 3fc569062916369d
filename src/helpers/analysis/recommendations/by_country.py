"""Criteria as sums over countries, so that countries can be drawn."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.analysis.checks import Floats
from helpers.analysis.recommendations.criteria import ALIKE, BREADTH, FEASIBILITY, IMPORTANCE, scaled
from helpers.analysis.recommendations.pairs import Shares
from helpers.analysis.recommendations.ratings import IMPORTANT, MEASURES
from helpers.analysis.recommendations.support import COUNTRY, OTHERS, SHOWN
from helpers.analysis.recommendations.visible import tells_too_much


def criteria_by_country(
    rated: pd.DataFrame,
    weights: Mapping[str, float],
    countries: list[str],
    names: list[str],
    cells: pd.DataFrame | None,
    evidence: "pd.Series[float] | None",
) -> tuple[list[Shares], Floats]:
    """Return numerators and denominators by country of each criterion, and what does not vary by country."""
    whole = sum(weights.values())
    shares, constant = [], np.zeros(len(names))
    for name, weight in weights.items():
        if not weight > 0:
            continue
        if name in (IMPORTANCE, FEASIBILITY):
            found = _of_ratings(rated, name, countries, names)
        elif name == BREADTH and cells is not None:
            found = _of_breadth(cells, countries, names)
        elif evidence is not None:
            constant += weight / whole * evidence.reindex(names).fillna(0.0).to_numpy(dtype=np.float64)
            continue
        shares.append(Shares(name, weight / whole, *found))
    return shares, constant


def _of_ratings(
    rated: pd.DataFrame, name: str, countries: list[str], names: list[str]
) -> tuple[Floats, Floats]:
    rows = rated.sort_values(["recommendation_id", COUNTRY, "respondent_id"], kind="stable")
    rows = rows[rows[name].notna()]
    return _grid(rows, scaled(rows[name].astype("float64")), countries, names)


def _of_breadth(cells: pd.DataFrame, countries: list[str], names: list[str]) -> tuple[Floats, Floats]:
    rows = cells[(cells["dimension"] == COUNTRY) & (cells["group"] != OTHERS) & (cells["status"] == SHOWN)]
    rows = rows.rename(columns={"group": "_country"}).drop(columns=COUNTRY, errors="ignore")
    high = (rows["importance"].astype("float64") >= IMPORTANT - ALIKE).astype("float64")
    return _grid(rows.rename(columns={"_country": COUNTRY}), high, countries, names)


def _grid(
    rows: pd.DataFrame, values: "pd.Series[float]", countries: list[str], names: list[str]
) -> tuple[Floats, Floats]:
    """Return sums and numbers, a row a country, a column a recommendation."""
    place = pd.Index(countries).get_indexer(pd.Index(rows[COUNTRY].astype("str")))
    column = pd.Index(names).get_indexer(pd.Index(rows["recommendation_id"].astype("str")))
    total, number = np.zeros((2, len(countries), len(names)))
    np.add.at(total, (place, column), values.to_numpy(dtype=np.float64))
    np.add.at(number, (place, column), 1.0)
    return total, number


def scores_of(shares: list[Shares], constant: Floats) -> Floats:
    """Return the score of each recommendation; NaN where a criterion has no ratings."""
    score = constant.copy()
    for share in shares:
        with np.errstate(invalid="ignore", divide="ignore"):
            score += share.weight * (share.above.sum(axis=0) / share.below.sum(axis=0))
    return score


def lacking_criteria(
    rated: pd.DataFrame, shares: list[Shares], names: list[str], min_count: int
) -> list[str]:
    """Return which criteria of each recommendation are not known, or may not be shown."""
    groups = dict(iter(rated.groupby(rated["recommendation_id"].astype("str"))))
    found = []
    for place, name in enumerate(names):
        lost = []
        for share in shares:
            few = share.below[:, place].sum() == 0
            if share.name in MEASURES:
                few |= tells_too_much(groups[name][share.name].dropna().to_numpy(np.float64), min_count)
            lost += [share.name] if few else []
        found.append(", ".join(lost))
    return found
