"""How a published report is cited: CITATION.cff, plain text, BibTeX."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from helpers.reports.diff.sides import Report
from helpers.reports.export_page import PROJECT, long_date

# Contact data of authors are not repeated.
_OF_AUTHORS = ("name", "family-names", "given-names", "name-particle", "orcid", "affiliation", "website")
_TEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_TEX |= {mark: f"\\{mark}" for mark in "&%$#_{}"}


@dataclass(frozen=True)
class Cited:
    """What a citation names.

    Attributes
    ----------
    slug, title
        Of the report; the title with its subtitle.
    day
        Date of publication, ISO.
    version
        Commit.
    authors
        Persons or organisations with the keys of the Citation File Format, without contact data.
    licence
        SPDX name; "" if the project states none.
    """

    slug: str
    title: str
    day: str
    version: str
    authors: tuple[Mapping[str, str], ...]
    licence: str

    def names(self) -> list[str]:
        """Return the authors as text, family name first."""
        return [
            str(author.get("name") or f"{author.get('family-names', '')}, {author.get('given-names', '')}")
            for author in self.authors
        ]


def cited(report: Report, day: str, root: Path) -> Cited:
    """Return what the citation of a report names; authors and licence are those of the project."""
    content = _citation_file(root)
    authors = content.get("authors") or []
    subtitle = report.manifest.get("subtitle")
    title = str(report.manifest.get("title") or report.slug)
    return Cited(
        slug=report.slug,
        title=f"{title}: {subtitle}" if subtitle else title,
        day=day,
        version=str(report.run.get("commit") or ""),
        authors=tuple(
            {key: str(author[key]) for key in _OF_AUTHORS if author.get(key)} for author in authors
        ),
        licence=str(content.get("license") or ""),
    )


def _citation_file(root: Path) -> dict[str, Any]:
    path = root / "CITATION.cff"
    content = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None
    return content if isinstance(content, dict) else {}


def citation_cff(named: Cited) -> str:
    """Return a CITATION.cff.

    References
    ----------
    Druskat, S., et al. (2021), Citation File Format 1.2.0, https://doi.org/10.5281/zenodo.5171937.
    """
    year, month, _ = named.day.split("-")
    authors = [dict(author) for author in named.authors] or [{"name": PROJECT}]
    shared: dict[str, Any] = {"title": named.title, "authors": authors}
    content = {
        "cff-version": "1.2.0",
        "message": "If you use this report, please cite it and the sources that it lists.",
        "type": "dataset",
        **shared,
        "date-released": named.day,
        "version": named.version,
        **({"license": named.licence} if named.licence else {}),
        "preferred-citation": {
            "type": "report",
            **shared,
            "institution": {"name": PROJECT},
            "year": int(year),
            "month": int(month),
            "version": named.version,
        },
    }
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)


def citation_text(named: Cited) -> str:
    """Return the citation as one line.

    Examples
    --------
    >>> authors = ({"name": "The contributors"},)
    >>> citation_text(Cited("counts-eu", "Counts", "2026-11-22", "0123456789", authors, ""))
    'The contributors (2026): Counts. Cluster evidence, published on 22 November 2026, version 01234567.'
    """
    who = "; ".join(named.names()) or PROJECT
    version = f", version {named.version[:8]}" if named.version else ""
    when = long_date(named.day)
    return f"{who} ({named.day[:4]}): {named.title}. {PROJECT}, published on {when}{version}."


def citation_bib(named: Cited) -> str:
    r"""Return the citation as BibTeX.

    Examples
    --------
    >>> authors = ({"name": "The contributors"},)
    >>> print(citation_bib(Cited("a-eu", "A & B", "2026-11-22", "01234567", authors, "")))
    @techreport{a-eu-2026-11-22,
      author = {{The contributors}},
      title = {{A \& B}},
      institution = {Cluster evidence},
      year = {2026},
      month = {11},
      note = {Published on 22 November 2026, version 01234567}
    }
    """
    persons = [
        f"{{{_tex(name)}}}" if author.get("name") else _tex(name)
        for author, name in zip(named.authors, named.names(), strict=True)
    ]
    fields = {
        "author": " and ".join(persons) or f"{{{PROJECT}}}",
        "title": f"{{{_tex(named.title)}}}",
        "institution": PROJECT,
        "year": named.day[:4],
        "month": str(int(named.day[5:7])),
        "note": f"Published on {long_date(named.day)}, version {named.version[:8]}",
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@techreport{{{named.slug}-{named.day},\n{lines}\n}}"


def _tex(text: str) -> str:
    return "".join(_TEX.get(mark, mark) for mark in text)
