"""Large programs solved with few of their variables: dual values say which others are missing."""

from typing import TYPE_CHECKING

import numpy as np

from helpers.analysis.checks import Floats
from helpers.analysis.linear import InfeasibleError, LinearProgram, Solution, optimum, prepared, solve
from helpers.analysis.matching.distance import Ints
from helpers.analysis.matching.tables import Flags

if TYPE_CHECKING:
    import highspy

_IMPROVES = -1e-9
_PRIMAL_SIMPLEX = 4


def solve_sifted(program: LinearProgram, used: Flags) -> Solution:
    """Find the optimum, beginning with some of the variables.

    A variable that is left out stands at zero. If by the dual values no such variable would lower the cost,
    the optimum of the small program is that of the large one, with the same dual values; otherwise those that
    would are put in, and the solver goes on from where it stands.

    Parameters
    ----------
    program
        What to minimise; variables that are left out have bounds 0 and infinity.
    used
        Variables to begin with. Those that were put in are marked in it, so that a similar program can begin
        with them.

    Returns
    -------
    Solution
        Of the whole program.

    References
    ----------
    Bixby, R. E., Gregory, J. W., Lustig, I. J., Marsten, R. E. and Shanno, D. F. (1992), Very large-scale
    linear programming, *Operations Research* 40(5), 885-897.
    """
    if used.all():
        return solve(program)
    order = np.flatnonzero(used)
    small = _part(program, order)
    solver = prepared(small)
    try:
        found = optimum(solver, small)
        while len(missing := _missing(program, found.duals, used)):
            used[missing] = True
            order = np.append(order, missing)
            _put_in(solver, program, missing)
            found = optimum(solver, program)
    except InfeasibleError:
        # Too few to meet all constraints: the whole program may still.
        return solve(program)
    x = np.zeros(len(program.cost))
    x[order] = found.x
    return Solution(found.objective, x, found.duals, program.cost - program.matrix.T @ found.duals)


def cheapest_few(cost: Floats, group: Ints, few: int) -> Flags:
    """Mark the so many cheapest of each group.

    Examples
    --------
    >>> cheapest_few(np.array([3.0, 1.0, 2.0, 5.0]), np.array([0, 0, 0, 1]), few=2).tolist()
    [False, True, True, True]
    """
    order = np.lexsort((cost, group))
    sorted_group = group[order]
    rank = np.arange(len(order)) - np.searchsorted(sorted_group, sorted_group)
    marked = np.zeros(len(order), dtype=bool)
    marked[order[rank < few]] = True
    return marked


def _missing(program: LinearProgram, duals: Floats, used: Flags) -> Ints:
    return np.flatnonzero(~used & (program.cost - program.matrix.T @ duals < _IMPROVES))


def _part(program: LinearProgram, columns: Ints) -> LinearProgram:
    return LinearProgram(
        program.cost[columns],
        program.matrix[:, columns],
        program.row_low,
        program.row_high,
        program.low[columns],
        program.high[columns],
    )


def _put_in(solver: "highspy.Highs", program: LinearProgram, columns: Ints) -> None:
    """Add variables to what the solver has; its basis stays feasible, as the primal simplex needs it."""
    part = _part(program, columns)
    matrix = part.matrix
    solver.setOptionValue("simplex_strategy", _PRIMAL_SIMPLEX)
    solver.addCols(
        len(columns),
        part.cost,
        part.low,
        part.high,
        matrix.nnz,
        matrix.indptr[:-1].astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data.astype(np.float64),
    )
