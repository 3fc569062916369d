"""Builds again whenever an edit touches what reports are made of."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from helpers.reports.incremental.code import PACKAGE

WATCHED = ("notebooks", "data/raw", "reports/portfolio.yml", "requirements.lock", "CITATION.cff")
Snapshot = dict[str, tuple[int, int]]


def watch(
    root: Path,
    words: Sequence[str],
    say: Callable[[str], None],
    *,
    build: Callable[[Path, Sequence[str]], None] | None = None,
    pause: float = 0.5,
    settled: float = 0.3,
) -> None:
    """Build, then build again after each edit of a notebook, helper, template or raw file, until Ctrl-C.

    An edit that breaks something shows its message, and the watch goes on.

    Parameters
    ----------
    root
        Project folder.
    words
        Further words of the command ``evidence build``.
    say
        Hears what was edited.
    build
        Builds; by default `build_once`.
    pause
        Seconds between two looks.
    settled
        Seconds without a further edit before the build starts: editors write a file in several steps.
    """
    build = build or build_once
    seen: Snapshot | None = None
    try:
        while True:
            now = _settled(root, settled) if seen != snapshot(root) else seen
            if now != seen:
                if seen is not None:
                    say(f"edited: {', '.join(edited(seen, now))}")
                # What is edited while the build runs is seen afterwards.
                seen = now
                build(root, words)
                say("watching for edits; Ctrl-C ends it")
            time.sleep(pause)
    except KeyboardInterrupt:
        say("watch ended")


def _settled(root: Path, seconds: float) -> Snapshot:
    """Return how things are when they have stayed so for some time."""
    now = snapshot(root)
    while True:
        time.sleep(seconds)
        then, now = now, snapshot(root)
        if then == now:
            return now


def snapshot(root: Path) -> Snapshot:
    """Return size and time of change of every file that reports are made of, by its path."""
    folders = [os.fspath(root / name) for name in WATCHED]
    return dict(entry for path in [*folders, os.fspath(PACKAGE)] for entry in _stamps(path))


def _stamps(path: str) -> Iterator[tuple[str, tuple[int, int]]]:
    try:
        if os.path.isdir(path):  # noqa: PTH112
            with os.scandir(path) as entries:
                inside = [entry.path for entry in entries if not _is_hidden(entry.name)]
            for each in inside:
                yield from _stamps(each)
        else:
            status = os.stat(path)  # noqa: PTH116
            yield path, (status.st_size, status.st_mtime_ns)
    except OSError:
        return  # gone between two looks: the next look shows it


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name == "__pycache__" or name.endswith(("~", ".pyc"))


def edited(before: Snapshot, after: Snapshot) -> list[str]:
    """Name the files that differ, the first few of them.

    Examples
    --------
    >>> edited({"a/x.py": (1, 1)}, {"a/x.py": (1, 2), "b/y.csv": (1, 1)})
    ['x.py', 'y.csv']
    """
    differ = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    more = len(differ) - 5
    return [Path(path).name for path in differ[:5]] + ([f"{more} more"] if more > 0 else [])


def build_once(root: Path, words: Sequence[str]) -> None:
    """Run ``evidence build`` in a process of its own, which sees the helpers as they are now.

    On Ctrl-C it is asked to end, and waited for.
    """
    command = [sys.executable, "-m", "helpers.cli", "build", *words]
    environment = {**os.environ, "EVIDENCE_ROOT": str(root)}
    # A session of its own: Ctrl-C reaches us alone, and is passed on once.
    with subprocess.Popen(command, env=environment, start_new_session=True) as process:
        try:
            process.wait()
        except BaseException:
            process.send_signal(signal.SIGINT)
            process.wait()
            raise
