"""From a matplotlib figure to SVG: the same bytes every time, small, and fit to stand in a page."""

import re
from collections.abc import Mapping
from functools import lru_cache
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from matplotlib.figure import Figure

from helpers.figures.render import svg_of
from helpers.figures.style import THEME

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
_HREF = f"{{{_XLINK}}}href"

_PIXELS_PER_POINT = 4 / 3
_NUMBER = re.compile(r"-?\d*\.\d+(?:e-?\d+)?")
_PATH_PART = re.compile(r"[A-Za-z]|-?[\d.]+(?:e-?\d+)?")
_PAIRS = {"M": 1, "L": 1, "Q": 2, "C": 3}
_LETTER_BYTES = 4000
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")
_TRANSLATION = re.compile(r"translate\((-?[\d.e-]+) (-?[\d.e-]+)\)")
# Characters that XML 1.0 does not allow; a name from a data file may hold them.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def draw_svg(fig: Figure, prefix: str, alt: str, name: str) -> str:
    """Write a figure as compact SVG that is its own accessible document.

    Parameters
    ----------
    fig
        Figure to draw.
    prefix
        Put in front of every id, so that two pictures in one page never share one.
    alt
        Alternative text, the picture's ``<desc>``.
    name
        Short name, the picture's ``<title>``, e.g. ``"Figure 3"``.

    Returns
    -------
    str
        One ``<svg>`` element with plain hex colours, coordinates to two decimals, no metadata.
    """
    return compact_svg(svg_of(fig), prefix, alt, name)


def compact_svg(text: str, prefix: str, alt: str, name: str) -> str:
    """Shorten matplotlib's SVG and give it prefixed ids, a title and a description; see :func:`draw_svg`."""
    root = ET.fromstring(_FORBIDDEN.sub("", text))  # noqa: S314 (our own output, not a stranger's file)
    for tag in ("metadata", "defs"):
        for element in root.findall(f"{{{_SVG}}}{tag}"):
            if tag == "metadata" or element.find(f"{{{_SVG}}}style") is not None:
                root.remove(element)
    # The rule "* {stroke-linejoin...}" would reach every drawing of a page; inherited attributes do not.
    root.attrib.update({"stroke-linejoin": "round", "stroke-linecap": "butt"})
    _flatten(root)
    _rename_ids(root, prefix)
    for element in root.iter():
        _shorten(element)
        element.tail = None
        element.text = (element.text or "").strip() or None
    _describe(root, prefix, _FORBIDDEN.sub("", alt), _FORBIDDEN.sub("", name))
    # Every time: the list of prefixes belongs to the whole process, and packages for documents change it.
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    return ET.tostring(root, encoding="unicode")


def _flatten(element: ET.Element) -> None:
    """Drop empty groups, and put the members of a group that says nothing in its place."""
    for child in list(element):
        _flatten(child)
        says_nothing = not set(child.attrib) - {"id"}
        if child.tag == f"{{{_SVG}}}g" and (says_nothing or len(child) == 0):
            place = list(element).index(child)
            element.remove(child)
            for member in reversed(child):
                element.insert(place, member)


def _rename_ids(root: ET.Element, prefix: str) -> None:
    """Keep only ids that something points to, numbered in the order of the document."""
    used: set[str] = set()
    for element in root.iter():
        used.update(_REFERENCE.findall(" ".join(element.attrib.values())))
        used.update(element.attrib.get(name, "")[1:] for name in (_HREF, "href"))
    found = [element.attrib["id"] for element in root.iter() if element.attrib.get("id") in used]
    short = {old: f"{prefix}{number}" for number, old in enumerate(dict.fromkeys(found))}
    for element in root.iter():
        old = element.attrib.pop("id", None)
        if old in short:
            element.attrib["id"] = short[old]
        for name, value in element.attrib.items():
            if name in (_HREF, "href"):
                element.attrib[name] = f"#{short[value[1:]]}"
            elif "url(#" in value:
                element.attrib[name] = _REFERENCE.sub(lambda match: f"url(#{short[match[1]]})", value)


def _shorten(element: ET.Element) -> None:
    attributes = element.attrib
    if "d" in attributes:
        attributes["d"] = relative_path(attributes["d"])
    if element.tag == f"{{{_SVG}}}use":
        _place_by_attributes(attributes)
    elif "transform" in attributes:
        attributes["transform"] = _TRANSLATION.sub(lambda match: _rounded(match[0]), attributes["transform"])
    for name in ("x", "y", "points"):
        if name in attributes:
            attributes[name] = _rounded(attributes[name])
    if "style" in attributes:
        attributes["style"] = attributes["style"].replace(": ", ":").replace("; ", ";")


def relative_path(path: str) -> str:
    """Write a path with relative coordinates of two decimals, which takes half the bytes.

    Points are rounded before they are subtracted, so that errors do not add up.

    Parameters
    ----------
    path
        Path of the commands M, L, Q, C and z, all absolute, as matplotlib writes them.

    Examples
    --------
    >>> relative_path("M 10.004 5 L 10.5 4.5 L 11 5 z M 20 20 Q 21 21 22 20")
    'M10 5l.5-.5 .5 .5zm10 15q1 1 2 0'
    """
    # Letters are the same paths in every picture; land is long and seldom drawn twice.
    return _short_path(path) if len(path) < _LETTER_BYTES else _relative_path(path)


