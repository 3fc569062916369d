"""The verb `evidence review`, and the way back: sheets go out, are coded, and become a dataset."""

import csv
import hashlib
import io
import shutil
from pathlib import Path

import openpyxl
import pytest

from helpers import cli
from helpers.data.catalog import dataset_origin
from helpers.data.coding.dataset import read_coded
from helpers.data.coding.wave_answers import wave_answers
from helpers.data.project import project_root
from helpers.data.sample.vintage import make_sample
from helpers.data.survey.ingest import ingest
from helpers.data.verify import verify
from helpers.reports.review import review

NAME, SAMPLE, OBSERVED = "printing_3d", "2020-03-sample", "2020-03"
TABLES = {
    "themes": "theme,order,label\nenergy,1,Energy\nskills,2,Skills\nregulation,3,Regulation\n",
    "terms": (
        "theme,language,term,effect\nenergy,en,electricity,codes\nskills,en,operator*,codes\n"
        "regulation,en,gmp*,codes\nenergy,de,strom*,codes\nregulation,es,certificado*,codes\n"
    ),
    "markers": "language,term,kind\nen,no problem,fine\nen,none,nothing\n",
}


def write_codebook(folder: Path) -> None:
    folder.mkdir()
    files = []
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text)
        columns = "\n".join(
            f"  - {{name: {column}, type: {'integer' if column == 'order' else 'string'}, meaning: It}}"
            for column in text.partition("\n")[0].split(",")
        )
        digest = hashlib.sha256(text.encode()).hexdigest()
        files.append(
            f'- name: {name}.csv\n  sha256: "{digest}"\n  rows: {len(text.splitlines()) - 1}\n'
            f"  columns:\n{columns}"
        )
    head = "title: Codebook\nproducer: We\ncitation: We.\nurl: https://example.org\nlicence: MIT\n"
    rest = "retrieved: 2026-11-22\nvintage: 2026-11\nkind: derived\nfiles:\n"
    (folder / "origin.yml").write_text(head + rest + "\n".join(files) + "\n")
    (folder / "README.md").write_text("A codebook.\n")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("review") / "project"
    for part in ("data/raw/questionnaires", "data/raw/nuts_regions", ".cache/gazetteer"):
        if (project_root() / part).is_dir():
            shutil.copytree(project_root() / part, root / part)
    (root / "notebooks").mkdir()
    write_codebook(root / "data" / "raw" / "codebook")
    sample = make_sample(NAME, root)
    ingest(sample.export, NAME, OBSERVED, root=root)
    for vintage in (SAMPLE, OBSERVED):  # makes the tables, once
        review(NAME, vintage, sample=1, queue=1, coders=["coder_9"], root=root)
    shutil.rmtree(root / "reports")
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made, tmp_path / "project")
    monkeypatch.setenv("EVIDENCE_ROOT", str(tmp_path / "project"))
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


def sheet(root: Path, coder: str, folder: str = "reports/review", vintage: str = SAMPLE) -> list[list[str]]:
    text = (root / folder / f"{NAME}_{vintage}_{coder}.csv").read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def column(rows: list[list[str]], name: str) -> list[str]:
    at = rows[0].index(name)
    return [row[at] for row in rows[1:]]


def fill(path: Path, theme: str) -> None:
    """Code every answer of a workbook by one theme, as a person would."""
    book = openpyxl.load_workbook(path)
    answers = book["answers"]
    at = next(cell.column for cell in answers[1] if cell.value == theme)
    for row in range(2, answers.max_row + 1):
        answers.cell(row, at).value = "x"
    book.save(path)


def test_it_writes_two_files_for_each_coder(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["review", NAME, "--vintage", SAMPLE, "--sample", "30", "--queue", "12"]) == 0
    said = capsys.readouterr().out.splitlines()
    names = [
        f"{NAME}_{SAMPLE}_{coder}.{kind}" for coder in ("coder_1", "coder_2") for kind in ("xlsx", "csv")
    ]
    assert said[0].endswith("answers 30 drawn at random, 12 from the queue")
    assert said[1:] == [f"reports/review/{name}" for name in names]
    assert sorted(path.name for path in (root / "reports" / "review").iterdir()) == sorted(names)
    assert all(path.stat().st_mode & 0o077 == 0 for path in (root / "reports" / "review").iterdir())


def test_the_random_sample_has_its_probability_and_hides_what_the_machine_found(root: Path) -> None:
    cli.main(["review", NAME, "--vintage", SAMPLE, "--sample", "30", "--queue", "12"])
    rows = sheet(root, "coder_1")
    count = len(wave_answers(f"{NAME}/{SAMPLE}", root).counted)
    assert column(rows, "selection") == ["random"] * 30 + ["queue"] * 12
    assert {round(float(text), 9) for text in column(rows, "probability")[:30]} == {round(30 / count, 9)}
    assert set(column(rows, "probability")[30:]) == {""}
    assert set(column(rows, "machine")[:30]) == {""}
    assert "" not in column(rows, "machine")[30:]
    assert len(set(column(rows, "answer_id"))) == 42
    for name in ("energy", "skills", "regulation", "none", "comment"):
        assert set(column(rows, name)) == {""}
    other = sheet(root, "coder_2")
    assert column(other, "answer_id") == column(rows, "answer_id")


def test_the_same_seed_gives_the_same_sheets_and_another_other_ones(root: Path) -> None:
    for folder, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        options = ["--vintage", SAMPLE, "--sample", "20", "--queue", "0", "--seed", seed, "--out", folder]
        assert cli.main(["review", NAME, *options]) == 0
    one, same, other = (sorted((root / folder).iterdir()) for folder in "abc")
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in same]
    assert [path.read_bytes() for path in one] != [path.read_bytes() for path in other]


