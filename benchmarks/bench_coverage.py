"""How often the intervals of shares of answers hold the truth."""

from collections.abc import Sequence

import pandas as pd

from benchmarks.measuring import table
from benchmarks.project import Setup
from helpers.analysis.themes.simulation import MACHINES, SAMPLES, SHARES, coverage_of_learnt, coverage_table

TITLE = "Coverage of the intervals of prevalence"
ANSWERS = 3000


def measure(setup: Setup) -> list[str]:
    """Simulate coverage by true share, size of the human sample and quality of the machine."""
    draws = 400 if setup.quick else 4000
    found = coverage_table(seed=1, draws=draws, answers=ANSWERS)
    learnt = [coverage_of_learnt(seed=1, crossed=crossed, draws=draws) for crossed in (True, False)]
    head = [
        "machine (sensitivity, specificity)",
        "human sample",
        *(f"true share {share:.0%}" for share in SHARES),
    ]
    head.append("width beside the sample alone")
    rows = [
        _row(found, machine.name, f"{machine.sensitivity:g}, {machine.specificity:g}", sample)
        for machine in MACHINES
        for sample in SAMPLES
    ]
    return [
        f"{ANSWERS:,} answers, all coded by a machine, a random sample of them by people; {draws:,} draws a "
        "cell of the 95 per cent interval of `prediction_powered`: in how many it held the share among all "
        "answers. Goal: 93 to 97 per cent. Where a sample holds hardly a mistake of the machine, intervals "
        "are wider than they need be: how seldom it errs is not known.",
        "",
        *table(head, rows),
        "",
        *_beside(found),
        "",
        f"A machine that learnt its codes from the sample: {_percent(learnt[0])} if it is cross-fitted, "
        f"{_percent(learnt[1])} if it coded answers that it learnt from.",
    ]


def _row(found: pd.DataFrame, machine: str, quality: str, sample: int) -> Sequence[str]:
    rows = found[(found["machine"] == machine) & (found["sample"] == sample)].set_index("share")
    covered = [_percent(rows["covered"].to_dict()[share]) for share in SHARES]
    return [f"{machine} ({quality})", str(sample), *covered, f"{rows['width_ratio'].mean():.2f}"]


def _beside(found: pd.DataFrame) -> list[str]:
    """Say how the two other ways fared, and the estimate by what it rests on."""
    judged = found[found["machine"] != MACHINES[0].name]
    inside = judged["covered"].between(0.93, 0.97).mean()
    return [
        f"All machines but the {MACHINES[0].name} one: {_percent(judged['covered'].mean())} on average "
        f"({_percent(judged['covered'].min())} to {_percent(judged['covered'].max())}; "
        f"{_percent(inside)} of the cells within 93 to 97). Human sample alone: "
        f"{_percent(found['covered_human'].mean())}. Machine codes taken for the truth: "
        f"{_percent(found['covered_machine'].mean())}."
    ]


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
