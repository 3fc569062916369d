"""Single answers as they are written down: no control characters, dates as ISO 8601, no addresses."""

import re
from datetime import date, timedelta

from helpers.data.survey.export import DateOrder

_BROKEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?![0-9])")
_SERIAL = re.compile(r"[0-9]{5}(?:[.][0-9]+)?")
_SERIAL_START = date(1899, 12, 30)
_SERIALS = range(30_000, 60_001)
"""Excel's day numbers from 1982 to 2064; other numbers are no dates of a survey."""

_ADDRESS = re.compile(
    r"[@＠﹫]|\b(?:at|ät|arobase|arroba|chiocciola|małpa|apenstaartje|dot|kropka)\b"  # e-mail
    r"|[(\[{<]\s*a\s*[)\]}>]"
    r"|://|www|[^\W\d_]\s?[.。][^\W\d_]{2,}"  # web
    r"|(?:[+]|\b00)[0-9][0-9 ()./-]{7,}"  # telephone
    r"|\b(?:tel|tél|tlf|phone|mobile|mobil|mob|gsm|fax|kom|handy|call)\b"
    r"|\b[A-Z]{2}[0-9]{2}(?:\s?[A-Z0-9]{4}){3,}",  # IBAN
    re.IGNORECASE,
)


def clean(text: str) -> str:
    r"""Return a text without control characters, marks that reverse the order of reading, and blank ends.

    Examples
    --------
    >>> clean(" a\r\nb\x00\u202e ")
    'a\nb'
    """
    if text.isprintable():
        return text.strip()
    return _BROKEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def may_hold_an_address(text: str) -> bool:
    """Say whether a short answer, such as an amount, may hold an e-mail, web address, phone number or IBAN.

    Examples
    --------
    >>> [may_hold_an_address(text) for text in ("10-50 k", "1.200,5", "ask a@b.eu", "+32 2 123 45 67")]
    [False, False, True, True]
    """
    return _ADDRESS.search(text) is not None


def iso_date(text: str, order: DateOrder | None) -> str | None:
    """Return a date, of a moment its day, as ISO 8601; None if it is no date, or its order is not known.

    Parameters
    ----------
    text
        Year first, year last in the given order (with points always day first), or a day number of Excel.
    order
        How dates with slashes or hyphens and the year last are written.

    Examples
    --------
    >>> iso_date("2021-03-14 10:22:05", None), iso_date("14.03.2021", None), iso_date("44269.5", None)
    ('2021-03-14', '2021-03-14', '2021-03-14')
    >>> iso_date("3/14/21 10:22", "mdy"), iso_date("14/3/2021", "dmy"), iso_date("3/4/2021", None)
    ('2021-03-14', '2021-03-14', None)
    """
    if found := _YEAR_FIRST.match(text):
        return _iso(int(found[1]), int(found[2]), int(found[3]))
    if found := _YEAR_LAST.match(text):
        year = int(found[4]) + (2000 if len(found[4]) == 2 else 0)
        first, second = int(found[1]), int(found[3])
        known = "dmy" if found[2] == "." else order
        if known == "dmy":
            return _iso(year, second, first)
        return _iso(year, first, second) if known == "mdy" else None
    if _SERIAL.fullmatch(text) and int(float(text)) in _SERIALS:
        return (_SERIAL_START + timedelta(days=int(float(text)))).isoformat()
    return None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def slashed(text: str) -> tuple[int, int] | None:
    """Return the first two numbers of a date with slashes or hyphens and the year last, None if it is none.

    Examples
    --------
    >>> slashed("3/14/2021 10:22:05"), slashed("2021-03-14")
    ((3, 14), None)
    """
    found = _YEAR_LAST.match(text)
    return (int(found[1]), int(found[3])) if found and found[2] != "." else None
