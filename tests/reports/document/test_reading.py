"""A document says what the page says to a reader, and nothing that only a screen needs."""

import shutil
from pathlib import Path
from typing import TypeVar

import pytest

from helpers.data.errors import InputError
from helpers.reports.comments.model import Comment
from helpers.reports.comments.shown import with_comments
from helpers.reports.document.links import anchors_of
from helpers.reports.document.model import (
    Bullets,
    Document,
    Grid,
    Heading,
    Paragraph,
    Picture,
    Run,
    plain,
)
from helpers.reports.document.notes import with_notes
from helpers.reports.document.reading import read_document
from helpers.reports.staging import mark_success

Kind = TypeVar("Kind")


@pytest.fixture(scope="module")
def document(report: Path) -> Document:
    return read_document(report)


def every_run(document: Document) -> list[Run]:
    found: list[Run] = []
    for block in document.blocks:
        if isinstance(block, Heading | Paragraph):
            found += block.runs
        elif isinstance(block, Bullets):
            found += [run for item in block.items for run in item]
        elif isinstance(block, Picture | Grid):
            found += [*block.caption, *block.source]
        if isinstance(block, Grid):
            found += [run for row in block.rows for cell in row for run in cell]
    return found + [inner for run in found for inner in run.note or ()]


def of_kind(document: Document, kind: type[Kind]) -> list[Kind]:
    return [block for block in document.blocks if isinstance(block, kind)]


def test_title_status_date_authors_and_marks_are_attributes(document: Document) -> None:
    assert (document.title, document.subtitle, document.status) == ("Clusters & co", "EU-27", "draft")
    assert (document.date, document.authors, document.sample) == ("2026-11-06", ("The contributors",), True)
    assert (document.slug, document.language) == ("counts-eu27", "en")
    assert document.citation.startswith("The contributors: Clusters & co: EU-27.")


def test_sections_keep_order_level_and_number(document: Document) -> None:
    assert [(block.level, plain(block.runs)) for block in of_kind(document, Heading)] == [
        (1, "In short"),
        (1, "1 Where they are"),
        (2, "1.1 Further"),
        (1, "Sources"),
        (1, "Facts"),
        (1, "How this report was made"),
    ]


def test_question_notice_quote_check_and_lists_are_there(document: Document) -> None:
    said = {(block.style, plain(block.runs)) for block in of_kind(document, Paragraph)}
    assert {
        ("normal", "How many clusters are there?"),
        ("notice", "The programme ended."),
        ("quote", "Said so."),
        ("check", "Checked: nineteen is nineteen"),
    } <= said
    lists = [(block.ordered, [plain(item) for item in block.items]) for block in of_kind(document, Bullets)]
    assert lists[:2] == [(False, ["one", "two"]), (True, ["first", "second"])]


def test_a_figure_has_number_caption_alt_files_source_and_mark(document: Document, report: Path) -> None:
    first, second = of_kind(document, Picture)
    assert (first.id, first.number, first.anchor, second.number) == ("bars", 1, "fig-bars", 2)
    assert plain(first.caption).startswith("Illustrative sample data. Bars ]]>")
    assert first.alt.startswith("Illustrative sample data. Two bars")
    assert (first.png, first.svg) == (report / "figures" / "bars.png", report / "figures" / "bars.svg")
    assert plain(first.source) == "Source: GDP (2019 to 2023; illustrative sample data). Note."
    assert first.sample


def test_a_table_has_header_rows_numbers_and_source(document: Document) -> None:
    table = next(block for block in of_kind(document, Grid) if block.number == 1)
    assert table.header == ("Country", "Clusters", "Share of all")
    assert table.numeric == (False, True, True)
    assert [plain(cell) for cell in table.rows[0]] == ["Austria", "12", "63.1\xa0%"]
    assert plain(table.source).startswith(": not available. Source: GDP")
    assert table.anchor == "table-counts"


