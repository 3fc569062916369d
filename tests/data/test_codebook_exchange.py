"""A codebook goes to programs for qualitative analysis and comes back; hostile files do no harm."""

import csv
import uuid
import xml.etree.ElementTree as ET

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data.catalog import read_raw
from helpers.data.codebook_description import read_description, written_description
from helpers.data.codebook_exchange import MOST_BYTES, MOST_CODES, qdc_bytes, read_qdc
from helpers.data.codebook_folder import (
    CodebookTables,
    csv_bytes,
    read_codebook_folder,
    read_csv,
    write_codebook_folder,
)
from helpers.data.errors import InputError
from helpers.data.project import project_root
from helpers.data.verify import verify

SPACE = "{urn:QDA-XML:codebook:1.0}"
ABOUT = {
    "title": "Codebook",
    "producer": "We",
    "citation": "We.",
    "licence": "MIT",
    "vintage": "2026-11",
    "notes": "A trial.",
}
TERMS = [
    {"theme": "energy", "language": "en", "term": "power cut", "effect": "codes"},
    {"theme": "energy", "language": "de", "term": "strompreis*", "effect": "codes"},
    {"theme": "energy", "language": "en", "term": "human energy", "effect": "cancels"},
    {"theme": "skills", "language": "*", "term": "know-how", "effect": "codes"},
]
THEMES = [
    {
        "theme": "energy",
        "order": "1",
        "label": "Energy & fuels <b>",
        "definition": "Power.\nTheme: this line only looks like one",
        "belongs": "Power cuts; grids",
        "does_not_belong": "",
        "stages": "vials;storage",
    },
    {"theme": "skills", "order": "2", "label": "=Skills", "definition": "", "belongs": "", "stages": ""},
]


def tables(themes=THEMES, terms=TERMS):
    return CodebookTables(
        pd.DataFrame(themes).fillna("").astype("str"),
        pd.DataFrame(terms, columns=["theme", "language", "term", "effect"]).astype("str"),
    )


def imported(tmp_path, data):
    path = tmp_path / "x.qdc"
    path.write_bytes(data)
    return read_qdc(path)


def qdc(codes, head="", space='xmlns="urn:QDA-XML:codebook:1.0"', extra=""):
    start = f'<?xml version="1.0" encoding="utf-8"?>{head}<CodeBook {space} origin="NVivo">'
    return f"{start}<Codes>{codes}</Codes>{extra}</CodeBook>".encode()


def test_a_codebook_comes_back_as_it_went(tmp_path):
    found = imported(tmp_path, qdc_bytes(tables())).tables
    for column in THEMES[0]:
        assert found.themes[column].tolist() == [row.get(column, "") for row in THEMES], column
    columns = ["theme", "language", "term", "effect"]
    assert sorted(map(tuple, found.terms[columns].to_numpy())) == sorted(
        tuple(row[column] for column in columns) for row in TERMS
    )


def test_the_projects_codebook_comes_back_with_every_term(tmp_path):
    own = read_codebook_folder(project_root() / "data" / "raw" / "codebook")
    found = imported(tmp_path, qdc_bytes(own)).tables
    columns = ["theme", "language", "effect", "term"]
    assert set(map(tuple, found.terms[columns].to_numpy())) == set(map(tuple, own.terms[columns].to_numpy()))
    for column in ("theme", "label", "definition", "belongs", "does_not_belong", "eaac_themes", "domains"):
        assert found.themes[column].tolist() == own.themes[column].tolist()


LINES = st.text(st.characters(exclude_categories=("C", "Z")) | st.sampled_from(" ;:\\*()"), max_size=30)
WORDS = LINES.map(lambda text: " ".join(text.split())).filter(bool)
TEXTS = st.lists(
    st.one_of(WORDS, st.sampled_from(["Belongs: x", "Terms (en): a; b", "\\Theme: y"])), max_size=4
)


@given(TEXTS, TEXTS, st.lists(WORDS, max_size=4))
def test_any_text_comes_back_from_a_description(definition, belongs, terms):
    row = {"theme": "energy", "definition": "\n".join(definition), "belongs": "\n".join(belongs)}
    text = written_description(row, {("codes", "en"): terms} if terms else {})
    said, found = read_description(text)
    assert {name: said.get(name, "") for name in row} == row
    assert [term["term"] for term in found] == terms


