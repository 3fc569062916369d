"""Which unit an amount is in, and by what it is multiplied to be in the base unit of its product.

The rules, in this order: a unit written beside the number ("5000 doses/week") decides, and is flagged where
the answer to the question about the unit says otherwise; then that answer; then the base unit, flagged as
assumed. Where both the number and the unit say thousand or million ("2 million", million doses a month), it
is meant once, and flagged.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from helpers.data.cleaning.quantities import Quantity
from helpers.data.cleaning.words import PERIODS
from helpers.data.gazetteer import fold
from helpers.data.questionnaires.units import Unit

_LONGEST_SPELLING = 8
_SCALES = ("thousand_", "million_")


class FoundUnit(NamedTuple):
    """The factor to the base unit, ``None`` if the unit stated is not one of the product; and flags."""

    factor: float | None
    code: str
    flags: tuple[str, ...] = ()


class ProductUnits:
    """The units that amounts of one base unit can be stated in.

    Parameters
    ----------
    base_unit
        Such as "doses/month".
    units
        The table of conversions, by code.
    offered
        Codes offered for the product, the likeliest first; all units of the base unit are understood.

    Examples
    --------
    >>> month = Unit("doses_month", "doses/month", 1.0, "doses per time", ("doses per month",), "doses")
    >>> week = Unit("doses_week", "doses/month", 4.348125, "doses per time", ("doses/week",), "doses")
    >>> doses = ProductUnits("doses/month", {"doses_month": month, "doses_week": week}, ["doses_month"])
    >>> doses.of("doses_week", Quantity(5, 5, "exact"))
    FoundUnit(factor=4.348125, code='doses_week', flags=())
    >>> doses.of("", Quantity(5, 5, "exact", rest="doses week")).code
    'doses_week'
    """

    def __init__(self, base_unit: str, units: Mapping[str, Unit], offered: Sequence[str] = ()) -> None:
        self.base_unit = base_unit
        self._units = {code: unit for code, unit in units.items() if unit.base_unit == base_unit}
        order = [*(code for code in offered if code in self._units), *self._units]
        self._spelled: dict[tuple[str, ...], str] = {}
        for code in order:
            for spelling in (code, *self._units[code].spellings):
                self._spelled.setdefault(tuple(_words(spelling)), code)
        foreign = {
            tuple(_words(spelling))
            for code, unit in units.items()
            if unit.base_unit != base_unit
            for spelling in (code, *unit.spellings)
        }
        self._foreign = foreign - set(self._spelled)
        self._base = next((code for code in order if self._units[code].factor == 1.0), "")

    def of(self, stated: str, amount: Quantity) -> FoundUnit:
        """Return the unit of an amount.

        Parameters
        ----------
        stated
            Answer to the question about the unit: a code, or any spelling; may be empty.
        amount
            The amount as read; words beside its numbers may name a unit.

        Returns
        -------
        FoundUnit
            Flags: unit_assumed, unit_unknown, unit_conflict, scale_stated_twice.
        """
        words = amount.rest.split()
        beside = self._inside(words, stated)
        if self._is_foreign(words, beside):
            return FoundUnit(None, "", ("unit_unknown",))
        answered = self._named(stated)
        code = beside or answered
        flags: list[str] = []
        if not code:
            if stated.strip():
                return FoundUnit(None, "", ("unit_unknown",))
            if not self._base:
                return FoundUnit(None, "", ("unit_unknown",))
            code, flags = self._base, ["unit_assumed"]
        if beside and answered and self._unscaled(beside) != self._unscaled(answered):
            flags.append("unit_conflict")
        elif answered and amount.scaled and self._unscaled(answered) != answered:
            # "2 million pieces a month" leaves no doubt; "2 million" beside "million pieces" does.
            code, flags = self._unscaled(answered), flags if beside else [*flags, "scale_stated_twice"]
        elif beside and answered:
            code = answered
        return FoundUnit(self._units[code].factor, code, tuple(flags))

    def _named(self, stated: str) -> str:
        if stated in self._units:
            return stated
        words = _words(stated)
        named = self._spelled.get(tuple(words), "") or self._inside(words, "")
        return "" if self._is_foreign(words, named) else named

    def _is_foreign(self, words: list[str], own: str) -> bool:
        """Say whether the words name a unit of another kind of thing: kilograms where pieces are asked for.

        A unit of this product that is spelled out at greater length goes first.
        """
        longest = {True: 0, False: 0}
        for at in range(len(words)):
            for end in range(at + 1, min(len(words), at + _LONGEST_SPELLING) + 1):
                part = tuple(words[at:end])
                for kind, spellings in ((True, self._foreign), (False, self._spelled)):
                    if part in spellings:
                        longest[kind] = max(longest[kind], len(part))
        return longest[True] > (longest[False] if own else 0)

    def _inside(self, words: list[str], stated: str) -> str:
        """Return the unit of the longest spelling among the words, else that of the period they name."""
        for length in range(min(len(words), _LONGEST_SPELLING), 0, -1):
            for at in range(len(words) - length + 1):
                code = self._spelled.get(tuple(words[at : at + length]))
                if code and (length > 1 or len(words[at]) > 1 or len(words) == 1):
                    return code
        period = next((PERIODS[word] for word in words if word in PERIODS), "")
        return self._of_period(period, stated) if period else ""

    def _of_period(self, period: str, stated: str) -> str:
        """Return the unit of another period that otherwise is the one stated, or the base unit."""
        known = self._unscaled(stated) if stated in self._units else self._base
        stem = known.rpartition("_")[0]
        return f"{stem}_{period}" if f"{stem}_{period}" in self._units else ""

    def _unscaled(self, code: str) -> str:
        """Return the code of the same unit without thousand or million, itself if there is none."""
        for scale in _SCALES:
            if code.startswith(scale) and code.removeprefix(scale) in self._units:
                return code.removeprefix(scale)
        return code


def _words(text: str) -> list[str]:
    """Return folded words, a slash being a word, so that "/an" is not the Swedish "än"."""
    return " / ".join(fold(part) for part in text.replace("_", " ").split("/")).split()
