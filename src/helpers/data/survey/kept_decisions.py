"""What people decided about respondents must still be about the same ones when answers are replaced."""

import csv
from pathlib import Path

from helpers.data.errors import InputError
from helpers.data.survey.companions import decisions
from helpers.data.survey.describe import DUPLICATES, WITHDRAWALS
from helpers.data.survey.identities import Identities


def refuse_lost_decisions(before: Path, ids: Identities, same_source: bool) -> None:
    """Stop if a decision or withdrawal would vanish, or come to be about somebody else.

    Parameters
    ----------
    before
        The folder of ``data/raw`` that is replaced; nothing is to be kept if there is none.
    ids
        The respondents that are there now.
    same_source
        Whether they come from the same file: then the numbers of its rows are still those of the same.

    Raises
    ------
    InputError
        One message a file, which says what to do.
    """
    where = f"data/raw/{before.parent.name}/{before.name}"
    concerned = {
        DUPLICATES: [one for pair in decisions(before / DUPLICATES) for one in pair],
        WITHDRAWALS: _withdrawn(before / WITHDRAWALS, f"{where}/{WITHDRAWALS}"),
    }
    faults = [
        f"{where}/{name}: {fault}"
        for name, listed in concerned.items()
        if (fault := _fault(list(dict.fromkeys(listed)), ids, same_source))
    ]
    if faults:
        raise InputError([*faults, "nothing was ingested"])


def _fault(listed: list[str], ids: Identities, same_source: bool) -> str:
    by_row = [one for one in listed if ids.is_by_row(one)]
    if by_row and not same_source:
        return (
            f"is about {_some(by_row)}, whose code is made from the number of a row, and in this file "
            "another answer may stand there; give the export a column `id`, or take these lines out "
            "of the file and write them again afterwards"
        )
    gone = [one for one in listed if not ids.has(one)]
    if gone:
        return (
            f"is about {_some(gone)}, and no accepted answer has that code any more; "
            "take these lines out of the file if that is right, and ingest once more"
        )
    return ""


def _some(listed: list[str]) -> str:
    shown = ", ".join(one[:40] if one.isprintable() else repr(one[:40]) for one in listed[:3])
    return shown if len(listed) <= 3 else f"{shown} and {len(listed) - 3} more"


def _withdrawn(path: Path, where: str) -> list[str]:
    """Return who withdrew, by a file that a person writes."""
    if not path.is_file():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file, strict=True) if row]
    except (UnicodeDecodeError, csv.Error):
        raise InputError(f"{where}: not UTF-8 text with commas, so nobody can be found in it") from None
    if not rows or "respondent_id" not in rows[0]:
        raise InputError(f"{where}: row 1: no column respondent_id; allowed: respondent_id,date")
    at = rows[0].index("respondent_id")
    return [row[at].strip() if len(row) > at else "" for row in rows[1:]]
