"""Months as respondents write them: 2021-06, 06/2021, June 2021, juin 2021, Q3 2021, mid-2021, immediately.

A month that a text leaves open is the first one it can mean, and is flagged: a quarter, half-year or year
("date_coarse"), a month without its year ("year_assumed"), a day and month that could be swapped
("date_ambiguous"; read day first, as in Europe).
"""

import datetime as dt
import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple

from babel import Locale

from helpers.data.gazetteer import fold
from helpers.data.word_lists import phrases, words

LANGUAGES = words("bg cs da de el en es et fi fr ga hr hu it lt lv mt nb nl pl pt ro sk sl sq sr sv tr uk")
FIRST_YEAR, LAST_YEAR = 2000, 2060
LONGEST = 120
_NOW = frozenset(
    fold(phrase)
    for phrase in phrases(
        """
        immediately; immediate; now; already; already available; available; available now; at once;
        asap; today; currently; running; in operation; as of now; from now on; right away; yes; sofort;
        ab sofort; jetzt; bereits; bereits verfügbar; schon; heute; laufend; verfügbar; immédiatement;
        immédiat; immédiate; maintenant; dès maintenant; tout de suite; déjà; déjà disponible;
        aujourd'hui; disponible; inmediatamente; de inmediato; inmediato; inmediata; ahora; ya; ya
        disponible; hoy; subito; immediatamente; immediata; immediato; ora; già; già disponibile; da
        subito; oggi; natychmiast; od zaraz; teraz; już; już dostępne; dziś; od ręki; imediat; acum;
        deja; onmiddellijk; direct; nu; per direct; meteen; imediatamente; já; agora; omedelbart;
        genast; straks; heti; nyt; ihned; okamžitě; teď; hneď; azonnal; άμεσα; τώρα; веднага; сега;
        odmah; takoj; kohe; tūlīt; nedelsiant
    """
    )
)
_QUARTER = r"(?:q|kw?t|quarter|quartal|trimestre|trim|kwartal|kvartal|tr|t)"
_HALF = r"(?:h|half|hj|halbjahr|semestre|sem|s|polrocze|polroku)"
_ORDINALS = {
    "first": 1,
    "1st": 1,
    "erstes": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
}
_PARTS = {
    1: "beginning start early anfang beginn debut principios inizio poczatek inceputul begin comienzos",
    3: "spring fruhjahr fruhling printemps primavera wiosna lente",
    6: "summer sommer ete verano estate lato zomer mid middle mitte milieu mediados meta polowa mijlocul "
    "midden vara",
    9: "autumn fall herbst automne otono autunno jesien herfst toamna",
    11: "late",
    12: "end ende fin finales fine koniec sfarsitul eind winter hiver invierno inverno zima",
}
_AROUND_YEARS = frozenset(
    words(
        """
        in of from by the year during within early im ab anfang jahr en de du des le la l annee ano del
        dal nel anno di w od r roku rok in anul an din van het vanaf jaar i fra fran ar v ve do za bis
        zum das partir
    """
    )
)
_PART_MONTHS = {word: month for month, listed in _PARTS.items() for word in words(listed)}
_NO_MONTHS = frozenset({"des", "out", "set", "sen", "mid"})
"""Short names of months that are common words in another language."""
_IN_MONTHS = re.compile(
    r"\b(?:in|within|dans|d ici|en|tra|fra|za|innerhalb von|over|peste|om)\s+(\d{1,2})\s+"
    r"(month|months|monat|monate|monaten|mois|mes|meses|mesi|mese|miesiac|miesiace|miesiecy|maanden|luni|manader)\b"
)


class Month(NamedTuple):
    """The first day of a month, ``None`` if the text names none, and what had to be decided."""

    first: dt.date | None
    flags: tuple[str, ...] = ()


