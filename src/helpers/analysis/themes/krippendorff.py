"""Krippendorff's alpha: agreement of two or more coders who need not have coded every unit."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.analysis.checks import Floats
from helpers.analysis.themes.intervals import normal_quantile
from helpers.data.errors import InputError

Level = Literal["nominal", "ordinal", "interval", "ratio"]
DRAWS = 1000
FEWEST_UNITS = 2


@dataclass(frozen=True)
class Agreement:
    """A measure of agreement, NaN where it is not defined, with its interval and the units it rests on."""

    value: float
    low: float
    high: float
    units: int


def krippendorff_alpha(codes: pd.DataFrame, measured: Level = "nominal") -> float:
    """Compute Krippendorff's alpha.

    1 - (disagreement observed) / (disagreement expected if the same values were dealt out at random). Pairs
    of values within a unit count 1/(m-1), m being the number of values of the unit; a unit with one value or
    none cannot be compared and counts for nothing. Disagreement of values c and k is the square of: nominal 0
    or 1; ordinal the sum of the frequencies from c to k, less half of those of c and of k; interval c - k;
    ratio (c - k)/(c + k).

    Parameters
    ----------
    codes
        Units x coders; missing where a coder did not code the unit. Numbers, for ``"nominal"`` also texts or
        bools.
    measured
        Level of measurement: ``"nominal"``, ``"ordinal"``, ``"interval"`` or ``"ratio"`` (zero is none; no
        negative numbers).

    Returns
    -------
    float
        1 for perfect agreement, 0 for what chance would give, below 0 for less; NaN if nothing can be
        compared, or if all comparable values are the same (agreement and chance cannot be told apart).

    Raises
    ------
    InputError
        If the level is unknown, or values do not suit it.

    References
    ----------
    Krippendorff, K. (2011), Computing Krippendorff's Alpha-Reliability, University of Pennsylvania,
    https://repository.upenn.edu/asc_papers/43, section C; Krippendorff, K. (2019), Content Analysis, 4th
    edition, Sage, chapter 12.

    Examples
    --------
    >>> codes = pd.DataFrame({"coder_1": [1, 0, 1, 0], "coder_2": [1, 0, 1, 1]})
    >>> round(krippendorff_alpha(codes), 3)
    0.533
    """
    coincidences, values = _coincidences(codes, measured)
    return float(_alphas(coincidences.sum(axis=0)[None], values, measured)[0])


def alpha_with_interval(
    codes: pd.DataFrame,
    measured: Level = "nominal",
    *,
    seed: int,
    draws: int = DRAWS,
    level: float = 0.95,
    clusters: pd.Series | None = None,
) -> Agreement:
    """Compute Krippendorff's alpha, and its interval by drawing units with replacement.

    Parameters
    ----------
    codes, measured
        See `krippendorff_alpha`.
    seed, draws
        Seed of the random numbers, and number of draws.
    level
        Probability of the interval.
    clusters
        What each unit belongs to, by the index of ``codes`` (the answer, if units are themes of answers):
        whole clusters are drawn.

    Returns
    -------
    Agreement
        ``units``: those that can be compared. The interval is the percentiles of the draws; it is a point if
        there is no disagreement at all, which says that the units were too few to see any, not that there is
        none. No interval with fewer than two clusters.

    Raises
    ------
    InputError
        See `krippendorff_alpha`; or if ``draws`` is below one.

    References
    ----------
    Davison, A. C., and D. V. Hinkley (1997), Bootstrap Methods and their Application, section 5.3; Zapf, A.,
    S. Castell, L. Morawietz and A. Karch (2016), Measuring Inter-Rater Reliability for Nominal Data, BMC
    Medical Research Methodology 16:93 (units drawn with replacement cover as they should).

    Examples
    --------
    >>> codes = pd.DataFrame({"coder_1": [1, 0, 1, 0] * 20, "coder_2": [1, 0, 1, 1] * 20})
    >>> found = alpha_with_interval(codes, seed=1)
    >>> round(found.value, 2), round(found.low, 2), round(found.high, 2), found.units
    (0.47, 0.25, 0.66, 80)
    """
    normal_quantile(level)
    if draws < 1:
        raise InputError(f"alpha: draws is {draws}; whole numbers from one upwards are allowed")
    coincidences, values = _coincidences(codes, measured)
    comparable = coincidences.any(axis=1)
    value = float(_alphas(coincidences.sum(axis=0)[None], values, measured)[0])
    owners = np.arange(len(codes)) if clusters is None else pd.factorize(clusters.reindex(codes.index))[0]
    by_cluster = np.zeros((int(owners.max(initial=-1)) + 1, coincidences.shape[1]))
    np.add.at(by_cluster, owners[comparable], coincidences[comparable])
    by_cluster = by_cluster[by_cluster.any(axis=1)]
    number, units = len(by_cluster), int(comparable.sum())
    if number < FEWEST_UNITS or math.isnan(value):
        return Agreement(value, math.nan, math.nan, units)
    chances = np.full(number, 1 / number)
    times = np.random.default_rng(seed).multinomial(number, chances, size=draws).astype(np.float64)
    drawn = _alphas(times @ by_cluster, values, measured)
    known = drawn[~np.isnan(drawn)]
    if not len(known):
        return Agreement(value, math.nan, math.nan, units)
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return Agreement(value, min(float(low), value), max(float(high), value), units)


def _coincidences(codes: pd.DataFrame, measured: str) -> tuple[Floats, Floats]:
    """Return each unit's table of coincidences as a row of values x values, and the values in their order."""
    if measured not in get_args(Level):
        raise InputError(f"alpha: level is {measured!r}; allowed: {', '.join(get_args(Level))}")
    places, values = _places(codes, measured)
    counts = (places[:, :, None] == np.arange(len(values))).sum(axis=1)
    number = counts.sum(axis=1)
    pairs = counts[:, :, None] * counts[:, None, :] - np.eye(len(values)) * counts[:, :, None]
    pairs = pairs * np.where(number > 1, 1 / np.maximum(number - 1, 1), 0.0)[:, None, None]
    return pairs.reshape(len(codes), len(values) ** 2).astype(np.float64), values


