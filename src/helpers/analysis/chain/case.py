"""One case of a chain: who can make what and when, who needs it, who may not export."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from helpers.analysis.chain.recipe import Chain
from helpers.analysis.chain.tables import CheckedTable, over_months
from helpers.data.errors import InputError

MARKET = "common market"
_MOST_MONTHS = 120


@dataclass(frozen=True)
class ChainCase:
    """What a chain is computed for; made by `chain_case`.

    Attributes
    ----------
    chain
        The recipe.
    months
        First days of the months.
    amounts
        ``product``, ``country``, ``month``, ``amount`` (units), ``share`` (what one more unit is in that
        month: the share of the ramp-up, 0 before the first amount).
    needs
        ``country``, ``month``, ``amount`` (doses); ``None``: as many doses as possible.
    closed
        ``country``, ``item``, ``month``: exports that are not allowed.
    enough
        Products that are taken not to limit anything.
    stocks
        Whether goods and doses can be kept for later months.
    starts
        Months in which a new period begins though no capacity changes.
    """

    chain: Chain
    months: pd.DatetimeIndex
    amounts: pd.DataFrame
    needs: pd.DataFrame | None
    closed: pd.DataFrame
    enough: frozenset[str]
    stocks: bool
    starts: frozenset[pd.Timestamp] = frozenset()

    @cached_property
    def places(self) -> pd.DataFrame:
        """``country``, ``place``: countries whose exports are free share one place, the common market.

        That changes nothing as long as doses of a route pass one plant at a stage; where they pass several,
        those must stand in one country, and each country is a place.
        """
        countries = [self.amounts["country"]]
        if self.needs is not None:
            countries.append(self.needs["country"])
        names = sorted(set(pd.concat(countries)))
        rows = self.chain.rows[~self.chain.rows["goods"]]
        single = rows.groupby(["route", "stage"])["part"].nunique().max() <= 1
        alone = set(self.closed["country"]) if single or rows.empty else set(names)
        # Exports that nobody else could take change nothing, but a place of their own shows them.
        places = [name if name in alone else MARKET for name in names]
        return pd.DataFrame({"country": names or [MARKET], "place": places or [MARKET]})

    @cached_property
    def calendar(self) -> pd.DataFrame:
        """``month``, ``period``, ``length``: months without a change are one period of so many.

        Whatever can be done in such months can be done evenly, with as many doses in all.
        """
        changes = np.asarray(self.months.isin([self.months[0], *self.starts]))
        tables = [
            (self.amounts, ["product", "country"], ["amount", "share"]),
            (self.needs, ["country"], ["amount"]),
        ]
        tables.append((self.closed.assign(shut=1.0), ["country", "item"], ["shut"]))
        for table, keys, values in tables:
            if table is None or table.empty:
                continue
            wide = table.pivot(index="month", columns=keys, values=values).reindex(self.months).fillna(0.0)
            numbers = wide.to_numpy(dtype=float)
            changes[1:] |= (numbers[1:] != numbers[:-1]).any(axis=1)
        period = self.months[changes][np.cumsum(changes) - 1]
        known = pd.DataFrame({"month": self.months, "period": period})
        return known.assign(length=known.groupby("period")["month"].transform("size").astype(float))

    @cached_property
    def periods(self) -> pd.DataFrame:
        """``period`` (its first month), ``length``: see `calendar`."""
        return self.calendar[["period", "length"]].drop_duplicates(ignore_index=True)

    def in_months(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return a table of periods as one of months."""
        return table.merge(self.calendar[["period", "month"]], on="period").drop(columns="period")

    @cached_property
    def supply(self) -> pd.DataFrame:
        """``product``, ``place``, ``period``, ``amount``, ``share``: capacity of a place in each month.

        Every product is there for the common market, even if nobody offers it there, and for other places
        where somebody does. Products that are enough have no limit.
        """
        first = self.amounts[self.amounts["month"].isin(self.periods["period"])]
        known = first.rename(columns={"month": "period"}).merge(self.places, on="country")
        keys = ["product", "place", "period"]
        sums = known.groupby(keys, as_index=False).agg(amount=("amount", "sum"), share=("share", "max"))
        places = self.places["place"].unique()
        every = pd.MultiIndex.from_product(
            [self.chain.products["product"], places, self.periods["period"]], names=keys
        )
        table = sums.set_index(keys).reindex(every).reset_index()
        table["share"] = table["share"].fillna(1.0)
        table["amount"] = table["amount"].fillna(0.0)
        table.loc[table["product"].isin(self.enough), "amount"] = np.inf
        somewhere = table.groupby("product")["amount"].transform("max") > 0
        here = table.groupby(["product", "place"])["amount"].transform("max") > 0
        return table[here | ~somewhere | (table["place"] == MARKET)].reset_index(drop=True)


