"""A built report as a document: its page without what only a screen needs."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag

from helpers.data.errors import InputError
from helpers.reports.comments.shown import without_comments
from helpers.reports.document.blocks import Page, blocks_of
from helpers.reports.document.inline import runs_of
from helpers.reports.document.links import with_links
from helpers.reports.document.model import Block, Bullets, Document, Grid, Heading, Paragraph, Run
from helpers.reports.document.notes import with_notes
from helpers.reports.document.text import spaced
from helpers.reports.staging import marker_faults, read_object

_VERSIONS = ("commit", "helpers_version", "python")


def read_document(folder: Path) -> Document:
    """Read a built report as a document.

    Parameters
    ----------
    folder
        Folder of a report, complete: ``reports/build/<slug>``.

    Returns
    -------
    Document
        Everything on the page that a reader needs. The question and the summary come first, then the
        sections, the sources and the facts, last how the report was made. A fact in the text leads to its
        row in the table of the facts, and where it has an interval, a note or was taken from another report
        its first mention has a footnote that says so.

    Raises
    ------
    InputError
        If the folder is no complete report.
    """
    fault = next(iter(marker_faults(folder)), None)
    if fault:
        raise InputError(f"{folder.name}: no complete report ({fault}); build it with `evidence build`")
    manifest, run, facts = (
        read_object(folder / name) for name in ("manifest.json", "run.json", "facts.json")
    )
    # What reviewers said of a draft, by name, is no part of what is handed on.
    page = without_comments((folder / "report.html").read_text(encoding="utf-8"))
    soup = BeautifulSoup(page, "lxml")
    main = soup.find("main")
    if not isinstance(main, Tag):
        raise InputError(f"{folder.name}: report.html has no <main>; build it again with `evidence build`")
    held = Page(folder, {entry["id"]: entry for entry in manifest["figures"]})
    blocks = [*_opening(manifest), *blocks_of(main, held), *_provenance(manifest, run)]
    citation = _citation(soup)
    return Document(
        title=spaced(manifest["title"]),
        subtitle=spaced(manifest.get("subtitle") or ""),
        status=spaced(str(run.get("status") or "draft")),
        date=str(run.get("built") or run.get("ended") or run.get("started") or "")[:10],
        authors=_authors(citation, spaced(manifest["title"])),
        sample=soup.find(id="sample-data") is not None,
        blocks=with_links(with_notes(blocks, facts["facts"])),
        slug=str(run.get("slug") or folder.name),
        citation=citation,
        language=str((soup.html.get("lang") if soup.html else "") or "en"),
    )


def _opening(manifest: Mapping[str, Any]) -> list[Block]:
    question = spaced(manifest.get("question") or "")
    return [Paragraph((Run(question, italic=True),))] if question else []


def _citation(soup: BeautifulSoup) -> str:
    found = soup.find("p", class_="citation")
    return "".join(run.text for run in runs_of(found)) if isinstance(found, Tag) else ""


def _authors(citation: str, title: str) -> tuple[str, ...]:
    """Return the authors, who stand in the citation before the title."""
    names, found, _ = citation.partition(f": {title}")
    return tuple(name.strip() for name in names.split(";") if name.strip()) if found else ()


def _provenance(manifest: Mapping[str, Any], run: Mapping[str, Any]) -> list[Block]:
    notebook, checks = spaced(str(manifest["notebook"])), len(manifest.get("checks") or [])
    how = (
        f"A notebook ({notebook}) was executed with the parameters below and turned into this document. The "
        "same sources, code and parameters give the same numbers. Claims of the text that were checked "
        f"against the data: {checks}."
    )
    parameters = manifest.get("parameters") or {}
    return [
        Heading(1, (Run("How this report was made"),), "provenance"),
        Paragraph((Run(how),)),
        Bullets(tuple((Run(line),) for line in _made_with(run))),
        *([_parameters(parameters)] if parameters else []),
    ]


def _made_with(run: Mapping[str, Any]) -> Iterable[str]:
    changed = " with uncommitted changes" if run.get("dirty") else ""
    for name in _VERSIONS:
        if run.get(name):
            label = name.replace("_", " ").capitalize()
            yield spaced(f"{label}: {run[name]}{changed if name == 'commit' else ''}")
    packages = run.get("packages") or {}
    if packages:
        yield spaced(f"Packages: {', '.join(f'{name} {version}' for name, version in packages.items())}")


def _parameters(parameters: Mapping[str, Mapping[str, Any]]) -> Grid:
    rows = tuple(
        tuple(
            (Run(spaced(str(text))),) if str(text) else ()
            for text in (name, entry["value"], entry["meaning"])
        )
        for name, entry in parameters.items()
    )
    header = ("Parameter", "Value", "Meaning")
    return Grid("parameters", 0, (Run("Parameters of this report"),), header, rows, (False, False, False))
