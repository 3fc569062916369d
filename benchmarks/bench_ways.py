"""The same reports in several ways, from a plain loop to the cells alone."""

import json
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from benchmarks.measuring import Cost, beside, measured, megabytes, run, spread, table
from benchmarks.project import Setup, evidence, facts_of, write_portfolio

TITLE = "Ways to the same reports"
NOTEBOOK = "10_cluster_counts"
CORES = 2
SCOPES = (
    *("EU27", "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR"),
    *("HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
)
WAYS = {
    "a": "plain loop: `papermill`, then `jupyter nbconvert --to html`, run after run",
    "b": "two such loops side by side",
    "c": "papermill's Python API in a pool of two processes, one HTMLExporter in each",
    "d": "`evidence build --force --jobs 2`",
    "e": f"the limit: the cells' own time in the warm kernels of (d), divided by {CORES} cores",
    "f": "the cells alone, in processes forked from one that has imported everything: no kernel, no HTML",
}
# How often in a round: the long ones are an average over minutes by themselves.
TIMES = {"f": 3, "c": 2, "b": 1, "a": 1}
TIMES_AGAIN = {"f": 3, "c": 2, "b": 1}
GOALS = {"a": "at least 7", "b": "at least 4", "c": "at least 2.2", "e": "at least 1/1.4 = 0.71"}


def measure(setup: Setup) -> list[str]:
    """Build the same runs in each way, in turn, and compare; then again with the pictures of before."""
    scopes = SCOPES[:12] if setup.quick else SCOPES
    portfolio = (setup.root / "reports" / "portfolio.yml").read_text(encoding="utf-8")
    slugs = write_portfolio(setup.root, NOTEBOOK, "scope", scopes)
    first = _compared(setup, slugs, scopes, TIMES, forget=True)
    again = _compared(setup, slugs, scopes, TIMES_AGAIN, forget=False)
    _check_facts(setup, slugs, scopes)
    (setup.root / "reports" / "portfolio.yml").write_text(portfolio, encoding="utf-8")
    return [
        f"{len(scopes)} runs of `{NOTEBOOK}` (the EU and {len(scopes) - 1} countries), all on {CORES} cores, "
        "with HTML but for (e) and (f). (d) is measured before and after each of the others, which is "
        "compared with these two; (e) is taken from the notebooks that each (d) executed, with what cells "
        "waited for each other and for the rest of (d); (f) waits for nothing else. In brackets the lowest "
        "and the highest, where there are several. The facts of (a) to (d) are the same.",
        "",
        "For the first time: no picture was drawn before (`.cache/pictures` is emptied before each way).",
        "",
        *first,
        "",
        "Again, as after an edit that touches every notebook: pictures that are the same are not drawn anew.",
        "",
        *again,
    ]


def _compared(
    setup: Setup, slugs: Sequence[str], scopes: Sequence[str], times: Mapping[str, int], *, forget: bool
) -> list[str]:
    """Return the table of one comparison."""
    made: list[tuple[Cost, float]] = []
    every = _ways(setup, scopes, forget=forget)
    ways = {name: every[name] for name in sorted(times)}
    order = [name for name, number in times.items() for _ in range(number)] * setup.rounds
    build = partial(_ours, setup, slugs, made)
    results = beside(partial(_forgetful, setup, build) if forget else build, ways, order)
    rows = {
        name: _row(name, [each.cost for each in found], spread([each.ratio for each in found]))
        for name, found in results.items()
    }
    rows["d"] = _row("d", [cost for cost, _ in made], "1")
    ratios = spread([cells / cost.seconds for cost, cells in made])
    rows["e"] = [f"(e) {WAYS['e']}", spread([cells for _, cells in made], 1), "", "", ratios, GOALS["e"]]
    head = ["", "seconds", "processor seconds", "memory", "times what (d) takes", "goal"]
    return table(head, [rows[name] for name in WAYS if name in rows])


def _ways(setup: Setup, scopes: Sequence[str], *, forget: bool) -> dict[str, Callable[[], Cost]]:
    half = len(scopes) // 2
    ways: dict[str, Callable[[], Cost]] = {
        "a": partial(_loops, setup, [scopes]),
        "b": partial(_loops, setup, [scopes[:half], scopes[half:]]),
        "c": partial(_script, setup, "pool_of_two.py", scopes),
        "f": partial(_script, setup, "cells_alone.py", scopes, forget=forget),
    }
    return {name: partial(_forgetful, setup, way) if forget else way for name, way in ways.items()}


def _ours(setup: Setup, slugs: Sequence[str], made: list[tuple[Cost, float]]) -> Cost:
    """Build all reports; note the cost, and the cells' own seconds a core."""
    cost = evidence(setup.root, "build", "--force", "--quiet", "--jobs", str(CORES))
    made.append((cost, sum(_seconds_of_cells(setup, slug) for slug in slugs) / CORES))
    return cost


def _seconds_of_cells(setup: Setup, slug: str) -> float:
    path = setup.root / "reports" / "build" / slug / "notebook.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return float(sum(cell["metadata"].get("papermill", {}).get("duration") or 0 for cell in cells))


def _forgetful(setup: Setup, way: Callable[[], Cost]) -> Cost:
    """Measure a way with no picture kept from before."""
    shutil.rmtree(setup.root / ".cache" / "pictures", ignore_errors=True)
    return way()


def _row(name: str, costs: Sequence[Cost], ratio: str) -> list[str]:
    return [
        f"({name}) {WAYS[name]}",
        spread([cost.seconds for cost in costs], 1),
        spread([cost.processor for cost in costs], 1),
        megabytes(max(cost.memory for cost in costs)),
        ratio,
        GOALS.get(name, ""),
    ]


def _loops(setup: Setup, parts: Sequence[Sequence[str]]) -> Cost:
    with measured() as cost, ThreadPoolExecutor(len(parts)) as pool:
        list(pool.map(partial(_loop, setup), parts))
    return cost


def _loop(setup: Setup, scopes: Sequence[str]) -> None:
    """Run what a researcher would write: two commands a report."""
    for scope in scopes:
        folder = run_folder(setup.folder, "loop", scope)
        executed = str(folder / "executed.ipynb")
        source = f"notebooks/{NOTEBOOK}.ipynb"
        words = [
            "papermill",
            source,
            executed,
            "-p",
            "scope",
            scope,
            "--cwd",
            "notebooks",
            "--no-progress-bar",
        ]
        run(words, setup.root, EVIDENCE_RUN_DIR=str(folder))
        run(["jupyter", "nbconvert", "--to", "html", "--log-level", "ERROR", executed], setup.root)


def _script(setup: Setup, name: str, scopes: Sequence[str], *, forget: bool = False) -> Cost:
    """Run a script beside this file, for all scopes at once."""
    script = Path(__file__).parent / name
    order = {"notebook": NOTEBOOK, "scopes": list(scopes), "cores": CORES, "forget": forget}
    order["folder"] = str(setup.folder)
    with measured() as cost:
        said = run([sys.executable, str(script), json.dumps(order)], setup.root)
    # What a script has to prepare does not count where it says so itself.
    cost.seconds = float(said) if said.strip() else cost.seconds
    return cost


def run_folder(folder: Path, way: str, scope: str) -> Path:
    """Return an empty folder for a run."""
    path = folder / "runs" / way / scope
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def _check_facts(setup: Setup, slugs: Sequence[str], scopes: Sequence[str]) -> None:
    for slug, scope in zip(slugs, scopes, strict=True):
        ours = facts_of(setup.root / "reports" / "build" / slug)
        for way in ("loop", "pool"):
            if facts_of(setup.folder / "runs" / way / scope) != ours:
                raise AssertionError(f"{scope}: the facts of way {way!r} are not those of evidence build")
