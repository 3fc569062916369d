"""Hand-made entries for the tests."""

import pandas as pd
import pytest

PRODUCTS = pd.DataFrame(
    {
        "product": ["lipids", "drums", "vials", "pallets"],
        "label": ["Lipids", "Drums", "Vials", "Pallet places"],
        "stage": ["raw_materials", "raw_materials", "vials", "storage"],
        "stage_order": [1, 1, 5, 8],
        "base_unit": ["kg/month", "pieces/month", "units/month", "places"],
    }
)
COUNTRIES = pd.DataFrame(
    {"country": ["AT", "BE", "CY", "FR"], "name": ["Austria", "Belgium", "Cyprus", "France"]}
)
REGIONS = pd.DataFrame(
    {
        "nuts2": ["AT13", "AT22", "BE10"],
        "country": ["AT", "AT", "BE"],
        "region": ["Wien", "Steiermark", "Brussels"],
    }
)


def make_entries(*rows, product="vials"):
    """Return entries from (respondent, country, low, high) or (..., product); high None is open-ended.

    A low of None is an entry without a usable amount.
    """
    table = []
    for respondent, country, low, high, *rest in rows:
        known = dict(
            zip(PRODUCTS["product"], zip(PRODUCTS["stage"], PRODUCTS["base_unit"], strict=True), strict=True)
        )
        name = rest[0] if rest else product
        stage, unit = known[name]
        exact = low is not None and low == high
        table.append(
            {
                "respondent_id": respondent,
                "country": country,
                "nuts2": rest[1] if len(rest) > 1 else None,
                "product": name,
                "stage": stage,
                "amount": low if exact else None,
                "amount_low": low,
                "amount_high": high,
                "unit": unit,
                "available_from": rest[2] if len(rest) > 2 else None,
                "usable": low is not None,
            }
        )
    columns = ["respondent_id", "country", "nuts2", "product", "stage", "amount", "amount_low", "amount_high"]
    frame = pd.DataFrame(table, columns=[*columns, "unit", "available_from", "usable"])
    numbers = dict.fromkeys(["amount", "amount_low", "amount_high"], "Float64")
    return frame.astype({**numbers, "usable": "bool", "available_from": "datetime64[ns]"})


@pytest.fixture
def entries():
    return make_entries


@pytest.fixture
def products():
    return PRODUCTS.copy()


@pytest.fixture
def countries():
    return COUNTRIES.copy()


@pytest.fixture
def regions():
    return REGIONS.copy()


@pytest.fixture
def answers():
    """Five respondents of three countries: exact, a range, open-ended, zero, no amount."""
    return make_entries(
        ("r1", "AT", 100, 100),
        ("r2", "AT", 20, 80),
        ("r3", "BE", 50, None),
        ("r4", "BE", 0, 0),
        ("r5", "CY", None, None),
    )
