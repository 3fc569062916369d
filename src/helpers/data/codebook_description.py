r"""What a codebook of ours holds and REFI-QDA has no place for, as paragraphs of a code's description.

Each begins in a fixed way, so that people can read it there and the import finds it again::

    Electricity, gas, heat and fuels for production.
    Belongs: Power cuts; grid connection.
    Does not belong: Fuel surcharges of carriers (logistics).
    Theme: energy
    Terms (de): strompreis*; energiekosten
    Cancelling terms (en): human energy

In a text a line that happens to begin so gets a ``\`` in front, and so does a ``;`` or ``\`` inside a term.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from helpers.data.coding.harmless import harmless

TEXTS = {"belongs": "Belongs", "does_not_belong": "Does not belong"}
LISTS = {"eaac_themes": "Themes of July 2020", "stages": "Stages", "domains": "Domains"}
_EFFECTS = {"codes": "Terms", "cancels": "Cancelling terms"}
_COLUMN = {words: column for column, words in {**TEXTS, "theme": "Theme", **LISTS}.items()}
_EFFECT = {words: effect for effect, words in _EFFECTS.items()}
_BEGINNING = re.compile(
    rf"(?:({'|'.join(_COLUMN)})|({'|'.join(_EFFECT)}) \(([a-z]{{2}}|\*)\)):[ \t]*", re.ASCII
)
_ESCAPED = re.compile(rf"\\+(?={_BEGINNING.pattern})", re.ASCII)
_SEPARATOR = re.compile(r"(?<!\\)((?:\\\\)*);")


def written_description(row: Mapping[Any, Any], terms: Mapping[tuple[str, str], list[str]]) -> str:
    """Return the description of a theme.

    Parameters
    ----------
    row
        Of themes.csv.
    terms
        By effect and language.

    Examples
    --------
    >>> row = {"theme": "energy", "definition": "Power."}
    >>> print(written_description(row, {("codes", "en"): ["fuel", "gas"]}))
    Power.
    Theme: energy
    Terms (en): fuel; gas
    """
    paragraphs = [_plain(str(row.get("definition", "")))]
    for column, words in {**TEXTS, "theme": "Theme", **LISTS}.items():
        text = str(row.get(column, "")).strip()
        paragraphs += [f"{words}: {_plain(text)}"] if text else []
    for effect, language in sorted(terms):
        listed = "; ".join(re.sub(r"([\\;])", r"\\\1", term) for term in terms[effect, language])
        paragraphs.append(f"{_EFFECTS.get(effect, 'Terms')} ({language}): {listed}")
    return "\n".join(text for text in paragraphs if text)


def _plain(text: str) -> str:
    """Return a text in which no line looks like the beginning of another paragraph."""
    lines = "\n".join(text.splitlines()).strip().split("\n")
    return "\n".join(f"\\{line}" if re.match(rf"\\*{_BEGINNING.pattern}", line) else line for line in lines)


def read_description(text: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    r"""Return the columns and the terms that a description holds.

    A text without any of the beginnings is the definition.

    Returns
    -------
    dict
        Columns of themes.csv; ``definition`` is always there.
    list of dict
        Terms: ``language``, ``term``, ``effect``.

    Examples
    --------
    >>> read_description("Power.\nTerms (en): fuel; gas")[1][0]
    {'language': 'en', 'term': 'fuel', 'effect': 'codes'}
    """
    said: dict[str, str] = {"definition": ""}
    terms: list[dict[str, str]] = []
    for column, language, words in _paragraphs(text):
        if language:
            listed = _SEPARATOR.sub(r"\1\n", " ".join(words.split())).split("\n")
            read = [re.sub(r"\\(.)", r"\1", term).strip() for term in listed]
            terms += [
                {"language": language, "term": harmless(term), "effect": column} for term in read if term
            ]
        else:
            before = f"{said[column]}\n" if said.get(column) else ""
            said[column] = before + harmless(words.strip())
    return said, terms


def _paragraphs(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the paragraphs of a description: column or effect, language of terms, words."""
    column, language, lines = "definition", "", list[str]()
    for line in "\n".join(text.splitlines()).split("\n"):
        begins = _BEGINNING.match(line)
        if begins:
            yield column, language, "\n".join(lines)
            words, effect, found = begins.groups()
            column, language = (_COLUMN[words], "") if words else (_EFFECT[effect], found)
            rest = line[begins.end() :]
            lines = [_unescaped(rest) if words else rest]
        else:
            lines.append(line if language else _unescaped(line))
    yield column, language, "\n".join(lines)


def _unescaped(line: str) -> str:
    r"""Return a line without the ``\`` that was put before a beginning."""
    return _ESCAPED.sub(lambda marks: marks[0][1:], line, count=1) if line.startswith("\\") else line
