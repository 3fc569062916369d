"""Verbs that deal with codebooks of themes: exchange, coding of any table of answers, proposals of themes."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.cli.verb import OK, add_verb, counted, positive, shown_path

if TYPE_CHECKING:
    import pandas as pd

    from helpers.analysis.themes.codebook import Codebook
    from helpers.data.codebook_folder import CodebookTables

CODEBOOK = Path("data") / "raw" / "codebook"


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this module."""
    verb = add_verb(verbs, "codebook", _codebook, "exchange codebooks of themes, or see what one lacks")
    kinds = verb.add_subparsers(title="what to do", metavar="WHAT", dest="what", required=True)

    one = add_verb(
        kinds, "export", _export, "write a codebook as REFI-QDA (QualCoder, NVivo, MAXQDA, ATLAS.ti)"
    )
    one.add_argument("file", type=Path, metavar="FILE.qdc", help="file to write; none is overwritten")
    _add_codebook(one)
    one.add_argument("--without-terms", action="store_true", help="leave the terms out of the descriptions")

    one = add_verb(kinds, "import", _import, "read a REFI-QDA codebook into a folder of tables")
    one.add_argument("file", type=Path, metavar="FILE.qdc")
    one.add_argument(
        "--into", type=Path, metavar="FOLDER", help="a new folder (default: the file's name, here)"
    )

    one = add_verb(kinds, "propose", _propose, "group the answers without a theme, and print rows to add")
    one.add_argument("questionnaire", metavar="QUESTIONNAIRE", help="such as vaccine_capacity")
    one.add_argument("--vintage", default="latest", metavar="YYYY-MM", help="(default: %(default)s)")
    one.add_argument(
        "--min-count",
        type=positive,
        default=3,
        metavar="N",
        help="fewest respondents behind a group and a term (default: %(default)s)",
    )
    one.add_argument("--seed", type=positive, default=1, metavar="N", help="(default: %(default)s)")
    one.add_argument("--embeddings", action="store_true", help="group by meaning; needs the extra embeddings")

    verb = add_verb(verbs, "code", _code, "code the answers in any CSV by the themes of a codebook")
    verb.add_argument("file", type=Path, metavar="ANSWERS.csv")
    _add_codebook(verb)
    verb.add_argument("--text", metavar="COLUMN", help="of the answers (default: text)")
    verb.add_argument("--id", metavar="COLUMN", help="that tells them apart (default: answer_id, or the row)")
    verb.add_argument("--language", metavar="COLUMN", help="of the form, ISO 639-1 (default: language)")
    verb.add_argument("--country", metavar="COLUMN", help="Eurostat's code (default: country)")
    verb.add_argument("--wide", action="store_true", help="one row an answer, one column a theme: 0 or 1")
    verb.add_argument("--out", type=Path, required=True, metavar="FILE.csv", help="file to write")


def _add_codebook(verb: argparse.ArgumentParser) -> None:
    text = f"themes.csv and terms.csv (default: {CODEBOOK.as_posix()})"
    verb.add_argument("--codebook", type=Path, metavar="FOLDER", help=text)


def _codebook(given: argparse.Namespace) -> int:  # never: a word behind it is needed
    raise AssertionError(given)


def _export(given: argparse.Namespace) -> int:
    from helpers.data.codebook_exchange import qdc_bytes
    from helpers.data.errors import InputError

    tables, _ = _read(given.codebook)
    path = _target(given.file, ".qdc", "FILE.qdc")
    if path.exists():
        raise InputError(f"{path.name}: is there already; move it away, or choose another name")
    _write(path, qdc_bytes(tables, terms=not given.without_terms))
    print(f"{shown_path(path)}: {counted(len(tables.themes), 'theme')}")
    return OK


