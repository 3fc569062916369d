"""Report folders that are either whole or not there: staging, the exchange of folders, one build at a time.

A report is made in ``reports/build/.staging`` and moved to ``reports/build/<slug>`` by two renames: the old
folder steps aside into ``.previous``, the new one takes its place. A process that is killed between the two
leaves the old folder in ``.previous``; the next build puts it back before it does anything else.
"""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from helpers.data.errors import InputError
from helpers.data.files import sha256_of, write_atomically

STAGING = ".staging"
PREVIOUS = ".previous"
SUCCESS = "_SUCCESS"
REQUIRED = ("report.html", "facts.json", "manifest.json", "run.json")
_LOCK = ".lock"


def write_text(path: Path, text: str) -> None:
    """Write a file so that readers see the old content or the new one, never a part of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, text.encode("utf-8"))


def write_json(path: Path, content: Any, indent: int | None = 1) -> None:  # noqa: ANN401  # any JSON value
    """Write JSON, see :func:`write_text`; without ``indent`` several times as fast."""
    write_text(path, json.dumps(content, indent=indent, ensure_ascii=False, allow_nan=False) + "\n")


def read_json(path: Path) -> Any:  # noqa: ANN401  # any JSON value
    """Read JSON; ``None`` if the file is missing, cannot be read or is not JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def read_object(path: Path) -> dict[str, Any]:
    """Read a JSON object that a run left.

    Raises
    ------
    InputError
        Naming the report and the file, if it is missing, is not JSON, or is no object.
    """
    where = f"{path.parent.name}: {path.name}"
    if not path.is_file():
        raise InputError(f"{where} is missing")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{where} is not JSON: {error}") from error
    if not isinstance(content, dict):
        raise InputError(f"{where} must hold an object, found {type(content).__name__}")
    return content


def mark_success(folder: Path) -> None:
    """Write the success marker, the last file of a report, when all others are on disk.

    It holds the SHA-256 of every file of the folder, but for those :func:`marker_faults` passes over.
    """
    for path in sorted(folder.rglob("*")):
        _flush(path)
    write_json(folder / SUCCESS, {name: sha256_of(Path(path)) for name, path in _files(folder).items()})
    _flush(folder)


def is_complete(folder: Path) -> bool:
    """Say whether a report folder has its success marker, and the marker is of these very files."""
    return next(marker_faults(folder), None) is None


def marker_faults(folder: Path, checksum: Callable[[str], str] | None = None) -> Iterator[str]:
    """Say how the files of a report folder differ from those its success marker was written for.

    Hidden files (``.ipynb_checkpoints/``, ``.DS_Store``) are passed over: Jupyter and file browsers leave
    them where somebody only looks, and no report links them. Any other file that was added is a fault.

    Parameters
    ----------
    folder
        Folder of a report.
    checksum
        Returns the SHA-256 of a file by its path, e.g. from memory; by default the file is read.

    Yields
    ------
    str
        One fault: the marker itself, or a file that is missing, was added or has changed.
    """
    marked = read_json(folder / SUCCESS)
    if not isinstance(marked, dict):
        yield f"{SUCCESS} {'is not a JSON object' if (folder / SUCCESS).exists() else 'is missing'}"
        return
    files = _files(folder)
    yield from (f"{name} is not in {SUCCESS}" for name in REQUIRED if name not in marked)
    yield from (f"{name} is missing" for name in sorted(marked.keys() - files.keys()))
    yield from (f"{name} was added" for name in sorted(files.keys() - marked.keys() - set(REQUIRED)))
    for name in sorted(marked.keys() & files.keys()):
        try:
            path = files[name]
            same = (checksum(path) if checksum else sha256_of(Path(path))) == marked[name]
        except OSError as error:
            yield f"{name} cannot be read ({type(error).__name__})"
            continue
        if not same:
            yield f"{name} has changed"


def _files(folder: Path) -> dict[str, str]:
    """Return the files of a report by their path in it, without the marker and hidden ones."""
    found = dict(_walked(os.fspath(folder), ""))
    found.pop(SUCCESS, None)
    return dict(sorted(found.items()))


def _walked(folder: str, inside: str) -> Iterator[tuple[str, str]]:
    """Yield the files below a folder; by scandir, since a build looks at thousands of them."""
    try:
        entries = list(os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walked(entry.path, f"{inside}{entry.name}/")
        elif entry.is_file():
            yield inside + entry.name, entry.path


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def publish_folder(staged: Path, target: Path) -> None:
    """Put a finished report in the place of the last one.

    Raises
    ------
    OSError
        If the disk refuses; the last report is then where it was.
    """
    aside = target.parent / PREVIOUS / target.name
    aside.parent.mkdir(exist_ok=True)
    if target.exists():
        if aside.exists():
            shutil.rmtree(aside)
        target.rename(aside)
    try:
        staged.rename(target)
    except OSError:
        if aside.exists():
            aside.rename(target)
        raise
    _flush(target.parent)
    # What cannot be removed now is removed when the next build starts.
    shutil.rmtree(aside, ignore_errors=True)


def recover(build: Path) -> None:
    """Repair what a killed build left: put reports that stepped aside back, and clear the staging folder."""
    for aside in sorted((build / PREVIOUS).glob("*")):
        if not (build / aside.name).exists():
            aside.rename(build / aside.name)
    shutil.rmtree(build / PREVIOUS, ignore_errors=True)
    shutil.rmtree(build / STAGING, ignore_errors=True)
    for leftover in [*build.glob(".part-*"), *build.glob(".status/.part-*")]:
        leftover.unlink(missing_ok=True)


@contextmanager
def build_lock(build: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the build folder for one build; wait, and say so, while another one holds it.

    The operating system drops the lock when the process ends, however it ends.
    """
    build.mkdir(parents=True, exist_ok=True)
    with (build / _LOCK).open("a+", encoding="utf-8") as file:
        told = False
        while not _locked(file.fileno()):
            if not told:
                file.seek(0)
                say(f"another build is at work here ({file.read(40) or 'just started'}): waiting for it")
                told = True
            time.sleep(0.2)
        file.truncate(0)
        file.write(f"process {os.getpid()}")
        file.flush()
        yield


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
