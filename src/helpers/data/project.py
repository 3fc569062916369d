"""Where the project's folders are."""

import os
from pathlib import Path


def project_root() -> Path:
    """Return the folder that holds ``notebooks/``, ``data/`` and ``reports/``.

    The environment variable ``EVIDENCE_ROOT`` decides if it is set; else the working directory and its
    parents are searched; else the checkout that this file belongs to.

    Returns
    -------
    Path
        Absolute path.

    Examples
    --------
    >>> (project_root() / "pyproject.toml").is_file()
    True
    """
    given = os.environ.get("EVIDENCE_ROOT")
    if given:
        return Path(given).resolve()
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "data" / "raw").is_dir() and (folder / "notebooks").is_dir():
            return folder
    return Path(__file__).resolve().parents[3]


def raw_folder(root: Path | None = None) -> Path:
    """Return ``data/raw``: tables as received or transcribed, one folder a dataset."""
    return (root or project_root()) / "data" / "raw"


def processed_folder(root: Path | None = None) -> Path:
    """Return ``data/processed``: typed parquet tables, built and never edited."""
    return (root or project_root()) / "data" / "processed"


def build_folder(root: Path | None = None) -> Path:
    """Return ``reports/build``: the built reports, one folder a report."""
    return (root or project_root()) / "reports" / "build"
