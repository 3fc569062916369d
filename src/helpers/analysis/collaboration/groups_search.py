"""Better groups step by step: members change places until nothing improves, the worst group first."""

from dataclasses import dataclass, replace

import numpy as np

from helpers.analysis.collaboration.groups_score import (
    Crowd,
    country_limits,
    counts_of,
    most_points,
    needs_bridge,
    points,
)
from helpers.analysis.collaboration.people import Flags, Ints

_FORBIDDEN = -10_000_000
# So many groups are searched at once; of more, parts of that many, twice, drawn anew the second time. The
# time then grows with the number of participants and not with its square.
_AT_ONCE = 40


@dataclass
class Division:
    """A division into groups that is being improved.

    Attributes
    ----------
    crowd
        Participants.
    group
        Number of the group of each.
    counts, score
        Of each group; see `groups_score`.
    limits
        Most of each country in a group.
    bridged
        Whether each group has to have a cluster or funder.
    """

    crowd: Crowd
    group: Ints
    counts: Ints
    score: Ints
    limits: Ints
    bridged: bool

    def place(self, who: Ints, where: Ints) -> None:
        """Put participants into groups and count again."""
        self.group[who] = where
        self.counts = counts_of(self.crowd, self.group, len(self.score))
        self.score = points(self.crowd, self.counts)

    def best_possible(self) -> bool:
        """Tell whether the sum and the worst group reach their bounds."""
        most = most_points(self.crowd, len(self.score))
        return int(self.score.sum()) == most and int(self.score.min()) == most // len(self.score)


def division(crowd: Crowd, group: Ints, groups: int) -> Division:
    """Begin with a division that keeps the limits."""
    counts = counts_of(crowd, group, groups)
    limits = country_limits(crowd, groups)
    return Division(crowd, group.copy(), counts, points(crowd, counts), limits, needs_bridge(crowd, groups))


