"""What readers see: titles, words for places, rounded numbers, reasons instead of numbers."""

import pandas as pd
import pytest

from helpers.analysis.recommendations import shown
from helpers.analysis.recommendations.criteria import EQUAL, criteria_table, ranking
from helpers.analysis.recommendations.rank_intervals import rank_intervals
from helpers.analysis.recommendations.sensitivity import sensitivity
from helpers.analysis.recommendations.support import support_by_group, support_overall
from helpers.data.errors import InputError


def test_places_are_words_with_titles(survey, register):
    rows = shown.rank_rows(rank_intervals(survey(countries=22, people=8), seed=1), register)
    assert rows[["label", "words"]].values.tolist()[0] == ["R01 Open borders", "first"]
    assert shown.place_of(rows, "R02") == "second"
    assert shown.possible_firsts(rows)["recommendation_id"].tolist() == ["R01"]
    assert shown.sure_firsts(rows, 2)["recommendation_id"].tolist() == ["R01", "R02"]


def test_scores_and_criteria_are_rounded_and_places_are_not(survey, register):
    cells = support_by_group(survey(means=(4.013, 4.011, 2.5), countries=22, people=8))
    ranked = ranking(criteria_table(support_overall(cells), cells), EQUAL)
    intervals = rank_intervals(survey(countries=22, people=8), seed=1)
    names = ["importance", "feasibility", "breadth", "score"]
    for rows, full, columns in (
        (shown.criteria_rows(ranked, register), ranked, names),
        (shown.rank_rows(intervals, register), intervals.table, ["score"]),
    ):
        assert rows["rank"].tolist() == full["rank"].tolist()
        for name in columns:
            values = rows[name].astype("float64").dropna()
            assert len(values)
            assert (values == values.round(2)).all()


def test_what_nobody_rated_comes_last_with_a_reason(survey, register):
    rows = shown.rank_rows(rank_intervals(survey(means=(4.0, 3.0)), seed=1), register)
    assert rows["recommendation_id"].tolist()[-1] == "R03"
    assert shown.place_of(rows, "R03") == "not available (not ranked: nobody rated it)"


def test_a_recommendation_that_is_not_in_the_register_is_refused(survey, register):
    with pytest.raises(InputError, match="R03 is not in the register"):
        shown.rank_rows(rank_intervals(survey(), seed=1), register.head(2))


def test_support_stands_side_by_side_by_weight(survey, register):
    cells = support_by_group(survey())
    people = pd.Series({f"C{place:02d}": 1e6 for place in range(12)})
    rows = shown.support_rows(support_overall(cells, people), register)
    assert rows["recommendation_id"].tolist() == ["R01", "R02", "R03"]
    assert set(shown.SUPPORT_COLUMNS) <= set(rows.columns)
    assert rows["importance_country"].tolist() == pytest.approx(rows["importance_inhabitants"].tolist())
    assert shown.support_rows(support_overall(cells), register)["importance_inhabitants"].isna().all()


def test_support_is_rounded_by_every_weight_so_that_no_country_can_be_solved_for(survey, register):
    people = pd.Series({f"C{place:02d}": 1e6 + 7919.0 * place**2 for place in range(12)})
    rows = shown.support_rows(support_overall(support_by_group(survey()), people), register)
    for weight in ("", "_country", "_inhabitants"):
        for name, digits in (("importance", 1), ("important_share", 2), ("feasibility", 1)):
            values = rows[f"{name}{weight}"].astype("float64").dropna()
            assert len(values)
            assert (values == values.round(digits)).all()


@pytest.mark.parametrize("measure", ["importance", "important_share", "feasibility"])
def test_cells_are_rounded_and_say_why_there_is_no_number(survey, register, measure):
    table = survey()
    few = (table["country"] == "C00") & (table["respondent_id"] > "r0001")
    cells = support_by_group(table[~few], countries=["C99"])
    labels = {f"C{place:02d}": f"Country {place}" for place in [*range(12), 99]}
    rows = shown.support_cells(cells, register, labels, measure=measure)
    held = rows[rows["status"] == "held back"]
    assert len(rows) == 3 * 14
    assert held["value"].isna().all()
    assert held["note"].str.startswith("held back: fewer than 3 respondents").all()
    assert (rows["value"].dropna() == rows["value"].dropna().round(2)).all()
    assert rows.loc[rows["group"] == "C99", "note"].tolist() == ["nobody answered"] * 3
    assert rows["group_label"].tolist()[13] == "Other countries"
    assert shown.cells_counted(rows)["no answer"] == 3


def test_kinds_are_named_in_their_order(survey, register):
    rows = shown.support_cells(support_by_group(survey()), register, shown.KIND_LABELS, by="respondent_kind")
    assert rows["group_label"].tolist()[:3] == ["Clusters", "Companies", "Research"]
    with pytest.raises(InputError, match="support of effort by country"):
        shown.support_cells(support_by_group(survey()), register, {}, measure="effort")


def test_sensitivity_and_criteria_have_titles_and_words(survey, register):
    cells = support_by_group(survey())
    criteria = criteria_table(support_overall(cells), cells)
    rows = shown.sensitivity_rows(sensitivity(criteria, seed=1, top=1), register)
    assert rows["words"].tolist()[0] == "first"
    assert shown.criteria_rows(ranking(criteria, EQUAL), register)["title"].tolist()[0] == "Open borders"
    assert shown.weights_in_words(EQUAL).endswith("breadth across countries, the same weight each")
