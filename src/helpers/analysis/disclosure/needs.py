"""What must stay uncertain: the rules turned into numbers for each cell."""

from typing import TYPE_CHECKING

import numpy as np

from helpers.analysis.checks import Floats
from helpers.analysis.disclosure.layout import Layout
from helpers.analysis.disclosure.moves import Flags, Layer
from helpers.analysis.disclosure.numbers import Amount, Numbers, Treatment

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
    holdings = sorted({str(name) for name in numbers.sole.dropna()})
    insiders = _alone(numbers, holdings)
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


def _alone(numbers: Numbers, holdings: list[str]) -> Flags:
    """Return a row for each holding: true for the cells that it is alone in."""
    names = numbers.sole.astype("object").where(numbers.sole.notna(), "").astype("str").to_numpy()
    return np.array([(names == name) for name in holdings], dtype=bool).reshape(len(holdings), len(names))


def _held(amount: Amount, holdings: list[str]) -> Floats:
    """Return a row for each holding: what it holds in each cell."""
    held = np.zeros((len(holdings), len(amount.value)))
    places = {name: place for place, name in enumerate(holdings)}
    rows = amount.held[amount.held["holding"].isin(places)]
    held[rows["holding"].map(places), rows["cell"]] = rows["value"]
    return held


def losses(numbers: Numbers, layout: Layout) -> Floats:
    """Weigh the loss of each cell: by the square root of its amount, totals more than their parts."""
    size = np.sqrt(numbers.value / (numbers.value.max(initial=0.0) or 1.0))
    return np.asarray((size + 0.05) * 5.0**layout.levels, dtype=np.float64)
