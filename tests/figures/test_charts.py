"""Every chart at both layouts: readable, nothing clipped, nothing on top of anything else, honest axes."""

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from helpers.data.errors import InputError
from helpers.figures import charts
from helpers.figures.charts.common import NO_DATA_TEXT
from helpers.figures.charts.labels import PointLabel, place_labels
from helpers.figures.style import DATA, HIGHLIGHT, NARROW, PAPER, SOFT, WIDE, figure
from helpers.figures.svg import draw_svg

LAYOUTS = pytest.mark.parametrize("layout", [WIDE, NARROW], ids=["wide", "narrow"])
HOSTILE = '<img src=x onerror=alert(1)> =cmd() ${alert(1)} ]]> "quoted" $x$ \\frac{1}{2}'

# Cluster organisations of the EU-27 in 2026 and inhabitants in millions, as an example of the real size.
COUNTRIES = (
    "AT Austria 32 9.2,BE Belgium 45 11.9,BG Bulgaria 37 6.4,CY Cyprus 5 1.4,CZ Czechia 43 10.9,"
    "DE Germany 145 83.5,DK Denmark 22 6.0,EE Estonia 17 1.4,EL Greece 22 10.4,ES Spain 212 48.8,"
    "FI Finland 46 5.6,FR France 124 68.5,HR Croatia 15 3.9,HU Hungary 37 9.6,IE Ireland 12 5.4,"
    "IT Italy 118 58.9,LT Lithuania 32 2.9,LU Luxembourg 3 0.7,LV Latvia 15 1.9,MT Malta 1 0.6,"
    "NL Netherlands 36 18.0,PL Poland 82 36.6,PT Portugal 28 10.7,RO Romania 70 19.0,"
    "SE Sweden 47 10.6,SI Slovenia 24 2.1,SK Slovakia 31 5.4"
)


def country_table() -> pd.DataFrame:
    rows = [row.split(" ") for row in COUNTRIES.split(",")]
    table = pd.DataFrame(rows, columns=["country", "name", "organisations", "millions"])
    table["organisations"] = table["organisations"].astype("Int64")
    table["per_million"] = table["organisations"].astype(float) / table.pop("millions").astype(float)
    return table


def long_names() -> pd.DataFrame:
    table = country_table()
    names = ["Bosnia and Herzegovina", "Kosovo (under United Nations Security Council Resolution 1244/99)"]
    table.loc[[0, 1], "name"] = names
    table.loc[2, "organisations"] = pd.NA
    return table


def extreme() -> pd.DataFrame:
    table = country_table().head(4)
    return table.assign(organisations=pd.array([3, 1_234_567_890, 0, 1], dtype="Int64"))


def hostile() -> pd.DataFrame:
    return country_table().head(3).assign(name=HOSTILE)


def timeline() -> pd.DataFrame:
    rows = [
        ("cluster_organisations_registered", "2017-06-01", "2017-06-30", "at_least", 690, "ECCP"),
        (
            "cluster_organisations_registered",
            "2019-05-01",
            "2019-05-31",
            "exact",
            884,
            "ECCP profiles in COSME countries",
        ),
        (
            "cluster_organisations_registered",
            "2020-03-04",
            "2020-03-04",
            "exact",
            965,
            "ECCP European clusters",
        ),
        ("cluster_organisations_registered", "2021-12-16", "2021-12-16", "at_least", 1000, "ECCP mapped"),
        ("cluster_organisations_registered", "2022-12-01", "2022-12-31", "exact", 1398, "ECCP all countries"),
        ("cluster_organisations_registered", "2022-12-01", "2022-12-31", "exact", 1091, "ECCP EU-27"),
        (
            "cluster_organisations_registered",
            "2026-07-01",
            "2026-07-31",
            "exact",
            1445,
            "ECCP-derived list (secondary)",
        ),
        ("alliance_national_associations", "2019-09-09", "2019-09-09", "exact", 9, "signatories"),
        ("alliance_national_associations", "2020-03-04", "2020-03-04", "exact", 13, "Alliance"),
        ("alliance_national_associations", "2021-02-01", "2021-02-28", "exact", 18, "Alliance"),
        ("alliance_clusters_represented", "2020-03-04", "2020-03-04", "at_least", 740, "Alliance"),
        ("alliance_clusters_represented", "2021-02-01", "2021-02-28", "at_least", 800, "Alliance"),
    ]
    columns = ["indicator", "period_start", "period_end", "qualifier", "value", "scope"]
    table = pd.DataFrame(rows, columns=columns).assign(unit="cluster organisations", source="s")
    return table.astype({"period_start": "datetime64[s]", "period_end": "datetime64[s]", "value": "float64"})


