"""Drawing: one layout for every file, texts measured as matplotlib itself measures them."""

import io

import numpy as np
import pytest
import seaborn as sns
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.textpath import TextToPath
from PIL import Image

from helpers.figures import lettering, style
from helpers.figures.png import with_palette
from helpers.figures.render import pixels_of, renderer_of, settle, svg_of

LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=12)


def chart(title: str = "Countries") -> Figure:
    fig = style.figure(style.WIDE, 3.0)
    ax = fig.add_subplot()
    style.style_axes(ax, style.WIDE, grid="x")
    ax.barh(["Österreich", "Ελλάδα"], [3.5, 2.0])
    ax.set_xlabel(title)
    return fig


@given(LETTERS, st.sampled_from([8.0, 9.5, 17.3]), st.sampled_from(["normal", "bold"]))
@pytest.mark.filterwarnings("ignore:Glyph")
def test_text_measures_what_matplotlib_says(text, size, weight):
    prop = FontProperties(family=style.FONT_FAMILY, size=size, weight=weight)
    assert lettering.extent(text, prop) == pytest.approx(
        TextToPath().get_text_width_height_descent(text, prop, False), abs=1e-9
    )


def test_the_space_between_lines_is_what_matplotlib_makes_it():
    fig = style.figure(style.WIDE, 2.0)
    fig.set_dpi(72)
    text = Text(0.1, 0.5, "two\nlines", figure=fig, fontfamily=style.FONT_FAMILY, linespacing=1.3)
    theirs = text.get_window_extent(RendererSVG(500, 500, io.StringIO())).height
    assert text.get_window_extent(renderer_of(fig)).height == pytest.approx(theirs, abs=1e-9)


def test_letters_of_a_text_lie_where_matplotlib_puts_them():
    prop = FontProperties(family=style.FONT_FAMILY, size=9.5)
    ours, theirs = (paths.get_text_path(prop, "Ärzte ≥ 5") for paths in (lettering.Letters(), TextToPath()))
    assert np.array_equal(ours[0], theirs[0])
    assert np.array_equal(ours[1], theirs[1])


def test_a_figure_is_laid_out_once_for_all_its_files():
    fig = chart()
    settle(fig)
    before = fig.axes[0].get_position().bounds
    svg_of(fig), pixels_of(fig, 192), pixels_of(fig, 50)
    assert fig.axes[0].get_position().bounds == before


def test_the_layout_is_that_of_matplotlib():
    ours, theirs = chart(), chart()
    settle(ours)
    theirs.savefig(io.BytesIO(), format="svg")
    assert ours.axes[0].get_position().bounds == pytest.approx(theirs.axes[0].get_position().bounds, abs=2e-3)


def test_drawing_twice_gives_the_same_bytes():
    assert svg_of(chart()) == svg_of(chart())
    assert np.array_equal(pixels_of(chart(), 96), pixels_of(chart(), 96))


def test_the_figure_keeps_its_own_resolution():
    fig = chart()
    svg_of(fig), pixels_of(fig, 192)
    assert fig.dpi == 100


def test_a_heat_map_is_not_drawn_before_it_is_written(monkeypatch):
    drawn = []
    whole = Figure.draw
    monkeypatch.setattr(Figure, "draw", lambda self, renderer: drawn.append(self) or whole(self, renderer))
    fig = style.figure(style.WIDE, 3.0)
    sns.heatmap(np.eye(3), ax=fig.add_subplot(), cbar=False, xticklabels=False, yticklabels=False)
    assert drawn == []
    svg_of(fig)
    assert drawn == [fig]


def test_measuring_does_not_need_a_picture_to_draw_on():
    renderer = renderer_of(chart())
    assert (renderer.width, renderer.height) == (1, 1)


@given(st.integers(4, 256), st.integers(0, 2**32 - 1))
def test_the_palette_holds_the_colours_of_areas_exactly(colours, seed):
    chance = np.random.default_rng(seed)
    pixels = np.full((40, 40, 4), 255, dtype=np.uint8)
    pixels[:, :20, :3] = (60, 87, 177)
    pixels[:3, :, :3] = chance.integers(0, 256, (3, 40, 3))
    picture = with_palette(pixels, colours)
    assert len(picture.getcolors()) <= colours
    shown = np.asarray(picture.convert("RGB"))
    assert tuple(shown[-1, 0]) == (60, 87, 177)
    assert tuple(shown[-1, -1]) == (255, 255, 255)


def test_few_colours_stay_what_they_are():
    pixels = np.zeros((5, 7, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    pixels[2, 3, :3] = (1, 2, 3)
    assert np.array_equal(np.asarray(with_palette(pixels, 96).convert("RGB")), pixels[..., :3])
    assert isinstance(with_palette(pixels, 96), Image.Image)
