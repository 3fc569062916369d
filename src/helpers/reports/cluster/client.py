"""The side of the build: hands reports to the workers of a Dask cluster and takes the finished ones back."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from helpers.data.errors import InputError
from helpers.reports.cluster.host import Order
from helpers.reports.cluster.identity import differences, identity
from helpers.reports.cluster.parcel import unpack
from helpers.reports.status import Failure
from helpers.reports.worker import Job

CONNECT_SECONDS = 20.0
WORKERLESS_SECONDS = 300.0
"""How long a build waits for a worker: a queue may have to start one."""
_LOOK_EVERY = 2.0
_LONGEST_WORDS = 300

Client = Any
"""`distributed.Client`, which is typed in part only, as is `distributed.Future`."""
Future = Any
Task = Callable[..., Any]


@contextmanager
def connected(
    address: str, root: Path, notebooks: Sequence[str], say: Callable[[str], None]
) -> "Iterator[Cluster]":
    """Connect to a Dask cluster for the time of a build.

    Parameters
    ----------
    address
        Address of the scheduler, such as ``tcp://10.0.0.1:8786``, or the path of its scheduler file.
    root
        Project folder.
    notebooks
        Names of the notebooks that may run.
    say
        Hears remarks: which workers are left out, and why; that none is there yet.

    Raises
    ------
    InputError
        If the extra ``cluster`` is not installed, no scheduler answers, no worker comes, or none of them has
        the same project; says what differs.
    """
    client = _client(address)
    try:
        cluster = Cluster(client, root, list(dict.fromkeys(notebooks)), say)
        try:
            cluster.look(address)
            yield cluster
        finally:
            cluster.leave()
    finally:
        client.close(timeout=5)


def _client(address: str) -> Client:
    try:
        import distributed
    except ImportError:
        raise InputError(
            "--cluster needs the package distributed: pip install 'cluster-evidence[cluster]'"
        ) from None
    where: dict[str, Any] = {"scheduler_file": address} if Path(address).is_file() else {"address": address}
    try:
        return distributed.Client(  # type: ignore[no-untyped-call]
            **where, timeout=CONNECT_SECONDS, set_as_default=False
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        words = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise InputError(
            f"--cluster {address}: no Dask scheduler answers there ({words}); "
            "allowed: an address such as tcp://10.0.0.1:8786, or the path of a scheduler file"
        ) from None


class Cluster:
    """The workers of a Dask cluster that have this very project.

    Parameters
    ----------
    client, root, notebooks, say
        As for :func:`connected`.

    Attributes
    ----------
    slots
        How many reports the workers can make at a time, by the threads that they were started with.
    """

    def __init__(self, client: Client, root: Path, notebooks: list[str], say: Callable[[str], None]) -> None:
        self.client = client
        self.notebooks = notebooks
        self.say = say
        self.build = uuid4().hex
        self.expected = identity(notebooks, root)
        self.refused: dict[str, str] = {}
        self.slots = 0
        self._lock = threading.Lock()

    def look(self, address: str) -> None:
        """Wait for a worker, and leave out those with another project.

        Raises
        ------
        InputError
            If none comes, or none is left.
        """
        self._wait_for_a_worker(address)
        for worker, words in self._unlike().items():
            self.refuse(worker, words)
        threads = self.good()
        if not threads:
            words = "; ".join(f"{worker} has {words}" for worker, words in sorted(self.refused.items()))
            raise InputError(f"--cluster {address}: no worker has this project: {words}")
        self.slots = sum(threads.values())

    def _wait_for_a_worker(self, address: str) -> None:
        deadline, told = time.monotonic() + WORKERLESS_SECONDS, False
        while not self.client.nthreads():
            if not told:
                self.say(f"--cluster {address}: there is no worker yet: waiting for one")
                told = True
            if time.monotonic() > deadline:
                raise InputError(f"--cluster {address}: no worker came in {WORKERLESS_SECONDS:.0f} s")
            time.sleep(0.5)

    def _unlike(self) -> dict[str, str]:
        """Return what differs on workers whose project is not this one."""
        unlike = {}
        # Asked first and without sending code: that of one Python version means nothing to another.
        versions = self.client.get_versions(check=False)["workers"]
        for worker, found in versions.items():
            python = ".".join(str(found["host"]["python"]).split(".")[:2])
            if python != self.expected["Python"]:
                unlike[worker] = differences({"Python": self.expected["Python"]}, {"Python": python})
        alike = [worker for worker in versions if worker not in unlike]
        answers = self.client.run(_by_name("identify"), self.notebooks, workers=alike, on_error="return")
        for worker, found in answers.items() if alike else ():
            words = _difference(self.expected, found)
            if words:
                unlike[worker] = words
        return unlike

    def good(self) -> dict[str, int]:
        """Return the threads of each worker that is there now and was not refused."""
        threads: dict[str, int] = self.client.nthreads()
        return {worker: count for worker, count in threads.items() if worker not in self.refused}

    def refuse(self, worker: str, words: str) -> None:
        """Leave a worker out from now on, and say why."""
        with self._lock:
            new = worker not in self.refused
            self.refused[worker] = words
        if new:
            self.say(f"worker {worker} is left out: it has {words}")

    def place(self) -> "Place":
        """Return one place where a report can be made; for :func:`helpers.reports.engine.build`."""
        return Place(self)

    def leave(self) -> None:
        """Give up what this build has on the workers; those that do not answer give it up by themselves."""
        with suppress(Exception):  # the connection may be what was lost
            self.client.run(_by_name("end"), self.build, on_error="ignore", wait=True)


class Place:
    """Has one report at a time made somewhere on a cluster; see `helpers.reports.makers.Maker`."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.ended = threading.Event()
        self.changed = threading.Event()

    def make(self, job: Job, limit: float) -> Failure | None:
        """Have ``job.report`` filled. A worker that dies in the middle is replaced by another."""
        while not self.ended.is_set():
            outcome = self._outcome(self._order(job, limit))
            if isinstance(outcome, Failure):
                return outcome
            if "refused" not in outcome:
                return _received(job, outcome)
            self.cluster.refuse(outcome["worker"], outcome["refused"])
        return Failure("given up")

    def end(self) -> None:
        """Give up what is being made, at once."""
        self.ended.set()
        self.changed.set()

    def _order(self, job: Job, limit: float) -> Order:
        fields = ("slug", "notebook", "parameters", "cell_timeout", "exporter", "project")
        return {
            "build": self.cluster.build,
            "notebooks": self.cluster.notebooks,
            "expected": self.cluster.expected,
            "limit": limit,
            "job": {name: getattr(job, name) for name in fields},
        }

    def _outcome(self, order: Order) -> dict[str, Any] | Failure:
        """Submit an order and wait for what comes of it."""
        from distributed import CancelledError, KilledWorker

        try:
            future = self._settled(order)
            if future is None:
                nobody = f"no worker of the cluster took the report in {WORKERLESS_SECONDS:.0f} s"
                return Failure("given up" if self.ended.is_set() else nobody)
            outcome: dict[str, Any] = future.result()
        except KilledWorker:
            return Failure("workers of the cluster died each time that they made this report (memory?)")
        except CancelledError:
            return Failure("the connection to the cluster was lost")
        except Exception as error:  # whatever breaks one report, the others go on
            words = f"the cluster could not make the report: {type(error).__name__}: {error}"
            return Failure(words[:_LONGEST_WORDS])
        return outcome

    def _settled(self, order: Order) -> Future | None:
        """Submit an order until it is done; return ``None`` if there is nobody to do it, or nobody waits."""
        future, workers, lonely = None, None, 0.0
        while not self.ended.is_set():
            good = self.cluster.good()
            lonely = 0.0 if good else lonely + _LOOK_EVERY
            if lonely > WORKERLESS_SECONDS:
                break
            if good and (future is None or (workers is not None and workers.isdisjoint(good))):
                _cancel(future)
                # Named only if some must not have it: any worker that comes later may take it otherwise.
                workers = frozenset(good) if self.cluster.refused else None
                future = self._submit(order, workers)
            self.changed.wait(_LOOK_EVERY)
            self.changed.clear()
            if future is not None and future.done():
                return future
        _cancel(future)
        return None

    def _submit(self, order: Order, workers: frozenset[str] | None) -> Future:
        chosen = sorted(workers) if workers else None
        future = self.cluster.client.submit(
            _by_name("make"), order, workers=chosen, pure=False, key=f"report-{uuid4().hex}"
        )
        future.add_done_callback(lambda _: self.changed.set())
        return future


