"""What the coder covers of the answers, and what it does not."""

import pandas as pd

from helpers.analysis.themes.codebook import Codebook
from helpers.analysis.themes.coder import coder_of
from helpers.analysis.themes.reading import read_answers

STATES = ("coded", "fine", "nothing", "empty", "uncoded")
"""What became of an answer: coded; only what is no difficulty; "nothing"; no text; no term recognised."""


def answer_states(answers: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return what became of each answer.

    Returns
    -------
    DataFrame
        ``answer_id``, ``language`` (as read; missing where there are no words) and ``state``: "coded"; "fine"
        (nothing but what is no difficulty); "nothing" ("none", "n/a", a dash: the respondent has nothing to
        say); "empty" (no text); "uncoded" (no term was recognised).
    """
    coder = coder_of(codebook)
    languages: list[str | None] = []
    states = []
    for text, reading in zip(answers["text"], read_answers(answers), strict=True):
        languages.append(reading.runs[0][2][0] if reading.runs else None)
        states.append(coder.state(text, reading))
    table = pd.DataFrame({"answer_id": answers["answer_id"].tolist(), "language": languages, "state": states})
    return table.astype({"answer_id": answers["answer_id"].dtype, "language": "str", "state": "str"})


def coverage(answers: pd.DataFrame, codebook: Codebook, by: str = "language") -> pd.DataFrame:
    """Return how many answers the coder covers, and what it does not.

    Parameters
    ----------
    by
        ``language`` as read, or a column of ``answers`` such as ``country`` or ``question``.

    Returns
    -------
    DataFrame
        One row a value of ``by``, most answers first: ``answers``, one column a state (see `answer_states`),
        and ``uncoded_share``: uncoded ones of those that say something (coded, fine or uncoded).
    """
    states = answer_states(answers, codebook)
    key = states["language"] if by == "language" else answers[by].reset_index(drop=True)
    key = key.astype("object").where(key.notna(), "unknown")
    table = pd.crosstab(key, states["state"]).reindex(columns=list(STATES), fill_value=0)
    table.columns.name = None
    table.insert(0, "answers", table.sum(axis=1))
    said = table[["coded", "fine", "uncoded"]].sum(axis=1)
    table["uncoded_share"] = (table["uncoded"] / said.where(said > 0)).astype("Float64")
    table = table.rename_axis(by).reset_index()
    return table.sort_values(["answers", by], ascending=[False, True], ignore_index=True)
