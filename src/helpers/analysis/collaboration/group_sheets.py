"""The sheet of a working group: who is in it, why, and which facts it should look at. No contacts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.analysis.collaboration.groups import Groups
from helpers.analysis.collaboration.groups_score import BRIDGES
from helpers.analysis.collaboration.people import checked_people, persons, said, words_of
from helpers.data.errors import InputError

Facts = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class GroupSheet:
    """What a group is given.

    Attributes
    ----------
    group, domain
        Its name and domain.
    who
        ``participant_id``, ``kind``, ``country``, ``brings`` (in words). No names, no contacts.
    why
        ``reason``: what makes them a group, a sentence a row.
    look_at
        ``because`` (domain, stage or theme, and which), ``fact``: what other reports say about it.
    """

    group: str
    domain: str
    who: pd.DataFrame
    why: pd.DataFrame
    look_at: pd.DataFrame


def sheet_of(
    group: str, groups: Groups, participants: pd.DataFrame, facts: Mapping[str, Facts] | None = None
) -> GroupSheet:
    """Write the sheet of a working group.

    Parameters
    ----------
    group
        Its name, as in ``groups.members``.
    groups
        See `groups.make_groups`.
    participants
        Those the groups were made of.
    facts
        What to look at: ``domain``, ``stage`` and ``theme`` -> (name -> names of facts or reports). A theme
        is looked at if a member needs something of that name.

    Raises
    ------
    InputError
        If there is no such group, or `facts` has another key.
    """
    members = groups.members[groups.members["group"] == group]
    if members.empty:
        raise InputError(
            f"group: there is no {group!r}; allowed: {', '.join(groups.groups['group'][:5])}, ..."
        )
    unknown = sorted(set(facts or {}) - {"domain", "stage", "theme"})
    if unknown:
        raise InputError(f"facts: {unknown[0]} is unknown; allowed: domain, stage, theme")
    people = checked_people(participants)
    people = people[people["participant_id"].isin(members["participant_id"])].reset_index(drop=True)
    domain = str(members["domain"].iloc[0])
    who = people[["participant_id", "kind", "country"]].assign(
        brings=pd.Series([_brings(person) for person in persons(people)], dtype="str")
    )
    why = pd.DataFrame({"reason": pd.Series(group_reasons(domain, people), dtype="str")})
    return GroupSheet(group, domain, who, why, _look_at(domain, people, facts or {}))


def group_reasons(domain: str, people: pd.DataFrame) -> list[str]:
    """Say in sentences what makes participants a group.

    Parameters
    ----------
    domain
        What they have in common.
    people
        As `people.checked_people` returns them.
    """
    found = [f"All named the domain {said([domain])}."]
    for column, one, several in (("country", "country", "countries"), ("kind", "kind", "kinds")):
        words = [word for word in words_of(zip(people[column])) if word]
        if words:
            found.append(f"{len(words)} {one if len(words) == 1 else several}: {said(words)}.")
    stages = words_of(people["stages"])
    if stages:
        steps = "step" if len(stages) == 1 else "steps"
        found.append(f"{len(stages)} {steps} of the value chain: {said(stages)}.")
    bridges = [word for word in words_of(zip(people["kind"])) if word in BRIDGES]
    if bridges:
        found.append(f"It has somebody who brings others or money together: {said(bridges)}.")
    codes = [str(code) for code in people["participant_id"]]
    members = list(zip(codes, people["needs"], people["offers"], strict=True))
    for need in words_of(people["needs"]):
        takes = [code for code, needs, offers in members if need in needs and need not in offers]
        gives = [code for code, _, offers in members if need in offers]
        if takes and gives:
            verb = "needs" if len(takes) == 1 else "need"
            offer = "offers" if len(gives) == 1 else "offer"
            found.append(f"{said(takes)} {verb} {said([need])}, which {said(gives)} {offer}.")
    return found


def _brings(person: Mapping[str, object]) -> str:
    parts = []
    for column, what in (("stages", "works at"), ("offers", "offers"), ("needs", "needs")):
        words = person[column]
        if isinstance(words, tuple) and words:
            parts.append(f"{what} {said(words)}")
    return "; ".join(parts)


def _look_at(domain: str, people: pd.DataFrame, facts: Mapping[str, Facts]) -> pd.DataFrame:
    named = {"domain": [domain], "stage": words_of(people["stages"]), "theme": words_of(people["needs"])}
    rows = [
        (f"{what}: {said([name])}", fact)
        for what, names in named.items()
        for name in names
        for fact in facts.get(what, {}).get(name, ())
    ]
    return pd.DataFrame(rows, columns=["because", "fact"], dtype="str").drop_duplicates(
        "fact", ignore_index=True
    )
