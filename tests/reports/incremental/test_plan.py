"""Each part of a report's key: what changes with it is built again, and nothing else is."""

import json
import os
import sys

import pytest

from helpers.data.errors import InputError
from helpers.reports.incremental import keys
from helpers.reports.incremental.memory import Memory
from helpers.reports.incremental.plan import Plan
from helpers.reports.runs import ReportRun
from helpers.reports.staging import mark_success
from helpers.reports.status import Failure, clear_failure, write_failure

COUNTS = {"counts-at", "counts-be"}
PRICES = {"prices-eu"}


def edit(path, text="# edited\n"):
    with path.open("a") as file:
        file.write(text)


def test_nothing_is_to_be_done_where_nothing_changed(project):
    assert project.planned() == {}
    assert project.planned() == {}


def test_force_runs_everything(project):
    assert {what for what, _ in project.planned(force=True).values()} == {"run"}
    assert len(project.planned(force=True)) == 3


@pytest.mark.parametrize(
    ("change", "touched", "reason"),
    [
        ({"source": "2"}, COUNTS, "notebooks/10_counts.ipynb changed"),
        ({"tags": ("facts",)}, COUNTS, "notebooks/10_counts.ipynb changed"),
        ({"outputs": ("printed",)}, set(), ""),
    ],
    ids=["cells", "tags", "outputs"],
)
def test_the_cells_of_a_notebook_count_and_its_outputs_do_not(project, change, touched, reason):
    project.write_notebook("10_counts", **change)
    assert project.planned() == dict.fromkeys(touched, ("run", reason))


def test_a_parameter_counts_for_its_report(project, monkeypatch):
    changed = ReportRun("counts-at", "10_counts", {"scope": "CY"})
    (item,) = Plan(Memory(project.root)).planned([changed])
    assert (item.what, item.reasons) == ("run", ("parameter scope: 'AT' -> 'CY'",))


@pytest.mark.parametrize(
    ("file", "touched"),
    [
        ("analysis/clusters.py", COUNTS),
        ("analysis/shares.py", COUNTS),  # imported by what the notebook imports
        ("analysis/unused.py", set()),  # imported by nobody but a type checker
        ("figures/maps.py", PRICES),
        ("figures/land.py", PRICES),
        ("figures/templates/map.js", PRICES),
        ("reports/run.py", COUNTS | PRICES),
        ("reports/worker.py", COUNTS | PRICES),
        ("data/process.py", COUNTS | PRICES),
        ("data/tables.py", COUNTS | PRICES),
        ("data/seats.py", set()),  # makes tables, which count by their content
        ("__init__.py", COUNTS | PRICES),
    ],
)
def test_a_helper_counts_for_the_reports_that_use_it(project, file, touched):
    edit(project.helpers / file)
    assert project.planned() == dict.fromkeys(touched, ("run", f"src/helpers/{file} changed"))
    project.note_all()
    assert project.planned() == {}


@pytest.mark.parametrize("file", ["reports/templates/page.html", "reports/export.py", "reports/page.py"])
def test_only_the_page_is_made_again_where_only_the_export_changed(project, file):
    edit(project.helpers / file)
    reason = f"src/helpers/{file} changed"
    assert project.planned() == dict.fromkeys(COUNTS | PRICES, ("export", reason))


def test_who_is_cited_counts_for_the_pages(project):
    edit(project.root / "CITATION.cff")
    assert project.planned() == dict.fromkeys(COUNTS | PRICES, ("export", "CITATION.cff changed"))


def test_a_new_module_counts_once_it_is_imported(project):
    project.write_helper("analysis/density.py", "")
    assert project.planned() == {}
    project.write_helper("analysis/shares.py", "from helpers.analysis.density import per_head")
    words = project.planned()["counts-at"][1]
    assert words == "src/helpers/analysis/density.py is new; src/helpers/analysis/shares.py changed"


def test_a_helper_that_is_no_python_is_named_with_its_line(project):
    project.write_helper("analysis/clusters.py", "x = 1\ndef broken(:\n")
    with pytest.raises(InputError, match=r"src/helpers/analysis/clusters\.py, line 2: is not Python"):
        project.planned()


def test_the_lock_file_and_python_count_for_all(project, monkeypatch):
    edit(project.root / "requirements.lock")
    assert project.planned() == dict.fromkeys(COUNTS | PRICES, ("run", "requirements.lock changed"))
    project.note_all()
    monkeypatch.setattr(keys.sys, "version", "3.99.0 (main)")
    changed = f"Python: cpython {sys.version_info.major}."
    assert {why.startswith(changed) for _, why in project.planned().values()} == {True}


def test_an_installed_package_counts_although_the_lock_file_is_the_same(project, monkeypatch):
    newer = {"pandas": "99.0", "no-such-package": "not installed"}
    monkeypatch.setattr(keys, "installed_versions", lambda names: {name: newer[name] for name in names})
    assert all("pandas: " in why and why.endswith("-> 99.0") for _, why in project.planned().values())
    assert len(project.planned()) == 3


