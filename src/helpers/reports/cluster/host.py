"""The side of a worker: makes reports in processes of their own, with warm kernels, and packs them.

A Dask worker runs tasks in threads, while a report needs a working directory and an environment of its own;
so each thread has a process, as on one machine. Everything here is called by name from :mod:`.client`, with
plain values, so that a worker without the project can say so.
"""

import multiprocessing
import queue
import shutil
import tempfile
import threading
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypedDict

from helpers.data.project import project_root
from helpers.reports.cluster.identity import differences, identity
from helpers.reports.cluster.parcel import packed
from helpers.reports.kernels import warm_kernels
from helpers.reports.makers import Worker
from helpers.reports.status import Failure
from helpers.reports.worker import Job

IDLE_SECONDS = 300.0
"""After so long without a report, the build that wanted them is taken for dead."""
_LONGEST_LOG = 1_000_000


class Order(TypedDict):
    """A report to make: a build's token, what its project must be, and the fields of a `Job`."""

    build: str
    notebooks: list[str]
    expected: dict[str, str]
    limit: float
    job: dict[str, Any]


class Host:
    """What one build has on one worker: kernels that wait, and processes that make reports.

    Parameters
    ----------
    notebooks
        Names of the notebooks of the build; what they import is imported in advance.
    """

    def __init__(self, notebooks: list[str]) -> None:
        _allow_children()
        self.root = project_root()
        self.identity = identity(notebooks, self.root)
        self.remarks: list[str] = []
        self._things = ExitStack()
        self.folder = Path(self._things.enter_context(tempfile.TemporaryDirectory(prefix="evidence-")))
        self._kernels = self._things.enter_context(warm_kernels(self.root, notebooks, self.remarks.append))
        self._idle: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        self._workers: list[Worker] = []
        self._lock = threading.Lock()
        self._ended = False

    def make(self, order: Order) -> dict[str, Any]:
        """Make one report; see :func:`make`."""
        worker = self._free_worker()
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        job = Job(root=self.root, folder=folder, kernels=self._kernels, **order["job"])
        try:
            failure = worker.make(job, order["limit"])
            return self._outcome(job, failure)
        except OSError as error:
            return {"failure": asdict(Failure(f"{type(error).__name__} on the worker: {error.strerror}"))}
        finally:
            self._idle.put(worker)
            shutil.rmtree(folder, ignore_errors=True)

    def _outcome(self, job: Job, failure: Failure | None) -> dict[str, Any]:
        if failure is None:
            files, checksum = packed(job.report)
            return {"failure": None, "files": files, "checksum": checksum}
        kept = {
            "executed.ipynb": _read(job.folder / "executed.ipynb"),
            "log.txt": _read(job.log)[-_LONGEST_LOG:],
        }
        return {"failure": asdict(failure), "kept": {name: data for name, data in kept.items() if data}}

    def _free_worker(self) -> Worker:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            worker = Worker()
        with self._lock:
            self._workers.append(worker)
            if self._ended:
                worker.end()
        return worker

    def end(self) -> None:
        """End all processes at once; reports that are being made fail."""
        with self._lock:
            self._ended = True
            for worker in self._workers:
                worker.end()
        self._things.close()


_HOSTS: dict[str, Host] = {}
_TIMERS: dict[str, threading.Timer] = {}
_LOCK = threading.Lock()


def identify(notebooks: list[str]) -> dict[str, str]:
    """Return the :func:`~helpers.reports.cluster.identity.identity` of the project on this worker."""
    return identity(notebooks)


def make(order: Order) -> dict[str, Any]:
    """Make one report on this worker.

    Returns
    -------
    dict
        ``refused``: what this worker has that differs; or ``failure``: ``None`` or the fields of a
        `Failure`, with ``files`` and ``checksum`` of the report, or ``kept``: notebook and log of the run.
    """
    host = _host(order)
    words = differences(order["expected"], host.identity)
    return {"refused": words} if words else host.make(order)


def end(build: str) -> None:
    """Give up what a build has on this worker."""
    with _LOCK:
        host, timer = _HOSTS.pop(build, None), _TIMERS.pop(build, None)
    if timer is not None:
        timer.cancel()
    if host is not None:
        host.end()


def _host(order: Order) -> Host:
    build = order["build"]
    with _LOCK:
        if build not in _HOSTS:
            _HOSTS[build] = Host(order["notebooks"])
        if build in _TIMERS:
            _TIMERS[build].cancel()
        # The report itself may take up to its limit.
        _TIMERS[build] = threading.Timer(IDLE_SECONDS + order["limit"], end, [build])
        _TIMERS[build].daemon = True
        _TIMERS[build].start()
        return _HOSTS[build]


def _allow_children() -> None:
    """Let this process start others: under its nanny, a Dask worker is a daemon, which may not.

    The rule is there because a daemon that is killed leaves its children behind. Ours end by themselves.
    """
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]


def _read(path: Path) -> bytes:
    """Return what a file holds; empty if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return b""
