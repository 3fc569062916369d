"""Which answers of a wave may be coded, and the ids under which they are."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.data.capacity_rows import as_answered
from helpers.data.catalog import dataset_origin, read_raw
from helpers.data.duplicate_decisions import merged
from helpers.data.questionnaires.definition import load_questionnaire
from helpers.data.questionnaires.model import Questionnaire
from helpers.data.stream import raw_parts

ID = "a[0-9a-f]{10}"
"""Pattern of an answer's id."""


@dataclass(frozen=True)
class WaveAnswers:
    """The free texts of a wave: those that may be coded, and those of withdrawn or merged entries.

    ``counted`` says of each answer's id who gave it, and to which question.
    """

    counted: Mapping[str, tuple[str, str]]
    gone: frozenset[str]


def answer_id(dataset: str, respondent_id: str, question: str) -> str:
    """Return the id of an answer, which does not show who gave it.

    Parameters
    ----------
    dataset
        ``<questionnaire>/<vintage>``.
    respondent_id, question
        Codes of the respondent and of the question.

    Examples
    --------
    >>> answer_id("vaccine_capacity/2021-03-sample", "r0123456789", "difficulties")
    'a54360bfc79'
    """
    return "a" + hashlib.sha256(f"{dataset}/{respondent_id}/{question}".encode()).hexdigest()[:10]


def text_questions(questionnaire: Questionnaire) -> list[str]:
    """Return the codes of the questions about difficulties whose answers may be coded."""
    asked = [question for role in ("difficulty", "bottleneck") for question in questionnaire.with_role(role)]
    return [question.code for question in asked if question.visibility != "restricted"]


def wave_answers(dataset: str, root: Path | None = None) -> WaveAnswers:
    """Return which free texts of a wave may be coded.

    They are those of the table ``<questionnaire>_<vintage>_difficulties``, found without making it: answers
    that are not empty, of respondents who neither withdrew nor were merged with another.

    Parameters
    ----------
    dataset
        ``<questionnaire>/<vintage>``.
    root
        The project's folder.

    Raises
    ------
    InputError
        If there is no such wave, or what is there is not as declared.
    """
    codes = text_questions(load_questionnaire(dataset.partition("/")[0], root))
    names = ["respondent_id", "submitted", *codes]
    table = pd.concat([as_answered(part) for part in raw_parts(dataset, "answers.csv", names, root)])
    out = _left_out(dataset, table, root)
    counted: dict[str, tuple[str, str]] = {}
    gone = set()
    for respondent, question in _given(table, codes):
        if respondent in out:
            gone.add(answer_id(dataset, respondent, question))
        else:
            counted[answer_id(dataset, respondent, question)] = (respondent, question)
    return WaveAnswers(counted, frozenset(gone))


def _given(table: pd.DataFrame, codes: list[str]) -> Iterator[tuple[str, str]]:
    for row in table.to_dict("records"):
        yield from ((str(row["respondent_id"]), code) for code in codes if str(row[code]).strip())


def _left_out(dataset: str, table: pd.DataFrame, root: Path | None) -> set[str]:
    """Return who withdrew, together with all that were merged with them, and who was merged into another."""
    declared = {file.name for file in dataset_origin(dataset, root).files}
    into: dict[str, str] = {}
    if "duplicates.csv" in declared:
        # Of entries that were merged the earliest counts, as in helpers.data.capacity_people.
        day = pd.to_datetime(table["submitted"].str.slice(0, 10), format="%Y-%m-%d", errors="coerce")
        order = table.assign(day=day).sort_values(["day", "raw_row"])["respondent_id"].tolist()
        into = merged(read_raw(dataset, "duplicates.csv", root), order, f"data/raw/{dataset}/duplicates.csv")
    entries = {str(name): into.get(str(name), str(name)) for name in table["respondent_id"]}
    withdrawn: set[str] = set()
    if "withdrawals.csv" in declared:
        listed = read_raw(dataset, "withdrawals.csv", root)["respondent_id"]
        withdrawn = {entries[str(name)] for name in listed if str(name) in entries}
    return {name for name, entry in entries.items() if name in into or entry in withdrawn}
