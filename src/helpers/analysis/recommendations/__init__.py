"""Recommendations: which points they rest on, who supports them, and what speaks for them."""

from helpers.analysis.recommendations.criteria import EQUAL, criteria_table, ranking
from helpers.analysis.recommendations.evidence import evidence_of, evidence_states, rests_on, themes_of
from helpers.analysis.recommendations.history import STATUSES, status_by_session
from helpers.analysis.recommendations.rank_intervals import rank_intervals
from helpers.analysis.recommendations.ratings import rate_recommendations
from helpers.analysis.recommendations.sensitivity import sensitivity
from helpers.analysis.recommendations.support import support_by_group, support_overall

__all__ = [
    "EQUAL",
    "STATUSES",
    "criteria_table",
    "evidence_of",
    "evidence_states",
    "rank_intervals",
    "ranking",
    "rate_recommendations",
    "rests_on",
    "sensitivity",
    "status_by_session",
    "support_by_group",
    "support_overall",
    "themes_of",
]
