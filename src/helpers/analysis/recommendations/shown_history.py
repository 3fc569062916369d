"""What became of recommendations from session to session, as a report shows it."""

from collections.abc import Mapping

import pandas as pd

from helpers.analysis.recommendations.history import CHANGED, NEW
from helpers.analysis.recommendations.shown_support import labelled

CHANGE_COLUMNS: Mapping[str, tuple[str, str]] = {
    "session": ("Session", ""),
    "date": ("Date", ""),
    "label": ("Recommendation", ""),
    "status": ("Status", ""),
    "change": ("What changed", ""),
}


def history_strip(table: pd.DataFrame, recommendations: pd.DataFrame) -> pd.DataFrame:
    """Return the status of each recommendation after each session, as a strip draws it.

    Parameters
    ----------
    table
        From `history.status_by_session`.
    recommendations
        Of the register, which sets the order.

    Returns
    -------
    DataFrame
        ``recommendation_id``, ``title``, ``label``, ``recommendation_order``, ``session``,
        ``session_order``, ``date``, ``status``, ``event``, ``change``.
    """
    ids = {name: place for place, name in enumerate(recommendations["recommendation_id"])}
    placed = table.assign(recommendation_order=table["recommendation_id"].map(ids))
    order = placed.sort_values(["recommendation_order", "session_order"], ignore_index=True)
    return labelled(order, recommendations)


def change_rows(table: pd.DataFrame, recommendations: pd.DataFrame) -> pd.DataFrame:
    """Return what changed, session by session: new recommendations and changes of status, with titles.

    Parameters
    ----------
    table
        From `history.status_by_session`.
    recommendations
        Of the register.

    Returns
    -------
    DataFrame
        Columns as in `history_strip`; `CHANGE_COLUMNS` names them for readers.
    """
    rows = history_strip(table, recommendations)
    changed = rows[rows["event"].isin([NEW, CHANGED])]
    return changed.sort_values(["session_order", "recommendation_order"], ignore_index=True)