def mix() -> pd.DataFrame:
    names = [
        "All ecosystems",
        "Aerospace & defence",
        "Cultural and creative industries",
        "Energy-intensive industries",
    ]
    names += [
        "Mobility, transport and automotive",
        "Electronics",
        "Textiles",
        "Health",
        "Digital",
        "Agri-food",
    ]
    size = np.linspace(0.6, 0.9, len(names))
    return pd.DataFrame(
        {
            "ecosystem": names,
            "sme_share": size,
            "corporate_share": (1 - size) / 2,
            "research_share": (1 - size) / 2,
        }
    )


def regions() -> pd.DataFrame:
    names = [
        "Provincia Autonoma di Bolzano/Bozen",
        "Oberösterreich",
        "Κεντρική Μακεδονία",
        "Wien",
        "Tirol",
        None,
        "Leer",
    ]
    seats = pd.array([40, 12, 12, 3, 1, 1, 0], dtype="Int64")
    return pd.DataFrame({"nuts2": [f"XX{n}" for n in range(7)], "region": names, "seats": seats})


def curve() -> pd.DataFrame:
    counts = np.sort(country_table()["organisations"].to_numpy(dtype=float))
    order = country_table().sort_values("organisations")["country"]
    return pd.DataFrame(
        {
            "unit": ["", *order],
            "cumulative_units": np.arange(len(counts) + 1) / len(counts),
            "cumulative_share": np.concatenate([[0], counts.cumsum() / counts.sum()]),
        }
    )


def pairs() -> pd.DataFrame:
    long = "European Commission, another page (the note of timeline.csv does not name it)"
    rows = [
        (
            "alliance_national_associations",
            "2020-03-04",
            12.0,
            "exact",
            "https://a.eu/x",
            13.0,
            "exact",
            "https://a.eu/x",
        ),
        (
            "vaccine_doses_per_month",
            "2021-01",
            14e6,
            "about",
            long,
            2e7,
            "about",
            "https://single-market.ec.europa.eu/y",
        ),
        (
            "vaccine_matchmaking_member_states",
            "2021-03-31",
            25.0,
            "exact",
            "European Commission",
            26.0,
            "at_least",
            HOSTILE,
        ),
    ]
    columns = [
        "indicator",
        "date",
        "value_a",
        "qualifier_a",
        "source_a",
        "value_b",
        "qualifier_b",
        "source_b",
    ]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(relative_difference=table["value_b"] / table["value_a"] - 1)


def measures() -> pd.DataFrame:
    labels = [
        "Herfindahl-Hirschman index, normalised",
        "Equivalent number of countries",
        "Share of the five largest",
    ]
    return pd.DataFrame(
        {
            "measure": ["hhi", "number", "cr5"],
            "label": labels,
            "as_listed": [0.0385, 13.5, 0.5],
            "low": [0.037, 13.2, 0.49],
            "high": [0.0401, 13.8, 0.51],
        }
    )


def thresholds() -> pd.DataFrame:
    many = "AT, BE, BG, CZ, DE, ES, FI, FR, HU, IT, LT, NL, PL, RO"
    return pd.DataFrame(
        {
            "threshold": [0.1, 0.25, 0.4],
            "is_base": [False, True, False],
            "number": [0, 6, 20],
            "enter": ["", "", many],
            "leave": ["AT, BE, BG, CZ, DE, ES", "", ""],
        }
    )


def rule_marks() -> pd.DataFrame:
    table = country_table()
    return table[["country", "name"]].assign(
        location_quotient=[None, *np.linspace(4.3, 0.6, len(table) - 1)],
        size=pd.array([True, False] * 20, dtype="boolean")[: len(table)],
        specialisation=pd.array([pd.NA, *[False] * (len(table) - 1)], dtype="boolean"),
        focus=False,
        strong=True,
    )


