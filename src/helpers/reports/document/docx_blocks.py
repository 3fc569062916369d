"""Blocks of a document as WordprocessingML."""

from itertools import count
from typing import Any

from docx.shared import Cm, Emu

from helpers.reports.document.docx_inline import Inline
from helpers.reports.document.docx_tables import table
from helpers.reports.document.docx_xml import Element, element, field, text_run
from helpers.reports.document.model import (
    Block,
    Break,
    Bullets,
    Grid,
    Heading,
    Paragraph,
    Picture,
    Runs,
)
from helpers.reports.document.text import harmless

_STYLES = {"normal": "Normal", "notice": "Notice", "check": "Check", "source": "Source", "quote": "Quote"}
_ROOM_FOR_CAPTION = Cm(5)


class Blocks:
    """Writes blocks at the end of a document."""

    def __init__(self, inline: Inline, width: float, height: float) -> None:
        self.inline = inline
        self.width, self.height = width, height
        self._counted = {"Figure": 0, "Table": 0}
        self._pictures = count(1)

    def add(self, made: Element) -> None:
        """Add an element at the end of the body, before the page set-up."""
        self.inline.document.element.body.sectPr.addprevious(made)

    def write(self, block: Block) -> None:
        """Add a block."""
        inline = self.inline
        if isinstance(block, Heading):
            words = inline.bookmarked(block.id, *inline.elements(block.runs))
            self.add(inline.paragraph(f"Heading {block.level}", *words))
        elif isinstance(block, Paragraph):
            self.add(inline.paragraph(_STYLES[block.style], *inline.elements(block.runs)))
        elif isinstance(block, Bullets):
            self._list(block)
        elif isinstance(block, Picture):
            self._picture(block)
        elif isinstance(block, Grid):
            self._grid(block)
        elif isinstance(block, Break):
            self.add(element("p", element("r", element("br", type="page"))))

    def _list(self, block: Bullets) -> None:
        number = self.inline.lists.number(block.ordered)
        style = "List Number" if block.ordered else "List Bullet"
        for item in block.items:
            self.add(self.inline.paragraph(style, *self.inline.elements(item), number=number))

    def _picture(self, block: Picture) -> None:
        document: Any = self.inline.document
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        shape = paragraph.add_run().add_picture(str(block.png))
        scale = min(Cm(self.width) / shape.width, (Cm(self.height) - _ROOM_FOR_CAPTION) / shape.height)
        shape.width, shape.height = Emu(round(shape.width * scale)), Emu(round(shape.height * scale))
        properties, number = shape._inline.docPr, next(self._pictures)
        properties.set("id", str(number))
        properties.set("name", f"Figure {block.number}")
        properties.set("descr", harmless(block.alt))
        self._caption("Figure", block.number, block.caption, block.anchor, with_next=bool(block.source))
        self._source(block.source)

    def _grid(self, block: Grid) -> None:
        if block.number or block.caption:
            self._caption("Table", block.number, block.caption, block.anchor, with_next=True)
        if block.rows or block.header:
            self.add(table(block, self.inline, self.width))
        self._source(block.source)
        if not block.source:
            # Two tables in a row would grow together.
            self.add(self.inline.paragraph("Source"))

    def _caption(self, word: str, number: int, words: Runs, anchor: str, *, with_next: bool) -> None:
        inline = self.inline
        label: list[Element] = []
        if number:
            # The program that opens the file counts by itself; it is told where our number is another.
            reset = "" if number == self._counted[word] + 1 else f" \\r {number}"
            self._counted[word] = number
            code = field(f"SEQ {word} \\* ARABIC{reset}", text_run(str(number)))
            label = [*inline.bookmarked(anchor, text_run(f"{word} "), *code), text_run(". ")]
        paragraph = inline.paragraph("Caption", *label, *inline.elements(words))
        if with_next:
            paragraph.pPr.append(element("keepNext"))
        self.add(paragraph)

    def _source(self, words: Runs) -> None:
        if words:
            self.add(self.inline.paragraph("Source", *self.inline.elements(words)))
