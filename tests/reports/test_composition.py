"""Reports that state facts of others: built after them, again when these change, and traced back."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.reports.engine import build
from helpers.reports.progress import Silent
from helpers.reports.run import Run
from helpers.reports.runs import ReportRun
from helpers.reports.staging import is_complete, mark_success
from helpers.reports.status import read_failure

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("composition")]

ROOT = Path(__file__).resolve().parents[2]
PORTFOLIO = """
reports:
  - {notebook: 90_paper, slug: paper-eu27, parameters: {scope: EU27},
     composes: {counts: "counts-{scope}", shares: "shares-{scope}"}}
  - {notebook: 10_counts, slug: counts-eu27, title: Counts, parameters: {scope: EU27}}
  - {notebook: 20_shares, slug: shares-eu27, parameters: {scope: EU27}}
"""
COUNTS = """
import pandas as pd
from helpers.figures import charts
organisations = run.table("cluster_organisations")
run.fact("total", 41, unit="organisations", source="cluster_organisations", note="As listed.", bound="about")
run.fact("aside", 7, unit="organisations", source="cluster_organisations", interval=(6.0, 8.5))
data = pd.DataFrame({"country": ["AT", "BE", "CY"], "name": ["Austria", "Belgium", "=Cyprus"],
                     "sites": [32, 45, 9], "share": [0.5, 0.25, None]})
run.figure(charts.country_ranking, data, id="seats", caption="All {total}", alt="A bar a country",
           sources=["cluster_organisations"], value="sites", note="Mind the gap.")
run.show_table(data, id="seats", caption="By country", sources=["cluster_organisations"], highlight="BE",
               columns={"name": ("Country", ""), "sites": ("Sites", ",d"), "share": ("Share", ".1%")})
run.answer("There are **{total}** of them.")
run.subtitle("EU-27")
"""
SHARES = """
run.table("vaccine_capacity_2021_03_sample_respondents")
run.fact("half", 0.5, unit="share", source="vaccine_capacity/2021-03-sample", spec=".0%")
"""
PAPER = """
counts, shares = run.composed("counts"), run.composed("shares")
run.cite("counts", "total")
run.cite("shares", "half", as_="share")
run.fact("figures", len(counts.table("seats")), unit="rows", source="cluster_organisations")
run.cite_figure("counts", "seats")
run.cite_table("counts", "seats", rows=2, columns=["name", "share"])
run.prose("Of {counts_total|organisation|organisations}, {share}: {fig:counts-seats}, {table:counts-seats}.")
"""


def write_notebook(root, name, source):
    """Write a notebook that starts a run, does what ``source`` says, and hands its facts on."""
    start = f'from helpers.reports.run import Run\nrun = Run.start("{name}", scope=scope)'
    sources = [
        'scope: str = "EU27"  # countries; allowed: EU27 | <country>',
        start,
        source.strip(),
        "run.facts()",
    ]
    code = {"cell_type": "code", "execution_count": None, "outputs": []}
    cells = [
        {**code, "id": f"c{number}", "source": text, "metadata": {"tags": [] if number else ["parameters"]}}
        for number, text in enumerate(sources)
    ]
    first = {
        "cell_type": "markdown",
        "id": "t",
        "metadata": {},
        "source": f"# {name[3:].title()}\n\nHow many?",
    }
    content = {"cells": [first, *cells], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (root / "notebooks" / f"{name}.ipynb").write_text(json.dumps(content))


def new_project(root):
    for name in ("notebooks", "reports"):
        (root / name).mkdir(parents=True)
    shutil.copytree(ROOT / "data" / "raw", root / "data" / "raw")
    shutil.copytree(ROOT / "data" / "processed", root / "data" / "processed")
    (root / "reports" / "portfolio.yml").write_text(PORTFOLIO)
    for name, source in (("10_counts", COUNTS), ("20_shares", SHARES), ("90_paper", PAPER)):
        write_notebook(root, name, source)
    return root


def evidence(root, *words):
    """Run the command, and return what it printed."""
    command = [sys.executable, "-m", "helpers.cli", *words]
    environment = {**os.environ, "EVIDENCE_ROOT": str(root)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


def summary(output):
    return next(
        line for line in output.splitlines() if ("built" in line and " of " in line) or "unchanged" in line
    )


def content(root, slug, name):
    return json.loads((root / "reports" / "build" / slug / name).read_text())


def facts(root, slug):
    return {fact["name"]: fact for fact in content(root, slug, "facts.json")["facts"]}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The three reports, from asking for the paper alone."""
    root = new_project(tmp_path_factory.mktemp("composition") / "project")
    status, output = evidence(root, "build", "--only", "paper-eu27", "--jobs", "2")
    assert status == 0, output
    assert "3 of 3 reports built" in output
    return root


