"""A raw table read a part at a time, so that memory does not grow with the file."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from helpers.data.catalog import TableError, dataset_folder, dataset_origin
from helpers.data.errors import InputError

ROWS = 50_000


def raw_parts(
    dataset: str,
    file: str,
    columns: Sequence[str],
    root: Path | None = None,
    rows: int = ROWS,
) -> Iterator[pd.DataFrame]:
    """Yield a declared file part by part, its cells as they stand in it.

    Parameters
    ----------
    dataset, file
        A dataset of ``data/raw`` and one of its declared files.
    columns
        The columns wanted; one that the file does not declare comes empty.
    root
        The project's folder.
    rows
        Most rows of a part.

    Yields
    ------
    pandas.DataFrame
        The columns as texts (a missing cell is ""), and raw_row: the line on which the record begins. At
        least one part, which may be empty. Types and allowed values are `helpers.data.verify.verify`'s
        business, what the tables need of them their schemas'.

    Raises
    ------
    InputError
        If the header is not as declared, or a row has another number of cells; names file and row.
    """
    declared = dataset_origin(dataset, root).file(file)
    where = f"data/raw/{dataset}/{file}"
    names = [column.name for column in declared.columns]
    places = {name: names.index(name) for name in columns if name in names}
    parts: dict[str, list[str]] = {name: [] for name in places}
    lines: list[int] = []
    yielded = False
    for line, cells in _records(
        dataset_folder(dataset, root) / file, declared.encoding, declared.delimiter, where
    ):
        if line == 1:
            if cells != names:
                raise InputError(f"{where}: row 1: found columns {repr(cells)[:300]}, allowed: {names}")
            continue
        if len(cells) != len(names):
            raise InputError(f"{where}: row {line}: {len(cells)} cells, allowed: {len(names)}")
        for name, at in places.items():
            parts[name].append(cells[at])
        lines.append(line)
        if len(lines) == rows:
            yield _frame(parts, lines, columns)
            parts, lines, yielded = {name: [] for name in places}, [], True
    if lines or not yielded:
        yield _frame(parts, lines, columns)


def _frame(parts: dict[str, list[str]], lines: list[int], columns: Sequence[str]) -> pd.DataFrame:
    texts = {name: parts.get(name, [""] * len(lines)) for name in columns}
    frame = pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in texts.items()})
    return frame.assign(raw_row=pd.Series(lines, dtype="int64"))


def _records(path: Path, encoding: str, delimiter: str, where: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line on which it begins; blank lines at the end are left out."""
    if path.is_symlink() or not path.is_file():
        raise TableError(where, "not found, or not an ordinary file")
    start, blank = 1, 0
    try:
        with path.open(encoding=encoding, newline="") as stream:
            reader = csv.reader(stream, delimiter=delimiter, strict=True)
            for cells in reader:
                if not cells:
                    blank = blank or start
                elif blank:
                    raise TableError(where, "a blank line, allowed: only at the end", blank)
                else:
                    yield start, cells
                start = reader.line_num + 1
    except csv.Error as fault:
        raise TableError(where, f"not delimited text: {fault}", start) from None
    except UnicodeError:
        raise TableError(where, f"found what is no {encoding} text", start) from None
    if start == 1:
        raise TableError(where, "empty file, allowed: a header and rows")
