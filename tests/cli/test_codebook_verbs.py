"""The verbs `evidence codebook` and `evidence code`: any table of answers, any codebook, no harm done."""

import csv
import hashlib
import io
import re
import shlex
import shutil
from pathlib import Path

import pytest

from helpers import cli
from helpers.cli import codebook_verbs
from helpers.data.codebook_folder import read_csv
from helpers.data.sample.vintage import make_sample

TABLES = {
    "themes.csv": "theme,order,label,definition\nskills,2,Skills,Who works\nenergy,1,Energy & power,\n",
    "terms.csv": "theme,language,term,effect\nenergy,en,electricity,codes\nenergy,de,strom*,codes\n"
    "skills,en,staff,codes\n",
    "markers.csv": "language,term,kind\nen,no,no\nen,problem*,trouble\nen,n/a,nothing\n",
}
ANSWERS = (
    "id,Antwort,Sprache\n"
    'x1,"No staff, and electricity is dear",en\n'
    "=1+1,Strompreise,de\n"
    "x3,n/a,en\n"
    "x4,no problem with staff,en\n"
    "x5,=HYPERLINK(staff),en\n"
)
NAMED = ["--text", "Antwort", "--id", "id", "--language", "Sprache"]


@pytest.fixture
def root(tmp_path, monkeypatch):
    folder = tmp_path / "data" / "raw" / "codebook"
    folder.mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    for name, text in TABLES.items():
        (folder / name).write_text(text)
    (tmp_path / "answers.csv").write_text(ANSWERS)
    monkeypatch.setenv("EVIDENCE_ROOT", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def project_root_of_the_tests():
    return Path(__file__).resolve().parents[2]


def rows(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def refused(capsys, *words):
    assert cli.main([*words]) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return said


def test_each_match_names_answer_theme_and_words(root):
    assert cli.main(["code", "answers.csv", *NAMED, "--out", "codes.csv"]) == 0
    found = rows(root / "codes.csv")
    assert [(row["answer_id"], row["theme"], row["words"]) for row in found] == [
        ("x1", "skills", "staff"),
        ("x1", "energy", "electricity"),
        ("'=1+1", "energy", "Strompreise"),
        ("x5", "skills", "staff"),
    ]
    texts = dict(zip(*(read_csv(root / "answers.csv")[name] for name in ("id", "Antwort")), strict=True))
    for row in read_csv(root / "codes.csv").to_dict("records"):
        assert texts[row["answer_id"]][int(row["start"]) : int(row["end"])] == row["words"]
    assert found[1]["label"] == "Energy & power"


def test_wide_has_a_row_an_answer_and_a_column_a_theme(root):
    assert cli.main(["code", "answers.csv", *NAMED, "--wide", "--out", "codes.csv"]) == 0
    found = rows(root / "codes.csv")
    assert list(found[0]) == ["answer_id", "language", "state", "energy", "skills"]
    assert [(row["energy"], row["skills"], row["state"]) for row in found] == [
        ("1", "1", "coded"),
        ("1", "0", "coded"),
        ("0", "0", "nothing"),
        ("0", "0", "fine"),
        ("0", "1", "coded"),
    ]


def test_a_theme_named_like_another_column_does_not_take_its_place(root):
    (root / "other").mkdir()
    (root / "other" / "themes.csv").write_text("theme,label\nstate,State\n")
    (root / "other" / "terms.csv").write_text("theme,language,term\nstate,en,staff\n")
    words = ["code", "answers.csv", *NAMED, "--wide", "--codebook", "other", "--out", "codes.csv"]
    assert cli.main(words) == 0
    assert rows(root / "codes.csv")[0] == {
        "answer_id": "x1",
        "language": "en",
        "state": "coded",
        "theme_state": "1",
    }


def test_another_codebook_codes_with_the_projects_markers(root):
    (root / "other").mkdir()
    (root / "other" / "themes.csv").write_text("theme,label\nPeople,People\n")
    (root / "other" / "terms.csv").write_text("theme,language,term\nPeople,*,staff\n")
    assert cli.main(["code", "answers.csv", *NAMED, "--codebook", "other", "--out", "codes.csv"]) == 0
    assert [(row["answer_id"], row["theme"]) for row in rows(root / "codes.csv")] == [
        ("x1", "People"),
        ("x5", "People"),
    ]


def test_without_ids_rows_are_named_by_their_number(root):
    (root / "answers.csv").write_text("text\nno staff\n\nStrom\n")
    assert cli.main(["code", "answers.csv", "--out", "codes.csv"]) == 0
    assert rows(root / "codes.csv")[0]["answer_id"] == "2"


def test_a_table_of_a_spreadsheet_program_is_read(root):
    (root / "answers.csv").write_bytes("id;Antwort;Sprache\r\nx1;Überall Strom;DE\r\n".encode("cp1252"))
    assert cli.main(["code", "answers.csv", *NAMED, "--out", "codes.csv"]) == 0
    assert [row["language"] for row in rows(root / "codes.csv")] == ["de"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["answers.csv"], "found no column 'text', allowed for --text: id, Antwort, Sprache"),
        (["answers.csv", "--text", "Antwort", "--id", "nr"], "found no column 'nr', allowed for --id"),
        (["answers.csv", *NAMED[:4], "--language", "lang"], "found no column 'lang', allowed for --language"),
        (["answers.csv", "--text", "Antwort", "--id", "Sprache"], "row 4, column of ids: found 'en' again"),
        (["none.csv"], "none.csv: no such file"),
        (["answers.csv", *NAMED, "--codebook", "nowhere"], "nowhere: no such folder"),
        (["answers.csv", *NAMED, "--out", "codes.xlsx"], "a file name that ends in .csv"),
        (["answers.csv", *NAMED, "--out", "no/codes.csv"], "found no folder 'no'"),
        (["answers.csv", *NAMED, "--out", "answers.csv"], "the file that holds the answers"),
    ],
)
def test_mistakes_are_named(root, capsys, words, said):
    out = [] if "--out" in words else ["--out", "codes.csv"]
    assert said in refused(capsys, "code", *words, *out)
    assert (root / "answers.csv").read_text() == ANSWERS
    assert not (root / "codes.csv").exists()


