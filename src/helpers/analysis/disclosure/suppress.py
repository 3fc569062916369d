"""Which further cells must go so that the unsafe ones cannot be worked out from totals."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from helpers.analysis.checks import Floats
from helpers.analysis.disclosure.moves import EXACT, Layer
from helpers.analysis.disclosure.single import Flags

# A change through suppressed cells costs next to nothing, but a short way is still better than a long one.
_ALREADY = 1e-4
_MOST_TRIES = 400


def choose_suppressions(layers: Sequence[Layer], primary: Flags, weights: Floats) -> Flags:
    """Choose the cells to suppress beside the unsafe ones, at little loss.

    Parameters
    ----------
    layers
        The numbers to protect with one pattern.
    primary
        The unsafe cells.
    weights
        What suppressing each cell costs.

    Returns
    -------
    array of bool
        All suppressed cells: for each need of each layer there is a change of the table that only moves
        suppressed cells; for the unsafe cells also one that leaves alone the cells that any single other
        holding (the layer's insiders) knows because they are its own.

    Notes
    -----
    Cell after cell, the cheapest change by linear programming; the cells it moves are suppressed. Then
    suppressed cells that turn out not to be needed are given back, the most costly first. The result is safe
    but not always the least possible; finding that is NP-hard.

    References
    ----------
    Kelly, J. P., B. L. Golden and A. A. Assad (1992), Networks 22 (4), 397-417. Insiders: Salazar González,
    J. J. (2004), Extending Cell Suppression to Protect Tabular Data against Several Attackers, in Privacy in
    Statistical Databases, Springer, LNCS 3050.
    """
    search = _Search(layers, primary.copy(), weights)
    for layer in layers:
        order = np.flatnonzero(primary)
        for cell in order[np.argsort(-layer.up[order], kind="stable")]:
            for amount in (layer.up[cell], -layer.down[cell]):
                search.prove(layer, int(cell), float(amount))
    search.widen()
    _give_back(search, primary)
    return search.suppressed


class _Search:
    def __init__(self, layers: Sequence[Layer], suppressed: Flags, weights: Floats) -> None:
        self.layers, self.suppressed, self.weights = layers, suppressed, weights
        # Witnesses checked so far against one pattern; checking them anew each time would take as long as
        # the linear programmes.
        self._checked: dict[int, tuple[Flags | None, Flags]] = {}

    def prove(self, layer: Layer, cell: int, amount: float, *, fixed: Flags | None = None) -> bool:
        """Make sure that a cell can move by an amount, whichever insider looks; say if it worked.

        ``fixed``: give no further cells away but work with these; else suppress what is needed.
        """
        if not self._shown(layer, cell, amount, None, fixed):
            return False
        return all(
            self._shown(
                layer, cell, self._hidden_from(layer, cell, amount, int(holding)), int(holding), fixed
            )
            for holding in self._who_knows(layer, cell, amount, fixed)
        )

    def _shown(
        self, layer: Layer, cell: int, amount: float, holding: int | None, fixed: Flags | None
    ) -> bool:
        """Say if a witness shows that a cell can move, to a reader or a holding; look for one if need be."""
        if not amount:
            return True
        found = layer.showing(cell, amount, self._valid(layer, fixed))
        if holding is None:
            return bool(len(found)) or self._find(layer, cell, amount, None, fixed)
        if (~layer.touched[found, holding]).any():
            return True
        return self._find(layer, cell, amount, layer.insiders[holding], fixed)

    @staticmethod
    def _hidden_from(layer: Layer, cell: int, amount: float, holding: int) -> float:
        """Return how far a cell can be asked to move for a holding, which knows its own part of it."""
        others = max(float(layer.values[cell] - layer.held[holding, cell]), 0.0)
        # What is left by the last digits of a sum is nothing.
        others = others if others > 1e-9 * layer.values[cell] else 0.0
        return amount if amount > 0 else max(amount, -others)

    def widen(self) -> None:
        """Suppress more until no suppressed cell of any layer can be told too closely."""
        while True:
            narrow = [(layer, cell) for layer in self.layers for cell in self.narrow(layer, None)]
            if not narrow:
                return
            for layer, cell in narrow:
                self.make_wide(layer, cell, None)

    def narrow(self, layer: Layer, fixed: Flags | None) -> list[int]:
        """Return the suppressed cells whose known range is narrower than needed."""
        suppressed = self.suppressed if fixed is None else fixed
        witnesses = layer.witnesses[self._valid(layer, fixed)]
        reach = witnesses.max(axis=0, initial=0.0) - witnesses.min(axis=0, initial=0.0)
        return [int(cell) for cell in np.flatnonzero(suppressed & (reach < layer.width * (1 - EXACT)))]

    def make_wide(self, layer: Layer, cell: int, fixed: Flags | None) -> bool:
        """Make sure that a cell can move by its width, up or else down, whichever costs less."""
        if cell not in self.narrow(layer, fixed):
            return True
        usable, costs = self._terms(layer, None, fixed)
        answers = [layer.solve(cell, sign * float(layer.width[cell]), usable, costs) for sign in (1, -1)]
        known = [answer for answer in answers if answer is not None]
        if not known:
            return False
        self._take(layer, min(known, key=lambda answer: answer[1])[0])
        return True

    def _find(
        self, layer: Layer, cell: int, amount: float, barred: Flags | None, fixed: Flags | None
    ) -> bool:
        usable, costs = self._terms(layer, barred, fixed)
        answer = layer.solve(cell, amount, usable, costs)
        if answer is not None:
            self._take(layer, answer[0])
        return answer is not None

    def _take(self, layer: Layer, change: Floats) -> None:
        layer.keep(change)
        self.suppressed = self.suppressed | (change != 0)

    def _terms(self, layer: Layer, barred: Flags | None, fixed: Flags | None) -> tuple[Flags, Floats]:
        usable = layer.movable if fixed is None else fixed
        if barred is not None:
            usable = usable & ~barred
        return usable.copy(), np.where(self.suppressed, _ALREADY, self.weights)

    def _valid(self, layer: Layer, fixed: Flags | None) -> Flags:
        """Say which witnesses move no cell that is published after all."""
        if fixed is None:
            return np.ones(len(layer.witnesses), dtype=np.bool_)
        known, flags = self._checked.get(id(layer), (None, np.zeros(0, dtype=np.bool_)))
        if known is not fixed:
            flags = np.zeros(0, dtype=np.bool_)
        fresh = layer.witnesses[len(flags) :]
        flags = np.concatenate([flags, ~(fresh[:, ~fixed] != 0).any(axis=1)])
        self._checked[id(layer)] = (fixed, flags)
        return flags

    def _who_knows(
        self, layer: Layer, cell: int, amount: float, fixed: Flags | None
    ) -> npt.NDArray[np.int64]:
        """Return the holdings, other than the cell's own, whose cells all the witnesses rest on."""
        if not len(layer.insiders):
            return np.zeros(0, dtype=np.int64)
        found = layer.showing(cell, amount, self._valid(layer, fixed))
        known = layer.touched[found].all(axis=0) & ~layer.insiders[:, cell]
        return np.flatnonzero(known)


def _give_back(search: _Search, primary: Flags) -> None:
    """Publish suppressed cells that are not needed, the most costly first."""
    spare = np.flatnonzero(search.suppressed & ~primary)
    start = sum(layer.solved for layer in search.layers)
    for cell in spare[np.argsort(-search.weights[spare], kind="stable")]:
        if sum(layer.solved for layer in search.layers) - start > _MOST_TRIES:
            return
        fewer = search.suppressed.copy()
        fewer[cell] = False
        if _still_safe(search, primary, fewer):
            search.suppressed = fewer


def _still_safe(search: _Search, primary: Flags, fixed: Flags) -> bool:
    for layer in search.layers:
        for cell in np.flatnonzero(primary):
            for amount in (layer.up[cell], -layer.down[cell]):
                if not search.prove(layer, int(cell), float(amount), fixed=fixed):
                    return False
    return all(
        search.make_wide(layer, cell, fixed)
        for layer in search.layers
        for cell in search.narrow(layer, fixed)
    )
