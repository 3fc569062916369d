"""What stands beside the tables and people work on: proposed duplicates, their own files, the mapping."""

import csv
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from helpers.data.duplicates import COLUMNS, propose_duplicates
from helpers.data.errors import InputError
from helpers.data.questionnaires.model import Questionnaire
from helpers.data.survey.describe import DUPLICATES
from helpers.data.survey.export import Export
from helpers.data.survey.guard import guarded_row, unguarded
from helpers.data.survey.mapping import Assignment, Decided
from helpers.data.survey.staging import Staging
from helpers.data.survey.streaming import Counts
from helpers.data.survey.tables_out import ANSWERS, CAPACITIES, CONTACTS, read_table

if TYPE_CHECKING:
    import pandas as pd

MOST_COMPARED = 250_000
"""Answers among which duplicates are looked for; to compare more takes more memory than a laptop has."""
_CONTACTS = ["respondent_id", "company", "contact_name", "email", "phone"]
_MOST_UNUSED = 200
_ENDINGS = frozenset((".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".xml", ".zip"))
_Pair = tuple[str, str]


def write_duplicates(staging: Staging, before: Path, accepted: int) -> str:
    """Write the pairs that may be the same respondent; what a person decided earlier stays.

    Parameters
    ----------
    staging
        Holds the tables already.
    before
        The folder that is replaced, if there is one.
    accepted
        How many answers there are.

    Returns
    -------
    str
        A remark if no pairs were looked for, else "".
    """
    decided = decisions(before / DUPLICATES)
    rows: list[list[str]] = []
    note = ""
    if accepted <= MOST_COMPARED:
        for row in _proposed(staging).itertuples(index=False, name=None):
            pair, score, evidence = (str(row[0]), str(row[1])), f"{row[2]:.4g}", str(row[3])
            # Rows may have been sorted since: who is the earlier of two does not change what was decided.
            said = decided.pop(pair, None) or decided.pop(pair[::-1], None) or [""] * len(COLUMNS)
            rows.append([*pair, score, evidence, *said[4:]])
    else:
        note = f"more than {MOST_COMPARED:,d} answers: duplicates were not looked for"
    rows += decided.values()
    with (staging.raw / DUPLICATES).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(guarded_row(row) for row in rows)
    return note


def _proposed(staging: Staging) -> "pd.DataFrame":
    contacts = read_table(staging.restricted / CONTACTS, _CONTACTS)
    answers = read_table(staging.raw / ANSWERS, ["respondent_id", "country", "town", "postcode"])
    stated = read_table(staging.raw / CAPACITIES, ["respondent_id", "product", "amount", "unit"])
    return propose_duplicates(contacts, answers, stated)


def decisions(path: Path) -> dict[_Pair, list[str]]:
    """Return the rows that a person decided, by pair."""
    if not path.is_file():
        return {}
    where = f"{path.parent.parent.name}/{path.parent.name}/{path.name}"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise InputError(f"{where}: not UTF-8 text with commas, so its decisions cannot be kept") from None
    if not rows or rows[0] != list(COLUMNS) or any(len(row) != len(COLUMNS) for row in rows):
        raise InputError(f"{where}: found other columns, allowed: {', '.join(COLUMNS)}")
    plain = [[unguarded(cell) for cell in row] for row in rows[1:]]
    return {(row[0], row[1]): row for row in plain if row[COLUMNS.index("decision")].strip()}


def keep_what_people_wrote(staging: Staging, before: Path) -> None:
    """Copy files of the replaced folder that no ingest writes: withdrawals, the frame, notes."""
    if not before.is_dir():
        return
    ours = {path.name for path in staging.raw.iterdir()} | {"origin.yml", "README.md", "mapping.yml"}
    for path in before.iterdir():
        if path.name not in ours and path.is_file() and not path.is_symlink():
            shutil.copy2(path, staging.raw / path.name)


def mapping_text(
    export: Export,
    asked: Questionnaire,
    assignment: Assignment,
    decided: Decided,
    counts: Counts,
    notes: list[str],
) -> str:
    """Return mapping.yml: which file, how many answers, which column answers which question and why."""
    used = [found for found in assignment.columns if found.target]
    content = {
        "questionnaire": asked.name,
        "version": asked.version,
        "tool": export.tool,
        "files": [
            {"ending": _ending(name), "sha256": sha256}
            for name, sha256 in zip(export.names, export.sha256, strict=True)
        ],
        "received": counts.received,
        "accepted": counts.accepted,
        "rejected": counts.rejected,
        "capacities": counts.capacities,
        "columns": [
            {
                "column": found.column.key,
                "question": found.target.name if found.target else "",
                "how": found.how,
            }
            for found in used
        ],
        "unused": assignment.unused[:_MOST_UNUSED],
        "not_asked": sorted(decided.not_asked),
        "values": {code: dict(meanings) for code, meanings in decided.values.items()},
        "notes": notes,
    }
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)


def _ending(name: str) -> str:
    """Return the ending of a file's name; the rest may be the name of whoever answered or exported it."""
    ending = Path(name).suffix.lower()
    return ending if ending in _ENDINGS else ""
