"""A report that looks like a real one, made without a kernel: the notebook's outputs are put in by hand."""

import html
import json
from datetime import date
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
from helpers.reports.export import export_report, render_index
from helpers.reports.staging import mark_success

TITLE = "How many cluster organisations does Europe have?"
QUESTION = "How many cluster organisations were registered in mid-2026, and where are they?"
DATASETS = {
    "cluster_organisations": ("Cluster organisations by country", "ECCP-derived, mid-2026", "2026-07"),
    "population": ("Population", "World Bank", "1990 to 2024"),
}
COUNTRIES = pd.DataFrame(
    {
        "country": ["DE", "ES", "FR", "IT", "PL", "AT", "PT", "MT"],
        "name": ["Germany", "Spain", "France", "Italy", "Poland", "Austria", "Portugal", "Malta"],
        "organisations": pd.array([181, 206, 123, 98, 92, 41, 38, pd.NA], dtype="Int64"),
        "per_million": [2.17, 4.21, 1.80, 1.66, 2.51, 4.46, 3.55, None],
    }
)
COLUMNS = {
    "name": ("Country", ""),
    "organisations": ("Cluster organisations", ",d"),
    "per_million": ("Per million inhabitants", ",.2f"),
}
MAP = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Map</title>
<style>body{margin:0;font:16px sans-serif;background:#f4f8fb;color:#1b2230}</style></head>
<body><main><h1>Seats</h1><p id="places"></p></main>
<script>document.getElementById("places").textContent = ["Wien", "Graz"].join(", ") + " & more";</script>
</body></html>"""


def bars(data: pd.DataFrame, layout: Layout, **_: object) -> Figure:
    fig = figure(layout, 3.6)
    axes = fig.add_subplot()
    known = data.dropna(subset=["organisations"])
    axes.barh(known["name"], known["organisations"].astype(int), color="#3C57B0")
    axes.set_xlabel("Cluster organisations, mid-2026")
    axes.invert_yaxis()
    return fig


def source_lines() -> list[SourceLine]:
    return [SourceLine(n, t, v, "observed", c) for n, (t, c, v) in DATASETS.items()]


def dataset_entries(kind: str) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "title": title,
            "producer": producer,
            "citation": f"{producer}. {title}.",
            "url": "https://example.eu/data",
            "licence": "CC BY 4.0",
            "retrieved": str(date(2026, 11, 2)),
            "vintage": vintage,
            "kind": kind,
            "tables": [name],
            "files": [{"name": f"{name}.csv", "sha256": "0123456789abcdef" * 4, "rows": 37}],
        }
        for name, (title, producer, vintage) in DATASETS.items()
    ]


def facts(sample: bool) -> list[dict[str, Any]]:
    def fact(name: str, value: float, text: str, unit: str, **more: Any) -> dict[str, Any]:
        base = {"interval": None, "datasets": ["cluster_organisations"], "sample": sample, "note": ""}
        return {"name": name, "value": value, "text": text, "unit": unit, **base, **more}

    return [
        fact("clusters_total", 1302, "1,302", "cluster organisations"),
        fact("countries_listed", 26, "26", "countries", note="Malta has no row: not listed is not zero."),
        fact("gini", 0.5312, "0.53", "Gini coefficient", interval=[0.512, 0.551]),
        fact("density", 2.9, "2.9", "per million", datasets=list(DATASETS)),
    ]


def shown(markup: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_output("display_data", data={"text/html": markup, "text/plain": "<HTML>"})


def code(source: str, *outputs: nbformat.NotebookNode, tags: tuple[str, ...] = ()) -> nbformat.NotebookNode:
    return nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})


def fact_link(name: str, text: str) -> str:
    return f'<a class="fact" href="#fact-{name}">{text}</a>'


def with_map(published: Published) -> str:
    frame = (
        '<div class="interactive"><iframe sandbox="allow-scripts" loading="lazy" title="Interactive map of '
        f'Figure {published.number}" srcdoc="{html.escape(MAP)}"></iframe></div>'
    )
    return published.html.replace("<figcaption>", frame + "<figcaption>")


def cells(folder: Path, sample: bool) -> tuple[list[nbformat.NotebookNode], list[Published]]:
    markdown = nbformat.v4.new_markdown_cell
    common: dict[str, Any] = {"sources": source_lines(), "folder": folder, "sample": sample}
    alt = "Bars: Spain has the most cluster organisations, then Germany."
    ranking = publish(
        bars,
        COUNTRIES,
        id="ranking",
        number=1,
        caption="Cluster organisations by country",
        alt=alt,
        columns=COLUMNS,
        **common,
    )
    seats = publish(
        bars,
        COUNTRIES,
        id="seats",
        number=2,
        caption="Seats of cluster organisations",
        alt=alt,
        columns=COLUMNS,
        **common,
    )
    table = publish_table(
        COUNTRIES, id="countries", number=1, caption="Organisations and density", columns=COLUMNS, **common
    )
    prose = (
        f"In mid-2026 the registry listed {fact_link('clusters_total', '1,302')} cluster organisations in "
        f"{fact_link('countries_listed', '26')} countries of the EU-27, as "
        '<a class="xref" href="#fig-ranking"></a> shows; <a class="xref" href="#table-countries"></a> gives '
        f"the numbers. That is {fact_link('density', '2.9')} per million inhabitants. Spain and Germany come "
        "first, and small countries have more organisations per inhabitant than large ones."
    )
    made = [
        markdown(f"# {TITLE}\n\n{QUESTION}"),
        code("run.answer(...)", shown('<p class="answer">moved</p>'), tags=("answer",)),
        code('scope: str = "EU27"  # which countries', tags=("parameters",)),
        markdown("## Set-up"),
        code("import pandas as pd\nrun = Run.start(...)", shown('<p class="subtitle">EU-27</p>')),
        code("run.notice(...)", shown('<p class="notice">moved</p>')),
        markdown(
            "## Where they are\n\nSupport for clusters works through the organisations that run them; "
            "who wants to reach every region must know **where** they sit."
        ),
        code("run.figure(country_ranking, ...)", shown(ranking.html)),
        code('run.prose("...")', shown(f"<p>{prose}</p>")),
        code("run.check(...)", shown('<p class="check">Checked: Spain comes first</p>')),
        markdown(
            "### The numbers\n\nA list:\n\n- one\n- two, with `code`\n\n| a | b |\n|---|---|\n| 1 | 2 |"
        ),
        code("run.show_table(...)", shown(table.html)),
        markdown("## Where they sit\n\nSeats are placed by a gazetteer; see [](#fig-seats)."),
        code("run.figure(seats, interactive=seat_map(...))", shown(with_map(seats))),
        code('print("done")', nbformat.v4.new_output("stream", name="stdout", text="done <b>\n")),
        code("COUNTRIES.head(2)", shown(COUNTRIES.head(2).to_html())),
        markdown("## Caveats and assumptions\n\nNo one checked the list against the registry."),
        markdown("## Sources"),
        code("run.sources()", shown("<ul><li>replaced</li></ul>")),
        markdown("## Facts"),
        code("run.facts()", nbformat.v4.new_output("stream", name="stdout", text="x = 1"), tags=("facts",)),
    ]
    return made, [ranking, seats, table]


def make_report(folder: Path, sample: bool = False) -> Path:
    """Write a whole report folder, success marker and all."""
    folder.mkdir(parents=True)
    made, published = cells(folder, sample)
    notebook = nbformat.v4.new_notebook(cells=made)
    entries = [
        (p.kind, {"id": p.id, "number": p.number, "caption": p.caption, "files": [str(f) for f in p.files]})
        for p in published
    ]
    manifest = {
        "notebook": "10_cluster_counts",
        "title": TITLE,
        "question": QUESTION,
        "subtitle": "European Union (27 countries)",
        "parameters": {
            "scope": {"value": "EU27", "meaning": "countries that the report is about"},
            "as_of": {"value": "2026-07-01", "meaning": "date at which memberships are read"},
        },
        "answer": f"The registry listed <strong>{fact_link('clusters_total', '1,302')} cluster organisations"
        f"</strong> in {fact_link('countries_listed', '26')} of the 27 countries; half of them sit in four "
        'countries (<a class="xref" href="#fig-ranking"></a>).',
        "notices": ["The counts are of mid-2026 and say nothing about 2020-21."],
        "sample": sample,
        "datasets": dataset_entries("sample" if sample else "observed"),
        "figures": [entry for kind, entry in entries if kind == "figure"],
        "tables": [entry for kind, entry in entries if kind == "table"],
        "checks": ["Spain comes first"],
    }
    run = {
        "slug": folder.name,
        "status": "draft",
        "ended": "2026-11-06T09:30:00Z",
        "commit": "1f2e3d4c5b6a79880123456789abcdef01234567",
        "dirty": True,
        "inputs": {"data/raw/population/population.csv": "0123456789abcdef" * 4},
        "lock_sha256": "fedcba9876543210" * 4,
        "packages": {"pandas": "3.1.0", "matplotlib": "3.11.0"},
        "python": "CPython 3.11.2",
    }
    nbformat.write(notebook, folder / "notebook.ipynb")
    for name, content in {"manifest": manifest, "facts": {"facts": facts(sample)}, "run": run}.items():
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    export_report(folder, run, folder.parent)
    mark_success(folder)
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build folder with a report, one on sample data, and an index."""
    build = tmp_path_factory.mktemp("build")
    entries = []
    for slug, sample in (("counts-eu27", False), ("counts-sample", True)):
        make_report(build / slug, sample)
        entries.append(
            {
                "slug": slug,
                "title": TITLE,
                "subtitle": slug,
                "status": "built",
                "href": f"{slug}/report.html",
                "date": "2026-11-06",
                "vintages": ["Population: 1990 to 2024"],
                "parameters": {"scope": "EU27"},
                "sample": sample,
                "error": "",
            }
        )
    failed = {
        "slug": "counts-at",
        "title": TITLE,
        "subtitle": "Austria",
        "status": "failed",
        "error": "cell 3: <b>",
    }
    waiting = {"slug": "counts-be", "title": TITLE, "subtitle": "Belgium", "status": "not built"}
    (build / "index.html").write_text(render_index([*entries, failed, waiting]), encoding="utf-8")
    return build
