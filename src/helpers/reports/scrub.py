"""Machine paths are replaced before anything reaches a report: they are nobody's business, and differ."""

import os
import re
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# ipykernel compiles each cell under a temporary file name of its own.
_CELL_FILE = re.compile(r"(?:/[\w.+-]+)+/ipykernel_\d+/\d+\.py")
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def machine_paths(root: Path, run_folder: Path) -> dict[str, str]:
    """Return what to write in place of each machine path, the longest path first."""
    names = {
        str(run_folder): "[run]",
        str(root): "[project]",
        sys.prefix: "[environment]",
        sysconfig.get_path("stdlib"): "[python]",
        sysconfig.get_path("purelib"): "[environment]",
        str(Path.home()): "[home]",
    }
    real = {os.path.realpath(path): name for path, name in names.items()}
    found = {path: name for path, name in {**names, **real}.items() if len(path) > 1}
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


def scrub_text(text: str, paths: Mapping[str, str]) -> str:
    """Replace machine paths in a text; files of the run folder become relative to it.

    Examples
    --------
    >>> paths = {"/srv/me/project": "[project]", "/srv/me": "[home]"}
    >>> scrub_text("/srv/me/project/a.py and /srv/me/b, not /srv/mem", paths)
    '[project]/a.py and [home]/b, not /srv/mem'
    """
    for path, name in paths.items():
        if path in text:
            if name == "[run]":
                text = text.replace(path + "/", "")
            text = re.sub(re.escape(path) + r"(?![\w-])", name, text)
    return _CELL_FILE.sub("[cell]", text) if "ipykernel_" in text else text


def scrub(content: Any, paths: Mapping[str, str]) -> Any:  # noqa: ANN401  # any JSON value
    """Replace machine paths in every text of a JSON value.

    Examples
    --------
    >>> scrub({"files": ["/run/1/map.svg"]}, {"/run/1": "[run]"})
    {'files': ['map.svg']}
    """
    if isinstance(content, str):
        return scrub_text(content, paths)
    if isinstance(content, dict):
        return {name: scrub(value, paths) for name, value in content.items()}
    if isinstance(content, list):
        return [scrub(value, paths) for value in content]
    return content


def short_error(text: str, paths: Mapping[str, str], limit: int = 400) -> str:
    r"""Write an error on one line, without machine paths, colours and control characters.

    Examples
    --------
    >>> short_error("\x1b[31mValueError\x1b[0m: no\n  such file /home/me/a.csv", {"/home/me": "[home]"})
    'ValueError: no such file [home]/a.csv'
    """
    line = " ".join(scrub_text(_ANSI.sub("", text), paths).split())
    line = "".join(character if character.isprintable() else "?" for character in line)
    return line if len(line) <= limit else line[: limit - 3] + "..."
