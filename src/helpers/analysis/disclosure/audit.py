"""The audit: what can be worked out about each suppressed cell from all that is published."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from helpers.analysis.checks import Floats
from helpers.analysis.disclosure.moves import Flags

if TYPE_CHECKING:
    from scipy.sparse import csc_array

# Farther than this many times its own size a cell is not followed: it may then be as large as one likes.
_FURTHEST = 1e4


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
    cell itself, so that small cells beside very large ones keep their digits.

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
    for cells in _linked(relations, suppressed):
        part = relations[:, cells]
        part = part[np.flatnonzero(np.diff(part.tocsr().indptr))]
        room = (values - floors)[cells]
        for place, cell in enumerate(cells):
            down, up = _reach(part, room, place, float(values[cell]))
            low[cell], high[cell] = values[cell] - down, values[cell] + up
    return low, high


def _linked(relations: "csc_array", suppressed: Flags) -> list[npt.NDArray[np.int64]]:
    """Divide the suppressed cells into sets between which no relation holds."""
    from scipy.sparse.csgraph import connected_components

    places = np.flatnonzero(suppressed)
    part = abs(relations[:, places])
    number, label = connected_components(part.T @ part, directed=False)
    return [places[label == one] for one in range(number)]


def _reach(part: "csc_array", room: Floats, place: int, value: float) -> tuple[float, float]:
    """Return how far one cell can go down and up."""
    from scipy.optimize import linprog

    if not part.shape[0]:
        return float(room[place]), np.inf
    size = value if value > 0 else max(float(room.max()), 1.0)
    limits = np.column_stack([-np.minimum(room / size, _FURTHEST), np.full(len(room), _FURTHEST)])
    reached = []
    for sign in (1.0, -1.0):
        aim = np.zeros(len(room))
        aim[place] = sign
        answer = linprog(
            aim, A_eq=part, b_eq=np.zeros(part.shape[0]), bounds=limits, method="highs-ds",
            options={"presolve": False},
        )  # fmt: skip
        # Without an answer nothing is claimed: the cell counts as known.
        reached.append(abs(float(answer.fun)) * size if answer.status == 0 else 0.0)
    down, up = reached
    return min(down, float(room[place])), np.inf if up >= _FURTHEST * size * (1 - 1e-9) else up
