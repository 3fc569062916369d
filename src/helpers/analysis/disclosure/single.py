"""Cells that stand in one relation only: what a linear programme would find, in closed form.

In a table in one direction with a total, or in rows that each have their own total and no other, every cell
stands in one relation: the total less its parts is zero. Say cell i changes by d_i, and let s_i be +1 for the
total and -1 for a part; the relation holds if the s_i d_i add up to zero. Up, a suppressed cell has no limit
that a reader knows; down, it can go as far as its room, its value less what it is known to be at least.

Nothing else ties the cells together, which answers both questions asked of them:

- *How far can cell i go?* Up by d if the others can make up for it, that is if those of the other sign go up
  (without limit, if there is one) or those of the same sign go down (by the sum of their rooms). Down, the
  other way round, and no farther than its own room. For parts with a published total this is the familiar
  range from max(0, S - the most the others can be) to S - the least the others are, S being what the
  published parts leave of the total.
- *Which change moves it by 1 at the least cost?* Each other cell can make up for it in one direction only, at
  its own cost for each unit and up to a limit: a fractional knapsack, for which taking the cheapest first is
  optimal (Dantzig, G. B., 1957, Discrete-Variable Extremum Problems, Operations Research 5 (2), 266-288).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from helpers.analysis.checks import Floats

if TYPE_CHECKING:
    from scipy.sparse import csc_array

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

NONE = -1


@dataclass(frozen=True)
class Single:
    """The cells in one relation at most, among those that can change.

    ``relation``: of each cell; -1 if it is in none. ``sign``: +1 for a total, -1 for a part. ``found``:
    whether the cell can change and both of these say all there is to know of it.
    """

    relation: Places
    sign: Floats
    found: Flags


def single_relations(relations: "csc_array", free: Flags) -> Single:
    """Find the cells that, with the others that can change, are in one relation at most.

    Parameters
    ----------
    relations
        Sparse, a row a relation "total - parts = 0", a column a cell.
    free
        Cells that can change.

    Examples
    --------
    >>> from scipy.sparse import csc_array
    >>> rows = csc_array([[1, -1.0, -1, 0, 0, 0], [0, 0, 1, -1, 0, 0], [0, 0, 0, 0, 1, -1]])
    >>> single_relations(rows, np.array([True, True, False, True, True, True])).relation.tolist()
    [0, 0, -1, 1, 2, 2]
    >>> single_relations(rows, np.array([True] * 6)).found.tolist()
    [False, False, False, False, True, True]
    """
    entries = relations.tocoo()
    kept = (entries.data != 0) & free[entries.col]
    row, cell, sign = entries.row[kept], entries.col[kept], entries.data[kept]
    number = np.bincount(cell, minlength=len(free))
    # A relation with a cell that also stands elsewhere ties its other cells to what happens there.
    shared = np.zeros(relations.shape[0], dtype=np.bool_)
    shared[row[(number[cell] > 1) | (np.abs(sign) != 1)]] = True
    relation, signs = np.full(len(free), NONE, dtype=np.int64), np.zeros(len(free))
    found = free & (number <= 1)
    relation[cell], signs[cell] = row, sign
    found[cell] &= ~shared[row]
    relation[~found], signs[~found] = NONE, 0.0
    return Single(relation, signs, found)


def reach(single: Single, room: Floats) -> tuple[Floats, Floats]:
    """Compute how far each cell of ``single.found`` can go down and up; zero for the others.

    Parameters
    ----------
    single
        See `single_relations`.
    room
        How far each cell can go down on its own.

    Returns
    -------
    tuple of arrays
        ``down``, ``up``: from zero; ``up`` is infinite where nothing limits it.

    Examples
    --------
    Of 10, the two suppressed parts 2 and 3 are 5: each is between 0 and 5.

    >>> from scipy.sparse import csc_array
    >>> rows, hidden = csc_array([[1.0, -1, -1, -1]]), np.array([False, True, True, False])
    >>> down, up = reach(single_relations(rows, hidden), np.array([10.0, 2, 3, 5]))
    >>> down.tolist(), up.tolist()
    ([0.0, 2.0, 3.0, 0.0], [0.0, 3.0, 2.0, 0.0])
    """
    alone = single.found & (single.relation == NONE)
    tied = np.flatnonzero(single.relation != NONE)
    line, total = single.relation[tied], single.sign[tied] > 0
    size = int(line.max(initial=-1)) + 1
    # In each relation, for totals and parts apart: how many there are, and the sum of their rooms.
    number = {sign: np.bincount(line[total == sign], minlength=size) for sign in (True, False)}
    rooms = {
        sign: np.bincount(line[total == sign], weights=room[tied][total == sign], minlength=size)
        for sign in (True, False)
    }
    same = np.where(total, number[True][line], number[False][line]) - 1
    other = np.where(total, number[False][line], number[True][line])
    same_room = np.where(total, rooms[True][line], rooms[False][line]) - room[tied]
    other_room = np.where(total, rooms[False][line], rooms[True][line])
    down, up = np.zeros(len(room)), np.zeros(len(room))
    up[tied] = np.where(other > 0, np.inf, np.maximum(same_room, 0.0))
    down[tied] = np.minimum(room[tied], np.where(same > 0, np.inf, other_room))
    up[alone], down[alone] = np.inf, room[alone]
    return down, up


def cheapest_change(
    single: Single, cell: int, step: float, allowed: Flags, room: Floats, most_up: float, costs: Floats
) -> Floats | None:
    """Find the cheapest change that moves a cell by one.

    Parameters
    ----------
    single
        See `single_relations`.
    cell, step
        Which cell; +1 for up, -1 for down.
    allowed
        Cells that may change.
    room, most_up
        How far each may go down, and any may go up.
    costs
        Of moving each cell by one, above zero.

    Returns
    -------
    array or None
        The change of every cell; ``None`` if there is none.

    Examples
    --------
    >>> from scipy.sparse import csc_array
    >>> every = np.array([True] * 4)
    >>> single = single_relations(csc_array([[1.0, -1, -1, -1]]), every)
    >>> costs = np.array([9.0, 1, 2, 3])
    >>> cheapest_change(single, 1, 1.0, every, np.array([4.0, 4, 0.75, 4]), 4.0, costs).tolist()
    [0.0, 1.0, -0.75, -0.25]
    """
    change = np.zeros(len(room))
    change[cell] = step
    if single.relation[cell] == NONE:
        return change
    chosen = allowed & (single.relation == single.relation[cell])
    chosen[cell] = False
    others = np.flatnonzero(chosen)
    ways = -step * single.sign[cell] * single.sign[others]
    limits = np.where(ways > 0, most_up, room[others])
    # Of equally cheap cells those that can move most, so that few change; of those the last.
    order = np.lexsort((-others, -limits, costs[others]))
    others, ways, limits = others[order], ways[order], limits[order]
    before = np.cumsum(limits) - limits
    moved = np.clip(1.0 - before, 0.0, limits)
    if abs(moved.sum() - 1.0) > 1e-9:
        return None
    change[others] = ways * moved
    return change
