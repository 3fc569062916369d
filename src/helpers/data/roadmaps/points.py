"""Steps of roadmaps as points of a session, from which recommendations are made and rated."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.data.catalog import dataset_origin, read_records
from helpers.data.coding.staging import staged_codes
from helpers.data.errors import InputError
from helpers.data.files import write_atomically
from helpers.data.origin import ORIGIN_NAME, README_NAME, OriginFile
from helpers.data.positions.names import FILES, POINTS
from helpers.data.positions.texts import clean_text, delimited
from helpers.data.project import project_root, raw_folder
from helpers.data.roadmaps.columns import Row
from helpers.data.roadmaps.dataset import DATASET, csv_bytes, read_roadmaps
from helpers.data.roadmaps.points_origin import README, points_origin
from helpers.data.survey.guard import guarded, unguarded
from helpers.data.verify import refresh_checksums

SESSION, TITLE = "roadmap", "Roadmaps of working groups"
_LARGEST_NUMBER = 999_999


@dataclass(frozen=True)
class Proposed:
    """What became of the steps: points that are new and that were there, and if the dataset is new."""

    folder: Path
    new: int
    known: int
    created: bool


@dataclass(frozen=True)
class _Points:
    """The rows of the three files, as texts."""

    sessions: list[dict[str, str]]
    points: list[dict[str, str]]


def propose_points(root: Path | None = None) -> Proposed:
    """Write each step of ``data/raw/roadmaps`` as a point into ``data/raw/session_points``.

    A point is what is to be done, and against what, in the words of the group, put forward by the kind and
    country that lead the step, in the session `roadmap`. The dataset is made if it is not there. What it
    holds stays as it is; a step that is there already is not written again. The sample points are never
    touched.

    Raises
    ------
    InputError
        If there is no roadmap, or the dataset has columns or rules into which points of roadmaps do not fit.
    """
    root = root or project_root()
    steps = read_roadmaps(root)
    if not steps:
        raise InputError(f"data/raw/{DATASET}: holds no steps; `evidence ingest FILE --as roadmap` first")
    folder = raw_folder(root) / POINTS
    created = not (folder / ORIGIN_NAME).is_file()
    before = _Points([], []) if created else _read(root)
    day = _day(before, root)
    after = _with_steps(before, steps, day)
    new = len(after.points) - len(before.points)
    if created:
        _create(after, root)
    elif new:
        _extend(before, after, root)
    return Proposed(folder, new, len(steps) - new, created)


def point_text(step: Row) -> str:
    """Return a step as a point.

    Examples
    --------
    >>> point_text({"action": "Share stocks of spare parts.", "disruption": "late parts"})
    'Share stocks of spare parts. (Against: late parts)'
    """
    return clean_text(f"{step['action']} (Against: {step['disruption']})")


def _day(before: _Points, root: Path) -> str:
    """Return the day of the session: of the one that is there, else that on which roadmaps came in."""
    for row in before.sessions:
        if row["session"] == SESSION:
            return row["date"]
    return dataset_origin(DATASET, root).retrieved.isoformat()


def _with_steps(before: _Points, steps: Sequence[Row], day: str) -> _Points:
    sessions, points = list(before.sessions), list(before.points)
    if all(row["session"] != SESSION for row in sessions):
        sessions.append({"session": SESSION, "date": day, "title": TITLE})
    known = {
        (unguarded(row["text"]), row["country"], row["proposer_kind"])
        for row in points
        if row["session"] == SESSION
    }
    number = max([0, *(int(row["point_id"][1:]) for row in points if _numbered(row["point_id"]))])
    for step in steps:
        text = point_text(step)
        if (text, step["country"], step["kind"]) in known:
            continue
        known.add((text, step["country"], step["kind"]))
        number += 1
        if number > _LARGEST_NUMBER:
            raise InputError(f"data/raw/{POINTS}/points.csv: column point_id: no number is left")
        points.append(
            {
                "point_id": f"P{number:03d}",
                "session": SESSION,
                "date": day,
                "text": text,
                "language": step["language"],
                "theme": "",
                "country": step["country"],
                "proposer_kind": step["kind"],
            }
        )
    return _Points(sessions, points)


def _numbered(point: str) -> bool:
    return point[:1] == "P" and point[1:].isascii() and point[1:].isdigit()


def _read(root: Path) -> _Points:
    origin = dataset_origin(POINTS, root)
    tables = []
    for name in ("sessions.csv", "points.csv"):
        file = origin.file(name)
        _refuse_other_shape(file, name)
        where = f"data/raw/{POINTS}/{name}"
        header, records = read_records(raw_folder(root) / POINTS / name, file, where)
        for number, cells in records:
            if len(cells) != len(header):
                raise InputError(f"{where}: row {number}: {len(cells)} cells, allowed: {len(header)}")
        tables.append([dict(zip(header, cells, strict=True)) for _, cells in records])
    return _Points(*tables)


def _refuse_other_shape(file: OriginFile, name: str) -> None:
    """Stop before a row is written that the dataset's own rules refuse."""
    where = f"data/raw/{POINTS}/origin.yml: files[{name}]"
    columns = {column.name: column for column in file.columns}
    for needed in FILES[POINTS][name]:
        if needed not in columns:
            raise InputError(f"{where}.columns: {needed} is missing; allowed: as in {POINTS}_sample")
    for column in file.columns:
        if column.required and column.name not in FILES[POINTS][name]:
            raise InputError(
                f"{where}.columns: found {column.name}, which each row needs and no roadmap has; allowed: "
                "required: false"
            )
    pattern = getattr(columns["session"].allowed, "pattern", None)
    if pattern and not re.fullmatch(pattern, SESSION):
        raise InputError(
            f"{where}.columns[session].allowed: found {pattern!r}, allowed: one that takes {SESSION!r}, "
            f"such as '{SESSION}|{pattern}'"
        )


def _extend(before: _Points, after: _Points, root: Path) -> None:
    """Put the new rows behind those that are there, to the letter."""
    origin = dataset_origin(POINTS, root)
    for name, old, now in (
        ("sessions.csv", before.sessions, after.sessions),
        ("points.csv", before.points, after.points),
    ):
        if len(now) == len(old):
            continue
        file = origin.file(name)
        header = [column.name for column in file.columns]
        rows = [[row[column] for column in header] for row in old]
        missing = file.missing[0] if file.missing else ""
        rows += [[guarded(row.get(column, "")) or missing for column in header] for row in now[len(old) :]]
        write_atomically(raw_folder(root) / POINTS / name, delimited([header, *rows], file))
    refresh_checksums(POINTS, root)


def _create(after: _Points, root: Path) -> None:
    tables: dict[str, list[dict[str, str]]] = {
        "sessions.csv": after.sessions,
        "points.csv": after.points,
        "merges.csv": [],
    }
    with staged_codes(root, POINTS) as staging:
        for name, rows in tables.items():
            header = FILES[POINTS][name]
            data = csv_bytes(header, [[row.get(column, "") for column in header] for row in rows])
            (staging.raw / name).write_bytes(data)
        (staging.raw / README_NAME).write_text(README, encoding="utf-8")
        origin = points_origin(staging.raw, {name: len(rows) for name, rows in tables.items()})
        (staging.raw / ORIGIN_NAME).write_text(origin, encoding="utf-8")
        staging.publish("")
