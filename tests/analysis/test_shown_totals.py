"""Totals published beside entries: whoever knows the entries learns nothing about anybody else."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from helpers.analysis.capacity.safe import significant
from helpers.analysis.capacity.shown import magnitude_bounds
from helpers.analysis.capacity.shown_totals import shown_totals
from helpers.analysis.disclosure import Rules, protect_table

PRODUCTS = pd.DataFrame({"product": ["vials"], "label": ["Vials"], "base_unit": ["units/month"]})
Answer = tuple[str, str, float]
"""Country, consent, amount."""


def tables(answers: list[Answer]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return capacities and respondents, one amount each."""
    keys = [f"r{number}" for number in range(len(answers))]
    country, consent, amount = zip(*answers, strict=True) if answers else ((), (), ())
    people = pd.DataFrame(
        {"respondent_id": keys, "status": "counted", "consent": consent, "country": country}, dtype="object"
    )
    stated = pd.DataFrame({"respondent_id": keys, "country": country}).assign(
        product="vials",
        stage="vials",
        unit="units/month",
        usable=True,
        **{name: np.array(amount, dtype=float) for name in ("amount", "amount_low", "amount_high")},
    )
    return stated, people


def totals(answers: list[Answer], codes: tuple[str, ...] = (), **options: object) -> pd.DataFrame:
    stated, people = tables(answers)
    table = shown_totals(stated, people, PRODUCTS, codes, **options)  # type: ignore[arg-type]
    return table.set_index("country")


def many(country: str, consent: str, *amounts: float) -> list[Answer]:
    return [(country, consent, amount) for amount in amounts]


SAFE = many("AT", "totals", 40, 50, 60, 55)


def test_whole_entries_count_in_the_total() -> None:
    table = totals([*SAFE, ("AT", "whole", 1000)])
    assert table.loc["AT", ["value", "respondents", "status"]].to_list() == [1200, 5, "published"]


def test_one_hidden_amount_among_whole_entries_is_held_back() -> None:
    answers = [*many("AT", "whole", 40, 50, 60), ("AT", "totals", 55)]
    stated, _ = tables(answers)
    naive = protect_table(stated.assign(point=stated["amount"]), "country")
    assert set(naive["status"]) == {"published"}
    assert totals(answers)["status"].to_list() == ["suppressed", "suppressed"]


def test_hidden_amounts_among_anonymous_ones_must_be_enough_among_themselves() -> None:
    answers = [*many("AT", "anonymous", 30, 40, 50, 60), *many("AT", "totals", 35, 45)]
    assert totals(answers).loc["AT", "status"] == "suppressed"
    assert totals([*answers, *many("AT", "totals", 55, 65)]).loc["AT", "status"] == "published"


def test_a_hidden_amount_cannot_be_taken_from_the_total_of_the_others() -> None:
    answers = [*SAFE, *many("BE", "totals", 41, 51, 61, 56), ("CY", "totals", 20), ("CY", "whole", 5000)]
    table = totals(answers)
    assert table.loc["CY", "status"] == "suppressed"
    assert (table["status"] == "suppressed").sum() >= 2


def test_a_country_of_whole_entries_alone_is_shown() -> None:
    table = totals([*SAFE, ("BE", "whole", 7)])
    assert table.loc["BE", ["value", "respondents", "status"]].to_list() == [7, 1, "published"]
    assert table.loc["total", "value"] == 212


@pytest.mark.parametrize("amount", [10_000, 99_999])
def test_amounts_at_the_end_of_their_order_of_magnitude_do_not_hide_each_other(amount: float) -> None:
    alike = many("AT", "anonymous", amount, amount, amount, amount)
    assert totals(alike).loc["AT", "status"] == "suppressed"
    assert totals(many("AT", "anonymous", 20_000, 30_000, 40_000, 35_000)).loc["AT", "status"] == "published"


def test_one_anonymous_amount_alone_is_held_back_with_another_country() -> None:
    table = totals([*many("AT", "anonymous", 20, 30, 40, 35), ("BE", "anonymous", 50)])
    assert table["status"].to_dict() == {"total": "published", "AT": "suppressed", "BE": "suppressed"}


def test_nobody_and_not_asked_and_held_back_are_told_apart() -> None:
    answers = [*SAFE, *many("BE", "totals", 9), *many("EE", "totals", 41, 51, 61, 56)]
    table = totals(answers, ("AT", "CY", "DE"), not_asked=["DE", "AT"])
    assert table.loc[["BE", "CY", "DE"], "status"].to_list() == ["suppressed", "zero", "not asked"]
    assert table.loc["AT", "status"] != "not asked"
    assert table.loc["CY", ["value", "respondents"]].to_list() == [0, 0]
    assert table.loc[["BE", "DE"], ["value", "respondents"]].isna().all(axis=None)
    assert table["reason"].nunique() == 4


