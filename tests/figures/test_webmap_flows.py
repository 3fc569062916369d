"""The interactive flow map: offline, deaf to hostile names, and told to keyboard and screen reader alike."""

import re

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from helpers.data.errors import InputError
from helpers.data.process import read_table
from helpers.figures.webmap import HINT
from helpers.figures.webmap_flows import flow_map
from helpers.figures.webmap_page import frame_html, offline_html

SCREENS = pytest.mark.parametrize("width", [390, 1280])
PLACES = {"DE": (50.8, 9.9), "FR": (46.9, 2.8), "ES": (39.7, -3.6), "MT": (35.9, 14.4), "PL": (52.1, 19.4)}
NAMES = {"DE": "Germany", "FR": "France", "ES": "Spain", "MT": "Malta", "PL": "Poland"}
CODES = sorted(PLACES)
HOSTILE = [
    "${alert(1)} `${alert(2)}`",
    "</script><script>alert(3)</script>",
    "<img src=x onerror=alert(4)>",
    "{{ 7 * 7 }}{% for x in y %}{# #}",
    "\u2028\"'\\ <!--<script> &lt;b&gt; __proto__",
]


def flows(*rows: tuple[str, str, float], names: dict[str, str] = NAMES) -> pd.DataFrame:
    data = pd.DataFrame(rows, columns=["from", "to", "amount"])
    for end in ("from", "to"):
        data[f"{end}_name"] = data[end].map(names)
        data[f"{end}_latitude"] = data[end].map(lambda code: PLACES[code][0]).astype("float64")
        data[f"{end}_longitude"] = data[end].map(lambda code: PLACES[code][1]).astype("float64")
    return data


SOME = flows(("DE", "DE", 16.7e6), ("DE", "FR", 4.2e6), ("FR", "DE", 1.0e6), ("DE", "MT", 0.1e6))
BALANCE = pd.DataFrame(
    {
        "country": ["DE", "FR", "ES", "MT", "PL"],
        "needed": [17.7e6, 8.4e6, 3.0e6, 0.1e6, 0.0],
        "met": [17.7e6, 4.2e6, 0.0, 0.1e6, 0.0],
        "offered": [21.0e6, 1.0e6, 0.0, 0.0, 0.0],
        "basis": ["stated", "spread", "none stated", "none stated", "none stated"],
    }
).assign(name=lambda table: table["country"].map(NAMES))


@pytest.fixture(scope="module")
def shapes() -> pd.DataFrame:
    return read_table("country_shapes")


def page_of(shapes: pd.DataFrame, data=SOME, balance=BALANCE, title="Vials", unit="units/month") -> str:
    return offline_html(flow_map(data, balance, shapes, scope_codes=CODES, title=title, unit=unit))


def opened(chromium: Browser, markup: str, width: int = 1280, **more: object) -> tuple[Page, list[str]]:
    page = chromium.new_page(viewport={"width": width, "height": 700}, **more)
    faults: list[str] = []
    page.on("dialog", lambda dialog: (faults.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda request: faults.append(f"request {request.url[:80]}"))
    page.on("console", lambda message: faults.append(f"console {message.text}"))
    page.on("pageerror", lambda error: faults.append(f"error {error}"))
    page.set_content(markup)
    page.wait_for_timeout(300)
    return page, faults


def labels(page: Page) -> list[str]:
    return page.locator("path.place").evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")


# The text of the page


def test_the_page_names_no_address_and_is_small(shapes: pd.DataFrame) -> None:
    page = page_of(shapes)
    found = set(re.findall(r"https?://[^\s\"'<>)]+", page))
    assert found <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
        "https://leafletjs.com",
    }
    frame = frame_html(flow_map(SOME, BALANCE, shapes, scope_codes=CODES, title="T", unit="u"))
    assert len(frame.encode()) < 330_000


def test_the_same_flows_give_the_same_bytes_in_any_order(shapes: pd.DataFrame) -> None:
    assert page_of(shapes) == page_of(shapes, SOME.iloc[::-1], BALANCE.iloc[::-1])


