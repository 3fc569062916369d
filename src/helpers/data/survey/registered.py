"""Contact persons of one respondent, taken out of what the others write."""

import csv
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from helpers.data.gazetteer import fold
from helpers.data.names_in_text import Names
from helpers.data.privacy import redact_with
from helpers.data.survey.shape import Layout
from helpers.data.survey.staging import Staging
from helpers.data.survey.tables_out import ANSWERS, CAPACITIES, CONTACTS

_SHORTEST = 3
_AT_A_TIME = 250_000
"""Persons whose names are prepared together: more would cost memory, fewer time."""
_FREE = ("text", "long_text", "quantity")


def redact_registered(staging: Staging, layout: Layout) -> None:
    """Rewrite the staged tables without the names of any respondent's contact persons.

    Names of organisations stay, but for the respondent's own: many are ordinary words, and who else makes
    something is worth knowing.

    Parameters
    ----------
    staging
        Holds the tables.
    layout
        Which questions hold names and free texts.
    """
    people = [one.code for one in layout.restricted if one.role == "contact_name"]
    texts = [one.code for one in layout.public if one.type in _FREE]
    named = zip(layout.field_names(), layout.fields, strict=True)
    stated = [name for name, one in named if one.type in _FREE]
    persons = _persons(staging.restricted / CONTACTS, people)
    while some := list(islice(persons, _AT_A_TIME)):
        without = _redaction(some)
        _rewrite(staging.raw / ANSWERS, texts, without)
        _rewrite(staging.raw / CAPACITIES, stated, without)


def _redaction(persons: list[str]) -> Callable[[str], str]:
    """Return the function that takes some persons' names out of a text."""
    names = Names(dict.fromkeys(persons), own=False)
    words = {word for person in persons for word in fold(person).split() if len(word) >= _SHORTEST}

    def without(text: str) -> str:
        return text if words.isdisjoint(fold(text).split()) else redact_with(text, names)

    return without


def _persons(path: Path, columns: list[str]) -> Iterator[str]:
    """Yield the names of persons; a single word may be anything."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        places = [at for at, name in enumerate(next(reader)) if name in columns]
        yield from (row[at] for row in reader for at in places if " " in row[at].strip())


def _rewrite(path: Path, columns: list[str], without: Callable[[str], str]) -> None:
    """Write a table again where a text changed; digits and empty cells hold no name."""
    fresh = path.with_name(f".{path.name}")
    changed = False
    with (
        path.open(encoding="utf-8", newline="") as old,
        fresh.open("w", encoding="utf-8", newline="") as new,
    ):
        reader, writer = csv.reader(old), csv.writer(new, lineterminator="\n")
        header = next(reader)
        writer.writerow(header)
        places = [at for at, name in enumerate(header) if name in columns]
        for row in reader:
            for at in places:
                if row[at] and " " in row[at]:
                    text = without(row[at])
                    changed = changed or text != row[at]
                    row[at] = text
            writer.writerow(row)
    if changed:
        fresh.replace(path)
    else:
        fresh.unlink()
