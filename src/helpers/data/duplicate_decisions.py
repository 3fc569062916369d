"""What people decided about proposed duplicates."""

from collections.abc import Hashable, Mapping, Sequence

import pandas as pd

from helpers.data.errors import InputError

DECISIONS = ("", "merge", "keep")


def merged(duplicates: pd.DataFrame, order: Sequence[str], where: str) -> dict[str, str]:
    """Return which respondents are merged into which, as people decided.

    Parameters
    ----------
    duplicates
        respondent_id_a, respondent_id_b, decision, decided_by, raw_row. Only rows with the decision "merge"
        count; what belongs together through a third belongs together.
    order
        All respondents, the earliest first: the earliest of those merged is kept.
    where
        Path of the file, for messages.

    Returns
    -------
    dict
        Respondent -> the one that is kept instead.

    Raises
    ------
    InputError
        If a decision is unknown, has no name in decided_by, names a respondent that is not there, or two
        decisions contradict each other.

    Examples
    --------
    >>> decided = pd.DataFrame({"respondent_id_a": ["r1"], "respondent_id_b": ["r2"], "decision": ["merge"],
    ...                         "decided_by": ["A. B."], "raw_row": [2]})
    >>> merged(decided, ["r2", "r1"], "duplicates.csv")
    {'r1': 'r2'}
    """
    rank = {respondent: at for at, respondent in enumerate(order)}
    columns = ["respondent_id_a", "respondent_id_b", "decision", "decided_by"]
    text = duplicates[columns].astype("object").fillna("").assign(raw_row=duplicates["raw_row"])
    decided = text[text["decision"] != ""]
    faults = [fault for row in decided.to_dict("records") if (fault := _fault(row, rank))]
    if faults:
        raise InputError([f"{where}: {fault}" for fault in faults[:20]])
    kept = {respondent: respondent for respondent in rank}

    def root(respondent: str) -> str:
        while kept[respondent] != respondent:
            respondent = kept[respondent]
        return respondent

    for row in decided[decided["decision"] == "merge"].to_dict("records"):
        roots = sorted((root(row["respondent_id_a"]), root(row["respondent_id_b"])), key=rank.__getitem__)
        kept[roots[1]] = roots[0]
    for row in decided[decided["decision"] == "keep"].to_dict("records"):
        if root(row["respondent_id_a"]) == root(row["respondent_id_b"]):
            raise InputError(
                f"{where}: row {row['raw_row']}, column decision: found keep, but other rows merge the two; "
                "change one of the decisions"
            )
    return {respondent: root(respondent) for respondent in rank if kept[respondent] != respondent}


def _fault(row: Mapping[Hashable, object], rank: Mapping[str, int]) -> str:
    spot = f"row {row['raw_row']}, column"
    if row["decision"] not in DECISIONS:
        return f"{spot} decision: found {str(row['decision'])[:40]!r}, allowed: merge, keep or empty"
    if not str(row["decided_by"]).strip():
        return f"{spot} decided_by: empty, allowed: who decided"
    for column in ("respondent_id_a", "respondent_id_b"):
        if row[column] not in rank:
            return f"{spot} {column}: found {str(row[column])[:40]!r}, allowed: a respondent of answers.csv"
    return ""