def test_a_table_counts_for_the_reports_that_read_it(project):
    project.write_table("prices", content=b"2")
    assert project.planned() == {"prices-eu": ("run", "table prices changed")}


def test_a_raw_file_that_gives_the_same_table_does_not_count(project):
    project.write_table("prices", raw="a\n1 \n1\n")
    assert project.planned() == {}


def test_what_origin_yml_says_of_a_dataset_counts(project):
    project.write_table("prices", title="Prices of 2026")
    assert project.planned() == {"prices-eu": ("run", "data/raw/prices/origin.yml changed")}


def test_a_table_that_is_out_of_date_is_told_without_making_it(project):
    edit(project.root / "data/raw/prices/prices.csv", "2\n")
    reason = "table prices is to be made again: data/raw/prices/prices.csv changed"
    assert project.planned() == {"prices-eu": ("run", reason)}


def test_another_file_that_a_run_read_counts_for_it(project):
    facts = project.root / "reports" / "facts.json"
    facts.write_text("1")
    reads = {"files": {"reports/facts.json": Memory(project.root).sha256(facts)}}
    project.write_report(project.runs[2], reads)
    project.note_all()
    assert project.planned() == {}
    facts.write_text("2")
    assert project.planned() == {"prices-eu": ("run", "reports/facts.json changed")}


@pytest.mark.parametrize("name", ["report.html", "facts.json", "run.json", "manifest.json"])
def test_a_tampered_output_is_noticed_even_with_its_old_size_and_time(project, name):
    path = project.folder("counts-be") / name
    before = path.stat()
    path.write_text("x" * before.st_size)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert project.planned() == {"counts-be": ("run", f"{name} has changed since it was built")}


def test_a_lost_or_added_output_is_noticed(project):
    (project.folder("counts-at") / "facts.json").unlink()
    (project.folder("counts-be") / "extra.csv").write_text("1")
    assert project.planned() == {
        "counts-at": ("run", "facts.json is missing"),
        "counts-be": ("run", "extra.csv was added"),
    }


def test_a_marker_written_anew_does_not_hide_that_the_report_is_another_one(project):
    folder = project.folder("counts-at")
    (folder / "report.html").write_text("forged")
    mark_success(folder)
    assert project.planned() == {"counts-at": ("run", "it is not the report that the last build noted")}


def test_a_report_without_note_or_marker_is_built(project):
    (project.root / "reports/build/.cache/reports/counts-at.json").unlink()
    (project.folder("counts-be") / "_SUCCESS").unlink()
    for path in project.folder("prices-eu").iterdir():
        path.unlink()
    project.folder("prices-eu").rmdir()
    assert [why for _, why in project.planned().values()] == [
        "it is not the report that the last build noted",
        "there is no whole report",
        "not built yet",
    ]


def test_a_note_of_another_form_or_half_of_one_is_as_none(project):
    path = project.root / "reports/build/.cache/reports/counts-at.json"
    for text in ("{", "[]", '{"form": 0}', json.dumps({"form": 1, "key": {}})):
        path.write_text(text)
        assert set(project.planned()) == {"counts-at"}


def test_a_report_that_failed_last_time_is_built_although_the_last_good_one_fits(project):
    build = project.root / "reports" / "build"
    write_failure(
        build, "counts-at", "10_counts", {}, Failure("ValueError: no rows", 3), "2026-01-01T00:00:00Z"
    )
    reason = "failed last time: cell 3: ValueError: no rows"
    assert project.planned() == {"counts-at": ("run", reason)}
    clear_failure(build, "counts-at")
    assert project.planned() == {}


def test_an_edit_during_the_build_is_seen_by_the_next_one(project):
    memory = Memory(project.root)
    plan = Plan(memory)
    planned = plan.planned(project.runs, force=True)
    edit(project.helpers / "analysis/clusters.py")
    edit(project.helpers / "reports/templates/page.html")
    for item in planned:
        plan.note_built(item, project.packages)
    assert {slug: what for slug, (what, _) in project.planned().items()} == {
        "counts-at": "run",
        "counts-be": "run",
        "prices-eu": "export",
    }


def test_a_page_made_again_leaves_the_note_of_its_run_as_it_was(project):
    edit(project.helpers / "reports/page.py")
    memory = Memory(project.root)
    plan = Plan(memory)
    planned = plan.planned(project.runs)
    edit(project.helpers / "analysis/clusters.py")
    for item in planned:
        plan.note_built(item, project.packages)
    assert {slug: what for slug, (what, _) in project.planned().items()} == dict.fromkeys(COUNTS, "run")


def test_a_lost_or_broken_memory_costs_time_only(project):
    path = project.root / "reports/build/.cache/memory.json"
    for text in (None, "{", "[]", '{"form": 99}'):
        path.unlink() if text is None else path.write_text(text)
        assert project.planned() == {}


def test_the_tables_that_a_notebook_names_are_those_it_will_read(project):
    project.write_notebook("20_prices", source='run.table("sites"); run.table("no_such_table")')
    memory = Memory(project.root)
    plan = Plan(memory)
    assert plan.tables_of(plan.planned(project.runs[2:])) == {"prices", "sites"}
