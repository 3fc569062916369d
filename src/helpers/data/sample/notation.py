"""How people write an amount: marks for thousands, words for millions, ranges, "more than"."""

from dataclasses import dataclass
from decimal import Decimal

from helpers.data.sample.dice import Dice

# Language -> marks between thousands that its speakers use (the usual one first), and the decimal mark.
_MARKS: dict[str, tuple[tuple[str, ...], str]] = {
    "en": ((",", ","), "."),
    "de": ((".", ".", " "), ","),
    "fr": ((" ", "\u202f", "\u00a0"), ","),
    "es": ((".", ".", " "), ","),
    "it": ((".", ".", "'"), ","),
    "pl": ((" ", "\u00a0", " "), ","),
    "pt": ((".", " "), ","),
    "nl": ((".",), ","),
    "ro": ((".", " "), ","),
    "cs": ((" ", "\u00a0"), ","),
    "el": ((".",), ","),
    "sv": ((" ", "\u00a0"), ","),
}
_THOUSAND = {
    "en": ("k", " k", "K", " thousand"),
    "de": (" Tsd.", " Tausend", "k", " Tsd"),
    "fr": ("k", " k", " mille"),
    "es": (" mil",),
    "it": (" mila", "k"),
    "pl": (" tys.", " tys"),
    "pt": (" mil",),
    "nl": (" duizend", "k"),
    "ro": (" mii",),
    "cs": (" tis.",),
    "el": (" χιλιάδες", " χιλ."),
    "sv": (" tusen",),
}
_MILLION = {
    "en": (" million", " mn", " mio", "M"),
    "de": (" Mio", " Mio.", " Millionen"),
    "fr": (" millions", " M", " Mio"),
    "es": (" millones",),
    "it": (" milioni", " mln"),
    "pl": (" mln",),
    "pt": (" milhões",),
    "nl": (" miljoen", " mln"),
    "ro": (" milioane",),
    "cs": (" milionů", " mil."),
    "el": (" εκατ.", " εκατομμύρια"),
    "sv": (" miljoner",),
}
_ABOUT = {
    "en": ("about ", "approx. ", "~", "ca. ", "around "),
    "de": ("ca. ", "etwa ", "rund ", "~ "),
    "fr": ("environ ", "env. ", "~"),
    "es": ("aprox. ", "unos ", "alrededor de "),
    "it": ("circa ", "ca. "),
    "pl": ("ok. ", "około "),
    "pt": ("cerca de ", "aprox. "),
    "nl": ("ongeveer ", "ca. "),
    "ro": ("aproximativ ", "cca. "),
    "cs": ("cca ", "asi "),
    "el": ("περίπου ",),
    "sv": ("cirka ", "ca "),
}
_AT_LEAST = {
    "en": ("more than ", "over ", ">", "at least ", "min. "),
    "de": ("mehr als ", "über ", "mindestens ", "> ", "mind. "),
    "fr": ("plus de ", "au moins ", "> "),
    "es": ("más de ", "al menos ", "> "),
    "it": ("più di ", "oltre ", "almeno "),
    "pl": ("ponad ", "więcej niż ", "co najmniej "),
    "pt": ("mais de ", "pelo menos "),
    "nl": ("meer dan ", "minstens "),
    "ro": ("peste ", "cel puțin "),
    "cs": ("více než ", "nejméně "),
    "el": ("πάνω από ", "τουλάχιστον "),
    "sv": ("mer än ", "minst "),
}
_AT_MOST = {
    "en": ("up to ", "max. ", "<"),
    "de": ("bis zu ", "max. ", "höchstens "),
    "fr": ("jusqu'à ", "maximum ", "< "),
    "es": ("hasta ", "máx. "),
    "it": ("fino a ", "max "),
    "pl": ("do ", "maks. "),
    "pt": ("até ", "máx. "),
    "nl": ("maximaal ", "max. "),
    "ro": ("până la ", "max. "),
    "cs": ("až ", "max. "),
    "el": ("έως ", "μέχρι "),
    "sv": ("upp till ", "max "),
}
_RANGE = {
    "en": ("{a}-{b}", "{a} - {b}", "{a}–{b}", "between {a} and {b}", "{a} to {b}"),
    "de": ("{a}-{b}", "{a} bis {b}", "zwischen {a} und {b}", "{a} – {b}"),
    "fr": ("{a}-{b}", "de {a} à {b}", "entre {a} et {b}"),
    "es": ("{a}-{b}", "entre {a} y {b}", "de {a} a {b}"),
    "it": ("{a}-{b}", "da {a} a {b}", "tra {a} e {b}"),
    "pl": ("{a}-{b}", "od {a} do {b}", "między {a} a {b}"),
    "pt": ("{a}-{b}", "entre {a} e {b}", "de {a} a {b}"),
    "nl": ("{a}-{b}", "tussen {a} en {b}", "{a} tot {b}"),
    "ro": ("{a}-{b}", "între {a} și {b}"),
    "cs": ("{a}-{b}", "od {a} do {b}"),
    "el": ("{a}-{b}", "από {a} έως {b}", "μεταξύ {a} και {b}"),
    "sv": ("{a}-{b}", "mellan {a} och {b}"),
}
_UNREADABLE = {
    "en": ("depends on the order", "confidential", "n/a", "see attached file", "tbc", "on request"),
    "de": ("nach Absprache", "k. A.", "vertraulich", "auf Anfrage"),
    "fr": ("confidentiel", "à définir", "selon commande"),
    "es": ("confidencial", "por determinar", "según pedido"),
    "it": ("riservato", "da definire", "su richiesta"),
    "pl": ("poufne", "do ustalenia"),
}
_QUALIFIERS = {"about": _ABOUT, "at_least": _AT_LEAST, "at_most": _AT_MOST}
LANGUAGES = tuple(_MARKS)
LARGEST_PLAIN = Decimal(10) ** 7


