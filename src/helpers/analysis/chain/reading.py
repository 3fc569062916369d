"""The tables of a recipe, checked: what is wrong or contradicts itself is refused with its row."""

import numpy as np
import pandas as pd

from helpers.analysis.chain.recipe import ALL_ROUTES, TRIPLES, Chain
from helpers.analysis.chain.tables import CheckedTable
from helpers.data.errors import InputError


def read_chain(recipe: pd.DataFrame, stages: pd.DataFrame, routes: pd.DataFrame) -> Chain:
    """Check the tables of a recipe.

    Parameters
    ----------
    recipe
        ``product``, ``stage``, ``part``, ``used_at`` (stage at which doses take it up), ``routes`` (separated
        by semicolons, or ``all``), ``unit``, ``capacity_kind`` (``flow``: units a month; ``stock``: units
        held), ``units_per_dose`` and, for a stock, ``stay_months`` (how long a dose stays in it). Optional:
        ``units_low``, ``units_high``, ``stay_low``, ``stay_high``, ``meaning``, ``source``.
    stages
        ``stage``, ``stage_order``, ``yield_share`` (of the doses that pass, or of the goods made there, the
        share that can be used). Optional: ``label``, ``yield_low``, ``yield_high``, ``meaning``, ``source``.
    routes
        ``route``; optional ``label``.

    Raises
    ------
    InputError
        With table, row and column: unknown stage, route or kind; a number out of range; a yield above 1; a
        product listed twice for a route; a part with two stages or two units.

    Examples
    --------
    >>> recipe = pd.DataFrame({"product": ["filling", "vials"], "stage": ["fill", "vials"],
    ...     "part": ["filling", "vials"], "used_at": "fill", "routes": "all", "unit": ["doses/month",
    ...     "units/month"], "capacity_kind": "flow", "units_per_dose": [1.0, 0.1]})
    >>> stages = pd.DataFrame({"stage": ["fill", "vials"], "stage_order": [1, 2], "yield_share": [0.5, 1.0]})
    >>> chain = read_chain(recipe, stages, pd.DataFrame({"route": ["vial"]}))
    >>> chain.rows[["product", "goods", "finished", "doses_per_unit"]].values.tolist()
    [['filling', False, 0.5, 0.5], ['vials', True, 0.5, 5.0]]
    """
    names = _checked_routes(routes)
    order = _checked_stages(stages)
    table = _checked_recipe(recipe, order["stage"].to_list(), names["route"].to_list())
    chain = Chain(table, order, names)
    _refuse_contradictions(chain)
    return chain


def _checked_routes(routes: pd.DataFrame) -> pd.DataFrame:
    table = CheckedTable(routes, "routes", ["route"])
    table.names("route")
    table.refuse(
        "route",
        table.frame["route"].str.contains(";").to_numpy(dtype=bool) | (table.frame["route"] == ALL_ROUTES),
        f"a name without semicolons, other than {ALL_ROUTES}, is allowed",
    )
    table.once(["route"])
    if table.frame.empty:
        raise InputError("routes: no row; at least one way to make a dose is needed")
    return _with_texts(table.frame, {"label": "route"})


def _checked_stages(stages: pd.DataFrame) -> pd.DataFrame:
    table = CheckedTable(stages, "stages", ["stage", "stage_order", "yield_share"])
    table.names("stage")
    table.once(["stage"])
    table.numbers("stage_order", 0)
    table.once(["stage_order"])
    _checked_triple(table, "yield", 1.0)
    texts = _with_texts(table.frame, {"label": "stage", "meaning": None, "source": None})
    return texts.sort_values("stage_order", ignore_index=True)