def chain_case(
    chain: Chain,
    capacity: pd.DataFrame,
    *,
    start: str,
    months: int = 12,
    needs: pd.DataFrame | None = None,
    ramp_up: pd.DataFrame | None = None,
    closed: pd.DataFrame | None = None,
    enough: Iterable[str] = (),
    stocks: bool = True,
) -> ChainCase:
    """Check capacity, needs and closed borders, and spread them over months.

    Parameters
    ----------
    chain
        From `reading.read_chain`.
    capacity
        ``product``, ``country`` (or another name of a place, as OTHERS), ``amount`` (units a month, or units
        held). Optional: ``month``, from which the amount holds until the next row of the same product and
        country (missing: from the beginning); ``unit``, which must be the recipe's.
    start
        First month, as 2021-03.
    months
        How many, 1 to 120.
    needs
        ``country``, ``amount`` (doses a month), optional ``month`` (that month only; missing: every month).
        Without needs, as many doses as possible are made.
    ramp_up
        ``product`` or ``stage``, ``month``, ``share`` (0 to 1) of the amounts that is there from that month
        on, nothing before the first row. A product's own rows go before its stage's.
    closed
        ``country``, ``stage`` (missing: every stage), optional ``month`` (missing: every month): what a
        country makes at that stage may not leave it.
    enough
        Products that limit nothing, as those whose capacity is not known and taken to suffice.
    stocks
        Whether goods and doses can be kept for later months.

    Raises
    ------
    InputError
        With table, row and column.

    Examples
    --------
    >>> from helpers.analysis.chain import read_chain
    >>> recipe = pd.DataFrame({"product": ["filling"], "stage": "fill", "part": "filling", "used_at": "fill",
    ...     "routes": "all", "unit": "doses/month", "capacity_kind": "flow", "units_per_dose": 1.0})
    >>> stages = pd.DataFrame({"stage": ["fill"], "stage_order": [1], "yield_share": [1.0]})
    >>> chain = read_chain(recipe, stages, pd.DataFrame({"route": ["vial"]}))
    >>> capacity = pd.DataFrame({"product": ["filing"], "country": ["AT"], "amount": [5]})
    >>> chain_case(chain, capacity, start="2021-03")
    Traceback (most recent call last):
    ...
    helpers.data.errors.InputError: capacity: row 2, column product: filing; did you mean filling?
    """
    calendar = _calendar(start, months)
    amounts = _amounts(chain, capacity, calendar, ramp_up)
    demand = None if needs is None else _needs(needs, calendar)
    known = set(amounts["country"]) | (set() if demand is None else set(demand["country"]))
    allowed = set(chain.products["product"])
    strange = sorted(set(enough) - allowed)
    if strange:
        raise InputError(f"enough: {strange[0]!r} is no product of the recipe")
    return ChainCase(
        chain, calendar, amounts, demand, _closed(chain, closed, calendar, known), frozenset(enough), stocks
    )


def _calendar(start: str, months: int) -> pd.DatetimeIndex:
    try:
        first = pd.Period(start, freq="M").to_timestamp()
    except ValueError:
        raise InputError(f"start: {start!r} is no month; write it as 2021-03") from None
    if isinstance(months, bool) or not isinstance(months, int) or not 1 <= months <= _MOST_MONTHS:
        raise InputError(f"months: {months!r}; a whole number from 1 to {_MOST_MONTHS} is allowed")
    return pd.date_range(first, periods=months, freq="MS", unit="us")


