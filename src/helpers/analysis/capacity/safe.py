"""Curves and lists that tell nothing of a single respondent: steps of several, nothing of rare products."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from helpers.analysis.capacity.concentration import lorenz
from helpers.analysis.capacity.entries import amounts_by_respondent, usable_readings
from helpers.analysis.disclosure import TOTAL, Rules, cell_risks

LARGEST = (5, 10, 20, 50, 100)


def publishable(offers: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Return the entries of one product if its total may be shown, none of them otherwise.

    Curves over respondents tell more than their total; where even that is held back, nothing is drawn.

    Parameters
    ----------
    offers
        Entries of one product.
    cells
        From `published.protected_cells`.

    Examples
    --------
    >>> cells = pd.DataFrame({"product": ["vials"], "country": ["total"], "status": ["suppressed"]})
    >>> len(publishable(pd.DataFrame({"product": ["vials"]}), cells))
    0
    """
    total = cells[(cells["country"] == TOTAL) & cells["product"].isin(set(offers["product"]))]
    return offers if set(total["status"]) == {"published"} else offers.head(0)


def held_back_notice(offers: pd.DataFrame, shown: pd.DataFrame, label: str) -> str | None:
    """Say that a product's distribution is not drawn, or nothing.

    Examples
    --------
    >>> rows = pd.DataFrame({"respondent_id": ["r1"]})
    >>> held_back_notice(rows, rows, "Vials") is None
    True
    """
    if offers.empty or len(shown):
        return None
    return (
        f"{label}: too few respondents, or too much with one or two of them. Its total and everything drawn "
        "from it are held back."
    )


def safe_drops(min_count: int) -> tuple[int, ...]:
    """Return how many of the largest respondents may be taken away without revealing one of them.

    Neither the largest taken away first nor those between two steps may be fewer than ``min_count``; two
    more in the first step, since the largest respondents know themselves.

    Examples
    --------
    >>> safe_drops(3), safe_drops(8)
    ((5, 10, 20), (10, 20, 50))
    """
    kept: list[int] = []
    for number in LARGEST:
        if number >= min_count + 2 and (not kept or number - kept[-1] >= min_count):
            kept.append(number)
    return tuple(kept[:3])


def largest_may_be_shown(offers: pd.DataFrame, rules: Rules, public: Collection[str] = ()) -> bool:
    """Say whether it may be told what the largest respondents of a product have together, and the next ones.

    Whoever knows the total and what is left without the largest knows what those have: they are a cell of
    their own. So are the respondents between any two points of the Lorenz curve, or numbers of `safe_drops`.
    Shares are told to two decimals: a cell that breaks a rule is safe if they leave open what the rule asks.

    Parameters
    ----------
    offers
        Entries of one product; of none, there is nothing to tell.
    rules
        Disclosure rules.
    public
        Respondents shown whole elsewhere, see `safe_ramp_up`: each cell must be safe without them, too.

    Raises
    ------
    InputError
        If the entries are in several units.

    Examples
    --------
    >>> offers = pd.DataFrame({
    ...     "respondent_id": list("abcdef"), "country": "AT", "product": "vials", "stage": "vials",
    ...     "amount": 10.0, "amount_low": 10.0, "amount_high": 10.0, "unit": "litres", "usable": True})
    >>> largest_may_be_shown(offers, Rules())
    True
    >>> largest_may_be_shown(offers, Rules(), ["a", "b", "c", "d"])
    False
    >>> giant = offers.assign(amount_low=[1e6, 1, 1, 1, 1, 1], amount_high=[1e6, 1, 1, 1, 1, 1], amount=None)
    >>> largest_may_be_shown(giant, Rules())
    False
    """
    people = amounts_by_respondent(offers, "largest respondents")
    people = people.sort_values("point", kind="stable", ignore_index=True)
    drops = safe_drops(rules.min_count)
    if not people["point"].sum() > 0:
        return _is_safe(people.tail(drops[0]), rules, public)
    curve = lorenz(offers, smallest_step=drops[0])["cumulative_units"] * len(people)
    left = [len(people) - drop for drop in drops if len(people) - drop >= rules.min_count]
    cells = _between(people, sorted({*curve.round().astype(int), *left}))
    hidden = ~cells["holding"].isin(set(public))
    return _hidden_by_rounding(cells, rules) and _hidden_by_rounding(cells[hidden], rules)