def test_facts_and_sources_are_tables_whose_rows_links_lead_to(document: Document) -> None:
    facts = next(block for block in of_kind(document, Grid) if block.id == "facts")
    assert facts.anchors == ("fact-total", "fact-share")
    sources = next(block for block in of_kind(document, Grid) if block.id == "sources")
    assert sources.anchors == ("source-gdp",)
    assert [plain(cell) for cell in sources.rows[0]][3] == "gdp.csv, 12 rows"


def test_what_only_a_screen_needs_is_left_out(document: Document) -> None:
    words = " ".join(run.text for run in every_run(document))
    for left_out in (
        "secret_code",
        "Download",
        "Data behind",
        "Back to the top",
        "Skip to",
        "ab" * 6,
        "Show all",
    ):
        assert left_out not in words


@pytest.mark.parametrize("target", ["report", "fact:total", "fact:share", "figure:bars", "table:counts"])
def test_what_reviewers_said_of_a_draft_is_left_out(
    document: Document, report: Path, tmp_path: Path, target: str
) -> None:
    copy = tmp_path / report.name
    shutil.copytree(report, copy)
    page = (copy / "report.html").read_text(encoding="utf-8")
    said = Comment("c0123456789", target, "REVIEWER", "2026-11-20", "must", "SAID", "open")
    commented = with_comments(page, [said])
    assert "REVIEWER" in commented
    (copy / "report.html").write_text(commented, encoding="utf-8")
    mark_success(copy)
    words = [run.text for run in every_run(read_document(copy))]
    assert words == [run.text for run in every_run(document)]


def test_every_link_inside_leads_somewhere(document: Document) -> None:
    known = {f"#{name}" for name in anchors_of(document.blocks)}
    links = {run.link for run in every_run(document) if run.link.startswith("#")}
    assert links
    assert links <= known


def test_only_links_of_the_web_and_of_the_project_stay(document: Document) -> None:
    outside = {run.link for run in every_run(document) if run.link and not run.link.startswith("#")}
    assert outside == {"https://example.org/a?b=1", "https://example.org/gdp", "../other/report.html#fact-x"}


def test_a_fact_with_an_interval_has_one_footnote_at_its_first_mention(document: Document) -> None:
    runs = [run for run in every_run(document) if run.link == "#fact-share"]
    assert [run.note is not None for run in runs[:2]] == [True, False]
    note = plain(runs[0].note or ())
    assert note.startswith("From 60.0\xa0% to 65.0\xa0% (of the clusters). Of those who answered ]]>")
    assert all(run.note is None for run in every_run(document) if run.link == "#fact-total")


def test_the_first_fact_of_each_other_report_says_which_report(document: Document) -> None:
    facts = [{"name": name, "cited": {"report": "counts-at", "fact": "x"}} for name in ("a", "b")]
    text = Paragraph((Run("1", link="#fact-a"), Run("2", link="#fact-b"), Run("1", link="#fact-a")))
    (noted,) = with_notes([text], facts)
    assert isinstance(noted, Paragraph)
    assert [plain(run.note or ())[:34] for run in noted.runs] == [
        "Stated by the report counts-at; th",
        "",
        "",
    ]


def test_no_text_holds_what_breaks_a_document_or_turns_it_around(document: Document) -> None:
    words = "".join(run.text for run in every_run(document)) + document.title
    assert not set(words) & set("\x00\x0b\x1b\u202e\u2066\ufffe")
    assert "<script>alert(1)</script>" in words, "hostile text is shown as text"


def test_a_folder_that_is_no_report_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no complete report"):
        read_document(tmp_path)


def test_a_report_that_was_changed_is_refused(report: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(report, copy)
    (copy / "tables" / "counts.csv").write_text("x")
    with pytest.raises(InputError, match=r"counts.csv has changed"):
        read_document(copy)


def test_a_figure_without_its_file_is_refused(report: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(report, copy)
    (copy / "figures" / "bars.png").unlink()
    mark_success(copy)
    with pytest.raises(InputError, match=r"figures/bars.png is missing"):
        read_document(copy)


def test_a_damaged_manifest_is_refused(report: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(report, copy)
    (copy / "manifest.json").write_text("{")
    mark_success(copy)
    with pytest.raises(InputError, match=r"manifest.json is not JSON"):
        read_document(copy)
