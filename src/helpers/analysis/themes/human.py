"""What people coded: sheets of one or several coders as frames of answers by themes."""

from collections.abc import Sequence

import pandas as pd

from helpers.analysis.checks import require_columns
from helpers.data.errors import InputError

NONE = "none"
RANDOM = "random"
QUEUE = "queue"


def codes_by_coder(coded: pd.DataFrame, themes: Sequence[str]) -> pd.DataFrame:
    """Lay out what each coder gave each answer.

    Parameters
    ----------
    coded
        ``answer_id``, ``coder``, ``themes`` (codes joined by ``;``, or ``none``): a row an answer and coder.
    themes
        All themes that may be given, in the order of the columns.

    Returns
    -------
    DataFrame
        True where the coder gave the theme; index ``answer_id``, ``coder``, sorted; a column a theme.

    Raises
    ------
    InputError
        If a row names a theme that is not in the codebook, is empty, or repeats answer and coder.

    Examples
    --------
    >>> coded = pd.DataFrame({"answer_id": ["a1", "a1"], "coder": ["coder_1", "coder_2"],
    ...                       "themes": ["energy; skills", "none"]})
    >>> codes_by_coder(coded, ["energy", "skills"]).values.tolist()
    [[True, True], [False, False]]
    """
    require_columns(coded, "coded answers", ["answer_id", "coder", "themes"])
    given = [_themes_of(value, place, themes) for place, value in enumerate(coded["themes"])]
    index = pd.MultiIndex.from_frame(coded[["answer_id", "coder"]])
    if index.has_duplicates:
        place = int(index.duplicated().argmax())
        answer, coder = index[place]
        raise InputError(f"coded answers: row {place + 2}: {coder} coded {answer} before; once is allowed")
    rows = [[theme in found for theme in themes] for found in given]
    return pd.DataFrame(rows, index=index, columns=list(themes), dtype=bool).sort_index()


def agreed_codes(coded: pd.DataFrame, themes: Sequence[str]) -> pd.DataFrame:
    """Return one judgement an answer: what most of its coders gave; at a tie, what the first of them gave.

    Returns
    -------
    DataFrame
        Bool; index ``answer_id``, a column a theme. First is the coder whose name comes first.

    Examples
    --------
    >>> coded = pd.DataFrame({"answer_id": ["a1", "a1", "a2"], "coder": ["coder_1", "coder_2", "coder_2"],
    ...                       "themes": ["energy", "skills", "skills"]})
    >>> agreed_codes(coded, ["energy", "skills"]).values.tolist()
    [[True, False], [False, True]]
    """
    by_coder = codes_by_coder(coded, themes)
    votes = by_coder.groupby(level="answer_id")
    share, first = votes.mean(), votes.first()
    return (share > 0.5) | ((share == 0.5) & first)


def random_sample(coded: pd.DataFrame) -> pd.Series:
    """Return the inclusion probability of each answer of the random sample; answers of a queue are left out.

    Parameters
    ----------
    coded
        ``answer_id``, ``selection`` (random or queue), ``probability`` (of random ones: above 0, up to 1).

    Returns
    -------
    Series
        ``probability`` by ``answer_id``.

    Raises
    ------
    InputError
        If a selection is unknown, a random row has no probability, or rows of one answer differ in it.

    Examples
    --------
    >>> coded = pd.DataFrame({"answer_id": ["a1", "a1", "a2"], "selection": ["random", "random", "queue"],
    ...                       "probability": [0.5, 0.5, None]})
    >>> random_sample(coded).to_dict()
    {'a1': 0.5}
    """
    require_columns(coded, "coded answers", ["answer_id", "selection", "probability"])
    for place, selection in enumerate(coded["selection"]):
        if selection not in (RANDOM, QUEUE):
            raise InputError(
                f"coded answers: row {place + 2}, column selection: {selection!r}; allowed: {RANDOM}, {QUEUE}"
            )
    chances = pd.to_numeric(coded["probability"], errors="coerce").astype("float64")
    drawn = coded["selection"] == RANDOM
    wrong = drawn & ~((chances > 0) & (chances <= 1))
    if wrong.any():
        place = int(wrong.to_numpy().argmax())
        found = coded["probability"].iloc[place]
        raise InputError(
            f"coded answers: row {place + 2}, column probability: {found}; an answer of the random sample "
            "needs a number above 0 and up to 1"
        )
    by_answer = chances[drawn].groupby(coded["answer_id"][drawn])
    if (by_answer.nunique() > 1).any():
        answer = by_answer.nunique().idxmax()
        raise InputError(f"coded answers: {answer} stands with different probabilities; one is allowed")
    return by_answer.first().rename("probability")


def _themes_of(value: object, place: int, themes: Sequence[str]) -> set[str]:
    text = value.strip() if isinstance(value, str) else ""
    if not text:
        raise InputError(f"coded answers: row {place + 2}, column themes: empty; write {NONE} for no theme")
    found = {part.strip() for part in text.split(";") if part.strip()}
    if found == {NONE}:
        return set()
    strange = sorted(found - set(themes))
    if strange:
        allowed = f"{', '.join(themes)}, or {NONE} alone"
        raise InputError(f"coded answers: row {place + 2}, column themes: {strange[0]!r}; allowed: {allowed}")
    return found
