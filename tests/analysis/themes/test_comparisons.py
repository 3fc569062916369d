import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from helpers.analysis.themes.comparisons import benjamini_hochberg, compare_groups, holm
from helpers.data.errors import InputError

p_values = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def test_corrections_are_those_of_benjamini_and_hochbergs_example():
    # Benjamini and Hochberg (1995), section 3.2: 15 comparisons; at 0.05 Holm keeps 3, their procedure 4.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719]
    p += [0.6528, 0.7590, 1.0]
    assert (holm(p) <= 0.05).sum() == 3
    assert (benjamini_hochberg(p) <= 0.05).sum() == 4


@given(p_values)
def test_corrections_are_ordered_and_bounded(p):
    raw, by_holm, by_bh = np.array(p), holm(p), benjamini_hochberg(p)
    assert (by_holm <= np.minimum(raw * len(p), 1) + 1e-15).all()
    assert (raw <= by_bh + 1e-15).all()
    assert (by_bh <= by_holm + 1e-15).all()
    order = np.argsort(raw, kind="stable")
    assert (np.diff(by_holm[order]) >= 0).all()
    assert (np.diff(by_bh[order]) >= 0).all()
    assert by_bh == pytest.approx(false_discovery_control(raw))


@given(p_values, st.integers(0, 30))
def test_missing_p_values_stay_missing_and_do_not_count(p, place):
    place = min(place, len(p))
    with_missing = [*p[:place], float("nan"), *p[place:]]
    for correct in (holm, benjamini_hochberg):
        found = correct(with_missing)
        assert np.isnan(found[place])
        assert np.delete(found, place) == pytest.approx(correct(p))
    with_na = pd.array([pd.NA, 0.01], dtype="Float64")
    assert holm(pd.Series(with_na))[1] == 0.01


def test_p_values_outside_their_range_are_refused():
    for correct in (holm, benjamini_hochberg):
        with pytest.raises(InputError, match="from 0 to 1"):
            correct([0.5, 1.1])


def world(shares, number=400, seed=0):
    rng = np.random.default_rng(seed)
    labels = np.repeat(list(shares), number)
    names = [f"a{place:05}" for place in range(len(labels))]
    truth = rng.random(len(labels)) < np.repeat(list(shares.values()), number)
    machine = np.where(rng.random(len(labels)) < 0.05, ~truth, truth)
    human = pd.DataFrame({"energy": truth}, index=names).sample(frac=0.4, random_state=1)
    return pd.DataFrame({"energy": machine}, index=names), human, pd.Series(labels, index=names)


def test_a_group_that_differs_is_found_and_the_others_are_not():
    table = compare_groups(*world({"AT": 0.2, "BE": 0.2, "CY": 0.5})).set_index("group")
    assert table.loc["CY", "p_holm"] < 1e-6
    assert table.loc["CY", "difference"] == pytest.approx(0.3, abs=0.08)
    assert table.loc["CY", "low"] < 0.3 < table.loc["CY", "high"]
    assert (table["comparisons"] == 3).all()
    assert (table["against"] == "the rest").all()
    assert table["p_holm"].to_list() == pytest.approx(holm(table["p"]).tolist())
    assert table["p_bh"].to_list() == pytest.approx(benjamini_hochberg(table["p"]).tolist())


def test_waves_are_compared_to_the_one_before_in_the_order_given():
    machine, human, waves = world({"spring": 0.1, "autumn": 0.4, "winter": 0.4})
    table = compare_groups(machine, human, waves, against="before", order=["spring", "autumn", "winter"])
    assert table[["group", "against"]].to_numpy().tolist() == [["autumn", "spring"], ["winter", "autumn"]]
    assert table["p"].lt(0.01).to_list() == [True, False]
    back = compare_groups(machine, human, waves, against="before", order=["autumn", "spring"])
    assert back.loc[0, "difference"] == pytest.approx(-table.loc[0, "difference"])
    assert back.loc[0, "p"] == pytest.approx(table.loc[0, "p"])
    assert (back.loc[0, "low"], back.loc[0, "high"]) == pytest.approx(
        (-table.loc[0, "high"], -table.loc[0, "low"])
    )


def test_machine_codes_alone_are_never_tested():
    machine, human, groups = world({"AT": 0.2, "BE": 0.5})
    table = compare_groups(machine, human[human.index < "a00400"], groups)
    assert set(table["method"]) == {"unvalidated"}
    assert table[["p", "p_holm", "p_bh", "low", "high", "standard_error"]].isna().all(axis=None)
    assert (table["comparisons"] == 0).all()
    assert table["difference"].notna().all()
    assert set(compare_groups(machine, None, groups)["method"]) == {"unvalidated"}


def test_false_alarms_are_as_rare_as_stated():
    """No group differs: p values below 0.05 come in about 5 per cent of the comparisons."""
    p = np.concatenate(
        [
            compare_groups(*world({"AT": 0.2, "BE": 0.2}, number=150, seed=seed))["p"][:1].to_numpy(float)
            for seed in range(300)
        ]
    )
    assert 0.02 <= (p < 0.05).mean() <= 0.085


def test_if_people_coded_everything_the_answers_differ_or_do_not():
    machine, _, groups = world({"AT": 0.2, "BE": 0.5})
    table = compare_groups(machine, machine, groups, target="answers")
    assert (table["p"] == 0).all()
    assert table["low"].to_list() == table["difference"].to_list()
    same = compare_groups(machine.assign(energy=True), machine.assign(energy=True), groups, target="answers")
    assert (same["p"] == 1).all()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"against": "all"}, "allowed: rest, before"),
        ({"order": ["AT", "XX"]}, "'XX' is no group; allowed, each once: AT, BE"),
        ({"order": ["AT", "AT"]}, "listed twice"),
    ],
)
def test_comparisons_that_make_no_sense_are_refused(changes, message):
    with pytest.raises(InputError, match=message):
        compare_groups(*world({"AT": 0.2, "BE": 0.5}, number=10), **changes)
