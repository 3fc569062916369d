"""Google Forms: a csv or xlsx whose first column is the timestamp; choices are joined by comma and blank."""

from collections.abc import Sequence

from helpers.data.survey.export import ColumnKind, Conventions, Export, columns_of, word_key
from helpers.data.survey.source import Source
from helpers.data.survey.stacked import stacked

TOOL = "google_forms"
CONVENTIONS = Conventions(separators=(", ", ";", ","), date_order=None)
"""How dates are written follows the language of the sheet, so it has to be said where it cannot be told."""

_TIMESTAMP = {
    *("timestamp", "zeitstempel", "horodateur", "marcatemporal", "informazionicronologiche"),
    *("sygnaturaczasowa", "carimbodedatahora", "tijdstempel", "časovározlišovacíznačka"),
}
_ABOUT_THE_ACCOUNT = {
    *("emailaddress", "username", "emailadresse", "nutzername", "adresseemail", "nomdutilisateur"),
    *("direccióndecorreoelectrónico", "indirizzoemail", "adresemail", "score", "punkte", "punteggio"),
}


def recognises(source: Source) -> bool:
    """Say whether a table is an export of Google Forms: by its first column."""
    header = source.header()
    return source.kind in ("text", "workbook") and len(header) > 1 and word_key(header[0]) in _TIMESTAMP


def read(sources: Sequence[Source]) -> Export:
    """Return the answers of an export; the tool gives them no ids."""
    headers = sources[0].header()
    kinds: dict[int, ColumnKind] = {0: "submitted"}
    if word_key(headers[1]) in _ABOUT_THE_ACCOUNT:
        kinds[1] = "system"
    return stacked(TOOL, sources, columns_of(headers, kinds), CONVENTIONS)
