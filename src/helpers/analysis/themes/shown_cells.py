"""Themes by country, stage or another group: shares that may be shown, after disclosure control."""

from collections.abc import Mapping, Sequence

import pandas as pd

from helpers.analysis.disclosure import Rules, protect_table
from helpers.analysis.themes.prevalence import HELD_BACK, NONE_STATED, SHOWN
from helpers.analysis.themes.shown_chosen import Chosen

NO_ANSWER = "no answer"
"""Nobody of the group answered, which differs from answers that name nothing."""


def theme_cells(
    chosen: Chosen,
    shares: pd.DataFrame,
    groups: pd.Series,
    labels: Mapping[str, str],
    *,
    min_count: int = 3,
) -> pd.DataFrame:
    """Return which share of each group's answers names each theme, by the machine, as far as it may be shown.

    A cell is held back if one to ``min_count - 1`` respondents stand behind it, or if the group has fewer
    than ``min_count`` of them; further cells are held back so that the first cannot be worked out from a
    theme's total (`helpers.analysis.disclosure.protect_table`, numbers of respondents by theme and group).

    Parameters
    ----------
    chosen
        From `shown_chosen.choose_answers`.
    shares
        From `shown_shares.share_table`: the order of the themes.
    groups
        Label by ``answer_id``, such as ``chosen.countries`` or ``chosen.stages``.
    labels
        Group -> name, in the order in which groups are shown. Answers of other groups are left out.
    min_count
        Fewest respondents of a cell.

    Returns
    -------
    DataFrame
        Theme by theme, group by group: ``theme``, ``label``, ``theme_order``, ``group``, ``group_label``,
        ``group_order``, ``share`` (rounded to whole per cent; missing where held back), ``status``: shown,
        held back, none stated, or no answer.
    """
    known = groups[groups.isin(set(labels)) & groups.index.isin(chosen.machine.index)].rename("group")
    pairs = known.rename_axis("answer_id").reset_index().drop_duplicates()
    pairs = pairs.assign(respondent_id=pairs["answer_id"].map(chosen.respondents))
    themes = shares["theme"].tolist()
    grid = _grid(shares, labels)
    if pairs.empty:
        return grid.assign(share=pd.Series(pd.NA, index=grid.index, dtype="Float64"), status=NO_ANSWER)
    coded = pairs.merge(_named(chosen), on="answer_id")
    held = held_back_cells(coded, "theme", "group", themes, list(labels), min_count)
    answers = pairs.groupby("group")["answer_id"].size()
    people = pairs.groupby("group")["respondent_id"].nunique()
    counts = coded.groupby(["theme", "group"])["answer_id"].size().rename("number").reset_index()
    number = grid.merge(counts, "left", on=["theme", "group"])["number"].fillna(0)
    keys = zip(grid["theme"], grid["group"], strict=True)
    total, behind = (grid["group"].map(found).fillna(0) for found in (answers, people))
    status = pd.Series(SHOWN, index=grid.index, dtype="str").mask(number == 0, NONE_STATED)
    few = pd.Series([key in held for key in keys], index=grid.index) | (behind < min_count)
    status = status.mask(few, HELD_BACK).mask(behind == 0, NO_ANSWER)
    hidden = status.isin([HELD_BACK, NO_ANSWER])
    share = (number / total.where(total > 0)).astype("Float64").round(2).mask(hidden)
    return grid.assign(share=share, status=status)


def held_back_cells(
    contributions: pd.DataFrame,
    row: str,
    column: str,
    row_codes: Sequence[str],
    column_codes: Sequence[str],
    min_count: int,
) -> set[tuple[str, str]]:
    """Return the cells of a table of numbers of respondents that must be held back.

    Parameters
    ----------
    contributions
        ``respondent_id`` and the columns ``row`` and ``column``; a respondent counts once a cell.
    row, column
        Columns; totals of the rows are taken to be known, those of the columns are not.
    row_codes, column_codes
        All rows and columns of the table.
    min_count
        Fewest respondents of a cell.

    Examples
    --------
    >>> rows = pd.DataFrame({"respondent_id": list("abcdefghij"), "theme": "energy",
    ...                      "group": ["AT"] * 5 + ["BE"] * 4 + ["CY"]})
    >>> sorted(held_back_cells(rows, "theme", "group", ["energy"], ["AT", "BE", "CY"], 3))
    [('energy', 'BE'), ('energy', 'CY')]
    """
    once = contributions[["respondent_id", row, column]].drop_duplicates()
    if once.empty:
        return set()
    table = protect_table(
        once,
        row,
        column,
        value=None,
        rules=Rules(min_count=min_count),
        row_codes=list(row_codes),
        column_codes=list(column_codes),
        row_total=False,
    )
    suppressed = table["status"] == "suppressed"
    # A total that is suppressed may be known from elsewhere: then all that adds up to it is held back.
    totals = set(table.loc[suppressed & table["is_total"], row])
    hidden = table[
        ~table["is_total"] & (suppressed | (table[row].isin(totals) & (table["status"] != "zero")))
    ]
    return set(zip(hidden[row], hidden[column], strict=True))


def _named(chosen: Chosen) -> pd.DataFrame:
    """Return one row an answer and theme."""
    answers, themes = chosen.machine.to_numpy().nonzero()
    names = {"answer_id": chosen.machine.index[answers], "theme": chosen.machine.columns[themes]}
    return pd.DataFrame(names).astype("str")


def _grid(shares: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    rows = shares[["theme", "label"]].reset_index(drop=True)
    columns = pd.DataFrame({"group": list(labels), "group_label": list(labels.values())})
    columns = columns.astype("str").rename_axis("group_order").reset_index()
    return rows.rename_axis("theme_order").reset_index().merge(columns, how="cross")


def stage_labels(products: pd.DataFrame) -> dict[str, str]:
    """Return the stages of a questionnaire with their names, in their order.

    Examples
    --------
    >>> products = pd.DataFrame({"stage": ["b", "a"], "stage_label": ["Fill", "Make"], "stage_order": [2, 1]})
    >>> stage_labels(products)
    {'a': 'Make', 'b': 'Fill'}
    """
    order = products.sort_values("stage_order", kind="stable").drop_duplicates("stage")
    return dict(zip(order["stage"], order["stage_label"], strict=True))


def country_labels(countries: pd.DataFrame, codes: Sequence[str]) -> dict[str, str]:
    """Return some countries with their names, by code.

    Examples
    --------
    >>> country_labels(pd.DataFrame({"country": ["BE", "AT"], "name": ["Belgium", "Austria"]}), ["AT"])
    {'AT': 'Austria'}
    """
    names = dict(zip(countries["country"], countries["name"], strict=True))
    return {code: str(names.get(code, code)) for code in sorted(codes)}
