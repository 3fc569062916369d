"""What cleaning makes of the sample is compared with what is true of it."""

from collections import Counter
from functools import cache
from math import inf, isclose

import pytest

from helpers.data.cleaning.dates import parse_month
from helpers.data.cleaning.quantities import parse_quantity
from helpers.data.cleaning.units import ProductUnits
from helpers.data.questionnaires.units import load_units
from helpers.data.sample.generator import sample_of
from helpers.data.sample.response import Response, TrueCapacity

NAMES = ("vaccine_capacity", "medical_supplies", "printing_3d")


@cache
def recovered(name: str) -> tuple[Counter[str], Counter[str]]:
    """Return how many statements of each kind were read as they were meant, and how many there are."""
    generator = sample_of(name)
    units = load_units()
    by_product = {
        item.code: ProductUnits(item.base_unit, units, item.units)
        for item in generator.questionnaire.items.list
    }
    right: Counter[str] = Counter()
    all_of: Counter[str] = Counter()
    for response in generator:
        for at, true in enumerate(response.truth.capacities):
            if true.low is None:
                continue
            kind = "no unit" if true.unit_said == "nowhere" else true.said
            all_of[kind] += 1
            right[kind] += _read_right(response, at, true, by_product[true.product])
    return right, all_of


def _read_right(response: Response, at: int, true: TrueCapacity, units: ProductUnits) -> bool:
    stated = response.capacities[at].fields
    quantity = parse_quantity(stated["amount"], response.language, response.truth.country)
    factor = units.of(stated["unit"], quantity).factor
    if factor is None or quantity.qualifier == "unreadable":
        return False
    high = inf if true.high is None else true.high
    ends = ((quantity.low * factor, true.low or 0.0), (quantity.high * factor, high))
    return all(one == other or isclose(one, other, rel_tol=1e-6) for one, other in ends)


@pytest.mark.parametrize("name", NAMES)
def test_cleaning_recovers_nearly_every_amount_whose_unit_is_stated(name: str) -> None:
    right, all_of = recovered(name)
    stated = [kind for kind in all_of if kind != "no unit"]
    share = sum(right[kind] for kind in stated) / sum(all_of[kind] for kind in stated)
    assert share >= 0.97


def test_every_kind_of_statement_is_mostly_recovered() -> None:
    right: Counter[str] = Counter()
    all_of: Counter[str] = Counter()
    for name in NAMES:
        right.update(recovered(name)[0])
        all_of.update(recovered(name)[1])
    for kind in ("exact", "about", "range", "at_least", "at_most", "zero"):
        assert right[kind] / all_of[kind] >= 0.9, (kind, right[kind], all_of[kind])
    assert right["no unit"] / all_of["no unit"] >= 0.35  # the base unit is a guess, and flagged as one


def test_slips_and_empty_words_are_not_read_as_amounts_that_are_believed() -> None:
    for name in NAMES:
        questionnaire = sample_of(name).questionnaire
        units = load_units()
        for response in sample_of(name):
            for capacity, true in zip(response.capacities, response.truth.capacities, strict=True):
                quantity = parse_quantity(
                    capacity.fields["amount"], response.language, response.truth.country
                )
                if true.said in ("unreadable", "empty"):
                    assert quantity.qualifier == "unreadable"
                if true.said == "mistaken":
                    bounds = questionnaire.item(true.product).plausible
                    amount = quantity.low * units[true.unit].factor
                    assert quantity.flags or not bounds.min <= amount <= bounds.max


@pytest.mark.parametrize("name", NAMES)
def test_every_month_is_read(name: str) -> None:
    for response in sample_of(name):
        for capacity in response.capacities:
            text = capacity.fields["available_from"]
            if text:
                assert parse_month(text, response.submitted.date()).first is not None, text
