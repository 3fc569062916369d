"""Participation by country, kind and period, as far as it may be shown."""

from collections.abc import Sequence

import pandas as pd

from helpers.analysis.checks import require_columns
from helpers.analysis.collaboration.participation import Every, participation_rates, period_of
from helpers.analysis.disclosure import TOTAL, Rules, protect_table

SHOWN, HELD_BACK, NOBODY = "shown", "held back", "nobody came"
_STATUS = {"published": SHOWN, "suppressed": HELD_BACK, "zero": NOBODY}


def group_table(
    present: pd.DataFrame, by: str, codes: Sequence[str] | None = None, *, min_count: int = 3
) -> pd.DataFrame:
    """Count the organisations that took part by group, as far as it may be shown.

    A number is held back if one to ``min_count - 1`` organisations stand behind it, and further ones so that
    it cannot be worked out from the total (`helpers.analysis.disclosure.protect_table`).

    Parameters
    ----------
    present
        From `participation.presences`.
    by
        ``country``, ``kind`` or ``series``.
    codes
        All groups that are in the table; others are left out. If not given, those that took part.
    min_count
        Fewest organisations of a group.

    Returns
    -------
    DataFrame
        The total first: the column ``by`` (``total``), ``organisations`` (missing where held back),
        ``status`` (shown, held back, nobody came). An organisation in several groups counts in each.

    Examples
    --------
    >>> present = pd.DataFrame({"organisation_id": list("abcdefghij"),
    ...                         "country": ["AT"] * 5 + ["BE"] * 4 + ["CY"]})
    >>> group_table(present, "country", ["AT", "BE", "CY", "DE"])["status"].tolist()
    ['shown', 'shown', 'held back', 'held back', 'nobody came']
    """
    groups = sorted(set(present[by])) if codes is None else list(dict.fromkeys(codes))
    rows = _once(present, [by])
    table = protect_table(
        rows[rows[by].isin(groups)], by, value=None, rules=Rules(min_count=min_count), row_codes=groups
    )
    return _named(table, [by])


