"""What one more unit is worth at each need, offer and shared limit, and how far that holds."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.analysis.checks import Floats, require_columns
from helpers.analysis.linear import Solution, worth
from helpers.analysis.matching.distance import Ints
from helpers.analysis.matching.plan import Plan
from helpers.analysis.matching.program import Piece, own_scale
from helpers.analysis.matching.residual import cheapest_ways, reach, residual
from helpers.analysis.matching.scale import in_scale, scaled
from helpers.analysis.matching.wording import in_words
from helpers.data.errors import InputError

OF = ("needs", "offers", "limits")
_COLUMNS = ["value_more", "value_less", "holds_more", "holds_less"]
_EQUAL = 1e-6


def shadow_prices(
    plan: Plan, of: str = "needs", by: str | Sequence[str] | None = None, *, holds: bool = True
) -> pd.DataFrame:
    """Compute what one unit more, and one unit less, is worth at the optimum.

    Parameters
    ----------
    plan
        A cheapest plan. Fair plans decide shares before cost, so that there cost says nothing of scarcity.
    of
        ``needs``: what one more unit needed costs. ``offers``: what one more unit offered saves. ``limits``:
        what one more unit of a shared line or limit saves.
    by
        Columns of the table (as ``region``, ``country``, ``product``, ``month``) by which to take means,
        weighted by amounts.
    holds
        Whether to compute how far the values hold, which takes longer; missing otherwise.

    Returns
    -------
    DataFrame
        A row each need (``need``, ``product``, ``region``, ``month``), offer (``offer``, ``product``,
        ``country`` if given, ``month``) or limit, with ``amount`` and

        - ``value_more``, ``value_less``: worth of one unit more and of one less, in cost units a unit: the
          two ends of the range of dual values; ``value_less`` is missing where there is nothing to lose;
        - ``holds_more``, ``holds_less``: how many units more or less it holds for; infinite if for ever;
        - ``degenerate``: whether the two differ, so that one number alone would be arbitrary;
        - ``words``: the same as a sentence.

        With ``by``: those columns, ``rows``, ``amount``, the means of the two values, ``lowest``,
        ``highest``, ``degenerate`` (any row) and ``words``.

    Raises
    ------
    InputError
        If the plan is not a cheapest one, or ``of`` or ``by`` is unknown.

    Examples
    --------
    >>> from helpers.analysis.matching.market import build_market
    >>> from helpers.analysis.matching.transport import match
    >>> place = {"product": "masks", "latitude": 50.0, "month": pd.Timestamp("2021-03-01")}
    >>> offers = pd.DataFrame({"offer": ["r1"], "longitude": [4.0], "amount": [60.0], **place})
    >>> needs = pd.DataFrame({"need": ["near", "far"], "region": ["BE", "PL"], "longitude": [5.0, 20.0],
    ...                       "amount": [50.0, 50.0], **place})
    >>> prices = pd.DataFrame({"product": ["masks"], "unmet": [10], "freight": [1], "holding": [0]})
    >>> found = shadow_prices(match(build_market(offers, needs, prices)), of="offers")
    >>> found[["value_more", "holds_more", "holds_less"]].round(3)
       value_more  holds_more  holds_less
    0       8.859        40.0        10.0
    """
    if of not in OF:
        raise InputError(f"of: {of!r}; allowed: {', '.join(OF)}")
    if plan.fairness != "cheapest":
        raise InputError(
            f"plan: made as {plan.fairness}; shadow prices are those of a cheapest plan: match(market)"
        )
    table = _rows_of(plan, of)
    values = _worthless(table["amount"].to_numpy(), holds)
    for piece, solution in plan.solved:
        rows, found = _of_piece(plan, piece, solution, of, holds)
        values[rows] = found
    table[_COLUMNS] = values
    table["degenerate"] = _differ(table["value_more"], table["value_less"])
    if by is not None:
        table = _grouped(table, [by] if isinstance(by, str) else list(by), of)
    told = table.reindex(columns=[*_COLUMNS, "degenerate"]).to_dict("records")
    return table.assign(words=[in_words({str(name): row[name] for name in row}, of) for row in told])


def _worthless(amount: Floats, holds: bool) -> Floats:
    """Return the numbers of what nobody needs: worth nothing, however much there is."""
    values = np.zeros((len(amount), 4))
    values[:, 2], values[:, 3] = np.inf, amount
    values[amount <= 0, 1] = np.nan
    if not holds:
        values[:, 2:] = np.nan
    return values


def _differ(more: pd.Series, less: pd.Series) -> pd.Series:
    return (more - less).abs() > _EQUAL * np.maximum(more.abs(), less.abs())


def _rows_of(plan: Plan, of: str) -> pd.DataFrame:
    market = plan.market
    if of == "limits":
        return market.limits.rename(columns={"at_most": "amount"})
    table = market.needs if of == "needs" else market.offers
    own = ["need", "product", "region"] if of == "needs" else ["offer", "product"]
    country = ["country"] if "country" in table else []
    return table[[*own, *country, "month", "amount"]].copy()


def _of_piece(plan: Plan, piece: Piece, solution: Solution, of: str, holds: bool) -> tuple[Ints, Floats]:
    """Return row numbers of a piece's offers, needs or limits, and the four numbers of each."""
    groups = {"offers": piece.offers, "needs": piece.needs, "limits": piece.limits}
    start = {"offers": 0, "needs": len(piece.offers), "limits": len(piece.offers) + len(piece.needs)}[of]
    rows = np.arange(len(groups[of])) + start
    values = (_by_programs if len(piece.limits) else _by_ways)(plan, piece, solution, rows, holds)
    if of != "needs":
        values[:, :2] *= -1
    # What is not there cannot be lost.
    amount = piece.program.row_high[rows]
    values[:, 3] = np.minimum(values[:, 3], amount)
    values[amount <= 0, 1] = np.nan
    return groups[of], values + 0.0


