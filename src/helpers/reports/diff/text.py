"""How the prose of a report changed, paragraph by paragraph and word by word."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Literal

Op = Literal["same", "del", "ins"]
# Paragraphs that have less than this in common are two, and not one that was edited.
ALIKE = 0.4
_BLOCKS = {"p", "li", "h2", "h3", "h4", "blockquote"}
_SKIPPED = {"figure", "table", "nav", "details", "script", "style", "button", "pre", "template", "footer"}
_SKIPPED_CLASSES = {"tools", "downloads", "table-source", "check", "evidence-table", "source"}
# Comments of reviewers on a draft are no text of it.
_REVIEW = "review-"
_VOID = {"br", "img", "hr", "input", "meta", "link", "wbr", "col", "source"}
# Pictures, frames and embedded files are most of a page and hold no prose.
_HEAVY = re.compile(r"<svg\b.*?</svg>|<iframe\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>|\"data:[^\"]*\"", re.S)
_WORDS = re.compile(r"\s+|\w(?:[\w.,'’-]*\w)?|[^\w\s]")


@dataclass(frozen=True)
class ParagraphChange:
    """One paragraph that differs, as stretches of words that stayed, went and came."""

    parts: tuple[tuple[Op, str], ...]


def paragraphs(page: str) -> list[str]:
    """Return the headings, paragraphs and list items of a report's text, without tables, code and pictures.

    Examples
    --------
    >>> paragraphs('<p>no</p><main><h2>Sites</h2><p>There  are <b>5</b>.</p><table><td>1</table></main>')
    ['Sites', 'There are 5.']
    """
    _, begun, rest = page.partition("<main")
    parser = _Prose()
    parser.feed("<main" + _HEAVY.sub('""', rest.rpartition("</main>")[0]) if begun else "")
    parser.close()
    return parser.found()


class _Prose(HTMLParser):
    """Gathers text block by block; what stands in a part that is passed over is not gathered."""

    def __init__(self) -> None:
        super().__init__()
        self._stack: list[tuple[str, bool]] = []
        self._blocks: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        classes = set((dict(attrs).get("class") or "").split())
        aside = bool(classes & _SKIPPED_CLASSES) or any(name.startswith(_REVIEW) for name in classes)
        skipped = tag in _SKIPPED or aside or self._skips()
        self._stack.append((tag, skipped))
        if tag in _BLOCKS and not skipped:
            self._blocks.append([])

    def handle_endtag(self, tag: str) -> None:
        while any(opened == tag for opened, _ in self._stack):
            closed, _ = self._stack.pop()
            if closed in _BLOCKS:
                # What follows belongs to no block until the next one begins.
                self._blocks.append([])
            if closed == tag:
                return

    def handle_data(self, data: str) -> None:
        inside = any(tag in _BLOCKS for tag, _ in self._stack)
        if self._blocks and inside and not self._skips():
            self._blocks[-1].append(data)

    def _skips(self) -> bool:
        return bool(self._stack) and self._stack[-1][1]

    def found(self) -> list[str]:
        texts = (" ".join("".join(block).split()) for block in self._blocks)
        return [text for text in texts if text]


def text_changes(old: Sequence[str], new: Sequence[str]) -> list[ParagraphChange]:
    """Compare two texts.

    Parameters
    ----------
    old, new
        Paragraphs, as from :func:`paragraphs`.

    Returns
    -------
    list of ParagraphChange
        In the order of the text; paragraphs that stayed are left out.

    Examples
    --------
    >>> [change.parts for change in text_changes(["There are 5 sites."], ["There are 6 sites."])]
    [(('same', 'There are '), ('del', '5'), ('ins', '6'), ('same', ' sites.'))]
    """
    found: list[ParagraphChange] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for op, start, end, new_start, new_end in matcher.get_opcodes():
        if op != "equal":
            found += _paired(old[start:end], new[new_start:new_end])
    return found


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[ParagraphChange]:
    """Yield what became of paragraphs; each new one is compared with the next old one that is like it."""
    waiting = list(old)
    for text in new:
        place = next((i for i, other in enumerate(waiting) if _alike(other, text)), None)
        if place is None:
            yield ParagraphChange((("ins", text),))
            continue
        yield from (ParagraphChange((("del", other),)) for other in waiting[:place])
        yield ParagraphChange(tuple(_word_changes(waiting[place], text)))
        waiting = waiting[place + 1 :]
    yield from (ParagraphChange((("del", other),)) for other in waiting)


def _alike(first: str, second: str) -> bool:
    matcher = difflib.SequenceMatcher(None, _WORDS.findall(first), _WORDS.findall(second), autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _word_changes(old: str, new: str) -> Iterator[tuple[Op, str]]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for op, start, end, new_start, new_end in matcher.get_opcodes():
        if op == "equal":
            yield "same", "".join(before[start:end])
            continue
        if start < end:
            yield "del", "".join(before[start:end])
        if new_start < new_end:
            yield "ins", "".join(after[new_start:new_end])
