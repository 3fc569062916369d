import html
import re
from dataclasses import dataclass, field

import folium
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from helpers.data.errors import InputError
from helpers.data.process import read_table
from helpers.figures.webmap import frame_html, offline_html, seat_map
from helpers.figures.webmap_land import web_land

SCREENS = pytest.mark.parametrize("width", [390, 1280])
HOSTILE = [
    "${alert(1)}",
    "`${alert(2)}`",
    "</script><script>alert(3)</script>",
    "<img src=x onerror=alert(4)>",
    "\"'\\",
    "{{ 7 * 7 }}",
    "{% for x in y %}{# note #}",
    "{",
    "<!--<script>",
    "\u2028\u2029&lt;b&gt;",
    "]]>--></style>",
    "__proto__",
]
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"


@pytest.fixture(scope="module")
def shapes() -> pd.DataFrame:
    return read_table("country_shapes")


@pytest.fixture(scope="module")
def seats() -> pd.DataFrame:
    return read_table("cluster_seats")


def hostile_seats() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "country": ["AT"] * len(HOSTILE),
            "place": HOSTILE,
            "region": list(reversed(HOSTILE)),
            "nuts2": HOSTILE,
            "latitude": [47.0 + index / 10 for index in range(len(HOSTILE))],
            "longitude": [10.0 + index / 2 for index in range(len(HOSTILE))],
            "status": "placed",
        }
    )


def hostile_page(shapes: pd.DataFrame) -> str:
    return offline_html(
        seat_map(hostile_seats(), shapes, focus="AT", names={"AT": HOSTILE[2]}, noun=(HOSTILE[3], HOSTILE[3]))
    )


@dataclass
class Opened:
    """A page and everything that it did and should not have done."""

    page: Page
    faults: list[str] = field(default_factory=list)


def opened(chromium: Browser, markup: str, width: int, bypass: bool = False) -> Opened:
    page = chromium.new_page(viewport={"width": width, "height": 700}, bypass_csp=bypass)
    result = Opened(page)
    page.on("dialog", lambda dialog: (result.faults.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda request: result.faults.append(f"request {request.url[:80]}"))
    page.on("console", lambda message: result.faults.append(f"console {message.text}"))
    page.on("pageerror", lambda error: result.faults.append(f"error {error}"))
    page.set_content(markup)
    page.wait_for_timeout(300)
    return result


def in_report(frame: str) -> str:
    """A page like a report: the same policy, the map in its frame."""
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>t</title><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        "<style>iframe{width:100%;height:600px;border:0}</style></head>"
        f"<body><main><h1>Report</h1>{frame}</main></body></html>"
    )


# The text of the page


def test_the_page_names_no_address_on_the_network(seats: pd.DataFrame, shapes: pd.DataFrame) -> None:
    page = offline_html(seat_map(seats, shapes, focus="AT"))
    allowed = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    # Leaflet holds its own address in a string, which our attribution replaces before it is shown.
    leaflet = {"https://leafletjs.com"}
    found = set(re.findall(r"https?://[^\s\"'<>)]+", page))
    assert found <= allowed | leaflet
    assert not re.search(r"url\(|<link|src=|@import", page.split("<script>")[0])
    assert "sourceMappingURL" not in page


def test_the_same_map_gives_the_same_bytes(seats: pd.DataFrame, shapes: pd.DataFrame) -> None:
    one = seat_map(seats, shapes, focus="AT")
    first = offline_html(one)
    assert first == offline_html(one)
    assert first == offline_html(seat_map(seats.sample(frac=1, random_state=1), shapes, focus="AT"))


@pytest.mark.parametrize("focus", [None, "AT", "FR", "MT", "DE"])
def test_a_frame_stays_small(seats: pd.DataFrame, shapes: pd.DataFrame, focus: str | None) -> None:
    assert len(frame_html(seat_map(seats, shapes, focus=focus)).encode()) < 330_000


def test_hostile_names_never_leave_the_script(shapes: pd.DataFrame) -> None:
    page = hostile_page(shapes)
    assert page.count("</script>") == 2
    assert "<img" not in page


def test_layers_that_need_the_network_are_refused() -> None:
    for layer in (folium.TileLayer("OpenStreetMap"), folium.Marker([48, 14], popup="x")):
        plain = folium.Map(tiles=None)
        layer.add_to(plain)
        with pytest.raises(InputError, match=type(layer).__name__):
            offline_html(plain)


def test_the_legend_counts_what_is_not_shown(shapes: pd.DataFrame) -> None:
    table = hostile_seats().assign(place=lambda frame: frame["place"].str.len().astype(str))
    table.loc[0:2, "status"] = "not placed"
    assert f"3 of {len(HOSTILE)} could not be placed" in offline_html(seat_map(table, shapes, focus="AT"))


def test_the_legend_says_where_what_is_counted_is(seats: pd.DataFrame, shapes: pd.DataFrame) -> None:
    assert "Cluster organisations with their seat in a town:" in offline_html(
        seat_map(seats, shapes, focus="AT")
    )
    assert "Cluster organisations by &lt;region&gt;:" in offline_html(
        seat_map(seats, shapes, focus="AT", where="by <region>")
    )


def test_a_country_without_seats_still_has_a_map(seats: pd.DataFrame, shapes: pd.DataFrame) -> None:
    assert "drawSeatMap" in offline_html(seat_map(seats.iloc[0:0], shapes, focus="IS"))
    assert "drawSeatMap" in offline_html(seat_map(seats.iloc[0:0], shapes, focus="ZZ"))


