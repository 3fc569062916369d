"""Builds in which something breaks: the others are made, nothing is half-written, nobody is left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest

from helpers.reports.engine import build
from helpers.reports.index import index_entries
from helpers.reports.kernels import start
from helpers.reports.runs import ReportRun
from helpers.reports.staging import is_complete

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("faults"),
    pytest.mark.skipif(not Path("/proc/self/environ").is_file(), reason="looks for processes in /proc"),
]

EXPORTER = "fault_export:export_report"
STUB = """
import json, resource, signal
def export_report(folder, run, root):
    question = json.loads((folder / "manifest.json").read_text())["question"]
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    if question == "full":
        resource.setrlimit(resource.RLIMIT_FSIZE, (5000, before[1]))
    try:
        (folder / "report.html").write_text("x" * 10000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    return folder / "report.html"
"""
HAND_OVER = """
import json, os, pathlib, resource, signal, subprocess, sys, time
out = pathlib.Path(os.environ["EVIDENCE_RUN_DIR"])
here = pathlib.Path(os.environ["EVIDENCE_ROOT"])
(out / "facts.json").write_text(json.dumps({"facts": []}))
manifest = {"question": question, "figures": [], "datasets": [], "sample": False}
(out / "manifest.json").write_text(json.dumps(manifest))
"""
# What the notebook does, where it is to blame, and what the failure says.
FAULTS = {
    "raises": ("raise ValueError('no rows')", 4, "ValueError: no rows"),
    "leaves": ("os._exit(0)", 4, "the kernel died"),
    "killed": ("os.kill(os.getpid(), signal.SIGKILL)", 4, "the kernel died"),
    "crashes": ("import ctypes; ctypes.string_at(0)", 4, "the kernel died"),
    "memory": (
        "resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31)); held = bytearray(2**32)",
        4,
        "MemoryError",
    ),
    "hangs": ("while True: time.sleep(0.1)", 4, "longer than"),
    "deaf": ("signal.pthread_sigmask(signal.SIG_BLOCK, {2, 15}); time.sleep(3600)", 4, "longer than"),
    "full": ("", None, "File too large"),
    "full_in_a_cell": (
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)); (out / 'a.csv').write_text('x' * 1000)",
        4,
        "File too large",
    ),
    "starts": ("subprocess.Popen(['sleep', '600'])\nraise ValueError('started')", 4, "ValueError: started"),
}


@pytest.fixture(scope="module", autouse=True)
def stub(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stub")
    (folder / "fault_export.py").write_text(STUB)
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


def write_notebook(root, name, source):
    code = {"cell_type": "code", "execution_count": None, "outputs": []}
    sources = [
        ('scope: str = "AT"  # scope; allowed: AT', ["parameters"]),
        (f"question = {name!r}" + HAND_OVER, []),
        ("1 + 1", []),
        (source, []),
    ]
    cells = [
        {**code, "id": f"c{number}", "metadata": {"tags": tags}, "source": text}
        for number, (text, tags) in enumerate(sources)
    ]
    (root / "notebooks").mkdir(parents=True, exist_ok=True)
    content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (root / "notebooks" / f"{name}.ipynb").write_text(json.dumps(content))


def runs_of(*names):
    return [ReportRun(name, name, {"scope": "AT"}) for name in names]


def built_again(root, *names, **how):
    """Build, and return which reports were really made."""
    results = build(runs_of(*names), root=root, exporter=EXPORTER, jobs=2, **how)
    assert [result.failure for result in results if result.failure] == []
    return [result.slug for result in results if result.what != "nothing"]


def plant_good_report(root, slug):
    folder = root / "reports" / "build" / slug
    folder.mkdir(parents=True)
    (folder / "report.html").write_text("the last good report")


def marked_processes(mark):
    """Return the processes that inherited a mark in their environment, zombies left out."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            if mark.encode() in (entry / "environ").read_bytes():
                found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()[:100]
        except OSError:
            continue
    return found


def nobody_left(mark, within=300.0):
    deadline = time.monotonic() + within
    while (left := marked_processes(mark)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


SCRIPT = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from helpers.reports.engine import build
from helpers.reports.runs import ReportRun
if __name__ == "__main__":
    root, jobs, timeout, *names = sys.argv[1:]
    runs = [ReportRun(name, name, {"scope": "AT"}) for name in names]
    how = {"jobs": int(jobs), "cell_timeout": float(timeout), "exporter": "fault_export:export_report"}
    results = build(runs, root=Path(root), **how)
    print(json.dumps({result.slug: result.failure and asdict(result.failure) for result in results}))
"""


class Build:
    """A build in a process of its own, with a mark on all that it starts."""

    def __init__(self, root, stub, *names, jobs=2, timeout=60):
        self.mark = f"EVIDENCE_TEST_MARK={uuid4().hex}"
        name, value = self.mark.split("=")
        (root / "script.py").write_text(SCRIPT)
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(stub), *sys.path]), name: value}
        environment.pop("PYTEST_CURRENT_TEST", None)
        command = [sys.executable, str(root / "script.py"), str(root), str(jobs), str(timeout), *names]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

    def wait_until(self, condition, within=300.0):
        deadline = time.monotonic() + within
        while not condition():
            assert self.process.poll() is None, "the build ended early"
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def failures(self):
        """Wait for the end, and return the failure of each report."""
        said, _ = self.process.communicate(timeout=600)
        return json.loads(said)

    def kill(self):
        self.process.kill()
        self.process.wait(300)


@pytest.fixture(scope="module")
def broken(tmp_path_factory, stub):
    """One build in which every report but two breaks in its own way."""
    root = tmp_path_factory.mktemp("broken")
    names = ["first", *FAULTS, "last"]
    for name in names:
        write_notebook(root, name, FAULTS.get(name, ("",))[0])
        plant_good_report(root, name)
    work = Build(root, stub, *names, timeout=10)
    failures = work.failures()
    return root, failures, nobody_left(work.mark)


def test_the_reports_before_and_after_the_broken_ones_are_built(broken):
    root, failures, _ = broken
    for name in ("first", "last"):
        assert failures[name] is None
        assert is_complete(root / "reports" / "build" / name)


@pytest.mark.parametrize("name", FAULTS)
def test_a_broken_report_says_where_and_why_and_leaves_the_last_good_one(broken, name):
    root, failures, _ = broken
    _, cell, words = FAULTS[name]
    failure = failures[name]
    assert failure is not None
    assert words in failure["error"]
    assert failure["cell"] == cell
    noted = json.loads((root / "reports/build/.status" / f"{name}.json").read_text())
    assert (noted["status"], noted["error"]) == ("failed", failure["error"])
    folder = root / "reports" / "build" / name
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        "report.html": "the last good report"
    }


def test_no_process_and_no_half_report_is_left_of_a_build(broken):
    root, _, left = broken
    assert left == {}
    assert list((root / "reports/build/.staging").iterdir()) == []


def test_the_index_tells_which_reports_failed_and_why(broken):
    root, failures, _ = broken
    found = {entry["slug"]: entry for entry in index_entries(runs_of(*failures), root)}
    assert [name for name in found if found[name]["status"] == "built"] == ["first", "last"]
    assert [name for name in found if found[name]["status"] == "failed"] == list(FAULTS)
    assert all(FAULTS[name][2] in found[name]["error"] for name in FAULTS)


def test_the_next_build_makes_what_was_missing_and_nothing_else(broken):
    root, failures, _ = broken
    for name in FAULTS:
        write_notebook(root, name, "" if name != "full" else "manifest['question'] = ''\n" + HAND_OVER_AGAIN)
    assert sorted(built_again(root, *failures)) == sorted(FAULTS)
    assert all(is_complete(root / "reports" / "build" / name) for name in failures)
    assert list((root / "reports/build/.status").glob("*.json")) == []


HAND_OVER_AGAIN = '(out / "manifest.json").write_text(json.dumps(manifest))'


def test_run_json_says_what_the_run_cost(tmp_path):
    write_notebook(tmp_path, "costly", "held = bytearray(200_000_000)\nwhile time.process_time() < 1: pass")
    assert built_again(tmp_path, "costly") == ["costly"]
    cost = json.loads((tmp_path / "reports/build/costly/run.json").read_text())["resources"]
    assert set(cost) == {"seconds", "cpu_seconds", "peak_memory_mb"}
    assert cost["seconds"] > 0.9
    assert cost["cpu_seconds"] > 0.9
    assert 200 < cost["peak_memory_mb"] < 3000


SLOW = "time.sleep(1.5)"


@pytest.mark.parametrize("seconds", [0.2, 0.8, 1.5, 2.5, 3.5, 4.5])
def test_a_build_that_is_killed_at_any_moment_leaves_nobody_and_can_be_completed(tmp_path, stub, seconds):
    names = ["one", "two", "three", "four"]
    for name in names:
        write_notebook(tmp_path, name, SLOW)
        plant_good_report(tmp_path, name)
    work = Build(tmp_path, stub, *names)
    time.sleep(seconds)
    work.kill()
    assert nobody_left(work.mark) == {}
    for name in names:
        folder = tmp_path / "reports" / "build" / name
        aside = tmp_path / "reports" / "build" / ".previous" / name
        whole = [place for place in (folder, aside) if place.is_dir()]
        assert whole
        assert all(
            is_complete(place) or [p.name for p in place.iterdir()] == ["report.html"] for place in whole
        )
    done = {name for name in names if is_complete(tmp_path / "reports" / "build" / name)}
    for name in set(names) - done:
        write_notebook(tmp_path, name, "")
    again = built_again(tmp_path, *names)
    assert set(again) >= set(names) - done
    assert all(is_complete(tmp_path / "reports" / "build" / name) for name in names)


@pytest.mark.skipif(bool(start.why_not()), reason="kernels cannot be forked here")
def test_a_fork_server_that_is_killed_costs_no_report(tmp_path, stub):
    names = ["one", "two", "three"]
    note = "\n(here / f'{question}.pid').write_text(f'{os.getpid()} {os.getppid()}')\n"
    for name in names:
        write_notebook(tmp_path, name, note + SLOW)
    work = Build(tmp_path, stub, *names)
    noted = [tmp_path / f"{name}.pid" for name in names[:2]]
    work.wait_until(lambda: all(path.is_file() and len(path.read_text().split()) == 2 for path in noted))
    servers = {int(path.read_text().split()[1]) for path in noted}
    assert len(servers) == 1
    os.kill(servers.pop(), signal.SIGKILL)
    assert set(work.failures().values()) == {None}
    assert nobody_left(work.mark) == {}
    assert all(is_complete(tmp_path / "reports" / "build" / name) for name in names)


def test_two_builds_at_once_in_one_folder_take_turns_and_make_each_report_once(tmp_path, stub):
    names = ["one", "two"]
    for name in names:
        write_notebook(
            tmp_path, name, "with open(here / 'log', 'a') as log: log.write(question + ' ')\n" + SLOW
        )
    builds = [Build(tmp_path, stub, *names) for _ in range(2)]
    for work in builds:
        assert set(work.failures().values()) == {None}
        assert nobody_left(work.mark) == {}
    assert sorted((tmp_path / "log").read_text().split()) == sorted(names)
    assert all(is_complete(tmp_path / "reports" / "build" / name) for name in names)


def test_a_worker_that_is_killed_fails_its_report_and_ends_its_kernel(tmp_path):
    kill = "os.kill(int(os.environ['JPY_PARENT_PID']), 9)"
    write_notebook(
        tmp_path, "murders", f"(here / 'pid').write_text(str(os.getpid()))\n{kill}\ntime.sleep(3600)"
    )
    write_notebook(tmp_path, "other", "")
    murders, other = build(runs_of("murders", "other"), root=tmp_path, jobs=1, exporter=EXPORTER)
    assert "ended unexpectedly" in murders.failure.error
    assert other.built
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text()}").exists()
