"""Differences between all pairs of scores, with intervals that hold for all of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from helpers.analysis.checks import Floats

Flags = npt.NDArray[np.bool_]
# Below this a difference or its standard error is a rounding error.
_NOTHING = 1e-12


@dataclass(frozen=True)
class Shares:
    """One criterion: ``weight`` times the sum of ``above`` over the sum of ``below``.

    Both have a row a country and a column a recommendation.
    """

    name: str
    weight: float
    above: Floats
    below: Floats

    def of(self, columns: Flags) -> "Shares":
        """Return the criterion of some recommendations."""
        return Shares(self.name, self.weight, self.above[:, columns], self.below[:, columns])


def simultaneous_differences(
    shares: Sequence[Shares], constant: Floats, times: Floats, level: float
) -> Flags:
    """Say which scores are higher than which, all statements together with probability ``level``.

    Parameters
    ----------
    shares
        Criteria whose sum is the score.
    constant
        What is added to each score and does not vary by country.
    times
        How often each country is drawn: a row a draw, a column a country.
    level
        Probability.

    Returns
    -------
    array
        ``better[j, k]``: the interval of S_j - S_k lies above zero.

    Notes
    -----
    See `rank_intervals.rank_intervals`. A draw in which a recommendation has no rating at all says nothing of
    it and is left out.

    Examples
    --------
    >>> above = np.array([[4.0, 1], [5, 2], [4, 2], [5, 1], [4, 1], [5, 1], [4, 2], [4, 1]])
    >>> times = np.random.default_rng(1).multinomial(8, [1 / 8] * 8, size=500).astype(float)
    >>> share = Shares("importance", 1.0, above, np.ones_like(above))
    >>> simultaneous_differences([share], np.zeros(2), times, 0.95).tolist()
    [[False, True], [False, False]]
    """
    once = np.ones((1, times.shape[1]))
    usable = _answered(shares, times)
    score, error = (values[0] for values in _scores_and_errors(shares, once))
    drawn, errors = _scores_and_errors(shares, times[usable])
    one, other = np.triu_indices(len(constant), 1)
    difference = score[one] - score[other]
    moved = np.abs(drawn[:, one] - drawn[:, other] - difference)
    # A draw of countries that are all alike has no spread: then a difference is infinitely surprising.
    spread = errors[:, one, other]
    with np.errstate(divide="ignore", invalid="ignore"):
        surprise = np.where(spread > _NOTHING, moved / spread, np.where(moved > _NOTHING, np.inf, 0.0))
    most = surprise.max(axis=1, initial=0.0)
    critical = float(np.quantile(most, level, method="higher")) if len(most) else np.inf
    reach = _reach(critical, error[one, other])
    difference = difference + constant[one] - constant[other]
    better = np.zeros((len(constant), len(constant)), dtype=np.bool_)
    better[one, other] = difference - reach > _NOTHING
    better[other, one] = difference + reach < -_NOTHING
    return better


def _reach(critical: float, error: Floats) -> Floats:
    """Return half the width of the intervals; two scores that never differ have none."""
    with np.errstate(invalid="ignore"):
        return np.where(error > _NOTHING, critical * error, 0.0)


def _answered(shares: Sequence[Shares], times: Floats) -> Flags:
    """Say in which draws every recommendation has a rating of each criterion."""
    usable = np.ones(len(times), dtype=np.bool_)
    for share in shares:
        usable &= (times @ share.below > 0).all(axis=1)
    return usable


def _scores_and_errors(shares: Sequence[Shares], times: Floats) -> tuple[Floats, Floats]:
    """Return the scores in each draw, and the standard errors of their differences.

    The standard error of a sum of ratios, by linearisation: country c contributes u_cj = sum over criteria of
    w (a_cj - x_j b_cj) / sum of b_j, and the variance of S_j - S_k is C / (C - 1) times the sum over the C
    countries drawn of (u_cj - u_ck)^2.
    """
    draws, countries = times.shape
    number = shares[0].above.shape[1] if shares else 0
    score = np.zeros((draws, number))
    parts = np.zeros((draws, countries, number))
    for share in shares:
        below = times @ share.below
        ratio = (times @ share.above) / below
        score += share.weight * ratio
        parts += (
            share.weight * (share.above[None] - ratio[:, None, :] * share.below[None]) / below[:, None, :]
        )
    products = np.matmul(np.swapaxes(parts * times[:, :, None], 1, 2), parts)
    own = np.einsum("bjj->bj", products)
    variance = own[:, :, None] + own[:, None, :] - 2 * products
    factor = countries / max(countries - 1, 1)
    return score, np.sqrt(np.maximum(variance * factor, 0.0))


def rank_range(better: Flags, ranked: Flags, compared: Flags) -> tuple[Floats, Floats]:
    """Return the best and the worst place that each can have.

    Parameters
    ----------
    better
        ``better[j, k]``: j is confidently better than k.
    ranked, compared
        Which have a rank, and which of these were compared: one that was not can take any place.

    Examples
    --------
    >>> better = np.array([[False, True, True], [False, False, False], [False, False, False]])
    >>> low, high = rank_range(better, np.ones(3, bool), np.ones(3, bool))
    >>> low.tolist(), high.tolist()
    ([1.0, 2.0, 2.0], [1.0, 3.0, 3.0])
    """
    low = 1.0 + better.sum(axis=0)
    high = float(ranked.sum()) - better.sum(axis=1)
    return low, high
