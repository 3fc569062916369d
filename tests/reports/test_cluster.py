"""Builds on a Dask cluster: a scheduler and workers as processes of their own, on loopback."""

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data.errors import InputError
from helpers.data.process import process
from helpers.reports.cluster import client as cluster_client
from helpers.reports.cluster.identity import differences, identity
from helpers.reports.cluster.parcel import checksum, packed, unpack
from helpers.reports.staging import is_complete

ROOT = Path(__file__).resolve().parents[2]
SCOPES = ("AT", "BE", "FR", "MT")
SLUGS = [f"small-{scope.lower()}" for scope in SCOPES]
PORTFOLIO = """
reports:
  - notebook: 00_template
    slug: small-{scope}
    for_each: {scope: [AT, BE, FR, MT]}
"""
GATE = """
from pathlib import Path
from time import sleep

Path(f"started-{scope}").touch()
while not Path("gate").exists():
    sleep(0.05)
if Path(f"break-{scope}").exists():
    raise ValueError("broken on purpose")
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project: the template for four countries, each run waiting for a gate to open."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "data" / "raw", root / "data" / "raw")
    if (ROOT / "data" / "processed").is_dir():
        shutil.copytree(ROOT / "data" / "processed", root / "data" / "processed")
    process(root)
    for name in ("requirements.lock", "pyproject.toml", "CITATION.cff"):
        shutil.copy(ROOT / name, root / name)
    for folder in ("notebooks", "reports"):
        (root / folder).mkdir()
    content = json.loads((ROOT / "notebooks" / "00_template.ipynb").read_text(encoding="utf-8"))
    imports = next(cell for cell in content["cells"] if "Run.start" in "".join(cell["source"]))
    imports["source"] = GATE + "".join(imports["source"])
    (root / "notebooks" / "00_template.ipynb").write_text(json.dumps(content), encoding="utf-8")
    (root / "reports" / "portfolio.yml").write_text(PORTFOLIO, encoding="utf-8")
    return root


@pytest.fixture
def gate(project: Path) -> Iterator[Path]:
    """The file that lets the runs go on."""
    yield project / "notebooks" / "gate"
    for path in (project / "notebooks").iterdir():
        if path.suffix != ".ipynb":
            path.unlink()


Start = Callable[..., psutil.Process]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a process of Dask; all are ended at the end of the test."""
    running: list[subprocess.Popen[bytes]] = []

    def started(module: str, *words: str, **environment: str) -> psutil.Process:
        command = [sys.executable, "-m", f"distributed.cli.{module}", "--no-dashboard", *words]
        log = (tmp_path / f"{module}-{len(running)}.log").open("wb")
        running.append(
            subprocess.Popen(command, cwd=tmp_path, env=os.environ | environment, stdout=log, stderr=log)
        )
        return psutil.Process(running[-1].pid)

    yield started
    # Killed: a worker that is asked to end waits for a scheduler that may be gone.
    for each in reversed(running):
        each.kill()
        each.wait()


@pytest.fixture
def scheduler(start: Start, tmp_path: Path) -> str:
    """The path of a scheduler's file."""
    file = tmp_path / "scheduler.json"
    start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
    until(file.exists, "the scheduler wrote its file")
    return str(file)


def until(holds: Callable[[], object], what: str, seconds: float = 300.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.05)


def worker(start: Start, scheduler: str, project: Path, *words: str, **environment: str) -> psutil.Process:
    folder = ["--local-directory", str(Path(scheduler).parent)]
    settings = {"EVIDENCE_ROOT": str(project), **environment}
    options = ["--scheduler-file", scheduler, "--host", "127.0.0.1", "--nthreads", "1", *folder, *words]
    return start("dask_worker", *options, **settings)


def evidence(project: Path, *words: str, check: int | None = 0) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"EVIDENCE_ROOT": str(project)}
    command = [sys.executable, "-m", "helpers.cli", *words]
    done = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert check is None or done.returncode == check, done.stdout + done.stderr
    return done


