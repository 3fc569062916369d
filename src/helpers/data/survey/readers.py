"""How the answer to each question is read: the list it is chosen from, the order of dates, or as text."""

from collections.abc import Callable, Mapping

from helpers.data.cleaning.locations import country_of
from helpers.data.questionnaires.model import SELECTS, Question, Questionnaire
from helpers.data.survey.choices import Choices, UnknownChoiceError
from helpers.data.survey.export import Conventions
from helpers.data.survey.personal import Personal, shortened, shown
from helpers.data.survey.values import clean, iso_date

Read = Callable[[str], str]

_REMEMBERED = 5_000
_NEARLY = 75


class Readers:
    """The readers of one questionnaire's answers, each list of choices prepared once.

    Parameters
    ----------
    questionnaire
        What was asked.
    conventions
        How the tool writes dates and several choices.
    values
        What a person decided that answers mean, by question.
    """

    def __init__(
        self,
        questionnaire: Questionnaire,
        conventions: Conventions,
        values: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._questionnaire = questionnaire
        self._conventions = conventions
        self._values = values
        self._lists: dict[str, Choices] = {}
        self._described: dict[tuple[str, str], str] = {}

    def of(self, question: Question) -> Read:
        """Return the function that reads a cell; it raises `UnknownChoiceError` or returns text."""
        if question.role == "unit" and question.choices:
            return self._unit(question)
        if question.role == "country" and question.choices:
            return self._country(question)
        if question.type == "select_one":
            return self.choices(question).one
        if question.type == "select_multiple":
            choices, separators = self.choices(question), self._conventions.separators
            return lambda raw: choices.many(raw, separators)
        if question.type in ("date", "month"):
            return self._date(7 if question.type == "month" else 10)
        return clean

    def choices(self, question: Question) -> Choices:
        """Return the list that a question is answered from."""
        return self._list(question.code, question.choices or "")

    def product(self) -> Choices:
        """Return the list of products."""
        code = self._questionnaire.items.code
        return self._list(code, code)

    def _list(self, code: str, name: str) -> Choices:
        if code not in self._lists:
            self._lists[code] = Choices(self._questionnaire.choices[name], values=self._values.get(code))
        return self._lists[code]

    def _date(self, length: int) -> Read:
        """Dates become ISO 8601, as long as asked for; what is no date stays as stated."""
        order = self._conventions.date_order

        def read(raw: str) -> str:
            text = clean(raw)
            day = iso_date(text, order)
            return text if day is None else day[:length]

        return read

    def _country(self, question: Question) -> Read:
        """Countries are also found by ISO codes, and by their names in all languages of Europe."""
        choices = self.choices(question)
        known: dict[str, str | None] = {}

        def read(raw: str) -> str:
            try:
                return choices.one(raw)
            except UnknownChoiceError:
                code = known[raw] if raw in known else country_of(clean(raw)[:200])
                if len(known) < _REMEMBERED:
                    known[raw] = code
                if code is None or code not in choices.codes:
                    raise
                return code

        return read

    def _unit(self, question: Question) -> Read:
        """Units that are none of the choices stay as stated: cleaning knows more spellings."""
        choices = self.choices(question)

        def read(raw: str) -> str:
            try:
                return choices.one(raw)
            except UnknownChoiceError:
                return clean(raw)

        return read

    def describe(self, code: str, found: str) -> str:
        """Show an unknown choice only where it is nearly a known one, so that no name slips through."""
        text = clean(found)
        if (code, text) in self._described:
            return self._described[code, text]
        from rapidfuzz import fuzz, process

        spellings = self._lists[code].spellings()
        near = process.extractOne(text.casefold()[:100], spellings, scorer=fuzz.ratio, score_cutoff=_NEARLY)
        harmless = near is not None and Personal([]).without(text) == text
        described = shortened(text) if harmless else shown(text)
        if len(self._described) < _REMEMBERED:
            self._described[code, text] = described
        return described


def care(question: Question) -> str:
    """Return what an answer is searched for: "free" text, a "short" answer, or "" for choices."""
    if question.type in SELECTS and question.role != "unit":
        return ""
    return "free" if question.type in ("text", "long_text") and question.role != "postcode" else "short"
