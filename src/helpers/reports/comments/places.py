"""Where in a finished page the things stand that comments speak of; the page itself is not written anew."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from helpers.reports.comments.model import REPORT

RECOMMENDATIONS = "recommendations"
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_PREFIXES = {"fig-": "figure:", "table-": "table:", "recommendation-": "recommendation:", "fact-": "fact:"}


@dataclass(slots=True)
class Place:
    """An element of the page: its tag, where it ends, in which section it stands, and its cells if a row."""

    tag: str
    section: str
    end: int = 0
    cells: int = 0


@dataclass(slots=True)
class Places:
    """What :func:`find_places` found.

    Attributes
    ----------
    of
        Place of each target that has one of its own.
    links
        Of each fact, where its links in the text end, and in which section they stand.
    main_end
        Where ``</main>`` begins; 0 if there is none.
    """

    of: dict[str, Place] = field(default_factory=dict)
    links: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    main_end: int = 0

    def section(self, target: str) -> str:
        """Return the heading under which a target stands first; nothing if it is nowhere."""
        if target == REPORT:
            return ""
        cited = self.links.get(target, []) if target.startswith("fact:") else []
        if cited:
            return cited[0][1]
        place = self.of.get(target)
        return place.section if place else ""


def find_places(page: str) -> Places:
    """Find figures, tables, facts and recommendations in the page of a report.

    Parameters
    ----------
    page
        HTML as the export writes it: ``fig-<id>``, ``table-<id>``, ``fact-<name>`` and
        ``recommendation-<id>`` are ids of elements. A row of the table ``recommendations`` is the place of
        the recommendation whose id one of its cells holds, unless an element has that id.

    Examples
    --------
    >>> found = find_places('<main><h2 class="section">A</h2><figure id="fig-x"></figure></main>')
    >>> found.of["figure:x"].section, found.of["figure:x"].end, found.main_end
    ('A', 60, 60)
    """
    return _Scan(page).found


@dataclass(slots=True)
class _Open:
    """An element of interest that has not ended yet."""

    tag: str
    name: str
    place: Place
    depth: int = 1
    texts: list[str] = field(default_factory=list)


class _Scan(HTMLParser):
    """Goes through a page once."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found = Places()
        self._page = page
        self._lines = _line_starts(page)
        self._section = ""
        self._heading: list[str] | None = None
        self._open: list[_Open] = []
        self._link = ""
        self.feed(page)
        self.close()

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for one in self._open:
            one.depth += one.tag == tag
            if tag in ("td", "th") and one.tag == "tr":
                one.place.cells += 1
                one.texts.append("")
        if tag in _HEADINGS and ("section" in given.get("class", "").split() or "id" in given):
            self._heading = []
        if tag == "a" and "fact" in given.get("class", "").split():
            self._link = given.get("href", "").removeprefix("#fact-")
        self._note(tag, given.get("id", ""))

    def _note(self, tag: str, id_: str) -> None:
        name = target_of(id_)
        inside = any(one.place.tag == "div" and one.name == f"table:{RECOMMENDATIONS}" for one in self._open)
        if name or (tag == "tr" and inside):
            self._open.append(_Open(tag, name, Place(tag, self._section)))

    def handle_data(self, data: str) -> None:
        if self._heading is not None:
            self._heading.append(data)
        for one in self._open:
            if one.texts:
                one.texts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        at = self._at()
        end = self._page.find(">", at) + 1
        if tag == "main":
            self.found.main_end = at
        if tag in _HEADINGS and self._heading is not None:
            self._section = " ".join("".join(self._heading).split())
            self._heading = None
        if tag == "a" and self._link:
            self.found.links.setdefault(f"fact:{self._link}", []).append((end, self._section))
            self._link = ""
        for one in self._open:
            one.depth -= one.tag == tag
            if one.depth == 0:
                self._close(one, end)
        self._open = [one for one in self._open if one.depth > 0]

    def _close(self, one: _Open, end: int) -> None:
        one.place.end = end
        if one.name:
            self.found.of[one.name] = one.place
            return
        for text in one.texts:
            self.found.of.setdefault(f"recommendation:{text.strip()}", one.place)


def target_of(id_: str) -> str:
    """Return the target that an element's id stands for, or nothing.

    Examples
    --------
    >>> target_of("fig-seats"), target_of("section-a")
    ('figure:seats', '')
    """
    prefixes: Mapping[str, str] = _PREFIXES
    return next(
        (kind + id_.removeprefix(start) for start, kind in prefixes.items() if id_.startswith(start)), ""
    )


def _line_starts(page: str) -> list[int]:
    starts = [0]
    at = page.find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = page.find("\n", at + 1)
    return starts
