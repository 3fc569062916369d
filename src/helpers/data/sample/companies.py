"""Invented firms: names that no firm bears, people, addresses that cannot be reached."""

import functools
from dataclasses import dataclass, field, replace
from importlib import resources
from typing import Any

import yaml

from helpers.data.sample.dice import Dice

_ONSETS = (
    *("b", "br", "d", "dr", "f", "fl", "g", "gl", "h", "k", "kl", "kr", "l", "m", "n", "p", "pl", "pr", "qu"),
    *("r", "s", "sk", "st", "t", "tr", "v", "vr", "w", "z", "zw"),
)
_VOWELS = ("a", "e", "i", "o", "u", "ai", "eo", "ua")
_ENDS = (
    *("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", "z"),
    *("lm", "nd", "rk", "st", "lv", "rn"),
)
_TRADES = {
    "en": ("Works", "Pharma", "Plastics", "Labs", "Medical", "Logistics", "Glass", "Biotech", "Tools"),
    "de": ("Werke", "Pharma", "Kunststofftechnik", "Labor", "Medizintechnik", "Logistik", "Glas", "Biotech"),
    "fr": ("Ateliers", "Pharma", "Plastiques", "Laboratoires", "Médical", "Logistique", "Verrerie"),
    "es": ("Talleres", "Farma", "Plásticos", "Laboratorios", "Médica", "Logística", "Vidrio"),
    "it": ("Officine", "Farma", "Plastica", "Laboratori", "Medicale", "Logistica", "Vetreria"),
    "pl": ("Zakłady", "Farma", "Tworzywa", "Laboratorium", "Medyczne", "Logistyka", "Szkło"),
}
_FIRST_NAMES = (
    *("Anna", "Maria", "Eva", "Jana", "Sofia", "Laura", "Elena", "Marta", "Nina", "Irene", "Clara", "Julia"),
    *("Emma", "Ines", "Vera", "Jan", "Peter", "Marco", "Luca", "Tomas", "Pavel", "David", "Martin", "Victor"),
    *("Hugo", "Lars", "Nils", "Andrea", "Ivan", "Leon"),
)
_PHONES = {
    # Numbers that the regulators of these countries keep free for films and books.
    "FR": ("01 99 00 {a:02d} {b:02d}", "02 61 91 {a:02d} {b:02d}", "+33 4 65 71 {a:02d} {b:02d}"),
    "DE": ("030 23125 {c:03d}", "+49 69 90009 {c:03d}", "(089) 99998-{c:03d}"),
    "UK": ("020 7946 0{c:03d}", "+44 1632 960{c:03d}"),
    "IE": ("020 912 {d:04d}",),
    "SE": ("08-465 004 {a:02d}", "+46 31 390 06 {a:02d}"),
}
_OTHER_PHONES = ("+44 1632 960{c:03d}", "0044 20 7946 0{c:03d}", "+1 202 555 01{a:02d}")


@dataclass(frozen=True, slots=True)
class Country:
    """What the generator knows of a country; see ``world.yml``."""

    code: str
    weight: float
    propensity: float
    languages: dict[str, float]
    legal: tuple[str, ...]
    towns: dict[str, str]
    other: dict[str, str]
    texts: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Firm:
    """An invented respondent: who it is and where."""

    name: str
    contact: str
    email: str
    phone: str
    website: str
    country: str
    town: str
    postcode: str
    language: str


@functools.cache
def world() -> dict[str, Country]:
    """Return the countries in the order of ``world.yml``.

    Examples
    --------
    >>> len(world()), world()["EL"].towns["Πάτρα"]
    (30, '262 21')
    """
    text = resources.files("helpers.data.sample").joinpath("world.yml").read_text(encoding="utf-8")
    content: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return {
        code: Country(**{"code": code, **entry, "legal": tuple(entry["legal"])})
        for code, entry in content.items()
    }


def word(dice: Dice, syllables: int) -> str:
    """Return an invented word, such as "Brevok".

    Examples
    --------
    >>> word(Dice("a"), 2).istitle()
    True
    """
    made = "".join(dice.pick(_ONSETS) + dice.pick(_VOWELS) for _ in range(syllables - 1))
    return (made + dice.pick(_ONSETS) + dice.pick("aeiou") + dice.pick(_ENDS)).capitalize()


