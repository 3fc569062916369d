"""Linear programs solved with HiGHS, and what their optimum says about scarcity.

A dual value says by how much the optimum changes with one more unit of a constraint's bound. At a degenerate
optimum it is not unique: the value of one unit more and that of one unit less differ, and a solver returns
any number between them. `worth` therefore computes both ends, and how far each of them holds.
"""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from helpers.analysis.checks import Floats

if TYPE_CHECKING:
    import highspy
    from scipy.sparse import csc_matrix

_TOLERANCE = 1e-7
_EXACT = 1e-9


class InfeasibleError(ValueError):
    """No solution meets all constraints."""


class UnboundedError(ValueError):
    """The objective can fall without end: a bound or a price is missing."""


@dataclass(frozen=True)
class LinearProgram:
    """Minimise ``cost @ x`` with ``row_low <= matrix @ x <= row_high`` and ``low <= x <= high``.

    Attributes
    ----------
    cost
        One number a variable.
    matrix
        Sparse, a row a constraint and a column a variable.
    row_low, row_high
        Bounds of the constraints; ``-inf`` and ``inf`` where there is none.
    low, high
        Bounds of the variables.
    """

    cost: Floats
    matrix: "csc_matrix"
    row_low: Floats
    row_high: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Solution:
    """An optimum.

    Attributes
    ----------
    objective
        The least cost.
    x
        One optimal solution; there may be others.
    duals
        One optimal dual value a constraint: change of the objective with one more unit of its bound.
    reduced_costs
        The same for the bounds of variables.
    """

    objective: float
    x: Floats
    duals: Floats
    reduced_costs: Floats


@dataclass(frozen=True)
class Worth:
    """What one more, and one less, unit of a bound is worth at the optimum.

    Attributes
    ----------
    more, less
        Change of the objective per unit when the bound rises, and (with the same sign) when it falls: the
        ends of the range of dual values. They are equal where the optimum is not degenerate; ``inf`` or
        ``-inf`` where no solution is left.
    more_holds, less_holds
        How far the bound may rise and fall until these values change; ``inf`` if they never do.
    """

    more: float
    less: float
    more_holds: float = field(default=np.inf)
    less_holds: float = field(default=np.inf)


def solve(program: LinearProgram, method: str = "choose") -> Solution:
    """Find an optimum and its dual values.

    Parameters
    ----------
    program
        What to minimise.
    method
        HiGHS' choice of algorithm: choose, simplex or ipm.

    Raises
    ------
    InfeasibleError, UnboundedError
        If there is no optimum.

    Examples
    --------
    The transport problem of Dantzig (1963), chapter 3.3, with the worth of one more case in New York:

    >>> from scipy.sparse import csc_matrix
    >>> distance = np.array([2.5, 1.7, 1.8, 2.5, 1.8, 1.4])
    >>> rows = np.array([[1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1],
    ...                  [1, 0, 0, 1, 0, 0], [0, 1, 0, 0, 1, 0], [0, 0, 1, 0, 0, 1]])
    >>> inf = np.inf
    >>> program = LinearProgram(90 * distance / 1000, csc_matrix(rows),
    ...     np.array([-inf, -inf, 325, 300, 275]), np.array([350, 600, inf, inf, inf]),
    ...     np.zeros(6), np.full(6, inf))
    >>> optimum = solve(program)
    >>> round(optimum.objective, 6), optimum.duals[2:].round(6).tolist()
    (153.675, [0.225, 0.153, 0.126])

    References
    ----------
    Huangfu, Q. and Hall, J. A. J. (2018), Parallelizing the dual revised simplex method, *Mathematical
    Programming Computation* 10, 119-142.
    """
    return optimum(prepared(program, method), program)


def prepared(program: LinearProgram, method: str = "choose") -> "highspy.Highs":
    """Hand a program to HiGHS without solving it yet, for those who change it between solutions.

    One thread and a fixed seed: the same program has the same solution on every machine of a kind.
    """
    import highspy

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    solver.setOptionValue("solver", method)
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = program.matrix.shape
    lp.col_cost_ = np.asarray(program.cost, dtype=np.float64)
    lp.col_lower_, lp.col_upper_ = program.low, program.high
    lp.row_lower_, lp.row_upper_ = program.row_low, program.row_high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = program.matrix.indptr
    lp.a_matrix_.index_ = program.matrix.indices
    lp.a_matrix_.value_ = np.asarray(program.matrix.data, dtype=np.float64)
    solver.passModel(lp)
    return solver


def optimum(solver: "highspy.Highs", program: LinearProgram) -> Solution:
    """Run HiGHS as `prepared` returned it, from where it stands; raises what `solve` raises."""
    import highspy

    solver.run()
    known = highspy.HighsModelStatus
    if solver.getModelStatus() == known.kUnknown:
        # Presolve sometimes leaves a solution that is not quite optimal in the program as given.
        solver.setOptionValue("presolve", "off")
        solver.clearSolver()
        solver.run()
    status = solver.getModelStatus()
    if status in (known.kInfeasible, known.kUnboundedOrInfeasible) and not _feasible(program, status, known):
        raise InfeasibleError("no solution meets all constraints")
    if status in (known.kUnbounded, known.kUnboundedOrInfeasible):
        raise UnboundedError("the objective can fall without end")
    if status != known.kOptimal:
        raise ArithmeticError(f"HiGHS stopped without an optimum: {solver.modelStatusToString(status)}")
    found = solver.getSolution()
    return Solution(
        float(solver.getInfo().objective_function_value),
        np.asarray(found.col_value, dtype=np.float64),
        np.asarray(found.row_dual, dtype=np.float64),
        np.asarray(found.col_dual, dtype=np.float64),
    )


