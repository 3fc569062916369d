"""What each recommendation rests on: facts, figures and tables of other reports, found or missing."""

from collections.abc import Mapping

import pandas as pd

from helpers.analysis.checks import require_columns, require_unique
from helpers.data.errors import InputError

WITH, MISSING, WITHOUT = "with evidence", "evidence missing", "without evidence"
STATES = (WITH, MISSING, WITHOUT)
REPORTS: Mapping[str, str] = {
    "clusters": "Cluster landscape",
    "capacity": "Capacity",
    "supply": "Supply and demand",
    "themes": "Bottleneck themes",
    "collaboration": "Collaboration",
}
"""Reports that evidence is taken from: key -> name."""
KINDS = ("fact", "figure", "table")

THEMES, GAPS, BOTTLENECKS, PRICES, OTHER = (
    "themes",
    "capacity gaps",
    "bottlenecks",
    "shadow prices",
    "other findings",
)
SUBJECTS = (THEMES, BOTTLENECKS, GAPS, PRICES, OTHER)
# What the reports call what they state: see the notebooks 20 and 30.
_GAPS = frozenset(
    (
        "gaps",
        "cells",
        "coverage",
        "countries_none",
        "countries_held",
        "products_held",
        "products_frail",
        "stages_frail",
        "stages_covered",
        "frail",
        "frail-products",
        "on_map",
        "rate",
        "response",
        "invited",
    )
)
_BOTTLENECKS = frozenset(
    (
        "narrowest",
        "passes",
        "chain",
        "chain_months",
        "months",
        "doses_year",
        "unmet",
        "unmet_share",
        "group_unmet_share",
        "lacking",
        "losses",
        "pairs",
        "worst_loss",
        "worst_change",
        "stress",
        "swings",
    )
)
_PRICES = frozenset(
    (
        "worth_most",
        "ranges",
        "saved",
        "more_met",
        "binding",
        "binding_names",
        "shadow",
        "expansion",
        "expansions",
        "target",
        "inner",
    )
)

_KEY = ["report", "kind", "name"]


