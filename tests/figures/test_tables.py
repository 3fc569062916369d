"""Tables: escaped, honest about what is missing, and safe to open in a spreadsheet."""

import csv
import io
from datetime import date

import numpy as np
import pandas as pd
import pytest
from html_page import Page
from hypothesis import given
from hypothesis import strategies as st

from helpers.data.errors import InputError
from helpers.figures.downloads import csv_text
from helpers.figures.sources import SourceLine
from helpers.figures.tables import format_cell, html_table, publish_table

SOURCES = [SourceLine("counts", "Counts", "2026-07", "derived", "ECCP-derived list")]
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "=cmd()",
    "${alert(1)}",
    "]]>",
    "\"quoted\" 'single'",
    "</table><script>",
]


@pytest.mark.parametrize(
    ("value", "spec", "text"),
    [
        (1302, "", "1,302"),
        (1302.0, ",d", "1,302"),
        (np.int64(1302), ",d", "1,302"),
        (0, ",.1f", "0"),
        (0.0, ".1%", "0\xa0%"),
        (0.04, ",.1f", "0.0"),
        (-0.04, ",.1f", "0.0"),
        (-12.34, ",.1f", "−12.3"),
        (0.7668, ".1%", "76.7\xa0%"),
        (None, ",.1f", ":"),
        (float("nan"), "", ":"),
        (pd.NA, ",d", ":"),
        (pd.NaT, "", ":"),
        (float("inf"), ",d", "∞"),
        (True, "", "yes"),
        (date(2020, 3, 4), "", "2020-03-04"),
        (pd.Timestamp("2020-03-04"), "", "2020-03-04"),
        ("a-b 50%", "", "a-b 50%"),
    ],
)
def test_cells_are_written_for_readers(value, spec, text):
    assert format_cell(value, spec) == text


def test_numbers_are_right_aligned_headings_have_scope_and_the_highlight_is_marked():
    data = pd.DataFrame({"country": ["AT", "BE"], "n": [1, 2]})
    page = Page(
        html_table(data, caption="C", columns={"country": ("Country", ""), "n": ("N", ",d")}, highlight="BE")
    )
    assert page.of("th") == [
        {"scope": "col"},
        {"scope": "col", "class": "num"},
        {"scope": "row"},
        {"scope": "row"},
    ]
    assert page.of("td") == [{"class": "num"}] * 2
    assert page.of("tr") == [{}, {}, {"class": "highlight"}]
    assert len(page.of("caption")) == 1


def test_missing_cells_have_a_legend_and_full_tables_none():
    columns = {"n": ("N", ",d")}
    gap = html_table(pd.DataFrame({"n": pd.array([1, None], dtype="Int64")}), caption="C", columns=columns)
    full = html_table(pd.DataFrame({"n": [1, 0]}), caption="C", columns=columns)
    assert ": not available" in Page(gap).text
    assert Page(gap).of("th")[-1] == {"scope": "row", "class": "num na"}
    assert "not available" not in full
    assert ">0<" in full


def test_no_row_is_highlighted_unless_asked_for():
    data = pd.DataFrame({"country": ["AT", None]})
    assert "highlight" not in html_table(data, caption="C", columns={"country": ("Country", "")})


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_ever_text(text):
    html = html_table(
        pd.DataFrame({"a": [text]}), caption=text, columns={"a": (text, "")}, id="t", label=text
    )
    page = Page(html)
    assert {tag for tag, _ in page.tags} == {"table", "caption", "thead", "tbody", "tr", "th", "span"}
    assert page.text == text + " " + text * 3


@pytest.mark.parametrize("columns", [{"b": ("B", "")}, {}, {"a": ("A", ",d")}])
def test_columns_that_do_not_fit_are_refused_by_name(columns):
    with pytest.raises(InputError, match=r"column|is chosen"):
        html_table(pd.DataFrame({"a": [1.5]}), caption="C", columns=columns)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_text_that_begins_like_a_formula_is_quoted_headers_too(start):
    rows = list(csv.reader(io.StringIO(csv_text(pd.DataFrame({f"{start}h": [f"{start}1+1"]})), newline="")))
    shown = start.replace("\r", "\n")
    assert rows == [[f"'{shown}h"], [f"'{shown}1+1"]]


