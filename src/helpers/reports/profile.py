"""Where the time of a build went, from what its reports state of themselves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from helpers.data.project import build_folder
from helpers.reports.engine import Result
from helpers.reports.staging import read_json

_SLOWEST = 10


@dataclass(frozen=True)
class _Cell:
    notebook: str
    number: int
    text: str
    seconds: float


def where_time_went(results: Sequence[Result], root: Path, *, before: float, wall: float) -> list[str]:
    """Say where the time of a build went.

    Parameters
    ----------
    results
        What became of the reports.
    root
        Project folder.
    before
        Seconds before the first report: reading the portfolio, bringing data/processed up to date.
    wall
        Seconds that all of it took.

    Returns
    -------
    list of str
        Lines. Reports run side by side, so their seconds add up to more than the clock shows.
    """
    built = [result for result in results if result.built and result.what != "nothing"]
    lines = [
        f"{wall:8.1f} s  the whole build by the clock, of which",
        f"{before:8.1f} s  before the first report: portfolio, data/processed",
    ]
    if not built:
        return [*lines, "            no report was built"]
    runs = {result.slug: read_json(build_folder(root) / result.slug / "run.json") or {} for result in built}
    ran = [result for result in built if result.what == "run"]
    cells = [cell for result in ran for cell in _cells(root, result.slug, runs[result.slug])]
    whole = sum(result.seconds for result in built)
    parts = _parts(built, ran, runs, sum(cell.seconds for cell in cells))
    reports = f"{len(built)} report{'' if len(built) == 1 else 's'}"
    lines.append(f"{whole:8.1f} s  {reports}, added up, of which")
    lines += [f"{seconds:10.1f} s  {seconds / whole:4.0%}  {name}" for name, seconds in parts]
    return [*lines, *_resources(runs), *_slowest(cells, len(ran))]


def _parts(
    built: Sequence[Result], ran: Sequence[Result], runs: dict[str, dict[str, Any]], cells: float
) -> list[tuple[str, float]]:
    executing = sum(float(runs[result.slug].get("seconds", 0)) for result in ran)
    publishing = sum(result.publishing for result in built)
    pages = sum(result.seconds for result in built) - executing - publishing
    return [
        ("cells", cells),
        ("kernels: start, messages, end", max(0.0, executing - cells)),
        ("pages, and starting the processes that make reports", max(0.0, pages)),
        ("checking, moving and noting finished reports", publishing),
    ]


def _cells(root: Path, slug: str, run: dict[str, Any]) -> Iterator[_Cell]:
    """Yield the code cells of an executed notebook, numbered as in its source."""
    executed = read_json(build_folder(root) / slug / "notebook.ipynb") or {"cells": []}
    source = [c for c in executed["cells"] if "injected-parameters" not in c["metadata"].get("tags", [])]
    for number, cell in enumerate(source, start=1):
        seconds = _seconds(cell["metadata"].get("papermill", {})) if cell["cell_type"] == "code" else None
        if seconds is not None:
            text = " ".join("".join(cell["source"]).split())
            yield _Cell(str(run.get("notebook", "")), number, text[:60], seconds)


def _seconds(timing: dict[str, Any]) -> float | None:
    try:
        start, end = (datetime.fromisoformat(timing[f"{name}_time"]) for name in ("start", "end"))
    except (KeyError, TypeError, ValueError):
        return None
    return (end - start).total_seconds()


def _resources(runs: dict[str, dict[str, Any]]) -> list[str]:
    """Say how much processor time and memory runs took, where run.json states it."""
    known = {slug: run["resources"] for slug, run in runs.items() if isinstance(run.get("resources"), dict)}
    lines = []
    if used := [float(each["cpu_seconds"]) for each in known.values() if each.get("cpu_seconds")]:
        lines.append(f"{sum(used):8.1f} s  of processor time in {len(used)} of them")
    peaks = {
        slug: float(each["peak_memory_mb"]) for slug, each in known.items() if each.get("peak_memory_mb")
    }
    if peaks:
        most = max(peaks, key=lambda slug: peaks[slug])
        lines.append(f"{peaks[most]:8.0f} MB of memory at most, in {most}")
    return lines


def _slowest(cells: Sequence[_Cell], reports: int) -> list[str]:
    """Name the cells that took longest, over all reports."""
    together: dict[tuple[str, int], list[_Cell]] = {}
    for cell in cells:
        together.setdefault((cell.notebook, cell.number), []).append(cell)
    seconds = {key: sum(cell.seconds for cell in same) for key, same in together.items()}
    longest = sorted(seconds, key=lambda key: -seconds[key])[:_SLOWEST]
    lines = ["  slowest cells, over all of them"] if longest else []
    for key in longest:
        first = together[key][0]
        lines.append(f"{seconds[key]:10.1f} s  {key[0]}, cell {key[1]}: {first.text}")
    return lines
