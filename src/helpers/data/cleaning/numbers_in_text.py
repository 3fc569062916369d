"""The numbers in a text, figures and words alike, each with the thousand or million behind it."""

import math
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from helpers.data.cleaning import words as say
from helpers.data.cleaning.notation import NUMERAL, Convention, read_number
from helpers.data.gazetteer import fold

_POWER = r"[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]{1,2}(?![^\W_])"
_TOKEN = re.compile(
    rf"(?P<power>{_POWER})|(?P<number>{NUMERAL})|(?P<word>[^\W\d_]+[0-9³²]*)|"
    r"(?P<sign>\+/-|\.\.+|[<>≤≥~≈±+\-/%=?])"
)
_SAME_MARKS = {
    **{ord(dash): "-" for dash in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043"},
    **{ord(mark): "'" for mark in "\u2018\u2019\u02bc\u00b4\u0301"},
    ord("≃"): "≈",
    ord("⩾"): "≥",
    ord("⩽"): "≤",
}
_folded = lru_cache(maxsize=50_000)(fold)


class Number(NamedTuple):
    """A number in a text: its numeral, its scale if it has one, the tokens before it and after it."""

    value: float
    scale: float | None
    ambiguous: bool
    start: int
    end: int


class Token(NamedTuple):
    """A piece of a text: its kind (number, power, word, sign), and whether it touches the one before."""

    kind: str
    text: str
    folded: str
    glued: bool


def normalised(text: str) -> str:
    """Return the text with one kind of blank, dash and apostrophe, and fractions written out.

    Examples
    --------
    >>> normalised("1½ Mio\u00a0–  2’000")
    "1 1/2 Mio - 2'000"
    """
    if not text.isascii():
        for mark, fraction in (("½", " 1/2"), ("¼", " 1/4"), ("¾", " 3/4")):
            text = text.replace(mark, fraction)
        text = unicodedata.normalize("NFKC", text).translate(_SAME_MARKS)
    text = re.sub(r"(?<=[0-9])\s*[x×*]\s*(?=[0-9])", " x ", text)
    text = re.sub(r"(?<=[0-9])\s?\+\s?([^\W\d_]+)", _plus_behind_scale, text)
    return " ".join(text.split())


def _plus_behind_scale(match: re.Match[str]) -> str:
    """Write "4+ mln" as "4 mln +"."""
    scale = match[1] == "M" or say.scale_of(fold(match[1]), "")
    return f" {match[1]} +" if scale else match[0]


def tokens_of(text: str) -> list[Token]:
    """Return the numbers, words and signs of a normalised text."""
    found = []
    end = -1
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        found.append(Token(kind, match[0], _folded(match[0]) if kind == "word" else "", match.start() == end))
        end = match.end()
    return found


def numbers_in(tokens: list[Token], written: Convention) -> list[Number]:
    """Return the numbers of a text, each with the scale that follows it.

    Examples
    --------
    >>> from helpers.data.cleaning.notation import convention
    >>> [(one.value, one.scale) for one in numbers_in(tokens_of("10 to 50 thousand"), convention("en"))]
    [(10.0, None), (50.0, 1000.0)]
    """
    found: list[Number] = []
    at = 0
    while at < len(tokens):
        number = _fraction(tokens, at) or _numeral(tokens, at, written) or _number_word(tokens, at, written)
        if number is None:
            at += 1
            continue
        found.append(_with_scale(number, tokens, written))
        at = found[-1].end
    return found


def _fraction(tokens: list[Token], at: int) -> Number | None:
    """Read 1/2, 3/4 and 1 1/2."""
    texts = [token.text for token in tokens[at : at + 4]]
    whole = 0
    start = at
    if len(texts) == 4 and texts[2] == "/" and texts[0].isdigit() and texts[1].isdigit():
        whole, texts, at = int(texts[0][:9]), texts[1:], at + 1
    if len(texts) < 3 or texts[1] != "/" or not (texts[0].isdigit() and texts[2].isdigit()):
        return None
    part, parts = int(texts[0][:9]), int(texts[2][:9])
    if not (2 <= parts <= 10 and 0 < part < parts):
        return None
    return Number(whole + part / parts, None, False, start, at + 3)


def _numeral(tokens: list[Token], at: int, written: Convention) -> Number | None:
    if tokens[at].kind == "power":  # as spreadsheets write 1.2E+06
        return Number(float(tokens[at].text.replace(",", ".")), None, False, at, at + 1)
    if tokens[at].kind != "number":
        return None
    number = read_number(tokens[at].text, written)
    if number is None:
        return Number(math.nan, None, False, at, at + 1)
    return Number(number.value, None, number.ambiguous, at, at + 1)


def _number_word(tokens: list[Token], at: int, written: Convention) -> Number | None:
    """Read "two", "half a million", "million": a word for a number counts before a scale or on its own."""
    word = tokens[at].folded
    if not word:
        return None
    if _scale(tokens[at], tokens[at - 1] if at else None, written) and len(word) > 2:
        return None if is_vague(tokens, at) else Number(1.0, None, False, at, at)
    value = say.NUMBER_WORDS.get(word)
    if value is None or value == 0:
        return None
    follows = _scale_at(tokens, at + 1, written) is not None
    return Number(value, None, False, at, at + 1) if follows or value > 1.5 else None


def is_vague(tokens: list[Token], at: int) -> bool:
    """Tell whether a word such as "several" stands before a position."""
    return any(token.folded in say.VAGUE for token in tokens[max(0, at - 1) : at])


def _scale_at(tokens: list[Token], at: int, written: Convention) -> tuple[float, bool, int] | None:
    """Return the scale at a position, articles skipped: its value, whether unsure, where it ends."""
    skipped = at
    while skipped < len(tokens) and tokens[skipped].folded in say.ARTICLES and skipped - at < 2:
        skipped += 1
    if skipped >= len(tokens):
        return None
    found = _scale(tokens[skipped], tokens[skipped - 1] if skipped else None, written)
    return (*found, skipped + 1) if found else None


def _scale(token: Token, before: Token | None, written: Convention) -> tuple[float, bool] | None:
    if token.text == "M":
        return 1e6, False
    if token.text == "m":  # no capacity is asked in metres
        return (1e6, True) if before is not None and before.kind == "number" else None
    return say.scale_of(token.folded, written.language, written.spoken) if token.folded else None


def _with_scale(number: Number, tokens: list[Token], written: Convention) -> Number:
    """Multiply by the scales behind a number: "200 thousand", "two hundred thousand", "mil millones"."""
    scale, ambiguous, end = None, number.ambiguous, number.end
    while (found := _scale_at(tokens, end, written)) is not None:
        article = tokens[end].folded if found[2] - end > 1 and tokens[number.start].kind == "number" else ""
        if article not in ("", "de", "di", "of", "d"):  # "5000 a thousand" is no number
            break
        scale = (scale or 1.0) * found[0]
        ambiguous |= found[1]
        end = found[2]
    return number._replace(scale=scale, ambiguous=ambiguous, end=end)
