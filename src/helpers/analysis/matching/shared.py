"""What offers and arcs share: the time of a line, and what can be carried in a month."""

import numpy as np
import pandas as pd


def shared(
    offers: pd.DataFrame, needs: pd.DataFrame, arcs: pd.DataFrame, carried: float | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """List what is shared.

    Parameters
    ----------
    offers, needs, arcs
        Tables of a market, checked; see `market.Market`.
    carried
        Units x km that can be carried in a month, if that is limited.

    Returns
    -------
    tuple of DataFrame
        ``limits`` and ``uses`` of a market.
    """
    parts = [_nothing()]
    if "line" in offers:
        parts.append(_lines(offers, arcs))
    if carried is not None:
        parts.append(_carrying(needs, arcs, carried))
    before = 0
    for limits, uses in parts:
        uses["limit_row"] += before
        before += len(limits)
    filled = [part for part in parts if len(part[0])] or parts[:1]
    limits, uses = (pd.concat(tables, ignore_index=True) for tables in zip(*filled, strict=True))
    return limits, uses


def _nothing() -> tuple[pd.DataFrame, pd.DataFrame]:
    limits = {
        "limit": pd.Series(dtype="str"),
        "month": pd.Series(dtype="M8[us]"),
        "at_most": pd.Series(dtype=float),
    }
    uses = {"arc": pd.Series(dtype=int), "limit_row": pd.Series(dtype=int), "use": pd.Series(dtype=float)}
    return pd.DataFrame(limits), pd.DataFrame(uses)


def _lines(offers: pd.DataFrame, arcs: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Share a line's time: the parts of it that its offers take add up to one at most."""
    named = offers["line"].fillna("").astype("str").str.strip() != ""
    on_line = offers[named & (offers["amount"] > 0)]
    on_line = on_line[on_line.duplicated(["line", "month"], keep=False)]
    row = on_line.groupby(["line", "month"], sort=True).ngroup()
    heads = (
        on_line.assign(limit_row=row).drop_duplicates("limit_row").sort_values("limit_row", ignore_index=True)
    )
    names = "line " + heads["line"].astype("str")
    limits = pd.DataFrame({"limit": names, "month": heads["month"], "at_most": 1.0})
    arc = np.flatnonzero(arcs["offer_row"].isin(on_line.index).to_numpy(dtype=bool))
    offer_row = arcs["offer_row"].to_numpy()[arc]
    use = 1 / offers["amount"].to_numpy()[offer_row]
    return limits, pd.DataFrame({"arc": arc, "limit_row": row.reindex(offer_row).to_numpy(), "use": use})


def _carrying(needs: pd.DataFrame, arcs: pd.DataFrame, carried: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Limit the units x km that arrive in each month."""
    months = needs["month"].drop_duplicates().sort_values(ignore_index=True)
    limits = pd.DataFrame({"limit": "units x km carried", "month": months, "at_most": carried})
    limit_row = np.searchsorted(months, needs["month"])[arcs["need_row"].to_numpy()]
    uses = {"arc": np.arange(len(arcs)), "limit_row": limit_row, "use": arcs["km"].to_numpy()}
    return limits, pd.DataFrame(uses)
