"""The DOCX is one that Word and LibreOffice open without repair, and holds what the report says."""

import io
import posixpath
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.reports.document.docx import write_docx
from helpers.reports.document.docx_widths import SIZES, fitted
from helpers.reports.document.docx_xml import bookmark_name
from helpers.reports.document.model import Bullets, Document, Grid, Heading, Paragraph, Run
from helpers.reports.document.reading import read_document

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
# Order of children in ISO/IEC 29500-1 (CT_PPrBase, EG_RPrBase, CT_TblPr, CT_TcPr, CT_SectPr), as far as we
# use them.
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore numPr pBdr shd tabs spacing ind contextualSpacing jc "
    "outlineLvl rPr",
    "rPr": "rStyle rFonts b bCs i iCs caps color spacing kern sz szCs u vertAlign lang",
    "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign",
    "sectPr": "headerReference footerReference footnotePr type pgSz pgMar cols vAlign titlePg docGrid",
}
SEVERAL = {"headerReference", "footerReference"}
"""Stand in front in any order: one for the first page, for even ones, for the others."""


@pytest.fixture(scope="module")
def document(report: Path) -> Document:
    return read_document(report)


@pytest.fixture(scope="module")
def file(document: Document, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("docx") / "report.docx"
    assert write_docx(document, path) == []
    return path


@pytest.fixture
def opened(file: Path) -> Any:
    return docx.Document(str(file))


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert len(set(archive.namelist())) == len(archive.namelist()), "a part is there twice"
        return {name: archive.read(name) for name in archive.namelist()}


def tree(path: Path, name: str = "word/document.xml") -> ElementTree.Element:
    return ElementTree.fromstring(parts(path)[name])


def paragraphs(opened: Any, style: str) -> list[str]:
    return [paragraph.text for paragraph in opened.paragraphs if paragraph.style.name == style]


def header_text(opened: Any) -> str:
    # python-docx passes over content controls.
    return "".join(node.text or "" for node in opened.sections[0].header._element.iter(qn("w:t")))


# What Word asks of a file


def relations(path: Path) -> Iterator[tuple[str, str, str, bool]]:
    """Yield part, id, target and whether it lies outside, of every relationship."""
    for name, content in parts(path).items():
        if not name.endswith(".rels"):
            continue
        folder, _, own = name.rpartition("_rels/")
        for relation in ElementTree.fromstring(content):
            target = relation.attrib["Target"]
            outside = relation.attrib.get("TargetMode") == "External"
            place = target if outside else posixpath.normpath(posixpath.join("/", folder, target))
            yield folder + own.removesuffix(".rels"), relation.attrib["Id"], place, outside


def assert_sound(path: Path) -> None:
    """Fail where Word would offer to repair a file."""
    held = parts(path)
    types = ElementTree.fromstring(held["[Content_Types].xml"])
    endings = {entry.attrib.get("Extension") for entry in types}
    names = {entry.attrib.get("PartName") for entry in types}
    for name in held:
        if name != "[Content_Types].xml":
            assert f"/{name}" in names or name.rpartition(".")[2] in endings, f"{name} has no content type"
    assert all(name is None or name.lstrip("/") in held for name in names), (
        "a type of a part that is not there"
    )
    related: dict[str, set[str]] = {}
    for part, id_, place, outside in relations(path):
        assert outside or place.lstrip("/") in held, f"{part}: {place} is missing"
        assert id_ not in related.setdefault(part, set()), f"{part}: {id_} is there twice"
        related[part].add(id_)
    for name in (name for name in held if name.startswith("word/") and name.endswith(".xml")):
        root = ElementTree.fromstring(held[name])
        assert_ordered(root, name)
        for node in root.iter():
            used = {value for key, value in node.attrib.items() if key.startswith(R)}
            assert used <= related.get(name, set()), f"{name}: {node.tag} uses {used}"
    assert_unique(ElementTree.fromstring(held["word/document.xml"]))
    assert_styles(held)


def assert_ordered(root: ElementTree.Element, name: str) -> None:
    for tag, order in ORDER.items():
        for node in root.iter(W + tag):
            children = [child.tag.removeprefix(W) for child in node]
            known = [order.split().index(child) for child in children if child in order.split()]
            assert known == sorted(known), f"{name}: {tag} holds {children}"
            once = [child for child in children if child not in SEVERAL]
            assert len(set(once)) == len(once), f"{name}: {tag} holds {children}"


def assert_unique(root: ElementTree.Element) -> None:
    drawings = [node.attrib["id"] for node in root.iter() if node.tag.endswith("}docPr")]
    assert len(set(drawings)) == len(drawings)
    starts = [(node.attrib[W + "id"], node.attrib[W + "name"]) for node in root.iter(W + "bookmarkStart")]
    ends = [node.attrib[W + "id"] for node in root.iter(W + "bookmarkEnd")]
    assert sorted(id_ for id_, _ in starts) == sorted(ends)
    assert len({id_ for id_, _ in starts}) == len(starts)
    assert len({name.casefold() for _, name in starts}) == len(starts)
    assert all(re.fullmatch(r"[A-Za-z]\w{0,39}", name) for _, name in starts)
    names = {name for _, name in starts}
    for link in root.iter(W + "hyperlink"):
        anchor = link.attrib.get(W + "anchor")
        assert (anchor in names) if anchor else (R + "id" in link.attrib)
    for cell in root.iter(W + "tc"):
        assert cell[-1].tag == W + "p", "a cell must end with a paragraph"
    fields = [node.attrib[W + "fldCharType"] for node in root.iter(W + "fldChar")]
    assert fields.count("begin") == fields.count("separate") == fields.count("end")


def assert_styles(held: dict[str, bytes]) -> None:
    styles = ElementTree.fromstring(held["word/styles.xml"])
    known = [style.attrib[W + "styleId"] for style in styles.iter(W + "style")]
    assert len(set(known)) == len(known)
    for name in ("word/document.xml", "word/footnotes.xml"):
        for tag in ("pStyle", "rStyle", "tblStyle"):
            used = {node.attrib[W + "val"] for node in ElementTree.fromstring(held[name]).iter(W + tag)}
            assert used <= set(known), f"{name}: {used - set(known)}"
    numbers = ElementTree.fromstring(held["word/numbering.xml"])
    lists = {node.attrib[W + "numId"] for node in numbers.iter(W + "num")}
    root = ElementTree.fromstring(held["word/document.xml"])
    assert {node.attrib[W + "val"] for node in root.iter(W + "numId")} <= lists


def test_word_has_nothing_to_repair(file: Path) -> None:
    assert_sound(file)


def test_the_same_document_gives_the_same_bytes(document: Document, file: Path, tmp_path: Path) -> None:
    write_docx(document, tmp_path / "again.docx")
    assert (tmp_path / "again.docx").read_bytes() == file.read_bytes()


def test_nothing_of_the_machine_is_in_the_file(file: Path, report: Path) -> None:
    held = b"".join(parts(file).values())
    assert str(report.parent).encode() not in held
    assert b"python-docx" not in held
    assert b"2026-11-06T00:00:00Z" in parts(file)["docProps/core.xml"]
    with zipfile.ZipFile(file) as archive:
        assert {member.date_time for member in archive.infolist()} == {(2026, 11, 6, 0, 0, 0)}
    assert not [
        place for _, _, place, outside in relations(file) if outside and not place.startswith("https://")
    ]


def test_opening_asks_nothing(file: Path) -> None:
    assert b"updateFields" not in parts(file)["word/settings.xml"]
    assert b"w:dirty" not in parts(file)["word/document.xml"]


# What a reader finds


def test_headings_title_and_properties_are_real(opened: Any, document: Document) -> None:
    assert paragraphs(opened, "Title") == ["Clusters & co"]
    assert paragraphs(opened, "Subtitle") == ["EU-27"]
    assert paragraphs(opened, "Heading 1")[:2] == ["In short", "1 Where they are"]
    assert paragraphs(opened, "Heading 2") == ["1.1 Further"]
    core = opened.core_properties
    assert (core.title, core.author, core.language) == ("Clusters & co", "The contributors", "en")


def test_the_contents_show_every_section_as_a_link(file: Path) -> None:
    contents = next(tree(file).iter(W + "sdt"))
    codes = "".join(node.text or "" for node in contents.iter(W + "instrText"))
    assert codes.strip().startswith("TOC ")
    links = ["".join(link.itertext()) for link in contents.iter(W + "hyperlink")]
    assert links == [
        "In short",
        "1 Where they are",
        "1.1 Further",
        "Sources",
        "Facts",
        "How this report was made",
    ]


def test_captions_count_by_field_and_can_be_linked(file: Path, opened: Any) -> None:
    captions = [p for p in opened.paragraphs if p.style.name == "Caption"]
    assert [caption.text[:8] for caption in captions[:3]] == ["Figure 1", "Table 1.", "Figure 2"]
    codes = [
        node.text.strip() for node in tree(file).iter(W + "instrText") if node.text and "SEQ" in node.text
    ]
    assert codes == ["SEQ Figure \\* ARABIC", "SEQ Table \\* ARABIC", "SEQ Figure \\* ARABIC"]
    names = {node.attrib[W + "name"] for node in tree(file).iter(W + "bookmarkStart")}
    assert {bookmark_name("fig-bars"), bookmark_name("table-counts"), bookmark_name("fact-total")} <= names


def test_a_picture_has_its_alternative_text_and_fits_the_page(opened: Any) -> None:
    first, second = opened.inline_shapes
    assert first._inline.docPr.get("descr").startswith("Illustrative sample data. Two bars ]]>")
    section = opened.sections[0]
    width = section.page_width - section.left_margin - section.right_margin
    assert first.width == pytest.approx(width, abs=Cm(0.01))
    assert second.width <= width


def test_tables_repeat_their_header_and_keep_rows_whole(opened: Any) -> None:
    table = next(table for table in opened.tables if table.rows[0].cells[0].text == "Country")
    assert [cell.text for cell in table.rows[0].cells] == ["Country", "Clusters", "Share of all"]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert table.rows[1].cells[1].paragraphs[0].alignment is not None
    assert table.rows[1].cells[0].paragraphs[0].alignment is None


def test_columns_fill_the_width_of_the_text(opened: Any) -> None:
    section = opened.sections[0]
    width = section.page_width - section.left_margin - section.right_margin
    for table in opened.tables:
        assert sum(cell.width for cell in table.rows[0].cells) == pytest.approx(width, abs=Cm(0.05))


def test_a_footnote_stands_in_its_part_with_separators(file: Path) -> None:
    notes = list(tree(file, "word/footnotes.xml").iter(W + "footnote"))
    assert [note.attrib.get(W + "type") for note in notes] == ["separator", "continuationSeparator", None]
    assert "".join(notes[2].itertext()).strip().startswith("From 60.0\xa0% to 65.0\xa0%")
    references = [node.attrib[W + "id"] for node in tree(file).iter(W + "footnoteReference")]
    assert references == [notes[2].attrib[W + "id"]]


def test_lists_are_lists_and_each_numbered_one_begins_with_one(tmp_path: Path, document: Document) -> None:
    items = ((Run("a"),), (Run("b"),))
    text = replace(document, blocks=(Bullets(items, True), Paragraph((Run("x"),)), Bullets(items, True)))
    write_docx(text, tmp_path / "lists.docx")
    numbers = [node.attrib[W + "val"] for node in tree(tmp_path / "lists.docx").iter(W + "numId")]
    assert numbers[0] == numbers[1] != numbers[2] == numbers[3]
    assert_sound(tmp_path / "lists.docx")


def test_every_page_says_draft_and_sample_data(opened: Any, document: Document, tmp_path: Path) -> None:
    assert header_text(opened) == "Clusters & co: EU-27Draft \u00b7 Illustrative sample data"
    footer = opened.sections[0].footer._element.xml
    assert " PAGE " in footer
    assert " NUMPAGES " in footer
    assert any(text.startswith("Illustrative sample data.") for text in paragraphs(opened, "Notice"))
    write_docx(replace(document, sample=False, status="published"), tmp_path / "final.docx")
    final = docx.Document(str(tmp_path / "final.docx"))
    assert "Draft" not in header_text(final)
    assert not [text for text in paragraphs(final, "Notice") if "made up" in text]


def test_the_page_is_a4_and_the_language_is_stated(opened: Any) -> None:
    section = opened.sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    assert opened.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}").get(qn("w:val")) == "en-GB"


