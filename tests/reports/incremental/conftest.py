"""A small project whose reports look built, though no notebook ran, and a small package of helpers."""

import hashlib
import json
from pathlib import Path

import pytest

from helpers.reports.incremental import code
from helpers.reports.incremental.memory import Memory
from helpers.reports.incremental.plan import Plan
from helpers.reports.reads import declaration_id, table_id
from helpers.reports.runs import ReportRun
from helpers.reports.staging import mark_success

RUNS = [
    ReportRun("counts-at", "10_counts", {"scope": "AT"}),
    ReportRun("counts-be", "10_counts", {"scope": "BE"}),
    ReportRun("prices-eu", "20_prices", {"scope": "EU27"}),
]
READS = {"10_counts": "sites", "20_prices": "prices"}
IMPORTS = {
    "10_counts": "from helpers.analysis import clusters",
    "20_prices": "from helpers.figures import maps\nfrom helpers.reports.run import Run",
}
HELPERS = {
    "__init__.py": "",
    "analysis/__init__.py": "",
    "analysis/clusters.py": "from helpers.analysis import shares",
    "analysis/shares.py": "import pandas",
    "analysis/unused.py": "",
    "data/__init__.py": "",
    "data/process.py": "from helpers.data.tables import TABLES",
    "data/tables.py": "TABLES = {}\ndef build():\n    from helpers.data.seats import place",
    "data/seats.py": "",
    "figures/__init__.py": "",
    "figures/maps.py": "from . import land\ndef draw():\n    return land.asset('templates/map.js')",
    "figures/land.py": "import typing\nif typing.TYPE_CHECKING:\n    import helpers.analysis.unused",
    "figures/templates/map.js": "1",
    "reports/__init__.py": "",
    "reports/run.py": "from helpers.data.process import read_table",
    "reports/worker.py": "",
    "reports/export.py": "TEMPLATES = 'templates'\nimport helpers.reports.page",
    "reports/page.py": "",
    "reports/templates/page.html": "<p>",
}
ORIGIN = "title: {title}\nfiles:\n- name: {name}.csv\n  sha256: {sha256}\n  rows: {rows}\n"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Project:
    """Writes the parts of a project, and says what a new look at it plans."""

    runs = RUNS
    packages = ("pandas", "no-such-package")

    def __init__(self, root: Path, helpers: Path) -> None:
        self.root = root
        self.helpers = helpers
        for name, text in HELPERS.items():
            self.write_helper(name, text)
        for name, table in READS.items():
            self.write_notebook(name)
            self.write_table(table)
        (root / "requirements.lock").write_text("pandas==3\n")
        (root / "CITATION.cff").write_text("authors: []\n")
        for run in RUNS:
            self.write_report(run)
        self.note_all()

    def write_helper(self, name: str, text: str) -> None:
        (self.helpers / name).parent.mkdir(parents=True, exist_ok=True)
        (self.helpers / name).write_text(text)

    def write_notebook(
        self, name: str, source: str = "1", tags: tuple[str, ...] = (), outputs: tuple[str, ...] = ()
    ) -> None:
        texts = [('scope: str = "EU27"', ["parameters"]), (IMPORTS[name], []), (source, list(tags))]
        cells = [
            {"cell_type": "code", "metadata": {"tags": tag}, "source": text, "outputs": list(outputs)}
            for text, tag in texts
        ]
        (self.root / "notebooks").mkdir(exist_ok=True)
        (self.root / "notebooks" / f"{name}.ipynb").write_text(json.dumps({"cells": cells}))

    def write_table(self, name: str, content: bytes = b"1", raw: str = "a\n1\n", title: str = "") -> None:
        """Write a raw file with its origin.yml, and a table that says it was made from them."""
        folder, processed = self.root / "data" / "raw" / name, self.root / "data" / "processed"
        for path in (folder, processed):
            path.mkdir(parents=True, exist_ok=True)
        rows = raw.count("\n") - 1
        origin = ORIGIN.format(title=title or name, name=name, sha256=sha256(raw.encode()), rows=rows)
        (folder / f"{name}.csv").write_text(raw)
        (folder / "origin.yml").write_text(origin)
        (processed / f"{name}.parquet").write_bytes(content)
        meta = {
            "datasets": [{"name": name}],
            "inputs": {
                f"data/raw/{name}/{name}.csv": sha256(raw.encode()),
                f"data/raw/{name}/origin.yml": sha256(origin.encode()),
            },
            "code": {},
            "packages": {},
            "columns": {"country": {"type": "str"}},
            "sha256": sha256(content),
        }
        (processed / f"{name}.meta.json").write_text(json.dumps(meta))

    def reads(self, table: str) -> dict:
        meta = json.loads((self.root / "data" / "processed" / f"{table}.meta.json").read_text())
        origin = (self.root / "data" / "raw" / table / "origin.yml").read_text()
        return {"tables": {table: {"id": table_id(meta)}}, "origins": {table: declaration_id(origin)}}

    def folder(self, slug: str) -> Path:
        return self.root / "reports" / "build" / slug

    def write_report(self, run: ReportRun, reads: dict | None = None) -> None:
        folder = self.folder(run.slug)
        folder.mkdir(parents=True, exist_ok=True)
        manifest = json.dumps({"reads": reads or self.reads(READS[run.notebook])})
        files = {"report.html": "<p>", "facts.json": "{}", "run.json": "{}", "manifest.json": manifest}
        for name, content in files.items():
            (folder / name).write_text(content)
        mark_success(folder)

    def note_all(self) -> None:
        memory = Memory(self.root)
        plan = Plan(memory)
        for item in plan.planned(RUNS, force=True):
            plan.note_built(item, self.packages)
        memory.save()

    def planned(self, *, force: bool = False) -> dict[str, tuple[str, str]]:
        """Return what would be done, and why, by report; a look of its own each time."""
        items = Plan(Memory(self.root)).planned(RUNS, force=force)
        return {
            item.run.slug: (item.what, "; ".join(item.reasons)) for item in items if item.what != "nothing"
        }


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setattr(code, "PACKAGE", tmp_path / "helpers")
    return Project(tmp_path, tmp_path / "helpers")