CHARTS = {
    "ranking": (charts.country_ranking, country_table(), {"highlight": "AT"}),
    "ranking-density": (
        charts.country_ranking,
        country_table(),
        {"value": "per_million", "reference": 2.9, "reference_label": "EU-27: 2.9"},
    ),
    "ranking-long-names": (charts.country_ranking, long_names(), {}),
    "ranking-extreme": (charts.country_ranking, extreme(), {}),
    "ranking-hostile": (charts.country_ranking, hostile(), {}),
    "ranking-one": (charts.country_ranking, country_table().head(1), {"highlight": "AT"}),
    "regions": (charts.region_bars, regions(), {}),
    "mix": (charts.member_mix, mix(), {}),
    "over-time": (charts.organisations_over_time, timeline(), {}),
    "over-time-one": (charts.organisations_over_time, timeline().head(1), {}),
    "over-time-hostile": (charts.organisations_over_time, timeline().assign(scope=HOSTILE), {}),
    "alliance": (charts.alliance_membership, timeline(), {}),
    "alliance-one": (charts.alliance_membership, timeline().iloc[[7]], {}),
    "lorenz": (charts.lorenz, curve(), {"highlight": "AT", "highlight_label": "Austria"}),
    "lorenz-first": (charts.lorenz, curve(), {"highlight": "MT", "highlight_label": "Malta"}),
    "lorenz-last": (charts.lorenz, curve(), {"highlight": "ES", "highlight_label": "Spain"}),
    "lorenz-one": (
        charts.lorenz,
        curve().iloc[[0, -1]].assign(cumulative_units=[0.0, 1.0]),
        {"highlight": "ES"},
    ),
    "conflicts": (charts.conflicts, pairs(), {}),
    "conflicts-one": (charts.conflicts, pairs().head(1), {}),
    "duplicates": (charts.duplicate_range, measures(), {"struck_off": "5 % of the entries"}),
    "thresholds": (charts.threshold_sensitivity, thresholds(), {}),
    "criteria": (charts.criteria_met, rule_marks(), {"highlight": "AT"}),
    "criteria-one": (charts.criteria_met, rule_marks().head(1), {}),
}


def visible_texts(fig: Figure) -> list[tuple[str, float, Bbox]]:
    """Every text that is drawn, with its size in points and its extent in pixels."""
    canvas = FigureCanvasAgg(fig)
    canvas.draw()
    found = list(fig.texts)
    for ax in fig.axes:
        found += [*ax.texts, ax.title, ax._left_title, ax.xaxis.label, ax.yaxis.label]
        for axis, limits in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
            ticks = zip(
                axis.get_majorticklocs(), axis.get_majorticklabels(), strict=False
            )  # none where shared
            found += [label for place, label in ticks if min(limits) - 1e-9 <= place <= max(limits) + 1e-9]
    renderer = canvas.get_renderer()
    drawn = [text for text in found if text.get_text() and text.get_visible()]
    return [(text.get_text(), text.get_fontsize(), text.get_window_extent(renderer)) for text in drawn]


@LAYOUTS
@pytest.mark.parametrize("name", CHARTS)
def test_no_text_is_clipped_small_or_on_top_of_another(name, layout):
    draw, data, options = CHARTS[name]
    fig = draw(data, layout, **options)
    texts = visible_texts(fig)
    assert len(texts) > 3
    assert fig.get_size_inches()[0] == layout.width_in
    for text, size, box in texts:
        inside = (
            box.x0 >= -0.5 and box.y0 >= -0.5 and box.x1 <= fig.bbox.x1 + 0.5 and box.y1 <= fig.bbox.y1 + 0.5
        )
        assert inside, f"{text!r} leaves the picture: {box} of {fig.bbox}"
        assert size >= 8, text
    assert len(draw_svg(fig, name, "alt", "Figure 1")) < 62_000
    for (one, _, first), (other, _, second) in itertools.combinations(texts, 2):
        across = min(first.x1, second.x1) - max(first.x0, second.x0)
        up = min(first.y1, second.y1) - max(first.y0, second.y0)
        # Boxes hold the room above and below the letters too: two pixels of it may be shared.
        assert across <= 1 or up <= 2, f"{one!r} and {other!r} overlap"


@LAYOUTS
@pytest.mark.parametrize("name", CHARTS)
def test_empty_data_give_a_picture_that_says_so(name, layout):
    draw, data, options = CHARTS[name]
    fig = draw(data.head(0), layout, **options)
    assert [text for text, *_ in visible_texts(fig)] == [NO_DATA_TEXT]


