"""What reading, cleaning and analysing the answers to a questionnaire cost by their number."""

import shutil
import sys
from collections.abc import Sequence

from benchmarks.measuring import Cost, measured, megabytes, run, table
from benchmarks.project import Setup, evidence
from helpers.data.sample.exporters import write_plain
from helpers.data.sample.generator import sample_of
from helpers.data.sample.large import in_large_numbers

TITLE = "Cost by the number of answers to a questionnaire"
NAME = "vaccine_capacity"
VINTAGE = "2020-01"
PREFIX = f"{NAME}_{VINTAGE.replace('-', '_')}"
KINDS = ("respondents", "capacities", "difficulties", "received", "products")
ANALYSIS = f"""
from helpers.analysis import capacity
from helpers.data.process import read_table
people, stated = read_table("{PREFIX}_respondents"), read_table("{PREFIX}_capacities")
products = read_table("{PREFIX}_products")
entries = capacity.counted_entries(stated, people)
capacity.capacity_by_product(entries, products)
offers = capacity.select_entries(entries, product="fill_finish_vials")
capacity.bootstrap_by_country(offers, seed=1)
capacity.size_distribution(offers)
capacity.coverage_matrix(entries, products, sorted(set(people["country"].dropna())))
"""


def measure(setup: Setup) -> list[str]:
    """Ingest, process and analyse more and more answers."""
    rows = [_row(setup, count) for count in ((1_000, 10_000) if setup.quick else (1_000, 10_000, 100_000))]
    head = ["answers", "ingest: seconds", "process: seconds", "analyse: seconds", "all", "largest memory"]
    return [
        f"Made-up answers to `{NAME}` in one CSV: `evidence ingest` (with redaction and the search for "
        "doubles), `evidence process` of its tables, and totals, distribution, intervals and coverage. Goal: "
        "100,000 in under 60 s and 2 GB.",
        "",
        *table(head, rows),
    ]


def _row(setup: Setup, count: int) -> Sequence[str]:
    answers = sample_of(NAME, respondents=count)
    path = setup.folder / f"answers-{count}.csv"
    write_plain(in_large_numbers(answers), answers.questionnaire, path)
    ingested = evidence(setup.root, "ingest", str(path), "--as", NAME, "--vintage", VINTAGE)
    only = [word for kind in KINDS for word in ("--only", f"{PREFIX}_{kind}")]
    processed = evidence(setup.root, "process", *only)
    with measured() as analysed:
        run([sys.executable, "-c", ANALYSIS], setup.root, EVIDENCE_ROOT=str(setup.root))
    shutil.rmtree(setup.root / "data" / "raw" / NAME / VINTAGE)
    costs: list[Cost] = [ingested, processed, analysed]
    seconds = [cost.seconds for cost in costs]
    return [
        f"{count:,}",
        *(f"{number:.1f}" for number in (*seconds, sum(seconds))),
        megabytes(max(cost.memory for cost in costs)),
    ]
