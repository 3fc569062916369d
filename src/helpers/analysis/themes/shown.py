"""Themes as a report shows them: which answers count, how many name what, where, and in whose words.

All numbers for readers pass through here: what may not be shown is missing, and a status says why.
"""

from helpers.analysis.themes.shown_agreement import agreement_rows
from helpers.analysis.themes.shown_answers import (
    language_table,
    respondents_or_few,
    selection_in_words,
    state_table,
    unchecked_notice,
)
from helpers.analysis.themes.shown_cells import country_labels, stage_labels, theme_cells
from helpers.analysis.themes.shown_chosen import Chosen, choose_answers
from helpers.analysis.themes.shown_codebook import alliance_table, unmapped_themes
from helpers.analysis.themes.shown_differences import (
    change_table,
    difference_table,
    number_of_tests,
)
from helpers.analysis.themes.shown_emerging import emerging_groups, emerging_table
from helpers.analysis.themes.shown_pairs import pair_table, strongest_pairs
from helpers.analysis.themes.shown_quotes import quote_table
from helpers.analysis.themes.shown_shares import interval_of, own_shares, share_table, top_themes
from helpers.analysis.themes.shown_weights import respondent_weights

__all__ = [
    "Chosen",
    "agreement_rows",
    "alliance_table",
    "change_table",
    "choose_answers",
    "country_labels",
    "difference_table",
    "emerging_groups",
    "emerging_table",
    "interval_of",
    "language_table",
    "number_of_tests",
    "own_shares",
    "pair_table",
    "quote_table",
    "respondent_weights",
    "respondents_or_few",
    "selection_in_words",
    "share_table",
    "stage_labels",
    "state_table",
    "strongest_pairs",
    "theme_cells",
    "top_themes",
    "unchecked_notice",
    "unmapped_themes",
]