def parse_month(text: str, submitted: dt.date | None = None) -> Month:
    """Return the month that a text names.

    Parameters
    ----------
    text
        In one of 29 languages.
    submitted
        Day on which it was written; "immediately" and months without a year count from it.

    Returns
    -------
    Month
        Flags: date_coarse, date_ambiguous, year_assumed, date_unreadable.

    Examples
    --------
    >>> parse_month("juin 2021").first.isoformat(), parse_month("06/2021").first.isoformat()
    ('2021-06-01', '2021-06-01')
    >>> parse_month("Q3 2021")
    Month(first=datetime.date(2021, 7, 1), flags=('date_coarse',))
    >>> parse_month("ab sofort", dt.date(2021, 3, 17)).first.isoformat()
    '2021-03-01'
    >>> parse_month("when we can")
    Month(first=None, flags=('date_unreadable',))
    """
    month = None if submitted is None else submitted.replace(day=1)
    return _parse_month(text.strip()[: LONGEST + 1], month)


@lru_cache(maxsize=200_000)
def _parse_month(text: str, now: dt.date | None) -> Month:
    if not text:
        return Month(None)
    if len(text) > LONGEST:
        return Month(None, ("date_unreadable",))
    for reader in _READERS:
        found = reader(text, now)
        if found is not None:
            return found
    return Month(None, ("date_unreadable",))


def _month(year: int, month: int, *flags: str) -> Month | None:
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        return None
    return Month(dt.date(year, month, 1), flags)


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


_ISO = re.compile(r"(\d{4})[-./](\d{1,2})(?:[-./](\d{1,2}))?(?:[T ][0-9:.,+Z ]*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-./ ]\s?(\d{1,2})[-./ ]\s?(\d{4}|\d{2})(?:[T ][0-9:.,]*)?")
_MONTH_YEAR = re.compile(r"(\d{1,2})\s?[-./ ]\s?(\d{4})|(\d{1,2})[/.](\d{2})")


def _in_figures(text: str, _: dt.date | None) -> Month | None:
    if match := _ISO.fullmatch(text):
        if match[3] and not _is_day(int(match[1]), int(match[2]), int(match[3])):
            return None
        return _month(int(match[1]), int(match[2]))
    if match := _DAY_FIRST.fullmatch(text):
        return _day_first(int(match[1]), int(match[2]), _full_year(match[3]))
    if match := _MONTH_YEAR.fullmatch(text):
        month, year = (match[1], match[2]) if match[1] else (match[3], match[4])
        return _month(_full_year(year), int(month))
    return None


def _day_first(day: int, month: int, year: int) -> Month | None:
    """Read 03/04/2021 as the third of April and say so; 04/13/2021 can only be American."""
    if _is_day(year, month, day):
        swapped = day <= 12 and day != month
        return _month(year, month, *(["date_ambiguous"] if swapped else []))
    return _month(year, day, "date_ambiguous") if _is_day(year, day, month) else None


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def _at_once(text: str, now: dt.date | None) -> Month | None:
    if fold(text) not in _NOW:
        return None
    return Month(now) if now else Month(None, ("date_unreadable",))