def test_a_fault_in_a_codebook_names_folder_table_and_row(root, capsys):
    (root / "data/raw/codebook/terms.csv").write_text("theme,language,term\nenrgy,en,power\n")
    said = refused(capsys, "code", "answers.csv", *NAMED, "--out", "codes.csv")
    assert "data/raw/codebook: terms: row 2, column theme: found 'enrgy'" in said


def test_a_codebook_goes_out_and_comes_back(root, capsys):
    before = {
        name: hashlib.sha256((root / "data/raw/codebook" / name).read_bytes()).hexdigest() for name in TABLES
    }
    assert cli.main(["codebook", "export", "ours.qdc"]) == 0
    assert cli.main(["codebook", "import", "ours.qdc"]) == 0
    assert "ours/themes.csv" in capsys.readouterr().out
    assert cli.main(["code", "answers.csv", *NAMED, "--codebook", "ours", "--out", "codes.csv"]) == 0
    assert len(rows(root / "codes.csv")) == 4
    after = {
        name: hashlib.sha256((root / "data/raw/codebook" / name).read_bytes()).hexdigest() for name in TABLES
    }
    assert after == before


def test_neither_a_file_nor_a_codebook_is_overwritten(root, capsys):
    assert cli.main(["codebook", "export", "ours.qdc"]) == 0
    assert "is there already" in refused(capsys, "codebook", "export", "ours.qdc")
    assert "is there already" in refused(
        capsys, "codebook", "import", "ours.qdc", "--into", "data/raw/codebook"
    )
    assert (root / "data/raw/codebook/themes.csv").read_text() == TABLES["themes.csv"]


def test_terms_that_cannot_be_are_imported_and_named(root, capsys):
    code = '<Code guid="a" name="Power"><Description>Terms (en): a*; power</Description></Code>'
    (root / "x.qdc").write_text(f"<CodeBook><Codes>{code}</Codes></CodeBook>")
    assert cli.main(["codebook", "import", "x.qdc", "--into", "new"]) == 0
    assert "terms: row 2, column term: found 'a*'" in capsys.readouterr().err
    assert (root / "new" / "terms.csv").is_file()


def test_a_hostile_file_is_refused_and_leaves_nothing(root, capsys):
    (root / "x.qdc").write_text('<!DOCTYPE a [<!ENTITY b "c">]><CodeBook><Codes>&b;</Codes></CodeBook>')
    assert len(refused(capsys, "codebook", "import", "x.qdc").splitlines()) == 1
    assert not (root / "x").exists()


def test_groups_among_answers_without_a_theme_are_proposed_as_rows(root, capsys, monkeypatch):
    for part in ("data/raw/questionnaires", "data/raw/nuts_regions", ".cache/gazetteer"):
        if (project_root_of_the_tests() / part).is_dir():
            shutil.copytree(project_root_of_the_tests() / part, root / part)
    make_sample("printing_3d", root)
    wave = codebook_verbs._wave  # few languages: two dozen take ten seconds to load
    monkeypatch.setattr(
        codebook_verbs, "_wave", lambda *names: wave(*names).query("country in ['ES', 'DE', 'IT']")
    )
    assert cli.main(["codebook", "propose", "printing_3d", "--min-count", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "answers say something in which no theme was found" in lines[0]
    assert any(line.startswith("new_theme_1,3,") for line in lines)
    assert not any(line.startswith("new_theme_1,") and line.endswith("strom,codes") for line in lines)
    with pytest.raises(SystemExit):
        cli.main(["codebook", "propose", "printing_3d", "--min-count", "0"])


def test_an_unknown_questionnaire_is_named(root, capsys):
    (root / "data/raw/questionnaires").mkdir()
    assert "questionnaire: given 'vaccines'" in refused(capsys, "codebook", "propose", "vaccines")


def test_codebook_needs_to_be_told_what(root, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["codebook"])
    assert stopped.value.code == 2
    assert "WHAT" in capsys.readouterr().err


def test_every_command_in_the_documentation_is_one():
    text = (project_root_of_the_tests() / "docs" / "themes.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(?:bash|sh)\n(.*?)```", text, flags=re.DOTALL)
    lines = [line.partition("&&")[0] for block in blocks for line in block.splitlines()]
    commands = [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("evidence ")]
    assert len(commands) >= 10
    for words in commands:
        assert callable(cli._parser().parse_args(words).verb)
