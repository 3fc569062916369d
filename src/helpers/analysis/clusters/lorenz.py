"""The Lorenz curve of counts, the localisation curve of counts against weights, and the area between."""

import math

import numpy as np
import pandas as pd

from helpers.analysis.checks import Floats, Numbers, sizes
from helpers.analysis.clusters.concentration import known_values
from helpers.data.errors import InputError


def lorenz_curve(counts: Numbers, weights: Numbers | None = None) -> pd.DataFrame:
    """Build the Lorenz curve, or with weights the localisation curve.

    Parameters
    ----------
    counts
        One a unit. The labels of a Series come back in ``unit``.
    weights
        Size of each unit, e.g. population, in the same order; above zero. Units are then sorted by count per
        weight, and the diagonal means "in proportion to population". Without weights all units weigh alike.

    Returns
    -------
    DataFrame
        ``unit`` (the one that the step adds; empty at the start), ``cumulative_units`` (share of units or
        of weight), ``cumulative_share`` (share of the counts). Starts at (0, 0), ends at (1, 1), convex. Only
        the columns if there is nothing to share out.

    Raises
    ------
    InputError
        If lengths differ or a weight is zero.

    References
    ----------
    Lorenz, M. O. (1905), Methods of Measuring the Concentration of Wealth, Publications of the American
    Statistical Association 9 (70), 209-219.

    Examples
    --------
    >>> lorenz_curve(pd.Series({"AT": 3, "BE": 1}))
      unit  cumulative_units  cumulative_share
    0                    0.0              0.00
    1   BE               0.5              0.25
    2   AT               1.0              1.00
    """
    steps = _steps(counts, weights)
    if not steps["count"].sum():
        return pd.DataFrame(
            {"unit": pd.Series(dtype="str"), "cumulative_units": [], "cumulative_share": []},
        ).astype({"cumulative_units": float, "cumulative_share": float})
    curve = pd.DataFrame(
        {
            "unit": ["", *steps["unit"]],
            "cumulative_units": _cumulated(steps["weight"]),
            "cumulative_share": _cumulated(steps["count"]),
        }
    )
    return curve


def fewest_for_share(counts: Numbers, share: float) -> int:
    """Count the fewest units that together hold at least a share of all.

    Parameters
    ----------
    counts
        One a unit; missing values are left out.
    share
        Above 0 and at most 1.

    Returns
    -------
    int
        0 if there is nothing to hold.

    Raises
    ------
    InputError
        If ``share`` is not allowed or a count is negative.

    Examples
    --------
    >>> fewest_for_share([20, 50, 20, 10], 0.5)
    1
    >>> fewest_for_share([20, 50, 20, 10], 0.8)
    3
    """
    if not 0 < share <= 1:
        raise InputError(f"fewest for a share: share is {share}; above 0 up to 1 is allowed")
    known = np.sort(known_values(counts))[::-1]
    if not known.sum():
        return 0
    # Rounded: sums of shares may miss 0.5 by the last digit.
    return int(np.argmax(np.round(np.cumsum(known) / known.sum(), 12) >= share)) + 1


def locational_gini(counts: Numbers, weights: Numbers) -> float:
    """Compute one minus twice the area under the localisation curve.

    Zero where counts are in proportion to the weights. It differs from ``gini.conc`` of R package REAT, which
    is the unweighted `concentration.gini` of the location quotients.

    Returns
    -------
    float
        From 0 to 1; NaN of an empty set.

    References
    ----------
    Krugman, P. (1991), Geography and Trade, MIT Press, appendix D: locational Gini coefficients.

    Examples
    --------
    >>> round(locational_gini([500, 500, 1000, 7000, 1000], [20000, 15000, 20000, 40000, 5000]), 4)
    0.3725
    """
    curve = lorenz_curve(counts, weights)
    if curve.empty:
        return math.nan
    area = np.trapezoid(curve["cumulative_share"].to_numpy(), curve["cumulative_units"].to_numpy())
    return max(0.0, float(1 - 2 * area))


def _steps(counts: Numbers, weights: Numbers | None) -> pd.DataFrame:
    """Return unit, count and weight of each step, from the least to the most per weight."""
    count = sizes(counts, "counts", whole=True)
    weight = np.ones(len(count)) if weights is None else sizes(weights, "weights")
    if len(count) != len(weight):
        raise InputError(
            f"lorenz curve: {len(count)} counts but {len(weight)} weights; one weight a count is needed"
        )
    labels = counts.index.astype(str) if isinstance(counts, pd.Series) else [""] * len(count)
    steps = pd.DataFrame({"unit": labels, "count": count, "weight": weight}).dropna()
    if (steps["weight"] == 0).any():
        raise InputError("lorenz curve: a weight is 0; numbers above zero are allowed")
    order = steps.assign(ratio=steps["count"] / steps["weight"])
    return order.sort_values(["ratio", "count", "unit"], kind="stable", ignore_index=True)


def _cumulated(values: pd.Series) -> Floats:
    shares = np.concatenate([[0.0], np.cumsum(values.to_numpy(dtype=float)) / values.sum()])
    shares[-1] = 1.0
    return shares
