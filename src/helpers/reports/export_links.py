"""Section numbers, the table of contents and the links inside a report."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from helpers.data.errors import InputError

UNNUMBERED = {"caveats and assumptions", "sources", "facts"}
_HEADING = re.compile(r'<h([2-6]) class="section" id="([^"]+)">(.*?)</h\1>', re.S)
# Attribute by attribute, never going back into one: a download link holds megabytes.
_OTHERS = r"""(?:\s+[\w:-]+(?:=(?:"[^"]*+"|'[^']*+'|[^\s"'>]++))?+)*?"""
_EMPTY_LINK = re.compile(rf'<a{_OTHERS}\s+href="#((?:fig|table|section)-[^"]*+)"{_OTHERS}\s*>\s*</a>')
_FACT_LINK = re.compile(rf'<a{_OTHERS}\s+href="#fact-([^"]*+)"')


@dataclass(frozen=True)
class Section:
    """A heading of the report: level 2 to 6, number such as "2.1" or "", id and title as HTML."""

    level: int
    number: str
    id: str
    title: str


def number_sections(body: str) -> tuple[str, list[Section]]:
    """Write numbers into the headings of level 2 and 3, and make their ids unique.

    Parameters
    ----------
    body
        HTML whose headings are marked ``class="section"``.

    Returns
    -------
    tuple
        The HTML with numbers, and the sections in reading order.

    Examples
    --------
    >>> body, sections = number_sections('<h2 class="section" id="section-a">A</h2>')
    >>> body
    '<h2 class="section" id="section-a"><span class="number">1</span> A</h2>'
    >>> sections
    [Section(level=2, number='1', id='section-a', title='A')]
    """
    sections: list[Section] = []
    counters = [0, 0]
    taken: set[str] = set()

    def replace(match: re.Match[str]) -> str:
        level, id_, title = int(match.group(1)), match.group(2), match.group(3)
        section = Section(level, _next_number(level, title, counters), _unique(id_, taken), title)
        sections.append(section)
        label = f'<span class="number">{section.number}</span> ' if section.number else ""
        return f'<h{level} class="section" id="{section.id}">{label}{title}</h{level}>'

    return _HEADING.sub(replace, body), sections


def _next_number(level: int, title: str, counters: list[int]) -> str:
    plain = re.sub(r"<[^>]*>", "", title).strip().casefold()
    if level == 2 and plain in UNNUMBERED:
        counters[1] = -1
        return ""
    if level == 2:
        counters[0] += 1
        counters[1] = 0
        return str(counters[0])
    # Under a section without a number nothing has a number.
    if level == 3 and counters[0] and counters[1] >= 0:
        counters[1] += 1
        return f"{counters[0]}.{counters[1]}"
    return ""


def _unique(id_: str, taken: set[str]) -> str:
    candidate, count = id_, 1
    while candidate in taken:
        count += 1
        candidate = f"{id_}-{count}"
    taken.add(candidate)
    return candidate


def fill_cross_references(body: str, manifest: Mapping[str, Any], sections: Iterable[Section]) -> str:
    """Fill links without text to a figure, table or section with "Figure 2", "Table 1", "Section 3".

    Raises
    ------
    InputError
        If a link leads to a figure, table or section that the report does not have.

    Examples
    --------
    >>> manifest = {"figures": [{"id": "seats", "number": 2}], "tables": []}
    >>> fill_cross_references('<a class="xref" href="#fig-seats"></a>', manifest, [])
    '<a class="xref" href="#fig-seats">Figure 2</a>'
    """
    labels = {f"fig-{entry['id']}": f"Figure {entry['number']}" for entry in manifest["figures"]}
    labels |= {f"table-{entry['id']}": f"Table {entry['number']}" for entry in manifest["tables"]}
    labels |= {s.id: f"Section {s.number}" if s.number else s.title for s in sections}
    unknown: dict[str, None] = {}

    def replace(match: re.Match[str]) -> str:
        target = match.group(1)
        if target not in labels:
            unknown[target] = None
        return f'<a class="xref" href="#{target}">{labels.get(target, "")}</a>'

    filled = _EMPTY_LINK.sub(replace, body)
    if unknown:
        known = ", ".join(sorted(labels)) or "none"
        raise InputError(
            [f"notebook.ipynb: cross reference to #{target}; allowed are: {known}" for target in unknown]
        )
    return filled


def refuse_unknown_facts(body: str, facts: Iterable[Mapping[str, Any]]) -> None:
    """Refuse a page that links to a fact which facts.json does not hold.

    Raises
    ------
    InputError
        Naming the unknown facts and those that there are.
    """
    known = {fact["name"] for fact in facts}
    unknown = dict.fromkeys(name for name in _FACT_LINK.findall(body) if name not in known)
    if unknown:
        allowed = ", ".join(sorted(known)) or "none"
        raise InputError(
            [f"notebook.ipynb: link to the fact {name}; facts are: {allowed}" for name in unknown]
        )