def test_only_links_of_the_web_are_links(file: Path) -> None:
    outside = {place for _, _, place, outside in relations(file) if outside}
    assert outside == {"https://example.org/a?b=1", "https://example.org/gdp"}


def test_hostile_text_is_text(file: Path) -> None:
    held = parts(file)["word/document.xml"].decode()
    assert "<script>" not in held
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in held
    assert not set(held) & set("\u202e\u2066")


@given(text=st.text(max_size=60), anchor=st.text(max_size=60))
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_any_text_gives_a_sound_file(tmp_path: Path, text: str, anchor: str) -> None:
    run = Run(text, link=f"#{anchor}", note=(Run(text, link=text),))
    grid = Grid(
        "g", 3, (run,), (text, "b"), (((run,), ()),), (False, True), (run,), anchor=text, anchors=(anchor,)
    )
    blocks = (Heading(1, (run,), anchor), Paragraph((run,)), Bullets(((run,),)), grid, grid)
    made = Document(text, text, text, text, (text,), True, blocks, text, text)
    write_docx(made, tmp_path / "any.docx")
    assert_sound(tmp_path / "any.docx")


def test_a_number_that_is_out_of_turn_is_kept(tmp_path: Path, document: Document) -> None:
    grids = [Grid("g", n, (Run("x"),), ("a",), (((Run("1"),),),), (False,)) for n in (1, 4, 5)]
    write_docx(replace(document, blocks=tuple(grids)), tmp_path / "turn.docx")
    codes = [node.text.strip() for node in tree(tmp_path / "turn.docx").iter(W + "instrText") if node.text]
    seq = [code for code in codes if code.startswith("SEQ")]
    assert seq == ["SEQ Table \\* ARABIC", "SEQ Table \\* ARABIC \\r 4", "SEQ Table \\* ARABIC"]


