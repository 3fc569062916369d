"""How well the machine's codes agree with those of people: precision, recall and F1, theme by theme."""

import math
from typing import Any

import numpy as np
import pandas as pd

from helpers.analysis.checks import Floats
from helpers.analysis.themes.intervals import ratio_and_size, wilson_of_share
from helpers.analysis.themes.material import material
from helpers.data.errors import InputError

ALL_THEMES = "all themes"
MEASURES = ("precision", "recall", "f1")

_COUNTS = ("answers", "both", "machine_only", "human_only")


def precision_recall(
    machine: pd.DataFrame,
    human: pd.DataFrame,
    *,
    probabilities: pd.Series | None = None,
    weights: pd.Series | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Compute precision, recall and F1 of the machine's codes against those of people, with intervals.

    Each theme is judged by itself, answer by answer. Precision: of the answers that the machine coded, the
    share that people coded, too. Recall: of those that people coded, the share that the machine did. F1 is
    their harmonic mean. It grows with J = (both) / (both or either alone), F1 = 2J/(1 + J), and J is a share,
    so that its interval is that of J carried over.

    Parameters
    ----------
    machine
        Bool, answers x themes.
    human
        Bool, the answers that people coded x themes; all of them must be among those of ``machine``. Of
        answers from a review queue the measures tell nothing of all answers.
    probabilities
        Inclusion probability by ``answer_id`` where the sample was drawn with unequal ones: each answer then
        counts weight/probability.
    weights
        Of all answers, by ``answer_id``; one each if not given.
    level
        Probability of the intervals.

    Returns
    -------
    DataFrame
        A row a theme of both frames, in the order of ``machine``, then ``all themes`` (micro-average: all
        decisions of all themes together). ``theme``, ``answers``, ``both``, ``machine_only``, ``human_only``
        (numbers of answers in the sample, unweighted; of all themes decisions), and of ``precision``,
        ``recall`` and ``f1`` the value with ``_low`` and ``_high``: Wilson's interval; of unequal weights,
        and of the micro-average (whose decisions on one answer depend on each other), with the effective
        number of answers. Missing where nothing was coded.

    Raises
    ------
    InputError
        See `material.material`; or if the frames have no theme in common.

    References
    ----------
    van Rijsbergen, C. J. (1979), Information Retrieval, 2nd edition, chapter 7; intervals: see
    `intervals.wilson_of_share` and `intervals.ratio_and_size`.

    Examples
    --------
    >>> names = [f"a{place}" for place in range(10)]
    >>> machine = pd.DataFrame({"energy": [True] * 4 + [False] * 6}, index=names)
    >>> human = pd.DataFrame({"energy": [True] * 3 + [False] * 6 + [True]}, index=names)
    >>> table = precision_recall(machine, human).set_index("theme").loc["energy"]
    >>> table[["precision", "precision_low", "precision_high", "f1"]].astype(float).round(3).to_list()
    [0.75, 0.301, 0.954, 0.75]
    """
    data = material(machine, human, probabilities, weights, None)
    themes = [theme for theme in data.machine.columns if theme in data.human.columns]
    if not themes:
        raise InputError("precision and recall: machine and people have no theme in common")
    ours = data.machine[themes].to_numpy()[data.sampled]
    theirs = data.human[themes].to_numpy()
    counts = np.stack([ours & theirs, ours & ~theirs, ~ours & theirs]).astype(np.float64)
    factors = data.weights[data.sampled] / data.probabilities
    rows = [_row(str(theme), counts[:, :, place], factors, level) for place, theme in enumerate(themes)]
    rows.append(_row(ALL_THEMES, counts.sum(axis=2), factors, level))
    numbers = [name + end for name in MEASURES for end in ("", "_low", "_high")]
    types = {"theme": "str", **dict.fromkeys(_COUNTS, "Int64"), **dict.fromkeys(numbers, "Float64")}
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def _row(theme: str, counts: Floats, factors: Floats, level: float) -> dict[str, Any]:
    both, machine_only, human_only = counts
    row: dict[str, Any] = {
        "theme": theme,
        "answers": len(both),
        "both": int(both.sum()),
        "machine_only": int(machine_only.sum()),
        "human_only": int(human_only.sum()),
    }
    wholes = {
        "precision": both + machine_only,
        "recall": both + human_only,
        "f1": both + machine_only + human_only,
    }
    for name, whole in wholes.items():
        value, size = ratio_and_size(both, whole, factors)
        limits = (math.nan, math.nan) if math.isnan(value) else wilson_of_share(value, size, level)
        found = [_f1(number) for number in (value, *limits)] if name == "f1" else [value, *limits]
        row |= dict(zip((name, f"{name}_low", f"{name}_high"), found, strict=True))
    return row


def _f1(overlap: float) -> float:
    return 2 * overlap / (1 + overlap)
