"""Files that would harm or mislead are refused with a message, before their content is unpacked."""

import zipfile
from contextlib import ExitStack

import pytest

from helpers.data.errors import InputError
from helpers.data.survey.source import open_source
from helpers.data.survey.workbook import OLE_MARK

SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{}</sheetData></worksheet>"
)
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="Sheet1">{}</table:table></office:spreadsheet></office:body>'
    "</office:document-content>"
)


def all_rows(path):
    with ExitStack() as resources:
        source = open_source(path, resources)
        return {name: list(rows()) for name, rows in source.tables.items()}


def refused(path):
    with pytest.raises(InputError) as fault:
        all_rows(path)
    return str(fault.value)


@pytest.fixture
def repacked(tmp_path, write_xlsx):
    """A function that replaces parts of a small workbook."""

    def repack(parts, name="bad.xlsx", compression=zipfile.ZIP_DEFLATED):
        good = write_xlsx({"Sheet": [["a", "b"], ["1", "2"]]}, "good.xlsx")
        path = tmp_path / name
        with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w", compression) as new:
            for member in old.namelist():
                if member not in parts:
                    new.writestr(member, old.read(member))
            for member, data in parts.items():
                new.writestr(member, data)
        return path

    return repack


def test_a_sheet_that_unpacks_to_hundreds_of_times_its_size_is_refused(repacked):
    row = '<row><c t="inlineStr"><is><t>' + "a" * 1000 + "</t></is></c></row>"
    path = repacked({"xl/worksheets/sheet1.xml": SHEET.format(row * 20_000)})
    assert path.stat().st_size < 1_000_000
    assert "times its size, allowed: 100 times" in refused(path)


def test_a_shared_part_that_would_not_fit_into_memory_is_refused(repacked, monkeypatch):
    monkeypatch.setattr("helpers.data.survey.workbook.MOST_IN_MEMORY", 10_000)
    path = repacked({"xl/sharedStrings.xml": "<sst>" + "<si><t>abc</t></si>" * 1_000 + "</sst>"})
    assert "save the answers as CSV instead" in refused(path)


def test_the_sum_of_all_parts_is_capped(repacked, monkeypatch):
    monkeypatch.setattr("helpers.data.survey.workbook.MOST_UNPACKED", 5_000)
    assert "unpacks to" in refused(repacked({"xl/extra.xml": "x" * 6_000}))


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"]
)
def test_entities_are_never_expanded(repacked, part):
    body = SHEET.format('<row><c t="inlineStr"><is><t>&c;</t></is></c></row>')
    assert "lollol" not in str(refused_or_read(repacked({part: LAUGHS + body})))


def refused_or_read(path):
    try:
        return all_rows(path)
    except InputError as fault:
        return str(fault)


def test_entities_in_an_ods_or_in_eusurveys_xml_are_refused(tmp_path):
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", LAUGHS + ODS.format(""))
    assert "damaged, or not what it seems to be" in refused(path)
    from helpers.data.survey.recognise import open_export

    xml = tmp_path / "a.xml"
    xml.write_text(LAUGHS + "<Results><Survey/>&c;</Results>")
    with pytest.raises(InputError, match="damaged, or not what it seems to be"), open_export([xml]):
        pass


@pytest.mark.parametrize(
    "row",
    [
        '<row r="999999999"><c r="A999999999"><v>1</v></c></row>',
        '<row r="1"><c r="XFD1"><v>1</v></c></row>',
        '<row r="x"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>77</v></c></row>',
    ],
)
def test_a_sheet_that_claims_a_billion_rows_or_other_nonsense_ends_in_a_message(repacked, row):
    assert refused(repacked({"xl/worksheets/sheet1.xml": SHEET.format(row)})).startswith("bad.xlsx: ")


def test_a_sheet_that_lies_about_its_size_is_read_by_what_is_there(repacked):
    sheet = SHEET.format('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2.5</v></c></row>')
    sheet = sheet.replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    assert all_rows(repacked({"xl/worksheets/sheet1.xml": sheet})) == {"Sheet": [["1", "2.5"]]}


def ods(tmp_path, rows):
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.format(rows))
    return path


