"""What a respondent can make of a product, and what it writes into the form about it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from helpers.data.questionnaires.model import Item
from helpers.data.questionnaires.units import Unit
from helpers.data.sample.dice import Dice
from helpers.data.sample.notation import unreadable, write_amount
from helpers.data.sample.profile import SIZE_FACTORS, Profile
from helpers.data.sample.response import TrueCapacity

SAID = {
    "exact": 0.6,
    "about": 0.09,
    "range": 0.13,
    "at_least": 0.055,
    "at_most": 0.035,
    "unreadable": 0.025,
    "empty": 0.03,
    "mistaken": 0.02,
    "zero": 0.015,
}
"""How amounts are said. ``mistaken``: noughts too many, a sign, a keyboard run wild."""
UNIT_SAID = {"choice": 0.83, "both": 0.05, "text": 0.07, "nowhere": 0.05}
"""Where the unit stands: chosen from the list, written behind the amount, both, or nowhere."""
_HEAVY_TAIL = 0.05
_TAIL_INDEX = 1.1
_MISTAKES = ("199999999999998", "-18", "999999999999", "1e15", "-5000")


@dataclass(frozen=True, slots=True)
class StatedAmount:
    """What stands in the form, the code of the unit chosen ("" if none), and what is true of it."""

    amount: str
    unit: str
    truth: TrueCapacity


def true_amount(item: Item, profile: Profile, size: str, dice: Dice) -> float:
    """Draw what a respondent can make, in the base unit of the product.

    Lognormal around a median that grows with the size class; one in twenty is a giant, by a factor drawn from
    a Pareto distribution with tail index 1.1.

    Parameters
    ----------
    item
        The product; where the profile has no median, four tenths up its plausible range, in logarithms.
    profile
        Medians and spread.
    size
        Size class of the respondent.
    dice
        Decides everything.

    Examples
    --------
    >>> from helpers.data.questionnaires.definition import load_questionnaire
    >>> from helpers.data.sample.profiles import profile_of
    >>> vials = load_questionnaire("vaccine_capacity").item("vials")
    >>> 100 <= true_amount(vials, profile_of("vaccine_capacity"), "small", Dice("1")) <= 2e9
    True
    """
    low, high = item.plausible.min, item.plausible.max
    floor = max(low, 1e-9)
    median = profile.medians.get(item.code) or floor * (high / floor) ** 0.4
    amount = median * SIZE_FACTORS.get(size, 1.0) * math.exp(profile.spread * dice.normal())
    if dice.chance(_HEAVY_TAIL):
        amount *= min((1 - dice.random()) ** (-1 / _TAIL_INDEX), 40.0)
    return min(max(amount, 1.2 * low), 0.7 * high)


def state_amount(
    number: int,
    item: Item,
    amount: float,
    units: Mapping[str, Unit],
    labels: Mapping[str, str],
    language: str,
    dice: Dice,
) -> StatedAmount:
    """Put an amount into the words of a respondent.

    Parameters
    ----------
    number
        Of the respondent, for the truth.
    item
        The product.
    amount
        In its base unit.
    units
        The table of conversions.
    labels
        Name of each unit in the respondent's language.
    language
        Of the respondent.
    dice
        Decides on unit, notation and mistakes.

    Returns
    -------
    StatedAmount
    """
    unit = units[_unit_for(item, amount, units, dice)]
    whole = unit.dimension in _COUNTED and unit.factor < 1000
    value = _rounded(amount / unit.factor, whole, dice)
    said = dice.weighted(SAID)
    high = value * Decimal(dice.pick(("1.5", "2", "2.5", "5")))
    if whole:
        high = high.quantize(Decimal(1), ROUND_CEILING)
    text, notation, ends = _worded(said, value, high, language, dice)
    where = dice.weighted(UNIT_SAID) if said not in ("empty", "unreadable", "mistaken") else "choice"
    if where in ("both", "text") and unit.spellings:
        glued = text[-1].isdigit() and dice.chance(0.3)
        text += ("" if glued else " ") + _spelling(unit, labels, dice)
    chosen = unit.code if where in ("choice", "both") or not unit.spellings else ""
    truth = TrueCapacity(
        number=number,
        product=item.code,
        amount=float(value) * unit.factor,
        low=None if ends[0] is None else float(ends[0]) * unit.factor,
        high=None if ends[1] is None else float(ends[1]) * unit.factor,
        said=said,
        unit=unit.code,
        unit_said=where if unit.spellings or where == "nowhere" else "choice",
        notation=notation,
    )
    return StatedAmount(text, chosen, truth)


_COUNTED = ("pieces per time", "doses per time", "printers", "vehicles", "pallet places")


def _worded(
    said: str, low: Decimal, high: Decimal, language: str, dice: Dice
) -> tuple[str, str, tuple[Decimal | None, Decimal | None]]:
    """Return the text, its notation, and the ends of what it says."""
    if said == "empty":
        return "", "", (None, None)
    if said == "unreadable":
        return unreadable(language, dice), "", (None, None)
    if said == "mistaken":
        return dice.pick(_MISTAKES), "", (None, None)
    if said == "zero":
        return dice.pick(("0", "0", "0,0")), "plain", (Decimal(0), Decimal(0))
    qualifier = said if high > low or said != "range" else "exact"
    written = write_amount(low, high, qualifier, language, dice)
    ends: Mapping[str, tuple[Decimal | None, Decimal | None]] = {
        "range": (low, high),
        "at_least": (low, None),
        "at_most": (Decimal(0), low),
    }
    return written.text, written.notation, ends.get(qualifier, (low, low))


def _unit_for(item: Item, amount: float, units: Mapping[str, Unit], dice: Dice) -> str:
    """Draw a unit in which the amount is a number that people like to write."""
    fitting = []
    for code in item.units:
        factor = units[code].factor
        most = 999 if factor >= 1000 else 900_000  # not "2,000 thousand pieces"
        if 1.5 <= amount / factor <= most:
            fitting.append(code)
    base = min(item.units, key=lambda code: abs(math.log(units[code].factor)))
    return dice.pick(fitting) if fitting and dice.chance(0.9) else base


def _rounded(value: float, whole: bool, dice: Dice) -> Decimal:
    """Round to one, two or three digits, as people do; what is counted in pieces is whole."""
    digits = dice.weighted({1: 0.3, 2: 0.55, 3: 0.15})
    rounded = Decimal(f"{value:.{digits - 1}e}")
    return max(rounded.quantize(Decimal(1)), Decimal(1)) if whole else rounded


def _spelling(unit: Unit, labels: Mapping[str, str], dice: Dice) -> str:
    """Return the unit as the form names it or in one of its other spellings, in any language."""
    return labels.get(unit.code, unit.spellings[0]) if dice.chance(0.5) else dice.pick(unit.spellings)
