"""Top and foot of every page: title, project and date, page number, and what marks a draft and sample data.

Title, marks and date stand in content controls, so that they are found again when the document, or a template
made of it, is a reference.
"""

from collections.abc import Iterator
from typing import Any

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Cm

from helpers.reports.document.docx_inline import Inline
from helpers.reports.document.docx_xml import Element, element, field, text_run
from helpers.reports.document.model import Document
from helpers.reports.export_page import PROJECT, long_date

SAMPLE = "Illustrative sample data"
TITLE, MARKS, DATE = "evidence-title", "evidence-marks", "evidence-date"
"""Tags of the content controls."""
_LONGEST = 80


def marks(content: Document) -> str:
    """Return what every page must say: that this is a draft, that data are made up."""
    draft, sample = content.status == "draft", content.sample
    return " \u00b7 ".join([*(["Draft"] if draft else []), *([SAMPLE] if sample else [])])


def add_header_and_footer(content: Document, inline: Inline, width: float) -> None:
    """Write title and marks at the top of every page, project, date and page number at its foot."""
    section = inline.document.sections[0]
    pages = [text_run("Page "), *field("PAGE", text_run("1")), text_run(" of ")]
    pages += field("NUMPAGES", text_run("1"))
    head = [_control(TITLE, content)], [_control(MARKS, content)]
    _line(section.header, inline, "header", *head, width)
    _line(section.footer, inline, "footer", [_control(DATE, content)], pages, width)


def fill_reference(content: Document, inline: Inline) -> None:
    """Fill the content controls of a reference's headers and footers; add the marks where there are none."""
    section = inline.document.sections[0]
    for place in _places(inline.document, section):
        for control in list(place._element.iter(qn("w:sdt"))):
            tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
            if tag is not None and tag.get(qn("w:val")) in {TITLE, MARKS, DATE}:
                _fill(control, tag.get(qn("w:val")), content)
    if not marks(content):
        return
    for header in _places(inline.document, section, ("header",)):
        if MARKS not in header._element.xml:
            header.is_linked_to_previous = False
            header._element.append(inline.paragraph("header", *_words(MARKS, content)))


def _places(document: Any, section: Any, kinds: tuple[str, ...] = ("header", "footer")) -> Iterator[Any]:  # noqa: ANN401
    """Yield headers and footers that pages show: of all, of the first, of even ones."""
    for kind in kinds:
        yield getattr(section, kind)
        if section.different_first_page_header_footer:
            yield getattr(section, f"first_page_{kind}")
        if document.settings.odd_and_even_pages_header_footer:
            yield getattr(section, f"even_page_{kind}")


def _words(tag: str, content: Document) -> list[Element]:
    if tag == MARKS:
        return [text_run(marks(content) or " ", bold=True)]
    if tag == TITLE:
        whole = f"{content.title}: {content.subtitle}" if content.subtitle else content.title
        return [text_run(whole if len(whole) <= _LONGEST else content.title[:_LONGEST])]
    built = f" \u00b7 {long_date(content.date)}" if content.date else ""
    return [text_run(f"{PROJECT}{built}")]


def _control(tag: str, content: Document) -> Element:
    properties = element(
        "sdtPr", element("alias", val=tag.replace("-", " ").capitalize()), element("tag", val=tag)
    )
    return element("sdt", properties, element("sdtContent", *_words(tag, content)))


def _fill(control: Element, tag: str, content: Document) -> None:
    """Put new words into a content control, in the look of its old ones."""
    held = control.find(qn("w:sdtContent"))
    runs = [] if held is None else list(held.iter(qn("w:r")))
    if not runs:
        return
    (new,) = _words(tag, content)
    looks = runs[0].find(qn("w:rPr"))
    for old in new.findall(qn("w:rPr")):
        new.remove(old)
    if looks is not None:
        new.insert(0, looks)
    runs[0].addprevious(new)
    for run in runs:
        run.getparent().remove(run)


def _line(
    place: Any,  # noqa: ANN401 - python-docx header
    inline: Inline,
    style: str,
    left: list[Element],
    right: list[Element],
    width: float,
) -> None:
    """Write one line at the top or foot of the pages: something on the left, something on the right."""
    place.is_linked_to_previous = False
    old = place.paragraphs[0]._p
    old.getparent().replace(old, inline.paragraph(style, *left))
    paragraph = place.paragraphs[0]
    paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(width), WD_TAB_ALIGNMENT.RIGHT)
    paragraph._p.extend([element("r", element("tab")), *right])
