"""The dataset of roadmaps, ``data/raw/roadmaps``: one row a step."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from helpers.data.catalog import read_records
from helpers.data.coding.staging import staged_codes
from helpers.data.files import sha256_of
from helpers.data.origin import ORIGIN_NAME, README_NAME, Origin, load_origin
from helpers.data.project import project_root, raw_folder
from helpers.data.roadmaps.columns import COLUMNS, FUNDING, KINDS, LANGUAGES, MOST_STEPS, NAMES, Row
from helpers.data.survey.guard import guarded, unguarded

DATASET, FILE = "roadmaps", "steps.csv"
Key = tuple[str, int]
_KEPT = ("title", "producer", "citation", "url", "licence", "kind")
_ALLOWED: dict[str, object] = {
    "funding": list(FUNDING),
    "kind": list(KINDS),
    "language": list(LANGUAGES),
    "due": {"pattern": "[0-9]{4}-(0[1-9]|1[0-2])"},
    "step": {"min": 1, "max": MOST_STEPS},
}


@dataclass(frozen=True)
class Stored:
    """Where roadmaps were written, and whether anything changed."""

    folder: Path
    changed: bool


def key_of(row: Row) -> Key:
    """Return by what a step is known: its group and number."""
    return row["group"], int(row["step"])


def read_roadmaps(root: Path | None = None) -> list[Row]:
    """Return the steps that are there, as they were written; none if there is no dataset yet.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    folder = raw_folder(root) / DATASET
    if not (folder / ORIGIN_NAME).is_file():
        return []
    declared = load_origin(folder).file(FILE)
    header, records = read_records(folder / FILE, declared, f"data/raw/{DATASET}/{FILE}")
    return [{name: unguarded(text) for name, text in zip(header, cells, strict=True)} for _, cells in records]


def write_roadmaps(rows: Iterable[Row], root: Path | None = None) -> Stored:
    """Write the dataset as a whole; nothing where nothing changed.

    Raises
    ------
    InputError
        If somebody else is writing it.
    """
    listed = sorted(rows, key=key_of)
    with staged_codes(root or project_root(), DATASET) as staging:
        before = staging.target("")
        (staging.raw / FILE).write_bytes(csv_bytes(NAMES, [[row[name] for name in NAMES] for row in listed]))
        (staging.raw / README_NAME).write_text(_README, encoding="utf-8")
        (staging.raw / ORIGIN_NAME).write_text(_origin(staging.raw, before, len(listed)), encoding="utf-8")
        return Stored(before, staging.publish(""))


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a table as CSV, its cells guarded against spreadsheet programs."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8")


def _origin(folder: Path, before: Path, rows: int) -> str:
    checksum = sha256_of(folder / FILE)
    content: dict[str, object] = {
        "title": "Roadmaps of working groups",
        "producer": "The working groups",
        "citation": "Roadmaps of working groups.",
        "url": "Not published",
        "licence": "As agreed with the working groups",
        "retrieved": dt.datetime.now(dt.UTC).date(),
        "vintage": f"{dt.datetime.now(dt.UTC):%Y-%m}",
        "kind": "observed",
        "notes": "Texts are redacted. Cells that a spreadsheet would run begin with '.",
        "files": [
            {
                "name": FILE,
                "sha256": checksum,
                "rows": rows,
                "meaning": "One row a step of a roadmap",
                "unique": [["group", "step"]],
                "columns": [_column(column.name) for column in COLUMNS],
            }
        ],
    }
    if (before / ORIGIN_NAME).is_file():
        old = load_origin(before)
        content |= {key: getattr(old, key) for key in _KEPT}
        if old.file(FILE).sha256 == checksum:
            content |= {"retrieved": old.retrieved, "vintage": old.vintage}
    Origin.model_validate(content)
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)


def _column(name: str) -> dict[str, object]:
    column = next(one for one in COLUMNS if one.name == name)
    kinds = {"step": "integer", "country": "country"}
    described: dict[str, object] = {
        "name": name,
        "type": kinds.get(name, "string"),
        "meaning": column.meaning,
    }
    if name == "step":
        described["unit"] = "number"
    if name == "country":
        described["codes"] = "eurostat"
    if not column.required:
        described |= {"required": False, "missing": "Not filled in"}
    return described | ({"allowed": _ALLOWED[name]} if name in _ALLOWED else {})


_README = (
    "# Roadmaps of working groups\n\n"
    + (
        "Steps that working groups entered in templates of `evidence roadmap` and gave back;\n"
        "`evidence ingest FILE --as roadmap` reads them. Texts are redacted.\n\n## Columns\n\n"
        "| column | meaning |\n|---|---|\n"
    )
    + "".join(f"| `{column.name}` | {column.meaning} |\n" for column in COLUMNS)
    + (
        "\n## What one must not conclude\n\n"
        "That a step is agreed, funded or done: it is what a group intends.\n"
    )
)
