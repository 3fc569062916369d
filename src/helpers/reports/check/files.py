"""Rules that need no browser: what is in the files of a report."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from helpers.data.errors import InputError
from helpers.data.project import project_root
from helpers.reports.check.findings import Finding
from helpers.reports.staging import marker_faults

LARGEST = 5_000_000
# Faults of the success marker that a finding names.
NAMED = 5
PUBLISHED = ("report.html", "notebook.ipynb", "manifest.json", "facts.json", "run.json", "index.html")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{76}\\n)+[A-Za-z0-9+/=]*|[A-Za-z0-9+/=]{100,}")
_MACHINE_PATH = re.compile(
    r"(?<![\w.:/%-])/(?:(?:home|Users|srv|opt|mnt)/[\w.-]+|(?:root|tmp|var/tmp|var/folders)(?=[/\"'\s<]))[^\s\"'<>\\]*"
    r"|\b[A-Za-z]:\\{1,2}Users\\[^\s\"'<>]*"
    r"|\bfile:/{2,3}[^\s\"'<>]*"
)


def file_findings(folder: Path) -> Iterator[Finding]:
    """Check the files of one report folder.

    Yields
    ------
    Finding
        Rules: success marker, size, machine path, error output, sample banner.
    """
    slug = folder.name
    faults = list(marker_faults(folder))
    if faults:
        named = "; ".join(faults[:NAMED]) + (f"; and {len(faults) - NAMED} more" if faults[NAMED:] else "")
        yield Finding(
            slug, "success marker", f"the report was not finished, or its files changed since: {named}"
        )
    for name in PUBLISHED:
        path = folder / name
        if path.is_file():
            yield from text_findings(slug, path)
    yield from _error_outputs(folder)
    yield from _sample_banner(folder)


def text_findings(slug: str, path: Path) -> Iterator[Finding]:
    """Check size (pages only) and machine paths of one file."""
    size = path.stat().st_size
    if path.suffix == ".html" and size > LARGEST:
        yield Finding(
            slug, "size", f"{path.name} has {size / 1e6:.1f} MB, at most {LARGEST / 1e6:.0f} are allowed"
        )
    for found in machine_paths(path.read_text(encoding="utf-8", errors="replace")):
        yield Finding(slug, "machine path", f"{path.name} names a path of the machine that built it: {found}")


def machine_paths(text: str) -> list[str]:
    """Find paths that only make sense on one machine.

    Examples
    --------
    >>> machine_paths("read /home/jane/data.csv and https://example.eu/home/jane")
    ['/home/jane/data.csv']
    """
    bare = _BASE64.sub("", text)
    found = dict.fromkeys(match.group(0)[:120] for match in _MACHINE_PATH.finditer(bare))
    here = str(project_root())
    if here in bare and not any(here in path for path in found):
        found[here] = None
    return list(found)


def broken_relative_links(slug: str, page: Path, links: list[str]) -> Iterator[Finding]:
    """Check that relative links of a page lead to files."""
    for link in dict.fromkeys(links):
        path = unquote(urlsplit(link).path)
        if path.startswith("/") or not (page.parent / path).is_file():
            yield Finding(slug, "broken link", f"the link {link[:120]} leads to no file")


def _error_outputs(folder: Path) -> Iterator[Finding]:
    notebook = _read(folder / "notebook.ipynb")
    for number, cell in enumerate(notebook.get("cells", []), start=1):
        for output in cell.get("outputs", []):
            if output.get("output_type") == "error":
                yield Finding(folder.name, "error output", f"cell {number} ended in {output.get('ename')}")


def _sample_banner(folder: Path) -> Iterator[Finding]:
    page = folder / "report.html"
    facts = _read(folder / "facts.json").get("facts", [])
    sample = _read(folder / "manifest.json").get("sample") or any(fact.get("sample") for fact in facts)
    if sample and page.is_file() and 'id="sample-data"' not in page.read_text(encoding="utf-8"):
        message = "the report rests on sample data and has no banner that says so"
        yield Finding(folder.name, "sample banner", message)


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{path.parent.name}/{path.name} is not JSON: {error}") from error
    return content if isinstance(content, dict) else {}