def _between(people: pd.DataFrame, cuts: list[int]) -> pd.DataFrame:
    """Return the respondents between any two cuts, smallest first, and what rounded shares leave open.

    Returns
    -------
    DataFrame
        ``cell``, ``holding``, ``value``; ``more`` and ``less``: how far the cell's sum may lie above and
        below the true one for all that shares at the cuts, to two decimals, tell.
    """
    amounts = people["point"].to_numpy(dtype=np.float64)
    share = np.concatenate([[0.0], np.cumsum(amounts)]) / amounts.sum()
    told, last = share.round(2), len(amounts)
    parts = []
    for first, end in ((a, b) for a in cuts for b in cuts if a < b):
        open_by = 0.005 * ((first > 0) + (end < last))
        above = (told[end] - told[first]) - (share[end] - share[first])
        rows = people.iloc[first:end]
        cell = pd.DataFrame({"holding": rows["respondent_id"], "value": rows["point"]})
        room = {"more": (open_by + above) * amounts.sum(), "less": (open_by - above) * amounts.sum()}
        parts.append(cell.assign(cell=f"{first} {end}", **room))
    return pd.concat(parts, ignore_index=True)


def _hidden_by_rounding(cells: pd.DataFrame, rules: Rules) -> bool:
    """Say whether each cell of `_between` passes the rules, or is told no more closely than they ask."""
    if cells.empty:
        return True
    risks = cell_risks(cells, rules)
    room = cells.groupby("cell")[["more", "less"]].first().reindex(risks.index)
    # What may be nothing at all is open enough below.
    below = (room["less"] >= risks["needed_up"]) | (room["less"] >= risks["value"])
    return bool(((risks["reason"] == "") | ((room["more"] >= risks["needed_up"]) & below)).all())


def largest_in_words(without: pd.DataFrame, min_count: int) -> pd.DataFrame:
    """Name the rows of `concentration.largest_respondents`, and keep the rounded share alone.

    Returns
    -------
    DataFrame
        ``words``, ``dropped``, ``share_left`` (two decimals); rows that leave fewer than ``min_count`` are
        dropped, for their share would be that of one or two.

    Examples
    --------
    >>> rows = pd.DataFrame({"dropped": [0, 5], "respondents_left": [9, 4], "share_left": [1.0, 0.4321]})
    >>> largest_in_words(rows, 3).values.tolist()
    [['All respondents', 0, 1.0], ['Without the 5 largest', 5, 0.43]]
    """
    kept = without[without["respondents_left"] >= min_count]
    words = [
        "All respondents" if number == 0 else f"Without the {number} largest" for number in kept["dropped"]
    ]
    shares = kept["share_left"].astype("Float64").round(2)
    return pd.DataFrame({"words": words, "dropped": kept["dropped"].astype("int64"), "share_left": shares})


def safe_ramp_up(offers: pd.DataFrame, rules: Rules, public: Collection[str] = ()) -> pd.DataFrame:
    """Return the capacity available by month, each step of as many respondents as the rules ask for.

    An entry without a month is available already: so the questionnaires say; it counts from the first month
    that anybody names. A month whose respondents could be told apart waits for the next ones. What comes
    after the last step could be worked out from the total; steps are taken back until that is safe, too.

    Parameters
    ----------
    offers
        Entries of one product, with ``available_from``.
    rules
        Disclosure rules.
    public
        Respondents whose entries are shown whole elsewhere, see `shown.shown_whole`: a reader can take their
        amounts off, so what the others have in each step, and after the last, must pass the rules, too.

    Returns
    -------
    DataFrame
        ``month``, ``respondents``, ``low``, ``point``, ``high`` (as far as stated): cumulative, amounts to
        three significant digits.

    Examples
    --------
    >>> offers = pd.DataFrame({
    ...     "respondent_id": list("abcdefgh"), "country": "AT", "product": "vials", "stage": "vials",
    ...     "amount": 10.0, "amount_low": 10.0, "amount_high": 10.0, "unit": "litres", "usable": True,
    ...     "available_from": pd.to_datetime(["2021-01-01", "2021-02-01"] * 4)})
    >>> safe_ramp_up(offers, Rules())[["respondents", "point"]].values.tolist()
    [[4, 40.0], [8, 80.0]]
    """
    rows = usable_readings(offers).rename(columns={"high": "_open", "high_stated": "high"})
    months = pd.to_datetime(rows["available_from"]).dt.to_period("M").dt.to_timestamp()
    rows["month"] = months.fillna(months.min())
    ends, waiting = [], rows.head(0)
    for month, group in rows.dropna(subset=["month"]).groupby("month"):
        waiting = pd.concat([waiting, group]) if len(waiting) else group
        if _is_safe(waiting, rules, public):
            ends.append(month)
            waiting = rows.head(0)
    if ends and not _rest_is_safe(rows, ends[-1], rules, public):
        before = ends[-2] if len(ends) > 1 else pd.Timestamp.min
        if _is_safe(rows[rows["month"] > before], rules, public):
            ends[-1] = rows["month"].max()
    while ends and not _rest_is_safe(rows, ends[-1], rules, public):
        ends.pop()
    steps = [_cumulated(rows[rows["month"] <= end], end) for end in ends]
    table = pd.DataFrame(steps, columns=["month", "respondents", "low", "point", "high"])
    table[["low", "point", "high"]] = table[["low", "point", "high"]].apply(significant)
    return table


