"""What an answer consists of, and which of its questions stand in which file."""

from dataclasses import dataclass, field

from helpers.data.questionnaires.model import Question, Questionnaire

_NAMED_BY_ROLE = ("amount", "unit", "available_from", "spare_share")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an answer is rejected: the question, what was found (without personal data), the reason."""

    column: str
    found: str
    reason: str


@dataclass(slots=True)
class Answer:
    """One answer as it is written down.

    ``public`` are the answers that are not restricted, ``restricted`` those that are, each by question;
    ``capacities`` one list a product: its code, then the fields. ``faults`` reject the answer.
    """

    number: int
    public: list[str]
    restricted: list[str]
    capacities: list[list[str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    given: bool = False


@dataclass(frozen=True)
class Layout:
    """Which questions stand in which file, in which order; consent has a column of its own at the end."""

    public: tuple[Question, ...]
    restricted: tuple[Question, ...]
    fields: tuple[Question, ...]
    consent: Question | None

    @classmethod
    def of(cls, questionnaire: Questionnaire) -> "Layout":
        """Return the layout of a questionnaire."""
        consent = questionnaire.role("consent")
        public = tuple(one for one in questionnaire.unrestricted() if one.role != "consent")
        restricted = tuple(one for one in questionnaire.restricted() if one.role != "consent")
        return cls(public, restricted, tuple(questionnaire.items.fields), consent)

    def field_names(self) -> list[str]:
        """Return the columns of capacities.csv for the fields: the role where there is one, else the code."""
        return [one.role if one.role in _NAMED_BY_ROLE else one.code for one in self.fields]
