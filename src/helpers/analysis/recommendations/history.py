"""What became of each recommendation from session to session."""

import pandas as pd

from helpers.analysis.checks import require_columns
from helpers.data.errors import InputError

DRAFT, AGREED, DROPPED, NOT_YET = "draft", "agreed", "dropped", "not yet"
STATUSES = (DRAFT, AGREED, DROPPED)
NEW, CHANGED, KEPT = "new", "changed", "kept"

_TABLE = "recommendations, history"


def check_history(recommendations: pd.DataFrame, history: pd.DataFrame) -> None:
    """Refuse a register whose history does not lead to the status it states.

    Parameters
    ----------
    recommendations
        ``recommendation_id``, ``status``.
    history
        ``recommendation_id``, ``session``, ``date``, ``status``, ``change``.

    Raises
    ------
    InputError
        One message a fault: a status that is none, a recommendation that is not in the register or twice at a
        session, a session with two dates, no history, a last status that is not the register's.

    Examples
    --------
    >>> register = pd.DataFrame({"recommendation_id": ["R1"], "status": ["agreed"]})
    >>> history = pd.DataFrame({"recommendation_id": ["R1"], "session": ["S1"], "date": ["2021-01-21"],
    ...                         "status": ["draft"], "change": ["Written"]})
    >>> check_history(register, history)
    Traceback (most recent call last):
    ...
    helpers.data.errors.InputError: recommendations: row 2: R1 is agreed, but its history ends with draft
    """
    require_columns(recommendations, "recommendations", ["recommendation_id", "status"])
    require_columns(history, _TABLE, ["recommendation_id", "session", "date", "status", "change"])
    problems = [*_faults(recommendations, history), *_ends(recommendations, history)]
    if problems:
        raise InputError(problems)


def _faults(recommendations: pd.DataFrame, history: pd.DataFrame) -> list[str]:
    known = set(recommendations["recommendation_id"])
    twice = history.duplicated(["recommendation_id", "session"])
    dates = history.groupby("session")["date"].transform("nunique") > 1
    found = []
    for place, row in enumerate(history.to_dict("records")):
        at, name = f"{_TABLE}: row {place + 2}", row["recommendation_id"]
        if row["status"] not in STATUSES:
            found.append(f"{at}, column status: {row['status']}; {', '.join(STATUSES)} are allowed")
        if name not in known:
            found.append(f"{at}, column recommendation_id: {name} is not in the register")
        if twice.iloc[place]:
            found.append(f"{at}: {name} is listed twice at session {row['session']}; once is allowed")
        if dates.iloc[place]:
            found.append(f"{at}, column date: session {row['session']} has two dates; one is allowed")
    return found


def _ends(recommendations: pd.DataFrame, history: pd.DataFrame) -> list[str]:
    ordered = history.sort_values(["date", "session"], kind="stable")
    last = ordered.drop_duplicates("recommendation_id", keep="last").set_index("recommendation_id")["status"]
    found = []
    for place, (name, status) in enumerate(
        zip(recommendations["recommendation_id"], recommendations["status"], strict=True)
    ):
        if name not in last.index:
            found.append(f"recommendations: row {place + 2}: {name} has no history")
        elif last[name] != status:
            found.append(
                f"recommendations: row {place + 2}: {name} is {status}, "
                f"but its history ends with {last[name]}"
            )
    return found


def status_by_session(
    recommendations: pd.DataFrame, history: pd.DataFrame, sessions: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the status of each recommendation after each session.

    Parameters
    ----------
    recommendations, history
        See `check_history`.
    sessions
        Optional: ``session``, ``date`` of all sessions, also of those that changed nothing.

    Returns
    -------
    DataFrame
        One row a recommendation (in the order given) and session (by date): ``recommendation_id``,
        ``session``, ``session_order``, ``date``, ``status`` (not yet, draft, agreed, dropped; kept from the
        session before where nothing is said), ``event`` (new, changed, kept; empty before it was written),
        ``change`` (what the register says; empty where nothing).

    Raises
    ------
    InputError
        See `check_history`.
    """
    check_history(recommendations, history)
    days = pd.concat(
        [history[["session", "date"]], *([] if sessions is None else [sessions[["session", "date"]]])]
    )
    days = days.drop_duplicates("session").sort_values(["date", "session"], kind="stable", ignore_index=True)
    days = days.rename_axis("session_order").reset_index()
    grid = recommendations[["recommendation_id"]].merge(days, how="cross")
    said = history[["recommendation_id", "session", "status", "change"]]
    table = grid.merge(said, "left", on=["recommendation_id", "session"])
    status = table.groupby("recommendation_id")["status"].ffill().fillna(NOT_YET).astype("str")
    before = status.groupby(table["recommendation_id"]).shift().fillna(NOT_YET)
    event = pd.Series(KEPT, index=table.index, dtype="str").mask(status != before, CHANGED)
    event = event.mask((before == NOT_YET) & (status != NOT_YET), NEW).mask(status == NOT_YET, "")
    return table.assign(status=status, event=event, change=table["change"].fillna("").astype("str"))[
        ["recommendation_id", "session", "session_order", "date", "status", "event", "change"]
    ]


def changes_at(table: pd.DataFrame, session: str) -> pd.DataFrame:
    """Return what changed at a session: recommendations that are new, and those whose status changed.

    Parameters
    ----------
    table
        From `status_by_session`.
    session
        E.g. ``"S2"``.

    Raises
    ------
    InputError
        If there is no such session.
    """
    found = table[table["session"] == session]
    if found.empty:
        there = ", ".join(dict.fromkeys(table["session"]))
        raise InputError(f"there is no session {session}; there are {there}")
    return found[found["event"].isin([NEW, CHANGED])].reset_index(drop=True)


def status_counts(table: pd.DataFrame) -> pd.DataFrame:
    """Count recommendations after each session: ``session``, ``date``, and a column a status."""
    counts = pd.crosstab(table["session_order"], table["status"]).reindex(
        columns=list(STATUSES), fill_value=0
    )
    days = table.drop_duplicates("session_order").set_index("session_order")[["session", "date"]]
    return days.join(counts).reset_index(drop=True)
