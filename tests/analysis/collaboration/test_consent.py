"""Nobody's contact is shown to another before both agreed."""

import itertools

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis.collaboration.consent import contact_pairs, shown_contacts
from helpers.data.errors import InputError

COLUMNS = ["participant_id_a", "participant_id_b", "agreed_a", "agreed_b"]
CODES = ["p1", "p2", "p3", "p4"]


def _consents(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


def _contacts() -> pd.DataFrame:
    return pd.DataFrame({"participant_id": CODES, "email": [f"{code}@example.eu" for code in CODES]})


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        (("yes", "yes"), True),
        ((" YES ", "yes"), True),
        (("yes", "no"), False),
        (("no", "yes"), False),
        (("yes", None), False),
        ((float("nan"), "yes"), False),
        ((pd.NA, pd.NA), False),
        (("", ""), False),
    ],
)
def test_only_two_yes_show_a_contact(answers: tuple[object, object], shown: bool) -> None:
    consents = _consents(("p1", "p2", *answers))
    assert len(contact_pairs(consents)) == int(shown)
    assert len(shown_contacts("p1", consents, _contacts())) == int(shown)
    assert len(shown_contacts("p2", consents, _contacts())) == int(shown)


@pytest.mark.parametrize(
    "turned", [("p2", "p1", "no", "yes"), ("p2", "p1", "", "no"), ("p1", "p2", "no", "")]
)
@pytest.mark.parametrize("later", [True, False])
def test_a_no_in_any_row_outweighs_each_yes(turned: tuple[str, ...], later: bool) -> None:
    rows = [("p1", "p2", "yes", "yes"), turned]
    assert contact_pairs(_consents(*(rows if later else rows[::-1]))).empty


def test_two_rows_of_one_side_each_make_a_pair_only_together() -> None:
    assert contact_pairs(_consents(("p1", "p2", "yes", ""), ("p1", "p2", "yes", ""))).empty
    both = contact_pairs(_consents(("p1", "p2", "yes", ""), ("p2", "p1", "yes", None)))
    assert both.to_numpy().tolist() == [["p1", "p2"]]


def test_one_is_not_shown_its_own_contact_nor_that_of_a_friends_friend() -> None:
    consents = _consents(("p1", "p2", "yes", "yes"), ("p2", "p3", "yes", "yes"))
    assert shown_contacts("p1", consents, _contacts())["participant_id"].tolist() == ["p2"]
    assert shown_contacts("p2", consents, _contacts())["participant_id"].tolist() == ["p1", "p3"]
    assert shown_contacts("p4", consents, _contacts()).empty
    assert shown_contacts("", consents, _contacts()).empty


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("p1", "p1", "yes", "yes"), "row 2: p1 is paired with itself"),
        (("p1", " ", "yes", "yes"), "row 2: a participant_id is blank"),
        (("p1", None, "yes", "yes"), "row 2: a participant_id is blank"),
        (("p1", "p2", "maybe", "yes"), "row 2: agreed_a is 'maybe'; allowed: yes, no or blank"),
        (("p1", "p2", "yes", True), "row 2: agreed_b is 'True'"),
    ],
)
def test_rows_that_cannot_be_read_are_refused(row: tuple[object, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        contact_pairs(_consents(row))


def test_the_message_on_a_repeated_contact_names_nobody() -> None:
    twice = pd.concat([_contacts(), _contacts().iloc[[1]]])
    with pytest.raises(InputError, match="contacts: row 6") as raised:
        shown_contacts("p1", _consents(), twice)
    assert "p2" not in str(raised.value)


_ROWS = st.lists(
    st.tuples(
        st.sampled_from(CODES), st.sampled_from(CODES), *[st.sampled_from(["yes", "no", ""])] * 2
    ).filter(lambda row: row[0] != row[1]),
    max_size=12,
)


@given(_ROWS)
def test_whoever_is_shown_said_yes_and_never_no_and_so_did_the_other(rows: list[tuple[str, ...]]) -> None:
    consents = _consents(*rows)
    for one, other in itertools.permutations(CODES, 2):
        said = {one: set(), other: set()}
        for a, b, agreed_a, agreed_b in rows:
            if {a, b} == {one, other}:
                said[a].add(agreed_a)
                said[b].add(agreed_b)
        agreed = all("yes" in of and "no" not in of for of in said.values())
        assert (other in set(shown_contacts(one, consents, _contacts())["participant_id"])) == agreed
