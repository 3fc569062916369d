"""Supply and demand: the best match of offers and needs, and what the optimum says about scarcity."""

from helpers.analysis.matching.distance import EARTH_RADIUS_KM, great_circle_km
from helpers.analysis.matching.greedy import compare, greedy_nearest
from helpers.analysis.matching.market import Market, build_market
from helpers.analysis.matching.metrics import matching_metrics, plan_metrics
from helpers.analysis.matching.plan import Plan
from helpers.analysis.matching.shadow import shadow_prices
from helpers.analysis.matching.transport import FAIRNESS, match

__all__ = [
    "EARTH_RADIUS_KM",
    "FAIRNESS",
    "Market",
    "Plan",
    "build_market",
    "compare",
    "great_circle_km",
    "greedy_nearest",
    "match",
    "matching_metrics",
    "plan_metrics",
    "shadow_prices",
]
