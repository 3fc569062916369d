"""How many answers name a theme: shares with intervals where people coded a sample, marked where not."""

from typing import Any

import pandas as pd

from helpers.analysis.themes.intervals import wilson_interval
from helpers.analysis.themes.material import FEWEST_CODED, Material, material, members
from helpers.analysis.themes.ppi import Flags, Share, Target, prediction_powered
from helpers.data.errors import InputError

__all__ = [
    "HELD_BACK",
    "NONE_STATED",
    "SHOWN",
    "UNVALIDATED",
    "VALIDATED",
    "Share",
    "prediction_powered",
    "prevalence_table",
    "shown_prevalence",
    "wilson_interval",
]

VALIDATED = "validated"
UNVALIDATED = "unvalidated"
SHOWN, HELD_BACK, NONE_STATED = "shown", "held back", "none stated"

_TYPES = {
    "theme": "str",
    "group": "str",
    "answers": "Int64",
    "coded_by_machine": "Int64",
    "human_sample": "Int64",
    "share_machine": "Float64",
    "share": "Float64",
    "low": "Float64",
    "high": "Float64",
    "method": "str",
    "rare": "bool",
    "status": "str",
}
_NUMBERS = ["coded_by_machine", "share_machine", "share", "low", "high"]


def prevalence_table(
    machine: pd.DataFrame,
    human: pd.DataFrame | None = None,
    *,
    probabilities: pd.Series | None = None,
    weights: pd.Series | None = None,
    respondents: pd.Series | None = None,
    groups: pd.Series | None = None,
    level: float = 0.95,
    min_cell: int = 3,
    target: Target = "answers",
    fewest_coded: int = FEWEST_CODED,
) -> pd.DataFrame:
    """Estimate the share of answers that name each theme.

    The unit is an answer: of a respondent who answered three questions, three count. Themes are judged one by
    one, so shares add up to more than one. How the estimate is made, and what is assumed of answers of one
    respondent: `ppi.prediction_powered`.

    Parameters
    ----------
    machine
        Bool, all answers (index ``answer_id``) x themes, see `coder.themes_by_answer`. Codes of a machine
        that learnt from ``human`` must be cross-fitted (`hybrid.hybrid_codes`).
    human
        Bool, the answers of the random sample x themes, see `human.agreed_codes` and `human.random_sample`;
        never answers of a review queue. A theme that is not among its columns stays unvalidated.
    probabilities
        Inclusion probability by ``answer_id`` of the sample; equal ones if not given.
    weights
        By ``answer_id``: the weight of its respondent, ``answers["respondent_id"].map(raked.weights)``; one
        each if not given.
    respondents
        ``respondent_id`` by ``answer_id``. If given, ``rare`` and ``status`` count respondents and not
        answers, and the target ``"population"`` reckons with the likeness of one respondent's answers.
    groups
        Label by ``answer_id`` (country, stage, wave); an answer may stand in several. Without groups all
        answers are one, called ``all``.
    level
        Probability of the intervals.
    min_cell
        Fewest respondents (or answers) of a cell.
    target
        ``"answers"`` (those that came in) or ``"population"`` (all who might have answered).
    fewest_coded
        Fewest answers of a group in the random sample for an estimate.

    Returns
    -------
    DataFrame
        Theme by theme in the order of ``machine``, group by group: ``theme``, ``group``, ``answers``,
        ``coded_by_machine`` (answers), ``human_sample`` (answers of the group in it), ``share_machine``,
        ``share``, ``low``, ``high`` (shares from 0 to 1, weighted), ``method``, ``rare``, ``status``.

        method: ``validated`` (an estimate with an interval) or ``unvalidated``: people coded too few answers,
        ``share`` is the machine's alone, and there is no interval.
        rare: fewer than ``min_cell`` stand behind the machine's code, or the share comes to fewer than
        ``min_cell`` answers.
        status: ``held back`` if one to ``min_cell - 1`` stand behind the code, or fewer than ``min_cell``
        are in the group (numbers are still there; see `shown_prevalence`), ``none stated`` if the machine
        gave the theme to no answer, otherwise ``shown``.

    Raises
    ------
    InputError
        See `material.material`.

    References
    ----------
    See `ppi.prediction_powered`.

    Examples
    --------
    >>> names = [f"a{place}" for place in range(200)]
    >>> machine = pd.DataFrame({"energy": [place < 40 for place in range(200)]}, index=names)
    >>> human = pd.DataFrame({"energy": [place < 36 for place in range(0, 200, 2)]}, index=names[::2])
    >>> columns = ["share_machine", "share", "low", "high", "method"]
    >>> prevalence_table(machine, human)[columns].round(3).values.tolist()
    [[0.2, 0.18, 0.159, 0.203, 'validated']]
    >>> prevalence_table(machine)[columns].values.tolist()
    [[0.2, 0.2, <NA>, <NA>, 'unvalidated']]
    """
    if min_cell < 1:
        raise InputError(f"min_cell is {min_cell}; whole numbers from one upwards are allowed")
    data = material(machine, human, probabilities, weights, respondents)
    parts = members(groups, data.machine)
    rows = []
    for theme in map(str, data.machine.columns):
        for label, flags in parts.items():
            found = data.estimate(theme, flags, level=level, target=target, fewest=fewest_coded)
            rows.append(_row(data, theme, label, flags, found, min_cell))
    return pd.DataFrame(rows, columns=list(_TYPES)).astype(_TYPES)


def shown_prevalence(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of `prevalence_table` without the numbers of the cells that are held back.

    One cell alone can be worked out where a total over the groups is shown beside the others; a table with
    totals must also pass `helpers.analysis.disclosure`.

    Examples
    --------
    >>> machine = pd.DataFrame({"energy": [True, False, False, False]}, index=["a1", "a2", "a3", "a4"])
    >>> table = prevalence_table(machine)
    >>> shown_prevalence(table)[["share_machine", "share", "status"]].values.tolist()
    [[<NA>, <NA>, 'held back']]
    """
    held = table["status"] == HELD_BACK
    return table.assign(**{name: table[name].mask(held) for name in _NUMBERS})


def _row(
    data: Material, theme: str, label: str, flags: Flags, found: Share | None, min_cell: int
) -> dict[str, Any]:
    answers, behind = int(flags.sum()), data.behind(theme, flags)
    by_machine = data.share_by_machine(theme, flags)
    share = by_machine if found is None else found.share
    few = 0 < behind < min_cell or data.counted(flags) < min_cell
    return {
        "theme": theme,
        "group": label,
        "answers": answers,
        "coded_by_machine": int(data.machine[theme].to_numpy()[flags].sum()),
        "human_sample": data.coded_by_people(theme, flags),
        "share_machine": by_machine,
        "share": share,
        "low": None if found is None else found.low,
        "high": None if found is None else found.high,
        "method": UNVALIDATED if found is None else VALIDATED,
        "rare": behind < min_cell or share * answers < min_cell,
        "status": HELD_BACK if few else NONE_STATED if not behind else SHOWN,
    }
