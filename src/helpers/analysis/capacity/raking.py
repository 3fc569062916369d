"""Weights that bring the respondents into line with known margins: raking, with bounds."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.analysis.capacity.response import design_effect, effective_sample_size
from helpers.analysis.checks import Floats, require_columns, sizes
from helpers.data.errors import InputError

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Raking:
    """Weights and how well they meet the margins.

    ``weights``: one a row of the sample, same index. ``margins``: ``margin``, ``category``, ``respondents``,
    ``target``, ``achieved``, ``difference`` (achieved - target, as a share of all); a category without
    respondents has no ``achieved``. ``converged``, ``rounds``, ``message`` (empty if all margins are met and
    nothing was left out). ``design_effect`` and ``effective_size`` by Kish.
    """

    weights: pd.Series
    margins: pd.DataFrame
    converged: bool
    rounds: int
    message: str

    @property
    def design_effect(self) -> float:
        """Kish's design effect of the weights."""
        return design_effect(self.weights)

    @property
    def effective_size(self) -> float:
        """Kish's effective sample size."""
        return effective_sample_size(self.weights)


@dataclass(frozen=True)
class _Margin:
    name: str
    codes: Codes
    """Category of each row, by number; one above the last of ``shares`` where it is not stated."""
    shares: Floats
    categories: list[str]
    absent: list[str]


def rake(
    sample: pd.DataFrame,
    margins: Mapping[str, pd.Series],
    *,
    start: pd.Series | None = None,
    bounds: tuple[float, float] | None = (0.2, 5.0),
    tolerance: float = 1e-6,
    most_rounds: int = 1000,
) -> Raking:
    """Fit weights to known margins by iterative proportional fitting.

    Parameters
    ----------
    sample
        One row a respondent, with a column for each margin.
    margins
        Column -> known number of each category (labels of the Series). Their sums must agree within 1 %.
    start
        Weights to begin with; one each if not given.
    bounds
        Least and greatest weight as a multiple of the mean weight; ``None`` for none. After every round
        weights are cut to the bounds, so that no respondent speaks for too many; margins may then not be met.
    tolerance
        Greatest difference of a category from its target, as a share of all.
    most_rounds
        Rounds at most.

    Returns
    -------
    Raking
        Weights add up to the known number, if the margins are met. Respondents whose category is not stated
        in a margin are left alone by it; the others meet its shares among themselves. A category without
        respondents cannot be weighted up: it is left out, the others are scaled to the same total, and the
        message says so. Without respondents, no weights.

    Raises
    ------
    InputError
        If a respondent's category has no known number, sums of margins differ, or an argument makes no sense.

    References
    ----------
    Deming, W. E., and F. F. Stephan (1940), On a Least Squares Adjustment of a Sampled Frequency Table When
    the Expected Marginal Totals are Known, Annals of Mathematical Statistics 11 (4), 427-444. Deville, J.-C.,
    C.-E. Särndal and O. Sautory (1993), Generalized Raking Procedures in Survey Sampling, Journal of the
    American Statistical Association 88 (423), 1013-1020 (bounds).

    Examples
    --------
    >>> people = pd.DataFrame({"country": ["AT", "AT", "BE"], "employees": ["small", "large", "small"]})
    >>> fit = rake(people, {"country": pd.Series({"AT": 50, "BE": 50}),
    ...                     "employees": pd.Series({"small": 80, "large": 20})})
    >>> fit.converged, fit.weights.round(1).to_list(), round(fit.effective_size, 2)
    (True, [30.0, 20.0, 50.0], 2.63)
    """
    low, high = _checked_bounds(bounds)
    require_columns(sample, "respondents", margins)
    if not margins:
        raise InputError("raking: no margins are given; at least one is needed")
    total = _common_total(margins)
    fits = [_prepared(sample[name], margin, name) for name, margin in margins.items()]
    weights = np.ones(len(sample)) if start is None else sizes(start, "starting weights")
    if len(weights) != len(sample) or np.isnan(weights).any() or (len(weights) and not weights.sum()):
        raise InputError("raking: starting weights must be one a respondent, none missing, not all zero")
    rounds, converged = 0, not len(sample)
    while len(sample) and not converged and rounds < most_rounds:
        weights = _one_round(weights, fits, total, low, high)
        rounds += 1
        off = [np.abs(_differences(weights, fit, total)).max(initial=0.0) for fit in fits]
        converged = bool(max(*off, abs(weights.sum() / total - 1)) <= tolerance)
    table = pd.concat([_margin_table(weights, fit, total) for fit in fits], ignore_index=True)
    message = _message(fits, table, converged, rounds, bounds, tolerance)
    return Raking(pd.Series(weights, index=sample.index, name="weight"), table, converged, rounds, message)


