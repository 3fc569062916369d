"""A small made-up project in git whose data count as observed: one built report, read by two reviewers."""

import csv
import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from matplotlib.figure import Figure
from stated_facts import stated

from helpers.figures.publish import publish
from helpers.figures.sources import SourceLine
from helpers.figures.style import Layout, figure
from helpers.figures.tables import publish_table
from helpers.reports.export import export_report
from helpers.reports.incremental import code
from helpers.reports.incremental.memory import Memory
from helpers.reports.incremental.plan import Plan
from helpers.reports.publish.publishing import publish as publish_report
from helpers.reports.runs import ReportRun
from helpers.reports.staging import mark_success, read_json, write_json

SLUG, OTHER = "counts-eu", "prices-eu"
RUNS = [ReportRun(slug, "10_counts", {"scope": "EU27"}) for slug in (SLUG, OTHER)]
SITES = pd.DataFrame({"country": ["AT", "BE"], "name": ["Austria", "Belgium"], "sites": [3, 4]})
COLUMNS = {"name": ("Country", ""), "sites": ("Sites", ",d")}
CFF = """cff-version: 1.2.0
title: Made-up project
authors:
  - name: The contributors
  - family-names: Núñez
    given-names: Ana
    email: ana@example.eu
license: MIT
"""
IGNORED = "reports/build/\nhelpers_copy/\n"


def bars(data: pd.DataFrame, layout: Layout, **_: object) -> Figure:
    drawn = figure(layout, 2.0)
    drawn.add_subplot().barh(data["name"], data["sites"])
    return drawn