@pytest.mark.parametrize("status", ["withdrawn", "duplicate"])
def test_withdrawn_and_merged_answers_are_in_no_total(status: str) -> None:
    stated, people = tables([*SAFE, *many("AT", "whole", 1000)])
    people.loc[4, "status"] = status
    table = shown_totals(stated, people, PRODUCTS, []).set_index("country")
    assert table.loc["AT", ["value", "respondents"]].to_list() == [205, 4]


def test_an_unanswered_consent_is_the_most_private() -> None:
    stated, people = tables([*many("AT", "whole", 40, 50, 60), ("AT", "totals", 55)])
    people.loc[3, "consent"] = None
    assert shown_totals(stated, people, PRODUCTS, [])["status"].to_list() == ["suppressed", "suppressed"]


ANSWERS = st.lists(
    st.tuples(
        st.sampled_from(["AT", "BE", "CY"]),
        st.sampled_from(["whole", "anonymous", "totals", "totals"]),
        st.one_of(st.sampled_from([1.0, 10.0, 99.0, 100.0, 1000.0]), st.integers(1, 400).map(float)),
    ),
    max_size=10,
)


def attack(
    answers: list[Answer], table: pd.DataFrame, target: int, *, knows_anonymous: bool
) -> tuple[float, float]:
    """Work out the least and the most that an amount can be from entries and totals together.

    The reader knows of every answer that it is there, which is more than the map says.
    """
    values = np.array([amount for *_, amount in answers])
    least, most = magnitude_bounds(values)
    bounds = []
    for (_, consent, amount), low, high in zip(answers, least, most, strict=True):
        shown = consent == "whole" or (consent == "anonymous" and knows_anonymous)
        if shown:
            bounds.append((amount, amount))
        else:
            bounds.append((low, high) if consent == "anonymous" else (0.0, np.inf))
    rows = [country for country in table.index if table.loc[country, "status"] in ("published", "zero")]
    sums = np.array([[row in ("total", country) for country, *_ in answers] for row in rows], dtype=float)
    aim = np.eye(1, len(answers), target)[0]
    found = []
    for sign in (1, -1):
        answer = linprog(
            sign * aim,
            A_eq=sums if rows else None,
            b_eq=table.loc[rows, "value"].astype(float) if rows else None,
            bounds=bounds,
        )
        assert answer.status in (0, 3)
        found.append(float(answer.fun) * sign if answer.status == 0 else sign * -np.inf)
    return found[0], found[1]


@settings(max_examples=40)
@given(ANSWERS)
def test_no_amount_in_totals_only_can_be_worked_out_from_entries_and_totals(answers: list[Answer]) -> None:
    table = totals(answers)
    for place, (_, consent, amount) in enumerate(answers):
        if consent == "totals":
            low, high = attack(answers, table, place, knows_anonymous=True)
            assert low <= amount * 0.9 + 1e-6
            assert high >= amount * 1.1 - 1e-6


@settings(max_examples=40)
@given(ANSWERS)
def test_no_anonymous_amount_can_be_told_closer_than_its_magnitude_tells(answers: list[Answer]) -> None:
    table = totals(answers)
    least, most = magnitude_bounds(np.array([amount for *_, amount in answers]))
    for place, (_, consent, amount) in enumerate(answers):
        if consent == "anonymous":
            low, high = attack(answers, table, place, knows_anonymous=False)
            assert low <= max(least[place], amount * 0.9) + 1e-6
            assert high >= min(most[place], amount * 1.1) - 1e-6


@settings(max_examples=30)
@given(ANSWERS, st.lists(st.tuples(st.sampled_from(["AT", "BE"]), st.floats(1, 1e6)), max_size=4))
def test_further_whole_entries_neither_hide_nor_uncover_anything(
    answers: list[Answer], whole: list[tuple[str, float]]
) -> None:
    before = totals(answers, ("AT", "BE", "CY"))
    after = totals([*answers, *((country, "whole", amount) for country, amount in whole)], ("AT", "BE", "CY"))
    assert ((before["status"] == "suppressed") == (after["status"] == "suppressed")).all()


@settings(max_examples=30)
@given(ANSWERS)
def test_what_is_shown_is_the_sum_and_adds_up_with_what_is_held_back(answers: list[Answer]) -> None:
    table = totals(answers, ("AT", "BE", "CY"))
    for country, row in table[table["status"] != "suppressed"].iterrows():
        inside = [amount for code, _, amount in answers if country in (code, "total")]
        assert row["value"] == pytest.approx(significant(pd.Series([sum(inside)])).iloc[0])
        assert row["respondents"] == len(inside)


def test_stricter_rules_hold_back_more() -> None:
    answers = [*SAFE, *many("BE", "totals", 41, 51, 61, 56, 42)]
    assert totals(answers).loc["AT", "status"] == "published"
    assert totals(answers, rules=Rules(min_count=5)).loc["AT", "status"] == "suppressed"
