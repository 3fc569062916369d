"""EUSurvey's results as xls, xlsx or ods: sheet "Content", its continuations, and answers that spill over.

Rows 1 to 3 of a sheet are the alias, the export date and a blank; the header is in row 4. More than 254
columns go on in the sheets Content1, Content2, ...; after 20,000 rows a file with the same header begins.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from helpers.data.errors import InputError
from helpers.data.survey.export import ColumnKind, Conventions, Export, Row, columns_of, one_line, word_key
from helpers.data.survey.source import Source
from helpers.data.survey.workbook import CellRows

TOOL = "eusurvey"
LONGEST_CELL = 32_767
"""Characters that a cell of a workbook holds; what is longer goes on in a row below."""
CONVENTIONS = Conventions(separators=(";",), date_order="dmy")

_HEADER_ROW = 3
_SHEET = re.compile(r"Content([0-9]*)")
_SHORT_NAME = re.compile(r"\(([\w.-]+)\)$")
_KINDS: dict[str, ColumnKind] = {
    "contributionid": "id",
    "creationdate": "submitted",
    "languages": "language",
    "language": "language",
    "invitationnumber": "system",
    "username": "system",
    "lastupdate": "system",
    "totalscore": "system",
}


def recognises(source: Source) -> bool:
    """Say whether a workbook is an export of EUSurvey: by its first sheet and the rows above the header."""
    if source.kind != "workbook" or not source.tables or next(iter(source.tables)) != "Content":
        return False
    head = source.head()
    if len(head) <= _HEADER_ROW or not head[_HEADER_ROW]:
        return False
    first = [word_key(row[0]) if row else "" for row in head[:_HEADER_ROW]]
    return first == ["alias", "exportdate", ""] or (all(len(row) <= 2 for row in head[:2]) and not head[2])


def read(sources: Sequence[Source]) -> Export:
    """Return the answers of one export, of one file or of several that continue each other."""
    headers = _header(sources[0])
    for source in sources[1:]:
        if _header(source) != headers:
            raise InputError(f"{source.name}: row 4: other columns than in {sources[0].name}")
    columns = columns_of(
        headers,
        kinds={at: kind for at, text in enumerate(headers) if (kind := _KINDS.get(word_key(text)))},
        codes={
            at: found[1] for at, text in enumerate(headers) if (found := _SHORT_NAME.search(one_line(text)))
        },
    )
    id_at = next((at for at, column in enumerate(columns) if column.kind == "id"), None)
    meta = [at for at, column in enumerate(columns) if column.kind != "question"]

    def rows() -> Iterator[Row]:
        number = 1
        for source in sources:
            for cells, fault in _joined(_physical_rows(source), id_at, meta):
                number += 1
                yield Row(number, cells, fault)

    return Export(
        tool=TOOL,
        names=tuple(source.name for source in sources),
        sha256=tuple(source.sha256 for source in sources),
        columns=columns,
        rows=rows,
        conventions=CONVENTIONS,
    )


def _sheets(source: Source) -> list[tuple[str, CellRows]]:
    """Return Content, Content1, Content2, ... in order; other sheets hold no answers."""
    found = [(int(match[1] or 0), name) for name in source.tables if (match := _SHEET.fullmatch(name))]
    return [(name, source.tables[name]) for _, name in sorted(found)]


def _header(source: Source) -> list[str]:
    headers: list[str] = []
    for name, _ in _sheets(source):
        head = source.head(name)
        if len(head) <= _HEADER_ROW:
            raise InputError(f"{source.name}: sheet {name}: found no header in row 4")
        headers += head[_HEADER_ROW]
    return headers


def _physical_rows(source: Source) -> Iterator[tuple[list[str], str]]:
    """Yield rows below the header, each with its fault; further sheets stand beside the first."""
    sheets = _sheets(source)
    widths = [len(source.head(name)[_HEADER_ROW]) for name, _ in sheets]
    streams = [rows() for _, rows in sheets]
    for number, parts in enumerate(zip_longest(*streams, fillvalue=None)):
        if number <= _HEADER_ROW:
            continue
        cells: list[str] = []
        too_wide = False
        for part, width in zip(parts, widths, strict=True):
            found = part or []
            cells += found[:width] + [""] * (width - len(found))
            too_wide = too_wide or len(found) > width
        if any(cells) or too_wide:
            yield cells, "found more cells than the header has" if too_wide else ""


def _joined(
    rows: Iterator[tuple[list[str], str]], id_at: int | None, meta: list[int]
) -> Iterator[tuple[list[str], str]]:
    """Put what spilled into the rows below back behind the answer that it continues."""
    whole: list[str] = []
    last: list[str] = []
    fault = ""
    for cells, new_fault in rows:
        filled = [at for at, cell in enumerate(cells) if cell]
        without_id = bool(whole) and not any(cells[at] for at in meta)
        if without_id and filled and all(len(last[at]) >= LONGEST_CELL for at in filled):
            for at in filled:
                whole[at] += cells[at]
            last = cells
            continue
        if whole:
            yield whole, fault
        whole, last, fault = list(cells), cells, new_fault
        if not fault and id_at is not None and not cells[id_at]:
            fault = "no contribution id, and the row continues no answer of 32,767 characters"
    if whole:
        yield whole, fault
