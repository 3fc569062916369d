"""Tables of a page as grids of runs."""

import re

from bs4 import Tag

from helpers.reports.document.inline import attribute, classes, joined, runs_of
from helpers.reports.document.model import Grid, Run, Runs, plain

_NUMBER = re.compile(r"Table ([0-9]+)")
_SAMPLE = "Illustrative sample data."


def grid(element: Tag) -> Grid:
    """Return a table as a grid.

    Parameters
    ----------
    element
        A ``<table>``, or the box in which a published table stands with its note and source.
    """
    table = element if element.name == "table" else element.find("table")
    assert isinstance(table, Tag), "a box without a table"
    body = [row for row in table.find_all("tr") if row.find_parent(["thead", "tfoot"]) is None]
    header = _header(table)
    width = max([len(header), *(len(_cells(row)) for row in body)])
    caption = _caption(table)
    anchor = attribute(element, "id")
    label = table.find("span", class_="label")
    found = _NUMBER.match(label.get_text()) if label else None
    return Grid(
        id=anchor.removeprefix("table-") or next(iter(sorted(classes(table))), "table"),
        number=int(found.group(1)) if found else 0,
        caption=caption,
        header=(*header, *[""] * (width - len(header))) if header else (),
        rows=tuple(_row(row, width) for row in body),
        numeric=_numeric(table, body, width),
        source=_source(element, table),
        sample=plain(caption).startswith(_SAMPLE),
        anchor=anchor,
        anchors=tuple(attribute(row, "id") for row in body),
    )


def _cells(row: Tag) -> list[Tag]:
    return row.find_all(["th", "td"], recursive=False)


def _header(table: Tag) -> tuple[str, ...]:
    head = table.find("thead")
    row = head.find("tr") if head else None
    words = [plain(runs_of(cell)) for cell in _cells(row)] if row else []
    # The hashes themselves are left out: nobody types 64 digits from paper.
    return tuple(word.removesuffix(" (SHA-256)") for word in words)


def _caption(table: Tag) -> Runs:
    caption = table.find("caption")
    return runs_of(caption, {"label"}) if caption else ()


def _row(row: Tag, width: int) -> tuple[Runs, ...]:
    cells = [runs_of(cell) for cell in _cells(row)]
    return (*cells, *[()] * (width - len(cells)))


def _numeric(table: Tag, body: list[Tag], width: int) -> tuple[bool, ...]:
    head = table.find("thead")
    first = (head.find("tr") if head else None) or (body[0] if body else None)
    marked = [bool({"num", "number"} & classes(cell)) for cell in _cells(first)] if first else []
    return (*marked, *[False] * (width - len(marked)))


def _source(element: Tag, table: Tag) -> Runs:
    """Return what stands under a table: what its signs mean, its note, its sources."""
    parts = list(table.select("tfoot td"))
    parts += [] if element is table else element.find_all("p", class_=["table-note", "table-source"])
    sentences: list[Run] = []
    for part in parts:
        words = runs_of(part)
        end = "" if plain(words).endswith((".", "!", "?")) else "."
        sentences += [*words, Run(f"{end} ")]
    return joined(sentences)
