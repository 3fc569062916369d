"""Make a notebook ready to commit: run it, keep what its facts cell prints, remove all other outputs.

From the command line: ``python -m helpers.reports.clean notebooks/10_cluster_counts.ipynb``
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from helpers.data.errors import InputError
from helpers.data.files import write_atomically
from helpers.data.project import project_root
from helpers.reports.staging import read_json
from helpers.reports.worker import KERNEL, ROOT_VARIABLE, RUN_FOLDER_VARIABLE

_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": KERNEL},
    "language_info": {"name": "python"},
}
_CELL_SECONDS = 600


def clean(path: Path, root: Path | None = None) -> bool:
    """Run a notebook with its default parameters and write it back without outputs but its facts.

    What the cell tagged ``facts`` prints is kept: nbval compares it. Sources, ids and tags of the cells stay
    as they are; all other metadata become the same on every machine. The run writes into a temporary folder.
    The file is replaced in one step, and not at all if the run fails.

    Parameters
    ----------
    path
        The notebook.
    root
        The project's folder.

    Returns
    -------
    bool
        Whether the file changed.

    Raises
    ------
    InputError
        If the file is no notebook, has no cell tagged ``facts`` or an executed copy's parameters, prints no
        facts, or calls ``Run.start`` with another notebook's name.
    nbclient.exceptions.CellExecutionError
        If a cell fails.
    """
    root = (root or project_root()).resolve()
    notebook = _read(path)
    facts = _facts_cell(notebook, path)
    with tempfile.TemporaryDirectory(prefix="evidence-clean-") as scratch:
        _execute(notebook, path, root, Path(scratch))
        named = (read_json(Path(scratch) / "run" / "manifest.json") or {}).get("notebook", path.stem)
    if named != path.stem:
        raise InputError(f"{path.name}: Run.start is given {named!r}; allowed: {path.stem!r}")
    printed = "".join(
        output.text for output in facts.outputs if output.output_type == "stream" and output.name == "stdout"
    )
    if not printed.strip():
        raise InputError(f"{path.name}: the cell tagged facts printed nothing; it must be run.facts()")
    _strip(notebook)
    facts.outputs = [{"output_type": "stream", "name": "stdout", "text": printed}]
    facts.execution_count = 1  # nbval refuses outputs of a cell that has never run
    return _write(notebook, path)


def _read(path: Path) -> Any:  # noqa: ANN401  # nbformat.NotebookNode is untyped
    import nbformat
    from nbformat.reader import NotJSONError

    try:
        notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        nbformat.validate(notebook)
    except OSError as fault:
        raise InputError(f"{path}: cannot be read: {fault.strerror}") from None
    except (NotJSONError, UnicodeDecodeError, nbformat.ValidationError, AttributeError, KeyError, TypeError):
        raise InputError(f"{path}: not a Jupyter notebook") from None
    return notebook


def _facts_cell(notebook: Any, path: Path) -> Any:  # noqa: ANN401
    if any("injected-parameters" in _tags(cell) for cell in notebook.cells):
        raise InputError(f"{path.name}: an executed copy with parameters of a run; clean the source notebook")
    tagged = [cell for cell in notebook.cells if cell.cell_type == "code" and "facts" in _tags(cell)]
    if len(tagged) != 1:
        raise InputError(f"{path.name}: {len(tagged)} code cells are tagged facts; allowed: one")
    return tagged[0]


def _tags(cell: Any) -> list[str]:  # noqa: ANN401
    return list(cell.metadata.get("tags", []))


def _execute(notebook: Any, path: Path, root: Path, scratch: Path) -> None:  # noqa: ANN401
    """Run all cells by this very interpreter, without anybody's own kernels or IPython start-up files."""
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    run = scratch / "run"
    run.mkdir()
    own = {RUN_FOLDER_VARIABLE: str(run), ROOT_VARIABLE: str(root), "IPYTHONDIR": str(scratch / "ipython")}
    manager = AsyncKernelManager(
        kernel_name=KERNEL, kernel_spec_manager=KernelSpecManager(kernel_dirs=[], ensure_native_kernel=True)
    )
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=_CELL_SECONDS,
        resources={"metadata": {"path": str(path.parent)}},
        # Else the kernel warns that it talks over TCP, to this very machine.
        extra_arguments=["--log-level=ERROR"],
    )
    # The kernel is ended with the run: nbclient leaves one running that it was given.
    client.execute(cleanup_kc=True, env={**os.environ, **own, "PYTHONHASHSEED": "0"})


def _strip(notebook: Any) -> None:  # noqa: ANN401
    notebook.metadata = _METADATA
    taken = {cell.get("id") for cell in notebook.cells}
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)
    for number, cell in enumerate(notebook.cells):
        # Notebooks of old versions have no ids; random ones would differ from run to run.
        if not cell.get("id"):
            cell["id"] = next(name for name in _ids(number) if name not in taken)
            taken.add(cell["id"])
        cell.metadata = {"tags": _tags(cell)} if _tags(cell) else {}
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None


def _ids(number: int) -> list[str]:
    return [f"cell-{number:02d}{suffix}" for suffix in ("", *(f"-{again}" for again in range(1000)))]


def _write(notebook: Any, path: Path) -> bool:  # noqa: ANN401
    import nbformat

    text: str = nbformat.writes(nbformat.from_dict(notebook))
    data = (text.rstrip("\n") + "\n").encode("utf-8")
    if path.read_bytes() == data:
        return False
    write_atomically(path, data)
    return True


def main(arguments: Sequence[str] | None = None) -> int:
    """Clean notebooks and return the exit status: 0 done, 1 a cell failed, 2 a mistake in what was given."""
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    parser = argparse.ArgumentParser(
        prog="python -m helpers.reports.clean", description=__doc__.split("\n")[0]
    )
    parser.add_argument("notebooks", nargs="+", type=Path, metavar="NOTEBOOK")
    try:
        for path in parser.parse_args(arguments).notebooks:
            print(f"{path}: {'cleaned' if clean(path) else 'already clean'}")
    except InputError as error:
        print("\n".join(f"clean: {problem}" for problem in error.problems), file=sys.stderr)
        return 2
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        print(f"{error}\nclean: {path} was left as it is", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
