"""How far concentration would move if some of the listed entries were duplicates."""

import numpy as np
import pandas as pd

from helpers.analysis.checks import Numbers
from helpers.analysis.clusters.concentration import MEASURES, known_values
from helpers.data.errors import InputError


def duplicate_sensitivity(counts: Numbers, share: float, draws: int, seed: int) -> pd.DataFrame:
    """Compute how far the measures move if a share of the entries were duplicates.

    In each draw, ``share`` of all entries, picked at random without replacement, is struck off. Every entry
    is as likely as any other to go, so the range says what chance deletions do; duplicates that pile up in
    one country would do more.

    Parameters
    ----------
    counts
        Entries a unit. A unit that loses all its entries stays as a zero.
    share
        Share of entries struck off, from 0 to below 1; the number is rounded to whole entries.
    draws
        Number of draws, at least one.
    seed
        Seed of the random numbers; the same seed gives the same range, whatever the order of rows.

    Returns
    -------
    DataFrame
        ``measure``, ``label``, ``as_listed``, ``low`` and ``high`` (least and greatest value over the draws).

    Raises
    ------
    InputError
        If ``share`` or ``draws`` is not allowed.

    References
    ----------
    Draws are multivariate hypergeometric: Johnson, N. L., S. Kotz and N. Balakrishnan (1997), Discrete
    Multivariate Distributions, Wiley, chapter 39.

    Examples
    --------
    >>> table = duplicate_sensitivity([20, 50, 20, 10], share=0.1, draws=200, seed=1).set_index("measure")
    >>> low, listed, high = table.loc["hhi", ["low", "as_listed", "high"]]
    >>> low < listed < high
    True
    """
    if not 0 <= share < 1:
        raise InputError(f"duplicates: share is {share}; numbers from 0 to below 1 are allowed")
    if draws < 1:
        raise InputError(f"duplicates: draws is {draws}; whole numbers from one upwards are allowed")
    # Sorted, so that the order of rows has no say in which random number meets which unit.
    entries = np.sort(known_values(counts)).astype(np.int64)
    kept = int(entries.sum()) - round(share * int(entries.sum()))
    random = np.random.default_rng(seed)
    left = random.multivariate_hypergeometric(entries, kept, size=draws, method="marginals").astype(float)
    rows = []
    for name, (label, measure) in MEASURES.items():
        values = [measure(draw) for draw in left]
        listed = measure(entries.astype(float))
        rows.append(
            {"measure": name, "label": label, "as_listed": listed, "low": min(values), "high": max(values)}
        )
    return pd.DataFrame(rows)
