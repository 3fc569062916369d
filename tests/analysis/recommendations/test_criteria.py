"""Criteria from 0 to 1, scores and ranks: what is not known is not ranked, equal scores share a place."""

import pandas as pd
import pytest

from helpers.analysis.recommendations.criteria import breadth, criteria_table, ranking
from helpers.analysis.recommendations.sensitivity import sensitivity, weight_vectors
from helpers.analysis.recommendations.support import support_by_group, support_overall
from helpers.data.errors import InputError


def frame(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({"recommendation_id": ["R1", "R2", "R3"], **columns})


def test_breadth_counts_only_countries_that_are_shown():
    cells = pd.DataFrame(
        {
            "recommendation_id": "R1",
            "dimension": ["all", "country", "country", "country", "country", "respondent_kind"],
            "group": ["all", "AT", "BE", "CY", "others", "cluster"],
            "status": ["shown", "shown", "shown", "held back", "shown", "shown"],
            "importance": [4.5, 4.0, 3.9, None, 4.9, 4.9],
        }
    )
    assert breadth(cells).values.tolist() == [["R1", 2, 1, 0.5]]


def test_evidence_is_a_share_of_the_most(survey):
    cells = support_by_group(survey())
    evidence = pd.DataFrame({"recommendation_id": ["R01", "R02"], "found": [4, 1]})
    table = criteria_table(support_overall(cells), cells, evidence=evidence)
    assert table["evidence"].tolist() == [1.0, 0.25, 0.0]
    assert table["importance"].between(0, 1).all()


def test_a_criterion_that_is_not_known_is_not_the_lowest():
    table = ranking(
        frame(importance=[0.9, 0.5, 0.1], feasibility=[None, 0.1, 0.1]), {"importance": 1, "feasibility": 1}
    )
    assert table["recommendation_id"].tolist() == ["R2", "R3", "R1"]
    assert table["rank"].tolist() == [1, 2, pd.NA]
    assert table["lacking"].tolist() == ["", "", "feasibility"]
    assert (
        ranking(frame(importance=[0.9, 0.5, 0.1], feasibility=None), {"importance": 1})["rank"].notna().all()
    )


def test_equal_scores_share_a_place_in_spite_of_rounding():
    scores = frame(importance=[0.1 + 0.2, 0.3, 0.9])
    assert ranking(scores, {"importance": 1})["rank"].tolist() == [1, 2, 2]


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({"effort": 1.0}, "no criterion effort"),
        ({"importance": -1.0}, "importance is -1.0"),
        ({"importance": float("nan")}, "importance is nan"),
        ({"importance": 0.0}, "all are zero"),
    ],
)
def test_weights_that_make_no_sense_are_refused(weights, words):
    with pytest.raises(InputError, match=words):
        ranking(frame(importance=[0.9, 0.5, 0.1]), weights)


def test_a_pair_is_settled_only_if_no_criterion_turns_it_round():
    found = sensitivity(frame(importance=[0.9, 0.8, 0.1], feasibility=[0.5, 0.6, 0.5]), seed=1, top=1)
    assert found.settled.values.tolist() == [["R1", "R3"], ["R2", "R3"]]
    assert found.pairs == 3
    table = found.table.set_index("recommendation_id")
    assert table.loc[["R1", "R2"], ["best", "worst"]].values.tolist() == [[1, 2], [1, 2]]
    assert 0 < table.loc["R1", "share_top"] < 1
    assert table.loc["R1", "share_top"] + table.loc["R2", "share_top"] == pytest.approx(1)
    assert table.loc["R2", "best_by"] == "Feasibility"


def test_places_under_any_weighting_hold_those_of_the_single_criteria():
    criteria = frame(importance=[0.9, 0.1, 0.5], feasibility=[0.1, 0.9, 0.5], breadth=[0.2, 0.3, 0.9])
    found = sensitivity(criteria, seed=3, vectors=0, top=1).table.set_index("recommendation_id")
    assert found["best"].to_dict() == {"R1": 1, "R2": 1, "R3": 1}
    assert found["worst"].to_dict() == {"R1": 3, "R2": 3, "R3": 2}


def test_what_lacks_a_criterion_comes_last_with_a_reason():
    found = sensitivity(frame(importance=[0.9, 0.8, 0.1], feasibility=[0.5, None, 0.5]), seed=1)
    last = found.table.iloc[-1]
    assert (last["recommendation_id"], last["reason"]) == ("R2", "not ranked: feasibility not known")
    assert found.pairs == 1


def test_the_same_seed_gives_the_same_weightings_around_equal_ones():
    one, other = (weight_vectors(["importance", "breadth"], seed=seed) for seed in (5, 5))
    pd.testing.assert_frame_equal(one, other)
    assert one.loc["drawn"].mean().tolist() == pytest.approx([0.5, 0.5], abs=0.02)
    assert not one.equals(weight_vectors(["importance", "breadth"], seed=6))
