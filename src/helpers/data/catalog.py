"""The datasets of ``data/raw``: which there are, and each table read as its ``origin.yml`` declares."""

import csv
import io
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.data.cells import Value, read_cell
from helpers.data.errors import InputError
from helpers.data.origin import ORIGIN_NAME, Origin, OriginFile, load_origin
from helpers.data.project import raw_folder
from helpers.data.vintages import VINTAGE, vintage_folders

_DTYPES = {"integer": "Int64", "number": "Float64", "boolean": "boolean", "date": "datetime64[s]"}
_MOST_MESSAGES = 20
_NAME = re.compile(r"(?!__)[^./\\\0][^/\\\0]*(?:/" + VINTAGE.pattern + ")?")

Record = tuple[int, list[str]]


class TableError(InputError):
    """A raw file that cannot be read: ``row`` is the line, ``reason`` what was found and is allowed."""

    def __init__(self, where: str, reason: str, row: int | None = None) -> None:
        self.row = row
        self.reason = reason
        super().__init__(f"{where}: " + (f"row {row}: " if row else "") + reason)


def dataset_names(root: Path | None = None) -> list[str]:
    """Return the names of the dataset folders, in alphabetical order.

    A folder counts as a dataset as soon as it is there: one without ``origin.yml`` is a fault that
    `helpers.data.verify.verify` reports, not a dataset that disappears. The answers to a questionnaire are a
    dataset a wave, named ``<questionnaire>/<vintage>``; the folder around them is none.

    Examples
    --------
    >>> "population" in dataset_names()
    True
    """
    folder = raw_folder(root)
    if not folder.is_dir():
        raise InputError("data/raw: no such folder; run from inside the project, or set EVIDENCE_ROOT")
    found = (p for p in folder.iterdir() if p.is_dir() and not p.name.startswith((".", "__")))
    return sorted(name for path in found for name in _names_in(path))


def _names_in(folder: Path) -> list[str]:
    inside = [] if (folder / ORIGIN_NAME).exists() else vintage_folders(folder)
    return [f"{folder.name}/{path.name}" for path in inside] or [folder.name]


def dataset_folder(name: str, root: Path | None = None) -> Path:
    """Return the folder of a dataset.

    Raises
    ------
    InputError
        If there is no such dataset; the message suggests the nearest name.
    """
    folder = raw_folder(root) / name
    # Asked for many times a report: the list of all is for the message only.
    if not _NAME.fullmatch(name) or not folder.is_dir():
        known = dataset_names(root)
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"allowed: {', '.join(known) or 'none yet'}"
        raise InputError(f"data/raw: no dataset {name!r}; {hint}")
    return folder


def dataset_origin(name: str, root: Path | None = None) -> Origin:
    """Return the declared origin of a dataset.

    Raises
    ------
    InputError
        If there is no such dataset or its ``origin.yml`` is faulty.

    Examples
    --------
    >>> dataset_origin("population").kind
    'observed'
    """
    return load_origin(dataset_folder(name, root))


def read_raw(dataset: str, file: str | None = None, root: Path | None = None) -> pd.DataFrame:
    """Read one table of a dataset, typed as declared.

    Parameters
    ----------
    dataset
        Name of a folder of ``data/raw``.
    file
        Name of a declared file; the first declared if not given.
    root
        The project's folder.

    Returns
    -------
    pandas.DataFrame
        The declared columns in file order: texts and country codes ``str``, integers ``Int64``, numbers
        ``Float64``, booleans ``boolean``, dates ``datetime64[s]``. Then ``raw_row`` (int64): the line of the
        file on which the record begins, the header being line 1. Only declared marks count as missing, so
        "NA" is Namibia.

    Raises
    ------
    InputError
        If the table is not as declared; names file, row and column.

    Examples
    --------
    >>> read_raw("cluster_organisations")["cluster_organisations"].sum()
    np.int64(1445)
    """
    folder = dataset_folder(dataset, root)
    declared = dataset_origin(dataset, root).file(file)
    where = f"data/raw/{dataset}/{declared.name}"
    header, records = read_records(folder / declared.name, declared, where)
    names = [column.name for column in declared.columns]
    if header != names:
        raise InputError(f"{where}: row 1: found columns {repr(header)[:300]}, allowed: {names}")
    return _typed_frame(records, declared, where)


def _typed_frame(records: list[Record], declared: OriginFile, where: str) -> pd.DataFrame:
    faults: list[str] = []
    values: dict[str, list[Value]] = {column.name: [] for column in declared.columns}
    for row, cells in records:
        if len(cells) != len(declared.columns):
            faults.append(f"{where}: row {row}: {len(cells)} cells, allowed: {len(declared.columns)}")
            continue
        for column, cell in zip(declared.columns, cells, strict=True):
            try:
                values[column.name].append(read_cell(cell, column, declared))
            except ValueError as fault:
                faults.append(f"{where}: row {row}, column {column.name}: {fault}")
    if faults:
        more = len(faults) - _MOST_MESSAGES
        raise InputError(faults[:_MOST_MESSAGES] + ([f"{where}: and {more} more"] if more > 0 else []))
    frame = pd.DataFrame({c.name: _series(values[c.name], c.type) for c in declared.columns})
    frame["raw_row"] = pd.Series([row for row, _ in records], dtype="int64")
    return frame


def _series(values: list[Any], column_type: str) -> pd.Series:
    return pd.Series(values, dtype=_DTYPES.get(column_type, "str"))


def read_text(path: Path, encoding: str, where: str) -> str:
    """Return the text of a raw file, its line ends untouched.

    Raises
    ------
    TableError
        If the file is missing, is a link, is empty, is not in the encoding, starts with an undeclared
        byte-order mark, or holds NUL characters.
    """
    if path.is_symlink() or not path.is_file():
        raise TableError(where, "not found, or not an ordinary file")
    try:
        data = path.read_bytes()
        text = data.decode(encoding)
    except OSError as fault:
        raise TableError(where, f"cannot be read: {fault.strerror}") from None
    except UnicodeError as fault:
        start = fault.start if isinstance(fault, UnicodeDecodeError) else 0
        found = f"byte 0x{data[start]:02x}" if start < len(data) else "the end of the file"
        row = data[:start].count(b"\n") + 1
        raise TableError(where, f"found {found}, allowed: {encoding} text", row) from None
    if not text.strip():
        raise TableError(where, "empty file, allowed: a header and rows")
    if text.startswith("\ufeff"):
        raise TableError(where, "starts with a byte-order mark; declare encoding: utf-8-sig", 1)
    if "\0" in text:
        row = len(re.findall(r"\r\n|\r|\n", text[: text.index("\0")])) + 1
        raise TableError(where, "found a NUL character, allowed: text", row)
    return text


def read_records(path: Path, declared: OriginFile, where: str) -> tuple[list[str], list[Record]]:
    """Return the header and the records of a file, each with the line on which it begins.

    Blank lines at the end are left out; elsewhere they are records without cells.

    Raises
    ------
    TableError
        If the file cannot be read as delimited text.
    """
    text = read_text(path, declared.encoding, where)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=declared.delimiter, strict=True)
    records: list[Record] = []
    start = 1
    try:
        for cells in reader:
            records.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as fault:
        raise TableError(where, f"not delimited text: {fault}", start) from None
    while records and not records[-1][1]:
        records.pop()
    return records[0][1], records[1:]


def file_path(dataset: str, file: str | None = None, root: Path | None = None) -> Path:
    """Return the path of a declared file.

    Examples
    --------
    >>> file_path("population").name
    'population.csv'
    """
    return dataset_folder(dataset, root) / dataset_origin(dataset, root).file(file).name
