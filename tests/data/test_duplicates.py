"""Respondents that may be the same are proposed, without names, and merged only where people say so."""

import random

import pandas as pd
import pytest

from helpers.data.duplicate_decisions import merged
from helpers.data.duplicates import COLUMNS, PROPOSED_FROM, propose_duplicates
from helpers.data.errors import InputError


def respondents(*rows):
    """Rows (company, e-mail, phone, country, town, amounts by product)."""
    ids = [f"r{at}" for at in range(len(rows))]
    contacts = pd.DataFrame(
        [(i, row[0], row[1], row[2]) for i, row in zip(ids, rows, strict=True)],
        columns=["respondent_id", "company", "email", "phone"],
    )
    answers = pd.DataFrame(
        [(i, row[3], row[4]) for i, row in zip(ids, rows, strict=True)],
        columns=["respondent_id", "country", "town"],
    )
    stated = [
        (i, product, amount, "")
        for i, row in zip(ids, rows, strict=True)
        for product, amount in row[5].items()
    ]
    capacities = pd.DataFrame(stated, columns=["respondent_id", "product", "amount", "unit"])
    return contacts, answers, capacities


def pairs(*rows):
    found = propose_duplicates(*respondents(*rows))
    return set(zip(found["respondent_id_a"], found["respondent_id_b"], strict=True))


ONE = ("BioNova GmbH", "", "", "DE", "Köln", {"vials": "5000"})


@pytest.mark.parametrize(
    "other",
    [
        ("Bio-Nova", "", "", "DE", "Koln", {"vials": "5000"}),
        ("BIONOVA GMBH", "", "", "DE", "", {"caps": "7"}),
        ("BioNowa GmbH", "", "", "DE", "Köln", {"vials": "5 000"}),
        ("Nova Bio", "", "", "DE", "Köln", {"vials": "5000"}),
    ],
)
def test_the_same_name_in_another_spelling_is_proposed(other):
    assert pairs(ONE, other) == {("r0", "r1")}


@pytest.mark.parametrize(
    "other",
    [
        ("Glaswerk Köln AG", "", "", "DE", "Köln", {"vials": "5000"}),
        ("BioNova GmbH", "", "", "AT", "Wien", {"vials": "5000"}),
        ("BioFarma GmbH", "", "", "DE", "Berlin", {"vials": "70"}),
    ],
)
def test_others_are_not(other):
    assert pairs(ONE, other) == set()


def test_the_same_contact_joins_names_that_differ_somewhat():
    one = ("BioNova", "a@b.eu", "", "DE", "Köln", {"vials": "5"})
    other = ("BioNova Production Site", "A+x@B.eu", "", "DE", "Köln", {"vials": "5"})
    assert pairs(one, other) == {("r0", "r1")}


def test_without_names_only_the_same_statements_in_the_same_place_are_proposed():
    same = ("", "", "", "DE", "Köln", {"vials": "12345", "caps": "777"})
    assert pairs(same, same) == {("r0", "r1")}
    assert pairs(same, ("", "", "", "DE", "Köln", {"vials": "12345", "caps": "778"})) == set()
    assert pairs(same, ("", "", "", "DE", "Berlin", {"vials": "12345", "caps": "777"})) == set()


def test_a_proposal_names_nobody_and_decides_nothing():
    contacts, answers, capacities = respondents(ONE, ONE)
    found = propose_duplicates(
        contacts.assign(email="anna@bionova.eu", phone="+49 221 1234567"), answers, capacities
    )
    assert list(found.columns) == list(COLUMNS)
    text = found.to_csv()
    assert not any(word in text for word in ("BioNova", "bionova", "Köln", "koln", "anna", "1234567"))
    assert found[["decision", "decided_by", "note"]].eq("").all(axis=None)
    assert found["score"].between(PROPOSED_FROM, 1).all()
    assert "same e-mail" in found["evidence"][0]


def test_nothing_to_compare_gives_an_empty_table():
    assert list(propose_duplicates(*respondents()).columns) == list(COLUMNS)
    assert propose_duplicates(*respondents(ONE)).empty


def test_the_order_of_rows_does_not_change_what_is_proposed():
    rows = [
        (f"Firma {name} SA", "", "", "FR", "Lyon", {"vials": "5"})
        for name in ("Alpha", "Beta", "Alpa", "Gamma")
    ]
    contacts, answers, capacities = respondents(*rows)
    again = propose_duplicates(contacts[::-1], answers, capacities[::-1])
    pd.testing.assert_frame_equal(propose_duplicates(contacts, answers, capacities), again)


def test_planted_doubles_among_twenty_thousand_respondents_are_found():
    chance = random.Random(5)
    syllables = ["ba", "ko", "ri", "ta", "lu", "ve", "mo", "sa", "ne", "di", "gra", "pol", "stu", "fen"]
    count = 20_000
    rows = []
    for _ in range(count):
        name = (
            "".join(chance.choices(syllables, k=4)).title()
            + " "
            + "".join(chance.choices(syllables, k=3)).title()
        )
        town, amount = f"Town{chance.randint(1, 300)}", str(chance.randint(1, 10**6))
        rows.append((name, "", "", chance.choice(["DE", "FR", "IT"]), town, {"vials": amount}))
    planted = set()
    for at in range(0, 1000, 2):
        name, *rest = rows[at]
        cut = chance.randrange(1, len(name) - 1)
        rows[at + 1] = (name[:cut] + name[cut + 1 :] + " GmbH", *rest)
        planted.add((f"r{at}", f"r{at + 1}"))
    tables = respondents(*rows)
    found = propose_duplicates(*tables)
    proposed = set(zip(found["respondent_id_a"], found["respondent_id_b"], strict=True))
    assert len(planted & proposed) >= 0.98 * len(planted)
    assert len(proposed - planted) <= 0.05 * len(planted)


# --- decisions


def decisions(*rows):
    table = pd.DataFrame(rows, columns=["respondent_id_a", "respondent_id_b", "decision", "decided_by"])
    return table.assign(raw_row=range(2, len(rows) + 2))


def test_only_recorded_decisions_merge_and_the_earliest_is_kept():
    listed = decisions(("r1", "r2", "merge", "A. B."), ("r3", "r4", "", ""), ("r5", "r6", "keep", "A. B."))
    assert merged(listed, ["r2", "r1", "r3", "r4", "r5", "r6"], "duplicates.csv") == {"r1": "r2"}


def test_what_is_merged_through_a_third_is_merged():
    listed = decisions(("r3", "r2", "merge", "x"), ("r2", "r1", "merge", "x"))
    assert merged(listed, ["r1", "r2", "r3"], "f") == {"r2": "r1", "r3": "r1"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("r1", "r2", "join", "x"), "f: row 2, column decision: found 'join', allowed: merge, keep or empty"),
        (("r1", "r2", "merge", " "), "f: row 2, column decided_by: empty"),
        (("r1", "r9", "merge", "x"), "f: row 2, column respondent_id_b: found 'r9'"),
    ],
)
def test_a_faulty_decision_is_named_by_row_and_column(row, said):
    with pytest.raises(InputError) as caught:
        merged(decisions(row), ["r1", "r2"], "f")
    assert said in str(caught.value)


def test_decisions_that_contradict_each_other_are_refused():
    listed = decisions(("r1", "r2", "merge", "x"), ("r2", "r3", "merge", "x"), ("r1", "r3", "keep", "x"))
    with pytest.raises(InputError, match="row 4, column decision: found keep, but other rows merge the two"):
        merged(listed, ["r1", "r2", "r3"], "f")
