"""Support of recommendations as a report shows it: in all, by country, by kind of respondent."""

from collections.abc import Mapping, Sequence

import pandas as pd

from helpers.analysis.checks import require_columns
from helpers.analysis.recommendations.support import (
    COUNTRY,
    HELD_BACK,
    KIND,
    NO_ANSWER,
    NOT_RATED,
    OTHERS,
    SHOWN,
    WEIGHTS,
    reason_in_words,
)
from helpers.data.errors import InputError

KIND_LABELS: Mapping[str, str] = {
    "cluster_association": "Cluster associations",
    "cluster": "Clusters",
    "company": "Companies",
    "research": "Research",
    "public_authority": "Public authorities",
    "other": "Other respondents",
}
OTHER_LABELS: Mapping[str, str] = {COUNTRY: "Other countries", KIND: "Other kinds"}
OTHER_CODE = "other"
_STATUS = {
    "importance": "status",
    "important_share": "status",
    "feasibility": "feasibility_status",
}
_DIGITS = {"importance": 1, "important_share": 2, "feasibility": 1}

SUPPORT_COLUMNS: Mapping[str, tuple[str, str]] = {
    "label": ("Recommendation", ""),
    "respondents": ("Respondents", ",.0f"),
    "countries": ("Countries", ",.0f"),
    "importance": ("Importance (1 to 5)", ".1f"),
    "important_share": ("Rate it 4 or 5", ".0%"),
    "feasibility": ("Feasibility (1 to 5)", ".1f"),
    "importance_country": ("Importance, each country the same", ".1f"),
    "importance_inhabitants": ("Importance, by inhabitants", ".1f"),
    "note": ("Note", ""),
}
CELL_COLUMNS: Mapping[str, tuple[str, str]] = {
    "label": ("Recommendation", ""),
    "group_label": ("Group", ""),
    "respondents": ("Respondents", ",.0f"),
    "value": ("Value", ".2g"),
    "status": ("Status", ""),
    "note": ("Note", ""),
}


def labelled(table: pd.DataFrame, recommendations: pd.DataFrame) -> pd.DataFrame:
    """Put title and label ("R01 Title") beside each recommendation.

    Parameters
    ----------
    table
        With ``recommendation_id``.
    recommendations
        Of the register: ``recommendation_id``, ``title``.

    Raises
    ------
    InputError
        If a recommendation is not in the register.

    Examples
    --------
    >>> register = pd.DataFrame({"recommendation_id": ["R1"], "title": ["Open borders"]})
    >>> labelled(pd.DataFrame({"recommendation_id": ["R1"], "rank": [1]}), register).values.tolist()
    [['R1', 'Open borders', 'R1 Open borders', 1]]
    """
    require_columns(recommendations, "recommendations", ["recommendation_id", "title"])
    titles = recommendations.set_index("recommendation_id")["title"]
    strange = sorted(set(table["recommendation_id"]) - set(titles.index))
    if strange:
        raise InputError(f"recommendations: {strange[0]} is not in the register")
    title = table["recommendation_id"].map(titles).astype("str")
    rest = table.drop(columns=["recommendation_id", "title", "label"], errors="ignore")
    label = table["recommendation_id"].astype("str") + " " + title
    return pd.concat([table[["recommendation_id"]].assign(title=title, label=label), rest], axis=1)


