"""When an answer was given, and in which language: read as the tool writes it, never guessed in silence."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from helpers.data.errors import InputError
from helpers.data.survey.export import DateOrder, Export, Row
from helpers.data.survey.values import clean, iso_date, slashed

_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_].*)?")
_NO_DATE = "1980-01-01"
"""What LimeSurvey writes where an anonymous survey records no date."""
_LOOK_AT = 2_000


def with_date_order(export: Export, dates: DateOrder | None) -> tuple[Export, list[str]]:
    """Return the export with the order of its dates settled, and a remark if a date had to prove it.

    Parameters
    ----------
    export
        Whose tool may leave the order to its user's settings.
    dates
        What the user says; it takes precedence.

    Raises
    ------
    InputError
        If dates can be read in two ways, or no order fits all that were looked at.
    """
    if dates is not None:
        return replace(export, conventions=replace(export.conventions, date_order=dates)), []
    at = export.position("submitted")
    if export.conventions.date_order is not None or at is None:
        return export, []
    column = export.columns[at].key
    pairs = [
        (row.number, pair)
        for row in islice(export.rows(), _LOOK_AT)
        if (pair := slashed(clean(row.cells[at])))
    ]
    if not pairs:
        return export, []
    proofs: dict[DateOrder, int] = {}
    for number, (first, second) in pairs:
        if first > 12 or second > 12:
            proofs.setdefault("dmy" if first > 12 else "mdy", number)
    where = f"{export.names[0]}: column {column!r}"
    if len(proofs) != 1:
        found = "dates that can be read in two ways" if not proofs else "dates in both orders"
        raise InputError(f"{where}: found {found}; say how they are written: --dates dmy or --dates mdy")
    order, number = next(iter(proofs.items()))
    note = (
        f"{where}: dates are read as {'day/month' if order == 'dmy' else 'month/day'}, as row {number} proves"
    )
    return replace(export, conventions=replace(export.conventions, date_order=order)), [note]


class Moments:
    """Reads day and language of answers.

    Parameters
    ----------
    export
        Which columns hold them, and how the tool writes dates.
    languages
        Of the form, as its texts tell; the first stands in where the tool records none.
    """

    def __init__(self, export: Export, languages: Sequence[str]) -> None:
        self._submitted = export.position("submitted")
        self._language = export.position("language")
        self._order = export.conventions.date_order
        self._form = languages[0] if languages else ""
        self._latest = ""
        self._name = export.names[0]

    def of(self, row: Row) -> tuple[str, str]:
        """Return the day (ISO 8601) and the language (two or three letters) of an answer, "" if not known."""
        day = ""
        if self._submitted is not None:
            day = iso_date(row.cells[self._submitted].strip(), self._order) or ""
            day = "" if day == _NO_DATE else day
            self._latest = max(self._latest, day)
        language = self._form
        if self._language is not None and (found := _LANGUAGE.fullmatch(row.cells[self._language].strip())):
            language = found[1].lower()
        return day, language

    def latest_month(self) -> str:
        """Return the month of the latest answer.

        Raises
        ------
        InputError
            If no answer has a date.
        """
        if not self._latest:
            raise InputError(
                f"{self._name}: no answer has a date; say of which month they are: --vintage YYYY-MM"
            )
        return self._latest[:7]
