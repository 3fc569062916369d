"""The default report as a user gets it: from raw files to a page that opens offline and traces."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from helpers.reports.baseline import same

ROOT = Path(__file__).resolve().parents[1]
LARGEST_REPORT = 5_000_000  # bytes
PART_NAMES = ("notebooks", "data/raw", "reports/portfolio.yml", "requirements.lock", "pyproject.toml")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("end-to-end")]


def evidence(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"EVIDENCE_ROOT": str(root)}
    environment.pop("EVIDENCE_RUN_DIR", None)
    command = [sys.executable, "-m", "helpers.cli", *arguments]
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, timeout=600, check=False
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, so that the reports of the checkout stay as they are."""
    root = tmp_path_factory.mktemp("project")
    for part in PART_NAMES:
        source, target = ROOT / part, root / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    return root


@pytest.fixture(scope="module")
def built(project: Path) -> Path:
    """The folder of built reports: the EU and the smallest and a far-flung country."""
    slugs = ["cluster_counts-eu27", "cluster_counts-mt", "cluster_counts-fr"]
    result = evidence(project, "build", *(word for slug in slugs for word in ("--only", slug)))
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.strip().splitlines()[-1] == "reports/build/index.html"
    return project / "reports" / "build"


def load(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def facts(folder: Path) -> dict[str, dict]:
    return {fact["name"]: fact for fact in load(folder / "facts.json")["facts"]}


def test_the_report_and_what_stands_behind_it_are_written(built: Path) -> None:
    folder = built / "cluster_counts-eu27"
    names = {"report.html", "notebook.ipynb", "facts.json", "manifest.json", "run.json", "_SUCCESS"}
    assert names <= {path.name for path in folder.iterdir()}
    manifest = load(folder / "manifest.json")
    for published in manifest["figures"] + manifest["tables"]:
        assert published["files"]
        assert all((folder / name).stat().st_size for name in published["files"])
    assert (folder / "report.html").stat().st_size < LARGEST_REPORT


@pytest.mark.parametrize("slug", ["cluster_counts-eu27", "cluster_counts-mt", "cluster_counts-fr"])
def test_the_facts_are_those_of_the_committed_baseline(built: Path, slug: str) -> None:
    committed = load(ROOT / "reports" / "baseline" / f"{slug}.json")
    assert facts(built / slug).keys() == committed.keys()
    for name, expected in committed.items():
        found = facts(built / slug)[name]
        for key, value in expected.items():
            assert same(found[key], value), (name, key)


def test_the_total_of_the_report_is_the_sum_of_the_raw_rows(built: Path) -> None:
    raw = pd.read_csv(
        ROOT / "data" / "raw" / "cluster_organisations" / "cluster_organisations.csv", keep_default_na=False
    )
    total = facts(built / "cluster_counts-eu27")["group_total"]
    assert total["value"] == raw.loc[raw["eu27"] == 1, "cluster_organisations"].sum() == 1302
    assert total["datasets"] == ["cluster_organisations", "countries"]
    assert not total["sample"]


def test_coverage_is_a_census_ratio_without_interval(built: Path) -> None:
    coverage = facts(built / "cluster_counts-eu27")["coverage"]
    assert coverage["value"] == pytest.approx(740 / 965)
    assert coverage["text"] == "at least 76.7\xa0%"
    assert coverage["interval"] is None


def test_every_number_in_the_text_leads_to_its_fact_and_on_to_its_source(built: Path) -> None:
    page = (built / "cluster_counts-fr" / "report.html").read_text(encoding="utf-8")
    linked = set(re.findall(r'class="fact" href="#fact-([a-z0-9_]+)"', page))
    assert len(linked) > 20
    for name in linked:
        assert f'id="fact-{name}"' in page
    for dataset in {d for fact in facts(built / "cluster_counts-fr").values() for d in fact["datasets"]}:
        assert f'id="source-{dataset}"' in page


def test_the_report_of_one_country_is_about_that_country(built: Path) -> None:
    manifest = load(built / "cluster_counts-fr" / "manifest.json")
    assert manifest["subtitle"] == "France"
    assert "France" in manifest["answer"]
    known = facts(built / "cluster_counts-fr")
    assert known["spot_total"]["value"] == 124
    assert known["spot_rank"]["value"] == "3 of 27"
    assert known["seats"]["value"] == 124


def test_run_json_names_what_the_report_was_made_of(built: Path) -> None:
    run = load(built / "cluster_counts-eu27" / "run.json")
    assert run["parameters"]["scope"] == "EU27"
    raw = "data/raw/cluster_organisations/cluster_organisations.csv"
    assert run["inputs"][raw] == hashlib.sha256((ROOT / raw).read_bytes()).hexdigest()
    lock = hashlib.sha256((ROOT / "requirements.lock").read_bytes()).hexdigest()
    assert lock in json.dumps(run)
    assert {"commit", "dirty", "notebook_sha256", "parameters_sha256"} <= set(run)
    assert str(Path.home()) not in json.dumps(run)


def test_a_second_build_gives_the_same_facts_and_pictures(project: Path, built: Path) -> None:
    folder = built / "cluster_counts-mt"
    parts = ["facts.json", *(f"figures/{p.name}" for p in sorted((folder / "figures").iterdir()))]
    before = {name: (folder / name).read_bytes() for name in parts}
    result = evidence(project, "build", "--force", "--only", "cluster_counts-mt")
    assert result.returncode == 0, result.stderr
    assert {name: (folder / name).read_bytes() for name in parts} == before


@pytest.mark.browser
def test_the_built_reports_pass_the_check(project: Path, built: Path) -> None:
    result = evidence(project, "check")
    if "Chromium" in result.stderr and not os.environ.get("CI"):
        pytest.skip(result.stderr.strip())
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("changes", "subtitle", "total", "says"),
    [
        ({"scope": "COSME"}, "COSME countries", 1438, "ended on 2020-12-31"),
        ({"scope": "ENI", "as_of": "2020-06-01"}, "ENI partner countries", 68, "later than the day chosen"),
        ({"scope": "ALL"}, "All listed countries", 1445, "UNSCR 1244/1999"),
        ({"scope": "CH"}, "Switzerland", 1445, "No seat is listed for"),
        ({"as_of": "2021-02-18"}, "EU-27", 1302, "later than the day chosen (2021-02-18)"),
        ({"scope": "UA", "reference_year": "2019"}, "Ukraine", 1445, "the latest up to"),
    ],
    ids=str,
)
def test_other_parameters_make_a_report_too(
    project: Path, changes: dict[str, str], subtitle: str, total: int, says: str
) -> None:
    given = [word for name, value in changes.items() for word in ("-p", f"{name}={value}")]
    result = evidence(project, "build", "--only", "10_cluster_counts", *given)
    assert result.returncode == 0, result.stdout + result.stderr
    newest = max((project / "reports" / "build").glob("*/report.html"), key=lambda path: path.stat().st_mtime)
    page = newest.read_text(encoding="utf-8")
    assert load(newest.parent / "manifest.json")["subtitle"] == subtitle
    assert facts(newest.parent)["group_total"]["value"] == total
    assert says in page
    assert not re.search(r'class="fact"[^>]*>(not available|not ranked)', page)


