"""Whether data/processed is up to date, asked without pandas; rows of a country count for who read them."""

import json
import subprocess
import sys

import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.reports.incremental.memory import Memory
from helpers.reports.incremental.tables import Tables, bring_up_to_date, refuse_undeclared_changes
from helpers.reports.reads import rows_id, rows_of


def tables(project):
    return Tables(Memory(project.root))


@pytest.fixture
def processed(monkeypatch):
    """Count the calls of process, which does nothing."""
    calls = []
    monkeypatch.setattr("helpers.data.process.process", lambda root: calls.append(root))
    return calls


def test_tables_are_brought_up_to_date_once_and_it_is_only_said_then(project, processed):
    said = []
    for _ in range(3):
        memory = Memory(project.root)
        bring_up_to_date(memory, said.append)
        memory.save()
    assert said == ["bringing data/processed up to date"]
    assert len(processed) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda p: (p.root / "data/raw/sites/sites.csv").write_text("b"),
        lambda p: (p.root / "data/raw/sites/origin.yml").write_text("b"),
        lambda p: (p.root / "data/raw/new").mkdir(),
        lambda p: (p.root / "data/processed/sites.parquet").write_bytes(b"2"),
        lambda p: (p.root / "data/processed/sites.parquet").unlink(),
        lambda p: (p.root / "data/processed/sites.meta.json").unlink(),
        lambda p: (p.root / "data/processed/sites.meta.json").write_text("{"),
    ],
    ids=["raw file", "origin.yml", "new dataset", "other parquet", "no parquet", "no meta", "broken meta"],
)
def test_process_is_asked_whenever_there_may_be_something_to_do(project, processed, change):
    memory = Memory(project.root)
    bring_up_to_date(memory, print)
    memory.save()
    change(project)
    bring_up_to_date(Memory(project.root), print)
    assert len(processed) == 2


def test_code_and_packages_that_made_a_table_count(project, monkeypatch):
    path = project.root / "data/processed/sites.meta.json"
    meta = json.loads(path.read_text())
    module = project.helpers / "data" / "seats.py"
    monkeypatch.setattr("helpers.reports.incremental.tables.PACKAGE", project.helpers)
    code = {"src/helpers/data/seats.py": Memory(project.root).sha256(module)}
    path.write_text(json.dumps({**meta, "code": code}))
    assert tables(project).stale("sites") is None
    module.write_text("x = 1")
    assert tables(project).stale("sites") == "src/helpers/data/seats.py changed"
    path.write_text(json.dumps({**meta, "packages": {"no-such-package": "1.0"}}))
    assert tables(project).stale("sites") == "no-such-package 1.0 -> not installed"


def test_a_changed_raw_file_is_refused_before_anything_runs_and_an_unread_one_is_not(project):
    (project.root / "data/raw/sites/sites.csv").write_text("other")
    origins = {"sites": "sites.csv", "prices": "prices.csv"}
    for name, file in origins.items():
        write_whole_origin(project, name, file)
    refuse_undeclared_changes(["prices"], tables(project))
    with pytest.raises(InputError, match=r"data/raw/sites/sites\.csv: is not the file .* --update sites`"):
        refuse_undeclared_changes(["prices", "sites"], tables(project))


def write_whole_origin(project, name, file):
    path = project.root / "data" / "raw" / name / "origin.yml"
    checksum = path.read_text().partition("sha256: ")[2].split()[0]
    texts = "".join(f"{key}: x\n" for key in ("title", "producer", "citation", "url", "licence", "vintage"))
    column = "[{name: a, type: string, meaning: x}]"
    files = f"files:\n- name: {file}\n  sha256: {checksum}\n  columns: {column}\n"
    path.write_text(texts + "retrieved: 2026-01-01\nkind: observed\n" + files)


OFFERS = pd.DataFrame(
    {"country": ["AT", "AT", "BE"], "sites": [1, 2, 3], "name": ["a", None, "c"], "raw_row": [2, 3, 4]}
)


def read_rows(project, monkeypatch, frame, content):
    """Make ``frame`` the table of offers, of other content."""
    project.write_table("sites", content=content)
    monkeypatch.setattr("helpers.data.process.read_table", lambda name, root: frame)


