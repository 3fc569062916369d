"""What a report says, without anything of HTML: the blocks that every kind of document is written from."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Style = Literal["normal", "notice", "check", "source", "quote"]
"""What a paragraph is: text, a notice, a checked claim, a source line, somebody's words."""


@dataclass(frozen=True)
class Run:
    r"""A stretch of text in one look.

    Attributes
    ----------
    text
        Plain text without control characters and marks that turn the direction of writing; ``"\n"``
        begins a new line (in cells of tables).
    bold, italic
        How it looks.
    link
        ``"#anchor"`` within the document, ``http(s)://`` address, path relative to the report, or "".
    note
        Text of a footnote that hangs on the end of the run.
    """

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""
    note: "tuple[Run, ...] | None" = None


Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (section) to 4; ``id`` is what links lead to."""

    level: int
    runs: Runs
    id: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    runs: Runs
    style: Style = "normal"


@dataclass(frozen=True)
class Bullets:
    """A list, numbered if ``ordered``."""

    items: tuple[Runs, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Picture:
    """A figure with its files and all that must be said of it; ``anchor`` is what links lead to."""

    id: str
    number: int
    caption: Runs
    alt: str
    svg: Path
    png: Path
    source: Runs = ()
    sample: bool = False
    anchor: str = ""


@dataclass(frozen=True)
class Grid:
    """A table: ``numeric`` says which columns are numbers.

    ``number`` is 0 for a table without a number of its own, such as that of the facts. ``anchors`` holds one
    name a row that links lead to, or nothing.
    """

    id: str
    number: int
    caption: Runs
    header: tuple[str, ...]
    rows: tuple[tuple[Runs, ...], ...]
    numeric: tuple[bool, ...]
    source: Runs = ()
    sample: bool = False
    anchor: str = ""
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Break:
    """The start of a new page."""


Block = Heading | Paragraph | Bullets | Picture | Grid | Break


@dataclass(frozen=True)
class Document:
    """A report as a document.

    The blocks begin with the question and the summary: title, subtitle, status, date, the marks of a draft
    and of sample data, citation and contents are written by who writes the document, from these attributes.

    Attributes
    ----------
    title, subtitle
        As on the page.
    status
        ``"draft"`` or ``"published"``.
    date
        Day on which the report was built, ISO.
    authors
        Names as in CITATION.cff.
    sample
        Whether anything rests on made-up data.
    blocks
        The text, in reading order.
    slug
        Name of the report.
    citation
        How to cite the report.
    language
        Language of the text, e.g. ``"en"``.
    """

    title: str
    subtitle: str
    status: str
    date: str
    authors: tuple[str, ...]
    sample: bool
    blocks: tuple[Block, ...] = ()
    slug: str = ""
    citation: str = ""
    language: str = "en"


def plain(runs: Runs) -> str:
    """Return the text of runs without their looks.

    Examples
    --------
    >>> plain((Run("At least "), Run("77 %", bold=True)))
    'At least 77 %'
    """
    return "".join(run.text for run in runs)
