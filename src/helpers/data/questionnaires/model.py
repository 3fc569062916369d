"""What a questionnaire's definition holds: questions, products, choices, and who may see an answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

QuestionType = Literal[
    "text",
    "long_text",
    "integer",
    "number",
    "quantity",
    "percent",
    "select_one",
    "select_multiple",
    "date",
    "month",
    "email",
    "phone",
    "url",
]
Visibility = Literal["public", "aggregate", "restricted"]
Role = Literal[
    "respondent_name",
    "contact_name",
    "country",
    "place",
    "postcode",
    "organisation_kind",
    "size_class",
    "respondent_role",
    "seeks",
    "consent",
    "difficulty",
    "bottleneck",
    "affected_stages",
    "amount",
    "unit",
    "available_from",
    "spare_share",
]
SELECTS = ("select_one", "select_multiple")
CONSENT_CODES = ("totals", "anonymous", "whole")
"""From the most private, the default, to the least."""

_FROZEN = ConfigDict(frozen=True, extra="forbid", strict=True)


def _plain_text(text: str) -> str:
    """Refuse what a form tool would run or choke on."""
    if "${" in text or re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text):
        raise ValueError(f"found {text[:40]!r}, allowed: text without ${{ and control characters")
    return text


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_plain_text)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=40)]
ChoiceCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+(_[A-Za-z0-9]+)*$", max_length=40)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Translated = dict[Language, Text]
"""A text by language; English is always there."""


class Choice(BaseModel):
    """One answer of a list to choose from."""

    model_config = _FROZEN
    code: ChoiceCode
    label: Translated


class Condition(BaseModel):
    """A question is asked only if an earlier one was answered with one of these codes."""

    model_config = _FROZEN
    question: Code
    any_of: Annotated[list[ChoiceCode], Field(min_length=1)]


class Section(BaseModel):
    """A part of the form with a heading."""

    model_config = _FROZEN
    code: Code
    label: Translated
    hint: Translated | None = None


class Question(BaseModel):
    """One question: asked once a respondent, or, as a field of the products, once a product.

    Parameters
    ----------
    code
        Name of the column.
    type
        What is asked for. ``quantity`` and ``percent`` are free text on purpose ("10-50 k").
    short
        A word or two for the head of a column, where the label is too long.
    choices
        Name of the list to choose from; needed for ``select_one`` and ``select_multiple``, and only there.
    role
        What the pipeline does with the answer; none for answers that are only kept.
    visibility
        ``public``: part of the entry of everyone who consents to an entry, with or without a name;
        ``aggregate``: part of an entry only where it is shown with the name, else only of totals that pass
        disclosure control; ``restricted``: never leaves ``data/restricted``. The default is the most private.
    min, max
        Bounds of ``integer`` and ``number``.
    """

    model_config = _FROZEN
    code: Code
    type: QuestionType
    label: Translated
    hint: Translated | None = None
    short: Translated | None = None
    section: Code | None = None
    choices: Code | None = None
    role: Role | None = None
    visibility: Visibility = "restricted"
    required: bool = False
    only_if: Condition | None = None
    min: int | float | None = None
    max: int | float | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.type in SELECTS) != (self.choices is not None):
            raise ValueError(
                "choices (the name of a list) is needed for select_one and select_multiple, and only there"
            )
        if (self.min, self.max) != (None, None) and self.type not in ("integer", "number"):
            raise ValueError(f"found min or max with type {self.type}, allowed: with integer or number")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min is greater than max")
        return self


class Plausible(BaseModel):
    """Amounts in the base unit that are believed without a second look, both ends included."""

    model_config = _FROZEN
    min: Annotated[float, Field(ge=0)]
    max: Annotated[float, Field(gt=0)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min > self.max:
            raise ValueError("min is greater than max")
        return self


class Item(BaseModel):
    """A product, material or service of which the capacity is asked."""

    model_config = _FROZEN
    code: Code
    label: Translated
    hint: Translated | None = None
    stage: ChoiceCode
    base_unit: Text
    units: Annotated[list[ChoiceCode], Field(min_length=1)]
    plausible: Plausible


_Products = Annotated[list[Item], Field(min_length=1)]
_Fields = Annotated[list[Question], Field(min_length=1)]


class Items(BaseModel):
    """What capacity is asked of, and the questions asked about each."""

    model_config = _FROZEN
    code: Code
    label: Translated
    hint: Translated | None = None
    section: Code | None = None
    list: _Products
    fields: _Fields


@dataclass(frozen=True, slots=True)
class FlatColumn:
    """A column of a flat export: one field of one product, named ``<product>_<field>``."""

    name: str
    item: Item
    field: Question


class Questionnaire(BaseModel):
    """One questionnaire, checked and complete: shared parts and built-in lists are filled in.

    ``choices`` holds every list by its name: those of the file, ``countries``, ``units`` (those that a
    product of this questionnaire uses) and one named as ``items.code`` (the products).

    Examples
    --------
    >>> from helpers.data.questionnaires.definition import load_questionnaire
    >>> vaccine = load_questionnaire("vaccine_capacity")
    >>> vaccine.role("consent").choices, vaccine.codes("consent")[0]
    ('consent', 'totals')
    >>> vaccine.columns()[0].name
    'lipids_amount'
    """

    model_config = _FROZEN
    name: Code
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$")]
    title: Translated
    introduction: Translated
    privacy: Translated
    languages: Annotated[list[Language], Field(min_length=1)]
    sections: list[Section] = []
    choices: dict[Code, list[Choice]] = {}
    questions: Annotated[list[Question], Field(min_length=1)]
    items: Items

    def question(self, code: str) -> Question:
        """Return a question asked once a respondent, or a field of the products, by its code."""
        for question in (*self.questions, *self.items.fields):
            if question.code == code:
                return question
        raise KeyError(code)

    def role(self, role: str) -> Question | None:
        """Return the first question or field with a role, none if there is none."""
        return next(iter(self.with_role(role)), None)

    def with_role(self, role: str) -> list[Question]:
        """Return the questions and fields with a role, in the order of the form."""
        return [question for question in (*self.questions, *self.items.fields) if question.role == role]

    def codes(self, choices: str) -> list[str]:
        """Return the codes of a list of choices, in order."""
        return [choice.code for choice in self.choices[choices]]

    def item(self, code: str) -> Item:
        """Return a product by its code."""
        for item in self.items.list:
            if item.code == code:
                return item
        raise KeyError(code)

    def stages(self) -> list[Choice]:
        """Return the stages in order."""
        return list(self.choices["stages"])

    def columns(self) -> list[FlatColumn]:
        """Return the columns that flat tools have for the products, in the order of the form."""
        return [
            FlatColumn(f"{item.code}_{field.code}", item, field)
            for item in self.items.list
            for field in self.items.fields
        ]

    def unrestricted(self) -> list[Question]:
        """Return the questions asked once a respondent whose answers may leave ``data/restricted``."""
        return [question for question in self.questions if question.visibility != "restricted"]

    def restricted(self) -> list[Question]:
        """Return the questions asked once a respondent whose answers stay in ``data/restricted``."""
        return [question for question in self.questions if question.visibility == "restricted"]

    def texts(self) -> Iterator[tuple[str, Translated]]:
        """Yield every translated text with the place where it stands."""
        yield from (("title", self.title), ("introduction", self.introduction), ("privacy", self.privacy))
        for name, choices in self.choices.items():
            yield from ((f"choices {name}, {choice.code}", choice.label) for choice in choices)
        kinds = (
            ("section", self.sections),
            ("question", self.questions),
            ("product", self.items.list),
            ("field", self.items.fields),
            ("items", [self.items]),
        )
        for kind, entries in kinds:
            for entry in entries:
                yield f"{kind} {entry.code}: label", entry.label
                for part in ("hint", "short"):
                    text = getattr(entry, part, None)
                    if text is not None:
                        yield f"{kind} {entry.code}: {part}", text
