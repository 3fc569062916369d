"""The csv exports of LimeSurvey and Google Forms, and a plain csv."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from helpers.data.questionnaires.model import Questionnaire
from helpers.data.sample.exporters.flat import FlatQuestion, Labels, choices, flat_questions, values
from helpers.data.sample.response import Answer, Response

Headings = Literal["code", "text", "both"]
_LIMESURVEY_META = (
    ("id", "Response ID"),
    ("submitdate", "Date submitted"),
    ("lastpage", "Last page"),
    ("startlanguage", "Start language"),
    ("seed", "Seed"),
)
_YES_NO = {
    "en": ("Yes", "No"),
    "fr": ("Oui", "Non"),
    "de": ("Ja", "Nein"),
    "es": ("Sí", "No"),
    "it": ("Sì", "No"),
    "pl": ("Tak", "Nie"),
}


def write_limesurvey(
    responses: Iterable[Response],
    questionnaire: Questionnaire,
    path: Path,
    *,
    headings: Headings = "code",
    language: str = "en",
) -> list[Path]:
    """Write LimeSurvey's csv: byte-order mark, semicolons, all quoted, CRLF, a blank line at the end.

    Several choices are a column each, with yes or no.

    Parameters
    ----------
    responses
        In their order.
    questionnaire
        Its definition.
    path
        Of the csv.
    headings
        What stands above the columns: the code, the text, or both with a point between them.
    language
        Of labels and answers.
    """
    columns = flat_questions(questionnaire)
    labels = Labels(questionnaire, language)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        pairs = [*_LIMESURVEY_META, *_limesurvey_headers(questionnaire, columns, language)]
        heads = {"code": "{0}", "text": "{1}", "both": "{0}. {1}"}
        writer.writerow([heads[headings].format(code, text) for code, text in pairs])
        for response in responses:
            stamp = response.submitted.strftime("%Y-%m-%d %H:%M:%S")
            seed = str(1_000_000_007 * response.number % 2_147_483_647)
            cells = [str(response.number), stamp, "4", response.language, seed]
            for column, answer in values(response, columns):
                cells += _limesurvey_cells(questionnaire, column, answer, labels, language)
            writer.writerow(cells)
        file.write("\r\n")
    return [path]


def _limesurvey_headers(
    questionnaire: Questionnaire, columns: list[FlatQuestion], language: str
) -> Iterator[tuple[str, str]]:
    for column in columns:
        text = column.label(language)
        if column.question.type == "select_multiple":
            for choice in choices(questionnaire, column.question):
                yield f"{column.code}[{choice.code}]", f"{text} [{choice.label[language]}]"
        else:
            yield column.code, text


def _limesurvey_cells(
    questionnaire: Questionnaire, column: FlatQuestion, answer: Answer, labels: Labels, language: str
) -> list[str]:
    if isinstance(answer, tuple):
        yes, no = _YES_NO.get(language, _YES_NO["en"])
        listed = choices(questionnaire, column.question)
        return [yes if choice.code in answer else no if answer else "" for choice in listed]
    return [labels.of(column.question, answer)]


def write_google_forms(
    responses: Iterable[Response], questionnaire: Questionnaire, path: Path, *, language: str = "en"
) -> list[Path]:
    """Write Google's csv: a timestamp first, the texts of the questions, choices joined by ", "; no ids.

    Parameters
    ----------
    responses
        In their order.
    questionnaire
        Its definition.
    path
        Of the csv.
    language
        Of labels and answers.
    """
    columns = flat_questions(questionnaire)
    labels = Labels(questionnaire, language)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(["Timestamp", *[column.label(language) for column in columns]])
        for response in responses:
            cells = [response.submitted.strftime("%Y/%m/%d %I:%M:%S %p") + " GMT+1"]
            for column, answer in values(response, columns):
                given = answer if isinstance(answer, tuple) else (answer,)
                cells.append(", ".join(labels.of(column.question, code) for code in given))
            writer.writerow(cells)
    return [path]


def write_plain(
    responses: Iterable[Response], questionnaire: Questionnaire, path: Path, *, delimiter: str = ","
) -> list[Path]:
    """Write a plain csv: id, submitted, language, then the codes of questions and choices.

    Parameters
    ----------
    responses
        In their order.
    questionnaire
        Its definition.
    path
        Of the csv.
    delimiter
        Between cells.
    """
    columns = flat_questions(questionnaire)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(["id", "submitted", "language", *[column.code for column in columns]])
        for response in responses:
            stamp = response.submitted.isoformat(sep=" ")
            given = [answer for _, answer in values(response, columns)]
            texts = [";".join(answer) if isinstance(answer, tuple) else answer for answer in given]
            writer.writerow([response.number, stamp, response.language, *texts])
    return [path]
