"""Differences between groups and between waves, as far as they may be shown."""

from collections.abc import Mapping

import pandas as pd

from helpers.analysis.themes.comparisons import compare_groups
from helpers.analysis.themes.prevalence import HELD_BACK, NONE_STATED, SHOWN, VALIDATED, prevalence_table
from helpers.analysis.themes.shown_chosen import Chosen

YES, NO = "yes", "no"


def difference_table(
    chosen: Chosen,
    groups: pd.Series,
    cells: pd.DataFrame,
    *,
    level: float = 0.95,
    min_count: int = 3,
) -> pd.DataFrame:
    """Compare each group's share of answers that name a theme with that of the rest.

    Parameters
    ----------
    chosen
        From `shown_chosen.choose_answers`.
    groups
        Label by ``answer_id``; those of ``cells`` take part.
    cells
        From `shown_cells.theme_cells` for the same groups: a difference of a cell that is held back is not
        told, though it is counted among those that were looked at.
    level
        Probability of the intervals; 1 - level is the error that the corrected p values are held to.
    min_count
        Fewest respondents behind a theme.

    Returns
    -------
    DataFrame
        The tests that were made, the least p first: ``theme``, ``label``, ``group``, ``group_label``,
        ``share``, ``share_rest``, ``difference``, ``low``, ``high``, ``p``, ``p_holm``, ``p_bh``, ``alone``
        (whether p, looked at alone, is below 1 - level), ``found`` (whether Holm's corrected p is), in words:
        yes or no. Groups with fewer than 30 human-coded answers have no test.

    References
    ----------
    See `comparisons.compare_groups`.
    """
    known = groups[groups.isin(set(cells["group"]))]
    if known.empty or chosen.human is None:
        return _no_tests()
    table = compare_groups(
        chosen.machine,
        chosen.human,
        known,
        probabilities=chosen.probabilities,
        respondents=chosen.respondents,
        level=level,
        min_cell=min_count,
    )
    table = table[(table["method"] == VALIDATED) & table["p"].notna() & ~table["rare"]]
    table = table.rename(columns={"share_against": "share_rest"})
    labels = cells[["theme", "group", "label", "group_label", "status"]]
    shown = table.merge(labels, on=["theme", "group"])
    shown = shown[shown["status"].isin([SHOWN, NONE_STATED])]
    error = 1 - level
    shown = shown.assign(
        alone=(shown["p"] < error).map({True: YES, False: NO}).astype("str"),
        found=(shown["p_holm"] < error).map({True: YES, False: NO}).astype("str"),
    )
    return shown.sort_values(["p", "theme", "group"], ignore_index=True)[_COLUMNS]


_COLUMNS = [
    *("theme", "label", "group", "group_label", "share", "share_rest", "difference", "low", "high"),
    *("p", "p_holm", "p_bh", "comparisons", "alone", "found"),
]


def _no_tests() -> pd.DataFrame:
    texts = dict.fromkeys(("theme", "label", "group", "group_label", "alone", "found"), "str")
    numbers = dict.fromkeys([name for name in _COLUMNS if name not in texts], "Float64")
    return pd.DataFrame(columns=_COLUMNS).astype({**texts, **numbers, "comparisons": "Int64"})


def number_of_tests(table: pd.DataFrame) -> int:
    """Return how many tests were made, those included that are not told.

    Examples
    --------
    >>> number_of_tests(pd.DataFrame({"comparisons": [28, 28]})), number_of_tests(_no_tests())
    (28, 0)
    """
    return int(table["comparisons"].max()) if len(table) else 0


def joined_waves(waves: Mapping[str, Chosen]) -> tuple[Chosen, pd.Series]:
    """Put the answers of several waves together.

    Parameters
    ----------
    waves
        Name of the wave -> its answers, all coded by the same codebook.

    Returns
    -------
    tuple of Chosen and Series
        All answers, and the wave by ``answer_id``.
    """
    parts = list(waves.values())
    together = Chosen(
        answers=pd.concat([part.answers for part in parts], ignore_index=True),
        codes=pd.concat([part.codes for part in parts], ignore_index=True),
        machine=pd.concat([part.machine for part in parts]),
        coded=pd.concat([part.coded for part in parts], ignore_index=True),
    )
    labels = [name for name, part in waves.items() for _ in range(len(part.answers))]
    return together, pd.Series(labels, index=together.machine.index, dtype="str")


def change_table(
    waves: Mapping[str, Chosen], shares: pd.DataFrame, *, level: float = 0.95, min_count: int = 3
) -> pd.DataFrame:
    """Return each theme's share in every wave, and how it differs from the wave before.

    Parameters
    ----------
    waves
        Name of the wave -> its answers, the oldest first.
    shares
        From `shown_shares.share_table`: names and order of the themes.
    level, min_count
        As of `difference_table`; p values are corrected over all themes and waves.

    Returns
    -------
    DataFrame
        Theme by theme, wave by wave: ``theme``, ``label``, ``theme_order``, ``wave``, ``wave_order``,
        ``share``, ``low``, ``high``, ``method``, ``status``, ``difference`` (to the wave before), ``p_holm``
        and ``found`` (yes, no; missing in the first wave and where there is no test). Numbers are missing
        where held back, differences where one of the two is. No rows if there is one wave only.
    """
    together, labels = joined_waves(waves)
    table = prevalence_table(
        together.machine,
        together.human,
        groups=labels,
        probabilities=together.probabilities,
        respondents=together.respondents,
        level=level,
        min_cell=min_count,
    )
    steps = compare_groups(
        together.machine,
        together.human,
        labels,
        against="before",
        order=list(waves),
        probabilities=together.probabilities,
        respondents=together.respondents,
        level=level,
        min_cell=min_count,
    )
    steps = steps[["theme", "group", "difference", "p_holm"]]
    table = table.merge(steps, on=["theme", "group"], how="left").rename(columns={"group": "wave"})
    table = table.merge(_themes_in_order(shares), on="theme")
    table["wave_order"] = table["wave"].map({name: place for place, name in enumerate(waves)})
    table = table.sort_values(["theme_order", "wave_order"], ignore_index=True)
    held = table["status"] == HELD_BACK
    before = held.groupby(table["theme"]).shift(fill_value=False)
    table[["share", "low", "high"]] = table[["share", "low", "high"]].mask(held)
    table[["difference", "p_holm"]] = table[["difference", "p_holm"]].mask(held | before)
    words = (table["p_holm"] < 1 - level).map({True: YES, False: NO})
    table["found"] = words.where(table["p_holm"].notna()).astype("str")
    columns = ["theme", "label", "theme_order", "wave", "wave_order", "share", "low", "high", "method"]
    return table[[*columns, "status", "difference", "p_holm", "found"]]


def _themes_in_order(shares: pd.DataFrame) -> pd.DataFrame:
    return shares[["theme", "label"]].reset_index(drop=True).rename_axis("theme_order").reset_index()
