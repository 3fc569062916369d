"""From a seat as an organisation wrote it to a point on the map, by rules tried in a fixed order.

Every result says by which rule it was found, or why it was not. No rule looks outside the country that the
seat is listed under, and a name that two towns of similar size share is not placed.
"""

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from babel import Locale

from helpers.data.country_codes import ISO_TO_EUROSTAT
from helpers.data.gazetteer import Gazetteer, Match, Town, degrees_apart, fold

PLACED = "placed"
REGION_UNKNOWN = "placed, region unknown"
NOT_PLACED = "not placed"
NOT_FOUND = "place not found"

SIMILAR_SIZE = 0.5
"""A namesake with at least this share of the larger town's inhabitants makes the name ambiguous."""
HAMLET = 500
"""GeoNames lists few places below this size, so a namesake in them is likelier to be missing than not."""
LONGEST_ENTRY = 150
_MOST_WORDS = 6
SAME_AREA_DEGREES = 0.7
CORRECTED_FROM = 15_000
"""Spelling is corrected only towards towns of this many inhabitants."""

# The languages in which an entry may name its country: official EU languages and those of neighbours.
_EU_LANGUAGES = "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv"
_NEIGHBOURS_LANGUAGES = "az be bs hy is ka mk nb ru sq sr tr uk"
_POSTCODE = re.compile(
    r"^(?:[A-Z]{1,2}-)?\d{4,6}\s+|\s+CEDEX(?:\s+\d+)?$|\s+\d{1,2}$|\s+[A-ZÆØÅ]\.?$", re.IGNORECASE
)
_BRACKETS = re.compile(r"\s*\([^)]*\)?")
_DIVISION = re.compile(
    r"^(?:v|s|c|vil|village|city|municipality|town|gmina|région|region|provincia|province)\b\.?\s+"
    r"|[\s-]+(?:village|municipality|district|rayon|raion|city|county|novads|region|град|область|район)\.?$",
    re.IGNORECASE,
)
_ABBREVIATIONS = (
    (re.compile(r"^s/c\b", re.IGNORECASE), "Santa Cruz"),
    (re.compile(r"\bmlp\.?$", re.IGNORECASE), "Małopolski"),
    (re.compile(r"\bwlkp\.?$", re.IGNORECASE), "Wielkopolski"),
    (re.compile(r"\bmaz\.?$", re.IGNORECASE), "Mazowiecki"),
)
_STRONG_MARKS = re.compile(r"\s*[,;/|:]\s*|\s+[-–—]\s*|\s*[-–—]\s+|\s*–\s*")


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a seat is, or why that is not known."""

    town: Town | None
    reason: str

    @property
    def status(self) -> str:
        """Return "placed" or "not placed"."""
        return PLACED if self.town else NOT_PLACED


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to read an entry: its name in the ``reason`` column and the search itself."""

    name: str
    search: Callable[[str, Gazetteer], Match | None]


def place_seat(listed: str, gazetteer: Gazetteer) -> Placed:
    """Return the town that a seat as listed stands for.

    Parameters
    ----------
    listed
        The entry, in any spelling or language.
    gazetteer
        The towns of the country that the seat is listed under.

    Returns
    -------
    Placed
        The town, or None; the reason in either case.

    Examples
    --------
    >>> graz = (Town(1, "Graz", 47.07, 15.44, 303270, "06"), [])
    >>> place_seat("8010 GRAZ", Gazetteer("AT", [graz])).reason
    'without postcode or district: name'
    >>> place_seat("Österreich", Gazetteer("AT", [graz])).reason
    'the country is named, not a town'
    >>> place_seat("Gratz", Gazetteer("AT", [graz])).reason
    'place not found'
    """
    text = " ".join(listed.split())
    if not fold(text):
        return Placed(None, "no place is given")
    if len(text) > LONGEST_ENTRY:
        return Placed(None, f"longer than {LONGEST_ENTRY} characters: no name of a place")
    country = _country_named(text, gazetteer)
    if country:
        return Placed(None, country)
    for rule in RULES:
        match = rule.search(text, gazetteer)
        if match:
            return _placed(rule, match)
    return Placed(None, NOT_FOUND)


def _placed(rule: Rule, match: Match) -> Placed:
    how = f"{rule.name}: {match.by}" if rule.name else match.by
    if 0 < match.town.population < HAMLET:
        return Placed(None, f"only a hamlet of that name is known ({match.town.population} inhabitants)")
    if not match.others:
        return Placed(match.town, how)
    second = match.others[0]
    if second.population >= SIMILAR_SIZE * match.town.population:
        return Placed(None, f"ambiguous: {match.town.name} and a place of similar size share the name")
    count = len(match.others)
    noun = "place shares" if count == 1 else "places share"
    return Placed(match.town, f"{how}; {count} smaller {noun} it, the largest was taken")


