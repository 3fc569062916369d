"""What a fork of the server does to become a kernel, and how it ends."""

import atexit
import ctypes
import gc
import io
import json
import os
import random
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from helpers.reports.kernels.messages import send
from helpers.reports.kernels.preload import DEBUGGER, learnt_modules, warning_filters_in_order

_PR_SET_PDEATHSIG = 1
# What fits into a pipe that nobody reads yet.
_PIPE = 60_000


@dataclass
class Request:
    """One kernel that somebody wants.

    Attributes
    ----------
    argv
        The command that a plain kernel would be started with: interpreter, ``-m``, module, arguments.
    env, cwd
        Environment and working directory.
    streams
        Descriptors for standard input, output and error.
    connection
        Leads to who wants the kernel.
    learnt
        Descriptor of a pipe to the server: what the run imported.
    filters
        The warning filters before anything was imported for notebooks.
    """

    argv: list[str]
    env: dict[str, str]
    cwd: str
    streams: list[int]
    connection: socket.socket
    learnt: int = -1
    filters: Sequence[object] = ()


def run_kernel(request: Request) -> NoReturn:
    """Be the kernel that was requested, from the first message to the end of the process."""
    status = 1
    try:
        _settle(request)
        gc.enable()
        from ipykernel.kernelapp import IPKernelApp

        before = set(sys.modules)
        app: Any = IPKernelApp.instance(parent_handle=os.getppid())
        with warning_filters_in_order(request.filters):
            app.initialize(request.argv[3:])
        sys.modules.pop(DEBUGGER, None)
        request.connection.setblocking(True)
        send(request.connection, {"ready": True})
        request.connection.close()
        app.start()
        status = 0
        _leave(app)
        _teach(request.learnt, before)
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:  # nothing of a kernel may get back into the server's code
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(status)


def _settle(request: Request) -> None:
    """Take what the request says, and nothing that is the server's."""
    os.setsid()
    _die_with_server()
    for number, stream in enumerate(request.streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(request.env)
    time.tzset()
    os.chdir(request.cwd)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv[:] = [_launcher(), *request.argv[3:]]
    _seed()


def _die_with_server() -> None:
    """Have the kernel killed when the server ends, in whatever way; elsewhere ipykernel looks each second."""
    if not sys.platform.startswith("linux"):
        return
    server = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if server == 1 or os.getppid() != server:
        os._exit(1)


def _launcher() -> str:
    """Return what ``sys.argv[0]`` is in a plain kernel."""
    import importlib.util

    spec = importlib.util.find_spec("ipykernel_launcher")
    return spec.origin if spec is not None and spec.origin else "ipykernel_launcher"


def _seed() -> None:
    """Make chance different in every fork, as it is in every new process."""
    random.seed()
    if "numpy" in sys.modules:
        import numpy as np

        np.random.seed()  # the global generator is the one that was forked


def _leave(app: Any) -> None:  # noqa: ANN401  # IPKernelApp has no types
    """Do what the end of an interpreter does: wait for threads, run atexit hooks, write files out.

    ipykernel's own hook is left out: it takes its sockets down one by one, and its threads wait for each
    other for seconds at times. The end of the process does the same at once.
    """
    atexit.unregister(app.close)
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    app.shell.user_ns.clear()
    app.shell.user_ns_hidden.clear()
    gc.collect()
    for item in gc.get_objects():
        if issubclass(type(item), io.IOBase) and not item.closed:
            item.flush()


def _teach(pipe: int, before: set[str]) -> None:
    """Tell the server what this run imported that the server has not."""
    said = json.dumps(learnt_modules(before)).encode() + b"\n"
    if len(said) < _PIPE:
        os.write(pipe, said)
