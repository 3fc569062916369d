"""What a build tells while it runs: a live display on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Protocol, TextIO


class Progress(Protocol):
    """Hears what happens; called from several threads, one call at a time."""

    def began(self, slug: str) -> None:
        """Hear that a report is being built."""

    def ended(self, slug: str, seconds: float, error: str | None) -> None:
        """Hear that a report was built, or why not."""

    def say(self, text: str) -> None:
        """Hear anything else, such as waiting for another build."""


class Silent:
    """Says nothing."""

    def began(self, slug: str) -> None:
        """Say nothing."""

    def ended(self, slug: str, seconds: float, error: str | None) -> None:
        """Say nothing."""

    def say(self, text: str) -> None:
        """Say nothing."""


class Lines:
    """One line an event, for logs.

    Parameters
    ----------
    total
        Number of reports to build.
    stream
        Where to write.

    Examples
    --------
    >>> lines = Lines(2, sys.stdout)
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

    def say(self, text: str) -> None:
        """Write a line at once."""
        print(text, file=self.stream, flush=True)


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
    """A bar, what runs, what is done, failed and left, elapsed and left time; failures stay on screen."""

    def __init__(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as RichProgress

        self.total = total
        self.running: list[str] = []
        self.done = self.failed = 0
        self.start = time.monotonic()
        self.display = RichProgress(
            BarColumn(bar_width=24),
            TextColumn("{task.description}", markup=False),
            console=Console(stderr=True, highlight=False),
            transient=True,
        )
        self.task = self.display.add_task("", total=total)

    def began(self, slug: str) -> None:
        """Show the report among those that run."""
        self.running.append(slug)
        self._show()

    def ended(self, slug: str, seconds: float, error: str | None) -> None:
        """Count it, and print what became of it above the bar."""
        self.running.remove(slug)
        self.done += 1
        self.failed += error is not None
        self.say(f"{slug}: {_outcome(seconds, error)}")
        self._show()

    def say(self, text: str) -> None:
        """Print a line above the bar."""
        self.display.console.print(text, markup=False)

    def _show(self) -> None:
        elapsed = time.monotonic() - self.start
        left = time_left(elapsed, self.done, self.total)
        parts = [
            f"{self.done} of {self.total} done",
            *([f"{self.failed} failed"] if self.failed else []),
            f"{_clock(elapsed)} gone" + ("" if left is None else f", about {_clock(left)} left"),
            "running " + ", ".join(self.running[:3]) if self.running else "finishing",
        ]
        self.display.update(self.task, completed=self.done, description=" · ".join(parts))


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

    def say(self, text: str) -> None:
        with self.lock:
            self.inner.say(text)


@contextmanager
def shown_progress(total: int, stream: TextIO | None = None) -> Iterator[Progress]:
    """Show progress on standard error: live if it is a terminal, else a line an event.

    Parameters
    ----------
    total
        Number of reports to build.
    stream
        Write lines here instead.
    """
    if stream is None and sys.stderr.isatty():
        live = Live(total)
        with live.display:
            yield _Locked(live)
    else:
        yield _Locked(Lines(total, stream or sys.stderr))
