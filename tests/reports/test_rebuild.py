"""Builds after builds, with notebooks that really run: what is left alone, made again, completed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from helpers.data.process import process
from helpers.data.verify import refresh_checksums
from helpers.reports.engine import build
from helpers.reports.progress import Silent
from helpers.reports.runs import ReportRun
from helpers.reports.staging import is_complete
from helpers.reports.status import read_failure

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("engine")]

ROOT = Path(__file__).resolve().parents[2]
EXPORTER = "stub_export_of_rebuilds:export_report"
STUB = """
def export_report(folder, run, root):
    cited = root / "CITATION.cff"
    (folder / "report.html").write_text(run["ended"] + (cited.read_text() if cited.is_file() else ""))
"""
HAND_OVER = """
import json, os, pathlib
out = pathlib.Path(os.environ["EVIDENCE_RUN_DIR"])
for name in ("facts", "manifest"):
    (out / f"{name}.json").write_text(json.dumps({"facts": [], "datasets": []}))
"""


def write_notebook(root, name, *sources):
    texts = ['scope: str = "EU27"  # scope; allowed: EU27 | AT | BE', *sources]
    cells = [
        {"cell_type": "code", "execution_count": None, "outputs": [], "id": f"c{number}", "source": text,
         "metadata": {"tags": [] if number else ["parameters"]}}
        for number, text in enumerate(texts)
    ]  # fmt: skip
    first = {"cell_type": "markdown", "id": "t", "metadata": {}, "source": "# Title\n\nQuestion?"}
    content = {"cells": [first, *cells], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (root / "notebooks").mkdir(parents=True, exist_ok=True)
    (root / "notebooks" / f"{name}.ipynb").write_text(json.dumps(content))


@pytest.fixture(scope="module", autouse=True)
def stub(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stub")
    (folder / "stub_export_of_rebuilds.py").write_text(STUB)
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


class Heard(Silent):
    def __init__(self):
        self.events = []

    def began(self, slug):
        self.events.append(("began", slug))

    def ended(self, slug, seconds, error):
        self.events.append(("failed" if error else "ended", slug))

    def skipped(self, slug):
        self.events.append(("skipped", slug))


def rebuilt(root, *names, **options):
    """Build, and return what was done for each report."""
    heard = Heard()
    runs = [ReportRun(name, name, {"scope": "AT"}) for name in names]
    results = build(runs, root=root, jobs=2, exporter=EXPORTER, progress=heard, **options)
    done = {r.slug: "failed" if r.failure else r.what for r in results}
    finished = {slug: event for event, slug in heard.events if event != "began"}
    words = {"run": "ended", "export": "ended", "nothing": "skipped", "failed": "failed"}
    assert finished == {slug: words[what] for slug, what in done.items()}
    return done


def test_a_second_build_does_what_is_missing_and_nothing_else(tmp_path):
    write_notebook(tmp_path, "good", HAND_OVER)
    write_notebook(tmp_path, "other", HAND_OVER)
    write_notebook(tmp_path, "dies", HAND_OVER, "os._exit(1)")
    assert rebuilt(tmp_path, "good", "other", "dies") == {"good": "run", "other": "run", "dies": "failed"}
    inodes = {path: path.stat().st_ino for path in (tmp_path / "reports/build/good").iterdir()}

    assert rebuilt(tmp_path, "good", "other", "dies") == {
        "good": "nothing", "other": "nothing", "dies": "failed",
    }  # fmt: skip
    assert {path: path.stat().st_ino for path in inodes} == inodes

    # The notebook is mended, an output of another report is tampered with.
    write_notebook(tmp_path, "dies", HAND_OVER)
    (tmp_path / "reports/build/other/facts.json").write_text("{}")
    assert rebuilt(tmp_path, "good", "other", "dies") == {"good": "nothing", "other": "run", "dies": "run"}
    assert read_failure(tmp_path / "reports/build", "dies") is None
    assert rebuilt(tmp_path, "good", "other", "dies") == dict.fromkeys(("good", "other", "dies"), "nothing")
    assert rebuilt(tmp_path, "good", force=True) == {"good": "run"}


def test_of_two_builds_of_one_report_at_once_the_second_finds_it_done(tmp_path):
    write_notebook(tmp_path, "one", HAND_OVER, "import time\ntime.sleep(1)")
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: rebuilt(tmp_path, "one"), range(2)))
    assert sorted(done["one"] for done in both) == ["nothing", "run"]


def test_only_the_page_is_made_again_and_says_so(tmp_path):
    write_notebook(tmp_path, "good", HAND_OVER)
    assert rebuilt(tmp_path, "good") == {"good": "run"}
    folder = tmp_path / "reports/build/good"
    before = {name: (folder / name).read_text() for name in ("run.json", "facts.json", "notebook.ipynb")}
    (tmp_path / "CITATION.cff").write_text("authors: [{name: Somebody}]")
    assert rebuilt(tmp_path, "good") == {"good": "export"}
    assert "Somebody" in (folder / "report.html").read_text()
    assert is_complete(folder)
    run = json.loads((folder / "run.json").read_text())
    assert run.pop("exported_again")["at"].endswith("Z")
    assert run == json.loads(before["run.json"])
    assert all((folder / name).read_text() == before[name] for name in ("facts.json", "notebook.ipynb"))
    assert rebuilt(tmp_path, "good") == {"good": "nothing"}


def test_a_page_that_cannot_be_made_again_leaves_the_last_report(tmp_path):
    write_notebook(tmp_path, "good", HAND_OVER)
    rebuilt(tmp_path, "good")
    page = (tmp_path / "reports/build/good/report.html").read_text()
    (tmp_path / "CITATION.cff").write_bytes(b"\xff")
    assert rebuilt(tmp_path, "good") == {"good": "failed"}
    assert "the export failed" in read_failure(tmp_path / "reports/build", "good")["error"]
    assert (tmp_path / "reports/build/good/report.html").read_text() == page
    (tmp_path / "CITATION.cff").unlink()
    assert rebuilt(tmp_path, "good") == {"good": "run"}


SCRIPT = """
import sys
from pathlib import Path
from helpers.reports.engine import build
from helpers.reports.runs import ReportRun
if __name__ == "__main__":
    runs = [ReportRun(name, name, {"scope": "AT"}) for name in ("quick", "slow")]
    build(runs, root=Path(sys.argv[1]), jobs=1, exporter="stub_export_of_rebuilds:export_report")
