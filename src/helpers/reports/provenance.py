"""Where a report comes from: commit, notebook, parameters, inputs, helpers, lock file, versions."""

import hashlib
import json
import os
import platform
import re
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Any

import helpers
from helpers.data.errors import InputError
from helpers.data.files import sha256_of
from helpers.reports.parameters import read_cells
from helpers.reports.staging import read_json

DISTRIBUTION = "cluster-evidence"


def commit_and_dirty(root: Path) -> tuple[str | None, bool | None]:
    """Return the commit of the working copy and whether files differ from it.

    Returns
    -------
    tuple
        ``(None, None)`` outside git, without a commit, or where ``root`` lies inside somebody else's
        repository; a commit is only stated if it is this project's.
    """
    top = _git(root, "rev-parse", "--show-toplevel")
    if top is None or Path(top).resolve() != root.resolve():
        return None, None
    commit = _git(root, "rev-parse", "--verify", "HEAD")
    changes = _git(root, "status", "--porcelain") if commit else None
    return commit, None if changes is None else bool(changes)


def _git(root: Path, *arguments: str) -> str | None:
    # A git hook that runs us sets GIT_DIR and its like, which would point to another repository.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            env=environment,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def text_sha256(content: object) -> str:
    """Return the SHA-256 of a JSON value in its canonical form."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def notebook_sha256(path: Path) -> str:
    """Return the SHA-256 of a notebook's source cells; outputs and metadata do not count."""
    return text_sha256([[cell["cell_type"], cell["source"]] for cell in read_cells(path)])


def tree_sha256(folder: Path) -> str:
    """Return the SHA-256 of all files of a folder and their names, without caches."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return text_sha256([[path.relative_to(folder).as_posix(), sha256_of(path)] for path in files])


def package_versions() -> dict[str, str]:
    """Return the installed versions of what the project depends on directly."""
    try:
        required = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return {}
    names = {re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0] for line in required}
    versions = {}
    for name in sorted(names, key=str.lower):
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "not installed"
    return versions


def project_provenance(root: Path) -> dict[str, Any]:
    """Return what all reports of one build share; names no host and no user.

    Returns
    -------
    dict
        ``commit``, ``dirty``, ``helpers_sha256`` (of the package that runs), ``lock_sha256``, ``packages``,
        ``python``, ``platform``.
    """
    commit, dirty = commit_and_dirty(root)
    lock = root / "requirements.lock"
    return {
        "commit": commit,
        "dirty": dirty,
        "helpers_version": helpers.__version__,
        "helpers_sha256": tree_sha256(Path(helpers.__file__).parent),
        "lock_sha256": sha256_of(lock) if lock.is_file() else None,
        "packages": package_versions(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "platform": f"{platform.system()} {platform.machine()}",
    }


def run_inputs(manifest: dict[str, Any], root: Path) -> dict[str, str]:
    """Return the raw files that a run rests on, with their checksums.

    Parameters
    ----------
    manifest
        ``manifest.json`` of the run; its datasets name their files and the processed tables that were read.
    root
        Project folder; the tables' ``meta.json`` says which files they were made from.

    Raises
    ------
    InputError
        If a table was made from another version of a file than the one that the dataset declares.
    """
    declared = {
        f"data/raw/{dataset['name']}/{file['name']}": str(file["sha256"])
        for dataset in manifest.get("datasets", [])
        for file in dataset.get("files", [])
    }
    tables = {table for dataset in manifest.get("datasets", []) for table in dataset.get("tables", [])}
    for table in sorted(tables):
        meta = read_json(root / "data" / "processed" / f"{table}.meta.json")
        for path, checksum in (meta or {}).get("inputs", {}).items():
            if declared.setdefault(path, checksum) != checksum:
                raise InputError(
                    f"table {table!r} was made from another version of {path} than its origin.yml declares; "
                    "run `evidence verify` and `evidence process`"
                )
    return dict(sorted(declared.items()))
