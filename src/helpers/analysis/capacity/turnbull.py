"""The distribution of interval-censored amounts without assuming a shape."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.analysis.checks import Floats, Numbers, sizes
from helpers.data.errors import InputError

Places = npt.NDArray[np.int64]

_MOST_ROUNDS = 5_000
_TOLERANCE = 1e-4


def interval_bounds(low: Numbers, high: Numbers) -> tuple[Floats, Floats]:
    """Return checked bounds as floats; a missing ``high`` is infinite.

    Raises
    ------
    InputError
        If a lower bound is missing, a bound is negative, or ``low`` is above ``high``.

    Examples
    --------
    >>> interval_bounds([1, 2], [1, None])
    (array([1., 2.]), array([ 1., inf]))
    """
    ends = pd.Series(list(high), dtype="object")
    ends = ends.where(ends.notna() & (ends != np.inf), None)
    lower, upper = sizes(low, "lower bounds"), sizes(ends, "upper bounds")
    if len(lower) != len(upper):
        raise InputError(f"intervals: {len(lower)} lower but {len(upper)} upper bounds; one each is needed")
    upper = np.where(np.isnan(upper), np.inf, upper)
    if np.isnan(lower).any() or (lower > upper).any():
        raise InputError("intervals: a lower bound is missing or above its upper bound")
    return lower, upper


def turnbull(low: Numbers, high: Numbers) -> pd.DataFrame:
    """Estimate the distribution of interval-censored values by maximum likelihood, without a shape.

    Parameters
    ----------
    low, high
        Closed intervals that hold the values; equal for an exact value, ``high`` missing or infinite if open.

    Returns
    -------
    DataFrame
        ``low``, ``high``, ``share``: the innermost intervals in rising order and the share of values in each;
        how a share is spread within its interval cannot be known. Shares sum to one. Empty for no values.

    Raises
    ------
    InputError
        If a bound is missing, negative or in the wrong order.

    Notes
    -----
    Mass can lie only in the intervals from a left end to the right end that follows it directly. Their shares
    p are found by self-consistency, p_j <- p_j (1/n) sum over the intervals i that hold j of
    1 / (sum of p in i), until 1/n of that sum exceeds one nowhere by more than 1e-4 (the condition of a
    maximum).

    References
    ----------
    Turnbull, B. W. (1976), The Empirical Distribution Function with Arbitrarily Grouped, Censored and
    Truncated Data, Journal of the Royal Statistical Society B 38 (3), 290-295. Gentleman, R., and C. J. Geyer
    (1994), Maximum likelihood for interval censored data: consistency and computation, Biometrika 81 (3),
    618-623 (condition of a maximum).

    Examples
    --------
    >>> turnbull([0, 10, 10], [20, 10, 40])
        low  high  share
    0  10.0  10.0    1.0
    """
    lower, upper = interval_bounds(low, high)
    if not len(lower):
        return pd.DataFrame({"low": [], "high": [], "share": []}, dtype="float64")
    left, right = _innermost(lower, upper)
    # Each interval covers a run of the innermost ones, so that sums over it are differences of running sums.
    first = np.searchsorted(left, lower, side="left")
    last = np.searchsorted(right, upper, side="right")
    pairs, weight = np.unique(np.column_stack([first, last]), axis=0, return_counts=True)
    shares = _self_consistent(pairs[:, 0], pairs[:, 1], weight / weight.sum(), len(left))
    kept = shares > 1e-9
    shares = shares[kept] / shares[kept].sum()
    return pd.DataFrame({"low": left[kept], "high": right[kept], "share": shares})


def _innermost(lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    ends = np.concatenate([np.unique(lower), np.unique(upper)])
    is_right = np.concatenate([np.zeros(len(np.unique(lower))), np.ones(len(np.unique(upper)))])
    # At a tie the left end comes first: the intervals are closed, an exact value is one of them.
    order = np.lexsort((is_right, ends))
    ends, is_right = ends[order], is_right[order]
    found = np.flatnonzero((is_right[:-1] == 0) & (is_right[1:] == 1))
    return ends[found], ends[found + 1]


def _self_consistent(first: Places, last: Places, weight: Floats, number: int) -> Floats:
    shares = np.full(number, 1.0 / number)
    for _ in range(_MOST_ROUNDS):
        running = np.concatenate([[0.0], np.cumsum(shares)])
        pull = weight / np.maximum(running[last] - running[first], 1e-300)
        steps = np.bincount(first, pull, number + 1) - np.bincount(last, pull, number + 1)
        gradient = np.cumsum(steps)[:number]
        if gradient.max() <= 1 + _TOLERANCE:
            break
        shares = shares * gradient
        shares /= shares.sum()
    return shares
