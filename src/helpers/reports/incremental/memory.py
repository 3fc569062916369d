"""What one build remembers for the next: hashes of files, so that an unchanged file is not read again."""

import hashlib
import json
import os
import time
from pathlib import Path
from threading import Lock
from typing import Any

from helpers.data.project import build_folder
from helpers.reports.staging import SUCCESS, marker_faults, read_json, write_text

CACHE = ".cache"
# A file that changed just now may change again within one tick of the file system's clock.
_SETTLED = 2.0  # seconds
_FORM = 1

Stamp = tuple[int, int, int, int]


class Memory:
    """Hashes of files by (size, time of change, inode), and further notes by section.

    Forgetting costs time only: whatever is missing or does not fit is worked out again.

    Parameters
    ----------
    root
        Project folder; the memory is ``reports/build/.cache/memory.json``.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.path = build_folder(root) / CACHE / "memory.json"
        content = read_json(self.path)
        known = isinstance(content, dict) and content.get("form") == _FORM
        self._content: dict[str, Any] = content if known else {"form": _FORM}
        self._files: dict[str, dict[str, list[Any]]] = self._content.setdefault("files", {})
        self._changed = False
        self._faults: dict[Path, str | None] = {}
        self._lock = Lock()

    def section(self, name: str) -> dict[str, Any]:
        """Return further notes; call :meth:`note` to change them."""
        found: dict[str, Any] = self._content.setdefault(name, {})
        return found

    def note(self, section: str, key: str, value: Any) -> None:  # noqa: ANN401  # any JSON value
        """Keep a note for the next build."""
        with self._lock:
            self.section(section)[key] = value
            self._changed = True

    def sha256(self, path: Path | str) -> str:
        """Return the SHA-256 of a file; it is read only if it changed since it was last.

        Raises
        ------
        OSError
            If it cannot be read.
        """
        folder, _, name = os.fspath(path).rpartition("/")
        stamp = _stamp(path)
        known = self._files.get(folder, {}).get(name)
        if known is not None and tuple(known[:4]) == stamp:
            return str(known[4])
        with open(path, "rb") as file:  # noqa: PTH123  # os.path is several times as fast, for thousands
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if _stamp(path) == stamp and time.time() - stamp[1] / 1e9 > _SETTLED:
            self._keep(folder, name, stamp, found)
        return found

    def sha256_or_none(self, path: Path | str) -> str | None:
        """Return the SHA-256 of a file, or ``None`` if it is not there."""
        try:
            return self.sha256(path)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def faults(self, folder: Path) -> str | None:
        """Return how a report folder differs from its success marker; ``None`` if it is whole.

        One answer a folder: a `Memory` is of one look at the project.
        """
        if folder not in self._faults:
            self._faults[folder] = next(marker_faults(folder, self.sha256), None)
        return self._faults[folder]

    def trust(self, folder: Path) -> None:
        """Take the hashes of a report that was just published from its marker, which was made of them."""
        self._faults.pop(folder, None)
        marked = read_json(folder / SUCCESS)
        for name, found in marked.items() if isinstance(marked, dict) else ():
            inner, _, base = os.fspath(folder / name).rpartition("/")
            self._keep(inner, base, _stamp(folder / name), str(found))

    def _keep(self, folder: str, name: str, stamp: Stamp, found: str) -> None:
        with self._lock:
            self._files.setdefault(folder, {})[name] = [*stamp, found]
            self._changed = True

    def save(self) -> None:
        """Write the memory if anything is new in it, without the folders that are gone."""
        with self._lock:
            if not self._changed:
                return
            for folder in [name for name in self._files if not os.path.isdir(name)]:  # noqa: PTH112
                del self._files[folder]
            text = json.dumps(self._content, separators=(",", ":"))
            self._changed = False
        write_text(self.path, text)


def _stamp(path: Path | str) -> Stamp:
    """Return what changes when a file does; the inode's own time also sees a restored modification time."""
    status = os.stat(path)  # noqa: PTH116
    return status.st_size, status.st_mtime_ns, status.st_ino, status.st_ctime_ns