def test_the_attribution_names_both_sources(seats: pd.DataFrame, shapes: pd.DataFrame) -> None:
    page = offline_html(seat_map(seats, shapes, focus="AT"))
    assert '"attribution":"Boundaries: Natural Earth. Places: GeoNames (CC BY 4.0)"' in page


def test_countries_without_a_seat_are_told_apart(seats: pd.DataFrame, shapes: pd.DataFrame) -> None:
    some = seats[seats["country"] != "PL"]
    land = web_land(shapes, ["AT", "PL"], None, {"PL"})
    assert land["scope"] == web_land(shapes, ["AT"], None)["scope"]
    assert land["empty"] == web_land(shapes, ["PL"], None)["scope"] != []
    assert "No seat listed" in offline_html(seat_map(some, shapes, scope_codes=["AT", "PL"]))
    assert "No seat listed" not in offline_html(seat_map(seats, shapes, scope_codes=["AT", "PL"]))


# The page in a browser


@pytest.mark.browser
@SCREENS
@pytest.mark.parametrize("focus", [None, "FR"])
def test_the_map_draws_in_a_sandbox_and_asks_for_nothing(
    chromium: Browser, seats: pd.DataFrame, shapes: pd.DataFrame, width: int, focus: str | None
) -> None:
    result = opened(chromium, in_report(frame_html(seat_map(seats, shapes, focus=focus))), width)
    frame = result.page.frame_locator("iframe")
    towns = seats[seats["status"].str.startswith("placed")]
    towns = towns if focus is None else towns[towns["country"] == focus]
    assert frame.locator("path.place").count() == len(
        towns.groupby(["country", "place", "latitude", "longitude"])
    )
    assert frame.locator("path.land.scope").count() >= 2
    assert frame.locator("path.land.other").count() >= 5
    visible = frame.locator("path.place").evaluate_all(
        "all => all.filter(e => { const b = e.getBoundingClientRect();"
        " return b.width > 1 && b.left >= 0 && b.right <= innerWidth && b.top >= 0; }).length"
    )
    assert visible > 0.9 * len(towns.groupby(["place", "latitude"])) * (0.98 if focus else 0.95)
    assert frame.locator("footer").evaluate("e => e.getBoundingClientRect().bottom <= innerHeight + 1")
    assert frame.locator("body").evaluate("e => e.scrollWidth <= innerWidth")
    assert [fault for fault in result.faults if "about:srcdoc" not in fault] == []


@pytest.mark.browser
@SCREENS
def test_hostile_names_show_as_text(chromium: Browser, shapes: pd.DataFrame, width: int) -> None:
    result = opened(chromium, hostile_page(shapes), width)
    for name in HOSTILE:
        label = result.page.locator("path.place").evaluate_all(
            "all => all.map(e => e.getAttribute('aria-label'))"
        )
        assert any(name in text for text in label), name
    for index in range(len(HOSTILE)):
        marker = result.page.locator("path.place").nth(index)
        marker.focus()
        result.page.keyboard.press("Enter")
        result.page.wait_for_timeout(60)
        assert result.page.locator(".leaflet-popup-content strong").last.text_content() in HOSTILE
    assert result.page.locator("img").count() == 0
    assert result.faults == []


@pytest.mark.browser
def test_places_are_reached_and_opened_by_keyboard(
    chromium: Browser, seats: pd.DataFrame, shapes: pd.DataFrame
) -> None:
    page = opened(
        chromium, offline_html(seat_map(seats, shapes, focus="AT", names={"AT": "Austria"})), 1280
    ).page
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('role')") == "button" and page.evaluate(
            "document.activeElement.classList.contains('place')"
        ):
            break
    first = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert "Austria" in first
    assert "cluster organisation" in first
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert page.locator(".leaflet-popup-content").text_content().startswith(first.split(",")[0])
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    second = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert second != first
    assert page.locator('path.place[tabindex="0"]').count() == 1


@pytest.mark.browser
def test_buttons_lead_to_outermost_regions(
    chromium: Browser, seats: pd.DataFrame, shapes: pd.DataFrame
) -> None:
    page = opened(chromium, offline_html(seat_map(seats, shapes, focus="ES")), 1280).page
    page.locator("footer button", has_text="Canarias").click()
    page.wait_for_timeout(300)
    inside = page.locator("path.place").evaluate_all(
        "all => all.filter(e => { const b = e.getBoundingClientRect();"
        " return b.width > 0 && b.left > 0 && b.top > 0 && b.right < innerWidth && b.bottom < innerHeight;"
        " }).map(e => e.getAttribute('aria-label'))"
    )
    assert inside
    assert all("ES7" in label for label in inside)


@pytest.mark.browser
@SCREENS
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(
    chromium: Browser, seats: pd.DataFrame, shapes: pd.DataFrame, width: int, scheme: str
) -> None:
    page = opened(chromium, offline_html(seat_map(seats, shapes, focus="FR")), width, bypass=True).page
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.locator("path.place").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    results = Axe().run(page)
    found = [(fault["id"], fault["nodes"][0]["html"][:160]) for fault in results.response["violations"]]
    assert found == []


def test_frame_title_is_escaped(shapes: pd.DataFrame) -> None:
    frame = frame_html(
        seat_map(hostile_seats(), shapes, focus="AT", names={"AT": '"><script>alert(1)</script>'})
    )
    opening = frame[: frame.index("srcdoc=")]
    assert opening.count('"') == 10
    assert html.escape("<script>") in opening
