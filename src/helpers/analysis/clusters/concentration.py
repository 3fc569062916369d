"""How unevenly counts are spread over countries.

Missing values (a country that is not listed) are left out everywhere; a zero is a unit like any other.
Indices of nothing, or of zeros only, are not available (NaN).
"""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd

from helpers.analysis.checks import Floats, Numbers, sizes
from helpers.data.errors import InputError


def herfindahl_hirschman(counts: Numbers) -> float:
    """Compute the Herfindahl-Hirschman index: the sum of the squared shares.

    Parameters
    ----------
    counts
        Whole numbers, one a unit (here: a country).

    Returns
    -------
    float
        From 1/n (all equal) to 1 (all in one unit); NaN of an empty set.

    Raises
    ------
    InputError
        If a count is negative or not a whole number.

    References
    ----------
    Hirschman, A. O. (1964), The Paternity of an Index, American Economic Review 54 (5), 761-762. Worked
    example: Dörsam, P. (2004), Wirtschaftsstatistik anschaulich dargestellt, PD-Verlag.

    Examples
    --------
    >>> round(herfindahl_hirschman([20, 50, 20, 10]), 2)
    0.34
    """
    return _hhi(known_values(counts))


def equivalent_number(counts: Numbers) -> float:
    """Compute the equivalent number: how many units of equal size would give the same concentration.

    Returns
    -------
    float
        1 / HHI, from 1 to n; NaN of an empty set.

    References
    ----------
    Adelman, M. A. (1969), Comment on the "H" Concentration Measure as a Numbers-Equivalent, Review of
    Economics and Statistics 51 (1), 99-101.

    Examples
    --------
    >>> round(equivalent_number([20, 50, 20, 10]), 2)
    2.94
    """
    return 1 / _hhi(known_values(counts))


def normalised_hhi(counts: Numbers) -> float:
    """Compute the Herfindahl-Hirschman index rescaled to run from 0 to 1: (HHI - 1/n) / (1 - 1/n).

    Returns
    -------
    float
        NaN for fewer than two units.

    References
    ----------
    Cracau, D., and J. E. Durán Lima (2016), On the normalized Herfindahl-Hirschman index: a technical note,
    International Journal on Food System Dynamics 7 (4), 382-386.

    Examples
    --------
    >>> round(normalised_hhi([20, 50, 20, 10]), 2)
    0.12
    """
    return _normalised_hhi(known_values(counts))


def gini(values: Numbers) -> float:
    r"""Compute the Gini coefficient: sum((2i - n - 1) x_i) / (n sum(x)), x in rising order.

    Parameters
    ----------
    values
        Numbers from zero upwards, not only counts: applied to location quotients it is the spatial Gini
        coefficient of Farhauer and Kröll (``gini.conc`` of R package REAT), which weighs every unit alike
        and is not the area under the localisation curve; for that see `lorenz.locational_gini`.

    Returns
    -------
    float
        From 0 to 1 - 1/n; NaN of an empty set.

    References
    ----------
    Dixon, P. M., J. Weiner, T. Mitchell-Olds and R. Woodley (1987), Bootstrapping the Gini coefficient of
    inequality, Ecology 68 (5), 1548-1551. Farhauer, O., and A. Kröll (2014), Standorttheorien, Springer.

    Examples
    --------
    >>> round(gini([20, 50, 20, 10]), 2)
    0.3
    """
    return _gini(known_values(values, whole=False))


def normalised_gini(values: Numbers) -> float:
    """Compute the Gini coefficient times n / (n - 1), so that it runs from 0 to 1.

    Returns
    -------
    float
        NaN for fewer than two units.

    Examples
    --------
    >>> round(normalised_gini([20, 50, 20, 10]), 2)
    0.4
    """
    return _normalised_gini(known_values(values, whole=False))


