"""Microsoft Forms: an xlsx (or csv) with ID, Start time, Completion time, Email, Name, then the questions."""

from collections.abc import Sequence

from helpers.data.survey.export import ColumnKind, Conventions, Export, columns_of, word_key
from helpers.data.survey.source import Source
from helpers.data.survey.stacked import stacked

TOOL = "microsoft_forms"
CONVENTIONS = Conventions(separators=(";",), date_order="mdy")
"""Each choice ends in a semicolon; dates that are text are American (month/day/year)."""

_START = {"starttime", "startzeit", "heurededébut", "horadeinicio", "oradiinizio", "godzinarozpoczęcia"}
_COMPLETION = {
    "completiontime",
    "fertigstellungszeit",
    "heuredefin",
    "horadefinalización",
    "oradicompletamento",
    "godzinaukończenia",
}
_ABOUT_THE_ACCOUNT = {
    *("email", "emailadresse", "adressedemessagerie", "correoelectrónico", "postaelettronica", "adresemail"),
    *("name", "nom", "nombre", "nome", "nazwa"),
    *("lastmodifiedtime", "uhrzeitderletztenänderung", "heuredeladernièremodification"),
    *("horadelaúltimamodificación", "oradellultimamodifica", "godzinaostatniejmodyfikacji"),
}
_LANGUAGE = {"language", "sprache", "langue", "idioma", "lingua", "język"}


def recognises(source: Source) -> bool:
    """Say whether a table is an export of Microsoft Forms: by its second and third column."""
    words = [word_key(header) for header in source.header()[:3]]
    return (
        source.kind in ("text", "workbook")
        and len(words) == 3
        and words[1] in _START
        and words[2] in _COMPLETION
    )


def read(sources: Sequence[Source]) -> Export:
    """Return the answers of an export; what the tool knows of the account is marked, and never read."""
    headers = sources[0].header()
    kinds: dict[int, ColumnKind] = {0: "id", 1: "system", 2: "submitted"}
    seen: set[str] = set()
    for at, header in enumerate(headers[3:], start=3):
        word = word_key(header)
        if word in seen or word not in _ABOUT_THE_ACCOUNT | _LANGUAGE:
            break  # the questions begin; they may be called Name or Email too
        kinds[at] = "language" if word in _LANGUAGE else "system"
        seen.add(word)
    return stacked(TOOL, sources, columns_of(headers, kinds), CONVENTIONS)
