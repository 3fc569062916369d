"""How far totals and shares would move if other countries of the same kind had answered."""

import numpy as np
import pandas as pd

from helpers.analysis.capacity.entries import one_unit, usable_readings
from helpers.analysis.checks import Floats, require_columns, sizes
from helpers.data.errors import InputError

DRAWS = 2000
FEWEST_COUNTRIES = 2

_COLUMNS = {
    "measure": "str",
    "label": "str",
    "estimate": "Float64",
    "low": "Float64",
    "high": "Float64",
    "countries": "Int64",
    "draws": "Int64",
}


def bootstrap_by_country(
    entries: pd.DataFrame,
    by: str | None = None,
    *,
    seed: int,
    draws: int = DRAWS,
    level: float = 0.95,
    weights: pd.Series | None = None,
) -> pd.DataFrame:
    """Compute intervals by drawing whole countries with replacement.

    Countries differ, and respondents of one country are alike; drawing respondents one by one would claim too
    much. The intervals say how much hangs on which countries answered, not how reliable an answer is.

    Parameters
    ----------
    entries
        See `entries.counted_entries`; in one unit (with ``by``: one unit a group).
    by
        Optional column, e.g. ``"product"`` or ``"stage"``: one set of rows a group. All groups meet the same
        draws of countries.
    seed, draws, level
        Seed of the random numbers, number of draws, and probability of the interval.
    weights
        Optional: weight of each respondent, by ``respondent_id`` (see `raking.rake`).

    Returns
    -------
    DataFrame
        ``by`` if given, ``measure``, ``label``, ``estimate``, ``low``, ``high`` (percentiles of the draws),
        ``countries``, ``draws``. Measures: ``total`` of the values read, ``mean`` a respondent,
        ``respondents`` with an amount (all three weighted, if there are weights) and ``largest_country``
        (its share). With fewer than two countries there is no interval. Countries without an amount are not
        drawn.

    Raises
    ------
    InputError
        If the entries are in several units, a respondent has no weight, or an argument makes no sense.

    References
    ----------
    Field, C. A., and A. H. Welsh (2007), Bootstrapping Clustered Data, Journal of the Royal Statistical
    Society B 69 (3), 369-390; Davison, A. C., and D. V. Hinkley (1997), Bootstrap Methods and their
    Application, Cambridge University Press, section 5.3 (percentiles).

    Examples
    --------
    >>> entries = pd.DataFrame({
    ...     "respondent_id": ["r1", "r2", "r3"], "country": ["AT", "BE", "BE"], "product": "vials",
    ...     "stage": "vials", "amount": [6, 3, 1], "amount_low": [6, 3, 1], "amount_high": [6, 3, 1],
    ...     "unit": "litres", "usable": True})
    >>> table = bootstrap_by_country(entries, seed=1, draws=200).set_index("measure")
    >>> table.loc["total", ["estimate", "low", "high"]].to_list()
    [10.0, 8.0, 12.0]
    """
    _check(draws, level)
    if by is not None:
        require_columns(entries, "capacities", [by])
    rows = _weighted(usable_readings(entries), weights)
    groups = [("", rows)] if by is None else [(str(key), group) for key, group in rows.groupby(by, sort=True)]
    for name, group in groups:
        one_unit(group, f"bootstrap {name}".strip())
    countries = sorted(set(rows["country"]))
    times = _draws(len(countries), draws, seed)
    tables = [
        _intervals(_sums(group, countries), times, level, draws).assign(_group=name) for name, group in groups
    ]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=[*_COLUMNS, "_group"])
    table = table.astype({**_COLUMNS, "_group": "str"})
    return table[list(_COLUMNS)] if by is None else table.rename(columns={"_group": by})[[by, *_COLUMNS]]


def _check(draws: int, level: float) -> None:
    if draws < 1:
        raise InputError(f"bootstrap: draws is {draws}; whole numbers from one upwards are allowed")
    if not 0 < level < 1:
        raise InputError(f"bootstrap: level is {level}; numbers above 0 and below 1 are allowed")


def _weighted(rows: pd.DataFrame, weights: pd.Series | None) -> pd.DataFrame:
    if weights is None:
        return rows.assign(weight=1.0)
    found = pd.Series(sizes(weights, "weights"), index=weights.index)
    weight = rows["respondent_id"].map(found)
    if weight.isna().any():
        name = rows.loc[weight.isna(), "respondent_id"].iloc[0]
        raise InputError(f"weights: there is no weight of respondent {name}")
    return rows.assign(weight=weight)


def _draws(countries: int, draws: int, seed: int) -> Floats:
    """Return how often each country is drawn: a row a draw."""
    if countries < FEWEST_COUNTRIES:
        return np.ones((0, countries))
    chances = np.full(countries, 1 / countries)
    return np.random.default_rng(seed).multinomial(countries, chances, size=draws).astype(np.float64)


def _sums(rows: pd.DataFrame, countries: list[str]) -> pd.DataFrame:
    people = rows.drop_duplicates("respondent_id").groupby("country")["weight"].sum()
    amounts = (rows["point"] * rows["weight"]).groupby(rows["country"]).sum()
    return pd.DataFrame({"amount": amounts, "people": people}).reindex(countries).fillna(0.0)


def _intervals(sums: pd.DataFrame, times: Floats, level: float, draws: int) -> pd.DataFrame:
    amount, people = sums["amount"].to_numpy(dtype=float), sums["people"].to_numpy(dtype=float)
    once = _measures(amount, people, np.ones((1, len(sums))))
    drawn = _measures(amount, people, times)
    edges = [(1 - level) / 2, (1 + level) / 2]
    rows = []
    for name, label in _LABELS.items():
        known = drawn[name][~np.isnan(drawn[name])]
        low, high = np.quantile(known, edges) if len(known) else (np.nan, np.nan)
        rows.append((name, label, once[name][0], low, high, int((people > 0).sum()), draws))
    return pd.DataFrame(rows, columns=list(_COLUMNS))


_LABELS = {
    "total": "Capacity",
    "mean": "Capacity a respondent",
    "respondents": "Respondents with an amount",
    "largest_country": "Share of the largest country",
}


def _measures(amount: Floats, people: Floats, times: Floats) -> dict[str, Floats]:
    total, number = times @ amount, times @ people
    # A country drawn twice stands for two countries of its kind, each with its own amount.
    largest = (np.where(times > 0, 1.0, 0.0) * amount).max(axis=1, initial=0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(number > 0, total / number, np.nan)
        share = np.where(total > 0, largest / total, np.nan)
    known = len(amount) > 0
    return {
        "total": total if known else np.full(len(times), np.nan),
        "mean": mean,
        "respondents": number,
        "largest_country": share,
    }
