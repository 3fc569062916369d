"""Kernels from a fork server are what plain kernels are, only sooner."""

import json
import os
import re
import resource
import signal
import socket
import stat
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook

from helpers.reports.kernels import start, warm_kernels
from helpers.reports.kernels.client import PromptKernelManager
from helpers.reports.kernels.clients import client_context
from helpers.reports.kernels.preload import notebook_imports
from helpers.reports.kernels.provisioner import WarmProcess, WarmProvisioner, is_alive
from helpers.reports.kernels.spec import write_kernelspec
from helpers.reports.kernels.usage import Meter, finished

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("kernels"),
    pytest.mark.skipif(bool(start.why_not()), reason="kernels cannot be forked here"),
]


class Place:
    """A project with notebooks, and one of a fork server's clients."""

    def __init__(self, root):
        self.root = root
        (root / "notebooks").mkdir(parents=True, exist_ok=True)

    def notebook(self, *sources, name="notebook"):
        cells = [nbformat.v4.new_code_cell(source, id=f"c{n}") for n, source in enumerate(sources)]
        path = self.root / "notebooks" / f"{name}.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        return path

    def run(self, server, *sources, **how):
        """Run cells as the worker does; returns the executed notebook."""
        write_kernelspec(self.root / "jupyter", "python3", server)
        how = {"kernel_manager_class": PromptKernelManager, "cwd": str(self.root / "notebooks"), **how}
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("JUPYTER_PATH", str(self.root / "jupyter"))
            patch.setenv("IPYTHONDIR", str(self.root / "ipython"))
            patch.setenv("JUPYTER_RUNTIME_DIR", str(self.root / "runtime"))
            # With it ipykernel does not capture what C code and other processes print.
            patch.delenv("PYTEST_CURRENT_TEST", raising=False)
            for name, value in start.SERVER_ENVIRONMENT.items():
                patch.setenv(name, value)
            return execute_notebook(
                str(self.notebook(*sources)),
                None,
                kernel_name="python3",
                language="python",
                progress_bar=False,
                **how,
            )

    def value(self, server, *sources):
        """Run cells, and return what the last one printed, as JSON."""
        return json.loads(self.run(server, *sources).cells[-1].outputs[0].text)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return Place(tmp_path_factory.mktemp("project"))


@contextmanager
def started(place, *sources, say=lambda text: None):
    place.notebook(*sources, name="preloaded")
    with warm_kernels(place.root, ["preloaded"], say) as server:
        yield server


@pytest.fixture(scope="module")
def server(place):
    with started(place, "import numpy as np\nimport matplotlib.pyplot as plt\nimport pandas") as path:
        yield path