# Widths of columns


def grid_of(*rows: tuple[str, ...], numeric: tuple[bool, ...] | None = None) -> Grid:
    header, *body = rows
    cells = tuple(tuple((Run(text),) for text in row) for row in body)
    return Grid("g", 1, (), header, cells, numeric or (False,) * len(header))


@given(
    words=st.lists(
        st.tuples(st.text(max_size=80), st.text(max_size=20), st.text(max_size=5)), min_size=1, max_size=5
    )
)
def test_widths_add_up_to_that_of_the_text(words: list[tuple[str, str, str]]) -> None:
    fit = fitted(grid_of(*words), 16.4)
    assert sum(fit.widths) == pytest.approx(16.4)
    assert min(fit.widths) > 0
    assert fit.size in SIZES


def test_a_column_of_much_text_is_wider_and_short_numbers_stay_on_a_line() -> None:
    fit = fitted(grid_of(("Text", "Share"), ("word " * 60, "12,345,678")), 16.0)
    assert fit.widths[0] > 3 * fit.widths[1]
    assert fit.widths[1] > 10 * 0.5 * 8.5 * 2.54 / 72
    assert fit.size == SIZES[0]


def test_one_long_text_among_short_ones_is_no_tower_of_lines() -> None:
    rows = [("a name of some letters", "12", "what it counts, in a few words", "on what it rests " * 3)] * 60
    rows.append(("first", "a value of many words " * 10, "may be first", "on what it rests " * 20))
    fit = fitted(grid_of(("Fact", "Value", "Unit", "Rests on"), *rows), 16.4)
    assert 220 * 0.5 * fit.size * 2.54 / 72 / fit.widths[1] < 9
    assert fit.widths[3] > fit.widths[1]


