"""SVG: the same bytes every time, small, well-formed, prefixed, open to the page's theme."""

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from helpers.figures import style
from helpers.figures.png import draw_png
from helpers.figures.svg import draw_svg, inline_svg, relative_path

HOSTILE = [
    "<img onerror=x>",
    "=cmd()",
    "${alert(1)} $x$",
    "]]>",
    "--> <!--",
    "\"a\" 'b' &amp;",
    "\x00\x0b\ufffe control",
]
SVG = "{http://www.w3.org/2000/svg}"


def picture(text="Österreich Ελλάδα", hatch=False):
    fig = style.figure(style.WIDE, 2)
    ax = fig.add_subplot()
    style.style_axes(ax, style.WIDE, grid="x")
    ax.barh([text, "b"], [1.23456789, 2], color=style.DATA, hatch="//" if hatch else None)
    ax.plot([0, 1], [0, 1], color=style.HIGHLIGHT, clip_on=True)
    return fig


def ids(svg):
    return re.findall(r'\bid="([^"]*)"', svg)


def test_two_draws_are_the_same_bytes():
    assert draw_svg(picture(hatch=True), "a-w", "alt", "Figure 1") == draw_svg(
        picture(hatch=True), "a-w", "alt", "Figure 1"
    )
    assert draw_png(picture()) == draw_png(picture())


def test_another_package_that_names_the_prefix_of_svg_changes_nothing():
    before = draw_svg(picture(), "a-w", "alt", "Figure 1")
    ET.register_namespace("svg", SVG.strip("{}"))
    assert draw_svg(picture(), "a-w", "alt", "Figure 1") == before


def test_every_id_is_prefixed_unique_and_every_reference_resolves():
    svg = draw_svg(picture(hatch=True), "my-fig-w", "alt", "Figure 1")
    references = re.findall(r"(?:url\(#|href=\"#)([^)\"]+)", svg)
    assert len(ids(svg)) == len(set(ids(svg)))
    assert all(name.startswith("my-fig-w") for name in ids(svg))
    assert references
    assert set(references) <= set(ids(svg))


def test_two_pictures_in_one_page_share_no_id():
    one, other = (draw_svg(picture(), prefix, "alt", "Figure 1") for prefix in ("a-w", "a-n"))
    assert not set(ids(one)) & set(ids(other))


def test_the_picture_has_role_name_and_description():
    root = ET.fromstring(draw_svg(picture(), "a", "What & <where>", "Figure 7"))
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert (root.get("role"), title.text, description.text) == ("img", "Figure 7", "What & <where>")
    assert root.get("aria-labelledby").split() == [title.get("id"), description.get("id")]


def test_nothing_reaches_out_of_the_picture():
    svg = draw_svg(picture(), "a", "alt", "Figure 1")
    assert "<style" not in svg
    assert "<metadata" not in svg
    assert "<!--" not in svg
    assert set(re.findall(r"https?://[^\"' ]+", svg)) == {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


@pytest.mark.filterwarnings("ignore:Glyph .* missing")
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_leaves_the_picture_well_formed(text):
    svg = inline_svg(draw_svg(picture(text), "a", text, text))
    root = ET.fromstring(svg)
    assert root.find(f"{SVG}desc").text.split() == re.sub("[\x00\x0b\ufffe]", "", text).split()
    allowed = {"svg", "title", "desc", "g", "path", "use", "defs", "clipPath", "rect"}
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= allowed
    assert not [name for element in root.iter() for name in element.attrib if name.lower().startswith("on")]


def test_dollar_signs_do_not_start_a_formula():
    fig = picture("$\\frac{1}{2$ and $x$")
    FigureCanvasAgg(fig).draw()


def test_theme_colours_become_variables_only_inside_the_page():
    svg = draw_svg(picture(), "a", "alt", "Figure 1")
    inline = inline_svg(svg)
    assert "var(" not in svg
    assert svg.count(style.DATA) == inline.count(f"var(--fig-data,{style.DATA})") > 0
    assert inline.count(f"var(--fig-paper,{style.PAPER})") == 1
    assert re.search(r'width="710" height="192" .*style="max-width:100%;height:auto"', inline)


def test_coordinates_are_short():
    svg = draw_svg(picture(), "a", "alt", "Figure 1")
    shapes = " ".join(re.findall(r' (?:d|x|y|points)="([^"]*)"', svg))
    assert not re.findall(r"\d\.\d{3,}", shapes)
    assert len(svg) < 14_000


def absolute(path):
    """Read a relative path back: the end points of its commands."""
    here = start = np.zeros(2)
    points = []
    for letter, numbers in re.findall(r"([MmlqcLQC]|z)([^A-Za-z]*)", path):
        if letter == "z":
            here = start
            continue
        values = np.array([float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", numbers)]).reshape(-1, 2)
        each = {"m": 1, "l": 1, "q": 2, "c": 3}[letter.lower()]
        for end in values[each - 1 :: each]:
            here = end if letter == "M" else here + end
            points.append(here)
        start = here if letter in "Mm" else start
    return np.array(points)


numbers = st.floats(-2000, 2000, allow_nan=False)


@given(st.lists(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=9), min_size=1, max_size=4))
def test_relative_paths_end_where_the_absolute_ones_do(rings):
    text = " ".join("M " + "\nL ".join(f"{x:.6f} {y:.6f}" for x, y in ring) + "\nz" for ring in rings)
    expected = np.array([point for ring in rings for point in ring])
    assert np.abs(absolute(relative_path(text)) - expected).max() <= 0.00501


def test_shortening_does_not_move_anything():
    """The line, read back, is where matplotlib put it."""
    fig = picture()
    svg = draw_svg(fig, "a", "alt", "Figure 1")
    line = re.search(rf'd="([^"]*)"[^>]*stroke:{style.HIGHLIGHT}', svg)
    expected = fig.axes[0].transData.transform([[0, 0], [1, 1]]) * 72 / fig.dpi
    assert np.allclose(absolute(line[1]) * [1, -1] + [0, 2 * 72], expected, atol=0.011)


def test_png_is_twice_screen_size_small_and_white_where_the_paper_is(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(draw_png(picture()))
    with Image.open(path) as image:
        assert image.mode == "P"
        assert image.size == (int(7.4 * 192), 384)
        colours = {colour for _, colour in image.convert("RGB").getcolors(4096)}
    assert (255, 255, 255) in colours
    assert min(sum((a - b) ** 2 for a, b in zip(c, (0x3C, 0x57, 0xB0), strict=True)) for c in colours) < 30
