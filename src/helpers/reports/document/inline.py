"""Words of a page as runs: what is bold, what leads somewhere, and nothing else of HTML."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bs4 import Tag
from bs4.element import NavigableString, PreformattedString

from helpers.reports.document.model import Run, Runs
from helpers.reports.document.text import harmless, spaced, web_address

_LEFT_OUT = {"script", "style", "svg", "button", "iframe", "img", "template", "noscript", "details"}
_HASH = re.compile(r"[0-9a-f]{64}")
_INSIDE = re.compile(r"#[^\s#]+")
_RELATIVE = re.compile(r"(?:\.\./|\./)*[A-Za-z0-9_-][A-Za-z0-9_./-]*(?:#[A-Za-z0-9_./-]+)?")


def classes(element: Tag) -> set[str]:
    """Return the classes of an element."""
    return set(attribute(element, "class").split())


def attribute(element: Tag, name: str) -> str:
    """Return an attribute as text, empty where there is none."""
    found = element.get(name) or ""
    return found if isinstance(found, str) else " ".join(found)


def runs_of(element: Tag, leave_out: Iterable[str] = ()) -> Runs:
    """Return the words of an element as runs.

    Parameters
    ----------
    element
        Any element; what is inside is taken in reading order.
    leave_out
        Classes of elements inside that are passed over.

    Returns
    -------
    tuple of Run
        White space as a browser shows it, runs of the same look joined, none without text. Hashes of files
        (``<code title>``) are left out.
    """
    return joined(_walked(element, Run(""), frozenset(leave_out)))


def joined(runs: Iterable[Run]) -> Runs:
    """Join runs of the same look, and trim white space at the ends and around new lines."""
    made: list[Run] = []
    for run in runs:
        text = run.text
        before = made[-1].text if made else "\n"
        if text.startswith(" ") and before.endswith((" ", "\n")):
            text = text[1:]
        if text == "\n":
            if before.endswith("\n"):
                continue
            made[-1] = replace(made[-1], text=made[-1].text.rstrip(" "))
        if not text:
            continue
        if made and replace(made[-1], text="") == replace(run, text="") and run.note is None:
            made[-1] = replace(run, text=made[-1].text + text)
        else:
            made.append(replace(run, text=text))
    return _trimmed(made)


def _trimmed(made: list[Run]) -> Runs:
    while made:
        last = replace(made[-1], text=made[-1].text.rstrip(" \n"))
        if last.text or last.note:
            return (*made[:-1], last)
        made.pop()
    return ()


def _walked(element: Tag, look: Run, leave_out: frozenset[str]) -> Iterator[Run]:
    for child in element.children:
        if isinstance(child, Tag):
            yield from _child(child, look, leave_out)
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            yield replace(look, text=spaced(str(child)))


def _child(child: Tag, look: Run, leave_out: frozenset[str]) -> Iterator[Run]:
    named = classes(child)
    if child.name in _LEFT_OUT or leave_out & named or "visually-hidden" in named:
        return
    if child.name == "code" and _HASH.fullmatch(attribute(child, "title")):
        return
    if child.name == "br" or "note" in named or child.name in {"li", "p", "div"}:
        yield Run("\n")
    if child.name in {"strong", "b", "dt"}:
        look = replace(look, bold=True)
    elif child.name in {"em", "i", "cite"}:
        look = replace(look, italic=True)
    elif child.name == "mark":
        look = replace(look, bold=True)
    elif child.name == "a":
        look = replace(look, link=allowed_link(attribute(child, "href")))
    if child.name == "q":
        yield replace(look, text="\u201c")
    yield from _walked(child, look, leave_out)
    if child.name == "q":
        yield replace(look, text="\u201d")


def allowed_link(link: str) -> str:
    """Return a link that may stand in a document, or nothing.

    Examples
    --------
    >>> allowed_link("#fact-total"), allowed_link("../themes/report.html#fact-a"), allowed_link("file:///etc/x")
    ('#fact-total', '../themes/report.html#fact-a', '')
    >>> allowed_link("data:text/html,x"), allowed_link("//host/x"), allowed_link("/etc/x")
    ('', '', '')
    """
    link = harmless(link.strip())
    if _INSIDE.fullmatch(link) or _RELATIVE.fullmatch(link):
        return link
    return web_address(link)
