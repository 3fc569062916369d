"""Places where reports are made: a process on this machine, or whatever else keeps to `Maker`."""

from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from threading import Lock
from typing import Protocol

from helpers.reports.kernels.clients import client_context
from helpers.reports.status import Failure
from helpers.reports.worker import Job, serve


class Maker(Protocol):
    """Has reports made, one at a time: a process here, or a worker on another machine."""

    def make(self, job: Job, limit: float) -> Failure | None:
        """Have ``job.report`` filled; ``limit`` is in seconds. Errors of the network are failures, too."""

    def end(self) -> None:
        """Give up what is being made, at once; called from another thread."""


class Worker:
    """The parent's end of one worker process, which is started again when it dies."""

    def __init__(self, target: Callable[[Connection], None] = serve) -> None:
        self.target = target
        self.process: BaseProcess | None = None
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
                context = client_context()
                self.connection, theirs = context.Pipe()
                self.process = context.Process(target=self.target, args=(theirs,), daemon=True)
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