def _checked_recipe(recipe: pd.DataFrame, stages: list[str], routes: list[str]) -> pd.DataFrame:
    needed = ["product", "stage", "part", "used_at", "routes", "unit", "capacity_kind", "units_per_dose"]
    table = CheckedTable(recipe, "recipe", needed)
    for column in ("product", "part", "routes", "unit"):
        table.names(column)
    table.names("stage", stages)
    table.names("used_at", stages)
    table.names("capacity_kind", ["flow", "stock"])
    _refuse_unknown_routes(table, routes)
    _checked_triple(table, "units per dose", 1e6)
    flow = table.frame["capacity_kind"] == "flow"
    if "stay_months" not in table.frame:
        table.frame["stay_months"] = np.nan
    table.refuse(
        "stay_months",
        (table.frame["stay_months"].isna() & ~flow).to_numpy(dtype=bool),
        "a stock needs how many months a dose stays in it",
    )
    # How long a dose stays says nothing of a flow: one month, so that it changes nothing.
    for column in TRIPLES["months it stays"]:
        if column in table.frame:
            table.frame[column] = table.frame[column].mask(flow, 1.0)
    _checked_triple(table, "months it stays", 120.0)
    texts = _with_texts(table.frame, {"meaning": None, "source": None})
    several = texts["product"].duplicated(keep=False)
    texts["subject"] = texts["product"].where(~several, texts["product"] + " (" + texts["routes"] + ")")
    return texts


def _checked_triple(table: CheckedTable, quantity: str, most: float) -> None:
    """Check a number and its low and high, which are the number itself where they are not given."""
    value, low, high = TRIPLES[quantity]
    table.numbers(value, 0, most, above=True)
    for column in (low, high):
        given = table.frame[column] if column in table.frame else pd.Series(np.nan, table.frame.index)
        table.frame[column] = given.where(given.notna(), table.frame[value])
        table.numbers(column, 0, most, above=True)
    frame = table.frame
    table.refuse(low, (frame[low] > frame[value]).to_numpy(dtype=bool), f"at most {value} is allowed")
    table.refuse(high, (frame[high] < frame[value]).to_numpy(dtype=bool), f"at least {value} is allowed")


def _refuse_unknown_routes(table: CheckedTable, routes: list[str]) -> None:
    known = {*routes, ALL_ROUTES}
    wrong = table.frame["routes"].map(lambda text: not {name.strip() for name in text.split(";")} <= known)
    allowed = f"allowed: {ALL_ROUTES}, or of {', '.join(routes)} those meant, separated by semicolons"
    table.refuse("routes", wrong.to_numpy(dtype=bool), allowed)
    mixed = table.frame["routes"].map(
        lambda text: ALL_ROUTES in {n.strip() for n in text.split(";")} and text != ALL_ROUTES
    )
    table.refuse("routes", mixed.to_numpy(dtype=bool), allowed)


def _refuse_contradictions(chain: Chain) -> None:
    """Refuse a product that is there twice for a route, and parts or products of two kinds."""
    rows = chain.rows.assign(line=_lines(chain))
    twice = rows[rows.duplicated(["product", "route"])]
    if len(twice):
        first = twice.iloc[0]
        raise InputError(
            f"recipe: row {first['line']}, column product: {first['product']} is listed before for the route "
            f"{first['route']}; each product and route is allowed once"
        )
    for key, same in (("part", ["stage", "used_at"]), ("product", ["stage", "unit"])):
        for column in same:
            first_seen = rows.groupby(key)[column].transform("first")
            other = rows[rows[column] != first_seen]
            if len(other):
                line = other.iloc[0]
                raise InputError(
                    f"recipe: row {line['line']}, column {column}: {line[column]}; {key} {line[key]} has "
                    f"{first_seen[other.index[0]]} in an earlier row, and is allowed one {column}"
                )
    idle = [route for route in chain.routes["route"] if route not in set(rows["route"])]
    if idle:
        raise InputError(f"recipe: no row for the route {idle[0]}; a route needs at least one product")


def _lines(chain: Chain) -> list[int]:
    """Return the line of each of the chain's rows in the recipe."""
    recipe = chain.recipe
    lines = recipe["raw_row"] if "raw_row" in recipe else pd.Series(recipe.index + 2, recipe.index)
    counts = recipe["routes"].map(
        lambda text: len(chain.routes) if text == ALL_ROUTES else text.count(";") + 1
    )
    return [int(line) for line in np.repeat(lines.to_numpy(), counts.to_numpy())]


def _with_texts(table: pd.DataFrame, defaults: dict[str, str | None]) -> pd.DataFrame:
    """Add columns of text that were not given: another column's, or blank."""
    for column, other in defaults.items():
        if column not in table:
            table[column] = table[other] if other else ""
    return table
