"""The calendar: the same events under the same names each time, made-up ones marked, texts harmless."""

import datetime as dt
import shutil
from pathlib import Path

import icalendar
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data.errors import InputError
from helpers.data.process import process
from helpers.data.project import project_root
from helpers.reports.calendar_file import calendar_bytes, write_calendar

STAMP = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
SERIES = pd.DataFrame({"series": ["talks"], "name": ["EU Clusters Talks"]})
CALLS = pd.DataFrame(
    {
        "call": ["talks-1"],
        "series": ["talks"],
        "cut_off": [pd.Timestamp("2022-07-29")],
        "what": ["First cut-off"],
        "source": ["organiser"],
    }
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("calendar")
    for name in ("event_series", "registrations_sample", "countries"):
        shutil.copytree(project_root() / "data" / "raw" / name, folder / "data" / "raw" / name)
    tables = [f"event_series_{part}" for part in ("series", "sessions", "calls")]
    process(folder, only=[*tables, "registrations_sample_sessions"])
    return folder


def sessions(title: str = "Dual use") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "session_id": ["s-2022-09-21", "sample-1"],
            "series": "talks",
            "title": [title, "Sample: steel"],
            "date": pd.to_datetime(["2022-09-21", "2022-11-02"]),
            "made_up": [False, True],
            "country": [None, None],
            "place": [None, "Cluj-Napoca"],
            "source": ["https://example.org", None],
        }
    )


def events(data: bytes) -> dict[str, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(data)
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def test_each_session_and_cut_off_is_an_event_of_a_whole_day_under_a_name_that_stays() -> None:
    found = events(calendar_bytes(sessions(), CALLS, SERIES, STAMP))
    assert list(found) == [
        "s-2022-09-21@cluster-evidence",
        "sample-1@cluster-evidence",
        "call-talks-1@cluster-evidence",
    ]
    cut_off = found["call-talks-1@cluster-evidence"]
    assert (cut_off.decoded("dtstart"), cut_off.decoded("dtend")) == (
        dt.date(2022, 7, 29),
        dt.date(2022, 7, 30),
    )
    assert str(cut_off["summary"]) == "Cut-off, EU Clusters Talks: First cut-off"


def test_a_new_title_keeps_the_name_of_the_event() -> None:
    first, second = (events(calendar_bytes(sessions(t), CALLS, SERIES, STAMP)) for t in ("Old", "New"))
    assert list(first) == list(second)
    assert first != second


def test_a_made_up_session_says_so_in_its_summary_and_an_announced_one_does_not() -> None:
    found = events(calendar_bytes(sessions(), CALLS, SERIES, STAMP))
    assert str(found["sample-1@cluster-evidence"]["summary"]).startswith("[illustrative sample data] ")
    assert "sample data" not in str(found["s-2022-09-21@cluster-evidence"]["summary"])


@given(st.text(max_size=120))
def test_no_title_can_begin_a_line_of_the_file_or_add_an_event(title: str) -> None:
    hostile = f"{title}\r\nEND:VEVENT\nBEGIN:VEVENT\nUID:evil"
    found = events(calendar_bytes(sessions(hostile), CALLS, SERIES, STAMP))
    assert len(found) == 3
    assert not any("evil" in uid for uid in found)


def test_the_same_tables_give_the_same_bytes_and_an_unchanged_file_is_left(
    root: Path, tmp_path: Path
) -> None:
    first = write_calendar(out=tmp_path / "a.ics", root=root)
    assert (first.changed, write_calendar(out=tmp_path / "a.ics", root=root).changed) == (True, False)
    write_calendar(out=tmp_path / "b.ics", root=root)
    assert (tmp_path / "a.ics").read_bytes() == (tmp_path / "b.ics").read_bytes()


def test_one_series_and_announced_sessions_alone_can_be_had(root: Path, tmp_path: Path) -> None:
    done = write_calendar("c2lab", tmp_path / "c.ics", root, announced_only=True)
    assert (done.sessions, done.made_up, done.cut_offs) == (1, 0, 0)
    assert list(events((tmp_path / "c.ics").read_bytes())) == ["s-2022-06-22@cluster-evidence"]


def test_an_unknown_series_is_refused_with_the_nearest_name(root: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="did you mean 'c2lab'"):
        write_calendar("c2labb", tmp_path / "c.ics", root)
