"""Charts: functions ``draw(data, layout, **options) -> Figure`` for `helpers.figures.publish`."""

from helpers.figures.charts.capacity import amount_ranges, ramp_up, share_bars, size_distribution
from helpers.figures.charts.counts import country_ranking, member_mix, region_bars
from helpers.figures.charts.coverage import coverage_matrix
from helpers.figures.charts.curves import lorenz
from helpers.figures.charts.dated import alliance_membership, organisations_over_time
from helpers.figures.charts.disagreement import conflicts
from helpers.figures.charts.marks import criteria_met
from helpers.figures.charts.ranges import duplicate_range, threshold_sensitivity
from helpers.figures.charts.recommendation_grids import evidence_grid, status_strips, support_heatmap
from helpers.figures.charts.recommendations import rank_ranges, weighting_shares
from helpers.figures.charts.supply import chain_widths, changes, months, worth_ranges
from helpers.figures.charts.theme_maps import theme_heatmap, theme_pairs
from helpers.figures.charts.themes import theme_changes, theme_shares

__all__ = [
    "alliance_membership",
    "amount_ranges",
    "chain_widths",
    "changes",
    "conflicts",
    "country_ranking",
    "coverage_matrix",
    "criteria_met",
    "duplicate_range",
    "evidence_grid",
    "lorenz",
    "member_mix",
    "months",
    "organisations_over_time",
    "ramp_up",
    "rank_ranges",
    "region_bars",
    "share_bars",
    "size_distribution",
    "status_strips",
    "support_heatmap",
    "theme_changes",
    "theme_heatmap",
    "theme_pairs",
    "theme_shares",
    "threshold_sensitivity",
    "weighting_shares",
    "worth_ranges",
]