def server_pid(server):
    """Return the server's process, which is the parent of its kernels."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().split(b"\0")
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
            if os.fsencode(Path(server).parent) in command and parent == os.getpid():
                return int(entry.name)
    raise AssertionError("no server")


def children(pid):
    return {int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def gone(pid, within=300.0):
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


# The same as a plain kernel

EVERYTHING = [
    "import sys, os, json, signal, warnings, random\nimport matplotlib.pyplot as plt\nimport numpy as np",
    "print('out'); print('err', file=sys.stderr); print('out again')",
    "1 + 1",
    "import pandas as pd\npd.DataFrame({'a': [1, 2], 'b': ['x', None]})",
    "fig, ax = plt.subplots()\nax.plot([1, 3, 2])\nax.set_title('a title');",
    "plt.hist(np.random.default_rng(1).normal(size=100)); plt.show(); print('between'); plt.plot([1, 2]);",
    "from IPython.display import HTML, Markdown, display\ndisplay(HTML('<b>x</b>'), Markdown('*y*'))",
    "os.system('echo from a shell')",
    "warnings.warn('a warning'); warnings.warn('old', DeprecationWarning)",
    "sorted({'a', 'b', 'c', 'd'}, key=hash), list({'x', 'y', 'z'}), hash('x')",
    "sys.path, sys.argv[0], len(sys.argv), __name__, sys.modules['__main__'].__dict__ is globals()",
    "os.getcwd(), os.getpgid(0) == os.getpid(), type(sys.stdin).__name__",
    "signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGCHLD)",
    "[str(f) for f in warnings.filters], plt.get_backend()",
    "sorted(name for name in dir() if not name.startswith('_'))",
    # A plain kernel loads the debugger, which sets a variable.
    "own = {'JPY_PARENT_PID', 'PYDEVD_USE_FRAME_EVAL'}",
    "[item for item in sorted(os.environ.items()) if item[0] not in own]",
    "sys.flags, sys.executable, sys.getrecursionlimit(), os.umask(0o22)",
    "json.dumps(dict(plt.rcParams), default=str, sort_keys=True)",
    "get_ipython().history_manager.hist_file, get_ipython().profile, type(get_ipython()).__name__",
    "%matplotlib inline\n%time 1\nimport subprocess\nsubprocess.run(['sh', '-c', 'echo child']).returncode",
    "def f(n):\n    return 1 / n\nf(0)",
]


def outputs(notebook):
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    found = [[cell.execution_count, [dict(o) for o in cell.outputs]] for cell in cells]
    text = re.sub(r"ipykernel_\d+", "ipykernel_N", json.dumps(found, sort_keys=True))  # the process id
    # %time prints what it measured.
    return [c for c in json.loads(text) if "Wall time" not in json.dumps(c)]


def run_with_error(place, server):
    kept = place.root / "kept.ipynb"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("papermill.execute.write_ipynb", lambda nb, path: nbformat.write(nb, kept))
        with pytest.raises(PapermillExecutionError):
            place.run(server, *EVERYTHING)
    return nbformat.read(kept, as_version=4)


def test_the_outputs_are_those_of_a_plain_kernel_cell_by_cell(place, server):
    plain, warm = run_with_error(place, None), run_with_error(place, server)
    first, second = outputs(plain), outputs(warm)
    assert len(first) == len(second) > len(EVERYTHING) - 2
    for one, other in zip(first, second, strict=True):
        assert one == other
    pictures = [
        o["data"]["image/png"] for _, cell in second for o in cell if "image/png" in o.get("data", {})
    ]
    assert len(pictures) == 3
    assert second[-1][1][0]["ename"] == "ZeroDivisionError"
    assert "division by zero" in "".join(second[-1][1][0]["traceback"])
    assert plain.metadata.language_info == warm.metadata.language_info


# A process and a namespace of its own


def test_a_run_sees_nothing_of_the_one_before(place, server):
    place.run(server, "import numpy, os; left = 1; numpy.left = 1; os.environ['LEFT'] = '1'; os.chdir('/')")
    seen = "import numpy, os, json; found = ['left' in dir(), hasattr(numpy, 'left'), os.environ.get('LEFT')]"
    seen += "\nprint(json.dumps(found))"
    assert place.value(server, seen) == [False, False, None]


def test_a_kernel_is_a_forked_process_of_its_own_session(place, server):
    source = "import os, json, sys; print(json.dumps([os.getpid(), os.getppid(), os.getsid(0)]))"
    pid, parent, session = place.value(server, source)
    assert parent == server_pid(server)
    assert pid == session != os.getsid(0)


def test_chance_differs_from_run_to_run_and_hashes_do_not(place, server):
    source = (
        "import random, json, numpy; print(json.dumps([random.random(), numpy.random.rand(), hash('x')]))"
    )
    first, second = place.value(server, source), place.value(server, source)
    assert first[0] != second[0]
    assert first[1] != second[1]
    assert first[2] == second[2]


def test_a_kernel_starts_with_one_blas_thread(place, server):
    source = "import numpy, os; a = numpy.ones((500, 500)); a @ a; print(len(os.listdir('/proc/self/task')))"
    assert place.value(server, source) == place.value(None, source)


# What is imported beforehand


def test_the_imports_of_a_notebook_are_found_and_magic_passed_over(place):
    path = place.notebook(
        "%matplotlib inline\nimport a.b as c, d", "!ls\nfrom e import f", "if (", "from . import g"
    )
    assert notebook_imports(path) == ["a.b", "d", "e", "e.f"]


MODULES = {
    "quiet": "value = 1",
    "noisy": "print('hello from noisy')",
    "shell": "import os; os.system('echo hello from shell')",
    "warns": "import warnings; warnings.warn('hello from warns')",
    "threads": "from threading import *; Thread(target=Event().wait, daemon=True).start(); value = 2",
    "broken": "raise ValueError('broken module')",
    "ends": "import os; os._exit(3)",
}


@pytest.fixture
def modules(tmp_path, monkeypatch):
    folder = tmp_path / "modules"
    folder.mkdir()
    for name, source in MODULES.items():
        (folder / f"{name}.py").write_text(source)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    return folder


def test_what_a_module_prints_or_warns_when_imported_appears_in_every_run(tmp_path, modules):
    place, said = Place(tmp_path), []
    names = ["quiet", "noisy", "shell", "warns", "threads"]
    with started(place, "import " + ", ".join(names), say=said.append) as server:
        for _ in range(2):
            notebook = place.run(
                server,
                "import sys; print('quiet' in sys.modules, 'noisy' in sys.modules)",
                "import noisy",
                "import shell",
                "import warns",
                "import threads, threading; print(threads.value, threading.active_count() > 1)",
            )
            texts = ["".join(o.text for o in cell.outputs) for cell in notebook.cells]
            assert texts[0] == "True False\n"
            assert "hello from noisy" in texts[1]
            assert "hello from shell" in texts[2]
            assert "hello from warns" in texts[3]
            assert texts[4] == "2 True\n"
    assert [name for name in names for text in said if f"imports {name} itself" in text] == names[1:]


@pytest.mark.parametrize("name", ["broken", "ends"])
def test_a_module_that_fails_fails_in_the_run_and_spares_the_server(tmp_path, modules, name):
    place = Place(tmp_path)
    error = PapermillExecutionError if name == "broken" else DeadKernelError
    with started(place, f"import {name}") as server:
        with pytest.raises(error):
            place.run(server, f"import {name}")
        assert place.value(server, "print(1)") == 1


def test_a_new_server_has_the_modules_as_they_are_now(tmp_path, modules):
    place = Place(tmp_path)
    for value in (1, 22):
        (modules / "quiet.py").write_text(f"value = {value}")
        with started(place, "import quiet") as server:
            assert place.value(server, "print(1)") == 1
            (modules / "quiet.py").write_text("value = 'edited during the build'")
            assert place.value(server, "import quiet; print(quiet.value)") == value


def test_what_one_run_imports_the_next_one_finds_imported(place, server):
    source = (
        "import sys, json; before = 'colorsys' in sys.modules; import colorsys; print(json.dumps(before))"
    )
    assert place.value(server, source) is False
    assert place.value(server, source) is True


def test_a_module_beside_the_notebook_is_left_to_the_run(place, server):
    (place.root / "notebooks" / "beside.py").write_text("value = 1")
    source = "import sys, json; before = 'beside' in sys.modules; import beside; print(json.dumps(before))"
    assert [place.value(server, source) for _ in range(2)] == [False, False]


# Errors, time-outs, interrupts, ends


def test_a_cell_that_takes_too_long_is_ended_with_its_kernel(place, server):
    with pytest.raises(CellTimeoutError):
        place.run(server, "import time", "time.sleep(3600)", execution_timeout=2)
    assert all(gone(pid) for pid in children(server_pid(server)))


def test_an_interrupt_reaches_the_cell_and_the_kernel_goes_on(place, server):
    cells = [
        "import time\ntry:\n    time.sleep(3600)\nexcept KeyboardInterrupt:\n    print('interrupted')",
        "print(2)",
    ]
    notebook = place.run(server, *cells, execution_timeout=2, interrupt_on_timeout=True)
    assert [cell.outputs[0].text for cell in notebook.cells] == ["interrupted\n", "2\n"]


@pytest.mark.parametrize(
    "source",
    [
        "import os; os._exit(0)",
        "import os; os._exit(3)",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "import ctypes; ctypes.string_at(0)",
        "import os; os.abort()",
    ],
)
def test_a_kernel_that_dies_is_noticed_and_the_server_goes_on(place, server, source):
    with pytest.raises(DeadKernelError):
        place.run(server, "1", source, "2")
    assert place.value(server, "print(1)") == 1
    assert children(server_pid(server)) == set()


def test_the_end_of_a_kernel_is_the_end_of_an_interpreter(place, server):
    done = place.root / "done"
    done.mkdir()
    place.run(
        server,
        f"import atexit, os, pathlib, threading, time, weakref\ndone = pathlib.Path({str(done)!r})",
        "atexit.register((done / 'atexit').write_text, 'x')\natexit.register(print, 'a last word')",
        "file = open(done / 'unclosed', 'w'); file.write('flushed');",
        "def late(write=(done / 'thread').write_text):\n    time.sleep(0.3)\n    write('x')",
        "threading.Thread(target=late).start()",
        "class Noted:\n    write = (done / 'deleted').write_text\n    def __del__(self): self.write('x')",
        "noted = Noted()",
    )
    assert (done / "unclosed").read_text() == "flushed"
    assert {"atexit", "unclosed", "thread", "deleted"} == {path.name for path in done.iterdir()}


def test_what_a_notebook_started_ends_with_its_kernel(place, server):
    source = "import subprocess\npid = subprocess.Popen(['sleep', '600']).pid\nprint(pid)"
    assert gone(place.value(server, source))
    noted = place.root / "pid"
    with pytest.raises(DeadKernelError):
        place.run(
            server,
            source,
            f"import os, pathlib\npathlib.Path({str(noted)!r}).write_text(str(pid))",
            "os._exit(1)",
        )
    assert gone(int(noted.read_text()))


def test_a_kernel_ends_when_whoever_wanted_it_goes_away(place, server):
    process = WarmProcess(server, request(place))
    assert process.poll() is None
    process.connection.close()
    assert gone(process.pid)


def request(place, *arguments):
    path = place.root / "connection.json"
    path.unlink(missing_ok=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", str(path), *arguments]
    return {"argv": argv, "env": dict(os.environ), "cwd": str(place.root)}


def test_a_kernel_ends_with_the_server_and_its_client_hears_of_it(place):
    with started(place, "import json") as server:
        process = WarmProcess(server, request(place))
        os.kill(server_pid(server), signal.SIGKILL)
        assert process.wait(300) == -signal.SIGKILL
        assert gone(process.pid)
        assert not is_alive(server)


# The server


def test_only_its_user_reaches_the_server_and_nothing_is_left_of_it(place):
    with started(place, "import json") as server:
        folder = Path(server).parent
        assert stat.S_IMODE(Path(server).stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        place.run(server, "1")
        pid = server_pid(server)
    assert gone(pid)
    assert not folder.exists()


@pytest.mark.parametrize(
    "said", [b"", b"x", b"\n", b"\n{}\n", b"\n[]\n", b"\nnonsense\n", b'\n{"argv": 1}\n']
)
def test_a_client_that_talks_nonsense_does_no_harm(place, server, said):
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(server)
        client.sendall(said)
    assert place.value(server, "print(1)") == 1


def test_many_runs_in_a_row_neither_stall_nor_leave_anything(place, server):
    place.run(server, "1")
    pid = server_pid(server)

    def held():
        memory = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4
        descriptors = [len(list(Path(f"/proc/{number}/fd").iterdir())) for number in (pid, "self")]
        return memory, descriptors

    before = held()
    for number in range(20):
        assert place.value(server, f"print({number})") == number
    memory, descriptors = held()
    assert memory < before[0] + 2048
    assert descriptors == before[1]
    assert children(pid) == set()


def own_peak_mb():
    """Return the most memory that this process ever held, in MiB; a mebibyte more for rounding."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 + 1