def reads_of(project, country, kind="plain"):
    whole = project.reads("sites")
    rows = {kind: {country: rows_id(rows_of(OFFERS, [country], raw_row=kind == "with_raw_row"))}}
    return {**whole, "tables": {"sites": {**whole["tables"]["sites"], "rows": rows}}}


@pytest.fixture
def by_country(project, monkeypatch):
    """One report reads Austria's rows, one Belgium's."""
    read_rows(project, monkeypatch, OFFERS, b"1")
    for run, country in zip(project.runs[:2], ("AT", "BE"), strict=True):
        project.write_report(run, reads_of(project, country))
    project.note_all()
    assert project.planned() == {}
    return project


@pytest.mark.parametrize(
    ("change", "touched"),
    [
        ({"sites": [1, 9, 3]}, {"AT"}),
        ({"sites": [1, 2, 9]}, {"BE"}),
        ({"name": ["a", "b", "c"]}, {"AT"}),
        ({"raw_row": [2, 3, 9]}, set()),
        ({"country": ["AT", "BE", "BE"]}, {"AT", "BE"}),
        ({"country": ["AT", "AT", "CY"]}, {"BE"}),
        ({"sites": [1.0, 2.0, 3.0]}, {"AT", "BE"}),  # another type
    ],
    ids=lambda given: str(sorted(given)),  # a set has no order, and runs in parallel must agree on names
)
def test_a_change_in_one_countrys_rows_touches_only_who_read_them(by_country, monkeypatch, change, touched):
    read_rows(by_country, monkeypatch, OFFERS.assign(**change), b"2")
    planned = by_country.planned()
    assert planned == {
        f"counts-{code.lower()}": ("run", f"table sites: rows of {code} changed") for code in touched
    }


def test_rows_added_before_a_countrys_own_do_not_touch_it(by_country, monkeypatch):
    more = pd.DataFrame({"country": ["AL"], "sites": [7], "name": ["x"], "raw_row": [2]})
    longer = pd.concat([more, OFFERS.assign(raw_row=OFFERS["raw_row"] + 1)], ignore_index=True)
    read_rows(by_country, monkeypatch, longer, b"2")
    assert by_country.planned() == {}


def test_who_keeps_the_line_numbers_is_touched_when_they_move(by_country, monkeypatch):
    by_country.write_report(by_country.runs[0], reads_of(by_country, "AT", "with_raw_row"))
    by_country.note_all()
    read_rows(by_country, monkeypatch, OFFERS.assign(raw_row=[3, 4, 5]), b"2")
    assert set(by_country.planned()) == {"counts-at"}


def test_rows_are_looked_at_once_a_change_of_the_table(by_country, monkeypatch):
    read_rows(by_country, monkeypatch, OFFERS, b"2")
    reads = []
    monkeypatch.setattr("helpers.data.process.read_table", lambda name, root: reads.append(name) or OFFERS)
    for _ in range(2):
        memory = Memory(by_country.root)
        tables = Tables(memory)
        assert len(tables.rows("sites", ["AT", "BE", "MT"], "plain")) == 3
        memory.save()
    assert reads == ["sites"]


def test_a_table_that_lost_its_countries_touches_who_read_rows(by_country, monkeypatch):
    read_rows(by_country, monkeypatch, OFFERS.drop(columns="country"), b"2")
    assert set(by_country.planned()) == {"counts-at", "counts-be"}


def test_nothing_heavy_is_imported_to_find_that_nothing_changed(project):
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from helpers.reports.incremental import code\n"
        "code.PACKAGE = Path(sys.argv[2])\n"
        "from helpers.reports.incremental.memory import Memory\n"
        "from helpers.reports.incremental.plan import Plan\n"
        "from helpers.reports import index, selection\n"
        "from helpers.reports.runs import ReportRun\n"
        "runs = [ReportRun('counts-at', '10_counts', {'scope': 'AT'})]\n"
        "assert Plan(Memory(Path(sys.argv[1]))).planned(runs)[0].what == 'nothing'\n"
        "heavy = {'pandas', 'numpy', 'yaml', 'pydantic', 'papermill', 'nbconvert', 'rich'}\n"
        "print(sorted(heavy & sys.modules.keys()))\n"
    )
    # One look reads what the notebooks and helpers import; the next ones know.
    memory = Memory(project.root)
    assert project.planned() == {}
    memory.save()
    command = [sys.executable, "-c", script, str(project.root), str(project.helpers)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stderr
