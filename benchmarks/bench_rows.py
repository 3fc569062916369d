"""What reading, processing and a report cost by the number of input rows."""

import csv
import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measuring import Cost, megabytes, table
from benchmarks.project import Setup, evidence, write_notebook, write_portfolio

TITLE = "Cost by the number of input rows"
DATASET = "bench_rows"
NOTEBOOK = "91_rows"
COUNTRIES = ("AT", "BE", "DE", "EL", "FR", "IT", "PL")
ORIGIN = """title: Rows for a benchmark
producer: The benchmarks of this repository
citation: Made up by benchmarks/bench_rows.py.
url: https://example.org
licence: MIT
retrieved: 2026-11-22
vintage: none
kind: sample
files:
  - name: rows.csv
    meaning: One row an imaginary amount
    sha256: {sha256}
    rows: {rows}
    columns:
      - {{name: country, type: country, codes: eurostat, meaning: Country}}
      - {{name: amount, type: number, unit: pieces, meaning: Imaginary amount}}
      - {{name: remark, type: string, meaning: Free text}}
"""
CELLS = (
    (None, "# Rows\n\nWhat do many rows cost?"),
    ("parameters", "least: int = 1  # amounts from here on count; allowed: 1..1000"),
    (
        "",
        "from helpers.reports.run import Run\n\n"
        f'run = Run.start("{NOTEBOOK}", least=least)\nrows = run.table("{DATASET}")',
    ),
    (
        "",
        'kept = rows[rows["amount"] >= least]\n'
        'by_country = kept.groupby("country", as_index=False)["amount"].sum()',
    ),
    ("", f'run.fact("rows", len(kept), unit="rows", source=["{DATASET}"])'),
    ("answer", 'run.answer("{rows} rows count.")'),
    (
        "",
        f'run.show_table(by_country, id="sums", caption="Sums", sources=["{DATASET}"],\n'
        '    columns={"country": ("Country", ""), "amount": ("Amount", ",.0f")})',
    ),
    ("facts", "run.facts()"),
)


def measure(setup: Setup) -> list[str]:
    """Process a table of more and more rows and build a report that reads it."""
    path = setup.root / "reports" / "portfolio.yml"
    portfolio = path.read_text(encoding="utf-8")
    write_notebook(setup.root, NOTEBOOK, CELLS)
    write_portfolio(setup.root, NOTEBOOK, "least", [1])
    rows = []
    for count in (1_000, 10_000) if setup.quick else (1_000, 10_000, 100_000, 1_000_000):
        _write_rows(setup.root / "data" / "raw" / DATASET, count)
        processed = evidence(setup.root, "process", "--only", DATASET)
        built = evidence(setup.root, "build", "--force", "--quiet")
        rows.append(_row(count, processed, built))
    path.write_text(portfolio, encoding="utf-8")
    shutil.rmtree(setup.root / "data" / "raw" / DATASET)
    (setup.root / "notebooks" / f"{NOTEBOOK}.ipynb").unlink()
    head = ["rows", "process: seconds", "memory", "build: seconds", "memory", "both, µs a row"]
    return [
        "A table of three columns (country, number, text) in `data/raw`: `evidence process`, which reads and "
        "checks every cell and writes parquet, then `evidence build` of one report that sums it up by "
        "country.",
        "",
        *table(head, rows),
    ]


def _write_rows(folder: Path, count: int) -> None:
    folder.mkdir(exist_ok=True)
    with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["country", "amount", "remark"])
        writer.writerows(_rows(count))
    digest = hashlib.sha256((folder / "rows.csv").read_bytes()).hexdigest()
    (folder / "origin.yml").write_text(ORIGIN.format(sha256=digest, rows=count), encoding="utf-8")
    (folder / "README.md").write_text("# Rows for a benchmark\n", encoding="utf-8")


def _rows(count: int) -> "Sequence[tuple[str, str, str]]":
    return [
        (COUNTRIES[n % len(COUNTRIES)], f"{1 + n * 37 % 900}.5", f"remark {n * 7919 % 9973}")
        for n in range(count)
    ]


def _row(count: int, processed: Cost, built: Cost) -> list[str]:
    both = 1e6 * (processed.seconds + built.seconds) / count
    return [
        f"{count:,}",
        f"{processed.seconds:.1f}",
        megabytes(processed.memory),
        f"{built.seconds:.1f}",
        megabytes(built.memory),
        f"{both:,.0f}",
    ]
