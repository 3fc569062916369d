"""How many reports to build at a time on this machine."""

import os
from pathlib import Path

# A kernel with pandas and geopandas, and its builder with nbconvert, peak below this.
BYTES_PER_JOB = 1_000_000_000
_MEMINFO = Path("/proc/meminfo")
_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


def default_jobs() -> int:
    """Return one job a core, as far as memory lasts; at least one.

    Examples
    --------
    >>> default_jobs() >= 1
    True
    """
    return max(1, min(_cores() + 1, _memory() // BYTES_PER_JOB))


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory() -> int:
    """Return the memory that is free for us, in bytes."""
    if _MEMINFO.is_file():
        lines = dict(line.split(":", 1) for line in _MEMINFO.read_text(encoding="ascii").splitlines())
        free = int(lines.get("MemAvailable", lines["MemTotal"]).split()[0]) * 1024
    else:
        free = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    limit = _CGROUP_LIMIT.read_text(encoding="ascii").strip() if _CGROUP_LIMIT.is_file() else "max"
    return min(free, int(limit)) if limit.isdigit() else free
