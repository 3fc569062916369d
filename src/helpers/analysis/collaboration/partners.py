"""Partners: who suits whom, how well, why, and who finds nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from helpers.analysis.checks import Floats
from helpers.analysis.collaboration.people import checked_people, indicator, persons, said, words_of
from helpers.data.errors import InputError

# What counts how much. Work in common comes first, then that one has what the other lacks; who else they
# are matters least. Assumptions of this repository: change them by the parameter `weights`.
PARTNER_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"domains": 3.0, "needs": 3.0, "stages": 2.0, "ecosystems": 1.0, "kind": 1.0, "country": 1.0}
)
_COLUMNS = ("participant_id", "rank", "partner_id", "score", "own_interest", "others_interest")


@dataclass(frozen=True)
class Partners:
    """Ranked partners and who has none.

    Attributes
    ----------
    ranked
        ``participant_id``, ``rank`` (1 is the best), ``partner_id``, ``score`` (0 to 1), ``own_interest``,
        ``others_interest`` (0 to 1), a column a part of the participant's own interest (0 to 1), ``why``.
    without
        ``participant_id``, ``best_score`` (with anybody; NaN if there is nobody), ``why``.
    """

    ranked: pd.DataFrame
    without: pd.DataFrame


def rank_partners(
    participants: pd.DataFrame,
    stage_order: Sequence[str],
    *,
    weights: Mapping[str, float] = PARTNER_WEIGHTS,
    most: int = 10,
    least_score: float = 0.3,
) -> Partners:
    """Rank for each participant those who suit it, as far as they gain by it, too.

    The interest of i in j is the weighted mean of six parts, each from 0 to 1: the share of i's domains that
    j shares (``domains``), that of i's ecosystems (``ecosystems``), the share of i's needs that j offers
    (``needs``), 1 if j works at a step of the value chain next to one of i's and not i's own, one half if at
    another one that i lacks (``stages``), 1 if j is of another kind (``kind``), 1 if from another country
    (``country``). What is not stated earns nothing. The score of the two is the geometric mean of both
    interests, so that nobody is proposed to somebody who gains nothing.

    Parameters
    ----------
    participants
        See `people.checked_people`.
    stage_order
        Steps of the value chain, in order: what stands side by side is neighbouring.
    weights
        What each part counts; parts that are not named count nothing.
    most
        How many partners are listed of each.
    least_score
        Who scores less is no suitable partner; neither is who shares no domain and no ecosystem.

    Returns
    -------
    Partners
        Equal scores in the order of codes; the same whatever the order of rows.

    Raises
    ------
    InputError
        If a weight is unknown or negative or none counts, or ``most`` is less than 1.

    Examples
    --------
    >>> people = pd.DataFrame({"participant_id": ["a", "b"], "country": ["AT", "FR"],
    ...     "kind": ["company", "cluster"], "domains": [("energy",)] * 2, "ecosystems": [(), ()],
    ...     "stages": [("vials",), ("syringes",)], "offers": [(), ("test rooms",)],
    ...     "needs": [("test rooms",), ()]})
    >>> found = rank_partners(people, ["vials", "syringes"]).ranked.iloc[0]
    >>> found["partner_id"], round(float(found["score"]), 3)
    ('b', 0.761)
    >>> found["why"]
    'shares the domain energy; offers what it needs: test rooms; next step of the value chain: syringes; \
another kind: cluster; another country: FR'
    """
    shares = _shares(weights)
    if most < 1:
        raise InputError(f"rank_partners: most is {most}; 1 or more is allowed")
    people = checked_people(participants)
    parts = interest_parts(people, stage_order)
    interest: Floats = np.zeros((len(people), len(people)))
    for part, share in shares.items():
        interest += share * parts[part]
    score: Floats = np.sqrt(interest * interest.T).round(12)
    in_common = (parts["domains"] > 0) | (parts["ecosystems"] > 0)
    suits = in_common & (score >= least_score)
    np.fill_diagonal(suits, val=False)
    order = np.argsort(np.where(suits, -score, 1.0), axis=1, kind="stable")[:, :most]
    row, place = np.nonzero(np.take_along_axis(suits, order, axis=1))
    partner = order[row, place]
    codes = people["participant_id"].to_numpy()
    figures = (codes[row], place + 1, codes[partner], score[row, partner], interest[row, partner])
    ranked = pd.DataFrame(dict(zip(_COLUMNS, (*figures, interest[partner, row]), strict=True)))
    for part in PARTNER_WEIGHTS:
        ranked[part] = parts[part][row, partner]
    who = persons(people)
    pairs = zip(row.tolist(), partner.tolist(), strict=True)
    why = [reasons(who[one], who[other], stage_order) for one, other in pairs]
    return Partners(
        ranked.assign(why=pd.Series(why, dtype="str")), _without(people, score, suits, least_score)
    )


def interest_parts(people: pd.DataFrame, stage_order: Sequence[str]) -> dict[str, Floats]:
    """Compute each part of each one's interest in each other.

    Parameters
    ----------
    people
        As `people.checked_people` returns them.
    stage_order
        See `rank_partners`.

    Returns
    -------
    dict
        Part -> matrix, n x n, row i the interest of i.
    """
    parts = {}
    for part, other in (("domains", "domains"), ("ecosystems", "ecosystems"), ("needs", "offers")):
        words = words_of(people[part])
        stated = indicator(people[part], words)
        shared = stated @ indicator(people[other], words).T
        parts[part] = shared / np.maximum(stated.sum(axis=1), 1)[:, None]
    parts["stages"] = _complementary(people, stage_order)
    for part in ("kind", "country"):
        values = people[part].to_numpy(dtype=object)
        number = np.unique(values, return_inverse=True)[1]
        stated_by = np.array([value != "" for value in values], dtype=np.float64)
        parts[part] = (number[:, None] != number) * np.outer(stated_by, stated_by)
    return parts


def reasons(one: Mapping[str, object], other: Mapping[str, object], stage_order: Sequence[str]) -> str:
    """Say in words what makes another a partner of one.

    Parameters
    ----------
    one, other
        Rows of participants.
    stage_order
        See `rank_partners`.
    """
    lists = {key: (_words(one, key), _words(other, key)) for key in ("domains", "ecosystems", "stages")}
    found = [
        _shared("domain", *lists["domains"]),
        _shared("ecosystem", *lists["ecosystems"]),
        _met("offers what it needs", _words(other, "offers"), _words(one, "needs")),
        _met("needs what it offers", _words(other, "needs"), _words(one, "offers")),
        _further(*lists["stages"], stage_order),
        *(
            f"another {key}: {str(other[key]).replace('_', ' ')}"
            for key in ("kind", "country")
            if one[key] and other[key] and one[key] != other[key]
        ),
    ]
    return "; ".join(reason for reason in found if reason)


def _shares(weights: Mapping[str, float]) -> dict[str, float]:
    unknown = sorted(set(weights) - set(PARTNER_WEIGHTS))
    if unknown:
        allowed = ", ".join(PARTNER_WEIGHTS)
        raise InputError(f"weights: {', '.join(unknown)} is no part of the score; allowed: {allowed}")
    for part, weight in weights.items():
        if not (np.isfinite(weight) and weight >= 0):
            raise InputError(f"weights: {part} is {weight}; numbers from zero upwards are allowed")
    total = sum(weights.values())
    if not total > 0:
        raise InputError("weights: all are zero; at least one part has to count")
    return {part: weights[part] / total for part in PARTNER_WEIGHTS if part in weights}


def _complementary(people: pd.DataFrame, stage_order: Sequence[str]) -> Floats:
    """Return 1 where the other has a step next to one's own that one lacks, 1/2 where another step."""
    words = [*stage_order, *sorted(set(words_of(people["stages"])) - set(stage_order))]
    has = indicator(people["stages"], words)
    beside = np.zeros((len(words), len(words)))
    along = np.arange(len(stage_order) - 1)
    beside[along, along + 1] = beside[along + 1, along] = 1.0
    next_to_own = ((has @ beside > 0) & (has == 0)).astype(np.float64)
    stated = (has.sum(axis=1) > 0)[:, None]
    neighbouring = next_to_own @ has.T > 0
    different = ((1 - has) @ has.T > 0) & stated
    return np.where(neighbouring, 1.0, np.where(different, 0.5, 0.0))


