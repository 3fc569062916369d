"""How much hangs on the relative thresholds of the rules for strong clusters."""

import math
from collections.abc import Sequence
from typing import Literal

import pandas as pd

from helpers.analysis.clusters.specialisation import (
    OBSERVATORY_TOP,
    US_TOP,
    observatory_stars,
    us_strong_clusters,
)
from helpers.data.errors import InputError

Rule = Literal["observatory", "us"]


def threshold_sensitivity(
    table: pd.DataFrame, rule: Rule, thresholds: Sequence[float], *, base: float | None = None
) -> pd.DataFrame:
    """Compute which countries qualify at each of several relative thresholds.

    Parameters
    ----------
    table
        As from `counts.country_table`.
    rule
        ``"us"``: strong by `us_strong_clusters`. ``"observatory"``: at least two stars by `observatory_stars`
        with all three thresholds relative.
    thresholds
        Shares of the countries that count as the top, each above 0 and at most 1.
    base
        The threshold to compare with; the rule's own (0.25 and 0.10) if not given.

    Returns
    -------
    DataFrame
        One row a threshold in rising order: ``threshold``, ``is_base``, ``number`` (of countries that
        qualify), ``countries`` (codes, comma-separated), ``enter`` and ``leave`` (codes, against the base),
        ``changed`` (how many enter or leave), ``jaccard`` (similarity with the base; 1 if both are empty).

    Raises
    ------
    InputError
        If the rule is unknown or a threshold is not allowed.

    References
    ----------
    Jaccard, P. (1912), The Distribution of the Flora in the Alpine Zone, New Phytologist 11 (2), 37-50.

    Examples
    --------
    >>> table = pd.DataFrame({"country": ["AT", "BE", "MT", "FR"],
    ...                       "name": ["Austria", "Belgium", "Malta", "France"],
    ...                       "organisations": [9, 5, 4, 6], "location_quotient": [1.5, 1.2, 2.0, 0.4]})
    >>> found = threshold_sensitivity(table, "us", [0.25, 0.5])
    >>> found[["threshold", "countries", "jaccard"]].values.tolist()
    [[0.25, '', 1.0], [0.5, 'AT', 0.0]]
    """
    if rule not in _BASES:
        raise InputError(f"threshold sensitivity: rule is {rule!r}; allowed: {', '.join(_BASES)}")
    base = _BASES[rule] if base is None else base
    reference = _qualified(table, rule, base)
    rows = [_compared(table, rule, threshold, base, reference) for threshold in sorted(set(thresholds))]
    return pd.DataFrame(rows, columns=list(_SENSITIVITY_COLUMNS)).astype(_SENSITIVITY_COLUMNS)


_BASES: dict[Rule, float] = {"observatory": OBSERVATORY_TOP, "us": US_TOP}
_SENSITIVITY_COLUMNS = {
    "threshold": "float64",
    "is_base": "bool",
    "number": "int64",
    "countries": "str",
    "enter": "str",
    "leave": "str",
    "changed": "int64",
    "jaccard": "float64",
}


def _compared(
    table: pd.DataFrame, rule: Rule, threshold: float, base: float, reference: set[str]
) -> dict[str, object]:
    found = _qualified(table, rule, threshold)
    together = found | reference
    return {
        "threshold": threshold,
        "is_base": math.isclose(threshold, base),
        "number": len(found),
        "countries": ", ".join(sorted(found)),
        "enter": ", ".join(sorted(found - reference)),
        "leave": ", ".join(sorted(reference - found)),
        "changed": len(found ^ reference),
        "jaccard": len(found & reference) / len(together) if together else 1.0,
    }


def _qualified(table: pd.DataFrame, rule: Rule, top: float) -> set[str]:
    if rule == "us":
        judged = us_strong_clusters(table, top=top)
        return set(judged.loc[judged["strong"].fillna(False), "country"])
    judged = observatory_stars(table, top=top, quotient=None)
    return set(judged.loc[judged["stars"] >= 2, "country"])
