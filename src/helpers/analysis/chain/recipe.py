"""The recipe of a chain: what a dose needs at every stage, which products can stand in for each other.

A dose can be made in several ways, called *routes* ("messenger RNA in vials", "viral vector in syringes").
Each row of the recipe says how much of a product a dose of some routes needs. Products of one *part* can
replace each other; all parts are needed. A part used at its own stage is a *plant*: doses pass through it
where it stands (filling lines, cold stores). A part used at another stage is *goods*, which can be sent and
kept (vials, lipids).
"""

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from helpers.data.errors import InputError

ALL_ROUTES = "all"
TRIPLES = {
    "units per dose": ("units_per_dose", "units_low", "units_high"),
    "months it stays": ("stay_months", "stay_low", "stay_high"),
    "yield": ("yield_share", "yield_low", "yield_high"),
}


@dataclass(frozen=True)
class Chain:
    """A checked recipe; made by `reading.read_chain`.

    Attributes
    ----------
    recipe
        The rows as given, with ``subject``, the name of the row.
    stages
        In order: ``stage``, ``label``, ``yield_share`` and its low and high.
    routes
        ``route``, ``label``.
    """

    recipe: pd.DataFrame
    stages: pd.DataFrame
    routes: pd.DataFrame

    @cached_property
    def rows(self) -> pd.DataFrame:
        """One row a product and route.

        ``subject`` (the row of the recipe), ``product``, ``stage``, ``part``, ``used_at``, ``route``,
        ``unit``, ``goods`` (bool), ``item`` (what flows: goods by part, doses by the stage they have left),
        ``units`` (units of the product, held for a month if it is a stock, for one dose at the stage),
        ``finished`` (doses that reach people for each dose at the stage), ``doses_per_unit`` (finished
        a unit).
        """
        table = self.recipe.copy()
        every = ";".join(self.routes["route"])
        table["route"] = table["routes"].where(table["routes"] != ALL_ROUTES, every).str.split(";")
        table = table.explode("route", ignore_index=True)
        table["route"] = table["route"].str.strip()
        table["goods"] = table["used_at"] != table["stage"]
        table["item"] = table["part"].where(table["goods"], "doses after " + table["stage"])
        table["units"] = table["units_per_dose"] * table["stay_months"].where(
            table["capacity_kind"] == "stock", 1.0
        )
        left = self.steps.set_index(["route", "stage"])["finished"]
        reached = left.reindex(pd.MultiIndex.from_frame(table[["route", "used_at"]])).to_numpy()
        own = table["stage"].map(self._yields).where(table["goods"], 1.0)
        table["finished"] = own * reached
        table["doses_per_unit"] = table["finished"] / table["units"]
        columns = ["subject", "product", "stage", "part", "used_at", "route", "unit", "goods", "item"]
        return table[[*columns, "units", "finished", "doses_per_unit"]]

    @cached_property
    def steps(self) -> pd.DataFrame:
        """The stages that doses of each route pass, in order.

        ``route``, ``stage``, ``place`` (0, 1, ...), ``yield_share``, ``finished`` (doses that reach people
        for each dose that enters), ``next_stage`` (missing after the last).
        """
        order = {stage: place for place, stage in enumerate(self.stages["stage"])}
        parts = []
        for route in self.routes["route"]:
            own = self.recipe[self._uses(route)]
            stages = sorted(set(own["used_at"]), key=order.__getitem__)
            table = pd.DataFrame({"route": route, "stage": stages})
            table["place"] = range(len(table))
            table["yield_share"] = table["stage"].map(self._yields).astype(float)
            table["finished"] = table["yield_share"][::-1].cumprod()[::-1]
            table["next_stage"] = table["stage"].shift(-1)
            parts.append(table)
        return pd.concat(parts, ignore_index=True)

    @cached_property
    def products(self) -> pd.DataFrame:
        """One row a product, in the recipe's order.

        ``product``, ``stage``, ``part``, ``unit``, ``units`` (of one dose on the route that needs least) and
        ``doses_per_unit`` (doses that reach people, on the route that makes most of it).
        """
        groups = self.rows.groupby("product", sort=False)
        first = groups[["stage", "part", "unit"]].first()
        best = groups.agg(units=("units", "min"), doses_per_unit=("doses_per_unit", "max"))
        return first.join(best).reset_index()

    @cached_property
    def assumptions(self) -> pd.DataFrame:
        """Every number of the recipe.

        ``assumption`` (its name), ``subject`` (row of the recipe, or stage), ``quantity``, ``value``,
        ``low``, ``high``, ``meaning``, ``source``.
        """
        parts = [
            _numbers(self.recipe, "units per dose"),
            _numbers(self.recipe[self.recipe["capacity_kind"] == "stock"], "months it stays"),
            _numbers(self.stages.assign(subject="stage " + self.stages["stage"]), "yield"),
        ]
        return pd.concat(parts, ignore_index=True)

    def with_value(self, assumption: str, value: float) -> "Chain":
        """Return the chain with another value of one assumption.

        Raises
        ------
        InputError
            If there is no such assumption.
        """
        found = self.assumptions[self.assumptions["assumption"] == assumption]
        if found.empty:
            raise InputError(f"assumptions: there is no {assumption!r}")
        subject, quantity = str(found["subject"].iloc[0]), str(found["quantity"].iloc[0])
        column = TRIPLES[quantity][0]
        if quantity == "yield":
            here = "stage " + self.stages["stage"] == subject
            return replace(self, stages=self.stages.assign(**{column: self.stages[column].mask(here, value)}))
        here = self.recipe["subject"] == subject
        return replace(self, recipe=self.recipe.assign(**{column: self.recipe[column].mask(here, value)}))

    def only_routes(self, routes: list[str]) -> "Chain":
        """Return the chain without the other routes."""
        recipe = self.recipe.copy()
        kept = recipe["routes"].map(
            lambda text: ";".join(name for name in self._names(text) if name in routes)
        )
        recipe["routes"] = kept
        return replace(self, recipe=recipe[kept != ""], routes=self.routes[self.routes["route"].isin(routes)])

    @property
    def _yields(self) -> pd.Series:
        return self.stages.set_index("stage")["yield_share"]

    def _names(self, text: str) -> list[str]:
        every = self.routes["route"].to_list()
        return every if text == ALL_ROUTES else [name.strip() for name in text.split(";")]

    def _uses(self, route: str) -> pd.Series:
        return self.recipe["routes"].map(lambda text: route in self._names(text)).astype(bool)


def _numbers(table: pd.DataFrame, quantity: str) -> pd.DataFrame:
    columns = dict(zip(TRIPLES[quantity], ("value", "low", "high"), strict=True))
    own = table.rename(columns=columns).assign(quantity=quantity)
    own["assumption"] = own["subject"] + ": " + quantity
    return own[["assumption", "subject", "quantity", "value", "low", "high", "meaning", "source"]]
