import numpy as np
import pandas as pd
import pytest

from counted_calls import calls_of
from helpers.analysis.capacity import bootstrap_by_country
from helpers.data.errors import InputError


def many(entries, number=60, countries=12):
    rng = np.random.default_rng(5)
    sizes = np.exp(rng.normal(5, 1, number)).round(1)
    return entries(
        *((f"r{place}", f"C{place % countries:02}", size, size) for place, size in enumerate(sizes))
    )


def test_the_same_seed_gives_the_same_intervals_in_any_order(entries):
    table = many(entries)
    one = bootstrap_by_country(table, seed=3)
    pd.testing.assert_frame_equal(one, bootstrap_by_country(table[::-1], seed=3))
    assert not one.equals(bootstrap_by_country(table, seed=4))


def test_the_estimate_lies_in_its_interval_and_a_higher_level_is_wider(entries):
    table = many(entries)
    found = bootstrap_by_country(table, seed=1).set_index("measure")
    inner = found.drop("largest_country")
    assert (inner["low"] <= inner["estimate"]).all()
    assert (inner["estimate"] <= inner["high"]).all()
    wider = bootstrap_by_country(table, seed=1, level=0.99).set_index("measure")
    assert (wider["high"] - wider["low"] >= found["high"] - found["low"]).all()


def test_the_spread_is_that_of_drawing_countries():
    # The total of C countries drawn with replacement has the variance C times that of the countries' sums.
    sums = np.array([10.0, 20, 30, 80])
    table = pd.DataFrame(
        {
            "respondent_id": list("abcd"),
            "country": ["AT", "BE", "CY", "DE"],
            "product": "vials",
            "stage": "vials",
            "amount": sums,
            "amount_low": sums,
            "amount_high": sums,
            "unit": "litres",
            "usable": True,
        }
    )
    found = bootstrap_by_country(table, seed=2, draws=20_000, level=0.6827).set_index("measure").loc["total"]
    assert (found["high"] - found["low"]) / 2 == pytest.approx(np.sqrt(4 * sums.var()), rel=0.15)


def test_one_country_or_none_has_no_interval(entries):
    one = bootstrap_by_country(entries(("r1", "AT", 5, 5), ("r2", "AT", 7, 7)), seed=1)
    assert one.set_index("measure").loc["total", "estimate"] == 12
    assert one[["low", "high"]].isna().all(axis=None)
    nothing = bootstrap_by_country(entries(), seed=1)
    assert nothing.loc[nothing["measure"] == "total", "estimate"].isna().all()


def test_groups_meet_the_same_draws_and_may_differ_in_unit(entries):
    table = entries(
        ("r1", "AT", 5, 5), ("r2", "BE", 7, 7), ("r1", "AT", 50, 50, "lipids"), ("r2", "BE", 70, 70, "lipids")
    )
    found = bootstrap_by_country(table, "product", seed=1).set_index(["product", "measure"])
    assert (found.loc[("lipids", "total"), "high"]) == 10 * found.loc[("vials", "total"), "high"]
    assert bootstrap_by_country(entries(), "product", seed=1).columns[0] == "product"


def test_weights_count(entries):
    table = entries(("r1", "AT", 5, 5), ("r2", "BE", 7, 7))
    weights = pd.Series({"r1": 2.0, "r2": 1.0})
    found = bootstrap_by_country(table, seed=1, weights=weights).set_index("measure")["estimate"]
    assert (found["total"], found["respondents"]) == (17, 3)
    with pytest.raises(InputError, match="no weight of respondent r2"):
        bootstrap_by_country(table, seed=1, weights=weights[:1])


def test_a_respondent_with_two_entries_is_one_in_the_mean(entries):
    table = entries(("r1", "AT", 5, 5), ("r1", "AT", 3, 3), ("r2", "BE", 8, 8))
    found = bootstrap_by_country(table, seed=1).set_index("measure")
    assert found.loc["mean", ["estimate", "low", "high"]].to_list() == [8, 8, 8]


@pytest.mark.parametrize(("argument", "value"), [("draws", 0), ("level", 1), ("level", 0)])
def test_arguments_that_make_no_sense_are_refused(entries, argument, value):
    with pytest.raises(InputError, match=f"{argument} is {value}"):
        bootstrap_by_country(entries(), seed=1, **{argument: value})


def test_more_draws_take_no_more_steps(entries):
    table = many(entries, 600, 27)
    bootstrap_by_country(table, seed=1, draws=200)
    few, lots = (calls_of(lambda n=n: bootstrap_by_country(table, seed=1, draws=n)) for n in (200, 2000))
    assert lots < few + 100
