"""What a build costs by the number of runs, and what an unchanged portfolio costs."""

import shutil
import statistics
import sys

from benchmarks.measuring import Cost, measured, megabytes, run, spread, table
from benchmarks.project import Setup, evidence, light_portfolio

TITLE = "Cost by the number of runs"


def measure(setup: Setup) -> list[str]:
    """Build light notebooks, from one to five hundred, and look at an unchanged portfolio each time."""
    path = setup.root / "reports" / "portfolio.yml"
    portfolio = path.read_text(encoding="utf-8")
    rows = []
    for count in (1, 10, 30) if setup.quick else (1, 10, 50, 140, 500):
        light_portfolio(setup.root, count)
        shutil.rmtree(setup.root / "reports" / "build", ignore_errors=True)
        built = evidence(setup.root, "build", "--quiet")
        unchanged = [evidence(setup.root, "build", "--quiet") for _ in range(5)]
        start = statistics.median(_bare_start(setup).seconds for _ in range(5))
        rows.append(_row(count, built, [cost.seconds - start for cost in unchanged]))
    path.write_text(portfolio, encoding="utf-8")
    head = ["runs", "seconds", "seconds a run", "processor seconds a run", "memory", "unchanged: seconds"]
    return [
        "`evidence build` of a notebook that reads one table and states one fact, with HTML, from nothing; "
        "then the same command again, with nothing changed, less what Python takes to start (five times: "
        "median, lowest and highest).",
        "",
        *table(head, rows),
    ]


def _row(count: int, built: Cost, unchanged: list[float]) -> list[str]:
    return [
        f"{count}",
        f"{built.seconds:.1f}",
        f"{built.seconds / count:.3f}",
        f"{built.processor / count:.3f}",
        megabytes(built.memory),
        spread(unchanged, 3),
    ]


def _bare_start(setup: Setup) -> Cost:
    with measured() as cost:
        run([sys.executable, "-c", "pass"], setup.root)
    return cost
