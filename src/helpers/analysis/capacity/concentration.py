"""How unevenly capacity is spread over respondents or countries, and how much hangs on the largest."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from helpers.analysis.capacity.entries import amounts_by_respondent
from helpers.analysis.clusters.concentration import MEASURES, known_values
from helpers.data.errors import InputError

Units = Literal["respondent", "country"]
DROPPED = (1, 2, 3, 5)

_WORDS = {"respondent": ("respondent", "respondents"), "country": ("country", "countries")}


def capacity_concentration(entries: pd.DataFrame, by: Units = "respondent") -> pd.DataFrame:
    """Compute the measures of concentration of capacity (the values read) over respondents or countries.

    Parameters
    ----------
    entries
        See `entries.counted_entries`; in one unit.
    by
        ``"respondent"`` or ``"country"``; those with a usable amount, zeros included.

    Returns
    -------
    DataFrame
        ``measure``, ``label``, ``value``, ``equal`` (if all had the same) and ``one`` (if one had all), as in
        `clusters.concentration.concentration_table`: HHI and its equivalent number, Gini, CR-1, CR-3, CR-5.
        Values are missing if there is nothing to share out.

    Raises
    ------
    InputError
        If the entries are in several units.

    Examples
    --------
    >>> entries = pd.DataFrame({
    ...     "respondent_id": ["r1", "r2", "r3", "r4"], "country": "AT", "product": "vials", "stage": "vials",
    ...     "amount": [20, 50, 20, 10.], "amount_low": [20, 50, 20, 10.], "amount_high": [20, 50, 20, 10.],
    ...     "unit": "litres", "usable": True})
    >>> capacity_concentration(entries).set_index("measure").loc[["hhi", "gini"], "value"].round(2).to_list()
    [0.34, 0.3]
    """
    known = known_values(_amounts(entries, by), whole=False)
    number = len(known) if known.sum() else 0
    equal, one = np.ones(number), np.eye(1, number)[0] if number else np.ones(0)
    rows = [
        {
            "measure": name,
            "label": _label(label, by),
            "value": measure(known),
            "equal": measure(equal),
            "one": measure(one),
        }
        for name, (label, measure) in MEASURES.items()
    ]
    return pd.DataFrame(rows)


def lorenz(entries: pd.DataFrame, by: Units = "respondent", *, smallest_step: int = 5) -> pd.DataFrame:
    """Build the Lorenz curve of capacity (the values read) over respondents or countries.

    Parameters
    ----------
    entries
        See `entries.counted_entries`; in one unit.
    by
        ``"respondent"`` or ``"country"``.
    smallest_step
        Respondents a step at least, so that no step of a published curve is one respondent's amount; of
        countries every one is a step.

    Returns
    -------
    DataFrame
        ``unit`` (the country that the step adds; empty for respondents), ``cumulative_units``,
        ``cumulative_share``: from (0, 0) to (1, 1), smallest first. Only the columns if there is nothing to
        share out.

    Raises
    ------
    InputError
        If the entries are in several units or ``smallest_step`` is below one.

    References
    ----------
    See `clusters.lorenz.lorenz_curve`.

    Examples
    --------
    >>> entries = pd.DataFrame({
    ...     "respondent_id": ["r1", "r2"], "country": ["AT", "BE"], "product": "vials", "stage": "vials",
    ...     "amount": [3, 1], "amount_low": [3, 1], "amount_high": [3, 1], "unit": "litres", "usable": True})
    >>> lorenz(entries, "country")["cumulative_share"].to_list()
    [0.0, 0.25, 1.0]
    """
    if smallest_step < 1:
        raise InputError(
            f"lorenz: smallest_step is {smallest_step}; whole numbers from one upwards are allowed"
        )
    amounts = _amounts(entries, by).sort_index().sort_values(kind="stable")
    total = float(amounts.sum())
    if not total:
        return pd.DataFrame({"unit": [], "cumulative_units": [], "cumulative_share": []}).astype(
            {"unit": "str", "cumulative_units": "float64", "cumulative_share": "float64"}
        )
    number = len(amounts)
    steps = np.arange(number + 1) if by == "country" else _steps(number, smallest_step)
    running = np.concatenate([[0.0], np.cumsum(amounts.to_numpy(dtype=float)) / total])
    running[-1] = 1.0
    names = ["", *amounts.index] if by == "country" else [""] * len(steps)
    return pd.DataFrame(
        {"unit": names, "cumulative_units": steps / number, "cumulative_share": running[steps]}
    )


def largest_respondents(entries: pd.DataFrame, drop: Sequence[int] = DROPPED) -> pd.DataFrame:
    """Compute what is left of the picture without the largest respondents.

    Parameters
    ----------
    entries
        See `entries.counted_entries`; in one unit.
    drop
        Numbers of respondents left out, largest by the value read first.

    Returns
    -------
    DataFrame
        ``dropped`` (0 first), ``low``, ``point``, ``high`` (missing if open) of the others and ``share_left``
        of all points; ``respondents_left``, ``countries_left`` with some capacity, ``countries_lost``,
        ``cr1_country`` (share of the country that is then the largest). The row of one or two dropped tells
        the size of the largest to whoever knows the total: publish it only where the disclosure rules allow.

    Raises
    ------
    InputError
        If the entries are in several units or a number to drop is negative.

    Examples
    --------
    >>> entries = pd.DataFrame({
    ...     "respondent_id": ["r1", "r2", "r3"], "country": ["AT", "BE", "BE"], "product": "vials",
    ...     "stage": "vials", "amount": [6, 3, 1], "amount_low": [6, 3, 1], "amount_high": [6, 3, 1],
    ...     "unit": "litres", "usable": True})
    >>> largest_respondents(entries, [1])[["dropped", "share_left", "countries_lost"]].values.tolist()
    [[0, 1.0, 0], [1, 0.4, 1]]
    """
    if any(number < 0 for number in drop):
        raise InputError(f"largest respondents: drop is {list(drop)}; numbers from zero upwards are allowed")
    people = amounts_by_respondent(entries, "largest respondents")
    ranked = people.sort_values(["point", "respondent_id"], ascending=[False, True], ignore_index=True)
    rows = [_left(ranked, number) for number in sorted({0, *drop})]
    table = pd.DataFrame(rows)
    table["share_left"] = table["point"] / (table["point"].iloc[0] or np.nan)
    table["countries_lost"] = table["countries_left"].iloc[0] - table["countries_left"]
    return table.astype(_LARGEST_COLUMNS)[list(_LARGEST_COLUMNS)]


def leave_one_out(entries: pd.DataFrame, by: Units = "country") -> pd.DataFrame:
    """Compute how the total and its concentration change when each country or respondent is left out.

    Returns
    -------
    DataFrame
        Most influential first: ``unit`` (country code; of respondents only their rank, "1" for the largest),
        ``share_left`` of the total, ``hhi`` over the units that are left, ``hhi_change``.

    Raises
    ------
    InputError
        If the entries are in several units.

    Examples
    --------
    >>> entries = pd.DataFrame({
    ...     "respondent_id": ["r1", "r2"], "country": ["AT", "BE"], "product": "vials", "stage": "vials",
    ...     "amount": [3, 1], "amount_low": [3, 1], "amount_high": [3, 1], "unit": "litres", "usable": True})
    >>> leave_one_out(entries)[["unit", "share_left"]].values.tolist()
    [['AT', 0.25], ['BE', 0.75]]
    """
    amounts = _amounts(entries, by).sort_index().sort_values(ascending=False, kind="stable")
    values = amounts.to_numpy(dtype=float)
    names = list(amounts.index) if by == "country" else [str(rank + 1) for rank in range(len(values))]
    left = values.sum() - values
    with np.errstate(divide="ignore", invalid="ignore"):
        hhi = np.where(left > 0, (np.square(values).sum() - np.square(values)) / np.square(left), np.nan)
        share = left / values.sum() if values.sum() else np.full(len(values), np.nan)
        whole = np.square(values).sum() / np.square(values.sum()) if values.sum() else np.nan
    table = pd.DataFrame({"unit": names, "share_left": share, "hhi": hhi, "hhi_change": hhi - whole})
    return table.astype({"unit": "str", **dict.fromkeys(["share_left", "hhi", "hhi_change"], "Float64")})


_LARGEST_COLUMNS = {
    "dropped": "Int64",
    "low": "Float64",
    "point": "Float64",
    "high": "Float64",
    "share_left": "Float64",
    "respondents_left": "Int64",
    "countries_left": "Int64",
    "countries_lost": "Int64",
    "cr1_country": "Float64",
}


def _amounts(entries: pd.DataFrame, by: Units) -> pd.Series:
    if by not in _WORDS:
        raise InputError(f"concentration: by is {by!r}; allowed: {', '.join(_WORDS)}")
    people = amounts_by_respondent(entries, "concentration")
    key = "respondent_id" if by == "respondent" else "country"
    return people.groupby(key)["point"].sum()


def _label(label: str, by: Units) -> str:
    one, several = _WORDS[by]
    return label.replace("countries", several).replace("country", one)


def _steps(number: int, smallest: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Divide the ranks into steps of at least so many, as even as can be."""
    pieces = max(number // smallest, 1)
    return np.round(np.linspace(0, number, pieces + 1)).astype(np.int64)


def _left(ranked: pd.DataFrame, number: int) -> dict[str, float | None]:
    rest = ranked.iloc[number:]
    able = rest[rest["high"] > 0]
    by_country = rest.groupby("country")["point"].sum()
    total = float(rest["point"].sum())
    high = float(rest["high"].sum())
    return {
        "dropped": number,
        "low": float(rest["low"].sum()),
        "point": total,
        "high": high if np.isfinite(high) else None,
        "respondents_left": len(able),
        "countries_left": able["country"].nunique(),
        "cr1_country": float(by_country.max()) / total if total else None,
    }
