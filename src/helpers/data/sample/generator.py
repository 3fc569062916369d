"""The sample generator: invented answers to a questionnaire, made from its definition and a seed."""

import math
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from helpers.data.questionnaires.definition import load_questionnaire
from helpers.data.questionnaires.model import Item, Question, Questionnaire
from helpers.data.questionnaires.units import Unit, load_units
from helpers.data.sample.amounts import state_amount, true_amount
from helpers.data.sample.companies import Firm, another_spelling, make_firm, world
from helpers.data.sample.dice import Dice
from helpers.data.sample.other_answers import Given, answer
from helpers.data.sample.profile import EU27, SIZES, Profile
from helpers.data.sample.profiles import profile_of
from helpers.data.sample.response import Answer, Capacity, Response, TrueCapacity, Truth

DUPLICATES = 0.022
WITHDRAWN = 0.012
BROKEN_OFF = 0.008
"""Answers that end after the first question; a tool that checks what it is given lets none through."""
OFFERS = 0.5
"""Chance that a respondent offers a product of one of its stages, where the profile says nothing else."""

_MONTHS = {
    language: tuple(names.split())
    for language, names in {
        "en": "January February March April May June July August September October November December",
        "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    }.items()
}


class Generator:
    """Makes the answers of one questionnaire, one at a time.

    Parameters
    ----------
    questionnaire
        Its definition; nothing of it is assumed but roles and types.
    profile
        Distributions.
    units
        The table of conversions.
    respondents
        Number of answers; the profile's if not given.

    Examples
    --------
    >>> first = next(iter(sample_of("vaccine_capacity", respondents=50)))
    >>> first.number, first.truth.company.startswith("Sample ")
    (1, True)
    """

    def __init__(
        self,
        questionnaire: Questionnaire,
        profile: Profile,
        units: Mapping[str, Unit],
        respondents: int | None = None,
    ) -> None:
        self.questionnaire = questionnaire
        self.profile = profile
        self.units = units
        self.respondents = respondents or profile.respondents
        self._countries = _countries(profile, self.respondents)
        self._products: dict[str, list[Item]] = {}
        for item in questionnaire.items.list:
            self._products.setdefault(item.stage, []).append(item)
        self._labels = {
            language: {choice.code: choice.label[language] for choice in questionnaire.choices["units"]}
            for language in questionnaire.languages
        }

    def __iter__(self) -> Iterator[Response]:
        for number in range(1, self.respondents + 1):
            yield self.response(number)

    def response(self, number: int) -> Response:
        """Return one answer; it rests on the seed, its number and how many there are, on no other answer."""
        original = self._original(number)
        dice = self._dice("firm", original)
        firm = make_firm(self._countries[original - 1], dice)
        size = dice.weighted(SIZES)
        stages = self._stages(firm.country, dice)
        offers = self._offers(stages, firm.country, size, dice)
        if original != number:
            firm = another_spelling(firm, self._dice("double", number))
        return self._filled(number, original, firm, size, stages, offers)

    def _filled(
        self,
        number: int,
        original: int,
        firm: Firm,
        size: str,
        stages: list[str],
        offers: list[tuple[Item, float]],
    ) -> Response:
        dice = self._dice("answers", number)
        checked = self.profile.tool == "odk"
        broken_off = not checked and self._dice("broken off", number).chance(BROKEN_OFF)
        if broken_off:
            offers = []
        stated = [self._stated(number, item, amount, firm.language, dice) for item, amount in offers]
        answers: dict[str, Answer] = {}
        themes: dict[str, tuple[str, ...]] = {}
        languages: dict[str, tuple[str, ...]] = {}
        for question in self.questionnaire.questions:
            given = answer(question, self, firm, size, stages, number, answers, dice)
            if broken_off and question is not self.questionnaire.questions[0]:
                given = Given(() if question.type == "select_multiple" else "")
            answers[question.code] = given.value
            if given.themes is not None:
                themes[question.code], languages[question.code] = given.themes, given.languages
        truth = Truth(
            number=number,
            company=firm.name,
            country=firm.country,
            town=firm.town,
            size=size,
            duplicate_of=original if original != number else None,
            withdrawn=original == number and self._dice("withdrawn", number).chance(WITHDRAWN),
            broken_off=broken_off,
            capacities=tuple(true for _, true in stated),
            themes=themes,
            languages=languages,
        )
        form = firm.language if firm.language in self.questionnaire.languages else "en"
        capacities = tuple(capacity for capacity, _ in stated)
        return Response(number, self._submitted(number), form, answers, capacities, truth)

    def _dice(self, what: str, number: int) -> Dice:
        return Dice(f"{self.profile.seed}|{what}|{number}")

    def _original(self, number: int) -> int:
        """Return the number of the first answer of the same firm; its own unless it is a double."""
        dice = self._dice("is double", number)
        while number > 1 and dice.chance(DUPLICATES):
            number = dice.whole(max(1, number - 150), number - 1)
            dice = self._dice("is double", number)
        return number

    def _stages(self, country: str, dice: Dice) -> list[str]:
        """Draw the stages that a respondent serves: a main one, and others that go with it."""
        weights = {}
        for stage in self._products:
            tilt = self.profile.tilt.get(stage, {})
            weights[stage] = self.profile.stages.get(stage, 0.1) * tilt.get(country, tilt.get("", 1.0))
        main = dice.weighted(weights)
        links = self.profile.links.get(main, {})
        further = [stage for stage, chance in links.items() if dice.chance(chance) and weights.get(stage)]
        return [stage for stage in self._products if stage in (main, *further)]

    def _offers(self, stages: list[str], country: str, size: str, dice: Dice) -> list[tuple[Item, float]]:
        possible = [
            item for stage in stages for item in self._products[stage] if self._made_in(item, country)
        ]
        chosen = [item for item in possible if dice.chance(self.profile.rare.get(item.code, OFFERS))]
        usual = [item for item in possible if self.profile.rare.get(item.code, OFFERS) >= OFFERS]
        if not chosen and usual:
            chosen = [dice.pick(usual)]
        return [(item, true_amount(item, self.profile, size, dice)) for item in chosen]

    def _made_in(self, item: Item, country: str) -> bool:
        only = self.profile.only_in.get(item.code)
        return only is None or country in only

    def _stated(
        self, number: int, item: Item, amount: float, language: str, dice: Dice
    ) -> tuple[Capacity, TrueCapacity]:
        labels = self._labels.get(language, self._labels["en"])
        stated = state_amount(number, item, amount, self.units, labels, language, dice)
        fields: dict[str, str] = {}
        for question in self.questionnaire.items.fields:
            if question.role == "amount":
                fields[question.code] = stated.amount
            elif question.role == "unit":
                fields[question.code] = stated.unit
            else:
                fields[question.code] = self._field(question, language, dice)
        return Capacity(item.code, fields), stated.truth

    def _field(self, question: Question, language: str, dice: Dice) -> str:
        """Return the answer to a field that is neither amount nor unit."""
        if dice.chance(0.14):
            return ""
        if question.role == "available_from":
            return _as_written(_month(self.profile, dice), language, self.profile.tool == "odk", dice)
        if question.type == "percent":
            share = dice.pick((0, 5, 10, 10, 15, 20, 20, 25, 30, 30, 40, 50, 60, 75, 80, 100))
            return f"{share}" if self.profile.tool == "odk" else f"{share}{dice.pick(('', '', '%', ' %'))}"
        if question.choices:
            return dice.pick(self.questionnaire.codes(question.choices))
        return str(dice.whole(1, 20)) if question.type in ("integer", "number", "quantity") else ""

    def _submitted(self, number: int) -> datetime:
        """Return when an answer came in: evenly over the days, in office hours, later numbers later."""
        days = (self.profile.closed - self.profile.opened).days + 1
        share = (number - 1) / self.respondents * days
        day = int(share)
        second = int((share - day) * 10 * 3600)
        start = datetime(self.profile.opened.year, self.profile.opened.month, self.profile.opened.day, 8)
        return start + timedelta(days=day, seconds=second)


def sample_of(name: str, root: Path | None = None, respondents: int | None = None) -> Generator:
    """Return the generator of a questionnaire's sample.

    Parameters
    ----------
    name
        Name of a questionnaire.
    root
        The project's folder.
    respondents
        Number of answers if not the profile's: for benchmarks.

    Returns
    -------
    Generator
        Iterate over it for the answers in the order in which they came in.

    Raises
    ------
    InputError
        If there is no such questionnaire or its definition is faulty.

    Examples
    --------
    >>> sum(1 for _ in sample_of("printing_3d"))
    150
    """
    return Generator(load_questionnaire(name, root), profile_of(name), load_units(root), respondents)


def _month(profile: Profile, dice: Dice) -> str:
    """Return from when a capacity is there: often at once, else after some months."""
    wait = int(-profile.ramp * math.log(1 - dice.random())) + 1
    ahead = 0 if dice.chance(0.45) else min(wait, int(3 * profile.ramp))
    month = profile.closed.year * 12 + profile.closed.month - 1 + ahead
    return f"{month // 12}-{month % 12 + 1:02d}"


def _as_written(month: str, language: str, by_tool: bool, dice: Dice) -> str:
    """Return a month as people write it; a tool that asks for it with a calendar leaves them no choice."""
    if by_tool or dice.chance(0.78):
        return month
    year, number = month.split("-")
    name = _MONTHS.get(language, _MONTHS["en"])[int(number) - 1]
    return dice.pick((f"{number}/{year}", f"{number}.{year}", f"{name} {year}"))


def _countries(profile: Profile, count: int) -> list[str]:
    """Return the country of each answer: shares by largest remainder, then shuffled with the seed."""
    weights = {code: country.weight * profile.countries.get(code, 1.0) for code, country in world().items()}
    total = sum(weights.values())
    exact = {code: count * weight / total for code, weight in weights.items()}
    number = {code: max(int(share), profile.least if code in EU27 else 0) for code, share in exact.items()}
    by_remainder = sorted(exact, key=lambda code: (int(exact[code]) - exact[code], code))
    largest = max(weights, key=lambda code: weights[code])
    for code in by_remainder:
        if sum(number.values()) < count:
            number[code] += 1
    number[largest] += count - sum(number.values())
    listed = [code for code, times in number.items() for _ in range(times)]
    dice = Dice(f"{profile.seed}|countries|{count}")
    for at in range(len(listed) - 1, 0, -1):
        other = dice.whole(0, at)
        listed[at], listed[other] = listed[other], listed[at]
    return listed
