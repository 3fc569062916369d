"""Cells in one relation only: the closed form against linear programmes, and tables in one direction."""

import numpy as np
import pandas as pd
import pytest
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csc_array

from helpers.analysis.disclosure import Rules, cell_risks, feasible_ranges, protect_table
from helpers.analysis.disclosure.single import cheapest_change, reach, single_relations

COUNTRIES = ["AT", "BE", "CY", "DE", "EL", "FI"]
AMOUNTS = ["point", "low", "high_stated"]
quick = settings(max_examples=60)
slow = settings(max_examples=25)


@st.composite
def lines(draw):
    """Up to three totals with their parts, cells in no total, what is suppressed, and what is known."""
    entries, values = [], []
    for row in range(draw(st.integers(1, 3))):
        parts = draw(st.lists(st.integers(0, 5_000), min_size=1, max_size=6))
        start = len(values)
        values += [sum(parts), *parts]
        entries += [(row, start, 1.0)] + [(row, start + 1 + at, -1.0) for at in range(len(parts))]
    values += draw(st.lists(st.integers(0, 50), max_size=2))
    relations = np.zeros((entries[-1][0] + 1, len(values)))
    for row, cell, sign in entries:
        relations[row, cell] = sign
    hidden = np.array(draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values))))
    numbers = np.array(values, dtype=float)
    floors = np.minimum(numbers, draw(st.sampled_from([0.0, 1.0])))
    return relations, numbers, hidden, floors


def ends_by_programme(relations, values, hidden, floors, cell):
    """Return the least and the greatest value of a cell, straight from the definition."""
    limits = [
        (low, None) if one else (value, value) for one, low, value in zip(hidden, floors, values, strict=True)
    ]
    ends = []
    for sign in (1, -1):
        aim = np.zeros(len(values))
        aim[cell] = sign
        answer = linprog(aim, A_eq=relations, b_eq=np.zeros(len(relations)), bounds=limits)
        assert answer.status in (0, 3), answer.message
        ends.append(sign * answer.fun if answer.status == 0 else -sign * np.inf)
    return tuple(ends)


@given(lines())
@quick
def test_the_closed_form_gives_the_ranges_of_the_linear_programme(line):
    relations, values, hidden, floors = line
    assert single_relations(csc_array(relations), hidden).found.tolist() == hidden.tolist()
    low, high = feasible_ranges(csc_array(relations), values, hidden, floors)
    for cell in range(len(values)):
        least, most = ends_by_programme(relations, values, hidden, floors, cell)
        assert low[cell] == pytest.approx(least, abs=1e-5)
        assert high[cell] == pytest.approx(most, abs=1e-5)


@given(lines(), st.data())
@quick
def test_the_cheapest_change_costs_what_the_linear_programme_says(line, data):
    relations, values, hidden, floors = line
    cell, step = data.draw(st.integers(0, len(values) - 1)), data.draw(st.sampled_from([1.0, -1.0]))
    hidden[cell] = True
    costs = np.array(data.draw(st.lists(st.integers(1, 9), min_size=len(values), max_size=len(values))))
    room, most_up = (values - floors) / 1_000, data.draw(st.sampled_from([0.25, 4.0]))
    room[cell] = max(room[cell], 1.0)
    single = single_relations(csc_array(relations), hidden)
    change = cheapest_change(single, cell, step, hidden, room, most_up, costs.astype(float))
    up, down = np.where(hidden, most_up, 0.0), np.where(hidden, room, 0.0)
    up[cell], down[cell] = (1.0, 0.0) if step > 0 else (0.0, 1.0)
    limits = [(0.0, most) for most in np.concatenate([up, down])]
    own = cell if step > 0 else cell + len(values)
    limits[own] = (1.0, 1.0)
    both = np.hstack([relations, -relations])
    answer = linprog(np.concatenate([costs, costs]), A_eq=both, b_eq=np.zeros(len(relations)), bounds=limits)
    assert (change is None) == (answer.status == 2)
    if change is not None:
        assert np.abs(relations @ change).max() < 1e-8
        assert change[cell] == step
        assert (change[~hidden] == 0).all()
        assert (-change <= down + 1e-9).all()
        assert np.abs(change) @ costs == pytest.approx(answer.fun)