def _country_named(text: str, gazetteer: Gazetteer) -> str | None:
    """Return why an entry that names a country is no place; a town may bear its country's name."""
    code = country_of_name(text)
    if code is None:
        return None
    match = gazetteer.find(text)
    if match and match.by == "name" and match.town.population >= CORRECTED_FROM:
        return None
    if code == gazetteer.country:
        return "the country is named, not a town"
    return f"another country is named ({code}), not a town"


def country_of_name(text: str) -> str | None:
    """Return the Eurostat code of the country that a text names in one of 37 languages, else None.

    Examples
    --------
    >>> country_of_name("Польша"), country_of_name("Ellada"), country_of_name("ΕΛΛΑΔΑ")
    ('PL', None, 'EL')
    """
    return _country_names().get(fold(text))


@functools.cache
def _country_names() -> dict[str, str]:
    names: dict[str, str] = {}
    for language in (*_EU_LANGUAGES.split(), *_NEIGHBOURS_LANGUAGES.split()):
        for code, name in sorted(Locale(language).territories.items()):
            if len(code) == 2 and code.isalpha():
                names.setdefault(fold(name), ISO_TO_EUROSTAT.get(code, code))
    return names


def _as_listed(text: str, gazetteer: Gazetteer) -> Match | None:
    return gazetteer.find(text)


def _without_brackets(text: str, gazetteer: Gazetteer) -> Match | None:
    return gazetteer.find(_BRACKETS.sub("", text))


def _without_postcode(text: str, gazetteer: Gazetteer) -> Match | None:
    return gazetteer.find(_POSTCODE.sub("", _BRACKETS.sub("", text)))


def _written_out(text: str, gazetteer: Gazetteer) -> Match | None:
    for pattern, words in _ABBREVIATIONS:
        if pattern.search(text):
            return gazetteer.find(pattern.sub(words, text))
    return None


def _without_division(text: str, gazetteer: Gazetteer) -> Match | None:
    shorter = _DIVISION.sub("", text)
    return gazetteer.find(shorter) if shorter != text else None


def _parts(text: str) -> list[str]:
    """Return what stands between commas, slashes and spaced dashes, cleaned of postcodes and the like."""
    pieces = _STRONG_MARKS.split(_BRACKETS.sub("", text))
    cleaned = (_DIVISION.sub("", _POSTCODE.sub("", piece)) for piece in pieces)
    return [part for part in cleaned if len(fold(part)) > 2]


def _first_part(text: str, gazetteer: Gazetteer) -> Match | None:
    parts = _parts(text)
    return gazetteer.find(parts[0]) if len(parts) > 1 else None


def _later_part(text: str, gazetteer: Gazetteer) -> Match | None:
    found = (gazetteer.find(part) for part in _parts(text)[1:])
    return next((match for match in found if match), None)


def _splits(text: str) -> Iterator[tuple[str, str]]:
    """Yield every way to cut the first part in two, between words or at a hyphen, the longest start first."""
    first = _STRONG_MARKS.split(_BRACKETS.sub("", text))[0]
    for mark in reversed(list(re.finditer(r"[ -]", first))):
        yield first[: mark.start()], first[mark.end() :]


def _two_places(text: str, gazetteer: Gazetteer) -> Match | None:
    """Accept a start that is a place if the rest names a place close by ("Mestre VENEZIA")."""
    for start, rest in _splits(text):
        first = gazetteer.find(start) if len(fold(start)) > 3 else None
        words = rest.replace("-", " ").split()[:_MOST_WORDS]
        spans = [" ".join(words[i:j]) for i in range(len(words)) for j in range(len(words), i, -1)]
        others = (gazetteer.find(span) for span in spans if len(span) > 3)
        if first and any(
            other and degrees_apart(first.town, other.town) < SAME_AREA_DEGREES for other in others
        ):
            return first
    return None


def _town_and_district(text: str, gazetteer: Gazetteer) -> Match | None:
    """Accept a large town before a hyphen ("Ostrava-Poruba")."""
    start, hyphen, _ = text.partition("-")
    match = gazetteer.find(start) if hyphen and len(fold(start)) > 3 else None
    return match if match and match.by == "name" and match.town.population >= CORRECTED_FROM else None


def _one_letter(text: str, gazetteer: Gazetteer) -> Match | None:
    return gazetteer.nearly(text, CORRECTED_FROM)


RULES = (
    Rule("", _as_listed),
    Rule("without the part in brackets", _without_brackets),
    Rule("without postcode or district", _without_postcode),
    Rule("abbreviation written out", _written_out),
    Rule("without a word such as municipality", _without_division),
    Rule("first of several parts", _first_part),
    Rule("two places close together, the first", _two_places),
    Rule("town before its district", _town_and_district),
    Rule("first part not found, a later one", _later_part),
    Rule("spelling", _one_letter),
)
"""The rules in the order in which they are tried; the first that finds a town decides."""
