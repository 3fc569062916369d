"""One answer read: its questions, capacities and contacts, or the reasons why it cannot be read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from helpers.data.privacy import PLACEHOLDERS
from helpers.data.questionnaires.model import CONSENT_CODES, Question, Questionnaire
from helpers.data.survey.choices import Choices, UnknownChoiceError
from helpers.data.survey.export import Conventions, Row
from helpers.data.survey.mapping import Assigned
from helpers.data.survey.personal import Personal
from helpers.data.survey.readers import Read, Readers, care
from helpers.data.survey.shape import Answer, Fault, Layout
from helpers.data.survey.values import clean

_NAMES = ("respondent_name", "contact_name")
_NOT_A_CHOICE = "not one of the choices"


class _Step(NamedTuple):
    """One cell to read: into which slot, from which column, and how."""

    slot: int
    at: int
    question: Question
    read: Read
    care: str


class _Ticks(NamedTuple):
    """The columns that stand for the single choices of one question."""

    slot: int
    question: Question
    choices: Choices
    columns: list[tuple[int, str]]


class _Product(NamedTuple):
    """The columns of one product, or of a repeat; ``product_at`` holds the product's code in a repeat.

    ``cells`` takes them all out of a row at once.
    """

    code: str
    product_at: int | None
    steps: list[_Step]
    cells: Callable[[list[str]], Sequence[str]]


class AnswerReader:
    """Reads answers by a plan that is made once: which cell goes where, and how it is read.

    Parameters
    ----------
    questionnaire
        What was asked.
    columns
        What the columns of the main table answer.
    repeats
        The same for each table of repeats, by its name.
    conventions
        How the tool writes dates, several choices and what was not shown.
    values
        What a person decided that answers mean, by question.
    """

    def __init__(
        self,
        questionnaire: Questionnaire,
        columns: Sequence[Assigned],
        repeats: Mapping[str, Sequence[Assigned]],
        conventions: Conventions,
        values: Mapping[str, Mapping[str, str]],
    ) -> None:
        self.layout = Layout.of(questionnaire)
        self._readers = Readers(questionnaire, conventions, values)
        self._missing = conventions.missing
        self._items = questionnaire.items
        self._codes = frozenset(
            code for one in self._items.fields if one.choices for code in questionnaire.codes(one.choices)
        )
        public = [*self.layout.public, *([self.layout.consent] if self.layout.consent else [])]
        restricted = self.layout.restricted
        self._width = len(public)
        self._public = self._steps(columns, public)
        self._restricted = self._steps(columns, restricted)
        self._ticks = self._ticked(columns, public)
        self._flat = self._products(columns)
        self._repeats = {name: self._repeat(found) for name, found in repeats.items()}
        self._country = next((at for at, one in enumerate(public) if one.role == "country"), None)
        self._names = [at for at, one in enumerate(restricted) if one.role in _NAMES]
        self._name = next((at for at, one in enumerate(restricted) if one.role == "respondent_name"), None)
        self._people = [at for at, one in enumerate(restricted) if one.role == "contact_name"]

    def _step(self, slot: int, found: Assigned, question: Question, kind: str = "") -> _Step:
        return _Step(slot, found.at, question, self._readers.of(question), kind or care(question))

    def _steps(self, columns: Iterable[Assigned], questions: Sequence[Question]) -> list[_Step]:
        slots = {question.code: slot for slot, question in enumerate(questions)}
        whole = [
            found for found in columns if found.target and not (found.target.item or found.target.choice)
        ]
        pairs = [(found, found.target.question) for found in whole if found.target]
        return [self._step(slots[one.code], found, one) for found, one in pairs if one.code in slots]

    def _ticked(self, columns: Iterable[Assigned], questions: Sequence[Question]) -> list[_Ticks]:
        places: dict[str, list[tuple[int, str]]] = {}
        for found in columns:
            if found.target and found.target.choice:
                places.setdefault(found.target.question.code, []).append((found.at, found.target.choice))
        return [
            _Ticks(slot, question, self._readers.choices(question), places[question.code])
            for slot, question in enumerate(questions)
            if question.code in places
        ]

    def _products(self, columns: Iterable[Assigned]) -> list[_Product]:
        slots = {one.code: slot for slot, one in enumerate(self.layout.fields, start=1)}
        steps: dict[str, list[_Step]] = {item.code: [] for item in self._items.list}
        for found in columns:
            if found.target and found.target.item:
                question = found.target.question
                steps[found.target.item].append(self._step(slots[question.code], found, question, "short"))
        return [
            _Product(code, None, found, itemgetter(*(step.at for step in found)))
            for code, found in steps.items()
            if found
        ]

    def _repeat(self, columns: Sequence[Assigned]) -> _Product:
        slots = {one.code: slot for slot, one in enumerate(self.layout.fields, start=1)}
        pairs = [(found, found.target.question) for found in columns if found.target]
        product_at = next((found.at for found, one in pairs if one.code == self._items.code), None)
        self._readers.product()
        steps = [
            self._step(slots[one.code], found, one, "short") for found, one in pairs if one.code in slots
        ]
        places = [step.at for step in steps] + ([] if product_at is None else [product_at])
        return _Product("", product_at, steps, itemgetter(*(places or [0])))

    def read(self, row: Row, repeats: Iterable[tuple[str, Row]] = ()) -> Answer:
        """Read one row, and the rows of repeats that belong to it.

        Parameters
        ----------
        row
            Of the main table.
        repeats
            Name of the table and row.

        Returns
        -------
        Answer
            With faults if it is to be rejected.
        """
        answer = Answer(row.number, [""] * self._width, [""] * len(self.layout.restricted))
        if row.fault:
            answer.faults.append(Fault("", "", row.fault))
            return answer
        cells = self._shown(row.cells)
        for step in self._restricted:
            answer.restricted[step.slot] = clean(cells[step.at])
        personal = self._personal(answer.restricted)
        answer.given = any(answer.restricted)
        self._read_questions(cells, answer, personal)
        self._read_ticks(cells, answer)
        for product in self._flat:
            if any(product.cells(cells)):
                self._read_capacity(product.code, product.steps, cells, answer, personal)
        for name, repeated in repeats:
            if repeated.fault:
                answer.faults.append(Fault(name, "", f"row {repeated.number} of it: {repeated.fault}"))
            else:
                self._read_repeat(self._repeats[name], self._shown(repeated.cells), answer, personal)
        self._finish(answer)
        return answer

    def _shown(self, cells: list[str]) -> list[str]:
        return ["" if cell in self._missing else cell for cell in cells] if self._missing else cells

    def _personal(self, restricted: list[str]) -> Personal:
        names = [restricted[slot] for slot in self._names]
        return Personal(names, [text for at, text in enumerate(restricted) if at not in self._names])

    def _read_questions(self, cells: list[str], answer: Answer, personal: Personal) -> None:
        for slot, at, question, read, kind in self._public:
            raw = cells[at]
            if not raw or raw.isspace():
                continue
            answer.given = True
            try:
                text = read(raw)
            except UnknownChoiceError as fault:
                self._reject(answer, question.code, fault.answer)
                continue
            if kind:
                text = personal.without(text) if kind == "free" else personal.without_in_short(text)
            answer.public[slot] = text

    def _read_ticks(self, cells: list[str], answer: Answer) -> None:
        for slot, question, choices, columns in self._ticks:
            ticked = []
            for at, code in columns:
                try:
                    if cells[at] and choices.ticked(cells[at], code):
                        ticked.append(code)
                except UnknownChoiceError as fault:
                    self._reject(answer, question.code, fault.answer)
            if ticked:
                answer.given = True
                answer.public[slot] = choices.joined(ticked)

    def _read_repeat(self, repeat: _Product, cells: list[str], answer: Answer, personal: Personal) -> None:
        if repeat.product_at is None or not any(repeat.cells(cells)):
            return
        try:
            product = self._readers.product().one(cells[repeat.product_at])
        except UnknownChoiceError as fault:
            answer.given = True
            self._reject(answer, self._items.code, fault.answer)
            return
        self._read_capacity(product, repeat.steps, cells, answer, personal, named=True)

    def _read_capacity(
        self,
        product: str,
        steps: list[_Step],
        cells: list[str],
        answer: Answer,
        personal: Personal,
        named: bool = False,
    ) -> None:
        """Read the fields of one product; one that is named in a repeat counts even without fields."""
        line = [product, *[""] * len(self.layout.fields)]
        for slot, at, question, read, _ in steps:
            raw = cells[at]
            if raw and not raw.isspace():
                named = True
                try:
                    text = read(raw)
                    line[slot] = text if text in self._codes else personal.without_in_short(text)
                except UnknownChoiceError as fault:
                    self._reject(answer, question.code, fault.answer)
        if named:
            answer.given = True
            answer.capacities.append(line)

    def _reject(self, answer: Answer, code: str, found: str) -> None:
        answer.faults.append(Fault(code, self._readers.describe(code, found), _NOT_A_CHOICE))

    def _finish(self, answer: Answer) -> None:
        """Apply what holds of the answer as a whole: something was said, a country is known, consent."""
        if not answer.given:
            answer.faults[:] = [Fault("", "", "no answer at all")]
            return
        if self._country is not None and not answer.public[self._country]:
            code = self.layout.public[self._country].code
            if all(fault.column != code for fault in answer.faults):
                answer.faults.append(Fault(code, "nothing", "no country is given"))
        if self.layout.consent and not answer.public[-1]:
            answer.public[-1] = CONSENT_CODES[0]

    def consent(self, answer: Answer) -> str:
        """Return the consent of an answer, the most private one if none was given or asked for."""
        return answer.public[-1] if self.layout.consent else CONSENT_CODES[0]

    def name_shown(self, answer: Answer) -> str:
        """Return the organisation's name where its whole entry may be shown, else nothing.

        Contact persons who stand in it, as in "Glas GmbH, Petra Muster", did not agree to be shown; a name
        that is nothing but a person's is not shown at all.
        """
        if self._name is None or self.consent(answer) != CONSENT_CODES[-1]:
            return ""
        people = [answer.restricted[at] for at in self._people]
        name = Personal(people).without(answer.restricted[self._name])
        rest = name
        for placeholder in PLACEHOLDERS:
            rest = rest.replace(placeholder, "")
        return name if any(mark.isalnum() for mark in rest) else ""
