"""Worked numbers are those of the OpenSAFELY documentation."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis.disclosure import midpoint_round, redact_and_round, round_to_base, round_with_totals
from helpers.data.errors import InputError


def test_published_example_of_redaction_and_rounding():
    assert redact_and_round([3, 8, 16, 23]) == ["[REDACTED]", "10", "15", "25"]


def test_published_bands_of_midpoint_rounding():
    bands = {0: 0, **dict.fromkeys(range(1, 7), 3), **dict.fromkeys(range(7, 13), 9)}
    bands |= dict.fromkeys(range(13, 19), 15)
    assert midpoint_round(list(bands)).tolist() == list(bands.values())


def test_zero_is_written_as_zero_and_not_redacted():
    assert redact_and_round([0, 1]) == ["0", "[REDACTED]"]


@given(st.lists(st.floats(0, 1e9), max_size=20), st.sampled_from([0.1, 1, 5, 100, 1000]))
def test_rounding_moves_no_number_by_more_than_half_a_base_and_lands_on_a_multiple(values, base):
    rounded = round_to_base(values, base)
    assert (np.abs(rounded - np.array(values)) <= base / 2 * (1 + 1e-6) + 1e-6).all()
    assert np.allclose(rounded / base, np.round(rounded / base), rtol=1e-9, atol=1e-6)
    assert (round_to_base(rounded, base) == rounded).all()


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 500)), min_size=1, max_size=30))
def test_totals_are_sums_of_rounded_cells(cells):
    data = pd.DataFrame(cells, columns=["group", "amount"])
    groups = round_with_totals(data, "amount", 5, ["group"])
    everything = round_with_totals(data, "amount", 5, [])
    assert groups["amount"].sum() == everything["amount"].iloc[0] == round_to_base(data["amount"], 5).sum()


@pytest.mark.parametrize("base", [0, -5, float("nan")])
def test_a_base_that_makes_no_sense_is_refused(base):
    with pytest.raises(InputError, match="base is"):
        round_to_base([1], base)
    with pytest.raises(InputError, match="base is 1"):
        midpoint_round([1], 1)
