"""A document as DOCX, on our own styles or on those of a reference document."""

import io
from pathlib import Path
from typing import Any

import docx
from docx.shared import Cm

from helpers.data.errors import InputError
from helpers.data.files import write_atomically
from helpers.data.questionnaires.archive import fixed
from helpers.reports.document import docx_front as front
from helpers.reports.document import docx_margins as margins
from helpers.reports.document.docx_blocks import Blocks
from helpers.reports.document.docx_guard import drop_properties, open_reference
from helpers.reports.document.docx_inline import Inline
from helpers.reports.document.docx_styles import Styles, set_defaults, set_language
from helpers.reports.document.links import anchors_of
from helpers.reports.document.model import Document

PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 21.0, 29.7, 2.3
_LEAST_WIDTH = 5.0


def write_docx(document: Document, path: Path, reference: Path | None = None) -> list[str]:
    """Write a document as DOCX.

    Parameters
    ----------
    document
        As from :func:`helpers.reports.document.reading.read_document`.
    path
        File to write; its folder exists. The same document gives the same bytes.
    reference
        A DOCX whose styles, page set-up, headers, footers and logo are used. Its body is left out. Styles
        are looked up by name ("Title", "Heading 1", "Caption", "Table Text", ...).

    Returns
    -------
    list of str
        What the reader should know, such as the styles that the reference lacked.

    Raises
    ------
    InputError
        If the reference is no Word document, holds macros, fetches anything from outside, or unpacks to too
        much.
    """
    target = docx.Document() if reference is None else open_reference(reference)
    if reference is None:
        _set_page(target)
        set_defaults(target, document.language)
        drop_properties(target)
    styles = Styles(target, own=reference is None)
    if reference is not None:
        set_language(target, document.language)
    _write(document, target, styles, own=reference is None)
    held = io.BytesIO()
    target.save(held)
    write_atomically(path, fixed(held.getvalue(), front.when(document)))
    if reference is None or not styles.added:
        return []
    return [f"{reference.name}: styles that it lacks were added: {', '.join(styles.added)}"]


def _set_page(target: Any) -> None:  # noqa: ANN401 - python-docx document
    page = target.sections[0]
    page.page_width, page.page_height = Cm(PAGE_WIDTH), Cm(PAGE_HEIGHT)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(MARGIN)
    page.header_distance = page.footer_distance = Cm(1.1)


def _write(document: Document, target: Any, styles: Styles, *, own: bool) -> None:  # noqa: ANN401
    inline = Inline(target, styles)
    inline.know(anchors_of(document.blocks))
    width, height = _text_size(target)
    blocks = Blocks(inline, width, height)
    front.add_title_block(document, blocks)
    front.add_contents(document, blocks)
    for block in document.blocks:
        blocks.write(block)
    if own:
        margins.add_header_and_footer(document, inline, width)
    else:
        margins.fill_reference(document, inline)
    inline.notes.save()
    inline.lists.save()
    front.set_properties(document, target)


def _text_size(target: Any) -> tuple[float, float]:  # noqa: ANN401 - python-docx document
    """Return width and height of the text on a page, in centimetres; A4 where the reference states none."""
    page = target.sections[0]
    full = (page.page_width or Cm(PAGE_WIDTH), page.page_height or Cm(PAGE_HEIGHT))
    taken = (
        (page.left_margin or Cm(MARGIN)) + (page.right_margin or Cm(MARGIN)) + (page.gutter or 0),
        (page.top_margin or Cm(MARGIN)) + (page.bottom_margin or Cm(MARGIN)),
    )
    width, height = ((whole - margin) / Cm(1) for whole, margin in zip(full, taken, strict=True))
    if width < _LEAST_WIDTH or height < _LEAST_WIDTH:
        raise InputError(f"the reference document leaves {width:.1f} cm x {height:.1f} cm for the text")
    return width, height
