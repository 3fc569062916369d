"""The last step of a trace: files of a dataset, their checksums, and the lines that tables were read from."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow.parquet as pq

from helpers.data.files import sha256_of
from helpers.data.project import processed_folder
from helpers.reports.contents import ReportContents
from helpers.reports.staging import read_json

_LINE_OF = re.compile(r"Line of (the raw file|\S+) that the row comes from")


@dataclass(frozen=True)
class TracedLines:
    """Lines of a raw file (line 1 is the header) that a processed table was made from.

    ``country`` is set where these are only the lines of one country.
    """

    table: str
    lines: tuple[int, ...]
    country: str = ""


@dataclass(frozen=True)
class TracedFile:
    """A file as the report names it; ``faults`` say where what is there differs."""

    path: str
    sha256: str
    rows: int | None
    lines: tuple[TracedLines, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True)
class TracedDataset:
    """A dataset that something rests on."""

    name: str
    title: str
    kind: str
    vintage: str
    files: tuple[TracedFile, ...]


def spans(numbers: Iterable[int]) -> str:
    """Write line numbers as ranges.

    Examples
    --------
    >>> spans([4, 2, 3, 9, 3]), spans([])
    ('2-4, 9', '')
    """
    found: list[list[int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in found)


def traced_dataset(report: ReportContents, name: str, root: Path, scope: str) -> TracedDataset:
    """Return a dataset that a report rests on, its files held against what is there.

    Parameters
    ----------
    report
        The report that names it.
    name
        Of the dataset.
    root
        Project folder.
    scope
        Countries that the report is about; the lines of a single one are told, too, unless the rows are
        those of respondents.
    """
    entry = next((one for one in report.manifest["datasets"] if one["name"] == name), None)
    if entry is None:
        fault = f"{report.folder.name}: states a fact of {name}, which is not among its datasets"
        missing = TracedFile(f"data/raw/{name}", "", None, (), (fault,))
        return TracedDataset(name, "", "", "", (missing,))
    files = tuple(_file(name, entry, file, root, scope) for file in entry["files"])
    return TracedDataset(name, str(entry["title"]), str(entry["kind"]), str(entry["vintage"]), files)


def _file(dataset: str, entry: dict[str, Any], file: dict[str, Any], root: Path, scope: str) -> TracedFile:
    path = f"data/raw/{dataset}/{file['name']}"
    rows = None if file["rows"] is None else int(file["rows"])
    lines, faults = [], _file_faults(root / path, path, str(file["sha256"]), rows)
    for table in entry["tables"]:
        meta = read_json(processed_folder(root) / f"{table}.meta.json")
        if meta is None:
            faults.append(f"data/processed/{table}.parquet: is not there; run `evidence process`")
            continue
        made_from = meta.get("inputs", {}).get(path)
        if made_from is None:
            continue
        if made_from != file["sha256"]:
            faults.append(f"{path}: data/processed/{table}.parquet was made from another version of it")
        elif _raw_file(meta, dataset, entry) == path:
            lines += _lines(table, root, scope)
    return TracedFile(path, str(file["sha256"]), rows, tuple(lines), tuple(faults))


def _file_faults(found: Path, path: str, sha256: str, rows: int | None) -> list[str]:
    if not found.is_file():
        return [f"{path}: is not there"]
    if sha256_of(found) != sha256:
        return [f"{path}: is not the file that the report was made from; its checksum differs"]
    if rows is not None and rows != (there := rows_of(found)):
        return [f"{path}: the report says {rows} rows, it has {there}"]
    return []


def rows_of(path: Path) -> int:
    """Count the rows of a CSV below its header."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        return sum(1 for row in csv.reader(stream) if row) - 1


def _raw_file(meta: dict[str, Any], dataset: str, entry: dict[str, Any]) -> str:
    """Return the file whose lines ``raw_row`` counts, from what the table says of that column."""
    said = meta.get("columns", {}).get("raw_row", {}).get("description", "")
    found = _LINE_OF.match(said)
    if not found:
        return ""
    if "/" in found[1]:
        return found[1]
    names = [str(file["name"]) for file in entry["files"]]
    if found[1] in names:
        return f"data/raw/{dataset}/{found[1]}"
    own = [name for name in names if meta["table"] in (stem := PurePosixPath(name).stem, f"{dataset}_{stem}")]
    return f"data/raw/{dataset}/{own[0]}" if own else ""


def _lines(table: str, root: Path, scope: str) -> list[TracedLines]:
    path = processed_folder(root) / f"{table}.parquet"
    if not path.is_file():
        return []
    columns = set(pq.read_schema(path).names)
    by_country = len(scope) == 2 and "country" in columns and "respondent_id" not in columns
    read = pq.read_table(path, columns=["raw_row", *(["country"] if by_country else [])])
    lines = read.column("raw_row").to_pylist()
    found = [TracedLines(table, tuple(sorted(lines)))]
    if by_country:
        pairs = zip(lines, read.column("country").to_pylist(), strict=True)
        own = tuple(sorted(line for line, country in pairs if country == scope))
        found += [TracedLines(table, own, scope)] if own else []
    return found
