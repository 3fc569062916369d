"""How large the respondents' capacities are, with ranges taken as what they are: intervals."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.analysis.capacity.entries import amounts_by_respondent
from helpers.analysis.capacity.lognormal import LognormalFit, fit_lognormal
from helpers.analysis.capacity.turnbull import turnbull
from helpers.analysis.checks import Floats
from helpers.data.errors import InputError

DECILES = (0.1, 0.25, 0.5, 0.75, 0.9)
_WHAT = "distribution of sizes"


def size_distribution(entries: pd.DataFrame, *, most_points: int = 400) -> pd.DataFrame:
    """Compute the share of respondents with at most each capacity, and what ranges leave open.

    Parameters
    ----------
    entries
        See `entries.counted_entries`; in one unit. A respondent's entries are added up.
    most_points
        Amounts in the table at most; beyond, every so many is taken.

    Returns
    -------
    DataFrame
        ``amount`` in rising order; the share of respondents with at most this: ``share_low`` and
        ``share_high`` (if every value were at the upper, at the lower end of its range), ``npmle`` (by
        `turnbull.turnbull`, mass at the upper end of its interval) and ``fitted`` (zeros, and above them the
        log-normal distribution of `lognormal.fit_lognormal`; missing without a fit). Empty for no amounts.

    Raises
    ------
    InputError
        If the entries are in several units.

    Examples
    --------
    >>> entries = pd.DataFrame({
    ...     "respondent_id": ["r1", "r2"], "country": "AT", "product": "vials", "stage": "vials",
    ...     "amount": [10, None], "amount_low": [10, 20], "amount_high": [10, 40], "unit": "litres",
    ...     "usable": True})
    >>> size_distribution(entries)[["amount", "share_low", "share_high"]].values.tolist()
    [[10.0, 0.5, 0.5], [20.0, 0.5, 1.0], [40.0, 1.0, 1.0]]
    """
    people = amounts_by_respondent(entries, _WHAT)
    low, high = people["low"].to_numpy(dtype=float), people["high"].to_numpy(dtype=float)
    amounts = _thinned(np.unique(np.concatenate([low, high[np.isfinite(high)]])), most_points)
    shares = turnbull(low, high)
    steps = shares[np.isfinite(shares["high"])].sort_values("high")
    running = np.concatenate([[0.0], steps["share"].cumsum().to_numpy(dtype=float)])
    number = max(len(people), 1)
    return pd.DataFrame(
        {
            "amount": amounts,
            "share_low": np.searchsorted(np.sort(high), amounts, side="right") / number,
            "share_high": np.searchsorted(np.sort(low), amounts, side="right") / number,
            "npmle": running[np.searchsorted(steps["high"].to_numpy(dtype=float), amounts, side="right")],
            "fitted": pd.array(_fitted(low, high, amounts), dtype="Float64"),
        }
    )


def size_quantiles(entries: pd.DataFrame, probabilities: Sequence[float] = DECILES) -> pd.DataFrame:
    """Compute quantiles of the respondents' capacities, as ranges.

    Parameters
    ----------
    entries
        See `size_distribution`.
    probabilities
        Above 0 and below 1.

    Returns
    -------
    DataFrame
        ``probability``; ``low`` and ``high``: the quantile if every value were at the lower, at the upper end
        of its range (``high`` missing where that is open); ``npmle``: by `turnbull.turnbull`; ``fitted``: by
        the log-normal distribution. A quantile is the least amount that holds at least the share. Missing
        values are ``NA``; all of them without an amount.

    Raises
    ------
    InputError
        If the entries are in several units or a probability is not allowed.

    References
    ----------
    Hyndman, R. J., and Y. Fan (1996), Sample Quantiles in Statistical Packages, The American Statistician
    50 (4), 361-365: definition 1.

    Examples
    --------
    >>> entries = pd.DataFrame({
    ...     "respondent_id": ["r1", "r2"], "country": "AT", "product": "vials", "stage": "vials",
    ...     "amount": [10, None], "amount_low": [10, 20], "amount_high": [10, 40], "unit": "litres",
    ...     "usable": True})
    >>> size_quantiles(entries, [0.5, 0.9])[["low", "high"]].values.tolist()
    [[10.0, 10.0], [20.0, 40.0]]
    """
    wanted = np.asarray(list(probabilities), dtype=np.float64)
    if not ((wanted > 0) & (wanted < 1)).all():
        raise InputError(f"quantiles: {list(probabilities)}; numbers above 0 and below 1 are allowed")
    people = amounts_by_respondent(entries, _WHAT)
    low, high = people["low"].to_numpy(dtype=float), people["high"].to_numpy(dtype=float)
    shares = turnbull(low, high).sort_values("high")
    equal = np.full(len(people), 1 / max(len(people), 1))
    columns = {
        "low": _quantiles(np.sort(low), equal, wanted),
        "high": _quantiles(np.sort(high), equal, wanted),
        "npmle": _quantiles(shares["high"].to_numpy(dtype=float), shares["share"].to_numpy(float), wanted),
        "fitted": _fitted_quantiles(low, high, wanted),
    }
    table = pd.DataFrame({"probability": wanted})
    for name, values in columns.items():
        table[name] = pd.array(np.where(np.isfinite(values), values, np.nan), dtype="Float64")
    return table


def size_summary(entries: pd.DataFrame) -> pd.DataFrame:
    """Say what the distribution rests on, and the log-normal fit in numbers.

    Returns
    -------
    DataFrame
        ``measure``, ``label``, ``value``: respondents with an amount, of which zero, exact, a range,
        open-ended; median and sigma of the log-normal distribution (missing without a fit).

    Raises
    ------
    InputError
        If the entries are in several units.

    Examples
    --------
    >>> from helpers.analysis.capacity.entries import CAPACITY_COLUMNS
    >>> size_summary(pd.DataFrame(columns=CAPACITY_COLUMNS))["value"].to_list()
    [0.0, 0.0, 0.0, 0.0, 0.0, <NA>, <NA>]
    """
    people = amounts_by_respondent(entries, _WHAT)
    low, high = people["low"].to_numpy(dtype=float), people["high"].to_numpy(dtype=float)
    fit = _positive_fit(low, high)
    known = not fit.reason
    rows = [
        ("respondents", "Respondents with an amount", len(people)),
        ("zero", "of which zero", int((high == 0).sum())),
        ("exact", "of which one value", int(((low == high) & (high > 0)).sum())),
        ("range", "of which a range", int(((low < high) & np.isfinite(high)).sum())),
        ("open_ended", "of which without an upper end", int(np.isinf(high).sum())),
        ("lognormal_median", "Median of the log-normal distribution", fit.median if known else None),
        ("lognormal_sigma", "Standard deviation of the logarithms", fit.sigma if known else None),
    ]
    table = pd.DataFrame(rows, columns=["measure", "label", "value"])
    return table.astype({"value": "Float64"})


def _positive_fit(low: Floats, high: Floats) -> LognormalFit:
    positive = high > 0
    return fit_lognormal(low[positive], np.where(np.isinf(high[positive]), np.nan, high[positive]))


def _fitted(low: Floats, high: Floats, amounts: Floats) -> Floats:
    fit = _positive_fit(low, high)
    if fit.reason:
        return np.full(len(amounts), np.nan)
    zero = float((high == 0).mean())
    return zero + (1 - zero) * fit.share_up_to(amounts)


def _fitted_quantiles(low: Floats, high: Floats, wanted: Floats) -> Floats:
    fit = _positive_fit(low, high)
    if fit.reason:
        return np.full(len(wanted), np.nan)
    zero = float((high == 0).mean())
    above = wanted > zero
    inner = np.where(above, (wanted - zero) / (1 - zero), 0.5)
    return np.where(above, fit.quantiles(inner), 0.0)


def _quantiles(values: Floats, shares: Floats, wanted: Floats) -> Floats:
    if not len(values):
        return np.full(len(wanted), np.nan)
    # Rounded: sums of shares may miss one half by the last digit.
    running = np.round(np.cumsum(shares), 9)
    return values[np.minimum(np.searchsorted(running, wanted - 1e-9), len(values) - 1)]


def _thinned(amounts: Floats, most: int) -> Floats:
    if len(amounts) <= most:
        return amounts
    places = np.unique(np.linspace(0, len(amounts) - 1, most).round().astype(np.int64))
    return np.asarray(amounts[places], dtype=np.float64)
