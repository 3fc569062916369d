"""Charts of sessions and working groups: what is made up, held back or missing looks it, at both widths."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from helpers.data.errors import InputError
from helpers.figures.charts.collaboration import participation_rates, programme_calendar, topics_over_time
from helpers.figures.charts.collaboration_groups import country_network, group_mixes, groups_compared, spread
from helpers.figures.sources import NO_DATA_TEXT
from helpers.figures.style import DATA, HIGHLIGHT, NARROW, PAPER, WIDE, Layout

LAYOUTS = pytest.mark.parametrize("layout", [WIDE, NARROW], ids=["wide", "narrow"])
HOSTILE = "<script>$x$ {a} \u202e" + "very long name " * 6


def calendar() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "series_name": ["Talks", "Talks", "Lab", HOSTILE],
            "date": pd.to_datetime(["2022-09-07", "2022-09-09", "2020-04-28", "2022-07-29"]),
            "what": ["session", "session", "session", "cut-off"],
            "made_up": [False, True, False, False],
        }
    )


def rates() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "country": ["AT", "BE", "BG", "UK"],
            "name": ["Austria", "Belgium", "Bulgaria", "United Kingdom"],
            "clusters": pd.array([10, 20, 37, pd.NA], dtype="Int64"),
            "per_10": pd.array([5.0, pd.NA, 0.0, pd.NA], dtype="Float64"),
            "low": pd.array([1.6, pd.NA, 0.0, pd.NA], dtype="Float64"),
            "high": pd.array([11.7, pd.NA, 1.0, pd.NA], dtype="Float64"),
            "status": ["shown", "held back", "nobody came", "shown"],
        }
    )


def pairs() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "a": ["AT", "AT", "BE"],
            "b": ["BE", "CZ", "CZ"],
            "shared": pd.array([4, pd.NA, 0], dtype="Int64"),
            "status": ["shown", "held back", "never met"],
        }
    )


NODES = pd.DataFrame({"country": ["AT", "BE", "CZ"], "x": [0.0, 0.001, 0.0], "y": [0.0, 0.0, 0.0]})


def comparison() -> pd.DataFrame:
    columns = ["share_of_bound", "worst", "countries", "kinds", "stages", "needs_met"]
    values = {column: [0.98, 0.92, 0.81] for column in columns}
    return pd.DataFrame({"method": ["program", "greedy", "random"], **values})


def words(fig: Figure) -> list[str]:
    return [text.get_text() for ax in fig.axes for text in ax.texts]


def legend_words(fig: Figure) -> list[str]:
    return [text.get_text() for legend in fig.legends for text in legend.get_texts()]


@LAYOUTS
def test_a_made_up_session_is_hollow_and_a_cut_off_has_a_mark_of_its_own(layout: Layout) -> None:
    fig = programme_calendar(calendar(), layout)
    looks = [(line.get_marker(), to_hex(str(line.get_markerfacecolor()))) for line in fig.axes[0].lines]
    assert sorted(looks) == sorted([("o", DATA), ("o", PAPER), ("o", DATA), ("D", HIGHLIGHT)])
    assert legend_words(fig) == ["Session, as announced", "Session, made up", "Cut-off of a call"]


@LAYOUTS
def test_sessions_of_the_same_days_do_not_cover_each_other(layout: Layout) -> None:
    fig = programme_calendar(calendar(), layout)
    spots = [(float(line.get_xdata()[0]), float(line.get_ydata()[0])) for line in fig.axes[0].lines]  # type: ignore[arg-type,index]
    assert len({round(y, 2) for x, y in spots if abs(x - max(spots)[0]) < 5}) == 2


def test_a_calendar_of_one_day_is_drawn() -> None:
    fig = programme_calendar(calendar().head(1), NARROW)
    assert fig.axes[0].get_xlim()[0] < fig.axes[0].get_xlim()[1]


@LAYOUTS
def test_who_is_missing_or_held_back_is_said_in_words_and_has_no_dot(layout: Layout) -> None:
    fig = participation_rates(rates(), layout, highlight="AT")
    assert words(fig) == ["Held back", "No cluster listed", "Nobody came (37 clusters)"]
    dots = [line for line in fig.axes[0].lines if line.get_marker() in "oD"]
    assert [float(line.get_xdata()[0]) for line in dots] == [5.0]  # type: ignore[arg-type,index]


@LAYOUTS
def test_topics_are_counted_in_circles_that_grow_with_the_number(layout: Layout) -> None:
    data = pd.DataFrame(
        {
            "period": ["2020-Q1", "2020-Q2"] * 2,
            "label": ["Wood", "Wood", HOSTILE, HOSTILE],
            "sessions": [1, 4, 0, 2],
        }
    )
    fig = topics_over_time(data, layout)
    assert words(fig) == ["1", "4", "2"]
    sizes = [line.get_markersize() for line in fig.axes[0].lines]
    assert sizes[1] == pytest.approx(2 * sizes[0])


@LAYOUTS
def test_only_pairs_whose_number_is_shown_have_a_line_and_the_rest_is_said(layout: Layout) -> None:
    fig = country_network(pairs(), layout, nodes=NODES, highlight="AT")
    assert len(fig.axes[0].lines) == 1
    assert "No line: 1 pair met, number held back" in legend_words(fig)
    assert "No line: 1 pair never met" in legend_words(fig)
    assert sorted(words(fig)) == ["AT", "BE", "CZ"]


@LAYOUTS
@pytest.mark.parametrize("count", [1, 2, 28, 45])
def test_no_country_of_the_network_covers_another(layout: Layout, count: int) -> None:
    rng = np.random.default_rng(count)
    places = rng.normal(size=(count, 2)) * 0.05
    nodes = pd.DataFrame({"country": [f"{n:02}" for n in range(count)], "x": places[:, 0], "y": places[:, 1]})
    fig = country_network(pairs().head(0), layout, nodes=nodes)
    circles = fig.axes[0].patches
    for one, other in itertools.combinations(circles, 2):
        gap = np.hypot(*(np.array(one.center) - other.center))  # type: ignore[attr-defined]
        assert gap > 2 * one.radius * 0.99  # type: ignore[attr-defined]


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=1, max_size=12))
def test_places_stay_on_the_sheet_whatever_they_were(places: list[tuple[float, float]]) -> None:
    moved = spread(np.array(places), 1.4, 0.05)
    assert np.isfinite(moved).all()
    assert (np.abs(moved) <= np.array([1.4, 1.0]) + 1e-5).all()


@LAYOUTS
def test_each_group_has_a_row_and_a_dot_for_each_thing_it_mixes(layout: Layout) -> None:
    data = pd.DataFrame(
        {
            "group": ["wood 1", HOSTILE],
            "size": 6,
            "countries": [6, 5],
            "kinds": [3, 2],
            "stages": [4, 1],
            "needs_met": [7, 0],
        }
    )
    fig = group_mixes(data, layout)
    assert len(fig.axes) == (3 if layout.narrow else 4)
    assert fig.axes[0].get_yticklabels()[0].get_text() == "Wood 1"
    assert list(fig.axes[0].lines[0].get_xdata()) == [6, 5]  # type: ignore[arg-type]


@LAYOUTS
def test_groups_are_compared_by_numbers_that_can_be_read(layout: Layout) -> None:
    fig = groups_compared(comparison(), layout)
    assert [text for text in words(fig) if "%" in text] == ["98\u00a0%", "92\u00a0%", "81\u00a0%"]


@LAYOUTS
def test_nothing_to_draw_says_so(layout: Layout) -> None:
    none = comparison().assign(share_of_bound=np.nan)
    empty = [
        programme_calendar(calendar().head(0), layout),
        participation_rates(rates().head(0), layout),
        country_network(pairs().head(0), layout, nodes=NODES.head(0)),
        groups_compared(none, layout),
    ]
    assert all(fig.texts[0].get_text() == NO_DATA_TEXT for fig in empty)


def test_a_chart_refuses_data_without_its_columns() -> None:
    with pytest.raises(InputError, match="programme_calendar: no column made_up"):
        programme_calendar(calendar().drop(columns="made_up"), WIDE)
