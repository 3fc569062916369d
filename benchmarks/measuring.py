"""What a command costs: seconds, processor seconds, and memory at its highest."""

import os
import platform
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

SAMPLE_EVERY = 0.25


@dataclass
class Cost:
    """What something cost.

    Attributes
    ----------
    seconds
        By the clock.
    processor
        Processor seconds, of all processes that ended.
    memory
        Bytes at the highest, looked at four times a second: memory that processes share counts once.
    """

    seconds: float = 0.0
    processor: float = 0.0
    memory: int = 0


@contextmanager
def measured() -> Iterator[Cost]:
    """Measure what the child processes of a block cost."""
    cost, over = Cost(), threading.Event()
    watcher = threading.Thread(target=_watch, args=(cost, over), daemon=True)
    watcher.start()
    before, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    try:
        yield cost
    finally:
        cost.seconds = time.monotonic() - clock
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cost.processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        over.set()
        watcher.join()


def _watch(cost: Cost, over: threading.Event) -> None:
    this = psutil.Process()
    while not over.wait(SAMPLE_EVERY):
        cost.memory = max(cost.memory, sum(map(_memory, this.children(recursive=True))))


def _memory(process: psutil.Process) -> int:
    try:
        found = process.memory_full_info()
        return int(getattr(found, "pss", 0) or found.rss)
    except psutil.Error:
        return 0


def run(command: Sequence[str], root: Path, **environment: str) -> str:
    """Run a command of the environment that this Python belongs to; return what it printed.

    Raises
    ------
    RuntimeError
        If it fails; with the end of what it said.
    """
    bin_folder = str(Path(sys.executable).parent)
    done = subprocess.run(
        command,
        cwd=root,
        env={
            **os.environ,
            "PATH": f"{bin_folder}:{os.environ['PATH']}",
            "EVIDENCE_ROOT": str(root),
            "JUPYTER_PLATFORM_DIRS": "1",
            "PYTHONHASHSEED": "0",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)[:200]}: exit status {done.returncode}\n{done.stderr[-2000:]}")
    return done.stdout


def in_turn(ways: Mapping[str, Callable[[], Cost]], rounds: int) -> list[dict[str, Cost]]:
    """Measure ways of doing the same thing in turn, each round beginning with another one.

    Returns
    -------
    list of dict
        One a round: cost by way.
    """
    names = list(ways)
    results = []
    for number in range(rounds):
        order = names[number % len(names) :] + names[: number % len(names)]
        costs = {}
        for name in order:
            print(f"  round {number + 1} of {rounds}: {name}", file=sys.stderr, flush=True)
            costs[name] = ways[name]()
        results.append({name: costs[name] for name in names})
    return results


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Write a median, and the lowest and highest value if there are several.

    Examples
    --------
    >>> spread([2.0, 1.0, 4.0]), spread([2.0])
    ('2.00 (1.00 to 4.00)', '2.00')
    """
    middle = f"{statistics.median(values):.{digits}f}"
    if len(values) < 2:
        return middle
    return f"{middle} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a Markdown table; all columns but the first are numbers."""
    ruler = ["---", *["---:"] * (len(head) - 1)]
    return [f"| {' | '.join(cells)} |" for cells in (head, ruler, *rows)]


def megabytes(memory: int) -> str:
    """Write an amount of memory."""
    return f"{memory / 1e6:,.0f} MB"


def machine() -> str:
    """Describe the machine, without naming it."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = psutil.virtual_memory().total / 1e9
    return f"{cores} cores ({_processor()}), {memory:.0f} GB, Python {platform.python_version()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    found = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return found[0] if found else platform.machine()
