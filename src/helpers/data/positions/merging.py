"""Which points count as one, as people decided."""

import pandas as pd

from helpers.data import duplicate_decisions
from helpers.data.errors import InputError

PAIR = ("point_id_a", "point_id_b")


def merged(points: pd.DataFrame, merges: pd.DataFrame, where: str = "merges.csv") -> pd.DataFrame:
    """Return the point that is kept for each point.

    Parameters
    ----------
    points
        point_id, and date if there is one: the earliest of points that are merged is kept, of one day that
        which stands first.
    merges
        point_id_a, point_id_b, decision, decided_by; raw_row if there is one. Only the decision "merge"
        counts; what belongs together through a third point belongs together.
    where
        Path of the file, for messages.

    Returns
    -------
    pandas.DataFrame
        point_id, canonical_id, one row a point in the order of ``points``; a point that is merged into no
        other is its own.

    Raises
    ------
    InputError
        If a decision is unknown, names nobody in decided_by or a point that is not there, or two decisions
        contradict each other.

    Examples
    --------
    >>> points = pd.DataFrame({"point_id": ["P001", "P002", "P003"]})
    >>> decided = pd.DataFrame({"point_id_a": ["P001"], "point_id_b": ["P003"], "decision": ["merge"],
    ...                         "decided_by": ["A. B."]})
    >>> merged(points, decided)["canonical_id"].tolist()
    ['P001', 'P002', 'P001']
    """
    ordered = points.sort_values("date", kind="stable") if "date" in points else points
    rows = merges if "raw_row" in merges else merges.assign(raw_row=range(2, len(merges) + 2))
    _refuse_unknown(rows, set(points["point_id"]), where)
    names = {PAIR[0]: "respondent_id_a", PAIR[1]: "respondent_id_b"}
    instead = duplicate_decisions.merged(rows.rename(columns=names), ordered["point_id"].tolist(), where)
    ids = points["point_id"].tolist()
    canonical = pd.Series([instead.get(point, point) for point in ids], dtype="str")
    return pd.DataFrame({"point_id": pd.Series(ids, dtype="str"), "canonical_id": canonical})


def _refuse_unknown(rows: pd.DataFrame, known: set[str], where: str) -> None:
    faults = [
        f"{where}: row {row['raw_row']}, column {column}: found {str(row[column])[:40]!r}, "
        "allowed: a point of points.csv"
        for row in rows.to_dict("records")
        for column in PAIR
        if row[column] not in known
    ]
    if faults:
        raise InputError(faults[:20])