@pytest.fixture
def project(built, tmp_path):
    """A copy of the built project, to change."""
    shutil.copytree(built, tmp_path / "project", copy_function=shutil.copy2)
    return tmp_path / "project"


@pytest.fixture
def paper(built, monkeypatch, tmp_path):
    """The paper's handle as in JupyterLab, where no build says what it composes."""
    monkeypatch.setenv("EVIDENCE_ROOT", str(built))
    monkeypatch.setenv("EVIDENCE_RUN_DIR", str(tmp_path / "run"))
    return Run.start("90_paper", scope="EU27")


def test_asking_for_the_paper_builds_what_it_composes_first(built):
    ended = [content(built, slug, "run.json")["ended"] for slug in ("counts-eu27", "shares-eu27")]
    run = content(built, "paper-eu27", "run.json")
    assert all(other <= run["started"] for other in ended)
    assert run["composes"] == {"counts": "counts-eu27", "shares": "shares-eu27"}


def test_a_cited_fact_is_the_same_and_says_where_it_was_stated(built):
    there, here = facts(built, "counts-eu27"), facts(built, "paper-eu27")
    cited = dict(here["counts_total"])
    assert cited.pop("cited") == {"report": "counts-eu27", "fact": "total"}
    assert cited == {**there["total"], "name": "counts_total"}
    assert here["share"]["cited"] == {"report": "shares-eu27", "fact": "half"}
    assert here["share"]["sample"]
    assert not here["counts_total"]["sample"]
    assert all("cited" not in fact for fact in (*there.values(), here["figures"]))
    assert here["figures"]["value"] == 3


def test_the_paper_rests_on_all_datasets_of_its_reports_and_is_sample_if_one_is(built):
    names = {
        slug: {entry["name"] for entry in content(built, slug, "manifest.json")["datasets"]}
        for slug in ("paper-eu27", "counts-eu27", "shares-eu27")
    }
    assert names["paper-eu27"] == names["counts-eu27"] | names["shares-eu27"]
    assert content(built, "paper-eu27", "manifest.json")["sample"]
    inputs = content(built, "paper-eu27", "run.json")["inputs"]
    assert content(built, "counts-eu27", "run.json")["inputs"].items() <= inputs.items()


def test_figures_say_what_a_reader_or_another_document_needs(built):
    (entry,) = content(built, "counts-eu27", "manifest.json")["figures"]
    assert (entry["caption"], entry["alt"], entry["note"]) == (
        "All about 41",
        "A bar a country",
        "Mind the gap.",
    )
    assert (entry["sources"], entry["sample"]) == (["cluster_organisations"], False)
    assert entry["types"] == {"country": "text", "name": "text", "sites": "int", "share": "float"}
    (table,) = content(built, "counts-eu27", "manifest.json")["tables"]
    assert table["columns"] == {"name": ["Country", ""], "sites": ["Sites", ",d"], "share": ["Share", ".1%"]}
    assert table["highlight"] == "BE"