def test_hostile_names_never_leave_the_script(shapes: pd.DataFrame) -> None:
    names = dict(zip(CODES, HOSTILE, strict=True))
    data = flows(("DE", "FR", 4.0), ("FR", "DE", 1.0), ("ES", "MT", 1.0), names=names)
    balance = BALANCE.assign(name=BALANCE["country"].map(names), basis=HOSTILE)
    page = page_of(shapes, data, balance, title=HOSTILE[1], unit=HOSTILE[2])
    assert page.count("</script>") == 2
    assert "<img" not in page


@pytest.mark.parametrize("column", ["amount", "from_name", "to_longitude"])
def test_a_missing_column_of_the_flows_is_named(shapes: pd.DataFrame, column: str) -> None:
    with pytest.raises(InputError, match=f"flows: column '{column}'"):
        page_of(shapes, SOME.drop(columns=column))


def test_a_missing_column_of_the_balance_is_named(shapes: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="balance: column 'met'"):
        page_of(shapes, SOME, BALANCE.drop(columns="met"))


def test_the_legend_names_what_circles_and_bands_mean(shapes: pd.DataFrame) -> None:
    page = page_of(shapes)
    for words in ("Units/month", "Needed:", "10 million", "2.5 million", "Sent:", "lacks some"):
        assert words in page
    enough = page_of(shapes, SOME, BALANCE.assign(met=BALANCE["needed"]))
    assert "lacks some" not in enough
    assert "Nothing is sent abroad" in page_of(shapes, SOME.head(1))


# The page in a browser


@pytest.mark.browser
@SCREENS
def test_every_country_has_a_circle_and_every_flow_abroad_a_band(
    chromium: Browser, shapes: pd.DataFrame, width: int
) -> None:
    page, faults = opened(chromium, page_of(shapes), width)
    assert page.locator("path.place").count() == 5
    assert page.locator("path.flow").count() == 3
    sizes = page.locator("path.flow").evaluate_all(
        "all => all.map(e => { const b = e.getBoundingClientRect(); return Math.max(b.width, b.height); })"
    )
    assert min(sizes) > 10
    looks = page.locator(".flow").evaluate_all("all => all.map(e => getComputedStyle(e).fill)")
    assert len(looks) == 5
    assert set(looks) == {page.locator(".place").first.evaluate("e => getComputedStyle(e).fill")}
    assert page.locator("footer").evaluate("e => e.getBoundingClientRect().bottom <= innerHeight + 1")
    assert page.locator("body").evaluate("e => e.scrollWidth <= innerWidth")
    assert faults == []


@pytest.mark.browser
def test_a_country_that_gets_nothing_is_there_and_marked(chromium: Browser, shapes: pd.DataFrame) -> None:
    page, _ = opened(chromium, page_of(shapes))
    lacking = page.locator("path.place.lacking").evaluate_all(
        "all => all.map(e => e.getAttribute('aria-label'))"
    )
    assert [label.split(",")[0] for label in lacking] == ["France", "Spain"]
    assert "Lacks 3 million (100\u00a0%)" in lacking[1]


@pytest.mark.browser
def test_labels_read_well_aloud(chromium: Browser, shapes: pd.DataFrame) -> None:
    page, _ = opened(chromium, page_of(shapes))
    assert labels(page)[:2] == [
        "Germany, Needs 17.7 million units/month, Gets 17.7 million, Offers 21 million",
        "France, Needs 8.4 million units/month, Gets 4.2 million, Lacks 4.2 million (50\u00a0%), "
        "Offers 1 million (an estimate)",
    ]
    assert page.locator(".folium-map").get_attribute("aria-label") == f"Vials. {HINT}"
    assert (
        page.locator("path.flow").evaluate_all("all => all.map(e => e.getAttribute('aria-hidden'))")
        == ["true"] * 3
    )