def make_firm(country: str, dice: Dice) -> Firm:
    """Invent a firm of a country; its name begins with "Sample".

    Parameters
    ----------
    country
        Eurostat code of ``world.yml``.
    dice
        Decides everything.

    Examples
    --------
    >>> firm = make_firm("AT", Dice("x"))
    >>> firm.name.startswith("Sample "), firm.email.endswith(".example"), firm.country
    (True, True, 'AT')
    """
    known = world()[country]
    language = dice.weighted(known.languages)
    first, trade = word(dice, 3), dice.pick(_TRADES.get(language, _TRADES["en"]))
    person = f"{dice.pick(_FIRST_NAMES)} {word(dice, 3)}"
    town = dice.pick(list(known.towns)[: dice.whole(1, len(known.towns))])
    domain = f"{first.lower()}.example"
    mailbox = dice.pick(("info", "sales", person.lower().replace(" ", "."), "covid19"))
    return Firm(
        name=f"Sample {first} {trade} {dice.pick(known.legal)}",
        contact=person,
        email=f"{mailbox}@{domain}",
        phone=_phone(country, dice),
        website=dice.pick((f"https://www.{domain}", f"www.{domain}", f"http://{domain}/covid")),
        country=country,
        town=town,
        postcode=known.towns[town],
        language=language,
    )


def _phone(country: str, dice: Dice) -> str:
    form = dice.pick(_PHONES.get(country, _OTHER_PHONES))
    return form.format(a=dice.whole(0, 99), b=dice.whole(0, 99), c=dice.whole(0, 999), d=dice.whole(0, 9999))


def another_spelling(firm: Firm, dice: Dice) -> Firm:
    """Return the same firm as a colleague would enter it: name, town and contact spelt in another way.

    Examples
    --------
    >>> firm = make_firm("DE", Dice("y"))
    >>> other = another_spelling(firm, Dice("z"))
    >>> other.name != firm.name, other.country == firm.country
    (True, True)
    """
    words = firm.name.split()
    core = " ".join(words[:3])
    spellings = [
        core,
        firm.name.upper(),
        f"{core}, {' '.join(words[3:])}",
        " ".join([words[0], slip(words[1], dice), *words[2:]]),
        firm.name.replace(".", "").replace("GmbH", "Gmbh"),
        f"{core} ({firm.town})",
    ]
    different = [spelling for spelling in spellings if spelling != firm.name]
    colleague = f"{dice.pick(_FIRST_NAMES)} {word(dice, 3)}"
    person = firm.contact if dice.chance(0.5) else colleague
    domain = firm.email.partition("@")[2]
    return replace(
        firm,
        name=dice.pick(different),
        contact=person,
        email=firm.email if dice.chance(0.6) else f"{person.split()[0].lower()}@{domain}",
        town=town_as_written(firm, dice, exact=0.5),
    )


def town_as_written(firm: Firm, dice: Dice, exact: float = 0.86) -> str:
    """Return a town as people enter it: mostly right, else in another language, with a slip or a postcode."""
    if dice.chance(exact):
        return firm.town
    other = world()[firm.country].other.get(firm.town)
    options = [firm.town.upper(), f"{firm.postcode} {firm.town}", slip(firm.town, dice), f" {firm.town} "]
    return dice.pick([*options, other, other] if other else options)


def slip(name: str, dice: Dice) -> str:
    """Return a name with one letter left out, doubled or exchanged with its neighbour.

    Examples
    --------
    >>> slip("Graz", Dice("1")) != "Graz"
    True
    """
    if len(name) < 3:
        return name + name[-1:]
    at = dice.whole(1, len(name) - 2)
    kinds = [name[:at] + name[at + 1 :], name[:at] + name[at] + name[at:]]
    if name[at] != name[at + 1]:
        kinds.append(name[:at] + name[at + 1] + name[at] + name[at + 2 :])
    return dice.pick(kinds)