def test_a_cited_figure_is_the_same_picture_with_a_number_and_ids_of_its_own(built):
    (entry,) = content(built, "paper-eu27", "manifest.json")["figures"]
    (first,) = content(built, "counts-eu27", "manifest.json")["figures"]
    assert entry["cited"] == {"report": "counts-eu27", "figure": "seats"}
    same = ("caption", "alt", "sources", "sample", "note", "types")
    assert {key: entry[key] for key in same} == {key: first[key] for key in same}
    here, there = built / "reports/build/paper-eu27", built / "reports/build/counts-eu27"
    assert (here / "figures/counts-seats.csv").read_bytes() == (there / "figures/seats.csv").read_bytes()
    pictures = [path.read_text() for path in (there / "figures/seats.svg", here / "figures/counts-seats.svg")]
    assert pictures[0].replace("seats-w", "counts-seats-w") == pictures[1]


def test_the_page_of_the_paper_holds_together_and_leads_back(built):
    page = (built / "reports/build/paper-eu27/report.html").read_text()
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    targets = set(re.findall(r'href="#([^"]+)"', page)) | set(re.findall(r"url\(#([^)]+)\)", page))
    assert targets <= set(ids)
    there = (built / "reports/build/counts-eu27/report.html").read_text()
    links = re.findall(r'href="\.\./counts-eu27/report\.html#([^"]+)"', page)
    assert {"fact-total", "fig-seats", "table-seats"} == set(links)
    assert all(f'id="{anchor}"' in there for anchor in links)
    assert "Figure 1</a>, <a" in page
    assert "of the report Counts: EU-27" in page


def test_a_part_of_a_table_says_so_and_shows_the_same_cells(built):
    manifest = content(built, "paper-eu27", "manifest.json")
    (entry,) = manifest["tables"]
    assert list(entry["columns"]) == ["name", "share"]
    assert entry["note"] == "Shown are 2 of 3 rows."
    csv = (built / "reports/build/paper-eu27/tables/counts-seats.csv").read_text().splitlines()
    assert csv == (built / "reports/build/counts-eu27/tables/seats.csv").read_text().splitlines()[:3]


def test_a_whole_table_reads_the_same_as_in_its_own_report(paper, built):
    paper.composed("counts")
    shown = []
    paper._show = shown.append
    paper.cite_table("counts", "seats", as_id="all")
    there = (built / "reports/build/counts-eu27/report.html").read_text()
    (original,) = re.findall(
        r'<table class="data"><caption><span class="label">Table 1.*?</table>', there, re.S
    )
    (cited,) = re.findall(r"<table.*</table>", shown[0].html, re.S)
    assert cited == original


def test_a_table_comes_back_with_its_types(paper):
    data = paper.composed("counts").table("seats")
    assert data["name"].tolist() == ["Austria", "Belgium", "=Cyprus"]
    assert [str(data[name].dtype) for name in ("sites", "share")] == ["Int64", "float64"]
    pd.testing.assert_frame_equal(paper.composed("counts").figure_data("seats"), data)