def test_sample_data_are_marked_on_everything_that_rests_on_them(project: Path) -> None:
    origin = project / "data" / "raw" / "cluster_organisations" / "origin.yml"
    text = origin.read_text(encoding="utf-8")
    origin.write_text(text.replace("kind: observed", "kind: sample"), encoding="utf-8")
    try:
        result = evidence(project, "build", "--only", "cluster_counts-lu")
    finally:
        origin.write_text(text, encoding="utf-8")
    assert result.returncode == 0, result.stdout + result.stderr
    folder = project / "reports" / "build" / "cluster_counts-lu"
    assert facts(folder)["group_total"]["sample"]
    assert not facts(folder)["coverage"]["sample"]
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert page.lower().count("illustrative sample data") > 5


def test_a_misspelt_parameter_is_refused_before_anything_runs(project: Path) -> None:
    result = evidence(project, "build", "-p", "regoin=FR")
    assert result.returncode == 2
    assert "regoin" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_wrong_raw_cell_stops_the_build_with_file_row_and_column(project: Path) -> None:
    path = project / "data" / "raw" / "population" / "population.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("AT,2019,8879920", "AT,2O19,8879920"), encoding="utf-8")
    try:
        result = evidence(project, "verify")
    finally:
        path.write_text(text, encoding="utf-8")
    assert result.returncode in {1, 2}
    output = result.stdout + result.stderr
    assert "data/raw/population/population.csv: row 14, column year" in output
    assert "2O19" in output
    assert "Traceback" not in output
