"""Words of an answer with their places, what two spellings of a word have in common, and clauses."""

import functools
import re
import unicodedata
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from simplemma.strategies import DefaultStrategy

LONGEST_WORD = 80
"""Letters beyond which a "word" is none: it is neither lemmatised nor looked up."""
NO_BREAK, SOFT_BREAK, HARD_BREAK = 0, 1, 2
"""What stands between two words: nothing that divides, a comma or colon, the end of a clause."""

# Inside a word: combining accents (text in decomposed form), soft hyphens, zero-width and direction marks.
_INSIDE = (
    "\u0300-\u036f\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
)
# Possessive quantifiers: no backtracking, so the time is linear in the text whatever it holds.
_WORDS = re.compile(rf"([^\W_]++(?:[{_INSIDE}]++[^\W_]++)*+[{_INSIDE}]*+)")
_REDACTED = re.compile(r"\[(?:e-mail|phone|name|url|iban)\]")
_HARD = re.compile(
    r"[;!?\n\r\u2026\u2028\u2029|\u2022\u00b7\u037e]|\.(?=.)|(?<=.)\.|\s[-\u2013\u2014]", re.DOTALL
)
_SOFT = re.compile(r"[,:()\[\]{}\u3001\uff0c\u2013\u2014]")
_LETTERS = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ŧ": "t",
        "ŋ": "n", "\u02bc": None, "’": None,
    }
)  # fmt: skip
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_LEMMA_LANGUAGES = {"hr": "hbs"}
_WITHOUT_LEMMAS = ("mt",)


class Words(NamedTuple):
    """The words of a text as written, where each begins, and what stands before each and at the end."""

    words: list[str]
    starts: list[int]
    gaps: list[str]


def read_words(text: str) -> Words:
    """Return the words of a text and their places; linear in its length.

    Words are runs of letters and digits: apostrophes and hyphens divide ("l'énergie", "cold-chain"),
    accents in decomposed form and marks that cannot be seen do not. What redaction put in place of names
    and addresses (``[e-mail]``) is no word.

    Examples
    --------
    >>> read_words("L'énergie, [name]: 3D")
    Words(words=['L', 'énergie', '3D'], starts=[0, 2, 19], gaps=['', "'", ',         : ', ''])
    """
    if "[" in text:
        text = _REDACTED.sub(_blank, text)
    pieces = _WORDS.split(text)
    ends = list(accumulate(map(len, pieces)))
    return Words(pieces[1::2], ends[:-1:2], pieces[::2])


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


class _Breaks(dict[str, int]):
    """What stands between two words -> the kind of break; short ones are worked out once."""

    def __missing__(self, gap: str) -> int:
        soft = SOFT_BREAK if _SOFT.search(gap) else NO_BREAK
        kind = HARD_BREAK if _HARD.search(gap) else soft
        if len(gap) <= 3 and len(self) < 10_000:
            self[gap] = kind
        return kind


BREAKS = _Breaks()
"""Gap -> whether it divides clauses, parts of them, or nothing.

>>> [BREAKS[gap] for gap in (" ", ", ", ". ", ".", " - ", "-")]
[0, 1, 2, 0, 2, 0]
"""


def clean(word: str) -> str:
    """Return a word in composed form without what cannot be seen.

    Examples
    --------
    >>> clean("e\u0301ner\u200bgie")
    'énergie'
    """
    if word.isascii():
        return word
    kept = "".join(sign for sign in word if unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFC", kept)


def fold(word: str) -> str:
    """Return a word without case, accents and invisible marks, as two spellings of it are compared.

    Examples
    --------
    >>> [fold(word) for word in ("Größe", "ŻÓŁTY", "Ενέργεια", "Производство", "ħaddiema")]
    ['grosse', 'zolty', 'ενεργεια', 'производство', 'haddiema']
    """
    if word.isascii():
        return word.lower()
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold())
    kept = [sign for sign in parts if unicodedata.category(sign) not in ("Mn", "Cf")]
    return "".join(kept).translate(_LETTERS).replace("ς", "σ")


def transliterate(word: str) -> str | None:
    """Return a word with its umlauts written as two letters, folded; None if it has none.

    Examples
    --------
    >>> transliterate("verfügbar"), transliterate("energie")
    ('verfuegbar', None)
    """
    lower = unicodedata.normalize("NFC", word).lower()
    written = lower.translate(_UMLAUTS)
    return None if written == lower else fold(written)


def lemma(word: str, language: str) -> str | None:
    """Return the dictionary form of a word in small letters; None if it is in no table.

    The tables of a language are loaded when its first word is asked for. There are none for Maltese.

    Examples
    --------
    >>> lemma("Lieferketten", "de"), lemma("hôpitaux", "fr"), lemma("ħaddiema", "mt"), lemma("xyz", "en")
    ('lieferkette', 'hôpital', None, None)
    """
    if language in _WITHOUT_LEMMAS or len(word) > LONGEST_WORD:
        return None
    written = word.lower() if word.isupper() else word
    found = _lemmas().get_lemma(written, _LEMMA_LANGUAGES.get(language, language))
    return None if found is None else found.lower()


def is_known(word: str, language: str) -> bool:
    """Return whether a word stands in the table of a language as it is written, capitals aside.

    Examples
    --------
    >>> is_known("énergie", "fr"), is_known("energie", "fr"), is_known("Energie", "de")
    (True, False, True)
    """
    if language in _WITHOUT_LEMMAS or len(word) > LONGEST_WORD:
        return False
    lower, table = word.lower(), _LEMMA_LANGUAGES.get(language, language)
    is_member = _lemmas().is_dictionary_member
    return is_member(lower, table) or is_member(lower.capitalize(), table)


@functools.cache
def _lemmas() -> "DefaultStrategy":
    """Return what finds lemmas; it reads packed tables: 0.3 GB for all languages instead of 2.2."""
    from simplemma.strategies import DefaultStrategy
    from simplemma.strategies.dictionaries import StreamDictionaryFactory

    return DefaultStrategy(dictionary_factory=StreamDictionaryFactory(cache_max_size=32))
