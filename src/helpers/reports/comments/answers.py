"""Answers to review comments; every change is kept in the history."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from helpers.data.coding.harmless import harmless
from helpers.data.errors import InputError
from helpers.data.privacy import redact
from helpers.reports.comments.model import Change, Comment, Status
from helpers.reports.comments.reading import LONGEST
from helpers.reports.comments.store import read_comments, read_history, write_review


def answer(
    slug: str,
    comment_id: str,
    text: str = "",
    *,
    status: Status = "answered",
    root: Path | None = None,
    on: date | None = None,
) -> Comment:
    """Answer a comment, withdraw it, or open it again.

    Parameters
    ----------
    slug
        Of the report.
    comment_id
        Of the comment; its first characters are enough if no other begins like that.
    text
        The answer, or why it is withdrawn or opened; only an answer needs it. Addresses are taken out.
    status
        What the comment is then. Opened again it keeps the answer it had; why stands in the history.
    root
        The project's folder.
    on
        The day; today if not given.

    Returns
    -------
    Comment
        As it is now.

    Raises
    ------
    InputError
        If there is no such comment, it has that status already, or an answer has no text or too long a one.
    """
    comments = read_comments(slug, root)
    old = _found(slug, comment_id, comments)
    words = harmless(redact(text)).strip()
    _refuse(old, words, status)
    day = (on or date.today()).isoformat()
    if status == "open":
        new = replace(old, status=status, answered_on="")
    else:
        new = replace(old, status=status, answer=words or old.answer, answered_on=day)
    if new == old:
        return old
    change = Change(old.comment_id, day, status, old.severity, words)
    write_review(
        slug, root, [new if one == old else one for one in comments], [*read_history(slug, root), change]
    )
    return new


def _found(slug: str, comment_id: str, comments: list[Comment]) -> Comment:
    found = [one for one in comments if comment_id and one.comment_id.startswith(comment_id)]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(one.comment_id for one in found[:5])
        raise InputError(f"report {slug}: comment {comment_id!r} is one of {ids}; write more of it")
    raise InputError(
        f"report {slug}: no comment {comment_id[:40]!r}; `evidence comments {slug} --all` lists them"
    )


def _refuse(old: Comment, words: str, status: Status) -> None:
    where = f"comment {old.comment_id}"
    if status == "answered" and not words:
        raise InputError(f"{where}: found no answer, allowed: a text")
    if len(words) > LONGEST:
        raise InputError(f"{where}: found an answer of {len(words)} characters, allowed: {LONGEST}")
    if status == old.status and status != "answered":
        raise InputError(f"{where}: is {status} already")
    if status == "answered" and old.status == "withdrawn":
        raise InputError(f"{where}: was withdrawn; --reopen it first")
