"""The same participants in random groups and in groups made by hand, by the same points."""

import numpy as np
import pandas as pd

from helpers.analysis.collaboration.groups import Groups
from helpers.analysis.collaboration.groups_score import (
    Crowd,
    counts_of,
    crowd_of,
    parts_of,
    points,
)
from helpers.analysis.collaboration.people import Ints, checked_people


def compare_groups(
    groups: Groups, participants: pd.DataFrame, *, seed: int = 0, draws: int = 20
) -> pd.DataFrame:
    """Set groups beside random and greedy ones of the same members of each domain and the same sizes.

    Parameters
    ----------
    groups
        See `groups.make_groups`.
    participants
        Those they were made of.
    seed, draws
        Of random groups: where they begin, and over how many draws they are averaged.

    Returns
    -------
    DataFrame
        ``method`` (program, greedy, random), ``points``, ``share_of_bound``, ``worst`` (points of the worst
        group), means a group of ``countries``, ``kinds``, ``stages``, ``needs_met``, and ``no_bridge``:
        groups without cluster or funder. Random groups: means over the draws.

    Raises
    ------
    InputError
        As `people.checked_people`.
    """
    people = checked_people(participants)
    measured: dict[str, list[pd.DataFrame]] = {"program": [], "greedy": [], "random": []}
    for number, (_, members) in enumerate(groups.members.groupby("domain", sort=True)):
        codes = members.set_index("participant_id")["group"]
        own = people[people["participant_id"].isin(codes.index)].reset_index(drop=True)
        crowd = crowd_of(own, groups.weights)
        made = np.unique(own["participant_id"].map(codes).to_numpy(dtype=object), return_inverse=True)[1]
        sizes = np.sort(np.bincount(made))[::-1].tolist()
        rng = np.random.default_rng([seed, number])
        measured["program"].append(_measures(crowd, made))
        measured["greedy"].append(_measures(crowd, greedy_groups(crowd, sizes)))
        measured["random"] += [_measures(crowd, random_groups(crowd, sizes, rng)) for _ in range(draws)]
    rows = [
        _row(name, parts, draws if name == "random" else 1, groups.bound) for name, parts in measured.items()
    ]
    return pd.DataFrame(rows)


def random_groups(crowd: Crowd, sizes: list[int], rng: np.random.Generator) -> Ints:
    """Deal participants out by lot; return the group of each."""
    group = np.repeat(np.arange(len(sizes)), sizes)
    return rng.permutation(group)


def greedy_groups(crowd: Crowd, sizes: list[int]) -> Ints:
    """Fill group after group, each time with who adds most points; the lesser code where several do.

    That is what one does by hand: the first groups are the best, the last ones get who is left.
    """
    group = np.full(len(crowd.ids), -1)
    for number, size in enumerate(sizes):
        counts = np.zeros(crowd.features.shape[1], dtype=np.int64)
        for _ in range(size):
            free = np.flatnonzero(group < 0)
            value = points(crowd, counts + crowd.features[free])
            best = int(free[int(value.argmax())])
            group[best] = number
            counts += crowd.features[best]
    return group


def _measures(crowd: Crowd, group: Ints) -> pd.DataFrame:
    groups = int(group.max()) + 1
    counts = counts_of(crowd, group, groups)
    bridges = np.bincount(group, weights=crowd.bridge, minlength=groups)
    return pd.DataFrame(
        {"points": points(crowd, counts), **parts_of(crowd, counts), "no_bridge": (bridges == 0).astype(int)}
    )


def _row(name: str, parts: list[pd.DataFrame], draws: int, bound: int) -> dict[str, object]:
    if not parts:
        return {"method": name, "points": 0.0}
    together = pd.concat(parts, ignore_index=True)
    # Domain by domain all draws follow each other: the k-th of each makes the k-th division of everybody.
    draw = np.repeat(np.arange(len(parts)) % draws, [len(part) for part in parts])
    total = float(together["points"].sum()) / draws
    return {
        "method": name,
        "points": total,
        "share_of_bound": total / bound if bound else np.nan,
        "worst": float(together["points"].groupby(draw).min().mean()),
        **{part: float(together[part].mean()) for part in ("countries", "kinds", "stages", "needs_met")},
        "no_bridge": float(together["no_bridge"].sum()) / draws,
    }