"""


def test_after_a_kill_the_next_build_completes_what_is_missing(tmp_path, stub):
    write_notebook(tmp_path, "quick", HAND_OVER)
    wait = "(out.parents[4] / 'began').write_text('')\nimport time\ntime.sleep(3600)"
    write_notebook(tmp_path, "slow", HAND_OVER, wait)
    (tmp_path / "script.py").write_text(SCRIPT)
    environment = {**os.environ, "PYTHONPATH": str(stub)}
    process = subprocess.Popen([sys.executable, str(tmp_path / "script.py"), str(tmp_path)], env=environment)
    deadline = time.monotonic() + 300
    while not list(tmp_path.rglob("began")):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait(300)
    write_notebook(tmp_path, "slow", HAND_OVER)
    assert rebuilt(tmp_path, "quick", "slow") == {"quick": "nothing", "slow": "run"}
    assert is_complete(tmp_path / "reports/build/slow")


OFFERS = """
title: Offers
producer: x
citation: x
url: x
licence: x
retrieved: 2026-01-01
vintage: "2026"
kind: sample
files:
- name: offers.csv
  columns:
  - {name: country, type: country, codes: eurostat, meaning: Country}
  - {name: pieces, type: integer, meaning: Pieces}
"""
READING = """
from helpers.reports.run import Run
run = Run.start("offers", scope=scope)
offers = run.table("offers", country=scope)
assert list(offers.columns) == ["country", "pieces"] and set(offers["country"]) == {scope}
run.fact("pieces", offers["pieces"].sum(), unit="pieces", source="offers")
"""


@pytest.fixture
def by_country(tmp_path):
    """A project whose reports read the offers of one country each."""
    for name in (
        "countries", "cluster_organisations", "cluster_seats", "alliance_members", "population", "gdp",
    ):  # fmt: skip
        shutil.copytree(ROOT / "data" / "raw" / name, tmp_path / "data" / "raw" / name)
    (tmp_path / "data/raw/offers").mkdir()
    (tmp_path / "data/raw/offers/origin.yml").write_text(OFFERS)
    write_notebook(tmp_path, "offers", READING, "run.facts()")
    return tmp_path


def built_by_country(root, rows):
    (root / "data/raw/offers/offers.csv").write_text("country,pieces\n" + rows)
    refresh_checksums("offers", root)
    process(root, only=["countries", "offers"])
    runs = [ReportRun(f"offers-{code.lower()}", "offers", {"scope": code}) for code in ("AT", "BE")]
    results = build(runs, root=root, jobs=2, exporter=EXPORTER)
    assert [result.failure for result in results] == [None, None]
    facts = [json.loads((root / f"reports/build/{run.slug}/facts.json").read_text())["facts"] for run in runs]
    return [result.what for result in results], [fact["value"] for (fact,) in facts]


def test_a_change_in_one_countrys_data_builds_only_the_report_that_reads_it(by_country):
    assert built_by_country(by_country, "AT,1\nBE,2\n") == (["run", "run"], [1, 2])
    assert built_by_country(by_country, "AT,1\nBE,2\n") == (["nothing", "nothing"], [1, 2])
    assert built_by_country(by_country, "AT,1\nBE,5\n") == (["nothing", "run"], [1, 5])
    assert built_by_country(by_country, "AT,1\nAT,1\nBE,5\n") == (["run", "nothing"], [2, 5])
