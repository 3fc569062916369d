"""The PDF is marked and built as PDF/UA-1, and shows texts as they were written."""

import sys
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from helpers.data.errors import InputError
from helpers.reports.document.model import (
    Bullets,
    Document,
    Grid,
    Heading,
    Paragraph,
    Picture,
    Run,
)
from helpers.reports.document.pdf import write_pdf

HOSTILE = '#panic("x") $x$ @key <b> ]]> = heading // note \\ * _ ` ~ #import "/etc/passwd"'


def picture(folder: Path, alt: str = "A square") -> Picture:
    Image.new("RGB", (40, 30), "navy").save(folder / "one.png")
    (folder / "one.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30" viewBox="0 0 40 30">'
        '<path d="M0 0h9v9z"/></svg>'
    )
    return Picture(
        "one", 1, (Run("A caption"),), alt, folder / "one.svg", folder / "one.png", (), True, "fig-one"
    )


def document(folder: Path) -> Document:
    grid = Grid(
        "facts",
        1,
        (Run("Numbers"),),
        ("Fact", "Value"),
        (((Run("total"),), (Run("1,302"),)), ((Run("share"),), (Run("77 %", link="#fig-one"),))),
        (False, True),
        (Run("Source: somebody"),),
        anchor="facts",
        anchors=("fact-total", ""),
    )
    blocks = (
        Heading(1, (Run("Summary"),), "summary"),
        Paragraph((Run("There are "), Run("1,302", bold=True, link="#fact-total"), Run(HOSTILE))),
        Paragraph((Run("With a note", note=(Run("the note"),)),)),
        Heading(3, (Run("A level too deep"),), "deep"),
        Bullets(((Run("one"),), (Run("two", italic=True),)), ordered=True),
        picture(folder),
        grid,
        Paragraph((Run("nowhere", link="#gone"), Run("aside", link="../x"), Run("w", link="https://e.org"))),
    )
    return Document(
        "Clusters", "EU-27", "draft", "2026-11-22", ("A. B.",), True, blocks, "clusters-eu27", "Cite."
    )


def elements(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    """Return every element of the tree of structure."""
    found, left = [], [pdf.Root.StructTreeRoot]
    while left:
        node = left.pop()
        if isinstance(node, pikepdf.Array):
            left += list(node)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append(node)
            left += [node["/K"]] if "/K" in node else []
    return found


@pytest.fixture
def made(tmp_path: Path) -> pikepdf.Pdf:
    write_pdf(document(tmp_path), tmp_path / "report.pdf")
    return pikepdf.open(tmp_path / "report.pdf")


def test_it_declares_pdf_ua_1_a_title_and_a_language(made: pikepdf.Pdf) -> None:
    with made.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Clusters"
    assert made.Root.MarkInfo.Marked
    assert str(made.Root.Lang) == "en"
    assert made.Root.ViewerPreferences.DisplayDocTitle


def test_headings_lists_tables_figures_and_notes_are_told_apart(made: pikepdf.Pdf) -> None:
    roles = [str(element.S) for element in elements(made)]
    for role in ("/H1", "/H2", "/L", "/LI", "/Table", "/TH", "/TD", "/Figure", "/Caption", "/Link", "/Note"):
        assert role in roles, role
    assert "/H3" not in roles  # no level is left out below the section
    assert roles.count("/TH") == 2


def test_each_figure_has_its_alternative_text(made: pikepdf.Pdf) -> None:
    assert [str(e.Alt) for e in elements(made) if str(e.S) == "/Figure"] == ["A square"]


def test_links_lead_into_the_document_or_to_the_web_and_nowhere_else(made: pikepdf.Pdf) -> None:
    addresses = [
        str(note.A.URI)
        for page in made.pages
        for note in page.get("/Annots", [])
        if "/A" in note and "/URI" in note.A
    ]
    assert addresses == ["https://e.org"]


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        write_pdf(document(tmp_path), tmp_path / name)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_no_name_of_the_machine_stands_in_it(tmp_path: Path) -> None:
    write_pdf(document(tmp_path), tmp_path / "report.pdf")
    assert str(tmp_path).encode() not in (tmp_path / "report.pdf").read_bytes()


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60))
def test_any_text_can_be_written(tmp_path: Path, text: str) -> None:
    whole = document(tmp_path)
    block = Paragraph((Run(text), Run(text, bold=True)), "quote")
    write_pdf(replace(whole, blocks=(*whole.blocks, block)), tmp_path / "report.pdf")


def test_a_picture_without_alternative_text_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    whole = document(tmp_path)
    path = tmp_path / "report.pdf"
    with pytest.raises(InputError, match="clusters-eu27: figure one: has no alternative text"):
        write_pdf(replace(whole, blocks=(picture(tmp_path, " "),)), path)
    assert not path.exists()


def test_without_typst_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(InputError, match=r"extra 'pdf'"):
        write_pdf(document(tmp_path), tmp_path / "report.pdf")
