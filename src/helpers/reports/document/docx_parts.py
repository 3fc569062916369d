"""Parts of a DOCX that python-docx has no call for: footnotes and the numbering of lists."""

from collections.abc import Callable
from typing import Any

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml

from helpers.reports.document.docx_xml import Element, element

_FOOTNOTES = f"<w:footnotes {nsdecls('w', 'r')}/>"
_NUMBERING = f"<w:numbering {nsdecls('w')}/>"
_SEPARATORS = (("separator", -1), ("continuationSeparator", 0))


class XmlPart:
    """A part beside the document's text, read into memory and put back by :meth:`save`."""

    def __init__(self, document: Any, kind: str, name: str, empty: str) -> None:  # noqa: ANN401 - python-docx
        main = document.part
        relation = getattr(RELATIONSHIP_TYPE, kind.upper())
        found = next((rel.target_part for rel in main.rels.values() if rel.reltype == relation), None)
        if found is None:
            content_type = getattr(CONTENT_TYPE, f"WML_{kind.upper()}")
            found = Part(PackURI(f"/word/{name}"), content_type, empty.encode(), main.package)
            main.relate_to(found, relation)
        self.part = found
        # python-docx reads some parts itself and writes them from its own tree.
        self.root: Element = getattr(found, "_element", None)
        self._own = self.root is None
        if self._own:
            self.root = parse_xml(found.blob)

    def save(self) -> None:
        """Put the part back into the file."""
        if self._own:
            self.part._blob = serialize_part_xml(self.root)


class Footnotes:
    """The footnotes of a document, numbered from 1 in the order in which they are added."""

    def __init__(self, document: Any, text_style: str, mark_style: str) -> None:  # noqa: ANN401 - python-docx
        self._xml = XmlPart(document, "footnotes", "footnotes.xml", _FOOTNOTES)
        self._text_style, self._mark_style = text_style, mark_style
        self._count = 0
        for old in list(self._xml.root):
            self._xml.root.remove(old)
        for kind, number in _SEPARATORS:
            line = element("p", element("r", element(kind)))
            self._xml.root.append(element("footnote", line, type=kind, id=number))
        _declare_separators(document)

    @property
    def part(self) -> Any:  # noqa: ANN401 - python-docx part
        """The part, which external links of a footnote are related to."""
        return self._xml.part

    def add(self, content: Callable[[], list[Element]]) -> Element:
        """Add a footnote and return the run that refers to it."""
        self._count += 1
        mark = element("r", _style(self._mark_style), element("footnoteRef"))
        space = element("t")
        space.text = " "
        space.set(qn("xml:space"), "preserve")
        style = element("pPr", element("pStyle", val=self._text_style))
        line = element("p", style, mark, element("r", space), *content())
        self._xml.root.append(element("footnote", line, id=self._count))
        reference = element("footnoteReference", id=self._count)
        return element("r", _style(self._mark_style), reference)

    def save(self) -> None:
        """Put the footnotes into the file."""
        self._xml.save()


def _style(name: str) -> Element:
    return element("rPr", element("rStyle", val=name))


# What follows footnotePr in the schema's order of settings, as far as files have it.
_AFTER_FOOTNOTES = (
    "endnotePr",
    "compat",
    "docVars",
    "rsids",
    "mathPr",
    "attachedSchema",
    "themeFontLang",
    "clrSchemeMapping",
    "doNotIncludeSubdocsInStats",
    "shapeDefaults",
    "doNotEmbedSmartTags",
    "decimalSymbol",
    "listSeparator",
    "docId",
    "chartTrackingRefBased",
)


def _declare_separators(document: Any) -> None:  # noqa: ANN401 - python-docx document
    settings = document.settings.element
    for old in settings.findall(qn("w:footnotePr")):
        settings.remove(old)
    declared = element("footnotePr", *(element("footnote", id=number) for _, number in _SEPARATORS))
    later = [child for child in settings if child.tag.rpartition("}")[2] in _AFTER_FOOTNOTES]
    if later:
        later[0].addprevious(declared)
    else:
        settings.append(declared)


class Lists:
    """Numbering of lists: one definition for bullets, one for numbers, each numbered list from 1."""

    def __init__(self, document: Any) -> None:  # noqa: ANN401 - python-docx document
        self._xml = XmlPart(document, "numbering", "numbering.xml", _NUMBERING)
        root = self._xml.root
        taken = [int(old.get(qn("w:abstractNumId"))) for old in root.findall(qn("w:abstractNum"))]
        self._abstract = {ordered: max(taken, default=-1) + 1 + ordered for ordered in (False, True)}
        for ordered, number in self._abstract.items():
            self._define(number, ordered)
        self._bullets = self._instance(ordered=False)

    def number(self, ordered: bool) -> int:
        """Return the number of a list; a numbered one is new, so that it begins with 1."""
        return self._instance(ordered=True) if ordered else self._bullets

    def save(self) -> None:
        """Put the definitions into the file."""
        self._xml.save()

    def _define(self, number: int, ordered: bool) -> None:
        level = element(
            "lvl",
            element("start", val=1),
            element("numFmt", val="decimal" if ordered else "bullet"),
            element("lvlText", val="%1." if ordered else "\u2022"),
            element("lvlJc", val="left"),
            element("pPr", element("ind", left=360, hanging=360)),
            ilvl=0,
        )
        made = element(
            "abstractNum", element("multiLevelType", val="singleLevel"), level, abstractNumId=number
        )
        first = self._xml.root.find(qn("w:num"))
        if first is None:
            self._xml.root.append(made)
        else:
            first.addprevious(made)

    def _instance(self, *, ordered: bool) -> int:
        root = self._xml.root
        number = max([int(old.get(qn("w:numId"))) for old in root.findall(qn("w:num"))], default=0) + 1
        made = element("num", element("abstractNumId", val=self._abstract[ordered]), numId=number)
        if ordered:
            made.append(element("lvlOverride", element("startOverride", val=1), ilvl=0))
        last = root.findall(qn("w:num"))
        if last:
            last[-1].addnext(made)
        else:
            root.append(made)
        return number
