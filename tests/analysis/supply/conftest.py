import pandas as pd
import pytest

from helpers.analysis.disclosure import Rules


@pytest.fixture
def rules():
    return Rules(min_count=3)


@pytest.fixture
def entries_with_months():
    months = pd.to_datetime(["2021-03-01"] * 5 + ["2021-05-01"] * 5 + ["2021-09-01"] * 5)
    return pd.DataFrame(
        {
            "respondent_id": [f"r{number}" for number in range(15)],
            "country": "AT",
            "product": "vials",
            "stage": "vials",
            "amount": 10.0,
            "amount_low": 10.0,
            "amount_high": 10.0,
            "unit": "units/month",
            "usable": True,
            "qualifier": "exact",
            "available_from": months,
        }
    )


@pytest.fixture
def places():
    return pd.DataFrame(
        {
            "country": ["AT", "BE", "CZ"],
            "latitude": [47.6, 50.6, 49.8],
            "longitude": [14.1, 4.6, 15.5],
        }
    )


@pytest.fixture
def products():
    return pd.DataFrame({"product": ["vials", "filling"], "stage": ["vials", "fill"]})
