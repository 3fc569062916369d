"""What the readers of plain tables share: a header in the first row, answers below, files that continue."""

from collections.abc import Iterator, Sequence

from helpers.data.errors import InputError
from helpers.data.survey.export import Column, Conventions, Export, Row, numbered
from helpers.data.survey.source import Source, chained


def stacked(
    tool: str, sources: Sequence[Source], columns: tuple[Column, ...], conventions: Conventions
) -> Export:
    """Return the export whose answers stand in the first table of each source, below the header.

    Raises
    ------
    InputError
        If the sources do not have the same header.
    """
    header = sources[0].header()
    for source in sources[1:]:
        if source.header() != header:
            raise InputError(f"{source.name}: row 1: other columns than in {sources[0].name}")

    def rows() -> Iterator[Row]:
        return numbered(chained(body(source) for source in sources), len(columns))

    return Export(
        tool=tool,
        names=tuple(source.name for source in sources),
        sha256=tuple(source.sha256 for source in sources),
        columns=columns,
        rows=rows,
        conventions=conventions,
        notes=tuple(note for source in sources for note in source.notes),
    )


def body(source: Source, table: str | None = None) -> Iterator[list[str]]:
    """Yield the rows below the header of a table; those of a workbook as wide as the header at least."""
    name = next(iter(source.tables)) if table is None else table
    rows = source.tables[name]()
    header = next((row for row in rows if row), [])
    if source.kind != "workbook":
        yield from rows
        return
    width = len(header)
    for row in rows:
        if row:  # a workbook leaves out empty cells at the end of a row, and rows without any
            yield row if len(row) >= width else row + [""] * (width - len(row))
