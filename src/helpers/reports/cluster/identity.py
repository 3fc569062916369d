"""Whether a worker has the same project: code, packages, notebooks and data."""

import hashlib
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import helpers
from helpers.data.project import project_root
from helpers.reports.provenance import tree_sha256

MISSING = "missing"
_ADVICE = {
    "data/processed": "run `evidence process` there",
    "requirements.lock": "install the packages of this lock file there",
}


def identity(notebooks: Sequence[str], root: Path | None = None) -> dict[str, str]:
    """Return what decides a report, by name: hashes that are the same wherever the project is the same.

    Parameters
    ----------
    notebooks
        Names of the notebooks that are to run.
    root
        Project folder; found as for every command if not given.

    Returns
    -------
    dict
        ``Python`` (version), and SHA-256 or ``"missing"`` of ``requirements.lock``, ``src/helpers`` (the
        package that runs), ``data/raw`` (declarations), ``data/processed`` (tables) and each notebook.
    """
    root = root or project_root()
    return {
        "Python": "{}.{}".format(*sys.version_info),
        "requirements.lock": _sha256([root / "requirements.lock"]),
        "src/helpers": tree_sha256(Path(helpers.__file__).parent),
        "data/raw": _sha256((root / "data" / "raw").rglob("origin.yml"), root),
        "data/processed": _sha256((root / "data" / "processed").glob("*.meta.json"), root),
        **{f"notebooks/{name}.ipynb": _sha256([root / "notebooks" / f"{name}.ipynb"]) for name in notebooks},
    }


def _sha256(paths: Iterable[Path], root: Path | None = None) -> str:
    """Return the hash of files, with their names if there is a root; ``"missing"`` if there are none."""
    found = sorted(path for path in paths if path.is_file())
    if not found:
        return MISSING
    total = hashlib.sha256()
    for path in found:
        name = os.fspath(path.relative_to(root)) if root else ""
        total.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\0".encode())
    return total.hexdigest()


def differences(here: Mapping[str, str], there: Mapping[str, str]) -> str:
    """Say in words what a worker has that differs, or nothing if all is the same.

    Examples
    --------
    >>> differences({"Python": "3.11", "src/helpers": "a1"}, {"Python": "3.11", "src/helpers": "b2"})
    'another src/helpers'
    >>> differences({"data/processed": "a1"}, {"data/processed": "missing"})
    'no data/processed (run `evidence process` there)'
    >>> differences({"Python": "3.11"}, {"Python": "3.12"})
    'Python 3.12 instead of 3.11'
    """
    words = []
    for name in here:
        found = there.get(name, MISSING)
        if found == here[name]:
            continue
        if name == "Python":
            words.append(f"Python {found} instead of {here[name]}")
            continue
        advice = f" ({_ADVICE[name]})" if name in _ADVICE else ""
        words.append(f"{'no' if found == MISSING else 'another'} {name}{advice}")
    return ", ".join(words)
