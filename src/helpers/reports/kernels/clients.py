"""Processes that make reports, forked from one that has imported papermill and nbconvert already.

Python's own ``forkserver`` does that; here are only its settings. It holds nothing of this project that could
be edited during a long ``evidence watch``.
"""

import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext, SpawnContext

from helpers.reports.kernels.start import SERVER_ENVIRONMENT, why_not

PRELOADED = (
    "helpers.reports.without_grammar",
    "papermill.execute",
    "papermill.engines",
    "nbclient.client",
    "jupyter_client.asynchronous",
    "jupyter_client.provisioning",
    "nbformat.v4",
    "nbconvert.exporters",
    "nbconvert.filters",
    "pygments.lexers.python",
    "pygments.formatters.html",
    "jinja2",
    "yaml",
)


def client_context() -> ForkServerContext | SpawnContext:
    """Return the way to start processes that make reports: forked where that can be done, else spawned."""
    if why_not():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    from multiprocessing import forkserver

    with _single_threaded():
        forkserver.ensure_running()
    return context


@contextmanager
def _single_threaded() -> Iterator[None]:
    """Have libraries that the server imports start no threads: they would not survive the fork."""
    before = {name: os.environ.get(name) for name in SERVER_ENVIRONMENT}
    os.environ.update(SERVER_ENVIRONMENT)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
