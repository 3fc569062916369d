"""A built report with one of everything, made by the functions that make real ones."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from matplotlib.figure import Figure

from helpers.figures.publish import publish
from helpers.figures.sources import Published, SourceLine
from helpers.figures.style import Layout, figure
from helpers.figures.tables import publish_table
from helpers.reports.export import export_report
from helpers.reports.manifest import published_entry
from helpers.reports.staging import mark_success, write_json

EVIL = "]]></w:t><script>alert(1)</script>\u202egnp.exe\u2066 =cmd|'/c calc'!A1 &lt;b&gt;"
SOURCES = [SourceLine("gdp", "GDP", "2019 to 2023", "sample", "World Bank, WDI.")]
COUNTS = pd.DataFrame({"name": ["Austria", EVIL], "clusters": [12, 7], "share": [0.631, None]})
COLUMNS = {"name": ("Country", ""), "clusters": ("Clusters", ",d"), "share": ("Share of all", ".1%")}


def _bars(data: pd.DataFrame, layout: Layout) -> Figure:
    fig = figure(layout, 2)
    fig.subplots().bar(range(len(data)), data["clusters"])
    return fig


def _html(markup: str) -> nbformat.NotebookNode:
    output = nbformat.v4.new_output("display_data", data={"text/html": markup})
    return nbformat.v4.new_code_cell("secret_code()", outputs=[output])


def _text(source: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_markdown_cell(source)


def _tagged(cell: nbformat.NotebookNode, tag: str) -> nbformat.NotebookNode:
    cell.metadata["tags"] = [tag]
    return cell


def _cells(figures: list[Published], tables: list[Published]) -> list[nbformat.NotebookNode]:
    prose = (
        '<p>In all <a class="fact" href="#fact-total">19</a>, of them '
        '<a class="fact" href="#fact-share">63.1 %</a>'
        ' and again <a class="fact" href="#fact-share">63.1 %</a> (<a class="xref" href="#fig-bars"></a>,'
        ' <a class="xref" href="#table-counts"></a>). See <a href="https://example.org/a?b=1">the page</a>,'
        ' <a href="javascript:alert(1)">this</a>, <a href="../other/report.html#fact-x">that</a>.</p>'
    )
    return [
        _text(
            "## Where they are\n\nWords **in bold**.\n\n- one\n- two\n\n1. first\n2. second\n\n> Said *so*."
        ),
        _html(figures[0].html),
        _html(prose),
        _html(tables[0].html),
        _html('<p class="check">Checked: nineteen is nineteen</p>'),
        _text("### Further\n\nMore."),
        _html(figures[1].html),
        _text("## Sources"),
        _tagged(nbformat.v4.new_code_cell("run.sources()", outputs=[]), "sources"),
        _text("## Facts"),
        _tagged(nbformat.v4.new_code_cell("run.facts()", outputs=[]), "facts"),
    ]


def _fact(name: str, text: str, **changes: Any) -> dict[str, Any]:
    base = {"name": name, "value": 1, "text": text, "unit": "of the clusters", "datasets": ["gdp"]}
    return base | {"sample": True, "interval": None, "bound": None, "note": ""} | changes


def _manifest(figures: list[Published], tables: list[Published]) -> dict[str, Any]:
    dataset = {
        "name": "gdp",
        "title": "GDP",
        "producer": "World Bank",
        "citation": "World Bank, WDI.",
        "url": "https://example.org/gdp",
        "licence": "CC BY 4.0",
        "retrieved": "2026-11-02",
        "vintage": "2019 to 2023",
        "kind": "sample",
        "tables": ["gdp"],
        "files": [{"name": "gdp.csv", "sha256": "ab" * 32, "rows": 12}],
    }
    return {
        "notebook": "10_cluster_counts",
        "title": "Clusters & co",
        "question": "How many clusters are there?",
        "subtitle": "EU-27",
        "parameters": {"scope": {"value": "EU27", "meaning": "countries"}},
        "answer": 'There are <strong><a class="fact" href="#fact-total">19</a></strong>.',
        "notices": ["The programme ended."],
        "sample": True,
        "datasets": [dataset],
        "figures": [published_entry(item) for item in figures],
        "tables": [published_entry(item) for item in tables],
        "checks": ["nineteen is nineteen"],
    }


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a complete report; do not write into it."""
    root = tmp_path_factory.mktemp("project")
    (root / "CITATION.cff").write_text("authors:\n  - name: The contributors\n", encoding="utf-8")
    folder = root / "counts-eu27"
    folder.mkdir()
    common: Mapping[str, Any] = {"sources": SOURCES, "folder": folder, "sample": True}
    figures = [
        publish(
            _bars,
            COUNTS,
            id=id_,
            number=number,
            caption=f"Bars {EVIL}",
            alt=f"Two bars {EVIL}",
            note="Note.",
            **common,
        )
        for number, id_ in enumerate(("bars", "more-bars"), start=1)
    ]
    tables = [publish_table(COUNTS, id="counts", number=1, caption="Counts", columns=COLUMNS, **common)]
    write_json(folder / "manifest.json", _manifest(figures, tables))
    share = _fact("share", "63.1\xa0%", interval=[0.6, 0.65], note=f"Of those who answered {EVIL}")
    write_json(folder / "facts.json", {"facts": [_fact("total", "19"), share]})
    nbformat.write(nbformat.v4.new_notebook(cells=_cells(figures, tables)), folder / "notebook.ipynb")
    run = {"slug": "counts-eu27", "ended": "2026-11-06T10:00:00Z", "commit": "abcdef0123", "dirty": False}
    run |= {"status": "draft", "python": "CPython 3.11.7", "packages": {"pandas": "3.1"}}
    write_json(folder / "run.json", run)
    export_report(folder, run, root)
    mark_success(folder)
    return folder
