"""Points of working sessions and recommendations that nobody made: who proposed what, and where it led."""

import datetime as dt
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml

from helpers.data.privacy import redact
from helpers.data.sample.companies import make_firm, world
from helpers.data.sample.dice import Dice
from helpers.data.sample.texts import with_contact

SEED = "positions 2021-03"
KINDS: Mapping[str, float] = {
    "cluster": 0.44,
    "cluster_association": 0.14,
    "company": 0.2,
    "research": 0.12,
    "public_authority": 0.06,
    "other": 0.04,
}
"""Kinds of proposers and respondents, and how often each is drawn."""
COUNTRIES_OF: Mapping[str, Sequence[str]] = {
    "de": ("DE", "AT"),
    "fr": ("FR", "BE", "LU"),
    "it": ("IT",),
    "pl": ("PL",),
    "es": ("ES",),
    "pt": ("PT",),
    "nl": ("NL", "BE"),
    "ro": ("RO",),
    "el": ("EL", "CY"),
    "cs": ("CZ",),
    "sv": ("SE", "FI"),
    "hu": ("HU",),
}
"""Where somebody sits who writes in a language other than English."""
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A made-up point, and what is known of it: ``same`` is shared by points that say the same."""

    point_id: str
    session: str
    date: dt.date
    text: str
    language: str
    theme: str
    country: str
    proposer_kind: str
    recommendation: str
    same: str
    importance: float
    feasibility: float


@functools.cache
def content() -> Mapping[str, Any]:
    """Return sessions, recommendations, loose points and comments as they stand in the phrases.

    Examples
    --------
    >>> [session["session"] for session in content()["sessions"]]
    ['S1', 'S2', 'S3']
    """
    path = resources.files("helpers.data.sample").joinpath("phrases", "positions.yml")
    loaded: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


@functools.cache
def made_up_points() -> tuple[Point, ...]:
    """Return all points in the order in which they were proposed.

    Examples
    --------
    >>> [point.point_id for point in made_up_points()][:2]
    ['P001', 'P002']
    """
    dates = {session["session"]: session["date"] for session in content()["sessions"]}
    drawn = Dice(f"{SEED}|order").some(list(_written()), len(list(_written())))
    ordered = sorted(drawn, key=lambda entry: entry["s"])
    return tuple(_point(f"P{at:03d}", entry, dates[entry["s"]]) for at, entry in enumerate(ordered, start=1))


def _written() -> Iterator[dict[str, Any]]:
    for entry in content()["recommendations"]:
        known = {"recommendation": entry["id"], "theme": entry["themes"][0]}
        latent = {name: entry[name] for name in ("importance", "feasibility")}
        yield from ({**known, **latent, **point} for point in entry["points"])
    yield from content()["loose"]


def _point(point_id: str, entry: Mapping[str, Any], date: dt.date) -> Point:
    dice = Dice(f"{SEED}|{point_id}")
    language = str(entry.get("l", "en"))
    country = _country(language, dice)
    text = str(entry["text"])
    if entry.get("contact"):
        firm = make_firm(country, dice)
        # What is planted here must never be written: the sample is read by everybody.
        text = redact(with_contact(text, language, firm, dice), [firm.contact, firm.name])
    recommendation, same = str(entry.get("recommendation", "")), str(entry.get("same", ""))
    apart = 0.15 * Dice(f"{SEED}|latent|{recommendation}{same or point_id}").normal()
    return Point(
        point_id=point_id,
        session=str(entry["s"]),
        date=date,
        text=redact(text),
        language=language,
        theme=str(entry["theme"]),
        country=country,
        proposer_kind=dice.weighted(KINDS),
        recommendation=recommendation,
        same=same,
        importance=float(entry["importance"]) + apart,
        feasibility=float(entry["feasibility"]) + apart,
    )


def _country(language: str, dice: Dice) -> str:
    if language in COUNTRIES_OF:
        return dice.pick(COUNTRIES_OF[language])
    return dice.weighted({code: country.weight for code, country in world().items()})


def sessions_rows() -> list[Row]:
    """Return sessions.csv: session, date, title."""
    return [(entry["session"], entry["date"].isoformat(), entry["title"]) for entry in content()["sessions"]]


def points_rows() -> list[Row]:
    """Return points.csv: point, session, date, text, language, theme, country, kind of proposer."""
    return [
        (p.point_id, p.session, p.date.isoformat(), p.text, p.language, p.theme, p.country, p.proposer_kind)
        for p in made_up_points()
    ]


def register_rows() -> dict[str, list[Row]]:
    """Return the register's tables by file: what stands in it, and what it was made from."""
    entries = content()["recommendations"]
    return {
        "recommendations.csv": [(e["id"], e["text"], e["title"], e["status"][-1]) for e in entries],
        "points.csv": sorted((p.recommendation, p.point_id) for p in made_up_points() if p.recommendation),
        "themes.csv": [(e["id"], theme) for e in entries for theme in e["themes"]],
        "evidence.csv": [(e["id"], *reference) for e in entries for reference in e["evidence"]],
        "history.csv": [row for entry in entries for row in _history(entry)],
    }


def _history(entry: Mapping[str, Any]) -> Iterator[Row]:
    sessions = content()["sessions"]
    first = next(at for at, one in enumerate(sessions) if one["session"] == entry.get("from", "S1"))
    before = ""
    for session, status in zip(sessions[first:], entry["status"], strict=False):
        change = content()["change"][f"{status} again" if status == before else status]
        yield entry["id"], session["session"], session["date"].isoformat(), status, change
        before = status
