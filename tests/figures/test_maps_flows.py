"""Flow maps: as wide as the amount, pointed at who gets it, readable, and honest about what is left out."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.text import Text

from helpers.data.errors import InputError
from helpers.data.process import read_table
from helpers.figures import maps_flows, style
from helpers.figures.maps_flows import arrow, curve, flows, land_centres, round_steps
from helpers.figures.maps_paint import text_box
from helpers.figures.publish import publish
from helpers.figures.sources import SourceLine
from helpers.figures.style import NARROW, WIDE

LAYOUTS = pytest.mark.parametrize("layout", [WIDE, NARROW], ids=["wide", "narrow"])
PLACES = {
    "DE": (50.8, 9.9),
    "FR": (46.9, 2.8),
    "ES": (39.7, -3.6),
    "IT": (43.0, 12.2),
    "PL": (52.1, 19.4),
    "MT": (35.9, 14.4),
    "CY": (35.1, 33.2),
    "IE": (53.2, -7.7),
    "FI": (62.0, 25.0),
}
CODES = sorted(PLACES)


def table(*rows: tuple[str, str, float]) -> pd.DataFrame:
    data = pd.DataFrame(rows, columns=["from", "to", "amount"])
    for end in ("from", "to"):
        data[f"{end}_latitude"] = data[end].map(lambda code: PLACES[code][0]).astype("float64")
        data[f"{end}_longitude"] = data[end].map(lambda code: PLACES[code][1]).astype("float64")
    return data


SOME = table(
    ("DE", "DE", 16.7e6),
    ("DE", "PL", 4.0e6),
    ("FR", "FR", 9.0e6),
    ("FR", "ES", 1.0e6),
    ("ES", "FR", 2.0e6),
    ("IT", "MT", 0.1e6),
    ("IT", "CY", 0.2e6),
    ("IE", "FI", 3.0e6),
)


@pytest.fixture(scope="module")
def shapes() -> pd.DataFrame:
    return read_table("country_shapes")


def drawn(shapes: pd.DataFrame, data: pd.DataFrame = SOME, layout=WIDE, **more: object) -> Figure:
    return flows(data, layout, shapes=shapes, scope_codes=CODES, label="Vials, units/month", **more)


def named(fig: Figure, gid: str) -> list[PathPatch]:
    return [patch for patch in fig.findobj(PathPatch) if patch.get_gid() == gid]


def words(fig: Figure) -> list[str]:
    return [text.get_text() for text in fig.findobj(Text) if text.get_text()]


def area(patch: PathPatch) -> float:
    return sum(shapely.Polygon(ring).area for ring in patch.get_path().to_polygons())


@LAYOUTS
def test_each_flow_abroad_is_a_band_and_what_stays_is_a_circle(shapes: pd.DataFrame, layout) -> None:
    fig = drawn(shapes, layout=layout)
    assert len(named(fig, "flow")) == 6
    homes = sorted(patch.get_path().get_extents().width for patch in named(fig, "circles"))
    widths = [width for width in homes if width > 2]
    # Two in the legend (10M, 2.5M), two on the map, by area.
    assert len(widths) == 4
    assert widths[-1] / widths[-3] == pytest.approx((16.7 / 9.0) ** 0.5, rel=0.05)


@LAYOUTS
def test_no_text_touches_another_or_leaves_the_sheet(shapes: pd.DataFrame, layout) -> None:
    for options in ({}, {"focus": "FR"}, {"most": 2}):
        fig = drawn(shapes, layout=layout, **options)
        width, height = fig.get_size_inches() * 72
        boxes = {text: text_box(text) for text in fig.findobj(Text) if text.get_text()}
        for text, (left, bottom, right, top) in boxes.items():
            inside = left >= -0.5 and bottom >= -0.5 and right <= width + 0.5 and top <= height + 0.5
            assert inside, text.get_text()
        for (one, a), (other, b) in combinations(boxes.items(), 2):
            apart = a[0] >= b[2] or b[0] >= a[2] or a[1] + 1.6 >= b[3] or b[1] + 1.6 >= a[3]
            assert apart, (one.get_text(), other.get_text())


@LAYOUTS
def test_codes_stand_beside_bands_and_not_on_them(shapes: pd.DataFrame, layout) -> None:
    fig = drawn(shapes, layout=layout)
    bands = [shapely.Polygon(ring) for patch in named(fig, "flow") for ring in patch.get_path().to_polygons()]
    to_points = fig.dpi / 72
    for text in fig.findobj(Text):
        if text.get_text() in CODES:
            box = shapely.box(*text_box(text))
            for band in bands:
                assert box.intersection(band).area < 0.12 * box.area * to_points, text.get_text()


def test_every_country_that_sends_or_gets_something_is_named(shapes: pd.DataFrame) -> None:
    ends = set(SOME["from"]) | set(SOME["to"])
    assert ends - set(words(drawn(shapes))) <= {"IE"}
    assert {"MT", "CY", "DE", "PL"} <= set(words(drawn(shapes)))


def test_bands_are_as_wide_as_the_amount_and_the_largest_lie_beneath(shapes: pd.DataFrame) -> None:
    fig = drawn(shapes, table(("DE", "PL", 4.0), ("FR", "ES", 2.0), ("IT", "CY", 0.001)))
    largest, half, thin = named(fig, "flow")
    assert area(largest) > area(half) > 0
    assert area(thin) > 0.5 * maps_flows.THINNEST_PT * 100


def test_the_country_in_focus_stands_out_and_its_flows_lie_on_top(shapes: pd.DataFrame) -> None:
    fig = drawn(shapes, focus="FR")
    colours = [to_hex(patch.get_facecolor()) for patch in named(fig, "flow")]
    assert colours == [style.DATA] * 4 + [style.HIGHLIGHT] * 2
    faint = {patch.get_facecolor()[3] for patch in named(fig, "flow")[:4]}
    assert faint == {maps_flows.FAINT_ALPHA}
    assert "From or to FR" in words(fig)
    assert named(fig, "main-highlight")


def test_what_is_not_drawn_is_said_with_its_amount(shapes: pd.DataFrame) -> None:
    fig = drawn(shapes, most=3)
    assert len(named(fig, "flow")) == 3
    assert "Not drawn: 3 smaller flows, 1.3M in all" in " ".join(words(fig))


@LAYOUTS
def test_a_map_without_flows_says_so(shapes: pd.DataFrame, layout) -> None:
    for data in (SOME.head(0), SOME.assign(amount=0.0)):
        fig = drawn(shapes, data, layout, focus="FR")
        assert "Nothing is sent" in words(fig)
        assert named(fig, "flow") == []


@LAYOUTS
def test_one_country_that_keeps_all_has_a_circle_and_no_band(shapes: pd.DataFrame, layout) -> None:
    fig = flows(
        table(("FR", "FR", 5.0)), layout, shapes=shapes, scope_codes=["FR"], label="Vials", focus="FR"
    )
    assert named(fig, "flow") == []
    assert "Used in the country" in words(fig)
    assert "Sent to another country" not in words(fig)


def test_a_place_outside_the_map_breaks_nothing(shapes: pd.DataFrame) -> None:
    far = table(("DE", "PL", 4.0)).assign(to_latitude=-20.0, to_longitude=55.0)
    home = table(("DE", "DE", 4.0)).assign(from_latitude=-20.0, from_longitude=55.0)
    fig = drawn(shapes, pd.concat([far, home]))
    frame = next(artist for artist in fig.artists if artist.get_gid() == "frame")
    for patch in named(fig, "flow"):
        box = patch.get_path().get_extents()
        assert box.x1 <= frame.get_x() + frame.get_width() + 0.5
        assert box.y0 >= frame.get_y() - 0.5


@pytest.mark.parametrize("column", maps_flows.COLUMNS)
def test_a_missing_column_is_named(shapes: pd.DataFrame, column: str) -> None:
    with pytest.raises(InputError, match=column):
        drawn(shapes, SOME.drop(columns=column))


def test_hostile_labels_are_only_text(shapes: pd.DataFrame, tmp_path) -> None:
    text = '</text><script>alert(1)</script> $x^2$ "'
    made = publish(
        flows,
        SOME,
        id="flows",
        number=1,
        caption="C",
        alt="Bands.",
        sources=[SourceLine("a", "A", "2021", "observed", "A.")],
        folder=tmp_path,
        options={"shapes": shapes, "scope_codes": CODES, "label": text},
    )
    assert "<script>alert" not in made.html
    assert (tmp_path / "figures" / "flows.svg").stat().st_size < 400_000


def test_the_same_flows_give_the_same_picture_in_any_order(shapes: pd.DataFrame) -> None:
    one, other = (
        [patch.get_path().vertices.tolist() for patch in named(drawn(shapes, data), "flow")]
        for data in (SOME, SOME.iloc[::-1])
    )
    assert one == other


def test_land_centres_lie_on_the_land_and_unknown_countries_are_left_out(shapes: pd.DataFrame) -> None:
    found = land_centres(shapes, ["UK", "ZZ", "FR"]).set_index("country")
    assert found.index.to_list() == ["UK", "FR"]
    assert found.loc["UK", "latitude"] == pytest.approx(53, abs=3)
    assert found.loc["FR", "longitude"] == pytest.approx(2, abs=3)


coordinates = st.tuples(st.floats(0, 300), st.floats(0, 300))


@given(coordinates, coordinates, st.floats(0.5, 12))
def test_an_arrow_is_one_area_that_ends_at_its_point(tail, head, width) -> None:
    shape = arrow(np.array(tail), np.array(head), width, 0.16)
    assert shape.is_valid
    assert shape.area > 0
    assert shape.distance(shapely.Point(head)) < 1e-6 + width
    assert shape.bounds[2] - shape.bounds[0] < 450


@given(coordinates, coordinates)
def test_there_and_back_bend_apart(tail, head) -> None:
    there = curve(np.array(tail), np.array(head), 0.16)
    back = curve(np.array(head), np.array(tail), 0.16)
    length = float(np.hypot(*(np.array(head) - np.array(tail))))
    assert np.hypot(*(there[12] - back[12])) == pytest.approx(0.16 * length, abs=1e-6)


@given(st.floats(1e-3, 1e12))
def test_legends_name_round_numbers_that_the_map_reaches(largest: float) -> None:
    top, quarter = round_steps(largest)
    assert largest / 2.6 <= top <= largest * (1 + 1e-9)
    assert quarter == top / 4