class Project:
    """Writes the parts of a project; the tests change what they speak of."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def plant(self) -> None:
        package = self.root / "helpers_copy"
        (package / "reports").mkdir(parents=True)
        for name in ("__init__.py", "reports/__init__.py", "reports/run.py", "reports/worker.py"):
            (package / name).write_text("")
        (package / "reports" / "export.py").write_text("")
        for name, text in (("CITATION.cff", CFF), (".gitignore", IGNORED), ("requirements.lock", "pandas\n")):
            (self.root / name).write_text(text)
        (self.root / "notebooks").mkdir()
        nbformat.write(self.notebook([]), self.root / "notebooks" / "10_counts.ipynb")
        (self.root / "data" / "raw" / "sites").mkdir(parents=True)
        (self.root / "data" / "raw" / "sites" / "sites.csv").write_text("country,sites\nAT,3\nBE,4\n")
        for slug in (SLUG, OTHER):
            self.review(slug, "A. B.", "C. D.")
        self.git("init", "-q")
        self.commit()
        for slug in (SLUG, OTHER):
            self.build(slug)

    def git(self, *words: str) -> None:
        person = ["-c", "user.name=t", "-c", "user.email=t@example.eu", "-c", "commit.gpgsign=false"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        subprocess.run(["git", "-C", str(self.root), *person, *words], check=True, env=environment)

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", "State")

    def notebook(self, outputs: list[str]) -> nbformat.NotebookNode:
        cell, text = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
        shown = [nbformat.v4.new_output("display_data", data={"text/html": html}) for html in outputs]
        cells = [
            text("# Counts\n\nHow many sites are there?"),
            cell('scope: str = "EU27"  # countries', metadata={"tags": ["parameters"]}),
            text("## Where they are\n\nSites are counted."),
            cell("run.figure(...)", outputs=shown),
        ]
        for number, made in enumerate(cells):
            made["id"] = f"c{number}"
        return nbformat.v4.new_notebook(cells=cells)

    def folder(self, slug: str = SLUG) -> Path:
        return self.root / "reports" / "build" / slug

    def build(self, slug: str = SLUG, **changes: Any) -> None:
        """Write a report as a build would, and note that it is up to date."""
        folder = self.folder(slug)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        given: dict[str, Any] = {
            "kind": "observed",
            "facts": [stated("sites", 7)],
            "link": "",
            "dirty": False,
        }
        given |= changes
        line = [SourceLine("sites", "Sites", "2026-06", given["kind"], "A register.")]
        common: dict[str, Any] = {"sources": line, "folder": folder, "sample": given["kind"] == "sample"}
        drawn = publish(
            bars, SITES, id="map", number=1, caption="Where", alt="Bars.", columns=COLUMNS, **common
        )
        table = publish_table(SITES, id="all", number=1, caption="All", columns=COLUMNS, **common)
        prose = f'<p>There are <a class="fact" href="#fact-sites">7</a> sites.{given["link"]}</p>'
        nbformat.write(self.notebook([drawn.html, prose, table.html]), folder / "notebook.ipynb")
        write_json(folder / "facts.json", {"facts": given["facts"]})
        write_json(folder / "manifest.json", self.manifest(given["kind"], drawn, table))
        run = self.run(slug, given["dirty"])
        write_json(folder / "run.json", run)
        export_report(folder, run, self.root)
        mark_success(folder)
        self.note_built(slug)

    def note_built(self, slug: str = SLUG) -> None:
        memory = Memory(self.root)
        plan = Plan(memory)
        for item in plan.planned([run for run in RUNS if run.slug == slug], force=True):
            plan.note_built(item, ("pandas",))
        memory.save()

    def edit(self, name: str, change: Any) -> None:
        """Change one JSON file of the report, as if it had been built like this."""
        content = read_json(self.folder() / name)
        change(content)
        write_json(self.folder() / name, content)
        mark_success(self.folder())
        self.note_built()

    def manifest(self, kind: str, *published: Any) -> dict[str, Any]:
        entries = [
            {"id": p.id, "number": p.number, "caption": p.caption, "files": [str(f) for f in p.files]}
            for p in published
        ]
        dataset = {
            "name": "sites",
            "title": "Sites",
            "producer": "A register",
            "citation": "A register (2026), Sites.",
            "url": "https://example.eu/sites",
            "licence": "CC BY 4.0",
            "retrieved": "2026-11-01",
            "vintage": "2026-06",
            "kind": kind,
            "tables": ["sites"],
            "files": [{"name": "sites.csv", "sha256": "0" * 64, "rows": 2}],
        }
        return {
            "notebook": "10_counts",
            "title": "Counts",
            "question": "How many sites are there?",
            "parameters": {"scope": {"value": "EU27", "meaning": "countries"}},
            "subtitle": "EU-27",
            "answer": 'There are <a class="fact" href="#fact-sites">7</a> sites.',
            "notices": [],
            "sample": kind == "sample",
            "datasets": [dataset],
            "figures": entries[:1],
            "tables": entries[1:],
            "checks": [],
            "reads": {},
        }

    def run(self, slug: str, dirty: bool) -> dict[str, Any]:
        raw = self.root / "data" / "raw" / "sites" / "sites.csv"
        return {
            "slug": slug,
            "notebook": "10_counts",
            "parameters": {"scope": "EU27"},
            "status": "draft",
            "started": "2026-11-20T09:59:00Z",
            "ended": "2026-11-20T10:00:00Z",
            "inputs": {"data/raw/sites/sites.csv": hashlib.sha256(raw.read_bytes()).hexdigest()},
            "commit": "0123456789abcdef0123456789abcdef01234567",
            "dirty": dirty,
            "helpers_version": "0.1.0",
            "packages": {"pandas": "3.1.1", "typst": "not installed"},
            "python": "CPython 3.11.7",
        }

    def review(self, slug: str, *names: str, comment: str = "") -> None:
        """Write what came back from reviewers, as `evidence ingest` of review sheets does."""
        from helpers.reports.comments.model import Comment, Review
        from helpers.reports.comments.store import write_review

        reviews = [Review(name, "2026-11-19", 9, 0, "0" * 64, "0" * 64) for name in names]
        comments = (
            [Comment("c0123456789", "fact:sites", "A. B.", "2026-11-19", "must", comment)] if comment else []
        )
        write_review(slug, self.root, comments, [], reviews)

    def explain(self, **reasons: str) -> Path:
        path = self.root.parent / "explanations.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([["fact", "reason"], *reasons.items()])
        return path

    def publish(self, day: str = "2026-11-22", **more: Any) -> Any:
        return publish_report(SLUG, root=self.root, day=day, **more)


@pytest.fixture(scope="session")
def planted(tmp_path_factory):
    """The project as it is before a test changes it."""
    root = tmp_path_factory.mktemp("planted") / "project"
    root.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(code, "PACKAGE", root / "helpers_copy")
        Project(root).plant()
    return root


@pytest.fixture
def project(planted, tmp_path, monkeypatch):
    """A copy of the project for one test, checked without a browser, without documents unless asked for."""
    root = tmp_path / "project"
    shutil.copytree(planted, root)
    monkeypatch.setattr(code, "PACKAGE", root / "helpers_copy")
    monkeypatch.setattr("helpers.reports.portfolio.load_portfolio", lambda *_: RUNS)
    monkeypatch.setattr("helpers.reports.check.find_chromium", lambda: None)
    monkeypatch.setattr("helpers.reports.publish.folder.write_documents", lambda *_: [])
    monkeypatch.setattr("helpers.reports.publish.folder.write_figure_pack", lambda *_: [])
    return Project(root)