def test_the_resources_of_a_run_are_those_of_its_kernel(place, server):
    meter = Meter()
    busy = "import time\nuntil = time.process_time() + 1\nwhile time.process_time() < until: pass"
    place.run(server, f"held = bytearray(300_000_000)\n{busy}")
    used = meter.read()
    # How much this process holds beside its kernel depends on the tests that ran in it before.
    [first] = finished
    assert 300 < first.peak_memory_mb < 1500
    assert first.peak_memory_mb < used["peak_memory_mb"] <= first.peak_memory_mb + own_peak_mb()
    assert used["cpu_seconds"] > 0.9
    assert used["seconds"] > 0.9
    meter = Meter()
    place.run(server, "1")
    assert finished[0].peak_memory_mb < first.peak_memory_mb - 250
    assert meter.read()["cpu_seconds"] < used["cpu_seconds"]


# Elsewhere


def test_without_a_server_the_run_gets_a_plain_kernel(place, tmp_path, caplog):
    dead = str(tmp_path / "socket")
    assert place.value(dead, "print(1)") == 1
    assert "plain kernel" in caplog.text


def test_where_processes_cannot_be_forked_that_is_said_once(place, monkeypatch):
    monkeypatch.setattr(start, "why_not", lambda: "no fork here")
    said = []
    place.notebook("1", name="preloaded")
    with warm_kernels(place.root, ["preloaded"], said.append) as server:
        assert server is None
    assert said == ["no fork here: each report starts a kernel of its own"]