def content_of(project: Path, slug: str) -> dict[str, object]:
    """What a report states and shows, and what must differ between two runs left out."""
    folder = project / "reports" / "build" / slug
    assert is_complete(folder)
    pictures = {path.name: path.read_bytes() for path in sorted((folder / "figures").iterdir())}
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    kept = {name: run[name] for name in ("inputs", "parameters", "notebook_sha256", "helpers_sha256")}
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return {"pictures": pictures, "facts": facts, "manifest": manifest, **kept}


@pytest.mark.slow
@pytest.mark.xdist_group("cluster")
def test_a_killed_worker_costs_nothing_but_time(project, gate, start, scheduler):
    doomed = worker(start, scheduler, project, "--no-nanny", "--name", "doomed")
    worker(start, scheduler, project, "--name", "survivor")
    build = threading.Thread(target=evidence, args=(project, "build", "--force", "--cluster", scheduler))
    build.start()
    notebooks = project / "notebooks"
    until(lambda: len(list(notebooks.glob("started-*"))) == 2, "two runs began")
    theirs = doomed.children(recursive=True)
    assert theirs
    doomed.send_signal(signal.SIGKILL)
    until(lambda: not any(child.is_running() for child in theirs), "its kernels ended with it")
    gate.touch()
    build.join(240)
    assert not build.is_alive()
    made_there = {slug: content_of(project, slug) for slug in SLUGS}
    evidence(project, "build", "--force", "--jobs", "2")
    for slug in SLUGS:
        assert content_of(project, slug) == made_there[slug]


@pytest.mark.slow
@pytest.mark.xdist_group("cluster")
def test_a_report_that_fails_there_fails_as_it_would_here(project, gate, start, scheduler):
    gate.touch()
    (gate.parent / "break-BE").touch()
    survivor = worker(start, scheduler, project, "--no-nanny")
    there = evidence(project, "build", "--force", "--cluster", scheduler, check=1)
    assert 'small-be: cell 4 (under "Set-up"): ValueError: broken on purpose' in there.stdout
    status = project / "reports" / "build" / ".status"
    assert "broken on purpose" in (status / "small-be.ipynb").read_text(encoding="utf-8")
    here = evidence(project, "build", "--force", "--only", "small-be", check=1)
    assert "\n".join(here.stdout.splitlines()[1:2]) in there.stdout
    until(lambda: is_idle(survivor), "the worker gave up what the build had there", 20)


@pytest.mark.slow
@pytest.mark.xdist_group("cluster")
def test_a_worker_with_another_project_is_left_out(project, gate, start, scheduler, tmp_path):
    gate.touch()
    other = tmp_path / "other"
    shutil.copytree(project, other, ignore=shutil.ignore_patterns("build"))
    (other / "requirements.lock").write_text("numpy==1.0\n", encoding="utf-8")
    shutil.rmtree(other / "data" / "processed")
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    (nowhere / "helpers.py").write_text("", encoding="utf-8")
    worker(start, scheduler, other, "--no-nanny")
    worker(start, scheduler, project, "--no-nanny", PYTHONPATH=str(nowhere))
    until(lambda: workers_of(scheduler) == 2, "both workers are there")
    refused = evidence(project, "build", "--force", "--cluster", scheduler, check=2)
    assert "no worker has this project" in refused.stderr
    assert "another requirements.lock (install the packages of this lock file there)" in refused.stderr
    assert "no data/processed (run `evidence process` there)" in refused.stderr
    assert "no package helpers of this project" in refused.stderr
    assert "Traceback" not in refused.stderr
    worker(start, scheduler, project, "--no-nanny")
    until(lambda: workers_of(scheduler) == 3, "the right worker is there")
    built = evidence(project, "build", "--force", "--only", "small-mt", "--cluster", scheduler)
    assert built.stderr.count("is left out") == 2
    assert "1 of 1 report built" in built.stdout