def evidence_of(rows: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Find each piece of evidence of the register among what the reports state.

    Parameters
    ----------
    rows
        Of the register: ``recommendation_id``, ``report`` (key of a report), ``kind`` (fact, figure, table),
        ``name``, ``reason``.
    known
        What there is: ``report``, ``kind``, ``name``, ``exists``, ``value`` (as text), ``unit``, ``sample``.
        What is not listed does not exist.

    Returns
    -------
    DataFrame
        ``rows`` with ``found``, ``value``, ``unit``, ``sample`` (whether it rests on sample data; missing
        where not found), ``subject``: themes, bottlenecks, capacity gaps, shadow prices or other findings.

    Raises
    ------
    InputError
        If a column is missing, a kind is not known, or the same is listed twice.

    Examples
    --------
    >>> rows = pd.DataFrame({"recommendation_id": "R1", "report": ["supply", "themes"], "kind": "fact",
    ...                      "name": ["narrowest", "no_such"], "reason": "…"})
    >>> known = pd.DataFrame({"report": ["supply"], "kind": ["fact"], "name": ["narrowest"],
    ...                       "exists": [True], "value": ["Vials"], "unit": ["stage"], "sample": [True]})
    >>> evidence_of(rows, known)[["name", "found", "value", "subject"]].values.tolist()
    [['narrowest', True, 'Vials', 'bottlenecks'], ['no_such', False, nan, 'themes']]
    """
    require_columns(rows, "recommendations, evidence", ["recommendation_id", *_KEY, "reason"])
    require_columns(known, "evidence of the reports", [*_KEY, "exists", "value", "unit", "sample"])
    require_unique(known, "evidence of the reports", _KEY)
    require_unique(rows, "recommendations, evidence", ["recommendation_id", *_KEY])
    _check_kinds(rows)
    there = known[known["exists"].fillna(False).astype(bool)]
    there = there[[*_KEY, "value", "unit", "sample"]].assign(found=True)
    there = there.astype({**dict.fromkeys([*_KEY, "value", "unit"], "str"), "sample": "boolean"})
    table = rows.astype(dict.fromkeys(_KEY, "str")).merge(there, "left", on=_KEY, validate="many_to_one")
    subject = [subject_of(report, name) for report, name in zip(table["report"], table["name"], strict=True)]
    return table.assign(
        found=table["found"].notna(), subject=pd.Series(subject, index=table.index, dtype="str")
    )


def _check_kinds(rows: pd.DataFrame) -> None:
    strange = ~rows["kind"].isin(KINDS)
    if strange.any():
        place = int(strange.to_numpy().argmax())
        raise InputError(
            f"recommendations, evidence: row {place + 2}, column kind: {rows['kind'].iloc[place]!s}; "
            f"{', '.join(KINDS)} are allowed"
        )


def subject_of(report: str, name: str) -> str:
    """Say what a piece of evidence speaks of.

    Examples
    --------
    >>> subject_of("supply", "shadow"), subject_of("capacity", "gaps"), subject_of("clusters", "group_total")
    ('shadow prices', 'capacity gaps', 'other findings')
    """
    if report == "themes":
        return THEMES
    if report == "capacity" and name in _GAPS:
        return GAPS
    if report == "supply" and name in _PRICES:
        return PRICES
    return BOTTLENECKS if report == "supply" and name in _BOTTLENECKS else OTHER


def evidence_states(recommendations: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """Say of each recommendation whether it has evidence.

    Parameters
    ----------
    recommendations
        ``recommendation_id``.
    evidence
        From `evidence_of`.

    Returns
    -------
    DataFrame
        ``recommendation_id`` (in the order given), ``pieces`` named in the register, ``found`` of them,
        ``missing``, ``missing_names`` ("fact narrowest of supply"), ``sample`` (whether any that was found
        rests on sample data), ``state``: with evidence; evidence missing, if any that is named does not
        exist; without evidence, if none is named.

    Raises
    ------
    InputError
        If evidence is listed of a recommendation that there is not.
    """
    require_columns(recommendations, "recommendations", ["recommendation_id"])
    names = recommendations["recommendation_id"].astype("str")
    strange = sorted(set(evidence["recommendation_id"].astype("str")) - set(names))
    if strange:
        raise InputError(
            f"recommendations, evidence: there is no recommendation {strange[0]}; "
            f"there are {', '.join(names)}"
        )
    key = evidence["recommendation_id"].astype("str")
    pieces = names.map(key.value_counts()).fillna(0).astype("int64")
    found = names.map(evidence["found"].groupby(key).sum()).fillna(0).astype("int64")
    sampled = set(key[evidence["sample"].fillna(False).astype(bool)])
    lost = evidence[~evidence["found"]]
    said = lost["kind"].astype("str") + " " + lost["name"] + " of " + lost["report"]
    missing = said.groupby(lost["recommendation_id"].astype("str")).agg(", ".join).to_dict()
    state = pd.Series(WITH, index=names.index, dtype="str").mask(found < pieces, MISSING)
    return pd.DataFrame(
        {
            "recommendation_id": names,
            "pieces": pieces,
            "found": found,
            "missing": pieces - found,
            "missing_names": [missing.get(name, "") for name in names],
            "sample": names.isin(sampled),
            "state": state.mask(pieces == 0, WITHOUT),
        }
    )


def rests_on(recommendations: pd.DataFrame, evidence: pd.DataFrame, by: str = "report") -> pd.DataFrame:
    """Return which reports, or which subjects, each recommendation rests on: a row a combination.

    Parameters
    ----------
    recommendations
        ``recommendation_id``.
    evidence
        From `evidence_of`.
    by
        ``report`` (all of `REPORTS`, and others that occur) or ``subject`` (all of `SUBJECTS`).

    Returns
    -------
    DataFrame
        ``recommendation_id``, ``by``, ``pieces``, ``found``, ``state``: with evidence, evidence missing,
        without evidence; recommendations in the order given.

    Raises
    ------
    InputError
        If ``by`` is something else.
    """
    if by not in ("report", "subject"):
        raise InputError(f"evidence by {by}: report and subject are allowed")
    first = tuple(REPORTS) if by == "report" else SUBJECTS
    columns = [*first, *sorted(set(evidence[by]) - set(first))]
    grid = recommendations[["recommendation_id"]].merge(
        pd.DataFrame({by: pd.Series(columns, dtype="str")}), how="cross"
    )
    counts = evidence.groupby(["recommendation_id", by])["found"].agg(["size", "sum"])
    counts = counts.set_axis(["pieces", "found"], axis=1).reset_index()
    table = grid.merge(counts, "left", on=["recommendation_id", by])
    table[["pieces", "found"]] = table[["pieces", "found"]].fillna(0).astype("int64")
    state = pd.Series(WITH, index=table.index, dtype="str").mask(table["found"] < table["pieces"], MISSING)
    return table.assign(state=state.mask(table["pieces"] == 0, WITHOUT))


def themes_of(themes: pd.DataFrame, labels: Mapping[str, str]) -> "pd.Series[str]":
    """Return the themes of each recommendation in words, by ``recommendation_id``.

    Examples
    --------
    >>> themes = pd.DataFrame({"recommendation_id": ["R1", "R1"], "theme": ["data", "energy"]})
    >>> themes_of(themes, {"data": "Data"}).to_dict()
    {'R1': 'Data; energy'}
    """
    require_columns(themes, "recommendations, themes", ["recommendation_id", "theme"])
    names = themes["theme"].map(lambda theme: labels.get(theme, str(theme)))
    return names.groupby(themes["recommendation_id"]).agg("; ".join).astype("str")