def test_identifiers_stay_the_same_and_are_those_of_the_theme():
    first, again = (ET.fromstring(qdc_bytes(tables())) for _ in range(2))
    guids = [code.get("guid") for code in first.iter(f"{SPACE}Code")]
    assert guids == [code.get("guid") for code in again.iter(f"{SPACE}Code")]
    assert all(uuid.UUID(guid).version == 5 for guid in guids)
    assert len(set(guids)) == 2
    renamed = tables([{**THEMES[0], "label": "Power"}, THEMES[1]])
    assert [code.get("guid") for code in ET.fromstring(qdc_bytes(renamed)).iter(f"{SPACE}Code")] == guids


def test_the_file_has_the_shape_that_the_standard_asks_for():
    root = ET.fromstring(qdc_bytes(tables()))
    assert root.tag == f"{SPACE}CodeBook"
    assert [child.tag for child in root] == [f"{SPACE}Codes"]
    for code in root.iter(f"{SPACE}Code"):
        assert set(code.attrib) == {"guid", "name", "isCodable"}
        assert [child.tag for child in code] in ([], [f"{SPACE}Description"])


def test_terms_can_stay_at_home():
    text = qdc_bytes(tables(), terms=False).decode()
    assert "power cut" not in text
    assert "Theme: energy" in text


def test_codes_inside_others_become_themes_with_their_path_and_go_back_inside(tmp_path):
    inner = '<Code guid="11111111-1111-4111-8111-111111111111" name="Grid/net" isCodable="true"/>'
    middle = f'<Code guid="x" name="Power" isCodable="true"><Description>All.</Description>{inner}</Code>'
    found = imported(tmp_path, qdc(f'<Code name="Costs" isCodable="false">{middle}</Code>')).tables
    assert found.themes["label"].tolist() == ["Power", "Grid/net"]
    assert found.themes["group"].tolist() == ["Costs", "Costs / Power"]
    root = ET.fromstring(qdc_bytes(found))
    costs = root.find(f"{SPACE}Codes/{SPACE}Code")
    assert (costs.get("name"), costs.get("isCodable")) == ("Costs", "false")
    power = costs.find(f"{SPACE}Code")
    assert (power.get("name"), power.get("isCodable")) == ("Power", "true")
    grid = power.find(f"{SPACE}Code")
    assert (grid.get("name"), grid.get("guid")) == ("Grid/net", "11111111-1111-4111-8111-111111111111")


@pytest.mark.parametrize(
    "space",
    ['xmlns="urn:QDA-XML:codebook:1:0"', 'xmlns="urn:QDA-XML:codebook:0:4"', ""],
    ids=["1:0", "0:4", "none"],
)
def test_files_of_other_programs_are_read(tmp_path, space):
    data = qdc(
        '<Code guid="a" name="Équipe" isCodable="true" color="#00ff00">'
        '<Description>Who\r\nworks</Description><NoteRef targetGUID="b"/></Code>'
        '<Code guid="c" name="Équipe" isCodable="true"/>'
        '<Code guid="d" name="Ενέργεια"/><Surprise><Deep/></Surprise>',
        space=space,
        extra='<Sets><Set guid="s" name="Group"><MemberCode guid="a"/></Set></Sets>',
    )
    found = imported(tmp_path, data)
    assert found.origin == "NVivo"
    assert found.tables.themes["theme"].tolist() == ["equipe", "equipe_2", "theme_3"]
    assert found.tables.themes["definition"].tolist() == ["Who\nworks", "", ""]
    assert found.tables.terms.empty
    assert "no terms" in found.notes[0]


BOMB = (
    "<!DOCTYPE x ["
    + '<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)
FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (qdc('<Code name="&a9;"/>', BOMB), "damaged, or not what it seems"),
        (qdc('<Code name="x"><Description>&a;</Description></Code>', FILE), "damaged, or not what it seems"),
        (qdc("<Code>" * 100 + "</Code>" * 100), "nested"),
        (qdc('<Code name="x"/>' * (MOST_CODES + 1)), "codes, allowed"),
        (b"<html><body>no</body></html>", "no element CodeBook"),
        (qdc('<Code name="x" isCodable="false"/>'), "no code that can be given"),
        (b"PK\x03\x04rest", "an archive"),
        (b"", "damaged"),
        (b"<CodeBook><Codes><Code name='x'>", "damaged"),
        (b"\xff\xfe\x00garbage", "damaged"),
    ],
    ids=["bomb", "file", "deep", "many", "html", "folders", "zip", "empty", "cut", "bytes"],
)
def test_hostile_and_wrong_files_are_refused_in_one_message(tmp_path, data, said):
    with pytest.raises(InputError) as refused:
        imported(tmp_path, data)
    assert len(refused.value.problems) == 1
    assert said in refused.value.problems[0]
    assert "passwd" not in str(refused.value)


