"""Sources that disagree, side by side."""

import math
from dataclasses import asdict, dataclass
from itertools import combinations

import pandas as pd

from helpers.analysis.checks import require_columns
from helpers.analysis.clusters.growth import bounds_of, in_time_order

_CONFLICT_COLUMNS = {
    "indicator": "str",
    "date": "str",
    "unit": "str",
    "value_a": "float64",
    "qualifier_a": "str",
    "scope_a": "str",
    "source_a": "str",
    "row_a": "str",
    "value_b": "float64",
    "qualifier_b": "str",
    "scope_b": "str",
    "source_b": "str",
    "row_b": "str",
    "difference": "float64",
    "relative_difference": "float64",
}
_OTHER_COLUMNS = ["raw_row", "timeline_row", "qualifier", "value", "scope", "source"]


def conflicts(timeline: pd.DataFrame, other_values: pd.DataFrame) -> pd.DataFrame:
    """List figures that say different things of the same indicator, period, scope and unit.

    Two records of the timeline conflict if no true value fits both: "exactly 25" and "exactly 26" do, "at
    least 690" and "exactly 884" do not. A figure that says "about" conflicts with any other number. Values
    that notes report beside a record of the timeline are listed where the number differs and the dataset does
    not say that they speak of another scope. The same indicator and date with another scope is no conflict.

    Parameters
    ----------
    timeline
        The processed table ``timeline``.
    other_values
        The processed table ``timeline_other_values``.

    Returns
    -------
    DataFrame
        One row a pair, the lower value first: ``indicator``, ``date`` (as stated if known, else the first day
        of the period), ``unit``; ``value_``, ``qualifier_``, ``scope_``, ``source_`` and ``row_`` (table and
        line of its raw file) with ``a`` and ``b``; ``difference`` (b - a) and ``relative_difference`` (as a
        share of a; missing if a is zero).

    Examples
    --------
    >>> table = pd.DataFrame({"raw_row": [2, 3], "period_start": "2021-03-31", "period_end": "2021-03-31",
    ...     "indicator": "states", "qualifier": "exact", "value": [26.0, 25.0], "unit": "Member States",
    ...     "scope": "event", "source": ["platform", "Commission"]})
    >>> none = pd.DataFrame(columns=["raw_row", "timeline_row", "qualifier", "value", "scope", "source"])
    >>> conflicts(table, none)[["value_a", "source_a", "value_b", "source_b"]].to_dict("records")
    [{'value_a': 25.0, 'source_a': 'Commission', 'value_b': 26.0, 'source_b': 'platform'}]
    """
    require_columns(timeline, "timeline", ["source"])
    require_columns(other_values, "timeline_other_values", _OTHER_COLUMNS)
    rows = in_time_order(timeline)
    pairs = _within(rows) + _beside(rows, other_values)
    table = pd.DataFrame(pairs, columns=["start", *_CONFLICT_COLUMNS])
    order = ["start", "indicator", "scope_a", "value_a", "value_b", "row_a", "row_b"]
    table = table.sort_values(order, ignore_index=True)
    return table[list(_CONFLICT_COLUMNS)].astype(_CONFLICT_COLUMNS)


def _within(rows: pd.DataFrame) -> list[dict[str, object]]:
    """Pair the records of the timeline that no true value fits."""
    pairs = []
    keys = ["indicator", "period_start", "period_end", "scope", "unit"]
    for _, group in rows.groupby(keys, sort=True, dropna=False):
        for (_, one), (_, other) in combinations(group.iterrows(), 2):
            if _contradict(one, other):
                pairs.append(_side_by_side(one, _said(one, "timeline"), _said(other, "timeline")))
    return pairs


def _beside(rows: pd.DataFrame, other_values: pd.DataFrame) -> list[dict[str, object]]:
    """Pair the records of the timeline with the values that its notes report beside them."""
    records = {int(record["raw_row"]): record for _, record in rows.iterrows()}
    pairs = []
    for _, other in other_values.iterrows():
        # A timeline that was cut to what was known on a day lacks some of the records.
        record = records.get(int(other["timeline_row"]))
        another_scope = other.get("relation", "disagrees") != "disagrees"
        if record is None or another_scope or record["value"] == other["value"]:
            continue
        pairs.append(_side_by_side(record, _said(record, "timeline"), _said(other, "timeline_other_values")))
    return pairs


def _contradict(one: pd.Series, other: pd.Series) -> bool:
    if one["value"] == other["value"]:
        return False
    low_a, high_a = bounds_of(one["value"], one["qualifier"])
    low_b, high_b = bounds_of(other["value"], other["qualifier"])
    if math.isnan(low_a) or math.isnan(low_b):
        return True
    return high_a < low_b or high_b < low_a


@dataclass(frozen=True, order=True)
class _Said:
    value: float
    row: str
    qualifier: str
    scope: str
    source: str


def _said(record: pd.Series, table: str) -> _Said:
    words = (str(record[column]) for column in ("qualifier", "scope", "source"))
    return _Said(float(record["value"]), f"{table} row {record['raw_row']}", *words)


def _side_by_side(record: pd.Series, one: _Said, other: _Said) -> dict[str, object]:
    a, b = sorted((one, other))
    start = pd.Timestamp(record["period_start"])
    return {
        "start": start,
        "indicator": record["indicator"],
        "date": record.get("date_as_stated", start.date().isoformat()),
        "unit": record["unit"],
        **{f"{name}_a": value for name, value in asdict(a).items()},
        **{f"{name}_b": value for name, value in asdict(b).items()},
        "difference": b.value - a.value,
        "relative_difference": (b.value - a.value) / a.value if a.value else math.nan,
    }
