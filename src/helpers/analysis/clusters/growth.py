"""Growth between dated figures that may be exact, at least, or about; and what was known on a day.

A figure that says "at least" bounds the truth from below, so growth from it or to it is a range, not a
number. Figures that speak of different sets of organisations are set side by side, without growth.
"""

import math
from datetime import date

import pandas as pd

from helpers.analysis.checks import day, require_columns, require_unique
from helpers.data.errors import InputError

Bounds = tuple[float, float]

QUALIFIERS = ("exact", "at_least", "about")
_COLUMNS = ["raw_row", "period_start", "period_end", "indicator", "qualifier", "value", "unit", "scope"]
_DAYS_A_YEAR = 365.25

# The registry's own total for Europe, worded differently from page to page. Other scopes stand alone.
_SAME_SET = {
    "ECCP": "ECCP, Europe",
    "ECCP profiles in COSME countries": "ECCP, Europe",
    "ECCP European clusters": "ECCP, Europe",
    "ECCP mapped": "ECCP, Europe",
}


def bounds_of(value: float, qualifier: str) -> Bounds:
    """Return the lowest and highest true value that a stated figure allows.

    Returns
    -------
    tuple of float
        (v, v) for ``exact``, (v, inf) for ``at_least``, (NaN, NaN) for ``about``: how far off, nobody said.

    Raises
    ------
    InputError
        If the qualifier is unknown.

    Examples
    --------
    >>> bounds_of(690, "at_least"), bounds_of(884, "exact")
    ((690.0, inf), (884.0, 884.0))
    """
    if qualifier not in QUALIFIERS:
        raise InputError(f"timeline: qualifier is {qualifier!r}; allowed: {', '.join(QUALIFIERS)}")
    if qualifier == "about":
        return math.nan, math.nan
    return float(value), float(value) if qualifier == "exact" else math.inf


def growth_bounds(earlier: Bounds, later: Bounds) -> Bounds:
    """Return the lowest and highest growth between two figures, each given by its bounds.

    Parameters
    ----------
    earlier, later
        (lowest, highest) true value; see `bounds_of`. Not negative.

    Returns
    -------
    tuple of float
        Growth as a share: 0.281 means plus 28.1 %. -1 is the lowest possible (everything gone) and stands
        for "no lower bound"; inf for "no upper bound". (NaN, NaN) if a bound is missing or the earlier value
        is zero.

    Raises
    ------
    InputError
        If a lower bound is negative or above its upper bound.

    Examples
    --------
    >>> low, high = growth_bounds(bounds_of(690, "at_least"), bounds_of(884, "exact"))
    >>> low, round(high, 3)
    (-1.0, 0.281)
    """
    if any(math.isnan(bound) for bound in (*earlier, *later)):
        return math.nan, math.nan
    for low, high in (earlier, later):
        if low < 0 or low > high:
            raise InputError(f"growth: bounds are {low} and {high}; allowed: 0 <= lowest <= highest")
    if earlier[1] == 0 or math.isinf(later[0]):
        return math.nan, math.nan
    low = -1.0 if math.isinf(earlier[1]) else later[0] / earlier[1] - 1
    high = math.inf if earlier[0] == 0 or math.isinf(later[1]) else later[1] / earlier[0] - 1
    return low, high


def comparable_scope(scope: str) -> str:
    """Name the set of organisations that a scope of the timeline speaks of.

    The registry's European total was worded in four ways over the years; those share one name. Every other
    scope stands for itself: EU-27, all countries, a secondary list, the Alliance.

    Examples
    --------
    >>> comparable_scope("ECCP European clusters") == comparable_scope("ECCP profiles in COSME countries")
    True
    >>> comparable_scope("ECCP EU-27")
    'ECCP EU-27'
    """
    return _SAME_SET.get(scope, scope)


