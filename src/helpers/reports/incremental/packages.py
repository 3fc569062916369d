"""Which packages are installed, by the names of their metadata folders: a look, and nothing imported."""

import os
import re
import sys
from collections.abc import Iterable


def installed_versions(names: Iterable[str], path: Iterable[str] | None = None) -> dict[str, str]:
    """Return the installed versions of some packages.

    Parameters
    ----------
    names
        Names as projects write them: ``python-docx`` and ``python_docx`` are the same.
    path
        Folders to look in; ``sys.path`` if not given.

    Returns
    -------
    dict
        Name -> version, "not installed" where there is none.

    Examples
    --------
    >>> installed_versions(["no-such-package"])
    {'no-such-package': 'not installed'}
    """
    found: dict[str, str] = {}
    for folder in sys.path if path is None else path:
        try:
            entries = os.listdir(folder or ".")  # noqa: PTH208
        except OSError:
            continue
        for entry in entries:
            if entry.endswith(".dist-info"):
                name, _, version = entry.removesuffix(".dist-info").rpartition("-")
                found.setdefault(_normal(name), version)
    return {name: found.get(_normal(name), "not installed") for name in names}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