def test_cells_that_stand_in_two_relations_are_left_to_the_linear_programme():
    relations = np.array(
        [
            [1.0, 1, 0, 0, -1, 0, 0, 0],
            [0, 0, 1, 1, 0, -1, 0, 0],
            [1, 0, 1, 0, 0, 0, -1, 0],
            [0, 1, 0, 1, 0, 0, 0, -1],
        ]
    )
    hidden = np.array([True] * 4 + [False] * 4)
    assert not single_relations(csc_array(relations), hidden).found.any()
    down, up = reach(single_relations(csc_array(relations), hidden), np.ones(8))
    assert not down.any()
    assert not up.any()


@st.composite
def one_way(draw):
    """Answers in up to six countries, at least and at most around the value read, some holdings shared."""
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(0, 24),
                st.sampled_from(COUNTRIES),
                st.integers(0, 9_999).map(lambda number: number if number % 5 else number % 10),
                st.sampled_from([0.0, 0.5, 1.0]),
                st.sampled_from([1.0, 3.0]),
            ),
            max_size=30,
            unique_by=lambda row: row[0],
        )
    )
    data = pd.DataFrame(rows, columns=["number", "country", "point", "lower", "upper"])
    data["respondent_id"] = "r" + data["number"].astype(str)
    data["holding"] = data["number"].map(lambda one: "h" if one in (1, 2, 3) else None).astype("object")
    return data.assign(low=data["point"] * data["lower"], high_stated=data["point"] * data["upper"])


def published_column(name):
    return "value_published" if name == "point" else f"{name}_published"


def known_together(table, hidden, total_hidden):
    """Return the programme of a reader who also knows that at least <= value read <= at most."""
    number = len(hidden)
    equal, right, above = [], [], []
    for place, name in enumerate(AMOUNTS):
        shown = table[published_column(name)].astype("Float64").to_numpy(dtype=float, na_value=0.0)
        row = np.zeros(number * len(AMOUNTS))
        row[place * number : (place + 1) * number] = [
            -1.0 if one == 0 and total_hidden else 1.0 for one in hidden
        ]
        equal.append(row)
        right.append((0.0 if total_hidden else shown[0]) - shown[1:].sum())
    for least, most in ((1, 0), (0, 2)):
        for place in range(number):
            row = np.zeros(number * len(AMOUNTS))
            row[least * number + place], row[most * number + place] = 1.0, -1.0
            above.append(row)
    return np.array(equal), np.array(right), np.array(above)


@given(one_way())
@slow
def test_several_amounts_read_together_give_no_more_away_than_each_alone(data):
    rules = Rules()
    table = protect_table(data, "country", value=AMOUNTS, holding="holding", rules=rules)
    hidden = np.flatnonzero((table["status"] == "suppressed").to_numpy())
    if not len(hidden):
        return
    equal, right, above = known_together(table, hidden, hidden[0] == 0)
    owner = data["holding"].fillna(data["respondent_id"])
    for place, name in enumerate(AMOUNTS):
        for at, cell in enumerate(hidden):
            inside = data["country"] == table["country"].iloc[cell] if cell else data["point"] >= 0
            rows = pd.DataFrame({"cell": 0, "holding": owner[inside], "value": data.loc[inside, name]})
            judged = cell_risks(rows, rules).iloc[0]
            ends = []
            for sign in (1, -1):
                aim = np.zeros(equal.shape[1])
                aim[place * len(hidden) + at] = sign
                answer = linprog(aim, A_ub=above, b_ub=np.zeros(len(above)), A_eq=equal, b_eq=right)
                assert answer.status in (0, 3), answer.message
                ends.append(sign * answer.fun if answer.status == 0 else -sign * np.inf)
            true, needed = judged["value"], judged["needed_up"]
            assert ends[1] >= (true + needed) * (1 - 1e-4)
            assert ends[0] <= max(true - needed, 0) + 1e-4 * true + 1e-6
            assert ends[1] - ends[0] >= true * rules.protection / 100 * (1 - 1e-4)


