"""Made-up participants."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

DOMAINS = ["energy", "logistics", "skills", "wood"]
STAGES = [f"stage_{number}" for number in range(9)]
KINDS = ["company", "cluster", "funder", "research", "public_authority", "other"]
COUNTRIES = ["AT", "BE", "BG", "CZ", "DE", "EL", "ES", "FR", "HU", "IT", "PL", "UK"]


def _made_up(count: int, seed: int = 1, domains: int = 4) -> pd.DataFrame:
    """Make up participants; companies and large countries are more frequent."""
    rng = np.random.default_rng(seed)
    often = np.arange(len(COUNTRIES), 0, -1) / sum(range(len(COUNTRIES) + 1))
    words = [f"word {number:02}" for number in range(14)]

    def some(of: list[str], least: int, most: int) -> tuple[str, ...]:
        return tuple(str(word) for word in rng.choice(of, rng.integers(least, most + 1), replace=False))

    rows = [
        {
            "participant_id": f"p{number:05}",
            "country": str(rng.choice(COUNTRIES, p=often)),
            "kind": str(rng.choice(KINDS, p=[0.5, 0.2, 0.05, 0.12, 0.08, 0.05])),
            "domains": some(DOMAINS[:domains], 1, min(3, domains)),
            "ecosystems": some(["digital", "health", "textiles"], 0, 2),
            "stages": some(STAGES, 0, 2),
            "offers": some(words, 0, 2),
            "needs": some(words, 0, 2),
        }
        for number in range(count)
    ]
    return pd.DataFrame(rows)


@pytest.fixture(scope="session")
def made_up() -> Callable[..., pd.DataFrame]:
    """Return what makes up participants: count, seed, number of domains."""
    return _made_up


@pytest.fixture(scope="session")
def participants() -> pd.DataFrame:
    """Return forty made-up participants."""
    return _made_up(40)
