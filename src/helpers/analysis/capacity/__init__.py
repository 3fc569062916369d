"""Capacity stated in questionnaires: how much, where, how unevenly, from when, and how sure it is."""

from helpers.analysis.capacity.accounting import accounting, flag_counts
from helpers.analysis.capacity.answers import (
    counted_or_few,
    interval_table,
    overall_rate,
    placed_by_region,
    response_by_country,
    weights_summary,
)
from helpers.analysis.capacity.bootstrap import bootstrap_by_country
from helpers.analysis.capacity.concentration import (
    capacity_concentration,
    largest_respondents,
    leave_one_out,
    lorenz,
)
from helpers.analysis.capacity.coverage import coverage_matrix, single_points_of_failure
from helpers.analysis.capacity.distribution import size_distribution, size_quantiles, size_summary
from helpers.analysis.capacity.entries import (
    amounts_by_respondent,
    counted_entries,
    select_entries,
    usable_readings,
)
from helpers.analysis.capacity.lognormal import LognormalFit, fit_lognormal
from helpers.analysis.capacity.public import production_sites, public_figures
from helpers.analysis.capacity.published import (
    focus_product,
    frail_products,
    frail_stages,
    protected_cells,
    published_by_country,
    published_by_product,
    published_coverage,
    published_in_country,
)
from helpers.analysis.capacity.raking import Raking, rake
from helpers.analysis.capacity.ramp_up import ramp_up
from helpers.analysis.capacity.response import (
    design_effect,
    effective_sample_size,
    margins_from_frame,
    response_rates,
)
from helpers.analysis.capacity.safe import (
    held_back_notice,
    largest_in_words,
    largest_may_be_shown,
    publishable,
    rounded_lorenz,
    safe_drops,
    safe_ramp_up,
    sizes_on_grid,
)
from helpers.analysis.capacity.shown import shown_whole
from helpers.analysis.capacity.shown_totals import shown_totals
from helpers.analysis.capacity.totals import (
    capacity_by_country,
    capacity_by_product,
    capacity_by_region,
    capacity_by_stage,
    totals,
)
from helpers.analysis.capacity.turnbull import turnbull

__all__ = [
    "LognormalFit",
    "Raking",
    "accounting",
    "amounts_by_respondent",
    "bootstrap_by_country",
    "capacity_by_country",
    "capacity_by_product",
    "capacity_by_region",
    "capacity_by_stage",
    "capacity_concentration",
    "counted_entries",
    "counted_or_few",
    "coverage_matrix",
    "design_effect",
    "effective_sample_size",
    "fit_lognormal",
    "flag_counts",
    "focus_product",
    "frail_products",
    "frail_stages",
    "held_back_notice",
    "interval_table",
    "largest_in_words",
    "largest_may_be_shown",
    "largest_respondents",
    "leave_one_out",
    "lorenz",
    "margins_from_frame",
    "overall_rate",
    "placed_by_region",
    "production_sites",
    "protected_cells",
    "public_figures",
    "publishable",
    "published_by_country",
    "published_by_product",
    "published_coverage",
    "published_in_country",
    "rake",
    "ramp_up",
    "response_by_country",
    "response_rates",
    "rounded_lorenz",
    "safe_drops",
    "safe_ramp_up",
    "select_entries",
    "shown_totals",
    "shown_whole",
    "single_points_of_failure",
    "size_distribution",
    "size_quantiles",
    "size_summary",
    "sizes_on_grid",
    "totals",
    "turnbull",
    "usable_readings",
    "weights_summary",
]
