"""Way (c): papermill's Python API in a pool of processes, each with one HTMLExporter."""

import json
import os
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any


@cache
def _exporter() -> Any:  # noqa: ANN401
    from nbconvert import HTMLExporter

    return HTMLExporter()


def _report(order: dict[str, Any], scope: str) -> None:
    import papermill

    folder = Path(order["folder"]) / "runs" / "pool" / scope
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["EVIDENCE_RUN_DIR"] = str(folder)
    executed = str(folder / "executed.ipynb")
    source = f"notebooks/{order['notebook']}.ipynb"
    papermill.execute_notebook(source, executed, {"scope": scope}, cwd="notebooks", progress_bar=False)
    html, _ = _exporter().from_filename(executed)
    (folder / "report.html").write_text(html, encoding="utf-8")


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    with ProcessPoolExecutor(given["cores"]) as pool:
        list(pool.map(partial(_report, given), given["scopes"]))
