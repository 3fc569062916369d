"""Builds with tiny notebooks that papermill really runs: every way to fail, and what stays whole."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from helpers.reports import engine, makers
from helpers.reports.engine import build
from helpers.reports.portfolio import ReportRun
from helpers.reports.progress import Silent
from helpers.reports.staging import is_complete, marker_faults, publish_folder, recover
from helpers.reports.status import Failure, write_failure

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("engine")]

EXPORTER = "stub_export:export_report"
STUB = """
import json, time
def export_report(folder, run, root):
    manifest = json.loads((folder / "manifest.json").read_text())
    if manifest.get("question") == "fail":
        raise OSError(28, "No space left on device", str(folder / "report.html"))
    (folder / "report.html").write_text(json.dumps(run))
    return folder / "report.html"
"""
HAND_OVER = """
import json, os, pathlib
out = pathlib.Path(os.environ["EVIDENCE_RUN_DIR"])
(out / "figures").mkdir()
(out / "figures" / "a.csv").write_text("x")
(out / "facts.json").write_text(json.dumps({"facts": []}))
manifest = {"question": question, "figures": [{"files": [str(out / "figures/a.csv")]}], "datasets": []}
(out / "manifest.json").write_text(json.dumps(manifest))
"""
CELLS = {
    "good": """