def test_a_sheet_in_which_somebody_may_have_coded_is_not_overwritten(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["review", NAME, "--vintage", SAMPLE, "--sample", "20", "--queue", "0"]
    assert cli.main(options) == 0
    assert cli.main(options) == 0  # unchanged ones are no obstacle
    path = root / "reports" / "review" / f"{NAME}_{SAMPLE}_coder_2.xlsx"
    fill(path, "energy")
    before = path.read_bytes()
    capsys.readouterr()
    assert cli.main(options) == 2
    assert "somebody may have coded" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_hostile_answers_reach_the_sheets_as_harmless_text(root: Path) -> None:
    cli.main(["review", NAME, "--vintage", SAMPLE, "--sample", "1000", "--queue", "0"])
    texts = column(sheet(root, "coder_1"), "text")
    assert len(texts) == len(wave_answers(f"{NAME}/{SAMPLE}", root).counted)
    odd = [text for text in texts if "=" in text or "<" in text or "${" in text or "U+202E" in text]
    assert len(odd) >= 2  # there are some
    assert not [text for text in texts if text.startswith(("=", "+", "@", "\t"))]
    assert not [text for text in texts if "\u202e" in text]
    book = openpyxl.load_workbook(root / "reports" / "review" / f"{NAME}_{SAMPLE}_coder_1.xlsx")
    assert {cell.data_type for row in book["answers"] for cell in row if cell.value} == {"s"}


def test_coded_sheets_come_back_by_ingest(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["review", NAME, "--vintage", OBSERVED, "--sample", "15", "--queue", "5"])
    paths = [f"reports/review/{NAME}_{OBSERVED}_{coder}.xlsx" for coder in ("coder_1", "coder_2")]
    fill(root / paths[0], "energy")
    fill(root / paths[1], "none")
    capsys.readouterr()
    assert cli.main(["ingest", *paths, "--as", "coded_answers"]) == 0
    said = capsys.readouterr()
    assert f"{NAME}/{OBSERVED}: answers coded: coder_1 20, coder_2 20; rows left open: 0" in said.out
    assert said.out.splitlines()[-1] == f"data/raw/coded_{NAME}_2020_03"
    rows = read_coded(NAME, OBSERVED, root)
    assert {row.themes for row in rows if row.coder == "coder_1"} == {("energy",)}
    assert {row.themes for row in rows if row.coder == "coder_2"} == {()}
    assert sum(row.selection == "random" for row in rows) == 30
    assert dataset_origin(f"coded_{NAME}_2020_03", root).kind == "observed"
    assert verify(root, f"coded_{NAME}_2020_03") == []
    assert cli.main(["ingest", *paths, "--as", "coded_answers"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"data/raw/coded_{NAME}_2020_03 is as it was"


def test_what_a_coder_coded_is_not_handed_out_again(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["review", NAME, "--vintage", OBSERVED, "--sample", "15", "--queue", "5"]
    cli.main([*options, "--coders", "coder_1"])
    path = root / "reports" / "review" / f"{NAME}_{OBSERVED}_coder_1.xlsx"
    fill(path, "energy")
    cli.main(["ingest", str(path), "--as", "coded_answers"])
    capsys.readouterr()
    assert cli.main([*options, "--coders", "coder_1", "--out", "again"]) == 2
    assert "nothing is left to code" in capsys.readouterr().err
    assert cli.main([*options, "--coders", "coder_1,coder_2", "--out", "again"]) == 0
    assert "coder_1 coded 20 of the answers before" in capsys.readouterr().err
    assert sorted(path.suffix for path in (root / "again").iterdir()) == [".csv", ".xlsx"]
    assert len(sheet(root, "coder_2", "again", OBSERVED)) == 21


def test_a_second_random_sample_is_not_mixed_with_the_first(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["review", NAME, "--vintage", OBSERVED, "--queue", "0"]
    cli.main([*options, "--sample", "15", "--coders", "coder_1"])
    path = root / "reports" / "review" / f"{NAME}_{OBSERVED}_coder_1.xlsx"
    drawn = set(column(sheet(root, "coder_1", vintage=OBSERVED), "answer_id"))
    fill(path, "energy")
    cli.main(["ingest", str(path), "--as", "coded_answers"])
    assert cli.main([*options, "--sample", "40", "--seed", "8", "--coders", "coder_2"]) == 0
    assert "its 15 answers are handed out again" in capsys.readouterr().err
    assert set(column(sheet(root, "coder_2", vintage=OBSERVED), "answer_id")) == drawn


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["printing_3"], "did you mean 'printing_3d'|did you mean printing_3d"),
        ([NAME, "--vintage", "2019-01"], "allowed for printing_3d"),
        ([NAME, "--out", "notebooks/../data/raw/codebook/terms.csv"], "--out: found a file"),
    ],
)
def test_mistakes_end_with_2_and_write_nothing(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    import re

    assert cli.main(["review", *arguments]) == 2
    assert re.search(said, capsys.readouterr().err)
    assert not (root / "reports").exists()


@pytest.mark.parametrize("names", ["", "Jane", "coder_1,coder_1", "coder_0", "../coder_1"])
def test_coders_are_numbers_and_not_names(names: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["review", NAME, "--coders", names])
    assert caught.value.code == 2
    assert "--coders" in capsys.readouterr().err


def test_options_for_survey_tools_are_refused_with_coded_sheets(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["ingest", "x.csv", "--as", "coded_answers", "--tool", "odk"]) == 2
    assert "--tool: found it with --as coded_answers" in capsys.readouterr().err
    assert cli.main(["ingest", "x.csv", "--as", "coded_answers"]) == 2
    assert "x.csv: no such file" in capsys.readouterr().err
