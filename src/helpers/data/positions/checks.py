"""Whether points, ratings and the register agree with each other: what no single ``origin.yml`` can say."""

from collections.abc import Collection, Iterable, Iterator
from functools import partial
from pathlib import Path

import pandas as pd

from helpers.data.catalog import dataset_origin, read_raw
from helpers.data.errors import InputError
from helpers.data.origin import ORIGIN_NAME
from helpers.data.positions.merging import merged
from helpers.data.positions.names import FILES, POINTS, RATINGS, REGISTER, REPORTS, TEXTS, parts
from helpers.data.positions.texts import taken_out
from helpers.data.privacy import EMAIL
from helpers.data.project import raw_folder
from helpers.data.verify import Problem

CODEBOOK = "codebook"
_PERSONAL = "found what redaction replaces by {words}; `evidence points {dataset} --redact` takes it out"


def position_problems(dataset: str, root: Path | None = None) -> list[Problem]:
    """Return what is wrong with a dataset of points, ratings or recommendations beyond its ``origin.yml``.

    Parameters
    ----------
    dataset
        Such as session_points, point_ratings_sample or recommendations_2021. Ratings and the register are
        compared with the points whose name has the same ending.
    root
        The project's folder.

    Returns
    -------
    list of Problem
        In the order of files and rows. A value that is unknown in many rows is named once, with its first
        row; texts are never shown. Nothing if another fault, which `helpers.data.verify.verify` names, keeps
        a file from being read.

    Examples
    --------
    >>> position_problems("session_points_sample"), position_problems("population")
    ([], [])
    """
    found = parts(dataset)
    if found is None:
        return []
    base, ending = found
    undeclared = list(_undeclared(dataset, base, root))
    if undeclared:
        return undeclared
    try:
        tables = {file: read_raw(dataset, file, root) for file in FILES[base]}
    except InputError:
        return []
    check = _Check(dataset, tables, root)
    return list({POINTS: _points, RATINGS: _ratings, REGISTER: _register}[base](check, f"{POINTS}{ending}"))


def text_problems(dataset: str, root: Path | None = None) -> list[Problem]:
    """Return where a dataset holds what redaction would take out of a text; the texts are not shown.

    Such texts never reach ``data/processed``, but ``data/raw`` is committed.

    Examples
    --------
    >>> text_problems("session_points_sample"), text_problems("population")
    ([], [])
    """
    found = parts(dataset)
    if found is None or list(_undeclared(dataset, found[0], root)):
        return []
    try:
        tables = {file: read_raw(dataset, file, root) for file in FILES[found[0]]}
    except InputError:
        return []
    check = _Check(dataset, tables, root)
    return [
        check.problem(file, row, column, _PERSONAL.format(words=", ".join(words), dataset=dataset))
        for file, table in tables.items()
        for column in TEXTS.get((found[0], file), ())
        for row, words in zip(table["raw_row"], map(taken_out, table[column].fillna("")), strict=True)
        if words
    ]


def _undeclared(dataset: str, base: str, root: Path | None) -> Iterator[Problem]:
    declared = {file.name: {c.name for c in file.columns} for file in dataset_origin(dataset, root).files}
    for file, columns in FILES[base].items():
        if file not in declared:
            yield Problem(dataset, ORIGIN_NAME, None, None, f"files: {file} is missing; every {base} has one")
        for column in columns:
            if column not in declared.get(file, columns):
                yield Problem(dataset, ORIGIN_NAME, None, None, f"files[{file}].columns: {column} is missing")


class _Check:
    """The tables of one dataset, and how their faults are said."""

    def __init__(self, dataset: str, tables: dict[str, pd.DataFrame], root: Path | None) -> None:
        self.dataset, self.tables, self.root = dataset, tables, root

    def problem(self, file: str, row: object, column: str, message: str) -> Problem:
        return Problem(self.dataset, file, int(str(row)), column, message)

    def unknown(self, file: str, column: str, known: Collection[str], allowed: str) -> Iterator[Problem]:
        """Yield a problem for each value that is not known, with the first of its rows."""
        table = self.tables[file]
        astray = table[table[column].notna() & ~table[column].isin(list(known))]
        for value, rows in astray.groupby(column, sort=False):
            more = f" (and in {len(rows) - 1} more rows)" if len(rows) > 1 else ""
            message = f"found {str(value)[:40]!r}{more}, allowed: {allowed}"
            yield self.problem(file, rows["raw_row"].iloc[0], column, message)

    def elsewhere(self, dataset: str, file: str, column: str) -> set[str] | Problem:
        """Return the values of another dataset's column, or why they cannot be had."""
        where = f"data/raw/{dataset}/{file}"
        if not (raw_folder(self.root) / dataset).is_dir():
            message = f"refers to {where}, which is not there; datasets with the same ending belong together"
            return Problem(self.dataset, None, None, None, message)
        try:
            return set(read_raw(dataset, file, self.root)[column].dropna())
        except (InputError, KeyError):
            message = f"cannot be compared with {where}; `evidence verify {dataset}` says what is wrong there"
            return Problem(self.dataset, None, None, None, message)

    def unknown_elsewhere(
        self, files: Iterable[str], column: str, dataset: str, file: str, noun: str
    ) -> Iterator[Problem]:
        """Yield a problem for each value that another dataset does not have."""
        known = self.elsewhere(dataset, file, column)
        if isinstance(known, Problem):
            yield known
            return
        for own in files:
            yield from self.unknown(own, column, known, f"a {noun} of data/raw/{dataset}/{file}")


