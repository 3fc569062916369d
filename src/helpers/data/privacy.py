"""What identifies a person or an account is taken out of free text before anything else reads it.

E-mail and web addresses, telephone numbers, IBANs and registered names are replaced by a word in square
brackets. Amounts and dates stay: "1 200 000 doses" is no telephone number.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from helpers.data.names_in_text import NAME, Names
from helpers.data.phones import PHONE_DIGITS, without_phones
from helpers.data.word_lists import words

EMAIL, PHONE, URL, IBAN = "[e-mail]", "[phone]", "[url]", "[iban]"
PLACEHOLDERS = (EMAIL, PHONE, URL, IBAN, NAME)
_KEPT = re.compile("(" + "|".join(re.escape(word) for word in PLACEHOLDERS) + ")")
OWN_NAMES = 20
"""Up to so many names are taken for the respondent's own, and found in small letters, too."""

# --- addresses

_TOP = (
    "com|org|net|eu|info|biz|io|co|ai|tech|health|at|be|bg|hr|cy|cz|dk|ee|fi|fr|de|gr|hu|ie|it|lv|lt|lu|mt|nl|pl|"
    "pt|ro|sk|si|es|se|is|li|no|ch|uk|al|ba|me|mk|rs|tr|ua|md|us|cat|bzh"
)
_AT_WORDS = "at|ät|a|arobase|arroba|chiocciola|małpa|apenstaartje"
_DOT = (
    r"(?:\.|。|\s\.\s|\s?[(\[{<]\s*(?:dot|punkt|point|punto|kropka|punct|punt|\.)\s*[)\]}>]\s?"
    r"|\s(?:dot|punkt|kropka|punto)\s)"
)
# Lengths are bounded, so that no text, however made, takes a search long.
_LABEL = r"[^\W_](?:[\w-]{0,62}[^\W_])?"
_LOCAL = rf"[\w.+'%&/=-]{{0,64}}\w(?:{_DOT}[\w+-]{{1,64}})?"
_KNOWN_TOP = rf"(?-i:{_TOP}|{_TOP.upper()})\b"
_EMAIL = re.compile(
    # name@host; name @ host.eu; name (at) host (dot) eu; name at host dot eu; name arroba host.eu
    rf"{_LOCAL}[@＠﹫](?=[\w.-]*[^\W\d_]|[0-9.]{{7}}){_LABEL}(?:{_DOT}{_LABEL}){{0,9}}"
    rf"|{_LOCAL}\s?[@＠﹫]\s?{_LABEL}(?:{_DOT}{_LABEL}){{1,9}}"
    rf"|{_LOCAL}\s?[(\[{{<]\s*(?:{_AT_WORDS}|@)\s*[)\]}}>]\s?{_LABEL}(?:{_DOT}{_LABEL}){{0,9}}"
    rf"|[\w.+-]{{1,64}}\sat\s(?:{_LABEL}(?:{_DOT}{_LABEL}){{0,5}}?\s?[(\[]?\s?dot\s?[)\]]?\s?{_LABEL}|{_LABEL}\.{_KNOWN_TOP})"
    rf"|[\w.+-]{{1,64}}\s(?:arobase|arroba|chiocciola|małpa|apenstaartje)\s{_LABEL}(?:{_DOT}{_LABEL}){{0,9}}",
    re.IGNORECASE,
)
_LEFT_OVER = re.compile(r"(?<!\S)(?=\S*[@＠])\S*[^\W\d_]\S*?[@＠]\S*?[^\W\d_]\S*")
_MAYBE_EMAIL = re.compile(
    r"[@＠﹫]|[(\[{<]\s*(?:at|ät|a|arob|arro|chio|małp|apen)| (?:at|arobase|arroba|chiocciola|małpa|apenst)",
    re.IGNORECASE,
)
_URL = re.compile(
    rf"\b(?:https?|ftps?|hxxps?)\s?:\s?//\S+|\bwww\s?\.\s?\S+"
    rf"|(?<![\w.-])(?:{_LABEL}(?:\.|\s?[(\[]\s?dot\s?[)\]]\s?|\sdot\s)){{1,30}}{_KNOWN_TOP}(?:[/?#:][^\s]*)?"
)
_MAYBE_URL = re.compile(r"://|www|[^\W_]\.[^\W\d_]|dot|: ?//", re.IGNORECASE)

# --- accounts

_IBAN_LENGTHS = dict(
    pair.split(":")
    for pair in words(
        """
        AD:24 AL:28 AT:20 BA:20 BE:16 BG:22 BY:28 CH:21 CY:28 CZ:24 DE:22 DK:18 EE:20 ES:24 FI:18 FO:18
        FR:27 GB:22 GE:22 GI:23 GL:18 GR:27 HR:21 HU:28 IE:22 IL:23 IS:26 IT:27 LI:21 LT:20 LU:20 LV:21
        MC:27 MD:24 ME:22 MK:19 MT:31 NL:18 NO:15 PL:28 PT:25 RO:24 RS:22 SE:24 SI:19 SK:24 SM:27 TR:26
        UA:29 VA:22 XK:20
    """
    )
)
_IBAN = re.compile(
    r"(?<![^\W_])(" + "|".join(_IBAN_LENGTHS) + r")[ .-]?[0-9]{2}(?:[ .-]?[A-Z0-9]){11,30}", re.IGNORECASE
)


