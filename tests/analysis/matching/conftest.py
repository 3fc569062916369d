"""Markets given by their costs: a distance of 1,000 km costs one unit."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from helpers.analysis.matching import Market, build_market

MARCH = pd.Timestamp("2021-03-01")


def market_of(cost, supply, demand, price=1000.0, **settings) -> Market:
    """Build a market of one product and month from a table of costs, an offer a row and a need a column."""
    cost = np.asarray(cost, dtype=float)
    # No two places on Earth are farther apart than 20,016 km.
    freight = max(1.0, cost.max() / 20)
    sellers, buyers = [f"offer{i}" for i in range(len(supply))], [f"need{j}" for j in range(len(demand))]
    pairs = [(i, j, cost[a, b] / freight * 1000) for a, i in enumerate(sellers) for b, j in enumerate(buyers)]
    common = {"product": "goods", "latitude": None, "longitude": None, "month": MARCH}
    return build_market(
        pd.DataFrame({"offer": sellers, "amount": supply, **common}),
        pd.DataFrame({"need": buyers, "region": buyers, "amount": demand, **common}),
        pd.DataFrame({"product": ["goods"], "unmet": [price], "freight": [freight], "holding": [0.0]}),
        distances=pd.DataFrame(pairs, columns=["offer", "need", "km"]),
        **settings,
    )


@pytest.fixture
def market_by_cost() -> Callable[..., Market]:
    return market_of


@pytest.fixture
def prices() -> pd.DataFrame:
    columns = {"unmet": [10.0, 8.0], "freight": [1.0, 2.0], "holding": [0.5, 0.25]}
    return pd.DataFrame({"product": ["gowns", "masks"], **columns})


@pytest.fixture
def offers() -> pd.DataFrame:
    rows = [
        ("r1", "masks", "FR", 48.9, 2.4, "2021-03-01", 100.0),
        ("r1", "masks", "FR", 48.9, 2.4, "2021-04-01", 50.0),
        ("r2", "masks", "PL", 52.2, 21.0, "2021-03-01", 80.0),
        ("r2", "gowns", "PL", 52.2, 21.0, "2021-03-01", 30.0),
    ]
    columns = ["offer", "product", "country", "latitude", "longitude", "month", "amount"]
    return pd.DataFrame(rows, columns=columns)


@pytest.fixture
def needs() -> pd.DataFrame:
    rows = [
        ("n1", "masks", "DE", 52.5, 13.4, "2021-03-01", 60.0),
        ("n1", "masks", "DE", 52.5, 13.4, "2021-04-01", 60.0),
        ("n2", "masks", "ES", 40.4, -3.7, "2021-04-01", 140.0),
        ("n2", "gowns", "ES", 40.4, -3.7, "2021-03-01", 20.0),
    ]
    return pd.DataFrame(
        rows, columns=["need", "product", "region", "latitude", "longitude", "month", "amount"]
    )
