"""A plain csv or workbook: the header in the first row, one answer a row, from no tool that is known."""

from collections.abc import Sequence

from helpers.data.errors import InputError
from helpers.data.survey.export import ColumnKind, Conventions, Export, columns_of, word_key
from helpers.data.survey.source import Source
from helpers.data.survey.stacked import stacked

TOOL = "plain"
CONVENTIONS = Conventions(separators=(";", "|", ",", "\n"))

_KINDS: dict[str, ColumnKind] = {
    **dict.fromkeys(("id", "responseid", "respondentid"), "id"),
    **dict.fromkeys(("submitted", "submittedat", "submissiondate"), "submitted"),
    "language": "language",
}


def recognises(source: Source) -> bool:
    """Say whether there is a table with a header of two columns or more."""
    return source.kind in ("text", "workbook") and len(source.header()) > 1


def read(sources: Sequence[Source]) -> Export:
    """Return the answers of a plain table; columns id, submitted and language are what they are called."""
    headers = sources[0].header()
    if not any(header.strip() for header in headers):
        raise InputError(f"{sources[0].name}: row 1: found no header")
    kinds: dict[int, ColumnKind] = {}
    for at, header in enumerate(headers):
        kind = _KINDS.get(word_key(header))
        if kind and kind not in kinds.values():
            kinds[at] = kind
    return stacked(TOOL, sources, columns_of(headers, kinds), CONVENTIONS)
