"""Which share of the registered cluster organisations an alliance represents."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from helpers.analysis.checks import sizes
from helpers.analysis.clusters.growth import bounds_of, in_time_order
from helpers.data.errors import InputError

Bound = Literal["exact", "at_least", "at_most", "about"]

_COVERAGE_COLUMNS = {
    "date": "datetime64[us]",
    "represented": "float64",
    "represented_qualifier": "str",
    "registered": "float64",
    "registered_qualifier": "str",
    "share": "float64",
    "bound": "str",
    "represented_row": "Int64",
    "registered_row": "Int64",
}


@dataclass(frozen=True)
class Coverage:
    """A census ratio.

    Attributes
    ----------
    represented, registered
        The two counts.
    share
        Represented of registered.
    bound
        ``exact``; ``at_least`` or ``at_most`` where a count is a lower bound; ``about`` where one is rounded.
    """

    represented: float
    registered: float
    share: float
    bound: Bound


def census_coverage(
    represented: float,
    registered: float,
    represented_qualifier: str = "exact",
    registered_qualifier: str = "exact",
) -> Coverage:
    """Compute the share of all registered organisations that is represented.

    Both counts are complete (a census), not samples, so the share has no sampling error and no confidence
    interval. A lower bound in the numerator makes it "at least", one in the denominator "at most".

    Raises
    ------
    InputError
        If a count is negative or not whole, nothing is registered, more are represented than registered,
        or both counts are lower bounds (the share could then be anything).

    Examples
    --------
    >>> coverage = census_coverage(740, 965, "at_least")
    >>> round(coverage.share, 3), coverage.bound
    (0.767, 'at_least')
    """
    sizes([represented, registered], "coverage", whole=True)
    for value, qualifier in ((represented, represented_qualifier), (registered, registered_qualifier)):
        bounds_of(value, qualifier)  # refuses an unknown qualifier
    if registered == 0:
        raise InputError("coverage: registered is 0; whole numbers from one upwards are allowed")
    if represented > registered and registered_qualifier == "exact":
        raise InputError(f"coverage: {represented} of {registered} represented; at most all can be")
    bound = _bound(represented_qualifier, registered_qualifier)
    return Coverage(represented, registered, represented / registered, bound)


def coverage_table(timeline: pd.DataFrame) -> pd.DataFrame:
    """Compute the coverage of the European Clusters Alliance on each day for which both counts are known.

    The number represented on one day is never divided by the number registered on another.

    Parameters
    ----------
    timeline
        The processed table ``timeline``; indicators ``alliance_clusters_represented`` and
        ``cluster_organisations_registered``.

    Returns
    -------
    DataFrame
        ``date``, ``represented``, ``registered`` with their qualifiers and raw rows, ``share``, ``bound``.

    Examples
    --------
    >>> table = pd.DataFrame({"raw_row": [4, 13], "period_start": "2020-03-04", "period_end": "2020-03-04",
    ...     "indicator": ["cluster_organisations_registered", "alliance_clusters_represented"],
    ...     "qualifier": ["exact", "at_least"], "value": [965.0, 740.0], "unit": "n", "scope": "-"})
    >>> coverage_table(table)[["share", "bound"]].round(3).to_dict("records")
    [{'share': 0.767, 'bound': 'at_least'}]
    """
    rows = in_time_order(timeline)
    both = pd.merge(
        rows[rows["indicator"] == "alliance_clusters_represented"],
        rows[rows["indicator"] == "cluster_organisations_registered"],
        on=["period_start", "period_end"],
        suffixes=("_a", "_b"),
    )
    found = []
    for _, pair in both.iterrows():
        one = census_coverage(pair["value_a"], pair["value_b"], pair["qualifier_a"], pair["qualifier_b"])
        found.append(
            {
                "date": pair["period_start"],
                "represented": one.represented,
                "represented_qualifier": pair["qualifier_a"],
                "registered": one.registered,
                "registered_qualifier": pair["qualifier_b"],
                "share": one.share,
                "bound": one.bound,
                "represented_row": pair["raw_row_a"],
                "registered_row": pair["raw_row_b"],
            }
        )
    return pd.DataFrame(found, columns=list(_COVERAGE_COLUMNS)).astype(_COVERAGE_COLUMNS)


def _bound(represented: str, registered: str) -> Bound:
    if "about" in (represented, registered):
        return "about"
    if represented == registered == "at_least":
        raise InputError("coverage: both counts are lower bounds, so the share is not determined")
    if represented == "at_least":
        return "at_least"
    return "at_most" if registered == "at_least" else "exact"
