"""Small report folders that look built."""

import json
from pathlib import Path
from typing import Any

import pytest
from stated_facts import stated

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><rect width="{}" height="5"/></svg>'
ROWS = "country,name,sites\nAT,Austria,3\nBE,Belgium,4\n"
PAGE = """<!DOCTYPE html><html lang="en"><body><nav><p>Not prose</p></nav><main>
<h2>Where they are</h2><p>There are {sites} sites in the EU-27.</p>
<p class="tools">Show all code</p><details><pre>code {sites}</pre></details>
<figure><svg><text>{sites}</text></svg><figcaption>Not prose</figcaption></figure>
<p>Every site was counted once.</p></main></body></html>"""


def write_report(
    folder: Path,
    *,
    sites: float = 7,
    facts: list[dict[str, Any]] | None = None,
    rows: str = ROWS,
    width: int = 10,
    vintage: str = "2026-06",
    kind: str = "observed",
    **run: Any,
) -> Path:
    """Write one report folder; what is not given is the same in all."""
    (folder / "figures").mkdir(parents=True)
    (folder / "tables").mkdir()
    (folder / "figures" / "map.svg").write_text(SVG.format(width))
    (folder / "figures" / "map.csv").write_text(rows)
    (folder / "tables" / "all.csv").write_text(rows)
    (folder / "report.html").write_text(PAGE.format(sites=sites))
    manifest = {
        "notebook": "10_counts",
        "title": "Sites",
        "subtitle": folder.name,
        "parameters": {},
        "sample": kind == "sample",
        "datasets": [{"name": "sites", "title": "Sites", "vintage": vintage, "kind": kind, "files": []}],
        "figures": [
            {"id": "map", "number": 1, "caption": "Where", "files": ["figures/map.svg", "figures/map.csv"]}
        ],
        "tables": [{"id": "all", "number": 1, "caption": "All", "files": ["tables/all.csv"]}],
        "reads": {"tables": {"sites": {"id": vintage}}, "origins": {}, "files": {}, "vintages": {}},
    }
    made = {
        "slug": folder.name,
        "parameters": {"scope": "EU27"},
        "ended": "2026-11-20T10:00:00Z",
        "inputs": {"data/raw/sites/sites.csv": vintage},
        "packages": {"pandas": "3.1.1"},
        **run,
    }
    content = {"facts": facts if facts is not None else [stated("sites", sites)]}
    for name, value in (("facts", content), ("manifest", manifest), ("run", made)):
        (folder / f"{name}.json").write_text(json.dumps(value))
    (folder / "_SUCCESS").write_text("{}")
    return folder


@pytest.fixture
def builds(tmp_path, monkeypatch):
    """Two folders of builds, named as the page shows them."""
    monkeypatch.setenv("EVIDENCE_ROOT", str(tmp_path))
    return tmp_path / "old", tmp_path / "new"


@pytest.fixture
def write():
    """Write a small report folder, see :func:`write_report`."""
    return write_report


@pytest.fixture
def fact():
    """Make a fact as it stands in facts.json."""
    return stated
