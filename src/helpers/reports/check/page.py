"""Rules that need a browser: what a page does when it is opened, and how it looks and reads."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.data.errors import InputError
from helpers.reports.check.files import broken_relative_links
from helpers.reports.check.findings import Finding
from helpers.reports.export_parts import TEMPLATES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Frame, Page, Request

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# Colours are measured in any case; in dark mode nothing else differs, on a telephone only sizes.
_STANDARD: dict[str, object] = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
}
_SIZES: dict[str, object] = {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}
_OWN_SCHEMES = ("data:", "blob:", "about:")
_OPEN_FOLDS = """document.querySelectorAll('details:not([open])').forEach(fold => {
    fold.open = true;
    fold.dataset.checked = '';
})"""
_CLOSE_FOLDS = "document.querySelectorAll('details[data-checked]').forEach(d => { d.open = false; })"
_LOAD_FRAMES = "document.querySelectorAll('iframe').forEach(f => { f.loading = 'eager'; })"
_SETTLE = "new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))"
# For what is hidden, which gets no animation frame.
_MOMENT = "new Promise(done => setTimeout(done, 40))"


@cache
def _axe() -> str:
    try:
        import axe_playwright_python
    except ImportError as error:
        raise InputError("the package axe-playwright-python is missing: run `make setup`") from error
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


@cache
def _script() -> str:
    return (TEMPLATES / "check.js").read_text(encoding="utf-8")


def page_findings(slug: str, path: Path, browser: "Browser") -> list[Finding]:
    """Open a page from disk without a network and check it: light, dark, and as wide as a telephone.

    Parameters
    ----------
    slug
        Report the findings are named after.
    path
        HTML file.
    browser
        A started Chromium, see :func:`helpers.reports.check.chromium.browser`.

    Returns
    -------
    list of Finding
        Rules: request, console, policy, duplicate id, alt text, broken link, placeholder, error output,
        horizontal scroll, clipped text, accessibility.
    """
    context = browser.new_context(offline=True, viewport=WIDE, reduced_motion="reduce")  # type: ignore[arg-type]
    context.set_default_timeout(30_000)
    try:
        page = context.new_page()
        events = _listen(page, path)
        found = list(_look(slug, path, page))
        return [Finding(slug, rule, message) for rule, message in events] + found
    finally:
        context.close()


def _listen(page: "Page", path: Path) -> dict[tuple[str, str], None]:
    """Note every request and every error from now on, each once."""
    events: dict[tuple[str, str], None] = {}
    own = path.resolve().as_uri()

    def on_request(request: "Request") -> None:
        if request.url.split("#")[0] != own and not request.url.startswith(_OWN_SCHEMES):
            events["request", f"asks for {request.url[:160]}"] = None

    def on_error(text: str, place: str = "") -> None:
        rule = "policy" if "Content Security Policy" in text else "console"
        if text.startswith("Failed to load resource"):
            rule, text = "request", f"{text}: {place[:160]}"
        events[rule, " ".join(text.split())[:300]] = None

    page.on("request", on_request)
    page.on("websocket", lambda socket: events.update({("request", f"opens {socket.url[:160]}"): None}))
    page.on("console", lambda m: on_error(m.text, m.location["url"]) if m.type == "error" else None)
    page.on("pageerror", lambda error: on_error(str(error)))
    return events


def _look(slug: str, path: Path, page: "Page") -> Iterator[Finding]:
    page.goto(path.resolve().as_uri(), wait_until="load")
    _load_frames(page)
    _use(page)
    for frame in page.frames:
        frame.evaluate(f"{_script()}; 0")
        seen = frame.evaluate("evidenceCheck.contents()")
        yield from (Finding(slug, rule, message + _where(frame)) for rule, message in seen["faults"])
        yield from broken_relative_links(slug, path, seen["links"])
        frame.evaluate(f"{_axe()}; 0")
    yield from _layout(slug, page, "")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.evaluate(_SETTLE)
    yield from _layout(slug, page, " (390 px)")
    page.evaluate(_OPEN_FOLDS)
    yield from _layout(slug, page, " (390 px)")
    page.evaluate(_CLOSE_FOLDS)
    for frame in page.frames:
        frame.evaluate("evidenceCheck.thin()")
    yield from _accessibility(slug, page, " (390 px)", _SIZES)
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.evaluate(_OPEN_FOLDS)
    page.evaluate(_SETTLE)
    yield from _accessibility(slug, page, "", _STANDARD)
    page.emulate_media(color_scheme="dark")
    yield from _accessibility(slug, page, " (dark)", None)


def _load_frames(page: "Page") -> None:
    """Load frames that wait until they are seen, and show each, so that it draws what it has to draw."""
    page.evaluate(_LOAD_FRAMES)
    for element in page.query_selector_all("iframe"):
        frame = element.content_frame()
        if frame is not None:
            frame.wait_for_load_state("load")
        if element.is_visible():
            element.scroll_into_view_if_needed()
            page.evaluate(_SETTLE)
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(_SETTLE)


def _use(page: "Page") -> None:
    """Press the buttons of figures twice and let the page take its paper form; errors are noted as events."""
    for button in page.query_selector_all("figure button"):
        for _ in range(2):
            button.evaluate("button => button.click()")
            page.evaluate(_MOMENT)
    for media in ("print", "screen"):
        page.emulate_media(media=media)
        page.evaluate(_MOMENT)


def _where(frame: "Frame") -> str:
    if frame.parent_frame is None:
        return ""
    title = frame.frame_element().get_attribute("title") or "without title"
    return f' (frame "{title[:80]}")'


def _layout(slug: str, page: "Page", when: str) -> Iterator[Finding]:
    for rule, message in page.evaluate("evidenceCheck.layout()"):
        yield Finding(slug, rule, message + when)


def _accessibility(slug: str, page: "Page", when: str, rules: dict[str, object] | None) -> Iterator[Finding]:
    for frame in page.frames:
        for rule, message in frame.evaluate("rules => evidenceCheck.accessibility(rules)", rules):
            yield Finding(slug, rule, message + when + _where(frame))
