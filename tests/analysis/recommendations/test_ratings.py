"""Ratings of points become ratings of recommendations; what was merged counts once."""

import pandas as pd
import pytest

from helpers.analysis.recommendations.ratings import rate_recommendations
from helpers.data.errors import InputError


def ratings(**changes: object) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "respondent_id": ["r1", "r1", "r2", "r2"],
            "country": ["AT", "AT", "BE", "BE"],
            "respondent_kind": "cluster",
            "point_id": ["P1", "P2", "P1", "P3"],
            "importance": [5, 3, 2, 4],
            "feasibility": pd.array([1, None, None, None], dtype="Int64"),
        }
    )
    return table.assign(**changes)


POINTS = pd.DataFrame({"recommendation_id": ["R1", "R1", "R2"], "point_id": ["P1", "P2", "P3"]})


def test_a_rating_is_the_mean_of_the_points_that_were_rated():
    table = rate_recommendations(ratings(), POINTS).set_index(["recommendation_id", "respondent_id"])
    assert table["importance"].to_dict() == {("R1", "r1"): 4.0, ("R1", "r2"): 2.0, ("R2", "r2"): 4.0}
    assert table["points"].to_dict() == {("R1", "r1"): 2, ("R1", "r2"): 1, ("R2", "r2"): 1}


def test_missing_feasibility_is_missing_and_not_low():
    table = rate_recommendations(ratings(), POINTS).set_index(["recommendation_id", "respondent_id"])
    assert table.loc[("R1", "r1"), "feasibility"] == 1.0
    assert table["feasibility"].isna().sum() == 2


def test_points_merged_into_one_of_another_recommendation_count_for_both():
    merged = pd.DataFrame({"point_id": ["P1", "P2", "P3"], "canonical_id": ["P1", "P1", "P1"]})
    table = rate_recommendations(ratings(), POINTS, merged).set_index(["recommendation_id", "respondent_id"])
    assert table["importance"].to_dict() == {
        ("R1", "r1"): 4.0,
        ("R1", "r2"): 3.0,
        ("R2", "r1"): 4.0,
        ("R2", "r2"): 3.0,
    }


def test_the_order_of_rows_changes_nothing():
    mixed = ratings().sample(frac=1, random_state=1), POINTS.iloc[::-1]
    pd.testing.assert_frame_equal(rate_recommendations(*mixed), rate_recommendations(ratings(), POINTS))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"importance": [6, 3, 2, 4]}, "row 2, column importance: 6"),
        ({"importance": [5, None, 2, 4]}, "row 3, column importance"),
        ({"feasibility": [1, 2, 0, 3]}, "row 4, column feasibility: 0"),
        ({"point_id": ["P1", "P1", "P1", "P3"]}, "respondent_id r1, point_id P1"),
        ({"country": ["AT", "BE", "BE", "BE"]}, "respondent r1 has two countries"),
    ],
)
def test_ratings_that_cannot_be_are_refused_with_their_place(changes, words):
    with pytest.raises(InputError, match=words):
        rate_recommendations(ratings(**changes), POINTS)
