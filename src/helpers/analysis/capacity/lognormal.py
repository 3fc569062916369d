"""A log-normal distribution fitted to amounts of which some are known only as ranges."""

import math
from dataclasses import dataclass
from functools import partial

import numpy as np

from helpers.analysis.capacity.turnbull import interval_bounds
from helpers.analysis.checks import Floats, Numbers

FEWEST = 5


@dataclass(frozen=True)
class LognormalFit:
    """Mean and standard deviation of the logarithms; NaN where they cannot be told.

    ``values`` is the number of intervals that say something, ``reason`` why there is no fit ("" if there is).
    """

    mu: float
    sigma: float
    values: int
    reason: str = ""

    @property
    def median(self) -> float:
        """The median, exp(mu)."""
        return math.exp(self.mu)

    def share_up_to(self, amounts: Floats) -> Floats:
        """Return the share of values up to each amount."""
        from scipy.special import ndtr

        with np.errstate(divide="ignore"):
            return np.asarray(ndtr((np.log(amounts) - self.mu) / self.sigma), dtype=np.float64)

    def quantiles(self, probabilities: Floats) -> Floats:
        """Return the amount below which each share of the values lies."""
        from scipy.special import ndtri

        return np.asarray(np.exp(self.mu + self.sigma * ndtri(probabilities)), dtype=np.float64)


def fit_lognormal(low: Numbers, high: Numbers, *, fewest: int = FEWEST) -> LognormalFit:
    """Fit a log-normal distribution by maximum likelihood to exact, interval- and one-sided-censored amounts.

    Parameters
    ----------
    low, high
        Closed intervals; equal for an exact value; ``high`` missing or infinite if open. Zeros ("we have
        none") have no logarithm: leave them out and count them apart. A range from zero is left-censored; one
        from zero without an end says nothing and is left out.
    fewest
        Number of amounts that must say something.

    Returns
    -------
    LognormalFit
        Without a fit (NaN) if too few amounts say something, or if one value lies in all the ranges,
        since then the spread cannot be told.

    Raises
    ------
    InputError
        If a bound is missing, negative or in the wrong order.

    References
    ----------
    Nelson, W. (1982), Applied Life Data Analysis, Wiley, chapter 8 (maximum likelihood with censored data).
    Computed with scipy.stats.CensoredData on the logarithms.

    Examples
    --------
    >>> fit = fit_lognormal([10, 20, 20, 40, 80], [10, 20, 30, 40, None])
    >>> round(fit.median)
    30
    """
    lower, upper = interval_bounds(low, high)
    says = ~((lower == 0) & np.isinf(upper)) & (upper > 0)
    lower, upper = lower[says], upper[says]
    if len(lower) < max(fewest, 1):
        return LognormalFit(math.nan, math.nan, len(lower), f"fewer than {fewest} amounts above zero")
    if lower.max() <= upper.min():
        return LognormalFit(math.nan, math.nan, len(lower), "one value lies in all the ranges")
    mu, sigma = _maximum(lower, upper)
    return LognormalFit(mu, sigma, len(lower))


def _maximum(lower: Floats, upper: Floats) -> tuple[float, float]:
    from scipy.optimize import fmin
    from scipy.stats import CensoredData, norm

    exact = lower == upper
    from_zero, open_ended = lower == 0, np.isinf(upper)
    between = ~(exact | from_zero | open_ended)
    data = CensoredData(
        uncensored=np.log(lower[exact]),
        left=np.log(upper[from_zero]),
        right=np.log(lower[open_ended]),
        interval=np.log(np.column_stack([lower[between], upper[between]])),
    )
    # The default tolerance leaves the fourth digit open.
    mu, sigma = norm.fit(data, optimizer=partial(fmin, xtol=1e-8, ftol=1e-8))
    return float(mu), float(sigma)
