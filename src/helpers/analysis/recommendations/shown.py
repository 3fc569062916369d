"""Recommendations as a report shows them. All numbers for readers pass through here."""

from helpers.analysis.recommendations.shown_evidence import (
    EVIDENCE_COLUMNS,
    STATE_COLUMNS,
    evidence_matrix,
    evidence_rows,
    state_rows,
    states_counted,
)
from helpers.analysis.recommendations.shown_history import CHANGE_COLUMNS, change_rows, history_strip
from helpers.analysis.recommendations.shown_ranking import (
    CRITERIA_COLUMNS,
    RANK_COLUMNS,
    SENSITIVITY_COLUMNS,
    criteria_rows,
    listed,
    place_of,
    possible_firsts,
    rank_rows,
    sensitivity_rows,
    sure_firsts,
    weights_in_words,
)
from helpers.analysis.recommendations.shown_support import (
    CELL_COLUMNS,
    KIND_LABELS,
    SUPPORT_COLUMNS,
    cells_counted,
    labelled,
    support_cells,
    support_rows,
)

__all__ = [
    "CELL_COLUMNS",
    "CHANGE_COLUMNS",
    "CRITERIA_COLUMNS",
    "EVIDENCE_COLUMNS",
    "KIND_LABELS",
    "RANK_COLUMNS",
    "SENSITIVITY_COLUMNS",
    "STATE_COLUMNS",
    "SUPPORT_COLUMNS",
    "cells_counted",
    "change_rows",
    "criteria_rows",
    "evidence_matrix",
    "evidence_rows",
    "history_strip",
    "labelled",
    "listed",
    "place_of",
    "possible_firsts",
    "rank_rows",
    "sensitivity_rows",
    "state_rows",
    "states_counted",
    "support_cells",
    "support_rows",
    "sure_firsts",
    "weights_in_words",
]