import sys
from pathlib import Path
assert sys.executable == EXECUTABLE, sys.executable
assert "planted" not in globals()
assert Path.cwd().name == "notebooks"
assert os.environ["PYTHONHASHSEED"] == "0" and os.environ["OPENBLAS_NUM_THREADS"] == "1"
print(os.environ["EVIDENCE_ROOT"], out, sys.prefix, Path.home() / "x", json.__file__)
print(scope, year)
""",
    "raises": "raise ValueError('no such file ' + os.environ['EVIDENCE_ROOT'] + '/data/raw/a.csv')",
    "dies": "os.kill(os.getpid(), 9)",
    "hangs": "import time; time.sleep(3600)",
    "leaves": "import sys; sys.exit(0)",
    "forgets": "(out / 'facts.json').unlink()",
    "garbles": "(out / 'manifest.json').write_text('{')",
    "unexported": "",
}


def write_notebook(root, name, source, question="fine"):
    code = {"cell_type": "code", "execution_count": None, "outputs": []}
    sources = [
        ("# Title\n\nQuestion?", None),
        (
            'scope: str = "EU27"  # scope; allowed: EU27 | AT\nyear: int = 1  # year; allowed: 1..9',
            ["parameters"],
        ),
        (f"question = {question!r}\nEXECUTABLE = {sys.executable!r}" + HAND_OVER, []),
        ("## The trouble", None),
        (source, []),
    ]
    cells = [
        {"cell_type": "markdown", "id": f"c{number}", "metadata": {}, "source": text}
        if tags is None
        else {**code, "id": f"c{number}", "metadata": {"tags": tags}, "source": text}
        for number, (text, tags) in enumerate(sources)
    ]
    content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (root / "notebooks").mkdir(parents=True, exist_ok=True)
    (root / "notebooks" / f"{name}.ipynb").write_text(json.dumps(content))


def plant_good_report(root, slug):
    folder = root / "reports" / "build" / slug
    folder.mkdir(parents=True)
    (folder / "report.html").write_text("the last good report")
    return folder


def a_run(name, **parameters):
    return ReportRun(name, name, {"scope": "AT", "year": 2, **parameters})


class Heard(Silent):
    def __init__(self):
        self.said, self.began_at, self.outcomes = [], {}, {}

    def began(self, slug):
        self.began_at[slug] = time.monotonic()

    def ended(self, slug, seconds, error):
        self.outcomes[slug] = error

    def say(self, text):
        self.said.append(text)


@pytest.fixture(scope="module", autouse=True)
def stub(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stub")
    (folder / "stub_export.py").write_text(STUB)
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """One build of every kind of notebook, on a machine with a kernel and start-up files of its own."""
    root = tmp_path_factory.mktemp("project {x}")
    user = tmp_path_factory.mktemp("user")
    kernel = user / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text('{"argv": ["/bin/false"], "display_name": "x", "language": "python"}')
    startup = user / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "plant.py").write_text("planted = True")
    for name, source in CELLS.items():
        write_notebook(root, name, source, "fail" if name == "unexported" else "fine")
        plant_good_report(root, name)
    heard = Heard()
    old = Failure("an earlier failure")
    write_failure(root / "reports" / "build", "good", "good", {}, old, "2026-01-01T00:00:00Z")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_DATA_DIR", str(user / "jupyter"))
        patch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
        patch.setenv("IPYTHONDIR", str(user / "ipython"))
        results = build(
            [a_run(name) for name in CELLS],
            jobs=2,
            root=root,
            progress=heard,
            cell_timeout=10,
            exporter=EXPORTER,
            afterwards=lambda: heard.say("afterwards"),
        )
    return root, {result.slug: result for result in results}, heard


def test_a_good_report_takes_the_place_of_the_last_one(built):
    root, results, _ = built
    folder = root / "reports" / "build" / "good"
    assert results["good"].failure is None
    assert is_complete(folder)
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
    assert names == {
        "_SUCCESS", "facts.json", "figures", "figures/a.csv", "manifest.json", "notebook.ipynb",
        "report.html", "run.json",
    }  # fmt: skip


def test_no_machine_path_gets_into_a_report(built):
    root, _, _ = built
    for path in (root / "reports" / "build" / "good").rglob("*.*"):
        text = path.read_text()
        for machine in (
            str(root),
            sys.prefix,
            str(Path.home()) + "/",
            "/tmp/",
            str(Path(json.__file__).parent),
        ):
            assert machine not in text, (path.name, machine)
    manifest = json.loads((root / "reports/build/good/manifest.json").read_text())
    assert manifest["figures"][0]["files"] == ["figures/a.csv"]


def test_run_json_says_what_was_run(built):
    root, _, _ = built
    run = json.loads((root / "reports/build/good/run.json").read_text())
    assert (run["slug"], run["notebook"], run["parameters"]) == ("good", "good", {"scope": "AT", "year": 2})
    assert run["commit"] is None
    assert len(run["notebook_sha256"]) == len(run["helpers_sha256"]) == 64
    assert run["packages"]["papermill"].startswith("2.")


def test_the_executed_notebook_ran_with_the_given_parameters(built):
    root, _, _ = built
    notebook = json.loads((root / "reports/build/good/notebook.ipynb").read_text())
    assert "AT 2" in "".join(notebook["cells"][-1]["outputs"][0]["text"])


@pytest.mark.parametrize(
    ("name", "cell", "words"),
    [
        ("raises", 5, "ValueError: no such file [project]/data/raw/a.csv"),
        ("dies", 5, "the kernel died"),
        ("hangs", 5, "longer than"),
        ("leaves", 5, "ended itself"),
        ("forgets", None, "facts.json was not written"),
        ("garbles", None, "manifest.json is not JSON"),
        ("unexported", None, "the export failed: OSError: [Errno 28] No space left"),
    ],
)
def test_a_failure_names_cell_and_error_and_leaves_the_last_good_report(built, name, cell, words):
    root, results, heard = built
    failure = results[name].failure
    assert failure is not None
    assert failure.cell == cell
    assert failure.heading == ("The trouble" if cell else "")
    assert words in failure.error
    assert str(root) not in failure.error
    assert heard.outcomes[name] == failure.text()
    noted = json.loads((root / "reports/build/.status" / f"{name}.json").read_text())
    assert (noted["status"], noted["cell"], noted["error"]) == ("failed", cell, failure.error)
    folder = root / "reports" / "build" / name
    assert [path.name for path in folder.iterdir()] == ["report.html"]
    assert (folder / "report.html").read_text() == "the last good report"


def test_the_notebook_of_a_failed_run_is_kept_for_who_mends_it(built):
    root, _, _ = built
    text = (root / "reports/build/.status/raises.ipynb").read_text()
    assert "ValueError" in text
    assert str(root) not in text


def test_nothing_is_left_in_staging_and_the_index_comes_last(built):
    root, _, heard = built
    assert list((root / "reports/build/.staging").iterdir()) == []
    assert heard.said == ["afterwards"]


def test_a_failure_is_forgotten_once_the_report_is_built(built):
    root, _, _ = built
    assert list((root / "reports/build/.status").glob("good*")) == []


def test_a_disk_that_refuses_the_last_step_fails_that_report_only(tmp_path, monkeypatch):
    def refuse(staged, target):
        if target.name == "first":
            raise OSError(28, "No space left on device")
        publish_folder(staged, target)

    monkeypatch.setattr(engine, "publish_folder", refuse)
    for name in ("first", "second"):
        write_notebook(tmp_path, name, "pass")
    first, second = build([a_run("first"), a_run("second")], jobs=1, root=tmp_path, exporter=EXPORTER)
    assert "No space left" in first.failure.error
    assert second.built


def test_a_report_that_takes_too_long_is_ended_and_the_next_one_built(tmp_path, monkeypatch):
    waits = iter([0.1, 600])
    monkeypatch.setattr(
        makers.Connection, "poll", lambda self, limit, poll=makers.Connection.poll: poll(self, next(waits))
    )
    write_notebook(tmp_path, "endless", "pass")
    write_notebook(tmp_path, "next", "pass")
    runs = [a_run("endless"), a_run("next")]
    endless, following = build(runs, jobs=1, root=tmp_path, exporter=EXPORTER, report_timeout=4)
    assert "took longer than 4 s" in endless.failure.error
    assert following.built


def test_a_second_build_waits_for_the_first_and_says_so(tmp_path):
    told = tmp_path / "told"
    wait = f"import pathlib, time\nwhile not pathlib.Path({str(told)!r}).exists(): time.sleep(0.05)"
    write_notebook(tmp_path, "one", wait)
    write_notebook(tmp_path, "two", "pass")
    first, second = Heard(), Heard()
    order = []

    def start(name, heard):
        build(
            [a_run(name)],
            root=tmp_path,
            progress=heard,
            exporter=EXPORTER,
            afterwards=lambda: order.append(name),
        )

    threads = [threading.Thread(target=start, args=("one", first))]
    threads[0].start()
    while "one" not in first.began_at:
        time.sleep(0.05)
    threads.append(threading.Thread(target=start, args=("two", second)))
    threads[1].start()
    deadline = time.monotonic() + 300
    while not second.said and time.monotonic() < deadline:
        time.sleep(0.05)
    told.touch()
    for thread in threads:
        thread.join(300)
    assert order == ["one", "two"]
    assert first.said == []
    assert "another build is at work here" in second.said[0]
    assert first.outcomes == {"one": None}
    assert second.outcomes == {"two": None}


SCRIPT = """
import signal
import sys
from pathlib import Path
from helpers.reports.engine import build
from helpers.reports.portfolio import ReportRun
if __name__ == "__main__":
    # Tests that a shell runs in the background are started with Ctrl-C ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    run = ReportRun("slow", "slow", {"scope": "AT", "year": 2})
    build([run], root=Path(sys.argv[1]), exporter="stub_export:export_report")