def _import(given: argparse.Namespace) -> int:
    from helpers.data.codebook_exchange import read_qdc
    from helpers.data.codebook_folder import write_codebook_folder
    from helpers.data.errors import InputError

    found = read_qdc(given.file)
    folder = (given.into or Path(given.file.stem)).absolute()
    by = f", written by {found.origin}" if found.origin else ""
    about = {
        "title": f"Codebook {given.file.stem}",
        "producer": "Who wrote the codebook; the file does not say",
        "citation": f"Codebook {given.file.stem}.",
        "licence": "Not stated in the file",
        "vintage": "Not stated in the file",
        "notes": f"Imported from {given.file.name}, a REFI-QDA codebook{by}.",
    }
    written = write_codebook_folder(folder, found.tables, about)
    for note in found.notes:
        print(note, file=sys.stderr)
    try:
        _made(found.tables)
    except InputError as error:
        print("mend this before anything is coded by it:", *error.problems, sep="\n", file=sys.stderr)
    print(f"{counted(len(found.tables.themes), 'theme')}, {counted(len(found.tables.terms), 'term')}")
    for path in written:
        print(shown_path(path))
    return OK


def _read(folder: Path | None) -> "tuple[CodebookTables, Codebook]":
    """Return the tables of a codebook and what they say; without markers of its own it has the project's."""
    from dataclasses import replace

    from helpers.data.codebook_folder import read_codebook_folder
    from helpers.data.errors import InputError
    from helpers.data.project import project_root

    own = project_root() / CODEBOOK
    tables = read_codebook_folder(folder or own)
    if tables.markers is None and own.is_dir():
        tables = replace(tables, markers=read_codebook_folder(own).markers)
    try:
        return tables, _made(tables)
    except InputError as error:
        raise InputError([f"{shown_path(folder or own)}: {problem}" for problem in error.problems]) from None


def _made(tables: "CodebookTables") -> "Codebook":
    from helpers.analysis.themes.codebook import codebook_from_tables

    themes = tables.themes
    if "order" in themes.columns:
        import pandas as pd

        themes = themes.assign(order=pd.to_numeric(themes["order"], errors="coerce"))
    return codebook_from_tables(themes, tables.terms, tables.markers)


def _code(given: argparse.Namespace) -> int:
    from helpers.data.codebook_folder import csv_bytes, read_csv
    from helpers.data.errors import InputError

    path = _target(given.out, ".csv", "--out")
    if path.exists() and path.samefile(given.file):
        raise InputError("--out: found the file that holds the answers, allowed: another one")
    answers = _answers(read_csv(given.file), given)
    _, codebook = _read(given.codebook)
    table = (_wide if given.wide else _matches)(answers, codebook)
    _write(path, csv_bytes([*table.columns], table.to_numpy(dtype=object, na_value="").tolist()))
    print(f"{shown_path(path)}: {counted(len(answers), 'answer')}, {counted(len(table), 'row')}")
    return OK


def _answers(table: "pd.DataFrame", given: argparse.Namespace) -> "pd.DataFrame":
    """Return the answers of a table of any columns: answer_id, text, and language and country if there."""
    import pandas as pd

    from helpers.data.codebook_folder import ROW
    from helpers.data.errors import InputError

    known = [str(name) for name in table.columns if name != ROW]
    wanted = {"answer_id": given.id, "text": given.text, "language": given.language, "country": given.country}
    faults = []
    columns = {}
    for name, column in wanted.items():
        if (column or name) in known:
            columns[name] = table[column or name].str.strip() if name != "text" else table[column or name]
        elif column or name == "text":
            option = f"--{'id' if name == 'answer_id' else name}"
            faults.append(
                f"{given.file.name}: found no column {(column or name)[:60]!r}, allowed for {option}: "
                f"{', '.join(known)[:500]}"
            )
    if faults:
        raise InputError(faults)
    columns.setdefault("answer_id", table[ROW].astype("str"))
    for name in ("language", "country"):
        if name in columns:
            folded = columns[name].str.lower() if name == "language" else columns[name].str.upper()
            columns[name] = folded.where(folded != "")
    answers = pd.DataFrame(columns)
    _check_ids(answers["answer_id"], table[ROW], given.file.name)
    return answers