def is_iban(text: str) -> bool:
    """Tell whether a text is an IBAN: length of its country and check digits (ISO 13616, modulo 97).

    Examples
    --------
    >>> is_iban("DE89 3704 0044 0532 0130 00"), is_iban("DE88 3704 0044 0532 0130 00")
    (True, False)
    """
    plain = re.sub(r"[ .-]", "", text).upper()
    if str(len(plain)) != _IBAN_LENGTHS.get(plain[:2]) or not (plain.isascii() and plain.isalnum()):
        return False
    return int("".join(str(int(mark, 36)) for mark in plain[4:] + plain[:4])) % 97 == 1


def _without_ibans(text: str) -> str:
    at = 0
    while (match := _IBAN.search(text, at)) is not None:
        end = _end_of_iban(text, match.start(), match.end())
        if end:
            text = text[: match.start()] + IBAN + text[end:]
            at = match.start() + len(IBAN)
        else:
            at = match.start() + 1
    return text


def _end_of_iban(text: str, start: int, longest: int) -> int:
    """Return where the account number ends that starts here, 0 if its check digits are wrong."""
    wanted = int(_IBAN_LENGTHS[text[start : start + 2].upper()])
    count = 0
    for at in range(start, longest):
        count += text[at].isalnum()
        if count == wanted:
            return at + 1 if is_iban(text[start : at + 1]) else 0
    return 0


# --- all of it

_last: list[tuple[Sequence[str], int, Names]] = []


def redact(text: str, names: Sequence[str] = ()) -> str:
    """Return a text without e-mail and web addresses, telephone numbers, IBANs and registered names.

    Parameters
    ----------
    text
        An answer in the respondent's own words, in any language.
    names
        Registered names of contact persons and companies. Up to `OWN_NAMES` are taken for the respondent's
        own. A long list is prepared once if the same object is given again.

    Returns
    -------
    str
        With "[e-mail]", "[phone]", "[url]", "[iban]" and "[name]" in their places; the same again when
        redacted twice.

    Examples
    --------
    >>> redact("Ask Anna Kowalska, anna (at) vials dot eu or +48 601 234 567", ["Anna Kowalska"])
    'Ask [name], [e-mail] or [phone]'
    >>> redact("1 200 000 doses from 01.06.2021, see www.example.org/a")
    '1 200 000 doses from 01.06.2021, see [url]'
    """
    if not text:
        return text
    return redact_with(text, _prepared(names))


def redact_with(text: str, names: Names) -> str:
    """Return a text redacted as by `redact`, with names prepared before."""
    while True:
        steps: list[Callable[[str], str]] = _steps(text)
        if not steps and not names:
            return text
        clean = "".join(
            part if part in PLACEHOLDERS else _through(part, steps, names) for part in _KEPT.split(text)
        )
        if clean == text:  # what was taken out may have parted what now can be seen
            return clean
        text = clean


def _prepared(names: Sequence[str]) -> Names:
    if len(names) <= OWN_NAMES:
        return _own_names(tuple(names))
    if not (_last and _last[0][0] is names and _last[0][1] == len(names)):
        _last[:] = [(names, len(names), Names(names, own=False))]
    return _last[0][2]


@lru_cache(maxsize=4096)
def _own_names(names: tuple[str, ...]) -> Names:
    return Names(names)


def _steps(text: str) -> list[Callable[[str], str]]:
    """Return the searches that a text needs: most answers hold neither @ nor a long number."""
    steps: list[Callable[[str], str]] = []
    if _MAYBE_EMAIL.search(text):
        steps.append(_without_emails)
    if _MAYBE_URL.search(text):
        steps.append(lambda part: _URL.sub(_url, part))
    if PHONE_DIGITS.search(text):
        steps += [_without_ibans, _phones_replaced]
    return steps


def _through(text: str, steps: list[Callable[[str], str]], names: Names) -> str:
    for step in steps:
        text = "".join(part if part in PLACEHOLDERS else step(part) for part in _KEPT.split(text))
    return "".join(part if part in PLACEHOLDERS else names.taken_out(part) for part in _KEPT.split(text))


def _without_emails(text: str) -> str:
    return _LEFT_OVER.sub(EMAIL, _EMAIL.sub(EMAIL, text))


def _url(match: re.Match[str]) -> str:
    """Keep the punctuation that ends a sentence behind an address."""
    tail = re.search(r"[.,;:!?)\]]*$", match[0])
    return URL + (tail[0] if tail else "")


def _phones_replaced(text: str) -> str:
    return without_phones(text, PHONE)