def test_in_jupyterlab_the_portfolio_says_what_is_composed(paper):
    counts = paper.composed("counts")
    assert (counts.slug, counts.title, counts.subtitle) == ("counts-eu27", "Counts", "EU-27")
    assert counts.answer == "There are about 41 of them."
    evidence = counts.evidence()
    assert evidence["kind"].tolist() == ["fact", "fact", "figure", "table"]
    assert counts.facts["aside"].interval == (6.0, 8.5)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda run: run.composed("count"), "composes no 'count'; did you mean 'counts'.*counts, shares"),
        (
            lambda run: run.cite("counts", "totl"),
            "no fact 'totl'; did you mean 'total'.*it has: total, aside",
        ),
        (lambda run: run.cite_figure("counts", "seat"), "no figure 'seat'; did you mean 'seats'"),
        (lambda run: run.cite_table("counts", "x"), "no table 'x'; it has: seats"),
        (
            lambda run: run.cite_table("counts", "seats", columns=["nam"]),
            "no column 'nam'; did you mean 'name'",
        ),
        (lambda run: run.cite_table("counts", "seats", rows={"name": ["Malta"]}), "no row has 'Malta'"),
        (lambda run: run.cite("counts", "total", as_="Total"), "lower case"),
        (lambda run: [run.cite("counts", "total") for _ in "12"], "stated twice"),
        (lambda run: run.cite_figure("counts", "seats", as_id="../x"), "the id may hold"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(paper, act, words):
    with pytest.raises(InputError, match=words):
        act(paper)


def test_a_report_that_is_not_in_the_portfolio_composes_nothing(built, monkeypatch, tmp_path):
    monkeypatch.setenv("EVIDENCE_ROOT", str(built))
    monkeypatch.setenv("EVIDENCE_RUN_DIR", str(tmp_path / "run"))
    with pytest.raises(InputError, match=r"no report of reports/portfolio.yml .* scope=AT.*paper-eu27"):
        Run.start("90_paper", scope="AT").composed("counts")


def test_nothing_is_built_when_nothing_changed(project):
    status, output = evidence(project, "build")
    assert (status, summary(output)) == (0, "3 reports unchanged: nothing to build")
    _, explained = evidence(project, "build", "--explain", "--only", "paper-eu27")
    assert "paper-eu27: unchanged" in explained


def test_only_a_fact_that_is_cited_builds_the_paper_again(project):
    write_notebook(project, "10_counts", COUNTS.replace('"aside", 7', '"aside", 8'))
    _, explained = evidence(project, "build", "--explain")
    assert "paper-eu27: is built if what it cites changes: counts-eu27 comes first" in explained
    assert "1 report to build, 1 perhaps, 1 unchanged" in explained
    _, output = evidence(project, "build", "--jobs", "2")
    assert summary(output) == "1 of 1 report built, 2 unchanged"

    write_notebook(project, "10_counts", COUNTS.replace('"total", 41', '"total", 42'))
    _, output = evidence(project, "build", "--only", "paper-*")
    assert summary(output) == "2 of 2 reports built, 1 unchanged"
    assert facts(project, "paper-eu27")["counts_total"]["value"] == 42
    _, output = evidence(project, "build")
    assert "nothing to build" in output


def test_a_report_that_fails_fails_the_paper_which_says_so(project):
    before = (project / "reports/build/paper-eu27/report.html").read_bytes()
    write_notebook(project, "20_shares", "raise ValueError('no shares')")
    status, output = evidence(project, "build", "--jobs", "2")
    assert status == 1
    assert "failed: paper-eu27: composes shares-eu27 (shares), which failed: cell" in output
    assert "no shares" in read_failure(project / "reports/build", "paper-eu27")["error"]
    assert (project / "reports/build/paper-eu27/report.html").read_bytes() == before

    write_notebook(project, "20_shares", SHARES)
    status, output = evidence(project, "build", "--jobs", "2")
    assert (status, summary(output)) == (0, "2 of 2 reports built, 1 unchanged")


def test_a_damaged_report_is_refused_and_mended_by_the_build(project, monkeypatch, tmp_path):
    (project / "reports/build/counts-eu27/facts.json").write_text('{"facts": []}')
    monkeypatch.setenv("EVIDENCE_ROOT", str(project))
    monkeypatch.setenv("EVIDENCE_RUN_DIR", str(tmp_path / "run"))
    with pytest.raises(InputError, match="counts-eu27 is not whole; build it: evidence build --only counts-"):
        Run.start("90_paper", scope="EU27").composed("counts")
    _, output = evidence(project, "build", "--jobs", "2")
    # What comes of it is what the paper read before.
    assert summary(output) == "1 of 1 report built, 2 unchanged"


def test_a_manifest_cannot_name_files_of_others(project, monkeypatch, tmp_path):
    folder = project / "reports/build/counts-eu27"
    manifest = content(project, "counts-eu27", "manifest.json")
    manifest["tables"][0]["files"] = ["../shares-eu27/facts.json.csv"]
    manifest["figures"][0]["files"] = ["/etc/hosts.svg"]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    mark_success(folder)
    assert is_complete(folder)
    monkeypatch.setenv("EVIDENCE_ROOT", str(project))
    monkeypatch.setenv("EVIDENCE_RUN_DIR", str(tmp_path / "run"))
    run = Run.start("90_paper", scope="EU27")
    with pytest.raises(InputError, match="none of the report's own"):
        run.composed("counts").table("seats")
    with pytest.raises(InputError, match="none of the report's own"):
        run.cite_figure("counts", "seats")


def test_two_versions_of_one_dataset_are_refused(project, monkeypatch, tmp_path):
    folder = project / "reports/build/shares-eu27"
    manifest = content(project, "shares-eu27", "manifest.json")
    (countries,) = (each for each in content(project, "counts-eu27", "manifest.json")["datasets"][:1])
    countries["files"][0]["sha256"] = "0" * 64
    manifest["datasets"] = [countries]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    mark_success(folder)
    monkeypatch.setenv("EVIDENCE_ROOT", str(project))
    monkeypatch.setenv("EVIDENCE_RUN_DIR", str(tmp_path / "run"))
    run = Run.start("90_paper", scope="EU27")
    run.composed("counts")
    with pytest.raises(InputError, match="counts-eu27 and shares-eu27 read different versions of it"):
        run.composed("shares")


def test_a_build_killed_between_the_stages_goes_on_where_it_was(project):
    for name, source in (("10_counts", COUNTS), ("20_shares", SHARES)):
        write_notebook(project, name, source.replace("41", "43").replace("0.5,", "0.4,"))
    write_notebook(project, "90_paper", "import time\ntime.sleep(3600)")
    command = [sys.executable, "-m", "helpers.cli", "build", "--jobs", "2", "--log-format", "json"]
    environment = {**os.environ, "EVIDENCE_ROOT": str(project)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if json.loads(line) | {"event": "began", "slug": "paper-eu27"} == json.loads(line):
                break
        time.sleep(0.2)
        process.send_signal(signal.SIGKILL)
    assert facts(project, "counts-eu27")["total"]["value"] == 43
    assert facts(project, "paper-eu27")["counts_total"]["value"] == 41
    write_notebook(project, "90_paper", PAPER)
    _, output = evidence(project, "build", "--jobs", "2")
    assert summary(output) == "1 of 1 report built, 2 unchanged"
    assert facts(project, "paper-eu27")["counts_total"]["value"] == 43


class Local:
    """A place elsewhere, which must not get reports that compose others."""

    def __init__(self):
        from helpers.reports.makers import Worker

        self.worker = Worker()

    def make(self, job, limit):
        assert not job.composes
        return self.worker.make(job, limit)

    def end(self):
        self.worker.end()


def test_a_report_that_composes_others_is_made_on_this_machine(project):
    composes = {"counts": "counts-{scope}", "shares": "shares-eu27"}
    runs = [
        ReportRun("paper-eu27", "90_paper", {"scope": "EU27"}, "", composes),
        ReportRun("counts-eu27", "10_counts", {"scope": "EU27"}),
        ReportRun("shares-eu27", "20_shares", {"scope": "EU27"}),
    ]
    results = build(runs, root=project, jobs=2, force=True, maker=Local, progress=Silent())
    assert [(result.slug, result.what, result.failure) for result in results] == [
        (run.slug, "run", None) for run in runs
    ]


def test_a_paper_asked_for_without_its_reports_says_which_is_missing(project):
    shutil.rmtree(project / "reports/build/counts-eu27")
    run = ReportRun("paper-eu27", "90_paper", {"scope": "EU27"}, "", {"counts": "counts-eu27"})
    (result,) = build([run], root=project, progress=Silent(), force=True)
    assert "composes counts-eu27 (counts), which is not built" in result.failure.text()
