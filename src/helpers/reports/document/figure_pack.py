"""The figures of a report for journals and slides: in three formats and two widths, with their data."""

import html
import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.data.errors import InputError
from helpers.data.files import write_atomically
from helpers.figures.downloads import csv_text
from helpers.reports.document.typesetting import pdf_of, png_of, require_typst
from helpers.reports.staging import is_complete, read_json

WIDTHS_MM: Mapping[str, int] = {"wide": 170, "narrow": 80}
"""Layout -> width in which it is written: two columns of a journal, and one."""
_IDENTIFIER = re.compile(r"[a-z0-9-]+")
_COLOUR_OF_PAGE = re.compile(r"var\(--[a-z-]+,\s*(#[0-9a-fA-F]{3,8})\)")
_SIZE = re.compile(r'(<svg\b[^>]*?) width="[^"]*" height="[^"]*"')
_VIEW = re.compile(r'<svg\b[^>]*? viewBox="0 0 ([\d.]+) ([\d.]+)"')
_NARROW = re.compile(r'<div class="picture narrow"[^>]*>(<svg\b.*?</svg>)</div>', re.S)
_CAPTION = re.compile(r'<figcaption>.*?(<span class="source.*?)</figcaption>', re.S)
_PAGE = """#let it = json("figure.json")
#set document(title: it.title)
#set text(lang: "en")
#set page(width: it.width * 1mm, height: auto, margin: 0pt)
#image("figure.svg", alt: it.alt, width: 100%)
"""


@dataclass(frozen=True)
class _Figure:
    """A figure as the manifest has it."""

    id: str
    number: int
    caption: str
    alt: str
    source: str
    csv: bytes
    pictures: Mapping[str, str]
    """Layout -> SVG."""


def write_figure_pack(folder: Path, out: Path) -> list[Path]:
    """Write the figures of a report as files that journals and slides take.

    For each figure: ``<number>_<id>_170mm`` and ``<number>_<id>_80mm`` as SVG, PDF (PDF/UA-1) and PNG (300
    dots an inch); the narrow one is drawn for its width, not made smaller. Its data as ``<number>_<id>.csv``.
    ``captions.csv`` and ``captions.txt`` hold captions, alternative texts and sources.

    Parameters
    ----------
    folder
        Of a built report.
    out
        Folder to write into; files that are there are replaced.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    InputError
        If the folder holds no complete report, or Typst is not installed.
    """
    require_typst()
    if not is_complete(folder):
        raise InputError(f"{folder.name}: is no complete report; build it first: evidence build")
    figures = list(_figures(folder))
    out.mkdir(parents=True, exist_ok=True)
    written = [path for figure in figures for path in _written(figure, out)]
    return [*written, *_captions(figures, folder.name, out)]


def _figures(folder: Path) -> Iterator[_Figure]:
    manifest = read_json(folder / "manifest.json")
    entries: list[dict[str, Any]] = manifest.get("figures", []) if isinstance(manifest, dict) else []
    shown = _shown(folder / "report.html") if entries else {}
    for entry in entries:
        name = str(entry["id"])
        if not _IDENTIFIER.fullmatch(name) or name not in shown:
            raise InputError(f"{folder.name}: figure {name[:60]!r}: is not on the page")
        base = folder / "figures"
        narrow, source = shown[name]
        wide = (base / f"{name}.svg").read_text(encoding="utf-8").partition("?>\n")[2]
        yield _Figure(
            id=name,
            number=int(entry["number"]),
            caption=str(entry["caption"]),
            alt=str(entry.get("alt") or _spoken(wide)),
            source=source,
            csv=(base / f"{name}.csv").read_bytes(),
            pictures={"wide": wide, "narrow": narrow},
        )


def _shown(page: Path) -> dict[str, tuple[str, str]]:
    """Return of each figure on the page its narrow picture as SVG of its own, and its sources and note."""
    found: dict[str, tuple[str, str]] = {}
    for part in page.read_text(encoding="utf-8").split('<figure id="fig-')[1:]:
        name, narrow, caption = part.partition('"')[0], _NARROW.search(part), _CAPTION.search(part)
        if narrow and caption:
            sources = html.unescape(re.sub("<[^>]*>", "", caption.group(1)))
            found[name] = (_own_svg(narrow.group(1)), " ".join(sources.split()))
    return found


def _own_svg(markup: str) -> str:
    """Return an SVG of a page as one by itself: in the colours of a light page.

    Examples
    --------
    >>> _own_svg('<svg><path style="fill:var(--fig-ink,#111111)"/></svg>')
    '<svg><path style="fill:#111111"/></svg>'
    """
    return _COLOUR_OF_PAGE.sub(r"\1", markup)


def _spoken(svg: str) -> str:
    found = re.search(r"<desc[^>]*>([^<]+)</desc>", svg)
    return found.group(1) if found else ""


def _sized(svg: str, width_mm: int) -> str:
    """Return an SVG of a width in millimetres, its height as it belongs."""
    view = _VIEW.search(svg)
    if view is None:
        return svg
    height = width_mm * float(view.group(2)) / float(view.group(1))
    size = f' width="{width_mm}mm" height="{height:.2f}mm"'
    if _SIZE.search(svg):
        return _SIZE.sub(lambda found: found.group(1) + size, svg, count=1)
    return svg.replace("<svg", f"<svg{size}", 1)


def _written(figure: _Figure, out: Path) -> Iterator[Path]:
    base = f"{figure.number:02d}_{figure.id}"
    files: dict[str, bytes] = {f"{base}.csv": figure.csv}
    for layout, svg in figure.pictures.items():
        width = WIDTHS_MM[layout]
        sized = _sized(svg, width)
        files[f"{base}_{width}mm.svg"] = f'<?xml version="1.0" encoding="UTF-8"?>\n{sized}\n'.encode()
        files |= {f"{base}_{width}mm{ending}": data for ending, data in _drawn(figure, sized, width).items()}
    for name, data in files.items():
        write_atomically(out / name, data)
        yield out / name


def _drawn(figure: _Figure, svg: str, width_mm: int) -> dict[str, bytes]:
    """Return a picture as PDF and PNG."""
    title = f"Figure {figure.number}. {figure.caption}"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given = {"title": title, "alt": figure.alt, "width": width_mm}
        (folder / "figure.json").write_text(json.dumps(given), encoding="utf-8")
        (folder / "figure.svg").write_text(svg, encoding="utf-8")
        (folder / "page.typ").write_text(_PAGE, encoding="utf-8")
        page = folder / "page.typ"
        return {".pdf": pdf_of(page, f"figure {figure.id}"), ".png": png_of(page)}


def _captions(figures: Sequence[_Figure], slug: str, out: Path) -> Iterator[Path]:
    columns = ("file", "number", "caption", "alternative_text", "source")
    rows = [
        (f"{figure.number:02d}_{figure.id}", figure.number, figure.caption, figure.alt, figure.source)
        for figure in figures
    ]
    lines = [f"Figures of {slug}", ""]
    for name, number, caption, alt, source in rows:
        lines += [f"Figure {number}. {caption}", source, f"Alternative text: {alt}", f"Files: {name}_*", ""]
    texts = {
        "captions.csv": csv_text(pd.DataFrame(rows, columns=list(columns))),
        "captions.txt": "\n".join(lines),
    }
    for name, text in texts.items():
        write_atomically(out / name, text.encode("utf-8"))
        yield out / name
