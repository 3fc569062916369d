"""Small chains that can be computed by hand."""

from collections.abc import Callable

import pandas as pd
import pytest

from helpers.analysis.chain import Chain, read_chain

RECIPE = ["product", "stage", "part", "used_at", "routes", "units_per_dose"]


def small_chain(
    rows: list[tuple[str, str, str, str, str, float]],
    yields: dict[str, float] | None = None,
    **columns: list[object],
) -> Chain:
    """Make a chain of rows (product, stage, part, used_at, routes, units a dose); stages in the order met."""
    recipe = pd.DataFrame(rows, columns=RECIPE).assign(unit="units/month", capacity_kind="flow")
    recipe = recipe.assign(**columns)
    stages = list(yields) if yields else list(dict.fromkeys(row[1] for row in rows))
    table = pd.DataFrame({"stage": stages, "stage_order": range(len(stages))})
    table["yield_share"] = [1.0 if yields is None else yields[stage] for stage in stages]
    routes = [name for row in rows for name in row[4].split(";") if name != "all"]
    return read_chain(recipe, table, pd.DataFrame({"route": list(dict.fromkeys(routes)) or ["dose"]}))


@pytest.fixture
def chain_of() -> Callable[..., Chain]:
    return small_chain


@pytest.fixture
def line() -> Chain:
    """Active substance, filling with vials (ten doses each), delivery; a tenth is lost when filling."""
    rows = [
        ("substance", "active", "substance", "active", "all", 1.0),
        ("filling", "fill", "filling", "fill", "all", 1.0),
        ("vials", "glass", "vials", "fill", "all", 0.1),
        ("transport", "delivery", "transport", "delivery", "all", 1.0),
    ]
    return small_chain(rows, {"active": 1.0, "fill": 0.9, "glass": 1.0, "delivery": 1.0})


def offered(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Make capacity of (product, country, amount) or (product, country, amount, month)."""
    names = ["product", "country", "amount", "month"]
    table = pd.DataFrame([tuple(row) + (None,) * (4 - len(row)) for row in rows], columns=names)
    return table.assign(month=pd.to_datetime(table["month"]))


@pytest.fixture
def capacity() -> Callable[..., pd.DataFrame]:
    return offered
