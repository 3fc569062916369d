"""Starting and ending the fork server of a build."""

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from helpers.reports.kernels.preload import notebook_imports

_LOG = "log.txt"
_END_TIMEOUT = 5.0
# Longest path of a unix socket, less the names of the kernels' sockets.
_LONGEST_PATH = 80
# Before any import: no threads (they do not survive a fork), the backend of kernels, hashes as in kernels.
SERVER_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "PYTHONHASHSEED": "0",
    "PYTHONNOUSERSITE": "1",
}
_NOT_PASSED_ON = ("JPY_PARENT_PID", "JPY_SESSION_NAME")
INLINE_BACKEND = "module://matplotlib_inline.backend_inline"


@contextmanager
def warm_kernels(
    root: Path, notebooks: Sequence[str], say: Callable[[str], None] = lambda text: None
) -> Iterator[str | None]:
    """Run a fork server for kernels.

    Parameters
    ----------
    root
        Project folder.
    notebooks
        Names of the notebooks that will run; what they import is imported in advance. None needs no server.
    say
        Hears remarks: why there is no server, and which modules it has to leave to the runs.

    Yields
    ------
    str or None
        Path of the server's socket, for :attr:`helpers.reports.worker.Job.kernels`; ``None`` where there can
        be no server. At the end the server is gone, and its kernels with it.
    """
    if not notebooks:
        yield None
        return
    obstacle = why_not()
    if obstacle:
        say(f"{obstacle}: each report starts a kernel of its own")
        yield None
        return
    names = [name for notebook in dict.fromkeys(notebooks) for name in _imports(root, notebook)]
    folder = Path(tempfile.mkdtemp(prefix="evidence-kernels-"))
    process = _start(root, folder, list(dict.fromkeys(names)))
    try:
        yield str(folder / "socket")
    finally:
        _end(process, folder, say)


def why_not() -> str:
    """Say why kernels cannot be forked here, or nothing."""
    if not hasattr(os, "fork") or not hasattr(os, "waitid"):
        return "processes cannot be forked on this system"
    if sys.platform == "darwin":
        return "on macOS a process with system libraries loaded must not be forked"
    if len(tempfile.gettempdir()) > _LONGEST_PATH:
        return "the path of the folder for temporary files is too long for a socket"
    return ""


def _imports(root: Path, notebook: str) -> list[str]:
    try:
        return notebook_imports(root / "notebooks" / f"{notebook}.ipynb")
    except (OSError, ValueError, KeyError, TypeError):
        return []  # no notebook: its run says what is wrong with it


def _start(root: Path, folder: Path, names: Sequence[str]) -> "subprocess.Popen[bytes]":
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_PASSED_ON}
    environment = {"MPLBACKEND": INLINE_BACKEND, **environment, **SERVER_ENVIRONMENT}
    environment["EVIDENCE_ROOT"] = str(root)
    with socket.socket(socket.AF_UNIX) as listener, (folder / _LOG).open("wb") as log:
        # Bound here, so that a client can connect at once; it is served when the imports are done.
        listener.bind(str(folder / "socket"))
        (folder / "socket").chmod(0o600)
        listener.listen(128)
        descriptor = listener.fileno()
        module = "helpers.reports.kernels.server"
        command = [sys.executable, "-m", module, str(descriptor), str(folder), json.dumps(list(names))]
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=folder,
            env=environment,
            pass_fds=[descriptor],
            start_new_session=True,
        )


def _end(process: "subprocess.Popen[bytes]", folder: Path, say: Callable[[str], None]) -> None:
    status = process.poll()
    remarks = _remarks(folder)
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(_END_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    _remove(folder)
    if status is not None:
        say(f"the fork server of the kernels ended early (exit status {status}): reports got plain kernels")
    for text in remarks:
        say(text)


def _remarks(folder: Path) -> list[str]:
    try:
        return (folder / _LOG).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:  # the server cleared up already
        return []


def _remove(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