def test_a_table_of_many_columns_is_set_smaller() -> None:
    assert fitted(grid_of(("Production",) * 9, ("x",) * 9), 16.0).size < SIZES[0]


# Opened by others


@pytest.mark.slow
def test_libreoffice_opens_it(file: Path, tmp_path: Path) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed")
    command = [
        soffice,
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "pdf",
    ]
    done = subprocess.run(
        [*command, "--outdir", str(tmp_path), str(file)], capture_output=True, timeout=300, check=False
    )
    assert done.returncode == 0
    import pikepdf

    with pikepdf.open(tmp_path / "report.pdf") as made:
        assert len(made.pages) >= 3
        assert made.docinfo["/Title"] == "Clusters & co"


# On a reference document


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    """A ministry's document: its own page, header with a logo, styles, and a text that is left out."""
    made = docx.Document()
    made.styles["Heading 1"].font.size = Pt(31)
    made.styles["Title"].font.name = "Georgia"
    made.sections[0].page_width = Cm(20)
    header = made.sections[0].header.paragraphs[0]
    header.add_run("Ministry of Examples").add_picture(io.BytesIO(_png()))
    made.add_paragraph("Confidential text of the ministry")
    made.add_picture(io.BytesIO(_png()), width=Cm(2))
    path = tmp_path / "ministry.docx"
    made.save(str(path))
    return path


