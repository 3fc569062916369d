"""Builds reports: one process for each report that runs, whole folders or nothing."""

import multiprocessing
import queue
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from threading import Lock
from uuid import uuid4

from helpers.data.project import build_folder, project_root
from helpers.reports.capacity import default_jobs
from helpers.reports.portfolio import ReportRun
from helpers.reports.progress import Progress, Silent
from helpers.reports.provenance import project_provenance
from helpers.reports.scrub import machine_paths, scrub, scrub_text, short_error
from helpers.reports.staging import (
    STAGING,
    build_lock,
    is_complete,
    publish_folder,
    read_json,
    recover,
    write_json,
    write_text,
)
from helpers.reports.status import STATUS, Failure, clear_failure, now, write_failure
from helpers.reports.worker import Job, serve

EXPORTER = "helpers.reports.export:export_report"
CELL_TIMEOUT = 600.0
REPORT_TIMEOUT = 3600.0


@dataclass(frozen=True)
class Result:
    """What became of one report.

    Attributes
    ----------
    slug
        Name of the report.
    seconds
        How long it took.
    failure
        Why it failed; ``None`` if it was built.
    """

    slug: str
    seconds: float
    failure: Failure | None

    @property
    def built(self) -> bool:
        """Whether the report folder now holds this run."""
        return self.failure is None


class _Worker:
    """The parent's end of one worker process, which is started again when it dies."""

    def __init__(self) -> None:
        self.process: SpawnProcess | None = None
        self.connection: Connection | None = None
        self.ended = False
        self.lock = Lock()

    def make(self, job: Job, limit: float) -> Failure | None:
        """Have one report made; a worker that dies or takes too long is a failure of that report alone."""
        try:
            connection = self._started()
            connection.send(job)
            if not connection.poll(limit):
                self._drop()
                return Failure(f"the report took longer than {limit:.0f} s")
            outcome: Failure | None = connection.recv()
        except (EOFError, ConnectionError):
            code = self._drop()
            return Failure(f"the process that made the report ended unexpectedly (exit status {code})")
        return outcome

    def _started(self) -> Connection:
        with self.lock:
            if self.ended:
                raise EOFError
            if self.connection is None:
                context = multiprocessing.get_context("spawn")
                self.connection, theirs = context.Pipe()
                self.process = context.Process(target=serve, args=(theirs,), daemon=True)
                self.process.start()
                # Without our copy of its end, the worker's death shows as an end of file.
                theirs.close()
            return self.connection

    def _drop(self) -> int | None:
        """Forget the process, so that the next report gets a new one; returns its exit status."""
        with self.lock:
            process, connection = self.process, self.connection
            self.process = self.connection = None
        if connection is not None:
            connection.close()
        if process is None:
            return None
        process.kill()
        process.join()
        return process.exitcode

    def end(self) -> None:
        """End the process for good; its kernel notices and ends, too. The thread that uses it hears of it."""
        with self.lock:
            self.ended = True
            if self.process is not None:
                self.process.kill()


