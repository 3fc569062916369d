"""Headless Chromium without a network: finding it, starting it, taking a picture with it."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.data.errors import InputError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Nothing that would make the browser itself talk to anyone, and no sandbox that containers lack.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name is looked up, whatever a page asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    # Frames in the process of their page: what they ask for right at the start is then seen too.
    "--disable-features=IsolateSandboxedIframes",
)
MISSING = "Chromium is missing: install Debian's package chromium, or set CHROMIUM to the path of the program"


def find_chromium() -> str | None:
    """Return the path of a Chromium.

    Tried are the environment variable ``CHROMIUM``, then ``chromium``, ``chromium-browser`` and
    ``google-chrome`` on the path, then the browser that Playwright installed.

    Returns
    -------
    str or None
        ``None`` if there is none.

    Raises
    ------
    InputError
        If ``CHROMIUM`` is set and is no program.
    """
    given = os.environ.get("CHROMIUM")
    if given:
        found = shutil.which(given)
        if found is None:
            raise InputError(f"CHROMIUM is {given!r}, which is no program; unset it or give the path of one")
        return found
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    return _playwright_chromium()


def _playwright_chromium() -> str | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    if _running.browser is not None:
        return _running.browser.browser_type.executable_path
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if path and Path(path).is_file() else None


class _Running(threading.local):
    """The browser of a thread: Playwright's sync interface cannot be started twice in one."""

    browser: "Browser | None" = None


_running = _Running()


@contextmanager
def browser(chromium: str | None = None) -> Iterator["Browser"]:
    """Start a headless Chromium and stop it at the end; one that runs already is used again.

    Parameters
    ----------
    chromium
        Path of the program; found by :func:`find_chromium` if not given.

    Raises
    ------
    InputError
        If Chromium or Playwright is missing, or Chromium does not start.
    """
    if _running.browser is not None:
        yield _running.browser
        return
    path = chromium or find_chromium()
    if path is None:
        raise InputError(MISSING)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise InputError("the package playwright is missing: run `make setup`, or pip install it") from error
    with sync_playwright() as playwright:
        started = _launch(playwright, path)
        _running.browser = started
        try:
            yield started
        finally:
            _running.browser = None
            started.close()


def _launch(playwright: "Playwright", path: str) -> "Browser":
    from playwright.sync_api import Error

    try:
        return playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
    except Error as error:
        first = str(error).splitlines()[0]
        raise InputError(f"{MISSING}; {path} does not start: {first}") from error


def screenshot(
    page: Path, picture: Path, width: int = 1280, *, dark: bool = False, height: int | None = None
) -> Path:
    """Take a picture of a page, as a reader sees it without a network.

    Parameters
    ----------
    page
        HTML file.
    picture
        PNG to write.
    width
        Width of the window in CSS pixels.
    dark
        Whether the reader prefers dark pages.
    height
        Height of the picture in CSS pixels; the whole page if not given.

    Returns
    -------
    Path
        ``picture``.
    """
    with browser() as started:
        context = started.new_context(
            offline=True,
            viewport={"width": width, "height": height or 900},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        opened = context.new_page()
        opened.goto(page.resolve().as_uri())
        opened.wait_for_load_state("networkidle")
        opened.screenshot(path=picture, full_page=height is None)
    return picture
