"""The kernelspec that a report's kernel is made from."""

import json
import sys
from pathlib import Path
from typing import Any


def write_kernelspec(folder: Path, name: str, server: str | None) -> None:
    """Say what a kernel is, in one folder of kernels: this very interpreter.

    Parameters
    ----------
    folder
        A folder that JUPYTER_PATH names.
    name
        Name of the kernel.
    server
        Socket of the fork server to get it from; ``None`` starts a plain one.
    """
    kernel = folder / "kernels" / name
    kernel.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    content: dict[str, Any] = {"argv": command, "display_name": "Python 3", "language": "python"}
    if server is not None:
        from helpers.reports.kernels.provisioner import kernelspec_metadata

        content["metadata"] = kernelspec_metadata(server)
    (kernel / "kernel.json").write_text(json.dumps(content), encoding="utf-8")


def was_lost(server: str | None, error: Exception, *, started: bool) -> bool:
    """Say whether a kernel was lost for a reason that is not its notebook's, so that another one may do.

    Parameters
    ----------
    server
        Socket of the fork server that it came from, if any.
    error
        What papermill raised.
    started
        Whether a cell had begun to run.
    """
    from nbclient.exceptions import DeadKernelError

    if not started:
        # A kernel can fail to start, for instance when another process takes the port it chose.
        return isinstance(error, RuntimeError)
    if server is None or not isinstance(error, DeadKernelError):
        return False
    from helpers.reports.kernels.provisioner import is_alive

    return not is_alive(server)
