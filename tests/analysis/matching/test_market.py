"""What a market is built from, which arcs it has, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis.matching import build_market, great_circle_km
from helpers.analysis.matching.distance import all_pairs, nearest_pairs
from helpers.data.errors import InputError

latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)
places = st.lists(st.tuples(latitudes, longitudes), min_size=1, max_size=8)


def arcs_of(market):
    """Return the arcs with names instead of row numbers."""
    arcs = market.arcs
    seller, buyer = market.offers.iloc[arcs["offer_row"]], market.needs.iloc[arcs["need_row"]]
    return arcs.assign(
        offer=seller["offer"].to_numpy(),
        offered=seller["month"].to_numpy(),
        need=buyer["need"].to_numpy(),
        product=buyer["product"].to_numpy(),
        month=buyer["month"].to_numpy(),
    )


# --- distances


@given(latitudes, longitudes, latitudes, longitudes)
def test_distances_are_symmetric_and_none_is_longer_than_half_way_round(lat, lon, other_lat, other_lon):
    there, back = (
        great_circle_km(lat, lon, other_lat, other_lon),
        great_circle_km(other_lat, other_lon, lat, lon),
    )
    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there <= np.pi * 6371.0088 + 1e-6


@given(latitudes, longitudes)
def test_opposite_points_are_half_way_round_apart_and_a_place_is_where_it_is(lat, lon):
    assert great_circle_km(lat, lon, -lat, lon + 180) == pytest.approx(np.pi * 6371.0088, abs=1e-3)
    assert great_circle_km(lat, lon, lat, lon + 360) == pytest.approx(0, abs=1e-3)


def test_distances_are_those_of_another_package():
    # pyproj on a sphere of the same radius.
    from pyproj import Geod

    rng = np.random.default_rng(5)
    lat, lon = rng.uniform(-90, 90, (2, 200)), rng.uniform(-180, 180, (2, 200))
    expected = Geod(a=6371008.8, b=6371008.8).inv(lon[0], lat[0], lon[1], lat[1])[2] / 1000
    assert great_circle_km(lat[0], lon[0], lat[1], lon[1]) == pytest.approx(expected, abs=1e-6)


@given(places, places, st.integers(1, 5))
def test_the_nearest_are_those_that_measuring_all_finds(sellers, buyers, nearest):
    here, there = np.array(sellers), np.array(buyers)
    found = set(zip(*(rows.tolist() for rows in nearest_pairs(here, there, nearest)[:2]), strict=True))
    one, other, km = all_pairs(here, there)
    for need in range(len(there)):
        mine = {int(row): far for row, to, far in zip(one, other, km, strict=True) if to == need}
        last = sorted(mine.values())[: min(nearest, len(mine))][-1]
        listed = {row for row, to in found if to == need}
        # Ties are in; a last digit may decide otherwise.
        assert {row for row, far in mine.items() if far < last - 1e-3} <= listed
        assert listed <= {row for row, far in mine.items() if far <= last + 1e-3}
        assert len(listed) >= min(nearest, len(mine))


def test_offers_as_near_as_the_last_of_the_nearest_are_in_so_that_no_name_decides(offers, needs, prices):
    three_in_paris = [offers[:1].assign(offer=name) for name in "abc"]
    many = pd.concat([*three_in_paris, offers[2:3]])
    # Warsaw is nearer to Berlin, Paris nearer to Madrid.
    berlin, madrid = needs[:1], needs[2:3]
    assert arcs_of(build_market(many, berlin, prices, nearest=1))["offer"].tolist() == ["r2"]
    assert arcs_of(build_market(many, berlin, prices, nearest=2))["offer"].tolist() == ["a", "b", "c", "r2"]
    assert arcs_of(build_market(many, madrid, prices, nearest=2))["offer"].tolist() == ["a", "b", "c"]


def test_blocks_of_places_give_what_one_block_gives(monkeypatch):
    rng = np.random.default_rng(3)
    here, there = rng.uniform(-60, 60, (7, 2)), rng.uniform(-60, 60, (9, 2))
    whole = all_pairs(here, there, max_km=9000)
    monkeypatch.setattr("helpers.analysis.matching.distance._BLOCK", 15)
    for one, other in zip(whole, all_pairs(here, there, max_km=9000), strict=True):
        assert len(one) < 63
        assert np.array_equal(one, other)


# --- arcs


def test_an_offer_serves_its_own_month_and_later_ones_and_pays_for_waiting(offers, needs, prices):
    arcs = arcs_of(build_market(offers, needs, prices))
    masks = arcs[arcs["product"] == "masks"]
    assert (masks["month"] >= masks["offered"]).all()
    assert len(masks) == 3 + 3 + 2
    assert masks["holding"].tolist() == pytest.approx((masks["waited"] * 0.25).tolist())
    assert masks["freight"].tolist() == pytest.approx((masks["km"] / 1000 * 2).tolist())
    assert (arcs["cost"] == arcs["freight"] + arcs["holding"]).all()
    assert len(arcs) - len(masks) == 1


def test_what_cannot_arrive_in_its_month_serves_the_next_and_does_not_wait_there(offers, needs, prices):
    # Paris to Berlin is 870 km, to Madrid 1,054: at 30 days a 1,000 km the one takes 26 days, the other 31.6.
    slow = build_market(offers[:1], needs, prices.assign(days_per_1000_km=30.0))
    arcs = arcs_of(slow).set_index(["need", "month"])
    assert arcs.loc[("n1", "2021-03-01"), "waited"] == 0
    assert arcs.loc[("n1", "2021-04-01"), "waited"] == 1
    assert arcs.loc[("n2", "2021-04-01"), "waited"] == 0
    assert arcs.loc[("n1", "2021-03-01"), "days"] == pytest.approx(26.1, abs=0.1)
    too_slow = build_market(offers[:1], needs, prices.assign(days_per_1000_km=90.0))
    assert len(too_slow.arcs) == 0


def test_what_arrives_on_the_last_day_of_a_month_serves_it(offers, needs, prices):
    far = pd.DataFrame({"offer": ["r1"], "need": ["n1"], "km": [1000.0]})
    for days, waited in ((30.5, [0, 1]), (31.0, [0])):
        slow = prices.assign(days_per_1000_km=days)
        assert build_market(offers[:1], needs[:2], slow, distances=far).arcs["waited"].tolist() == waited


def test_given_distances_override_the_great_circle_and_place_a_pool(offers, needs, prices):
    pool = offers[:1].assign(offer="OTHERS", latitude=np.nan, longitude=None)
    given_km = pd.DataFrame({"offer": ["OTHERS"], "need": ["n1"], "km": [1234.0]})
    arcs = arcs_of(build_market(pd.concat([offers, pool]), needs, prices, distances=given_km))
    pooled = arcs[arcs["offer"] == "OTHERS"]
    assert set(pooled["need"]) == {"n1"}
    assert (pooled["km"] == 1234.0).all()
    assert len(arcs) == len(build_market(offers, needs, prices).arcs) + 2
    few = arcs_of(build_market(pd.concat([offers, pool]), needs, prices, distances=given_km, nearest=1))
    assert not (few["offer"] == "OTHERS").any()
    nearest = few.groupby(["need", "product"])["offer"].agg(set).to_dict()
    assert nearest == {("n1", "masks"): {"r2"}, ("n2", "masks"): {"r1"}, ("n2", "gowns"): {"r2"}}


def test_no_arc_is_longer_than_allowed(offers, needs, prices):
    km = build_market(offers, needs, prices).arcs["km"]
    for settings in ({}, {"nearest": 3}, {"distances": pd.DataFrame({"offer": [], "need": [], "km": []})}):
        near = build_market(offers, needs, prices, max_km=1000, **settings).arcs["km"]
        assert sorted(near) == pytest.approx(sorted(km[km <= 1000]))


def test_the_tables_given_stay_as_they_are(offers, needs, prices):
    before = [table.copy() for table in (offers, needs, prices)]
    build_market(offers, needs, prices)
    for one, other in zip(before, (offers, needs, prices), strict=True):
        pd.testing.assert_frame_equal(one, other)


# --- what is refused


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "message"),
    [
        ("offers", 2, "amount", -18, "offers: row 4, column amount: -18.0; a number from 0"),
        ("offers", 0, "amount", np.nan, "offers: row 2, column amount: nothing; a number from 0"),
        ("offers", 0, "amount", np.inf, "offers: row 2, column amount: inf; a number from 0"),
        (
            "offers",
            0,
            "amount",
            199_999_999_999_999_998.0,
            "offers: row 2, column amount: 2e+17; a number from 0",
        ),
        ("needs", 1, "amount", -1, "needs: row 3, column amount: -1.0"),
        ("needs", 3, "region", None, "needs: row 5, column region: nothing; a name or code is needed"),
        ("needs", 3, "region", "  ", "needs: row 5, column region: blank; a name or code is needed"),
        ("needs", 0, "product", "mask", "needs: row 2, column product: mask; known: gowns, masks"),
        ("offers", 3, "product", None, "offers: row 5, column product: nothing; a name or code is needed"),
        ("offers", 1, "offer", None, "offers: row 3, column offer: nothing; a name or code is needed"),
        ("offers", 2, "latitude", np.nan, "offers: row 4, column latitude: nothing; a number from -90 to 90"),
        ("offers", 2, "longitude", 181, "offers: row 4, column longitude: 181.0; a number from -180 to 180"),
        (
            "offers",
            1,
            "month",
            "2021-04-15",
            "offers: row 3, column month: 2021-04-15; the first day of a month",
        ),
        ("offers", 1, "month", "spring", "offers: row 3, column month: spring; the first day of a month"),
        ("offers", 1, "month", "2021-03-01", "offers: row 3, column offer: r1; listed before"),
        ("offers", 1, "latitude", 40.0, "offers: row 3, column latitude: r1; an id has one place"),
        ("prices", 1, "unmet", -8, "prices: row 3, column unmet: -8.0; a number from 0"),
        ("prices", 1, "product", "gowns", "prices: row 3, column product: gowns; listed before"),
        ("prices", 0, "freight", None, "prices: row 2, column freight: nothing"),
    ],
)
def test_nonsense_is_refused_with_its_row(offers, needs, prices, table, row, column, value, message):
    tables = {"offers": offers, "needs": needs, "prices": prices}
    # Other labels than row numbers: what is named is the row in the file.
    wrong = tables[table].set_axis(range(100, 100 + len(tables[table])))
    if isinstance(value, str) or value is None:
        wrong[column] = wrong[column].astype(object)
    wrong.loc[100 + row, column] = value
    with pytest.raises(InputError) as error:
        build_market(**{**tables, table: wrong})
    assert error.value.problems[0].startswith(message)


def test_amounts_in_another_unit_than_the_prices_are_refused(offers, needs, prices):
    priced = prices.assign(unit=["pieces", "pieces"])
    build_market(offers.assign(unit="pieces"), needs, priced)
    with pytest.raises(InputError, match="offers: row 3, column unit: boxes; prices are for pieces of masks"):
        build_market(offers.assign(unit=["pieces", "boxes", "pieces", "pieces"]), needs, priced)


def test_a_missing_column_is_named(offers, needs, prices):
    with pytest.raises(InputError, match="needs: column region is missing"):
        build_market(offers, needs.drop(columns="region"), prices)


def test_distances_of_unknown_offers_negative_or_stated_twice_are_refused(offers, needs, prices):
    known = pd.DataFrame({"offer": ["r1", "r2"], "need": ["n1", "n1"], "km": [1.0, 2.0]})
    for wrong, message in (
        (known.assign(offer=["r1", "r9"]), "distances: row 3, column offer: r9; known: r1, r2"),
        (known.assign(need=["n1", "n9"]), "distances: row 3, column need: n9; known: n1, n2"),
        (known.assign(km=[1.0, -2.0]), "distances: row 3, column km: -2.0"),
        (known.assign(offer="r1"), "distances: row 3, column offer: r1; listed before"),
    ):
        with pytest.raises(InputError, match=message):
            build_market(offers, needs, prices, distances=wrong)


@pytest.mark.parametrize(
    ("setting", "value"),
    [("max_km", -1), ("max_km", float("nan")), ("nearest", 0), ("nearest", 1.5), ("nearest", True),
     ("shared_limit", -1), ("shared_limit", float("inf"))],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(offers, needs, prices, setting, value):
    with pytest.raises(InputError, match=setting):
        build_market(offers, needs, prices, **{setting: value})


def test_many_wrong_rows_are_listed_up_to_five(offers, needs, prices):
    many = pd.concat([offers.assign(amount=-1)] * 3)
    with pytest.raises(InputError) as error:
        build_market(many, needs, prices)
    assert len(error.value.problems) == 6
    assert error.value.problems[-1] == "offers: column amount: 7 more rows like these"


def test_text_of_an_answer_is_shown_short_and_on_one_line(offers, needs, prices):
    hostile = offers.assign(product=["masks", "masks", "masks", "x\n" * 100])
    with pytest.raises(InputError) as error:
        build_market(hostile, needs, prices)
    assert "\n" not in error.value.problems[0]
    assert len(error.value.problems[0]) < 150
