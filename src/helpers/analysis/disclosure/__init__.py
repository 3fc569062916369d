"""What may be published of answers: rules, rounding, suppression, and an audit that proves it."""

from helpers.analysis.disclosure.audit import feasible_ranges
from helpers.analysis.disclosure.layout import NOT_STATED, TOTAL, Shape, as_shape
from helpers.analysis.disclosure.protection import STATUSES, Protection, protect, protect_table
from helpers.analysis.disclosure.rounding import (
    midpoint_round,
    redact_and_round,
    round_to_base,
    round_with_totals,
)
from helpers.analysis.disclosure.rules import (
    Rules,
    cell_risks,
    dominated,
    overestimate,
    unsafe_by_p,
    upper_bound_needed,
)

__all__ = [
    "NOT_STATED",
    "STATUSES",
    "TOTAL",
    "Protection",
    "Rules",
    "Shape",
    "as_shape",
    "cell_risks",
    "dominated",
    "feasible_ranges",
    "midpoint_round",
    "overestimate",
    "protect",
    "protect_table",
    "redact_and_round",
    "round_to_base",
    "round_with_totals",
    "unsafe_by_p",
    "upper_bound_needed",
]
