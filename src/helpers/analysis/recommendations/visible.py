"""Which groups of respondents may be shown, so that nobody's rating can be worked out from what is shown.

Ratings are means, and totals are their sums: a group that is hidden alone is the total less the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.analysis.checks import Floats
from helpers.analysis.recommendations.ratings import HIGHEST, LOWEST
from helpers.data.errors import InputError

_ALIKE = 1e-9
LEAST_ROOM = 1.0
"""Steps of the scale that a mean near its end must leave the ratings of all but one, together."""


@dataclass(frozen=True)
class Groups:
    """Groups of one kind (countries, kinds of respondents), as far as they may be shown.

    ``shown``: each by itself. ``pooled``: only together, as one group. ``pool_shown``: whether that one may
    be shown; if not, nothing but the total is.
    """

    shown: tuple[str, ...]
    pooled: tuple[str, ...]
    pool_shown: bool


def tells_too_much(values: Floats, min_count: int) -> bool:
    """Say whether the mean of some ratings, and the share that is high, tell a single one.

    They do if they are fewer than ``min_count``, or if all, or all but one, are the same: a mean of 5 says
    that everybody gave a 5, and who knows to be the only one who did not knows the rest. So they do if they
    nearly are, at an end of the scale: who gave 4 beside 4.75 and 5 knows from the mean that nobody else is
    below 4.75. All but one must be `LEAST_ROOM` away from either end, added up.

    Examples
    --------
    >>> tells_too_much(np.array([4.0, 2.0]), 3), tells_too_much(np.array([5.0, 5.0, 5.0, 4.0]), 3)
    (True, True)
    >>> tells_too_much(np.array([5.0, 3.5, 4.0]), 3), tells_too_much(np.array([5.0, 4.0, 4.75]), 3)
    (False, True)
    """
    if len(values) < min_count:
        return True
    if min_count < 2:
        return False
    ordered = np.sort(values)
    if ordered[-1] - ordered[1] < _ALIKE or ordered[-2] - ordered[0] < _ALIKE:
        return True
    room = min(float((HIGHEST - ordered[1:]).sum()), float((ordered[:-1] - LOWEST).sum()))
    return room < LEAST_ROOM - _ALIKE


def visible_groups(
    values: Floats, groups: Sequence[str], min_count: int, hidden: Sequence[str] = ()
) -> Groups:
    """Choose which groups are shown, and which only together.

    A group that tells too much is hidden. The hidden ones together can be worked out from the total, so they
    must be at least two, and together tell nothing either: the smallest group that is shown joins them until
    they do (ties: by name).

    Parameters
    ----------
    values
        Ratings, one a respondent.
    groups
        Group of each.
    min_count
        Fewest respondents of a group.
    hidden
        Groups that must be hidden for another reason.

    Examples
    --------
    >>> ratings = np.array([5, 4, 3, 4, 2, 5, 1, 5.0])
    >>> visible_groups(ratings, ["AT", "AT", "AT", "BE", "BE", "BE", "BE", "CY"], 3)
    Groups(shown=('BE',), pooled=('AT', 'CY'), pool_shown=True)
    """
    _check(min_count)
    members = _members(groups)
    pooled = [
        name
        for name, places in members.items()
        if name in hidden or tells_too_much(values[places], min_count)
    ]
    left = sorted((name for name in members if name not in pooled), key=lambda one: (len(members[one]), one))
    while pooled and left and not _pool_is_safe(values, members, pooled, min_count):
        pooled.append(left.pop(0))
    safe = not pooled or _pool_is_safe(values, members, pooled, min_count)
    # A pool of all groups is the total, which is judged by itself.
    return Groups(tuple(sorted(left)), tuple(sorted(pooled)), safe and bool(left) and bool(pooled))


def _check(min_count: int) -> None:
    if isinstance(min_count, bool) or min_count != int(min_count) or min_count < 1:
        raise InputError(f"min_count is {min_count}; whole numbers from 1 upwards are allowed")


def _members(groups: Sequence[str]) -> dict[str, list[int]]:
    members: dict[str, list[int]] = {}
    for place, name in enumerate(groups):
        members.setdefault(str(name), []).append(place)
    return dict(sorted(members.items()))


def _pool_is_safe(
    values: Floats, members: Mapping[str, list[int]], pooled: Sequence[str], min_count: int
) -> bool:
    places = [place for name in pooled for place in members[name]]
    return len(pooled) > 1 and not tells_too_much(values[places], min_count)


def jointly_visible(
    values: Floats, columns: pd.DataFrame, min_count: int, hidden: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Groups]:
    """Choose the groups of several kinds that may be shown beside each other and the total.

    Each kind by itself is as in `visible_groups`. Then no sum of the groups that are shown may be one
    respondent's rating, or two respondents' together: further groups are pooled, the last kind first, until
    none is.

    Parameters
    ----------
    values
        Ratings, one a respondent.
    columns
        One column a kind of group, a row a respondent.
    min_count, hidden
        See `visible_groups`; ``hidden`` by kind.

    Examples
    --------
    >>> people = pd.DataFrame({"country": ["AT"] * 3 + ["BE"] * 4, "kind": ["firm"] * 4 + ["office"] * 3})
    >>> found = jointly_visible(np.array([1, 2, 4, 5, 3, 2, 4.0]), people, 3)
    >>> found["country"].shown, found["kind"].shown
    (('AT', 'BE'), ())
    """
    wanted = hidden or {}
    found = {
        str(kind): visible_groups(values, columns[kind].tolist(), min_count, wanted.get(str(kind), ()))
        for kind in columns
    }
    while min_count > 1 and _somebody_is_told(columns, found, min_count):
        kind = next((kind for kind in reversed(list(found)) if found[kind].shown), None)
        if kind is None:
            break
        found[kind] = _with_one_more(values, columns[kind].tolist(), min_count, found[kind])
    return found


def _with_one_more(values: Floats, groups: Sequence[str], min_count: int, now: Groups) -> Groups:
    size = {name: groups.count(name) for name in now.shown}
    smallest = min(now.shown, key=lambda name: (size[name], name))
    more = visible_groups(values, groups, min_count, [*now.pooled, smallest])
    return more if len(more.shown) < len(now.shown) else replace(now, shown=(), pool_shown=False)


def _somebody_is_told(columns: pd.DataFrame, found: Mapping[str, Groups], min_count: int) -> bool:
    """Say whether a sum of what is shown is the rating of one respondent, or the sum of two.

    What can be worked out from the sums A x is what lies in the row space of A. With P the projection on what
    is left, a set of respondents with indicator e is told if and only if P e is zero.
    """
    if columns.empty:
        return False
    shown = np.array([np.ones(len(columns)), *_indicators(columns, found)])
    left = np.eye(len(columns)) - np.linalg.pinv(shown) @ shown
    size = np.diag(left)
    if (size < _ALIKE).any():
        return True
    if min_count < 3:
        return False
    pairs = size[:, None] + size[None, :] + 2 * left
    return bool((pairs[~np.eye(len(columns), dtype=bool)] < _ALIKE).any())


def _indicators(columns: pd.DataFrame, found: Mapping[str, Groups]) -> list[Floats]:
    rows: list[Floats] = []
    for kind, groups in found.items():
        own = columns[kind].astype("str")
        rows += [np.asarray(own == name, dtype=np.float64) for name in groups.shown]
        if groups.pool_shown:
            rows.append(np.asarray(own.isin(groups.pooled), dtype=np.float64))
    return rows
