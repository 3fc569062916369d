"""Cohen's kappa: agreement of two coders beyond what their habits alone would give."""

import math

import numpy as np
import pandas as pd

from helpers.analysis.themes.intervals import wilson_of_share
from helpers.analysis.themes.krippendorff import Agreement
from helpers.data.errors import InputError


def cohen_kappa(
    first: pd.Series, second: pd.Series, *, level: float = 0.95, clusters: pd.Series | None = None
) -> Agreement:
    """Compute Cohen's kappa of two coders, with an interval.

    kappa = (a - e)/(1 - e), with a the share of units in which they agree, and e the share that chance would
    give coders who use each value as often as these do. The standard error is that of Fleiss, Cohen and
    Everitt. The interval is Wilson's of a, with as many effective units as give that standard error, carried
    over to kappa: it does not shrink to a point at perfect agreement, and stays below 1.

    Parameters
    ----------
    first, second
        Values of the two coders by unit (same index); units that one of them did not code are left out.
    level
        Probability of the interval.
    clusters
        What each unit belongs to (the answer, if units are themes of answers), by the same index: units of
        one cluster may depend on each other.

    Returns
    -------
    Agreement
        NaN if nothing was coded by both, or both gave all units the same value.

    Raises
    ------
    InputError
        If the units of the two are not the same.

    References
    ----------
    Cohen, J. (1960), A Coefficient of Agreement for Nominal Scales, Educational and Psychological Measurement
    20, 37-46; Fleiss, J. L., J. Cohen and B. S. Everitt (1969), Large Sample Standard Errors of Kappa and
    Weighted Kappa, Psychological Bulletin 72, 323-327 (equation 14, here as the mean square of each unit's
    influence, which is the same and can be summed up by cluster).

    Examples
    --------
    >>> first = pd.Series([0] * 43 + [1] * 62)
    >>> second = pd.Series([0] * 31 + [1] * 12 + [0] * 4 + [1] * 58)
    >>> found = cohen_kappa(first, second)
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3), found.units
    (0.676, 0.507, 0.794, 105)
    """
    if not first.index.equals(second.index):
        raise InputError("kappa: the two coders' units are not the same, or not in the same order")
    both = (first.notna() & second.notna()).to_numpy()
    number = int(both.sum())
    if not number:
        return Agreement(math.nan, math.nan, math.nan, 0)
    places, names = pd.factorize(pd.concat([first[both], second[both]]).astype(object))
    one, two = places[:number], places[number:]
    habits = [np.bincount(codes, minlength=len(names)) / number for codes in (one, two)]
    agreed = float((one == two).mean())
    chance = float(habits[0] @ habits[1])
    if chance >= 1:
        return Agreement(math.nan, math.nan, math.nan, number)
    value = (agreed - chance) / (1 - chance)
    expected = habits[1][one] + habits[0][two] - 2 * chance
    influence = ((one == two) - agreed) / (1 - chance) - (1 - agreed) / (1 - chance) ** 2 * expected
    if clusters is not None:
        influence = np.bincount(pd.factorize(clusters[both])[0], influence)
    variance = float(np.square(influence).sum()) / number**2
    units = number if clusters is None else len(influence)
    size = agreed * (1 - agreed) / (variance * (1 - chance) ** 2) if variance > 0 else units
    low, high = wilson_of_share(agreed, size or units, level)
    limits = [(limit - chance) / (1 - chance) for limit in (low, high)]
    return Agreement(value, max(limits[0], -1.0), limits[1], number)