def _by_programs(plan: Plan, piece: Piece, solution: Solution, rows: Ints, holds: bool) -> Floats:
    """Solve small programs for each row: the way for markets in which something is shared."""
    scale = own_scale(plan.market, piece)
    program, optimum = scaled(piece.program, scale), in_scale(solution, scale)
    values = np.full((len(rows), 4), np.nan)
    for number, row in enumerate(rows):
        found = worth(program, optimum, int(row), holds=holds)
        values[number, :2] = np.array([found.more, found.less]) * scale.price * scale.rows[row]
        if holds:
            values[number, 2:] = np.array([found.more_holds, found.less_holds]) / scale.rows[row]
    return values


def _by_ways(plan: Plan, piece: Piece, solution: Solution, rows: Ints, holds: bool) -> Floats:
    """Follow the cheapest ways of a unit: the same numbers, of all rows at once."""
    net = residual(plan.market, piece, solution)
    come, go = cheapest_ways(net, towards=False), cheapest_ways(net, towards=True)
    offer = bool(len(rows)) and rows[0] < len(piece.offers)
    # One more at an offer goes towards the ground, or stays; one more at a need comes from there.
    more, less = (go, come) if offer else (come, go)
    values = np.full((len(rows), 4), np.nan)
    values[:, 0], values[:, 1] = more.cost[rows], -less.cost[rows]
    if offer:
        values[:, 0] = np.minimum(values[:, 0], 0.0)
    values[:, :2] = np.where(np.abs(values[:, :2]) > _EQUAL * _largest(net.level), values[:, :2], 0.0)
    if not holds:
        return values
    for number, row in enumerate(rows):
        idle = offer and values[number, 0] == 0
        values[number, 2] = np.inf if idle else reach(more, int(row))
        values[number, 3] = reach(less, int(row))
    return values


def _largest(values: Floats) -> float:
    return float(np.max(np.abs(values), initial=0.0))


def _grouped(table: pd.DataFrame, by: list[str], of: str) -> pd.DataFrame:
    """Take means by group, weighted by amounts; plain ones where all amounts are zero."""
    require_columns(table, of, by)
    return pd.DataFrame([_group(by, key, rows) for key, rows in table.groupby(by, sort=True)])


def _group(by: list[str], key: tuple[object, ...], rows: pd.DataFrame) -> dict[str, object]:
    values = rows[["value_more", "value_less"]]
    return {
        **dict(zip(by, key, strict=True)),
        "rows": len(rows),
        "amount": rows["amount"].sum(),
        **{name: _mean(rows[name], rows["amount"]) for name in ("value_more", "value_less")},
        "lowest": values.min().min(),
        "highest": values.max().max(),
        "degenerate": bool(rows["degenerate"].any()),
    }


def _mean(values: pd.Series, amounts: pd.Series) -> float:
    known = values.notna()
    if not known.any():
        return np.nan
    weights = amounts[known] if amounts[known].sum() > 0 else None
    return float(np.average(values[known], weights=weights))
