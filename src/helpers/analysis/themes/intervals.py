"""Wilson's interval of a share, also where a share rests on unequal weights or on more than it counts."""

import math
from statistics import NormalDist

import numpy as np

from helpers.analysis.checks import Floats
from helpers.data.errors import InputError


def normal_quantile(level: float) -> float:
    """Return the two-sided quantile of the normal distribution: 1.96 for a level of 0.95.

    Raises
    ------
    InputError
        If the level is not above 0 and below 1.

    Examples
    --------
    >>> round(normal_quantile(0.95), 4)
    1.96
    """
    if not 0 < level < 1:
        raise InputError(f"level is {level}; numbers above 0 and below 1 are allowed")
    return NormalDist().inv_cdf((1 + level) / 2)


def wilson_interval(count: float, number: float, level: float = 0.95) -> tuple[float, float]:
    """Compute Wilson's score interval of a share.

    Parameters
    ----------
    count, number
        How many of how many; of weighted data the effective ones, which need not be whole.
    level
        Probability of the interval.

    Returns
    -------
    tuple of float
        Lower and upper limit, in [0, 1]; from 0 to 1 if there are none (``number`` is 0).

    Raises
    ------
    InputError
        If the count is not between zero and the number, or the level not between 0 and 1.

    References
    ----------
    Wilson, E. B. (1927), Probable Inference, the Law of Succession, and Statistical Inference, Journal of the
    American Statistical Association 22, 209-212; Newcombe, R. G. (1998), Statistics in Medicine 17, 857-872,
    method 3.

    Examples
    --------
    >>> low, high = wilson_interval(81, 263)
    >>> round(low, 4), round(high, 4)
    (0.2553, 0.3662)
    """
    if not 0 <= count <= number:
        raise InputError(f"share: {count:g} of {number:g}; counts from 0 to the number are allowed")
    return wilson_of_share(count / number if number else 0.0, number, level)


def wilson_of_share(share: float, size: float, level: float = 0.95) -> tuple[float, float]:
    """Compute Wilson's interval of a share that rests on an effective number of answers.

    Parameters
    ----------
    share
        From 0 to 1.
    size
        Effective number: as many answers of a simple random sample would tell as much. Infinite: the share is
        known, and the interval is a point.
    level
        Probability of the interval.

    Returns
    -------
    tuple of float
        Lower and upper limit; the share lies between them.

    References
    ----------
    Wilson's formula with n replaced by p(1-p)/var(p): Kott, P. S., and D. A. Carr (1997), Developing an
    Estimation Strategy for a Pesticide Data Program, Journal of Official Statistics 13 (4), 367-383; Franco,
    C., R. J. A. Little, T. A. Louis and E. V. Slud (2019), Comparative Study of Confidence Intervals for
    Proportions in Complex Sample Surveys, Journal of Survey Statistics and Methodology 7 (3), 334-364.

    Examples
    --------
    >>> wilson_of_share(0.25, float("inf")), wilson_of_share(0.0, 0)
    ((0.25, 0.25), (0.0, 1.0))
    """
    z = normal_quantile(level)
    if math.isinf(size):
        return share, share
    if size <= 0:
        return 0.0, 1.0
    scale = size / (size + z * z)
    middle = (share + z * z / (2 * size)) * scale
    half = z * math.sqrt(share * (1 - share) / size + z * z / (4 * size * size)) * scale
    # The limits hold the share whatever the rounding of the last digit does.
    return min(max(middle - half, 0.0), share), max(min(middle + half, 1.0), share)


def ratio_and_size(part: Floats, whole: Floats, weights: Floats) -> tuple[float, float]:
    """Compute a ratio of two sums over answers, and on how many decisions it effectively rests.

    Parameters
    ----------
    part, whole
        Of each answer: how many of its decisions count, and how many there are; part <= whole. One decision
        an answer where a single theme is judged, several where all themes are.
    weights
        Of each answer.

    Returns
    -------
    tuple of float
        Sum of weighted parts by sum of weighted wholes (NaN if there are none), and the effective number:
        r(1-r)/var(r) with the linearised variance, in which decisions on one answer may depend on each other;
        at most Kish's effective number. Of equal weights and one decision an answer it is their number.

    References
    ----------
    Särndal, C.-E., B. Swensson and J. Wretman (1992), Model Assisted Survey Sampling, Springer, section 5.6
    (variance of a ratio).

    Examples
    --------
    >>> ratio_and_size(np.array([1.0, 0.0]), np.array([1.0, 1.0]), np.array([1.0, 1.0]))
    (0.5, 2.0)
    """
    total = float(weights @ whole)
    if total <= 0:
        return math.nan, 0.0
    ratio = min(float(weights @ part) / total, 1.0)
    most = total**2 / float(np.square(weights) @ whole)
    variance = float(np.square(weights * (part - ratio * whole)).sum()) / total**2
    if not 0 < ratio < 1 or variance <= 0:
        return ratio, most
    return ratio, min(ratio * (1 - ratio) / variance, most)
