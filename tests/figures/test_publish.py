"""One function publishes a figure: what it asks for, writes and shows."""

import base64
import io
import re
from html import unescape
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from html_page import Page
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from helpers.data.errors import InputError
from helpers.figures import charts, style
from helpers.figures.publish import SourceLine, mark_sample, publish
from helpers.figures.sources import SAMPLE_MARK

SOURCES = [
    SourceLine("counts", "Counts", "2026-07", "derived", "ECCP-derived list."),
    SourceLine("population", "Population", "2024", "observed", "World Bank, WDI"),
]
DATA = pd.DataFrame({"country": ["AT", "MT"], "name": ["Austria", "Malta"], "organisations": [32, 1]})
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "=cmd()",
    "${alert(1)}",
    "]]>",
    "\"q\" 'q' `q`",
    "</figure><script>alert(1)</script>",
]


def published(tmp_path, data=DATA, draw=charts.country_ranking, **changes):
    arguments = {
        "id": "ranking",
        "number": 3,
        "caption": "Organisations by country",
        "alt": "Bars in falling order, Austria first",
        "sources": SOURCES,
        "folder": tmp_path,
    }
    return publish(draw, data, **(arguments | changes))


def test_the_figure_element_keeps_its_contract(tmp_path):
    figure = published(tmp_path)
    page = Page(figure.html)
    assert page.tags[0] == ("figure", {"id": "fig-ranking", "class": "evidence-figure"})
    pictures = [attributes for attributes in page.of("div") if "picture" in attributes["class"]]
    assert pictures == [{"class": "picture wide"}, {"class": "picture narrow", "style": "display:none"}]
    assert [svg["role"] for svg in page.of("svg")] == ["img", "img"]
    assert [svg["viewbox"].split()[2] for svg in page.of("svg")] == ["532.8", "259.2"]
    assert page.of("details") == [{"class": "figure-data"}]
    assert {
        "class": "table-scroll",
        "tabindex": "0",
        "role": "region",
        "aria-label": "Data behind Figure 3",
    } in page.of("div")
    assert page.of("caption")
    for words in (
        "Figure 3. Organisations by country Sources: Counts (2026-07); Population (2024).",
        "Data behind Figure 3",
        "Bars in falling order, Austria first",
    ):
        assert words in page.text
    assert (figure.kind, figure.id, figure.number) == ("figure", "ranking", 3)


def test_no_id_occurs_twice_in_a_page_of_figures(tmp_path):
    html = published(tmp_path).html + published(tmp_path, id="ranking-w", number=4).html
    found = re.findall(r'(?<![\w-])id="([^"]*)"', html)
    assert len(found) == len(set(found)) > 20


def test_files_and_links_hold_the_same_figure(tmp_path):
    figure = published(tmp_path)
    assert [str(file) for file in figure.files] == [
        f"figures/ranking.{ending}" for ending in ("svg", "png", "csv")
    ]
    links = {a["download"]: a["href"] for a in Page(figure.html).of("a") if "download" in a}
    svg, png, csv = ((tmp_path / file).read_bytes() for file in figure.files)
    assert svg.decode().endswith(unquote(links["ranking.svg"].split(",", 1)[1]) + "\n")
    assert base64.b64decode(links["ranking.png"].split(",", 1)[1]) == png
    assert unquote(links["ranking.csv"].split(",", 1)[1]).encode() == csv
    assert csv == b"country,name,organisations\nAT,Austria,32\nMT,Malta,1\n"
    assert "var(" not in svg.decode()


def test_publishing_twice_gives_the_same_bytes(tmp_path):
    one, other = (published(tmp_path / name) for name in ("one", "other"))
    assert one.html == other.html
    for file in one.files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()


def test_a_figure_of_real_size_stays_small(tmp_path):
    many = pd.DataFrame(
        {"country": [f"C{n}" for n in range(40)], "name": [f"Country number {n}" for n in range(40)]}
    )
    figure = published(tmp_path, many.assign(organisations=range(40)))
    assert len(figure.html.encode()) < 350_000
    assert all(len(svg) < 70_000 for svg in re.findall(r"<svg.*?</svg>", figure.html, re.DOTALL))


def test_the_table_shows_chosen_columns_and_marks_the_highlight(tmp_path):
    figure = published(tmp_path, columns={"name": ("Country", "")}, options={"highlight": "MT"})
    page = Page(figure.html)
    assert len([th for th in page.of("th") if th["scope"] == "col"]) == 1
    assert {"class": "highlight"} in page.of("tr")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_ever_text(tmp_path, text):
    data = DATA.assign(name=text)
    sources = [SourceLine(text, text, text, "observed", text)]
    figure = published(tmp_path, data, caption=text, alt=f"alt {text}", sources=sources)
    page = Page(figure.html)
    assert not {tag for tag, _ in page.tags} & {"img", "script", "iframe", "object", "foreignobject"}
    assert len(page.of("figure")) == len(page.of("figcaption")) == 1
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert page.text.count(text) >= 6
    first = (tmp_path / "figures" / "ranking.csv").read_text().splitlines()[1].split(",", 1)[1]
    assert not first.startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"caption": ""}, "caption is empty"),
        ({"alt": " \n"}, "alternative text is empty"),
        ({"alt": " organisations  by COUNTRY "}, "repeats the caption"),
        ({"sources": []}, "no source"),
        ({"id": "Ranking"}, "hyphens only"),
        ({"id": ""}, "hyphens only"),
        ({"id": "../../x"}, "hyphens only"),
        ({"number": 0}, "number is 0"),
        ({"columns": {"nmae": ("Name", "")}}, "no column nmae"),
    ],
)
def test_a_figure_that_does_not_say_what_it_is_is_refused_before_anything_is_written(
    tmp_path, changes, message
):
    with pytest.raises(InputError, match=message):
        published(tmp_path, **changes)
    assert not list(tmp_path.rglob("*.*"))


