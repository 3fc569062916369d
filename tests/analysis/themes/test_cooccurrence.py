"""Which themes go together: counts, what chance would give, and measures of association."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis.themes.cooccurrence import cooccurrence, cooccurrence_matrix

FLAGS = st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=30)


def frame(rows):
    index = pd.Index([f"a{number}" for number in range(len(rows))], name="answer_id")
    return pd.DataFrame(rows, columns=["a", "b", "c"], index=index, dtype=bool)


def test_a_table_worked_by_hand():
    named = frame([(1, 1, 0), (1, 1, 0), (1, 0, 0), (0, 1, 0), (0, 0, 0), (0, 0, 0)])
    pair = cooccurrence(named).iloc[0]
    assert pair[["theme", "other", "answers", "together"]].tolist() == ["a", "b", 2, 2.0]
    assert pair["expected"] == 3 * 3 / 6
    assert pair["lift"] == pytest.approx(2 / 1.5)
    assert pair["jaccard"] == pytest.approx(2 / 4)
    assert pair["phi"] == pytest.approx((6 * 2 - 3 * 3) / 9)


@given(FLAGS)
def test_phi_is_the_correlation_of_the_two(rows):
    named = frame(rows)
    for pair in cooccurrence(named).itertuples():
        one, other = named[pair.theme].astype(float), named[pair.other].astype(float)
        if one.nunique() == 2 and other.nunique() == 2:
            assert pair.phi == pytest.approx(np.corrcoef(one, other)[0, 1])
        else:
            assert np.isnan(pair.phi)


@given(FLAGS)
def test_measures_keep_their_bounds(rows):
    table = cooccurrence(frame(rows))
    assert len(table) == 3
    assert table["jaccard"].dropna().between(0, 1).all()
    assert table["phi"].dropna().between(-1 - 1e-12, 1 + 1e-12).all()
    assert (table["lift"].dropna() >= 0).all()


@given(FLAGS)
def test_a_weight_of_two_is_an_answer_given_twice(rows):
    named = frame(rows)
    doubled = cooccurrence(named, pd.Series(2.0, index=named.index))
    twice = cooccurrence(frame([*rows, *rows]))
    columns = ["together", "expected", "lift", "jaccard", "phi"]
    pd.testing.assert_frame_equal(doubled[columns], twice[columns])
    assert (doubled["answers"] * 2 == twice["answers"]).all()


@pytest.mark.parametrize("weight", [np.nan, -1.0, np.inf])
def test_weights_that_are_none_are_refused(weight):
    named = frame([(1, 1, 0), (0, 1, 1)])
    with pytest.raises(ValueError, match="weights: allowed"):
        cooccurrence(named, pd.Series([1.0, weight], index=named.index))


def test_weights_are_found_by_the_name_of_the_answer():
    named = frame([(1, 1, 0), (0, 1, 1)])
    weights = pd.Series([5.0, 3.0], index=["a1", "a0"])
    assert cooccurrence(named, weights).set_index(["theme", "other"]).loc[("a", "b"), "together"] == 3.0


def test_the_matrix_is_the_same_on_both_sides():
    table = cooccurrence_matrix(cooccurrence(frame([(1, 1, 0), (0, 1, 1), (1, 1, 1)])))
    assert table.index.tolist() == table.columns.tolist() == ["a", "b", "c"]
    assert np.isnan(np.diag(table)).all()
    assert (table.T.fillna(-1).to_numpy() == table.fillna(-1).to_numpy()).all()


def test_no_answers_and_one_theme_make_no_error():
    assert cooccurrence(frame([]))["together"].tolist() == [0.0, 0.0, 0.0]
    assert len(cooccurrence(frame([(1, 1, 1)])[["a"]])) == 0
