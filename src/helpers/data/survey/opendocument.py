"""Sheets of an OpenDocument spreadsheet, streamed from its XML.

A row or cell may say that it is repeated a million times: what is repeated is counted, not copied.
"""

from collections.abc import Callable, Iterator
from typing import IO, Any

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_NUMBERS = ("float", "currency", "percentage")
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")

Content = Callable[[], IO[bytes]]


def sheet_names(content: Content) -> list[str]:
    """Return the names of the sheets in order; ``content`` opens the part content.xml."""
    return [name for kind, name in _events(content) if kind == "sheet"]


def sheet_rows(content: Content, sheet: int, most_columns: int) -> Iterator[list[str]]:
    """Yield the rows of one sheet, without empty cells at their ends.

    Parameters
    ----------
    content
        Opens the part content.xml.
    sheet
        Its position, from 0.
    most_columns
        Repetitions are cut just above this width, which the caller refuses.
    """
    at, empty = -1, 0
    for kind, found in _events(content):
        if kind == "sheet":
            at += 1
            if at > sheet:
                return
        elif at == sheet:
            row = _cells(found, most_columns)
            repeated = int(found.get(f"{_TABLE}number-rows-repeated", "1"))
            if not row:  # a million empty rows at the end stand for nothing
                empty += repeated
                continue
            yield from ([] for _ in range(empty))
            empty = 0
            yield from (list(row) for _ in range(repeated))


def _events(content: Content) -> Iterator[tuple[str, Any]]:
    """Yield ("sheet", its name) at the start of each, and ("row", its element)."""
    from defusedxml.ElementTree import iterparse

    with content() as stream:
        parents: list[Any] = []
        for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                parents.append(element)
                if element.tag == f"{_TABLE}table":
                    yield "sheet", element.get(f"{_TABLE}name", "")
                continue
            parents.pop()
            if element.tag == f"{_TABLE}table-row":
                yield "row", element
                if parents:
                    parents[-1].remove(element)


def _cells(row: Any, most_columns: int) -> list[str]:  # noqa: ANN401  # an element
    cells: list[str] = []
    empty = 0
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        repeated = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        text = _value(cell)
        if not text:
            empty += repeated
            continue
        room = most_columns + 1  # one too many is enough for the reader to refuse the row
        cells += [""] * min(empty, room) + [text] * min(repeated, room)
        empty = 0
    return cells


def _value(cell: Any) -> str:  # noqa: ANN401
    kind = cell.get(f"{_OFFICE}value-type")
    if kind in _NUMBERS:
        from helpers.data.survey.workbook import cell_text

        return cell_text(float(cell.get(f"{_OFFICE}value", "")))
    if kind == "date":
        return str(cell.get(f"{_OFFICE}date-value", "")).replace("T", " ").removesuffix(" 00:00:00")
    if kind == "boolean":
        return str(cell.get(f"{_OFFICE}boolean-value", ""))
    return "\n".join(_text(paragraph) for paragraph in cell.findall(f"{_TEXT}p"))


def _text(element: Any) -> str:  # noqa: ANN401
    """Return the text of a paragraph; runs of blanks, tabs and breaks are elements of their own."""
    words = [element.text or ""]
    for part in element:
        if part.tag == f"{_TEXT}s":
            words.append(" " * min(int(part.get(f"{_TEXT}c", "1")), 1000))
        elif part.tag in (f"{_TEXT}line-break", f"{_TEXT}tab"):
            words.append("\n" if part.tag.endswith("break") else "\t")
        elif part.tag != f"{_OFFICE}annotation":
            words.append(_text(part))
        words.append(part.tail or "")
    return "".join(words)
