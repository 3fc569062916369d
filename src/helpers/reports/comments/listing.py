"""Review comments as lines for the terminal."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from helpers.data.errors import InputError
from helpers.data.project import build_folder, project_root
from helpers.reports.comments.model import REPORT, Comment
from helpers.reports.comments.store import reviews_folder
from helpers.reports.comments.targets import read_targets
from helpers.reports.values import did_you_mean


def known_report(slug: str, root: Path | None = None) -> None:
    """Refuse the name of a report that is neither built nor was reviewed.

    Raises
    ------
    InputError
        With the nearest name.
    """
    root = root or project_root()
    build, kept = build_folder(root), reviews_folder(slug, root)
    if kept.is_dir() or (build / slug).is_dir():
        return
    folders = [*build.glob("[a-z0-9]*"), *kept.parent.glob("[a-z0-9]*")]
    near = did_you_mean(slug, sorted({path.name for path in folders if path.is_dir()}))
    raise InputError(f"report {slug!r}: unknown{near}; `evidence list` shows which there are")


def comment_lines(comments: Sequence[Comment], gone: Collection[str] = ()) -> Iterator[str]:
    r"""Yield a comment as a line that says what it is, and its texts indented below.

    Parameters
    ----------
    comments
        In the order in which they are listed.
    gone
        Targets that the report as built now does not have.

    Examples
    --------
    >>> print("\n".join(comment_lines([Comment("c0", "report", "AB", "2026-11-20", "must", "Why?")])))
    c0  must    open       report  (AB, 2026-11-20)
        Why?
    """
    for one in comments:
        yield (
            f"{one.comment_id}  {one.severity:<6}  {one.status:<9}  {one.target}  "
            f"({one.reviewer}, {one.received})"
        )
        if one.target in gone:
            yield "    speaks of something that is no longer there"
        if one.said and one.target != REPORT:
            yield f"    It said: {one.said.splitlines()[0]}"
        yield from (f"    {line}" for line in one.comment.splitlines())
        if one.answer:
            yield f"    Answer{f' of {one.answered_on}' if one.answered_on else ''}: {one.answer}"


def gone_targets(slug: str, comments: Sequence[Comment], root: Path | None = None) -> list[str]:
    """Return the targets of comments that the report as built now does not have; none if it is not built."""
    folder = build_folder(root) / slug
    if not (folder / "facts.json").is_file():
        return []
    there = {target.id for target in read_targets(folder)}
    return list(dict.fromkeys(one.target for one in comments if one.target not in there))
