"""ODK Central (csv, or its zip or folder with a csv a repeat) and KoboToolbox (csv, or xlsx with sheets)."""

from collections.abc import Iterator, Sequence

from helpers.data.errors import InputError
from helpers.data.survey.export import ColumnKind, Conventions, Export, Repeat, Row, columns_of, numbered
from helpers.data.survey.source import Source, chained
from helpers.data.survey.stacked import body

TOOL = "odk"
CONVENTIONS = Conventions(separators=(" ",), date_order="ymd")
"""Choices are codes with blanks between them, beside one column a choice that says the same."""

_OWN = [
    "SubmitterID",
    "SubmitterName",
    "AttachmentsPresent",
    "AttachmentsExpected",
    "Status",
    "ReviewState",
    "DeviceID",
    "Edits",
    "FormVersion",
    "instanceID",
    "start",
    "end",
    "today",
    "deviceid",
    "username",
    "formhub/uuid",
    "__version__",
    "_id",
    "_index",
    "_validation_status",
    "_notes",
    "_status",
    "_submitted_by",
    "_tags",
    "_attachments",
    "_parent_table_name",
    "_xform_id_string",
    "_bamboo_dataset_id",
    "_geolocation",
    "_duration",
    "meta/instanceID",
    "meta/instanceName",
    "meta/rootUuid",
]
_KINDS: dict[str, ColumnKind] = {
    "KEY": "id",
    "_uuid": "id",
    "SubmissionDate": "submitted",
    "_submission_time": "submitted",
    "PARENT_KEY": "parent",
    "_parent_index": "parent",
    **dict.fromkeys(_OWN, "system"),
}
_Table = tuple[Source, str]


def recognises(source: Source) -> bool:
    """Say whether one of the tables is a main table of ODK Central or KoboToolbox."""
    return source.kind != "xml" and any(_is_main(source, table) for table in source.tables)


def recognises_repeat(source: Source) -> bool:
    """Say whether a table is a repeat, which only makes sense beside its main table."""
    return source.kind == "text" and _is_repeat(source, next(iter(source.tables)))


def _is_main(source: Source, table: str) -> bool:
    header = source.header(table)
    central = "SubmissionDate" in header and "KEY" in header
    return (central or ("_uuid" in header and "_submission_time" in header)) and not _is_repeat(source, table)


def _is_repeat(source: Source, table: str) -> bool:
    header = source.header(table)
    return "PARENT_KEY" in header or "_parent_index" in header


def read(sources: Sequence[Source]) -> Export:
    """Return the answers of the main table, and the tables of repeats that point to it."""
    tables = [(source, table) for source in sources for table in source.tables]
    main = [found for found in tables if _is_main(*found)]
    if not main:
        names = ", ".join(source.name for source in sources)
        raise InputError(f"{names}: found no main table, only repeats; give the main table as well")
    headers = main[0][0].header(main[0][1])
    for source, table in main[1:]:
        if source.header(table) != headers:
            raise InputError(f"{source.name}: row 1: other columns than in {main[0][0].name}")
    columns = columns_of(headers, _kinds(headers))
    repeats = tuple(_repeat(found) for found in tables if _is_repeat(*found))
    by_index = any("_parent_index" in source.header(table) for source, table in tables)
    key = _key(headers, by_index)
    if repeats and key is None:
        raise InputError(f"{main[0][0].name}: found no column KEY or _index that repeats could point to")

    def rows() -> Iterator[Row]:
        return numbered(chained(body(source, table) for source, table in main), len(columns))

    return Export(
        tool=TOOL,
        names=tuple(source.name for source in sources),
        sha256=tuple(source.sha256 for source in sources),
        columns=columns,
        rows=rows,
        conventions=CONVENTIONS,
        repeats=repeats,
        key=key,
        notes=tuple(note for source in sources for note in source.notes),
    )


def _kinds(headers: list[str]) -> dict[int, ColumnKind]:
    """Return what the tool uses columns for; the first column of a kind counts, further ones are its own."""
    kinds: dict[int, ColumnKind] = {}
    for at, header in enumerate(headers):
        kind = _KINDS.get(header.strip())
        if kind is None and header.startswith(("_submission_", "meta-", "_geolocation")):
            kind = "system"
        if kind is not None:
            kinds[at] = "system" if kind in kinds.values() else kind
    return kinds


def _key(headers: list[str], by_index: bool) -> int | None:
    name = "_index" if by_index else "KEY"
    return headers.index(name) if name in headers else None


def _repeat(found: _Table) -> Repeat:
    source, table = found
    headers = source.header(table)
    parent = headers.index("PARENT_KEY" if "PARENT_KEY" in headers else "_parent_index")
    columns = columns_of(headers, {**_kinds(headers), parent: "parent"})

    def rows() -> Iterator[Row]:
        return numbered(body(source, table), len(columns))

    return Repeat(table, columns, parent, rows)
