"""Which themes are named together, as far as it may be shown."""

import pandas as pd

from helpers.analysis.themes.cooccurrence import cooccurrence
from helpers.analysis.themes.prevalence import HELD_BACK, NONE_STATED, SHOWN
from helpers.analysis.themes.shown_chosen import Chosen


def pair_table(chosen: Chosen, shares: pd.DataFrame, *, min_count: int = 3) -> pd.DataFrame:
    """Return how often each two themes are named in one answer.

    Parameters
    ----------
    chosen
        From `shown_chosen.choose_answers`; themes as the machine coded them.
    shares
        From `shown_shares.share_table`: the order of the themes, and which of them are held back.
    min_count
        Fewest respondents behind a pair.

    Returns
    -------
    DataFrame
        A row a pair, the commoner theme first: ``theme``, ``label``, ``theme_order``, ``other``,
        ``other_label``, ``other_order``, ``answers`` (that name both), ``lift`` (how many times as many as if
        the two had nothing to do with each other), ``phi`` (their correlation), ``status`` (shown, held back,
        none stated). Numbers are missing where held back.

    References
    ----------
    See `cooccurrence.cooccurrence`.
    """
    order = {theme: place for place, theme in enumerate(shares["theme"])}
    labels = dict(zip(shares["theme"], shares["label"], strict=True))
    held = set(shares.loc[shares["status"] == HELD_BACK, "theme"])
    pairs = cooccurrence(chosen.machine[list(order)])
    people = [_people(chosen, one, other) for one, other in zip(pairs["theme"], pairs["other"], strict=True)]
    behind = pd.Series(people, index=pairs.index, dtype="int64")
    few = behind.between(1, min_count - 1) | pairs["theme"].isin(held) | pairs["other"].isin(held)
    status = pd.Series(SHOWN, index=pairs.index, dtype="str").mask(behind == 0, NONE_STATED)
    table = pairs.assign(
        label=pairs["theme"].map(labels).astype("str"),
        theme_order=pairs["theme"].map(order).astype("int64"),
        other_label=pairs["other"].map(labels).astype("str"),
        other_order=pairs["other"].map(order).astype("int64"),
        answers=pairs["answers"].astype("Int64").mask(few),
        lift=pairs["lift"].astype("Float64").mask(few | pairs["lift"].isna()),
        phi=pairs["phi"].astype("Float64").mask(few | pairs["phi"].isna()),
        status=status.mask(few, HELD_BACK),
    )
    columns = ["theme", "label", "theme_order", "other", "other_label", "other_order"]
    return table[[*columns, "answers", "lift", "phi", "status"]]


def _people(chosen: Chosen, one: str, other: str) -> int:
    """Return how many respondents name both in one answer."""
    both = chosen.machine.index[chosen.machine[one] & chosen.machine[other]]
    return int(chosen.respondents.loc[both].nunique())


def strongest_pairs(pairs: pd.DataFrame, number: int) -> pd.DataFrame:
    """Return the pairs that are correlated most, of those named together more often than by chance.

    Examples
    --------
    >>> pairs = pd.DataFrame({"label": ["Energy", "Skills"], "other_label": ["Data", "Data"],
    ...                       "lift": [0.5, 2.0], "phi": [-0.1, 0.2], "status": "shown"})
    >>> strongest_pairs(pairs, 5)["label"].tolist()
    ['Skills']
    """
    more = pairs[(pairs["status"] == SHOWN) & (pairs["lift"] > 1).fillna(False)]
    return more.sort_values("phi", ascending=False, kind="stable").head(number).reset_index(drop=True)
