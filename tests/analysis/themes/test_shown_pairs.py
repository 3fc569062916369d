"""Pairs of themes and agreement with people, as far as they may be shown."""

from dataclasses import replace

import pandas as pd
import pytest

from helpers.analysis.themes import shown
from helpers.analysis.themes.codebook import codebook_from_tables
from helpers.data.errors import InputError


def test_a_pair_of_few_respondents_has_no_number(made) -> None:
    rows = (
        [{"themes": ["energy", "skills"]}] * 2
        + [{"themes": ["energy", "data"]}] * 4
        + [{"themes": ["skills"]}] * 4
    )
    chosen = made.chosen(rows)
    pairs = shown.pair_table(chosen, shown.share_table(chosen, made.book()))
    found = {frozenset((row["theme"], row["other"])): row for row in pairs.to_dict("records")}
    held, named, none = (
        found[frozenset(pair)] for pair in (("energy", "skills"), ("energy", "data"), ("skills", "data"))
    )
    assert held["status"] == "held back"
    assert pd.isna(held["answers"])
    # Four of ten answers name both; six name energy and four data: 4 / (6 * 4 / 10).
    assert (named["answers"], round(float(named["lift"]), 3)) == (4, 1.667)
    assert none["status"] == "none stated"


def test_a_pair_with_a_theme_that_is_held_back_is_held_back(made) -> None:
    rows = [{"themes": ["energy"]}] * 5 + [{"themes": ["data"]}] * 2
    chosen = made.chosen(rows)
    pairs = shown.pair_table(chosen, shown.share_table(chosen, made.book()))
    with_data = pairs[(pairs["theme"] == "data") | (pairs["other"] == "data")]
    assert set(with_data["status"]) == {"held back"}


def test_pairs_of_no_answers_are_none_stated(made) -> None:
    chosen = made.chosen([])
    pairs = shown.pair_table(chosen, shown.share_table(chosen, made.book()))
    assert set(pairs["status"]) == {"none stated"}
    assert shown.strongest_pairs(pairs, 5).empty


def test_agreement_is_told_theme_by_theme_with_intervals(made) -> None:
    chosen = made.chosen([{"themes": ["energy"] if place < 40 else ["skills"]} for place in range(100)])
    table = shown.agreement_rows(replace(chosen, coded=made.sheets(chosen)), made.book(), seed=1)
    assert table["label"].tolist() == ["All themes", "Energy", "Skills", "Data"]
    energy = table.set_index("theme").loc["energy"]
    assert energy["coded"] == 20
    assert energy["alpha"] == energy["precision"] == energy["recall"] == 1
    assert energy["precision_words"].startswith("1.00 (0.8")


def test_a_theme_that_people_gave_to_few_answers_has_no_measures(made) -> None:
    chosen = made.chosen([{"themes": ["energy"] if place < 2 else ["skills"]} for place in range(100)])
    table = shown.agreement_rows(replace(chosen, coded=made.sheets(chosen)), made.book(), seed=1).set_index(
        "theme"
    )
    assert table.loc["energy", ["coded", "alpha", "precision", "f1"]].isna().all()
    assert table.loc["energy", "f1_words"] == ":"


def test_without_human_codes_there_is_no_agreement(made) -> None:
    table = shown.agreement_rows(made.chosen([{"themes": ["energy"]}] * 9), made.book(), seed=1)
    assert table.empty
    assert "alpha_words" in table.columns


def test_a_codebook_that_names_an_unknown_theme_of_the_alliance_is_refused() -> None:
    themes = pd.DataFrame({"theme": ["energy"], "label": ["Energy"], "eaac_themes": ["9"]})
    strange = codebook_from_tables(themes, pd.DataFrame(columns=["theme", "language", "term"]))
    alliance = pd.DataFrame({"number": [1], "theme": ["Collaboration"]})
    with pytest.raises(InputError, match="column eaac_themes: found '9', allowed: 1"):
        shown.alliance_table(strange, alliance, pd.DataFrame({"theme": ["energy"]}))
