"""LimeSurvey's results as csv (UTF-8 with a byte-order mark, semicolons, all quoted) or xlsx."""

import re
from collections.abc import Sequence

from helpers.data.survey.export import ColumnKind, Conventions, Export, columns_of, one_line, word_key
from helpers.data.survey.source import Source
from helpers.data.survey.stacked import stacked

TOOL = "limesurvey"
CONVENTIONS = Conventions(separators=("|", ";", ","), date_order="ymd", missing=frozenset({"N/A"}))
"""Several choices are columns of their own; ``N/A`` stands where a question was not shown."""

_OWN = [
    "lastpage",
    "letzteseite",
    "dernièrepage",
    "últimapágina",
    "ultimapagina",
    "seed",
    "startdate",
    "datestarted",
    "datestamp",
    "datelastaction",
    "ipaddr",
    "ipaddress",
    "refurl",
    "referrerurl",
    "token",
]
_KINDS: dict[str, ColumnKind] = {
    **dict.fromkeys(("id", "responseid", "antwortid", "iddelaréponse", "idderespuesta", "idrisposta"), "id"),
    **dict.fromkeys(
        ("submitdate", "datesubmitted", "datumabgeschickt", "datedesoumission", "fechadeenvío", "datainvio"),
        "submitted",
    ),
    **dict.fromkeys(
        ("startlanguage", "startsprache", "languededépart", "lenguajeinicial", "linguainiziale"), "language"
    ),
    **dict.fromkeys(_OWN, "system"),
}
_CODE = re.compile(r"([A-Za-z]\w*(?:\[\w+\])*)\.\s+\S")


def _code(header: str) -> str:
    """Return the code that stands before the text of a header, "" if there is none."""
    found = _CODE.match(one_line(header))
    return found[1] if found else ""


def _kind(header: str) -> ColumnKind | None:
    return _KINDS.get(word_key(_code(header) or header))


def recognises(source: Source) -> bool:
    """Say whether a table is an export of LimeSurvey: by the names of its first columns."""
    if source.kind not in ("text", "workbook"):
        return False
    kinds = [_kind(header) for header in source.header()[:12]]
    return kinds[:1] == ["id"] and "submitted" in kinds and kinds.count("system") + ("language" in kinds) > 0


def read(sources: Sequence[Source]) -> Export:
    """Return the answers of an export; headers may be codes, texts, or a code, a point and a text."""
    headers = sources[0].header()
    seen: set[ColumnKind] = set()
    kinds: dict[int, ColumnKind] = {}
    for at, header in enumerate(headers):
        kind = _kind(header)
        if kind and (kind == "system" or kind not in seen):
            kinds[at] = kind
            seen.add(kind)
    codes = {at: code for at, header in enumerate(headers) if (code := _code(header))}
    return stacked(TOOL, sources, columns_of(headers, kinds, codes), CONVENTIONS)