"""


def start_slow_build(root, stub):
    """Start a build in a process of its own; return it when its notebook is in the slow cell."""
    source = """
    (pathlib.Path(os.environ["EVIDENCE_ROOT"]) / "pids").write_text(f"{os.getpid()} {os.getppid()}")
    import time
    time.sleep(3600)
    """
    write_notebook(root, "slow", textwrap.dedent(source))
    (root / "script.py").write_text(SCRIPT)
    environment = {**os.environ, "PYTHONPATH": str(stub)}
    process = subprocess.Popen([sys.executable, str(root / "script.py"), str(root)], env=environment)
    pids = root / "pids"
    deadline = time.monotonic() + 300
    while not (pids.is_file() and len(pids.read_text().split()) == 2):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return process, [int(pid) for pid in pids.read_text().split()]


def has_ended(pid):
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"
    except (ProcessLookupError, FileNotFoundError):
        return True


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_build_that_is_killed_leaves_the_last_report_and_no_process(tmp_path, stub, how):
    folder = plant_good_report(tmp_path, "slow")
    process, pids = start_slow_build(tmp_path, stub)
    process.send_signal(how)
    process.wait(300)
    deadline = time.monotonic() + 300
    while not all(has_ended(pid) for pid in pids):
        assert time.monotonic() < deadline, "worker or kernel outlived the build"
        time.sleep(0.1)
    assert [path.name for path in folder.iterdir()] == ["report.html"]
    if how == signal.SIGINT:  # the build itself cleaned up
        assert list((tmp_path / "reports/build/.staging").iterdir()) == []
        return
    write_notebook(tmp_path, "slow", "pass")
    assert build([a_run("slow")], root=tmp_path, exporter=EXPORTER)[0].built
    assert is_complete(folder)
    assert list((tmp_path / "reports/build/.staging").iterdir()) == []


def test_a_kill_between_the_two_renames_is_repaired_at_the_next_start(tmp_path):
    old = tmp_path / ".previous" / "counts"
    old.mkdir(parents=True)
    (old / "report.html").write_text("old")
    (tmp_path / ".staging" / "x" / "counts" / "report").mkdir(parents=True)
    recover(tmp_path)
    assert (tmp_path / "counts" / "report.html").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["counts"]


def test_a_kill_after_the_two_renames_keeps_the_new_report(tmp_path):
    for folder, text in ((tmp_path / ".previous" / "counts", "old"), (tmp_path / "counts", "new")):
        folder.mkdir(parents=True)
        (folder / "report.html").write_text(text)
    recover(tmp_path)
    assert (tmp_path / "counts" / "report.html").read_text() == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["counts"]


def test_a_new_report_that_cannot_move_in_leaves_the_old_one(tmp_path):
    (tmp_path / "counts").mkdir()
    (tmp_path / "counts" / "report.html").write_text("old")
    with pytest.raises(FileNotFoundError):
        publish_folder(tmp_path / "gone", tmp_path / "counts")
    assert (tmp_path / "counts" / "report.html").read_text() == "old"


@pytest.fixture
def copy(tmp_path, built):
    return Path(shutil.copytree(built[0] / "reports/build/good", tmp_path / "copy"))


FILES = ["facts.json", "figures/a.csv", "manifest.json", "notebook.ipynb", "report.html", "run.json"]


def test_the_success_marker_holds_the_checksum_of_every_file(copy):
    marked = json.loads((copy / "_SUCCESS").read_text())
    assert marked == {name: hashlib.sha256((copy / name).read_bytes()).hexdigest() for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_a_report_with_a_changed_or_missing_file_is_not_complete(copy, name):
    assert is_complete(copy)
    (copy / name).write_bytes((copy / name).read_bytes() + b" ")
    assert list(marker_faults(copy)) == [f"{name} has changed"]
    assert not is_complete(copy)
    (copy / name).unlink()
    assert list(marker_faults(copy)) == [f"{name} is missing"]
    assert not is_complete(copy)


@pytest.mark.parametrize("name", ["figures/b.csv", "extra.html"])
def test_a_report_with_an_added_file_is_not_complete(copy, name):
    (copy / name).write_text("x")
    assert list(marker_faults(copy)) == [f"{name} was added"]
    assert not is_complete(copy)


def test_what_jupyter_and_file_browsers_leave_behind_is_passed_over(copy):
    (copy / ".ipynb_checkpoints").mkdir()
    (copy / ".ipynb_checkpoints" / "notebook-checkpoint.ipynb").write_text("{}")
    (copy / "figures" / ".DS_Store").write_text("x")
    assert is_complete(copy)


@pytest.mark.parametrize("name", ["facts.json", "manifest.json", "report.html", "run.json"])
def test_a_marker_without_a_file_that_every_report_has_does_not_count(copy, name):
    marked = json.loads((copy / "_SUCCESS").read_text())
    del marked[name]
    (copy / "_SUCCESS").write_text(json.dumps(marked))
    assert list(marker_faults(copy)) == [f"{name} is not in _SUCCESS"]


@pytest.mark.parametrize("content", [None, "", "[]"])
def test_a_report_without_a_readable_marker_is_not_complete(copy, content):
    (copy / "_SUCCESS").unlink()
    if content is not None:
        (copy / "_SUCCESS").write_text(content)
    assert not is_complete(copy)
