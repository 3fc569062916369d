"""Which cells say too much about one respondent: minimum count, dominance and p% rule."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.analysis.checks import Floats, Numbers, require_columns, sizes
from helpers.analysis.disclosure.single import Places
from helpers.data.errors import InputError

REASONS = ("too few respondents", "dominance", "p% rule")


@dataclass(frozen=True)
class Rules:
    """Thresholds of disclosure control.

    Attributes
    ----------
    min_count
        A cell needs at least so many respondents (those of one holding are one).
    dominance_n, dominance_k
        Unsafe if the ``n`` largest hold more than ``k`` per cent; ``k`` of 100 switches the rule off.
    p
        Unsafe if the second largest respondent can tell the largest to within ``p`` per cent; 0: off.
    protection
        Per cent of its value by which a suppressed cell must stay uncertain, up and down.

    Raises
    ------
    InputError
        If a threshold makes no sense.

    Examples
    --------
    >>> Rules(min_count=0)
    Traceback (most recent call last):
    ...
    helpers.data.errors.InputError: disclosure rules: min_count is 0; whole numbers from 1 upwards are allowed
    """

    min_count: int = 3
    dominance_n: int = 2
    dominance_k: float = 85.0
    p: float = 10.0
    protection: float = 10.0

    def __post_init__(self) -> None:
        for name in ("min_count", "dominance_n"):
            number = getattr(self, name)
            if isinstance(number, bool) or number != int(number) or number < 1:
                raise InputError(
                    f"disclosure rules: {name} is {number}; whole numbers from 1 upwards are allowed"
                )
        if not 0 < self.dominance_k <= 100:
            raise InputError(
                f"disclosure rules: dominance_k is {self.dominance_k}; above 0 up to 100 is allowed"
            )
        if not 0 <= self.p <= 100:
            raise InputError(f"disclosure rules: p is {self.p}; from 0 to 100 is allowed")
        if not 0 < self.protection <= 100:
            raise InputError(
                f"disclosure rules: protection is {self.protection}; above 0 up to 100 is allowed"
            )


def dominated(contributions: Numbers, n: int, k: float) -> bool:
    """Say whether the ``n`` largest hold more than ``k`` per cent: the (n,k) dominance rule.

    References
    ----------
    Hundepool, A., et al. (2012), Statistical Disclosure Control, Wiley, section 4.2.2.

    Examples
    --------
    >>> dominated([50_000, 49_000, 1_000], 1, 90), dominated([52_000, 50_000, 8_000], 2, 90.9)
    (False, True)
    """
    values = _sorted(contributions)
    return bool(values[:n].sum() > k / 100 * values.sum() * (1 + 1e-12))


def overestimate(contributions: Numbers) -> float:
    """Compute by how many per cent the second largest respondent overestimates the largest.

    It takes the cell's total and what it states itself: (X - x1 - x2) / x1.

    Returns
    -------
    float
        NaN if nothing was stated above zero.

    References
    ----------
    Hundepool, A., et al. (2012), Statistical Disclosure Control, Wiley, section 4.2.2.

    Examples
    --------
    >>> overestimate([50_000, 49_000, 1_000]), round(overestimate([52_000, 50_000, 8_000]), 1)
    (2.0, 15.4)
    """
    values = _sorted(contributions)
    return 100 * float(values[2:].sum()) / float(values[0]) if values[:1].sum() else math.nan


def unsafe_by_p(contributions: Numbers, p: float) -> bool:
    """Say whether the second largest respondent can tell the largest to within ``p`` per cent: the p% rule.

    References
    ----------
    Hundepool, A., et al. (2012), Statistical Disclosure Control, Wiley, section 4.2.2.

    Examples
    --------
    >>> unsafe_by_p([52_000, 50_000, 8_000], 10), unsafe_by_p([50_000, 49_000, 1_000], 10)
    (False, True)
    """
    values = _sorted(contributions)
    return bool(values[:1].sum() > 0 and values[2:].sum() < p / 100 * values[0] * (1 - 1e-12))


def upper_bound_needed(contributions: Numbers, rules: Rules) -> float:
    """Compute up to which value an unsafe cell must remain possible.

    Returns
    -------
    float
        The largest of: (x1 + ... + xn) 100/k (dominance), X + p/100 x1 - (X - x1 - x2) (p% rule), and
        X (1 + protection/100).

    References
    ----------
    Hundepool, A., et al. (2012), Statistical Disclosure Control, Wiley, section 4.3.1 (protection levels).

    Examples
    --------
    >>> round(upper_bound_needed([300, 20, 10], Rules(dominance_n=1, protection=1)), 2)
    352.94
    """
    values = _sorted(contributions)
    total = values.sum()
    by_dominance = values[: rules.dominance_n].sum() * 100 / rules.dominance_k
    by_p = total + rules.p / 100 * values[:1].sum() - values[2:].sum()
    return float(max(by_dominance, by_p, total * (1 + rules.protection / 100)))


def cell_risks(contributions: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Apply all rules to every cell at once.

    Parameters
    ----------
    contributions
        ``cell``, ``holding`` (respondents of one holding share it), ``value``; one row a contribution.
    rules
        Thresholds.

    Returns
    -------
    DataFrame
        Index ``cell``: ``value`` (sum), ``holdings`` (how many), ``reason`` (the first rule that the cell
        breaks, of `REASONS`, or empty), ``needed_up`` (how far above its value an unsafe cell must remain
        possible; 0 for a safe one), ``sole`` (the holding, if it is the only one).

    Raises
    ------
    InputError
        If a value is missing or negative.

    Examples
    --------
    >>> rows = pd.DataFrame({"cell": [0, 0, 0, 1], "holding": ["a", "b", "c", "a"], "value": [5, 5, 5, 9]})
    >>> cell_risks(rows, Rules())[["value", "holdings", "reason"]].values.tolist()
    [[15.0, 3, ''], [9.0, 1, 'too few respondents']]
    """
    require_columns(contributions, "contributions", ["cell", "holding", "value"])
    value = sizes(contributions["value"], "contributions, column value")
    if np.isnan(value).any():
        raise InputError("contributions: a value is missing; leave out respondents without an amount")
    cell, cells = pd.factorize(contributions["cell"], sort=True)
    holding, names = pd.factorize(contributions["holding"])
    judged = judge(held_by(cell, holding, value), rules, len(cells))
    sole = [names[one] if one >= 0 else None for one in judged.sole]
    return pd.DataFrame(
        {
            "value": judged.value,
            "holdings": judged.holdings,
            "sole": pd.Series(sole, index=cells, dtype="object"),
            "reason": judged.reason,
            "needed_up": judged.needed_up,
        },
        index=pd.Index(cells, name="cell"),
    )


