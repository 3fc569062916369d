"""Centres of regions lie where the region is, and nearly every region has one."""

import pandas as pd
import pytest

from helpers.data.process import read_table


@pytest.fixture(scope="module")
def centres() -> pd.DataFrame:
    return read_table("region_centres").set_index("nuts2")


@pytest.mark.parametrize(
    ("nuts2", "latitude", "longitude"),
    [
        ("AT13", 48.2, 16.4),
        ("FRY4", -21.1, 55.5),
        ("ES70", 28.3, -15.9),
        ("MT00", 35.9, 14.4),
        ("CY00", 34.9, 33.2),
    ],
)
def test_known_regions_are_where_they_are(
    centres: pd.DataFrame, nuts2: str, latitude: float, longitude: float
) -> None:
    found = centres.loc[nuts2]
    assert found["latitude"] == pytest.approx(latitude, abs=0.3)
    assert found["longitude"] == pytest.approx(longitude, abs=0.3)


def test_most_regions_of_the_eu_have_a_centre_in_their_own_country(centres: pd.DataFrame) -> None:
    regions = read_table("nuts2_regions").set_index("nuts2")
    assert len(centres) / len(regions) > 0.9
    assert (centres["country"] == regions["country"].reindex(centres.index)).all()
