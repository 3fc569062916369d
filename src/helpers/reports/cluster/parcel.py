"""A folder of files as one value that can travel, and is checked when it arrives."""

import hashlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from helpers.data.errors import InputError

Files = dict[str, bytes]
"""Path in the folder, with ``/``, and content."""


def packed(folder: Path) -> tuple[Files, str]:
    """Return the files of a folder and the checksum of all of them.

    Parameters
    ----------
    folder
        Folder to pack; links are left out.

    Returns
    -------
    tuple
        Files by their path in the folder; SHA-256 of names and contents.
    """
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    return files, checksum(files)


def checksum(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of names and contents, whatever their order.

    Examples
    --------
    >>> checksum({"a": b"1", "b": b""}) == checksum({"b": b"", "a": b"1"})
    True
    >>> checksum({"a": b"1"}) == checksum({"a1": b""})
    False
    """
    total = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), hashlib.sha256(files[name]).hexdigest().encode()):
            total.update(part + b"\0")
    return total.hexdigest()


def unpack(files: Mapping[str, bytes], expected: str, folder: Path) -> None:
    """Write files into a new folder, after checking that they are what was sent.

    Parameters
    ----------
    files, expected
        From :func:`packed`.
    folder
        Folder to make.

    Raises
    ------
    InputError
        If the checksum is another, or a name leads out of the folder; nothing is written then.
    """
    if checksum(files) != expected:
        raise InputError("the report arrived damaged: its checksum is not that of the files sent")
    for name in files:
        if not _stays_inside(name):
            raise InputError(
                f"the report holds a file named {name[:80]!r}; allowed are names inside its folder"
            )
    folder.mkdir(parents=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)


def _stays_inside(name: str) -> bool:
    r"""Tell whether a path is a plain one below its folder.

    Examples
    --------
    >>> [_stays_inside(name) for name in ("figures/a.svg", "../a", "/etc/a", "a/../b", "", "a\\b")]
    [True, False, False, False, False, False]
    """
    parts = PurePosixPath(name).parts
    plain = name == "/".join(parts) and not set(name) & set("\\:\0")
    return bool(parts) and plain and not {"..", "/"} & set(parts)