def _check_ids(ids: "pd.Series", rows: "pd.Series", where: str) -> None:
    from helpers.data.errors import InputError

    seen: dict[str, int] = {}
    for name, row in zip(ids, rows, strict=True):
        if not name or name in seen:
            fault = f"found {name[:40]!r} again, first in row {seen[name]}" if name else "found nothing"
            raise InputError(f"{where}: row {row}, column of ids: {fault}, allowed: another id each (--id)")
        seen[name] = row


def _matches(answers: "pd.DataFrame", codebook: "Codebook") -> "pd.DataFrame":
    from helpers.analysis.themes.coder import code_answers

    codes = code_answers(answers, codebook).drop(columns="negated")
    codes.insert(2, "label", codes["theme"].map(codebook.labels))
    return codes


def _wide(answers: "pd.DataFrame", codebook: "Codebook") -> "pd.DataFrame":
    from helpers.analysis.themes.coder import code_answers, themes_by_answer
    from helpers.analysis.themes.coverage import answer_states

    named = themes_by_answer(code_answers(answers, codebook), answers, codebook)
    states = answer_states(answers, codebook).set_index("answer_id")
    taken = {"answer_id", *states.columns}
    named = named.rename(columns={code: f"theme_{code}" for code in named.columns if code in taken})
    return states.join(named.astype("int64")).reset_index()


def _propose(given: argparse.Namespace) -> int:
    from helpers.analysis.themes.coder import code_answers
    from helpers.analysis.themes.coverage import answer_states
    from helpers.analysis.themes.embeddings import sentence_vectors
    from helpers.analysis.themes.emerging import emerging_themes
    from helpers.analysis.themes.proposals import proposal_lines

    answers = _wave(given.questionnaire, given.vintage)
    tables, codebook = _read(None)
    states = answer_states(answers, codebook)
    answers = answers.drop(columns="language").merge(states, on="answer_id")
    found = emerging_themes(
        answers,
        code_answers(answers, codebook),
        seed=given.seed,
        vectors=sentence_vectors(answers["text"], answers["language"]) if given.embeddings else None,
        min_count=given.min_count,
    )
    columns = [str(name) for name in tables.themes.columns if name != "raw_row"]
    for line in proposal_lines(found, codebook, columns):
        print(line)
    return OK


def _wave(questionnaire: str, vintage: str) -> "pd.DataFrame":
    """Return the answers of a wave whose respondents count."""
    from helpers.analysis.themes.answers import answers_from_difficulties
    from helpers.data.errors import InputError
    from helpers.data.process import process, read_table
    from helpers.data.project import project_root
    from helpers.data.questionnaires.definition import questionnaire_names
    from helpers.reports.values import did_you_mean
    from helpers.reports.waves import find_wave

    root = project_root()
    known = questionnaire_names(root)
    if questionnaire not in known:
        near = did_you_mean(questionnaire, known)
        raise InputError(f"questionnaire: given {questionnaire[:60]!r}{near}; allowed: {', '.join(known)}")
    wave = find_wave(questionnaire, vintage, root)
    process(root, only=[wave.table("difficulties")])
    return answers_from_difficulties(read_table(wave.table("difficulties"), root), wave.dataset)


def _target(path: Path, suffix: str, option: str) -> Path:
    from helpers.data.errors import InputError

    if path.suffix.lower() != suffix:
        raise InputError(f"{option}: found {path.name[:80]!r}, allowed: a file name that ends in {suffix}")
    if not path.absolute().parent.is_dir():
        raise InputError(f"{option}: found no folder {str(path.parent)[:200]!r}, allowed: one that is there")
    return path.absolute()


def _write(path: Path, data: bytes) -> None:
    from helpers.data.files import write_atomically

    write_atomically(path, data)
