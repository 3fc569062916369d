"""Working groups that mix countries, kinds of organisations and steps of the value chain."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.analysis.collaboration.groups_domains import (
    Sizes,
    checked_sizes,
    choose_domains,
    divide,
    given_domains,
)
from helpers.analysis.collaboration.groups_program import improve_blocks, solve_block
from helpers.analysis.collaboration.groups_score import (
    GROUP_WEIGHTS,
    checked_weights,
    counts_of,
    crowd_of,
    most_points,
    parts_of,
    points,
)
from helpers.analysis.collaboration.groups_search import Division, division, improve
from helpers.analysis.collaboration.groups_start import even_groups
from helpers.analysis.collaboration.people import Ints, checked_people


@dataclass(frozen=True)
class Effort:
    """How long is searched: in steps, never in seconds, so that each machine finds the same groups.

    Attributes
    ----------
    rounds
        How often one of each group is seated again.
    blocks
        How many pairs of groups HiGHS divides anew.
    whole
        Up to how many participants HiGHS solves a domain whole.
    nodes
        Limit of its search tree.
    seconds
        Safety limit of the clock; if it strikes, the result says so.
    """

    rounds: int = 100
    blocks: int = 20
    whole: int = 18
    nodes: int = 2_000
    seconds: float = 600.0


@dataclass(frozen=True)
class Groups:
    """Working groups and how good they are.

    Attributes
    ----------
    members
        ``group``, ``domain``, ``participant_id``, ``country``, ``kind``.
    groups
        ``group``, ``domain``, ``size``, ``points``, ``countries``, ``kinds``, ``stages``, ``needs_met``.
    not_placed
        ``participant_id``, ``why``.
    domains
        ``domain``, ``participants``, ``groups``, ``points``, ``bound``, ``gap``, ``worst``, ``worst_bound``,
        ``proved`` (whether no division has a better worst group, nor more points with as good a one).
    weights
        Points of a country, kind, stage and met need.
    stopped_by_clock
        Whether the safety limit struck: another machine may find other groups.
    """

    members: pd.DataFrame
    groups: pd.DataFrame
    not_placed: pd.DataFrame
    domains: pd.DataFrame
    weights: dict[str, int]
    stopped_by_clock: bool

    @property
    def points(self) -> int:
        """Sum over all groups."""
        return int(self.domains["points"].sum())

    @property
    def bound(self) -> int:
        """No division into groups of these sizes within these domains has more points."""
        return int(self.domains["bound"].sum())

    @property
    def gap(self) -> float:
        """Optimality gap over the whole: how far the points may be below the most there could be."""
        return (self.bound - self.points) / self.bound if self.bound else 0.0


@dataclass(frozen=True)
class _Found:
    """A domain's division and what is known of the best one."""

    made: Division
    bound: int
    worst_bound: int
    by_clock: bool = False


def make_groups(
    participants: pd.DataFrame,
    *,
    size: int = 6,
    smallest: int | None = None,
    largest: int | None = None,
    weights: Mapping[str, int] = GROUP_WEIGHTS,
    seed: int = 0,
    domain_of: Mapping[str, str] | None = None,
    effort: Effort | None = None,
) -> Groups:
    """Divide participants into working groups of a domain each.

    The worst group comes first, then the sum of points. In each group are no more of one country than an
    even spread asks for, and a cluster or funder if the domain has enough of them. Small domains are solved
    whole by HiGHS. Larger ones begin with an even spread of countries and kinds, are improved by exchanges,
    assignments and HiGHS on pairs of groups, and are compared with a proven bound: the gap is stated.

    Parameters
    ----------
    participants
        See `people.checked_people`. The first domain of a list is the one it likes best.
    size, smallest, largest
        See `groups_domains.checked_sizes`.
    weights
        Points of each part; see `groups_score.GROUP_WEIGHTS`.
    seed
        The same seed and participants, in any order of rows, give the same groups.
    domain_of
        Code -> domain, if that is decided; otherwise see `groups_domains.choose_domains`.
    effort
        See `Effort`.

    Returns
    -------
    Groups

    Raises
    ------
    InputError
        If participants, sizes or weights are not as they may be.
    """
    people = checked_people(participants)
    sizes, marks = checked_sizes(size, smallest, largest), checked_weights(weights)
    chosen, without = (
        choose_domains(people, sizes.smallest) if domain_of is None else given_domains(people, domain_of)
    )
    effort = effort or Effort()
    ends = time.monotonic() + effort.seconds
    tables: list[tuple[pd.DataFrame, ...]] = []
    by_clock = False
    for number, domain in enumerate(sorted(set(chosen.values()))):
        of_domain = people[people["participant_id"].map(chosen).eq(domain)].reset_index(drop=True)
        rng = np.random.default_rng([seed, number])
        placed, left = _leave_over(domain, of_domain, sizes, rng)
        without.update(left)
        if len(placed):
            found = _divide_domain(
                placed, sizes, marks, rng, replace(effort, seconds=ends - time.monotonic())
            )
            by_clock |= found.by_clock
            tables.append(_tables(domain, placed, found))
    unplaced = pd.DataFrame(sorted(without.items()), columns=["participant_id", "why"], dtype="str")
    members, groups, domains = (
        (pd.concat(parts, ignore_index=True) for parts in zip(*tables, strict=True))
        if tables
        else _no_tables()
    )
    return Groups(members, groups, unplaced, domains, marks, by_clock)


