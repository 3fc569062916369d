"""A questionnaire laid flat, as most tools have it: one column a question, and one a product and field."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from helpers.data.questionnaires.model import Choice, Item, Question, Questionnaire
from helpers.data.sample.dice import Dice
from helpers.data.sample.response import Answer, Response


@dataclass(frozen=True, slots=True)
class FlatQuestion:
    """One column: a question asked once, or a field of a product."""

    code: str
    question: Question
    item: Item | None = None

    def label(self, language: str) -> str:
        """Return what stands above the column: "Product: field", or the text of the question."""
        text = self.question.label[language]
        return text if self.item is None else f"{self.item.label[language]}: {text}"


def flat_questions(questionnaire: Questionnaire) -> list[FlatQuestion]:
    """Return the columns in the order of a form: questions before the products, products, consent last.

    Examples
    --------
    >>> from helpers.data.questionnaires.definition import load_questionnaire
    >>> [column.code for column in flat_questions(load_questionnaire("printing_3d"))][-1]
    'consent'
    """
    asked = [FlatQuestion(question.code, question) for question in questionnaire.questions]
    products = [FlatQuestion(column.name, column.field, column.item) for column in questionnaire.columns()]
    sections = [section.code for section in questionnaire.sections]
    place = {code: at for at, code in enumerate(sections)}
    at = place.get(questionnaire.items.section or "", len(sections))
    before = [column for column in asked if place.get(column.question.section or "", 0) <= at]
    return [*before, *products, *[column for column in asked if column not in before]]


def values(response: Response, columns: list[FlatQuestion]) -> Iterator[tuple[FlatQuestion, Answer]]:
    """Yield each column with the answer given there, "" or () where there is none."""
    stated = {capacity.product: capacity.fields for capacity in response.capacities}
    for column in columns:
        if column.item is None:
            yield column, response.answers[column.code]
        else:
            yield column, stated.get(column.item.code, {}).get(column.question.code, "")


def choices(questionnaire: Questionnaire, question: Question) -> list[Choice]:
    """Return the choices of a question; none if it has none."""
    return questionnaire.choices[question.choices] if question.choices else []


class Labels:
    """The labels of all choices in one language, looked up by list and code."""

    def __init__(self, questionnaire: Questionnaire, language: str) -> None:
        self._labels = {
            name: {choice.code: choice.label[language] for choice in listed}
            for name, listed in questionnaire.choices.items()
        }

    def of(self, question: Question, code: str) -> str:
        """Return the label of a choice; any other text as it is."""
        return self._labels.get(question.choices or "", {}).get(code, code)


def response_key(response: Response) -> str:
    """Return an id as tools make them up at random, the same for the same answer.

    Examples
    --------
    >>> from helpers.data.sample.generator import sample_of
    >>> len(response_key(sample_of("printing_3d").response(1)))
    36
    """
    dice = Dice(f"key|{response.truth.company}|{response.number}")
    bits = 0
    for _ in range(4):
        bits = bits << 32 | dice.whole(0, 2**32 - 1)
    return str(UUID(int=bits, version=4))
