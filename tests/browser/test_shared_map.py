"""The page of the shared map in a browser: offline, accessible, and deaf to what answers would make it do."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from helpers.analysis.disclosure import Rules
from helpers.data.project import project_root
from helpers.reports.check.page import page_findings
from helpers.reports.shared_map import collect
from helpers.reports.shared_map_files import Shown, map_files
from helpers.reports.waves import find_wave

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "${alert(3)}",
    "`${alert(4)}`",
    "{{ 7 * 7 }}{% for x in y %}{# #}",
    '"\' onmouseover="alert(5)',
    "<!--<script>",
    "]]>--></style>&lt;b&gt;",
    "__proto__",
    "=1+1",
]


@pytest.fixture(scope="module")
def shown() -> Shown:
    root = project_root()
    return collect(find_wave("printing_3d", "latest", root), Rules(), root)


def hostile(shown: Shown) -> Shown:
    entries = shown.entries.copy()
    for place, index in enumerate(entries.index):
        text = HOSTILE[place % len(HOSTILE)]
        entries.loc[index, ["name", "place", "region", "country"]] = [text, text, text, f"{text} {place % 3}"]
        entries.at[index, "offers"] = [text, text]
    return replace(shown, entries=entries, names={**shown.names, **{f"{text} 0": text for text in HOSTILE}})


def written(shown: Shown, folder: Path) -> Path:
    path = folder / "map.html"
    path.write_bytes(map_files(shown)["map.html"])
    return path


@pytest.fixture(scope="module")
def page_file(shown: Shown, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(shown, tmp_path_factory.mktemp("map"))


def opened(chromium: Browser, path: Path, width: int = 1280) -> tuple[Page, list[str]]:
    page = chromium.new_page(viewport={"width": width, "height": 800}, offline=True)
    faults: list[str] = []
    own = path.resolve().as_uri()
    page.on("dialog", lambda dialog: (faults.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda asked: faults.append(f"request {asked.url[:80]}") if asked.url != own else None)
    page.on("console", lambda message: faults.append(f"console {message.text}"))
    page.on("pageerror", lambda error: faults.append(f"error {error}"))
    page.goto(own)
    page.wait_for_timeout(300)
    return page, faults


def test_the_check_of_reports_finds_nothing(chromium: Browser, page_file: Path) -> None:
    assert page_findings("map", page_file, chromium) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_every_entry_with_a_point_is_on_the_map_and_every_one_in_the_list(
    chromium: Browser, page_file: Path, shown: Shown, width: int
) -> None:
    page, faults = opened(chromium, page_file, width)
    labels = page.locator("path.place").evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")
    counts = [int(label.split(", ")[-1].split(" ")[0]) for label in labels]
    assert sum(counts) == shown.entries["latitude"].notna().sum()
    assert page.locator("#list tr[id]").count() == len(shown.entries)
    assert page.locator("path.place.region").count() > 0 < page.locator("path.place.named").count()
    seen = page.locator("path.place").evaluate_all(
        "all => { const m = document.querySelector('.map-frame').getBoundingClientRect();"
        " return all.filter(e => { const b = e.getBoundingClientRect();"
        " return b.width > 1 && b.left >= m.left && b.right <= m.right && b.top >= m.top; }).length; }"
    )
    assert seen >= 0.95 * len(labels)
    assert faults == []


def test_a_circle_tells_its_entries_by_keyboard(chromium: Browser, page_file: Path, shown: Shown) -> None:
    page, _ = opened(chromium, page_file)
    page.locator("path.place.named").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    entry = page.locator(".leaflet-popup-content .entry").first
    number, name = entry.locator("strong").inner_text().split(": ", 1)
    row = shown.entries[shown.entries["entry"] == int(number)].iloc[0]
    assert name == row["name"]
    assert entry.locator("div").all_inner_texts() == row["offers"]
    page.keyboard.press("Escape")
    page.wait_for_timeout(400)
    assert page.locator(".leaflet-popup").count() == 0


def test_words_narrow_the_list(chromium: Browser, page_file: Path, shown: Shown) -> None:
    page, _ = opened(chromium, page_file)
    page.fill("#find", "ITALY fdm")
    rows = page.locator("#list tr[id]:visible")
    assert 0 < rows.count() < len(shown.entries)
    assert page.locator("tbody[data-country]:visible").evaluate_all(
        "all => all.map(e => e.dataset.country)"
    ) == ["Italy"]
    assert page.locator("#found").inner_text() == f"{rows.count()} of {len(shown.entries)}"
    page.fill("#find", "no such words")
    assert page.locator("#list tr[id]:visible").count() == 0
    page.fill("#find", "")
    assert page.locator("#list tr[id]:visible").count() == len(shown.entries)


@pytest.mark.parametrize("width", [390, 1280])
def test_hostile_answers_show_as_text(chromium: Browser, shown: Shown, tmp_path: Path, width: int) -> None:
    page, faults = opened(chromium, written(hostile(shown), tmp_path), width)
    names = page.locator("#list tbody th[scope=row]").all_text_contents()
    assert set(names) == set(HOSTILE)
    for index in range(page.locator("path.place").count()):
        marker = page.locator("path.place").nth(index)
        marker.focus()
        page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert any(text in page.locator(".leaflet-popup-content").last.inner_text() for text in HOSTILE)
    page.fill("#find", HOSTILE[1])
    assert page.locator("#list tr[id]:visible").count() > 0
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 3
    assert faults == []


def test_downloads_are_the_files(chromium: Browser, page_file: Path, shown: Shown) -> None:
    page, _ = opened(chromium, page_file)
    for name in ("entries.csv", "entries.geojson", "totals.csv"):
        with page.expect_download() as waiting:
            page.locator(f'a[download="{name}"]').click()
        saved = Path(waiting.value.path()).read_bytes()
        assert waiting.value.suggested_filename == name
        assert saved == map_files(shown)[name]
