"""What was answered, in which languages, and what the coder made of it, as far as it may be shown."""

from collections.abc import Mapping
from typing import Literal

import pandas as pd

from helpers.analysis.themes.material import FEWEST_CODED
from helpers.analysis.themes.shown_chosen import ALL, Chosen

STATE_LABELS: Mapping[str, str] = {
    "coded": "name at least one theme",
    "fine": "say only that something is no difficulty",
    "nothing": 'say that there is nothing to say ("none", a dash)',
    "uncoded": "say something, but hold no term of the codebook",
    "empty": "are empty",
}
OTHER = "Other languages"
NO_WORDS = "No words"
Bound = Literal["at_most"]
SAYS_SOMETHING = ("coded", "fine", "uncoded")


def state_table(chosen: Chosen) -> pd.DataFrame:
    """Return how many answers there are in each state.

    Returns
    -------
    DataFrame
        ``state``, ``label``, ``answers``, ``share`` (of all; missing without answers); states without answers
        are left out, but for answers that name a theme.
    """
    counts = chosen.answers["state"].value_counts()
    table = pd.DataFrame({"state": list(STATE_LABELS), "label": list(STATE_LABELS.values())})
    table["answers"] = table["state"].map(counts).fillna(0).astype("int64")
    total = int(table["answers"].sum())
    table["share"] = (table["answers"] / total if total else pd.Series(pd.NA, index=table.index)).astype(
        "Float64"
    )
    return table[(table["answers"] > 0) | (table["state"] == "coded")].reset_index(drop=True)


def language_table(chosen: Chosen, *, min_count: int = 3) -> pd.DataFrame:
    """Return how many answers there are in each language, and how many of them the coder does not cover.

    Languages of fewer than ``min_count`` respondents are put together, with the next smallest if those are
    still too few, so that the rest cannot be worked out from the sum.

    Parameters
    ----------
    chosen
        From `shown_chosen.choose_answers`; the language is that in which an answer was read.
    min_count
        Fewest respondents of a row.

    Returns
    -------
    DataFrame
        ``language`` (code; missing where several are put together or there are no words), ``name`` (English),
        ``answers``, ``says_something``, ``uncoded`` (of these, without a term of the codebook),
        ``uncoded_share``. Most answers first, then other languages, then answers without words. If even all
        together are too few, no rows.
    """
    answers = chosen.answers.assign(language=chosen.answers["language"].astype("object"))
    spoken = answers[answers["language"].notna()]
    kept = _pooled(spoken, min_count)
    groups = spoken["language"].where(spoken["language"].isin(kept), "")
    silent = answers[answers["language"].isna()]
    parts = [_row(code, part) for code, part in spoken.groupby(groups)]
    table = pd.DataFrame([*parts, *([_row(None, silent)] if len(silent) else [])], columns=_COLUMNS)
    few = table.pop("respondents") < min_count
    # Answers that are a dash or a number say nothing of whom they come from; words of one or two people do.
    table = table[~few | (table["name"] == NO_WORDS)]
    place = table["name"].map({OTHER: 1, NO_WORDS: 2}).fillna(0)
    order = table.assign(_place=place).sort_values(
        ["_place", "answers", "name"], ascending=[True, False, True]
    )
    types = {"language": "str", "name": "str", "uncoded_share": "Float64"}
    return order.drop(columns="_place").reset_index(drop=True).astype(types)


_COLUMNS = ["language", "name", "answers", "says_something", "uncoded", "uncoded_share", "respondents"]


def _pooled(spoken: pd.DataFrame, min_count: int) -> set[str]:
    """Return the languages that have a row of their own."""
    people = spoken.groupby("language")["respondent_id"].nunique().sort_values(kind="stable")
    small = people[people < min_count]
    if len(small):
        together = spoken.loc[spoken["language"].isin(small.index), "respondent_id"].nunique()
        if together < min_count and len(small) < len(people):
            small = people.head(len(small) + 1)
    return set(people.index) - set(small.index)


def _row(code: str | None, part: pd.DataFrame) -> dict[str, object]:
    said = part["state"].isin(SAYS_SOMETHING)
    uncoded = int((part["state"] == "uncoded").sum())
    return {
        "language": code or None,
        "name": NO_WORDS if code is None else language_name(code) if code else OTHER,
        "answers": len(part),
        "says_something": int(said.sum()),
        "uncoded": uncoded,
        "uncoded_share": uncoded / int(said.sum()) if said.any() else None,
        "respondents": part["respondent_id"].nunique(),
    }


def respondents_or_few(chosen: Chosen, focus: str | None, min_count: int = 3) -> tuple[int, Bound | None]:
    """Return how many respondents wrote an answer, and whether that is only an upper bound: they are few.

    Parameters
    ----------
    chosen
        From `shown_chosen.choose_answers`.
    focus
        Country; all without one.
    min_count
        Fewer are not told.
    """
    answers = chosen.answers
    inside = answers[answers["country"] == focus] if focus else answers
    number = int(inside["respondent_id"].nunique())
    few = focus is not None and 0 < number < min_count
    return (min_count - 1, "at_most") if few else (number, None)


def unchecked_notice(chosen: Chosen) -> str | None:
    """Say that nobody checked the machine's codes, or nothing.

    A random sample of fewer answers than `material.FEWEST_CODED` checks nothing.
    """
    human = chosen.human
    number = 0 if human is None else len(human)
    if chosen.answers.empty or number >= FEWEST_CODED:
        return None
    said = f"only {number} of these answers" if number else "none of these answers"
    return (
        f"People coded {said} at random, too few to check the machine by: shares are the machine's alone, "
        "have no interval, and are drawn hollow."
    )


def selection_in_words(countries: str, language: str) -> str:
    """Name the answers of a report.

    Examples
    --------
    >>> selection_in_words("EU-27", "all"), selection_in_words("EU-27", "mt")
    ('EU-27', 'EU-27, answers in Maltese')
    """
    return countries if language == ALL else f"{countries}, answers in {language_name(language)}"


def language_name(code: str) -> str:
    """Return the English name of a language.

    Examples
    --------
    >>> language_name("mt"), language_name("xx")
    ('Maltese', 'xx')
    """
    from babel import Locale

    return str(Locale("en").languages.get(code, code))
