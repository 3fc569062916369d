"""A codebook as a folder: themes.csv, terms.csv and markers.csv, read anywhere, written where none is."""

import csv
import datetime as dt
import io
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import yaml

from helpers.data.coding.harmless import harmless
from helpers.data.errors import InputError
from helpers.data.files import sha256_of
from helpers.data.origin import ORIGIN_NAME, README_NAME, Origin
from helpers.data.survey.delimited import open_text
from helpers.data.survey.guard import guarded_row, unguarded

THEMES, TERMS, MARKERS = "themes.csv", "terms.csv", "markers.csv"
ROW = "raw_row"
"""Column with the number of each row in its file; row 1 is the header."""
_NEEDED = {
    THEMES: ("theme", "label"),
    TERMS: ("theme", "language", "term"),
    MARKERS: ("language", "term", "kind"),
}
_MEANINGS = {
    "theme": "Code of the theme",
    "order": "Place in the codebook, from 1",
    "label": "Name of the theme",
    "definition": "What the theme is",
    "belongs": "What belongs to it",
    "does_not_belong": "What does not, and in brackets where it belongs",
    "eaac_themes": "Numbers of the Alliance's themes of July 2020 that correspond to it, joined by ;",
    "stages": "Stages of the value chain that it concerns, joined by ;",
    "domains": "Supply-chain domains that it concerns, joined by ;",
    "group": "Names of the codes above it in the program it came from, joined by ' / '; '//' is '/'",
    "guid": "Its identifier in the program it came from",
    "language": "ISO 639-1, or * for every language",
    "term": "Words by which the theme is recognised; see docs/themes.md",
    "effect": "codes: gives the theme; cancels: words inside it do not count",
}
_COUNTS = {
    THEMES: "One row a theme",
    TERMS: "One row a term by which a theme is recognised",
}


@dataclass(frozen=True)
class CodebookTables:
    """The tables of a codebook; every cell is a text, ``raw_row`` counts the rows of the file.

    ``terms`` has no rows where there are none; ``markers`` is ``None`` where there is no such file.
    """

    themes: pd.DataFrame
    terms: pd.DataFrame
    markers: pd.DataFrame | None = None


def read_codebook_folder(folder: Path) -> CodebookTables:
    """Read a codebook.

    Parameters
    ----------
    folder
        Holds ``themes.csv`` (theme, label), and ``terms.csv`` (theme, language, term) and ``markers.csv``
        (language, term, kind) if there are any. Further columns are kept; see docs/themes.md.

    Raises
    ------
    InputError
        If there is no such folder or no themes.csv, or a file is damaged or lacks a column.
    """
    if not folder.is_dir():
        raise InputError(f"{str(folder)[:200]}: no such folder, allowed: one that holds {THEMES} and {TERMS}")
    if not (folder / THEMES).is_file():
        raise InputError(f"{str(folder)[:200]}: found no {THEMES}, allowed: a folder that holds a codebook")
    terms = _table(folder, TERMS) if (folder / TERMS).is_file() else pd.DataFrame(columns=[*_NEEDED[TERMS]])
    markers = _table(folder, MARKERS) if (folder / MARKERS).is_file() else None
    return CodebookTables(_table(folder, THEMES), terms.astype("str"), markers)


def read_csv(path: Path) -> pd.DataFrame:
    """Read a table of texts: every cell as it stands there, the mark before a formula taken away.

    Raises
    ------
    InputError
        If it is missing, empty, not delimited text, has no header, a column twice, or a row with more cells
        than columns.
    """
    if not path.is_file():
        raise InputError(f"{str(path)[:200]}: no such file")
    text = open_text(path.name, lambda: path.open("rb"))
    numbered = ((number, cells) for number, cells in enumerate(text.records(), start=1) if any(cells))
    _, header = next(numbered, (1, []))
    names = [unguarded(name).strip() for name in header]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise InputError(f"{path.name}: row 1, column {twice[0][:60]!r}: stands twice, allowed: once")
    rows = []
    for number, cells in numbered:
        if any(cells[len(names) :]):
            raise InputError(f"{path.name}: row {number}: found {len(cells)} cells, allowed: {len(names)}")
        rows.append([*map(unguarded, cells[: len(names)]), *[""] * (len(names) - len(cells)), number])
    table = pd.DataFrame(rows, columns=[*names, ROW])
    return table.astype(dict.fromkeys(names, "str") | {ROW: "int64"})


