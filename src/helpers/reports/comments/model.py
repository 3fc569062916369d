"""What a review comment is, and the marks by which it and its target are known again."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Severity = Literal["must", "should", "could"]
Status = Literal["open", "answered", "withdrawn"]

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
STATUSES: tuple[Status, ...] = get_args(Status)
REPORT = "report"
"""The target of remarks on the whole report, and on what is missing in it."""
TARGET = re.compile(r"(?:(?:fact|figure|table|recommendation):[A-Za-z0-9][A-Za-z0-9_.-]{0,99}|report)")
COMMENT_ID = re.compile(r"c[0-9a-f]{10}")
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Comment:
    """What one reviewer said of one thing in a report, and what became of it.

    Attributes
    ----------
    comment_id
        As by :func:`comment_id`.
    target
        ``fact:<name>``, ``figure:<id>``, ``table:<id>``, ``recommendation:<id>`` or ``report``.
    reviewer
        A name or initials.
    received, answered_on
        ISO dates; the second is empty while the comment is open.
    severity
        ``must``, ``should`` or ``could``.
    comment, answer
        Plain text, redacted.
    status
        ``open``, ``answered`` or ``withdrawn``.
    said
        What the target said when it was commented on.
    """

    comment_id: str
    target: str
    reviewer: str
    received: str
    severity: Severity
    comment: str
    status: Status = "open"
    answer: str = ""
    answered_on: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """A sheet that came back: who, when, how many rows were marked, and which build the reviewer saw."""

    reviewer: str
    received: str
    rows_read: int
    comments: int
    sheet_sha256: str
    facts_sha256: str


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the history: a comment came to have a status on a day, with a text."""

    comment_id: str
    on: str
    status: Status
    severity: Severity
    text: str


def same_person(name: str) -> str:
    """Return by what a reviewer is told apart: letters and digits, whatever their case or accents.

    Examples
    --------
    >>> same_person("A. B."), same_person("José Núñez")
    ('ab', 'josenunez')
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(mark for mark in plain if mark.isalnum())


def comment_id(target: str, reviewer: str, comment: str) -> str:
    """Return the id of a comment: the same for the same words of one reviewer on one thing.

    Spacing does not count, so that a sheet that was saved by another program gives the same id.

    Examples
    --------
    >>> comment_id("fact:total", "A. B.", "Why so few?") == comment_id("fact:total", "AB", "Why  so few? ")
    True
    >>> comment_id("fact:total", "AB", "Why?") == comment_id("fact:share", "AB", "Why?")
    False
    """
    return "c" + _mark([target, same_person(reviewer), " ".join(comment.split())])[:10]


def check_mark(report: str, target: str, build: str) -> str:
    """Return the mark by which a row of a sheet is known as it was handed out.

    Its letter in front keeps spreadsheet programs from reading it as a number.
    """
    return "k" + _mark([report, target, build])[:10]


def _mark(parts: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def in_order(comments: Iterable[Comment]) -> list[Comment]:
    """Return comments as readers want them: open before answered, then by severity, date and target."""
    return sorted(
        comments,
        key=lambda one: (
            STATUSES.index(one.status),
            SEVERITIES.index(one.severity),
            one.received,
            one.target,
            one.comment_id,
        ),
    )
