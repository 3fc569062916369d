"""A figure of one report shown in another one: the same picture under another number."""

import base64
import re
import struct
import zlib
from dataclasses import dataclass
from html import escape

from helpers.data.errors import InputError
from helpers.figures.downloads import data_uri, download_link

_PNG_START = b"\x89PNG\r\n\x1a\n"
_TITLE = b"Title\0"


@dataclass(frozen=True)
class Numbered:
    """Identifier and number of a figure in one report."""

    id: str
    number: int

    @property
    def label(self) -> str:
        """What the report calls it.

        Examples
        --------
        >>> Numbered("seats", 3).label
        'Figure 3'
        """
        return f"Figure {self.number}"


def renumbered_svg(svg: str, old: Numbered, new: Numbered) -> str:
    """Return a picture with its ids and its own title as in another report.

    Parameters
    ----------
    svg
        Text with pictures as :func:`helpers.figures.svg.draw_svg` wrote them, with or without metadata.
    old, new
        The figure there and here.

    Examples
    --------
    >>> svg = '<svg aria-labelledby="a-wt"><title id="a-wt">Figure 1</title></svg>'
    >>> renumbered_svg(svg, Numbered("a", 1), Numbered("counts-a", 4))
    '<svg aria-labelledby="counts-a-wt"><title id="counts-a-wt">Figure 4</title></svg>'
    """
    reference = rf"""(?<=[ "#]){re.escape(old.id)}-([wn])(\d+|t|d)(?=[ ")])"""
    # Inside a tag only: words of the description and of labels stay as they are.
    text = re.sub(r"<[^>]*>", lambda tag: re.sub(reference, rf"{new.id}-\1\2", tag[0]), svg)
    titles = rf"(<title id=\"{re.escape(new.id)}-[wn]t\">|<dc:title>){re.escape(old.label)}(?=<|\. )"
    return re.sub(titles, lambda match: match[1] + new.label, text)


def renumbered_png(png: bytes, old: Numbered, new: Numbered) -> bytes:
    """Return a picture whose title in the file has the number of another report.

    References
    ----------
    W3C, Portable Network Graphics (third edition), 11.3.3 textual information.

    Raises
    ------
    InputError
        If it is not a PNG.
    """
    if not png.startswith(_PNG_START):
        raise InputError(f"figure {old.id!r}: its file is not a PNG")
    parts, place = [_PNG_START], len(_PNG_START)
    while place + 12 <= len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        kind, data = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        if kind in (b"tEXt", b"iTXt") and data.startswith(_TITLE):
            data = data.replace(f"{old.label}. ".encode(), f"{new.label}. ".encode(), 1)
        parts.append(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)))
        place += 12 + length
    return b"".join(parts)


def cited_figure(
    element: str, old: Numbered, new: Numbered, files: tuple[str, bytes, str], remark: str
) -> str:
    """Return the element of a figure as another report shows it.

    Parameters
    ----------
    element
        From :func:`helpers.figures.publish.publish`. An interactive map is left out: its static twin stays.
    old, new
        The figure there and here.
    files
        SVG, PNG and CSV for download, numbered as here.
    remark
        HTML put at the end of the caption: where the figure was published first.

    Raises
    ------
    InputError
        If the element is not built as ``publish`` builds it.
    """
    head, found, rest = element.partition("<figcaption>")
    caption, closed, after = rest.partition("</figcaption>")
    details = after.find("<details")
    label = f'<span class="label">{old.label}.</span>'
    if not (found and closed and details >= 0 and label in caption):
        raise InputError(f"figure {old.id!r}: its element has no caption or no data; build its report again")
    start = head.find('<div class="picture wide">')
    pictures = renumbered_svg(head[start:].partition('<div class="interactive">')[0], old, new)
    data = re.sub(
        rf"Data behind {re.escape(old.label)}\b", f"Data behind {new.label}", after[details:], count=3
    )
    caption = caption.replace(label, f'<span class="label">{new.label}.</span>', 1)
    return (
        f'<figure id="fig-{escape(new.id)}" class="evidence-figure">{pictures}'
        f"<figcaption>{caption} {remark}</figcaption>{_downloads(new.id, files)}{data}"
    )


def _downloads(id: str, files: tuple[str, bytes, str]) -> str:
    svg, png, csv = files
    links = [
        download_link(f"{id}.svg", "SVG", data_uri(svg, "image/svg+xml")),
        download_link(f"{id}.png", "PNG", "data:image/png;base64," + base64.b64encode(png).decode("ascii")),
        download_link(f"{id}.csv", "CSV", data_uri(csv, "text/csv")),
    ]
    return f'<p class="downloads">Download: {", ".join(links)}</p>'
