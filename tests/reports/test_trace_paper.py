"""From every fact of a paper, as a reader meets it in the DOCX or PDF, to raw rows or ids of answers."""

import argparse
import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest
from bs4 import BeautifulSoup
from docx.oxml.ns import qn

from helpers.analysis.themes.answers import answer_name
from helpers.cli.trace_verbs import add_verbs
from helpers.data.errors import InputError
from helpers.reports.document.docx import write_docx
from helpers.reports.document.pdf import write_pdf
from helpers.reports.document.reading import read_document
from helpers.reports.staging import mark_success
from helpers.reports.trace import Tracer

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("trace")]

ROOT = Path(__file__).resolve().parents[2]
PAPER = "policy_paper-mt"
SAME = ("value", "text", "unit", "datasets", "sample", "interval", "bound", "note")
Facts = dict[str, dict[str, Any]]


@dataclass
class Row:
    """What the table of facts in the DOCX says of one fact."""

    cells: list[str]
    bookmarks: set[str]


@dataclass
class Paper:
    """A paper as a reader has it: DOCX, text of the PDF, and the project behind it."""

    root: Path
    rows: dict[str, Row]
    tables: str
    links: set[tuple[str, str]]
    mentions: list[tuple[str, str]]
    pdf: Path

    @property
    def build(self) -> Path:
        return self.root / "reports" / "build"

    def content(self, slug: str, name: str) -> Any:
        return json.loads((self.build / slug / name).read_text(encoding="utf-8"))

    def facts(self, slug: str = PAPER) -> Facts:
        return {fact["name"]: fact for fact in self.content(slug, "facts.json")["facts"]}


def evidence(words: list[str]) -> int:
    """Run the verb as the command does."""
    parser = argparse.ArgumentParser()
    add_verbs(parser.add_subparsers())
    given = parser.parse_args(words)
    status: int = given.verb(given)
    return status


