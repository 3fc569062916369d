"""The page of a report: what the notebook says gets in, numbered, linked and harmless."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpers.data.errors import InputError
from helpers.reports.export import export_report, render_index
from helpers.reports.export_body import safe_markdown
from helpers.reports.export_links import fill_cross_references, refuse_unknown_facts
from helpers.reports.export_policy import content_security_policy, frame_scripts

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"
RUN = {"slug": "counts-eu27", "ended": "2026-11-06T10:00:00Z", "commit": "abcdef0123", "dirty": False}


def markdown(source: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_markdown_cell(source)


def code(source: str, *outputs: nbformat.NotebookNode, tags: tuple[str, ...] = ()) -> nbformat.NotebookNode:
    return nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})


def html(markup: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_output("display_data", data={"text/html": markup, "text/plain": "x"})


def dataset(**changes: Any) -> dict[str, Any]:
    base = {
        "name": "population",
        "title": "Population",
        "producer": "World Bank",
        "citation": "World Bank, Population.",
        "url": "https://example.eu/p",
        "licence": "CC BY 4.0",
        "retrieved": "2026-11-02",
        "vintage": "1990 to 2024",
        "kind": "observed",
        "files": [{"name": "population.csv", "sha256": "ab" * 32, "rows": 1234}],
        "tables": ["population"],
    }
    return base | changes


def fact(**changes: Any) -> dict[str, Any]:
    base = {"name": "total", "value": 1302, "text": "1,302", "unit": "organisations", "interval": None}
    return base | {"datasets": ["population"], "sample": False, "note": ""} | changes


def manifest(**changes: Any) -> dict[str, Any]:
    base = {
        "notebook": "10_cluster_counts",
        "title": "Cluster counts",
        "question": "How many are there?",
        "subtitle": "EU-27",
        "parameters": {"scope": {"value": "EU27", "meaning": "which countries"}},
        "answer": 'There are <a class="fact" href="#fact-total">1,302</a>.',
        "notices": [],
        "sample": False,
        "datasets": [dataset()],
        "figures": [{"id": "seats", "number": 2, "caption": "Seats", "files": []}],
        "tables": [{"id": "counts", "number": 1, "caption": "Counts", "files": []}],
        "checks": [],
    }
    return base | changes


def export(
    folder: Path,
    cells: list[nbformat.NotebookNode],
    facts: list[dict[str, Any]] | None = None,
    run: dict[str, Any] | None = None,
    **changes: Any,
) -> str:
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "notebook.ipynb")
    (folder / "manifest.json").write_text(json.dumps(manifest(**changes)), encoding="utf-8")
    stated = {"facts": [fact()] if facts is None else facts}
    (folder / "facts.json").write_text(json.dumps(stated), encoding="utf-8")
    path = export_report(folder, RUN if run is None else run, folder)
    assert path == folder / "report.html"
    assert not [p for p in folder.iterdir() if p.name.startswith(".")], "a temporary file is left"
    return path.read_text(encoding="utf-8")


def text_of(page: str) -> str:
    body = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.S)
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


# Title block


def test_title_question_and_subtitle_are_said_once_in_the_body(tmp_path: Path) -> None:
    page = export(
        tmp_path,
        [
            markdown("# Cluster counts\n\nHow many are there?"),
            code("run.subtitle(x)", html('<p class="subtitle">EU-27</p>')),
        ],
    )
    assert page.count("<h1>") == 1
    assert text_of(page).count("How many are there?") == 1
    assert page.count('class="subtitle"') == 1
    assert "<title>Cluster counts – EU-27</title>" in page


def test_answer_moves_into_the_box_at_the_top(tmp_path: Path) -> None:
    cells = [
        markdown("## Part"),
        code("run.answer(x)", html('<p class="answer">old place</p>'), tags=("answer",)),
    ]
    page = export(tmp_path, cells)
    assert "old place" not in page
    assert "run.answer" not in page
    assert page.index("There are ") < page.index('id="section-part"')


def test_notices_are_said_at_the_top_and_not_again(tmp_path: Path) -> None:
    cells = [code("run.notice(x)", html('<p class="notice">The programme ended.</p>'))]
    page = export(tmp_path, cells, notices=["The programme ended."])
    assert text_of(page).count("The programme ended.") == 1


@pytest.mark.parametrize("sample", [False, True])
def test_sample_data_are_announced_exactly_when_used(tmp_path: Path, sample: bool) -> None:
    page = export(tmp_path, [markdown("x")], sample=sample)
    assert ('id="sample-data"' in page) is sample
    assert ("Illustrative sample data." in page) is sample


def test_one_fact_on_sample_data_is_enough_for_the_banner(tmp_path: Path) -> None:
    assert 'id="sample-data"' in export(tmp_path, [markdown("x")], facts=[fact(sample=True)])


def test_draft_is_the_status_unless_the_run_says_otherwise(tmp_path: Path) -> None:
    assert "draft-banner" in re.sub(r"<style>.*?</style>", "", export(tmp_path, [markdown("x")]), flags=re.S)
    page = export(tmp_path, [markdown("x")], run=RUN | {"status": "published"})
    assert "draft-banner" not in re.sub(r"<style>.*?</style>", "", page, flags=re.S)


def test_citation_names_authors_title_date_and_version(tmp_path: Path) -> None:
    (tmp_path / "CITATION.cff").write_text(
        "authors:\n- {family-names: Doe, given-names: Jo}\n- {name: A Group}\n", encoding="utf-8"
    )
    page = export(tmp_path, [markdown("x")])
    assert "Doe, Jo; A Group: Cluster counts: EU-27. Cluster evidence, draft of 6 November 2026" in page
    assert "2026, version abcdef01." in page


# Sections and links


def test_sections_are_numbered_and_listed_in_the_contents(tmp_path: Path) -> None:
    cells = [
        markdown("## One\n\n### Inner"),
        markdown("## Two & more\n\n### Inner"),
        markdown("## Caveats and assumptions\n\n### Inner"),
    ]
    page = export(tmp_path, cells)
    found = re.findall(
        r'<h[23] class="section" id="([^"]+)">(?:<span class="number">([\d.]+)</span> )?', page
    )
    assert found == [
        ("section-one", "1"),
        ("section-inner", "1.1"),
        ("section-two-more", "2"),
        ("section-inner-2", "2.1"),
        ("section-caveats-and-assumptions", ""),
        ("section-inner-3", ""),
        ("sources", ""),
        ("facts", ""),
    ]
    assert all(f'<a href="#{id_}">' in page for id_, _ in found)
    assert "Two &amp; more</a>" in page


def test_cross_references_are_filled(tmp_path: Path) -> None:
    cells = [
        markdown("## Part\n\nSee [](#fig-seats) and [](#section-part) and [the map](#fig-seats)."),
        code("run.prose(x)", html('<p><a class="xref" href="#table-counts"></a></p>')),
    ]
    page = export(tmp_path, cells, answer='See <a class="xref" href="#fig-seats"></a>.')
    assert page.count('<a class="xref" href="#fig-seats">Figure 2</a>') == 2
    assert '<a class="xref" href="#section-part">Section 1</a>' in page
    assert '<a class="xref" href="#table-counts">Table 1</a>' in page
    assert '<a href="#fig-seats">the map</a>' in page


@pytest.mark.parametrize("target", ["fig-map", "table-seats", "section-none"])
def test_cross_reference_to_nothing_is_refused(tmp_path: Path, target: str) -> None:
    with pytest.raises(InputError, match=f"#{target}; allowed are: .*fig-seats"):
        export(tmp_path, [markdown(f"See [](#{target}).")])


def test_link_to_an_unknown_fact_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="fact other; facts are: total"):
        export(tmp_path, [code("x", html('<a class="fact" href="#fact-other">1</a>'))])


@pytest.mark.parametrize(
    "before",
    ["", ' class="fact"', " class='fact'", " class=fact", " hidden", ' data-x=">"', ' download="a" id="b"'],
)
def test_links_are_found_whatever_stands_before_the_address(before: str) -> None:
    with pytest.raises(InputError, match="link to the fact nothing"):
        refuse_unknown_facts(f'<p><a{before} href="#fact-nothing">7</a></p>', [])
    manifest = {"figures": [{"id": "seats", "number": 2}], "tables": []}
    filled = fill_cross_references(f'<a{before} href="#fig-seats"></a>', manifest, [])
    assert filled == '<a class="xref" href="#fig-seats">Figure 2</a>'


@pytest.mark.parametrize(
    "text", ["<p title='href=\"#fact-x\"'>a</p>", '&lt;a href="#fact-x"', '<b href="#fact-x">']
)
def test_only_links_count_as_links_to_facts(text: str) -> None:
    refuse_unknown_facts(text, [])


def test_fact_links_lead_to_the_facts_table_and_on_to_the_sources(tmp_path: Path) -> None:
    page = export(tmp_path, [markdown("x")], facts=[fact(interval=[1200, 1400.5], note="as listed")])
    assert '<tr id="fact-total">' in page
    assert '<a href="#source-population" title="Population"><code>population</code></a>' in page
    assert '<tr id="source-population">' in page
    assert "1,200 to 1,400" in page
    assert "as listed" in page


def test_fact_on_an_unlisted_dataset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="fact total rests on gdp"):
        export(tmp_path, [markdown("x")], facts=[fact(datasets=["gdp"])])


def test_sources_and_facts_stand_where_the_notebook_puts_them(tmp_path: Path) -> None:
    cells = [
        markdown("## Sources"),
        code("run.sources()", html("<ul><li>short list</li></ul>")),
        markdown("## Facts"),
        code("run.facts()", nbformat.v4.new_output("stream", text="total = 1302"), tags=("facts",)),
        markdown("## Last"),
    ]
    page = export(tmp_path, cells)
    assert "short list" not in page
    assert "total = 1302" not in page
    assert page.count('id="source-population"') == page.count('id="fact-total"') == 1
    assert (
        page.index('id="source-population"') < page.index('id="fact-total"') < page.index('id="section-last"')
    )
    assert 'href="#section-sources">1, listed' in page


def test_sources_under_another_heading_are_still_reached(tmp_path: Path) -> None:
    page = export(tmp_path, [markdown("## Where it comes from"), code("run.sources()", html("<ul></ul>"))])
    assert 'href="#section-where-it-comes-from">1, listed' in page


def test_removed_sources_and_facts_are_added_at_the_end(tmp_path: Path) -> None:
    cells = [
        code("run.sources()", tags=("remove",)),
        code("run.facts()", tags=("facts", "remove")),
        markdown("## A"),
    ]
    page = export(tmp_path, cells)
    places = [page.index(f'id="{id_}"') for id_ in ("section-a", "sources", "facts")]
    assert places == sorted(places)
    assert 'href="#sources">1, listed' in page


def test_code_that_shows_nothing_joins_the_next_fold(tmp_path: Path) -> None:
    cells = [code("first = 1"), code("second = 2"), code("show()", html("<p>shown</p>")), markdown("x")]
    page = export(tmp_path, cells)
    main = page[page.index("<main") : page.index("</main>")]
    assert main.count('<details class="fold code">') == 1
    assert main.index("first") < main.index("second")


def test_address_that_is_no_web_address_is_text(tmp_path: Path) -> None:
    page = export(tmp_path, [markdown("x")], datasets=[dataset(url="javascript:alert(1)")])
    assert 'href="javascript' not in page
    assert "javascript:alert(1)" in page


# Cells


def test_removed_cells_are_gone_and_code_is_folded(tmp_path: Path) -> None:
    cells = [
        code("secret_step()", html("<p>gone</p>"), tags=("remove",)),
        code("kept_step()", html("<p>shown</p>")),
    ]
    page = export(tmp_path, cells)
    assert "secret_step" not in page
    assert "gone" not in page
    assert re.search(r'<details class="fold code">(?:(?!</details>).)*kept_step', page, re.S)
    assert page.index("<p>shown</p>") < page.index("kept_step")


def test_parameters_and_set_up_go_into_a_fold_at_the_end(tmp_path: Path) -> None:
    cells = [
        code("scope = 'EU27'", tags=("parameters",)),
        markdown("## Set-up"),
        code("import pandas"),
        markdown("## Results\n\nText."),
    ]
    page = export(tmp_path, cells)
    assert 'id="section-set-up"' not in page
    assert page.index("Text.") < page.index("set-up cells of the notebook") < page.index("pandas")
    assert '<span class="number">1</span> Results' in page


def test_printed_text_is_folded_and_escaped(tmp_path: Path) -> None:
    output = nbformat.v4.new_output("stream", name="stderr", text=f"\x1b[31mwarned\x1b[0m {EVIL}")
    page = export(tmp_path, [code("x", output)])
    assert "&lt;script&gt;alert(1)" in page
    assert "\x1b" not in page
    assert re.search(r"<details[^>]*><summary>Warnings and messages.*?warned", page, re.S)


def test_error_output_fails_the_export_and_leaves_no_page(tmp_path: Path) -> None:
    error = nbformat.v4.new_output("error", ename="ValueError", evalue="no rows", traceback=["x"])
    with pytest.raises(InputError, match="cell 2 ended in ValueError: no rows"):
        export(tmp_path, [markdown("x"), code("x", error)])
    assert not (tmp_path / "report.html").exists()


def test_failed_export_leaves_the_last_page(tmp_path: Path) -> None:
    before = export(tmp_path, [markdown("first")])
    with pytest.raises(InputError):
        export(tmp_path, [markdown("[](#fig-none)")])
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == before


def test_data_frame_gets_a_box_that_scrolls(tmp_path: Path) -> None:
    page = export(
        tmp_path, [code("x", html('<table border="1" class="dataframe"><tr><td>1</td></tr></table>'))]
    )
    assert re.search(
        r'<div class="table-scroll" tabindex="0"[^>]*><table border="1" class="dataframe">', page
    )


def test_picture_keeps_its_alternative_text(tmp_path: Path) -> None:
    output = nbformat.v4.new_output("display_data", data={"image/png": "iVBO\n"}, metadata={"alt": 'A "map"'})
    page = export(tmp_path, [code("x", output)])
    assert '<img class="plain-picture" src="data:image/png;base64,iVBO" alt="A &#34;map&#34;">' in page


@pytest.mark.parametrize("name", ["notebook.ipynb", "manifest.json", "facts.json"])
def test_missing_file_is_named(tmp_path: Path, name: str) -> None:
    export(tmp_path, [markdown("x")])
    (tmp_path / name).unlink()
    with pytest.raises(InputError, match=name):
        export_report(tmp_path, RUN, tmp_path)


def test_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    cells = [markdown("## A"), code("x", html("<p>b</p>"))]
    assert export(tmp_path, cells) == export(tmp_path, cells)


# Hostile input


def tags_of(page: str) -> list[tuple[str, list[str]]]:
    """Tags of a page as a browser reads them, each with the names of its attributes."""
    found: list[tuple[str, list[str]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, [name for name, _ in attrs]))

    Reader().feed(page)
    return found


@pytest.mark.parametrize(
    "source",
    [
        EVIL,
        f"text {EVIL} text",
        f"## {EVIL}",
        f"| {EVIL} |\n|---|\n| {EVIL} |",
        f"`{EVIL}`",
        f"```python\n{EVIL}\n```",
        f"```mermaid\n{EVIL}\n```",
        f'![{EVIL}"](data:x)',
        f"[{EVIL}](#x)",
        "<iframe src=javascript:alert(1)></iframe>",
        "<svg/onload=alert(1)>",
        f"${EVIL}$",
        f"$$\n{EVIL}\n$$",
        "\\begin{x}" + EVIL + "\\end{x}",
    ],
)
def test_html_in_markdown_is_shown_as_text(source: str) -> None:
    page = safe_markdown({"source": source})
    for tag, attributes in tags_of(page):
        assert tag not in {"script", "iframe", "svg"}
        assert not [name for name in attributes if name.startswith("on")]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "vbscript:x", "data:text/html,x"]
)
def test_links_in_markdown_cannot_run_code(address: str) -> None:
    assert address.casefold() not in safe_markdown({"source": f"[x]({address})"}).casefold()


def test_all_that_comes_from_data_is_escaped_in_the_page(tmp_path: Path) -> None:
    evil = "\"'><b onclick=x>" + EVIL
    page = export(
        tmp_path,
        [markdown("x")],
        facts=[fact(text=evil, unit=evil, note=evil)],
        run={"slug": "a", "commit": evil, "packages": {evil: evil}, "ended": evil},
        title=evil,
        subtitle=evil,
        question=evil,
        notices=[evil],
        checks=[evil],
        parameters={"scope": {"value": evil, "meaning": evil}},
        datasets=[
            dataset(**dict.fromkeys(("title", "producer", "citation", "url", "licence", "vintage"), evil))
        ],
    )
    assert EVIL not in page
    assert "<b onclick" not in page


# What may run


def test_policy_names_the_scripts_of_page_and_frames_only(tmp_path: Path) -> None:
    inside = "<p>a > b</p><script>run(&quot;map&quot;)</script>"
    frame = f'<iframe title="M" sandbox="allow-scripts" srcdoc="{inside}"></iframe>'
    page = export(tmp_path, [code("x", html(frame + "<script>alert(1)</script>"))])
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    script = re.search(r"<script>(\(function.*?)</script>\n</body>", page, re.S)
    assert policy is not None
    assert script is not None
    expected = content_security_policy([script.group(1), 'run("map")'])
    assert policy.group(1).replace("&#39;", "'") == expected
    assert page.index("Content-Security-Policy") < page.index("<style>")


@pytest.mark.parametrize(
    "frame",
    [
        "<iframe srcdoc='x'></iframe>",
        '<iframe sandbox="allow-scripts allow-same-origin" srcdoc="x"></iframe>',
        '<iframe sandbox="allow-scripts" src="https://example.eu"></iframe>',
    ],
)
def test_frame_that_could_reach_out_is_refused(frame: str) -> None:
    with pytest.raises(InputError, match="sandbox"):
        frame_scripts(frame)


# Index


def entry(**changes: Any) -> dict[str, Any]:
    base = {"slug": "a", "title": "Counts", "subtitle": "EU-27", "status": "built", "href": "a/report.html"}
    return (
        base
        | {"date": "2026-11-06", "vintages": [], "parameters": {}, "sample": False, "error": ""}
        | changes
    )


def test_index_groups_reports_of_one_title_in_their_order() -> None:
    entries = [entry(), entry(slug="b", title="Other"), entry(slug="c", subtitle="Austria")]
    page = render_index(entries)
    assert [page.index(f'id="report-{slug}"') for slug in "acb"] == sorted(
        page.index(f'id="report-{slug}"') for slug in "acb"
    )
    assert page.count("<h2") == 2
    assert "3 reports: 3 built." in page


def test_index_shows_failure_with_its_error_and_the_last_good_report() -> None:
    page = render_index([entry(status="failed", error="cell 7: <b>")])
    assert "cell 7: &lt;b&gt;" in page
    assert "last good report" in page
    assert 'href="a/report.html"' in page


def test_index_has_no_link_to_a_report_that_is_not_there() -> None:
    assert "report.html" not in render_index([entry(status="not built", href=None)])


def test_index_marks_sample_data_and_escapes() -> None:
    page = render_index([entry(sample=True, subtitle=EVIL, vintages=[EVIL], parameters={"x": EVIL})])
    assert 'id="sample-data"' in page
    assert EVIL not in page


def test_empty_index_says_so() -> None:
    assert "No report is built yet." in render_index([])


def test_unknown_status_is_refused() -> None:
    with pytest.raises(InputError, match="allowed are: built, failed, not built"):
        render_index([entry(status="fine")])
