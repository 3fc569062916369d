"""The codebook: themes, the terms by which they are recognised in each language, and markers of negation."""

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from helpers.analysis.themes.terms import Term, parts_of
from helpers.analysis.themes.words import clean
from helpers.data.errors import InputError

LANGUAGES = (
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr",
    "hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv",
)  # fmt: skip
"""The official languages of the EU, ISO 639-1."""
EVERY = "*"
CODES, CANCELS = "codes", "cancels"
EFFECTS = (CODES, CANCELS)
MARKERS = ("negation", "no", "limit", "trouble", "fine", "turn", "and", "nothing")
_THEME = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme of the codebook; what is not stated is empty."""

    theme: str
    label: str
    definition: str = ""
    belongs: str = ""
    does_not_belong: str = ""
    eaac_themes: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Codebook:
    """Themes in their order, their terms, and the markers.

    Examples
    --------
    >>> themes = pd.DataFrame({"theme": ["energy"], "label": ["Energy"]})
    >>> terms = pd.DataFrame({"theme": "energy", "language": "en", "term": ["power cut", "electric*"]})
    >>> codebook = codebook_from_tables(themes, terms)
    >>> codebook.codes, [term.term for term in codebook.terms]
    (('energy',), ['power cut', 'electric*'])
    """

    themes: tuple[Theme, ...]
    terms: tuple[Term, ...]
    markers: tuple[Term, ...] = field(default=())

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the themes, in order."""
        return tuple(theme.theme for theme in self.themes)

    @property
    def labels(self) -> dict[str, str]:
        """Code -> label."""
        return {theme.theme: theme.label for theme in self.themes}


def codebook_from_tables(
    themes: pd.DataFrame, terms: pd.DataFrame, markers: pd.DataFrame | None = None
) -> Codebook:
    """Return the codebook that three tables describe.

    Parameters
    ----------
    themes
        One row a theme: ``theme``, ``label``; further columns are optional: ``order``, ``definition``,
        ``belongs``, ``does_not_belong``, and lists joined by ";": ``eaac_themes``, ``stages``, ``domains``.
    terms
        One row a term: ``theme``, ``language`` (ISO 639-1, or ``*`` for every language), ``term``;
        ``effect`` is "codes" (the default) or "cancels".
    markers
        One row a marker: ``language``, ``term``, ``kind``, see `helpers.analysis.themes.negation`. Without
        markers nothing is held to be negated.

    Returns
    -------
    Codebook
        Themes by ``order``, or in the order of the rows.

    Raises
    ------
    InputError
        If a column is missing, a theme, language, effect or kind is unknown, a term is empty, given twice or
        has a ``*`` in the middle of a word; the message names the row and the column.
    """
    faults = _missing(themes, ("theme", "label"), "themes") + _missing(
        terms, ("theme", "language", "term"), "terms"
    )
    if markers is not None:
        faults += _missing(markers, ("language", "term", "kind"), "markers")
    if faults:
        raise InputError(faults)
    read = _themes(themes, faults)
    known = {theme.theme for theme in read}
    coded = _terms(terms, "terms", known, faults)
    marked = () if markers is None else _terms(markers, "markers", known, faults)
    if faults:
        raise InputError(faults[:50])
    return Codebook(read, coded, marked)


def _missing(table: pd.DataFrame, columns: Iterable[str], name: str) -> list[str]:
    gone = [column for column in columns if column not in table.columns]
    return [
        f"{name}: column {column}: not there; found: {', '.join(map(str, table.columns))}" for column in gone
    ]


def _rows(table: pd.DataFrame) -> Iterable[tuple[int, Mapping[Hashable, Any]]]:
    """Yield the rows with their numbers in the file: 1 is the header."""
    for at, row in enumerate(table.to_dict("records"), start=2):
        number = row.get("raw_row")
        yield (at if _is_missing(number) else int(str(number))), row


def _text(row: Mapping[Hashable, Any], column: str) -> str:
    value = row.get(column)
    return "" if _is_missing(value) else str(value).strip()


def _is_missing(value: object) -> bool:
    """Say what `pandas.isna` says of a scalar, which asks much longer of each of 130,000 cells."""
    return value is None or value is pd.NA or value != value


def _list(row: Mapping[Hashable, Any], column: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _text(row, column).split(";") if part.strip())


def _themes(table: pd.DataFrame, faults: list[str]) -> tuple[Theme, ...]:
    read: list[Theme] = []
    places: list[float] = []
    seen: dict[str, int] = {}
    for number, row in _rows(table):
        code, label = _text(row, "theme"), _text(row, "label")
        if not _THEME.fullmatch(code):
            faults.append(
                f"themes: row {number}, column theme: found {code[:60]!r}, allowed: letters, digits and _"
            )
        elif code in seen:
            faults.append(
                f"themes: row {number}, column theme: found {code!r} again, first in row {seen[code]}; "
                "allowed: once"
            )
        if not label:
            faults.append(f"themes: row {number}, column label: found nothing, allowed: a text")
        seen.setdefault(code, number)
        read.append(
            Theme(
                code,
                label,
                definition=_text(row, "definition"),
                belongs=_text(row, "belongs"),
                does_not_belong=_text(row, "does_not_belong"),
                eaac_themes=_list(row, "eaac_themes"),
                stages=_list(row, "stages"),
                domains=_list(row, "domains"),
            )
        )
        places.append(_order(number, row, faults))
    return tuple(read[at] for at in sorted(range(len(read)), key=places.__getitem__))


def _order(number: int, row: Mapping[Hashable, Any], faults: list[str]) -> float:
    """Return the place of a theme; that of its row if none is given."""
    stated = _text(row, "order")
    if not stated:
        return float(number)
    try:
        return float(stated)
    except ValueError:
        faults.append(f"themes: row {number}, column order: found {stated[:20]!r}, allowed: a number")
        return 0.0


def _terms(table: pd.DataFrame, name: str, known: set[str], faults: list[str]) -> tuple[Term, ...]:
    read: list[Term] = []
    seen: dict[tuple[str, ...], int] = {}
    for number, row in _rows(table):
        where = f"{name}: row {number}"
        theme = "" if name == "markers" else _text(row, "theme")
        effect = _text(row, "kind") if name == "markers" else _text(row, "effect") or EFFECTS[0]
        language, term = _text(row, "language"), _text(row, "term")
        faults += _faults(where, name, theme, language, effect, known)
        try:
            parts = parts_of(term)
        except ValueError as fault:
            faults.append(f"{where}, column term: found {term[:60]!r}: {fault}")
            continue
        key = (theme, language, effect, " ".join(clean(term).split()))
        if key in seen:
            faults.append(
                f"{where}, column term: found {term[:60]!r} again, first in row {seen[key]}; allowed: once"
            )
        seen.setdefault(key, number)
        read.append(Term(theme, language, term, effect, parts))
    return tuple(read)


def _faults(where: str, name: str, theme: str, language: str, effect: str, known: set[str]) -> list[str]:
    faults = []
    if name != "markers" and theme not in known:
        faults.append(f"{where}, column theme: found {theme[:60]!r}, allowed: {', '.join(sorted(known))}")
    if language != EVERY and language not in LANGUAGES:
        faults.append(
            f"{where}, column language: found {language[:20]!r}, allowed: {', '.join(LANGUAGES)} or *"
        )
    allowed, column = (MARKERS, "kind") if name == "markers" else (EFFECTS, "effect")
    if effect not in allowed:
        faults.append(f"{where}, column {column}: found {effect[:20]!r}, allowed: {', '.join(allowed)}")
    return faults