@pytest.mark.parametrize(("platform", "warm"), [("darwin", False), ("linux", True)])
def test_macos_gets_plain_kernels(monkeypatch, platform, warm):
    monkeypatch.setattr(sys, "platform", platform)
    assert (start.why_not() == "") is warm


def test_a_system_without_fork_gets_plain_kernels(monkeypatch):
    monkeypatch.delattr(os, "fork")
    assert "cannot be forked" in start.why_not()


def test_a_kernelspec_that_does_not_ask_for_it_gets_jupyters_own_provisioner(place, server, monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", str(place.root / "jupyter"))
    factory = KernelProvisionerFactory.instance()
    kinds = []
    for source in (None, server):
        write_kernelspec(place.root / "jupyter", "python3", source)
        spec = KernelSpecManager().get_kernel_spec("python3")
        kinds.append(type(factory.create_provisioner_instance("id", spec, None)))
    assert kinds == [LocalProvisioner, WarmProvisioner]


# The processes that make reports


def test_a_process_that_makes_reports_starts_with_papermill_imported_and_one_thread():
    with client_context().Pool(1) as pool:
        assert pool.apply(eval, ("'papermill.execute' in __import__('sys').modules",))
        # The pool adds none to the worker; libraries must not have, either: it was forked.
        assert pool.apply(eval, ("len(__import__('os').listdir('/proc/self/task'))",)) == 1
        ours = "[n for n in __import__('sys').modules if n.startswith('helpers.')]"
        assert set(pool.apply(eval, (ours,))) == {"helpers.reports", "helpers.reports.without_grammar"}


def test_where_processes_cannot_be_forked_those_that_make_reports_are_spawned(monkeypatch):
    monkeypatch.delattr(os, "fork")
    assert client_context().get_start_method() == "spawn"
