"""Capacities as stated, turned into bounds in the base unit of their product, part by part."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.data.cleaning.dates import parse_month
from helpers.data.cleaning.plausibility import plausibility_flags
from helpers.data.cleaning.quantities import Quantity, parse_quantity
from helpers.data.cleaning.shares import parse_share
from helpers.data.cleaning.units import FoundUnit, ProductUnits
from helpers.data.errors import InputError
from helpers.data.questionnaires.model import Item, Questionnaire
from helpers.data.questionnaires.units import Unit
from helpers.data.survey.guard import unguarded

STATED = ("respondent_id", "product", "amount", "unit", "available_from", "spare_share")


def as_answered(part: pd.DataFrame) -> pd.DataFrame:
    """Return a part of a raw table with its texts as they were before ingest guarded them.

    Examples
    --------
    >>> as_answered(pd.DataFrame({"amount": ["'+5 million", "1.200,'- Euro"]}))["amount"].tolist()
    ['+5 million', '1.200,- Euro']
    """
    texts = part.columns.difference(["raw_row"])
    return part.assign(**{name: part[name].map(unguarded).astype("str") for name in texts})


class _Read(NamedTuple):
    """The columns that come from reading texts, one value a row."""

    low: list[float]
    high: list[float]
    point: list[float]
    qualifier: list[str]
    flags: list[tuple[str, ...]]


class Cleaner:
    """Cleans the capacities of one wave.

    Parameters
    ----------
    questionnaire
        Its definition: products, their units and what is plausible.
    units
        The table of conversions.
    people
        The respondents, as `helpers.data.capacity_people.people` returns them.
    where
        Path of capacities.csv, for messages.
    """

    def __init__(
        self, questionnaire: Questionnaire, units: Mapping[str, Unit], people: pd.DataFrame, where: str
    ) -> None:
        self._items: dict[str, Item] = {item.code: item for item in questionnaire.items.list}
        self._units = {
            item.code: ProductUnits(item.base_unit, units, item.units) for item in questionnaire.items.list
        }
        self._people = people
        self._ids = pd.Index(people["respondent_id"])
        self._where = where
        self._found: dict[tuple[str, str, str, bool], FoundUnit] = {}

    def clean(self, stated: pd.DataFrame) -> pd.DataFrame:
        """Return one row for each row stated, as the schema ``capacities``.

        Parameters
        ----------
        stated
            The columns `STATED` as texts, and raw_row.

        Raises
        ------
        InputError
            If a row names a respondent or product that is not there.
        """
        at = self._ids.get_indexer(stated["respondent_id"])
        self._refuse(stated, at < 0, "respondent_id", "a respondent of answers.csv")
        who = self._people.take(at).reset_index(drop=True)
        gone = (who["status"] == "withdrawn").to_numpy()
        self._refuse(
            stated, ~stated["product"].isin(self._items) & ~gone, "product", "a product of the definition"
        )
        stated = as_answered(stated.reset_index(drop=True))
        shown = stated[list(STATED[1:])].mask(pd.Series(gone), "")
        read = self._read(shown, who)
        table = self._table(stated, shown, who, read)
        return self._judged(table, read.flags, who["status"])

    def _refuse(
        self, stated: pd.DataFrame, wrong: "np.ndarray | pd.Series", column: str, allowed: str
    ) -> None:
        if wrong.any():
            row = stated.loc[np.asarray(wrong)].iloc[0]
            found = str(row[column])[:40]
            raise InputError(
                f"{self._where}: row {row['raw_row']}, column {column}: found {found!r}, allowed: {allowed}"
            )

    def _read(self, shown: pd.DataFrame, who: pd.DataFrame) -> _Read:
        read = _Read([], [], [], [], [])
        languages, countries = _texts(who["language"]), _texts(who["country"])
        rows = zip(
            *(_texts(shown[name]) for name in ("product", "amount", "unit")),
            languages,
            countries,
            strict=True,
        )
        for product, amount, unit, language, country in rows:
            quantity = parse_quantity(amount, language, country)
            found = self._unit(product, unit, quantity)
            readable = quantity.qualifier != "unreadable" and found.factor is not None and quantity.low >= 0
            factor = (found.factor or 1.0) if readable else 1.0
            read.low.append(quantity.low * factor if readable else 0.0)
            read.high.append(quantity.high * factor if readable else np.inf)
            read.point.append(quantity.point * factor if readable else np.nan)
            read.qualifier.append(quantity.qualifier if readable else "unreadable")
            # What the unit was does not matter where there is no amount.
            read.flags.append((*quantity.flags, *(found.flags if quantity.qualifier != "unreadable" else ())))
        return read

    def _unit(self, product: str, unit: str, quantity: Quantity) -> FoundUnit:
        if product not in self._units:
            return FoundUnit(None, "")
        key = (product, unit, quantity.rest, quantity.scaled)
        if key not in self._found:
            self._found[key] = self._units[product].of(unit, quantity)
        return self._found[key]

    def _table(
        self, stated: pd.DataFrame, shown: pd.DataFrame, who: pd.DataFrame, read: _Read
    ) -> pd.DataFrame:
        product = shown["product"]
        return pd.DataFrame(
            {
                "respondent_id": stated["respondent_id"],
                "raw_row": stated["raw_row"],
                "country": who["country"],
                "nuts2": who["nuts2"],
                "product": product.where(product != ""),
                "stage": product.map({code: item.stage for code, item in self._items.items()}).astype("str"),
                "amount": read.point,
                "amount_low": read.low,
                "amount_high": pd.Series(read.high, dtype="float64").replace(np.inf, np.nan),
                "qualifier": pd.Series(read.qualifier, dtype="str"),
                "unit": product.map({code: item.base_unit for code, item in self._items.items()}).astype(
                    "str"
                ),
                "amount_as_stated": shown["amount"].where(shown["amount"] != ""),
                "unit_as_stated": shown["unit"].where(shown["unit"] != ""),
                **_months_and_shares(shown, who),
            }
        )

    def _judged(
        self, table: pd.DataFrame, notation: list[tuple[str, ...]], status: pd.Series
    ) -> pd.DataFrame:
        """Add flags and whether the row is usable."""
        limits = {code: (item.plausible.min, item.plausible.max) for code, item in self._items.items()}
        smallest, largest = (
            table["product"].map({code: ends[end] for code, ends in limits.items()}).astype("float64")
            for end in (0, 1)
        )
        readable = table["qualifier"] != "unreadable"
        doubts = plausibility_flags(table["amount_low"], table["amount_high"], smallest, largest)
        doubts = doubts.where(readable, "")
        gone = status == "withdrawn"
        what = status.where(status != "counted", "")
        parts = zip(notation, doubts, table["month_flags"], table["share_flags"], what, gone, strict=True)
        flags = [
            "withdrawn" if away else ";".join(filter(None, (*words, doubt, *month, *share, state)))
            for words, doubt, month, share, state, away in parts
        ]
        table["flags"] = pd.Series(flags, dtype="str")
        table["usable"] = ((status == "counted") & readable & (doubts == "")).astype("bool")
        return table.drop(columns=["month_flags", "share_flags"])


def _texts(column: pd.Series) -> list[str]:
    return ["" if value is None or value != value else value for value in column.astype("object")]


def _months_and_shares(shown: pd.DataFrame, who: pd.DataFrame) -> dict[str, object]:
    submitted: Iterator[dt.date | None] = (
        None if pd.isna(day) else day.date() for day in who["submitted"].astype("object")
    )
    months = [
        parse_month(text, day) if text else _NO_MONTH
        for text, day in zip(_texts(shown["available_from"]), submitted, strict=True)
    ]
    shares = [
        parse_share(text, language, country) if text else _NO_SHARE
        for text, language, country in zip(
            _texts(shown["spare_share"]), _texts(who["language"]), _texts(who["country"]), strict=True
        )
    ]
    return {
        "available_from": pd.to_datetime(pd.Series([month.first for month in months], dtype="object")).astype(
            "datetime64[us]"
        ),
        "spare_share": pd.Series([share.value for share in shares], dtype="float64"),
        "month_flags": [month.flags for month in months],
        "share_flags": [share.flags for share in shares],
    }


_NO_MONTH = parse_month("")
_NO_SHARE = parse_share("")
