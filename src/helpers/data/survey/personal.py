"""What a respondent says of persons, kept out of everything but the restricted folder."""

import re
from collections.abc import Sequence

from helpers.data.gazetteer import fold
from helpers.data.privacy import redact
from helpers.data.survey.values import may_hold_an_address

_DIGITS = re.compile(r"[^0-9]+")
_PLAIN = re.compile(r"[0-9][0-9.,%-]{0,6}")
"""Too short for a telephone number, which is the only thing that a number could give away."""
_SHOWN = 60


class Personal:
    """The names and numbers of one respondent, and texts without them.

    Parameters
    ----------
    names
        Of the organisation and of contact persons.
    others
        Further restricted answers of the respondent: e-mail, phone, website.
    """

    def __init__(self, names: Sequence[str], others: Sequence[str] = ()) -> None:
        self._names = [name for name in names if name]
        self._words = {word for name in self._names for word in fold(name).split()}
        self._numbers = [digits[-8:] for text in others if len(digits := _DIGITS.sub("", text)) >= 7]

    def without(self, text: str) -> str:
        """Return a free text without addresses, numbers and names."""
        # Most texts name nobody, and then the names need not be made ready for the search.
        return redact(text, self._names if self._named(text) else ())

    def without_in_short(self, text: str) -> str:
        """Return a short answer, such as an amount, without them; a long number alone stays a number."""
        if _PLAIN.fullmatch(text):
            return text
        if self._numbers and any(number in _DIGITS.sub("", text) for number in self._numbers):
            return "[phone]"
        if may_hold_an_address(text) or self._named(text):
            return redact(text, self._names)
        return text

    def _named(self, text: str) -> bool:
        return bool(self._words) and not self._words.isdisjoint(fold(text).split())


def shown(text: str) -> str:
    """Return what may be shown of an answer that is none of the choices: its length, not its words.

    A cell may stand in the wrong column, so that a name or an address stands where a country should.

    Examples
    --------
    >>> shown("Anna Kowalska"), shown("7"), shown("")
    ('a text of 13 characters', '7', 'nothing')
    """
    if not text:
        return "nothing"
    return text if len(text) <= 3 and text.isalnum() else f"a text of {len(text):,d} characters"


def shortened(text: str) -> str:
    """Return a text on one line, cut after 60 characters."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 3] + "..."
