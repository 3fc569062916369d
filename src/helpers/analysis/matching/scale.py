"""Amounts and prices in units of their own size, so that the solver's tolerances suit masks and machines."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from helpers.analysis.checks import Floats
from helpers.analysis.linear import LinearProgram, Solution

if TYPE_CHECKING:
    from scipy.sparse import csc_matrix


@dataclass(frozen=True)
class Scale:
    """Units in which a program is solved: powers of two, so that whole numbers stay whole.

    Attributes
    ----------
    amounts
        Unit of each variable.
    rows
        Factor of each constraint.
    price
        Unit of costs.
    """

    amounts: Floats
    rows: Floats
    price: float


def scale_of(program: LinearProgram, amounts: Floats) -> Scale:
    """Choose units for a program.

    Parameters
    ----------
    program
        What is to be minimised.
    amounts
        Typical size of each variable.

    Examples
    --------
    >>> from scipy.sparse import csc_matrix
    >>> program = LinearProgram(np.array([3e-4]), csc_matrix(np.array([[1.0]])), np.array([3e8]),
    ...                         np.array([3e8]), np.zeros(1), np.full(1, np.inf))
    >>> small = scaled(program, scale_of(program, np.array([3e8])))
    >>> bool(0.5 < small.cost[0] < 2), bool(0.5 < small.row_low[0] < 2)
    (True, True)
    """
    units = _power(amounts)
    sizes = abs(program.matrix) @ _diagonal(units)
    largest = sizes.max(axis=1).toarray().ravel() if sizes.nnz else np.zeros(program.matrix.shape[0])
    costs = np.abs(program.cost * units)
    return Scale(units, 1 / _power(largest), float(_power(np.max(costs, initial=0.0))))


def scaled(program: LinearProgram, scale: Scale) -> LinearProgram:
    """Write a program in other units."""
    return replace(
        program,
        cost=program.cost * scale.amounts / scale.price,
        matrix=(_diagonal(scale.rows) @ program.matrix @ _diagonal(scale.amounts)).tocsc(),
        row_low=program.row_low * scale.rows,
        row_high=program.row_high * scale.rows,
        low=program.low / scale.amounts,
        high=program.high / scale.amounts,
    )


def restored(solution: Solution, scale: Scale) -> Solution:
    """Write a solution in the program's own units again."""
    return Solution(
        solution.objective * scale.price,
        solution.x * scale.amounts,
        solution.duals * scale.price * scale.rows,
        solution.reduced_costs * scale.price / scale.amounts,
    )


def in_scale(solution: Solution, scale: Scale) -> Solution:
    """Write a solution in the units of the scale: the inverse of `restored`."""
    return restored(solution, Scale(1 / scale.amounts, 1 / scale.rows, 1 / scale.price))


def _diagonal(values: Floats) -> "csc_matrix":
    from scipy.sparse import diags

    return diags(values, format="csc")


def _power(values: Floats | float) -> Floats:
    """Return the nearest powers of two; one where there is no size."""
    sizes = np.asarray(values, dtype=np.float64)
    return np.exp2(np.round(np.log2(np.where(sizes > 0, sizes, 1.0))))
