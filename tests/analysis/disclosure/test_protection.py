"""What an outsider and an insider can work out of a protected table, from what is published alone."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from helpers.analysis.disclosure import (
    Rules,
    as_shape,
    cell_risks,
    feasible_ranges,
    protect,
    protect_table,
)
from helpers.data.errors import InputError

COUNTRIES, STAGES = ["AT", "BE", "CY"], ["fill", "pack", "vials"]
OFF = {"dominance_k": 100.0, "p": 0.0}
slow = settings(max_examples=8)


@st.composite
def answers(draw, most=25):
    """Answers of up to 25 respondents of up to 20 holdings, sizes over four powers of ten."""
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(0, most - 1),
                st.sampled_from(COUNTRIES),
                st.sampled_from(STAGES),
                st.integers(0, 9_999).map(lambda number: number if number % 7 else number % 10),
            ),
            max_size=most,
            unique_by=lambda row: (row[0], row[2]),
        )
    )
    data = pd.DataFrame(rows, columns=["number", "country", "stage", "point"])
    data["respondent_id"] = "r" + data["number"].astype(str)
    # A respondent answers from one country.
    data["country"] = data.groupby("respondent_id")["country"].transform("first")
    data["holding"] = data["number"].map(lambda number: "h" if number in (1, 2, 3) else None).astype("object")
    return data


def attack(table, dimensions, column, known=None, least=0.0):
    """Return the range of each suppressed cell, given only the published table and what an insider knows."""
    keys = [tuple(row) for row in table[dimensions].to_numpy()]
    place = {key: number for number, key in enumerate(keys)}
    rows = []
    for key, number in place.items():
        for at, name in enumerate(dimensions):
            finer = [other for other in place if _part_of(other, key, at, dimensions, name)]
            if key[at] == "total" and finer:
                row = np.zeros(len(keys))
                row[number] = 1
                row[[place[other] for other in finer]] -= 1
                rows.append(row)
    hidden = (table["status"] == "suppressed").to_numpy()
    fixed = table[column].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    fixed = np.where((table["status"] == "not asked").to_numpy(), 0.0, fixed)
    limits = [(least, None) if one else (value, value) for one, value in zip(hidden, fixed, strict=True)]
    for number, value in (known or {}).items():
        limits[number] = (value, value)
    ranges = {}
    for number in np.flatnonzero(hidden):
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(keys))
            aim[number] = sign
            answer = linprog(
                aim, A_eq=np.array(rows), b_eq=np.zeros(len(rows)), bounds=limits, method="highs"
            )
            assert answer.status in (0, 3), answer.message
            ends.append(sign * answer.fun if answer.status == 0 else -sign * np.inf)
        ranges[int(number)] = tuple(ends)
    return ranges


def _part_of(other, key, at, dimensions, name):
    """Say whether one cell is a part of another along one dimension."""
    if other[:at] + other[at + 1 :] != key[:at] + key[at + 1 :]:
        # Regions below countries: the country stays, the region differs.
        return False
    return other[at] != "total"


def risks_of(data, table, dimensions, rules):
    """Judge each cell anew from the answers."""
    judged = {}
    for number, key in enumerate(table[dimensions].to_numpy()):
        inside = data
        for name, code in zip(dimensions, key, strict=True):
            inside = inside if code == "total" else inside[inside[name] == code]
        if len(inside):
            owner = inside["holding"].fillna(inside["respondent_id"])
            rows = pd.DataFrame({"cell": 0, "holding": owner, "value": inside["point"].astype(float)})
            judged[number] = cell_risks(rows, rules).iloc[0]
    return judged


def own_part(data, table, number, holding):
    key = table[["country", "stage"]].iloc[number]
    inside = data[data["holding"].fillna(data["respondent_id"]) == holding]
    for name in ("country", "stage"):
        inside = inside if key[name] == "total" else inside[inside[name] == key[name]]
    return float(inside["point"].sum())


@given(answers())
@slow
def test_no_suppressed_amount_can_be_worked_out_from_the_published_table(data):
    rules = Rules()
    table = protect_table(data, "country", "stage", holding="holding", rules=rules)
    judged = risks_of(data, table, ["country", "stage"], rules)
    for number, (low, high) in attack(table, ["country", "stage"], "value_published").items():
        true = judged[number]["value"]
        if judged[number]["reason"]:
            assert high >= (true + judged[number]["needed_up"]) * (1 - 1e-4)
            assert low <= max(true - judged[number]["needed_up"], 0) + 1e-4 * true + 1e-6
        assert high - low >= true * rules.protection / 100 * (1 - 1e-4)
        assert high > low


@given(answers())
@slow
def test_every_unsafe_cell_is_suppressed_and_every_published_cell_is_true(data):
    table = protect_table(data, "country", "stage", holding="holding")
    judged = risks_of(data, table, ["country", "stage"], Rules())
    for number, row in table.iterrows():
        if number not in judged:
            assert row["status"] == "zero"
            continue
        if judged[number]["reason"]:
            assert row["status"] == "suppressed"
        if row["status"] != "suppressed":
            assert row["value_published"] == pytest.approx(judged[number]["value"])
        assert pd.isna(row["value_published"]) == (row["status"] == "suppressed")


@given(answers())
@slow
def test_no_suppressed_number_of_respondents_can_be_worked_out(data):
    for value in ("point", None):
        table = protect_table(data, "country", "stage", value=value)
        for low, high in attack(table, ["country", "stage"], "count_published", least=1.0).values():
            assert high - low >= 1 - 1e-4


@given(answers(most=9))
@slow
def test_a_respondent_alone_in_its_cells_cannot_work_out_another(data):
    rules = Rules()
    table = protect_table(data, "country", "stage", holding="holding", rules=rules)
    judged = risks_of(data, table, ["country", "stage"], rules)
    alone = {}
    for number, row in judged.items():
        if row["sole"] and table["status"].iloc[number] == "suppressed":
            alone.setdefault(row["sole"], {})[number] = row["value"]
    for holding, known in alone.items():
        ranges = attack(table, ["country", "stage"], "value_published", known)
        for number, (low, high) in ranges.items():
            row = judged[number]
            if row["reason"] and row["sole"] != holding:
                assert high >= (row["value"] + row["needed_up"]) * (1 - 1e-4)
                # It knows its own part of a total; nothing can hide that from it.
                least = max(row["value"] - row["needed_up"], own_part(data, table, number, holding))
                assert low <= least + 1e-4 * row["value"] + 1e-6


@given(answers(), st.sampled_from([10, 100]))
@slow
def test_totals_are_sums_of_rounded_cells_and_still_give_nothing_away(data, base):
    protection = protect(data, [as_shape("country", "stage")], base=base)
    table, cells = protection.table, protection.cells
    finest = cells[~table["is_total"]]
    whole = cells.loc[(table["country"] == "total") & (table["stage"] == "total"), "value"]
    assert whole.sum() == pytest.approx(finest["value"].sum())
    assert np.allclose(cells["value"] % base, 0)
    for number, (low, high) in attack(table, ["country", "stage"], "value_published").items():
        assert high - low >= cells["value"].iloc[number] * 0.1 * (1 - 1e-4)
        assert high > low


@given(answers())
@slow
def test_the_audit_says_what_an_attack_on_the_published_table_finds(data):
    protection = protect(data, [as_shape("country", "stage")])
    ranges = attack(protection.table, ["country", "stage"], "value_published")
    for number, (low, high) in ranges.items():
        row = protection.cells.iloc[number]
        assert row["low"] == pytest.approx(low, rel=1e-4, abs=1e-2)
        if np.isfinite(row["high"]):
            assert row["high"] == pytest.approx(high, rel=1e-4, abs=1e-2)


@given(answers())
@slow
def test_the_order_of_answers_changes_nothing(data):
    table = protect_table(data, "country", "stage")
    pd.testing.assert_frame_equal(table, protect_table(data[::-1], "country", "stage"))


def people(**numbers):
    """Return respondents with 10 each, as many as asked a country."""
    rows = [(f"{code}{one}", code, 10.0 + one) for code, number in numbers.items() for one in range(number)]
    return pd.DataFrame(rows, columns=["respondent_id", "country", "point"])


def statuses(table):
    return dict(zip(table["country"], table["status"], strict=True))


def test_a_single_unsafe_cell_takes_a_second_one_with_it():
    found = statuses(protect_table(people(AT=9, BE=1, CY=5), "country"))
    assert found == {"total": "published", "AT": "published", "BE": "suppressed", "CY": "suppressed"}


def test_suppressed_zero_not_asked_and_published_are_told_apart():
    data = people(AT=9, BE=1, CY=5)
    table = protect_table(
        data,
        "country",
        row_codes=["AT", "BE", "CY", "DE", "EL"],
        not_asked=pd.DataFrame({"country": ["EL"]}),
    )
    found = statuses(table)
    assert (found["BE"], found["DE"], found["EL"], found["AT"]) == (
        "suppressed",
        "zero",
        "not asked",
        "published",
    )
    shown = table.set_index("country")["value_published"]
    assert shown["DE"] == 0
    assert pd.isna(shown["BE"])
    assert pd.isna(shown["EL"])
    assert table.groupby("status")["reason"].nunique().max() == 1


def test_what_is_published_does_not_say_which_cell_was_unsafe():
    protection = protect(people(AT=9, BE=1, CY=5), [as_shape("country")])
    hidden = protection.table[protection.table["status"] == "suppressed"]
    assert hidden["reason"].nunique() == 1
    assert set(protection.cells.loc[hidden.index, "reason"]) == {
        "too few respondents",
        "protects another cell",
    }
    assert not {"value", "low", "high"} & set(protection.table.columns)


def test_an_answer_to_what_was_not_asked_is_refused():
    with pytest.raises(InputError, match="there are answers in BE"):
        protect_table(people(BE=2), "country", not_asked=pd.DataFrame({"country": ["BE"]}))


def test_a_total_of_which_nothing_was_asked_was_not_asked():
    data = people(AT=5).assign(stage="fill")
    table = protect_table(
        data,
        "country",
        "stage",
        column_codes=["fill", "vials"],
        not_asked=pd.DataFrame({"country": ["AT"], "stage": ["vials"]}),
    )
    assert (table.loc[table["stage"] == "vials", "status"] == "not asked").all()


def test_no_answers_and_one_respondent_give_tables():
    nothing = protect_table(people(), "country", row_codes=["AT", "BE"])
    assert nothing["status"].to_list() == ["zero"] * 3
    one = protect_table(people(AT=1), "country", row_codes=["AT", "BE"])
    assert statuses(one) == {"total": "suppressed", "AT": "suppressed", "BE": "zero"}


def test_a_respondent_with_several_entries_in_a_cell_is_one():
    data = pd.concat([people(AT=1)] * 4, ignore_index=True)
    assert statuses(protect_table(data, "country"))["AT"] == "suppressed"
    table = protect(data, [as_shape("country")]).cells
    assert table["count"].to_list() == [1, 1]


def test_respondents_that_say_zero_are_published_as_zero_only_if_there_are_enough():
    data = people(AT=4, BE=2, CY=6, DE=6)
    data.loc[data["country"].isin(["AT", "BE"]), "point"] = 0.0
    table = protect_table(data, "country").set_index("country")
    assert (table.loc["AT", "status"], table.loc["AT", "count_published"]) == ("zero", 4)
    assert table.loc["BE", "status"] == "suppressed"


def test_a_number_rounded_to_zero_is_not_the_zero_of_nobody():
    data = people(AT=5, BE=5)
    data.loc[data["country"] == "AT", "point"] = 1.0
    table = protect_table(data, "country", base=100, row_codes=["AT", "BE", "CY"]).set_index("country")
    assert (table.loc["AT", "status"], table.loc["AT", "value_published"]) == ("published", 0)
    assert table.loc["CY", "status"] == "zero"


def test_numbers_of_respondents_can_be_rounded_too():
    table = protect_table(people(AT=8, BE=16, CY=23), "country", count_base=5).set_index("country")
    assert table["count_published"].to_list() == [50, 10, 15, 25]


def test_regions_countries_and_the_total_are_protected_as_one_table():
    data = people(AT=12, BE=12)
    data["nuts2"] = [
        f"{code}{1 if one < 1 else 2 + one % 2}"
        for code, one in zip(data["country"], [*range(12)] * 2, strict=True)
    ]
    data.loc[5, "nuts2"] = None
    table = protect_table(data, ["country", "nuts2"]).set_index(["country", "nuts2"])
    assert table.loc[("AT", "AT1"), "status"] == "suppressed"
    assert (table.loc["AT", "status"] == "suppressed").sum() >= 2
    assert table.loc[("AT", "total"), "status"] == "published"
    assert table.loc[("AT", "total"), "count_published"] == 12
    assert ("AT", "not stated") in table.index


@given(answers())
@slow
def test_a_hierarchy_gives_nothing_away_either(data):
    data["nuts2"] = data["country"] + (data["number"] % 2).astype(str)
    protection = protect(data, [as_shape(["country", "nuts2"], "stage")])
    assert protection.cells["safe"].all()
    index = protection.table.set_index(["country", "nuts2", "stage"])
    hidden = index[index["status"] == "suppressed"].index
    for country, nuts2, stage in hidden:
        # No line with exactly one suppressed cell, or it could be subtracted.
        if nuts2 == "total" and country != "total":
            line = index.xs((country, stage), level=("country", "stage"))
            assert (line["status"] == "suppressed").sum() >= 2


@given(answers())
@slow
def test_tables_that_share_a_margin_agree_and_neither_unlocks_the_other(data):
    data["size"] = np.where(data["number"] % 3 == 0, "large", "small")
    shapes = [as_shape("country", "stage"), as_shape("size", "stage")]
    protection = protect(data, shapes)
    table = protection.table
    assert not table.duplicated(["country", "stage", "size"]).any()
    assert protection.cells["safe"].all()
    for shape in shapes:
        # Whoever reads one of the two alone knows no more than whoever reads both.
        shown = table[
            (table["size"] == "total") if "country" in shape.rows else (table["country"] == "total")
        ]
        attacked = attack(shown, [*shape.dimensions], "value_published")
        values = protection.cells.loc[shown.index, "value"].to_numpy()
        assert all(
            high - low >= 0.1 * values[number] * (1 - 1e-4) for number, (low, high) in attacked.items()
        )


def test_without_a_total_over_products_columns_do_not_pay_for_each_other():
    data = people(AT=9, BE=1, CY=5).assign(stage="vials")
    data = pd.concat([data, people(AT=5, BE=6, CY=5).assign(stage="doses")])
    table = protect_table(data, "country", "stage", column_total=False)
    assert "total" not in set(table["stage"])
    assert (table.loc[table["stage"] == "doses", "status"] == "published").all()


def test_several_amounts_share_one_pattern_and_each_is_protected():
    data = people(AT=9, BE=5, CY=5)
    data["low"] = np.where(data["country"] == "BE", 0.0, data["point"])
    data.loc[data["respondent_id"] == "BE0", "low"] = 10.0
    table = protect_table(data, "country", value=["point", "low"]).set_index("country")
    assert table.loc["BE", "status"] == "suppressed"  # all of its least capacity is one respondent's
    assert pd.isna(table.loc["BE", "low_published"])
    assert table.loc["total", "value_published"] == data["point"].sum()


def test_one_table_is_rounded_at_a_time():
    data = people(AT=5).assign(size="small")
    with pytest.raises(InputError, match="one table at a time"):
        protect(data, [as_shape("country"), as_shape("size")], base=5)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"point": np.nan}, "a value is missing"),
        ({"point": -1.0}, "numbers from zero upwards"),
        ({"country": "total"}, "the word is kept for totals"),
        ({"country": "FR"}, "country FR, which the table does not show"),
    ],
)
def test_answers_that_cannot_be_tabled_are_refused(change, words):
    data = people(AT=3).assign(**change)
    with pytest.raises(InputError, match=words):
        protect_table(data, "country", row_codes=["AT"])


def test_published_example_of_a_feasible_range():
    # Handbook, example 3: X11 + X12 = 7, X21 + X22 = 3, X11 + X21 = 6, X12 + X22 = 4 leave X11 in [3, 6].
    from scipy.sparse import csc_array

    relations = csc_array(
        [
            [1.0, 1, 0, 0, -1, 0, 0, 0],
            [0, 0, 1, 1, 0, -1, 0, 0],
            [1, 0, 1, 0, 0, 0, -1, 0],
            [0, 1, 0, 1, 0, 0, 0, -1],
        ]
    )
    hidden = np.array([True] * 4 + [False] * 4)
    low, high = feasible_ranges(relations, np.array([5.0, 2, 1, 2, 7, 3, 6, 4]), hidden)
    assert (low[0], high[0]) == (pytest.approx(3), pytest.approx(6))


def test_27_countries_and_20_products_are_protected_and_audited():
    rng = np.random.default_rng(1)
    number = 900
    data = pd.DataFrame(
        {
            "respondent_id": [f"r{one // 2}" for one in range(number)],
            "country": [f"C{(one // 2) ** 2 % 27:02}" for one in range(number)],
            "stage": [f"P{one % 20:02}" for one in rng.integers(0, 400, number)],
            "point": np.exp(rng.normal(8, 2, number)),
        }
    )
    protection = protect(data, [as_shape("country", "stage")])
    assert protection.cells["safe"].all()
