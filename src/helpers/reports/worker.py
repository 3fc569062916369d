"""One report, made in a process of its own: execute the notebook, export it, mark it as complete.

The worker only writes into its staging folder; the engine, in the parent process, moves finished reports.
Heavy imports stay inside the functions, so that the parent process never pays for them.
"""

import importlib
import json
import logging
import os
import shutil
import signal
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from helpers.data.errors import InputError
from helpers.reports.kernels.spec import was_lost, write_kernelspec
from helpers.reports.kernels.usage import Meter
from helpers.reports.parameters import read_cells
from helpers.reports.provenance import notebook_sha256, run_inputs, text_sha256
from helpers.reports.runs import COMPOSES_VARIABLE
from helpers.reports.scrub import machine_paths, scrub, short_error
from helpers.reports.staging import mark_success, read_json, write_json
from helpers.reports.status import Failure, now, source_cell

KERNEL = "python3"
RUN_FOLDER_VARIABLE = "EVIDENCE_RUN_DIR"
ROOT_VARIABLE = "EVIDENCE_ROOT"


@dataclass(frozen=True)
class Job:
    """One report to make.

    Attributes
    ----------
    slug, notebook, parameters
        As in :class:`helpers.reports.portfolio.ReportRun`.
    root
        Project folder.
    folder
        Staging folder of this report: ``report/`` is what gets published, ``scratch/`` is thrown away.
    cell_timeout
        Seconds that one cell may take.
    exporter
        ``module:function`` that writes ``report.html``.
    project
        What :func:`helpers.reports.provenance.project_provenance` returned.
    kernels
        What :func:`helpers.reports.kernels.warm_kernels` yielded: where kernels come from; if ``None``,
        each report starts its own.
    composes
        Reports that this one states facts of: key -> slug, all of them built.
    """

    slug: str
    notebook: str
    parameters: dict[str, object]
    root: Path
    folder: Path
    cell_timeout: float
    exporter: str
    project: dict[str, Any]
    kernels: str | None = None
    composes: dict[str, str] = field(default_factory=dict)

    @property
    def report(self) -> Path:
        """Folder that becomes the report."""
        return self.folder / "report"

    @property
    def log(self) -> Path:
        """What the worker and its kernel print."""
        return self.folder / "log.txt"

    @property
    def source(self) -> Path:
        """The committed notebook; it is what runs, never an executed copy."""
        return self.root / "notebooks" / f"{self.notebook}.ipynb"


class ReportError(Exception):
    """The report cannot be made; carries the failure."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.error)
        self.failure = failure


def serve(connection: Connection, make: Callable[[Job], Failure | None] | None = None) -> None:
    """Make reports as jobs come in, until the connection closes or the parent process ends.

    Parameters
    ----------
    connection
        Jobs come in, failures or ``None`` go out.
    make
        What is done with a job: `make_report` if nothing else is asked for.
    """
    make = make or make_report
    # Ctrl-C reaches the whole group of processes; the parent decides what becomes of its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            job: Job = connection.recv()
        except EOFError:
            return
        job.folder.mkdir(parents=True, exist_ok=True)
        _write_streams_to(job.log)
        connection.send(make(job))


def _write_streams_to(path: Path) -> None:
    """Send what this process and its kernels print to a file: a terminal is the parent's."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    os.close(descriptor)


