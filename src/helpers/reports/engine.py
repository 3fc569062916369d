"""Builds reports: one process for each report that runs, whole folders or nothing."""

import queue
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from helpers.data.project import build_folder, project_root
from helpers.reports.capacity import default_jobs
from helpers.reports.incremental.memory import Memory
from helpers.reports.incremental.plan import EXPORTER, Plan, Planned, What
from helpers.reports.kernels import warm_kernels
from helpers.reports.makers import Maker, Worker
from helpers.reports.progress import Progress, Silent
from helpers.reports.provenance import project_provenance
from helpers.reports.reexport import serve_exports
from helpers.reports.runs import ReportRun, stages
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
from helpers.reports.worker import Job

NO_SERVER: AbstractContextManager[str | None] = nullcontext()
_RUN, _EXPORT, _COMPOSE = "run", "export", "compose"
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
    what
        What was done: ``"run"``, ``"export"`` or ``"nothing"``.
    publishing
        Seconds of it that went into checking, moving and noting the finished report.
    """

    slug: str
    seconds: float
    failure: Failure | None
    what: What = "run"
    publishing: float = 0.0

    @property
    def built(self) -> bool:
        """Whether the report folder now holds this run."""
        return self.failure is None


class _Build:
    """One build of several reports."""

    def __init__(
        self,
        plan: Plan,
        progress: Progress,
        cell_timeout: float,
        report_timeout: float,
        exporter: str,
        kernels: str | None,
    ) -> None:
        self.plan = plan
        self.root = plan.root
        self.folder = build_folder(plan.root)
        self.staging = self.folder / STAGING / uuid4().hex[:12]
        self.progress = progress
        self.cell_timeout = cell_timeout
        self.report_timeout = report_timeout
        self.exporter = exporter
        self.kernels = kernels
        self.project = project_provenance(plan.root)
        self.idle: dict[str, queue.SimpleQueue[Maker]] = {}
        self.results: dict[str, Result] = {}
        self.stopped = False

    def run(self, planned: Sequence[Planned], jobs: int, maker: Callable[[], Maker]) -> list[Result]:
        makers = self._makers(jobs, maker)
        pool = ThreadPoolExecutor(jobs)
        try:
            by_slug = {item.run.slug: item for item in planned}
            for stage in stages([item.run for item in planned]):
                # What a report composes is made by now, so that it shows whether that changed.
                items = [self.plan.now(by_slug[run.slug]) for run in stage]
                futures = [pool.submit(self._one, item) for item in items]
                wait(futures, return_when=FIRST_EXCEPTION)
                self.results |= {future.result().slug: future.result() for future in futures}
            return [self.results[item.run.slug] for item in planned]
        finally:
            # Also on Ctrl-C: nothing new starts, nothing that runs is published.
            self.stopped = True
            pool.shutdown(wait=False, cancel_futures=True)
            for one in makers:
                one.end()
            pool.shutdown(wait=True)
            shutil.rmtree(self.staging, ignore_errors=True)

    def _makers(self, jobs: int, maker: Callable[[], Maker]) -> list[Maker]:
        """Make the places where work is done, ``jobs`` of each kind, and note them as idle."""
        kinds: dict[str, list[Maker]] = {
            _RUN: [maker() for _ in range(jobs)],
            _EXPORT: [Worker(serve_exports) for _ in range(jobs)],
        }
        if maker is not Worker:
            # What a report composes is in the build folder of this machine.
            kinds[_COMPOSE] = [Worker() for _ in range(min(jobs, default_jobs()))]
        for kind, each in kinds.items():
            self.idle[kind] = queue.SimpleQueue()
            for one in each:
                self.idle[kind].put(one)
        return [one for each in kinds.values() for one in each]

    def _kind(self, planned: Planned) -> str:
        if planned.what == "export":
            return _EXPORT
        return _COMPOSE if planned.run.composes and _COMPOSE in self.idle else _RUN

    def _one(self, planned: Planned) -> Result:
        slug, what = planned.run.slug, planned.what
        broken = self._broken_part(planned.run)
        if what == "nothing" and broken is None:
            self.progress.skipped(slug)
            return Result(slug, 0.0, None, what)
        idle = self.idle[self._kind(planned)]
        maker = idle.get()
        try:
            self.progress.began(slug)
            started, clock = now(), time.monotonic()
            failure, publishing = self._made_and_published(planned, maker, started, broken)
            done: What = "run" if broken else what
            result = Result(slug, time.monotonic() - clock, failure, done, publishing)
            if not self.stopped:
                self.progress.ended(slug, result.seconds, failure.text() if failure else None)
            return result
        finally:
            idle.put(maker)

    def _broken_part(self, run: ReportRun) -> Failure | None:
        """Say which of the reports that this one composes is not there, or was not built just now."""
        for key, slug in run.parts().items():
            result = self.results.get(slug)
            if result is not None and result.failure is not None:
                return Failure(f"composes {slug} ({key}), which failed: {result.failure.text()}")
            if result is None and not is_complete(self.folder / slug):
                return Failure(
                    f"composes {slug} ({key}), which is not built; evidence build --only {run.slug}"
                )
        return None

    def _made_and_published(
        self, planned: Planned, maker: Maker, started: str, broken: Failure | None
    ) -> tuple[Failure | None, float]:
        run = planned.run
        job = Job(
            slug=run.slug,
            notebook=run.notebook,
            parameters=run.parameters,
            root=self.root,
            folder=self.staging / run.slug,
            cell_timeout=self.cell_timeout,
            exporter=self.exporter,
            project=self.project,
            kernels=self.kernels,
            composes=run.parts(),
        )
        failure, publishing = (broken, 0.0) if broken else self._made(job, planned, maker)
        if failure is not None and not self.stopped:
            failure = self._noted(job, failure, started)
        shutil.rmtree(job.folder, ignore_errors=True)
        return failure, publishing

    def _made(self, job: Job, planned: Planned, maker: Maker) -> tuple[Failure | None, float]:
        clock = time.monotonic()
        try:
            failure = maker.make(job, self.report_timeout)
            clock = time.monotonic()
            if failure is None and not self.stopped:
                failure = self._published(job, planned)
        except OSError as error:  # a full disk, mostly
            failure = Failure(self._words(job, error))
        return failure, time.monotonic() - clock

    def _published(self, job: Job, planned: Planned) -> Failure | None:
        if not is_complete(job.report):
            return Failure("the report is not complete: its success marker is missing or of other files")
        publish_folder(job.report, self.folder / job.slug)
        clear_failure(self.folder, job.slug)
        try:
            self.plan.note_built(planned, list(self.project["packages"]))
        except OSError as error:
            # The report is there and whole; the next build makes it once more, for want of the note.
            self.progress.say(
                f"{job.slug}: what it was built from could not be noted: {self._words(job, error)}"
            )
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
    force: bool = False,
    maker: Callable[[], Maker] = Worker,
    afterwards: Callable[[], object] | None = None,
) -> list[Result]:
    """Build the reports that need it into ``reports/build/<slug>/``.

    A report whose notebook, parameters, helpers, data and packages are what they were is left alone if its
    files are, too; see :mod:`helpers.reports.incremental.plan`. A report that fails leaves the last good one
    untouched, is noted in ``reports/build/.status``, and does not keep the others from being built, but for
    those that compose it. These are made after what they compose, on this machine. One build at a time works
    in a folder; a second one waits.

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
    force
        Run every notebook, changed or not.
    maker
        Makes one of the ``jobs`` places where notebooks run; by default a process on this machine.
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
        memory = Memory(root)
        try:
            # Planned only now: another build may just have made what this one was asked for.
            plan = Plan(memory, exporter=exporter)
            planned = plan.planned(runs, force=force)
            count = sum(item.what != "nothing" for item in planned)
            notebooks = [item.run.notebook for item in planned if item.what in ("run", "perhaps")]
            # Elsewhere than on this machine, whoever makes the reports sees to the kernels.
            warm = warm_kernels(root, notebooks, progress.say) if notebooks and maker is Worker else NO_SERVER
            with warm as kernels:
                work = _Build(plan, progress, cell_timeout, report_timeout, exporter, kernels)
                return work.run(planned, max(1, min(jobs or default_jobs(), count)), maker)
        finally:
            _save(memory, progress)
            if afterwards is not None:
                afterwards()


def _save(memory: Memory, progress: Progress) -> None:
    try:
        memory.save()
    except OSError as error:
        progress.say(f"reports/build/.cache: {error.strerror}: the next build takes a little longer")