def test_true_numbers_are_untouched_and_exact():
    data = pd.DataFrame({"a": [-0.1, 1 / 3], "b": pd.array([-5, None], dtype="Int64"), "c": [True, False]})
    assert csv_text(data) == "a,b,c\n-0.1,-5,true\n0.3333333333333333,,false\n"


def test_csv_is_utf8_with_lf_and_iso_dates(tmp_path):
    data = pd.DataFrame({"name": ["Ελλάδα", "a\nb"], "day": pd.to_datetime(["2020-03-04", None])})
    publish_table(
        data, id="t", number=1, caption="C", sources=SOURCES, folder=tmp_path, columns={"name": ("N", "")}
    )
    assert (tmp_path / "tables" / "t.csv").read_bytes() == 'name,day\nΕλλάδα,2020-03-04\n"a\nb",\n'.encode()


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_floats_come_back_unchanged(values):
    rows = csv_text(pd.DataFrame({"x": values})).splitlines()[1:]
    assert [float(row) for row in rows] == values


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), min_size=1))
def test_no_text_cell_begins_like_a_formula_and_none_loses_text(text):
    data = pd.DataFrame({"x": pd.Series([text], dtype="object")})
    ((cell,),) = list(csv.reader(io.StringIO(csv_text(data), newline="")))[1:]
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell.removeprefix("'") == text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("'")


def publish(tmp_path, **changes):
    arguments = {
        "id": "top",
        "number": 2,
        "caption": "Top",
        "sources": SOURCES,
        "folder": tmp_path,
        "columns": {"a": ("A", "")},
    }
    return publish_table(pd.DataFrame({"a": ["x"], "b": ["=1"]}), **(arguments | changes))


def test_a_published_table_has_anchor_label_source_note_and_download(tmp_path):
    table = publish(tmp_path, note="As <listed>")
    page = Page(table.html)
    assert table.kind == "table"
    assert [str(file) for file in table.files] == ["tables/top.csv"]
    assert page.of("div")[0] == {"id": "table-top", "class": "evidence-table"}
    assert page.of("div")[1]["tabindex"] == "0"
    assert [a["download"] for a in page.of("a") if "download" in a] == ["top.csv"]
    assert page.of("a")[0]["href"].startswith("#source-")
    for words in ("Table 2.", "Top", "As <listed>", "Source: Counts (2026-07)."):
        assert words in page.text


def test_sample_data_are_marked_in_the_table(tmp_path):
    assert "Illustrative sample data. Top" in Page(publish(tmp_path, sample=True).html).text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"id": "Top 10"}, "hyphens only"),
        ({"id": "../x"}, "hyphens only"),
        ({"id": "x\n"}, "hyphens only"),
        ({"caption": " "}, "caption is empty"),
        ({"sources": []}, "no source"),
        ({"sources": [SourceLine("x", "", "2020", "observed", "c")]}, "no title"),
        ({"number": 0}, "number is 0"),
    ],
)
def test_a_table_that_does_not_say_what_it_is_is_refused_before_anything_is_written(
    tmp_path, changes, message
):
    with pytest.raises(InputError, match=message):
        publish(tmp_path, **changes)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("dtype", ["bool", "boolean", "object"])
def test_truth_values_are_said_in_words(dtype):
    data = pd.DataFrame({"name": ["AT", "BE"], "strong": pd.Series([True, False], dtype=dtype)})
    table = html_table(data, caption="C", columns={"name": ("Name", ""), "strong": ("Strong", "")})
    assert "True" not in table
    assert ">yes<" in table
    assert ">no<" in table


def test_a_table_without_rows_says_so():
    table = html_table(pd.DataFrame({"a": []}), caption="C", columns={"a": ("A", "")})
    assert "None for this selection" in table
