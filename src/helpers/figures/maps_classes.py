"""Classes of a choropleth map: few, of similar size, with bounds that a reader can say aloud."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.figures import style

Values = NDArray[np.float64]

MOST_CLASSES = 5
MOST_DIGITS = 6


@dataclass(frozen=True)
class Classes:
    """Bounds between classes and how they are worded.

    Parameters
    ----------
    bounds
        Ascending values between the classes; a value equal to a bound belongs to the upper class.
    decimals
        Digits after the point that the wording needs.
    only
        The one value, if all are equal.
    """

    bounds: tuple[float, ...]
    decimals: int = 0
    only: float | None = None

    @property
    def colours(self) -> tuple[str, ...]:
        """One colour a class, light to dark, spread over the ramp."""
        count = len(self.bounds) + 1
        chosen = {1: [2], 2: [1, 3], 3: [0, 2, 4], 4: [0, 1, 3, 4]}.get(count, [0, 1, 2, 3, 4])
        return tuple(style.RAMP[index] for index in chosen)

    @property
    def labels(self) -> tuple[str, ...]:
        """One wording a class, lowest first, as on Eurostat's maps.

        Examples
        --------
        >>> Classes((1.5, 3.0), 1).labels
        ('< 1.5', '1.5 – < 3.0', '≥ 3.0')
        """
        words = [f"{bound:,.{self.decimals}f}" for bound in self.bounds]
        if not words:
            return (_plain(self.only),) if self.only is not None else ("all values",)
        between = [f"{low} – < {high}" for low, high in pairwise(words)]
        return (f"< {words[0]}", *between, f"≥ {words[-1]}")

    def index(self, value: float) -> int:
        """Return the class of a value, 0 for the lowest."""
        return int(np.digitize(value, self.bounds))


def _plain(value: float) -> str:
    return f"{value:,.4g}"


def classes_of(values: "pd.Series[float]") -> Classes:
    """Divide values into up to five classes of similar size.

    Quantiles, rounded to as few digits as keep every class filled. Fewer distinct values than classes give
    fewer classes.

    Parameters
    ----------
    values
        Numbers of any unit; missing and infinite ones are left out.

    Returns
    -------
    Classes
        Bounds in the unit of ``values``.

    References
    ----------
    Slocum, T. A. et al. (2009), Thematic Cartography and Geovisualization, 3rd edition, Pearson, chapter 4:
    quantile classes; the number of classes follows Eurostat's maps.

    Examples
    --------
    >>> classes_of(pd.Series([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0])).bounds
    (2.0, 4.0, 6.0, 8.0)
    >>> classes_of(pd.Series([2.0, 2.0])).labels
    ('2',)
    """
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    distinct: Values = np.unique(numbers[np.isfinite(numbers)].to_numpy(dtype=np.float64))
    if len(distinct) < 2:
        return Classes((), only=float(distinct[0]) if len(distinct) else None)
    cuts = _cuts(distinct, min(MOST_CLASSES, len(distinct)))
    for digits in range(1, MOST_DIGITS + 1):
        rounded, decimals = _rounded(cuts, digits)
        if _every_class_filled(distinct, rounded, len(cuts)):
            return Classes(tuple(float(bound) for bound in rounded), decimals)
    return Classes(tuple(float(bound) for bound in cuts), MOST_DIGITS)


def _cuts(distinct: Values, count: int) -> Values:
    """Return the quantile bounds of distinct values, each moved to the middle of the gap above it."""
    shares = np.arange(1, count) / count
    uppers = np.unique(np.quantile(distinct, shares)) if len(distinct) > count else distinct[:-1]
    above = np.searchsorted(distinct, uppers, side="right")
    middles: Values = np.unique((distinct[above - 1] + distinct[above]) / 2)
    return middles


def _rounded(cuts: Values, digits: int) -> tuple[Values, int]:
    """Round to ``digits`` significant digits of the middle cut; return the cuts and their decimals."""
    middle = abs(float(np.median(cuts)))
    power = math.floor(math.log10(middle)) if middle > 0 else 0
    decimals = digits - 1 - power
    return np.round(cuts, decimals), max(decimals, 0)


def _every_class_filled(distinct: Values, bounds: Values, count: int) -> bool:
    if len(np.unique(bounds)) != count:
        return False
    sizes = np.bincount(np.digitize(distinct, bounds), minlength=count + 1)
    return bool((sizes > 0).all() and sizes.max() <= 2 * math.ceil(len(distinct) / (count + 1)))