def _relative_path(path: str) -> str:
    parts = iter(_PATH_PART.findall(path))
    written: list[str] = []
    last = ""
    start = here = (0, 0)
    for part in parts:
        if part in "Zz":
            written.append("z")
            here, last = start, part
            continue
        points = [(_hundredths(next(parts)), _hundredths(next(parts))) for _ in range(_PAIRS[part])]
        origin = here if written else (0, 0)
        letter = part.lower() if written else part
        numbers = [
            _from_hundredths(way - base) for point in points for way, base in zip(point, origin, strict=True)
        ]
        written.append(_joined("" if part == last and part != "M" else letter, numbers))
        here, last = points[-1], part
        start = here if part == "M" else start
    return "".join(written)


_short_path = lru_cache(maxsize=4096)(_relative_path)


def _hundredths(number: str) -> int:
    return round(float(number) * 100)


@lru_cache(maxsize=65536)
def _from_hundredths(number: int) -> str:
    sign, whole, rest = "-" if number < 0 else "", abs(number) // 100, abs(number) % 100
    decimals = f".{rest:02d}".rstrip("0") if rest else ""
    return f"{sign}{whole or ('' if rest else 0)}{decimals}"


def _joined(letter: str, numbers: list[str]) -> str:
    """Join numbers: no space before a minus sign, nor between a letter and its first number."""
    text = letter
    for place, number in enumerate(numbers):
        text += number if number.startswith("-") or (place == 0 and letter) else f" {number}"
    return text


def _place_by_attributes(attributes: dict[str, str]) -> None:
    moved = _TRANSLATION.fullmatch(attributes.get("transform", ""))
    if moved and "x" not in attributes:
        del attributes["transform"]
        attributes["x"] = moved[1]
        if float(moved[2]):
            attributes["y"] = moved[2]


def _rounded(text: str) -> str:
    return _NUMBER.sub(lambda match: _short_number(float(match[0])), text)


def _short_number(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _describe(root: ET.Element, prefix: str, alt: str, name: str) -> None:
    title = ET.Element(f"{{{_SVG}}}title", {"id": f"{prefix}t"})
    title.text = name
    description = ET.Element(f"{{{_SVG}}}desc", {"id": f"{prefix}d"})
    description.text = alt
    root.insert(0, title)
    root.insert(1, description)
    root.attrib.update({"role": "img", "aria-labelledby": f"{prefix}t {prefix}d"})


def with_metadata(svg: str, facts: Mapping[str, str]) -> str:
    """Return a picture of :func:`draw_svg` that says what it is wherever it is taken: Dublin Core metadata.

    Parameters
    ----------
    svg
        From :func:`draw_svg`.
    facts
        Text by element of Dublin Core with a capital letter, e.g. ``Title``, ``Description``, ``Source``.

    Examples
    --------
    >>> with_metadata("<svg><desc>d</desc><path/></svg>", {"Title": "A & B"}).split("/elements/1.1/")[1]
    '"><rdf:Description><dc:title>A &amp; B</dc:title></rdf:Description></rdf:RDF></metadata><path/></svg>'

    References
    ----------
    W3C, SVG 1.1, 21 Metadata, https://www.w3.org/TR/SVG11/metadata.html.
    """
    entries = "".join(
        f"<dc:{name.lower()}>{escape(_FORBIDDEN.sub('', text))}</dc:{name.lower()}>"
        for name, text in facts.items()
    )
    spaces = f'xmlns:rdf="{_RDF}" xmlns:dc="{_DUBLIN_CORE}"'
    metadata = (
        f"<metadata><rdf:RDF {spaces}><rdf:Description>{entries}</rdf:Description></rdf:RDF></metadata>"
    )
    head, rest = svg.split("</desc>", 1)
    return f"{head}</desc>{metadata}{rest}"


def inline_svg(svg: str) -> str:
    """Return the picture for use inside a page: sized in pixels, its colours open to the page's theme.

    Each colour of :data:`helpers.figures.style.THEME` becomes ``var(--fig-..., #hex)``; the hex code holds
    where the page defines nothing.

    Examples
    --------
    >>> inline_svg('<svg width="72pt" height="36pt"><path style="fill:#1b1f27"/></svg>')
    '<svg width="96" height="48" style="max-width:100%;height:auto"><path
    style="fill:var(--fig-ink,#1b1f27)"/></svg>'
    """
    head, rest = svg.split(">", 1)
    head = re.sub(r'(width|height)="([\d.]+)pt"', _in_pixels, head)
    rest = re.sub(r'style="[^"]*"', lambda match: _COLOUR.sub(_themed, match[0]), rest)
    return f'{head} style="max-width:100%;height:auto">{rest}'


def _in_pixels(match: re.Match[str]) -> str:
    return f'{match[1]}="{float(match[2]) * _PIXELS_PER_POINT:.0f}"'


def _themed(match: re.Match[str]) -> str:
    variable = THEME.get(match[0])
    return f"var({variable},{match[0]})" if variable else match[0]