def _table(folder: Path, name: str) -> pd.DataFrame:
    table = read_csv(folder / name)
    missing = [column for column in _NEEDED[name] if column not in table.columns]
    if missing:
        found = ", ".join(str(column)[:40] for column in table.columns if column != ROW)
        raise InputError(f"{folder.name}/{name}: column {missing[0]}: not there; found: {found}")
    return table


def csv_bytes(header: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """Return a table as CSV in UTF-8; a cell that a spreadsheet program would run begins with ``'``."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(guarded_row([harmless(str(cell)) for cell in header]))
    writer.writerows(guarded_row([harmless(str(cell)) for cell in row]) for row in rows)
    return text.getvalue().encode("utf-8")


def write_codebook_folder(folder: Path, tables: CodebookTables, about: Mapping[str, str]) -> tuple[Path, ...]:
    """Write a codebook as a dataset: its tables, origin.yml and README.md; all of them, or none.

    Parameters
    ----------
    folder
        Is not there yet, or is empty.
    tables
        ``terms`` without rows are not written, ``markers`` neither: they are the project's.
    about
        ``title``, ``producer``, ``citation``, ``licence``, ``vintage``, ``notes``.

    Raises
    ------
    InputError
        If something is there already.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise InputError(
            f"{str(folder)[:200]}: is there already; move it away, or choose another with --into"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".part-"))
    try:
        written = {THEMES: tables.themes} | ({TERMS: tables.terms} if len(tables.terms) else {})
        for name, table in written.items():
            shown = table.drop(columns=ROW, errors="ignore")
            (beside / name).write_bytes(csv_bytes([*shown.columns], shown.to_numpy().tolist()))
        (beside / ORIGIN_NAME).write_text(_origin(beside, written, about), encoding="utf-8")
        (beside / README_NAME).write_text(_README.format(**about), encoding="utf-8")
        beside.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        beside.rename(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return tuple(folder / name for name in (*written, ORIGIN_NAME, README_NAME))


def _origin(folder: Path, written: Mapping[str, pd.DataFrame], about: Mapping[str, str]) -> str:
    files = [
        {
            "name": name,
            "meaning": _COUNTS[name],
            "sha256": sha256_of(folder / name),
            "rows": len(table),
            "columns": [_column(str(column), table) for column in table.columns if column != ROW],
        }
        for name, table in written.items()
    ]
    content: dict[str, object] = {
        **about,
        "url": "Not published",
        "retrieved": dt.datetime.now(dt.UTC).date(),
        "kind": "observed",
        "files": files,
    }
    Origin.model_validate(content)
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)


def _column(name: str, table: pd.DataFrame) -> dict[str, object]:
    kind = "integer" if name == "order" else "string"
    said: dict[str, object] = {"name": name, "type": kind, "meaning": _MEANINGS.get(name, "As imported")}
    if (table[name].astype("str").str.strip() == "").any():
        said |= {"required": False, "missing": "Nothing was stated"}
    return said


_README = """# {title}

**What it is.** {notes}

**How to use it.** `evidence code ANSWERS.csv --codebook FOLDER --out CODES.csv` codes a table of answers by
it. Terms stand in `terms.csv`; without that file nothing is recognised. How terms are written is said in
`docs/themes.md`. There is no `markers.csv`: words of negation are those of the project's codebook.
"""
