"""What must hold across the parts of a questionnaire's definition."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from helpers.data.questionnaires.model import CONSENT_CODES, Question, Questionnaire
from helpers.data.questionnaires.units import Unit

RESERVED = (
    "respondent_id",
    "received_row",
    "raw_row",
    "submitted",
    "language",
    "name_shown",
    "nuts2",
    "status",
    "duplicate_of",
    "capacities",
    "introduction_note",
    "privacy_note",
    "start",
    "end",
    "meta",
)
"""Names that tables and forms give to columns of their own."""
_LONGEST = 4000
_ONCE = ("respondent_name", "country", "place", "postcode", "organisation_kind", "size_class", "consent")
_OF_FIELDS = ("amount", "unit", "available_from", "spare_share")
_NEEDED = ("country", "consent")
_PERSONAL = ("email", "phone", "url")


def faults(questionnaire: Questionnaire, name: str, units: Mapping[str, Unit]) -> list[str]:
    """Return what is wrong with a definition beyond the form of its parts.

    Parameters
    ----------
    questionnaire
        The definition with built-in lists.
    name
        Name of the file it stands in, without ``.yml``.
    units
        The table of conversions.

    Returns
    -------
    list of str
        One message a fault, each naming the question, product or list.
    """
    found = [] if questionnaire.name == name else [f"name: found {questionnaire.name!r}, allowed: {name!r}"]
    parts = (_codes, _texts, _sections, _roles, _consent, _choices, _conditions, _privacy)
    for part in parts:
        found += part(questionnaire)
    return found + list(_units(questionnaire, units))


def _asked(questionnaire: Questionnaire) -> Iterator[tuple[str, Question]]:
    yield from ((f"question {question.code}", question) for question in questionnaire.questions)
    yield from ((f"field {field.code}", field) for field in questionnaire.items.fields)


def _twice(codes: Iterable[str]) -> list[str]:
    return [code for code, count in Counter(codes).items() if count > 1]


def _codes(questionnaire: Questionnaire) -> Iterator[str]:
    columns = [question.code for question in questionnaire.questions]
    columns += [column.name for column in questionnaire.columns()] + [questionnaire.items.code]
    yield from (f"column {code!r} would be there twice" for code in _twice(columns))
    asked = [question.code for _, question in _asked(questionnaire)]
    yield from (f"code {code!r} is given to a question and to a field" for code in _twice(asked))
    reserved = sorted({*columns, *asked} & set(RESERVED))
    yield from (f"code {code!r} is reserved, allowed: another code" for code in reserved)
    yield from (f"language {code!r} is given twice" for code in _twice(questionnaire.languages))
    for name, choices in questionnaire.choices.items():
        for code in _twice(choice.code for choice in choices):
            yield f"choices {name}: code {code!r} is given twice"


def _texts(questionnaire: Questionnaire) -> Iterator[str]:
    languages = questionnaire.languages
    if "en" not in languages:
        yield f"languages: found {languages}, allowed: en and others"
    for place, text in questionnaire.texts():
        missing = [language for language in languages if language not in text]
        if missing:
            yield f"{place}: no text in {', '.join(missing)}, though languages names it"
        if any(len(words) > _LONGEST for words in text.values()):
            yield f"{place}: longer than {_LONGEST:,} characters"


def _sections(questionnaire: Questionnaire) -> Iterator[str]:
    known = [section.code for section in questionnaire.sections]
    yield from (f"section {code!r} is given twice" for code in _twice(known))
    taken = {question.code for _, question in _asked(questionnaire)} | set(RESERVED)
    for code in known:
        if code in taken:
            yield f"section {code}: the code is that of a question, or reserved; allowed: another code"
    parts = [(f"question {question.code}", question.section) for question in questionnaire.questions]
    for place, section in [*parts, ("items", questionnaire.items.section)]:
        if known and section not in known:
            yield f"{place}: section: found {section!r}, allowed: {', '.join(known)}"
        if not known and section is not None:
            yield f"{place}: section: found {section!r}, but the questionnaire has no sections"
    yield from (f"field {f.code}: a field has no section" for f in questionnaire.items.fields if f.section)


def _roles(questionnaire: Questionnaire) -> Iterator[str]:
    held: Counter[str] = Counter(question.role for _, question in _asked(questionnaire) if question.role)
    for role in (*_ONCE, *_OF_FIELDS):
        if held[role] > 1:
            yield f"role {role}: held by {held[role]} questions, allowed: one"
    for role in (*_NEEDED, "amount"):
        if not held[role]:
            yield f"role {role}: no question has it, allowed: exactly one"
    for place, question in _asked(questionnaire):
        is_field = place.startswith("field")
        if question.role and (question.role in _OF_FIELDS) != is_field:
            where = "a field of items" if not is_field else "a question"
            yield f"{place}: role {question.role} belongs to {where}"


def _consent(questionnaire: Questionnaire) -> Iterator[str]:
    question = questionnaire.role("consent")
    if question is None:
        return
    codes = tuple(questionnaire.codes(question.choices)) if question.choices in questionnaire.choices else ()
    if question.type != "select_one" or codes != CONSENT_CODES:
        yield (
            f"question {question.code}: found {question.type} with the choices {', '.join(codes) or 'none'}, "
            f"allowed: select_one with {', '.join(CONSENT_CODES)} in this order, the most private first"
        )


def _choices(questionnaire: Questionnaire) -> Iterator[str]:
    lists = questionnaire.choices
    for place, question in _asked(questionnaire):
        if question.choices is not None and not lists.get(question.choices):
            yield f"{place}: choices: no list {question.choices!r}, allowed: {', '.join(lists)}"
    stages = [choice.code for choice in lists.get("stages", [])]
    if not stages:
        yield "choices: no list 'stages'; every product belongs to one"
    for item in questionnaire.items.list:
        if stages and item.stage not in stages:
            yield f"product {item.code}: stage: found {item.stage!r}, allowed: {', '.join(stages)}"
    country = questionnaire.role("country")
    if country is not None and country.choices != "countries":
        yield f"question {country.code}: the role country needs choices: countries"


def _conditions(questionnaire: Questionnaire) -> Iterator[str]:
    """Yield the conditions that rest on a question not asked before."""
    for asked in (questionnaire.questions, questionnaire.items.fields):
        earlier: dict[str, Question] = {}
        for question in asked:
            condition = question.only_if
            if condition is not None:
                known = earlier.get(condition.question)
                if known is None or known.choices is None:
                    yield (
                        f"question {question.code}: only_if: {condition.question!r} is no choice question "
                        "that is asked before"
                    )
                else:
                    codes = (
                        questionnaire.codes(known.choices) if known.choices in questionnaire.choices else []
                    )
                    unknown = [code for code in condition.any_of if code not in codes]
                    yield from (f"question {question.code}: only_if: no choice {code!r}" for code in unknown)
            earlier[question.code] = question


def _privacy(questionnaire: Questionnaire) -> Iterator[str]:
    for place, question in _asked(questionnaire):
        personal = question.type in _PERSONAL or question.role in ("respondent_name", "contact_name")
        if personal and question.visibility != "restricted":
            yield f"{place}: visibility: found {question.visibility!r}, allowed: 'restricted'"
        if question.role in ("place", "postcode") and question.visibility == "public":
            yield f"{place}: visibility: found 'public', allowed: 'aggregate' or 'restricted'"
        if place.startswith("field") and question.visibility == "restricted":
            yield f"{place}: visibility: found 'restricted', allowed: 'aggregate' or 'public'; say which"


def _units(questionnaire: Questionnaire, units: Mapping[str, Unit]) -> Iterator[str]:
    labelled = set(questionnaire.codes("units"))
    for item in questionnaire.items.list:
        for code in item.units:
            if code not in units:
                yield f"product {item.code}: units: {code!r} is not in units.csv"
            elif units[code].base_unit != item.base_unit:
                yield (
                    f"product {item.code}: units: {code!r} converts to {units[code].base_unit!r}, "
                    f"allowed: units that convert to its base_unit {item.base_unit!r}"
                )
            if code not in labelled:
                yield f"product {item.code}: units: {code!r} has no label in the list 'units'"
