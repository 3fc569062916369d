"""Evidence: what is named is found or missing, and a recommendation without any says so."""

import pandas as pd
import pytest

from helpers.analysis.recommendations import shown
from helpers.analysis.recommendations.evidence import (
    REPORTS,
    SUBJECTS,
    evidence_of,
    evidence_states,
    rests_on,
    themes_of,
)
from helpers.data.errors import InputError


def rows(**changes: object) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "recommendation_id": ["R01", "R01", "R02"],
            "report": ["supply", "themes", "capacity"],
            "kind": ["fact", "figure", "fact"],
            "name": ["narrowest", "by-stage", "gaps"],
            "reason": "since",
        }
    )
    return table.assign(**changes)


def known(**changes: object) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "report": ["supply", "themes", "capacity", "supply"],
            "kind": ["fact", "figure", "fact", "figure"],
            "name": ["narrowest", "by-stage", "gaps", "shadow"],
            "exists": [True, True, False, True],
            "value": ["Vials", None, "12", None],
            "unit": ["stage", None, "cells", None],
            "sample": [True, False, True, True],
        }
    )
    return table.assign(**changes)


def test_states_tell_with_missing_and_without(register):
    found = evidence_of(rows(), known())
    states = evidence_states(register, found).set_index("recommendation_id")
    assert states["state"].to_dict() == {
        "R01": "with evidence",
        "R02": "evidence missing",
        "R03": "without evidence",
    }
    assert states["sample"].to_dict() == {"R01": True, "R02": False, "R03": False}
    assert states.loc["R02", "missing_names"] == "fact gaps of capacity"
    assert shown.states_counted(states) == {"with evidence": 1, "evidence missing": 1, "without evidence": 1}


def test_what_is_not_listed_does_not_exist(register):
    found = evidence_of(rows(name=["narrowest", "no_such", "gaps"]), known())
    assert found["found"].tolist() == [True, False, False]
    assert found["value"].isna().tolist() == [False, True, True]
    # Same name, other kind: a figure is no fact.
    assert not evidence_of(rows(kind="table"), known())["found"].any()


def test_each_recommendation_rests_on_reports_and_subjects(register):
    found = evidence_of(rows(), known())
    reports = rests_on(register, found).pivot(index="recommendation_id", columns="report", values="found")
    assert reports.loc["R01"].to_dict() == {
        "clusters": 0,
        "capacity": 0,
        "supply": 1,
        "themes": 1,
        "collaboration": 0,
    }
    subjects = rests_on(register, found, "subject")
    assert len(subjects) == 3 * len(SUBJECTS)
    assert subjects.loc[subjects["pieces"] > 0, "subject"].tolist() == [
        "themes",
        "bottlenecks",
        "capacity gaps",
    ]
    assert set(subjects.loc[subjects["recommendation_id"] == "R03", "state"]) == {"without evidence"}
    with pytest.raises(InputError, match="report and subject are allowed"):
        rests_on(register, found, "colour")


def test_without_any_evidence_every_recommendation_says_so(register):
    none = evidence_of(rows().head(0), known())
    assert set(evidence_states(register, none)["state"]) == {"without evidence"}
    assert len(rests_on(register, none)) == 3 * len(REPORTS)
    assert shown.evidence_rows(none, register)["state"].tolist() == ["without evidence"] * 3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "map"}, "row 2, column kind: map"),
        ({"recommendation_id": "R01", "name": "x", "kind": "fact", "report": "supply"}, "listed 3 times"),
    ],
)
def test_registers_that_cannot_be_are_refused(changes, words):
    with pytest.raises(InputError, match=words):
        evidence_of(rows(**changes), known())


def test_evidence_of_an_unknown_recommendation_is_refused(register):
    found = evidence_of(rows(recommendation_id=["R01", "R09", "R02"]), known())
    with pytest.raises(InputError, match="no recommendation R09"):
        evidence_states(register, found)


def test_rows_for_readers_state_values_with_their_unit(register):
    table = shown.evidence_rows(evidence_of(rows(), known()), register)
    assert table["value_words"].tolist() == ["Vials (stage)", "", "", ""]
    assert table["label"].tolist()[-1] == "R03 Quick money"
    matrix = shown.evidence_matrix(rests_on(register, evidence_of(rows(), known())), register)
    assert matrix["source_label"].tolist()[:5] == list(REPORTS.values())
    themes = pd.DataFrame({"recommendation_id": ["R01", "R01"], "theme": ["data", "x"]})
    assert themes_of(themes, {"data": "Data"})["R01"] == "Data; x"
