"""Made-up expressions of interest, contacts, and who agreed that whom may have the contact."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpers.data.sample.collaboration_people import Person, people
from helpers.data.sample.collaboration_words import (
    ANY_STAGE,
    CAPABILITIES,
    COMMUNITIES,
    DOMAINS,
    ECOSYSTEMS,
    HOSTILE,
    INTERESTS,
    KINDS,
    MEDICAL_STAGES,
    OFTEN_OFFERED,
    ROLES,
    SEED,
)
from helpers.data.sample.companies import word
from helpers.data.sample.dice import Dice

INTERESTED, REGISTERED = 240, 80
"""How many expressed interest, and how many of them are participants of sessions."""
PAIRS = 420
"""How many pairs were asked whether they may have each other's contact."""
_LABELS = {code: label for code, label, _ in CAPABILITIES}


@dataclass(frozen=True, slots=True)
class Interest:
    """What a made-up participant entered; lists are tuples."""

    person: Person
    domains: tuple[str, ...]
    ecosystems: tuple[str, ...]
    stages: tuple[str, ...]
    offers: tuple[str, ...]
    needs: tuple[str, ...]
    text: str
    role: str
    size: str

    def cells(self) -> list[str]:
        """Return the cells of ``interests.csv``."""
        lists = (self.domains, self.ecosystems, self.stages, self.offers, self.needs)
        joined = [";".join(values) for values in lists]
        who = [self.person.participant_id, self.person.country, self.person.kind]
        return [*who, *joined, self.text, self.role, self.size]


def interests() -> list[Interest]:
    """Return all expressions of interest, by participant.

    Examples
    --------
    >>> made = interests()
    >>> len(made), made == interests()
    (240, True)
    """
    dice = Dice(f"{SEED}|interested")
    registered = sorted(dice.some(people(), REGISTERED), key=lambda person: person.participant_id)
    first = len(people()) + 1
    new = [_newcomer(f"p{first + at:04d}") for at in range(INTERESTED - REGISTERED)]
    return [_interest(at, person) for at, person in enumerate([*registered, *new])]


def _newcomer(number: str) -> Person:
    """Return a participant who never registered for a session."""
    dice = Dice(f"{SEED}|newcomer|{number}")
    community = dice.weighted({"south and west": 34.0, "centre and north": 28, "east": 26, "neighbours": 12})
    country = dice.weighted(COMMUNITIES[community])
    kind = dice.weighted({**KINDS, "company": 48.0, "cluster": 30.0})
    return Person(number, f"x{number[1:]}", country, kind, community, 1.0)


def _interest(at: int, person: Person) -> Interest:
    dice = Dice(f"{SEED}|interest|{person.participant_id}")
    domains = _several(dice, 1 + dice.chance(0.45) + dice.chance(0.15))
    near = [code for code, _, where in CAPABILITIES if not where or set(where.split(";")) & set(domains)]
    offers = _offers(person.kind, near, dice)
    wanted = [code for code in near if code not in offers]
    needs = tuple(sorted(dice.some(wanted, dice.whole(1, 3)))) if dice.chance(0.93) else ()
    ecosystems = sorted({dice.pick(ECOSYSTEMS[domain]) for domain in domains}) if dice.chance(0.9) else []
    stages = _stages(domains, dice) if dice.chance(0.88) else ()
    text = HOSTILE[at // 41 % len(HOSTILE)] if at % 41 == 17 else _text(domains, offers, needs, dice)
    role = dice.weighted(ROLES) if dice.chance(0.92) else ""
    size = str(dice.whole(4, 9)) if dice.chance(0.2) else ""
    return Interest(person, domains, tuple(ecosystems), stages, offers, needs, text, role, size)


def _several(dice: Dice, number: int) -> tuple[str, ...]:
    """Return some domains, by weight, in the order of the list."""
    left = dict(DOMAINS)
    drawn = set()
    for _ in range(number):
        one = dice.weighted(left)
        drawn.add(one)
        del left[one]
    return tuple(domain for domain in DOMAINS if domain in drawn)


def _offers(kind: str, near: Sequence[str], dice: Dice) -> tuple[str, ...]:
    if not dice.chance(0.92):
        return ()
    usual = [code for code in OFTEN_OFFERED.get(kind, ()) if dice.chance(0.6)]
    return tuple(sorted({*usual, *dice.some(near, dice.whole(1, 3))}))


def _stages(domains: Sequence[str], dice: Dice) -> tuple[str, ...]:
    possible = [*ANY_STAGE, *(MEDICAL_STAGES if "medical supplies" in domains else ())]
    drawn = set(dice.some(possible, dice.whole(1, 2)))
    return tuple(stage for stage in possible if stage in drawn)


def _text(domains: Sequence[str], offers: Sequence[str], needs: Sequence[str], dice: Dice) -> str:
    if not dice.chance(0.85):
        return ""
    offer = _LABELS[offers[0]].lower() if offers else "what we know"
    need = _LABELS[needs[0]].lower() if needs else "partners"
    return dice.pick(INTERESTS).format(domain=domains[0], offer=offer, need=need)


def consent_rows(made: Sequence[Interest]) -> list[list[str]]:
    """Return the cells of ``consents.csv``, by pair: most of pairs that share a domain."""
    dice = Dice(f"{SEED}|consents")
    asked: set[tuple[str, str]] = set()
    while len(asked) < PAIRS:
        one, other = dice.some(made, 2)
        if set(one.domains) & set(other.domains) or dice.chance(0.1):
            first, second = sorted((one.person.participant_id, other.person.participant_id))
            asked.add((first, second))
    answers = {"yes": 52.0, "no": 14.0, "": 34.0}
    return [[*pair, dice.weighted(answers), dice.weighted(answers)] for pair in sorted(asked)]


def contact_rows(made: Sequence[Interest]) -> list[list[str]]:
    """Return made-up contacts: participant, organisation, person, e-mail (a domain that cannot exist)."""
    rows = []
    for one in made:
        number = one.person.participant_id
        dice = Dice(f"{SEED}|contact|{number}")
        firm, family = word(dice, 3), word(dice, 3)
        person = f"Sample {family}"
        rows.append([number, f"Sample {firm}", person, f"{family}@{firm}.example".lower()])
    return rows
