"""Raking: the worked example is that of Wikipedia, Iterative proportional fitting."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.analysis.capacity import (
    design_effect,
    effective_sample_size,
    margins_from_frame,
    rake,
    response_rates,
)
from helpers.data.errors import InputError

SEED = [[40, 30, 20, 10], [35, 50, 100, 75], [30, 80, 70, 120], [20, 30, 40, 50]]
ROWS, COLUMNS = [150, 300, 400, 150], [200, 300, 400, 100]
FIT = [
    [64.56, 46.23, 35.38, 3.82],
    [49.97, 68.16, 156.50, 25.37],
    [56.72, 144.43, 145.08, 53.77],
    [28.75, 41.18, 63.03, 17.03],
]


@pytest.fixture
def frame():
    rows = [("AT", "small", 20), ("AT", "large", 10), ("BE", "small", 10), ("CY", "small", 5)]
    return pd.DataFrame(rows, columns=["country", "employees", "invited"])


def people(*rows):
    return pd.DataFrame(rows, columns=["country", "employees"]).assign(status="counted")


def test_published_example_of_iterative_proportional_fitting():
    cells = [(f"r{row}", f"c{column}") for row in range(4) for column in range(4)]
    sample = pd.DataFrame(cells, columns=["row", "column"])
    margins = {
        "row": pd.Series(ROWS, index=[f"r{place}" for place in range(4)]),
        "column": pd.Series(COLUMNS, index=[f"c{place}" for place in range(4)]),
    }
    fit = rake(sample, margins, start=pd.Series(np.ravel(SEED)), bounds=None, tolerance=1e-9)
    assert fit.converged
    assert fit.weights.to_numpy().reshape(4, 4).round(2).tolist() == FIT


def test_margins_are_met_and_weights_add_up(frame):
    sample = people(("AT", "small"), ("AT", "large"), ("BE", "small"), ("CY", "small"))
    fit = rake(sample, margins_from_frame(frame))
    assert fit.converged
    assert fit.message == ""
    assert fit.weights.sum() == pytest.approx(45)
    assert (fit.margins["difference"].abs() <= 1e-6).all()
    assert fit.design_effect >= 1
    assert fit.effective_size == pytest.approx(4 / fit.design_effect)


def test_a_category_that_nobody_answered_from_is_named_and_the_others_stand_for_it(frame):
    sample = people(("AT", "small"), ("AT", "large"), ("BE", "small"))
    fit = rake(sample, margins_from_frame(frame))
    assert "nobody answered in CY" in fit.message
    assert fit.converged
    assert fit.weights.sum() == pytest.approx(45)
    absent = fit.margins[fit.margins["category"] == "CY"]
    assert absent["respondents"].to_list() == [0]
    assert absent["achieved"].isna().all()


def test_bounds_hold_and_what_they_cost_is_said(frame):
    sample = people(*[("AT", "small")] * 30, *[("AT", "large")] * 30, ("BE", "small"), ("CY", "small"))
    margins = {"country": pd.Series({"AT": 10, "BE": 45, "CY": 45})}
    fit = rake(sample, margins, bounds=(0.5, 2.0), most_rounds=50)
    assert not fit.converged
    assert fit.weights.max() <= 2 * 100 / len(sample) + 1e-9
    assert fit.weights.min() >= 0.5 * 100 / len(sample) - 1e-9
    assert "not met within the bounds 0.5 to 2 after 50 rounds" in fit.message
    assert "instead of" in fit.message
    free = rake(sample, margins, bounds=None)
    assert free.converged
    assert free.design_effect > fit.design_effect


def test_a_respondent_who_did_not_state_a_category_is_left_alone_by_that_margin(frame):
    sample = people(("AT", "small"), ("AT", "large"), ("BE", None), ("CY", "small"))
    fit = rake(sample, margins_from_frame(frame), bounds=None)
    assert fit.converged
    achieved = fit.margins.set_index(["margin", "category"])["achieved"]
    assert achieved[("country", "BE")] == pytest.approx(10, abs=1e-4)
    stated = achieved["employees"]
    assert stated["large"] / stated.sum() == pytest.approx(10 / 45, abs=1e-5)


def test_nobody_has_no_weights(frame):
    fit = rake(people(), margins_from_frame(frame))
    assert fit.weights.empty
    assert fit.converged
    assert math.isnan(fit.design_effect)


@pytest.mark.parametrize(
    ("margins", "words"),
    [
        ({}, "no margins"),
        ({"country": pd.Series({"AT": 5})}, "respondents in BE but no known number"),
        (
            {"country": pd.Series({"AT": 5, "BE": 5}), "employees": pd.Series({"small": 99})},
            "add up to different",
        ),
        ({"country": pd.Series({"AT": 0, "BE": 0})}, "adds up to zero"),
        ({"town": pd.Series({"Graz": 1})}, "column town is missing"),
    ],
)
def test_margins_that_make_no_sense_are_refused(margins, words):
    with pytest.raises(InputError, match=words):
        rake(people(("AT", "small"), ("BE", "small")), margins)


def test_bounds_that_leave_out_the_mean_are_refused(frame):
    with pytest.raises(InputError, match="bounds are 2 and 5"):
        rake(people(("AT", "small")), {"country": pd.Series({"AT": 5})}, bounds=(2, 5))


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xy")), min_size=4, max_size=30))
@settings(max_examples=40)
def test_raking_what_already_fits_changes_nothing(rows):
    sample = pd.DataFrame(rows, columns=["one", "two"])
    fit = rake(sample, {name: sample[name].value_counts() for name in ("one", "two")})
    assert fit.converged
    assert np.allclose(fit.weights, 1)
    assert fit.design_effect == pytest.approx(1)


def test_equal_weights_cost_nothing_and_one_large_weight_leaves_one_respondent():
    assert design_effect([3, 3, 3]) == 1
    assert effective_sample_size([1, 0, 0, 0]) == 1
    # Kish: with weights 1 and 3 in equal numbers, deff = (1 + 9) / 2 / 4 = 1.25.
    assert design_effect([1, 3, 1, 3]) == 1.25
    assert math.isnan(design_effect([0, 0]))
    with pytest.raises(InputError, match="a weight is missing"):
        design_effect([1, None])


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=30))
def test_the_effective_size_lies_between_one_and_the_number(weights):
    assert 1 - 1e-9 <= effective_sample_size(weights) <= len(weights) + 1e-9


def test_rates_by_group_and_in_all(frame):
    answers = people(("AT", "small"), ("AT", "large"), ("FR", "small"), *[("CY", "small")] * 6)
    found = response_rates(answers, frame).set_index("country")
    assert found.loc["AT", ["invited", "answered"]].to_list() == [30, 2]
    assert found.loc["AT", "rate"] == pytest.approx(2 / 30)
    assert found.loc["BE", "rate"] == 0
    assert found.loc["FR", "note"] == "not in the frame"
    assert pd.isna(found.loc["FR", "rate"])
    assert found.loc["CY", "note"] == "more answers than invitations"
    assert pd.isna(found.loc["CY", "rate"])
    whole = response_rates(answers, frame, by=())
    assert whole[["invited", "answered"]].to_numpy().tolist() == [[45, 9]]


def test_duplicates_are_no_answers_and_a_group_not_stated_is_shown(frame):
    answers = people(("AT", "small"), ("AT", None))
    answers.loc[0, "status"] = "duplicate"
    found = response_rates(answers, frame, by=("country", "employees"))
    assert found["answered"].sum() == 1
    assert found.loc[found["employees"] == "", "note"].to_list() == ["not in the frame"]


def test_a_group_listed_twice_is_refused(frame):
    with pytest.raises(InputError, match="listed 2 times"):
        response_rates(people(), pd.concat([frame, frame.head(1)]))
    with pytest.raises(InputError, match="by is 'town'"):
        response_rates(people(), frame, by=("town",))
