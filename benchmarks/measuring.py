"""What a command costs: seconds, processor seconds, and memory at its highest."""

import ctypes
import os
import platform
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil

SAMPLE_EVERY = 0.25
_PR_SET_CHILD_SUBREAPER = 36
Result = TypeVar("Result")


@dataclass
class Cost:
    """What something cost.

    Attributes
    ----------
    seconds
        By the clock.
    processor
        Processor seconds of all processes, also of those that outlived the one that started them.
    memory
        Bytes at the highest, looked at four times a second: memory that processes share counts once.
    """

    seconds: float = 0.0
    processor: float = 0.0
    memory: int = 0


@contextmanager
def measured() -> Iterator[Cost]:
    """Measure what the child processes of a block cost."""
    _adopt_orphans()
    cost, over = Cost(), threading.Event()
    watcher = threading.Thread(target=_watch, args=(cost, over), daemon=True)
    watcher.start()
    before, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    try:
        yield cost
    finally:
        cost.seconds = time.monotonic() - clock
        _wait_for_orphans()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cost.processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        over.set()
        watcher.join()


def _adopt_orphans() -> None:
    """Become the parent of what outlives its own, so that the system counts it with our children."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _wait_for_orphans() -> None:
    with suppress(ChildProcessError):
        while True:
            os.wait()


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


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """Return what some work in this process returns, and its processor seconds."""
    clock = time.process_time()
    result = work()
    return result, time.process_time() - clock


@dataclass(frozen=True)
class Beside:
    """What one way cost, and what the reference cost just before and just after it.

    A machine that others use, too, is fast for some minutes and slow for the next; neighbours in time are
    compared, so that this matters little.
    """

    cost: Cost
    reference: tuple[Cost, Cost]

    @property
    def ratio(self) -> float:
        """Seconds of this way for one second of the reference."""
        return self.cost.seconds / statistics.mean(cost.seconds for cost in self.reference)


def beside(
    reference: Callable[[], Cost], ways: Mapping[str, Callable[[], Cost]], order: Sequence[str]
) -> dict[str, list[Beside]]:
    """Measure ways of doing the same thing, each between two measurements of the reference.

    Returns
    -------
    dict
        By way, in the order of ``ways``: as many results as ``order`` names it.
    """
    results: dict[str, list[Beside]] = {name: [] for name in ways}
    before = reference()
    for place, name in enumerate(order, start=1):
        print(f"  {place} of {len(order)}: {name}", file=sys.stderr, flush=True)
        cost = ways[name]()
        after = reference()
        results[name].append(Beside(cost, (before, after)))
        before = after
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
