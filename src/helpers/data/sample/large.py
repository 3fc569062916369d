"""Answers in large numbers, for benchmarks: the first ones made properly, the rest copied and changed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from helpers.data.sample.companies import word
from helpers.data.sample.dice import Dice
from helpers.data.sample.generator import Generator
from helpers.data.sample.response import Answer, Capacity, Response


def in_large_numbers(generator: Generator, distinct: int = 5000) -> Iterator[Response]:
    """Yield the answers of a generator fast; memory does not grow with their number.

    Parameters
    ----------
    generator
        With any number of respondents.
    distinct
        After how many answers copying begins. A copy is of another firm, with another address and other
        plain amounts, so that it is no double; all else is that of the copied answer. Nothing is known to be
        true of it: its ``truth`` holds no capacities.

    Examples
    --------
    >>> from helpers.data.sample.generator import sample_of
    >>> made = list(in_large_numbers(sample_of("printing_3d", respondents=30), distinct=10))
    >>> len(made), made[25].answers["company"] != made[5].answers["company"]
    (30, True)
    """
    first = [generator.response(number) for number in range(1, min(distinct, generator.respondents) + 1)]
    yield from first
    kinds = {
        question.code: question.role or question.type
        for question in generator.questionnaire.questions
        if question.role in ("respondent_name", "contact_name") or question.type in ("email", "phone", "url")
    }
    for number in range(len(first) + 1, generator.respondents + 1):
        yield _changed(first[(number - 1) % len(first)], number, kinds)


def _changed(copied: Response, number: int, kinds: Mapping[str, str]) -> Response:
    dice = Dice(f"copy|{number}")
    firm = word(dice, 4)
    address = f"{firm.lower()}.example"
    instead = {
        "contact_name": f"Anna {word(dice, 3)}",
        "email": f"info@{address}",
        "phone": "",
        "url": f"www.{address}",
    }
    answers: dict[str, Answer] = dict(copied.answers)
    for code, kind in kinds.items():
        if not answers[code]:
            continue
        if kind == "respondent_name":
            first, _, *rest = copied.truth.company.split()
            answers[code] = " ".join([first, firm, *rest])
        else:
            answers[code] = instead[kind]
    capacities = tuple(_other_amount(capacity, dice) for capacity in copied.capacities)
    truth = replace(copied.truth, number=number, company=firm, duplicate_of=None, capacities=())
    return replace(copied, number=number, answers=answers, capacities=capacities, truth=truth)


def _other_amount(capacity: Capacity, dice: Dice) -> Capacity:
    """Return a capacity with other plain numbers, as long as those they replace."""
    fields = {
        code: str(dice.whole(10 ** (len(text) - 1), 10 ** len(text) - 1))
        if text.isascii() and text.isdigit() and text != "0"
        else text
        for code, text in capacity.fields.items()
    }
    return Capacity(capacity.product, fields)
