"""What an answer such as "10-50 k", "1.200,5", "plus de 2 millions" or "ca. 5 Mio/Woche" says.

A text is taken apart into numbers, scales (thousand, million), qualifiers (more than, up to, about) and
words. One number, or two joined as a range, is an amount; everything else is unreadable and flagged, for a
person to look at. Nothing is computed beyond what is written.
"""

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from helpers.data.cleaning import words as say
from helpers.data.cleaning.dates import without_dates
from helpers.data.cleaning.notation import Convention, convention, read_number
from helpers.data.cleaning.numbers_in_text import (
    Number,
    Token,
    is_vague,
    normalised,
    numbers_in,
    tokens_of,
)
from helpers.data.gazetteer import fold

Qualifier = Literal["exact", "about", "range", "at_least", "at_most", "unreadable"]
QUALIFIERS = ("exact", "about", "range", "at_least", "at_most", "unreadable")
LONGEST = 200
LARGEST = 1e18

_PLAIN = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount as stated, in the unit of the answer.

    ``low`` and ``high`` are closed bounds; ``high`` is infinite for "more than" and where nothing could be
    read. ``rest`` holds the folded words beside the numbers, in which a unit may stand; ``scaled`` tells
    whether the text says thousand, million or the like.
    """

    low: float
    high: float
    qualifier: Qualifier
    flags: tuple[str, ...] = ()
    rest: str = ""
    scaled: bool = False

    @property
    def point(self) -> float:
        """Return the stated value, or the geometric mean of a range; NaN where neither is."""
        if self.qualifier in ("exact", "about"):
            return self.low
        if self.qualifier == "range" and self.low > 0:
            return math.sqrt(self.low) * math.sqrt(self.high)
        return math.nan


def parse_quantity(text: str, language: str = "", country: str = "") -> Quantity:
    """Read an amount as a respondent wrote it.

    Parameters
    ----------
    text
        The answer.
    language, country
        Of the respondent: two letters, Eurostat code. They decide what "1.200" and "mil" mean; see
        `helpers.data.cleaning.notation` for the rule.

    Returns
    -------
    Quantity
        Flags: number_ambiguous, negative, zero, date_in_amount, remark_ignored, range_reversed, not_stated,
        unreadable, several_numbers, percent.

    Examples
    --------
    >>> amount = parse_quantity("10-50 k", "en", "IE")
    >>> amount.low, amount.high, amount.qualifier, round(amount.point)
    (10000.0, 50000.0, 'range', 22361)
    >>> parse_quantity("plus de 2,5 millions", "fr", "FR").low
    2500000.0
    >>> parse_quantity("bis zu 1.200 Stück pro Woche", "de", "DE").high
    1200.0
    >>> parse_quantity("see annex").qualifier
    'unreadable'
    """
    return _parse(text, convention(language, country))


@lru_cache(maxsize=500_000)
def _parse(text: str, written: Convention) -> Quantity:
    if _PLAIN.fullmatch(text):
        return _single(float(text), "exact", [], "", scaled=False)
    plain = normalised(text)
    if (number := read_number(plain, written)) is not None and number.value < LARGEST:
        flags = ["number_ambiguous"] if number.ambiguous else []
        return _single(number.value, "exact", flags, "", scaled=False)
    folded = fold(plain)
    if not folded or folded in say.NOT_STATED:
        return _nothing("not_stated")
    if len(text) > LONGEST:
        return _nothing("unreadable")
    flags = []
    plain = _without_asides(plain, flags)
    tokens = tokens_of(plain)
    numbers = numbers_in(tokens, written)
    rest = _rest(tokens, numbers)
    scaled = any(number.scale is not None for number in numbers)
    if any(number.ambiguous for number in numbers):
        flags.append("number_ambiguous")
    if any(token.text == "%" for token in tokens) and not _plus_minus(tokens, numbers):
        return _nothing("percent", rest)
    return _read(tokens, numbers, flags, rest, scaled)


def _nothing(flag: str, rest: str = "") -> Quantity:
    return Quantity(0.0, math.inf, "unreadable", (flag,), rest)


def _without_asides(text: str, flags: list[str]) -> str:
    """Leave out dates and remarks in brackets where figures remain without them."""
    shorter = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", text)
    inside = " ".join(re.findall(r"\([^()]*\)|\[[^\[\]]*\]", text))
    if re.search("[0-9]", inside) and re.search("[0-9]", shorter):
        flags.append("remark_ignored")
        text = shorter
    if re.search("20[0-6][0-9]", text):
        small = _small(text)
        undated = without_dates(small)
        if undated != small and re.search("[0-9]", undated):
            flags.append("date_in_amount")
            return undated
    return text


def _small(text: str) -> str:
    """Return the text without accents and, but for a single capital, in small letters."""
    letters = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    return re.sub(r"[^\W\d_]{2,}", lambda word: word[0].lower(), letters)


def _rest(tokens: list[Token], numbers: list[Number]) -> str:
    """Return the folded words and slashes outside the numbers and their scales."""
    taken = {at for number in numbers for at in range(number.start, number.end)}
    left = (token for at, token in enumerate(tokens) if at not in taken)
    return " ".join(token.folded or token.text for token in left if token.folded or token.text == "/")


def _read(tokens: list[Token], numbers: list[Number], flags: list[str], rest: str, scaled: bool) -> Quantity:
    values = [number.value * (number.scale or 1.0) for number in numbers]
    if any(not value < LARGEST for value in values):
        return _nothing("unreadable", rest)
    if not numbers:
        none = any(say.NUMBER_WORDS.get(token.folded) == 0 for token in tokens) and len(tokens) <= 3
        return _single(0.0, "exact", flags, rest, scaled=False) if none else _nothing("unreadable", rest)
    if is_vague(tokens, numbers[0].start):
        return _nothing("unreadable", rest)
    if len(numbers) == 1:
        kind = _qualifier(tokens, numbers[0])
        value = -values[0] if _is_negative(tokens, numbers[0]) else values[0]
        return _single(value, kind, flags, rest, scaled=scaled)
    if len(numbers) == 2:
        bounds = _bounds(tokens, numbers, flags)
        if bounds:
            return Quantity(
                *bounds, "range" if bounds[0] < bounds[1] else "exact", tuple(flags), rest, scaled
            )
    return _nothing("several_numbers", rest)


def _single(value: float, kind: Qualifier, flags: list[str], rest: str, *, scaled: bool) -> Quantity:
    if value < 0:
        return Quantity(value, value, "exact", (*flags, "negative"), rest, scaled)
    if value == 0 and kind != "at_most":
        flags = [*flags, "zero"]
    low, high = (0.0 if kind == "at_most" else value), (math.inf if kind == "at_least" else value)
    return Quantity(low, high, kind, tuple(flags), rest, scaled)


def _is_negative(tokens: list[Token], number: Number) -> bool:
    """Tell whether a minus stands at the very start, with nothing between it and the number."""
    at = number.start
    return at == 1 and tokens[0].text == "-" and tokens[1].glued and tokens[1].kind == "number"


def _qualifier(tokens: list[Token], number: Number) -> Qualifier:
    before = [token.folded or token.text for token in tokens[: number.start]]
    after = [token.folded or token.text for token in tokens[number.end :]]
    if any(mark in before for mark in (">", "≥")) or after[:1] == ["+"]:
        return "at_least"
    if any(mark in before for mark in ("<", "≤")):
        return "at_most"
    if (
        say.holds(before, say.AT_LEAST)
        or say.holds(after, say.AT_LEAST)
        or say.ends(before, say.AT_LEAST_BEFORE)
    ):
        return "at_least"
    if (
        say.holds(before, say.AT_MOST)
        or say.holds(after, say.AT_MOST)
        or say.ends(before, say.AT_MOST_BEFORE)
    ):
        return "at_most"
    about = any(mark in (*before, *after[:1]) for mark in ("~", "≈"))
    return "about" if about or say.holds(before, say.ABOUT) or say.holds(after, say.ABOUT) else "exact"


def _plus_minus(tokens: list[Token], numbers: list[Number]) -> bool:
    if len(numbers) != 2:
        return False
    between = [token.text for token in tokens[numbers[0].end : numbers[1].start]]
    return bool(between) and between[-1] in ("±", "+/-")


def _bounds(tokens: list[Token], numbers: list[Number], flags: list[str]) -> tuple[float, float] | None:
    """Return the bounds that two numbers state, ``None`` if they do not make a range."""
    first, second = numbers
    if _plus_minus(tokens, numbers):
        value, off = (number.value * (number.scale or 1.0) for number in numbers)
        if any(token.text == "%" for token in tokens[second.end :]):
            off = value * second.value / 100
        return (max(0.0, value - off), value + off)
    if _is_negative(tokens, first) or not _is_range(tokens, first, second):
        return None
    low, high = _scaled_alike(first, second, flags)
    if low > high:
        flags.append("range_reversed")
    return min(low, high), max(low, high)


def _is_range(tokens: list[Token], first: Number, second: Number) -> bool:
    before = [token.folded or token.text for token in tokens[: first.start]]
    between = [token.folded or token.text for token in tokens[first.end : second.start]]
    while between and between[-1] in say.ABOUT_WORDS:
        between = between[:-1]
    if between and (between[-1] == "-" or between[-1].startswith("..")):
        return True
    if say.ends(before, say.AT_LEAST) and say.ends(between, say.AT_MOST):
        return True
    if say.ends(between, say.TO) and len(between) <= 6:
        return True
    return say.ends(between, say.AND) and say.holds(before, say.BETWEEN)


def _scaled_alike(first: Number, second: Number, flags: list[str]) -> tuple[float, float]:
    """Let a scale that stands once hold for both ends, where that keeps them in order: "10-50 k"."""
    low, high = first.value * (first.scale or 1.0), second.value * (second.scale or 1.0)
    if first.scale is None and second.scale is not None:
        if first.value <= second.value:
            return first.value * second.scale, high
        flags.append("number_ambiguous")
    if second.scale is None and first.scale is not None and high < low:
        flags.append("number_ambiguous")
        return low, second.value * first.scale
    return low, high
