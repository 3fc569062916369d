"""Participants as the analyses of partners and groups need them: checked, sorted, their lists as matrices."""

from collections.abc import Collection, Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.analysis.checks import Floats, require_columns, require_unique
from helpers.data.errors import InputError

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
WORDS = ("participant_id", "country", "kind")
LISTS = ("domains", "ecosystems", "stages", "offers", "needs")


def checked_people(participants: pd.DataFrame) -> pd.DataFrame:
    """Check a table of participants and put it in the order of their codes.

    Parameters
    ----------
    participants
        ``participant_id``, ``country``, ``kind`` (texts) and ``domains``, ``ecosystems``, ``stages``,
        ``offers``, ``needs`` (tuples or lists of texts, possibly empty). Other columns are dropped, so that
        nothing of them reaches a result.

    Returns
    -------
    DataFrame
        These columns, a row a participant, in the order of codes whatever that of the rows given; lists as
        tuples without repeats, in the order stated.

    Raises
    ------
    InputError
        If a column is missing, a code is blank or stands twice, or a list is none.

    Examples
    --------
    >>> person = {"participant_id": "p1", "country": "AT", "kind": "cluster", "domains": ["wood", "wood"],
    ...           "ecosystems": (), "stages": (), "offers": (), "needs": ()}
    >>> checked_people(pd.DataFrame([person]))["domains"].tolist()
    [('wood',)]
    """
    require_columns(participants, "participants", [*WORDS, *LISTS])
    people = participants[[*WORDS, *LISTS]].reset_index(drop=True)
    for column in WORDS:
        people[column] = people[column].astype("object").where(people[column].notna(), "")
        people[column] = people[column].map(lambda value: str(value).strip())
    blank = np.flatnonzero((people["participant_id"] == "").to_numpy())
    if len(blank):
        raise InputError(f"participants: row {blank[0] + 2}: participant_id is blank; each has a code")
    require_unique(people, "participants", ["participant_id"])
    for column in LISTS:
        values = [_list(value, column, row) for row, value in enumerate(people[column])]
        people[column] = pd.Series(values, index=people.index, dtype="object")
    return people.sort_values("participant_id", ignore_index=True, key=lambda codes: codes.astype("object"))


def people_of(interests: pd.DataFrame) -> pd.DataFrame:
    """Read the table of expressions of interest: its lists are texts joined by semicolons.

    Parameters
    ----------
    interests
        ``participant_id``, ``country``, ``kind`` and ``domains``, ``ecosystems``, ``stages``, ``offers``,
        ``needs``, missing where nothing was stated.

    Returns
    -------
    DataFrame
        See `checked_people`.

    Examples
    --------
    >>> row = {"participant_id": "p1", "country": "AT", "kind": "cluster", "domains": "wood;skills",
    ...        "ecosystems": None, "stages": "", "offers": "x", "needs": None}
    >>> people_of(pd.DataFrame([row]))[["domains", "ecosystems"]].iloc[0].tolist()
    [('wood', 'skills'), ()]
    """
    require_columns(interests, "interests", [*WORDS, *LISTS])
    split = {
        column: pd.Series(
            [tuple(str(text).split(";")) if pd.notna(text) else () for text in interests[column]],
            index=interests.index,
            dtype="object",
        )
        for column in LISTS
    }
    return checked_people(interests.assign(**split))


def persons(people: pd.DataFrame) -> list[dict[str, object]]:
    """Return a table as a dict a participant."""
    return [dict(zip(people.columns, row, strict=True)) for row in people.itertuples(index=False, name=None)]


def words_of(lists: Iterable[Collection[str]]) -> list[str]:
    """List all words that occur, each once, sorted.

    Examples
    --------
    >>> words_of([("wood", "skills"), ("wood",)])
    ['skills', 'wood']
    """
    return sorted({word for words in lists for word in words})


def indicator(lists: Iterable[Collection[str]], words: list[str]) -> Floats:
    """Write lists as a matrix: a row a list, a column a word, 1 where the list has the word.

    Examples
    --------
    >>> indicator([("wood",), ()], ["skills", "wood"]).tolist()
    [[0.0, 1.0], [0.0, 0.0]]
    """
    rows = list(lists)
    place = {word: number for number, word in enumerate(words)}
    matrix = np.zeros((len(rows), len(words)))
    for row, said in enumerate(rows):
        for word in said:
            if word in place:
                matrix[row, place[word]] = 1.0
    return matrix


def said(words: Iterable[str]) -> str:
    """Join words as a sentence does.

    Examples
    --------
    >>> said(["skills"]), said(["energy", "skills", "wood"])
    ('skills', 'energy, skills and wood')
    """
    listed = [word.replace("_", " ") for word in words]
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}" if listed else ""


def _list(value: object, column: str, row: int) -> tuple[str, ...]:
    if not isinstance(value, (tuple, list, np.ndarray)):
        raise InputError(
            f"participants: row {row + 2}: {column} is {value!r}; a list of words is allowed, () if empty"
        )
    stripped = (str(word).strip() for word in value)
    return tuple(dict.fromkeys(word for word in stripped if word))