def test_sample_data_are_marked_on_picture_caption_description_and_table(tmp_path):
    figure = published(tmp_path, sample=True)
    real = published(tmp_path / "real")
    page = Page(figure.html)
    assert figure.caption.startswith("Illustrative sample data. ")
    # caption, table caption and both descriptions
    assert page.text.count("Illustrative sample data. ") == 4
    assert figure.html.count("opacity:0.28") == 3  # both pictures and the download
    assert "Illustrative sample data" not in real.html


@pytest.mark.parametrize(
    ("layout", "height"), [(style.WIDE, 1.2), (style.WIDE, 8), (style.NARROW, 1.2), (style.NARROW, 9)]
)
def test_the_sample_mark_fits_on_the_picture(layout, height):
    fig = style.figure(layout, height)
    mark_sample(fig)
    canvas = FigureCanvasAgg(fig)
    canvas.draw()
    (mark,) = fig.texts
    box = mark.get_window_extent(canvas.get_renderer())
    assert mark.get_text() == SAMPLE_MARK
    assert box.x0 >= 0
    assert box.y0 >= 0
    assert box.x1 <= fig.bbox.x1
    assert box.y1 <= fig.bbox.y1
    assert max(box.width / fig.bbox.width, box.height / fig.bbox.height) > 0.7


def test_an_interactive_map_is_sandboxed_and_keeps_its_static_twin(tmp_path, monkeypatch):
    from helpers.figures import webmap_page

    monkeypatch.setattr(
        webmap_page, "offline_html", lambda _: '<!doctype html><p title="a">&amp;</p><script>1</script>'
    )
    figure = published(tmp_path, interactive=object(), caption='A "map"')
    page = Page(figure.html)
    (frame,) = page.of("iframe")
    assert frame["sandbox"] == "allow-scripts"
    assert frame["srcdoc"] == '<!doctype html><p title="a">&amp;</p><script>1</script>'
    assert frame["title"] == 'Interactive map of Figure 3: A "map"'
    assert page.tags[0][1]["class"] == "evidence-figure has-interactive"
    assert len(page.of("svg")) == 2
    assert "src" not in frame


@pytest.mark.parametrize("sample", [False, True])
def test_a_figure_without_data_describes_nothing_and_has_no_interactive_map(tmp_path, sample):
    figure = published(tmp_path, DATA.iloc[:0], interactive=object(), sample=sample)
    page = Page(figure.html)
    assert figure.alt == "No data for this selection."
    assert "Bars in falling order" not in figure.html
    descriptions = re.findall(r"<desc[^>]*>([^<]*)</desc>", figure.html)
    assert (
        descriptions == [f"{'Illustrative sample data. ' if sample else ''}No data for this selection."] * 2
    )
    assert page.of("iframe") == []
    assert page.tags[0][1]["class"] == "evidence-figure"


def facts_in_svg(svg):
    root = ET.fromstring(svg)
    (description,) = root.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description")
    return {element.tag.split("}")[1].capitalize(): element.text for element in description}


@pytest.mark.parametrize("text", ["Organisations by country", "Οργανισμοί & <b>", *HOSTILE])
def test_downloaded_pictures_say_what_they_are_and_of_which_date(tmp_path, text):
    figure = published(tmp_path, caption=text, note="Boundaries: Natural Earth.")
    svg, png, _ = ((tmp_path / file).read_bytes() for file in figure.files)
    expected = {
        "Title": f"Figure 3. {text}",
        "Description": "Bars in falling order, Austria first",
        "Source": "Sources: Counts (2026-07); Population (2024). Boundaries: Natural Earth.",
    }
    assert facts_in_svg(svg) == expected
    assert ET.fromstring(svg).find("{http://www.w3.org/2000/svg}desc").text == expected["Description"]
    with Image.open(io.BytesIO(png)) as picture:
        assert picture.text == expected
    assert (b"iTXtTitle" if "Ο" in text else b"tEXtTitle") in png
    assert "<metadata" not in figure.html


def test_downloaded_pictures_of_sample_data_say_so(tmp_path):
    sources = [SourceLine("offers", "Offers", "2026", "sample", "Made up")]
    figure = published(tmp_path, sample=True, sources=sources)
    facts = facts_in_svg((tmp_path / figure.files[0]).read_bytes())
    assert facts["Title"] == "Figure 3. Illustrative sample data. Organisations by country"
    assert facts["Description"].startswith("Illustrative sample data. ")
    assert facts["Source"] == "Source: Offers (2026; illustrative sample data)."


def test_the_download_link_works_in_an_attribute(tmp_path):
    html = published(tmp_path).html
    href = re.search(r'download="ranking.svg" href="([^"]*)"', html)[1]
    assert unescape(href) == href
    assert not set("<>#\n&") & set(href)
