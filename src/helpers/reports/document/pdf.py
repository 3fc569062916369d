"""A document as PDF/UA-1, which screen readers can follow; made by Typst."""

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from helpers.data.errors import InputError
from helpers.data.files import write_atomically
from helpers.reports.document.model import (
    Block,
    Break,
    Bullets,
    Document,
    Grid,
    Heading,
    Paragraph,
    Picture,
    Run,
    Runs,
    plain,
)
from helpers.reports.document.typesetting import pdf_of, require_typst

TEMPLATE = Path(__file__).parent.parent / "templates" / "document.typ"
_NARROWEST, _NARROW, _LONGEST_WORD = 6, 12, 24
"""Letters: of the narrowest column, of one that need not be broken, of a word that counts at most."""
_MANY = 6
"""Columns from which all share the width of the page."""
_LESS_THAN_IN_PROPORTION = 0.7
_TALL = 1.05
"""Height of a picture to its width from which it is made narrower than the page."""
_ADDRESSES = ("https://", "http://")


def write_pdf(document: Document, path: Path) -> None:
    """Write a document as PDF/UA-1.

    The same document gives the same bytes: Typst is told the document's day, and uses no font of the machine.

    Parameters
    ----------
    document
        From `read_document`.
    path
        File to write; a file that is there is replaced.

    Raises
    ------
    InputError
        If Typst is not installed, a picture has no alternative text, or the document breaks the standard.
    """
    require_typst()
    silent = [block.id for block in document.blocks if isinstance(block, Picture) and not block.alt.strip()]
    if silent:
        raise InputError([f"{document.slug}: figure {name}: has no alternative text" for name in silent])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        content = _content(document, _copied(document, folder))
        (folder / "document.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        shutil.copyfile(TEMPLATE, folder / TEMPLATE.name)
        made = pdf_of(folder / TEMPLATE.name, document.slug, _moment(document.date))
    write_atomically(path, made)


def _moment(day: str) -> int:
    try:
        return int(datetime.fromisoformat(day[:10]).replace(tzinfo=UTC).timestamp())
    except ValueError:
        return 0


def _copied(document: Document, folder: Path) -> Mapping[str, str]:
    """Copy the pictures under names of ours; return them by their identifier."""
    names = {}
    for number, block in enumerate(document.blocks):
        if isinstance(block, Picture):
            source = block.svg if block.svg.is_file() else block.png
            names[block.id] = f"picture-{number}{source.suffix}"
            shutil.copyfile(source, folder / names[block.id])
    return names


def _content(document: Document, files: Mapping[str, str]) -> dict[str, Any]:
    """Return what the template shows."""
    targets = set(_targets(document.blocks))
    headings = [block for block in document.blocks if isinstance(block, Heading) and block.level == 1]
    blocks = _each_target_once(_levels_in_order(document.blocks))
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "authors": list(document.authors),
        "language": document.language,
        "sample": document.sample,
        "status_words": f"{document.status.capitalize()} of {document.date[:10]}",
        "citation": document.citation,
        "contents": [{"text": plain(block.runs), "target": block.id} for block in headings],
        "blocks": [_block(block, files, targets) for block in blocks],
    }


def _targets(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Heading):
            yield block.id
        elif isinstance(block, Picture):
            yield block.anchor
        elif isinstance(block, Grid):
            yield block.anchor
            yield from block.anchors


