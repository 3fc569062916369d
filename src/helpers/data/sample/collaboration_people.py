"""Made-up participants of sessions, and which sessions they register for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from helpers.data.sample.collaboration_words import (
    COMMUNITIES,
    HOSTILE,
    KINDS,
    QUESTIONS,
    SEED,
    SESSIONS,
    SIZES,
)
from helpers.data.sample.dice import Dice

HOME, AWAY = 0.28, 0.004
"""Chance that a participant of middling activity comes to a session of its own community, and to another."""


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up participant."""

    participant_id: str
    organisation_id: str
    country: str
    kind: str
    community: str
    activity: float


@dataclass(frozen=True, slots=True)
class Session:
    """A session that people register for; ``made_up`` if it was not announced by anybody."""

    session_id: str
    series: str
    title: str
    date: date
    country: str
    domains: str
    made_up: bool


def made_up_sessions() -> list[Session]:
    """Return the sessions that the generator adds to the public ones.

    Examples
    --------
    >>> made = made_up_sessions()
    >>> len(made), made[0].session_id, made[0].title.startswith("Sample: ")
    (16, 'sample-eccp-webinars-1', True)
    """
    counts: dict[str, int] = {}
    sessions = []
    for series, day, title, country, domains in SESSIONS:
        counts[series] = counts.get(series, 0) + 1
        code = f"sample-{series}-{counts[series]}"
        on = date.fromisoformat(day)
        sessions.append(Session(code, series, f"Sample: {title}", on, country, domains, True))
    return sessions


def people() -> list[Person]:
    """Return the participants; two or three in ten share an organisation with one before them.

    Examples
    --------
    >>> made = people()
    >>> len(made), len({person.participant_id for person in made})
    (330, 330)
    """
    made: list[Person] = []
    organisations = 0
    for community, size in SIZES.items():
        dice = Dice(f"{SEED}|people|{community}")
        for _ in range(size):
            country = dice.weighted(COMMUNITIES[community])
            colleagues = [one for one in made if one.country == country]
            activity = 2.0 ** (dice.normal() * 0.8)
            number = f"p{len(made) + 1:04d}"
            if colleagues and dice.chance(0.3):
                first = dice.pick(colleagues)
                made.append(Person(number, first.organisation_id, country, first.kind, community, activity))
                continue
            organisations += 1
            kind = dice.weighted(KINDS)
            made.append(Person(number, f"o{organisations:04d}", country, kind, community, activity))
    return made


def registration_rows(sessions: Sequence[Session]) -> list[list[str]]:
    """Return the cells of ``registrations.csv``, session by session, without the header."""
    everybody = people()
    ordered = sorted(sessions, key=lambda session: (session.date, session.session_id))
    unnoted = Dice(f"{SEED}|unnoted").some([session.session_id for session in ordered], 2)
    rows: list[list[str]] = []
    for session in ordered:
        dice = Dice(f"{SEED}|session|{session.session_id}")
        homes = _homes(session, dice)
        for person in everybody:
            chance = person.activity * (HOME if person.community in homes else AWAY)
            if not dice.chance(min(chance, 0.9)):
                continue
            entered = session.date - timedelta(days=dice.whole(0, 28))
            noted = "" if session.session_id in unnoted else _attended(dice)
            cells = [session.session_id, person.participant_id, person.country, person.kind]
            number = f"g{len(rows) + 1:05d}"
            asked = _question(len(rows), dice)
            rows.append([number, *cells, person.organisation_id, entered.isoformat(), noted, asked])
    return rows


def _homes(session: Session, dice: Dice) -> list[str]:
    """Return the communities from which most participants of a session come."""
    return dice.some(list(COMMUNITIES), 2 if dice.chance(0.35) else 1)


def _attended(dice: Dice) -> str:
    return dice.weighted({"yes": 66.0, "no": 26.0, "": 8.0})


def _question(row: int, dice: Dice) -> str:
    if row % 149 == 60:
        return HOSTILE[row // 149 % len(HOSTILE)]
    return dice.pick(QUESTIONS) if dice.chance(0.12) else ""
