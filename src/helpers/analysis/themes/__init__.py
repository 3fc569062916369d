"""Which themes respondents name, in their own words: codebook, coder, agreement, prevalence."""

from helpers.analysis.themes.answers import answer_name, answers_from_difficulties, stages_by_answer
from helpers.analysis.themes.codebook import LANGUAGES, Codebook, codebook_from_tables
from helpers.analysis.themes.coder import code_answers, themes_by_answer
from helpers.analysis.themes.cooccurrence import cooccurrence, cooccurrence_matrix
from helpers.analysis.themes.coverage import answer_states, coverage
from helpers.analysis.themes.language import identify_languages

__all__ = [
    "LANGUAGES",
    "Codebook",
    "answer_name",
    "answer_states",
    "answers_from_difficulties",
    "code_answers",
    "codebook_from_tables",
    "cooccurrence",
    "cooccurrence_matrix",
    "coverage",
    "identify_languages",
    "stages_by_answer",
    "themes_by_answer",
]