@pytest.mark.parametrize("name", CHARTS)
def test_a_missing_column_is_named(name):
    draw, data, options = CHARTS[name]
    with pytest.raises(InputError, match="no column"):
        draw(data[[]], WIDE, **options)


@LAYOUTS
def test_bars_start_at_zero_and_end_at_their_values_in_falling_order(layout):
    ax = charts.country_ranking(country_table(), layout).axes[0]
    widths = [bar.get_width() for bar in ax.patches]
    assert ax.get_xlim()[0] == 0
    assert all(bar.get_x() == 0 for bar in ax.patches)
    assert widths == sorted(country_table()["organisations"].astype(float), reverse=True)


def test_order_of_rows_does_not_change_the_ranking():
    table = country_table()
    one, other = charts.country_ranking(table, WIDE), charts.country_ranking(table.iloc[::-1], WIDE)
    assert [t.get_text() for t in one.axes[0].get_yticklabels()] == [
        t.get_text() for t in other.axes[0].get_yticklabels()
    ]


def test_a_missing_count_is_listed_last_as_not_listed_and_zero_as_zero():
    table = country_table().head(3).assign(organisations=pd.array([0, pd.NA, 5], dtype="Int64"))
    ax = charts.country_ranking(table, WIDE).axes[0]
    assert [text.get_text() for text in ax.texts] == ["5", "0", "not listed"]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["Bulgaria", "Austria", "Belgium"]


def test_the_highlight_is_the_only_strong_colour_and_name():
    from matplotlib.colors import to_hex

    ax = charts.country_ranking(country_table(), WIDE, highlight="AT").axes[0]
    colours = [to_hex(bar.get_facecolor()) for bar in ax.patches]
    names = [label.get_text() for label in ax.get_yticklabels() if label.get_fontweight() == "bold"]
    assert (colours.count(HIGHLIGHT), colours.count(SOFT), colours.count(DATA)) == (1, 26, 0)
    assert names == ["Austria"]


def test_counts_have_thousands_separators_and_shares_percent_signs():
    table = extreme().assign(share=[0.1, 0.7, 0.0, 0.2])
    assert "1,234,567,890" in [t.get_text() for t in charts.country_ranking(table, WIDE).axes[0].texts]
    shares = [t.get_text() for t in charts.country_ranking(table, WIDE, value="share").axes[0].texts]
    assert shares == ["70.0\xa0%", "20.0\xa0%", "10.0\xa0%", "0\xa0%"]


def test_regions_without_seats_are_counted_not_drawn():
    ax = charts.region_bars(regions(), WIDE, limit=3).axes[0]
    assert len(ax.patches) == 3
    assert ax.get_xlabel().endswith("Not drawn: 3 regions with fewer, 1 without any")


def marks(ax):
    return {
        (line.get_marker(), line.get_markerfacecolor() == PAPER)
        for line in ax.lines
        if line.get_marker() in "^o"
    }


@LAYOUTS
def test_bounds_are_open_triangles_with_an_arrow_and_exact_figures_dots(layout):
    data = timeline().head(7)
    ax = charts.organisations_over_time(data, layout).axes[0]
    triangles = [line for line in ax.lines if line.get_marker() == "^"]
    arrows = [
        note
        for note in ax.texts
        if note.arrow_patch and type(note.arrow_patch.get_arrowstyle()).__name__ == "CurveA"
    ]
    assert marks(ax) == {("^", True), ("o", False)}
    assert len(triangles) == len(arrows) == 2
    assert {"≥ 690", "≥ 1,000", "965"} <= {note.get_text() for note in ax.texts}
    assert ax.get_ylim()[0] == 0


def test_about_is_a_ring_and_a_year_is_a_bar():
    data = timeline().head(1).assign(qualifier="about", period_start="2020-01-01", period_end="2020-12-31")
    ax = charts.organisations_over_time(data, WIDE).axes[0]
    assert marks(ax) == {("o", True)}
    assert [
        len(line.get_xdata()) for line in ax.lines if line.get_marker() == "None" and len(line.get_xdata())
    ] == [2]
    assert "≈ 690" in {note.get_text() for note in ax.texts}


