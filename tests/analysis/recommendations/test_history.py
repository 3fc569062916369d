"""History: the status after each session, and a register that contradicts its history is refused."""

import pandas as pd
import pytest

from helpers.analysis.recommendations import shown
from helpers.analysis.recommendations.history import changes_at, status_by_session, status_counts
from helpers.data.errors import InputError


def history(**changes: object) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "recommendation_id": ["R01", "R01", "R02", "R03", "R03"],
            "session": ["S1", "S3", "S2", "S1", "S2"],
            "date": ["2021-01-21", "2021-03-11", "2021-02-18", "2021-01-21", "2021-02-18"],
            "status": ["draft", "agreed", "draft", "draft", "dropped"],
            "change": ["Written", "Agreed", "Written", "Written", "Beyond us"],
        }
    )
    return table.assign(**changes)


def test_a_status_holds_until_the_next_session_that_says_more(register):
    table = status_by_session(register, history())
    statuses = table.pivot(index="recommendation_id", columns="session", values="status")
    assert statuses.loc["R01"].tolist() == ["draft", "draft", "agreed"]
    assert statuses.loc["R02"].tolist() == ["not yet", "draft", "draft"]
    assert statuses.loc["R03"].tolist() == ["draft", "dropped", "dropped"]
    assert table.loc[table["recommendation_id"] == "R02", "event"].tolist() == ["", "new", "kept"]


def test_sessions_that_changed_nothing_are_shown_and_ordered_by_date(register):
    sessions = pd.DataFrame({"session": ["S0", "S9"], "date": ["2021-01-01", "2021-06-01"]})
    table = status_by_session(register, history(), sessions)
    assert list(dict.fromkeys(table["session"])) == ["S0", "S1", "S2", "S3", "S9"]


def test_changes_and_counts_of_a_session(register):
    table = status_by_session(register, history())
    assert changes_at(table, "S2")["recommendation_id"].tolist() == ["R02", "R03"]
    assert status_counts(table)[["draft", "agreed", "dropped"]].values.tolist() == [
        [2, 0, 0],
        [2, 0, 1],
        [1, 1, 1],
    ]
    changed = shown.change_rows(table, register)
    assert changed["session"].tolist() == ["S1", "S1", "S2", "S2", "S3"]
    assert changed["change"].tolist()[3] == "Beyond us"
    with pytest.raises(InputError, match="no session S7; there are S1, S2, S3"):
        changes_at(table, "S7")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"status": ["draft", "draft", "draft", "draft", "dropped"]},
            "row 2: R01 is agreed, but its history ends with draft",
        ),
        ({"status": ["draft", "agreed", "maybe", "draft", "dropped"]}, "row 4, column status: maybe"),
        ({"recommendation_id": ["R01", "R01", "R09", "R03", "R03"]}, "R09 is not in the register"),
        ({"session": ["S1", "S1", "S2", "S1", "S2"]}, "R01 is listed twice at session S1"),
        (
            {"date": ["2021-01-21", "2021-03-11", "2021-02-18", "2021-01-22", "2021-02-18"]},
            "S1 has two dates",
        ),
        ({"recommendation_id": ["R01", "R01", "R01", "R03", "R03"]}, "R02 has no history"),
    ],
)
def test_a_register_that_contradicts_its_history_is_refused(register, changes, words):
    with pytest.raises(InputError, match=words):
        status_by_session(register, history(**changes))