def _amounts(
    chain: Chain, capacity: pd.DataFrame, months: pd.DatetimeIndex, ramp_up: pd.DataFrame | None
) -> pd.DataFrame:
    table = CheckedTable(capacity, "capacity", ["product", "country", "amount"])
    units = chain.products.set_index("product")["unit"]
    table.names("product", units.index)
    table.names("country")
    if MARKET in set(table.frame["country"]):
        raise InputError(f"capacity: column country: {MARKET!r} is the name of the market itself")
    table.numbers("amount", 0)
    if "unit" in table.frame:
        own = table.frame["product"].map(units)
        for unit in dict.fromkeys(own):
            wrong = (own == unit) & (table.frame["unit"] != unit)
            table.refuse("unit", wrong.to_numpy(dtype=bool), f"the recipe counts this product in {unit}")
    table.months()
    table.once(["product", "country", "month"])
    spread = over_months(table.frame, ["product", "country"], "amount", months)
    spread["share"] = (spread["amount"] > 0).astype(float)
    nothing = spread.groupby(["product", "country"])["share"].transform("max") == 0
    spread.loc[nothing, "share"] = 1.0
    if ramp_up is None:
        return spread
    shares = _shares(chain, ramp_up, months)
    table_shares = spread.merge(shares, on=["product", "month"], how="left")["ramp"].fillna(1.0).to_numpy()
    return spread.assign(amount=spread["amount"] * table_shares, share=spread["share"] * table_shares)


def _shares(chain: Chain, ramp_up: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
    """Return ``product``, ``month``, ``ramp``: shares by product, those of its stage where it has none."""
    named = [column for column in ("product", "stage") if column in ramp_up]
    table = CheckedTable(ramp_up, "ramp_up", [*(named or ["product"]), "month", "share"])
    for column in ("product", "stage"):
        if column not in table.frame:
            table.frame[column] = None
        table.names(column, chain.products[column], may_miss=True)
    both = table.frame["product"].isna() == table.frame["stage"].isna()
    table.refuse("product", both.to_numpy(dtype=bool), "either a product or a stage is needed")
    table.numbers("share", 0, 1)
    table.months()
    table.once(["product", "stage", "month"])
    by_product = over_months(table.frame[table.frame["stage"].isna()], ["product"], "share", months)
    by_stage = over_months(table.frame[table.frame["product"].isna()], ["stage"], "share", months)
    inherited = by_stage.merge(chain.products[["product", "stage"]], on="stage")
    inherited = inherited[~inherited["product"].isin(by_product["product"])]
    joined = pd.concat([by_product, inherited], ignore_index=True)
    shares = joined[["product", "month", "share"]].rename(columns={"share": "ramp"})
    return shares.astype({"month": "datetime64[us]"})  # an empty half would make it an object


def _needs(needs: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
    table = CheckedTable(needs, "needs", ["country", "amount"])
    table.names("country")
    table.numbers("amount", 0)
    table.months()
    table.once(["country", "month"])
    always = table.frame["month"].isna()
    both = ~always & table.frame["country"].isin(table.frame.loc[always, "country"])
    table.refuse("month", both.to_numpy(dtype=bool), "this country's need of every month is given, too")
    dated = table.frame.loc[~always, ["country", "month", "amount"]]
    every = table.frame.loc[always, ["country", "amount"]].merge(pd.DataFrame({"month": months}), how="cross")
    joined = pd.concat([dated, every], ignore_index=True)[["country", "month", "amount"]]
    return joined[joined["month"].isin(months)].reset_index(drop=True)


def _closed(
    chain: Chain, closed: pd.DataFrame | None, months: pd.DatetimeIndex, countries: set[str]
) -> pd.DataFrame:
    """Return ``country``, ``item``, ``month`` for every export that is not allowed."""
    given = pd.DataFrame(columns=["country", "stage"]) if closed is None else closed
    table = CheckedTable(given, "closed", ["country"])
    if "stage" not in table.frame:
        table.frame["stage"] = None
    table.names("country", sorted(countries))
    table.names("stage", chain.stages["stage"], may_miss=True)
    table.months()
    items = pd.concat(
        [
            chain.rows.loc[chain.rows["goods"], ["stage", "item"]],
            pd.DataFrame({"stage": chain.steps["stage"], "item": "doses after " + chain.steps["stage"]}),
        ]
    ).drop_duplicates()
    bans = table.frame[["country", "stage", "month"]].astype({"stage": "object"})
    whole = bans[bans["stage"].isna()].drop(columns="stage").merge(items, how="cross")
    single = bans[bans["stage"].notna()].merge(items.astype({"stage": "object"}), on="stage")
    both = pd.concat([whole, single], ignore_index=True)[["country", "item", "month"]]
    always = (
        both[both["month"].isna()].drop(columns="month").merge(pd.DataFrame({"month": months}), how="cross")
    )
    dated = both[both["month"].isin(months)]
    return pd.concat([always, dated], ignore_index=True).drop_duplicates(ignore_index=True)
