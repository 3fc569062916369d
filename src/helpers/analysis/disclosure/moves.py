"""Changes of a table that whoever reads only the published cells could not rule out.

A change leaves every published cell as it is and all totals right. If a suppressed cell can be moved up and
down by what the rules ask, nobody can tell its value more closely; each change found is kept as a witness.
"""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from helpers.analysis.checks import Floats

if TYPE_CHECKING:
    from scipy.sparse import csc_array

Flags = npt.NDArray[np.bool_]

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
        places = np.flatnonzero(allowed)
        own = int(np.searchsorted(places, cell))
        highest = np.full(len(places), _FURTHEST)
        lowest = room[places].copy()
        shift = self._least_cost(places, own, float(np.sign(amount)), highest, lowest, costs[places])
        if shift is None:
            return None
        shift[np.abs(shift) < _NOTHING] = 0.0
        change = np.zeros(len(self.values))
        change[places] = shift * size
        return change, float(np.abs(shift) @ costs[places])

    def keep(self, change: Floats) -> None:
        """Keep a change as a witness."""
        if self._number == len(self._found):
            self._found = np.vstack([self._found, np.zeros_like(self._found)])
            self._touched = np.vstack([self._touched, np.zeros_like(self._touched)])
        self._found[self._number] = change
        self._touched[self._number] = (self.insiders & (change != 0)).any(axis=1)
        self._number += 1

    def showing(self, cell: int, amount: float, valid: Flags) -> npt.NDArray[np.int64]:
        """Return the valid witnesses that move a cell at least by an amount."""
        moved = self.witnesses[:, cell] * np.sign(amount)
        return np.flatnonzero(valid & (moved >= abs(amount) * (1 - EXACT)))

    def _least_cost(
        self, places: npt.NDArray[np.int64], own: int, sign: float, up: Floats, down: Floats, costs: Floats
    ) -> Floats | None:
        from scipy.optimize import linprog
        from scipy.sparse import hstack

        self.solved += 1
        if not self.relations.shape[0]:
            return np.asarray(sign * np.eye(1, len(places), own)[0], dtype=np.float64)
        part = self.relations[:, places]
        limits = np.zeros((2 * len(places), 2))
        limits[:, 1] = np.concatenate([up, down])
        # The cell itself moves by exactly one, in its direction.
        limits[own], limits[own + len(places)] = [sign > 0] * 2, [sign < 0] * 2
        answer = linprog(
            np.concatenate([costs, costs]),
            A_eq=hstack([part, -part], format="csc"),
            b_eq=np.zeros(part.shape[0]),
            bounds=limits,
            method="highs-ds",
            options={"presolve": False},
        )
        if answer.status != 0:
            return None
        return np.asarray(answer.x[: len(places)] - answer.x[len(places) :], dtype=np.float64)
