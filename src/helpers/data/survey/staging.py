"""A vintage is written beside its place and moved there as a whole, its restricted part with it.

A process that is killed before the marker is written leaves the old state; one that is killed afterwards
leaves a move that the next ingest completes before it does anything else.
"""

import fcntl
import filecmp
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from helpers.data.errors import InputError
from helpers.data.files import write_atomically
from helpers.data.project import raw_folder

STAGING = ".ingest"
_NEW, _OLD, _READY, _LOCK = "new", "old", "ready", "lock"


def restricted_folder(root: Path) -> Path:
    """Return ``data/restricted``: personal data, ignored by git, for the owner of the files only."""
    return root / "data" / "restricted"


class Staging:
    """The folders in which the new state of one questionnaire's vintage is made."""

    def __init__(self, root: Path, questionnaire: str) -> None:
        self._homes = (raw_folder(root), restricted_folder(root))
        self._questionnaire = questionnaire
        self.raw, self.restricted = (self._place(home) / _NEW for home in self._homes)

    def _place(self, home: Path) -> Path:
        return home / STAGING / self._questionnaire

    def target(self, vintage: str) -> Path:
        """Return the folder of ``data/raw`` that a vintage has or gets."""
        return self._homes[0] / self._questionnaire / vintage

    def _target(self, home: Path, vintage: str) -> Path:
        return home / self._questionnaire / vintage

    def prepare(self) -> None:
        """Make the folders, empty."""
        private_folder(self._homes[1])
        for home in self._homes:
            private_folder(home / STAGING)
            private_folder(self._place(home))
            (self._place(home) / _NEW).mkdir(mode=0o700)
        self.raw.chmod(0o755)

    @property
    def _marker(self) -> Path:
        return self._place(self._homes[1]) / _READY

    def publish(self, vintage: str) -> bool:
        """Move what was made to its place; where nothing changed, nothing is touched.

        Returns
        -------
        bool
            Whether anything changed.
        """
        changed = [
            not same_files(self._place(home) / _NEW, self._target(home, vintage)) for home in self._homes
        ]
        for home, differs in zip(self._homes, changed, strict=True):
            if not differs:
                shutil.rmtree(self._place(home) / _NEW)
        if any(changed):
            write_atomically(self._marker, vintage.encode())
            self._move(vintage)
        return any(changed)

    def _move(self, vintage: str) -> None:
        for home, mode in zip(self._homes, (0o755, 0o700), strict=True):
            new, old = (self._place(home) / name for name in (_NEW, _OLD))
            target = self._target(home, vintage)
            if not new.exists():
                continue
            target.parent.mkdir(mode=mode, exist_ok=True)
            if target.exists():
                shutil.rmtree(old, ignore_errors=True)
                target.rename(old)
            new.rename(target)
        self._marker.unlink()

    def clear(self) -> None:
        """Complete a move that was begun, and remove what is left of other work."""
        if self._marker.is_file():
            self._move(self._marker.read_text(encoding="utf-8"))
        for home in self._homes:
            shutil.rmtree(self._place(home), ignore_errors=True)
            if (home / STAGING).is_dir() and not any((home / STAGING).iterdir()):
                (home / STAGING).rmdir()


@contextmanager
def staged(root: Path, questionnaire: str) -> Iterator[Staging]:
    """Hold the folders for one ingest, and leave nothing behind, however it ends.

    Raises
    ------
    InputError
        If another ingest of the questionnaire is at work.
    """
    if not raw_folder(root).is_dir():
        raise InputError("data/raw: no such folder; run from inside the project, or set EVIDENCE_ROOT")
    staging = Staging(root, questionnaire)
    private_folder(restricted_folder(root))
    with _private_lock(restricted_folder(root) / f".{questionnaire}.{_LOCK}") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(
                f"another ingest of {questionnaire} is at work; wait until it has ended"
            ) from None
        staging.clear()
        try:
            staging.prepare()
            yield staging
        finally:
            staging.clear()


def _private_lock(path: Path) -> IO[str]:
    """Open the file that is locked; like all in the restricted folder it is for its owner only."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    os.fchmod(handle, 0o600)  # one that was there already may be open to others
    return os.fdopen(handle, "w")


def private_folder(path: Path) -> None:
    """Make a folder that its owner alone may read, if there is none."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.stat().st_mode & 0o077:
        path.chmod(0o700)


def private_file(path: Path) -> int:
    """Create a file that its owner alone may read, and return its descriptor."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def same_files(one: Path, other: Path) -> bool:
    """Say whether two folders hold the same files with the same bytes."""
    if not other.is_dir():
        return False
    names = [{path.name for path in folder.iterdir()} for folder in (one, other)]
    if names[0] != names[1]:
        return False
    _, differ, odd = filecmp.cmpfiles(one, other, sorted(names[0]), shallow=False)
    return not differ and not odd
