"""Cluster organisations: how many, where, how concentrated, how many of them are covered, how they grew."""

from helpers.analysis.clusters.concentration import (
    concentration_ratio,
    concentration_table,
    equivalent_number,
    gini,
    herfindahl_hirschman,
    normalised_gini,
    normalised_hhi,
    theil,
)
from helpers.analysis.clusters.counts import country_table, peers
from helpers.analysis.clusters.coverage import Coverage, census_coverage, coverage_table
from helpers.analysis.clusters.disagreement import conflicts
from helpers.analysis.clusters.duplicates import duplicate_sensitivity
from helpers.analysis.clusters.growth import (
    bounds_of,
    comparable_scope,
    growth_bounds,
    growth_table,
    known_at,
)
from helpers.analysis.clusters.lorenz import fewest_for_share, locational_gini, lorenz_curve
from helpers.analysis.clusters.profile import country_profile, unknowns
from helpers.analysis.clusters.readings import growth_readings, leaders, rank_in_words
from helpers.analysis.clusters.seats import not_placed, region_table, seat_summary
from helpers.analysis.clusters.sensitivity import threshold_sensitivity
from helpers.analysis.clusters.specialisation import location_quotient, observatory_stars, us_strong_clusters

__all__ = [
    "Coverage",
    "bounds_of",
    "census_coverage",
    "comparable_scope",
    "concentration_ratio",
    "concentration_table",
    "conflicts",
    "country_profile",
    "country_table",
    "coverage_table",
    "duplicate_sensitivity",
    "equivalent_number",
    "fewest_for_share",
    "gini",
    "growth_bounds",
    "growth_readings",
    "growth_table",
    "herfindahl_hirschman",
    "known_at",
    "leaders",
    "location_quotient",
    "locational_gini",
    "lorenz_curve",
    "normalised_gini",
    "normalised_hhi",
    "not_placed",
    "observatory_stars",
    "peers",
    "rank_in_words",
    "region_table",
    "seat_summary",
    "theil",
    "threshold_sensitivity",
    "unknowns",
    "us_strong_clusters",
]
