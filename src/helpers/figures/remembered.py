"""Pictures drawn once for all reports in which they are the same.

Of the figures of a country's report, half are those of every other country's: how the Alliance grew, say, or
how many countries a rule picks out. In a build, a picture is kept in ``.cache/pictures`` under a hash of all
that decides it: the data, the options and texts, the code of this package and of what it rests on, the
settings of matplotlib and the versions of the libraries. Outside of a build (JupyterLab, tests) nothing is
kept or looked up, since there code may change under a running process.
"""

import base64
import hashlib
import json
import os
import pickle
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import matplotlib
import pandas as pd

import helpers
from helpers.data.project import project_root

BUILD_VARIABLE = "EVIDENCE_RUN_DIR"
MOST = 4000
"""Pictures kept; the oldest fifth goes when there are more."""
_PARTS = ("figures", "analysis", "data")
_LIBRARIES = (
    *("font-source-sans-pro", "matplotlib", "numpy", "pandas", "pillow", "pyarrow", "pyproj", "scipy"),
    *("seaborn", "shapely"),
)


@dataclass(frozen=True)
class Drawn:
    """A figure as drawn: compact SVG for page and telephone, and a PNG with its texts in it."""

    wide: str
    narrow: str
    png: bytes


def _code_sha256() -> str:
    """Return the hash of the code that draws, as it is when this module is imported."""
    package = Path(helpers.__file__).parent
    total = hashlib.sha256()
    for path in sorted(path for part in _PARTS for path in (package / part).rglob("*")):
        if path.is_file() and path.suffix not in {".pyc", ".pyo"}:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            total.update(f"{path.relative_to(package)}\0{content}\0".encode())
    for name in _LIBRARIES:
        with suppress(PackageNotFoundError):
            total.update(f"{name}\0{version(name)}\0".encode())
    return total.hexdigest()


# At import, when the other modules are read, too: a file that is edited later is not the code that runs.
_CODE = _code_sha256()


def drawn(
    draw: Callable[[], Drawn],
    function: Callable[..., object],
    data: pd.DataFrame,
    options: Mapping[str, Any],
    texts: object,
) -> Drawn:
    """Return the pictures of a figure, drawn now or in an earlier run of a build.

    Parameters
    ----------
    draw
        Draws them.
    function, data, options
        Drawing function of this package, and what it is given.
    texts
        Everything else that gets into the files: identifier, caption, source, marks.
    """
    key = _key(function, data, options, texts) if os.environ.get(BUILD_VARIABLE) else None
    if key is None:
        return draw()
    path = project_root() / ".cache" / "pictures" / key
    found = _read(path)
    if found is None:
        found = draw()
        # Without room on the disk the report is made all the same.
        with suppress(OSError):
            _keep(path, found)
    return found


def _key(
    function: Callable[..., object], data: pd.DataFrame, options: Mapping[str, Any], texts: object
) -> str | None:
    """Return the hash of all that decides the pictures; ``None`` if that cannot be told."""
    name = f"{function.__module__}.{getattr(function, '__qualname__', '<')}"
    if not name.startswith("helpers.figures.") or "<" in name:
        return None
    settings = repr(sorted(matplotlib.rcParams.items(), key=str))
    try:
        given = pickle.dumps((name, data, dict(options), texts, settings), protocol=5)
    except (pickle.PicklingError, TypeError, AttributeError):
        return None
    # A function of the notebook travels by its name only, which does not say what it does.
    if b"__main__" in given:
        return None
    return hashlib.sha256(_CODE.encode() + given).hexdigest()


def _read(path: Path) -> Drawn | None:
    """Return kept pictures; ``None`` if there are none, or they are damaged."""
    try:
        digest, _, content = path.read_bytes().partition(b"\n")
        if hashlib.sha256(content).hexdigest().encode() != digest:
            return None
        values = json.loads(zlib.decompress(content))
        return Drawn(values["wide"], values["narrow"], base64.b64decode(values["png"]))
    except (OSError, ValueError, KeyError, TypeError, zlib.error):
        return None


def _keep(path: Path, pictures: Drawn) -> None:
    values = {**asdict(pictures), "png": base64.b64encode(pictures.png).decode("ascii")}
    content = zlib.compress(json.dumps(values).encode(), level=1)
    path.parent.mkdir(parents=True, exist_ok=True)
    _make_room(path.parent)
    # Not forced on the disk, as a report is: a picture that is lost is drawn again.
    part = path.with_name(f".part-{os.getpid()}")
    part.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
    part.replace(path)


def _make_room(folder: Path) -> None:
    entries = list(_entries(folder))
    if len(entries) < MOST:
        return
    for _, path in sorted(entries)[: MOST // 5]:
        Path(path).unlink(missing_ok=True)


def _entries(folder: Path) -> Iterator[tuple[float, str]]:
    for entry in os.scandir(folder):
        with suppress(FileNotFoundError):  # another run made room
            yield entry.stat().st_mtime, entry.path
