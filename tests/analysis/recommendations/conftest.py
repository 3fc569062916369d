"""A small survey: ratings of recommendations by respondents of several countries and kinds."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

KINDS = ("cluster", "company", "research")
Survey = Callable[..., pd.DataFrame]


def made_up(
    *, countries: int = 12, people: int = 6, means: tuple[float, ...] = (4.5, 3.5, 2.5), seed: int = 1
) -> pd.DataFrame:
    """Return a table as `rate_recommendations` makes it."""
    dice = np.random.default_rng(seed)
    rows = []
    for country in range(countries):
        shift = dice.normal(0, 0.2, size=len(means))
        for person in range(people):
            for place, mean in enumerate(means):
                rating = float(np.clip(np.round(mean + shift[place] + dice.normal(0, 0.6), 1), 1, 5))
                rows.append(
                    {
                        "recommendation_id": f"R{place + 1:02d}",
                        "country": f"C{country:02d}",
                        "respondent_id": f"r{country:02d}{person:02d}",
                        "respondent_kind": KINDS[person % 3],
                        "importance": rating,
                        "feasibility": rating if person % 2 else np.nan,
                        "points": 1,
                    }
                )
    return pd.DataFrame(rows)


@pytest.fixture
def survey() -> Survey:
    return made_up


@pytest.fixture
def register() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "recommendation_id": ["R01", "R02", "R03"],
            "title": ["Open borders", "Shared data", "Quick money"],
            "status": ["agreed", "draft", "dropped"],
        }
    )
