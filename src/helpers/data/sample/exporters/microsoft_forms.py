"""Microsoft Forms' workbook."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from helpers.data.questionnaires.model import Questionnaire
from helpers.data.sample.exporters.flat import Labels, flat_questions, values
from helpers.data.sample.exporters.packing import Cell, write_workbook
from helpers.data.sample.response import Response

_META = ("ID", "Start time", "Completion time", "Email", "Name", "Language")


def write_microsoft_forms(
    responses: Iterable[Response], questionnaire: Questionnaire, path: Path, *, language: str = "en"
) -> list[Path]:
    """Write the xlsx: six columns of the tool's own, texts of questions, choices that each end in ";".

    Headers of fields of products hold a line break, as headers of this tool do.

    Parameters
    ----------
    responses
        In their order.
    questionnaire
        Its definition.
    path
        Of the xlsx.
    language
        Of labels and answers.
    """
    write_workbook(path, {"Sheet1": microsoft_rows(responses, questionnaire, language)})
    return [path]


def microsoft_rows(
    responses: Iterable[Response], questionnaire: Questionnaire, language: str = "en"
) -> Iterator[list[Cell]]:
    """Yield the rows of the sheet, the header first."""
    columns = flat_questions(questionnaire)
    labels = Labels(questionnaire, language)
    yield [*_META, *[column.label(language).replace(": ", ":\n", 1) for column in columns]]
    for response in responses:
        started = response.submitted - timedelta(minutes=11)
        cells: list[Cell] = [response.number, started, response.submitted, "anonymous", "", response.language]
        for column, answer in values(response, columns):
            if isinstance(answer, tuple):
                cells.append("".join(f"{labels.of(column.question, code)};" for code in answer))
            else:
                cells.append(labels.of(column.question, answer))
        yield cells
