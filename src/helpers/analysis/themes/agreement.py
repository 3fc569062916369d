"""Agreement between coders, and of the machine with them, in one table."""

from typing import Any

import pandas as pd

from helpers.analysis.themes.human import RANDOM, agreed_codes, codes_by_coder, random_sample
from helpers.analysis.themes.kappa import cohen_kappa
from helpers.analysis.themes.krippendorff import (
    DRAWS,
    Agreement,
    alpha_with_interval,
    krippendorff_alpha,
)
from helpers.analysis.themes.material import yes_or_no
from helpers.analysis.themes.precision import ALL_THEMES, MEASURES, precision_recall

__all__ = [
    "ALL_THEMES",
    "Agreement",
    "agreement_by_theme",
    "agreement_table",
    "alpha_with_interval",
    "cohen_kappa",
    "krippendorff_alpha",
    "precision_recall",
]

CODERS = "coders"
MACHINE = "machine and people"

_TYPES = {
    "theme": "str",
    "between": "str",
    "measure": "str",
    "value": "Float64",
    "low": "Float64",
    "high": "Float64",
    "answers": "Int64",
    "coded": "Int64",
}


def agreement_table(
    coded: pd.DataFrame, machine: pd.DataFrame, *, seed: int, draws: int = DRAWS, level: float = 0.95
) -> pd.DataFrame:
    """Compute how far coders agree with each other and the machine with them, theme by theme and in all.

    An answer can have several themes, so each theme is judged by itself (given or not), which both coders and
    machine decide of each answer; ``all themes`` puts all these decisions together (micro-average), and its
    intervals allow for decisions on one answer depending on each other.

    Parameters
    ----------
    coded
        ``answer_id``, ``coder``, ``themes``, ``selection``, ``probability``: one row an answer and coder.
    machine
        Bool, all answers (index ``answer_id``) x themes of the codebook, see `coder.themes_by_answer`.
    seed, draws
        Seed and number of draws of alpha's intervals.
    level
        Probability of the intervals.

    Returns
    -------
    DataFrame
        ``theme``, ``between`` (``coders``, ``machine and people``), ``measure`` (``alpha`` of all coders,
        ``kappa`` if there are just two; ``precision``, ``recall``, ``f1``), ``value``, ``low``, ``high``,
        ``answers`` (coded by two coders or more; of the machine: in the random sample), ``coded``: to how
        many of these people (any coder; of the machine: most of them) gave the theme. Missing values where a
        measure is not defined, as of a theme that nobody gave.

        Coders are compared on all answers that two or more coded, also on those of a review queue. The
        machine is compared on the random sample only, weighted by the inverse of the probability, with what
        most coders gave, see `human.agreed_codes`.

    Raises
    ------
    InputError
        If ``coded`` is faulty (`human.codes_by_coder`, `human.random_sample`) or names an answer that the
        machine did not code.

    References
    ----------
    See `krippendorff_alpha`, `cohen_kappa` and `precision_recall`.

    Examples
    --------
    >>> names = [f"a{place}" for place in range(40)]
    >>> machine = pd.DataFrame({"energy": [place % 4 == 0 for place in range(40)]}, index=names)
    >>> words = ["energy" if place % 4 == 0 or place == 1 else "none" for place in range(40)]
    >>> coded = pd.DataFrame({"answer_id": names, "themes": words, "selection": "random", "probability": 1.0})
    >>> coded = pd.concat([coded.assign(coder="coder_1"), coded[:20].assign(coder="coder_2")])
    >>> table = agreement_table(coded, machine, seed=1, draws=50)
    >>> columns = ["measure", "value", "answers", "coded"]
    >>> table.loc[table["theme"] == "energy", columns].round(2).values.tolist()
    [['alpha', 1.0, 20, 6], ['kappa', 1.0, 20, 6], ['precision', 1.0, 40, 11], ['recall', 0.91, 40, 11],
     ['f1', 0.95, 40, 11]]
    """
    machine = yes_or_no(machine, "machine codes")
    themes = [str(theme) for theme in machine.columns]
    rows = _between_coders(codes_by_coder(coded, themes), seed, draws, level)
    rows += _with_machine(coded, machine, themes, level)
    order = {theme: place for place, theme in enumerate([*themes, ALL_THEMES])}
    table = pd.DataFrame(rows, columns=list(_TYPES)).astype(_TYPES)
    return table.sort_values("theme", key=lambda names: names.map(order), kind="stable", ignore_index=True)


def agreement_by_theme(table: pd.DataFrame) -> pd.DataFrame:
    """Lay a table of `agreement_table` out with a row a theme.

    Returns
    -------
    DataFrame
        ``theme``, and for each measure in the table its value, ``_low`` and ``_high``.

    Examples
    --------
    >>> table = pd.DataFrame({"theme": ["energy"], "measure": ["alpha"], "value": [0.8], "low": [0.7],
    ...                       "high": [0.9]})
    >>> agreement_by_theme(table).values.tolist()
    [['energy', 0.8, 0.7, 0.9]]
    """
    wide = pd.DataFrame({"theme": table["theme"].unique()})
    for measure in table["measure"].unique():
        names = {"value": measure, "low": f"{measure}_low", "high": f"{measure}_high"}
        rows = table.loc[table["measure"] == measure, ["theme", *names]].rename(columns=names)
        wide = wide.merge(rows, on="theme", how="left")
    return wide


def _between_coders(by_coder: pd.DataFrame, seed: int, draws: int, level: float) -> list[dict[str, Any]]:
    """Compare coders on the answers that at least two of them coded."""
    answers = by_coder.index.get_level_values("answer_id")
    several = by_coder[answers.isin(answers[answers.duplicated()])]
    if several.empty:
        return []
    sheets = {str(theme): several[theme].astype(object).unstack("coder") for theme in several.columns}
    sheets[ALL_THEMES] = pd.concat(sheets, names=["theme"])
    rows = []
    for theme, codes in sheets.items():
        owners = pd.Series(codes.index.get_level_values("answer_id"), index=codes.index)
        found = {"alpha": alpha_with_interval(codes, seed=seed, draws=draws, level=level, clusters=owners)}
        if codes.shape[1] == 2:
            found["kappa"] = cohen_kappa(codes.iloc[:, 0], codes.iloc[:, 1], level=level, clusters=owners)
        coded = int((codes.fillna(False).astype(bool)).any(axis=1).sum())
        rows += [_row(theme, CODERS, name, value, owners.nunique(), coded) for name, value in found.items()]
    return rows


def _with_machine(
    coded: pd.DataFrame, machine: pd.DataFrame, themes: list[str], level: float
) -> list[dict[str, Any]]:
    """Compare the machine with people on the random sample."""
    chances = random_sample(coded)
    if chances.empty:
        return []
    sample = coded[(coded["selection"] == RANDOM)]
    found = precision_recall(machine, agreed_codes(sample, themes), probabilities=chances, level=level)
    rows = []
    for line in found.to_dict("records"):
        for name in MEASURES:
            value = Agreement(line[name], line[f"{name}_low"], line[f"{name}_high"], line["answers"])
            rows.append(
                _row(line["theme"], MACHINE, name, value, line["answers"], line["both"] + line["human_only"])
            )
    return rows


def _row(
    theme: str, between: str, measure: str, found: Agreement, answers: int, coded: int
) -> dict[str, Any]:
    return {
        "theme": theme,
        "between": between,
        "measure": measure,
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "answers": answers,
        "coded": coded,
    }