def _after_months(text: str, now: dt.date | None) -> Month | None:
    match = _IN_MONTHS.search(fold(text))
    if match is None or now is None:
        return None
    after = now.year * 12 + now.month - 1 + int(match[1])
    return _month(after // 12, after % 12 + 1, "date_coarse")


def _in_words(text: str, now: dt.date | None) -> Month | None:
    """Read a text with the name of a month, and a year where it has one."""
    found = fold(text).split()
    months = [month for month in map(_month_of, found) if month]
    years = [int(word) for word in found if re.fullmatch(r"20\d\d", word)]
    if not months or len(set(years)) > 1:
        return None
    flags = [] if len(set(months)) == 1 else ["date_coarse"]
    if years:
        return _month(years[0], months[0], *flags)
    short = re.search(r"[^\W\d_][ .'’/-]+(\d{2})$", text.strip())
    if short and int(short[1]) > 12:
        return _month(2000 + int(short[1]), months[0], *flags)
    if now is None:
        return None
    return _month(now.year + (months[0] < now.month), months[0], *flags, "year_assumed")


def _quarter_or_half(text: str, _: dt.date | None) -> Month | None:
    small = fold(text)
    year = re.search(r"\b(20\d\d)\b", small) or re.search(r"\b(\d{2})$", small)
    if year is None:
        return None
    small = re.sub(r"\b(" + "|".join(_ORDINALS) + r")\b", lambda word: str(_ORDINALS[word[1]]), small)
    for unit, months in ((_QUARTER, 3), (_HALF, 6)):
        match = re.search(rf"\b{unit} ?([1-4])\b", small) or re.search(
            rf"\b([1-4])(?:e|er|eme|o|st|nd|rd|th)? ?{unit}\b", small
        )
        if match and int(match[1]) * months <= 12:
            return _month(_full_year(year[1]), (int(match[1]) - 1) * months + 1, "date_coarse")
    return None


def _year_alone(text: str, _: dt.date | None) -> Month | None:
    found = fold(text).split()
    years = {word for word in found if re.fullmatch(r"20\d\d", word)}
    others = [word for word in found if word not in years]
    if len(years) != 1 or not all(word in _PART_MONTHS or word in _AROUND_YEARS for word in others):
        return None
    month = next((_PART_MONTHS[word] for word in others if word in _PART_MONTHS), 1)
    return _month(int(years.pop()), month, "date_coarse")


_READERS: tuple[Callable[[str, dt.date | None], Month | None], ...] = (
    _in_figures,
    _at_once,
    _quarter_or_half,
    _in_words,
    _after_months,
    _year_alone,
)


@cache
def _month_names() -> dict[str, int]:
    """Return the folded names of months, whole and shortened, that mean one month in all languages."""
    found: dict[str, set[int]] = {}
    for language in LANGUAGES:
        months = Locale(language).months
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[form][width].items():
                    found.setdefault(fold(name), set()).add(number)
    return {
        name: min(numbers)
        for name, numbers in found.items()
        if len(numbers) == 1 and name.isalpha() and len(name) > 2 and name not in _NO_MONTHS
    }


@cache
def _month_stems() -> dict[str, int]:
    """Return the first five letters of the names, which cases leave as they are ("w czerwcu")."""
    found: dict[str, set[int]] = {}
    for name, number in _month_names().items():
        if len(name) >= 5:
            found.setdefault(name[:5], set()).add(number)
    return {stem: min(numbers) for stem, numbers in found.items() if len(numbers) == 1}


def _month_of(word: str) -> int | None:
    return _month_names().get(word) or (_month_stems().get(word[:5]) if len(word) > 5 else None)


@cache
def _date_pattern() -> re.Pattern[str]:
    """Return a pattern of dates inside a text, written with its accents folded away."""
    names = "|".join(sorted(_month_names(), key=len, reverse=True))
    year = r"20[0-6]\d"
    return re.compile(
        rf"\b(?:(?:{names})\.?[ ,/-]*{year}|{_QUARTER} ?[1-4][ ,/-]*{year}|{_HALF} ?[12][ ,/-]*{year}"
        rf"|\d{{1,2}}[./-]\d{{1,2}}[./-]{year}|{year}-\d\d(?:-\d\d)?|(?:0?[1-9]|1[0-2])[/.]{year}"
        rf"|(?:in|by|from|since|until|ab|bis|seit|en|des|depuis|od|do|nel|dal|w|desde|za|im jahr|year) {year}"
        r")\b"
    )


def without_dates(text: str) -> str:
    """Return a text without the dates in it, so that their figures are not taken for amounts.

    Parameters
    ----------
    text
        In small letters without accents.

    Examples
    --------
    >>> without_dates("5000 per month from june 2021"), without_dates("2000 per week")
    ('5000 per month from  ', '2000 per week')
    """
    return _date_pattern().sub(" ", text)
