"""How far coders agree with each other and the machine with them, as a table for readers."""

import pandas as pd

from helpers.analysis.themes.agreement import ALL_THEMES, CODERS, agreement_table
from helpers.analysis.themes.codebook import Codebook
from helpers.analysis.themes.shown_chosen import Chosen

MEASURES = ("alpha", "kappa", "precision", "recall", "f1")
_MISSING = ":"


def agreement_rows(
    chosen: Chosen, codebook: Codebook, *, seed: int, level: float = 0.95, min_count: int = 3
) -> pd.DataFrame:
    """Return agreement theme by theme, all themes first, each measure with its interval in words.

    Parameters
    ----------
    chosen
        From `shown_chosen.choose_answers`, best of all countries: how well the machine codes does not depend
        on which of them a report is about.
    codebook
        Names and order of the themes.
    seed
        Of the random draws of alpha's intervals.
    level
        Probability of the intervals.
    min_count
        Themes that people gave to fewer answers have no measures.

    Returns
    -------
    DataFrame
        ``theme``, ``label``, ``coded`` (answers to which people gave the theme, in the random sample where
        there is one), and of ``alpha``, ``kappa``, ``precision``, ``recall``, ``f1`` the value, ``_low``,
        ``_high`` and ``_words`` ("0.81 (0.72 to 0.88)"; ":" where it is not known). Without human codes no
        rows.

    References
    ----------
    See `agreement.agreement_table`.
    """
    names = {ALL_THEMES: "All themes", **codebook.labels}
    wide = pd.DataFrame({"theme": list(names), "label": list(names.values())})
    numbers = [name + end for name in MEASURES for end in ("", "_low", "_high")]
    if chosen.coded.empty:
        empty = wide.head(0).assign(coded=pd.Series(dtype="Int64"), **_none_of(numbers, wide.head(0)))
        return _in_words(empty)
    table = agreement_table(chosen.coded, chosen.machine, seed=seed, level=level)
    few = table["coded"] < min_count
    table[["value", "low", "high"]] = table[["value", "low", "high"]].mask(few)
    wide = wide.assign(coded=wide["theme"].map(_coded(table)).astype("Int64"), **_none_of(numbers, wide))
    for measure in MEASURES:
        rows = table[table["measure"] == measure].set_index("theme")
        for end, column in (("", "value"), ("_low", "low"), ("_high", "high")):
            wide[measure + end] = wide["theme"].map(rows[column]).astype("Float64")
    return _in_words(wide.assign(coded=wide["coded"].mask(wide["coded"] < min_count)))


def _coded(table: pd.DataFrame) -> pd.Series:
    """Return to how many answers people gave each theme."""
    machine = table[table["between"] != CODERS]
    rows = machine if len(machine) else table
    return rows.drop_duplicates("theme").set_index("theme")["coded"]


def _none_of(numbers: list[str], like: pd.DataFrame) -> dict[str, pd.Series]:
    return {name: pd.Series(pd.NA, index=like.index, dtype="Float64") for name in numbers}


def _in_words(wide: pd.DataFrame) -> pd.DataFrame:
    words = {
        f"{name}_words": pd.Series(
            [_interval(*row) for row in wide[[name, f"{name}_low", f"{name}_high"]].itertuples(index=False)],
            index=wide.index,
            dtype="str",
        )
        for name in MEASURES
    }
    return wide.assign(**words)


def _interval(value: float, low: float, high: float) -> str:
    if pd.isna(value):
        return _MISSING
    return f"{value:.2f}" if pd.isna(low) or pd.isna(high) else f"{value:.2f} ({low:.2f} to {high:.2f})"