@dataclass(frozen=True)
class Held:
    """What each ``holding`` (numbered) has in each ``cell``: ``value``. One entry a pair, by cell."""

    cell: Places
    holding: Places
    value: Floats


@dataclass(frozen=True)
class Judged:
    """What the rules say of each cell; see `cell_risks`. ``sole`` is a number, -1 if there is no such one."""

    value: Floats
    holdings: Places
    reason: npt.NDArray[np.object_]
    needed_up: Floats
    sole: Places


def held_by(cell: Places, holding: Places, value: Floats) -> Held:
    """Add up contributions by cell and holding; those of the holding -1 are left out.

    Examples
    --------
    >>> held = held_by(np.array([1, 0, 1]), np.array([0, 0, 0]), np.array([2.0, 3, 4]))
    >>> held.cell.tolist(), held.holding.tolist(), held.value.tolist()
    ([0, 1], [0, 0], [3.0, 6.0])
    """
    known = (holding >= 0) & (cell >= 0)
    wide = max(int(holding.max(initial=-1)) + 1, 1)
    summed = _sums(value[known], (cell * wide + holding)[known])
    keys = summed.index.to_numpy(dtype=np.int64)
    return Held(keys // wide, keys % wide, np.asarray(summed, dtype=np.float64))


def judge(held: Held, rules: Rules, cells: int) -> Judged:
    """Apply all rules to every cell, of which there are ``cells``; one without a holding breaks none.

    Examples
    --------
    >>> held = Held(np.array([0, 0, 0, 1]), np.array([0, 1, 2, 0]), np.array([5.0, 5, 5, 9]))
    >>> judge(held, Rules(), 3).reason.tolist()
    ['', 'too few respondents', '']
    """
    order = np.lexsort((-held.value, held.cell))
    cell, share = held.cell[order], held.value[order]
    holdings = np.bincount(cell, minlength=cells)
    rank = np.arange(len(cell)) - (np.cumsum(holdings) - holdings)[cell]
    value, largest, second, sole = np.zeros(cells), np.zeros(cells), np.zeros(cells), np.full(cells, -1)
    summed = _sums(share, cell)
    value[summed.index] = summed
    largest[cell[rank == 0]], second[cell[rank == 1]] = share[rank == 0], share[rank == 1]
    sole[cell] = held.holding[order]
    sole[holdings != 1] = -1
    first = rank < rules.dominance_n
    leading = np.bincount(cell[first], weights=share[first], minlength=cells)
    rest = np.maximum(value - largest - second, 0.0)
    few = (holdings < rules.min_count) & (holdings > 0)
    dominance = leading > rules.dominance_k / 100 * value * (1 + 1e-12)
    percent = (largest > 0) & (rest < rules.p / 100 * largest * (1 - 1e-12))
    reason = np.select([few, dominance, percent], list(REASONS), "").astype(np.object_)
    by_dominance = leading * 100 / rules.dominance_k - value
    by_p = rules.p / 100 * largest - rest
    needed = np.maximum.reduce([by_dominance, by_p, value * rules.protection / 100])
    return Judged(value, holdings, reason, np.where(reason == "", 0.0, needed), sole)


def _sums(values: Floats, keys: Places) -> "pd.Series[float]":
    # Grouped sums carry the digits that plain addition loses.
    return pd.Series(values).groupby(keys).sum()


def _sorted(contributions: Numbers) -> Floats:
    values = sizes(contributions, "contributions")
    return np.sort(values[~np.isnan(values)])[::-1]