def is_idle(process: psutil.Process) -> bool:
    """Whether a worker has no kernel and makes no report: only Python's two servers of its own are left."""
    lines = [" ".join(child.cmdline()) for child in process.children(recursive=True)]
    return len(lines) <= 2 and all("multiprocessing" in line for line in lines)


def workers_of(scheduler: str) -> int:
    from distributed import Client

    with Client(scheduler_file=scheduler, set_as_default=False) as client:
        return len(client.nthreads())


def test_without_the_extra_the_message_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(InputError, match=r"pip install 'cluster-evidence\[cluster\]'"),
        cluster_client.connected("tcp://127.0.0.1:1", tmp_path, [], print),
    ):
        pass


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense://x:1", "no such file.json"])
def test_where_nobody_answers_the_message_says_so(monkeypatch, tmp_path, address):
    monkeypatch.setattr(cluster_client, "CONNECT_SECONDS", 0.5)
    with (
        pytest.raises(InputError, match="no Dask scheduler answers there"),
        cluster_client.connected(address, tmp_path, [], print),
    ):
        pass


NAMES = st.lists(
    st.sampled_from(["report.html", "figures/a.svg", "figures/b.png", "tables/ä.csv"]), unique=True
)


@given(NAMES.flatmap(lambda names: st.fixed_dictionaries(dict.fromkeys(names, st.binary(max_size=40)))))
def test_what_is_packed_arrives(tmp_path_factory, files):
    sent, received = tmp_path_factory.mktemp("sent"), tmp_path_factory.mktemp("received") / "report"
    unpack(files, checksum(files), sent / "report")
    found, total = packed(sent / "report")
    unpack(found, total, received)
    assert found == files
    assert packed(received) == (files, total)


def test_what_arrives_damaged_or_would_leave_its_folder_is_refused(tmp_path):
    files = {"report.html": b"x"}
    with pytest.raises(InputError, match="damaged"):
        unpack({"report.html": b"y"}, checksum(files), tmp_path / "report")
    for name in ("../escaped", "/etc/escaped", "a/../../escaped", "a\\b", "c:escaped", "", "."):
        hostile = {name: b"x"}
        with pytest.raises(InputError, match="allowed are names inside its folder"):
            unpack(hostile, checksum(hostile), tmp_path / "report")
    assert not list(tmp_path.rglob("*escaped*"))


def test_links_do_not_travel(tmp_path):
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "link").symlink_to(tmp_path / "secret")
    assert packed(tmp_path / "report")[0] == {}


def test_a_project_is_like_itself_and_unlike_one_with_another_notebook(tmp_path):
    (tmp_path / "notebooks").mkdir()
    path = tmp_path / "notebooks" / "10_x.ipynb"
    path.write_text("{}", encoding="utf-8")
    before = identity(["10_x"], tmp_path)
    assert not differences(before, identity(["10_x"], tmp_path))
    path.write_text("{ }", encoding="utf-8")
    assert differences(before, identity(["10_x"], tmp_path)) == "another notebooks/10_x.ipynb"


def python_blocks(page: str) -> list[str]:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return [textwrap.dedent(part.split("```")[0]) for part in text.split("```python\n")[1:]]


@pytest.mark.parametrize("block", python_blocks("cluster.md"), ids=["slurm", "kubernetes"])
def test_the_examples_of_the_documentation_run_dry(block, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROJECT", "/shared/cluster-evidence")
    exec(compile(block, "docs/cluster.md", "exec"), {"__name__": "__main__"})
    shown = capsys.readouterr().out
    if "SLURMCluster" in block:
        assert "#SBATCH" in shown
        assert "distributed.cli.dask_worker" in shown
        assert "EVIDENCE_ROOT=/shared/cluster-evidence" in shown
    else:
        spec = json.loads(Path("cluster.json").read_text(encoding="utf-8"))
        container = spec["spec"]["worker"]["spec"]["containers"][0]
        assert {"name": "EVIDENCE_ROOT", "value": "/project"} in container["env"]
        assert spec["spec"]["worker"]["replicas"] == 8
