"""What a build tells while it runs: a live display on a terminal, plain lines or JSON lines elsewhere."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Protocol, TextIO


class Progress(Protocol):
    """Hears what happens; called from several threads, one call at a time."""

    def began(self, slug: str) -> None:
        """Hear that a report is being built."""

    def ended(self, slug: str, seconds: float, error: str | None) -> None:
        """Hear that a report was built, or why not."""

    def skipped(self, slug: str) -> None:
        """Hear that a report is left as it is, since nothing that it depends on changed."""

    def say(self, text: str) -> None:
        """Hear anything else, such as waiting for another build."""


class Silent:
    """Says nothing."""

    def began(self, slug: str) -> None:
        """Say nothing."""

    def ended(self, slug: str, seconds: float, error: str | None) -> None:
        """Say nothing."""

    def skipped(self, slug: str) -> None:
        """Say nothing."""

    def say(self, text: str) -> None:
        """Say nothing."""


class Lines:
    """One line an event, for logs; reports that are left as they are only count.

    Parameters
    ----------
    total
        Number of reports asked for.
    stream
        Where to write.

    Examples
    --------
    >>> lines = Lines(3, sys.stdout)
    >>> lines.skipped("counts-cy")
    >>> lines.ended("counts-at", 8.04, None)
    [1/2] counts-at: built in 8.0 s
    >>> lines.ended("counts-be", 1.0, "cell 3: ValueError: no rows")
    [2/2] counts-be: FAILED, cell 3: ValueError: no rows
    """

    def __init__(self, total: int, stream: TextIO) -> None:
        self.total = total
        self.stream = stream
        self.done = 0

    def began(self, slug: str) -> None:
        """Write that a report is being built."""
        self.say(f"building {slug}")

    def ended(self, slug: str, seconds: float, error: str | None) -> None:
        """Write what became of it."""
        self.done += 1
        self.say(f"[{self.done}/{self.total}] {slug}: {_outcome(seconds, error)}")

    def skipped(self, slug: str) -> None:
        """Count one less to build."""
        self.total -= 1

    def say(self, text: str) -> None:
        """Write a line at once."""
        print(text, file=self.stream, flush=True)


class JsonLines:
    """One JSON object a line and event, for programs.

    ``event`` is ``began``, ``ended`` (``status``: built or failed, ``seconds``, ``error``), ``skipped`` or
    ``said``; the command adds ``planned`` and ``finished``. ``time`` is in seconds since the build began.

    Examples
    --------
    >>> lines = JsonLines(sys.stdout, clock=lambda: 0.0)
    >>> lines.ended("counts-at", 8.04, None)
    {"event": "ended", "time": 0.0, "slug": "counts-at", "status": "built", "seconds": 8.04, "error": null}
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self.stream = stream
        self.clock = clock
        self.start = self.clock()

    def event(self, event: str, **content: object) -> None:
        """Write one event at once."""
        line = {"event": event, "time": round(self.clock() - self.start, 3), **content}
        print(json.dumps(line, ensure_ascii=False), file=self.stream, flush=True)

    def began(self, slug: str) -> None:
        """Write that a report is being built."""
        self.event("began", slug=slug)

    def ended(self, slug: str, seconds: float, error: str | None) -> None:
        """Write what became of it."""
        status = "failed" if error else "built"
        self.event("ended", slug=slug, status=status, seconds=round(seconds, 3), error=error)

    def skipped(self, slug: str) -> None:
        """Write that it is left as it is."""
        self.event("skipped", slug=slug)

    def say(self, text: str) -> None:
        """Write what was said."""
        self.event("said", text=text)


def _outcome(seconds: float, error: str | None) -> str:
    return f"FAILED, {error}" if error else f"built in {seconds:.1f} s"


def time_left(elapsed: float, done: int, total: int) -> float | None:
    """Estimate the seconds left from the pace so far; ``None`` before the first report is done.

    Examples
    --------
    >>> time_left(30.0, 3, 9)
    60.0
    """
    return elapsed / done * (total - done) if done else None


class Live:
    """A line with what is done, failed, unchanged and left, and a line for each report that runs.

    What became of a report is printed above; failures stay on screen.
    """

    def __init__(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as RichProgress

        self.total = total
        self.built = self.failed = self.unchanged = 0
        self.start = time.monotonic()
        self.display = RichProgress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=16),
            TimeElapsedColumn(),
            console=Console(stderr=True, highlight=False),
            transient=True,
        )
        self.task = self.display.add_task("", total=total)
        self.running: dict[str, TaskID] = {}

    def began(self, slug: str) -> None:
        """Add the report's line."""
        self.running[slug] = self.display.add_task(f"  {slug}", total=None)
        self._show()

    def ended(self, slug: str, seconds: float, error: str | None) -> None:
        """Count it, and print what became of it above the lines."""
        self.display.remove_task(self.running.pop(slug))
        self.built += error is None
        self.failed += error is not None
        self.say(f"{slug}: {_outcome(seconds, error)}")
        self._show()

    def skipped(self, slug: str) -> None:
        """Count it."""
        self.unchanged += 1
        self._show()

    def say(self, text: str) -> None:
        """Print a line above the others."""
        self.display.console.print(text, markup=False)

    def _show(self) -> None:
        done = self.built + self.failed
        text = standing(self.total, self.built, self.failed, self.unchanged, time.monotonic() - self.start)
        self.display.update(self.task, completed=done + self.unchanged, description=text)


def standing(total: int, built: int, failed: int, unchanged: int, elapsed: float) -> str:
    """Say how far a build is.

    Examples
    --------
    >>> standing(28, 3, 1, 20, 8.0)
    '3 built · 1 failed · 20 unchanged · 4 left · about 0:08 to go'
    """
    done = built + failed
    left = time_left(elapsed, done, total - unchanged)
    parts = [
        f"{built} built",
        *([f"{failed} failed"] if failed else []),
        *([f"{unchanged} unchanged"] if unchanged else []),
        f"{total - unchanged - done} left",
        *([] if left is None else [f"about {_clock(left)} to go"]),
    ]
    return " · ".join(parts)


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


class _Locked:
    """Passes events on one at a time."""

    def __init__(self, inner: Progress) -> None:
        self.inner = inner
        self.lock = Lock()

    def began(self, slug: str) -> None:
        with self.lock:
            self.inner.began(slug)

    def ended(self, slug: str, seconds: float, error: str | None) -> None:
        with self.lock:
            self.inner.ended(slug, seconds, error)

    def skipped(self, slug: str) -> None:
        with self.lock:
            self.inner.skipped(slug)

    def say(self, text: str) -> None:
        with self.lock:
            self.inner.say(text)


@contextmanager
def shown_progress(
    total: int, stream: TextIO | None = None, other: Progress | None = None
) -> Iterator[Progress]:
    """Show progress on standard error: live if it is a terminal, else a line an event.

    Parameters
    ----------
    total
        Number of reports asked for.
    stream
        Write lines here instead.
    other
        Hears it instead: `JsonLines`, `Silent`.
    """
    if other is None and stream is None and sys.stderr.isatty():
        live = Live(total)
        with live.display:
            yield _Locked(live)
    else:
        yield _Locked(other or Lines(total, stream or sys.stderr))
