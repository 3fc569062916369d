"""Prediction-powered shares: equal to the published formulas where those apply, and laws everywhere."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis.themes.intervals import wilson_interval
from helpers.analysis.themes.ppi import prediction_powered
from helpers.analysis.themes.prevalence import prevalence_table, shown_prevalence
from helpers.data.errors import InputError


@st.composite
def settings(draw):
    """Codes of a machine, places of a sample, and what people say of it."""
    seed, number = draw(st.integers(0, 10_000)), draw(st.integers(20, 400))
    rng = np.random.default_rng(seed)
    truth = rng.random(number) < draw(st.sampled_from([0, 0.02, 0.2, 0.5, 0.97, 1]))
    wrong = rng.random(number) < draw(st.sampled_from([0, 0.05, 0.5, 1]))
    sampled = rng.choice(number, draw(st.integers(1, number)), replace=False)
    return truth ^ wrong, sampled, truth[sampled]


def frames(machine, sampled, human, theme="energy"):
    names = np.array([f"a{place:05}" for place in range(len(machine))])
    return (
        pd.DataFrame({theme: machine}, index=names),
        pd.DataFrame({theme: human}, index=names[sampled]),
    )


@given(settings(), st.sampled_from(["answers", "population"]))
def test_interval_is_in_bounds_and_holds_the_estimate(setting, target):
    found = prediction_powered(*setting, target=target)
    assert 0 <= found.low <= found.share <= found.high <= 1
    assert found.standard_error >= 0
    assert -1 <= found.tuning <= 1


@given(settings())
def test_turning_all_codes_round_mirrors_the_estimate(setting):
    machine, sampled, human = setting
    one, other = prediction_powered(machine, sampled, human), prediction_powered(~machine, sampled, ~human)
    assert (one.share, one.low, one.high) == pytest.approx((1 - other.share, 1 - other.high, 1 - other.low))


@given(settings())
def test_scale_of_weights_and_of_probabilities_does_not_matter_to_the_share(setting):
    machine, sampled, human = setting
    plain = prediction_powered(machine, sampled, human)
    scaled = prediction_powered(
        machine, sampled, human, weights=np.full(len(machine), 7.0), probabilities=np.full(len(sampled), 0.2)
    )
    for name in ("share", "low", "high", "size"):
        assert getattr(scaled, name) == pytest.approx(getattr(plain, name))


def test_estimate_and_error_are_those_of_the_paper():
    """The power-tuned PPI++ mean of arXiv:2311.01453, with a sample apart from the uncoded answers."""
    rng = np.random.default_rng(4)
    truth = rng.random(20_000) < 0.3
    machine = np.where(rng.random(20_000) < 0.15, ~truth, truth)
    sampled = rng.choice(20_000, 2_000, replace=False)
    rest = np.setdiff1d(np.arange(20_000), sampled)
    y, f, g = truth[sampled].astype(float), machine[sampled].astype(float), machine[rest].astype(float)
    n, many = len(y), len(g)
    tuning = np.cov(y, f)[0, 1] / ((1 + n / many) * f.var(ddof=1))
    estimate = tuning * g.mean() + (y - tuning * f).mean()
    error = math.sqrt(tuning**2 * g.var() / many + (y - tuning * f).var() / n)
    found = prediction_powered(machine, sampled, truth[sampled], target="population")
    assert found.share == pytest.approx(estimate, abs=1e-12)
    assert found.standard_error == pytest.approx(error, rel=0.003)


@given(settings())
def test_a_machine_that_codes_nothing_leaves_the_human_sample_alone(setting):
    machine, sampled, human = setting
    found = prediction_powered(np.zeros(len(machine), dtype=bool), sampled, human)
    assert found.share == pytest.approx(human.mean())
    rest = 1 - len(sampled) / len(machine)
    if rest > 0:
        # Wilson's interval of the sample, with the finite population correction.
        size = len(sampled) / rest
        alone = wilson_interval(human.mean() * size, size)
        assert (found.low, found.high) == pytest.approx(alone, abs=1e-9)


def test_a_useless_machine_costs_next_to_nothing():
    rng = np.random.default_rng(1)
    truth, noise = rng.random(5_000) < 0.2, rng.random(5_000) < 0.5
    sampled = rng.choice(5_000, 300, replace=False)
    found = prediction_powered(noise, sampled, truth[sampled], target="population")
    low, high = wilson_interval(int(truth[sampled].sum()), 300)
    assert found.high - found.low == pytest.approx(high - low, rel=0.1)
    assert abs(found.tuning) < 0.15


def test_a_perfect_machine_is_nearly_as_good_as_coding_all_answers():
    rng = np.random.default_rng(2)
    truth = rng.random(5_000) < 0.2
    sampled = rng.choice(5_000, 1_000, replace=False)
    found = prediction_powered(truth, sampled, truth[sampled], target="population")
    low, high = wilson_interval(int(truth.sum()), 5_000)
    assert found.share == pytest.approx(truth.mean())
    assert found.tuning == 1
    assert found.high - found.low < 1.25 * (high - low)
    # And yet no point: a machine without a mistake in a thousand answers still makes some.
    among = prediction_powered(truth, sampled, truth[sampled])
    assert 0 < among.high - among.low < 0.3 * (high - low)


def test_if_people_coded_all_answers_nothing_is_left_to_chance():
    truth = np.arange(50) < 20
    machine = truth ^ (np.arange(50) % 7 == 0)
    found = prediction_powered(machine, np.arange(50), truth)
    assert (found.share, found.low, found.high) == pytest.approx((0.4, 0.4, 0.4))
    assert math.isinf(found.size)
    population = prediction_powered(machine, np.arange(50), truth, target="population")
    assert (population.low, population.high) == pytest.approx(wilson_interval(20, 50), abs=0.002)


def test_nobody_and_everybody_have_one_sided_intervals():
    machine, sampled = np.arange(1000) < 5, np.arange(0, 1000, 10)
    none = prediction_powered(machine, sampled, np.zeros(100, dtype=bool))
    assert (none.share, none.low) == (0, 0)
    assert 0.02 < none.high < 0.06
    everybody = prediction_powered(~machine, sampled, np.ones(100, dtype=bool))
    assert (everybody.share, everybody.high) == (1, 1)
    assert everybody.low == pytest.approx(1 - none.high)


def test_unequal_probabilities_and_weights_are_undone():
    """Maltese answers are rare, drawn eight times as often, and all name the theme; others never do."""
    maltese = np.arange(4000) < 400
    machine = np.arange(4000) % 2 == 0
    sampled = np.r_[0:200, 400:625]
    chances = np.where(maltese[sampled], 0.5, 225 / 3600)
    naive = prediction_powered(machine, sampled, maltese[sampled])
    found = prediction_powered(machine, sampled, maltese[sampled], probabilities=chances)
    assert naive.share == pytest.approx(200 / 425, abs=0.01)
    assert found.share == pytest.approx(0.1, abs=0.002)
    # Weights of respondents: those who write Maltese stand for three times as many.
    weights = np.where(maltese, 3.0, 1.0)
    weighted = prediction_powered(machine, sampled, maltese[sampled], probabilities=chances, weights=weights)
    assert weighted.share == pytest.approx(1200 / 4800, abs=0.005)


def test_respondents_with_many_like_answers_widen_the_interval_of_the_population_only():
    rng = np.random.default_rng(5)
    truth = np.repeat(rng.random(100) < 0.3, 10)
    owners = np.repeat(np.arange(100), 10)
    sampled = rng.choice(1000, 300, replace=False)
    known = {"respondents": owners}
    one = prediction_powered(truth, sampled, truth[sampled], target="population")
    ten = prediction_powered(truth, sampled, truth[sampled], target="population", **known)
    assert ten.standard_error > 2.5 * one.standard_error
    answers = prediction_powered(truth, sampled, truth[sampled])
    assert prediction_powered(truth, sampled, truth[sampled], **known) == answers


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sampled": np.array([], dtype=int), "human": np.array([], dtype=bool)}, "no answer was coded"),
        ({"human": np.array([True])}, "different lengths"),
        ({"probabilities": np.array([0.5, 0.0])}, "above 0 and up to 1"),
        ({"weights": np.array([1.0, -1.0, 1.0])}, "from zero upwards"),
        ({"weights": np.array([0.0, 0.0, 1.0])}, "above zero for some"),
        ({"target": "europe"}, "allowed: answers, population"),
        ({"level": 1.0}, "above 0 and below 1"),
    ],
)
def test_what_makes_no_sense_is_refused(changes, message):
    given = {
        "machine": np.zeros(3, dtype=bool),
        "sampled": np.array([0, 1]),
        "human": np.zeros(2, dtype=bool),
    }
    with pytest.raises(InputError, match=message):
        prediction_powered(**{**given, **changes})


def two_themes(number=300, sampled=120):
    rng = np.random.default_rng(7)
    names = [f"a{place:03}" for place in range(number)]
    truth = pd.DataFrame(rng.random((number, 2)) < [0.3, 0.01], index=names, columns=["energy", "skills"])
    machine = truth ^ (rng.random((number, 2)) < [0.05, 0.001])
    return machine, truth.sample(sampled, random_state=1)


def test_table_marks_what_is_validated_and_gives_no_interval_to_the_rest():
    machine, human = two_themes()
    groups = pd.Series(np.where(np.arange(300) < 280, "AT", "BE"), index=machine.index)
    table = prevalence_table(machine, human[["energy"]], groups=groups)
    assert table[["theme", "group"]].to_numpy().tolist() == [
        ["energy", "AT"],
        ["energy", "BE"],
        ["skills", "AT"],
        ["skills", "BE"],
    ]
    assert table["method"].to_list() == ["validated", "unvalidated", "unvalidated", "unvalidated"]
    assert table["low"].notna().to_list() == [True, False, False, False]
    unvalidated = table.iloc[1:]
    assert unvalidated["share"].to_list() == unvalidated["share_machine"].to_list()
    assert table["answers"].to_list() == [280, 20, 280, 20]
    inside = human.index.isin(groups.index[groups == "AT"])
    assert table.loc[0, "human_sample"] == inside.sum()
    alone = prevalence_table(machine[:280], human.loc[inside, ["energy"]]).iloc[0]
    assert table.loc[0, "low"] == alone["low"]


def test_without_a_human_sample_everything_is_unvalidated():
    machine, human = two_themes()
    for sample in (None, human.iloc[:0], human.iloc[:29]):
        table = prevalence_table(machine, sample)
        assert set(table["method"]) == {"unvalidated"}
        assert table[["low", "high"]].isna().all(axis=None)
        assert (table["share"] == table["share_machine"]).all()


def test_rare_themes_are_flagged_and_small_cells_are_held_back():
    machine, human = two_themes()
    machine["skills"] = False
    machine.iloc[:2, 1] = True
    table = prevalence_table(machine, human, min_cell=5).set_index("theme")
    assert table["rare"].to_dict() == {"energy": False, "skills": True}
    assert table["status"].to_dict() == {"energy": "shown", "skills": "held back"}
    shown = shown_prevalence(table.reset_index()).set_index("theme")
    numbers = ["coded_by_machine", "share_machine", "share", "low", "high"]
    assert shown.loc["skills", numbers].isna().all()
    assert shown.loc["energy", numbers].notna().all()
    none = prevalence_table(machine.assign(skills=False), human).set_index("theme")
    assert none.loc["skills", "status"] == "none stated"


def test_cells_count_respondents_where_they_are_known():
    machine = pd.DataFrame({"energy": [True] * 6 + [False] * 54}, index=[f"a{place}" for place in range(60)])
    owners = pd.Series(["r1"] * 6 + [f"r{place}" for place in range(54)], index=machine.index)
    assert prevalence_table(machine)["status"].to_list() == ["shown"]
    assert prevalence_table(machine, respondents=owners)["status"].to_list() == ["held back"]


def test_an_answer_may_stand_in_several_groups_and_order_of_rows_does_not_matter():
    machine, human = two_themes()
    groups = pd.Series("all", index=machine.index)
    several = pd.concat(
        [groups, pd.Series("first half", index=machine.index[:150]), pd.Series([None], ["a000"])]
    )
    table = prevalence_table(machine, human, groups=several)
    assert table["answers"].to_list() == [300, 150, 300, 150]
    shuffled = prevalence_table(
        machine.sample(frac=1, random_state=1), human.sample(frac=1, random_state=2), groups=several
    )
    pd.testing.assert_frame_equal(table, shuffled)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m, h: (m, h.rename({h.index[0]: "zz"})), "answer zz is not among"),
        (lambda m, h: (pd.concat([m, m[:1]]), h), "machine codes: answer a000 is listed twice"),
        (lambda m, h: (m, h.astype(object).where(h, None)), "human codes: .*None; true and false"),
    ],
)
def test_frames_that_do_not_fit_are_refused_by_name(change, message):
    with pytest.raises(InputError, match=message):
        prevalence_table(*change(*two_themes()))


def test_missing_or_impossible_probabilities_and_weights_are_refused_by_name():
    machine, human = two_themes()
    half = pd.Series(0.5, index=human.index)
    with pytest.raises(InputError, match=f"there is no number of answer {human.index[0]}"):
        prevalence_table(machine, human, probabilities=half[1:])
    with pytest.raises(InputError, match=f"answer {human.index[0]} has 2"):
        prevalence_table(machine, human, probabilities=half.where(half.index != human.index[0], 2))
    with pytest.raises(InputError, match="weights: there is no number of answer a299"):
        prevalence_table(machine, human, weights=pd.Series(1.0, index=machine.index[:-1]))
    with pytest.raises(InputError, match="respondents: there is no respondent of answer a299"):
        prevalence_table(machine, human, respondents=pd.Series("r", index=machine.index[:-1]))
    with pytest.raises(InputError, match="min_cell is 0"):
        prevalence_table(machine, human, min_cell=0)
