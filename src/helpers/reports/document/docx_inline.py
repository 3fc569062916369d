"""Runs as WordprocessingML: looks, links, bookmarks and footnotes."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from helpers.reports.document.docx_parts import Footnotes, Lists
from helpers.reports.document.docx_styles import Styles
from helpers.reports.document.docx_xml import Element, bookmark_name, element, text_run
from helpers.reports.document.model import Run, Runs
from helpers.reports.document.text import web_address


class Inline:
    """What turns runs into elements of one document, with its footnotes, bookmarks and links."""

    def __init__(self, document: Any, styles: Styles) -> None:  # noqa: ANN401 - python-docx document
        self.document = document
        self.styles = styles
        self.notes = Footnotes(document, styles["footnote text"], styles["footnote reference"])
        self.lists = Lists(document)
        self._anchors: set[str] = set()
        self._marked: set[str] = set()
        self._bookmarks = count(1)

    def know(self, anchors: Iterable[str]) -> None:
        """Say which anchors the document will have; links to others are plain text."""
        self._anchors |= set(anchors)

    def elements(self, runs: Runs) -> list[Element]:
        """Return the elements of runs in the text of the document."""
        return self._elements(runs, self.document.part)

    def _elements(self, runs: Runs, part: Any) -> list[Element]:  # noqa: ANN401 - python-docx part
        made: list[Element] = []
        for run in runs:
            made.append(self._linked(run, part))
            if run.note is not None:
                made.append(self._note(run.note))
        return made

    def _note(self, note: Runs) -> Element:
        # A footnote has no footnotes of its own.
        plain = tuple(replace(run, note=None) for run in note)
        return self.notes.add(lambda: self._elements(plain, self.notes.part))

    def _linked(self, run: Run, part: Any) -> Element:  # noqa: ANN401 - python-docx part
        anchor = run.link.removeprefix("#") if run.link.startswith("#") else ""
        if anchor in self._anchors and anchor:
            style = self.styles["Fact" if anchor.startswith("fact-") else "Hyperlink"]
            return element("hyperlink", self._plain(run, style), anchor=bookmark_name(anchor), history=1)
        address = web_address(run.link)
        if address:
            link = element("hyperlink", self._plain(run, self.styles["Hyperlink"]), history=1)
            link.set(qn("r:id"), part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
            return link
        return self._plain(run, "")

    def _plain(self, run: Run, style: str) -> Element:
        return text_run(run.text, bold=run.bold, italic=run.italic, style=style)

    def bookmarked(self, anchor: str, *inside: Element) -> list[Element]:
        """Return elements with a bookmark around them; a name that was given before is given once only."""
        name = bookmark_name(anchor) if anchor else ""
        if not name or name in self._marked:
            return list(inside)
        self._marked.add(name)
        number = next(self._bookmarks)
        return [
            element("bookmarkStart", id=number, name=name),
            *inside,
            element("bookmarkEnd", id=number),
        ]

    def paragraph(self, style: str, *inside: Element, number: int | None = None) -> Element:
        """Return a paragraph in a style given by name; ``number`` makes it an item of a list."""
        properties = element("pPr")
        if style != "Normal":
            properties.append(element("pStyle", val=self.styles[style]))
        if number is not None:
            properties.append(element("numPr", element("ilvl", val=0), element("numId", val=number)))
        return element("p", properties, *inside)
