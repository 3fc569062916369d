"""Rounding for publication: every number is rounded once, and totals are sums of rounded numbers."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.analysis.checks import Floats, Numbers, require_columns, sizes
from helpers.data.errors import InputError

REDACTED = "[REDACTED]"


def round_to_base(values: Numbers, base: float) -> Floats:
    """Round to the nearest multiple of a base, halves up.

    Raises
    ------
    InputError
        If the base is not above zero, or a value is negative.

    References
    ----------
    Hundepool, A., et al. (2012), Statistical Disclosure Control, Wiley, section 5.4 (conventional rounding).

    Examples
    --------
    >>> round_to_base([8, 16, 23, 12.5], 5).tolist()
    [10.0, 15.0, 25.0, 15.0]
    """
    if not base > 0:
        raise InputError(f"rounding: base is {base}; numbers above zero are allowed")
    # A hair above the half: 0.15 / 0.1 is 1.4999999999999998.
    return np.asarray(np.floor(sizes(values, "values") / base + 0.5 + 1e-9) * base, dtype=np.float64)


def midpoint_round(counts: Numbers, base: int = 6) -> Floats:
    """Round each count to the middle of its band: 0, then 1 to 6 as 3, 7 to 12 as 9.

    Every published count above zero then stands for as many as ``base`` true ones.

    References
    ----------
    OpenSAFELY documentation, Updated disclosure control: midpoint-6 rounding, ceil(x / 6) * 6 - 3.

    Examples
    --------
    >>> midpoint_round([0, 1, 6, 7, 12, 13, 18]).tolist()
    [0.0, 3.0, 3.0, 9.0, 9.0, 15.0, 15.0]
    """
    if base < 2:
        raise InputError(f"midpoint rounding: base is {base}; whole numbers from 2 upwards are allowed")
    bands = np.ceil(sizes(counts, "counts", whole=True) / base)
    return np.where(bands > 0, bands * base - base // 2, bands)


def redact_and_round(counts: Numbers, threshold: int = 7, base: int = 5) -> list[str]:
    """Write counts for publication: above zero up to the threshold redacted, others rounded to the base.

    References
    ----------
    OpenSAFELY documentation, Statistical disclosure control: redact counts of 7 and fewer, round to 5.

    Examples
    --------
    >>> redact_and_round([3, 8, 16, 23, 0])
    ['[REDACTED]', '10', '15', '25', '0']
    """
    known = sizes(counts, "counts", whole=True)
    if np.isnan(known).any():
        raise InputError("counts: a count is missing; whole numbers from zero upwards are allowed")
    rounded = round_to_base(known, base)
    return [
        REDACTED if 0 < count <= threshold else f"{whole:.0f}"
        for count, whole in zip(known, rounded, strict=True)
    ]


def round_with_totals(data: pd.DataFrame, value: str, base: float, by: Sequence[str]) -> pd.DataFrame:
    """Round the cells of a table and add them up, so that the published numbers add up.

    Parameters
    ----------
    data
        One row a cell; column ``value``.
    value, base
        Column to round, and to what.
    by
        Columns of the totals; none for one total.

    Returns
    -------
    DataFrame
        ``by`` and ``value``: sums of the rounded cells, by group. A total can differ from the rounded true
        total by half a base a cell; it never tells what was rounded away.

    Examples
    --------
    >>> cells = pd.DataFrame({"country": ["AT", "AT"], "amount": [12, 12]})
    >>> round_with_totals(cells, "amount", 10, ["country"])["amount"].to_list()
    [20.0]
    """
    require_columns(data, "cells", [value, *by])
    rounded = data.assign(**{value: round_to_base(data[value], base)})
    if not by:
        return pd.DataFrame({value: [rounded[value].sum()]})
    return rounded.groupby(list(by))[value].sum().reset_index()