def _leave_over(
    domain: str, people: pd.DataFrame, sizes: Sizes, rng: np.random.Generator
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Leave over those who do not fill a group, by lot."""
    placed = sum(divide(len(people), sizes))
    if placed == len(people):
        return people, {}
    stays = np.sort(rng.permutation(len(people))[:placed])
    out = people["participant_id"][~people.index.isin(stays)]
    what = f"groups of {sizes.smallest} to {sizes.largest}"
    why = f"left over by lot: {len(people)} participants of {domain} do not divide into {what}"
    if not placed:
        why = f"too few in {domain}: {len(people)} do not fill a group of {sizes.smallest}"
    return people.loc[stays].reset_index(drop=True), dict.fromkeys(out, why)


def _divide_domain(
    people: pd.DataFrame, sizes: Sizes, marks: dict[str, int], rng: np.random.Generator, effort: Effort
) -> _Found:
    crowd = crowd_of(people, marks)
    each = divide(len(people), sizes)
    ends = time.monotonic() + effort.seconds
    made = division(crowd, even_groups(crowd, each, rng), len(each))
    improve(made, rng, effort.rounds)
    most = most_points(crowd, len(each))
    found = _Found(made, most, most // len(each))
    left = ends - time.monotonic()
    if len(each) == 1 or made.best_possible():
        own = int(made.score.sum())
        return replace(found, bound=min(most, own), worst_bound=min(found.worst_bound, int(made.score.min())))
    if left <= 0:
        return replace(found, by_clock=True)
    if len(people) <= effort.whole:
        return _whole(found, effort.nodes, left)
    return replace(found, by_clock=improve_blocks(made, rng, effort.blocks, effort.nodes, left))


def _whole(found: _Found, nodes: int, seconds: float) -> _Found:
    """Solve a small domain whole: first the worst group's points, then the sum with that as floor."""
    made, everyone = found.made, np.arange(len(found.made.score))
    by_clock, bounds = False, [found.worst_bound, found.bound]
    for step, worst_first in enumerate((True, False)):
        floor = 0 if worst_first else int(made.score.min())
        solved = solve_block(made, everyone, floor, worst_first=worst_first, nodes=nodes, seconds=seconds)
        by_clock |= solved.by_clock
        bounds[step] = int(min(bounds[step], solved.bound))
        if solved.group is not None:
            _take_better(made, solved.group)
    # With a proven worst group the sum is bounded among divisions that have as good a one; with one that is
    # not proven still, since those with a better one are among them.
    return _Found(made, bounds[1], bounds[0], by_clock)


def _take_better(made: Division, group: Ints) -> None:
    score = points(made.crowd, counts_of(made.crowd, group, len(made.score)))
    if (int(score.min()), int(score.sum())) > (int(made.score.min()), int(made.score.sum())):
        made.place(np.arange(len(group)), group)


def _tables(domain: str, people: pd.DataFrame, found: _Found) -> tuple[pd.DataFrame, ...]:
    made = found.made
    # Numbers by the first code of each group, so that a name says nothing of how the group was found.
    first = [int(np.flatnonzero(made.group == number)[0]) for number in range(len(made.score))]
    rank = np.argsort(np.argsort(first))
    names = np.array([f"{domain} {number + 1}" for number in rank], dtype=object)
    members = people[["participant_id", "country", "kind"]].copy()
    members.insert(0, "group", pd.Series(names[made.group], dtype="str"))
    members.insert(1, "domain", domain)
    order = np.lexsort((people["participant_id"].to_numpy(dtype=object), rank[made.group]))
    counted = {part: values[np.argsort(rank)] for part, values in parts_of(made.crowd, made.counts).items()}
    groups = pd.DataFrame({"group": pd.Series(names[np.argsort(rank)], dtype="str"), "domain": domain})
    sizes = np.bincount(made.group)[np.argsort(rank)]
    groups = groups.assign(size=sizes, points=made.score[np.argsort(rank)], **counted)
    total, worst = int(made.score.sum()), int(made.score.min())
    summed = {"domain": domain, "participants": len(people), "groups": len(groups), "points": total}
    gap = (found.bound - total) / found.bound if found.bound else 0.0
    proved = total == found.bound and worst == found.worst_bound
    bounds = {"bound": found.bound, "gap": gap, "worst": worst, "worst_bound": found.worst_bound}
    return members.iloc[order], groups, pd.DataFrame([{**summed, **bounds, "proved": proved}])


def _no_tables() -> tuple[pd.DataFrame, ...]:
    figures = ("size", "points", *GROUP_WEIGHTS)
    heads = (
        ("group", "domain", "participant_id", "country", "kind"),
        ("group", "domain", *figures),
        ("domain", "participants", "groups", "points", "bound", "gap", "worst", "worst_bound", "proved"),
    )
    return tuple(pd.DataFrame(columns=list(head)) for head in heads)