def _end_with_parent() -> None:
    """Leave when the parent is gone, even in the middle of a cell; the kernel leaves when we do."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def make_report(job: Job) -> Failure | None:
    """Make one report in its staging folder.

    Returns
    -------
    Failure or None
        ``None`` if ``job.report`` holds a complete report.
    """
    paths = machine_paths(job.root, job.report)
    started, clock, meter = now(), time.monotonic(), Meter()
    try:
        job.report.mkdir(parents=True)
        (job.folder / "scratch").mkdir()
        _prepare_environment(job)
        executed = _execute(job, paths)
        run = _finish(job, executed, paths, started, time.monotonic() - clock)
        export_page(job, run)
        write_json(job.report / "run.json", {**run, "resources": meter.read()})
        mark_success(job.report)
    except ReportError as error:
        return error.failure
    except (InputError, OSError) as error:
        traceback.print_exc()
        return Failure(short_error(f"{type(error).__name__}: {error}", paths))
    except Exception as error:  # whatever breaks one report, the others go on
        traceback.print_exc()
        return Failure(short_error(f"the report could not be made: {type(error).__name__}: {error}", paths))
    return None


def _prepare_environment(job: Job) -> None:
    """Set what the kernel inherits: the run folder, one thread, a fixed hash seed."""
    scratch = job.folder / "scratch"
    os.environ.update(
        {
            # JUPYTER_PATH comes before every other place, so nobody's own kernel "python3" is picked up;
            # and nobody's IPython start-up files run.
            "JUPYTER_PATH": str(scratch / "jupyter"),
            "JUPYTER_RUNTIME_DIR": str(scratch / "runtime"),
            "JUPYTER_CONFIG_DIR": str(scratch / "config"),
            "IPYTHONDIR": str(scratch / "ipython"),
            RUN_FOLDER_VARIABLE: str(job.report),
            ROOT_VARIABLE: str(job.root),
            COMPOSES_VARIABLE: json.dumps(job.composes),
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "PYTHONHASHSEED": "0",
            "PYTHONNOUSERSITE": "1",
        }
    )


def _execute(job: Job, paths: dict[str, str]) -> Any:  # noqa: ANN401  # nbformat.NotebookNode is untyped
    cell_now: list[int] = []
    for attempt in (1, 2):
        write_kernelspec(job.folder / "scratch" / "jupyter", KERNEL, job.kernels if attempt == 1 else None)
        try:
            executed = _papermill(job, cell_now)
            break
        except Exception as error:
            if attempt == 2 or not was_lost(job.kernels, error, started=bool(cell_now)):
                raise ReportError(_failure(job, cell_now, _words(error), paths)) from error
            traceback.print_exc()
            _start_over(job, cell_now)
    if executed.metadata.papermill.get("exception"):  # sys.exit(0) ends a notebook early without an error
        raise ReportError(_failure(job, cell_now, "the notebook ended itself before its last cell", paths))
    return executed


def _start_over(job: Job, cell_now: list[int]) -> None:
    """Forget what the lost kernel did."""
    cell_now.clear()
    shutil.rmtree(job.report)
    job.report.mkdir()


def _papermill(job: Job, cell_now: list[int]) -> Any:  # noqa: ANN401
    importlib.import_module("helpers.reports.without_grammar")
    from papermill import execute_notebook

    from helpers.reports.kernels.client import PromptKernelManager

    logging.getLogger("papermill").setLevel(logging.CRITICAL)

    def note(cell: object, cell_index: int) -> None:
        cell_now[:] = [cell_index]

    os.chdir(job.folder)
    return execute_notebook(
        str(Path(os.path.relpath(job.source, job.folder))),
        "executed.ipynb",
        parameters=dict(job.parameters),
        kernel_name=KERNEL,
        language="python",
        progress_bar=False,
        request_save_on_cell_execute=False,
        cwd=str(job.source.parent),
        execution_timeout=job.cell_timeout,
        on_cell_start=note,
        kernel_manager_class=PromptKernelManager,
    )


def _words(error: Exception) -> str:
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    if isinstance(error, PapermillExecutionError):
        return f"{error.ename}: {error.evalue}"
    if isinstance(error, CellTimeoutError):
        return "the cell took longer than it may (evidence build --timeout)"
    if isinstance(error, DeadKernelError):
        return "the kernel died (out of memory, or a crash inside a library)"
    return f"{type(error).__name__}: {error}"


def _failure(job: Job, cell_now: list[int], words: str, paths: dict[str, str]) -> Failure:
    if not cell_now:
        return Failure(short_error(words, paths))
    number, heading = source_cell(read_cells(job.source), cell_now[0], injected=bool(job.parameters))
    return Failure(short_error(words, paths), number, heading)


def _finish(
    job: Job,
    executed: Any,  # noqa: ANN401  # nbformat.NotebookNode is untyped
    paths: dict[str, str],
    started: str,
    seconds: float,
) -> dict[str, Any]:
    """Write notebook.ipynb, facts.json, manifest.json and run.json without machine paths."""
    executed.metadata.papermill.update(
        {
            "input_path": f"notebooks/{job.notebook}.ipynb",
            "output_path": f"reports/build/{job.slug}/notebook.ipynb",
        }
    )
    write_json(job.report / "notebook.ipynb", scrub(executed, paths), indent=None)
    handed: dict[str, Any] = {}
    for name in ("facts.json", "manifest.json"):
        handed[name] = read_json(job.report / name)
        if not isinstance(handed[name], dict):
            what = "is not JSON" if (job.report / name).is_file() else "was not written"
            raise ReportError(Failure(f"{name} {what}: the last cell of a notebook is run.facts()"))
        write_json(job.report / name, scrub(handed[name], paths))
    run = {
        "slug": job.slug,
        "notebook": job.notebook,
        "parameters": job.parameters,
        "status": "draft",
        "started": started,
        "ended": now(),
        "seconds": round(seconds, 1),
        "notebook_sha256": notebook_sha256(job.source),
        "parameters_sha256": text_sha256(job.parameters),
        **({"composes": job.composes} if job.composes else {}),
        "inputs": run_inputs(handed["manifest.json"], job.root),
        **job.project,
    }
    write_json(job.report / "run.json", run)
    return run


def export_page(job: Job, run: dict[str, Any]) -> None:
    """Write ``report.html`` into the staged report.

    Raises
    ------
    ReportError
        If the exporter fails or leaves no page.
    """
    module, _, function = job.exporter.partition(":")
    export = getattr(importlib.import_module(module), function)
    shown = {name: value for name, value in run.items() if name != "resources"}
    try:
        export(job.report, shown, job.root)
    except Exception as error:
        traceback.print_exc()
        paths = machine_paths(job.root, job.report)
        words = short_error(f"the export failed: {type(error).__name__}: {error}", paths)
        raise ReportError(Failure(words)) from error
    if not (job.report / "report.html").is_file():
        raise ReportError(Failure("the export wrote no report.html"))
