"""How often the intervals hold the true share: simulated answers, machines of known quality, samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.analysis.checks import Floats
from helpers.analysis.themes.intervals import wilson_interval
from helpers.analysis.themes.ppi import Flags, Target, prediction_powered
from helpers.data.errors import InputError


@dataclass(frozen=True)
class Machine:
    """A machine of known quality: of answers with a theme it codes so many, of those without so many not."""

    name: str
    sensitivity: float
    specificity: float


MACHINES = (
    Machine("nearly perfect", 0.97, 0.995),
    Machine("good", 0.85, 0.98),
    Machine("fair", 0.75, 0.97),
    Machine("poor", 0.60, 0.95),
    Machine("useless", 0.50, 0.50),
)
SHARES = (0.02, 0.05, 0.1, 0.3, 0.5)
SAMPLES = (100, 300)


def coverage_table(
    *,
    seed: int,
    draws: int = 1000,
    answers: int = 3000,
    shares: Sequence[float] = SHARES,
    samples: Sequence[int] = SAMPLES,
    machines: Sequence[Machine] = MACHINES,
    level: float = 0.95,
    target: Target = "answers",
) -> pd.DataFrame:
    """Simulate how often intervals hold the true share, and how wide they are.

    In each draw answers get a theme by chance, the machine codes all of them with its rate of errors, a
    simple random sample is coded by people without error, and three intervals are computed: that of
    `ppi.prediction_powered`, Wilson's of the human sample alone (with the finite population correction), and
    Wilson's of the machine's codes taken for the truth.

    Parameters
    ----------
    seed, draws
        Seed of the random numbers (of each row its own), and draws a row.
    answers
        How many there are.
    shares, samples, machines
        True shares in the population, sizes of the human sample, and machines; a row each combination.
    level, target
        See `ppi.prediction_powered`. The truth is the share among the answers drawn, or in the population.

    Returns
    -------
    DataFrame
        ``machine``, ``share``, ``sample``, ``draws``; ``covered``, ``covered_human``, ``covered_machine``
        (share of the draws in which the interval held the truth), ``width``, ``width_human`` (mean), and
        ``width_ratio`` of the two.

    Raises
    ------
    InputError
        If there are fewer answers than a sample needs, or no draws.

    Examples
    --------
    >>> table = coverage_table(seed=1, draws=200, shares=[0.3], samples=[100], machines=[MACHINES[2]])
    >>> table[["covered", "covered_machine", "width_ratio"]].round(2).values.tolist()
    [[0.97, 0.0, 0.67]]
    """
    if draws < 1 or max(samples) > answers:
        raise InputError(f"simulation: {draws} draws of {max(samples)} of {answers} answers make no sense")
    rows = []
    for place, (machine, share, sample) in enumerate(
        (machine, share, sample) for machine in machines for sample in samples for share in shares
    ):
        generator = np.random.default_rng([seed, place])
        held = [_draw(generator, machine, share, sample, answers, level, target) for _ in range(draws)]
        rows.append({"machine": machine.name, "share": share, "sample": sample, **_summed_up(np.array(held))})
    return pd.DataFrame(rows)


def coverage_of_learnt(
    *, seed: int, crossed: bool, draws: int = 300, answers: int = 2000, sample: int = 200, share: float = 0.2
) -> float:
    """Simulate the coverage of the estimate for a machine that learnt its codes from the human sample.

    Each answer holds one of many words, which tell more or less of the theme; the machine codes a word if
    most of the sampled answers with it have the theme. A learner that knows its answers by heart looks better
    on the sample than it is on the others.

    Parameters
    ----------
    seed, draws, answers, sample, share
        As of `coverage_table`.
    crossed
        Whether it is cross-fitted in five folds, so that no answer is coded by rules learnt from its own
        fold, or learns from the whole sample and codes it, too (which is the mistake to avoid).

    Returns
    -------
    float
        Share of the draws in which the 95 per cent interval held the true share among the answers.

    References
    ----------
    Zrnic, T., and E. J. Candès (2024), Cross-Prediction-Powered Inference, PNAS 121 (15).

    Examples
    --------
    >>> coverage_of_learnt(seed=1, crossed=True) > 0.93 > coverage_of_learnt(seed=1, crossed=False)
    True
    """
    generator = np.random.default_rng(seed)
    held = 0
    for _ in range(draws):
        words = generator.integers(sample // 2, size=answers)
        chances = np.clip(share + generator.normal(0, share / 2, sample // 2), 0, 1)
        truth: Flags = generator.random(answers) < chances[words]
        sampled = generator.choice(answers, sample, replace=False)
        folds = generator.integers(5, size=answers) if crossed else np.zeros(answers, dtype=np.int64)
        machine = np.zeros(answers, dtype=np.bool_)
        for fold in np.unique(folds):
            learnt = sampled[folds[sampled] != fold] if crossed else sampled
            counts = np.bincount(words[learnt], np.where(truth[learnt], 1.0, -1.0), minlength=sample // 2)
            inside = folds == fold
            machine[inside] = counts[words[inside]] > 0
        found = prediction_powered(machine, sampled, truth[sampled])
        held += int(found.low <= truth.mean() <= found.high)
    return held / draws


def _draw(
    generator: np.random.Generator,
    machine: Machine,
    share: float,
    sample: int,
    answers: int,
    level: float,
    target: Target,
) -> list[float]:
    """Return of each interval whether it held the truth, and its width."""
    truth = generator.random(answers) < share
    chances = np.where(truth, machine.sensitivity, 1 - machine.specificity)
    codes = generator.random(answers) < chances
    sampled = generator.choice(answers, sample, replace=False)
    found = prediction_powered(codes, sampled, truth[sampled], level=level, target=target)
    rest = 1 - sample / answers if target == "answers" else 1.0
    size = sample / max(rest, 1e-9)
    alone = wilson_interval(float(truth[sampled].mean()) * size, size, level)
    machines = wilson_interval(float(codes.sum()), answers, level)
    true = float(truth.mean()) if target == "answers" else share
    limits = ((found.low, found.high), alone, machines)
    return [number for low, high in limits for number in (float(low <= true <= high), high - low)]


def _summed_up(held: Floats) -> dict[str, Any]:
    means = held.mean(axis=0)
    return {
        "draws": len(held),
        "covered": float(means[0]),
        "covered_human": float(means[2]),
        "covered_machine": float(means[4]),
        "width": float(means[1]),
        "width_human": float(means[3]),
        "width_ratio": float(means[1] / means[3]),
    }
