"""What a working group covers, in points, and the most points that groups can reach together."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from helpers.analysis.collaboration.people import Flags, Ints, indicator, words_of
from helpers.data.errors import InputError

# Points of a group: for each different country, kind of organisation and step of the value chain in it, and
# for each need of a member that another member's offer meets. Assumptions, to be changed by `weights`.
GROUP_WEIGHTS: Mapping[str, int] = MappingProxyType({"countries": 1, "kinds": 1, "stages": 1, "needs_met": 1})
# Who brings others together or brings money: at least one a group where there are enough.
BRIDGES = ("cluster", "funder")


@dataclass(frozen=True)
class Crowd:
    """Participants of one domain as numbers.

    Attributes
    ----------
    ids
        Codes, in the order of rows.
    features
        A row a participant; columns are countries, kinds and stages (which count once in a group), then
        offers, then needs, by the same words. 0 or 1.
    single
        Number of columns that count once.
    weight
        Points of each of these, and of each need that is met.
    stated
        Whether each of these is one: a country or kind that is not stated is none.
    country
        Number of each participant's country.
    kind
        Number of each participant's kind.
    bridge
        Whether it is a cluster or funder.
    columns
        Number of columns of countries, kinds and stages.
    """

    ids: tuple[str, ...]
    features: Ints
    single: int
    weight: Ints
    stated: Flags
    country: Ints
    kind: Ints
    bridge: Flags
    columns: tuple[int, int, int]

    @property
    def words(self) -> int:
        """Number of different offers and needs."""
        return int(self.features.shape[1] - self.single) // 2


def crowd_of(people: pd.DataFrame, weights: Mapping[str, int]) -> Crowd:
    """Write participants as numbers.

    Parameters
    ----------
    people
        As `people.checked_people` returns them. Who offers what it needs does not need it.
    weights
        Points; see `checked_weights`.
    """
    countries, kinds = words_of(zip(people["country"])), words_of(zip(people["kind"]))
    stages = words_of(people["stages"])
    offered = indicator(people["offers"], topics := _topics(people))
    needed = np.where(offered > 0, 0.0, indicator(people["needs"], topics))
    parts = [
        indicator(zip(people["country"]), countries),
        indicator(zip(people["kind"]), kinds),
        indicator(people["stages"], stages),
    ]
    columns = (len(countries), len(kinds), len(stages))
    once = np.repeat([weights["countries"], weights["kinds"], weights["stages"]], columns)
    stated = np.array([word != "" for word in [*countries, *kinds, *stages]], dtype=bool)
    return Crowd(
        tuple(people["participant_id"]),
        np.hstack([*parts, offered, needed]).astype(np.int64),
        sum(columns),
        np.append(once * stated, np.full(len(topics), weights["needs_met"])).astype(np.int64),
        stated,
        np.searchsorted(np.array(countries, dtype=object), people["country"].to_numpy(dtype=object)),
        np.searchsorted(np.array(kinds, dtype=object), people["kind"].to_numpy(dtype=object)),
        people["kind"].isin(BRIDGES).to_numpy(dtype=bool),
        columns,
    )


def checked_weights(weights: Mapping[str, int]) -> dict[str, int]:
    """Check the points, and fill in zero for what is not named.

    Raises
    ------
    InputError
        If a part is unknown or its points are no whole number from zero upwards.

    Examples
    --------
    >>> checked_weights({"kinds": 2})
    {'countries': 0, 'kinds': 2, 'stages': 0, 'needs_met': 0}
    """
    unknown = sorted(set(weights) - set(GROUP_WEIGHTS))
    if unknown:
        raise InputError(
            f"weights: {unknown[0]} is no part of the points; allowed: {', '.join(GROUP_WEIGHTS)}"
        )
    for part, value in weights.items():
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 0:
            raise InputError(f"weights: {part} is {value!r}; whole numbers from zero upwards are allowed")
    return {part: int(weights.get(part, 0)) for part in GROUP_WEIGHTS}


def counts_of(crowd: Crowd, group: Ints, groups: int) -> Ints:
    """Count in each group how many have each feature; shape groups x features."""
    counts = np.zeros((groups, crowd.features.shape[1]), dtype=np.int64)
    np.add.at(counts, group, crowd.features)
    return counts


def points(crowd: Crowd, counts: Ints) -> Ints:
    """Compute the points of groups from their counts (features along the last axis)."""
    return covered(crowd, counts) @ crowd.weight


def covered(crowd: Crowd, counts: Ints) -> Flags:
    """Tell which features are covered: each country, kind and stage, and each need that an offer meets."""
    there = counts > 0
    offers = there[..., crowd.single : crowd.single + crowd.words]
    met = offers & there[..., crowd.single + crowd.words :]
    return np.concatenate([there[..., : crowd.single], met], axis=-1)


def most_points(crowd: Crowd, groups: int) -> int:
    """Compute a number of points that no division into so many groups exceeds.

    A feature that n participants have is covered in n groups at most, and in no more than there are; a need
    is met in no more groups than there are who need it, or who offer it. This is the optimum of the linear
    relaxation of the integer program in `groups_program` without its limits: giving each group the same part
    of everybody reaches it, and no solution does better.

    Examples
    --------
    Two of one country and one of another make five points at most in two groups: three for countries, two
    for kinds.

    >>> from helpers.analysis.collaboration.people import checked_people
    >>> rows = [{"participant_id": code, "country": country, "kind": "company", "domains": (),
    ...          "ecosystems": (), "stages": (), "offers": (), "needs": ()}
    ...         for code, country in (("a", "AT"), ("b", "AT"), ("c", "BE"))]
    >>> most_points(crowd_of(checked_people(pd.DataFrame(rows)), checked_weights(GROUP_WEIGHTS)), 2)
    5
    """
    have = crowd.features.sum(axis=0)
    offers = have[crowd.single : crowd.single + crowd.words]
    met = np.minimum(offers, have[crowd.single + crowd.words :])
    reach = np.minimum(np.append(have[: crowd.single], met), groups)
    return int(reach @ crowd.weight)


def parts_of(crowd: Crowd, counts: Ints) -> dict[str, Ints]:
    """Count what each group covers: countries, kinds, stages, needs met; what is not stated is none."""
    ends = np.cumsum(crowd.columns)
    there = covered(crowd, counts)
    there[..., : crowd.single] &= crowd.stated
    pieces = np.split(there, ends, axis=-1)
    return {part: piece.sum(axis=-1) for part, piece in zip(GROUP_WEIGHTS, pieces, strict=True)}


def country_limits(crowd: Crowd, groups: int) -> Ints:
    """Return how many of each country a group may have: no more than an even spread asks for."""
    return -(-np.bincount(crowd.country, minlength=crowd.columns[0]) // groups)


def needs_bridge(crowd: Crowd, groups: int) -> bool:
    """Tell whether there are clusters and funders enough for each group to have one."""
    return int(crowd.bridge.sum()) >= groups


def _topics(people: pd.DataFrame) -> list[str]:
    return words_of([*people["offers"], *people["needs"]])