def test_a_file_of_a_hundred_megabytes_is_refused_unread(tmp_path):
    path = tmp_path / "large.qdc"
    with path.open("wb") as file:
        file.truncate(100_000_000)  # a hole: nothing is stored
    with pytest.raises(InputError, match=f"100,000,000 bytes, allowed for a codebook: {MOST_BYTES:,}"):
        read_qdc(path)


def test_names_with_html_and_formulas_are_harmless_in_tables(tmp_path):
    names = ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "a\u202egpj.exe", "+1;=2"]
    themes = [{"theme": f"t{n}", "order": str(n), "label": name} for n, name in enumerate(names, start=1)]
    found = imported(tmp_path, qdc_bytes(tables(themes, []))).tables
    write_codebook_folder(tmp_path / "out", found, ABOUT)
    with (tmp_path / "out" / "themes.csv").open(encoding="utf-8", newline="") as file:
        cells = [row["label"] for row in csv.DictReader(file)]
    assert cells == ["'=cmd|' /C calc'!A0", names[1], "a[U+202E]gpj.exe", "'+1;'=2"]
    again = read_codebook_folder(tmp_path / "out").themes["label"].tolist()
    assert again == [names[0], names[1], "a[U+202E]gpj.exe", names[3]]


def test_what_no_xml_may_hold_is_written_by_its_number():
    text = qdc_bytes(tables([{"theme": "a", "label": "x\x00\x0b\ufffey"}], [])).decode()
    ET.fromstring(text)
    assert "x[U+0000]" in text
    assert "[U+FFFE]y" in text


def test_an_imported_folder_is_a_dataset_that_passes_verification(tmp_path):
    raw = tmp_path / "data" / "raw"
    folder = raw / "trial"
    write_codebook_folder(folder, imported(tmp_path, qdc_bytes(tables())).tables, ABOUT)
    assert verify(root=tmp_path) == []
    assert read_raw("trial", "terms.csv", tmp_path)["term"].tolist()
    assert sorted(path.name for path in folder.iterdir()) == [
        "README.md",
        "origin.yml",
        "terms.csv",
        "themes.csv",
    ]


def test_nothing_is_overwritten_and_nothing_half_written(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="is there already"):
        write_codebook_folder(folder, tables(), ABOUT)
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]
    with pytest.raises(ValueError, match="licence"):  # a fault half way
        write_codebook_folder(tmp_path / "other", tables(), {**ABOUT, "licence": ""})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


def test_without_terms_no_file_of_terms_is_written(tmp_path):
    write_codebook_folder(tmp_path / "out", tables(terms=[]), ABOUT)
    assert not (tmp_path / "out" / "terms.csv").exists()
    assert read_codebook_folder(tmp_path / "out").terms.empty


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "no themes.csv"),
        ({"themes.csv": "theme;name\na;b\n"}, "themes.csv: column label: not there; found: theme, name"),
        (
            {"themes.csv": "theme,label\na,b\n", "terms.csv": "theme,term\na,b\n"},
            "terms.csv: column language",
        ),
        ({"themes.csv": "theme,label,label\na,b,c\n"}, "stands twice"),
        ({"themes.csv": "theme,label\na,b\nc,d,e,f\n"}, "row 3: found 4 cells, allowed: 2"),
        ({"themes.csv": ""}, "empty file"),
    ],
)
def test_faults_in_a_codebook_are_named(tmp_path, files, said):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=said):
        read_codebook_folder(tmp_path)


CELLS = st.text(st.characters(exclude_categories=("C",)), max_size=20)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_tables_are_read_as_they_were_written(tmp_path_factory, rows):
    rows = [row for row in rows if any(row)]  # a blank line is no row
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_bytes(csv_bytes(["one", "other"], rows))
    found = read_csv(path)
    shown = [tuple(cell.replace("\u2028", "\n").replace("\u2029", "\n") for cell in row) for row in rows]
    assert list(zip(found["one"], found["other"], strict=True)) == shown
