"""Participation: who counts, rates against clusters, who is missing, and what is held back."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.analysis.collaboration.participation import (
    all_sessions,
    attendance_by_session,
    missing_countries,
    participation_over_time,
    participation_rates,
    poisson_interval,
    presences,
)
from helpers.analysis.collaboration.shown_participation import (
    HELD_BACK,
    NOBODY,
    SHOWN,
    country_table,
    group_table,
    held_back_countries,
    over_time_table,
    session_table,
    who_is_missing,
)
from helpers.data.errors import InputError

SESSIONS = pd.DataFrame(
    {
        "session_id": ["s1", "s2", "s3"],
        "series": ["talks", "talks", "lab"],
        "title": ["One", "Two", "Three"],
        "date": pd.to_datetime([date(2021, 2, 18), date(2022, 6, 22), date(2022, 9, 7)]),
        "country": [None, "RO", None],
    }
)
CLUSTERS = pd.DataFrame({"country": ["AT", "BE", "BG", "LU"], "organisations": [20, 30, 37, 3]})
COUNTRIES = pd.DataFrame(
    {
        "country": ["AT", "BE", "BG", "CH", "LU"],
        "name": ["Austria", "Belgium", "Bulgaria", "Switzerland", "Lux"],
    }
)


def registrations(rows: list[tuple[str, str, str, str, str | None]]) -> pd.DataFrame:
    """Return registrations from session, participant, country, organisation, attended."""
    columns = ["session_id", "participant_id", "country", "organisation_id", "attended"]
    return pd.DataFrame(rows, columns=columns).assign(kind="cluster")


def present_with(counts: dict[str, int], session: str = "s1") -> pd.DataFrame:
    """Return presences of so many organisations of each country."""
    rows = [
        (session, f"p{c}{n}", c, f"o{c}{n}", "yes") for c, number in counts.items() for n in range(number)
    ]
    return presences(registrations(rows), SESSIONS)


def test_only_those_noted_as_come_count_as_attended() -> None:
    rows = registrations(
        [("s1", "p1", "AT", "o1", "yes"), ("s1", "p2", "AT", "o1", "no"), ("s1", "p3", "BE", "o2", None)]
    )
    assert presences(rows, SESSIONS)["participant_id"].tolist() == ["p1"]
    assert presences(rows, SESSIONS, measure="registered")["participant_id"].tolist() == ["p1", "p2", "p3"]
    assert presences(rows, SESSIONS, series=["lab"]).empty
    (first, *_) = attendance_by_session(rows, SESSIONS).to_dict("records")
    assert (first["registered"], first["came"], first["stayed_away"], first["not_noted"]) == (3, 1, 1, 1)
    assert first["share_came"] == 0.5


def test_what_does_not_fit_is_refused_with_its_name() -> None:
    with pytest.raises(InputError, match="session_id 'x' is not a session"):
        presences(registrations([("x", "p", "AT", "o", "yes")]), SESSIONS)
    with pytest.raises(InputError, match="session_id s1, participant_id p is listed 2 times"):
        presences(registrations([("s1", "p", "AT", "o", "yes")] * 2), SESSIONS)
    with pytest.raises(InputError, match="measure: 'seen' is unknown"):
        presences(registrations([]), SESSIONS, measure="seen")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="every: 'week' is unknown"):
        participation_over_time(present_with({"AT": 1}), "country", "week")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="session_id s1 is listed 2 times"):
        all_sessions(SESSIONS, SESSIONS)


def test_sessions_of_both_tables_are_marked_and_in_order() -> None:
    made = SESSIONS.head(1).assign(session_id="sample-1", domains="energy")
    together = all_sessions(SESSIONS.iloc[::-1], made)
    assert together["date"].is_monotonic_increasing
    assert together.set_index("session_id")["made_up"].to_dict() == {
        **dict.fromkeys(["s1", "s2", "s3"], False),
        "sample-1": True,
    }
    assert together["domains"].notna().sum() == 1


def test_rates_are_organisations_for_ten_clusters_with_the_exact_interval() -> None:
    rates = participation_rates(present_with({"AT": 10, "CH": 2}), CLUSTERS).set_index("country")
    at = rates.loc["AT"]
    # Garwood's interval of 10 is 4.795 to 18.390; of 20 clusters half of it for ten.
    assert (at["clusters"], at["organisations"], at["per_10"]) == (20, 10, 5.0)
    assert (round(at["low"], 3), round(at["high"], 3)) == (2.398, 9.195)
    assert pd.isna(rates.loc["CH", "per_10"])
    assert missing_countries(rates.reset_index())["country"].tolist() == ["BG", "BE", "LU"]


def test_the_interval_of_nobody_is_the_rule_of_three() -> None:
    low, high = poisson_interval([0], 0.90)
    assert low[0] == 0
    assert high[0] == pytest.approx(2.996, abs=0.001)  # -ln 0.05
    with pytest.raises(InputError, match="level is 1"):
        poisson_interval([0], 1)


def test_organisations_are_counted_once_a_period() -> None:
    rows = registrations(
        [("s2", "p1", "AT", "o1", "yes"), ("s3", "p1", "AT", "o1", "yes"), ("s3", "p2", "AT", "o1", "yes")]
    )
    (row,) = participation_over_time(presences(rows, SESSIONS), "country").to_dict("records")
    assert (row["period"], row["organisations"], row["participants"], row["presences"]) == ("2022", 1, 2, 3)
    assert row["share"] == 1.0


def test_a_small_country_is_held_back_together_with_another() -> None:
    present = present_with({"AT": 10, "BE": 6, "CH": 1})
    cells = group_table(present, "country", COUNTRIES["country"].tolist())
    table = country_table(cells, present, CLUSTERS, COUNTRIES)
    status = table.set_index("country")["status"].to_dict()
    assert status == {"AT": SHOWN, "BE": HELD_BACK, "CH": HELD_BACK, "BG": NOBODY, "LU": NOBODY}
    hidden = table[table["status"] == HELD_BACK]
    assert hidden[["organisations", "share", "per_10", "low", "high"]].isna().all().all()
    assert who_is_missing(table)[["country", "clusters"]].values.tolist() == [["BG", 37], ["LU", 3]]
    assert held_back_countries(table) == {"BE", "CH"}


def test_a_country_held_back_in_all_is_held_back_in_each_year() -> None:
    present = pd.concat([present_with({"AT": 10, "BE": 6, "CH": 1}, session) for session in ("s1", "s3")])
    table = over_time_table(present, "country", held_back={"BE", "CH"})
    assert set(table.loc[table["country"].isin(["BE", "CH"]), "status"]) == {HELD_BACK}
    assert table.loc[table["status"] == HELD_BACK, ["organisations", "share"]].isna().all().all()
    totals = table[table["country"] == "total"]
    assert totals["organisations"].tolist() == [17, 17]


def test_nobody_at_all_is_an_empty_table() -> None:
    table = over_time_table(present_with({}), "country")
    assert table.empty
    assert table.columns.tolist() == ["period", "country", "organisations", "share", "status"]


@settings(max_examples=40)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=6))
def test_no_number_below_the_minimum_is_shown_or_left_alone_beside_a_total(counts: list[int]) -> None:
    numbers = {f"C{at}": number for at, number in enumerate(counts)}
    if not any(numbers.values()):
        return
    table = group_table(present_with(numbers), "country", list(numbers)).set_index("country")
    shown = table[table["status"] == SHOWN].drop(index="total", errors="ignore")
    assert (shown["organisations"] >= 3).all()
    assert all(numbers[c] == n for c, n in shown["organisations"].items())
    assert set(table.index[table["status"] == NOBODY]) - {"total"} == {
        c for c, n in numbers.items() if n == 0
    }
    held = table.drop(index="total").query("status == @HELD_BACK")
    if table.loc["total", "status"] == SHOWN:
        assert len(held) != 1


def test_parts_of_a_small_session_are_held_back_together() -> None:
    attendance = pd.DataFrame(
        {
            "registered": [30, 30, 2, 0],
            "came": [20, 20, 2, 0],
            "stayed_away": [10, 9, 0, 0],
            "not_noted": [0, 1, 0, 0],
            "share_came": pd.array([0.67, 0.69, 1.0, None], dtype="Float64"),
        }
    )
    table = session_table(attendance)
    assert table["status"].tolist() == [SHOWN, HELD_BACK, HELD_BACK, NOBODY]
    assert table["registered"].tolist() == [30, 30, pd.NA, 0]
    assert table.loc[1, ["came", "stayed_away", "not_noted", "share_came"]].isna().all()
