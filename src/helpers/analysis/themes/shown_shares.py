"""How many answers name each theme, as far as it may be shown."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from helpers.analysis.themes.codebook import Codebook
from helpers.analysis.themes.ppi import Target
from helpers.analysis.themes.prevalence import (
    HELD_BACK,
    NONE_STATED,
    SHOWN,
    VALIDATED,
    prevalence_table,
)
from helpers.analysis.themes.shown_chosen import Chosen

_NUMBERS = ["share", "low", "high", "share_machine", "weighted", "weighted_low", "weighted_high"]


def share_table(
    chosen: Chosen,
    codebook: Codebook,
    *,
    weights: pd.Series | None = None,
    level: float = 0.95,
    min_count: int = 3,
) -> pd.DataFrame:
    """Return which share of the answers names each theme, most first.

    Parameters
    ----------
    chosen
        From `shown_chosen.choose_answers`.
    codebook
        For the names.
    weights
        Weight by ``respondent_id``, see `shown_weights.respondent_weights`; None if there are none.
    level
        Probability of the intervals.
    min_count
        Fewest respondents behind a number.

    Returns
    -------
    DataFrame
        ``theme``, ``label``, ``answers``, ``coded_by_machine``, ``human_sample``, ``share``, ``low``,
        ``high`` (of the answers that came in), ``share_machine``, ``weighted``, ``weighted_low``,
        ``weighted_high`` (of all who were invited; missing without weights), ``method`` (validated,
        unvalidated), ``rare``, ``status``, and ``note``: method, rare and status in words. Numbers are
        missing where held back. By share; what is held back and what nobody states comes last.

    References
    ----------
    See `prevalence.prevalence_table`.
    """
    table = _estimated(chosen, level=level, min_cell=min_count)
    if chosen.answers.empty:
        table["status"] = NONE_STATED
    table = table.merge(_weighted(chosen, weights, level, min_count), on="theme", how="left")
    held = table["status"] == HELD_BACK
    shown = {name: table[name].mask(held) for name in [*_NUMBERS, "coded_by_machine"]}
    table = table.assign(**shown, label=table["theme"].map(codebook.labels))
    said = table[["method", "rare", "status"]].itertuples(index=False)
    table = table.assign(note=[_note(*row) for row in said])
    place = table["status"].map({SHOWN: 0, HELD_BACK: 1, NONE_STATED: 2})
    order = table.assign(_place=place).sort_values(
        ["_place", "share"], ascending=[True, False], kind="stable"
    )
    columns = ["theme", "label", "answers", "coded_by_machine", "human_sample", *_NUMBERS]
    return order[[*columns, "method", "rare", "status", "note"]].reset_index(drop=True)


def _note(method: str, rare: bool, status: str) -> str:
    if status != SHOWN:
        return status
    said = "checked" if method == VALIDATED else "unchecked"
    return f"{said}, rare" if rare else said


def _estimated(
    chosen: Chosen,
    *,
    weights: pd.Series | None = None,
    level: float,
    min_cell: int,
    target: Target = "answers",
) -> pd.DataFrame:
    """Return the prevalence of every theme in the chosen answers, or in those that have a weight."""
    machine, human, probabilities = chosen.machine, chosen.human, chosen.probabilities
    if weights is not None:
        machine = machine.loc[weights.index]
    if human is not None and probabilities is not None:
        human = human[human.index.isin(machine.index)]
        probabilities = probabilities.reindex(human.index)
    return prevalence_table(
        machine,
        human,
        probabilities=probabilities,
        weights=weights,
        respondents=chosen.respondents,
        level=level,
        min_cell=min_cell,
        target=target,
    ).drop(columns="group")


def _weighted(chosen: Chosen, weights: pd.Series | None, level: float, min_count: int) -> pd.DataFrame:
    """Return the shares among those invited; missing where nobody recorded who they were."""
    columns = ["theme", "weighted", "weighted_low", "weighted_high"]
    known = pd.Series(dtype="float64") if weights is None else chosen.respondents.map(weights).dropna()
    if known.empty:
        rows = pd.DataFrame({"theme": chosen.machine.columns.astype("str")}).reindex(columns=columns)
        return rows.astype({**dict.fromkeys(columns[1:], "Float64"), "theme": "str"})
    table = _estimated(chosen, weights=known, level=level, min_cell=min_count, target="population")
    return table[["theme", "share", "low", "high"]].set_axis(columns, axis=1)


def own_shares(
    chosen: Chosen, shares: pd.DataFrame, cells: pd.DataFrame, country: str | None, *, level: float = 0.95
) -> pd.DataFrame:
    """Put a country's shares beside those of all.

    Parameters
    ----------
    chosen, shares
        From `shown_chosen.choose_answers` and `share_table`.
    cells
        From `shown_cells.theme_cells` by country: what may be shown of the country.
    country
        Eurostat code; without one nothing is added.
    level
        Probability of the intervals.

    Returns
    -------
    DataFrame
        ``shares`` with ``own``, ``own_low``, ``own_high`` (missing where held back), ``own_method`` and
        ``own_status``.
    """
    if country is None:
        return shares
    inside = chosen.answers["country"] == country
    names = chosen.answers.loc[inside, "answer_id"]
    own = Chosen(
        answers=chosen.answers[inside],
        codes=chosen.codes[chosen.codes["answer_id"].isin(names)],
        machine=chosen.machine.loc[list(names)],
        coded=chosen.coded[chosen.coded["answer_id"].isin(names)],
    )
    table = _estimated(own, level=level, min_cell=1).set_index("theme")
    status = cells[cells["group"] == country].set_index("theme")["status"]
    place = shares["theme"]
    visible = place.map(status).isin([SHOWN, NONE_STATED])
    numbers = {"own": "share", "own_low": "low", "own_high": "high"}
    added = {
        name: place.map(table[column]).astype("Float64").where(visible) for name, column in numbers.items()
    }
    return shares.assign(
        **added,
        own_method=place.map(table["method"]).astype("str"),
        own_status=place.map(status).astype("str"),
    )


def interval_of(
    row: Mapping[Hashable, Any], low: str = "low", high: str = "high"
) -> tuple[float, float] | None:
    """Return the interval of a row, for a fact; None where there is none.

    Examples
    --------
    >>> interval_of({"low": 0.1, "high": 0.2}), interval_of({"low": pd.NA, "high": pd.NA})
    ((0.1, 0.2), None)
    """
    ends = (row[low], row[high])
    return None if any(pd.isna(end) for end in ends) else (float(ends[0]), float(ends[1]))


def top_themes(shares: pd.DataFrame, number: int, column: str = "share") -> pd.DataFrame:
    """Return the themes that most answers name, as many as wanted; missing where there are fewer.

    Examples
    --------
    >>> shares = pd.DataFrame({"label": ["Energy", "Skills"], "status": ["shown", "held back"],
    ...                        "share": pd.array([0.2, None], dtype="Float64")})
    >>> top_themes(shares, 2)["label"].tolist()
    ['Energy', nan]
    """
    known = shares[(shares["status"] == SHOWN) & shares[column].notna() & (shares[column] > 0)]
    first = known.sort_values(column, ascending=False, kind="stable").head(number)
    return first.reset_index(drop=True).reindex(range(number))
