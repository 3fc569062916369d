"""What a figure or table must say of itself: where it comes from, and that it is what it is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from helpers.data.errors import InputError

if TYPE_CHECKING:
    from helpers.data.origin import Origin

SAMPLE_MARK = "illustrative sample data"
NO_DATA_TEXT = "No data for this selection"
"""What an empty figure says, in the picture and as its alternative text."""
_IDENTIFIER = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True)
class SourceLine:
    """One dataset in the source line under a figure.

    Attributes
    ----------
    name
        Folder name of the dataset.
    title
        Title of the dataset.
    vintage
        What date the figures speak of.
    kind
        ``"observed"``, ``"derived"`` or ``"sample"``.
    citation
        How the source is cited, in short.
    """

    name: str
    title: str
    vintage: str
    kind: str
    citation: str

    @classmethod
    def of(cls, name: str, origin: "Origin") -> "SourceLine":
        """Take the line from a dataset's ``origin.yml``."""
        return cls(name, origin.title, origin.vintage, origin.kind, origin.citation)

    @property
    def html(self) -> str:
        """The line as a link to the report's list of sources, escaped.

        Examples
        --------
        >>> SourceLine("gdp", "GDP", "2019 to 2023", "observed", "World Bank, WDI.").html
        '<a href="#source-gdp">GDP</a> (2019 to 2023)'
        """
        mark = f"; {SAMPLE_MARK}" if self.kind == "sample" else ""
        name, title = escape(self.name, quote=True), escape(" ".join(self.title.split()).rstrip("."))
        return f'<a href="#source-{name}">{title}</a> ({escape(self.vintage)}{mark})'

    @property
    def text(self) -> str:
        """The line in plain text, for files that leave the report.

        Examples
        --------
        >>> SourceLine("gdp", "GDP", "2019 to 2023", "observed", "World Bank, WDI.").text
        'GDP (2019 to 2023)'
        """
        mark = f"; {SAMPLE_MARK}" if self.kind == "sample" else ""
        return f"{' '.join(self.title.split()).rstrip('.')} ({self.vintage}{mark})"


@dataclass(frozen=True)
class Published:
    """A figure or table as it goes into a report.

    Attributes
    ----------
    kind
        ``"figure"`` or ``"table"``.
    id
        Identifier; the anchor in the page is ``fig-<id>`` or ``table-<id>``.
    number
        Number in the report, from 1.
    caption
        Caption as shown, without the number.
    alt
        Text that stands for the picture; for a table its caption.
    html
        The element to show.
    files
        Files written, relative to the run folder.
    sources
        Names of the datasets it rests on.
    sample
        Whether any of them is made-up sample data.
    note
        What stands beside it, in plain text; may be empty.
    types
        Column of its CSV -> kind of value, see :func:`helpers.figures.downloads.csv_types`.
    columns
        For a table: column shown -> label and format.
    highlight
        For a table: the row that is marked.
    cited
        Where it was published first, if that was another report: its slug, and the id there.
    """

    kind: Literal["figure", "table"]
    id: str
    number: int
    caption: str
    alt: str
    html: str
    files: tuple[Path, ...]
    sources: tuple[str, ...] = ()
    sample: bool = False
    note: str = ""
    types: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    highlight: str | None = None
    cited: Mapping[str, str] | None = None

    def _repr_html_(self) -> str:
        return self.html


def check_identity(kind: str, id: str, number: int, caption: str, sources: list[SourceLine]) -> None:
    """Refuse a figure or table that does not say what it is and where it comes from.

    Raises
    ------
    InputError
        If the identifier is malformed, the number is not positive, or caption or sources are empty.

    Examples
    --------
    >>> check_identity("figure", "Map 1", 1, "A map", [])
    Traceback (most recent call last):
    ...
    helpers.data.errors.InputError: figure 'Map 1': the id may hold a-z, 0-9 and hyphens only
    figure 'Map 1': has no source; name at least one dataset
    """
    problems = []
    if not _IDENTIFIER.fullmatch(id):
        problems.append("the id may hold a-z, 0-9 and hyphens only")
    if number < 1:
        problems.append(f"the number is {number}; allowed are 1 and above")
    if not caption.strip():
        problems.append("the caption is empty")
    if not sources:
        problems.append("has no source; name at least one dataset")
    problems += [
        f"source {line.name!r} has no title or no vintage"
        for line in sources
        if not (line.title.strip() and line.vintage.strip())
    ]
    if problems:
        raise InputError([f"{kind} {id!r}: {problem}" for problem in problems])


def check_alternative(id: str, caption: str, alt: str) -> None:
    """Refuse an alternative text that is empty or only says the caption again.

    Raises
    ------
    InputError
        If it does.
    """
    if not alt.strip():
        raise InputError(f"figure {id!r}: the alternative text is empty; say what the picture shows")
    if " ".join(alt.split()).casefold() == " ".join(caption.split()).casefold():
        raise InputError(
            f"figure {id!r}: the alternative text repeats the caption; say what the picture shows"
        )


def marked_caption(caption: str, sample: bool) -> str:
    """Return the caption, with the warning in front if it rests on made-up data.

    Examples
    --------
    >>> marked_caption("Offers by country", True)
    'Illustrative sample data. Offers by country'
    """
    return f"{SAMPLE_MARK.capitalize()}. {caption}" if sample else caption


def source_text(sources: list[SourceLine], note: str | None = None) -> str:
    """Return the source line in plain text, with what must be said beside it.

    Examples
    --------
    >>> source_text([SourceLine("gdp", "GDP", "2023", "observed", "World Bank.")], "Boundaries: X.")
    'Source: GDP (2023). Boundaries: X.'
    """
    line = f"{_source_word(sources)}: {'; '.join(source.text for source in sources)}."
    return f"{line} {note}" if note else line


def _source_word(sources: list[SourceLine]) -> str:
    return "Source" if len(sources) == 1 else "Sources"


def source_html(sources: list[SourceLine]) -> str:
    """Return the source line: each title leads to the full entry in the report's list of sources."""
    return f'<span class="source">{_source_word(sources)}: {"; ".join(line.html for line in sources)}.</span>'