@given(one_way())
@slow
def test_a_respondent_alone_in_a_country_cannot_work_out_another_country(data):
    rules = Rules()
    table = protect_table(data, "country", holding="holding", rules=rules)
    hidden = (table["status"] == "suppressed").to_numpy()
    values = np.array([data["point"].sum(), *data.groupby("country")["point"].sum()], dtype=float)[
        : len(table)
    ]
    relations = csc_array(np.array([[1.0] + [-1.0] * (len(table) - 1)])) if len(table) else None
    owner = data["holding"].fillna(data["respondent_id"])
    risks = cell_risks(
        pd.DataFrame({"cell": data["country"], "holding": owner, "value": data["point"]}), rules
    )
    for number, (country, row) in enumerate(risks.iterrows(), start=1):
        if not hidden[number] or row["sole"] is None:
            continue
        known = hidden.copy()
        known[number] = False
        low, high = feasible_ranges(relations, values, known)
        for other, (_, judged) in enumerate(risks.iterrows(), start=1):
            if other != number and judged["reason"] and judged["sole"] != row["sole"]:
                held = data.loc[(owner == row["sole"]) & (data["country"] == risks.index[other - 1]), "point"]
                assert high[other] >= (judged["value"] + judged["needed_up"]) * (1 - 1e-4), country
                least = max(judged["value"] - judged["needed_up"], held.sum())
                assert low[other] <= least + 1e-4 * judged["value"] + 1e-6


def test_a_table_in_one_direction_needs_no_linear_programme(monkeypatch):
    import scipy.optimize

    def refuse(*_, **__):
        raise AssertionError("a linear programme was solved")

    monkeypatch.setattr(scipy.optimize, "linprog", refuse)
    rng = np.random.default_rng(3)
    data = pd.DataFrame(
        {
            "respondent_id": [f"r{one}" for one in range(90)],
            "country": [f"C{one**2 % 27:02}" for one in range(90)],
            "product": [f"P{one % 4}" for one in range(90)],
            "point": np.exp(rng.normal(8, 2, 90)),
        }
    )
    data = data.assign(low=data["point"] / 2, high_stated=data["point"] * 2)
    table = protect_table(data, "country", value=AMOUNTS)
    assert {"suppressed", "published"} == set(table["status"])
    # Products in different units: every product has its own countries and total.
    rows = protect_table(data, "product", "country", value=AMOUNTS, row_total=False)
    assert (rows["status"] == "suppressed").any()


def test_a_table_by_country_alone_needs_no_linear_programme(monkeypatch):
    rng = np.random.default_rng(4)
    codes = [f"C{one:02}" for one in range(27)]
    data = pd.DataFrame(
        {
            "respondent_id": [f"r{one}" for one in range(90)],
            "country": [codes[one**2 % 27] for one in range(90)],
            "point": np.exp(rng.normal(8, 2, 90)),
        }
    )
    data = data.assign(low=data["point"] / 2, high_stated=data["point"] * 2)
    solved = []

    def counted(*arguments, **options):
        solved.append(arguments)
        return linprog(*arguments, **options)

    monkeypatch.setattr(scipy.optimize, "linprog", counted)
    # Country reports make such a table for each product: 0.02 s a table, 0.5 s by linear programmes.
    table = protect_table(data, "country", value=AMOUNTS, row_codes=codes)
    assert (table["status"] == "suppressed").any()
    assert solved == []
    # The count would see one: a table of two dimensions has no other way.
    protect_table(data.assign(stage=["a", "b", "c"] * 30), "country", "stage", value=AMOUNTS)
    assert solved