def _cancel(future: Future | None) -> None:
    if future is not None:
        future.cancel()


def _by_name(function: str) -> Task:
    """Return a task for :mod:`.host` that also says something where there is no such module.

    A function inside a function travels as it is, one of a module only by its name.
    """

    def task(*arguments: object) -> Any:  # noqa: ANN401  # what the function returns
        import importlib

        try:
            host = importlib.import_module("helpers.reports.cluster.host")
        except ImportError as error:
            answer: Any = {"refused": f"no package helpers of this project ({error})"}
        else:
            answer = getattr(host, function)(*arguments)
        if isinstance(answer, dict) and "refused" in answer:
            from contextlib import suppress

            from distributed import get_worker

            with suppress(ValueError):  # asked outside of a task: the asker knows whom
                answer["worker"] = get_worker().address
        return answer

    return task


def _difference(expected: dict[str, str], found: object) -> str:
    """Say how a worker's answer differs; the answer may be an error."""
    if not isinstance(found, dict):
        return f"no answer ({type(found).__name__}: {found})"[:_LONGEST_WORDS]
    return str(found["refused"]) if "refused" in found else differences(expected, found)


def _received(job: Job, outcome: dict[str, Any]) -> Failure | None:
    """Put what came back where a process on this machine would have put it."""
    job.folder.mkdir(parents=True, exist_ok=True)
    for name in ("executed.ipynb", "log.txt"):
        if name in outcome.get("kept", {}):
            (job.folder / name).write_bytes(outcome["kept"][name])
    if outcome["failure"] is not None:
        return Failure(**outcome["failure"])
    try:
        unpack(outcome["files"], outcome["checksum"], job.report)
    except InputError as error:
        return Failure(str(error))
    return None
