"""Texts with marked words: the words are marked, and nothing in a text becomes markup."""

import re

import pandas as pd
import pytest
from html_page import Page
from hypothesis import given
from hypothesis import strategies as st

from helpers.data.errors import InputError
from helpers.figures.marked import MARKED, marked_html
from helpers.figures.tables import html_table

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "${alert(1)}",
    "]]>",
    '"><mark>',
    "=cmd()",
]
COLUMNS = {"text": ("Answer", MARKED), "n": ("Number", "")}


def table_of(**columns: object) -> str:
    return html_table(pd.DataFrame(columns), caption="C", columns=COLUMNS)


def unescaped(html: str) -> str:
    text = re.sub("<[^>]*>", "", html)
    for code, letter in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
        text = text.replace(code, letter)
    return text


@given(st.text(max_size=60), st.data())
def test_the_text_stays_and_the_words_are_marked(text: str, data: st.DataObject) -> None:
    ends = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = list(zip(ends[::2], ends[1::2], strict=False))
    html = marked_html(text, ";".join(f"{low}-{high}" for low, high in spans), "en")
    assert unescaped(html) == text
    marks = re.findall("<mark>(.*?)</mark>", html, re.S)
    assert [unescaped(mark) for mark in marks] == [text[low:high] for low, high in spans]
    assert re.findall("<[^>]*>", html)[0] == '<bdi lang="en">'


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_become_harmless_in_marks_and_outside(text: str) -> None:
    page = Page(table_of(text=[text], text_marked=[f"0-{len(text)}"], n=[1]))
    assert not page.of("script") + page.of("img")
    assert len(page.of("mark")) == 1
    assert text in page.text


@pytest.mark.parametrize("places", ["3", "2-1", "0-99", "1-2;0-1", "a-b", "0-1;", "-1-2"])
def test_places_outside_the_text_or_out_of_order_are_refused(places: str) -> None:
    with pytest.raises(InputError, match="marked text"):
        marked_html("words", places)


def test_a_language_that_is_none_is_left_out() -> None:
    assert marked_html("x", "", 'en" onclick="alert(1)') == "<bdi>x</bdi>"


def test_a_table_marks_its_texts_and_says_their_language() -> None:
    html = table_of(text=["no staff", None], text_marked=["3-8", None], text_language=["en", None], n=[1, 2])
    assert '<bdi lang="en">no <mark>staff</mark></bdi>' in html
    assert '<th scope="row" class="na">:</th>' in html


def test_a_table_without_places_is_refused() -> None:
    with pytest.raises(InputError, match="no column text_marked"):
        table_of(text=["no staff"], n=[1])
