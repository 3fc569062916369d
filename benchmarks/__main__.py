"""Run measurements and print them, or write them into docs/benchmarks.md."""

import argparse
import importlib
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType

from benchmarks.measuring import machine
from benchmarks.project import ROOT, Setup, copy_of_the_project

PAGE = ROOT / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

How fast the batch is, measured by `make bench` (`python -m benchmarks --write`), which wrote this page. Each
section says what was measured and how often; `python -m benchmarks --quick` measures less of the same, in
some twenty minutes, and prints it. Seconds depend on the machine and on what else it does; ratios much less,
since what is compared ran in turn.
"""


def names() -> list[str]:
    """Return the names of all measurements, in the order of their files' names."""
    return sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))


def main() -> int:
    """Parse the command line, measure, show."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(names())} (default: all)")
    parser.add_argument(
        "--quick", action="store_true", help="measure less of the same, in some twenty minutes"
    )
    parser.add_argument("--write", action="store_true", help="write the sections into docs/benchmarks.md")
    parser.add_argument("--rounds", type=int, metavar="N", help="how often to repeat what is compared")
    given = parser.parse_args()
    unknown = sorted(set(given.names) - set(names()))
    if unknown:
        print(f"no measurement {', '.join(unknown)}; allowed: {', '.join(names())}", file=sys.stderr)
        return 2
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        copy_of_the_project(folder / "project")
        setup = Setup(folder / "project", folder, given.quick, given.rounds or (1 if given.quick else 3))
        for name in given.names or names():
            section = _section(name, importlib.import_module(f"benchmarks.bench_{name}"), setup)
            print(section, flush=True)
            if given.write:
                _write(name, section)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _section(name: str, bench: ModuleType, setup: Setup) -> str:
    print(f"measuring {name} ...", file=sys.stderr, flush=True)
    clock = time.monotonic()
    lines = bench.measure(setup)
    minutes = (time.monotonic() - clock) / 60
    command = f"python -m benchmarks {name}{' --quick' if setup.quick else ''} --rounds {setup.rounds}"
    foot = f"`{command}`, {minutes:.1f} min; {machine()}."
    return "\n".join([f"## {bench.TITLE}", "", *lines, "", foot, ""])


def _write(name: str, section: str) -> None:
    """Put a section in the place of its older one, or at the end."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else HEAD
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    block = f"{start}\n\n{section}\n{end}\n"
    old = re.compile(re.escape(start) + ".*?" + re.escape(end) + "\n", flags=re.DOTALL)
    text = old.sub(lambda _: block, text) if old.search(text) else f"{text}\n{block}"
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
