"""Charts of capacity: what they show is what the data say, at both widths, for odd and empty data too."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_hex

from helpers.data.errors import InputError
from helpers.figures.charts import capacity, coverage
from helpers.figures.render import settle
from helpers.figures.sources import NO_DATA_TEXT
from helpers.figures.style import DATA, GRID, HIGHLIGHT, NARROW, SOFT, WIDE, Layout

LAYOUTS = pytest.mark.parametrize("layout", [WIDE, NARROW], ids=["wide", "narrow"])


def cells() -> pd.DataFrame:
    rows = [
        ("Vials", 0, "AT", "gap", ""),
        ("Vials", 0, "BE", "few", "<3"),
        ("Syringes", 1, "AT", "covered", "7"),
        ("Syringes", 1, "BE", "only", "4"),
    ]
    return pd.DataFrame(rows, columns=["stage_label", "stage_order", "country", "status", "shown"])


def ranges() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "country": ["FR", "AT", "MT"],
            "name": ["France", "Austria", "Malta"],
            "low": [80.0, 10.0, np.nan],
            "point": [100.0, 12.0, np.nan],
            "high": [150.0, np.nan, np.nan],
        }
    )


def texts(fig: object) -> list[str]:
    return [text.get_text() for ax in fig.axes for text in ax.texts]  # type: ignore[attr-defined]


@LAYOUTS
def test_each_cell_has_the_colour_of_its_status_and_its_own_text(layout: Layout) -> None:
    fig = coverage.coverage_matrix(cells(), layout)
    mesh = next(item for item in fig.axes[0].collections if isinstance(item, QuadMesh))
    fig.draw_without_rendering()
    found = sorted(to_hex(colour) for colour in mesh.get_facecolors())
    assert found == sorted([GRID, SOFT, DATA, HIGHLIGHT])
    assert sorted(texts(fig)) == ["4", "7", "<3"]


def test_stages_are_rows_on_a_page_and_columns_on_a_telephone() -> None:
    wide, narrow = (coverage.coverage_matrix(cells(), layout).axes[0] for layout in (WIDE, NARROW))
    assert [label.get_text() for label in wide.get_yticklabels()] == ["Vials", "Syringes"]
    assert [label.get_text() for label in narrow.get_yticklabels()] == ["AT", "BE"]


def test_the_legend_explains_only_what_is_drawn() -> None:
    fig = coverage.coverage_matrix(cells().query("status != 'only'"), WIDE)
    words = [text.get_text() for text in fig.legends[0].get_texts()]
    assert words == [coverage.CELLS[kind][0] for kind in ("gap", "few", "covered")]


@LAYOUTS
def test_legend_and_names_stay_inside_the_picture(layout: Layout) -> None:
    fig = coverage.coverage_matrix(cells(), layout, stages=["Vials", "Syringes"])
    renderer = settle(fig)
    fig.draw(renderer)
    for words in (
        *fig.legends[0].get_texts(),
        *fig.axes[0].get_xticklabels(),
        *fig.axes[0].get_yticklabels(),
    ):
        box = words.get_window_extent(renderer)
        assert box.x0 >= 0, words
        assert box.x1 <= fig.bbox.x1, words
        assert 0 <= box.y0 < box.y1 <= fig.bbox.y1, words


@LAYOUTS
def test_a_total_without_upper_bound_gets_an_arrow_and_one_without_answers_no_mark(layout: Layout) -> None:
    ax = capacity.amount_ranges(ranges(), layout, label="Vials a month").axes[0]
    markers = [line.get_marker() for line in ax.lines]
    assert markers.count("o") == 2
    assert [len(line.get_xdata()) for line in ax.lines if line.get_marker() == ">"] == [1]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["France", "Austria", "Malta"]


def test_an_empty_row_says_why_it_is_empty() -> None:
    data = ranges().assign(shown=["shown", "shown", "held back"])
    assert texts(capacity.amount_ranges(data, WIDE, label="Vials a month")) == ["held back"]


def test_ranges_are_drawn_from_low_to_high() -> None:
    ax = capacity.amount_ranges(ranges().head(1), WIDE, label="Vials a month").axes[0]
    (segment,) = ax.collections[0].get_segments()
    assert segment[:, 0].tolist() == [80.0, 150.0]


def test_amounts_over_several_powers_of_ten_are_on_a_logarithmic_scale() -> None:
    far = ranges().assign(point=[1e6, 1.0, np.nan], low=[1e6, 1.0, np.nan], high=[1e6, 1.0, np.nan])
    near = ranges().head(2)
    assert capacity.amount_ranges(far, WIDE, label="x").axes[0].get_xscale() == "log"
    assert capacity.amount_ranges(near, WIDE, label="x").axes[0].get_xscale() == "linear"


@LAYOUTS
def test_the_ramp_up_ends_at_the_last_total(layout: Layout) -> None:
    months = pd.date_range("2021-01-01", periods=3, freq="MS")
    data = pd.DataFrame({"month": months, "low": [1, 2, 3], "point": [2, 4, 1.5e6], "high": [3, 6, 2e6]})
    fig = capacity.ramp_up(data.sample(frac=1, random_state=1), layout, label="Doses a month")
    assert texts(fig) == ["1.5M"]
    assert fig.axes[0].lines[0].get_ydata().tolist() == [2, 4, 1.5e6, 1.5e6]


@LAYOUTS
def test_the_band_of_sizes_lies_between_the_two_bounds(layout: Layout) -> None:
    data = pd.DataFrame({"amount": [0, 1, 10], "share_low": [0.1, 0.2, 0.8], "share_high": [0.1, 0.4, 1.0]})
    fig = capacity.size_distribution(data, layout, label="Doses a month")
    assert fig.axes[0].lines[0].get_ydata().tolist() == pytest.approx([0.3, 0.9])


def test_bars_carry_the_text_of_their_row() -> None:
    data = pd.DataFrame({"name": ["All", "Rest"], "share": [1.0, 0.25], "words": ["10 of 10", "3 of 12"]})
    fig = capacity.share_bars(data, WIDE, name="name", value="share", label="Share", text="words")
    assert texts(fig) == ["10 of 10", "3 of 12"]
    assert [bar.get_width() for bar in fig.axes[0].patches] == [1.0, 0.25]


EMPTY = [
    (coverage.coverage_matrix, cells(), {}),
    (capacity.amount_ranges, ranges(), {"label": "x"}),
    (capacity.ramp_up, pd.DataFrame(columns=["month", "point"]), {"label": "x"}),
    (
        capacity.size_distribution,
        pd.DataFrame(columns=["amount", "share_low", "share_high"]),
        {"label": "x"},
    ),
    (
        capacity.share_bars,
        pd.DataFrame(columns=["name", "share"]),
        {"name": "name", "value": "share", "label": "x"},
    ),
]


@pytest.mark.parametrize(("draw", "data", "options"), EMPTY, ids=lambda item: getattr(item, "__name__", ""))
def test_no_rows_give_a_picture_that_says_so(draw, data, options) -> None:  # type: ignore[no-untyped-def]
    fig = draw(data.head(0), NARROW, **options)
    assert [text.get_text() for text in fig.texts] == [NO_DATA_TEXT]


@pytest.mark.parametrize(("draw", "data", "options"), EMPTY, ids=lambda item: getattr(item, "__name__", ""))
def test_a_missing_column_is_named(draw, data, options) -> None:  # type: ignore[no-untyped-def]
    first = data.columns[1]
    with pytest.raises(InputError, match=first):
        draw(data.drop(columns=first), WIDE, **options)
