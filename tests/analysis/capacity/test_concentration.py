import numpy as np
import pandas as pd
import pytest

from helpers.analysis.capacity import capacity_concentration, largest_respondents, leave_one_out, lorenz
from helpers.data.errors import InputError


@pytest.fixture
def doersam(entries):
    """Dörsam's example with fractions: 2.0, 5.0, 2.0, 1.0 of four respondents in two countries."""
    rows = zip("abcd", ["AT", "BE", "AT", "AT"], [2.0, 5.0, 2.0, 1.0], strict=True)
    return entries(*((who, country, size, size) for who, country, size in rows))


def test_published_example_of_doersam(doersam):
    found = capacity_concentration(doersam).set_index("measure")["value"]
    assert found["hhi"] == pytest.approx(0.34)
    assert found["hhi_normalised"] == pytest.approx(0.12)
    assert found["equivalent_number"] == pytest.approx(2.94, abs=0.005)
    assert found["gini"] == pytest.approx(0.3)
    assert found["gini_normalised"] == pytest.approx(0.4)
    assert found["cr1"] == 0.5


def test_labels_say_what_the_units_are(doersam):
    by_respondent = capacity_concentration(doersam)["label"]
    assert "Share of the largest respondent" in by_respondent.to_list()
    assert "Equivalent number of countries" in capacity_concentration(doersam, "country")["label"].to_list()
    assert not by_respondent.str.contains("countr").any()


def test_countries_are_added_up_first(doersam):
    found = capacity_concentration(doersam, "country").set_index("measure")["value"]
    assert found["hhi"] == pytest.approx(0.5)


def test_a_lorenz_curve_of_countries_names_them_and_ends_at_one(doersam):
    curve = lorenz(doersam, "country")
    assert curve["unit"].to_list() == ["", "AT", "BE"]
    assert curve[["cumulative_units", "cumulative_share"]].iloc[-1].to_list() == [1, 1]


def test_a_lorenz_curve_of_respondents_names_nobody_and_steps_over_several(entries):
    table = entries(*((f"r{place:02}", "AT", place + 1, place + 1) for place in range(23)))
    curve = lorenz(table)
    assert (curve["unit"] == "").all()
    assert (np.diff(curve["cumulative_units"]) * 23 >= 5 - 1e-9).all()
    assert (np.diff(curve["cumulative_share"], 2) >= -1e-12).all()
    fine = lorenz(table, smallest_step=1)
    assert len(fine) == 24
    shares = dict(zip(fine["cumulative_units"], fine["cumulative_share"], strict=True))
    assert all(
        shares[x] == y for x, y in zip(curve["cumulative_units"], curve["cumulative_share"], strict=True)
    )


def test_fewer_respondents_than_a_step_are_one_step(doersam):
    assert lorenz(doersam)["cumulative_units"].to_list() == [0, 1]


def test_what_is_left_without_the_largest(doersam):
    found = largest_respondents(doersam, [1, 2, 3, 5]).set_index("dropped")
    assert found["share_left"].to_list() == pytest.approx([1, 0.5, 0.3, 0.1, 0])
    assert found["respondents_left"].to_list() == [4, 3, 2, 1, 0]
    assert found["countries_lost"].to_list() == [0, 1, 1, 1, 2]
    assert found.loc[1, "cr1_country"] == 1
    assert pd.isna(found.loc[5, "cr1_country"])


def test_an_open_end_stays_open_until_it_is_dropped(entries):
    table = entries(("r1", "AT", 9, None), ("r2", "AT", 5, 5))
    found = largest_respondents(table, [1]).set_index("dropped")["high"]
    assert pd.isna(found[0])
    assert found[1] == 5


def test_each_country_left_out_in_turn(doersam):
    found = leave_one_out(doersam).set_index("unit")
    assert found["share_left"].to_list() == [0.5, 0.5]
    assert found["hhi"].to_list() == [1, 1]
    assert found["hhi_change"].to_list() == [0.5, 0.5]
    by_respondent = leave_one_out(doersam, "respondent")
    assert by_respondent["unit"].to_list() == ["1", "2", "3", "4"]
    assert by_respondent["share_left"].to_list() == pytest.approx([0.5, 0.8, 0.8, 0.9])


def test_nothing_zeros_and_one_respondent_give_tables(entries):
    for table in (entries(), entries(("r1", "AT", 0, 0))):
        assert capacity_concentration(table)["value"].isna().all()
        assert lorenz(table).empty
        assert largest_respondents(table)["share_left"].isna().all()
        assert leave_one_out(table)["share_left"].isna().all()
    one = entries(("r1", "AT", 7, 7))
    assert capacity_concentration(one).set_index("measure").loc["cr1", "value"] == 1
    assert largest_respondents(one, [1])["share_left"].to_list() == [1, 0]


def test_arguments_that_make_no_sense_are_refused(doersam):
    with pytest.raises(InputError, match="by is 'town'; allowed: respondent, country"):
        capacity_concentration(doersam, "town")
    with pytest.raises(InputError, match="smallest_step is 0"):
        lorenz(doersam, smallest_step=0)
    with pytest.raises(InputError, match="drop is"):
        largest_respondents(doersam, [-1])