def squeezed(text: str) -> str:
    """Leave out all white space: documents break lines where they like."""
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    """The paper of the smallest country, with the reports that it composes, and its documents."""
    root = tmp_path_factory.mktemp("trace") / "project"
    ignored = shutil.ignore_patterns("build", ".ipynb_checkpoints")
    for name in ("data", "notebooks", "reports"):
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    for name in ("requirements.lock", "CITATION.cff"):
        shutil.copy(ROOT / name, root / name)
    command = [sys.executable, "-m", "helpers.cli", "build", "--only", PAPER, "--jobs", "2", "--quiet"]
    environment = os.environ | {"EVIDENCE_ROOT": str(root)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=1800, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    document = read_document(root / "reports" / "build" / PAPER)
    write_docx(document, root / "paper.docx")
    write_pdf(document, root / "paper.pdf")
    return read_paper(root)


def read_paper(root: Path) -> Paper:
    """Read the documents as their readers do."""
    written = docx.Document(str(root / "paper.docx"))
    tables = [table for table in written.tables if table.rows]
    facts = next(
        table for table in tables if [cell.text for cell in table.rows[0].cells][:2] == ["Fact", "Value"]
    )
    rows = {}
    for row in facts.rows[1:]:
        marks = {str(mark.get(qn("w:name"))) for mark in row._tr.iter(qn("w:bookmarkStart"))}
        cells = [cell.text for cell in row.cells]
        rows[cells[0].split("\n")[0].strip()] = Row(cells, marks)
    links = {
        (str(link.get(qn("w:anchor"))), "".join(text.text or "" for text in link.iter(qn("w:t"))))
        for link in written.element.body.iter(qn("w:hyperlink"))
    }
    said = squeezed(" ".join(cell.text for table in tables for row in table.rows for cell in row.cells))
    page = BeautifulSoup((root / "reports/build" / PAPER / "report.html").read_text(encoding="utf-8"), "lxml")
    mentions = [(str(link["href"]), link.get_text()) for link in page.select("main a.fact")]
    return Paper(root, rows, said, links, mentions, root / "paper.pdf")


@pytest.fixture
def tracer(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> Tracer:
    """As in a build, so that answers that the build coded are not coded again."""
    monkeypatch.setenv("EVIDENCE_ROOT", str(paper.root))
    monkeypatch.setenv("EVIDENCE_RUN_DIR", str(paper.root / "run"))
    return Tracer(paper.root)


# The three steps, each as the faults that a reader would meet.


def in_document(paper: Paper, name: str, fact: dict[str, Any]) -> list[str]:
    """Step 1: text -> table of facts, which says what it rests on."""
    row = paper.rows.get(name)
    if row is None:
        return [f"{name}: not in the table of facts of the DOCX"]
    faults = []
    if squeezed(fact["text"]) not in squeezed(row.cells[1]):
        faults.append(f"{name}: the DOCX says {row.cells[1]!r}")
    named = [*fact["datasets"]]
    if "cited" in fact:
        named.append(f"from {fact['cited']['fact']} of {fact['cited']['report']}")
    faults += [
        f"{name}: the DOCX does not name {one}"
        for one in named
        if squeezed(one) not in squeezed(row.cells[3])
    ]
    mentions = {squeezed(text) for link, text in paper.mentions if link == f"#fact-{name}"}
    linked = {squeezed(text) for anchor, text in paper.links if anchor in row.bookmarks}
    if not mentions <= linked:
        faults.append(f"{name}: the text of the DOCX does not lead to it")
    return faults


def at_its_report(paper: Paper, name: str, fact: dict[str, Any]) -> list[str]:
    """Step 2: the table of facts -> the report that stated it, where it is the same."""
    if "cited" not in fact:
        return []
    slug, first = fact["cited"]["report"], fact["cited"]["fact"]
    page = (paper.build / PAPER / "report.html").read_text(encoding="utf-8")
    there = paper.facts(slug).get(first) if (paper.build / slug).is_dir() else None
    if there is None:
        return [f"{name}: {slug} states no {first}"]
    faults = [f"{name}: {slug} has another {key}" for key in SAME if fact[key] != there[key]]
    if f'href="../{slug}/report.html#fact-{first}"' not in page:
        faults.append(f"{name}: no link to {slug}")
    if f'id="fact-{first}"' not in (paper.build / slug / "report.html").read_text(encoding="utf-8"):
        faults.append(f"{name}: the page of {slug} has no place for it")
    return faults


def in_the_data(paper: Paper, name: str, fact: dict[str, Any]) -> list[str]:
    """Step 3: the report -> its datasets, whose files are those that it names, with rows."""
    slug = fact.get("cited", {}).get("report", PAPER)
    page = (paper.build / slug / "report.html").read_text(encoding="utf-8")
    known = {entry["name"]: entry for entry in paper.content(slug, "manifest.json")["datasets"]}
    faults = [] if fact["datasets"] else [f"{name}: rests on nothing"]
    for dataset in fact["datasets"]:
        if dataset not in known or f'id="source-{dataset}"' not in page:
            faults.append(f"{name}: {slug} does not list {dataset}")
            continue
        for file in known[dataset]["files"]:
            path = paper.root / "data" / "raw" / dataset / file["name"]
            content = path.read_bytes() if path.is_file() else b""
            if hashlib.sha256(content).hexdigest() != file["sha256"]:
                faults.append(f"{name}: {path.name} is not what {slug} read")
            elif file["rows"] is not None and data_rows(content) != file["rows"]:
                faults.append(f"{name}: {path.name} has other rows")
            if squeezed(file["name"]) not in paper.tables:
                faults.append(f"{name}: the DOCX does not name {file['name']}")
        if not any(file["rows"] for file in known[dataset]["files"]):
            faults.append(f"{name}: {dataset} has no rows")
    return faults


@cache
def data_rows(content: bytes) -> int:
    return sum(1 for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) if row) - 1


def rows_by_line(path: Path) -> dict[int, dict[str, str]]:
    """Return the rows by the line on which they begin."""
    known, begins = {}, 2
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        for row in reader:
            known[begins], begins = row, reader.line_num + 1
    return known


def walk(paper: Paper) -> list[str]:
    """Go all three steps for every fact of the paper."""
    return [
        fault
        for name, fact in paper.facts().items()
        for step in (in_document, at_its_report, in_the_data)
        for fault in step(paper, name, fact)
    ]


@contextmanager
def changed(path: Path, old: str, new: str) -> Iterator[None]:
    """Change a file of the project for a while; a report's marker, too, as if it had been built so."""
    kept = path.read_bytes()
    marker = path.parent / "_SUCCESS"
    mark = marker.read_bytes() if marker.is_file() else None
    assert old in kept.decode(), f"{path.name} has no {old}"
    path.write_text(kept.decode().replace(old, new, 1), encoding="utf-8")
    try:
        if mark is not None:
            mark_success(path.parent)
        yield
    finally:
        path.write_bytes(kept)
        if mark is not None:
            marker.write_bytes(mark)


def test_every_fact_leads_from_the_document_to_its_rows(paper: Paper) -> None:
    facts = paper.facts()
    assert len(facts) > 50
    assert set(paper.rows) == set(facts)
    assert {fact["cited"]["report"] for fact in facts.values() if "cited" in fact} == {
        entry["slug"] for entry in paper.content(PAPER, "manifest.json")["composes"]
    }
    assert walk(paper) == []


def test_every_fact_stands_in_the_pdf_with_its_value_and_sources(paper: Paper) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed: install Debian's package poppler-utils")
    command = ["pdftotext", "-raw", str(paper.pdf), "-"]
    text = squeezed(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    facts = paper.facts()
    at = [text.rindex(squeezed("FactValueUnitRests on" + next(iter(facts))))]
    for name in facts:
        at.append(text.index(name, at[-1]) + len(name))
    for (name, fact), start, end in zip(facts.items(), at[1:], [*at[2:], len(text)], strict=True):
        row = text[start:end]
        cited = fact.get("cited")
        named = [
            fact["text"],
            *fact["datasets"],
            *([f"{cited['fact']} of {cited['report']}"] if cited else []),
        ]
        assert [one for one in named if squeezed(one) not in row] == [], (name, row)


def test_mentions_in_the_pdf_are_links_into_it(paper: Paper) -> None:
    with pikepdf.open(paper.pdf) as pdf:
        notes = [note for sheet in pdf.pages for note in sheet.get("/Annots", [])]
        inside = [note for note in notes if "/Dest" in note or ("/A" in note and note.A.S == "/GoTo")]
    assert len(inside) >= len(paper.mentions) > 50


def test_the_trace_of_every_fact_is_whole_and_takes_three_steps(paper: Paper, tracer: Tracer) -> None:
    for name, fact in paper.facts().items():
        trace = tracer.trace(PAPER, name)
        assert trace.all_faults == (), name
        assert len(trace.stated) == (2 if "cited" in fact else 1)
        assert trace.notebook.startswith("notebooks/"), name
        assert [dataset.name for dataset in trace.datasets] == fact["datasets"]
        for dataset in trace.datasets:
            assert any(file.rows for file in dataset.files), (name, dataset.name)


def test_lines_are_those_of_the_raw_file(paper: Paper, tracer: Tracer) -> None:
    (dataset, _) = tracer.trace(PAPER, "clusters_spot_total").datasets
    (file,) = dataset.files
    whole, own = file.lines
    rows = (paper.root / file.path).read_text(encoding="utf-8").splitlines()
    assert whole.lines == tuple(range(2, len(rows) + 1))
    assert own.country == "MT"
    assert [rows[line - 1].split(",")[0] for line in own.lines] == ["MT"]


def test_answers_behind_a_theme_are_those_that_were_coded(paper: Paper, tracer: Tracer) -> None:
    trace = tracer.trace(PAPER, "themes_top_share_1")
    machine, people = trace.ids
    raw = paper.root / "data" / "raw"
    known = rows_by_line(raw / machine.dataset / machine.file)
    for name, _ in machine.names:
        ((_, line),) = tracer.trace(PAPER, f"answer:{name}").ids[0].names
        row = known[line]
        assert name in {answer_name(machine.dataset, row["respondent_id"], question) for question in row}
    lines = (raw / people.dataset / people.file).read_text(encoding="utf-8").splitlines()
    theme = machine.what.split()[-1]
    for name, line in people.names:
        answer, coder, themes = lines[line - 1].split(",")[:3]
        assert (f"{answer} {coder}", True) == (name, theme in themes.split(";"))
    slug = trace.stated[-1].slug
    with (paper.build / slug / "tables" / "shares.csv").open(encoding="utf-8", newline="") as stream:
        (share,) = (float(row["share_machine"]) for row in csv.DictReader(stream) if row["theme"] == theme)
    answers = paper.facts(slug)["themes_answers"]["value"]
    assert len(machine.names) / answers == pytest.approx(share)


def test_the_example_in_the_documentation_is_what_the_command_prints(
    paper: Paper, tracer: Tracer, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "docs" / "tracing.md").read_text(encoding="utf-8")
    found = re.search(r"```bash\nevidence trace (\S+) (\S+)\n```\n\n```text\n(.*?)```", text, re.S)
    assert found
    assert evidence(["trace", found[1], found[2]]) == 0
    assert capsys.readouterr().out == found[3]


def test_words_of_answers_are_never_told(
    paper: Paper, tracer: Tracer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evidence(["trace", PAPER, "voices", "--all"]) == 0
    told = capsys.readouterr().out
    with (paper.build / PAPER / "tables" / "themes-quotes.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert all(row["answer_id"] in told and row["text"] not in told for row in rows if len(row["text"]) > 9)
    # Neither who gave them, nor lines, which would tell that two answers are those of one respondent.
    assert not re.search(r"\br[0-9a-f]{10}\b|\ba[0-9a-f]{10}, line", told)


def test_points_and_evidence_behind_a_recommendation(paper: Paper, tracer: Tracer) -> None:
    listed = {one.file: one for one in tracer.trace(PAPER, "recommendation:R05").ids}
    folder = paper.root / "data" / "raw" / listed["evidence.csv"].dataset
    lines = (folder / "evidence.csv").read_text(encoding="utf-8").splitlines()
    assert [line for _, line in listed["evidence.csv"].names] == [
        number for number, text in enumerate(lines, start=1) if text.startswith("R05,")
    ]
    for piece, _ in listed["evidence.csv"].names:
        assert tracer.trace(*piece.split(" ")).all_faults == ()
    behind = tracer.trace("recommendations-mt", "place_r05").ids
    assert [one.names for one in behind if one.file == "points.csv"] != []


def test_every_figure_and_table_leads_to_its_data(paper: Paper, tracer: Tracer) -> None:
    manifest = paper.content(PAPER, "manifest.json")
    for kind in ("figure", "table"):
        for entry in manifest[f"{kind}s"]:
            trace = tracer.trace(PAPER, f"{kind}:{entry['number']}")
            assert (trace.stated[0].name, trace.all_faults) == (entry["id"], ())
            assert trace.datasets
            assert (paper.root / trace.files[0]).is_file()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        # The report that is cited says something else, no longer says it, or the paper cites another fact.
        ("reports/build/cluster_counts-mt/facts.json", '"value": 1302', '"value": 1303'),
        ("reports/build/cluster_counts-mt/facts.json", '"name": "group_total"', '"name": "total"'),
        (f"reports/build/{PAPER}/facts.json", '"fact": "group_total"', '"fact": "group_countries"'),
        ("data/raw/cluster_organisations/cluster_organisations.csv", "ES,1,212", "ES,1,213"),
    ],
)
def test_a_broken_citation_is_found(
    paper: Paper, tracer: Tracer, file: str, old: str, new: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with changed(paper.root / file, old, new):
        assert [fault for fault in walk(paper) if fault.startswith("clusters_group_total:")]
        assert evidence(["trace", PAPER, "clusters_group_total"]) == 1
    assert "BROKEN: " in capsys.readouterr().out
    assert walk(paper) == []


@pytest.mark.parametrize(
    ("slug", "target", "words"),
    [
        ("policy_paper-m", "x", "not built; did you mean 'policy_paper-mt'"),
        ("../data", "x", "allowed are a-z"),
        (PAPER, "clusters_hh", "no fact 'clusters_hh'; did you mean 'clusters_hhi'"),
        (PAPER, "table:capacity-frai", "no table 'capacity-frai'; did you mean 'capacity-frail'"),
        (PAPER, "capacity-frail", "did you mean 'table:capacity-frail'"),
        (PAPER, "figur:1", "cannot be traced; did you mean 'figure'.*allowed: fact, figure"),
        (PAPER, "figure:99", "no figure '99'; it has: "),
        (PAPER, "recommendation:R55", "has no recommendation 'R55'; did you mean"),
        (PAPER, "answer:a000", "no answer that the report policy_paper-mt rests on is 'a000'"),
        ("cluster_counts-mt", "recommendation:R01", "rests on no register"),
    ],
)
def test_a_mistake_gives_one_clear_message(tracer: Tracer, slug: str, target: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        tracer.trace(slug, target)
