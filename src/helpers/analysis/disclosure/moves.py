"""Changes of a table that whoever reads only the published cells could not rule out.

A change leaves every published cell as it is and all totals right. If a suppressed cell can be moved up and
down by what the rules ask, nobody can tell its value more closely; each change found is kept as a witness.
"""

from typing import TYPE_CHECKING

import numpy as np

from helpers.analysis.checks import Floats
from helpers.analysis.disclosure.single import Flags, Places, cheapest_change, single_relations

if TYPE_CHECKING:
    from scipy.sparse import csc_array

# Amounts are scaled so that the cell in question moves by one; no other cell needs to move much further.
_FURTHEST = 4.0
_NOTHING = 1e-8
EXACT = 1e-6
"""What is asked for may be missed by this share: the solver's tolerance."""


class Layer:
    """One set of numbers of a table (the amounts, or the counts) and the changes found for it.

    Parameters
    ----------
    relations
        Sparse, a row a relation, a column a cell; see `layout.Layout`.
    values, floors
        The true numbers, and the least a reader knows them to be.
    movable
        Cells that may be suppressed: not those that are empty for all to see.
    up, down, width
        By how much each cell must be movable if it is suppressed: up, down, and both together.
    insiders
        One row a holding, true for the cells that are its alone and that it therefore knows.
    held
        One row a holding: what it holds in each cell, and therefore knows to be there at least.
    """

    def __init__(
        self,
        relations: "csc_array",
        values: Floats,
        floors: Floats,
        movable: Flags,
        up: Floats,
        down: Floats,
        width: Floats,
        insiders: Flags,
        held: Floats,
    ) -> None:
        self.relations, self.values, self.floors, self.movable = relations, values, floors, movable
        self.up, self.down, self.width = up, down, width
        self.insiders, self.held = insiders, held
        self._found = np.zeros((64, len(values)))
        self._touched = np.zeros((64, len(insiders)), dtype=bool)
        self._number = 0
        self.solved = 0
        self._single = single_relations(relations, movable)
        self._doubled: csc_array | None = None

    @property
    def witnesses(self) -> Floats:
        """The changes found, one a row."""
        return self._found[: self._number]

    @property
    def touched(self) -> Flags:
        """Which insiders' own cells each witness changes."""
        return self._touched[: self._number]

    def solve(self, cell: int, amount: float, usable: Flags, costs: Floats) -> tuple[Floats, float] | None:
        """Find the cheapest change that moves a cell by an amount and only usable cells.

        Parameters
        ----------
        cell, amount
            Which cell, and by how much: above zero up, below zero down.
        usable
            Cells that may change.
        costs
            Of changing a cell by the amount.

        Returns
        -------
        tuple or None
            The change of every cell, and its cost; ``None`` if there is none.

        References
        ----------
        Kelly, J. P., B. L. Golden and A. A. Assad (1992), Cell Suppression: Disclosure Protection for
        Sensitive Tabular Data, Networks 22 (4), 397-417; Fischetti, M., and J. J. Salazar (2001), Solving the
        Cell Suppression Problem on Tabular Data with Linear Constraints, Management Science 47 (7),
        1008-1027.
        """
        size = abs(amount)
        room = np.minimum((self.values - self.floors) / size, _FURTHEST)
        room = np.where(room < 10 * _NOTHING, 0.0, room)
        if amount < 0 and room[cell] < 1 - EXACT:
            return None
        allowed = usable & self.movable
        allowed[cell] = True
        sign = float(np.sign(amount))
        if self._single.found[cell]:
            shift = cheapest_change(self._single, cell, sign, allowed, room, _FURTHEST, costs)
        else:
            shift = self._least_cost(allowed, cell, sign, room, costs)
        if shift is None:
            return None
        shift[np.abs(shift) < _NOTHING] = 0.0
        return shift * size, float(np.abs(shift) @ costs)

    def keep(self, change: Floats) -> None:
        """Keep a change as a witness."""
        if self._number == len(self._found):
            self._found = np.vstack([self._found, np.zeros_like(self._found)])
            self._touched = np.vstack([self._touched, np.zeros_like(self._touched)])
        self._found[self._number] = change
        self._touched[self._number] = (self.insiders & (change != 0)).any(axis=1)
        self._number += 1

    def showing(self, cell: int, amount: float, valid: Flags) -> Places:
        """Return the valid witnesses that move a cell at least by an amount."""
        moved = self.witnesses[:, cell] * np.sign(amount)
        return np.flatnonzero(valid & (moved >= abs(amount) * (1 - EXACT)))

    def _least_cost(
        self, allowed: Flags, cell: int, sign: float, room: Floats, costs: Floats
    ) -> Floats | None:
        """Find the cheapest change by linear programming; each cell has a way up and a way down."""
        from scipy.optimize import linprog
        from scipy.sparse import hstack

        self.solved += 1
        if self._doubled is None:
            self._doubled = hstack([self.relations, -self.relations], format="csc")
        limits = np.concatenate([np.full(len(room), _FURTHEST), room])
        # The cell itself moves by exactly one, in its direction.
        own = (cell, cell + len(room)) if sign > 0 else (cell + len(room), cell)
        limits[own[0]], limits[own[1]] = 1.0, 0.0
        ways = np.flatnonzero(np.concatenate([allowed, allowed]) & (limits > 0))
        bounds = np.column_stack([np.zeros(len(ways)), limits[ways]])
        bounds[np.searchsorted(ways, own[0]), 0] = 1.0
        answer = linprog(
            np.concatenate([costs, costs])[ways],
            A_eq=self._doubled[:, ways],
            b_eq=np.zeros(self.relations.shape[0]),
            bounds=bounds,
            method="highs-ds",
            options={"presolve": False},
        )
        if answer.status != 0:
            return None
        moved = np.zeros(len(limits))
        moved[ways] = answer.x
        return np.asarray(moved[: len(room)] - moved[len(room) :], dtype=np.float64)
