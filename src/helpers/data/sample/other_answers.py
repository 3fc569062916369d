"""The answers to the questions that are asked once: by role where there is one, else by type."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from helpers.data.questionnaires.model import Question, Questionnaire
from helpers.data.sample.companies import Firm, town_as_written
from helpers.data.sample.dice import Dice
from helpers.data.sample.profile import Profile
from helpers.data.sample.response import Answer
from helpers.data.sample.texts import HOSTILE, compose, themes, with_contact
from helpers.data.sample.writing import as_typed, second_language, written_language

CONSENT = {"totals": 0.48, "": 0.07, "anonymous": 0.3, "whole": 0.15}
"""Answers to the question of consent; none counts as ``totals``."""
MISSING = {
    "respondent_name": 0.006,
    "place": 0.06,
    "postcode": 0.25,
    "size_class": 0.07,
    "organisation_kind": 0.03,
    "contact_name": 0.15,
    "difficulty": 0.22,
    "bottleneck": 0.4,
    "affected_stages": 0.35,
    "email": 0.05,
    "phone": 0.35,
    "url": 0.45,
}
"""Share of questions left unanswered, by role or type; elsewhere ``_MISSING_ELSE``."""
_MISSING_ELSE = 0.15
_FIRST_CHOICE = {"organisation_kind": 0.84}
_FIRST_CHOICE_ELSE = 0.55
HOSTILE_EVERY = 61
_NEXT = 5
"""How far apart in the list the two hostile texts of one respondent stand."""
CONTACT_IN_TEXT = 0.05


class Maker(Protocol):
    """What this module needs to know of the generator."""

    questionnaire: Questionnaire
    profile: Profile


@dataclass(frozen=True, slots=True)
class Given:
    """An answer and, for free text, the themes of which it complains and its languages."""

    value: Answer
    themes: tuple[str, ...] | None = None
    languages: tuple[str, ...] = ()


def answer(
    question: Question,
    maker: Maker,
    firm: Firm,
    size: str,
    stages: list[str],
    number: int,
    earlier: Mapping[str, Answer],
    dice: Dice,
) -> Given:
    """Return the answer of a respondent to one question.

    Parameters
    ----------
    question
        Of the definition.
    maker
        The generator.
    firm, size, stages
        Who answers.
    number
        Of the respondent; every 61st one is hostile.
    earlier
        The answers given before, for questions that depend on one.
    dice
        Decides everything.
    """
    if not _asked(question, earlier):
        return Given(()) if question.type == "select_multiple" else Given("")
    if question.role in ("difficulty", "bottleneck"):
        return _text(question, maker, firm, number, dice)
    if question.role == "consent":
        return Given(dice.weighted(CONSENT))
    share = MISSING.get(question.role or question.type, _MISSING_ELSE)
    missing = dice.chance(share) and question.role != "country"
    if question.type == "select_multiple":
        return Given(() if missing else _several(question, maker, stages, dice))
    return Given("" if missing else _one(question, maker, firm, size, dice))


def _asked(question: Question, earlier: Mapping[str, Answer]) -> bool:
    if question.only_if is None:
        return True
    given = earlier.get(question.only_if.question, "")
    chosen = given if isinstance(given, tuple) else (given,)
    return any(code in question.only_if.any_of for code in chosen)


def _one(question: Question, maker: Maker, firm: Firm, size: str, dice: Dice) -> str:
    of_firm = {
        "respondent_name": firm.name,
        "contact_name": firm.contact,
        "country": firm.country,
        "postcode": firm.postcode,
        "size_class": size,
        "email": firm.email,
        "phone": firm.phone,
        "url": firm.website,
    }
    known = of_firm.get(question.role or question.type)
    if question.role == "place":
        return town_as_written(firm, dice)
    if question.type == "email" and dice.chance(0.03):
        return firm.email.replace("@", dice.pick((" at ", "(at)", "@@")))
    if known is not None:
        return known
    if question.choices:
        first = _FIRST_CHOICE.get(question.role or "", _FIRST_CHOICE_ELSE)
        return _choice(maker.questionnaire.codes(question.choices), first, dice)
    return _plain(question, maker, dice)


def _choice(codes: list[str], first: float, dice: Dice) -> str:
    """Return a choice: the first of the list in this share of cases, then falling."""
    for code in codes[:-1]:
        if dice.chance(first):
            return code
    return codes[-1]


def _several(question: Question, maker: Maker, stages: list[str], dice: Dice) -> tuple[str, ...]:
    codes = maker.questionnaire.codes(question.choices or "")
    if question.role == "affected_stages":
        near = [stage for stage in stages if dice.chance(0.7)] or stages[:1]
        chosen = [*near, *dice.some(codes, 1)] if dice.chance(0.3) else near
    else:
        chosen = dice.some(codes, dice.weighted({1: 0.55, 2: 0.3, 3: 0.15}))
    return tuple(code for code in codes if code in chosen)


def _plain(question: Question, maker: Maker, dice: Dice) -> str:
    """Return a number, a date or a word for a question without a role."""
    if question.type in ("integer", "number", "quantity"):
        low = 1 if question.min is None else int(question.min)
        high = 60 if question.max is None else int(question.max)
        return str(dice.whole(low, min(high, low + 60)))
    if question.type == "percent":
        return str(dice.whole(0, 20) * 5)
    opened = maker.profile.opened
    if question.type in ("date", "month"):
        text = f"{opened.year}-{dice.whole(1, 12):02d}"
        return text if question.type == "month" else f"{text}-{dice.whole(1, 28):02d}"
    return dice.pick(("yes", "no", "as described on our website", "see above"))


def _text(question: Question, maker: Maker, firm: Firm, number: int, dice: Dice) -> Given:
    """Return free text; now and then with contact details, and every so often something hostile."""
    if number % HOSTILE_EVERY == 0:
        turn = number // HOSTILE_EVERY + (_NEXT if question.role == "bottleneck" else 0)
        hostile = HOSTILE[turn % len(HOSTILE)]
        return Given(hostile, ())
    if dice.chance(MISSING[question.role or ""]):
        return Given("", ())
    profile = maker.profile
    weights = {theme: profile.themes.get(theme, 1.0) for theme in themes()}
    # Dice of their own, so that how somebody writes moves none of the other answers.
    language = written_language(firm, Dice(f"{profile.seed}|writes in|{number}"))
    writing = Dice(f"{profile.seed}|writing|{number}|{question.code}")
    made = compose(language, weights, profile.things, dice, second_language(language, writing))
    text = as_typed(made.text, writing)
    if made.themes and dice.chance(CONTACT_IN_TEXT):
        text = with_contact(text, language, firm, dice)
    return Given(text, made.themes, made.languages)