def known_at(timeline: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Keep the figures that speak of a period which had ended by a day.

    Parameters
    ----------
    timeline
        The processed table ``timeline``.
    as_of
        The day. When a figure was published is not known; what counts is the period that it speaks of.

    Returns
    -------
    DataFrame
        The rows in order of time, and ``latest``: whether no later one has the same indicator and scope.

    Examples
    --------
    >>> table = pd.DataFrame({"raw_row": [2, 3], "period_start": ["2019-05-01", "2020-03-04"],
    ...     "period_end": ["2019-05-31", "2020-03-04"], "indicator": "n", "qualifier": "exact",
    ...     "value": [884.0, 965.0], "unit": "clusters", "scope": "ECCP"})
    >>> known_at(table, date(2020, 1, 1))[["value", "latest"]].to_dict("records")
    [{'value': 884.0, 'latest': True}]
    """
    rows = in_time_order(timeline)
    rows = rows[rows["period_end"] <= day(as_of, "as_of")].reset_index(drop=True)
    newest = rows.groupby(["indicator", "scope"])["period_end"].transform("max")
    return rows.assign(latest=rows["period_end"] == newest)


def in_time_order(timeline: pd.DataFrame) -> pd.DataFrame:
    """Return the timeline sorted by period and row, its dates as timestamps.

    Raises
    ------
    InputError
        If a column is missing or a row number is repeated.

    Examples
    --------
    >>> table = pd.DataFrame({"raw_row": [3, 2], "period_start": ["2020-03-04", "2019-05-01"],
    ...     "period_end": ["2020-03-04", "2019-05-31"], "indicator": "n", "qualifier": "exact",
    ...     "value": [965.0, 884.0], "unit": "clusters", "scope": "ECCP"})
    >>> in_time_order(table)["raw_row"].to_list()
    [2, 3]
    """
    require_columns(timeline, "timeline", _COLUMNS)
    require_unique(timeline, "timeline", ["raw_row"])
    rows = timeline.assign(
        period_start=pd.to_datetime(timeline["period_start"]),
        period_end=pd.to_datetime(timeline["period_end"]),
    )
    return rows.sort_values(["period_start", "period_end", "raw_row"], ignore_index=True)


def growth_table(timeline: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Set each figure of an indicator beside the ones before it, with growth where they compare.

    A figure is paired with those of the latest earlier period, and with the latest earlier one of the same
    set of organisations if that is older. Figures of the same or of overlapping periods are not paired.

    Parameters
    ----------
    timeline
        The processed table ``timeline``.
    indicator
        E.g. ``"cluster_organisations_registered"``; an indicator without rows gives an empty table.

    Returns
    -------
    DataFrame
        One row a pair: ``earlier_`` and ``later_`` with ``row`` (line of the raw file), ``date``, ``value``,
        ``qualifier``, ``scope``; ``years`` between the middles of the periods; ``comparable`` and
        ``reason`` (why not, or what to bear in mind); ``low`` and ``high`` growth as shares; ``growth``, the
        number to state, with ``bound``: ``exact``, ``at_least``, ``at_most``, ``about`` or ``undetermined``
        (both at least); ``annual_growth``, the compound rate a year, only where both figures are exact (over
        less than a year it extrapolates). Growth is missing where figures do not compare.

    References
    ----------
    Compound annual growth rate: (later / earlier) ** (1 / years) - 1.

    Examples
    --------
    >>> table = pd.DataFrame({"raw_row": [2, 3], "period_start": ["2017-06-01", "2019-05-01"],
    ...     "period_end": ["2017-06-30", "2019-05-31"], "indicator": "n", "qualifier": ["at_least", "exact"],
    ...     "value": [690.0, 884.0], "unit": "clusters", "scope": "ECCP"})
    >>> growth_table(table, "n")[["bound", "growth"]].round(3).to_dict("records")
    [{'bound': 'at_most', 'growth': 0.281}]
    """
    rows = in_time_order(timeline)
    rows = rows[rows["indicator"] == indicator].reset_index(drop=True)
    pairs = [_pair(rows.iloc[earlier], rows.iloc[later]) for earlier, later in _pairs(rows)]
    return pd.DataFrame(pairs, columns=list(_GROWTH_COLUMNS)).astype(_GROWTH_COLUMNS)


_GROWTH_COLUMNS = {
    "earlier_row": "Int64",
    "earlier_date": "datetime64[us]",
    "earlier_value": "float64",
    "earlier_qualifier": "str",
    "earlier_scope": "str",
    "later_row": "Int64",
    "later_date": "datetime64[us]",
    "later_value": "float64",
    "later_qualifier": "str",
    "later_scope": "str",
    "years": "float64",
    "comparable": "bool",
    "reason": "str",
    "low": "float64",
    "high": "float64",
    "growth": "float64",
    "bound": "str",
    "annual_growth": "float64",
}


def _pairs(rows: pd.DataFrame) -> list[tuple[int, int]]:
    """Find each figure's predecessors: of the latest earlier period, and the latest of the same set."""
    sets = rows["scope"].map(comparable_scope)
    found: list[tuple[int, int]] = []
    for later in range(len(rows)):
        before = rows[rows["period_end"] < rows.loc[later, "period_start"]]
        same = before[sets.loc[before.index] == sets[later]]
        for group in (before, same):
            latest = group.index[group["period_end"] == group["period_end"].max()]
            found += [(int(earlier), later) for earlier in latest if (int(earlier), later) not in found]
    return found


def _pair(earlier: pd.Series, later: pd.Series) -> dict[str, object]:
    years = (_middle(later) - _middle(earlier)).days / _DAYS_A_YEAR
    comparable, reason = _comparable(earlier, later)
    row: dict[str, object] = {"years": years, "comparable": comparable, "reason": reason, "bound": ""}
    for name, figure in (("earlier", earlier), ("later", later)):
        row |= {f"{name}_row": figure["raw_row"], f"{name}_date": figure["period_start"]}
        row |= {f"{name}_{column}": figure[column] for column in ("value", "qualifier", "scope")}
    if not comparable:
        return row
    low, high = growth_bounds(
        bounds_of(earlier["value"], earlier["qualifier"]), bounds_of(later["value"], later["qualifier"])
    )
    return row | {"low": low, "high": high} | _statement(earlier, later, low, high, years)


def _statement(
    earlier: pd.Series, later: pd.Series, low: float, high: float, years: float
) -> dict[str, object]:
    """Say which number may be stated and with which word in front."""
    qualifiers = (earlier["qualifier"], later["qualifier"])
    ratio = later["value"] / earlier["value"] if earlier["value"] else math.nan
    if "about" in qualifiers:
        return {"growth": ratio - 1, "bound": "about"}
    if qualifiers == ("exact", "exact"):
        return {"growth": ratio - 1, "bound": "exact", "annual_growth": ratio ** (1 / years) - 1}
    if qualifiers == ("at_least", "exact"):
        return {"growth": high, "bound": "at_most"}
    if qualifiers == ("exact", "at_least"):
        return {"growth": low, "bound": "at_least"}
    return {"growth": math.nan, "bound": "undetermined"}


def _comparable(earlier: pd.Series, later: pd.Series) -> tuple[bool, str]:
    if earlier["unit"] != later["unit"]:
        return False, f"units differ: {earlier['unit']}; {later['unit']}"
    if comparable_scope(earlier["scope"]) != comparable_scope(later["scope"]):
        return False, f"scopes differ: {earlier['scope']}; {later['scope']}"
    if earlier["scope"] != later["scope"]:
        return True, f"same set, worded differently: {earlier['scope']}; {later['scope']}"
    return True, ""


def _middle(figure: pd.Series) -> pd.Timestamp:
    start, end = pd.Timestamp(figure["period_start"]), pd.Timestamp(figure["period_end"])
    return start + (end - start) / 2
