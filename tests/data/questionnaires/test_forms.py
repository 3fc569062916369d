"""The forms ask what the definition asks, in its languages, and are the same bytes each time."""

import io
import re
import zipfile
from xml.etree import ElementTree as ET

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from pyxform.xls2xform import convert

from helpers.cli import main
from helpers.data.errors import InputError
from helpers.data.project import project_root
from helpers.data.questionnaires.definition import load_questionnaire, questionnaire_names
from helpers.data.questionnaires.docx_form import docx_form
from helpers.data.questionnaires.phrases import KEYS, load_phrases
from helpers.data.questionnaires.xlsform import xlsform
from helpers.data.survey.mapping import assign
from helpers.data.survey.recognise import open_export

NAMES = questionnaire_names()
HOSTILE = [
    '=HYPERLINK("http://x.example","y")',
    "+1",
    "@SUM(A1)",
    "<script>alert(1)</script> & 'x'",
    "# not a heading",
]
XFORM = {"x": "http://www.w3.org/2002/xforms"}


@pytest.fixture(scope="module", params=NAMES)
def questionnaire(request):
    return load_questionnaire(request.param)


def sheets(data):
    """Return the sheets of a workbook as lists of mappings from column to text."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    tables = {}
    for sheet in book:
        head, *rows = sheet.iter_rows(values_only=True)
        tables[sheet.title] = [dict(zip(head, row, strict=True)) for row in rows]
    return tables


def xform(data):
    """Return the XForm that pyxform makes of a workbook, and its warnings."""
    warnings = []
    return ET.fromstring(convert(data, warnings=warnings, validate=False).xform), warnings


def test_pyxform_accepts_the_workbook_without_a_warning(questionnaire):
    form, warnings = xform(xlsform(questionnaire))
    assert warnings == []
    languages = {part.get("lang") for part in form.iterfind(".//x:translation", XFORM)}
    assert {language[-3:-1] for language in languages} == set(questionnaire.languages)


def test_the_online_form_asks_every_question_once(questionnaire):
    form, _ = xform(xlsform(questionnaire))
    asked = [bind.get("nodeset").rsplit("/", 1)[1] for bind in form.iterfind(".//x:bind", XFORM)]
    expected = [question.code for question in (*questionnaire.questions, *questionnaire.items.fields)]
    assert sorted(set(expected) & set(asked)) == sorted(expected)
    assert all(asked.count(code) == 1 for code in expected)


def test_required_questions_are_required_online_and_no_others(questionnaire):
    rows = sheets(xlsform(questionnaire))["survey"]
    required = {row["name"] for row in rows if row["required"]}
    asked = (*questionnaire.questions, *questionnaire.items.fields)
    expected = {question.code for question in asked if question.required} | {questionnaire.items.code}
    assert required == expected


def test_products_are_a_repeat_with_their_fields(questionnaire):
    rows = sheets(xlsform(questionnaire))["survey"]
    types = [row["type"] for row in rows]
    inside = rows[types.index("begin_repeat") + 1 : types.index("end_repeat")]
    fields = [field.code for field in questionnaire.items.fields]
    assert [row["name"] for row in inside] == [questionnaire.items.code, *fields]


def test_a_product_offers_its_own_units_and_no_others(questionnaire):
    tables = sheets(xlsform(questionnaire))
    unit = next(row for row in tables["survey"] if row["name"] == "unit")
    assert unit["choice_filter"] == f"selected(products, ${{{questionnaire.items.code}}})"
    offered = {
        row["name"]: row["products"].split() for row in tables["choices"] if row["list_name"] == "units"
    }
    for item in questionnaire.items.list:
        assert {code for code, products in offered.items() if item.code in products} == set(item.units)


def test_what_odk_exports_of_the_form_finds_its_questions(questionnaire, tmp_path):
    """ODK Central names columns by the groups they stand in, and writes the repeat as a file of its own."""
    form, _ = xform(xlsform(questionnaire))
    paths = [bind.get("nodeset").split("/")[2:] for bind in form.iterfind(".//x:bind", XFORM)]
    main_columns = ["-".join(path) for path in paths if "capacities" not in path and "meta" not in path]
    fields = [path[-1] for path in paths if "capacities" in path]
    tables = {
        "form.csv": ["SubmissionDate", *main_columns, "meta-instanceID", "KEY"],
        "form-capacity.capacities.csv": [*fields, "PARENT_KEY", "KEY"],
    }
    for name, columns in tables.items():
        (tmp_path / name).write_text(",".join(columns) + "\n" + "," * (len(columns) - 1) + "\n")
    with open_export(sorted(tmp_path.iterdir())) as export:
        assignment = assign(export, questionnaire)
    assert assignment.problems == ()
    found = {column.target.name for column in assignment.of() if column.target}
    assert found == {question.code for question in questionnaire.questions}


def test_consent_is_preset_to_the_most_private(questionnaire):
    consent = next(row for row in sheets(xlsform(questionnaire))["survey"] if row["name"] == "consent")
    assert consent["default"] == "totals"


def test_conditions_and_bounds_reach_the_form(questionnaire):
    rows = {row["name"]: row for row in sheets(xlsform(questionnaire))["survey"]}
    assert rows["conversion_months"]["relevant"] == "selected(${activities}, 'could_convert')"
    assert rows["conversion_months"]["constraint"] == ". >= 0 and . <= 60"
    assert rows["spare_share"]["constraint"] == ". >= 0 and . <= 100"
    assert rows["available_from"]["appearance"] == "month-year"
    assert rows["amount"]["type"] == "text"


def test_the_title_of_an_entry_does_not_name_who_answers(questionnaire):
    assert "instance_name" not in sheets(xlsform(questionnaire))["settings"][0]


def test_the_form_opens_in_the_language_that_is_asked_for(questionnaire):
    settings = sheets(xlsform(questionnaire, language="fr"))["settings"][0]
    assert settings["default_language"] == "Français (fr)"
    assert settings["form_title"] == questionnaire.title["fr"]


@pytest.mark.parametrize("make", [xlsform, docx_form])
def test_a_form_is_the_same_bytes_each_time(questionnaire, make):
    data = make(questionnaire)
    assert make(load_questionnaire(questionnaire.name)) == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        year, month = (int(part) for part in questionnaire.version.split("-"))
        assert {info.date_time for info in archive.infolist()} == {(year, month, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
        assert re.findall(r">(\d{4}-[^<]*)</dcterms:", core) == [f"{questionnaire.version}-01T00:00:00Z"] * 2


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_a_workbook_is_a_formula(project, oxygen, text):
    oxygen["questions"][3]["label"]["en"] = text
    oxygen["choices"]["purity"][0]["label"]["en"] = text
    oxygen["title"]["en"] = text
    root = project.write(oxygen)
    data = xlsform(load_questionnaire("oxygen", root), root)
    book = openpyxl.load_workbook(io.BytesIO(data))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value}
    assert kinds == {"s"}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())
    form, warnings = xform(data)
    assert warnings == []
    assert text in {(part.text or "") for part in form.iterfind(".//x:translation/x:text/x:value", XFORM)}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_stays_a_text_in_the_printed_form(project, oxygen, text):
    oxygen["questions"][3]["label"]["en"] = text
    root = project.write(oxygen)
    document = docx.Document(io.BytesIO(docx_form(load_questionnaire("oxygen", root), "en", root)))
    assert f"4. {text}" in [paragraph.text for paragraph in document.paragraphs]


@pytest.fixture(scope="module", params=["en", "fr", "de", "es", "it", "pl"])
def printed(request):
    questionnaire = load_questionnaire("vaccine_capacity")
    document = docx.Document(io.BytesIO(docx_form(questionnaire, request.param)))
    return questionnaire, document, request.param


def words(document):
    """Return all the text of a document, tables and boxes included."""
    return "\n".join(part.text or "" for part in document.element.body.iter(qn("w:t")))


def test_the_printed_form_has_headings_and_numbered_questions(printed):
    questionnaire, document, language = printed
    by_style = {}
    for paragraph in document.paragraphs:
        by_style.setdefault(paragraph.style.name, []).append(paragraph.text)
    assert by_style["Title"] == [questionnaire.title[language]]
    assert by_style["Heading 1"] == [section.label[language] for section in questionnaire.sections]
    assert by_style["Heading 2"] == [stage.label[language] for stage in questionnaire.stages()]
    numbers = [int(text.split(".")[0]) for text in by_style["Question"]]
    assert numbers == list(range(1, len(questionnaire.questions) + 2))


def test_the_printed_form_holds_every_text_of_its_language(printed):
    questionnaire, document, language = printed
    found = words(document)
    texts = [questionnaire.introduction, questionnaire.privacy]
    texts += [question.label for question in questionnaire.questions]
    texts += [item.label for item in questionnaire.items.list]
    lists = ("consent", "activities", "platforms", "stages", "seeks", "employees", "gmp")
    texts += [choice.label for name in lists for choice in questionnaire.choices[name]]
    assert [text[language] for text in texts if text[language] not in found] == []


def test_there_is_a_box_for_every_choice_and_each_has_its_own_number(printed):
    questionnaire, document, _ = printed
    lists = ("organisation_kind", "activities", "employees", "platforms", "gmp", "stages", "seeks", "consent")
    choices = sum(len(questionnaire.choices[name]) for name in lists)
    units = sum(len(item.units) for item in questionnaire.items.list)
    boxes = [box.find(qn("w:sdtPr")).find(qn("w:id")) for box in document.element.body.iter(qn("w:sdt"))]
    numbers = [box.get(qn("w:val")) for box in boxes]
    assert len(numbers) == len(set(numbers)) == choices + units


def test_pages_are_numbered_and_the_language_is_stated(printed):
    _, document, language = printed
    footer = document.sections[0].footer._element
    fields = [field.get(qn("w:instr")).strip() for field in footer.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert document.core_properties.language == language
    assert document.styles["Normal"].element.rPr.find(qn("w:lang")).get(qn("w:val")) == language


def test_heads_of_tables_repeat_on_the_next_page(printed):
    questionnaire, document, language = printed
    label = questionnaire.items.label[language]
    tables = [table for table in document.tables if table.cell(0, 0).text == label]
    assert len(tables) == len(questionnaire.stages())
    assert all(table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in tables)


def test_the_printed_form_refuses_a_language_it_does_not_have():
    with pytest.raises(InputError, match="language 'sv', allowed: en, fr"):
        docx_form(load_questionnaire("printing_3d"), "sv")


def test_every_message_of_the_forms_is_there_in_six_languages():
    phrases = load_phrases()
    for key in KEYS:
        assert set(phrases.texts[key]) == {"en", "fr", "de", "es", "it", "pl"}, key
        marks = {tuple(sorted(re.findall(r"{\w+}", text))) for text in phrases.texts[key].values()}
        assert len(marks) == 1, key


def test_a_language_without_messages_is_named(project, oxygen):
    oxygen["languages"] = ["en"]
    root = project.write(oxygen)
    shared = project.folder / "shared.yml"
    shared.write_text(
        shared.read_text(encoding="utf-8").replace("    en: Thank you.\n", ""), encoding="utf-8"
    )
    with pytest.raises(InputError, match=r"shared\.yml: phrases thanks: no text in en, allowed: fr"):
        docx_form(load_questionnaire("oxygen", root), "en", root)


@pytest.mark.parametrize(("given", "suffix"), [("xlsform", "xlsx"), ("docx", "docx")])
def test_the_command_writes_the_form(tmp_path, capsys, given, suffix):
    path = tmp_path / f"form.{suffix}"
    assert main(["form", "printing_3d", "--format", given, "--language", "pl", "--output", str(path)]) == 0
    assert str(path) in capsys.readouterr().out
    assert zipfile.is_zipfile(path)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["printing"], "no questionnaire 'printing'"),
        (["printing_3d", "--language", "sv"], "--language: found 'sv', allowed: en, fr, de, es, it, pl"),
        (
            ["printing_3d", "--output", "form.pdf"],
            "--output: found 'form.pdf', allowed: a file name that ends in .xlsx",
        ),
        (["printing_3d", "--output", "nowhere/form.xlsx"], "--output: found no folder 'nowhere'"),
    ],
)
def test_a_mistake_on_the_command_line_is_status_2(tmp_path, monkeypatch, capsys, arguments, message):
    monkeypatch.setenv("EVIDENCE_ROOT", str(project_root()))
    monkeypatch.chdir(tmp_path)
    assert main(["form", *arguments]) == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
