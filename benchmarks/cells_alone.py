"""Way (f): the cells of each run in a fork of a process that has imported everything.

No kernel, no messages, no saving, no HTML. What it takes to import is not counted; prints the seconds of the
rest.
"""

import contextlib
import gc
import io
import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from helpers.reports.kernels.preload import import_all, learnt_modules, notebook_imports


def _cells(path: Path) -> list[tuple[str, list[str]]]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    return [("".join(cell["source"]), cell["metadata"].get("tags", [])) for cell in code]


def _execute(cells: list[tuple[str, list[str]]], order: dict[str, Any], scope: str) -> None:
    folder = Path(order["folder"]) / "runs" / "cells" / scope
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["EVIDENCE_RUN_DIR"] = str(folder)
    names: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        for source, tags in cells:
            exec(compile(source, "<cell>", "exec"), names)  # noqa: S102  # the project's own notebook
            if "parameters" in tags:
                names["scope"] = scope


def _forked(cells: list[tuple[str, list[str]]], order: dict[str, Any], scope: str, learn: int = -1) -> int:
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        before = list(sys.modules)
        _execute(cells, order, scope)
        if learn >= 0:
            os.write(learn, json.dumps(learnt_modules(before)).encode())
        status = 0
    finally:
        os._exit(status)


def _wait_for_one() -> None:
    _, status = os.wait()
    if status:
        raise RuntimeError("the cells of a run failed")


def _main(order: dict[str, Any]) -> float:
    path = Path.cwd() / "notebooks" / f"{order['notebook']}.ipynb"
    cells = _cells(path)
    import_all([*notebook_imports(path), "IPython.display"])
    reader, writer = os.pipe()
    _forked(cells, order, order["scopes"][0], writer)
    os.close(writer)
    with open(reader, "rb") as file:  # noqa: PTH123  # a descriptor
        learnt = json.loads(file.read())
    _wait_for_one()
    import_all(learnt)
    # The run that taught what to import has drawn pictures; as many were there before as the order says.
    if order["forget"]:
        shutil.rmtree(Path.cwd() / ".cache" / "pictures", ignore_errors=True)
    gc.collect()
    gc.freeze()
    clock = time.monotonic()
    running = 0
    for scope in order["scopes"]:
        if running == order["cores"]:
            _wait_for_one()
            running -= 1
        _forked(cells, order, scope)
        running += 1
    for _ in range(running):
        _wait_for_one()
    return time.monotonic() - clock


if __name__ == "__main__":
    print(_main(json.loads(sys.argv[1])))
