"""EUSurvey's exports: the workbook with the sheet "Content", and XML.

References
----------
EUSurvey, open source under the EUPL: the layout follows what its export of results writes.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from helpers.data.questionnaires.model import Question, Questionnaire
from helpers.data.sample.exporters.flat import Labels, choices, flat_questions, response_key, values
from helpers.data.sample.exporters.packing import Cell, write_workbook
from helpers.data.sample.response import Answer, Response

WIDEST_SHEET = 254
_META = ("Invitation Number", "Contribution ID", "User Name", "Creation Date", "Last Update", "Languages")
_TYPES = {"select_one": "Single Choice", "select_multiple": "Multiple Choice", "email": "E-mail"}


def write_eusurvey(
    responses: Iterable[Response],
    questionnaire: Questionnaire,
    path: Path,
    *,
    ids: bool = True,
    language: str = "en",
) -> list[Path]:
    """Write the workbook: alias, export date, a blank row, the header in row 4; one answer a row.

    Parameters
    ----------
    responses
        In their order.
    questionnaire
        Its definition.
    path
        Of the xlsx.
    ids
        Whether the export shows ids: the code behind each question, "(ID7)" behind each choice.
    language
        Of the labels.

    Returns
    -------
    list of Path
    """
    rows = eusurvey_rows(responses, questionnaire, ids=ids, language=language)
    columns = len(flat_questions(questionnaire)) + len(_META)
    if columns <= WIDEST_SHEET:
        write_workbook(path, {"Content": rows})
        return [path]
    kept = [list(row) for row in rows]
    sheets = {}
    for part, start in enumerate(range(0, columns, WIDEST_SHEET)):
        top = [row if at < 3 else row[start : start + WIDEST_SHEET] for at, row in enumerate(kept)]
        sheets[f"Content{part or ''}"] = top
    write_workbook(path, sheets)
    return [path]


def eusurvey_rows(
    responses: Iterable[Response], questionnaire: Questionnaire, *, ids: bool = True, language: str = "en"
) -> Iterator[list[Cell]]:
    """Yield the rows of the sheet, from the alias on."""
    columns = flat_questions(questionnaire)
    labels, numbers = Labels(questionnaire, language), _numbers(questionnaire)
    yield ["Alias", questionnaire.name.replace("_", "")]
    yield ["Export Date", f"{questionnaire.version[:7]}-01 12:00"]
    yield []
    heads = [column.label(language) + (f" ({column.code})" if ids else "") for column in columns]
    yield [*heads, *_META]
    for response in responses:
        cells: list[Cell] = []
        for column, answer in values(response, columns):
            cells.append(_joined(column.question, answer, labels, numbers if ids else {}))
        stamp = response.submitted
        key = response_key(response)
        yield [*cells, "", key, "", stamp, stamp, response.language.upper()]


def _joined(question: Question, answer: Answer, labels: Labels, numbers: dict[tuple[str, str], str]) -> str:
    given = answer if isinstance(answer, tuple) else (answer,) if answer else ()
    if not question.choices:
        return given[0] if given else ""
    texts = []
    for code in given:
        number = numbers.get((question.choices, code))
        texts.append(labels.of(question, code) + (f" ({number})" if number else ""))
    return ";".join(texts)


def _numbers(questionnaire: Questionnaire) -> dict[tuple[str, str], str]:
    """Return the id that the tool gives to each choice: it counts through."""
    pairs = [(name, choice.code) for name, listed in questionnaire.choices.items() for choice in listed]
    return {pair: f"ID{number}" for number, pair in enumerate(pairs, start=1)}


def write_eusurvey_xml(responses: Iterable[Response], questionnaire: Questionnaire, path: Path) -> list[Path]:
    """Write the XML export: the questions in every language, then one AnswerSet an answer.

    Parameters
    ----------
    responses
        In their order.
    questionnaire
        Its definition.
    path
        Of the file.
    """
    columns = flat_questions(questionnaire)
    qids = {column.code: f"q{number:04d}" for number, column in enumerate(columns, start=1)}
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        file.write(f'<Results create="{questionnaire.version[:7]}-01_12-00-00">')
        file.write(f'<Survey id="4711" uid="sample" alias={quoteattr(questionnaire.name)}>')
        for language in questionnaire.languages:
            file.write(f'<Elements lang="{language.upper()}">')
            for column in columns:
                file.write(
                    _element(
                        questionnaire, column.question, column.code, qids[column.code], language
                    ).replace("\0", escape(column.label(language)))
                )
            file.write("</Elements>")
        file.write("</Survey><Answers>")
        for number, response in enumerate(responses, start=1):
            file.write(_answer_set(response, number, questionnaire, qids))
        file.write("</Answers></Results>\n")
    return [path]


def _element(questionnaire: Questionnaire, question: Question, code: str, qid: str, language: str) -> str:
    kind = _TYPES.get(question.type, "Free Text")
    text = f'<Question id="{qid}" type="{kind}" bid="{code}">\0</Question>'
    for choice in choices(questionnaire, question):
        text += (
            f'<Answer id="{qid}-{choice.code}" type="Choice Answer">{escape(choice.label[language])}</Answer>'
        )
    return text


def _answer_set(response: Response, number: int, questionnaire: Questionnaire, qids: dict[str, str]) -> str:
    stamp = response.submitted.strftime("%Y-%m-%d_%H-%M-%S")
    parts = [
        f'<AnswerSet id="{response_key(response)}" create="{stamp}" last="{stamp}" list="{number}" '
        f'lang="{response.language.upper()}" user="" invitation="">'
    ]
    for column, answer in values(response, flat_questions(questionnaire)):
        qid = qids[column.code]
        given = answer if isinstance(answer, tuple) else (answer,) if answer else ()
        for text in given:
            if column.question.choices:
                parts.append(f'<Answer qid="{qid}" aid="{qid}-{text}"></Answer>')
            else:
                parts.append(f'<Answer qid="{qid}">{escape(text)}</Answer>')
    return "".join(parts) + "</AnswerSet>"