def improve(made: Division, rng: np.random.Generator, rounds: int) -> None:
    """Change places until nothing improves: two at a time, then one of each group at once.

    Parameters
    ----------
    made
        Is changed.
    rng
        In which order participants are tried, and who leaves a group.
    rounds
        How often one member of each group leaves and all are seated again. The number of rounds, never the
        clock, ends the search: the result is the same on a slow machine.
    """
    groups = len(made.score)
    if groups <= _AT_ONCE:
        _improve_at_once(made, rng, rounds)
        return
    for _ in range(2):
        for part in np.array_split(rng.permutation(groups), -(-groups // _AT_ONCE)):
            chosen = np.sort(part)
            who = np.flatnonzero(np.isin(made.group, chosen))
            small = _part(made, chosen, who)
            _improve_at_once(small, rng, rounds // 2)
            made.place(who, chosen[small.group])


def _part(made: Division, groups: Ints, who: Ints) -> Division:
    """Take some groups and their members; the limits stay those of the whole."""
    crowd = replace(
        made.crowd,
        ids=tuple(made.crowd.ids[one] for one in who),
        features=made.crowd.features[who],
        country=made.crowd.country[who],
        kind=made.crowd.kind[who],
        bridge=made.crowd.bridge[who],
    )
    group = np.searchsorted(groups, made.group[who])
    return Division(crowd, group, made.counts[groups], made.score[groups], made.limits, made.bridged)


def _improve_at_once(made: Division, rng: np.random.Generator, rounds: int) -> None:
    if len(made.score) < 2:
        return
    _exchange(made, rng)
    for _ in range(rounds):
        if made.best_possible():
            return
        if _seat_again(made, rng):
            _exchange(made, rng)


def _exchange(made: Division, rng: np.random.Generator) -> None:
    """Exchange pairs while that lifts the worst group, or the sum without lowering the worst group."""
    improved = True
    while improved and not made.best_possible():
        improved = False
        for one in rng.permutation(len(made.group)).tolist():
            improved |= _best_exchange(made, one)
        improved |= _lift_worst(made)


def _after(made: Division, one: int) -> tuple[Ints, Ints, Flags]:
    """Return both groups' points after each exchange with one participant, and whether it is allowed."""
    crowd, group, counts = made.crowd, made.group, made.counts
    own = group[one]
    change = crowd.features - crowd.features[one]
    here = points(crowd, counts[own] + change)
    there = points(crowd, counts[group] - change)
    allowed = group != own
    other_country = crowd.country != crowd.country[one]
    allowed &= ~other_country | (
        (counts[own, crowd.country] < made.limits[crowd.country])
        & (counts[group, crowd.country[one]] < made.limits[crowd.country[one]])
    )
    if made.bridged:
        bridges = np.bincount(group, weights=crowd.bridge, minlength=len(made.score))
        gain = crowd.bridge.astype(int) - int(crowd.bridge[one])
        allowed &= (bridges[own] + gain >= 1) & (bridges[group] - gain >= 1)
    return here, there, allowed


def _lift_worst(made: Division) -> bool:
    """Exchange members of the worst groups until all of them are better; undone if one cannot be."""
    worst = int(made.score.min())
    before = (made.group.copy(), made.counts.copy(), made.score.copy())
    while int(made.score.min()) == worst:
        best = (_FORBIDDEN, 0, 0)
        for one in np.flatnonzero(made.group == made.score.argmin()).tolist():
            here, there, allowed = _after(made, one)
            useful = allowed & (np.minimum(here, there) > worst)
            value = np.where(useful, here + there - made.score[made.group], _FORBIDDEN)
            other = int(value.argmax())
            best = max(best, (int(value[other]), one, other))
        if best[0] == _FORBIDDEN:
            made.group, made.counts, made.score = before
            return False
        _swap(made, best[1], best[2])
    return True


def _best_exchange(made: Division, one: int) -> bool:
    """Make the exchange with one participant that adds most, if one adds, or evens out two groups."""
    here, there, allowed = _after(made, one)
    own, others = made.score[made.group[one]], made.score[made.group]
    gain = here + there - own - others
    low, low_before = np.minimum(here, there), np.minimum(own, others)
    useful = allowed & (low >= made.score.min()) & ((gain > 0) | ((gain == 0) & (low > low_before)))
    if not useful.any():
        return False
    value = np.where(useful, gain * 1000 + low, _FORBIDDEN)
    _swap(made, one, int(value.argmax()))
    return True


def _swap(made: Division, one: int, other: int) -> None:
    own, others = int(made.group[one]), int(made.group[other])
    change = made.crowd.features[other] - made.crowd.features[one]
    made.counts[own] += change
    made.counts[others] -= change
    made.group[one], made.group[other] = others, own
    pair = [own, others]
    made.score[pair] = points(made.crowd, made.counts[pair])


def _seat_again(made: Division, rng: np.random.Generator) -> bool:
    """Let one member of each group leave and seat them again at best; tell whether anything changed.

    An assignment problem (Kuhn 1955): who is worth how many points in which group. Where the sum stays, the
    members still change places, which leads to exchanges that did not exist before.
    """
    groups = len(made.score)
    shuffled = rng.permutation(len(made.group))
    leaving = shuffled[np.unique(made.group[shuffled], return_index=True)[1]]
    values = _values(made, leaving)
    seat = best_assignment(values)
    if (seat == np.arange(groups)).all() or values[np.arange(groups), seat].min() <= _FORBIDDEN:
        return False
    made.place(leaving, seat)
    return True


def _values(made: Division, leaving: Ints) -> Ints:
    """Return the points of each group with each of those who leave: a row a person, a column a group."""
    crowd = made.crowd
    rest = made.counts - crowd.features[leaving]
    values = np.stack([points(crowd, rest + crowd.features[one]) for one in leaving.tolist()])
    full = made.limits[crowd.country[leaving]][:, None] <= rest[:, crowd.country[leaving]].T
    forbidden = full | (values < made.score.min())
    if made.bridged:
        bridges = np.bincount(made.group, weights=crowd.bridge, minlength=len(made.score))
        forbidden |= (bridges - crowd.bridge[leaving] < 1)[None, :] & ~crowd.bridge[leaving][:, None]
    return np.where(forbidden, _FORBIDDEN, values)


def best_assignment(values: Ints) -> Ints:
    """Give each row a column of its own so that the sum of values is greatest.

    Examples
    --------
    >>> best_assignment(np.array([[8, 7], [9, 5]])).tolist()
    [1, 0]

    References
    ----------
    Kuhn, H. W. (1955), The Hungarian method for the assignment problem, *Naval Research Logistics Quarterly*
    2, 83-97; solved as Crouse, D. F. (2016), On implementing 2D rectangular assignment algorithms, *IEEE
    Transactions on Aerospace and Electronic Systems* 52(4), 1679-1696.
    """
    from scipy.optimize import linear_sum_assignment

    return np.asarray(linear_sum_assignment(values, maximize=True)[1], dtype=np.int64)
