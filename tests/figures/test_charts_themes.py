"""Charts of themes: checked and unchecked look different, held back is no zero, both at both widths."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from helpers.data.errors import InputError
from helpers.figures.charts import theme_changes, theme_heatmap, theme_pairs, theme_shares
from helpers.figures.charts.theme_maps import HELD_BACK, NO_ANSWER, NONE_STATED, SHOWN
from helpers.figures.sources import NO_DATA_TEXT
from helpers.figures.style import DATA, HIGHLIGHT, NARROW, PAPER, RAMP, WIDE, Layout

LAYOUTS = pytest.mark.parametrize("layout", [WIDE, NARROW], ids=["wide", "narrow"])
HOSTILE = "<script>$x$ {a} \u202e" + "very long name " * 6


def shares(**changes: object) -> pd.DataFrame:
    data = pd.DataFrame(
        {
            "label": ["Energy", "Skills", "Data"],
            "share": [0.2, np.nan, 0.0],
            "low": [0.15, np.nan, np.nan],
            "high": [0.26, np.nan, np.nan],
            "method": ["validated", "unvalidated", "unvalidated"],
            "rare": [False, True, False],
            "status": ["shown", "held back", "shown"],
        }
    )
    return data.assign(**changes)


def cells() -> pd.DataFrame:
    statuses = [SHOWN, HELD_BACK, NONE_STATED, NO_ANSWER]
    grid = pd.DataFrame({"theme_order": [0, 1]}).merge(pd.DataFrame({"group_order": range(4)}), how="cross")
    return grid.assign(
        label=[f"Theme {place}" for place in grid["theme_order"]],
        group=[f"G{place}" for place in grid["group_order"]],
        group_label=[f"Group {place}" for place in grid["group_order"]],
        share=[0.31, np.nan, 0.0, np.nan] * 2,
        status=statuses * 2,
    )


def texts(fig: Figure) -> list[str]:
    return [text.get_text() for ax in fig.axes for text in ax.texts]


def legend(fig: Figure) -> list[str]:
    return [text.get_text() for box in fig.legends for text in box.get_texts()]


def faces(fig: Figure) -> list[str]:
    marks = [line for line in fig.axes[0].lines if line.get_marker() not in ("", "None", None)]
    return [to_hex(line.get_markerfacecolor()) for line in marks]


@LAYOUTS
def test_a_checked_share_is_a_full_dot_and_an_unchecked_one_is_hollow(layout: Layout) -> None:
    fig = theme_shares(shares(), layout, name="EU-27")
    assert faces(fig) == [DATA, PAPER]
    assert "EU-27, by the machine alone, not checked" in legend(fig)
    assert len(legend(fig)) == 2


def test_the_legend_names_only_what_is_drawn() -> None:
    fig = theme_shares(shares(method="validated"), WIDE)
    assert legend(fig) == ["All, checked on a sample coded by people"]


@LAYOUTS
def test_a_share_that_is_held_back_has_words_and_no_dot(layout: Layout) -> None:
    fig = theme_shares(shares(), layout)
    assert texts(fig) == ["held back"]
    assert len(faces(fig)) == 2


def test_a_rare_theme_says_so_behind_its_interval() -> None:
    fig = theme_shares(shares(rare=[True, False, False]), WIDE)
    rare = next(text for text in fig.axes[0].texts if text.get_text() == "rare")
    assert rare.xy == (0.26, 0.0)


@LAYOUTS
def test_a_country_stands_beside_the_group(layout: Layout) -> None:
    own = {"own": [0.3, np.nan, 0.1], "own_low": np.nan, "own_high": np.nan, "own_method": "unvalidated"}
    data = shares(**own, own_status=["shown", "held back", "shown"])
    fig = theme_shares(data, layout, own_name="Malta")
    edges = [to_hex(line.get_markeredgecolor()) for line in fig.axes[0].lines]
    assert edges.count(HIGHLIGHT) == 2
    assert "Malta, by the machine alone, not checked" in legend(fig)
    assert texts(fig).count("held back") == 2
    assert len(theme_shares(data, layout).axes[0].lines) == 2  # without the name, only the group


@LAYOUTS
def test_cells_held_back_none_and_without_answers_look_different(layout: Layout) -> None:
    fig = theme_heatmap(cells(), layout)
    assert sorted(texts(fig)) == ["0", "0", "31", "31"]
    squares = [patch for patch in fig.axes[0].patches if isinstance(patch, Rectangle)]
    assert {to_hex(square.get_facecolor()) for square in squares} <= set(RAMP)
    assert len(squares) == 2
    hatched = [collection for collection in fig.axes[0].collections if collection.get_hatch()]
    assert len(hatched) == 1
    assert len(hatched[0].get_paths()) == 2
    # Its area is drawn apart, or it would stay light where the page is dark.
    assert hatched[0].get_facecolor().size == 0
    assert {"held back", "0: none named it", "empty: no answer"} <= set(legend(fig))


def test_many_groups_are_rows_on_a_telephone() -> None:
    grid = pd.concat(
        [cells().assign(group_order=lambda part, n=n: part["group_order"] + 4 * n) for n in range(5)]
    )
    grid = grid.assign(group=[f"G{place}" for place in grid["group_order"]])
    wide, narrow = (
        theme_heatmap(grid, layout, by_code=True, highlight="G3").axes[0] for layout in (WIDE, NARROW)
    )
    assert [label.get_text() for label in wide.get_yticklabels()] == ["Theme 0", "Theme 1"]
    names = [label.get_text() for label in narrow.get_yticklabels()]
    assert names == [f"G{place}" for place in range(20)]
    bold = [label.get_text() for label in narrow.get_yticklabels() if label.get_fontweight() == "bold"]
    assert bold == ["G3"]


@LAYOUTS
def test_a_grid_in_which_everything_is_held_back_is_drawn(layout: Layout) -> None:
    fig = theme_heatmap(cells().assign(status=HELD_BACK, share=np.nan), layout)
    assert texts(fig) == []
    assert legend(fig) == ["held back"]


def pairs() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": ["Energy", "Energy", "Skills"],
            "theme_order": [0, 0, 1],
            "other_label": ["Skills", "Data", "Data"],
            "other_order": [1, 2, 2],
            "lift": [1.84, np.nan, np.nan],
            "status": [SHOWN, HELD_BACK, NONE_STATED],
        }
    )


@LAYOUTS
def test_each_pair_is_drawn_once_below_the_names(layout: Layout) -> None:
    fig = theme_pairs(pairs(), layout)
    assert sorted(texts(fig)) == ["0", "1.8", "Data", "Energy", "Skills"]
    assert {"1.5 – < 2.0", "held back"} <= set(legend(fig))


def changes() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": ["Energy", "Energy", "Skills", "Skills"],
            "theme_order": [0, 0, 1, 1],
            "wave": ["March", "June"] * 2,
            "wave_order": [0, 1] * 2,
            "share": [0.1, 0.4, 0.2, np.nan],
            "method": ["validated", "validated", "unvalidated", "unvalidated"],
            "found": [None, "yes", None, None],
        }
    )


@LAYOUTS
def test_a_change_beyond_chance_stands_out(layout: Layout) -> None:
    fig = theme_changes(changes(), layout)
    arrows = [text.arrow_patch for text in fig.axes[0].texts if getattr(text, "arrow_patch", None)]
    assert [to_hex(arrow.get_edgecolor()) for arrow in arrows] == [HIGHLIGHT]
    assert legend(fig) == ["March", "June", "Hollow: not checked", "Change beyond chance"]
    assert len(faces(fig)) == 3  # the share that is held back has no dot


@LAYOUTS
@pytest.mark.parametrize(
    ("draw", "data"),
    [(theme_shares, shares()), (theme_heatmap, cells()), (theme_pairs, pairs()), (theme_changes, changes())],
)
def test_nothing_to_draw_says_so_and_odd_names_do_no_harm(draw, data: pd.DataFrame, layout: Layout) -> None:
    assert NO_DATA_TEXT in [text.get_text() for text in draw(data.head(0), layout).texts]
    odd = data.assign(label=HOSTILE)
    draw(odd, layout).draw_without_rendering()


def test_one_wave_is_no_change() -> None:
    fig = theme_changes(changes().query("wave == 'June'"), WIDE)
    assert NO_DATA_TEXT in [text.get_text() for text in fig.texts]


@pytest.mark.parametrize(
    ("draw", "data"),
    [(theme_shares, shares()), (theme_heatmap, cells()), (theme_pairs, pairs()), (theme_changes, changes())],
)
def test_a_missing_column_is_named(draw, data: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="no column label"):
        draw(data.drop(columns="label"), WIDE)
