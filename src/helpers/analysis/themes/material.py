"""Machine codes, human codes, probabilities and weights of the same answers, checked and in one order."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analysis.checks import Floats
from helpers.analysis.themes.ppi import Flags, Places, Share, Target, prediction_powered
from helpers.data.errors import InputError

FEWEST_CODED = 30
"""Answers of a random sample below which no interval is stated."""


@dataclass(frozen=True)
class Material:
    """What estimates are made from, as `material` returns it.

    ``machine``: bool, answers x themes. ``human``: the same for the sampled answers, which stand at
    ``sampled`` of ``machine``. ``probabilities`` of the sampled, ``weights`` of all answers, ``respondents``:
    a number each, if known.
    """

    machine: pd.DataFrame
    human: pd.DataFrame
    sampled: Places
    probabilities: Floats
    weights: Floats
    respondents: Places | None

    def coded_by_people(self, theme: str, group: Flags) -> int:
        """Return how many answers of a group people coded by a theme."""
        return int(group[self.sampled].sum()) if theme in self.human.columns else 0

    def share_by_machine(self, theme: str, group: Flags) -> float:
        """Return the weighted share of a group's answers that the machine gave a theme; NaN of no answers."""
        weights = self.weights[group]
        codes = self.machine[theme].to_numpy()[group]
        return float(weights @ codes / weights.sum()) if weights.sum() > 0 else float("nan")

    def behind(self, theme: str, group: Flags) -> int:
        """Return how many respondents (answers, if respondents are not known) have the machine's code."""
        return self.counted(group & self.machine[theme].to_numpy())

    def counted(self, group: Flags) -> int:
        """Return how many respondents (answers, if respondents are not known) a group has."""
        return int(group.sum()) if self.respondents is None else len(np.unique(self.respondents[group]))

    def estimate(
        self, theme: str, group: Flags, *, level: float, target: Target, fewest: int = FEWEST_CODED
    ) -> Share | None:
        """Estimate the share of a group's answers with a theme; ``None`` if people coded too few of them."""
        if self.coded_by_people(theme, group) < max(fewest, 1):
            return None
        inside = group[self.sampled]
        if self.weights[self.sampled[inside]].sum() <= 0:
            return None
        # Places within the group of its sampled answers.
        places = (np.cumsum(group) - 1)[self.sampled[inside]].astype(np.int64)
        return prediction_powered(
            self.machine[theme].to_numpy()[group],
            places,
            self.human[theme].to_numpy()[inside],
            probabilities=self.probabilities[inside],
            weights=self.weights[group],
            respondents=None if self.respondents is None else self.respondents[group],
            level=level,
            target=target,
        )


def material(
    machine: pd.DataFrame,
    human: pd.DataFrame | None,
    probabilities: pd.Series | None,
    weights: pd.Series | None,
    respondents: pd.Series | None,
) -> Material:
    """Check and bring into one order what estimates are made from; see `prevalence.prevalence_table`.

    Raises
    ------
    InputError
        If an index repeats an answer, a human-coded answer is not among the machine-coded ones, a code is
        missing, or an answer has no probability, weight or respondent.
    """
    machine = yes_or_no(machine, "machine codes")
    human = machine.iloc[:0] if human is None else yes_or_no(human, "human codes")
    strange = human.index.difference(machine.index)
    if len(strange):
        raise InputError(f"human codes: answer {strange[0]} is not among the machine-coded answers")
    chances = _known(probabilities, human.index, "probabilities")
    if not ((chances > 0) & (chances <= 1)).all():
        place = int((~((chances > 0) & (chances <= 1))).argmax())
        raise InputError(
            f"probabilities: answer {human.index[place]} has {chances[place]:g}; "
            "numbers above 0 and up to 1 are allowed"
        )
    weight = _known(weights, machine.index, "weights")
    if not (np.isfinite(weight) & (weight >= 0)).all():
        raise InputError("weights: finite numbers from zero upwards are allowed")
    people = None
    if respondents is not None:
        found = respondents.reindex(machine.index)
        if found.isna().any():
            raise InputError(f"respondents: there is no respondent of answer {found.index[found.isna()][0]}")
        people = pd.factorize(found)[0].astype(np.int64)
    sampled = machine.index.get_indexer(human.index).astype(np.int64)
    return Material(machine, human, sampled, chances, weight, people)


def yes_or_no(codes: pd.DataFrame, what: str) -> pd.DataFrame:
    """Return a frame of codes as plain bool.

    Raises
    ------
    InputError
        If an answer or theme is listed twice, or a cell is neither true nor false.

    Examples
    --------
    >>> yes_or_no(pd.DataFrame({"energy": [1, 0]}, index=["a1", "a2"]), "human codes")["energy"].to_list()
    [True, False]
    """
    for axis, name in ((codes.index, "answer"), (codes.columns, "theme")):
        if axis.has_duplicates:
            raise InputError(f"{what}: {name} {axis[axis.duplicated()][0]} is listed twice; once is allowed")
    wrong = ~codes.isin([True, False])
    if wrong.to_numpy().any():
        row, column = np.argwhere(wrong.to_numpy())[0]
        found = codes.iloc[row, column]
        raise InputError(
            f"{what}: answer {codes.index[row]}, theme {codes.columns[column]}: {found!r}; "
            "true and false are allowed"
        )
    return codes.astype(bool)


def members(groups: pd.Series | None, machine: pd.DataFrame) -> dict[str, Flags]:
    """Return which answers each group holds, by label in sorted order; all of them as ``all`` without groups.

    Parameters
    ----------
    groups
        Label by ``answer_id``. An answer may stand several times, in several groups; one without a label, or
        with none of the machine's, is in no group.
    machine
        Frame with the answers as index.

    Examples
    --------
    >>> machine = pd.DataFrame({"energy": [True, False]}, index=["a1", "a2"])
    >>> groups = pd.Series(["AT", "AT", "BE"], index=["a1", "a2", "a2"])
    >>> {label: flags.tolist() for label, flags in members(groups, machine).items()}
    {'AT': [True, True], 'BE': [False, True]}
    """
    if groups is None:
        return {"all": np.ones(len(machine), dtype=np.bool_)}
    labels = groups.dropna()
    labels = labels[labels.index.isin(machine.index)]
    return {
        str(label): np.asarray(machine.index.isin(labels.index[labels == label]), dtype=np.bool_)
        for label in sorted(labels.unique())
    }


def _known(values: pd.Series | None, index: pd.Index, what: str) -> Floats:
    if values is None:
        return np.ones(len(index), dtype=np.float64)
    if values.index.has_duplicates:
        answer = values.index[values.index.duplicated()][0]
        raise InputError(f"{what}: answer {answer} is listed twice; once is allowed")
    found = pd.to_numeric(values, errors="coerce").reindex(index).astype("float64")
    if found.isna().any():
        raise InputError(f"{what}: there is no number of answer {found.index[found.isna()][0]}")
    return np.asarray(found, dtype=np.float64)
