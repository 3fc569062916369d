"""The provisioner that gets kernels from a fork server, and how jupyter_client finds it."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import subprocess
import time
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any
from uuid import uuid4

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Unicode

from helpers.reports.kernels.messages import Incoming, send, send_request
from helpers.reports.kernels.usage import Usage, finished

NAME = "cluster-evidence-warm"
# The server may still be importing; on a slow machine that takes its time.
READY_TIMEOUT = 120.0
# As long as jupyter_client waits before it becomes impolite.
EXIT_TIMEOUT = 2.0
_POLL = 0.002

logger = logging.getLogger(__name__)


class WarmProcess:
    """A kernel of the fork server, with the methods of :class:`subprocess.Popen` that jupyter_client uses."""

    stdin = stdout = stderr = None

    def __init__(self, server: str, request: dict[str, Any]) -> None:
        self.connection = socket.socket(socket.AF_UNIX)
        self.incoming = Incoming(self.connection)
        self.returncode: int | None = None
        self.pid = 0
        try:
            self._start(server, request)
        except BaseException:
            self.connection.close()
            raise

    def _start(self, server: str, request: dict[str, Any]) -> None:
        self.connection.connect(server)
        with Path(os.devnull).open("rb") as nothing:
            send_request(self.connection, request, [nothing.fileno(), 1, 2])
        deadline = time.monotonic() + READY_TIMEOUT
        ready = False
        while not ready:
            self.connection.settimeout(max(0.01, deadline - time.monotonic()))
            for message in self.incoming.read():
                ready = ready or "ready" in message
                self._note(message)
            if self.incoming.ended:
                raise ConnectionError("the fork server of the kernels has ended")
            if self.returncode is not None or time.monotonic() > deadline:
                raise RuntimeError("a kernel could not be forked; see the log of the report")
        self.connection.setblocking(False)

    def _note(self, message: dict[str, Any]) -> None:
        self.pid = message.get("pid", self.pid)
        if "exit" in message:
            self.returncode = message["exit"]
            finished.append(Usage(message["cpu_seconds"], message["peak_memory_mb"]))

    def poll(self) -> int | None:
        """Return the exit status, or ``None`` while the kernel runs."""
        if self.returncode is None:
            for message in self.incoming.read():
                self._note(message)
            if self.returncode is None and self.incoming.ended:
                # The server is gone, and has taken the kernel with it.
                self.returncode = -signal.SIGKILL
        if self.returncode is not None:
            self.connection.close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end; the exit status."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (status := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("kernel", timeout or 0)
            time.sleep(_POLL)
        return status

    def send_signal(self, number: int) -> None:
        """Have the server send a signal to the kernel and what it started: no other process can be meant."""
        if self.poll() is None:
            with contextlib.suppress(OSError):  # it ended this moment
                send(self.connection, {"signal": int(number)})

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)


class WarmProvisioner(LocalProvisioner):
    """Gets a kernel from the fork server whose socket the kernelspec names; a plain one if there is none.

    A kernelspec selects it so::

        {"metadata": {"kernel_provisioner": {"provisioner_name": "cluster-evidence-warm",
                                             "config": {"server": "/path/of/the/socket"}}}}
    """

    server: Any = Unicode("", help="Path of the fork server's socket.").tag(config=True)

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401  # as jupyter_client has it
        """Choose unix sockets in the server's private folder: no ports that another process could take."""
        self.parent.transport = "ipc"
        self.parent.ip = str(Path(self.server).with_name(uuid4().hex[:8]))
        prepared: dict[str, Any] = await super().pre_launch(**kwargs)
        return prepared

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:  # noqa: ANN401
        """Have a kernel forked; it listens when this returns."""
        environment = {**(kwargs.get("env") or os.environ), "JPY_PARENT_PID": str(os.getpid())}
        cwd = kwargs.get("cwd") or str(Path.cwd())
        request = {"argv": cmd, "env": environment, "cwd": str(cwd)}
        try:
            self.process: Any = WarmProcess(self.server, request)
        except OSError as error:
            logger.warning("no fork server (%s): this report gets a plain kernel", error)
            return await super().launch_kernel(cmd, **kwargs)
        # No process group here: signals go through the server, which sends them to the group.
        self.pid, self.pgid, self.cwd = self.process.pid, None, cwd
        return self.connection_info

    async def shutdown_requested(self, restart: bool = False) -> None:
        """Wait for the end here, where it is seen at once; jupyter_client looks every 0.1 s."""
        deadline = time.monotonic() + EXIT_TIMEOUT
        while await self.poll() is None and time.monotonic() < deadline:
            await asyncio.sleep(_POLL)


def is_alive(server: str) -> bool:
    """Say whether a fork server still listens."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1.0)
        try:
            connection.connect(server)
        except OSError:
            return False
    return True


def kernelspec_metadata(server: str) -> dict[str, Any]:
    """Return the metadata of a kernelspec that gets its kernels from a fork server."""
    _register()
    return {"kernel_provisioner": {"provisioner_name": NAME, "config": {"server": server}}}


def _register() -> None:
    """Make the provisioner known where the package was installed before it had this entry point."""
    known = KernelProvisionerFactory.instance().provisioners
    group = KernelProvisionerFactory.GROUP_NAME
    known.setdefault(NAME, EntryPoint(NAME, f"{__name__}:{WarmProvisioner.__name__}", group))
