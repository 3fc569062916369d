"""The answers that a report speaks of, with what machine and people found in them."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.analysis.capacity.entries import COUNTED
from helpers.analysis.checks import require_columns
from helpers.analysis.themes.codebook import Codebook
from helpers.analysis.themes.coder import themes_by_answer
from helpers.analysis.themes.human import RANDOM, agreed_codes, random_sample
from helpers.data.errors import InputError

ALL = "all"


@dataclass(frozen=True)
class Chosen:
    """The answers that a report speaks of, with what machine and people found in them.

    Attributes
    ----------
    answers
        ``answer_id``, ``respondent_id``, ``country``, ``question``, ``text``, ``stages``, ``language`` (as
        read; missing without words), ``state`` (see `coder.answer_states`), ``consent``.
    codes
        Places at which they name a theme, see `coder.code_answers`; none that is negated.
    machine
        Bool, answers (index ``answer_id``) x themes.
    coded
        What people coded of them: ``answer_id``, ``coder``, ``themes``, ``selection``, ``probability``.
    """

    answers: pd.DataFrame
    codes: pd.DataFrame
    machine: pd.DataFrame
    coded: pd.DataFrame

    @property
    def respondents(self) -> pd.Series:
        """``respondent_id`` by ``answer_id``."""
        return self.answers.set_index("answer_id")["respondent_id"]

    @property
    def countries(self) -> pd.Series:
        """``country`` by ``answer_id``."""
        return self.answers.set_index("answer_id")["country"]

    @property
    def stages(self) -> pd.Series:
        """Stages by ``answer_id``, a row a stage: an answer stands once for each stage of its respondent."""
        known = self.answers.set_index("answer_id")["stages"].dropna().astype("str")
        return known.str.split(";").explode().str.strip().rename("stage")

    @property
    def human(self) -> pd.DataFrame | None:
        """Bool, the answers of the random sample x themes; None if people coded none of them."""
        sample = self.coded[self.coded["selection"] == RANDOM]
        return None if sample.empty else agreed_codes(sample, list(self.machine.columns))

    @property
    def probabilities(self) -> pd.Series | None:
        """Probability with which each answer came into the random sample; None without one."""
        found = random_sample(self.coded)
        return None if found.empty else found


def choose_answers(
    answers: pd.DataFrame,
    states: pd.DataFrame,
    codes: pd.DataFrame,
    people: pd.DataFrame,
    codebook: Codebook,
    *,
    countries: Sequence[str] | None = None,
    language: str = ALL,
    coded: pd.DataFrame | None = None,
) -> Chosen:
    """Choose the answers of a report: of respondents who count, of some countries, in one language or all.

    Parameters
    ----------
    answers
        See `answers.answers_from_difficulties`.
    states, codes
        What the coder says of them: `coder.answer_states`, `coder.code_answers`.
    people
        Processed table of respondents: ``respondent_id``, ``consent``, ``status``.
    codebook
        The codebook they were coded by.
    countries
        Eurostat codes; all if not given.
    language
        ``all``, or the language that the answers were read as.
    coded
        What people coded of the wave; None if nobody did.

    Returns
    -------
    Chosen
        Human codes of answers that are not among the chosen are left out: what is left of a random sample is
        a random sample of the chosen ones, with the same probabilities.

    Raises
    ------
    InputError
        If an answer has no state.
    """
    require_columns(people, "respondents", ["respondent_id", "consent", "status"])
    missing = ~answers["answer_id"].isin(states["answer_id"])
    if missing.any():
        raise InputError(f"answers: the coder says nothing of {answers.loc[missing, 'answer_id'].iloc[0]}")
    counted = people.loc[people["status"] == COUNTED, ["respondent_id", "consent"]]
    read = states[["answer_id", "language", "state"]]
    table = answers.drop(columns=["language", "state"], errors="ignore").merge(read, on="answer_id")
    table = table.merge(counted, on="respondent_id")
    if countries is not None:
        table = table[table["country"].isin(set(countries))]
    if language != ALL:
        table = table[table["language"] == language]
    table = table.sort_values("answer_id", ignore_index=True)
    own = codes[codes["answer_id"].isin(table["answer_id"]) & ~codes["negated"].astype(bool)]
    sheets = no_codes() if coded is None else coded
    return Chosen(
        answers=table,
        codes=own.reset_index(drop=True),
        machine=themes_by_answer(own, table, codebook),
        coded=sheets[sheets["answer_id"].isin(table["answer_id"])].reset_index(drop=True),
    )


def no_codes() -> pd.DataFrame:
    """Return an empty table of human codes."""
    texts = dict.fromkeys(("answer_id", "coder", "themes", "selection"), "str")
    columns = [*texts, "probability"]
    return pd.DataFrame(columns=columns).astype({**texts, "probability": "float64"})
