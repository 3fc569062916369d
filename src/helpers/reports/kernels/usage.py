"""What a report cost: time, processor time and memory, of the process that makes it and of its kernel."""

import contextlib
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


@dataclass(frozen=True)
class Usage:
    """What one kernel used, with all that it started and waited for.

    Attributes
    ----------
    cpu_seconds
        Processor time.
    peak_memory_mb
        Most memory it held at a time, in MiB, with the pages that it shares with the fork server.
    """

    cpu_seconds: float
    peak_memory_mb: float


# The forked kernels that this process has had; the provisioner adds them.
finished: list[Usage] = []


def usage_of(measured: resource.struct_rusage) -> Usage:
    """Return what the system counted."""
    return Usage(round(measured.ru_utime + measured.ru_stime, 3), round(_mb(measured.ru_maxrss), 1))


def _mb(maxrss: int) -> float:
    return maxrss / (1024**2 if sys.platform == "darwin" else 1024)


class Meter:
    """Measures one report; a process makes one at a time.

    Examples
    --------
    >>> sorted(Meter().read())
    ['cpu_seconds', 'peak_memory_mb', 'seconds']
    """

    def __init__(self) -> None:
        finished.clear()
        self._clock = time.monotonic()
        self._cpu = _cpu()
        # Only there can the peak be reset; elsewhere it is that of the process so far.
        with contextlib.suppress(OSError):
            _CLEAR.write_text("5", encoding="ascii")

    def read(self) -> dict[str, float]:
        """Return what the report has cost so far.

        Returns
        -------
        dict
            ``seconds`` on the clock; ``cpu_seconds`` of this process and its kernel; ``peak_memory_mb``, MiB:
            the peaks of the two added up, so at most that much was held at once.
        """
        kernels = [usage.peak_memory_mb for usage in finished]
        plain = _mb(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
        return {
            "seconds": round(time.monotonic() - self._clock, 3),
            "cpu_seconds": round(_cpu() - self._cpu + sum(usage.cpu_seconds for usage in finished), 3),
            "peak_memory_mb": round(_own_peak() + max(kernels, default=plain), 1),
        }


def _cpu() -> float:
    """Return the processor time of this process and of the children that it has waited for."""
    both = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def _own_peak() -> float:
    with contextlib.suppress(OSError):
        for line in _STATUS.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return _mb(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
