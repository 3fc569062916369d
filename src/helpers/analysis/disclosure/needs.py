"""What must stay uncertain: the rules turned into numbers for each cell."""

from typing import TYPE_CHECKING

import numpy as np

from helpers.analysis.checks import Floats
from helpers.analysis.disclosure.layout import Layout
from helpers.analysis.disclosure.moves import Layer
from helpers.analysis.disclosure.numbers import Amount, Numbers, Treatment
from helpers.analysis.disclosure.single import Flags, Places

if TYPE_CHECKING:
    from scipy.sparse import csc_array


def needs(layout: Layout, numbers: Numbers, treatment: Treatment) -> list[Layer]:
    """Say by how much each cell must stay uncertain, for each amount and for the numbers of respondents.

    Returns
    -------
    list of Layer
        The amounts in their order, then the numbers of respondents: a suppressed one must have two possible
        values.
    """
    relations = layout.relations.tocsc()
    holdings = np.unique(numbers.sole[numbers.sole >= 0])
    insiders = numbers.sole == holdings[:, np.newaxis]
    share = treatment.rules.protection / 100
    layers = [
        _amount_layer(relations, numbers, amount, share, insiders, _held(amount, holdings))
        for amount in numbers.amounts.values()
    ]
    movable, nothing = ~numbers.empty, np.zeros(len(numbers.count))
    # Suppressed, unlike zero, tells that somebody is there; a rounded number may be zero all the same.
    floors = nothing if treatment.count_base else np.where(movable, 1.0, 0.0)
    width = np.where(movable, float(treatment.count_base or 1.0), 0.0)
    nobody = np.zeros((0, len(movable)))
    counts = Layer(
        relations, numbers.count, floors, movable, nothing, nothing, width, nobody.astype(bool), nobody
    )
    return [*layers, counts]


def _amount_layer(
    relations: "csc_array", numbers: Numbers, amount: Amount, share: float, insiders: Flags, held: Floats
) -> Layer:
    value, movable = amount.value, ~numbers.empty
    least = share * float(value[value > 0].min(initial=np.inf))
    least = least if np.isfinite(least) else 1.0
    needed = np.maximum(np.maximum(amount.needed_up, share * value), least)
    up = np.where(numbers.unsafe, needed, 0.0)
    down = np.minimum(up, value)
    width = np.where(movable, np.maximum(share * value, least), 0.0)
    return Layer(relations, value, np.zeros(len(value)), movable, up, down, width, insiders, held)


def _held(amount: Amount, holdings: Places) -> Floats:
    """Return a row for each holding: what it holds in each cell."""
    held = np.zeros((len(holdings), len(amount.value)))
    place = np.minimum(np.searchsorted(holdings, amount.held.holding), max(len(holdings) - 1, 0))
    kept = holdings[place] == amount.held.holding if len(holdings) else np.zeros(len(place), dtype=np.bool_)
    held[place[kept], amount.held.cell[kept]] = amount.held.value[kept]
    return held


def losses(numbers: Numbers, layout: Layout) -> Floats:
    """Weigh the loss of each cell: by the square root of its amount, totals more than their parts."""
    size = np.sqrt(numbers.value / (numbers.value.max(initial=0.0) or 1.0))
    return np.asarray((size + 0.05) * 5.0**layout.levels, dtype=np.float64)
