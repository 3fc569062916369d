"""What stands before the text of a document, title block and contents, and what its file says of itself."""

import datetime as dt
from typing import Any

from helpers.data.questionnaires.archive import date_of
from helpers.reports.document.docx_blocks import Blocks
from helpers.reports.document.docx_inline import Inline
from helpers.reports.document.docx_margins import SAMPLE
from helpers.reports.document.docx_styles import language_of
from helpers.reports.document.docx_xml import Element, element, field, text_run
from helpers.reports.document.model import Document, Heading, Run
from helpers.reports.document.text import spaced
from helpers.reports.export_page import PROJECT, long_date

_SAMPLE_NOTICE = (
    "Some or all of what is shown rests on data made up to test the pipeline. "
    "Nothing here is a finding about Europe."
)
_DRAFT_NOTICE = "Not reviewed yet; figures and wording may change."
_IN_CONTENTS = 2


def add_title_block(content: Document, blocks: Blocks) -> None:
    """Write title, subtitle, status and date, the marks of a draft and of sample data, and the citation."""
    inline = blocks.inline
    blocks.add(inline.paragraph("Title", text_run(content.title)))
    if content.subtitle:
        blocks.add(inline.paragraph("Subtitle", text_run(content.subtitle)))
    built = [long_date(content.date)] if content.date else []
    line = " \u00b7 ".join([PROJECT, content.status.capitalize(), *built])
    blocks.add(inline.paragraph("Normal", text_run(line)))
    notices = [(SAMPLE, _SAMPLE_NOTICE)] if content.sample else []
    notices += [("Draft", _DRAFT_NOTICE)] if content.status == "draft" else []
    for word, text in notices:
        blocks.add(inline.paragraph("Notice", text_run(f"{word}.", bold=True), text_run(f" {text}")))
    if content.citation:
        cite = (Run("How to cite: ", bold=True), Run(content.citation))
        blocks.add(inline.paragraph("Normal", *inline.elements(cite)))


def add_contents(content: Document, blocks: Blocks) -> None:
    """Write the contents: a field that shows the headings as links at once and that Word can update.

    Page numbers are not in it until a reader updates it: only a word processor knows them.
    """
    headings = [
        block
        for block in content.blocks
        if isinstance(block, Heading) and block.level <= _IN_CONTENTS and block.id
    ]
    if not headings:
        return
    blocks.add(_gallery(headings, blocks.inline))
    blocks.add(element("p", element("r", element("br", type="page"))))


def _gallery(headings: list[Heading], inline: Inline) -> Element:
    title = inline.paragraph("TOC Heading", text_run("Contents"))
    code = field(f'TOC \\o "1-{_IN_CONTENTS}" \\h \\z \\u')
    lines = [
        inline.paragraph(f"toc {heading.level}", *inline.elements((_entry(heading),))) for heading in headings
    ]
    for made in reversed(code[:-1]):
        lines[0].insert(1, made)
    lines[-1].append(code[-1])
    part = element("docPartObj", element("docPartGallery", val="Table of Contents"), element("docPartUnique"))
    return element("sdt", element("sdtPr", part), element("sdtContent", title, *lines))


def _entry(heading: Heading) -> Run:
    return Run("".join(run.text for run in heading.runs), link=f"#{heading.id}")


def set_properties(content: Document, document: Any) -> None:  # noqa: ANN401 - python-docx document
    """Set title, authors, language and date; nothing of the machine or of the reference is kept."""
    core = document.core_properties
    core.title, core.subject = spaced(content.title)[:255], spaced(content.subtitle)[:255]
    core.author = spaced("; ".join(content.authors))[:255]
    core.language = language_of(content.language)
    core.last_modified_by = core.comments = core.keywords = core.category = core.version = ""
    core.identifier, core.content_status = (
        spaced(content.slug)[:255],
        spaced(content.status.capitalize())[:255],
    )
    core.revision = 1
    core.created = core.modified = when(content).replace(tzinfo=None)


def when(content: Document) -> dt.datetime:
    """Return the day of the report; the first that a zip can state where it has none."""
    try:
        return date_of(dt.date.fromisoformat(content.date).isoformat())
    except ValueError:
        return date_of("1980-01-01")
