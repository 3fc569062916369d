"""Differences of shares between groups, with how many of them were looked at taken into account."""

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from helpers.analysis.checks import Floats, Numbers
from helpers.analysis.themes.material import FEWEST_CODED, Material, material, members
from helpers.analysis.themes.ppi import Flags, Places, Share, Target
from helpers.analysis.themes.prevalence import UNVALIDATED, VALIDATED
from helpers.data.errors import InputError

Against = Literal["rest", "before"]

_TYPES = {
    "theme": "str",
    "group": "str",
    "against": "str",
    "share": "Float64",
    "share_against": "Float64",
    "difference": "Float64",
    "low": "Float64",
    "high": "Float64",
    "standard_error": "Float64",
    "p": "Float64",
    "p_holm": "Float64",
    "p_bh": "Float64",
    "comparisons": "Int64",
    "method": "str",
    "rare": "bool",
}


def holm(p: Numbers) -> Floats:
    """Correct p values for their number so that the chance of any false finding is bounded.

    Parameters
    ----------
    p
        P values; NaN where no test was made, which stays NaN and does not count.

    Returns
    -------
    ndarray
        Corrected p values in the order given, at most 1.

    Raises
    ------
    InputError
        If a p value is not between 0 and 1.

    References
    ----------
    Holm, S. (1979), A Simple Sequentially Rejective Multiple Test Procedure, Scandinavian Journal of
    Statistics 6, 65-70.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    values, order, ranked = _ranked(p)
    factors = np.arange(len(ranked), 0, -1)
    values[order] = np.minimum(np.maximum.accumulate(ranked * factors), 1.0)
    return values


def benjamini_hochberg(p: Numbers) -> Floats:
    """Correct p values for their number so that the expected share of false findings is bounded.

    Parameters
    ----------
    p
        P values; NaN where no test was made, which stays NaN and does not count.

    Returns
    -------
    ndarray
        Corrected p values in the order given, at most 1.

    Raises
    ------
    InputError
        If a p value is not between 0 and 1.

    References
    ----------
    Benjamini, Y., and Y. Hochberg (1995), Controlling the False Discovery Rate, Journal of the Royal
    Statistical Society B 57, 289-300.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    values, order, ranked = _ranked(p)
    factors = len(ranked) / np.arange(1, len(ranked) + 1)
    values[order] = np.minimum.accumulate((ranked * factors)[::-1])[::-1]
    return values


def compare_groups(
    machine: pd.DataFrame,
    human: pd.DataFrame | None,
    groups: pd.Series,
    *,
    against: Against = "rest",
    order: Sequence[str] | None = None,
    probabilities: pd.Series | None = None,
    weights: pd.Series | None = None,
    respondents: pd.Series | None = None,
    level: float = 0.95,
    min_cell: int = 3,
    target: Target = "population",
    fewest_coded: int = FEWEST_CODED,
) -> pd.DataFrame:
    """Compare each group's share of answers with a theme to that of the rest, or of the group before.

    Parameters
    ----------
    machine, human, probabilities, weights, respondents, level, min_cell, fewest_coded
        As of `prevalence.prevalence_table`.
    groups
        Label by ``answer_id``; an answer may stand in several groups. Answers without a label take no part.
    against
        ``"rest"``: all answers with a label that are not in the group. ``"before"``: the group before it in
        ``order``, as of waves; the first is compared to nothing. An answer in both counts in the later one.
    order
        Labels in their order; sorted if not given.
    target
        ``"population"`` asks whether groups differ beyond chance, the answers themselves being a draw;
        ``"answers"`` whether the answers that came in do, chance lying only in which of them people coded.

    Returns
    -------
    DataFrame
        ``theme``, ``group``, ``against`` (``the rest`` or a label), ``share``, ``share_against``,
        ``difference`` (a share: 0.1 is ten percentage points) with ``low``, ``high`` and ``standard_error``,
        ``p`` of no difference, ``p_holm``, ``p_bh`` (corrected over the whole table), ``comparisons``: how
        many tests the table makes, ``method``, ``rare``: fewer than ``min_cell`` stand behind the machine's
        code in both. Where one side has too few human-coded answers, shares are the machine's, the method is
        ``unvalidated``, and there is no test. Both sides are taken as independent, which is cautious where
        the same respondents answered in two waves alike.

    Raises
    ------
    InputError
        See `material.material`; or if ``against`` or ``order`` makes no sense.

    References
    ----------
    Interval from both shares' own: Newcombe, R. G. (1998), Interval Estimation for the Difference between
    Independent Proportions, Statistics in Medicine 17, 873-890, method 10; Zou, G. Y., and A. Donner (2008),
    Statistics in Medicine 27, 1693-1702. Test: two shares with a pooled one under the hypothesis, with
    effective numbers of answers for n (Kott and Carr 1997, see `intervals.wilson_of_share`).

    Examples
    --------
    >>> names = [f"a{place}" for place in range(400)]
    >>> codes = [place % 8 == 0 or place < 80 for place in range(400)]
    >>> machine = pd.DataFrame({"energy": codes}, index=names)
    >>> groups = pd.Series(["AT"] * 200 + ["BE"] * 200, index=names)
    >>> table = compare_groups(machine, machine.iloc[::3], groups)
    >>> table[["group", "difference", "low", "high", "comparisons"]].round(2).values.tolist()
    [['AT', 0.35, 0.26, 0.43, 2], ['BE', -0.35, -0.43, -0.26, 2]]
    """
    data = material(machine, human, probabilities, weights, respondents)
    pairs = _pairs(members(groups, data.machine), against, order)
    rows = []
    for theme in map(str, data.machine.columns):
        for label, other, here, there in pairs:
            both = [
                data.estimate(theme, flags, level=level, target=target, fewest=fewest_coded)
                for flags in (here, there)
            ]
            rare = data.behind(theme, here) < min_cell and data.behind(theme, there) < min_cell
            numbers = _compared(*both) or _by_machine(data, theme, here, there)
            rows.append({"theme": theme, "group": label, "against": other, "rare": rare, **numbers})
    table = pd.DataFrame(rows, columns=list(_TYPES))
    p = table["p"].to_numpy(dtype=float)
    number = int((~np.isnan(p)).sum())
    return table.assign(p_holm=holm(p), p_bh=benjamini_hochberg(p), comparisons=number).astype(_TYPES)


