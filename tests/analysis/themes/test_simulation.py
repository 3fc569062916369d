"""Coverage in small; `make bench` runs it in full. All draws are seeded, so limits hold or do not."""

import numpy as np
import pandas as pd
import pytest

from helpers.analysis.themes.comparisons import compare_groups
from helpers.analysis.themes.ppi import prediction_powered
from helpers.analysis.themes.simulation import MACHINES, coverage_of_learnt, coverage_table
from helpers.data.errors import InputError

# Of 800 draws one standard error is 0.8 per cent.
DRAWS = 800


@pytest.fixture(scope="module")
def table():
    return coverage_table(seed=1, draws=DRAWS, shares=[0.02, 0.1, 0.3], machines=MACHINES[1:])


def test_intervals_hold_the_truth_in_93_to_97_per_cent(table):
    assert 0.93 <= table["covered"].mean() <= 0.97
    assert table["covered"].min() >= 0.92
    # A good machine hardly errs in 100 answers: intervals are then a little too wide, never too narrow.
    assert table["covered"].max() <= 0.985


def test_a_nearly_perfect_machine_never_makes_intervals_too_narrow():
    perfect = coverage_table(seed=2, draws=300, shares=[0.02, 0.1, 0.5], machines=MACHINES[:1])
    assert perfect["covered"].min() >= 0.93


def test_the_machine_makes_them_narrower_than_the_human_sample_alone(table):
    ratio = table.groupby("machine")["width_ratio"].mean()
    assert ratio["good"] < 0.75
    assert ratio["fair"] < 0.85
    assert ratio["useless"] == pytest.approx(1, abs=0.02)


def test_machine_codes_taken_for_the_truth_do_not_hold_it(table):
    assert table["covered_machine"].mean() < 0.25


def test_intervals_for_the_population_hold_its_share_though_people_coded_a_large_part():
    found = coverage_table(
        seed=3, draws=DRAWS, answers=500, shares=[0.1, 0.3], samples=[250], target="population"
    )
    assert found["covered"].between(0.925, 0.985).all()
    among = coverage_table(seed=3, draws=DRAWS, answers=500, shares=[0.1, 0.3], samples=[250])
    assert among["covered"].between(0.925, 0.985).all()
    assert (among["width"] < found["width"]).all()


def test_a_machine_that_learnt_from_the_sample_must_be_cross_fitted():
    assert coverage_of_learnt(seed=1, crossed=True, draws=800) >= 0.93
    assert coverage_of_learnt(seed=1, crossed=False, draws=800) < 0.92


def test_intervals_of_a_stratified_sample_with_weights_hold_the_weighted_share():
    rng = np.random.default_rng(9)
    rare = np.arange(3000) < 300
    chances = np.where(rare, 100 / 300, 200 / 2700)
    held = 0
    for _ in range(DRAWS):
        truth = rng.random(3000) < np.where(rare, 0.5, 0.15)
        machine = truth ^ (rng.random(3000) < 0.07)
        weights = rng.choice([0.5, 1.0, 3.0], 3000)
        sampled = np.r_[rng.choice(300, 100, replace=False), 300 + rng.choice(2700, 200, replace=False)]
        found = prediction_powered(
            machine, sampled, truth[sampled], probabilities=chances[sampled], weights=weights
        )
        held += found.low <= weights @ truth / weights.sum() <= found.high
    assert 0.93 <= held / DRAWS <= 0.97


def test_intervals_of_differences_hold_the_true_one():
    rng = np.random.default_rng(10)
    names = np.array([f"a{place}" for place in range(1200)])
    groups = pd.Series(np.repeat(["AT", "BE"], 600), index=names)
    held = 0
    for _ in range(300):
        truth = pd.DataFrame({"energy": rng.random(1200) < np.repeat([0.1, 0.3], 600)}, index=names)
        machine = truth ^ (rng.random((1200, 1)) < 0.06)
        human = truth.iloc[rng.choice(1200, 300, replace=False)]
        row = compare_groups(machine, human, groups).iloc[0]
        held += row["low"] <= -0.2 <= row["high"]
    assert 0.92 <= held / 300 <= 0.98


def test_same_seed_same_table_and_senseless_ones_are_refused():
    few = {"draws": 5, "shares": [0.1], "machines": MACHINES[:1]}
    pd.testing.assert_frame_equal(coverage_table(seed=1, **few), coverage_table(seed=1, **few))
    assert not coverage_table(seed=1, **few).equals(coverage_table(seed=2, **few))
    with pytest.raises(InputError, match="make no sense"):
        coverage_table(seed=1, answers=200)
