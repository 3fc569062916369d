"""The check of built reports, in one browser or two."""

import os
import queue
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from helpers.data.errors import InputError
from helpers.reports.check.chromium import browser
from helpers.reports.check.files import file_findings, text_findings
from helpers.reports.check.findings import Finding
from helpers.reports.check.page import page_findings

INDEX = "index"
# Starting a second browser pays from here on.
FEW = 5

_Page = tuple[str, Path]
_Waiting = queue.SimpleQueue[_Page]
_Found = dict[_Page, list[Finding]]


def check_reports(
    folders: Sequence[Path],
    *,
    chromium: str | None = None,
    progress: Callable[[str], None] | None = None,
    jobs: int | None = None,
) -> list[Finding]:
    """Check built reports against the report contract.

    Each ``report.html`` is opened from disk in headless Chromium without a network; so is ``index.html``
    where it lies beside the folders.

    Parameters
    ----------
    folders
        Report folders, e.g. of ``reports/build``.
    chromium
        Path of the program; found by itself if not given.
    progress
        Called with the name of each report when it is checked, from any thread.
    jobs
        Browsers at a time; by default one for a few reports and one a processor, at most four, for many.

    Returns
    -------
    list of Finding
        What is wrong, each once, in the order of the folders; an empty list if nothing is.

    Raises
    ------
    InputError
        If a folder holds no report, or Chromium is missing.
    """
    missing = [folder for folder in folders if not (folder / "report.html").is_file()]
    if missing:
        raise InputError(
            [f"{folder.name}: there is no report.html; build the report first" for folder in missing]
        )
    pages = [(folder.name, folder / "report.html") for folder in folders]
    indexes = dict.fromkeys(folder.parent / "index.html" for folder in folders)
    pages += [(INDEX, path) for path in indexes if path.is_file()]
    count = jobs or (1 if len(pages) < FEW else min(4, os.cpu_count() or 1))
    waiting: _Waiting = queue.SimpleQueue()
    for page in pages:
        waiting.put(page)
    found: _Found = {}
    if count == 1:
        _check_waiting(waiting, found, chromium, progress)
    else:
        with ThreadPoolExecutor(count) as pool:
            started = [pool.submit(_check_waiting, waiting, found, chromium, progress) for _ in range(count)]
        for thread in started:
            thread.result()
    return [finding for page in pages for finding in found[page]]


def _check_waiting(
    waiting: _Waiting, found: _Found, chromium: str | None, progress: Callable[[str], None] | None
) -> None:
    """Check page after page in a browser of this thread until none waits."""
    with browser(chromium) as started:
        while True:
            try:
                slug, path = waiting.get_nowait()
            except queue.Empty:
                return
            of_files = text_findings(slug, path) if slug == INDEX else file_findings(path.parent)
            findings = [*of_files, *page_findings(slug, path, started)]
            found[slug, path] = list(dict.fromkeys(findings))
            if progress:
                progress(slug)