def test_figures_of_different_scopes_are_never_joined_and_those_of_one_group_are():
    data = timeline().head(7)
    apart = charts.organisations_over_time(data, WIDE).axes[0]
    assert not [line for line in apart.lines if line.get_marker() == "None" and len(line.get_xdata()) > 1]
    together = charts.organisations_over_time(data, WIDE, groups=dict.fromkeys(data["scope"], "all")).axes[0]
    joined = [line for line in together.lines if line.get_marker() == "None" and len(line.get_xdata()) > 1]
    assert [list(line.get_ydata()) for line in joined] == [[884, 965, 1091, 1398, 1445]]


def test_each_alliance_panel_starts_at_zero():
    fig = charts.alliance_membership(timeline(), WIDE)
    assert [ax.get_ylim()[0] for ax in fig.axes] == [0, 0]
    assert [ax.get_title("left") for ax in fig.axes] == [
        "National associations",
        "Clusters that they represent",
    ]


def test_member_shares_have_one_scale_and_do_not_pile_up():
    fig = charts.member_mix(mix(), WIDE)
    FigureCanvasAgg(fig).draw()
    scales = [ax.get_position().width / (ax.get_xlim()[1] - ax.get_xlim()[0]) for ax in fig.axes]
    assert max(scales) / min(scales) < 1.01
    assert all(bar.get_x() == 0 for ax in fig.axes for bar in ax.patches)


def test_the_lorenz_curve_is_drawn_as_given_and_one_unit_marked():
    ax = charts.lorenz(curve(), WIDE, highlight="ES", highlight_label="Spain").axes[0]
    assert any(np.array_equal(line.get_ydata(), curve()["cumulative_share"]) for line in ax.lines)
    marked = [line for line in ax.lines if line.get_color() == HIGHLIGHT]
    assert [list(line.get_xdata()) for line in marked] == [[26 / 27, 1.0]]
    assert any(isinstance(area, PolyCollection) for area in ax.collections)


def test_conflicts_show_both_values_and_their_distance():
    ax = charts.conflicts(pairs(), WIDE).axes[0]
    shown = {text.get_text() for text in ax.texts}
    assert {"12", "13", "≈ 14,000,000", "≈ 20,000,000", "25", "≥ 26"} <= shown
    ends = next(list(line.get_xdata()) for line in ax.lines if line.get_color() == HIGHLIGHT)
    assert ends == pytest.approx([1 / 12, 6 / 14, 1 / 25])


def test_duplicate_ranges_are_drawn_relative_to_the_value_as_listed():
    ax = charts.duplicate_range(measures(), WIDE).axes[0]
    (first, *_) = ax.collections[0].get_segments()
    assert list(first[:, 0]) == pytest.approx([0.037 / 0.0385 - 1, 0.0401 / 0.0385 - 1])
    assert "0.500 (0.490 to 0.510)" in {text.get_text() for text in ax.texts}


def test_threshold_chart_says_who_comes_and_goes():
    ax = charts.threshold_sensitivity(thresholds(), WIDE).axes[0]
    assert [text.get_text() for text in ax.texts][:2] == ["0 (− AT, BE, BG, CZ, DE, ES)", "6"]
    assert "Top 25\xa0% (the rule)" in [label.get_text() for label in ax.get_yticklabels()]


@pytest.mark.parametrize("many", [5, 40])
def test_labels_avoid_points_lines_and_one_another_even_in_a_crowd(many):
    random = np.random.default_rng(3)
    fig = figure(WIDE, 4)
    ax = fig.add_subplot()
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    labels = [
        PointLabel(x, y, "1,234", "some words\nand more", 8) for x, y in random.uniform(0.1, 0.9, (many, 2))
    ]
    place_labels(fig, ax, labels, [np.array([[0.0, 0.0], [1.0, 1.0]])])
    boxes = [box for _, _, box in visible_texts(fig) if box.x0 > ax.bbox.x0]
    points = [ax.transData.transform((label.x, label.y)) for label in labels]
    assert {label.head for label in labels} <= {text for text, *_ in visible_texts(fig)}
    assert not any(box.contains(*point) for box in boxes for point in points)
    assert not any(one.overlaps(other.padded(-2)) for one, other in itertools.combinations(boxes, 2))


def test_a_cell_is_filled_where_the_criterion_is_met_and_only_there():
    fig = charts.criteria_met(rule_marks(), WIDE)
    drawn = fig.axes[0].collections[0].get_array().reshape(len(rule_marks()), 4)
    met = rule_marks()[["size", "specialisation", "focus", "strong"]].fillna(False).astype(int)
    assert drawn.tolist() == met.to_numpy().tolist()