@dataclass(frozen=True, slots=True)
class Written:
    """An amount as a person writes it, and the notation used ("plain", "grouped", "thousand", ...)."""

    text: str
    notation: str


def write_number(value: Decimal, language: str, notation: str, dice: Dice) -> str:
    """Return a number in one notation.

    Parameters
    ----------
    value
        Zero or more.
    language
        One of ``LANGUAGES``; others are written as in English.
    notation
        plain (1200,5), grouped (1.200,5), thousand (1,2 Tsd.) or million (2 Mio).
    dice
        Decides between the habits of a language.

    Examples
    --------
    >>> dice = Dice("example")
    >>> write_number(Decimal("1200.5"), "de", "plain", dice)
    '1200,5'
    >>> write_number(Decimal(50000), "en", "grouped", dice)
    '50,000'
    >>> write_number(Decimal(500000), "nl", "million", dice)[:3]
    '0,5'
    """
    marks, point = _MARKS.get(language, _MARKS["en"])
    if notation in ("thousand", "million"):
        words = (_THOUSAND if notation == "thousand" else _MILLION).get(language)
        power = 3 if notation == "thousand" else 6
        known = words or (_THOUSAND if notation == "thousand" else _MILLION)["en"]
        return _digits(value.scaleb(-power), "", point) + dice.pick(known)
    return _digits(value, dice.pick(marks) if notation == "grouped" else "", point)


def _digits(value: Decimal, group: str, point: str) -> str:
    text = f"{value.normalize():,f}"
    whole, _, rest = text.partition(".")
    return whole.replace(",", group) + (point + rest if rest else "")


def notation_for(value: Decimal, dice: Dice) -> str:
    """Draw a notation that suits the size of a number."""
    if value >= 500_000 and dice.chance(0.45):
        return "million"
    if 1000 <= value < 1_000_000 and value % 100 == 0 and dice.chance(0.2):
        return "thousand"
    if value >= LARGEST_PLAIN:
        return "grouped"
    return "grouped" if value >= 1000 and dice.chance(0.5) else "plain"


def write_amount(low: Decimal, high: Decimal, qualifier: str, language: str, dice: Dice) -> Written:
    """Return an amount, or a range, in the words of a language.

    Parameters
    ----------
    low, high
        Ends of a range; equal if the qualifier is not ``range``.
    qualifier
        exact, about, range, at_least or at_most.
    language
        Of the writer.
    dice
        Decides on the notation.

    Examples
    --------
    >>> write_amount(Decimal(10000), Decimal(50000), "range", "fr", Dice("7")).text
    'entre 10000 et 50000'
    """
    notation = notation_for(low, dice)
    if qualifier == "range":
        return Written(_range(low, high, notation, language, dice), notation)
    text = write_number(low, language, notation, dice)
    if qualifier == "at_least" and notation in ("plain", "grouped") and dice.chance(0.2):
        return Written(text + "+", notation)
    words = _QUALIFIERS.get(qualifier)
    return Written(dice.pick(words.get(language, words["en"])) + text if words else text, notation)


def _range(low: Decimal, high: Decimal, notation: str, language: str, dice: Dice) -> str:
    """Write both ends alike; the word for thousand or million often stands behind the second only."""
    form = dice.pick(_RANGE.get(language, _RANGE["en"]))
    if notation in ("thousand", "million") and dice.chance(0.6):
        power = 3 if notation == "thousand" else 6
        point = _MARKS.get(language, _MARKS["en"])[1]
        return form.format(
            a=_digits(low.scaleb(-power), "", point), b=write_number(high, language, notation, dice)
        )
    habit = f"{dice.random()}"  # one person writes both ends alike
    ends = [write_number(end, language, notation, Dice(habit)) for end in (low, high)]
    return form.format(a=ends[0], b=ends[1])


def unreadable(language: str, dice: Dice) -> str:
    """Return an answer that holds no amount."""
    return dice.pick((*_UNREADABLE.get(language, _UNREADABLE["en"]), "?", "x"))