def _png() -> bytes:
    from PIL import Image

    held = io.BytesIO()
    Image.new("RGB", (9, 9), "navy").save(held, format="PNG")
    return held.getvalue()


def test_a_reference_gives_styles_page_and_header_and_nothing_else(
    document: Document, reference: Path, tmp_path: Path
) -> None:
    notes = write_docx(document, tmp_path / "out.docx", reference)
    made = docx.Document(str(tmp_path / "out.docx"))
    assert made.styles["Heading 1"].font.size == Pt(31)
    assert made.styles["Title"].font.name == "Georgia"
    assert made.sections[0].page_width == pytest.approx(Cm(20), abs=Cm(0.01))
    words = [paragraph.text for paragraph in made.sections[0].header.paragraphs]
    assert words[0] == "Ministry of Examples"
    assert "Draft" in words[-1]
    assert paragraphs(made, "Heading 1")[:2] == ["In short", "1 Where they are"]
    assert b"Confidential" not in b"".join(parts(tmp_path / "out.docx").values())
    assert notes
    assert "ministry.docx: styles that it lacks were added: " in notes[0]
    assert "Table Text" in notes[0]
    assert_sound(tmp_path / "out.docx")


def test_core_properties_as_libreoffice_relates_them_are_not_doubled(
    document: Document, reference: Path, tmp_path: Path
) -> None:
    other = tmp_path / "libreoffice.docx"
    ours = b"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    theirs = b"http://schemas.openxmlformats.org/officedocument/2006/relationships/metadata/core-properties"
    with zipfile.ZipFile(other, "w") as archive:
        for name, content in parts(reference).items():
            archive.writestr(name, content.replace(ours, theirs) if name == "_rels/.rels" else content)
    write_docx(document, tmp_path / "out.docx", other)
    assert_sound(tmp_path / "out.docx")


def test_our_own_document_can_be_the_reference(document: Document, file: Path, tmp_path: Path) -> None:
    assert write_docx(document, tmp_path / "again.docx", file) == []
    assert_sound(tmp_path / "again.docx")
    made = docx.Document(str(tmp_path / "again.docx"))
    assert paragraphs(made, "Title") == ["Clusters & co"]
    assert header_text(made) == "Clusters & co: EU-27Draft \u00b7 Illustrative sample data"
    other = replace(document, title="Other", status="published", sample=False)
    write_docx(other, tmp_path / "other.docx", file)
    assert header_text(docx.Document(str(tmp_path / "other.docx"))).strip() == "Other: EU-27"
