"""A figure of one report in another one: the same picture, under an id and a number of its own."""

import io
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from helpers.data.errors import InputError
from helpers.figures import charts
from helpers.figures.cited import Numbered, cited_figure, renumbered_png, renumbered_svg
from helpers.figures.downloads import csv_text, csv_types, read_csv_text
from helpers.figures.publish import publish
from helpers.figures.sources import SourceLine

OLD, NEW = Numbered("sites", 1), Numbered("counts-sites", 12)
DATA = pd.DataFrame({"country": ["AT", "BE"], "name": ["Austria", "Figure 1"], "sites": [3, 4]})


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    source = SourceLine("sites", "Sites", "2026", "observed", "Somebody.")
    made = publish(
        charts.country_ranking,
        DATA,
        id="sites",
        number=1,
        caption="Sites \u2013 not as in Figure 1.5",
        alt="A bar a country",
        sources=[source],
        folder=folder,
        options={"value": "sites"},
    )
    svg, png, csv = (folder / path for path in made.files)
    return made, svg.read_text(), png.read_bytes(), csv.read_text()


def test_the_element_has_its_own_ids_and_number_and_its_words_stay(published):
    made, svg, png, csv = published
    files = (renumbered_svg(svg, OLD, NEW), renumbered_png(png, OLD, NEW), csv)
    element = cited_figure(made.html, OLD, NEW, files, '<span class="cited">From elsewhere.</span>')
    ids = re.findall(r'\bid="([^"]+)"', element)
    assert len(ids) == len(set(ids))
    assert all(name.startswith(("fig-counts-sites", "counts-sites-")) for name in ids)
    assert set(re.findall(r"url\(#([^)]+)\)", element)) <= set(ids)
    assert element.count("Data behind Figure 12") == 3
    assert '<span class="label">Figure 12.</span> Sites \u2013 not as in Figure 1.5' in element
    assert "Figure 1</th>" in element or ">Figure 1<" in element
    assert 'download="counts-sites.png"' in element
    assert 'download="sites.png"' not in element


def test_files_say_the_new_number_and_show_the_same_picture(published):
    _, svg, png, _ = published
    text = renumbered_svg(svg, OLD, NEW)
    assert '<title id="counts-sites-wt">Figure 12</title>' in text
    assert "<dc:title>Figure 12. Sites" in text
    pictures = [Image.open(io.BytesIO(content)) for content in (png, renumbered_png(png, OLD, NEW))]
    assert pictures[0].convert("RGB").tobytes() == pictures[1].convert("RGB").tobytes()
    assert pictures[1].text["Title"].startswith("Figure 12. Sites \u2013 not as in Figure 1.5")


def test_what_is_no_figure_is_refused(published):
    made = published[0]
    with pytest.raises(InputError, match="not a PNG"):
        renumbered_png(b"GIF89a", OLD, NEW)
    with pytest.raises(InputError, match="has no caption"):
        cited_figure(made.html.replace("figcaption", "p"), OLD, NEW, ("", b"", ""), "")


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), min_size=1)


@given(
    texts=st.lists(st.one_of(CELLS, st.none()), min_size=3, max_size=3),
    whole=st.lists(st.one_of(st.integers(-(2**60), 2**60), st.none()), min_size=3, max_size=3),
    numbers=st.lists(st.floats(allow_nan=True), min_size=3, max_size=3),
)
def test_a_table_written_as_csv_is_read_as_it_was(texts, whole, numbers):
    data = pd.DataFrame(
        {
            "text": pd.Series(texts, dtype="str"),
            "whole": pd.Series(whole, dtype="Int64"),
            "number": pd.Series(numbers, dtype="float64"),
            "yes": pd.Series([True, False, True], dtype="category"),
        }
    )
    read = read_csv_text(csv_text(data), csv_types(data), "t.csv")
    assert csv_text(read) == csv_text(data)
    pd.testing.assert_frame_equal(read[["text", "whole", "number"]], data[["text", "whole", "number"]])
    assert read["yes"].tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("text", "types", "words"),
    [
        ("a,b\n1\n", {}, "t.csv, row 2: has 1 cells; the header has 2"),
        ("a\nx\n", {"a": "int"}, "t.csv, column 'a': a cell is no int"),
        ("a\nx\n", {"a": "code"}, "declared as 'code'; allowed: int"),
    ],
)
def test_a_csv_that_is_not_as_declared_is_refused(text, types, words):
    with pytest.raises(InputError, match=words):
        read_csv_text(text, types, "t.csv")
