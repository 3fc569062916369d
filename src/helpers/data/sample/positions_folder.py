"""The made-up sessions, ratings and register as datasets of ``data/raw``."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from helpers.data.catalog import dataset_origin
from helpers.data.files import write_atomically
from helpers.data.project import raw_folder
from helpers.data.sample.positions import Row, points_rows, register_rows, sessions_rows
from helpers.data.sample.positions_merges import DECIDED_BY
from helpers.data.sample.positions_ratings import ratings_rows
from helpers.data.survey.guard import guarded_row
from helpers.data.verify import refresh_checksums

POINTS, RATINGS, REGISTER = "session_points_sample", "point_ratings_sample", "recommendations_sample"


def write_positions(root: Path | None = None) -> dict[str, bool]:
    """Write the three datasets but ``merges.csv``; what is as it was is not touched.

    Parameters
    ----------
    root
        The project's folder. ``origin.yml`` and ``README.md`` of each dataset are there already: they say
        which columns there are, and are kept; checksums and numbers of rows are brought up to date.

    Returns
    -------
    dict
        Dataset -> whether anything changed.

    Raises
    ------
    InputError
        If the folder of a dataset, or its ``origin.yml``, is not there.
    """
    tables = {
        POINTS: {"sessions.csv": sessions_rows(), "points.csv": points_rows(), "merges.csv": []},
        RATINGS: {"ratings.csv": ratings_rows()},
        REGISTER: register_rows(),
    }
    return {dataset: _write(dataset, files, root) for dataset, files in tables.items()}


def _write(dataset: str, files: Mapping[str, Sequence[Row]], root: Path | None) -> bool:
    origin = dataset_origin(dataset, root)
    folder = raw_folder(root) / dataset
    changed = False
    for file, rows in files.items():
        path = folder / file
        data = csv_bytes([[column.name for column in origin.file(file).columns], *rows])
        # Decisions on pairs are people's: a file that is there already stays (`evidence points` writes it).
        if not path.is_file() or (rows and path.read_bytes() != data):
            write_atomically(path, data)
            changed = True
    if changed and dataset == POINTS:
        _forget_own_decisions(folder / "merges.csv")
    return bool(refresh_checksums(dataset, root)) or changed


def _forget_own_decisions(path: Path) -> None:
    """Take out what the generator decided about points that are others now; what people decided stays."""
    header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
    at = header.index("decided_by")
    write_atomically(path, csv_bytes([header, *(row for row in rows if row[at] != DECIDED_BY)]))


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as CSV in which no cell runs in a spreadsheet program."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(guarded_row(row) for row in rows)
    return text.getvalue().encode("utf-8")
