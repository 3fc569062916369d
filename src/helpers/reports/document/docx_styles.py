"""The styles of a document: our own, or those of a reference document, with what it lacks added."""

import re
from dataclasses import dataclass
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.shared import Pt, RGBColor

from helpers.reports.document.docx_xml import element

FONT = "Arial"
"""Every office has it or a font of the same widths, so lines break alike."""
BLUE, INK, MUTED, WARNING = "15246B", "1B1F27", "565E6C", "9A3D00"
TABLE_STYLE = "Evidence Table"
_OURS = {"Source", "Check", "Notice", "Table Text", "Fact"}
"""Names that Word does not know."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_PARAGRAPH, _CHARACTER = WD_STYLE_TYPE.PARAGRAPH, WD_STYLE_TYPE.CHARACTER


@dataclass(frozen=True)
class Look:
    """How a style looks: size and spacing in points; ``None`` leaves what it is based on."""

    size: float | None = None
    colour: str | None = None
    bold: bool | None = None
    italic: bool | None = None
    before: float = 0
    after: float = 6
    keep: bool = False
    outline: int | None = None


PARAGRAPHS = {
    "Title": Look(26, BLUE, True, after=4),
    "Subtitle": Look(14, MUTED, False, False, after=10),
    "Heading 1": Look(16, BLUE, True, before=20, after=6, keep=True, outline=0),
    "Heading 2": Look(13, BLUE, True, before=14, after=4, keep=True, outline=1),
    "Heading 3": Look(11.5, BLUE, True, before=10, after=4, keep=True, outline=2),
    "Heading 4": Look(10.5, BLUE, True, True, before=8, after=2, keep=True, outline=3),
    "TOC Heading": Look(16, BLUE, True, before=14, after=6, keep=True),
    "toc 1": Look(after=3),
    "toc 2": Look(after=2),
    "Caption": Look(9.5, INK, True, before=4, after=3),
    "Quote": Look(italic=True, after=6),
    "List Bullet": Look(after=3),
    "List Number": Look(after=3),
    "Source": Look(8, MUTED, before=3, after=12),
    "Check": Look(8.5, MUTED, italic=True, after=4),
    "Notice": Look(10, WARNING, before=2, after=6),
    "Table Text": Look(8.5, after=0),
    "footnote text": Look(8.5, after=2),
    "header": Look(8.5, MUTED, after=0),
    "footer": Look(8.5, MUTED, after=0),
}
CHARACTERS = {
    "Hyperlink": '<w:color w:val="0B4F9E"/><w:u w:val="single"/>',
    "Fact": '<w:u w:val="dotted" w:color="93A2DC"/>',
    "footnote reference": '<w:vertAlign w:val="superscript"/>',
}
_TABLE = f"""<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="EvidenceTable">
<w:name w:val="{TABLE_STYLE}"/><w:uiPriority w:val="99"/><w:tblPr><w:tblBorders>
<w:top w:val="single" w:sz="8" w:space="0" w:color="{BLUE}"/>
<w:bottom w:val="single" w:sz="8" w:space="0" w:color="{BLUE}"/>
<w:insideH w:val="single" w:sz="4" w:space="0" w:color="D4DAF0"/></w:tblBorders><w:tblCellMar>
<w:top w:w="30" w:type="dxa"/><w:left w:w="60" w:type="dxa"/><w:bottom w:w="30" w:type="dxa"/>
<w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr>
<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="EEF1FA"/></w:tcPr></w:tblStylePr></w:style>"""


class Styles:
    """The ids of the styles that blocks are written with."""

    def __init__(self, document: Any, own: bool) -> None:  # noqa: ANN401 - python-docx document
        self._document = document
        self._own = own
        self.added: list[str] = []
        self._ids: dict[str, str] = {}
        for name, look in PARAGRAPHS.items():
            self._ids[name] = self._paragraph(name, look)
        for name, properties in CHARACTERS.items():
            self._ids[name] = self._character(name, properties)
        self._ids[TABLE_STYLE] = self._table()

    def __getitem__(self, name: str) -> str:
        return self._ids[name]

    def _found(self, name: str, kind: WD_STYLE_TYPE) -> Any:  # noqa: ANN401 - python-docx style
        # Built-in names differ by case from program to program: "heading 1" and "Heading 1".
        styles = (style for style in self._document.styles if style.type == kind)
        return next((style for style in styles if style.name and style.name.lower() == name.lower()), None)

    def _free_name(self, name: str) -> str:
        taken = {style.name.lower() for style in self._document.styles if style.name}
        return f"{name} (report)" if name.lower() in taken else name

    def _made(self, name: str, kind: WD_STYLE_TYPE) -> Any:  # noqa: ANN401 - python-docx style
        self.added.append(name)
        return self._document.styles.add_style(self._free_name(name), kind, builtin=name not in _OURS)

    def _paragraph(self, name: str, look: Look) -> str:
        style = self._found(name, _PARAGRAPH)
        if style is None:
            style = self._made(name, _PARAGRAPH)
            style.base_style = self._document.styles.default(_PARAGRAPH)
            _dress(style, look, font=False)
        elif self._own:
            _dress(style, look, font=True)
        return str(style.style_id)

    def _character(self, name: str, properties: str) -> str:
        style = self._found(name, _CHARACTER)
        if style is None:
            style = self._made(name, _CHARACTER)
            made = parse_xml(f"<w:rPr {nsdecls('w')}>{properties}</w:rPr>")
            style.element.append(made)
        return str(style.style_id)

    def _table(self) -> str:
        style = self._found(TABLE_STYLE, WD_STYLE_TYPE.TABLE)
        if style is not None:
            return str(style.style_id)
        self.added.append(TABLE_STYLE)
        self._document.styles.element.append(parse_xml(_TABLE.replace("\n", "")))
        return "EvidenceTable"


def _dress(style: Any, look: Look, *, font: bool) -> None:  # noqa: ANN401 - python-docx style
    style.hidden, style.quick_style = False, True
    if font:
        _plain_font(style)
    style.font.size = Pt(look.size) if look.size else None
    style.font.bold, style.font.italic = look.bold, look.italic
    if look.colour:
        style.font.color.rgb = RGBColor.from_string(look.colour)
    shape = style.paragraph_format
    shape.space_before, shape.space_after = Pt(look.before), Pt(look.after)
    shape.keep_with_next = look.keep or None
    if look.outline is not None:
        _outline(style, look.outline)


def _outline(style: Any, level: int) -> None:  # noqa: ANN401 - python-docx style
    properties = style.element.get_or_add_pPr()
    if properties.find(qn("w:outlineLvl")) is None:
        properties.append(element("outlineLvl", val=level))


def _plain_font(style: Any) -> None:  # noqa: ANN401 - python-docx style
    """Take fonts, borders and spacing of letters that the template brings out of a style."""
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        if child.tag in {qn("w:rFonts"), qn("w:spacing"), qn("w:kern")}:
            properties.remove(child)
    paragraph = style.element.find(qn("w:pPr"))
    for tag in ("w:pBdr", "w:contextualSpacing", "w:tabs"):
        for child in [] if paragraph is None else paragraph.findall(qn(tag)):
            paragraph.remove(child)


def set_defaults(document: Any, language: str) -> None:  # noqa: ANN401 - python-docx document
    """Set font, size and language of all text of a document that has no reference."""
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for child in list(defaults):
        defaults.remove(child)
    fonts = dict.fromkeys(("ascii", "hAnsi", "eastAsia", "cs"), FONT)
    defaults.extend([element("rFonts", **fonts), element("sz", val=21), element("szCs", val=21)])
    normal = document.styles["Normal"]
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(7), 1.12
    set_language(document, language)
    _set_mode(document)


def _set_mode(document: Any) -> None:  # noqa: ANN401 - python-docx document
    """Say that the file is of today's Word, which else opens it in "compatibility mode"."""
    settings = document.settings.element
    for mode in settings.iter(qn("w:compatSetting")):
        if mode.get(qn("w:name")) == "compatibilityMode":
            mode.set(qn("w:val"), "15")


def language_of(language: str) -> str:
    """Return a language code; English where it is none."""
    return language if _LANGUAGE.fullmatch(language) else "en"


def set_language(document: Any, language: str) -> None:  # noqa: ANN401 - python-docx document
    """State the language of the text where every program looks for it."""
    root = document.styles.element
    defaults = root.find(qn("w:docDefaults"))
    if defaults is None:
        defaults = element("docDefaults", element("rPrDefault", element("rPr")))
        root.insert(0, defaults)
    holder = defaults.find(qn("w:rPrDefault"))
    if holder is None:
        holder = element("rPrDefault", element("rPr"))
        defaults.insert(0, holder)
    properties = holder.get_or_add_rPr() if hasattr(holder, "get_or_add_rPr") else holder.find(qn("w:rPr"))
    if properties is None:
        properties = element("rPr")
        holder.append(properties)
    for place in [properties, *root.iter(qn("w:rPr"))]:
        for old in place.findall(qn("w:lang")):
            place.remove(old)
    full = {"en": "en-GB"}.get(language_of(language), language_of(language))
    properties.append(element("lang", val=full, eastAsia=full, bidi="ar-SA"))
