"""Pieces of WordprocessingML, written so that nothing in a text can become markup."""

import hashlib
import re
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from helpers.reports.document.text import harmless

Element = Any
"""An element of a part; python-docx has no types for them."""
_LONGEST_NAME = 40
_TWIPS = 567
"""Twentieths of a point in a centimetre."""


def element(tag: str, *children: Element, **attributes: object) -> Element:
    """Return an element ``w:<tag>`` with attributes ``w:<name>``."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), harmless(str(value)))
    made.extend(children)
    return made


def text_nodes(text: str) -> list[Element]:
    """Return the nodes of a text: ``w:t``, and ``w:br`` for each new line."""
    nodes: list[Element] = []
    for number, line in enumerate(harmless(text).split("\n")):
        if number:
            nodes.append(element("br"))
        if line:
            node = element("t")
            node.text = line.replace("\t", " ")
            node.set(qn("xml:space"), "preserve")
            nodes.append(node)
    return nodes


def text_run(text: str, *, bold: bool = False, italic: bool = False, style: str = "") -> Element:
    """Return a run; ``style`` is the id of a character style."""
    properties = element("rPr")
    if style:
        properties.append(element("rStyle", val=style))
    if bold:
        properties.append(element("b"))
    if italic:
        properties.append(element("i"))
    return element("r", *([properties] if len(properties) else []), *text_nodes(text))


def field(code: str, *shown: Element) -> list[Element]:
    """Return a field with what it shows until the reader's program computes it anew."""
    instruction = element("instrText")
    instruction.text = f" {code} "
    instruction.set(qn("xml:space"), "preserve")
    return [
        element("r", element("fldChar", fldCharType="begin")),
        element("r", instruction),
        element("r", element("fldChar", fldCharType="separate")),
        *shown,
        element("r", element("fldChar", fldCharType="end")),
    ]


def bookmark_name(anchor: str) -> str:
    """Return the name of the bookmark for an anchor: at most 40 letters, digits and underscores.

    Examples
    --------
    >>> bookmark_name("fact-top_share_1"), bookmark_name("source-vaccine_capacity/2021-03-sample")
    ('fact_top_share_1', 'source_vaccine_capacity_2021_03_7261a57b')
    """
    plain = re.sub(r"[^A-Za-z0-9_]", "_", anchor)
    faithful = anchor.replace("-", "_", 1) == plain and len(plain) <= _LONGEST_NAME
    if faithful and plain[:1].isalpha():
        return plain
    digest = hashlib.sha256(anchor.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{('a' + plain if not plain[:1].isalpha() else plain)[: _LONGEST_NAME - 9]}_{digest}"


def twips(centimetres: float) -> int:
    """Return a length in twentieths of a point."""
    return round(centimetres * _TWIPS)
