"""Links that lead somewhere: an anchor that the document does not have is none."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from helpers.reports.document.model import (
    Block,
    Break,
    Bullets,
    Grid,
    Heading,
    Paragraph,
    Picture,
    Run,
    Runs,
)


def anchors_of(blocks: Iterable[Block]) -> list[str]:
    """Return the names that links may lead to, in reading order, each once."""
    found: dict[str, None] = {}
    for block in blocks:
        if isinstance(block, Heading):
            found[block.id] = None
        elif isinstance(block, Picture | Grid):
            found[block.anchor] = None
            if isinstance(block, Grid):
                found.update(dict.fromkeys(block.anchors))
    return [name for name in found if name]


def with_runs(block: Block, change: Callable[[Runs], Runs]) -> Block:
    """Return a block with its runs changed, those of captions, cells and source lines, too."""
    if isinstance(block, Heading | Paragraph):
        return replace(block, runs=change(block.runs))
    if isinstance(block, Bullets):
        return replace(block, items=tuple(change(item) for item in block.items))
    if isinstance(block, Picture):
        return replace(block, caption=change(block.caption), source=change(block.source))
    if isinstance(block, Grid):
        rows = tuple(tuple(change(cell) for cell in row) for row in block.rows)
        return replace(block, caption=change(block.caption), source=change(block.source), rows=rows)
    assert isinstance(block, Break)
    return block


def with_links(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Return blocks in which every link inside the document leads to an anchor of it; the others are text."""
    listed = list(blocks)
    known = {f"#{name}" for name in anchors_of(listed)}

    def change(runs: Runs) -> Runs:
        return tuple(_resolved(run, known) for run in runs)

    return tuple(with_runs(block, change) for block in listed)


def _resolved(run: Run, known: set[str]) -> Run:
    link = "" if run.link.startswith("#") and run.link not in known else run.link
    note = tuple(_resolved(inner, known) for inner in run.note) if run.note else run.note
    return replace(run, link=link, note=note)
