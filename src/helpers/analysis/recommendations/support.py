"""Who supports a recommendation: by country and kind of respondent, as far as it may be shown."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from helpers.analysis.checks import Floats, require_columns, require_unique
from helpers.analysis.recommendations.ratings import IMPORTANT
from helpers.analysis.recommendations.visible import Groups, jointly_visible, tells_too_much
from helpers.data.errors import InputError

COUNTRY, KIND, ALL = "country", "respondent_kind", "all"
OTHERS = "others"
"""The groups that are not shown by themselves, together."""
SHOWN, HELD_BACK, NO_ANSWER, NOT_RATED = "shown", "held back", "no answer", "not rated"
Weight = Literal["respondent", "country", "inhabitants"]
WEIGHTS: tuple[Weight, ...] = ("respondent", "country", "inhabitants")

_TYPES = {
    "recommendation_id": "str",
    "dimension": "str",
    "group": "str",
    "respondents": "Int64",
    "importance": "Float64",
    "important_share": "Float64",
    "status": "str",
    "feasibility_respondents": "Int64",
    "feasibility": "Float64",
    "feasibility_status": "str",
}


def support_by_group(
    rated: pd.DataFrame, *, min_count: int = 3, countries: Sequence[str] | None = None
) -> pd.DataFrame:
    """Compute how each country and each kind of respondent rates each recommendation, where it may be shown.

    A group is held back if fewer than ``min_count`` respondents rated the recommendation, or if all or all
    but one gave the same rating, or nearly the highest or lowest; further groups are held back with it, so
    that those together, which the total tells, say as little of anybody (`visible`). They are shown as one
    group, ``others``. What can be put together from countries, kinds and total is checked, too. Feasibility,
    which not everybody rates, is judged by itself.

    Parameters
    ----------
    rated
        From `ratings.rate_recommendations`.
    min_count
        Fewest respondents of a group.
    countries
        Countries to show even if nobody in them answered.

    Returns
    -------
    DataFrame
        ``recommendation_id``, ``dimension`` (all, country, respondent_kind), ``group`` (``others``: those
        held back, together), ``respondents``, ``importance`` (mean, 1 to 5), ``important_share`` (rate it 4
        or more), ``status`` (shown, held back, no answer), ``feasibility_respondents``, ``feasibility``,
        ``feasibility_status`` (also: not rated, where respondents rated only the importance). All numbers of
        what is held back are missing. Within a group respondents count the same.

    Raises
    ------
    InputError
        If a column is missing or ``min_count`` makes no sense.

    Examples
    --------
    >>> rated = pd.DataFrame({
    ...     "recommendation_id": "R1", "respondent_id": list("abcdefghi"), "respondent_kind": "cluster",
    ...     "country": ["AT"] * 4 + ["BE"] * 3 + ["CY"] * 2, "feasibility": np.nan,
    ...     "importance": [5, 4, 3, 4, 2, 5, 4, 1, 2.0]})
    >>> table = support_by_group(rated)
    >>> table.loc[table["dimension"] == "country", ["group", "respondents", "importance", "status"]]
        group  respondents  importance     status
    1      AT            4         4.0      shown
    2      BE         <NA>        <NA>  held back
    3      CY         <NA>        <NA>  held back
    4  others            5         2.8      shown
    """
    require_columns(rated, "ratings", ["recommendation_id", "respondent_id", COUNTRY, KIND, "importance"])
    require_unique(rated, "ratings", ["recommendation_id", "respondent_id"])
    wanted = {
        COUNTRY: sorted({*rated[COUNTRY].astype("str"), *(countries or ())}),
        KIND: sorted(set(rated[KIND].astype("str"))),
    }
    rows: list[dict[str, Any]] = []
    for name, part in rated.groupby("recommendation_id", sort=True):
        rows += [{"recommendation_id": name, **row} for row in _groups_of(part, wanted, min_count)]
    return pd.DataFrame(rows, columns=list(_TYPES)).astype(_TYPES)


def _groups_of(part: pd.DataFrame, wanted: dict[str, list[str]], min_count: int) -> list[dict[str, Any]]:
    """Return the rows of one recommendation."""
    importance = part["importance"].to_numpy(dtype=np.float64)
    feasibility = part["feasibility"].to_numpy(dtype=np.float64)
    kinds = part[list(wanted)].astype("str")
    found = jointly_visible(importance, kinds, min_count)
    known = ~np.isnan(feasibility)
    # What is held back of the importance is held back of the feasibility, too.
    pooled = {kind: groups.pooled for kind, groups in found.items()}
    feasible = jointly_visible(feasibility[known], kinds[known], min_count, pooled)
    rows = [{"dimension": ALL, "group": ALL, **_total(importance, feasibility[known], min_count)}]
    for kind, names in wanted.items():
        own = kinds[kind].to_numpy(dtype=str)
        for name in [*names, OTHERS]:
            inside = np.isin(own, found[kind].pooled) if name == OTHERS else own == name
            feasible_inside = np.isin(own, feasible[kind].pooled) if name == OTHERS else own == name
            row = {
                **_importance(importance[inside], _status(found[kind], name, bool(inside.any()))),
                **_feasibility(
                    feasibility[known & feasible_inside],
                    _status(feasible[kind], name, bool((known & feasible_inside).any())),
                    name in found[kind].pooled,
                    bool(inside.any()),
                ),
            }
            if name != OTHERS or SHOWN in (row["status"], row["feasibility_status"]):
                rows.append({"dimension": kind, "group": name, **row})
    return rows


def _total(importance: Floats, feasibility: Floats, min_count: int) -> dict[str, Any]:
    few, unknown = (tells_too_much(values, min_count) for values in (importance, feasibility))
    return {
        **_importance(importance, HELD_BACK if few else SHOWN),
        **_feasibility(feasibility, HELD_BACK if unknown else SHOWN, few, True),
    }


def _status(groups: Groups, name: str, anybody: bool) -> str:
    if name == OTHERS:
        return SHOWN if groups.pool_shown else HELD_BACK
    if not anybody:
        return NO_ANSWER
    return SHOWN if name in groups.shown else HELD_BACK


def _importance(values: Floats, status: str) -> dict[str, Any]:
    if status != SHOWN:
        none = 0 if status == NO_ANSWER else None
        return {"respondents": none, "importance": None, "important_share": None, "status": status}
    # A mean of thirds can miss 4 by a rounding error.
    high = float((values >= IMPORTANT - 1e-9).mean())
    return {
        "respondents": len(values),
        "importance": float(values.mean()),
        "important_share": high,
        "status": status,
    }


def _feasibility(values: Floats, status: str, held_back: bool, anybody: bool) -> dict[str, Any]:
    if not anybody:
        status = NO_ANSWER
    elif held_back:
        status = HELD_BACK
    elif not len(values):
        status = NOT_RATED
    number = len(values) if status == SHOWN else None if status == HELD_BACK else 0
    return {
        "feasibility_respondents": number,
        "feasibility": float(values.mean()) if status == SHOWN else None,
        "feasibility_status": status,
    }


def support_overall(cells: pd.DataFrame, inhabitants: "pd.Series[float] | None" = None) -> pd.DataFrame:
    """Compute the support of each recommendation: each respondent, each country, or each inhabitant the same.

    Parameters
    ----------
    cells
        From `support_by_group`.
    inhabitants
        By country, for the weight of the same name; see `helpers.analysis.supply.inhabitants_of`.

    Returns
    -------
    DataFrame
        One row a recommendation and weight: ``recommendation_id``, ``weight``, ``respondents``, ``countries``
        (from which somebody answered), ``importance``, ``important_share``, ``feasibility``. Missing where
        it may not be shown.

    Raises
    ------
    InputError
        If inhabitants of a country are missing.

    Notes
    -----
    With weights w_c of the countries, the mean is sum(w_c m_c) / sum(w_c); m_c is the mean of a country, w_c
    is 1 or its inhabitants. Countries that are held back count with the mean of all of them together: two
    totals with different weights would otherwise give away the mean of a small country, as two equations with
    two unknowns.

    Examples
    --------
    >>> rated = pd.DataFrame({
    ...     "recommendation_id": "R1", "respondent_id": list("abcdefg"), "respondent_kind": "cluster",
    ...     "country": ["AT"] * 4 + ["BE"] * 3, "feasibility": np.nan,
    ...     "importance": [5, 4, 3, 4, 2, 3, 1.0]})
    >>> table = support_overall(support_by_group(rated), pd.Series({"AT": 9e6, "BE": 1e6}))
    >>> table.set_index("weight")["importance"].round(2).to_dict()
    {'respondent': 3.14, 'country': 3.0, 'inhabitants': 3.8}
    """
    tables = [_each_respondent(cells), _by_weight(cells, "country", None)]
    if inhabitants is not None:
        tables.append(_by_weight(cells, "inhabitants", inhabitants))
    table = pd.concat(tables, ignore_index=True)
    order = {name: place for place, name in enumerate(WEIGHTS)}
    return (
        table.assign(_place=table["weight"].map(order))
        .sort_values(["recommendation_id", "_place"], kind="stable")
        .drop(columns="_place")
        .reset_index(drop=True)
    )


_NUMBERS = ["importance", "important_share", "feasibility"]


def _each_respondent(cells: pd.DataFrame) -> pd.DataFrame:
    total = cells[cells["dimension"] == ALL]
    table = total[["recommendation_id", "respondents", *_NUMBERS]].assign(weight="respondent")
    return table.assign(countries=total["recommendation_id"].map(_countries(cells)).astype("Int64"))[_OVERALL]


_OVERALL = ["recommendation_id", "weight", "respondents", "countries", *_NUMBERS]


def _countries(cells: pd.DataFrame) -> pd.Series:
    answered = (cells["dimension"] == COUNTRY) & (cells["group"] != OTHERS) & (cells["status"] != NO_ANSWER)
    return answered.groupby(cells["recommendation_id"]).sum()


def _by_weight(cells: pd.DataFrame, weight: Weight, inhabitants: "pd.Series[float] | None") -> pd.DataFrame:
    rows = cells[cells["dimension"] == COUNTRY]
    single = rows["group"] != OTHERS
    size = pd.Series(1.0, index=rows.index).where(single, 0.0)
    if inhabitants is not None:
        _check_inhabitants(rows.loc[single & (rows["status"] != NO_ANSWER), "group"], inhabitants)
        size = rows["group"].map(inhabitants).astype("float64").where(single, 0.0).fillna(0.0)
    total = _each_respondent(cells).set_index("recommendation_id")
    table = total[["respondents", "countries"]].assign(weight=weight)
    for name, status in zip(_NUMBERS, ["status", "status", "feasibility_status"], strict=True):
        table[name] = _weighted(rows, size, name, status).reindex(table.index)
    return table.reset_index()[_OVERALL]


def _check_inhabitants(codes: "pd.Series[str]", inhabitants: "pd.Series[float]") -> None:
    missing = sorted(set(codes) - set(inhabitants.dropna().index.astype(str)))
    if missing:
        raise InputError(f"support: the inhabitants of {', '.join(missing)} are missing")


def _weighted(rows: pd.DataFrame, size: "pd.Series[float]", name: str, status: str) -> "pd.Series[float]":
    """Return the weighted mean of a column by recommendation; countries held back count with their pool."""
    key = rows["recommendation_id"]
    pool = (rows["group"] == OTHERS) & (rows[status] == SHOWN)
    held = size.where(rows[status] == HELD_BACK, 0.0).groupby(key).transform("sum")
    weight = size.where(rows[status] == SHOWN, 0.0).mask(pool, held)
    known = rows[name].astype("float64")
    mean = (known.fillna(0.0) * weight).groupby(key).sum() / weight.groupby(key).sum()
    # Where countries are held back and no pool is shown, nothing can be said of all countries.
    lost = (held > 0).groupby(key).any() & ~pool.groupby(key).any()
    return mean.mask(lost).astype("Float64")


def reason_in_words(status: str, min_count: int = 3) -> str:
    """Say why there is no number.

    Examples
    --------
    >>> reason_in_words("no answer"), reason_in_words("shown")
    ('nobody answered', '')
    """
    words = {
        SHOWN: "",
        NO_ANSWER: "nobody answered",
        NOT_RATED: "nobody rated the feasibility",
        HELD_BACK: f"held back: fewer than {min_count} respondents, or needed to protect a single rating",
    }
    return words[status]