def _levels_in_order(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks, headings such that none is more than one level below the one before it."""
    level = 0
    for block in blocks:
        if isinstance(block, Heading):
            level = min(block.level, level + 1)
            block = replace(block, level=level)
        yield block


def _each_target_once(blocks: Iterator[Block]) -> Iterator[Block]:
    """Yield the blocks; only the first of several that have the same name keeps it."""
    seen = {""}

    def name(given: str) -> str:
        kept = "" if given in seen else given
        seen.add(given)
        return kept

    for block in blocks:
        if isinstance(block, Heading):
            block = replace(block, id=name(block.id))
        elif isinstance(block, Picture):
            block = replace(block, anchor=name(block.anchor))
        elif isinstance(block, Grid):
            block = replace(
                block, anchor=name(block.anchor), anchors=tuple(name(each) for each in block.anchors)
            )
        yield block


def _block(block: Block, files: Mapping[str, str], targets: set[str]) -> dict[str, Any]:
    match block:
        case Heading():
            runs = _runs(block.runs, targets)
            return {"kind": "heading", "level": block.level, "runs": runs, "id": block.id}
        case Paragraph():
            return {"kind": "paragraph", "style": block.style, "runs": _runs(block.runs, targets)}
        case Bullets():
            items = [_runs(item, targets) for item in block.items]
            return {"kind": "bullets", "ordered": block.ordered, "items": items}
        case Picture():
            return {
                "kind": "picture",
                **_captioned(block, "Figure", targets),
                "file": files[block.id],
                "alt": block.alt,
                "tall": _is_tall(block.png),
            }
        case Grid():
            return {"kind": "grid", **_captioned(block, "Table", targets), **_cells(block, targets)}
        case Break():
            return {"kind": "break"}


def _is_tall(path: Path) -> bool:
    """Say whether a picture as wide as the page would be too high for it, beside its caption."""
    from PIL import Image

    with Image.open(path) as image:
        return image.height > _TALL * image.width


def _captioned(block: Picture | Grid, word: str, targets: set[str]) -> dict[str, Any]:
    return {
        "lead": f"{word} {block.number}." if block.number else "",
        "caption": _runs(block.caption, targets),
        "source": _runs(block.source, targets),
        "anchor": block.anchor,
    }


def _cells(block: Grid, targets: set[str]) -> dict[str, Any]:
    anchors = [*block.anchors, *[""] * (len(block.rows) - len(block.anchors))]
    return {
        "header": list(block.header),
        "numeric": list(block.numeric),
        "widths": _widths(block),
        "rows": [[_runs(cell, targets) for cell in row] for row in block.rows],
        "anchors": anchors,
    }


def _widths(block: Grid) -> list[int]:
    """Return the share of the page's width for each column, 0 for one that is as wide as what it holds.

    A column is as wide as its longest word needs, and wider the more it holds, though less than in
    proportion: a column of long texts would leave nothing to the others.

    Examples
    --------
    >>> short, long = (Run("1,302"),), (Run("a text of many words " * 5),)
    >>> _widths(Grid("t", 1, (), ("n", "text"), ((short, long),), (True, False)))
    [0, 26]
    """
    columns = [[name, *(plain(row[at]) for row in block.rows)] for at, name in enumerate(block.header)]
    if len(columns) <= _MANY and not all(_is_narrow(texts) for texts in columns):
        return [0 if _is_narrow(texts) else _share(texts) for texts in columns]
    return [_share(texts) for texts in columns]


def _is_narrow(texts: Sequence[str]) -> bool:
    return max(map(len, texts)) <= _NARROW


def _share(texts: Sequence[str]) -> int:
    word = max(len(word) for text in texts for word in [*text.split(), ""])
    held = sum(map(len, texts[1:])) / max(len(texts) - 1, 1)
    return max(_NARROWEST, min(word, _LONGEST_WORD), round(float(held**_LESS_THAN_IN_PROPORTION)))


def _runs(runs: Runs, targets: set[str]) -> list[dict[str, Any]]:
    return [_run(run, targets) for run in runs]


def _run(run: Run, targets: set[str]) -> dict[str, Any]:
    """Return a run; a link stays only if it leads to a place in the document or to a page of the web."""
    inside = run.link[1:] if run.link.startswith("#") and run.link[1:] in targets else ""
    return {
        "text": run.text,
        "bold": run.bold,
        "italic": run.italic,
        "target": inside,
        "url": run.link if run.link.startswith(_ADDRESSES) else "",
        "note": _runs(run.note, targets) if run.note else None,
    }
