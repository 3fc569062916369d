"""Agreement: worked examples of Krippendorff (2011), Wikipedia and the R package statpsych, and laws."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpers.analysis.themes.agreement import (
    agreement_by_theme,
    agreement_table,
    alpha_with_interval,
    cohen_kappa,
    krippendorff_alpha,
    precision_recall,
)
from helpers.data.errors import InputError

N = None
# Krippendorff, K. (2011), Computing Krippendorff's Alpha-Reliability, section C: 4 observers, 12 units.
KRIPPENDORFF = pd.DataFrame(
    {
        "A": [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
        "B": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
        "C": [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
        "D": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
    }
)
# Wikipedia, Krippendorff's alpha, "A computational example": 3 coders, 15 units.
WIKIPEDIA = pd.DataFrame(
    {
        "A": [N, N, N, N, N, 3, 4, 1, 2, 1, 1, 3, 3, N, 3],
        "B": [1, N, 2, 1, 3, 3, 4, 3, N, N, N, N, N, N, N],
        "C": [N, N, 2, 1, 3, 4, 4, N, 2, 1, 1, 3, 3, N, 4],
    }
)
LEVELS = ("nominal", "ordinal", "interval", "ratio")
sheets = st.lists(
    st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=3, max_size=3), min_size=2, max_size=12
).map(lambda rows: pd.DataFrame(rows, columns=["A", "B", "C"], dtype=object))


@pytest.mark.parametrize(
    ("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_alpha_is_that_of_krippendorffs_example(level, alpha):
    assert round(krippendorff_alpha(KRIPPENDORFF, level), 3) == alpha


@pytest.mark.parametrize(("level", "alpha"), [("nominal", 0.691), ("interval", 0.811)])
def test_alpha_is_that_of_wikipedias_example(level, alpha):
    assert round(krippendorff_alpha(WIKIPEDIA, level), 3) == alpha


@given(sheets, st.sampled_from(LEVELS), st.permutations(["A", "B", "C"]))
def test_alpha_does_not_care_which_coder_is_which(codes, level, order):
    one, other = krippendorff_alpha(codes, level), krippendorff_alpha(codes[order], level)
    assert one == pytest.approx(other, nan_ok=True)


@given(sheets, st.permutations(range(5)))
def test_nominal_alpha_does_not_care_what_values_are_called(codes, names):
    renamed = codes.map(lambda value: f"name {names[int(value)]}", na_action="ignore")
    assert krippendorff_alpha(codes) == pytest.approx(krippendorff_alpha(renamed), nan_ok=True)


@given(sheets, st.floats(0.1, 100), st.floats(-50, 50))
def test_interval_alpha_does_not_care_about_scale_and_origin_ordinal_only_about_order(codes, scale, start):
    moved = codes.map(lambda value: start + scale * value, na_action="ignore")
    for level in ("ordinal", "interval"):
        found = krippendorff_alpha(moved, level)
        assert krippendorff_alpha(codes, level) == pytest.approx(found, nan_ok=True, abs=1e-6)
    stretched = codes.map(lambda value: 2.0**value, na_action="ignore")
    assert krippendorff_alpha(codes, "ordinal") == pytest.approx(
        krippendorff_alpha(stretched, "ordinal"), nan_ok=True
    )


@given(st.lists(st.integers(0, 4), min_size=2, max_size=20), st.sampled_from(LEVELS))
def test_alpha_is_one_where_all_agree_and_undefined_where_nothing_varies(values, level):
    codes = pd.DataFrame({"A": values, "B": values, "C": values})
    alpha = krippendorff_alpha(codes, level)
    assert math.isnan(alpha) if len(set(values)) == 1 else alpha == pytest.approx(1)


@given(sheets, st.integers(0, 4))
def test_a_unit_that_one_coder_coded_alone_counts_for_nothing(codes, value):
    lonely = pd.DataFrame([[value, None, None]], columns=codes.columns, dtype=object)
    more = pd.concat([codes, lonely], ignore_index=True)
    for level in ("nominal", "ordinal", "interval"):
        assert krippendorff_alpha(codes, level) == pytest.approx(krippendorff_alpha(more, level), nan_ok=True)


def test_alpha_of_two_complete_coders_is_the_formula_of_the_textbook():
    # Krippendorff (2011), section A (two observers, yes or no): 1 - (n - 1) o01 / (n0 n1).
    first, second = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    alpha = krippendorff_alpha(pd.DataFrame({"A": first, "B": second}))
    # o01 = 4, n0 = 14, n1 = 6, n = 20.
    assert alpha == pytest.approx(1 - (20 - 1) * 4 / (14 * 6))
    assert round(alpha, 3) == 0.095


def test_bootstrap_of_alpha_is_seeded_and_holds_the_estimate():
    one, again, other = (alpha_with_interval(KRIPPENDORFF, "ordinal", seed=seed) for seed in (1, 1, 2))
    assert one == again
    assert (one.low, one.high) != (other.low, other.high)
    assert one.low < one.value < one.high <= 1
    assert one.units == 11


def test_bootstrap_of_whole_answers_is_wider_than_of_single_decisions():
    rng = np.random.default_rng(3)
    truth = np.repeat(rng.random(60) < 0.5, 8)
    wrong = np.repeat(rng.random(60) < 0.15, 8)
    codes = pd.DataFrame({"A": truth, "B": truth ^ wrong})
    owners = pd.Series(np.repeat(np.arange(60), 8))
    alone, whole = alpha_with_interval(codes, seed=1), alpha_with_interval(codes, seed=1, clusters=owners)
    assert alone.value == whole.value
    assert whole.high - whole.low > 2 * (alone.high - alone.low)


def test_alpha_of_nothing_comparable_is_missing_not_an_error():
    for codes in (pd.DataFrame({"A": [1, N], "B": [N, 1]}), pd.DataFrame({"A": [], "B": []})):
        found = alpha_with_interval(codes, seed=1)
        assert math.isnan(found.value)
        assert math.isnan(found.low)
        assert found.units == 0


@pytest.mark.parametrize(
    ("values", "level", "message"),
    [
        ([1, "x"], "interval", r"B, row 3: 'x'; numbers are allowed"),
        ([1, -1], "ratio", "numbers from zero upwards"),
        ([1, 2], "metric", "allowed: nominal, ordinal, interval, ratio"),
    ],
)
def test_values_that_do_not_suit_the_level_are_named(values, level, message):
    with pytest.raises(InputError, match=message):
        krippendorff_alpha(pd.DataFrame({"A": [1, 1], "B": values}, dtype=object), level)


def kappa_of(table):
    pairs = [pair for pair, times in table.items() for _ in range(times)]
    return cohen_kappa(pd.Series([pair[0] for pair in pairs]), pd.Series([pair[1] for pair in pairs]))


def test_kappa_and_its_spread_are_those_of_statpsychs_example():
    # R package statpsych, ci.kappa(.05, 31, 12, 4, 58): 0.6756757, standard error 0.07344761.
    found = kappa_of({(0, 0): 31, (0, 1): 12, (1, 0): 4, (1, 1): 58})
    assert found.value == pytest.approx(0.6756757, abs=1e-7)
    # Wilson's interval is not the normal one, but about as wide: 2 x 1.96 standard errors.
    assert found.high - found.low == pytest.approx(2 * 1.96 * 0.07344761, rel=0.03)
    assert 1 - found.high > 0


def test_kappa_at_perfect_agreement_has_an_interval_that_is_no_point():
    found = kappa_of({(0, 0): 10, (1, 1): 10})
    assert (found.value, found.high) == (1, 1)
    assert 0.5 < found.low < 0.8


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40))
def test_kappa_is_symmetric_bounded_and_holds_its_estimate(pairs):
    first, second = (pd.Series([pair[place] for pair in pairs]) for place in (0, 1))
    one, other = cohen_kappa(first, second), cohen_kappa(second, first)
    assert one.value == pytest.approx(other.value, nan_ok=True)
    assume(not math.isnan(one.value))
    assert -1 <= one.low <= one.value + 1e-9
    assert one.value - 1e-9 <= one.high <= 1
    assert (one.value == pytest.approx(1)) == all(a == b for a, b in pairs)
    renamed = cohen_kappa(first.map("abcd".__getitem__), second.map("abcd".__getitem__))
    assert renamed.value == pytest.approx(one.value)


def test_kappa_leaves_out_what_one_did_not_code_and_refuses_other_units():
    first = pd.Series([1, 0, 1, None, 0], dtype=object)
    assert cohen_kappa(first, pd.Series([1, 0, 0, 1, None], dtype=object)).units == 3
    with pytest.raises(InputError, match="units"):
        cohen_kappa(first, first[:3])
    assert math.isnan(cohen_kappa(pd.Series([1, 1]), pd.Series([1, 1])).value)


def frame(rows, names=("energy", "skills")):
    return pd.DataFrame(
        rows, columns=list(names), index=[f"a{place}" for place in range(len(rows))], dtype=bool
    )


codes = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40).map(frame)


@given(st.data())
def test_precision_and_recall_swap_with_the_roles_and_f1_is_their_harmonic_mean(data):
    machine = data.draw(codes)
    human = frame(
        data.draw(
            st.lists(st.tuples(st.booleans(), st.booleans()), min_size=len(machine), max_size=len(machine))
        )
    )
    table, swapped = precision_recall(machine, human), precision_recall(human, machine)
    for (_, row), (_, other) in zip(table.iterrows(), swapped.iterrows(), strict=True):
        assert row["precision"] is pd.NA or row["precision"] == pytest.approx(other["recall"])
        for name in ("precision", "recall", "f1"):
            if row[name] is not pd.NA:
                assert 0 <= row[f"{name}_low"] <= row[name] <= row[f"{name}_high"] <= 1
        if row["both"]:
            harmonic = 2 / (1 / row["precision"] + 1 / row["recall"])
            assert row["f1"] == pytest.approx(harmonic)
    assert table["theme"].to_list() == ["energy", "skills", "all themes"]
    sums = table.iloc[:2][["both", "machine_only", "human_only"]].sum()
    assert (table.iloc[2][sums.index] == sums).all()


def test_unequal_probabilities_are_undone():
    # 1,000 answers coded right and 100 wrong; the wrong ones were ten times as likely to be drawn.
    machine = frame([(True, False)] * 1100)
    human = pd.concat([frame([(True, False)] * 1000)[:100], machine.iloc[1000:].assign(energy=False)])
    chances = pd.Series([0.1] * 100 + [1.0] * 100, index=human.index)
    naive = precision_recall(machine, human).iloc[0]
    weighted = precision_recall(machine, human, probabilities=chances).iloc[0]
    assert naive["precision"] == 0.5
    assert weighted["precision"] == pytest.approx(1000 / 1100)
    assert weighted["precision_low"] < 1000 / 1100 < weighted["precision_high"]


def coded_by(*sheets):
    rows = [
        (f"a{place}", f"coder_{number}", words)
        for number, sheet in enumerate(sheets, start=1)
        for place, words in enumerate(sheet)
        if words
    ]
    table = pd.DataFrame(rows, columns=["answer_id", "coder", "themes"])
    return table.assign(selection="random", probability=0.5)


def test_table_compares_coders_with_each_other_and_the_machine_with_the_random_sample():
    machine = frame([(True, False), (False, True), (False, False), (True, True)] * 10)
    first = ["energy", "skills", "none", "energy; skills"] * 10
    second = ["energy", "none", "none", "energy;skills"] * 5
    coded = coded_by(first, second)
    coded.loc[coded["answer_id"] == "a39", ["selection", "probability"]] = ["queue", None]
    table = agreement_table(coded, machine, seed=1, draws=50)
    assert list(table["theme"].unique()) == ["energy", "skills", "all themes"]
    energy = table[table["theme"] == "energy"].set_index("measure")
    assert energy["value"].to_list() == [1, 1, 1, 1, 1]
    assert energy.loc["alpha", "answers"] == 20
    assert energy.loc["precision", "answers"] == 39
    skills = table[table["theme"] == "skills"].set_index("measure")
    pairs = pd.DataFrame({"A": [0, 1, 0, 1] * 5, "B": [0, 0, 0, 1] * 5})
    assert skills.loc["alpha", "value"] == pytest.approx(krippendorff_alpha(pairs))
    assert skills.loc["kappa", "value"] == pytest.approx(cohen_kappa(pairs["A"], pairs["B"]).value)
    wide = agreement_by_theme(table)
    assert wide["theme"].to_list() == ["energy", "skills", "all themes"]
    assert wide.loc[1, "alpha"] == skills.loc["alpha", "value"]


def test_table_of_one_coder_or_three_leaves_out_what_cannot_be_computed():
    machine = frame([(True, False), (False, True)] * 10)
    sheet = ["energy", "skills"] * 10
    assert set(agreement_table(coded_by(sheet), machine, seed=1)["measure"]) == {"precision", "recall", "f1"}
    three = agreement_table(coded_by(sheet, sheet, sheet), machine, seed=1, draws=20)
    assert "alpha" in set(three["measure"])
    assert "kappa" not in set(three["measure"])
    queue = coded_by(sheet, sheet).assign(selection="queue", probability=None)
    assert set(agreement_table(queue, machine, seed=1, draws=20)["measure"]) == {"alpha", "kappa"}


def test_a_theme_that_nobody_gave_has_no_measure_but_does_not_stop_the_table():
    machine = frame([(True, False)] * 10)
    table = agreement_table(coded_by(["energy"] * 10, ["energy"] * 10), machine, seed=1, draws=20)
    skills = table[table["theme"] == "skills"]
    assert skills["value"].isna().all()
    assert skills["low"].isna().all()
    assert (skills["coded"] == 0).all()


def test_the_same_seed_gives_the_same_table_whatever_the_order_of_the_rows():
    machine = frame([(True, False), (False, True), (True, True)] * 10)
    coded = coded_by(["energy", "skills", "none"] * 10, ["energy", "energy", "skills"] * 10)
    table = agreement_table(coded, machine, seed=1, draws=50)
    for order in itertools.islice(itertools.count(1), 2):
        shuffled = coded.sample(frac=1, random_state=order)
        pd.testing.assert_frame_equal(agreement_table(shuffled, machine, seed=1, draws=50), table)