@pytest.mark.browser
def test_keys_reach_every_country_and_its_flows(chromium: Browser, shapes: pd.DataFrame) -> None:
    page, faults = opened(chromium, page_of(shapes))
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('place')"):
            break
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Germany")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    popup = page.locator(".leaflet-popup-content")
    assert popup.locator("strong").all_text_contents() == ["Germany", "Comes from", "Goes to"]
    said = popup.inner_text()
    for line in ("itself: 16.7 million", "France: 1 million", "France: 4.2 million", "Malta: 100,000"):
        assert line in said
    region = popup.locator("[role=region]")
    assert region.get_attribute("aria-label") == "Germany"
    assert region.get_attribute("tabindex") == "0"
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(("France", "Spain"))
    assert page.locator('path.place[tabindex="0"]').count() == 1
    assert faults == []


@pytest.mark.browser
def test_bands_keep_their_width_at_every_zoom_and_point_at_who_gets_it(
    chromium: Browser, shapes: pd.DataFrame
) -> None:
    one = flows(("DE", "PL", 4.0))
    page, faults = opened(chromium, page_of(shapes, one, BALANCE))

    def width_and_ends() -> tuple[float, float, float]:
        numbers = page.locator("path.flow").evaluate(
            "e => e.getAttribute('d').split(/[^0-9.-]+/).filter(Boolean).map(Number)"
        )
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        first, last = points[0], points[-1]
        wide = ((first[0] - last[0]) ** 2 + (first[1] - last[1]) ** 2) ** 0.5
        tip = max(points, key=lambda point: point[0])
        return wide, tip[0], first[0]

    before, tip, tail = width_and_ends()
    assert tip > tail  # Poland lies east of Germany
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_timeout(500)
    after, further, begin = width_and_ends()
    assert after == pytest.approx(before, abs=1.5)
    assert further - begin > 1.7 * (tip - tail)
    assert faults == []


@pytest.mark.browser
@SCREENS
def test_hostile_names_show_as_text(chromium: Browser, shapes: pd.DataFrame, width: int) -> None:
    names = dict(zip(CODES, HOSTILE, strict=True))
    data = flows(("DE", "FR", 4.0), ("FR", "DE", 1.0), ("ES", "MT", 1.0), ("MT", "PL", 1.0), names=names)
    balance = BALANCE.assign(name=BALANCE["country"].map(names), needed=1.0, met=1.0)
    page, faults = opened(chromium, page_of(shapes, data, balance, title=HOSTILE[2], unit=HOSTILE[1]), width)
    assert {label.partition(", Needs")[0] for label in labels(page)} == set(HOSTILE)
    for index in range(5):
        page.locator("path.place").nth(index).focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(60)
        assert page.locator(".leaflet-popup-content strong").first.text_content() in HOSTILE
    page.locator("path.flow").first.dispatch_event("mouseover")
    page.wait_for_timeout(60)
    assert page.locator("img").count() == 0
    assert faults == []


@pytest.mark.browser
@pytest.mark.parametrize("case", ["no flows", "nothing", "one country"])
def test_little_or_no_data_still_makes_a_map(chromium: Browser, shapes: pd.DataFrame, case: str) -> None:
    data, balance, circles = {
        "no flows": (SOME.head(0), BALANCE, 5),
        "nothing": (SOME.head(0), BALANCE.head(0), 0),
        "one country": (flows(("FR", "FR", 2.0)), BALANCE[BALANCE["country"] == "FR"], 1),
    }[case]
    page, faults = opened(chromium, page_of(shapes, data, balance))
    assert page.locator("path.place").count() == circles
    assert page.locator("path.flow").count() == 0
    assert page.locator("path.land.scope").count() >= 1
    assert faults == []


@pytest.mark.browser
@SCREENS
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(chromium: Browser, shapes: pd.DataFrame, width: int, scheme: str) -> None:
    page, _ = opened(chromium, page_of(shapes), width, bypass_csp=True)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.locator("path.place").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    found = [(f["id"], f["nodes"][0]["html"][:160]) for f in Axe().run(page).response["violations"]]
    assert found == []