def _feasible(program: LinearProgram, status: object, known: object) -> bool:
    """Tell whether any solution exists, where HiGHS says only that there is no optimum."""
    if status == known.kInfeasible:  # type: ignore[attr-defined]
        return False
    try:
        solve(replace(program, cost=np.zeros_like(program.cost)))
    except InfeasibleError:
        return False
    return True


def worth(program: LinearProgram, solution: Solution, row: int, *, holds: bool = True) -> Worth:
    """Compute what one more and one less unit of a constraint's bound is worth, and how far that holds.

    The optimum as a function of a bound is convex and piecewise linear; its slopes to the right and to the
    left are the greatest and the least dual value. Each is the optimum of a small linear program over the
    directions in which the solution can move; how far it holds is that of another (Murty 1983, *Linear
    Programming*, chapter 8; Jansen, de Jong, Roos and Terlaky 1997, *European Journal of Operational
    Research* 101, 15-28).

    Parameters
    ----------
    program
        What was minimised.
    solution
        Its optimum.
    row
        Number of the constraint. The bound that moves is the one that binds, or else the finite one (the
        upper one if both are finite and none binds).
    holds
        Whether to compute how far the values hold.

    Returns
    -------
    Worth
        In units of the objective per unit of the constraint.

    Examples
    --------
    Two makers, one buyer of exactly what the first can make: at this corner one unit more costs the dearer
    maker's price, one less saves the cheaper one's.

    >>> from scipy.sparse import csc_matrix
    >>> program = LinearProgram(np.array([1.0, 3.0]), csc_matrix(np.array([[1.0, 0.0], [1.0, 1.0]])),
    ...     np.array([-np.inf, 10.0]), np.array([10.0, np.inf]), np.zeros(2), np.full(2, 50.0))
    >>> worth(program, solve(program), 1)
    Worth(more=3.0, less=1.0, more_holds=50.0, less_holds=10.0)
    """
    more = _slope(program, solution, row, +1)
    less = -_slope(program, solution, row, -1)
    if not holds:
        return Worth(_clean(more), _clean(less))
    return Worth(
        _clean(more),
        _clean(less),
        _reach(program, solution, row, +1, more) if np.isfinite(more) else 0.0,
        _reach(program, solution, row, -1, less) if np.isfinite(less) else 0.0,
    )


def _moving_bounds(program: LinearProgram, solution: Solution, row: int) -> tuple[bool, bool]:
    """Say whether the lower and the upper bound of a constraint move: both of an equation."""
    low, high = program.row_low[row], program.row_high[row]
    if low == high:
        return True, True
    if not np.isfinite(high):
        return True, False
    if not np.isfinite(low):
        return False, True
    level = float((program.matrix[row] @ solution.x)[0])
    at_low = abs(level - low) <= _TOLERANCE * max(1.0, abs(low))
    return at_low, not at_low


def _slope(program: LinearProgram, solution: Solution, row: int, sign: int) -> float:
    """Return the change of the optimum for one small step of a bound, up (+1) or down (-1)."""
    level = program.matrix @ solution.x
    low, high = _directions(level, program.row_low, program.row_high)
    moves_low, moves_high = _moving_bounds(program, solution, row)
    if moves_low and low[row] == 0:
        low[row] = sign
    if moves_high and high[row] == 0:
        high[row] = sign
    if moves_low and moves_high:
        low[row] = high[row] = sign
    x_low, x_high = _directions(solution.x, program.low, program.high)
    try:
        return solve(LinearProgram(program.cost, program.matrix, low, high, x_low, x_high)).objective
    except InfeasibleError:
        return np.inf


def _directions(value: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return in which directions each value may move: not beyond a bound at which it stands."""
    size = np.maximum(1.0, np.abs(value))
    at_low = np.isfinite(low) & (value - low <= _TOLERANCE * size)
    at_high = np.isfinite(high) & (high - value <= _TOLERANCE * size)
    return np.where(at_low, 0.0, -np.inf), np.where(at_high, 0.0, np.inf)


def _reach(program: LinearProgram, solution: Solution, row: int, sign: int, slope: float) -> float:
    """Return how far the bound moves until the optimum no longer changes by ``slope`` a unit."""
    from scipy.sparse import csc_matrix, hstack, vstack

    moves_low, moves_high = _moving_bounds(program, solution, row)
    rows, columns = program.matrix.shape
    # One more variable, the step t >= 0: matrix @ x - sign * t * e_row keeps the old bounds, and the cost
    # stays on the line through the optimum.
    step = csc_matrix(([-float(sign)], ([row], [0])), shape=(rows, 1))
    line = csc_matrix(np.append(program.cost, -sign * slope)[None, :])
    matrix = vstack([hstack([program.matrix, step]), line], format="csc")
    row_low, row_high = program.row_low.copy(), program.row_high.copy()
    if not moves_low:
        row_low[row] = -np.inf
    if not moves_high:
        row_high[row] = np.inf
    allowance = _EXACT * max(1.0, abs(solution.objective))
    further = LinearProgram(
        np.append(np.zeros(columns), -1.0),
        matrix,
        np.append(row_low, -np.inf),
        np.append(row_high, solution.objective + allowance),
        np.append(program.low, 0.0),
        np.append(program.high, np.inf),
    )
    try:
        return _clean(-solve(further).objective)
    except UnboundedError:
        return np.inf


def _clean(value: float) -> float:
    """Drop the last digits, which are the solver's tolerance."""
    rounded = float(f"{value:.7g}")
    return rounded + 0.0 if abs(rounded) > 1e-9 else 0.0
