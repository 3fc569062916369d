"""Evidence as a report shows it: each piece with its value, and what each recommendation rests on."""

from collections.abc import Mapping

import pandas as pd

from helpers.analysis.recommendations.evidence import REPORTS, STATES, WITH, WITHOUT
from helpers.analysis.recommendations.shown_support import labelled

EVIDENCE_COLUMNS: Mapping[str, tuple[str, str]] = {
    "label": ("Recommendation", ""),
    "report_label": ("Report", ""),
    "kind": ("Kind", ""),
    "name": ("Name", ""),
    "value_words": ("What it says", ""),
    "reason": ("Why it speaks for it", ""),
    "state": ("Status", ""),
}
STATE_COLUMNS: Mapping[str, tuple[str, str]] = {
    "label": ("Recommendation", ""),
    "found": ("Pieces of evidence", ",.0f"),
    "missing_names": ("Named, but not found", ""),
    "state": ("Status", ""),
}


def evidence_rows(evidence: pd.DataFrame, recommendations: pd.DataFrame) -> pd.DataFrame:
    """Return a row a piece of evidence, and one for each recommendation without any.

    Parameters
    ----------
    evidence
        From `evidence.evidence_of`.
    recommendations
        Of the register, which sets the order.

    Returns
    -------
    DataFrame
        ``recommendation_id``, ``title``, ``label``, ``report``, ``report_label``, ``kind``, ``name``,
        ``value_words`` ("27 countries"; empty for figures and tables), ``reason``, ``subject``, ``sample``,
        ``state``: with evidence, evidence missing (this piece), without evidence. `EVIDENCE_COLUMNS` names
        the columns for readers. Texts of the register are not escaped.
    """
    columns = ["recommendation_id", "report", "kind", "name", "value", "unit", "reason", "subject", "sample"]
    table = recommendations[["recommendation_id"]].merge(
        evidence[[*columns, "found"]], "left", on="recommendation_id"
    )
    none = table["report"].isna()
    found = table["found"].fillna(False).astype(bool)
    state = (
        pd.Series("evidence missing", index=table.index, dtype="str").mask(found, WITH).mask(none, WITHOUT)
    )
    texts = ["report", "kind", "name", "reason", "subject"]
    table = table.assign(**{name: table[name].fillna("").astype("str") for name in texts})
    stated = table[["kind", "value", "unit"]].fillna("").astype("str")
    words = [_value_words(*row) for row in stated.itertuples(index=False)]
    table = table.assign(
        report_label=[REPORTS.get(key, key) for key in table["report"]],
        value_words=pd.Series(words, index=table.index, dtype="str"),
        state=state,
        sample=table["sample"].fillna(False).astype(bool),
    )
    return labelled(table.drop(columns=["found", "value", "unit"]), recommendations)


def _value_words(kind: str, value: str, unit: str) -> str:
    if kind != "fact":
        return ""
    return f"{value} ({unit})" if value and unit else value


def state_rows(states: pd.DataFrame, recommendations: pd.DataFrame) -> pd.DataFrame:
    """Return which recommendations have evidence, with titles; `STATE_COLUMNS` names the columns.

    Parameters
    ----------
    states
        From `evidence.evidence_states`.
    recommendations
        Of the register.
    """
    return labelled(states, recommendations)


def states_counted(states: pd.DataFrame) -> dict[str, int]:
    """Count recommendations by whether they have evidence, for facts.

    Examples
    --------
    >>> states_counted(pd.DataFrame({"state": ["with evidence", "without evidence"]}))
    {'with evidence': 1, 'evidence missing': 0, 'without evidence': 1}
    """
    counts = states["state"].value_counts()
    return {state: int(counts.get(state, 0)) for state in STATES}


def evidence_matrix(
    rests: pd.DataFrame, recommendations: pd.DataFrame, labels: Mapping[str, str] = REPORTS
) -> pd.DataFrame:
    """Return what each recommendation rests on, as a matrix draws it.

    Parameters
    ----------
    rests
        From `evidence.rests_on`, by report or by subject.
    recommendations
        Of the register, which sets the order.
    labels
        Report (or subject) -> name.

    Returns
    -------
    DataFrame
        ``recommendation_id``, ``title``, ``label``, ``recommendation_order``, ``source``, ``source_label``,
        ``source_order``, ``pieces``, ``found``, ``state``.
    """
    by = "report" if "report" in rests.columns else "subject"
    table = rests.rename(columns={by: "source"})
    ids = {name: place for place, name in enumerate(recommendations["recommendation_id"])}
    sources = {name: place for place, name in enumerate(dict.fromkeys(table["source"]))}
    table = table.assign(
        recommendation_order=table["recommendation_id"].map(ids),
        source_label=[labels.get(name, name[:1].upper() + name[1:]) for name in table["source"]],
        source_order=table["source"].map(sources),
    )
    order = table.sort_values(["recommendation_order", "source_order"], ignore_index=True)
    return labelled(order, recommendations)
