"""Fair shares: how much of each need may stay unmet, decided before cost."""

from dataclasses import replace

import numpy as np

from helpers.analysis.checks import Floats
from helpers.analysis.linear import LinearProgram
from helpers.analysis.matching.distance import Ints
from helpers.analysis.matching.sifting import solve_sifted
from helpers.analysis.matching.tables import Flags

# Room for rounding, as a share of a need; without it the last program could be infeasible by a last digit.
_ROOM = 1e-9
_TOLERANCE = 1e-7


def fair_limits(program: LinearProgram, needed: Floats, floor: Floats, used: Flags) -> Floats:
    """Compute the greatest unmet amount of each need, the worst-off need coming first.

    The worst unmet share, as far as it exceeds ``floor``, is made as small as can be; the needs that hold it
    up are settled at it; then the same for the others, until nobody's share exceeds its floor.

    Parameters
    ----------
    program
        As `program.pieces` writes it: its last variables are the unmet amounts.
    needed
        Amount of each need.
    floor
        Unmet share of each need up to which it asks for no more.
    used
        See `sifting.solve_sifted`: variables to begin with; those that fair shares need are marked in it.

    Returns
    -------
    array
        Greatest unmet amount, one a need.

    References
    ----------
    Luss, H. (1999), On equitable resource allocation problems: a lexicographic minimax approach, *Operations
    Research* 47(3), 361-378. Ogryczak, W., Pioro, M. and Tomaszewski, A. (2005), Telecommunications network
    design and max-min optimization problem, *Journal of Telecommunications and Information Technology* 3,
    43-56: which needs hold the share up is read from the dual values.
    """
    share = floor.copy()
    free = needed > 0
    while free.any():
        worst, holding_up = _worst_excess(program, needed, share, free, used)
        if worst <= _ROOM:
            break
        share[holding_up] += worst
        free[holding_up] = False
    return needed * (share + _ROOM)


def _worst_excess(
    program: LinearProgram, needed: Floats, share: Floats, free: Flags, used: Flags
) -> tuple[float, Ints]:
    """Minimise the worst unmet share above the floor among free needs; tell which of them hold it up."""
    places = np.flatnonzero(free)
    enlarged = np.append(used, True)
    optimum = solve_sifted(_with_excess(program, needed, share, places), enlarged)
    used[:] = enlarged[:-1]
    # A need that holds the share up has a price; of needs whose price is zero another solution may do better.
    price = -optimum.duals[-len(places) :]
    return float(optimum.x[-1]), places[price > _TOLERANCE]


def _with_excess(program: LinearProgram, needed: Floats, share: Floats, free: Ints) -> LinearProgram:
    """Add the excess to be minimised, and a constraint each free need: unmet <= needed * (floor + excess)."""
    from scipy.sparse import bmat, csc_matrix

    columns = program.matrix.shape[1]
    first = columns - len(needed)
    rows = np.arange(len(free))
    own = csc_matrix((np.ones(len(free)), (rows, first + free)), shape=(len(free), columns))
    high = program.high.copy()
    high[first:] = needed * (share + _ROOM)
    high[first + free] = np.inf
    return replace(
        program,
        # Weighted so that prices are of the order of one.
        cost=np.append(np.zeros(columns), float(needed[free].sum())),
        matrix=bmat([[program.matrix, None], [own, csc_matrix(-needed[free, None])]], format="csc"),
        row_low=np.append(program.row_low, np.full(len(free), -np.inf)),
        row_high=np.append(program.row_high, needed[free] * share[free]),
        low=np.append(program.low, 0.0),
        high=np.append(high, np.inf),
    )
