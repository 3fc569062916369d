"""The body of a page as blocks: headings, paragraphs, lists, figures and tables in reading order."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bs4 import Tag
from bs4.element import NavigableString, PreformattedString

from helpers.data.errors import InputError
from helpers.reports.document.grids import grid
from helpers.reports.document.inline import attribute, classes, joined, runs_of
from helpers.reports.document.model import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    Picture,
    Run,
    Runs,
    Style,
)
from helpers.reports.document.text import harmless, spaced

SAMPLE = "Illustrative sample data."
_LEFT_OUT_NAMES = {
    "nav",
    "script",
    "style",
    "svg",
    "button",
    "iframe",
    "template",
    "noscript",
    "hr",
    "summary",
}
_LEFT_OUT_CLASSES = {
    "code",
    "printed",
    "figure-data",
    "downloads",
    "tools",
    "to-top",
    "narrow",
    "interactive",
}
_STYLES: Mapping[str, Style] = {
    "check": "check",
    "notice": "notice",
    "table-source": "source",
    "quote": "quote",
}
_DEEPEST = 4
_UNDER = ("source", "note", "cited")
"""What stands behind the caption of a figure: sources, what must be said of it, which report it is from."""


@dataclass(frozen=True)
class Page:
    """What is read beside the page: the report's folder, and its figures by id as in the manifest."""

    folder: Path
    figures: Mapping[str, Mapping[str, Any]]


def blocks_of(element: Tag, page: Page) -> Iterator[Block]:
    """Yield what an element holds, in reading order.

    Left out are navigation, scripts, folded code, download links, interactive frames and the folded data
    behind figures.

    Raises
    ------
    InputError
        If a figure has no number or its files are missing.
    """
    loose: list[Run] = []
    for child in element.children:
        if isinstance(child, Tag) and child.name not in _INLINE:
            yield from _paragraph(joined(loose), "normal")
            loose = []
            yield from _block(child, page)
        elif isinstance(child, Tag):
            loose += [Run(" "), *runs_of(child), Run(" ")]
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            loose.append(Run(spaced(str(child))))
    yield from _paragraph(joined(loose), "normal")


_INLINE = {"a", "b", "bdi", "cite", "code", "em", "i", "mark", "q", "span", "strong", "sub", "sup"}


def _block(child: Tag, page: Page) -> Iterator[Block]:
    named = classes(child)
    if child.name in _LEFT_OUT_NAMES or _LEFT_OUT_CLASSES & named or child.get("hidden") is not None:
        return
    if child.name in {"h2", "h3", "h4", "h5", "h6"}:
        yield Heading(min(int(child.name[1]) - 1, _DEEPEST), _heading(child), attribute(child, "id"))
    elif child.name == "figure" and child.find("figcaption"):
        yield _picture(child, page)
    elif "evidence-table" in named or child.name == "table":
        yield grid(child)
    elif child.name in {"ul", "ol"}:
        yield from _list(child, "notices" in classes(child.parent) if child.parent else False)
    elif child.name == "p":
        yield from _paragraph(runs_of(child), _style(child))
    elif child.name == "pre":
        yield from _paragraph((Run(harmless(child.get_text()).strip("\n")),), "normal")
    elif child.name == "img":
        yield Paragraph(
            (Run("A picture without a number is left out here; the page of the report shows it."),), "notice"
        )
    elif child.name == "details":
        yield from _opened(child, page)
    elif child.name in {"dl"}:
        yield from _paragraph(runs_of(child), "normal")
    else:
        yield from blocks_of(child, page)


def _heading(child: Tag) -> Runs:
    # The number stands in an element of its own, with a space behind it.
    return joined(Run(run.text) for run in runs_of(child))


def _style(child: Tag) -> Style:
    if child.find_parent("blockquote"):
        return "quote"
    return next((style for name, style in _STYLES.items() if name in classes(child)), "normal")


def _paragraph(runs: Runs, style: Style) -> Iterator[Paragraph]:
    if runs:
        yield Paragraph(runs, style)


def _list(child: Tag, notices: bool) -> Iterator[Block]:
    """Yield a list, lists inside it as further items of it; notices are paragraphs of their own."""
    items = tuple(filter(None, (_item(item) for item in child.find_all("li"))))
    if notices:
        yield from (Paragraph(item, "notice") for item in items)
    elif items:
        yield Bullets(items, child.name == "ol")


def _item(item: Tag) -> Runs:
    """Return the words of an item without those of the lists inside it."""
    own = copy(item)
    for inner in own.find_all(["ul", "ol"]):
        inner.decompose()
    return runs_of(own)


def _opened(child: Tag, page: Page) -> Iterator[Block]:
    """Yield what is folded on the page, under its summary: paper does not unfold."""
    summary = child.find("summary")
    inside = list(blocks_of(child, page))
    if summary and inside:
        runs = tuple(Run(run.text, bold=True, link=run.link) for run in runs_of(summary))
        yield from _paragraph(runs, "normal")
    yield from inside


def _picture(child: Tag, page: Page) -> Picture:
    id_ = attribute(child, "id").removeprefix("fig-")
    entry = page.figures.get(id_)
    caption = child.find("figcaption")
    if entry is None or caption is None:
        raise InputError(
            f"{page.folder.name}: report.html shows the figure {id_[:60]!r}, manifest.json has none"
        )
    words = runs_of(caption, {"label", *_UNDER})
    source = joined(
        run for part in caption.find_all("span", class_=list(_UNDER)) for run in (*runs_of(part), Run(" "))
    )
    return Picture(
        id=id_,
        number=int(entry["number"]),
        caption=words,
        alt=_alt(child, entry),
        svg=_file(page.folder, f"figures/{id_}.svg"),
        png=_file(page.folder, f"figures/{id_}.png"),
        source=source,
        sample=bool(entry.get("sample", "".join(run.text for run in words).startswith(SAMPLE))),
        anchor=attribute(child, "id"),
    )


def _alt(child: Tag, entry: Mapping[str, Any]) -> str:
    """Return what the page reads out in place of the picture: with the mark of sample data in front."""
    described = child.find("desc")
    said = described.get_text() if described else str(entry.get("alt") or entry["caption"])
    return harmless(said)


def _file(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        raise InputError(f"{folder.name}: {name} is missing; build the report again")
    return path
