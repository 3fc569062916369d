"""Two-sided consent: whose contact may be shown to whom."""

import pandas as pd

from helpers.analysis.checks import require_columns
from helpers.data.errors import InputError

_ANSWERS = {"yes": True, "no": False, "": None}


def contact_pairs(consents: pd.DataFrame) -> pd.DataFrame:
    """List the pairs of participants who both agreed that the other sees their contact.

    Parameters
    ----------
    consents
        ``participant_id_a``, ``participant_id_b``, ``agreed_a``, ``agreed_b`` (yes, no or blank). A pair may
        stand in several rows, in either order: one participant's `no` in any of them, also a later one that
        withdraws, outweighs each `yes`.

    Returns
    -------
    DataFrame
        ``participant_id_a``, ``participant_id_b``, sorted, each pair once, the lesser code first.

    Raises
    ------
    InputError
        If a code is blank, somebody is paired with itself, or an answer is none of yes, no and blank.

    Examples
    --------
    >>> rows = [("p1", "p2", "yes", "yes"), ("p1", "p3", "yes", ""), ("p2", "p4", "yes", "yes"),
    ...         ("p4", "p2", "no", "")]
    >>> columns = ["participant_id_a", "participant_id_b", "agreed_a", "agreed_b"]
    >>> contact_pairs(pd.DataFrame(rows, columns=columns)).to_numpy().tolist()
    [['p1', 'p2']]
    """
    columns = ["participant_id_a", "participant_id_b", "agreed_a", "agreed_b"]
    require_columns(consents, "consents", columns)
    said: dict[tuple[str, str], dict[str, set[bool]]] = {}
    for row, values in enumerate(consents[columns].itertuples(index=False, name=None), start=2):
        one, other = (_code(value, row) for value in values[:2])
        if one == other:
            raise InputError(f"consents: row {row}: {one} is paired with itself; two participants are a pair")
        answers = said.setdefault((min(one, other), max(one, other)), {one: set(), other: set()})
        for who, value, column in ((one, values[2], "agreed_a"), (other, values[3], "agreed_b")):
            answer = _answer(value, row, column)
            if answer is not None:
                answers[who].add(answer)
    agreed = [pair for pair, answers in said.items() if all(of == {True} for of in answers.values())]
    return pd.DataFrame(sorted(agreed), columns=columns[:2], dtype="str")


def shown_contacts(participant: str, consents: pd.DataFrame, contacts: pd.DataFrame) -> pd.DataFrame:
    """List the contacts that one participant may see: of those with whom it agreed, both ways.

    Parameters
    ----------
    participant
        Code of who is to see them.
    consents
        See `contact_pairs`.
    contacts
        ``participant_id`` and what is to be shown, a row a participant; from `data/restricted`.

    Returns
    -------
    DataFrame
        The rows of `contacts` that may be shown, in the order of codes; never the participant's own.

    Raises
    ------
    InputError
        As `contact_pairs`; also if a code stands twice among the contacts.

    Examples
    --------
    >>> consents = pd.DataFrame({"participant_id_a": ["p1", "p3"], "participant_id_b": ["p2", "p1"],
    ...     "agreed_a": ["yes", "yes"], "agreed_b": ["yes", None]})
    >>> emails = ["a@a.eu", "b@b.eu", "c@c.eu"]
    >>> contacts = pd.DataFrame({"participant_id": ["p1", "p2", "p3"], "email": emails})
    >>> [shown_contacts(code, consents, contacts)["email"].tolist() for code in ("p1", "p3")]
    [['b@b.eu'], []]
    """
    require_columns(contacts, "contacts", ["participant_id"])
    codes = contacts["participant_id"].map(_stripped)
    # The code is not named: messages go to logs, and the table is a restricted one.
    if codes.duplicated().any():
        row = int(codes.duplicated().to_numpy().argmax()) + 2
        raise InputError(f"contacts: row {row}: a participant stands there a second time; once is allowed")
    pairs = contact_pairs(consents)
    own = _stripped(participant)
    seen = {
        *pairs.loc[pairs["participant_id_a"] == own, "participant_id_b"],
        *pairs.loc[pairs["participant_id_b"] == own, "participant_id_a"],
    }
    shown = contacts[codes.isin(seen)]
    order = codes[codes.isin(seen)].astype("object").sort_values(kind="stable").index
    return shown.loc[order].reset_index(drop=True)


def _stripped(value: object) -> str:
    return "" if value is None or value is pd.NA or value != value else str(value).strip()


def _code(value: object, row: int) -> str:
    code = _stripped(value)
    if not code:
        raise InputError(f"consents: row {row}: a participant_id is blank; a pair has two codes")
    return code


def _answer(value: object, row: int, column: str) -> bool | None:
    answer = _stripped(value).lower()
    if answer not in _ANSWERS:
        raise InputError(f"consents: row {row}: {column} is {str(value)!r}; allowed: yes, no or blank")
    return _ANSWERS[answer]
