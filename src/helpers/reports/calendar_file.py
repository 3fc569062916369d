"""The sessions and cut-offs of the series of events as a file for calendar programs (.ics)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers.data.catalog import dataset_origin
from helpers.data.coding.harmless import harmless
from helpers.data.errors import InputError
from helpers.data.files import write_atomically
from helpers.data.process import read_table
from helpers.data.project import project_root, raw_folder
from helpers.figures.sources import SAMPLE_MARK
from helpers.reports.collaboration import ALL, sessions_of
from helpers.reports.values import did_you_mean

if TYPE_CHECKING:
    from icalendar import Event

ANNOUNCED, REGISTERED = "event_series", "registrations"
_PRODUCT = "-//cluster-evidence//calendar//EN"
_HOME = "cluster-evidence"


@dataclass(frozen=True)
class WrittenCalendar:
    """What was written: how many sessions (of these made up) and cut-offs, and whether the file changed."""

    path: Path
    sessions: int
    made_up: int
    cut_offs: int
    changed: bool


def write_calendar(
    series: str = ALL, out: Path | None = None, root: Path | None = None, *, announced_only: bool = False
) -> WrittenCalendar:
    """Write the sessions of one series, or of all, as a calendar.

    Parameters
    ----------
    series
        Short name of a series, or ``all``.
    out
        File to write; by default ``reports/documents/calendar-<series>.ics``, which git ignores.
    root
        The project's folder.
    announced_only
        Leave made-up sessions out.

    Returns
    -------
    WrittenCalendar
        The same tables give the same bytes; the UID of an event is that of its session whenever it is
        written, so that a calendar program updates it and does not enter it twice.

    Raises
    ------
    InputError
        If there is no such series, or its tables are not made yet.
    """
    root = (root or project_root()).resolve()
    names = read_table("event_series_series", root)
    known = names["series"].tolist()
    if series not in (ALL, *known):
        near = did_you_mean(series, [ALL, *known])
        raise InputError(f"--series: found {series[:60]!r}{near}; allowed: {', '.join([ALL, *known])}")
    sessions = _sessions(series, root, announced_only=announced_only)
    calls = read_table("event_series_calls", root)
    if series != ALL:
        calls = calls[calls["series"] == series]
    stamp = dt.datetime.combine(dataset_origin(ANNOUNCED, root).retrieved, dt.time(), dt.UTC)
    data = calendar_bytes(sessions, calls, names, stamp)
    path = out or root / "reports" / "documents" / f"calendar-{series}.ics"
    if path.is_dir():
        raise InputError(f"--out: {path} is a folder; allowed: a file such as {series}.ics")
    changed = not path.is_file() or path.read_bytes() != data
    if changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data)
    return WrittenCalendar(path, len(sessions), int(sessions["made_up"].sum()), len(calls), changed)


def _sessions(series: str, root: Path, *, announced_only: bool) -> pd.DataFrame:
    announced = read_table("event_series_sessions", root)
    observed = (raw_folder(root) / REGISTERED).is_dir()
    own = read_table(f"{REGISTERED if observed else f'{REGISTERED}_sample'}_sessions", root)
    together = sessions_of(announced, own, series, observed=observed)
    together = together[~together["made_up"]] if announced_only else together
    known = announced[["session_id", "place", "source"]]
    return together.merge(known, on="session_id", how="left")


def calendar_bytes(
    sessions: pd.DataFrame, calls: pd.DataFrame, series: pd.DataFrame, stamp: dt.datetime
) -> bytes:
    """Return sessions and cut-offs as a calendar (RFC 5545).

    Parameters
    ----------
    sessions
        ``session_id``, ``series``, ``title``, ``date``, ``made_up``; ``country``, ``place``, ``source`` where
        they are known. Hours are not known: each is an event of the whole day.
    calls
        ``call``, ``series``, ``cut_off``, ``what``, ``source``.
    series
        ``series``, ``name``.
    stamp
        Stands in each event as the time at which it was described.

    References
    ----------
    Desruisseaux, B. (2009), RFC 5545: Internet Calendaring and Scheduling Core Object Specification.
    """
    from icalendar import Calendar

    names = dict(zip(series["series"], series["name"], strict=True))
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    for row in sessions.sort_values(["date", "session_id"]).to_dict("records"):
        calendar.add_component(_session_event(row, names, stamp))
    for row in calls.sort_values(["cut_off", "call"]).to_dict("records"):
        name = names.get(row["series"], row["series"])
        event = _event(f"call-{row['call']}", row["cut_off"], f"Cut-off, {name}: {row['what']}", name, stamp)
        event.add("description", _clean(f"Source: {row['source']}"))
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _session_event(row: Mapping[Any, Any], names: dict[str, str], stamp: dt.datetime) -> "Event":
    name = names.get(str(row["series"]), str(row["series"]))
    made_up = bool(row["made_up"])
    mark = f"[{SAMPLE_MARK}] " if made_up else ""
    event = _event(str(row["session_id"]), row["date"], f"{mark}{name}: {row['title']}", name, stamp)
    event.add("status", "TENTATIVE" if made_up else "CONFIRMED")
    where = [str(row[key]) for key in ("place", "country") if key in row and pd.notna(row[key])]
    if where:
        event.add("location", _clean(", ".join(where)))
    source = row.get("source")
    said = (
        f"Source: {source}" if pd.notna(source) else "Made up: nobody held this session." if made_up else ""
    )
    if said:
        event.add("description", _clean(said))
    return event


def _event(uid: str, day: object, summary: str, category: str, stamp: dt.datetime) -> "Event":
    """Return an event of a whole day that blocks nobody's time."""
    from icalendar import Event

    date = pd.Timestamp(str(day)).date()
    event = Event()
    event.add("uid", f"{uid}@{_HOME}")
    event.add("dtstamp", stamp)
    event.add("dtstart", date)
    event.add("dtend", date + dt.timedelta(days=1))
    event.add("summary", _clean(summary))
    event.add("categories", [_clean(category)])
    event.add("transp", "TRANSPARENT")
    return event


def _clean(text: str) -> str:
    """Return a text of one line in which nothing is hidden: what it holds cannot begin a line of the file."""
    return " ".join(harmless(text, longest=2000).split())