def country_table(
    cells: pd.DataFrame,
    present: pd.DataFrame,
    clusters: pd.DataFrame,
    countries: pd.DataFrame,
    *,
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare the organisations that took part with the clusters of each country, as far as it may be shown.

    Parameters
    ----------
    cells
        From `group_table` by country.
    present, clusters, level
        See `participation.participation_rates`.
    countries
        ``country``, ``name``.

    Returns
    -------
    DataFrame
        The countries of ``cells``, those without anybody last and by clusters: ``country``, ``name``,
        ``clusters`` (missing: none listed), ``organisations``, ``share`` (of all that took part), ``per_10``
        (organisations for 10 clusters) with ``low`` and ``high``, ``status``. Numbers are missing where held
        back.
    """
    all_of_them = cells.loc[cells["country"] == TOTAL, "organisations"]
    by_country = cells.loc[cells["country"] != TOTAL, ["country", "organisations", "status"]]
    rates = participation_rates(present, clusters, level=level)[
        ["country", "clusters", "per_10", "low", "high"]
    ]
    table = by_country.merge(rates, on="country", how="left")
    hidden = table["status"] == HELD_BACK
    for name in ("per_10", "low", "high"):
        table[name] = table[name].astype("Float64").mask(hidden)
    whole = all_of_them.iloc[0] if len(all_of_them) else pd.NA
    share = table["organisations"].astype("Float64") / (whole if pd.notna(whole) and whole else float("nan"))
    names = dict(zip(countries["country"], countries["name"], strict=True))
    table = table.assign(share=share, name=table["country"].map(names).fillna(table["country"]).astype("str"))
    order = table.assign(
        absent=table["status"] == NOBODY,
        more=-table["organisations"].fillna(0),
        size=-table["clusters"].fillna(0),
    ).sort_values(["absent", "more", "size", "country"])
    columns = ["country", "name", "clusters", "organisations", "share", "per_10", "low", "high", "status"]
    return table.loc[order.index, columns].reset_index(drop=True)


def who_is_missing(table: pd.DataFrame) -> pd.DataFrame:
    """Return the countries with clusters from which nobody came, of `country_table`, most clusters first."""
    absent = table[(table["status"] == NOBODY) & (table["clusters"] > 0).fillna(False)]
    ordered = absent.sort_values(["clusters", "country"], ascending=[False, True], ignore_index=True)
    return ordered[["country", "name", "clusters"]]


def held_back_countries(table: pd.DataFrame) -> set[str]:
    """Return the countries whose number is held back, from `country_table`."""
    return set(table.loc[table["status"] == HELD_BACK, "country"])


def over_time_table(
    present: pd.DataFrame,
    by: str,
    every: Every = "year",
    *,
    min_count: int = 3,
    held_back: set[str] | None = None,
) -> pd.DataFrame:
    """Count the organisations that took part by group and period, as far as it may be shown.

    Parameters
    ----------
    present
        From `participation.presences`.
    by
        ``country``, ``kind`` or ``series``.
    every
        Length of a period.
    min_count
        Fewest organisations of a cell.
    held_back
        Groups that are held back elsewhere, as by `held_back_countries`: all their cells are held back.

    Returns
    -------
    DataFrame
        Totals of each period first: ``period``, the column ``by`` (``total``), ``organisations`` (missing
        where held back), ``share`` of the period's total (missing where either is held back), ``status``. An
        organisation in several groups counts in each, and more than once in the total.
    """
    rows = _once(present.assign(period=period_of(present["date"], every)), ["period", by])
    columns = ["period", by, "organisations", "share", "status"]
    if rows.empty:
        kinds = {"organisations": "Int64", "share": "Float64"}
        return pd.DataFrame(columns=columns, dtype="str").astype(kinds)
    table = protect_table(
        rows,
        by,
        "period",
        value=None,
        rules=Rules(min_count=min_count),
        row_codes=sorted(set(rows[by])),
        column_codes=sorted(set(rows["period"])),
        column_total=False,
    )
    shown = _named(table, ["period", by])
    also = shown[by].isin(held_back or set())
    shown = shown.assign(
        status=shown["status"].mask(also, HELD_BACK), organisations=shown["organisations"].mask(also)
    )
    # A share of a total that is not shown would tell it.
    totals = shown[shown[by] == TOTAL].set_index("period")["organisations"].astype("Float64")
    whole = shown["period"].map(totals)
    return shown.assign(share=shown["organisations"] / whole.where(whole > 0))[columns]


def session_table(attendance: pd.DataFrame, *, min_count: int = 3) -> pd.DataFrame:
    """Return `participation.attendance_by_session` with the numbers of small sessions held back.

    A session to which fewer than ``min_count`` registered shows no number; where one of the parts (came,
    stayed away, not noted) is smaller than ``min_count`` without being zero, all three are held back.
    """
    require_columns(
        attendance, "attendance", ["registered", "came", "stayed_away", "not_noted", "share_came"]
    )
    parts = ["came", "stayed_away", "not_noted"]
    few = attendance["registered"].between(1, min_count - 1)
    small = few | attendance[parts].apply(lambda part: part.between(1, min_count - 1)).any(axis=1)
    table = attendance.copy()
    table["registered"] = table["registered"].astype("Int64").mask(few)
    for name in parts:
        table[name] = table[name].astype("Int64").mask(small)
    status = pd.Series(SHOWN, index=table.index, dtype="str").mask(attendance["registered"] == 0, NOBODY)
    return table.assign(share_came=table["share_came"].mask(small), status=status.mask(small, HELD_BACK))


def _once(present: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return one row an organisation and cell, named as disclosure control asks."""
    rows = present[["organisation_id", *columns]].drop_duplicates()
    return rows.rename(columns={"organisation_id": "respondent_id"})


def _named(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    named = table.rename(columns={"count_published": "organisations"})
    named = named.assign(status=named["status"].map(_STATUS).astype("str"))
    return named[[*columns, "organisations", "status"]].astype({"organisations": "Int64"})
