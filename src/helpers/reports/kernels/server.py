"""The fork server: a process with one thread that imports, waits, and forks a kernel for each request.

Started by :mod:`.start`, once a build, so that it has the helpers as they are now. It never computes anything
and never opens a thread; it ends, with all its kernels, when the process that started it ends.
"""

import contextlib
import gc
import json
import os
import selectors
import shutil
import signal
import socket
import sys
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from helpers.reports.kernels.kernel import Request, run_kernel
from helpers.reports.kernels.messages import Incoming, receive_request, send
from helpers.reports.kernels.preload import DEBUGGER, KERNEL_MODULES, fault_in_a_fork, import_all
from helpers.reports.kernels.usage import usage_of

# A client sends its request at once; one that does not must not keep the others waiting.
REQUEST_TIMEOUT = 5.0


@dataclass
class _Kernel:
    """A kernel that runs."""

    pid: int
    incoming: Incoming
    learnt: int  # the end of a pipe on which the kernel says, at its end, what it imported


class Server:
    """Forks kernels and looks after them."""

    def __init__(self, listener: socket.socket, filters: Sequence[object]) -> None:
        self.listener = listener
        self.filters = filters
        self.kernels: dict[int, _Kernel] = {}
        self.seen: set[str] = set()
        self.selector = selectors.DefaultSelector()
        self.woken, waker = socket.socketpair()
        self.waker = waker
        for end in (self.woken, waker):
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        for file in (listener, self.woken, sys.stdin):
            self.selector.register(file, selectors.EVENT_READ)

    def serve(self) -> Request | None:
        """Serve until the starter goes away.

        Returns
        -------
        Request or None
            In a forked process: the kernel to become. In the server: ``None``, at the end.
        """
        while True:
            for key, _ in self.selector.select():
                if key.fileobj is sys.stdin:
                    # Nothing is ever said there: the pipe ends with the process that holds its other end.
                    self._end()
                    return None
                if key.fileobj is self.listener:
                    request = self._accept()
                    if request is not None:
                        return request
                elif key.fileobj is self.woken:
                    with contextlib.suppress(BlockingIOError):
                        self.woken.recv(4096)
                    self._reap()
                elif key.data in self.kernels:
                    self._listen(self.kernels[key.data])

    def _accept(self) -> Request | None:
        connection, _ = self.listener.accept()
        streams: list[int] = []
        try:
            connection.settimeout(REQUEST_TIMEOUT)
            message, streams = receive_request(connection)
            if not message:  # somebody only wanted to know whether there is a server
                connection.close()
                return None
            return self._fork(connection, Request(**message, streams=streams, connection=connection))
        except (OSError, ValueError, TypeError) as error:
            remark(f"a request could not be served: {type(error).__name__}: {error}")
            connection.close()
            return None
        finally:
            if os.getpid() == _SERVER:
                for stream in streams:
                    os.close(stream)

    def _fork(self, connection: socket.socket, request: Request) -> Request | None:
        learnt, request.learnt = os.pipe()
        request.filters = self.filters
        connection.setblocking(False)
        pid = os.fork()
        if pid == 0:
            self._forget(learnt)
            return request
        os.close(request.learnt)
        self.kernels[pid] = _Kernel(pid, Incoming(connection), learnt)
        self.selector.register(connection, selectors.EVENT_READ, pid)
        _tell(connection, {"pid": pid})
        return None

    def _forget(self, learnt: int) -> None:
        """In the fork: give up all that is the server's."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self.selector.close()
        for end in (self.listener, self.woken, self.waker):
            end.close()
        os.close(learnt)
        for other in self.kernels.values():
            other.incoming.connection.close()
            os.close(other.learnt)
        self.kernels.clear()

    def _listen(self, kernel: _Kernel) -> None:
        for message in kernel.incoming.read():
            if isinstance(message.get("signal"), int):
                _signal(kernel.pid, message["signal"])
        if kernel.incoming.ended:
            self.selector.unregister(kernel.incoming.connection)
            _signal(kernel.pid, signal.SIGKILL)

    def _reap(self) -> None:
        for pid in list(self.kernels):
            ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is None:
                continue
            # What the kernel started and left goes with it; its number is still taken, so it is this group.
            _signal(pid, signal.SIGKILL)
            _, status, usage = os.wait4(pid, 0)
            kernel = self.kernels.pop(pid)
            if not kernel.incoming.ended:
                self.selector.unregister(kernel.incoming.connection)
                end = {"exit": os.waitstatus_to_exitcode(status), **asdict(usage_of(usage))}
                _tell(kernel.incoming.connection, end)
            kernel.incoming.connection.close()
            self._learn(kernel.learnt)

    def _learn(self, pipe: int) -> None:
        """Import what a run had to import itself, so that the next one need not."""
        with open(pipe, "rb") as file:  # a descriptor
            os.set_blocking(pipe, False)
            said = file.read()
        if not said or not said.endswith(b"\n"):
            return
        new = [name for name in json.loads(said) if name not in self.seen and name not in sys.modules]
        self.seen.update(new)
        if new:
            _import_if_fit(new)
            _freeze()

    def _end(self) -> None:
        for pid in list(self.kernels):
            _signal(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _tell(connection: socket.socket, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # the client is gone; its end of file comes next
        send(connection, message)


def _signal(pid: int, number: int) -> None:
    """Send a signal to a kernel and all that it started; the kernel is not yet reaped."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:  # forked this moment, and has no group of its own yet
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def remark(text: str) -> None:
    """Note something that the user should know; :func:`.start.warm_kernels` passes it on."""
    print(" ".join(text.split()), file=sys.stderr, flush=True)