def theil(values: Numbers) -> float:
    """Compute Theil's T: the mean of (x / mean) ln(x / mean), with 0 ln 0 = 0.

    R package REAT's ``theil()`` is another measure, Theil's L (the mean logarithmic deviation).

    Returns
    -------
    float
        From 0 to ln n; NaN of an empty set.

    References
    ----------
    Theil, H. (1967), Economics and Information Theory, North-Holland, chapter 4.

    Examples
    --------
    >>> round(theil([10, 10, 10, 20, 50]), 4)
    0.2502
    """
    known = np.sort(known_values(values, whole=False))
    if not known.sum():
        return math.nan
    relative = known[known > 0] / known.mean()
    return max(0.0, float((relative * np.log(relative)).sum() / len(known)))


def concentration_ratio(counts: Numbers, n: int) -> float:
    """Compute CR-n: the share of the n largest units.

    Raises
    ------
    InputError
        If ``n`` is below one.

    Examples
    --------
    >>> concentration_ratio([20, 50, 20, 10], 2)
    0.7
    """
    if n < 1:
        raise InputError(f"concentration ratio: n is {n}; whole numbers from one upwards are allowed")
    return _ratio(known_values(counts), n)


def concentration_table(counts: Numbers) -> pd.DataFrame:
    """Compute all measures of concentration with the range that each can take.

    Returns
    -------
    DataFrame
        ``measure`` (identifier), ``label``, ``value``, ``equal`` (if all units had the same) and ``one`` (if
        one unit had all). Values and ranges are missing for an empty set.

    Examples
    --------
    >>> table = concentration_table([20, 50, 20, 10]).set_index("measure")
    >>> table.loc["hhi", ["value", "equal", "one"]].round(2).to_list()
    [0.34, 0.25, 1.0]
    """
    known = known_values(counts)
    n = len(known) if known.sum() else 0
    equal, one = np.ones(n), np.eye(1, n)[0] if n else np.ones(0)
    rows = [
        {
            "measure": name,
            "label": label,
            "value": measure(known),
            "equal": measure(equal),
            "one": measure(one),
        }
        for name, (label, measure) in MEASURES.items()
    ]
    return pd.DataFrame(rows)


def known_values(values: Numbers, *, whole: bool = True) -> Floats:
    """Return the values that are not missing, checked; see `helpers.analysis.checks.sizes`.

    Examples
    --------
    >>> known_values([3, None, 0])
    array([3., 0.])
    """
    numbers = sizes(values, "counts" if whole else "values", whole=whole)
    return numbers[~np.isnan(numbers)]


def _hhi(known: Floats) -> float:
    total = known.sum()
    # Sorted before summing, so that the order of rows cannot change the last digit.
    return float(np.square(np.sort(known) / total).sum()) if total else math.nan


def _normalised_hhi(known: Floats) -> float:
    n = len(known)
    if n < 2 or not known.sum():
        return math.nan
    return max(0.0, (_hhi(known) - 1 / n) / (1 - 1 / n))


def _gini(known: Floats) -> float:
    total, n = known.sum(), len(known)
    if not total:
        return math.nan
    ranks = 2 * np.arange(1, n + 1) - n - 1
    return max(0.0, float((ranks * np.sort(known) / total).sum() / n))


def _normalised_gini(known: Floats) -> float:
    n = len(known)
    return _gini(known) * n / (n - 1) if n > 1 else math.nan


def _ratio(known: Floats, n: int) -> float:
    total = known.sum()
    return float(np.sort(known)[::-1][:n].sum() / total) if total else math.nan


# Identifier, label, and the function of checked values; for tables and for the range over duplicates.
MEASURES: dict[str, tuple[str, Callable[[Floats], float]]] = {
    "hhi": ("Herfindahl-Hirschman index", _hhi),
    "equivalent_number": ("Equivalent number of countries", lambda known: 1 / _hhi(known)),
    "hhi_normalised": ("Herfindahl-Hirschman index, normalised", _normalised_hhi),
    "gini": ("Gini coefficient", _gini),
    "gini_normalised": ("Gini coefficient, normalised", _normalised_gini),
    "cr1": ("Share of the largest country", lambda known: _ratio(known, 1)),
    "cr3": ("Share of the three largest countries", lambda known: _ratio(known, 3)),
    "cr5": ("Share of the five largest countries", lambda known: _ratio(known, 5)),
}
