"""EUSurvey's results as XML: the questions in each language, then one AnswerSet an answer."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from helpers.data.errors import InputError
from helpers.data.survey.delimited import Opener
from helpers.data.survey.export import Column, ColumnKind, Conventions, Export, Row, columns_of, one_line
from helpers.data.survey.source import Source
from helpers.data.survey.workbook import MOST_COLUMNS, read_safely

TOOL = "eusurvey"
CONVENTIONS = Conventions(separators=("\n",), date_order="dmy")
"""The choices of one answer are elements of their own; the reader puts a line break between them."""

_META: dict[str, ColumnKind] = {"id": "id", "create": "submitted", "lang": "language"}
_QUESTIONS = ("Question", "MatrixQuestion", "RatingQuestion", "Cell")
_TAG = re.compile(r"<[^<>]*>")
_STAMP = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})_([0-9]{2})-([0-9]{2})-([0-9]{2})")


@dataclass
class _Survey:
    """Titles of the questions and choices, by the tool's ids; ``short`` holds the short names."""

    titles: dict[str, str] = field(default_factory=dict)
    short: dict[str, str] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)


def recognises(source: Source) -> bool:
    """Say whether an XML file is an export of EUSurvey: by its root element."""
    if source.kind != "xml" or source.opener is None:
        return False
    _, root = next(_events(source.name, source.opener), ("", None))
    return root is not None and root.tag == "Results"


def read(sources: Sequence[Source]) -> Export:
    """Return the answers of one XML export, or of several of the same survey."""
    surveys = [_survey(source) for source in sources]
    first = surveys[0]
    for source, survey in zip(sources, surveys, strict=True):
        if list(survey.titles) != list(first.titles):
            raise InputError(f"{source.name}: other questions than in {sources[0].name}")
    places = {question: at for at, question in enumerate(first.titles)}
    count = len(places)
    columns: tuple[Column, ...] = columns_of(
        [*first.titles.values(), *_META],
        kinds={count + at: kind for at, kind in enumerate(_META.values())},
        codes={places[question]: short for question, short in first.short.items() if question in places},
    )

    def rows() -> Iterator[Row]:
        number = 1
        for source, survey in zip(sources, surveys, strict=True):
            for answers in _answer_sets(source):
                number += 1
                yield _row(number, answers, places, survey)

    return Export(
        tool=TOOL,
        names=tuple(source.name for source in sources),
        sha256=tuple(source.sha256 for source in sources),
        columns=columns,
        rows=rows,
        conventions=CONVENTIONS,
    )


def _events(where: str, opener: Opener) -> Iterator[tuple[str, Any]]:
    """Yield the starts and ends of elements; a document type or an entity is refused."""
    from defusedxml.ElementTree import iterparse

    stream: IO[bytes]
    with opener() as stream:
        events = read_safely(where, lambda: iterparse(stream, events=("start", "end"), forbid_dtd=True))
        while (event := read_safely(where, lambda: next(events, None))) is not None:
            yield event


def _survey(source: Source) -> _Survey:
    """Read the questions; English titles if there are any, else those of the first language."""
    languages: dict[str, _Survey] = {}
    language = ""
    matrix = ""
    assert source.opener is not None
    for event, element in _events(source.name, source.opener):
        if event == "start" and element.tag == "AnswerSet":
            break
        if event == "start" and element.tag == "Elements":
            language = element.get("lang", "").lower()
            languages.setdefault(language, _Survey())
        elif event == "end" and language:
            matrix = _title(element) if element.tag == "MatrixTitle" else matrix
            _learn(languages[language], element, matrix)
            if element.tag == "Elements":
                language = ""
                element.clear()
    if not languages:
        raise InputError(f"{source.name}: found no questions (elements Survey and Elements)")
    survey = languages.get("en", next(iter(languages.values())))
    if len(survey.titles) + len(_META) > MOST_COLUMNS:
        raise InputError(f"{source.name}: found {len(survey.titles)} questions, allowed: {MOST_COLUMNS}")
    return survey


def _learn(survey: _Survey, element: Any, matrix: str) -> None:  # noqa: ANN401  # an element
    known = element.get("id", "")
    if element.tag in _QUESTIONS:
        before = f"{matrix}: " if element.tag == "MatrixQuestion" else ""
        survey.titles[known] = before + _title(element)
        if element.get("bid"):
            survey.short[known] = element.get("bid", "")
    elif element.tag in ("Answer", "MatrixAnswer"):
        survey.choices[known] = _title(element)


def _title(element: Any) -> str:  # noqa: ANN401
    return one_line(_TAG.sub(" ", element.text or ""))


def _answer_sets(source: Source) -> Iterator[Any]:
    assert source.opener is not None
    parents: list[Any] = []
    for event, element in _events(source.name, source.opener):
        if event == "start":
            parents.append(element)
            continue
        parents.pop()
        if element.tag == "AnswerSet":
            yield element
            if parents:
                parents[-1].remove(element)


def _row(number: int, answers: Any, places: dict[str, int], survey: _Survey) -> Row:  # noqa: ANN401
    cells = [""] * (len(places) + len(_META))
    unknown = 0
    for answer in answers:
        at = places.get(answer.get("qid", ""))
        if answer.tag != "Answer":
            continue
        if at is None:
            unknown += 1
            continue
        choice = answer.get("aid")
        text = survey.choices.get(choice, choice) if choice else (answer.text or "")
        cells[at] = f"{cells[at]}\n{text}" if cells[at] else text
    for at, name in enumerate(_META, start=len(places)):
        cells[at] = _STAMP.sub(r"\1 \2:\3:\4", answers.get(name, ""))
    fault = f"{unknown} answers to questions that the export does not describe" if unknown else ""
    return Row(number, cells, fault)
