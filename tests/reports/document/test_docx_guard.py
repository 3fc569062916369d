"""A reference document is opened only if it is one, and brings nothing along but its looks."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from helpers.data.errors import InputError
from helpers.reports.document import docx_guard
from helpers.reports.document.docx import write_docx
from helpers.reports.document.docx_guard import open_reference
from helpers.reports.document.model import Document, Paragraph, Run

CONTENT = Document("T", "", "published", "2026-11-06", (), False, (Paragraph((Run("x"),)),), "t")
Change = Callable[[str, bytes], bytes]


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "plain.docx"
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "Ministry"
    made.save(str(path))
    return path


def changed(path: Path, change: Change, **added: bytes) -> Path:
    """Return a copy of a document with its parts changed, and further parts."""
    copy = path.with_name("changed.docx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
        for name, content in added.items():
            target.writestr(name, content)
    return copy


def same(_: str, content: bytes) -> bytes:
    return content


def inserted(part: str, before: str, text: str) -> Change:
    def change(name: str, content: bytes) -> bytes:
        return (
            content.replace(before.encode(), text.encode() + before.encode(), 1) if name == part else content
        )

    return change


def refused(path: Path, why: str) -> None:
    with pytest.raises(InputError, match=re.compile(rf"^{re.escape(path.name)}: .*{why}", re.S)) as caught:
        open_reference(path)
    assert len(caught.value.problems) == 1
    assert str(path.parent) not in str(caught.value)


def test_a_plain_document_is_opened_and_emptied(plain: Path) -> None:
    made = open_reference(plain)
    assert not made.paragraphs
    assert made.sections[0].header.paragraphs[0].text == "Ministry"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    refused(tmp_path / "none.docx", "there is no such reference document")


@pytest.mark.parametrize(
    "content", [b"", b"plain text", b"%PDF-1.7", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0" * 99]
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.docx"
    path.write_bytes(content)
    refused(path, r"allowed is a Word document \(.docx\) without macros")


def test_a_workbook_is_refused(tmp_path: Path) -> None:
    from openpyxl import Workbook

    Workbook().save(tmp_path / "book.docx")
    refused(tmp_path / "book.docx", "allowed is a Word document")


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "z.docx", "w") as archive:
        archive.writestr("a.txt", "x")
    refused(tmp_path / "z.docx", "no Word document")


@pytest.mark.parametrize(
    "name", ["word/vbaProject.bin", "word/activeX/activeX1.bin", "word/embeddings/oleObject1.bin"]
)
def test_macros_and_embedded_programs_are_refused(plain: Path, name: str) -> None:
    refused(changed(plain, same, **{name: b"x"}), "holds macros or other active content")


def test_a_document_that_says_it_has_macros_is_refused(plain: Path) -> None:
    def change(name: str, content: bytes) -> bytes:
        if name != "[Content_Types].xml":
            return content
        old = b"vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
        return content.replace(old, b"vnd.ms-word.document.macroEnabled.main+xml")

    refused(changed(plain, change), "holds macros")


def test_a_zip_bomb_is_refused_before_it_is_unpacked(plain: Path) -> None:
    refused(changed(plain, same, **{"word/media/x.png": bytes(20_000_000)}), "times its size")


def test_too_many_bytes_or_parts_are_refused(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx_guard, "MOST_PARTS", 3)
    refused(plain, "allowed: 200,000,000 in 3")
    monkeypatch.setattr(docx_guard, "MOST_BYTES", 10)
    refused(plain, "allowed: 10")


def test_entities_are_refused(plain: Path) -> None:
    evil = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    refused(changed(plain, inserted("word/styles.xml", "<w:styles", evil)), "declares entities")


def test_a_damaged_part_is_refused(plain: Path) -> None:
    def change(name: str, content: bytes) -> bytes:
        return content[: len(content) // 2] if name == "word/document.xml" else content

    refused(changed(plain, change), "damaged")


@pytest.mark.parametrize("target", ["file:///C:/Users/x/logo.png", "https://example.org/logo.png"])
def test_a_picture_that_is_fetched_is_refused(plain: Path, target: str) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId9" Type="{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    )
    refused(
        changed(plain, same, **{"word/_rels/header1.xml.rels": rels.encode()}), "fetches image from outside"
    )


@pytest.mark.parametrize(
    "code", ["INCLUDEPICTURE &quot;https://example.org/x&quot;", "DDEAUTO c:\\\\x", "dde x"]
)
def test_a_field_that_fetches_is_refused(plain: Path, code: str) -> None:
    field = f"<w:p><w:r><w:instrText>{code}</w:instrText></w:r></w:p>"
    refused(changed(plain, inserted("word/header1.xml", "</w:hdr>", field)), "a field in it fetches")


def test_a_page_number_in_the_footer_is_welcome(plain: Path) -> None:
    field = '<w:p><w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p>'
    assert (
        "PAGE"
        in open_reference(changed(plain, inserted("word/header1.xml", "</w:hdr>", field)))
        .sections[0]
        .header._element.xml
    )


def test_the_path_of_a_template_is_left_behind(plain: Path, tmp_path: Path) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{kind}" Target="file:///C:/Users/jane/x.dotm" TargetMode="External"/>'
        "</Relationships>"
    )
    where = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    change = inserted("word/settings.xml", "<w:zoom", f'<w:attachedTemplate {where} r:id="rId1"/>')
    path = changed(plain, change, **{"word/_rels/settings.xml.rels": rels.encode()})
    write_docx(CONTENT, tmp_path / "out.docx", path)
    with zipfile.ZipFile(tmp_path / "out.docx") as archive:
        held = b"".join(archive.read(name) for name in archive.namelist())
    assert b"jane" not in held
    assert b"attachedTemplate" not in held


def test_a_reference_without_room_for_text_is_refused(plain: Path, tmp_path: Path) -> None:
    made = docx.Document(str(plain))
    made.sections[0].left_margin = made.sections[0].page_width // 2
    made.sections[0].right_margin = made.sections[0].page_width // 2
    made.save(str(plain))
    with pytest.raises(InputError, match=r"leaves 0\.0 cm"):
        write_docx(CONTENT, tmp_path / "out.docx", plain)
