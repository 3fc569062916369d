"""What a report counts: which answers, how many name each theme, and what of it may be shown."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.analysis.themes import shown
from helpers.data.errors import InputError


def tables() -> dict[str, pd.DataFrame]:
    answers = pd.DataFrame(
        {
            "answer_id": ["a1", "a2", "a3", "a4"],
            "respondent_id": ["r1", "r2", "r3", "r4"],
            "country": ["AT", "BE", "AT", "AT"],
            "question": "difficulties",
            "text": "energy",
            "language": "en",
            "stages": None,
        }
    )
    states = pd.DataFrame(
        {"answer_id": ["a1", "a2", "a3", "a4"], "language": ["de", "fr", "en", "de"], "state": "coded"}
    )
    codes = pd.DataFrame(
        {
            "answer_id": ["a1", "a2", "a3", "a4"],
            "theme": "energy",
            "start": 0,
            "end": 6,
            "negated": [False, False, True, False],
        }
    )
    people = pd.DataFrame(
        {
            "respondent_id": ["r1", "r2", "r3", "r4"],
            "consent": ["whole", None, "totals", "whole"],
            "status": ["counted", "counted", "counted", "withdrawn"],
        }
    )
    return {"answers": answers, "states": states, "codes": codes, "people": people}


def test_answers_of_who_withdrew_are_not_counted_and_negated_codes_name_nothing(made) -> None:
    chosen = shown.choose_answers(**tables(), codebook=made.book())
    assert chosen.answers["answer_id"].tolist() == ["a1", "a2", "a3"]
    assert chosen.machine["energy"].tolist() == [True, True, False]
    assert chosen.codes["answer_id"].tolist() == ["a1", "a2"]


def test_countries_and_language_choose_answers_by_the_language_they_were_read_in(made) -> None:
    given = {**tables(), "codebook": made.book()}
    assert shown.choose_answers(**given, countries=["AT"]).answers["answer_id"].tolist() == ["a1", "a3"]
    assert shown.choose_answers(**given, language="fr").answers["answer_id"].tolist() == ["a2"]
    assert shown.choose_answers(**given, language="mt").answers.empty


def test_human_codes_of_other_answers_are_left_out(made) -> None:
    coded = pd.DataFrame(
        {
            "answer_id": ["a1", "a2", "a4"],
            "coder": "coder_1",
            "themes": ["energy", "skills", "none"],
            "selection": ["random", "queue", "random"],
            "probability": [0.5, None, 0.5],
        }
    )
    chosen = shown.choose_answers(**tables(), codebook=made.book(), coded=coded)
    assert chosen.coded["answer_id"].tolist() == ["a1", "a2"]
    assert chosen.human is not None
    assert chosen.human.index.tolist() == ["a1"]  # the queue is no random sample
    assert chosen.probabilities is not None
    assert chosen.probabilities.to_dict() == {"a1": 0.5}


def test_an_answer_that_the_coder_has_not_seen_is_refused(made) -> None:
    given = tables()
    with pytest.raises(InputError, match="the coder says nothing of a1"):
        shown.choose_answers(**{**given, "states": given["states"].iloc[1:]}, codebook=made.book())


def test_without_human_codes_shares_are_the_machines_and_have_no_interval(made) -> None:
    rows = [{"themes": ["energy"] if place < 40 else []} for place in range(200)]
    table = shown.share_table(made.chosen(rows), made.book())
    energy = table.set_index("theme").loc["energy"]
    assert energy["share"] == energy["share_machine"] == 0.2
    assert energy["note"] == "unchecked"
    assert table[["low", "high"]].isna().all(axis=None)


def test_with_a_human_sample_shares_have_intervals(made) -> None:
    chosen = made.chosen([{"themes": ["energy"] if place < 40 else []} for place in range(200)])
    table = shown.share_table(replace(chosen, coded=made.sheets(chosen)), made.book()).set_index("theme")
    assert table.loc["energy", "human_sample"] == 100
    assert table.loc["energy", "low"] < 0.2 < table.loc["energy", "high"]
    assert table.loc["energy", "note"] == "checked"


def test_what_few_respondents_name_has_no_number_and_comes_after_what_is_shown(made) -> None:
    rows = [{"themes": ["skills"]}] * 5 + [{"themes": ["energy"], "respondent": "one"}] * 6
    table = shown.share_table(made.chosen(rows), made.book(), min_count=3)
    assert table["theme"].tolist() == ["skills", "energy", "data"]
    assert table["status"].tolist() == ["shown", "held back", "none stated"]
    hidden = table[table["theme"] == "energy"]
    numbers = ["share", "low", "high", "share_machine", "weighted", "coded_by_machine"]
    assert hidden[numbers].isna().all(axis=None)


def test_the_order_of_themes_that_are_held_back_is_the_codebooks(made) -> None:
    rows = [{"themes": ["data"], "respondent": "r"}, {"themes": ["data", "energy"], "respondent": "s"}]
    table = shown.share_table(made.chosen([*rows, {}, {}]), made.book())
    assert table.loc[table["status"] == "held back", "theme"].tolist() == ["energy", "data"]


def test_weights_change_the_weighted_share_only(made) -> None:
    rows = [{"themes": ["energy"] if place % 2 else []} for place in range(100)]
    weights = pd.Series({f"r{place}": 3.0 if place % 2 else 1.0 for place in range(100)})
    table = shown.share_table(made.chosen(rows), made.book(), weights=weights).set_index("theme")
    assert table.loc["energy", "share"] == 0.5
    assert table.loc["energy", "weighted"] == 0.75


def test_answers_of_respondents_without_a_weight_are_left_out_of_the_weighted_share(made) -> None:
    rows = [{"themes": ["energy"] if place < 50 else []} for place in range(100)]
    weights = pd.Series({f"r{place}": 1.0 for place in range(40, 100)})
    table = shown.share_table(made.chosen(rows), made.book(), weights=weights).set_index("theme")
    assert table.loc["energy", "weighted"] == pytest.approx(10 / 60)


def test_an_empty_selection_gives_a_table_that_says_so(made) -> None:
    table = shown.share_table(made.chosen([]), made.book())
    assert table["theme"].tolist() == list(made.themes)
    assert set(table["status"]) == {"none stated"}
    assert table["share"].isna().all()


def test_a_countrys_share_is_missing_where_its_cell_is_held_back(made) -> None:
    rows = [{"themes": ["energy"], "country": "AT"}] * 6 + [{"themes": ["skills"], "country": "AT"}] * 2
    rows += [
        {"themes": ["energy", "skills"], "country": country} for country in ("BE", "DE") for _ in range(5)
    ]
    chosen = made.chosen(rows)
    shares = shown.share_table(chosen, made.book())
    names = {code: code for code in ("AT", "BE", "DE")}
    cells = shown.theme_cells(chosen, shares, chosen.countries, names)
    own = shown.own_shares(chosen, shares, cells, "AT").set_index("theme")
    assert own.loc["energy", "own"] == 0.75
    assert own.loc["skills", "own_status"] == "held back"
    assert own.loc["skills", ["own", "own_low", "own_high"]].isna().all()
    assert own.loc["data", "own"] == 0
    assert own.loc["data", "own_status"] == "none stated"
    assert shown.own_shares(chosen, shares, cells, None) is shares


def test_respondents_get_the_weights_that_meet_the_numbers_invited() -> None:
    people = pd.DataFrame(
        {
            "respondent_id": [f"r{place}" for place in range(12)],
            "country": ["AT"] * 8 + ["BE"] * 4,
            "employees": ["small", "large"] * 6,
            "status": "counted",
        }
    )
    people.loc[11, "employees"] = None
    invited = pd.DataFrame(
        {"country": ["AT", "BE"] * 2, "employees": ["small"] * 2 + ["large"] * 2, "invited": 25}
    )
    weights = shown.respondent_weights(people, invited)
    assert weights is not None
    assert "r11" not in weights.index
    by_country = weights.groupby(people.set_index("respondent_id")["country"]).sum()
    assert by_country.round(3).to_dict() == {"AT": 50.0, "BE": 50.0}
    assert shown.respondent_weights(people.head(5), invited) is None


def test_the_top_themes_leave_out_what_is_held_back_and_what_nobody_names() -> None:
    shares = pd.DataFrame(
        {
            "label": ["Energy", "Skills", "Data"],
            "status": ["shown", "held back", "shown"],
            "share": pd.array([0.3, None, 0.0], dtype="Float64"),
        }
    )
    top = shown.top_themes(shares, 3)
    assert top["label"].iloc[0] == "Energy"
    assert top["label"].iloc[1:].isna().all()
    assert len(top) == 3


def test_numbers_do_not_depend_on_the_order_of_the_answers(made) -> None:
    chosen = made.chosen([{"themes": ["energy"] if place < 40 else ["data"]} for place in range(90)])
    chosen = replace(chosen, coded=made.sheets(chosen))
    order = np.random.default_rng(1).permutation(90)
    mixed = replace(
        chosen,
        answers=chosen.answers.iloc[order].reset_index(drop=True),
        machine=chosen.machine.iloc[order],
        coded=chosen.coded[::-1].reset_index(drop=True),
    )
    pd.testing.assert_frame_equal(
        shown.share_table(chosen, made.book()), shown.share_table(mixed, made.book())
    )