class _Build:
    """One build of several reports."""

    def __init__(
        self, root: Path, progress: Progress, cell_timeout: float, report_timeout: float, exporter: str
    ) -> None:
        self.root = root
        self.folder = build_folder(root)
        self.staging = self.folder / STAGING / uuid4().hex[:12]
        self.progress = progress
        self.cell_timeout = cell_timeout
        self.report_timeout = report_timeout
        self.exporter = exporter
        self.project = project_provenance(root)
        self.idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self.stopped = False

    def run(self, runs: Sequence[ReportRun], jobs: int) -> list[Result]:
        workers = [_Worker() for _ in range(jobs)]
        for worker in workers:
            self.idle.put(worker)
        pool = ThreadPoolExecutor(jobs)
        try:
            futures = [pool.submit(self._one, run) for run in runs]
            wait(futures, return_when=FIRST_EXCEPTION)
            return [future.result() for future in futures]
        finally:
            # Also on Ctrl-C: nothing new starts, nothing that runs is published.
            self.stopped = True
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in workers:
                worker.end()
            pool.shutdown(wait=True)
            shutil.rmtree(self.staging, ignore_errors=True)

    def _one(self, run: ReportRun) -> Result:
        worker = self.idle.get()
        try:
            self.progress.began(run.slug)
            started, clock = now(), time.monotonic()
            failure = self._made_and_published(run, worker, started)
            result = Result(run.slug, time.monotonic() - clock, failure)
            if not self.stopped:
                self.progress.ended(run.slug, result.seconds, failure.text() if failure else None)
            return result
        finally:
            self.idle.put(worker)

    def _made_and_published(self, run: ReportRun, worker: _Worker, started: str) -> Failure | None:
        job = Job(
            slug=run.slug,
            notebook=run.notebook,
            parameters=run.parameters,
            root=self.root,
            folder=self.staging / run.slug,
            cell_timeout=self.cell_timeout,
            exporter=self.exporter,
            project=self.project,
        )
        failure = self._made(job, worker)
        if failure is not None and not self.stopped:
            failure = self._noted(job, failure, started)
        shutil.rmtree(job.folder, ignore_errors=True)
        return failure

    def _made(self, job: Job, worker: _Worker) -> Failure | None:
        try:
            failure = worker.make(job, self.report_timeout)
            return self._published(job) if failure is None and not self.stopped else failure
        except OSError as error:  # a full disk, mostly
            return Failure(self._words(job, error))

    def _published(self, job: Job) -> Failure | None:
        if not is_complete(job.report):
            return Failure("the report is not complete: its success marker is missing or of other files")
        publish_folder(job.report, self.folder / job.slug)
        clear_failure(self.folder, job.slug)
        return None

    def _noted(self, job: Job, failure: Failure, started: str) -> Failure:
        """Write the status file, and keep the notebook and log of the failed run beside it."""
        try:
            write_failure(self.folder, job.slug, job.notebook, job.parameters, failure, started)
            paths = machine_paths(self.root, job.report)
            executed = read_json(job.folder / "executed.ipynb")
            if executed is not None:
                write_json(self.folder / STATUS / f"{job.slug}.ipynb", scrub(executed, paths))
            if job.log.is_file():
                text = scrub_text(job.log.read_text(encoding="utf-8", errors="replace"), paths)
                write_text(self.folder / STATUS / f"{job.slug}.log", text)
        except OSError as error:
            words = self._words(job, error)
            return replace(failure, error=f"{failure.error}; and this could not be noted: {words}")
        return failure

    def _words(self, job: Job, error: OSError) -> str:
        return short_error(f"{type(error).__name__}: {error}", machine_paths(self.root, job.report))


def build(
    runs: Sequence[ReportRun],
    *,
    jobs: int | None = None,
    root: Path | None = None,
    progress: Progress | None = None,
    cell_timeout: float = CELL_TIMEOUT,
    report_timeout: float = REPORT_TIMEOUT,
    exporter: str = EXPORTER,
    afterwards: Callable[[], object] | None = None,
) -> list[Result]:
    """Build reports into ``reports/build/<slug>/``.

    A report that fails leaves the last good one untouched, is noted in ``reports/build/.status``, and does
    not keep the others from being built. One build at a time works in a folder; a second one waits.

    Parameters
    ----------
    runs
        What to build, parameters checked.
    jobs
        Reports at a time; by default a core each, as far as memory lasts.
    root
        Project folder.
    progress
        Hears what happens.
    cell_timeout, report_timeout
        Seconds that one cell, and one report, may take.
    exporter
        ``module:function`` that writes ``report.html``.
    afterwards
        Called at the end, also after an interruption, while the folder is still held: writes the index.

    Returns
    -------
    list of Result
        In the order of ``runs``.
    """
    root = (root or project_root()).resolve()
    progress = progress or Silent()
    with build_lock(build_folder(root), progress.say):
        recover(build_folder(root))
        try:
            work = _Build(root, progress, cell_timeout, report_timeout, exporter)
            return work.run(runs, max(1, min(jobs or default_jobs(), len(runs))))
        finally:
            if afterwards is not None:
                afterwards()