def _checked_bounds(bounds: tuple[float, float] | None) -> tuple[float, float]:
    low, high = bounds or (0.0, np.inf)
    if not 0 <= low <= 1 <= high:
        raise InputError(f"raking: bounds are {low} and {high}; they must hold 1, the mean weight")
    return low, high


def _common_total(margins: Mapping[str, pd.Series]) -> float:
    sums = {name: float(np.nansum(sizes(margin, f"margin {name}"))) for name, margin in margins.items()}
    least, most = min(sums.values()), max(sums.values())
    if not least > 0:
        raise InputError("raking: a margin adds up to zero; numbers above zero are needed")
    if most > least * 1.01:
        said = ", ".join(f"{name} {value:g}" for name, value in sums.items())
        raise InputError(f"raking: the margins add up to different numbers ({said}); 1 % apart is allowed")
    return next(iter(sums.values()))


def _prepared(column: pd.Series, margin: pd.Series, name: str) -> _Margin:
    if margin.index.has_duplicates:
        raise InputError(f"margin {name}: a category is listed twice; once is allowed")
    texts = column.astype("object").where(column.notna(), None)
    present = set(texts.dropna())
    strange = sorted(map(str, present - set(margin.index[margin.fillna(0) > 0])))
    if strange:
        raise InputError(f"margin {name}: there are respondents in {strange[0]} but no known number of it")
    known = margin[margin.fillna(0) > 0]
    kept = known[known.index.isin(present)]
    places = {category: place for place, category in enumerate(kept.index)}
    codes = np.array([places.get(text, len(kept)) for text in texts], dtype=np.int64)
    absent = [str(category) for category in known.index if category not in present]
    shares = kept.to_numpy(dtype=float) / (kept.sum() or 1.0)
    return _Margin(name, codes, shares, [str(item) for item in kept.index], absent)


def _one_round(weights: Floats, fits: list[_Margin], total: float, low: float, high: float) -> Floats:
    weights = weights * (total / weights.sum())
    for fit in fits:
        sums, targets = _sums_and_targets(weights, fit)
        factors = np.divide(targets, sums, out=np.ones_like(sums), where=sums > 0)
        # Whoever did not state a category is left alone.
        weights = weights * np.append(factors, 1.0)[fit.codes]
    mean = total / len(weights)
    return np.clip(weights, low * mean, high * mean)


def _sums_and_targets(weights: Floats, fit: _Margin) -> tuple[Floats, Floats]:
    sums = np.bincount(fit.codes, weights, len(fit.shares) + 1)[:-1].astype(np.float64)
    return sums, fit.shares * sums.sum()


def _differences(weights: Floats, fit: _Margin, total: float) -> Floats:
    sums, targets = _sums_and_targets(weights, fit)
    return np.asarray((sums - targets) / total, dtype=np.float64)


def _margin_table(weights: Floats, fit: _Margin, total: float) -> pd.DataFrame:
    number = len(fit.categories)
    sums, targets = _sums_and_targets(weights, fit)
    differences = (sums - targets) / total
    table = pd.DataFrame(
        {
            "margin": fit.name,
            "category": [*fit.categories, *fit.absent],
            "respondents": [*np.bincount(fit.codes, minlength=number)[:number], *[0] * len(fit.absent)],
            "target": [*targets, *[None] * len(fit.absent)],
            "achieved": [*sums, *[None] * len(fit.absent)],
            "difference": [*differences, *[None] * len(fit.absent)],
        }
    )
    numbers = dict.fromkeys(["target", "achieved", "difference"], "Float64")
    return table.astype({"margin": "str", "category": "str", "respondents": "Int64", **numbers})


def _message(
    fits: list[_Margin],
    table: pd.DataFrame,
    converged: bool,
    rounds: int,
    bounds: tuple[float, float] | None,
    tolerance: float,
) -> str:
    said = [
        f"{fit.name}: nobody answered in {', '.join(fit.absent)}; the others stand for all."
        for fit in fits
        if fit.absent
    ]
    if not converged:
        worst = table.iloc[int(table["difference"].abs().astype("float64").argmax())]
        reason = f" within the bounds {bounds[0]:g} to {bounds[1]:g}" if bounds else ""
        said.append(
            f"The margins are not met{reason} after {rounds} rounds: {worst['margin']} {worst['category']} "
            f"is {worst['achieved']:.6g} instead of {worst['target']:.6g} (allowed difference: {tolerance:g} "
            "of all)."
        )
    return " ".join(said)
