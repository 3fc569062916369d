"""Reports that a page leads to: they are published beside it, so that its links hold."""

import re
from collections.abc import Collection
from pathlib import Path

from helpers.data.project import build_folder
from helpers.reports.runs import SLUG

BESIDE = "reports"
_LINK = re.compile(rf'(?<=\bhref="\.\./)({SLUG.pattern})(?=/)')


def linked_reports(slug: str, root: Path) -> list[str]:
    """Return the other reports that a built page leads to, and those that they lead to, sorted."""
    found: set[str] = set()
    waiting = [slug]
    while waiting:
        path = build_folder(root) / waiting.pop() / "report.html"
        links = set(_LINK.findall(path.read_text(encoding="utf-8"))) if path.is_file() else set()
        waiting += sorted(links - found - {slug})
        found |= links
    return sorted(found - {slug})


def links_as_published(page: str, slug: str, main: str) -> str:
    """Rewrite the links between reports for a published folder.

    Parameters
    ----------
    page
        HTML of a report as built, where all reports lie side by side.
    slug
        Whose page it is.
    main
        The report that is published; its page is at the top, the others are in :data:`BESIDE`.

    Examples
    --------
    >>> links_as_published('<a href="../counts-eu/report.html#fact-x">', "paper-eu", "paper-eu")
    '<a href="reports/counts-eu/report.html#fact-x">'
    >>> links_as_published('<a href="../paper-eu/report.html">', "counts-eu", "paper-eu")
    '<a href="../../report.html">'
    """
    if slug == main:
        return re.sub(rf'\bhref="\.\./(?={SLUG.pattern}/)', f'href="{BESIDE}/', page)
    return page.replace(f'href="../{main}/', 'href="../../')


def broken_links(folder: Path) -> list[str]:
    """Return the relative links of all pages of a folder that lead to no file."""
    found = []
    for page in sorted(folder.rglob("*.html")):
        links: Collection[str] = dict.fromkeys(
            re.findall(r'\bhref="(?![#/]|[a-z]+:)([^"#?]+)', page.read_text(encoding="utf-8"))
        )
        name = page.relative_to(folder).as_posix()
        found += [f"{name}: {link}" for link in links if not (page.parent / link).is_file()]
    return found
