"""Charts of recommendations: what is not sure, held back or missing looks so, at both widths."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from helpers.data.errors import InputError
from helpers.figures.charts.recommendation_grids import evidence_grid, status_strips, support_heatmap
from helpers.figures.charts.recommendations import rank_ranges, weighting_shares
from helpers.figures.render import renderer_of
from helpers.figures.sources import NO_DATA_TEXT
from helpers.figures.style import DATA, HIGHLIGHT, NARROW, PAPER, RAMP, SOFT, WIDE, Layout

LAYOUTS = pytest.mark.parametrize("layout", [WIDE, NARROW], ids=["wide", "narrow"])
HOSTILE = "R99 <script>$x$ {a} \u202e" + "very long title of a recommendation " * 6


def ranks() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": ["R01 Open borders", HOSTILE, "R03 Quick money", "R04 Shared data"],
            "rank": [1, 2, 3, None],
            "low": [1, 1, None, None],
            "high": [2, 3, None, None],
            "reason": ["", "", "few countries", "not ranked: nobody rated it"],
        }
    )


def weightings() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": ["R01 Open borders", HOSTILE, "R03 Quick money", "R04 Shared data"],
            "share_top": [1.0, 0.4, 0.0, np.nan],
            "best": [1, 2, 3, np.nan],
            "worst": [1, 3, 3, np.nan],
        }
    )


def support(groups: int = 4) -> pd.DataFrame:
    statuses = ["shown", "held back", "no answer", "not rated"]
    grid = pd.DataFrame({"recommendation_order": [0, 1]}).merge(
        pd.DataFrame({"group_order": range(groups)}), how="cross"
    )
    return grid.assign(
        recommendation_id=[f"R{place}" for place in grid["recommendation_order"]],
        label=[f"R{place} Title" for place in grid["recommendation_order"]],
        group=[f"G{place}" for place in grid["group_order"]],
        group_label=[f"Group {place}" for place in grid["group_order"]],
        status=[statuses[place % 4] for place in grid["group_order"]],
        value=[4.2 if place % 4 == 0 else np.nan for place in grid["group_order"]],
    )


def evidence() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": ["R01 Open borders"] * 2 + ["R02 Shared data"] * 2,
            "recommendation_order": [0, 0, 1, 1],
            "source_label": ["Capacity", "Bottleneck themes"] * 2,
            "source_order": [0, 1, 0, 1],
            "pieces": [3, 2, 0, 0],
            "found": [3, 1, 0, 0],
            "state": ["with evidence", "evidence missing", "without evidence", "without evidence"],
        }
    )


def history() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": ["R01 Open borders"] * 2 + [HOSTILE] * 2,
            "recommendation_order": [0, 0, 1, 1],
            "session": ["S1", "S2"] * 2,
            "session_order": [0, 1] * 2,
            "status": ["draft", "agreed", "not yet", "dropped"],
        }
    )


def texts(fig: Figure) -> list[str]:
    return [text.get_text() for ax in fig.axes for text in ax.texts]


def legend(fig: Figure) -> list[str]:
    return [text.get_text() for box in fig.legends for text in box.get_texts()]


def squares(fig: Figure) -> list[str]:
    patches = [patch for patch in fig.axes[0].patches if isinstance(patch, Rectangle) and patch.get_fill()]
    return [to_hex(patch.get_facecolor()) for patch in patches]


@LAYOUTS
def test_a_place_stands_on_its_interval_and_is_hollow_without_one(layout: Layout) -> None:
    fig = rank_ranges(ranks(), layout)
    bars = [line for line in fig.axes[0].lines if line.get_marker() == "None"]
    dots = [line for line in fig.axes[0].lines if line.get_marker() == "o"]
    assert [list(bar.get_xdata()) for bar in bars] == [[1, 2], [1, 3]]
    assert [to_hex(dot.get_markerfacecolor()) for dot in dots] == [DATA, DATA, PAPER]
    assert [" ".join(text.split()) for text in texts(fig)] == ["not ranked: nobody rated it"]
    assert legend(fig) == ["Place", "Places that cannot be ruled out", "Place; how sure it is cannot be said"]


def test_the_axis_of_places_holds_every_interval() -> None:
    left, right = rank_ranges(ranks().assign(high=[9, 3, None, None]), WIDE).axes[0].get_xlim()
    assert left < 1
    assert right > 9


@LAYOUTS
def test_shares_of_weightings_say_the_places_and_who_hangs_on_them(layout: Layout) -> None:
    fig = weighting_shares(weightings(), layout, top=2)
    said = texts(fig)
    assert {"100\xa0% (1)", "40\xa0% (2–3)", "0\xa0% (3)", "not ranked"} <= set(said)
    assert squares(fig)[:2] == [DATA, SOFT]
    assert legend(fig) == ["Whatever the weighting drawn", "Hangs on the weighting"]


@LAYOUTS
def test_held_back_unrated_and_unanswered_cells_look_different(layout: Layout) -> None:
    fig = support_heatmap(support(), layout)
    assert sorted(texts(fig)) == ["4.2", "4.2", "?", "?"]
    assert set(squares(fig)) <= set(RAMP)
    hatched = [part for part in fig.axes[0].collections if part.get_hatch()]
    assert len(hatched) == 1
    assert len(hatched[0].get_paths()) == 2
    # Its area is drawn apart, or it would stay light where the page is dark.
    assert hatched[0].get_facecolor().size == 0
    assert {"held back", "?: not rated", "empty: no answer"} <= set(legend(fig))


def test_many_groups_are_rows_on_a_telephone_and_the_chosen_one_is_bold() -> None:
    fig = support_heatmap(support(20), NARROW, by_code=True, highlight="G3")
    names = fig.axes[0].get_yticklabels()
    assert [name.get_text() for name in names][:2] == ["Group 0", "Group 1"]
    assert [name.get_text() for name in fig.axes[0].get_xticklabels()] == ["R0", "R1"]
    assert [name.get_fontweight() for name in names].index("bold") == 3
    wide = support_heatmap(support(20), WIDE, by_code=True, highlight="G3").axes[0]
    assert wide.get_xticklabels()[3].get_text() == "G3"
    assert wide.get_xticklabels()[3].get_fontweight() == "bold"


def test_shares_are_drawn_in_per_cent() -> None:
    assert "30" in texts(support_heatmap(support().assign(value=0.3), WIDE, percent=True))


@LAYOUTS
def test_evidence_found_missing_and_none_look_different(layout: Layout) -> None:
    fig = evidence_grid(evidence(), layout)
    assert texts(fig) == ["3", "1 of 2", "without evidence"]
    assert squares(fig) == [DATA]
    outlines = [
        patch for patch in fig.axes[0].patches if isinstance(patch, Rectangle) and not patch.get_fill()
    ]
    assert [to_hex(patch.get_edgecolor()) for patch in outlines] == [HIGHLIGHT]


@LAYOUTS
def test_each_status_is_written_in_its_cell(layout: Layout) -> None:
    fig = status_strips(history(), layout)
    assert texts(fig) == ["draft", "agreed", "dropped"]
    assert squares(fig) == [SOFT, DATA]
    assert legend(fig) == ["Draft", "Agreed", "Dropped", "Empty: not yet written"]


@LAYOUTS
def test_long_titles_and_legends_stay_inside_the_picture(layout: Layout) -> None:
    many = 14
    label = [f"R{place:02d} {HOSTILE[4:]}" for place in range(many)]
    rows = pd.DataFrame({"label": label, "rank": range(1, many + 1), "low": 1, "high": many, "reason": ""})
    cells = pd.concat(
        [support(22).query("recommendation_order == 0").assign(recommendation_order=place, label=label[place])
         for place in range(many)]
    )  # fmt: skip
    shares = pd.DataFrame({"label": label, "share_top": 0.5, "best": 1, "worst": many})
    figures = [
        rank_ranges(rows, layout),
        weighting_shares(shares, layout, top=5),
        support_heatmap(cells, layout, by_code=True),
        evidence_grid(evidence(), layout),
        status_strips(history(), layout),
    ]
    for fig in figures:
        renderer = renderer_of(fig)
        fig.draw_without_rendering()
        left, right = sorted(fig.axes[0].get_xlim())
        heads = [text for text in fig.axes[0].get_xticklabels() if left <= text.get_position()[0] <= right]
        words = [*fig.axes[0].get_yticklabels(), *heads, *fig.legends]
        for part in words:
            box = part.get_window_extent(renderer)
            assert box.x0 >= -1
            assert box.x1 <= fig.bbox.x1 + 1


@LAYOUTS
def test_nothing_to_draw_says_so(layout: Layout) -> None:
    empty = [
        rank_ranges(ranks().head(0), layout),
        rank_ranges(ranks().assign(rank=None), layout),
        weighting_shares(weightings().head(0), layout, top=5),
        support_heatmap(support().assign(status="no answer"), layout),
        evidence_grid(evidence().head(0), layout),
        status_strips(history().head(0), layout),
    ]
    for fig in empty:
        assert [text.get_text() for text in fig.texts] == [NO_DATA_TEXT]


def test_missing_columns_are_named() -> None:
    with pytest.raises(InputError, match="rank_ranges: no column reason"):
        rank_ranges(ranks().drop(columns="reason"), WIDE)
    with pytest.raises(InputError, match="status_strips: no column session"):
        status_strips(history().drop(columns="session"), WIDE)