def support_rows(
    overall: pd.DataFrame, recommendations: pd.DataFrame, order: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return a row a recommendation: support by weight, side by side.

    Parameters
    ----------
    overall
        From `support.support_overall`.
    recommendations
        Of the register.
    order
        Ids in the order wanted; by importance if not given.

    Returns
    -------
    DataFrame
        ``recommendation_id``, ``title``, ``label``, ``respondents``, ``countries``, ``importance``,
        ``important_share``, ``feasibility`` (each respondent the same), the same with ``_country`` and
        ``_inhabitants``, ``note``. `SUPPORT_COLUMNS` names the columns for readers. Ratings to one decimal,
        shares to whole per cent.

    Notes
    -----
    Numbers by inhabitants are sums over countries whose weights are all different: to full precision, a
    lattice search finds from them how many in each country rate a recommendation 4 or more.
    """
    first = overall[overall["weight"] == "respondent"].drop(columns="weight")
    table = first.reset_index(drop=True)
    for weight in WEIGHTS[1:]:
        rows = overall[overall["weight"] == weight].set_index("recommendation_id")
        for name in _STATUS:
            table[f"{name}_{weight}"] = table["recommendation_id"].map(rows[name]).astype("Float64")
    notes = ["" if pd.notna(value) else "too few respondents to show" for value in table["importance"]]
    unrated = table["importance"].notna() & table["feasibility"].isna()
    note = pd.Series(notes, index=table.index, dtype="str").mask(unrated, "feasibility not rated by enough")
    table = table.assign(note=note)
    if order is None:
        table = table.sort_values(["importance", "recommendation_id"], ascending=[False, True])
    else:
        place = {name: at for at, name in enumerate(order)}
        table = table.sort_values("recommendation_id", key=lambda ids: ids.map(place), kind="stable")
    return labelled(_rounded(table.reset_index(drop=True)), recommendations)


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Round what a row of `support_rows` says by any weight to what a reader sees of it."""
    digits = {
        column: number
        for name, number in _DIGITS.items()
        for column in (name, *(f"{name}_{weight}" for weight in WEIGHTS[1:]))
    }
    return table.round(digits)


def support_cells(
    cells: pd.DataFrame,
    recommendations: pd.DataFrame,
    labels: Mapping[str, str],
    *,
    by: str = COUNTRY,
    measure: str = "importance",
    order: Sequence[str] | None = None,
    min_count: int = 3,
) -> pd.DataFrame:
    """Return support by group as a heat map draws it.

    Parameters
    ----------
    cells
        From `support.support_by_group`.
    recommendations
        Of the register.
    labels
        Group -> name, in the order shown; such as `KIND_LABELS`.
    by
        country or respondent_kind.
    measure
        importance, important_share or feasibility.
    order
        Ids in the order wanted (those of a ranking); the register's if not given.
    min_count
        For the words.

    Returns
    -------
    DataFrame
        Recommendation by recommendation, group by group: ``recommendation_id``, ``title``, ``label``,
        ``recommendation_order``, ``group``, ``group_label``, ``group_order`` (other groups together come
        last), ``respondents``, ``value`` (ratings to one decimal, shares to whole per cent; missing where
        held back), ``status``, ``note`` (why there is no value).

    Raises
    ------
    InputError
        If there is no such measure or kind of group.
    """
    if measure not in _STATUS or by not in OTHER_LABELS:
        raise InputError(
            f"support of {measure} by {by}: {', '.join(_STATUS)} by {' and '.join(OTHER_LABELS)} are allowed"
        )
    ids = list(recommendations["recommendation_id"] if order is None else order)
    rows = cells[(cells["dimension"] == by) & cells["recommendation_id"].isin(ids)]
    wanted = [name for name in labels if name in set(rows["group"])]
    others = [OTHERS] if (rows["group"] == OTHERS).any() else []
    groups = pd.DataFrame({"group": pd.Series([*wanted, *others], dtype="str")})
    names = {**labels, OTHERS: OTHER_LABELS[by]}
    groups = groups.assign(group_label=groups["group"].map(names), group_order=range(len(groups)))
    grid = pd.DataFrame({"recommendation_id": pd.Series(ids, dtype="str")})
    grid = grid.assign(recommendation_order=range(len(grid))).merge(groups, how="cross")
    number = "feasibility_respondents" if measure == "feasibility" else "respondents"
    found = rows[["recommendation_id", "group", number, measure, _STATUS[measure]]]
    found = found.set_axis(["recommendation_id", "group", "respondents", "value", "status"], axis=1)
    table = grid.merge(found, "left", on=["recommendation_id", "group"])
    status = table["status"].fillna(NO_ANSWER)
    table = table.assign(
        status=status.astype("str"),
        value=table["value"].round(_DIGITS[measure]),
        note=[reason_in_words(one, min_count) for one in status],
    )
    return labelled(table, recommendations)


def cells_counted(table: pd.DataFrame) -> dict[str, int]:
    """Count the cells of `support_cells` by status, for facts: shown, held back, no answer, not rated.

    Examples
    --------
    >>> cells_counted(pd.DataFrame({"status": ["shown", "shown", "held back"], "group": "AT"}))
    {'shown': 2, 'held back': 1, 'no answer': 0, 'not rated': 0}
    """
    counts = table.loc[table["group"] != OTHERS, "status"].value_counts()
    return {status: int(counts.get(status, 0)) for status in (SHOWN, HELD_BACK, NO_ANSWER, NOT_RATED)}