def _points(check: _Check, _: str) -> Iterator[Problem]:
    points, sessions = check.tables["points.csv"], check.tables["sessions.csv"]
    where = f"data/raw/{check.dataset}"
    days = dict(zip(sessions["session"], sessions["date"], strict=True))
    yield from check.unknown("points.csv", "session", days, f"a session of {where}/sessions.csv")
    yield from _other_days(check, "points.csv", days)
    if points["theme"].notna().any():
        yield from check.unknown_elsewhere(["points.csv"], "theme", CODEBOOK, "themes.csv", "theme")
    unsound = [*_pairs(check, set(points["point_id"]))]
    yield from unsound
    if not unsound:
        yield from _decisions(check)


def _other_days(check: _Check, file: str, days: dict[str, pd.Timestamp]) -> Iterator[Problem]:
    for row in check.tables[file].to_dict("records"):
        day = days.get(row["session"], row["date"])
        if row["date"] != day:
            message = f"found {row['date']:%Y-%m-%d}, allowed: {day:%Y-%m-%d}, the day of {row['session']}"
            yield check.problem(file, row["raw_row"], "date", message)


def _pairs(check: _Check, known: set[str]) -> Iterator[Problem]:
    file, allowed = "merges.csv", f"a point of data/raw/{check.dataset}/points.csv"
    for column in ("point_id_a", "point_id_b"):
        yield from check.unknown(file, column, known, allowed)
    first: dict[frozenset[str], int] = {}
    for row in check.tables[file].to_dict("records"):
        problem = partial(check.problem, file, row["raw_row"])
        pair = frozenset((row["point_id_a"], row["point_id_b"]))
        if len(pair) == 1:
            yield problem("point_id_b", f"found {row['point_id_b']!r} twice, allowed: two points")
        elif pair in first:
            names = " and ".join(sorted(pair))
            yield problem("point_id_a", f"found {names} again, first in row {first[pair]}; allowed: once")
        first.setdefault(pair, int(row["raw_row"]))


def _decisions(check: _Check) -> Iterator[Problem]:
    where = f"data/raw/{check.dataset}/merges.csv"
    try:
        merged(check.tables["points.csv"], check.tables["merges.csv"], where)
    except InputError as fault:
        for message in fault.problems:
            yield Problem(check.dataset, "merges.csv", None, None, message.removeprefix(f"{where}: "))


def _ratings(check: _Check, points: str) -> Iterator[Problem]:
    yield from check.unknown_elsewhere(["ratings.csv"], "point_id", points, "points.csv", "point")
    table = check.tables["ratings.csv"]
    for row, respondent in zip(table["raw_row"], table["respondent_id"], strict=True):
        if EMAIL in taken_out(respondent):
            yield check.problem(
                "ratings.csv", row, "respondent_id", "found an e-mail address, allowed: a code"
            )
    yield from _changing_respondents(check)


def _changing_respondents(check: _Check) -> Iterator[Problem]:
    """Yield a problem where one respondent is of two countries or kinds."""
    table = check.tables["ratings.csv"]
    for column in ("country", "respondent_kind"):
        first = table.groupby("respondent_id", sort=False)[column].transform("first")
        for row in table[table[column] != first].drop_duplicates("respondent_id").to_dict("records"):
            was = first[table["raw_row"] == row["raw_row"]].iloc[0]
            message = f"found {row[column]!r}, allowed: {was!r}, as in the respondent's first row"
            yield check.problem("ratings.csv", row["raw_row"], column, message)


def _register(check: _Check, points: str) -> Iterator[Problem]:
    known = set(check.tables["recommendations.csv"]["recommendation_id"])
    parts_of = [file for file in FILES[REGISTER] if file != "recommendations.csv"]
    for file in parts_of:
        allowed = f"a recommendation of data/raw/{check.dataset}/recommendations.csv"
        yield from check.unknown(file, "recommendation_id", known, allowed)
    yield from check.unknown_elsewhere(["points.csv"], "point_id", points, "points.csv", "point")
    if len(check.tables["themes.csv"]):
        yield from check.unknown_elsewhere(["themes.csv"], "theme", CODEBOOK, "themes.csv", "theme")
    yield from check.unknown("evidence.csv", "report", REPORTS, ", ".join(REPORTS))
    yield from check.unknown_elsewhere(["history.csv"], "session", points, "sessions.csv", "session")
    yield from _last_status(check)


def _last_status(check: _Check) -> Iterator[Problem]:
    """Yield a problem where the register says another status than the last session."""
    history = check.tables["history.csv"].sort_values(["date", "raw_row"], kind="stable")
    last = history.groupby("recommendation_id").tail(1).set_index("recommendation_id")
    for row in check.tables["recommendations.csv"].to_dict("records"):
        name = row["recommendation_id"]
        if name not in last.index:
            message = f"found {name!r}, allowed: one of which history.csv has a row"
            yield check.problem("recommendations.csv", row["raw_row"], "recommendation_id", message)
        elif row["status"] != last.loc[name, "status"]:
            said = f"{last.loc[name, 'status']}, as row {last.loc[name, 'raw_row']} of history.csv says"
            message = f"found {row['status']!r} of {name}, allowed: {said}"
            yield check.problem("recommendations.csv", row["raw_row"], "status", message)
