"""Telephone numbers in free text, told from amounts and dates.

A number is a telephone number if it begins with + or 00 and has at least eight digits, if it begins with a
trunk zero and has eight to thirteen, if a word such as "tel." stands before it, or if it has nine digits or
more (eight in several groups) that are not written as thousands. What ends in 000, or stands before a word
for what is counted, or is a date, a time or a range of amounts, is none.
"""

import re

PHONE_DIGITS = re.compile(r"[0-9](?:[^0-9A-Za-z\n]{0,3}[0-9]){5}")
"""At least six digits close together: without them there is nothing to look for."""
_CUE = (
    r"tel|tél|tlf|telephone|téléphone|telefon|telefono|teléfono|telefone|telefoon|telefonu|phone|mobile|mobil|mob|"
    r"móvil|cellulare|cell|portable|handy|gsm|fax|komórka|kom|call|rufen|appelez|whatsapp|signal|τηλ|тел|☎|✆|📞"
)
_SEPARATOR = r"(?:[ \u00a0\u202f./-]|\s?\(0?\)\s?|\s?[()]\s?|\s?[-–/]\s?)"
_CANDIDATE = re.compile(
    rf"(?P<cue>(?:\b(?:{_CUE})\b|[☎✆📞])[^0-9+\n]{{0,12}})?"
    rf"(?<![0-9A-Za-z][.,])(?<![0-9A-Za-z])(?P<number>\(?\+?\(?[0-9](?:{_SEPARATOR}{{0,2}}[0-9])+)(?![0-9A-Za-z]|[.,][0-9])",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:0?[1-9]|[12][0-9]|3[01])[./ -](?:0?[1-9]|1[0-2])[./ -](?:19|20)?[0-9]{2}"
    r"|(?:19|20)[0-9]{2}[./ -](?:0?[1-9]|1[0-2])[./ -](?:0?[1-9]|[12][0-9]|3[01])"
    r"|(?:0?[1-9]|1[0-2])[./ -](?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}(?:[./ –-]+(?:19|20)[0-9]{2})+"
)
_TIME = r"[0-2]?[0-9][.:h][0-5][0-9]"
_TIMES = re.compile(rf"{_TIME}\s?[-–]\s?{_TIME}")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([ \u00a0\u202f.'])[0-9]{3})(?:\1[0-9]{3})*")
_RANGE = re.compile(r"\s?[-–]\s?")
_COUNTED = re.compile(
    r"\s*(?:[%€$£]|/|x\b|per\b|pro\b|par\b|a\s(?:day|week|month|year)\b|(?:k|m|mio|mln|mrd|million\w*|thousand|tsd|tys|"
    r"mill\w+|doses?|dosen|dosis|dosi|dawek|vials?|flacons?|fläschchen|viales|fiale|fiolek|units?|unités?|einheiten|"
    r"unidades|unità|pieces?|pcs|pièces?|stück|stk|piezas|pezzi|sztuk|szt|masks?|masques?|masken|mascar\w+|mascherine|"
    r"masek|masecz\w+|gloves?|gants|handschuhe|guantes|guanti|syringes?|seringues?|spritzen|jeringas|siringhe|tests?|"
    r"litres?|liters?|liter|litros|litri|litr\w+|l|ml|kg|g|t|tonnes?|tons?|tonnen|toneladas|tonnellate|ton|pallets?|"
    r"palettes?|paletten|eur|euros?|usd|m2|m3|boxes|kits|bottles|ampoules|caps|stoppers|labels|cartons|gowns|needles"
    r")\b)",
    re.IGNORECASE,
)


def without_phones(text: str, instead: str) -> str:
    """Return a text with telephone numbers replaced.

    Examples
    --------
    >>> without_phones("Tel. 612 345 678, 030/1234567 or 0032 475 12 34 56", "[phone]")
    'Tel. [phone], [phone] or [phone]'
    >>> without_phones("612 345 678 doses, 10 000-50 000 a day from 01.06.2021 to 2021-12-31", "[phone]")
    '612 345 678 doses, 10 000-50 000 a day from 01.06.2021 to 2021-12-31'
    """

    def replaced(match: re.Match[str]) -> str:
        if not _is_phone(match["number"], bool(match["cue"]), text[match.end() : match.end() + 20]):
            return match[0]
        return (match["cue"] or "") + instead

    return _CANDIDATE.sub(replaced, text)


def _is_phone(number: str, cue: bool, after: str) -> bool:
    plain = number.strip()
    digits = re.sub(r"\D", "", plain)
    if not 6 <= len(digits) <= 17 or _DATE.fullmatch(plain) or _TIMES.fullmatch(plain):
        return False
    counted = bool(_COUNTED.match(after))
    if plain.startswith(("+", "(+")):
        return len(digits) >= 8 and not (counted and _is_amount(plain.lstrip("(+")))
    if plain.startswith("00"):
        return len(digits) >= 8
    if plain.startswith(("0", "(0")):
        return 8 <= len(digits) <= 13
    if cue:
        return not (counted and _is_amount(plain))
    if counted or _is_range(plain) or digits.endswith("000") or len(digits) > 13:
        return False
    groups = len(re.findall("[0-9]+", plain))
    return len(digits) >= 9 or (len(digits) == 8 and groups > 2 and not _is_amount(plain))


def _is_amount(text: str) -> bool:
    return text.isdigit() or _GROUPED.fullmatch(text) is not None


def _is_range(text: str) -> bool:
    """Tell whether a text is two amounts with a dash between them."""
    ends = _RANGE.split(text)
    return len(ends) == 2 and all(_is_amount(end.strip()) for end in ends)