def _import_if_fit(names: Sequence[str]) -> None:
    """Import modules unless that would spoil this process, which a fork of it finds out."""
    fault = fault_in_a_fork(names)
    if not fault:
        import_all(names)
    elif len(names) == 1:
        remark(f"each run imports {names[0]} itself: {fault}")
    else:
        for name in names:
            _import_if_fit([name])


def _freeze() -> None:
    """Keep the collector of a fork from touching, and so copying, what it shares with the server."""
    gc.collect()
    gc.freeze()


def _preload(names: Sequence[str], arguments: list[str], *, careful: bool) -> Sequence[object]:
    """Import what kernels and notebooks need; returns the warning filters that are the kernel's."""
    # A build debugs nothing, and the debugger would take 0.3 s of each start.
    sys.modules[DEBUGGER] = None  # type: ignore[assignment]
    fault = import_all(KERNEL_MODULES)
    filters = list(warnings.filters)
    if careful:
        for name in names:
            _import_if_fit([name])
    elif fault or import_all(names):
        # One of them will not do. Start anew, and try each in a fork first.
        os.execv(sys.executable, [sys.executable, "-m", __spec__.name, *arguments, "careful"])  # noqa: S606
    _freeze()
    return filters


def main(arguments: list[str]) -> None:
    """Run the server: descriptor of the listening socket, its folder, modules to import as JSON."""
    descriptor, folder, names, *careful = arguments
    listener = socket.socket(fileno=int(descriptor))
    gc.disable()
    # Put there by "python -m"; a kernel has its own working directory instead.
    if sys.path[0] in {"", str(Path.cwd())}:
        del sys.path[0]
    filters = _preload(json.loads(names), arguments[:3], careful=bool(careful))
    request = Server(listener, filters).serve()
    if request is not None:
        run_kernel(request)
    shutil.rmtree(Path(folder), ignore_errors=True)
    # Without taking down what it imported, piece by piece: the build waits for the end.
    sys.stderr.flush()
    os._exit(0)


_SERVER = os.getpid()

if __name__ == "__main__":
    main(sys.argv[1:])
