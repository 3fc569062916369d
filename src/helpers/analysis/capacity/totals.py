"""Capacity by product, stage, country and region: how many respondents, and how much they state."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.analysis.capacity.entries import CAPACITY_COLUMNS, usable_readings
from helpers.analysis.checks import require_columns, require_unique
from helpers.data.errors import InputError

NOT_PLACED = "Not placed"

COUNTS = ("respondents", "companies", "zero", "no_amount", "entries", "open_ended")
SUMS = ("low", "point", "high", "high_stated")


def totals(entries: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Add up capacity, companies and units apart, for each group and unit.

    Parameters
    ----------
    entries
        See `entries.counted_entries`.
    by
        Columns to group by; none for one row a unit.

    Returns
    -------
    DataFrame
        ``by``, ``unit`` (amounts of different units are never added: one row each), then

        - ``respondents`` who named it = ``companies`` (some capacity stated) + ``zero`` (all they stated is
          zero) + ``no_amount`` (no amount that can be read);
        - ``entries`` with an amount; ``open_ended`` of them say no upper end;
        - ``low``, ``point``, ``high``: sums of what is stated at least, of the values read, and at most;
          missing where no amount was given, which is not zero; ``high`` is missing if an entry is open-ended,
          ``high_stated`` takes such an entry at the least it states;
        - ``share`` of the unit's ``point``, ``rank`` in the unit (most first; equal values share the better).

        Sorted by group and unit.

    Raises
    ------
    InputError
        If a column is missing or an amount makes no sense.

    Examples
    --------
    >>> entries = pd.DataFrame({
    ...     "respondent_id": ["r1", "r2", "r3"], "country": ["AT", "AT", "BE"], "product": "vials",
    ...     "stage": "vials", "amount": [30, None, None], "amount_low": [30, 10, 0],
    ...     "amount_high": [30, None, None], "unit": "units/month", "usable": [True, True, False]})
    >>> totals(entries, ["country"])[["country", "respondents", "companies", "low", "high_stated"]]
      country  respondents  companies   low  high_stated
    0      AT            2          2  40.0         40.0
    1      BE            1          0  <NA>         <NA>
    """
    require_columns(entries, "capacities", [*CAPACITY_COLUMNS, *by])
    entries = with_units(entries)
    keys = [*by, "unit"]
    counted = _people(entries, keys).join(_sums(entries, keys), how="left")
    table = counted.reset_index()
    counts = {column: table[column].fillna(0).astype("Int64") for column in COUNTS}
    sums = {column: table[column].astype("Float64") for column in SUMS}
    return with_shares(table.assign(**counts, **sums)[[*keys, *COUNTS, *SUMS]])


def with_units(entries: pd.DataFrame) -> pd.DataFrame:
    """Fill in a missing unit from other entries of the same product; empty text if none says it.

    Examples
    --------
    >>> entries = pd.DataFrame({"product": ["vials", "vials"], "unit": ["units/month", None]})
    >>> with_units(entries)["unit"].to_list()
    ['units/month', 'units/month']
    """
    stated = entries.dropna(subset=["unit"]).drop_duplicates("product")
    known = dict(zip(stated["product"], stated["unit"], strict=True))
    filled = entries["unit"].astype("object").where(entries["unit"].notna(), entries["product"].map(known))
    return entries.assign(unit=filled.fillna("").astype("str"))


def with_shares(table: pd.DataFrame) -> pd.DataFrame:
    """Add each row's ``share`` of its unit's ``point`` and its ``rank`` in the unit.

    Examples
    --------
    >>> table = pd.DataFrame({"unit": "litres", "point": pd.array([30, 10, None], "Float64")})
    >>> with_shares(table)[["share", "rank"]].values.tolist()
    [[0.75, 1], [0.25, 2], [<NA>, <NA>]]
    """
    points = table.groupby("unit", dropna=False)["point"]
    whole = points.transform("sum").replace(0, pd.NA)
    rank = points.rank(method="min", ascending=False).astype("Int64")
    return table.assign(share=(table["point"] / whole).astype("Float64"), rank=rank)


