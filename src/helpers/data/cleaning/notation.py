"""One number as it is written in Europe: 1.200,5 and 1,200.5 and 1 200,5 and 1'200.5 and 1.2e3.

Rule for the one notation that two countries read differently, a single mark before exactly three digits
("1.200", "1,200"): the mark is a decimal mark only where the language of the answer and the country both
write it as one; else it stands before thousands. Either way the reading is flagged. All other notations
read alike everywhere: "1.200,5" and "1,200.5", "1.200.000", "1.25", "0.125", "1200.500".
"""

import re
from functools import cache
from typing import NamedTuple

from babel import Locale, UnknownLocaleError

from helpers.data.cells import country_codes
from helpers.data.country_codes import EUROSTAT_TO_ISO

NUMERAL = r"(?:[0-9]{1,3}(?:[ '][0-9]{3})+(?![0-9])|[0-9]+)(?:[.,][0-9]+)*|[.,][0-9]+"
_WHOLE = re.compile(NUMERAL)
_GROUPED = re.compile(r"[0-9]{1,3}(?:[.,' ][0-9]{3})+")


class Number(NamedTuple):
    """A number, and whether another country reads its notation differently."""

    value: float
    ambiguous: bool


class Convention(NamedTuple):
    """How the respondent's language and country write numbers: their decimal marks, "" if not known.

    ``language`` is the answer's, ``spoken`` the country's first; they decide what words such as "mil" mean.
    """

    by_language: str
    by_country: str
    language: str
    spoken: str = ""

    def is_decimal(self, mark: str) -> bool:
        """Tell whether both, as far as they are known, write the mark before decimals."""
        known = {self.by_language, self.by_country} - {""}
        return known == {mark}


@cache
def convention(language: str = "", country: str = "") -> Convention:
    """Return how a respondent writes numbers.

    Parameters
    ----------
    language
        Language of the answer, two letters; may be empty.
    country
        Eurostat code; may be empty.

    Examples
    --------
    >>> convention("de", "DE").is_decimal(","), convention("en", "DE").is_decimal(".")
    (True, False)
    """
    known = country in country_codes("eurostat")
    locale = "und_" + EUROSTAT_TO_ISO.get(country, country)
    by_country, spoken = (_mark(locale), _language(locale)) if known else ("", "")
    return Convention(_mark(language) if language else "", by_country, language, spoken)


def _mark(locale: str) -> str:
    try:
        found = Locale.parse(locale, resolve_likely_subtags=True)
        symbols = found.number_symbols
        return str(symbols.get("latn", symbols)["decimal"])
    except (UnknownLocaleError, ValueError, KeyError):
        return ""


def _language(locale: str) -> str:
    try:
        return str(Locale.parse(locale, resolve_likely_subtags=True).language)
    except (UnknownLocaleError, ValueError):
        return ""


def read_number(text: str, written: Convention) -> Number | None:
    """Return the number that a numeral stands for, ``None`` if it is none.

    Parameters
    ----------
    text
        Digits with marks; blanks and apostrophes only stand before thousands.
    written
        The respondent's convention.

    Examples
    --------
    >>> german, english = convention("de", "DE"), convention("en", "IE")
    >>> read_number("1.200", german), read_number("1.200", english)
    (Number(value=1200.0, ambiguous=True), Number(value=1.2, ambiguous=True))
    >>> read_number("1.200,5", english).value, read_number("1'200'000", german).value
    (1200.5, 1200000.0)
    >>> read_number("1.20.3", german) is None
    True
    """
    if not _WHOLE.fullmatch(text) or len(text) > 60:
        return None
    plain = text.replace(" ", "").replace("'", "")
    marks = [mark for mark in plain if mark in ".,"]
    if not marks:
        return Number(float(plain), False)
    if len(set(marks)) == 2:
        return _two_marks(plain, marks)
    if len(marks) > 1:
        return Number(float(plain.replace(marks[0], "")), False) if _GROUPED.fullmatch(plain) else None
    return _one_mark(plain, marks[0], written, grouped=len(plain) < len(text))


def _two_marks(plain: str, marks: list[str]) -> Number | None:
    """Read a numeral with dots and commas: the last mark is the decimal one and stands once."""
    decimal = marks[-1]
    whole, _, rest = plain.rpartition(decimal)
    if decimal in whole or not _GROUPED.fullmatch(whole):
        return None
    return Number(float(whole.replace(marks[0], "") + "." + rest), False)


def _one_mark(plain: str, mark: str, written: Convention, *, grouped: bool) -> Number:
    whole, _, rest = plain.partition(mark)
    sure = len(rest) != 3 or not 1 <= len(whole) <= 3 or whole.startswith("0") or grouped
    if sure or written.is_decimal(mark):
        return Number(float(f"{whole or '0'}.{rest}"), not sure)
    return Number(float(whole + rest), True)
