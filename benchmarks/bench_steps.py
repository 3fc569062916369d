"""What single steps cost, and what ten times as much costs: hostile texts, draws, cells of a table."""

import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from benchmarks.measuring import spread, table, timed
from benchmarks.project import ROOT, Setup
from helpers.analysis.capacity import bootstrap_by_country
from helpers.analysis.disclosure import protect_table
from helpers.analysis.recommendations.rank_intervals import rank_intervals
from helpers.analysis.themes.codebook import codebook_from_tables
from helpers.analysis.themes.coder import code_answers
from helpers.data.codebook_folder import read_codebook_folder
from helpers.data.privacy import redact

TITLE = "Single steps, and ten times as much"
COUNTRIES = [f"C{number:02}" for number in range(27)]
NAMES = ["Anna Kowalska", "BioNova GmbH", "Jean-Pierre O'Neill"]
# Texts on which a careless pattern takes quadratic time or worse.
TO_REDACT = ("@", "a.", "1 ", "0", "a at ", "+1(", "a@", "Anna ")
TO_CODE = (
    *("no problem, staff, ", "on demand ", "a", "e\u200b", "\u202e", ",", ". ", "staff and ", "[e-mail"),
    *("problem ", "not ", "e\u0301\u0302 ", "cold storage ", "\n- staff", "x*"),
)
Work = Callable[[], object]


def measure(setup: Setup) -> list[str]:
    """Time each step and the same with ten times as much, as often as there are rounds."""
    rounds = max(setup.rounds, 3)
    rows = []
    for name, (once, ten_times) in _steps().items():
        print(f"  {name}", file=sys.stderr, flush=True)
        ten_times()  # what is read or imported on first use is not counted
        pairs = [(timed(once)[1], timed(ten_times)[1]) for _ in range(rounds)]
        ratios = [more / max(less, 1e-4) for less, more in pairs]
        milliseconds = [statistics.median(1000 * pair[place] for pair in pairs) for place in (0, 1)]
        rows.append([name, *(f"{number:,.1f}" for number in milliseconds), spread(ratios, 1)])
    return [
        f"Processor milliseconds, the median of {rounds}, and how many times as long ten times as much takes "
        "(median, lowest and highest): up to 10 is linear, 100 would be quadratic. Of hostile texts the one "
        "that grows most is shown, of those that take 10 ms or more.",
        "",
        *table(["", "once: ms", "ten times: ms", "times"], [*_worst_texts(rounds), *rows]),
    ]


def _worst_texts(rounds: int) -> list[list[str]]:
    tables = read_codebook_folder(ROOT / "data" / "raw" / "codebook")
    themes = tables.themes.assign(order=tables.themes["order"].astype(int))
    book = codebook_from_tables(themes, tables.terms, tables.markers)
    readers: Mapping[str, tuple[Sequence[str], Callable[[str], object]]] = {
        "redact": (TO_REDACT, lambda text: redact(text, NAMES)),
        "code": (TO_CODE, lambda text: code_answers(_answer(text), book)),
    }
    rows = []
    for name, (units, read) in readers.items():
        worst = max((_growth(unit, read, rounds) for unit in units), key=lambda found: found[0])
        _, unit, less, more, ratios = worst
        rows.append(
            [
                f"{name} a text of 10,000 signs, {unit!a} again and again",
                f"{1000 * less:,.1f}",
                f"{1000 * more:,.1f}",
                spread(ratios, 1),
            ]
        )
    return rows


def _growth(
    unit: str, read: Callable[[str], object], rounds: int
) -> tuple[float, str, float, float, list[float]]:
    short, long = ((unit * size)[:size] for size in (10_000, 100_000))
    read(long)
    pairs = [(timed(partial(read, short))[1], timed(partial(read, long))[1]) for _ in range(rounds)]
    less, more = (statistics.median(pair[place] for pair in pairs) for place in (0, 1))
    ratios = [pair[1] / max(pair[0], 1e-4) for pair in pairs]
    return (statistics.median(ratios) if more >= 0.01 else 0.0), unit, less, more, ratios


def _answer(text: str) -> pd.DataFrame:
    return pd.DataFrame({"answer_id": ["a1"], "text": [text], "language": [""]}).astype("str")


def _steps() -> dict[str, tuple[Work, Work]]:
    amounts, ratings = _amounts(600), _ratings()
    few, many = _amounts(90), _amounts(900)
    protect = partial(protect_table, rows="country", columns="stage")
    return {
        "bootstrap by country of 600 amounts, 200 draws": (
            partial(bootstrap_by_country, amounts, seed=1, draws=200),
            partial(bootstrap_by_country, amounts, seed=1, draws=2_000),
        ),
        "rank intervals of 14 recommendations in 22 countries, 100 draws": (
            partial(rank_intervals, ratings, seed=1, draws=100),
            partial(rank_intervals, ratings, seed=1, draws=1_000),
        ),
        "protect 90 amounts of 27 countries and 20 products": (partial(protect, few), partial(protect, many)),
        "protect 90 amounts of 27 countries": (
            partial(protect_table, few, "country"),
            partial(protect_table, many, "country"),
        ),
    }


def _amounts(number: int) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    sizes = np.exp(rng.normal(8, 2, number)).round(1)
    return pd.DataFrame(
        {
            "respondent_id": [f"r{place}" for place in range(number)],
            "country": [COUNTRIES[place**2 % len(COUNTRIES)] for place in range(number)],
            "product": "vials",
            "stage": [f"P{place:02}" for place in rng.integers(0, 20, number)],
            "point": sizes,
            "amount": sizes,
            "amount_low": sizes,
            "amount_high": sizes,
            "unit": "litres",
            "usable": True,
        }
    )


def _ratings() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    rows = [
        (f"R{name:02}", country, f"{country}-{person}", float(np.clip(rng.normal(2.5 + name / 7, 1), 1, 5)))
        for name in range(14)
        for country in COUNTRIES[:22]
        for person in range(7)
    ]
    found = pd.DataFrame(rows, columns=["recommendation_id", "country", "respondent_id", "importance"])
    return found.assign(feasibility=np.nan)
