"""What a fork server imports, and how it finds out whether it may.

A module that prints, warns or starts a thread when it is imported is left to the runs: what it says belongs
into their outputs, and a thread does not survive a fork.
"""

import ast
import importlib
import importlib.util
import json
import os
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

# A kernel is made of these; the rest of what the server imports is what the notebooks import.
KERNEL_MODULES = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.core.completerlib",
    "IPython.core.logger",
    "tornado.platform.asyncio",
    "tornado.queues",
    "psutil",
)
# ipykernel offers it where it can import it; a notebook still can, too.
DEBUGGER = "debugpy"
# These look for the running kernel when they are imported, so they are imported in the kernel.
_NEVER = (
    "matplotlib_inline.backend_inline",
    "ipykernel.pylab",
    "IPython.extensions",
    "ipywidgets",
    "tqdm",
    "plotly",
    DEBUGGER,
)
_TASKS = Path("/proc/self/task")
_THREAD_ENDS_WITHIN = 1.0


def notebook_imports(path: Path) -> list[str]:
    """Return the modules that the cells of a notebook import, in their order.

    Lines of magic and cells that are no Python are passed over; what fails, fails in the run.
    """
    cells = json.loads(path.read_text(encoding="utf-8")).get("cells", [])
    sources = ["".join(cell["source"]) for cell in cells if cell.get("cell_type") == "code"]
    return list(dict.fromkeys(name for source in sources for name in _imports(source)))


def _imports(source: str) -> Iterator[str]:
    lines = ["" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines()]
    try:
        tree = ast.parse("\n".join(lines))
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def may_be_preloaded(name: str) -> bool:
    """Say whether a module may be imported outside a kernel.

    Examples
    --------
    >>> may_be_preloaded("pandas"), may_be_preloaded("matplotlib_inline.backend_inline")
    (True, False)
    """
    return not any(name == never or name.startswith(f"{never}.") for never in _NEVER)


def learnt_modules(before: Iterable[str]) -> list[str]:
    """Return the modules that this process has imported since, as far as they can be imported elsewhere.

    Only installed packages and the standard library count: a module beside a notebook is the run's own.
    """
    known = set(before)
    prefixes = tuple({os.path.join(os.path.realpath(p), "") for p in (sys.prefix, sys.base_prefix)})  # noqa: PTH118
    new = [(name, module) for name, module in list(sys.modules.items()) if name not in known]
    return [name for name, module in new if _is_installed(module, prefixes, name) and may_be_preloaded(name)]


def _is_installed(module: ModuleType, prefixes: tuple[str, ...], name: str) -> bool:
    spec = getattr(module, "__spec__", None)
    if spec is None or spec.name != name or not isinstance(spec.origin, str):
        return False
    ours = name.partition(".")[0] == "helpers"
    return ours or os.path.realpath(spec.origin).startswith(prefixes)


def import_all(names: Sequence[str]) -> str:
    """Import modules; returns why this process is no longer fit to fork from, or nothing.

    A name that is no module is passed over: ``from package import name`` may import something else.
    """
    fault = ""
    with _printed() as printed:
        for name in names:
            fault = fault or _import(name)
    if printed:
        fault = fault or f"it prints: {printed[0]}"
    if not fault and thread_count() > 1:
        fault = "it starts a thread"
    return fault


def _import(name: str) -> str:
    if name in sys.modules or not may_be_preloaded(name):
        return ""
    try:
        if importlib.util.find_spec(name) is not None:
            importlib.import_module(name)
    except ModuleNotFoundError as error:
        # "package.name" of ``from package import name``, where package is a module and name a function.
        return (
            ""
            if error.name is not None and name.startswith(error.name)
            else f"it cannot be imported: {error}"
        )
    except BaseException as error:  # whatever it does, the server goes on without it
        return f"it cannot be imported: {''.join(traceback.format_exception_only(error)).strip()}"
    return ""


@contextmanager
def warning_filters_in_order(of_the_kernel: Sequence[object]) -> Iterator[None]:
    """Put the filters that libraries set before those that the kernel sets meanwhile, as in a plain kernel.

    Parameters
    ----------
    of_the_kernel
        The filters before any notebook's import.
    """
    of_libraries = [item for item in warnings.filters if item not in of_the_kernel]
    yield
    rest = [item for item in warnings.filters if item not in of_libraries]
    warnings.filters[:] = of_libraries + rest  # type: ignore[index]
    warnings._filters_mutated()  # type: ignore[attr-defined]


def thread_count() -> int:
    """Return the number of threads of this process; waits a moment for those that are about to end."""
    deadline = time.monotonic() + _THREAD_ENDS_WITHIN
    while (count := _threads_now()) > 1 and time.monotonic() < deadline:
        time.sleep(0.05)
    return count


def _threads_now() -> int:
    if _TASKS.is_dir():
        return len(list(_TASKS.iterdir()))
    import threading

    return threading.active_count()


@contextmanager
def _printed() -> Iterator[list[str]]:
    """Collect what this process prints, C libraries included."""
    kept = [os.dup(1), os.dup(2)]
    heard: list[str] = []
    with tempfile.TemporaryFile() as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
        try:
            yield heard
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for stream, copy in enumerate(kept, start=1):
                os.dup2(copy, stream)
                os.close(copy)
            file.seek(0)
            heard += file.read(2000).decode(errors="replace").splitlines()


def fault_in_a_fork(names: Sequence[str]) -> str:
    """Import modules in a fork of this process, and say what is wrong with them, or nothing.

    The process itself stays as it was, whatever the modules do.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        fault = "it ends the process"
        try:
            fault = import_all(names)
        finally:
            os.write(writer, (fault[:1000] + "\n").encode(errors="replace"))
            os._exit(0)
    os.close(writer)
    with open(reader, "rb") as file:  # noqa: PTH123  # a descriptor
        said = file.read().decode()
    os.waitpid(child, 0)
    return said.strip() if said else "it ends the process"