def _places(codes: pd.DataFrame, measured: str) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return the place of each code among the values (-1: missing), and the values (places if nominal)."""
    flat = codes.to_numpy(dtype=object).ravel()
    missing = pd.isna(flat)
    if measured == "nominal":
        found, names = pd.factorize(flat)
        return np.asarray(found.reshape(codes.shape), dtype=np.int64), np.arange(len(names), dtype=np.float64)
    numbers = pd.to_numeric(pd.Series(flat, dtype=object), errors="coerce").astype("float64").to_numpy()
    wrong = ~missing & ~np.isfinite(numbers)
    wrong |= (numbers < 0) if measured == "ratio" else False
    if wrong.any():
        place = int(wrong.argmax())
        allowed = "numbers from zero upwards" if measured == "ratio" else "numbers"
        coder, row = codes.columns[place % codes.shape[1]], place // codes.shape[1]
        raise InputError(
            f"alpha of {measured} data: {coder}, row {row + 2}: {flat[place]!r}; {allowed} are allowed"
        )
    values = np.asarray(np.unique(numbers[~missing]), dtype=np.float64)
    found = np.where(missing, -1, np.searchsorted(values, np.where(missing, 0.0, numbers)))
    return np.asarray(found.reshape(codes.shape), dtype=np.int64), values


def _alphas(coincidences: Floats, values: Floats, measured: str) -> Floats:
    """Compute alpha of each row of summed coincidences."""
    number = len(values)
    observed = coincidences.reshape(len(coincidences), number, number)
    margins = observed.sum(axis=2)
    total = margins.sum(axis=1)
    differences = _differences(values, margins, measured)
    pairs = margins[:, :, None] * margins[:, None, :]
    seen = (observed * differences).sum(axis=(1, 2))
    expected = (pairs * differences).sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(expected > 0, 1 - (total - 1) * seen / expected, np.nan))


def _differences(values: Floats, margins: Floats, measured: str) -> Floats:
    """Return the squared differences of values; of ordinal ones a table for each row of margins."""
    if measured == "nominal":
        return (1 - np.eye(len(values)))[None]
    if measured == "ordinal":
        # Midpoint of each value in the order of all: sum up to it, less half of its own.
        middles = np.cumsum(margins, axis=1) - margins / 2
        return np.asarray(np.square(middles[:, :, None] - middles[:, None, :]))
    gaps = values[:, None] - values[None, :]
    if measured == "ratio":
        sums = values[:, None] + values[None, :]
        gaps = np.divide(gaps, sums, out=np.zeros_like(gaps), where=sums > 0)
    return np.asarray(np.square(gaps)[None])