def _pairs(
    parts: dict[str, Flags], against: str, order: Sequence[str] | None
) -> list[tuple[str, str, Flags, Flags]]:
    if against not in get_args(Against):
        raise InputError(f"comparison: against is {against!r}; allowed: {', '.join(get_args(Against))}")
    labels = list(parts) if order is None else [str(label) for label in order]
    strange = [label for label in labels if label not in parts]
    if strange or len(set(labels)) < len(labels):
        found = f"{strange[0]!r} is no group" if strange else "a group is listed twice"
        raise InputError(f"comparison: order: {found}; allowed, each once: {', '.join(parts)}")
    if against == "before":
        steps = zip(labels[1:], labels, strict=False)
        return [(label, other, parts[label], parts[other] & ~parts[label]) for label, other in steps]
    anyone = np.logical_or.reduce([parts[label] for label in labels])
    return [(label, "the rest", parts[label], anyone & ~parts[label]) for label in labels]


def _compared(here: Share | None, there: Share | None) -> dict[str, Any] | None:
    """Compare two independent estimates; ``None`` if one is missing."""
    if here is None or there is None:
        return None
    difference = here.share - there.share
    return {
        "share": here.share,
        "share_against": there.share,
        "difference": difference,
        "low": difference - math.hypot(here.share - here.low, there.high - there.share),
        "high": difference + math.hypot(here.high - here.share, there.share - there.low),
        "standard_error": math.hypot(here.standard_error, there.standard_error),
        "p": _p_value(here, there),
        "method": VALIDATED,
    }


def _p_value(here: Share, there: Share) -> float:
    if math.isinf(here.size) and math.isinf(there.size):
        return float(here.share == there.share)
    # With one share known, it is what the other is tested against.
    known = here if math.isinf(here.size) else there if math.isinf(there.size) else None
    sizes = [share.size for share in (here, there) if not math.isinf(share.size)]
    total = here.share * here.size + there.share * there.size if known is None else 0.0
    pooled = known.share if known else total / sum(sizes)
    deviation = math.sqrt(pooled * (1 - pooled) * sum(1 / size for size in sizes))
    difference = abs(here.share - there.share)
    if deviation == 0:
        return float(difference == 0)
    return 2 * NormalDist().cdf(-difference / deviation)


def _by_machine(data: Material, theme: str, here: Flags, there: Flags) -> dict[str, Any]:
    shares = [data.share_by_machine(theme, flags) for flags in (here, there)]
    return {
        "share": shares[0],
        "share_against": shares[1],
        "difference": shares[0] - shares[1],
        "method": UNVALIDATED,
    }


def _ranked(p: Numbers) -> tuple[Floats, Places, Floats]:
    """Return the values, the places of the known ones from least to greatest, and these in that order."""
    values: Floats = np.array(pd.Series(p).astype("Float64").to_numpy(dtype=float, na_value=np.nan))
    known = np.flatnonzero(~np.isnan(values))
    if ((values[known] < 0) | (values[known] > 1)).any():
        raise InputError("p values: numbers from 0 to 1 are allowed")
    order: Places = known[np.argsort(values[known], kind="stable")].astype(np.int64)
    return values, order, values[order]
