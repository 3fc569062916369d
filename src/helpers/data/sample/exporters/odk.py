"""ODK Central's export: a zip with the main table and one of the repeated capacities."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from helpers.data.questionnaires.model import Question, Questionnaire
from helpers.data.sample.exporters.flat import choices, response_key
from helpers.data.sample.exporters.packing import write_archive
from helpers.data.sample.response import Answer, Response

REPEAT = "capacities"


def write_odk(
    responses: Iterable[Response], questionnaire: Questionnaire, path: Path, *, split: bool = True
) -> list[Path]:
    """Write the zip: ``<name>.csv`` and ``<name>-capacities.csv``, joined by PARENT_KEY.

    Parameters
    ----------
    responses
        In their order; held in memory as text.
    questionnaire
        Its definition.
    path
        Of the zip.
    split
        Whether a column a choice, with 1 and 0, stands beside each question with several choices.
    """
    main, repeat = io.StringIO(newline=""), io.StringIO(newline="")
    answers, capacities = (csv.writer(file, lineterminator="\n") for file in (main, repeat))
    product, fields = questionnaire.items.code, questionnaire.items.fields
    system = ["meta-instanceID", "KEY", "SubmitterID", "SubmitterName", "Status", "FormVersion"]
    headers = [
        header for question in questionnaire.questions for header in _headers(questionnaire, question, split)
    ]
    answers.writerow(["SubmissionDate", "start", "end", *headers, *system])
    capacities.writerow([product, *[field.code for field in fields], "PARENT_KEY", "KEY"])
    for response in responses:
        key = f"uuid:{response_key(response)}"
        stamp = response.submitted.isoformat(timespec="milliseconds") + "Z"
        cells: list[str] = []
        for question in questionnaire.questions:
            cells += _cells(questionnaire, question, response.answers[question.code], split)
        meta = [key, key, "12", "Field app", "", questionnaire.version]
        answers.writerow([stamp, stamp, stamp, *cells, *meta])
        for number, capacity in enumerate(response.capacities, start=1):
            stated = [_value(field, capacity.fields[field.code]) for field in fields]
            capacities.writerow([capacity.product, *stated, key, f"{key}/{REPEAT}[{number}]"])
    write_archive(
        path,
        {
            f"{questionnaire.name}.csv": main.getvalue().encode(),
            f"{questionnaire.name}-{REPEAT}.csv": repeat.getvalue().encode(),
        },
    )
    return [path]


def _headers(questionnaire: Questionnaire, question: Question, split: bool) -> list[str]:
    name = question.code
    if question.type != "select_multiple" or not split:
        return [name]
    return [name, *[f"{name}/{choice.code}" for choice in choices(questionnaire, question)]]


def _cells(questionnaire: Questionnaire, question: Question, answer: Answer, split: bool) -> list[str]:
    if not isinstance(answer, tuple):
        return [_value(question, answer)]
    joined = " ".join(answer)
    if not split:
        return [joined]
    listed = choices(questionnaire, question)
    return [joined, *[str(int(choice.code in answer)) if answer else "" for choice in listed]]


def _value(question: Question, text: str) -> str:
    """Return a text as the tool has it: months are dates, shares are numbers."""
    if question.type == "percent":
        return text.rstrip(" %")
    return f"{text}-01" if question.type == "month" and len(text) == 7 else text