def capacity_by_product(entries: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """Add up capacity by product, products that nobody named included.

    Parameters
    ----------
    entries
        See `entries.counted_entries`.
    products
        The processed table of products: ``product``, ``label``, ``stage``, ``stage_order``, ``base_unit``.

    Returns
    -------
    DataFrame
        ``product``, ``name``, ``stage``, ``stage_order``, ``unit`` and the columns of `totals` (``share`` and
        ``rank`` among products of the same unit), in the order of stages, then of ``products``.

    Raises
    ------
    InputError
        If an entry names a product that the table lacks, or is not in its base unit.

    Examples
    --------
    >>> products = pd.DataFrame({"product": ["vials"], "label": ["Vials"], "stage": ["vials"],
    ...                          "stage_order": [5], "base_unit": ["units/month"]})
    >>> capacity_by_product(pd.DataFrame(columns=CAPACITY_COLUMNS), products)[["name", "companies", "point"]]
        name  companies  point
    0  Vials          0   <NA>
    """
    entries, known = _in_base_units(entries, products)
    known = known.rename(columns={"label": "name", "base_unit": "unit"})
    order = known.assign(_place=range(len(known))).sort_values(["stage_order", "_place"])
    keys = ["product", "name", "stage", "stage_order", "unit"]
    return _complete(totals(entries, ["product"]), order[keys], ["product", "unit"])


def capacity_by_stage(entries: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """Add up capacity by stage of the chain; a stage with products in two units has two rows.

    Returns
    -------
    DataFrame
        ``stage``, ``stage_order``, ``unit``, ``products`` (how many the stage has in this unit) and the
        columns of `totals`, in the order of stages, stages that nobody named included.

    Raises
    ------
    InputError
        See `capacity_by_product`.

    Examples
    --------
    >>> products = pd.DataFrame({"product": ["vials"], "label": ["Vials"], "stage": ["vials"],
    ...                          "stage_order": [5], "base_unit": ["units/month"]})
    >>> stages = capacity_by_stage(pd.DataFrame(columns=CAPACITY_COLUMNS), products)
    >>> stages[["stage", "unit", "products", "respondents"]].values.tolist()
    [['vials', 'units/month', 1, 0]]
    """
    entries, known = _in_base_units(entries, products)
    known = known.rename(columns={"base_unit": "unit"})
    keys = ["stage_order", "stage", "unit"]
    stages = known.groupby(keys, as_index=False).agg(products=("product", "nunique"))
    return _complete(
        totals(entries, ["stage"]), stages[["stage", "stage_order", "unit", "products"]], ["stage", "unit"]
    )


def capacity_by_country(
    entries: pd.DataFrame, countries: pd.DataFrame, scope_codes: Sequence[str]
) -> pd.DataFrame:
    """Add up capacity by country, countries without an entry included.

    Parameters
    ----------
    entries
        See `entries.counted_entries`; those of one product (`entries.select_entries`) give one row a country.
    countries
        ``country``, ``name``.
    scope_codes
        The countries wanted; entries of others are left out.

    Returns
    -------
    DataFrame
        ``country``, ``name``, ``unit`` and the columns of `totals`, most first in each unit, countries
        without an amount last, by code. ``unit`` is empty if there are no entries at all.

    Raises
    ------
    InputError
        If a wanted country has no name.

    Examples
    --------
    >>> entries = pd.DataFrame({
    ...     "respondent_id": ["r1"], "country": ["AT"], "product": "vials", "stage": "vials", "amount": [30],
    ...     "amount_low": [30], "amount_high": [30], "unit": "units/month", "usable": True})
    >>> names = pd.DataFrame({"country": ["AT", "BE"], "name": ["Austria", "Belgium"]})
    >>> capacity_by_country(entries, names, ["BE", "AT"])[["name", "companies", "point"]]
          name  companies  point
    0  Austria          1   30.0
    1  Belgium          0   <NA>
    """
    require_columns(countries, "countries", ["country", "name"])
    require_unique(countries, "countries", ["country"])
    wanted = pd.DataFrame({"country": pd.Series(sorted(set(scope_codes)), dtype="str")})
    named = wanted.merge(countries[["country", "name"]], "left", on="country")
    nameless = named.loc[named["name"].isna(), "country"]
    if len(nameless):
        raise InputError(f"countries: there is no row for {', '.join(nameless)}")
    inside = with_units(entries[entries["country"].isin(set(wanted["country"]))])
    frame = named.merge(_units(inside), how="cross")
    table = _complete(totals(inside, ["country"]), frame, ["country", "unit"])
    return table.sort_values(["unit", "rank", "country"], na_position="last", ignore_index=True)


def capacity_by_region(
    entries: pd.DataFrame, regions: pd.DataFrame, country_codes: Sequence[str]
) -> pd.DataFrame:
    """Add up capacity by NUTS-2 region; what could not be placed has a row of its own.

    Parameters
    ----------
    entries
        See `entries.counted_entries`; with ``nuts2`` (missing where the place is not known).
    regions
        The processed table ``nuts2_regions``: ``nuts2``, ``country``, ``region``.
    country_codes
        The countries wanted.

    Returns
    -------
    DataFrame
        ``country``, ``nuts2``, ``region``, ``unit`` and the columns of `totals`, by country, most first;
        then the row without ``nuts2`` of a country with entries that could not be placed.

    Raises
    ------
    InputError
        If an entry names a region that the table of regions lacks.

    Examples
    --------
    >>> regions = pd.DataFrame({"nuts2": ["AT13"], "country": ["AT"], "region": ["Wien"]})
    >>> nothing = pd.DataFrame(columns=[*CAPACITY_COLUMNS, "nuts2"])
    >>> capacity_by_region(nothing, regions, ["AT"])[["region", "companies"]].values.tolist()
    [['Wien', 0]]
    """
    require_columns(entries, "capacities", [*CAPACITY_COLUMNS, "nuts2"])
    require_columns(regions, "nuts2_regions", ["nuts2", "country", "region"])
    inside = with_units(entries[entries["country"].isin(set(country_codes))])
    strange = sorted(set(inside["nuts2"].dropna()) - set(regions["nuts2"]))
    if strange:
        raise InputError(f"capacities: nuts2 is {strange[0]}; the table nuts2_regions has no such region")
    # Missing becomes empty text, so that it can be a key like any other.
    keyed = inside.assign(nuts2=inside["nuts2"].astype("object").fillna("").astype("str"))
    table = totals(keyed, ["country", "nuts2"])
    known = regions.loc[regions["country"].isin(set(country_codes)), ["country", "nuts2", "region"]]
    apart = table.loc[table["nuts2"] == "", ["country", "nuts2"]].drop_duplicates().assign(region=NOT_PLACED)
    frame = pd.concat([known, apart], ignore_index=True).merge(_units(inside), how="cross")
    table = _complete(table, frame, ["country", "nuts2", "unit"])
    table = table.assign(_apart=table["nuts2"] == "").sort_values(
        ["country", "unit", "_apart", "rank", "nuts2"], na_position="last", ignore_index=True
    )
    return table.drop(columns="_apart").assign(nuts2=table["nuts2"].mask(table["nuts2"] == ""))


def _people(entries: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Count distinct respondents of each group by what they stated."""
    rows = usable_readings(entries)
    # A respondent counts once a group, by the most it says there: some capacity, zero, or no amount.
    said = pd.concat(
        [
            entries[[*keys, "respondent_id"]].assign(said=0),
            rows[[*keys, "respondent_id"]].assign(said=np.where(rows["high"] > 0, 2, 1)),
        ]
    )
    most = said.groupby([*keys, "respondent_id"], dropna=False)["said"].max().reset_index()
    flags = most[keys].assign(
        respondents=1, companies=most["said"] == 2, zero=most["said"] == 1, no_amount=most["said"] == 0
    )
    return flags.groupby(keys, dropna=False).sum()


def _sums(entries: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    rows = usable_readings(entries)
    rows["open_ended"] = np.isinf(rows["high"])
    grouped = rows.groupby(keys, dropna=False)
    sums = grouped[["low", "point", "high", "high_stated", "open_ended"]].sum()
    return sums.assign(entries=grouped.size(), high=sums["high"].replace(np.inf, np.nan))


def _in_base_units(entries: pd.DataFrame, products: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Check products and units; return the entries, a missing unit filled in, and the products."""
    columns = ["product", "label", "stage", "stage_order", "base_unit"]
    require_columns(products, "products", columns)
    require_unique(products, "products", ["product"])
    require_columns(entries, "capacities", CAPACITY_COLUMNS)
    units = dict(zip(products["product"], products["base_unit"], strict=True))
    for product, unit in entries[["product", "unit"]].drop_duplicates().itertuples(index=False):
        if product not in units:
            raise InputError(f"capacities: product is {product}; the table of products has no such product")
        if pd.notna(unit) and unit != units[product]:
            raise InputError(f"capacities: unit of {product} is {unit}; its base unit is {units[product]}")
    filled = entries.assign(unit=entries["product"].map(units).astype("str"))
    return filled, products[columns].reset_index(drop=True)


def _units(entries: pd.DataFrame) -> pd.DataFrame:
    units = sorted(set(entries["unit"].dropna().astype(str))) or [""]
    return pd.DataFrame({"unit": pd.Series(units, dtype="str")})


def _complete(table: pd.DataFrame, frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Give every row of the frame, in its order; groups without entries have counts of zero, no amount."""
    measures = [*COUNTS, *SUMS]
    full = frame.astype(dict.fromkeys(keys, "object")).merge(
        table[[*keys, *measures]].astype(dict.fromkeys(keys, "object")), "left", on=keys
    )
    full = full.astype(dict.fromkeys(keys, "str"))
    full[list(COUNTS)] = full[list(COUNTS)].fillna(0).astype("Int64")
    full[list(SUMS)] = full[list(SUMS)].astype("Float64")
    return with_shares(full)
