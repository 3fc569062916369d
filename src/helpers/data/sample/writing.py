"""How people write: in which language, with a clause in another one, with slips, without accents."""

import unicodedata

from helpers.data.sample.companies import Firm, slip, world
from helpers.data.sample.dice import Dice

MIXED = 0.14
"""Share of answers of several clauses with one clause in another language."""
SECOND = {"en": 0.75, "de": 0.25}
MISTYPED = 0.1
BARE = 0.06
"""Share of answers that are typed on a keyboard without accents."""
_LONG = 5
_STROKES = str.maketrans("łŁđĐħĦ", "lLdDhH")


def written_language(firm: Firm, dice: Dice) -> str:
    """Return the language of a respondent's free text, which may not be that of the form.

    Examples
    --------
    >>> from helpers.data.sample.companies import make_firm
    >>> {written_language(make_firm("HU", Dice("1")), Dice(f"{at}")) for at in range(40)} == {"hu", "en"}
    True
    """
    texts = world()[firm.country].texts
    return dice.weighted(texts) if texts and firm.language == "en" else firm.language


def second_language(language: str, dice: Dice) -> str | None:
    """Return the language of a clause that stands among others; mostly none, and none beside English."""
    mixed = dice.chance(MIXED)
    other = dice.weighted(SECOND)
    return other if mixed and language not in ("en", other) else None


def as_typed(text: str, dice: Dice) -> str:
    """Return a text as it was typed: mostly right, else with one or two slips, or without accents.

    Examples
    --------
    >>> as_typed("brak surowców", Dice("0"))
    'brak surowców'
    """
    way = dice.random()
    if way < MISTYPED:
        return _slipped(text, dice.whole(1, 2), dice)
    return without_accents(text) if way < MISTYPED + BARE else text


def without_accents(text: str) -> str:
    """Return a text without accents; Cyrillic letters, which have none, stay.

    Examples
    --------
    >>> without_accents("żaden dostawca, łańcuch, йод, ένας")
    'zaden dostawca, lancuch, йод, ενας'
    """
    return "".join(_bare(letter) for letter in text).translate(_STROKES)


def _bare(letter: str) -> str:
    if unicodedata.name(letter, "").startswith("CYRILLIC"):
        return letter
    apart = unicodedata.normalize("NFD", letter)
    return "".join(part for part in apart if not unicodedata.combining(part))


def _slipped(text: str, slips: int, dice: Dice) -> str:
    """Return a text with slips in different words of five letters or more."""
    words = text.split(" ")
    for at in dice.some(
        [at for at, word in enumerate(words) if len(word) >= _LONG and word.isalpha()], slips
    ):
        words[at] = slip(words[at], dice)
    return " ".join(words)
