"""The audit: what can be worked out about each suppressed cell from all that is published."""

from typing import TYPE_CHECKING

import numpy as np

from helpers.analysis.checks import Floats
from helpers.analysis.disclosure.single import Flags, Places, reach, single_relations

if TYPE_CHECKING:
    from scipy.sparse import csc_array

# Farther than this many times its own size a cell is not followed: it may then be as large as one likes.
_FURTHEST = 1e4
# Programmes solved in one call: a call costs several times what one of them does.
_AT_ONCE = 8


def feasible_ranges(
    relations: "csc_array", values: Floats, suppressed: Flags, floors: Floats | None = None
) -> tuple[Floats, Floats]:
    """Compute the least and the greatest value each cell can have, given the published cells.

    Parameters
    ----------
    relations
        Sparse, a row a relation "total - parts = 0", a column a cell.
    values
        The true numbers; those of published cells are what the reader knows.
    suppressed
        Cells that are not published.
    floors
        The least a reader knows of a suppressed cell; zero if not given.

    Returns
    -------
    tuple of arrays
        ``low``, ``high``: equal to the value where it is published; ``high`` is infinite where nothing limits
        it.

    Notes
    -----
    Two linear programmes a suppressed cell: minimise and maximise it, subject to the relations and the
    floors, with every published cell fixed. Solved for the change from the true table, in units of the
    cell itself, so that small cells beside very large ones keep their digits. Where no suppressed cell of a
    relation stands in another one, the answer has a closed form: see `single`.

    References
    ----------
    Hundepool, A., et al. (2012), Statistical Disclosure Control, Wiley, section 4.3 (feasibility intervals).

    Examples
    --------
    >>> from scipy.sparse import csc_array
    >>> rows = csc_array([[1, 1, 0, 0, -1.0, 0, 0, 0], [0, 0, 1, 1, 0, -1, 0, 0],
    ...                   [1, 0, 1, 0, 0, 0, -1, 0], [0, 1, 0, 1, 0, 0, 0, -1]])
    >>> hidden = np.array([True] * 4 + [False] * 4)
    >>> low, high = feasible_ranges(rows, np.array([5, 2, 1, 2, 7.0, 3, 6, 4]), hidden)
    >>> low[:4].round(6).tolist(), high[:4].round(6).tolist()
    ([3.0, 1.0, 0.0, 0.0], [6.0, 4.0, 3.0, 3.0])
    """
    floors = np.zeros(len(values)) if floors is None else floors
    low, high = values.astype(np.float64).copy(), values.astype(np.float64).copy()
    room = low - floors
    single = single_relations(relations, suppressed)
    down, up = reach(single, room)
    low[single.found] -= down[single.found]
    high[single.found] += up[single.found]
    for cells in _linked(relations, suppressed & ~single.found):
        part = relations[:, cells]
        part = part[np.flatnonzero(np.diff(part.tocsr().indptr))]
        down, up = _reach(part, room[cells], values[cells].astype(np.float64))
        low[cells], high[cells] = values[cells] - down, values[cells] + up
    return low, high


def _linked(relations: "csc_array", suppressed: Flags) -> list[Places]:
    """Divide suppressed cells into sets between which no relation holds."""
    from scipy.sparse.csgraph import connected_components

    places = np.flatnonzero(suppressed)
    if not len(places):
        return []
    part = abs(relations[:, places])
    number, label = connected_components(part.T @ part, directed=False)
    return [places[label == one] for one in range(number)]


def _reach(part: "csc_array", room: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Return how far each cell can go down and up."""
    size = np.where(values > 0, values, max(float(room.max()), 1.0))
    aims = [(place, sign) for place in range(len(room)) for sign in (1.0, -1.0)]
    reached: list[float] = []
    for start in range(0, len(aims), _AT_ONCE):
        reached += _furthest(part, room, size, aims[start : start + _AT_ONCE])
    down, up = np.array(reached[::2]) * size, np.array(reached[1::2])
    return np.minimum(down, room), np.where(up >= _FURTHEST * (1 - 1e-9), np.inf, up * size)


def _furthest(part: "csc_array", room: Floats, size: Floats, aims: list[tuple[int, float]]) -> list[float]:
    """Return how far each cell can go in a direction, in units of itself.

    The programmes share no variable, so that the best of their sum is the best of each.
    """
    from scipy.optimize import linprog
    from scipy.sparse import block_diag

    own = np.arange(len(aims)) * len(room) + np.array([place for place, _ in aims])
    objective = np.zeros(len(aims) * len(room))
    objective[own] = [sign for _, sign in aims]
    lowest = np.concatenate([-np.minimum(room / size[place], _FURTHEST) for place, _ in aims])
    matrix = block_diag([part] * len(aims), format="csc") if len(aims) > 1 else part
    answer = linprog(
        objective,
        A_eq=matrix,
        b_eq=np.zeros(matrix.shape[0]),
        bounds=np.column_stack([lowest, np.full(len(lowest), _FURTHEST)]),
        method="highs-ds",
        options={"presolve": False},
    )
    if answer.status == 0:
        return [abs(float(one)) for one in answer.x[own]]
    if len(aims) > 1:
        return [_furthest(part, room, size, [aim])[0] for aim in aims]
    # Without an answer nothing is claimed: the cell counts as known.
    return [0.0]
