"""``merges.csv``: proposals may come and go, what people decided stays as they wrote it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.data.catalog import dataset_folder, dataset_origin, read_raw, read_records
from helpers.data.country_codes import ISO_TO_EUROSTAT
from helpers.data.errors import InputError
from helpers.data.files import write_atomically
from helpers.data.origin import OriginFile
from helpers.data.positions.merging import PAIR
from helpers.data.positions.names import POINTS, parts
from helpers.data.positions.texts import clean_frame, delimited
from helpers.data.survey.guard import guarded
from helpers.data.verify import refresh_checksums

MERGES = "merges.csv"
_PEOPLES = ("decision", "decided_by", "decided_on")
Decide = Callable[[str, str], tuple[str, str, str] | None]
"""Two points -> decision, who decided, and on which day; or nothing."""


@dataclass(frozen=True)
class Updated:
    """What became of ``merges.csv``: rows by who wrote them, and whether the file changed."""

    path: Path
    decided: int
    open: int
    new: int
    gone: int
    changed: bool


def read_points(dataset: str, root: Path | None = None) -> pd.DataFrame:
    """Return points.csv of a dataset, its texts redacted, its rows in the order of days.

    Raises
    ------
    InputError
        If it is no dataset of points, is not there, or is not as its ``origin.yml`` declares.
    """
    if (parts(dataset) or ("", ""))[0] != POINTS:
        raise InputError(f"data/raw/{dataset}: found {dataset!r}, allowed: {POINTS}, {POINTS}_sample, ...")
    frame = clean_frame(read_raw(dataset, "points.csv", root), dataset, "points.csv")
    frame["country"] = frame["country"].replace(ISO_TO_EUROSTAT)
    return frame.sort_values("date", kind="stable", ignore_index=True)


def update_merges(
    dataset: str, proposed: pd.DataFrame, root: Path | None = None, decide: Decide | None = None
) -> Updated:
    """Write proposed pairs into ``merges.csv`` beside those on which somebody decided.

    Parameters
    ----------
    dataset
        Of points.
    proposed
        point_id_a, point_id_b, score, evidence.
    root
        The project's folder.
    decide
        Decides on pairs that are open; people do so in the file.

    Returns
    -------
    Updated
        Rows in which a person wrote a decision, a name or a day stay as they are, to the letter, also if the
        pair is not proposed any more. Open ones are replaced by what is proposed now.

    Raises
    ------
    InputError
        If ``origin.yml`` declares no merges.csv with these columns, or the file cannot be read.
    """
    file = dataset_origin(dataset, root).file(MERGES)
    header = [column.name for column in file.columns]
    _refuse_other_columns(dataset, header)
    path = dataset_folder(dataset, root) / MERGES
    before = _rows(path, file, f"data/raw/{dataset}/{MERGES}") if path.is_file() else []
    kept = [row for row in before if any(row[name].strip() for name in _PEOPLES)]
    closed = {_pair(row) for row in kept}
    known = {_pair(row) for row in before}
    fresh = [
        _with_decision(_fresh_row(row, header, file), decide)
        for row in proposed.to_dict("records")
        if _pair(row) not in closed
    ]
    rows = [*kept, *sorted(fresh, key=lambda row: not row["decision"])]
    data = delimited([header, *([row[name] for name in header] for row in rows)], file)
    changed = not path.is_file() or [*before] != rows
    if changed:
        write_atomically(path, data)
        refresh_checksums(dataset, root)
    pairs = {_pair(row) for row in rows}
    undecided = sum(not row["decision"] for row in rows)
    return Updated(
        path, len(rows) - undecided, undecided, len(pairs - known), len(known - pairs), bool(changed)
    )


def _refuse_other_columns(dataset: str, header: list[str]) -> None:
    missing = [name for name in (*PAIR, "score", "evidence", *_PEOPLES) if name not in header]
    if missing:
        where = f"data/raw/{dataset}/origin.yml: files[{MERGES}].columns"
        raise InputError(f"{where}: {', '.join(missing)} missing; allowed: as in {POINTS}_sample")


def _rows(path: Path, file: OriginFile, where: str) -> list[dict[str, str]]:
    header, records = read_records(path, file, where)
    wanted = [column.name for column in file.columns]
    if header != wanted:
        raise InputError(f"{where}: row 1: found columns {repr(header)[:200]}, allowed: {wanted}")
    for number, cells in records:
        if len(cells) != len(header):
            raise InputError(f"{where}: row {number}: {len(cells)} cells, allowed: {len(header)}")
    return [dict(zip(header, cells, strict=True)) for _, cells in records]


def _pair(row: Mapping[Any, Any]) -> frozenset[str]:
    return frozenset((str(row[PAIR[0]]).strip(), str(row[PAIR[1]]).strip()))


def _fresh_row(row: Mapping[Any, Any], header: list[str], file: OriginFile) -> dict[str, str]:
    cells = dict.fromkeys(header, file.missing[0] if file.missing else "")
    score = f"{row['score']:.3f}".replace(".", file.decimal)
    return (
        cells
        | {name: str(row[name]) for name in PAIR}
        | {
            "score": score,
            "evidence": guarded(str(row["evidence"])),
        }
    )


def _with_decision(row: dict[str, str], decide: Decide | None) -> dict[str, str]:
    decided = decide(row[PAIR[0]], row[PAIR[1]]) if decide else None
    return row | dict(zip(_PEOPLES, decided, strict=True)) if decided else row
