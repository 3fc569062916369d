"""Addresses that carry a file along."""

from html.parser import HTMLParser
from urllib.parse import quote, unquote

from hypothesis import given
from hypothesis import strategies as st

from helpers.figures.downloads import data_uri, download_link

TEXTS = st.text(st.characters(codec="utf-8"), max_size=200)


@given(TEXTS)
def test_address_holds_the_file_and_nothing_that_ends_an_attribute(content: str) -> None:
    address = data_uri(content, "text/csv")
    head, _, carried = address.partition(",")
    assert head == "data:text/csv;charset=utf-8"
    assert unquote(carried) == content
    assert carried == quote(content, safe=" !$+()*,-./:;=?@[]_~'{}|^")


@given(TEXTS)
def test_link_is_read_back_by_a_browser(content: str) -> None:
    links: list[dict[str, str | None]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            links.append(dict(attrs))

    Reader().feed(download_link("a.csv", "CSV", data_uri(content, "text/csv")))
    assert [unquote((link["href"] or "").partition(",")[2]) for link in links] == [content]
