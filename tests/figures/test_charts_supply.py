"""Charts of supply and demand: what they show is what the data say, at both widths, for odd data too."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.axis import Axis, Tick
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from helpers.data.errors import InputError
from helpers.figures.charts import chain_widths, changes, months, worth_ranges
from helpers.figures.render import renderer_of
from helpers.figures.sources import NO_DATA_TEXT
from helpers.figures.style import DATA, GRID, HIGHLIGHT, NARROW, SOFT, WIDE, Layout

LAYOUTS = pytest.mark.parametrize("layout", [WIDE, NARROW], ids=["wide", "narrow"])
CHAIN = pd.DataFrame(
    {
        "label": ["Raw materials", "Active substance", "Fill and finish", "Syringes and needles"],
        "doses": [32e9, np.nan, 60e6, 30e6],
    }
)
WORTH = pd.DataFrame(
    {
        "country": ["MT", "FR", "DE", "IT", "ES"],
        "name": ["Malta", "France", "Germany", "Italy", "Spain"],
        "low": [1.0, 0.4, 0.0, 0.2, np.nan],
        "high": [1.0, 0.8, 0.0, np.inf, 0.5],
    }
)
CHANGES = pd.DataFrame(
    {
        "loss": ["Syringes and needles in France", "Vials in Italy", "Labels in Malta", "Caps"],
        "change": [-0.314, -0.0002, 0.05, None],
    }
)
MONTHS = pd.DataFrame(
    {"month": pd.date_range("2021-03-01", periods=12, freq="MS"), "doses": np.linspace(30e6, 80e6, 12)}
)


def drawn_chain(layout: Layout, data: pd.DataFrame = CHAIN, passed: float = 30e6) -> Figure:
    return chain_widths(data, layout, passed=passed, label="Doses a month", passed_label="Passes the chain")


def drawn_worth(layout: Layout, data: pd.DataFrame = WORTH, **more: object) -> Figure:
    options = {"name": "name", "low": "low", "high": "high", "label": "Cost units a unit", "key": "country"}
    return worth_ranges(data, layout, **{**options, **more})


def drawn_changes(layout: Layout, data: pd.DataFrame = CHANGES, **more: object) -> Figure:
    return changes(data, layout, name="loss", value="change", label="Change of doses", **more)


def drawn_months(layout: Layout, data: pd.DataFrame = MONTHS, reference: float | None = 50e6) -> Figure:
    return months(
        data, layout, value="doses", label="Doses a month", reference=reference, reference_label="Needed"
    )


def every_chart(layout: Layout) -> list[Figure]:
    return [drawn_chain(layout), drawn_worth(layout), drawn_changes(layout), drawn_months(layout)]


def words(fig: Figure) -> list[str]:
    return [text.get_text() for text in fig.findobj(Text) if text.get_text() and text.get_visible()]


def beyond(axis: Axis) -> list[Tick]:
    low, high = sorted(axis.get_view_interval())
    return [tick for tick in axis.get_major_ticks() if not low <= tick.get_loc() <= high]


@LAYOUTS
def test_no_text_touches_another_or_leaves_the_sheet(layout: Layout) -> None:
    for fig in every_chart(layout):
        fig.draw_without_rendering()
        renderer = renderer_of(fig)
        # Ticks beyond the ends of an axis are there, but not drawn.
        hidden = {tick.label1 for ax in fig.axes for axis in (ax.xaxis, ax.yaxis) for tick in beyond(axis)}
        boxes = {
            text: text.get_window_extent(renderer)
            for text in fig.findobj(Text)
            if text.get_text().strip() and text.get_visible() and text not in hidden
        }
        width, height = fig.get_size_inches() * fig.dpi
        for text, box in boxes.items():
            assert box.x0 >= -1, text.get_text()
            assert box.x1 <= width + 1, text.get_text()
            assert box.y0 >= -1, text.get_text()
            assert box.y1 <= height + 1, text.get_text()
        for (one, a), (other, b) in combinations(boxes.items(), 2):
            apart = a.x0 >= b.x1 - 1 or b.x0 >= a.x1 - 1 or a.y0 >= b.y1 - 3 or b.y0 >= a.y1 - 3
            assert apart, (one.get_text(), other.get_text())


@LAYOUTS
@pytest.mark.parametrize("draw", [drawn_chain, drawn_worth, drawn_changes, drawn_months])
def test_without_data_a_chart_says_so(layout: Layout, draw) -> None:
    source = {drawn_chain: CHAIN, drawn_worth: WORTH, drawn_changes: CHANGES, drawn_months: MONTHS}[draw]
    numbers = source.select_dtypes("number").columns
    assert NO_DATA_TEXT in words(draw(layout, source.head(0)))
    assert NO_DATA_TEXT in words(draw(layout, source.assign(**dict.fromkeys(numbers, np.nan))))


@pytest.mark.parametrize("draw", [drawn_chain, drawn_worth, drawn_changes, drawn_months])
def test_a_missing_column_is_named(draw) -> None:
    with pytest.raises(InputError, match="chart"):
        draw(WIDE, pd.DataFrame({"x": [1]}))


def test_hostile_names_are_only_text() -> None:
    text = "$x^2$ {a} <b>"
    assert text in words(drawn_chain(WIDE, CHAIN.assign(label=text)))
    assert text in words(drawn_worth(WIDE, WORTH.assign(name=text)))
    assert text in words(drawn_changes(WIDE, CHANGES.assign(loss=text)))


# A chain


def test_the_narrowest_stage_stands_out_and_lies_above_what_passes() -> None:
    bars = drawn_chain(WIDE).axes[0].patches
    assert [to_hex(bar.get_facecolor()) for bar in bars] == [SOFT, GRID, SOFT, HIGHLIGHT]
    assert bars[3].get_zorder() > max(bar.get_zorder() for bar in bars[:3])
    widths = [bar.get_width() for bar in bars]
    assert widths == [180e6, 180e6, 60e6, 30e6]
    assert [bar.get_x() for bar in bars] == [-width / 2 for width in widths]


def test_a_bar_that_is_cut_is_marked_and_explained() -> None:
    ax = drawn_chain(WIDE).axes[0]
    assert len(ax.lines) == 2
    assert any("slanted gap" in text.get_text() for text in ax.texts)
    near = drawn_chain(WIDE, CHAIN.assign(doses=[40e6, 50e6, 60e6, 30e6])).axes[0]
    assert len(near.lines) == 0
    assert not any("slanted gap" in text.get_text() for text in near.texts)


def test_every_stage_has_its_name_and_amount() -> None:
    said = words(drawn_chain(WIDE))
    assert {"32bn", "no limit known", "60M", "30M", "Active substance", "Fill and finish"} <= set(said)
    assert any("Passes the chain: 30M" in text for text in said)


@LAYOUTS
def test_a_chain_through_which_nothing_passes_is_drawn_too(layout: Layout) -> None:
    fig = drawn_chain(layout, CHAIN.assign(doses=[5.0, np.nan, 0.0, 2.0]), passed=0.0)
    assert to_hex(fig.axes[0].patches[2].get_facecolor()) == HIGHLIGHT
    assert drawn_chain(layout, CHAIN.assign(doses=0.0), passed=0.0).axes


# What one unit more is worth


def test_one_price_is_a_dot_and_a_range_is_a_line_with_two_ends() -> None:
    ax = drawn_worth(WIDE).axes[0]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    arrows = [line for line in ax.lines if line.get_marker() == ">"]
    spans = {line.get_ydata()[0]: line.get_xdata() for line in ax.lines if len(line.get_xdata()) == 2}
    assert len(dots) == 6  # one each, and a second one of France
    assert [line.get_ydata()[0] for line in arrows] == [3]
    assert list(spans[1]) == [0.4, 0.8]
    assert list(spans[0]) == [1.0, 1.0]
    assert list(spans[4]) == [0.5, 0.5]


def test_the_ends_may_come_in_any_order() -> None:
    turned = drawn_worth(WIDE, WORTH.assign(low=WORTH["high"], high=WORTH["low"])).axes[0]
    assert [line.get_xdata()[0] for line in turned.lines] == [
        line.get_xdata()[0] for line in drawn_worth(WIDE).axes[0].lines
    ]


def test_an_axis_that_does_not_begin_at_zero_says_so() -> None:
    alike = WORTH.assign(low=[99.0, 99.5, 100.0, 100.0, 100.0], high=[99.0, 99.5, 100.0, 100.0, 100.0])
    ax = drawn_worth(WIDE, alike).axes[0]
    assert ax.get_xlim()[0] > 90
    assert "does not begin at 0" in ax.get_xlabel()
    whole = drawn_worth(WIDE).axes[0]
    assert whole.get_xlim()[0] == 0
    assert "begin" not in whole.get_xlabel()


def test_the_country_of_the_report_stands_out() -> None:
    ax = drawn_worth(WIDE, highlight="FR").axes[0]
    colours = {line.get_ydata()[0]: to_hex(line.get_color()) for line in ax.lines}
    assert colours == {0: DATA, 1: HIGHLIGHT, 2: DATA, 3: DATA, 4: DATA}
    assert [tick.get_fontweight() for tick in ax.get_yticklabels()] == [
        "bold" if name == "France" else "normal" for name in WORTH["name"]
    ]


@pytest.mark.parametrize("values", [[0.0] * 5, [np.inf] * 5, [7.0] * 5])
def test_prices_that_are_all_alike_are_drawn(values: list[float]) -> None:
    fig = drawn_worth(WIDE, WORTH.assign(low=values, high=values))
    assert fig.axes[0].get_xlim()[1] > 0


def test_no_more_rows_are_drawn_than_asked_for() -> None:
    assert len(drawn_worth(WIDE, most=2).axes[0].get_yticks()) == 2
    assert len(drawn_changes(WIDE, most=1).axes[0].get_yticks()) == 1


# Changes


def test_losses_go_left_gains_right_and_what_is_missing_is_left_out() -> None:
    ax = drawn_changes(WIDE).axes[0]
    assert [bar.get_width() for bar in ax.patches] == [-0.314, -0.0002, 0.05]
    colours = [to_hex(bar.get_facecolor()) for bar in ax.patches]
    assert colours == [HIGHLIGHT, HIGHLIGHT, DATA]
    assert [text.get_text() for text in ax.texts] == ["−31.4\u00a0%", "0", "+5.0\u00a0%"]
    left, right = ax.get_xlim()
    assert left < -0.314
    assert right > 0.05


def test_ticks_of_small_changes_are_told_apart() -> None:
    ax = drawn_changes(WIDE, CHANGES.assign(change=[-0.02, -0.01, 0.0, None])).axes[0]
    ax.figure.draw_without_rendering()
    labels = [tick.get_text() for tick in ax.get_xticklabels()]
    assert len(set(labels)) == len(labels)


# Months


def test_columns_are_as_high_as_the_doses_and_the_need_is_a_line() -> None:
    ax = drawn_months(WIDE).axes[0]
    assert [bar.get_height() for bar in ax.patches] == MONTHS["doses"].to_list()
    (line,) = ax.lines
    assert list(line.get_ydata()) == [50e6, 50e6]
    needed = next(text for text in ax.texts if text.get_text() == "Needed")
    assert needed.xy[0] > 11  # beside the columns, not on them


@LAYOUTS
@pytest.mark.parametrize("count", [1, 2, 12, 36])
def test_the_year_stands_where_it_begins(layout: Layout, count: int) -> None:
    data = pd.DataFrame({"month": pd.date_range("2021-03-01", periods=count, freq="MS"), "doses": 1.0})
    labels = [tick.get_text() for tick in drawn_months(layout, data).axes[0].get_xticklabels()]
    assert labels[0] == "Mar\n2021"
    years = [label.split("\n")[1] for label in labels if "\n" in label]
    assert years == sorted(set(years))
    assert len(labels) <= 14


@LAYOUTS
def test_missing_and_zero_months_and_no_reference_are_drawn(layout: Layout) -> None:
    holes = MONTHS.assign(doses=[np.nan, 0.0, *MONTHS["doses"][2:]])
    assert drawn_months(layout, holes).axes[0].patches[0].get_height() == 0
    assert drawn_months(layout, MONTHS.assign(doses=0.0), None).axes[0].get_ylim()[1] > 0