def _without(people: pd.DataFrame, score: Floats, suits: np.ndarray, least_score: float) -> pd.DataFrame:
    """Say of each who has no partner why."""
    rows = []
    common = {part: _count_words(people[part]) for part in ("domains", "ecosystems")}
    for row in np.flatnonzero(~suits.any(axis=1)).tolist():
        others = np.delete(score[row], row)
        best = float(others.max()) if len(others) else np.nan
        person = people.iloc[row]
        named = [*person["domains"], *person["ecosystems"]]
        shared = any(common[part].get(word, 0) > 1 for part in common for word in person[part])
        if not named:
            why = "names no domain and no ecosystem"
        elif not shared:
            why = f"nobody else names {said(named)}"
        else:
            why = f"of those who share a domain or an ecosystem none reaches a score of {least_score:g}"
        rows.append((person["participant_id"], best, why))
    return pd.DataFrame(rows, columns=["participant_id", "best_score", "why"])


def _count_words(lists: pd.Series) -> dict[str, int]:
    counted = pd.Series([word for words in lists for word in words], dtype="object").value_counts()
    return {str(word): int(count) for word, count in counted.items()}


def _words(person: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = person[key]
    return tuple(map(str, value)) if isinstance(value, (tuple, list)) else ()


def _shared(what: str, own: tuple[str, ...], others: tuple[str, ...]) -> str:
    both = [word for word in own if word in others]
    return f"shares the {what}{'s' if len(both) > 1 else ''} {said(both)}" if both else ""


def _met(what: str, gives: tuple[str, ...], takes: tuple[str, ...]) -> str:
    both = [word for word in takes if word in gives]
    return f"{what}: {said(both)}" if both else ""


def _further(own: tuple[str, ...], others: tuple[str, ...], stage_order: Sequence[str]) -> str:
    """Name the steps that the other adds, those next to one's own first."""
    place = {stage: number for number, stage in enumerate(stage_order)}
    added = sorted(set(others) - set(own), key=lambda stage: (place.get(stage, len(place)), stage))
    if not added or not own:
        return ""
    near = [a for a in added if any(a in place and o in place and abs(place[a] - place[o]) == 1 for o in own)]
    what = "next step of the value chain" if near else "another step of the value chain"
    return f"{what}: {said(near or added)}"
