"""Support by group: nobody's rating can be worked out, and weights do what they say."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpers.analysis.recommendations.support import (
    HELD_BACK,
    NO_ANSWER,
    NOT_RATED,
    OTHERS,
    SHOWN,
    support_by_group,
    support_overall,
)
from helpers.analysis.recommendations.visible import jointly_visible, tells_too_much, visible_groups
from helpers.data.errors import InputError


def answers(sizes: dict[str, int], *, kind: str = "cluster", feasibility: float = np.nan) -> pd.DataFrame:
    """Return one recommendation with so many respondents a country, whose ratings all differ."""
    countries = [name for name, size in sizes.items() for _ in range(size)]
    number = len(countries)
    return pd.DataFrame(
        {
            "recommendation_id": "R01",
            "respondent_id": [f"r{place}" for place in range(number)],
            "country": countries,
            "respondent_kind": kind,
            "importance": 1 + 4 * ((np.arange(number) * 0.381966) % 1),
            "feasibility": feasibility,
        }
    )


def by_country(cells: pd.DataFrame, column: str = "status") -> dict[str, object]:
    return cells[cells["dimension"] == "country"].set_index("group")[column].to_dict()


def test_a_group_that_would_be_hidden_alone_takes_the_smallest_other_along():
    cells = support_by_group(answers({"AT": 5, "BE": 4, "CY": 2}))
    assert by_country(cells) == {"AT": SHOWN, "BE": HELD_BACK, "CY": HELD_BACK, OTHERS: SHOWN}
    assert by_country(cells, "respondents")[OTHERS] == 6


def test_hidden_groups_that_are_too_few_together_take_one_along():
    cells = support_by_group(answers({"AT": 5, "BE": 4, "CY": 1, "MT": 1}))
    assert by_country(cells)["BE"] == HELD_BACK
    assert by_country(support_by_group(answers({"AT": 5, "BE": 4, "CY": 2, "MT": 1})))["BE"] == SHOWN


def test_a_group_whose_ratings_are_all_alike_is_held_back():
    table = answers({"AT": 5, "BE": 5, "CY": 5})
    alike = table.assign(importance=table["importance"].mask(table["country"] == "CY", 5.0))
    assert by_country(support_by_group(alike))["CY"] == HELD_BACK


def test_a_group_near_an_end_of_the_scale_tells_one_of_them_what_the_others_gave():
    table = answers({"AT": 5, "BE": 5, "CY": 3})
    inside = table["country"] == "CY"
    for ratings in ([4.0, 4.75, 5.0], [1.0, 1.5, 2.0], [4.5, 4.75, 5.0]):
        near = table.assign(
            importance=table["importance"].mask(inside, pd.Series(ratings, table.index[inside]))
        )
        assert by_country(support_by_group(near))["CY"] == HELD_BACK
    further = pd.Series([3.0, 4.0, 5.0], table.index[inside])
    cells = support_by_group(table.assign(importance=table["importance"].mask(inside, further)))
    assert by_country(cells)["CY"] == SHOWN


@given(st.lists(st.integers(10, 50), min_size=3, max_size=8), st.integers(0, 7))
@example([40, 47, 50], 0)
@example([10, 14, 20], 2)
def test_who_knows_one_rating_of_a_group_that_is_shown_cannot_pin_the_others(tenths, who):
    ratings = np.array(tenths) / 10
    if tells_too_much(ratings, 3):
        return
    others = np.delete(ratings, who % len(ratings))
    least = others.sum() - 5 * (len(others) - 1)
    most = others.sum() - (len(others) - 1)
    assert min(5, most) - max(1, least) >= 1 - 1e-9


def test_numbers_of_what_is_held_back_are_missing():
    cells = support_by_group(answers({"AT": 5, "BE": 4, "CY": 2}, feasibility=3.0))
    numbers = ["respondents", "importance", "important_share", "feasibility_respondents", "feasibility"]
    assert cells.loc[cells["status"] == HELD_BACK, numbers].isna().all(axis=None)


def test_not_rated_no_answer_and_held_back_differ():
    table = answers({"AT": 5, "BE": 5, "CY": 5})
    rated = table["country"] != "AT"
    table = table.assign(feasibility=table["importance"].where(rated))
    cells = support_by_group(table, countries=["DE"])
    assert by_country(cells, "feasibility_status") == {
        "AT": NOT_RATED,
        "BE": SHOWN,
        "CY": SHOWN,
        "DE": NO_ANSWER,
    }
    assert by_country(cells)["AT"] == SHOWN
    missing = cells[(cells["group"] == "AT")].iloc[0]
    assert missing["feasibility_respondents"] == 0
    assert pd.isna(missing["feasibility"])


def test_a_respondent_between_countries_and_kinds_is_not_told():
    # AT is three companies; companies are AT and one of BE: their difference would be that one.
    table = answers({"AT": 3, "BE": 6})
    table = table.assign(respondent_kind=["company"] * 4 + ["cluster"] * 5)
    cells = support_by_group(table)
    kinds = cells[cells["dimension"] == "respondent_kind"]
    assert set(kinds["status"]) == {HELD_BACK}
    assert by_country(cells) == {"AT": SHOWN, "BE": SHOWN}


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2)), min_size=1, max_size=24), st.integers(2, 4))
def test_no_single_rating_is_in_what_is_shown(people, min_count):
    columns = pd.DataFrame(people, columns=["country", "kind"]).astype("str")
    values = 1 + 4 * ((np.arange(len(people)) * 0.381966) % 1)
    found = jointly_visible(values, columns, min_count)
    sums = [np.ones(len(people))]
    for kind, groups in found.items():
        parts = [columns[kind] == name for name in groups.shown]
        parts += [columns[kind].isin(groups.pooled)] if groups.pool_shown else []
        assert all(part.sum() >= min_count for part in parts)
        sums += [part.to_numpy(dtype=float) for part in parts]
    if len(sums) == 1:
        return
    for one in range(len(people)):
        wanted = np.eye(len(people))[one]
        weights = np.linalg.lstsq(np.array(sums).T, wanted, rcond=None)[0]
        assert np.abs(np.array(sums).T @ weights - wanted).max() > 1e-6


@given(st.lists(st.integers(0, 5), min_size=3, max_size=30))
def test_a_pool_is_of_two_groups_and_enough_respondents(groups):
    values = 1 + 4 * ((np.arange(len(groups)) * 0.381966) % 1)
    found = visible_groups(values, [str(group) for group in groups], 3)
    if found.pool_shown:
        inside = [str(group) in found.pooled for group in groups]
        assert len(found.pooled) >= 2
        assert not tells_too_much(values[inside], 3)


def test_weights_count_respondents_countries_and_inhabitants():
    table = answers({"AT": 6, "BE": 3}).assign(importance=[4, 4, 5, 5, 4, 5, 1, 2, 3.0])
    overall = support_overall(support_by_group(table), pd.Series({"AT": 1.0, "BE": 3.0}))
    found = overall.set_index("weight")["importance"]
    assert found.to_dict() == pytest.approx({"respondent": 33 / 9, "country": 3.25, "inhabitants": 2.625})
    assert overall["countries"].tolist() == [2, 2, 2]


def test_totals_of_all_weights_rest_on_shown_cells_and_the_pool_alone():
    table = answers({"AT": 5, "DE": 8, "CY": 1, "MT": 2})
    swapped = table.copy()
    # The same total of the two small countries, but other ratings in each.
    small = table.index[table["country"].isin(["CY", "MT"])]
    swapped.loc[small, "importance"] = table.loc[small, "importance"].to_numpy()[[2, 0, 1]]
    people = pd.Series({"AT": 9.0, "DE": 83.0, "CY": 1.0, "MT": 0.5})
    first, second = (support_overall(support_by_group(one), people) for one in (table, swapped))
    np.testing.assert_allclose(first["importance"].astype(float), second["importance"].astype(float))


def test_missing_inhabitants_are_refused():
    cells = support_by_group(answers({"AT": 5, "BE": 4}))
    with pytest.raises(InputError, match="inhabitants of BE are missing"):
        support_overall(cells, pd.Series({"AT": 9e6}))


def test_with_too_few_respondents_nothing_is_told():
    cells = support_by_group(answers({"AT": 1, "BE": 1}))
    assert set(cells["status"]) == {HELD_BACK}
    assert support_overall(cells)[["respondents", "importance"]].isna().all(axis=None)


def test_a_group_hidden_for_another_reason_is_not_hidden_alone():
    values = 1 + 4 * ((np.arange(12) * 0.381966) % 1)
    found = visible_groups(values, ["AT"] * 4 + ["BE"] * 3 + ["CY"] * 5, 3, ["AT"])
    assert (found.shown, found.pooled, found.pool_shown) == (("CY",), ("AT", "BE"), True)


def test_countries_held_back_count_each_with_the_mean_of_all_of_them():
    table = answers({"AT": 5, "DE": 8, "CY": 1, "MT": 2})
    group = table["country"].where(table["country"].isin(["AT", "DE"]), OTHERS)
    means = table["importance"].groupby(group).mean()
    overall = support_overall(support_by_group(table)).set_index("weight")["importance"]
    assert overall["country"] == pytest.approx((means["AT"] + means["DE"] + 2 * means[OTHERS]) / 4)