CELL = '<table:table-cell office:value-type="string"{}><text:p>a</text:p></table:table-cell>'


def test_an_ods_that_repeats_a_filled_cell_or_row_without_end_is_refused(tmp_path):
    wide = CELL.format(' table:number-columns-repeated="16384"')
    assert "allowed: 1,048,576 by 2,000" in refused(
        ods(tmp_path, f"<table:table-row>{wide}</table:table-row>")
    )
    tall = f'<table:table-row table:number-rows-repeated="99999999">{CELL.format("")}</table:table-row>'
    assert "allowed: 1,048,576 by 2,000" in refused(ods(tmp_path, tall))


def test_an_ods_with_a_million_empty_rows_and_cells_at_its_end_is_read(tmp_path):
    empty = '<table:table-cell table:number-columns-repeated="16000"/>'
    rows = (
        f"<table:table-row>{CELL.format('')}{empty}</table:table-row>"
        f'<table:table-row table:number-rows-repeated="2">{empty}</table:table-row>'
        '<table:table-row><table:table-cell office:value-type="float" office:value="12"/>'
        '<table:table-cell office:value-type="date" office:date-value="2021-03-14T00:00:00"/>'
        "</table:table-row>"
        f'<table:table-row table:number-rows-repeated="1048000">{empty}</table:table-row>'
    )
    assert all_rows(ods(tmp_path, rows)) == {"Sheet1": [["a"], [], [], ["12", "2021-03-14"]]}


def test_password_protected_files_say_so(tmp_path, repacked):
    encrypted = tmp_path / "a.xlsx"
    encrypted.write_bytes(OLE_MARK + b"\0" * 2000 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 2000)
    assert "password-protected" in refused(encrypted)
    flagged = repacked({}, "b.xlsx")
    data = bytearray(flagged.read_bytes())
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    flagged.write_bytes(data)
    assert "password-protected" in refused(flagged)
    archive = tmp_path / "c.ods"
    with zipfile.ZipFile(archive, "w") as new:
        new.writestr("content.xml", b"\x01\x02")
        new.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    assert "password-protected" in refused(archive)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty file"),
        (b" \r\n ", "empty file"),
        (b"%PDF-1.7 \xff", "found a PDF"),
        (b"\x89PNG\r\n\x1a\n", "found a picture"),
        (b"<!DOCTYPE html><html><table>", "found a web page"),
        (b"PK\x03\x04 and no archive", "damaged archive"),
        (OLE_MARK + b"rubbish", "damaged, or not what it seems to be"),
        (b"a,b\n1,\x002\n", "row 2: found a NUL character"),
        (bytes(range(256)) * 20, "allowed: utf-8 text"),
    ],
)
def test_what_holds_no_answers_is_told_by_its_content(tmp_path, data, says):
    path = tmp_path / "answers.xlsx"
    path.write_bytes(data)
    message = refused(path)
    assert says in message
    assert message.startswith("answers.xlsx: ")


def test_the_extension_means_nothing(tmp_path, write_xlsx):
    book = write_xlsx({"Sheet": [["a", "b"], ["1", "2"]]}, "answers.csv")
    assert all_rows(book) == {"Sheet": [["a", "b"], ["1", "2"]]}
    text = tmp_path / "answers.xls"
    text.write_text("a;b\n1;2\n")
    assert all_rows(text) == {"answers": [["a", "b"], ["1", "2"]]}


def test_missing_files_and_folders_without_tables(tmp_path):
    assert refused(tmp_path / "none.csv") == "none.csv: no such file"
    (tmp_path / "folder").mkdir()
    assert "found no table inside" in refused(tmp_path / "folder")


def test_xls_gives_numbers_and_dates_as_text(tmp_path):
    from datetime import datetime

    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    sheet.write(1, 1, "a")
    sheet.write(2, 1, 12.0)
    sheet.write(2, 2, datetime(2021, 3, 14, 10, 22, 5), xlwt.easyxf(num_format_str="YYYY-MM-DD HH:MM:SS"))
    book.save(str(tmp_path / "a.xls"))
    assert all_rows(tmp_path / "a.xls") == {"Sheet1": [[], ["", "a"], ["", "12", "2021-03-14 10:22:05"]]}