def _rest_is_safe(rows: pd.DataFrame, end: object, rules: Rules, public: Collection[str]) -> bool:
    return _is_safe(rows[~(rows["month"] <= end)], rules, public, empty=True)


def _is_safe(rows: pd.DataFrame, rules: Rules, public: Collection[str] = (), *, empty: bool = False) -> bool:
    """Say whether the entries pass the rules together, and so do those of them that are not public."""
    if rows.empty:
        return empty
    if len(public):
        unknown = rows[~rows["respondent_id"].isin(set(public))]
        if not _is_safe(unknown, rules, empty=True):
            return False
    cell = pd.DataFrame({"cell": 0, "holding": rows["respondent_id"], "value": rows["point"]})
    return bool((cell_risks(cell, rules)["reason"] == "").all())


def _cumulated(rows: pd.DataFrame, month: object) -> dict[str, object]:
    sums = rows[["low", "point", "high"]].sum()
    named = {str(name): value for name, value in sums.items()}
    return {"month": month, "respondents": rows["respondent_id"].nunique(), **named}


def rounded_lorenz(curve: pd.DataFrame) -> pd.DataFrame:
    """Round the shares of a Lorenz curve to two decimals, which is what a reader can see of it.

    Examples
    --------
    >>> curve = pd.DataFrame({"cumulative_units": [0.5], "cumulative_share": [0.12345]})
    >>> rounded_lorenz(curve)["cumulative_share"].to_list()
    [0.12]
    """
    return curve.assign(cumulative_share=curve["cumulative_share"].astype(float).round(2))


def sizes_on_grid(sizes: pd.DataFrame, respondents: int, min_count: int) -> pd.DataFrame:
    """Read a distribution at round amounts, 1, 2 and 5 times powers of ten, where nobody's own amount shows.

    An amount that only a few exceed would tell the largest respondents; as in `safe_drops`, at least two
    more than ``min_count`` must be above it, even if every value were at the lower end of its range.

    Parameters
    ----------
    sizes
        From `distribution.size_distribution`.
    respondents
        How many it is of.
    min_count
        Fewest respondents behind a number.

    Returns
    -------
    DataFrame
        ``amount`` (of the grid), and the columns of ``sizes`` at the largest amount not above it, shares to
        two decimals.

    Examples
    --------
    >>> rows = pd.DataFrame({"amount": [12.0, 31.0, 480.0], "share_low": [0.2, 0.5, 1.0],
    ...                      "share_high": [0.3, 0.6, 1.0]})
    >>> sizes_on_grid(rows, 20, 3)[["amount", "share_low"]].values.tolist()
    [[20.0, 0.2], [50.0, 0.5], [100.0, 0.5], [200.0, 0.5]]
    >>> sizes_on_grid(rows, 10, 3)[["amount", "share_low"]].values.tolist()
    [[20.0, 0.2]]
    """
    shares = [column for column in ("share_low", "share_high", "fitted") if column in sizes]
    known = sizes[sizes["amount"] > 0].sort_values("amount")[["amount", *shares]]
    if known.empty:
        return known
    low, high = (
        int(np.floor(np.log10(float(end)))) for end in (known["amount"].min(), known["amount"].max())
    )
    grid = [step * 10.0**power for power in range(low, high + 2) for step in (1, 2, 5)]
    place = np.searchsorted(known["amount"].to_numpy(dtype=float), grid, side="right") - 1
    last = int(np.searchsorted(grid, float(known["amount"].max()))) + 1
    above = ((1 - known["share_high"].to_numpy(dtype=float)) * respondents).round()
    kept = [
        at for at in range(min(last, len(grid))) if place[at] >= 0 and above[int(place[at])] >= min_count + 2
    ]
    table = known.iloc[[int(place[at]) for at in kept]].reset_index(drop=True)
    table[shares] = table[shares].astype("Float64").round(2)
    return table.assign(amount=[grid[at] for at in kept])


def significant(values: "pd.Series[float]", digits: int = 3) -> "pd.Series[float]":
    """Round to significant digits, which is all that answers of this kind can bear.

    Examples
    --------
    >>> significant(pd.Series([337405859.0, 78.26, 0.0])).to_list()
    [337000000.0, 78.3, 0.0]
    """
    numbers = pd.to_numeric(values, errors="coerce").astype("Float64")
    places = np.floor(np.log10(numbers.abs().where(numbers != 0, 1.0).astype(float)))
    scale = 10.0 ** (digits - 1 - places)
    return ((numbers * scale).round() / scale).astype("Float64")
