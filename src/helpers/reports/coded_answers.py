"""Answers coded once for all reports that speak of them.

Reading answers in two dozen languages takes ten seconds, most of them to load the languages' words, and all
reports on a questionnaire read the same answers by the same codebook. In a build what the coder found is kept
in ``.cache/codes`` under a hash of all that decides it: answers, codebook, the code of the coder and the
versions of the libraries. Outside of a build (JupyterLab, tests) nothing is kept or looked up, since there
code may change under a running process.
"""

import hashlib
import io
import os
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pandas as pd

import helpers
from helpers.analysis.themes.codebook import codebook_from_tables
from helpers.analysis.themes.coder import code_answers
from helpers.analysis.themes.coverage import answer_states
from helpers.data.project import project_root
from helpers.figures.remembered import BUILD_VARIABLE
from helpers.reports.reads import rows_id

MOST = 40
"""Results kept; the oldest goes when there are more."""
_LIBRARIES = ("numpy", "pandas", "py3langid", "pyarrow", "simplemma")
_DIGEST = 64


def _code_sha256() -> str:
    """Return the hash of the code that codes, as it is when this module is imported."""
    package = Path(helpers.__file__).parent
    total = hashlib.sha256()
    coding = (package / "analysis" / "themes").glob("*.py")
    for path in sorted(path for path in coding if not path.name.startswith("shown")):
        total.update(f"{path.name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\0".encode())
    for name in _LIBRARIES:
        with suppress(PackageNotFoundError):
            total.update(f"{name}\0{version(name)}\0".encode())
    return total.hexdigest()


# At import, when the other modules are read, too: a file that is edited later is not the code that runs.
_CODE = _code_sha256()


def coded_answers(
    answers: pd.DataFrame, themes: pd.DataFrame, terms: pd.DataFrame, markers: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what the coder finds in answers: now, or what it found in an earlier run of a build.

    Parameters
    ----------
    answers
        See `helpers.analysis.themes.answers.answers_from_difficulties`.
    themes, terms, markers
        Tables of the codebook.

    Returns
    -------
    tuple of DataFrame
        States of the answers, see `helpers.analysis.themes.coverage.answer_states`, and codes, see
        `helpers.analysis.themes.coder.code_answers`.

    Raises
    ------
    InputError
        If the codebook is faulty.
    """
    read = answers[[column for column in _READ if column in answers.columns]]
    path = _path([read, themes, terms, markers]) if os.environ.get(BUILD_VARIABLE) else None
    found = None if path is None else _kept(path)
    if found is None:
        codebook = codebook_from_tables(themes, terms, markers)
        found = (answer_states(read, codebook), code_answers(read, codebook))
        if path is not None:
            # Without room on the disk the report is made all the same.
            with suppress(OSError):
                _keep(path, found)
    return found


_READ = ("answer_id", "text", "language", "country")
"""What the coder reads of an answer."""


def _path(tables: Sequence[pd.DataFrame]) -> Path:
    said = "\0".join([_CODE, *map(rows_id, tables)])
    return project_root() / ".cache" / "codes" / hashlib.sha256(said.encode()).hexdigest()


def _kept(path: Path) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Return kept results; None if there are none, or they are damaged."""
    try:
        parts = [(path.parent / f"{path.name}.{name}").read_bytes() for name in ("states", "codes")]
    except OSError:
        return None
    if any(_sha256(part[_DIGEST:]) != part[:_DIGEST] for part in parts):
        return None
    states, codes = (pd.read_parquet(io.BytesIO(part[_DIGEST:])) for part in parts)
    return states, codes


def _keep(path: Path, found: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    _make_room(path.parent)
    for name, frame in zip(("states", "codes"), found, strict=True):
        stream = io.BytesIO()
        frame.to_parquet(stream)
        content = stream.getvalue()
        part = path.with_name(f".part-{os.getpid()}")
        part.write_bytes(_sha256(content) + content)
        part.replace(path.parent / f"{path.name}.{name}")


def _make_room(folder: Path) -> None:
    kept = sorted((path for path in folder.iterdir() if path.suffix), key=lambda path: path.stat().st_mtime)
    for path in kept[: max(0, len(kept) - 2 * (MOST - 1))]:
        path.unlink(missing_ok=True)


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
