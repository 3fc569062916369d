import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis.themes.sampling import draw_sample, review_queue
from helpers.data.errors import InputError


def answers(*numbers):
    languages = np.repeat([f"l{place}" for place in range(len(numbers))], numbers)
    names = [f"a{place:04}" for place in range(len(languages))]
    return pd.DataFrame({"answer_id": names, "language": languages})


@given(st.lists(st.integers(1, 60), min_size=1, max_size=6), st.data())
def test_sample_has_its_size_and_probabilities_that_add_up(numbers, data):
    table = answers(*numbers)
    least = sum(min(number, 2) for number in numbers)
    size = data.draw(st.integers(least, len(table)))
    sample = draw_sample(table, size, seed=1, strata=["language"])
    assert len(sample) == size == sample["answer_id"].nunique()
    assert set(sample["answer_id"]) <= set(table["answer_id"])
    # Answers that the sample speaks for: one over the probability each.
    spoken = (1 / sample["probability"]).groupby(sample["stratum"]).sum()
    assert spoken.to_list() == pytest.approx(table["language"].value_counts().sort_index().to_list())
    counts = sample["stratum"].value_counts()
    for label, number in table["language"].value_counts().items():
        assert counts[label] >= min(number, 2)
        if counts[label] > 2:
            assert abs(counts[label] - size * number / len(table)) < 2 * len(numbers) + 1


def test_without_strata_every_answer_has_the_same_probability():
    sample = draw_sample(answers(40, 10), 20, seed=1)
    assert set(sample["probability"]) == {0.4}
    assert set(sample["stratum"]) == {""}
    assert set(sample["selection"]) == {"random"}


def test_each_answer_is_drawn_as_often_as_its_probability_says():
    table = answers(30, 5)
    drawn = pd.concat([draw_sample(table, 10, seed, strata=["language"], least=3) for seed in range(200)])
    often = drawn["answer_id"].value_counts() / 200
    probability = drawn.groupby("answer_id")["probability"].first()
    assert (often - probability).abs().max() < 4.5 * np.sqrt(0.25 / 200)
    assert probability.round(3).unique().tolist() == [0.233, 0.6]


def test_same_seed_same_sample_whatever_the_order_of_the_answers():
    table = answers(50, 20)
    one = draw_sample(table, 30, seed=5, strata=["language"])
    pd.testing.assert_frame_equal(one, draw_sample(table[::-1], 30, seed=5, strata=["language"]))
    assert set(one["answer_id"]) != set(draw_sample(table, 30, seed=6, strata=["language"])["answer_id"])


def test_missing_labels_are_a_stratum_of_their_own():
    table = answers(5, 5).assign(country=["AT"] * 8 + [None, "AT"])
    sample = draw_sample(table, 10, seed=1, strata=["language", "country"])
    assert sorted(sample["stratum"].unique()) == ["l0 / AT", "l1 / ", "l1 / AT"]


@pytest.mark.parametrize(
    ("size", "strata", "message"),
    [
        (0, [], "size is 0; 1 to 10"),
        (11, [], "size is 11; 1 to 10"),
        (3, ["language"], "2 strata with 2 answers each need 4"),
        (3, ["town"], "column town is missing"),
    ],
)
def test_samples_that_cannot_be_drawn_are_refused(size, strata, message):
    with pytest.raises(InputError, match=message):
        draw_sample(answers(5, 5), size, seed=1, strata=strata)


def test_queue_ranks_disagreement_then_doubt_and_is_never_called_random():
    names = ["sure", "none", "differs", "many", "unknown"]
    table = pd.DataFrame(
        {
            "answer_id": names,
            "language": ["en", "en", "en", "en", None],
            "language_probability": [0.99, 0.99, 0.99, 0.3, None],
        }
    )
    themes = list("abcde")
    machine = pd.DataFrame(False, index=names, columns=themes)
    machine.loc[["sure", "differs", "unknown"], "a"] = True
    machine.loc["many"] = True
    second = machine.copy()
    second.loc["differs", ["a", "b"]] = [False, True]
    queue = review_queue(table, machine, second)
    assert queue["answer_id"].to_list() == ["differs", "many", "none", "unknown", "sure"]
    assert queue["rank"].to_list() == [1, 2, 3, 4, 5]
    assert queue["score"].to_list() == [2, 0.5, 0.5, 0.25, 0]
    assert queue["reasons"].to_list() == [
        "machine and second coder differ",
        "many codes; language unsure",
        "no code",
        "language unsure",
        "",
    ]
    assert set(queue["selection"]) == {"queue"}
    assert queue["probability"].isna().all()
    # Order of rows and columns does not matter; what was coded before is left out; only so many.
    again = review_queue(table[::-1], machine[::-1], second[themes[::-1]], size=2, leave_out=["differs"])
    assert again["answer_id"].to_list() == ["many", "none"]


def test_queue_by_probabilities_expects_the_most_wrong_codes_first():
    rng = np.random.default_rng(1)
    names = [f"a{place:03}" for place in range(400)]
    table = pd.DataFrame({"answer_id": names})
    chances = pd.DataFrame(rng.beta(0.3, 0.9, (400, 4)), index=names, columns=list("abcd"))
    truth = chances > rng.random((400, 4))
    machine = truth ^ (rng.random((400, 4)) < 0.15)
    queue = review_queue(table, machine, chances)
    wrong = (machine != truth).sum(axis=1)[queue["answer_id"]].to_numpy()
    assert wrong[:80].mean() > 2 * wrong.mean()
    assert (np.diff(queue["score"]) <= 0).all()


@pytest.mark.parametrize("value", [2.0, None])
def test_queue_refuses_what_is_no_code_and_answers_that_were_not_coded(value):
    table = pd.DataFrame({"answer_id": ["a1", "a2"]})
    machine = pd.DataFrame({"energy": [True, False]}, index=["a1", "a2"])
    with pytest.raises(InputError, match="from 0 to 1"):
        review_queue(table, machine, machine.astype(object).assign(energy=[True, value]))
    with pytest.raises(InputError, match="machine codes: answer a2 is missing"):
        review_queue(table, machine[:1])
    with pytest.raises(InputError, match="second coder: answer a2 is missing"):
        review_queue(table, machine, machine[:1])
    with pytest.raises(InputError, match="second coder"):
        review_queue(table, machine, machine.rename(columns={"energy": "skills"}))
