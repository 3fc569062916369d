"""What people wrote in points, ratings and the register: redacted before anything else reads it."""

import csv
import io
from pathlib import Path

import pandas as pd

from helpers.data.catalog import dataset_folder, dataset_origin, read_records
from helpers.data.files import write_atomically
from helpers.data.origin import OriginFile
from helpers.data.positions.names import FILES, TEXTS, parts
from helpers.data.privacy import PLACEHOLDERS, redact
from helpers.data.survey.guard import guarded, unguarded
from helpers.data.verify import refresh_checksums


def clean_text(text: str) -> str:
    """Return a text as it may be read: without addresses, numbers and the guard against formulas.

    Examples
    --------
    >>> clean_text("'=1+1, ask anna@glas.example")
    '=1+1, ask [e-mail]'
    """
    return redact(unguarded(text))


def clean_frame(frame: pd.DataFrame, dataset: str, file: str) -> pd.DataFrame:
    """Return a table with the texts that people wrote cleaned by `clean_text`; missing ones stay missing."""
    base = (parts(dataset) or ("", ""))[0]
    columns = [column for column in TEXTS.get((base, file), ()) if column in frame]
    cleaned = {column: frame[column].map(clean_text, na_action="ignore").astype("str") for column in columns}
    return frame.assign(**cleaned)


def taken_out(text: str) -> list[str]:
    """Return the words in square brackets that redaction would put into a text; none if all is well.

    Examples
    --------
    >>> taken_out("anna@glas.example"), taken_out("ask [name], [e-mail]")
    (['[e-mail]'], [])
    """
    plain = unguarded(text)
    clean = redact(plain)
    return [word for word in PLACEHOLDERS if clean.count(word) > plain.count(word)] if clean != plain else []


def redact_dataset(dataset: str, root: Path | None = None) -> int:
    """Redact the texts of a dataset in ``data/raw`` itself, and write its checksums; return how many changed.

    Texts that a spreadsheet program would run get an apostrophe in front, too. Everything else stays as it
    is; a file without such a text is not touched.

    Raises
    ------
    InputError
        If the dataset is not there, or a file cannot be read.
    """
    base = (parts(dataset) or ("", ""))[0]
    origin = dataset_origin(dataset, root)
    changed = 0
    for file in origin.files:
        if file.name in FILES.get(base, {}):
            changed += _redact_file(dataset, file, TEXTS.get((base, file.name), ()), root)
    refresh_checksums(dataset, root)
    return changed


def _redact_file(dataset: str, file: OriginFile, columns: tuple[str, ...], root: Path | None) -> int:
    path = dataset_folder(dataset, root) / file.name
    header, records = read_records(path, file, f"data/raw/{dataset}/{file.name}")
    rows = [list(cells) for _, cells in records]
    changed = 0
    for at in (header.index(column) for column in columns if column in header):
        for row in rows:
            clean = guarded(clean_text(row[at])) if at < len(row) else ""
            if at < len(row) and clean != row[at]:
                row[at] = clean
                changed += 1
    if changed:
        write_atomically(path, delimited([header, *rows], file))
    return changed


def delimited(rows: list[list[str]], file: OriginFile) -> bytes:
    """Return rows as the bytes of a file, with the marks and in the encoding that are declared."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=file.delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue().encode(file.encoding)
