import numpy as np
import pandas as pd
import pytest

from helpers.analysis.themes.features import text_features
from helpers.analysis.themes.hybrid import dealt_out, hybrid_codes
from helpers.analysis.themes.precision import precision_recall
from helpers.data.errors import InputError

WORDS = {
    "energy": ["electricity", "gas price", "énergie chère", "Strompreise"],
    "skills": ["no staff", "skilled workers", "Fachkräfte", "personnel"],
    "regulation": ["permits", "authorisation takes long", "Zulassung", "réglementation"],
    "logistics": ["trucks", "freight", "Häfen", "transport"],
}


@pytest.fixture(scope="module")
def world():
    """Answers by 350 respondents, and a dictionary that lacks some terms and knows a misleading one."""
    rng = np.random.default_rng(11)
    rows = []
    for place in range(1400):
        themes = [name for name in WORDS if rng.random() < 0.3]
        words = [str(rng.choice(WORDS[name])) for name in themes] + [
            str(rng.choice(["often", "we see", "der"]))
        ]
        rng.shuffle(words)
        rows.append(
            (f"a{place:04}", f"r{place % 350}", " ".join(words), {name: name in themes for name in WORDS})
        )
    answers = pd.DataFrame([row[:3] for row in rows], columns=["answer_id", "respondent_id", "text"])
    truth = pd.DataFrame([row[3] for row in rows], index=answers["answer_id"])
    known = {name: words[:2] for name, words in WORDS.items()} | {"logistics": ["trucks", "freight", "often"]}
    machine = pd.DataFrame(
        {
            name: [any(word in text for word in words) for text in answers["text"]]
            for name, words in known.items()
        },
        index=truth.index,
    )
    return answers, machine, truth


@pytest.fixture(scope="module")
def found(world):
    answers, machine, truth = world
    return hybrid_codes(answers, machine, truth[:700])


def micro_f1(codes, truth):
    return precision_recall(codes, truth).set_index("theme").loc["all themes", "f1"]


def test_it_learns_what_the_dictionary_misses_and_where_it_errs(world, found):
    _, machine, truth = world
    for part in (truth[:700], truth[700:]):
        assert micro_f1(found.codes, part) > 0.95 > 0.8 > micro_f1(machine, part)


def test_no_answer_is_coded_by_a_model_that_saw_its_respondent(world, found):
    """Lies about one fold's answers change the codes of all folds but that one."""
    answers, machine, truth = world
    assert found.folds.groupby(answers.set_index("answer_id")["respondent_id"]).nunique().eq(1).all()
    lies = truth[:700].copy()
    lies[found.folds[:700] == 2] ^= True
    after = hybrid_codes(answers, machine, lies)
    same = (after.probabilities == found.probabilities).all(axis=1)
    assert same[found.folds == 2].all()
    assert not same[found.folds != 2].any()
    assert after.thresholds[2] == found.thresholds[2]


def test_same_input_same_codes_whatever_the_order_of_the_rows(world, found):
    answers, machine, truth = world
    shuffled = answers.sample(frac=1, random_state=1)
    again = hybrid_codes(
        shuffled, machine.sample(frac=1, random_state=2), truth[:700].sample(frac=1, random_state=3)
    )
    assert again.codes.index.to_list() == shuffled["answer_id"].to_list()
    pd.testing.assert_frame_equal(again.probabilities.loc[machine.index], found.probabilities)
    pd.testing.assert_frame_equal(again.codes.loc[machine.index], found.codes)


def test_embeddings_add_to_what_it_knows_and_follow_their_answers(world):
    answers, machine, truth = world
    rng = np.random.default_rng(1)
    blank = answers.assign(text="")
    meaning = truth.to_numpy(dtype=float) @ rng.normal(size=(4, 16)) + rng.normal(0, 0.1, (1400, 16))
    without = hybrid_codes(blank, machine, truth[:700])
    with_them = hybrid_codes(blank, machine, truth[:700], embeddings=meaning)
    assert micro_f1(with_them.codes, truth) > micro_f1(without.codes, truth) + 0.05
    order = rng.permutation(1400)
    again = hybrid_codes(blank.iloc[order], machine, truth[:700], embeddings=meaning[order])
    pd.testing.assert_frame_equal(again.codes.loc[machine.index], with_them.codes)


def test_a_theme_that_people_hardly_gave_keeps_the_dictionarys_code(world):
    answers, machine, truth = world
    rare = truth[:700].assign(energy=False)
    rare.iloc[:4, 0] = True
    found = hybrid_codes(answers, machine, rare)
    assert (found.codes["energy"] == machine["energy"]).all()


def test_hostile_and_empty_answers_are_coded_like_any(world):
    answers, machine, truth = world
    texts = answers["text"].copy()
    texts[1000:1004] = ["<script>alert(1)</script>" * 4000, "", None, "${x} \u202e =cmd|' /C calc'!A0"]
    found = hybrid_codes(answers.assign(text=texts), machine, truth[:700])
    assert found.codes.shape == (1400, 4)
    assert found.probabilities.notna().all(axis=None)
    assert text_features(pd.Series(["", None])).shape == (2, 1)


def test_respondents_are_dealt_out_evenly_and_by_name():
    names = pd.Series([f"r{place}" for place in range(100)])
    assert np.bincount(dealt_out(names, 5, seed=0)).tolist() == [20] * 5
    assert dealt_out(names[::-1], 5, seed=0).tolist() == dealt_out(names, 5, seed=0)[::-1].tolist()
    assert dealt_out(names, 5, seed=1).tolist() != dealt_out(names, 5, seed=0).tolist()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda a, m, h: (a, m, h[:499]), "people coded 499 answers; 500 or more are needed"),
        (lambda a, m, h: (a, m[1:], h), "machine codes: answer a0000 is missing"),
        (lambda a, m, h: (a, m, h.drop(columns="energy")), "human codes: theme energy is missing"),
        (lambda a, m, h: (a[1:], m, h), "answers: human-coded answer a0000 is missing"),
        (lambda a, m, h: (a.assign(respondent_id="r1"), m, h), "5 folds; 2 to 1"),
        (lambda a, m, h: (a.drop(columns="text"), m, h), "column text is missing"),
    ],
)
def test_what_it_cannot_learn_from_is_refused(world, change, message):
    answers, machine, truth = world
    with pytest.raises(InputError, match=message):
        hybrid_codes(*change(answers, machine, truth[:700]))


def test_embeddings_of_other_answers_are_refused(world):
    answers, machine, truth = world
    with pytest.raises(InputError, match="3 rows of 1400 answers"):
        hybrid_codes(answers, machine, truth[:700], embeddings=np.zeros((3, 2)))
