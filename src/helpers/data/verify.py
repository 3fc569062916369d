"""Whether every dataset of ``data/raw`` is what its ``origin.yml`` says, and if not, where."""

import datetime as dt
import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from helpers.data.catalog import Record, TableError, dataset_folder, dataset_names, read_records
from helpers.data.cells import read_cell
from helpers.data.errors import InputError
from helpers.data.files import sha256_of
from helpers.data.origin import ORIGIN_NAME, README_NAME, OriginColumn, OriginFile, load_origin
from helpers.data.positions.names import parts
from helpers.data.vintages import DATASET_NAME, QUESTIONNAIRES, VINTAGE, name_of

SHOWN_PER_FILE = 20
_UPDATE = "`evidence verify --update {dataset}` writes it into origin.yml"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where it is, and what was found and is allowed.

    ``row`` is the line of the file (the header is line 1); ``None`` where the fault is not of a row.

    Examples
    --------
    >>> print(Problem("population", "population.csv", 17, "year", "found '20l9', allowed: an integer"))
    data/raw/population/population.csv: row 17, column year: found '20l9', allowed: an integer
    """

    dataset: str
    file: str | None
    row: int | None
    column: str | None
    message: str

    def __str__(self) -> str:
        where = "/".join(part for part in ("data/raw", self.dataset, self.file) if part)
        spot = [f"row {self.row}" if self.row else "", f"column {self.column}" if self.column else ""]
        line = ": ".join(part for part in (where, ", ".join(filter(None, spot)), self.message) if part)
        return "".join(mark if mark.isprintable() else repr(mark)[1:-1] for mark in line)


def verify(root: Path | None = None, only: str | Sequence[str] | None = None) -> list[Problem]:
    """Compare datasets with what their ``origin.yml`` declares.

    Parameters
    ----------
    root
        The project's folder.
    only
        Name or names of datasets; all if not given.

    Returns
    -------
    list of Problem
        Everything that was found, in the order of datasets and files; empty if all is well.

    Raises
    ------
    InputError
        If ``only`` names a dataset that does not exist.

    Examples
    --------
    >>> verify(only="population")
    []
    """
    names = dataset_names(root) if only is None else [only] if isinstance(only, str) else list(only)
    folders = [dataset_folder(name, root) for name in names]
    return [problem for folder in folders for problem in _verify_dataset(folder)]


def problem_lines(problems: Sequence[Problem], per_file: int = SHOWN_PER_FILE) -> list[str]:
    """Return the problems as lines to print, at most ``per_file`` a file and then how many more there are."""
    total = Counter((problem.dataset, problem.file) for problem in problems)
    shown: Counter[tuple[str, str | None]] = Counter()
    lines = []
    for problem in problems:
        key = (problem.dataset, problem.file)
        shown[key] += 1
        if shown[key] <= per_file:
            lines.append(str(problem))
        elif shown[key] == total[key]:
            where = "/".join(part for part in ("data/raw", *key) if part)
            lines.append(f"{where}: and {total[key] - per_file} more")
    return lines


def _verify_dataset(folder: Path) -> Iterator[Problem]:
    name = name_of(folder)
    if not DATASET_NAME.fullmatch(name):
        yield Problem(name, None, None, None, "folder name: allowed: small letters, digits and _")
    if folder.is_symlink():
        yield Problem(name, None, None, None, "is a link; a dataset lies in the repository")
        return
    if not (folder / README_NAME).is_file():
        yield Problem(name, README_NAME, None, None, "not found; every dataset needs a codebook")
    try:
        origin = load_origin(folder)
    except InputError as fault:
        for message in fault.problems:
            reason = message.removeprefix(f"data/raw/{name}/{ORIGIN_NAME}: ")
            yield Problem(name, ORIGIN_NAME, None, None, reason)
        return
    yield from _stray_files(folder, {file.name for file in origin.files})
    if name == QUESTIONNAIRES:
        yield from _verify_definitions(folder)
    for file in origin.files:
        yield from _verify_file(folder, file)
    if parts(name):
        yield from _verify_positions(folder)


def _stray_files(folder: Path, declared: set[str]) -> Iterator[Problem]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in declared | {ORIGIN_NAME, README_NAME}:
            continue
        if path.is_file() and _belongs(path):
            continue
        kind = "folder" if path.is_dir() else "file"
        yield Problem(name_of(folder), path.name, None, None, f"a {kind} that origin.yml does not declare")


def _belongs(path: Path) -> bool:
    """Tell whether a file that is no table has its place here: a definition, or how an export was read."""
    if path.parent.name == QUESTIONNAIRES:
        return path.suffix == ".yml"
    return VINTAGE.fullmatch(path.parent.name) is not None and path.name == "mapping.yml"


def _verify_definitions(folder: Path) -> Iterator[Problem]:
    """Check every questionnaire's definition; imported here, since few datasets need it."""
    from helpers.data.questionnaires.definition import load_questionnaire, questionnaire_names

    root = folder.parents[2]
    for name in questionnaire_names(root):
        try:
            load_questionnaire(name, root)
        except InputError as fault:
            for message in fault.problems:
                reason = message.removeprefix(f"data/raw/{QUESTIONNAIRES}/{name}.yml: ")
                yield Problem(QUESTIONNAIRES, f"{name}.yml", None, None, reason)


def _verify_positions(folder: Path) -> Iterator[Problem]:
    """Check what points, ratings and recommendations say of each other; it imports us, so imported here."""
    from helpers.data.positions.checks import position_problems, text_problems

    root = folder.parents[2]
    yield from position_problems(name_of(folder), root)
    yield from text_problems(name_of(folder), root)


def _verify_file(folder: Path, file: OriginFile) -> Iterator[Problem]:
    dataset, where = name_of(folder), f"data/raw/{name_of(folder)}/{file.name}"
    yield from _verify_checksum(folder, file)
    try:
        header, records = read_records(folder / file.name, file, where)
    except TableError as fault:
        yield Problem(dataset, file.name, fault.row, None, fault.reason)
        return
    if file.rows is not None and file.rows != len(records):
        message = f"found {len(records)} rows, allowed: {file.rows} as origin.yml says"
        yield Problem(dataset, file.name, None, None, message)
    yield from (Problem(dataset, file.name, 1, col, message) for col, message in _header(header, file))
    whole = [record for record in records if len(record[1]) == len(header)]
    for row, cells in records:
        if len(cells) != len(header):
            found = f"found {len(cells)} cells" if cells else "found a blank line"
            yield Problem(dataset, file.name, row, None, f"{found}, allowed: {len(header)} cells")
    places = [(col, header.index(col.name)) for col in file.columns if header.count(col.name) == 1]
    yield from _verify_cells(dataset, file, places, whole)
    yield from _verify_unique(dataset, file, {col.name: at for col, at in places}, whole)


def _verify_checksum(folder: Path, file: OriginFile) -> Iterator[Problem]:
    dataset = name_of(folder)
    hint = _UPDATE.format(dataset=dataset)
    path = folder / file.name
    if file.sha256 is None:
        yield Problem(dataset, file.name, None, None, f"no sha256 in origin.yml; {hint}")
    elif path.is_file() and not path.is_symlink() and (found := _sha256(path)) not in (None, file.sha256):
        message = f"sha256: found {found}, allowed: {file.sha256}; if the change is meant, {hint}"
        yield Problem(dataset, file.name, None, None, message)


def _sha256(path: Path) -> str | None:
    try:
        return sha256_of(path)
    except OSError:  # the reader of the records reports it
        return None


def _header(header: list[str], file: OriginFile) -> Iterator[tuple[str | None, str]]:
    """Yield what is wrong with the header: repeated, missing and unexpected columns, then the order."""
    declared = [column.name for column in file.columns]
    expected = f"allowed: {', '.join(declared)}"
    for name, times in Counter(header).items():
        if times > 1:
            yield name, f"found {times} times, allowed: once"
        if name not in declared:
            yield name or "(no name)", f"not declared in origin.yml; {expected}"
    for name in declared:
        if name not in header:
            yield name, "missing; origin.yml declares it"
    if header != declared and sorted(header) == sorted(declared):
        yield None, f"found the order {', '.join(header)}; {expected}"


def _verify_cells(
    dataset: str, file: OriginFile, places: list[tuple[OriginColumn, int]], records: list[Record]
) -> Iterator[Problem]:
    for row, cells in records:
        for column, at in places:
            try:
                read_cell(cells[at], column, file)
            except ValueError as fault:
                yield Problem(dataset, file.name, row, column.name, str(fault))


def _verify_unique(
    dataset: str, file: OriginFile, places: dict[str, int], records: list[Record]
) -> Iterator[Problem]:
    for key in file.unique:
        if not set(key) <= set(places):
            continue
        first: dict[tuple[str, ...], int] = {}
        for row, cells in records:
            value = tuple(cells[places[name]] for name in key)
            if value in first:
                message = f"found {', '.join(value)[:60]!r} again, first in row {first[value]}; allowed: once"
                yield Problem(dataset, file.name, row, " + ".join(key), message)
            first.setdefault(value, row)


def refresh_checksums(dataset: str, root: Path | None = None) -> list[str]:
    """Write the sha256 and the number of rows of each file into ``origin.yml``; comments and layout stay.

    For a researcher who changed or added a table on purpose. Of a wave of answers, withdrawals.csv, frame.csv
    and duplicates.csv that a person put there are declared, with the columns that they always have. The cells
    are not checked here: run `verify`.

    Returns
    -------
    list of str
        One line a changed value; empty if all were right.

    Raises
    ------
    InputError
        If ``origin.yml`` is faulty or a file cannot be read.
    """
    from helpers.data.survey.declaring import undeclared, with_file

    folder = dataset_folder(dataset, root)
    path = folder / ORIGIN_NAME
    origin = load_origin(folder)
    text = path.read_bytes().decode("utf-8")
    edits: list[tuple[int, int, str]] = []
    changes = []
    for file, node in zip(origin.files, _file_nodes(text), strict=True):
        _, records = read_records(folder / file.name, file, f"data/raw/{dataset}/{file.name}")
        digest = hashlib.sha256((folder / file.name).read_bytes()).hexdigest()
        for key, old, new in (("rows", file.rows, len(records)), ("sha256", file.sha256, digest)):
            if old != new:
                edits.append(_edit(node, key, str(new)))
                changes.append(f"data/raw/{dataset}/{file.name}: {key} {old} -> {new}")
    text = _apply(text, edits)
    for entry in undeclared(dataset, folder, {file.name for file in origin.files}, root):
        last = _file_nodes(text)[-1]
        text = with_file(text, last.start_mark.index, last.end_mark.index, entry)
        changes.append(f"data/raw/{dataset}/{entry['name']}: declared, rows {entry['rows']}")
    if changes:
        _write_origin(path, text)
    return changes


def _file_nodes(text: str) -> list[yaml.MappingNode]:
    """Return the YAML nodes below ``files``, which know where in the text they stand."""
    document = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(document, yaml.MappingNode):
        return []
    return next(list(value.value) for key, value in document.value if key.value == "files")


def _edit(node: yaml.MappingNode, key: str, new: str) -> tuple[int, int, str]:
    """Return the span of the old value and its replacement, or an insertion behind the name."""
    quoted = f'"{new}"' if key == "sha256" else new  # all digits would otherwise be read as a number
    pairs = {name.value: (name, value) for name, value in node.value}
    if key in pairs:
        name, value = pairs[key]
        if value.start_mark.index == value.end_mark.index:  # "sha256:" with nothing behind it
            return name.end_mark.index, name.end_mark.index + 1, f": {quoted}"
        return value.start_mark.index, value.end_mark.index, quoted
    name, value = pairs["name"]
    gap = ", " if node.flow_style else "\n" + " " * name.start_mark.column
    return value.end_mark.index, value.end_mark.index, f"{gap}{key}: {quoted}"


def _apply(text: str, edits: list[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(edits, key=lambda edit: edit[0], reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _write_origin(path: Path, text: str) -> None:
    """Replace the file in one step, and only by a text that still is a valid origin."""
    backup = path.read_bytes()
    staged = path.with_name(f".{path.name}.{os.getpid()}-{dt.datetime.now(dt.UTC):%H%M%S%f}")
    staged.write_bytes(text.encode("utf-8"))
    staged.replace(path)
    try:
        load_origin(path.parent)
    except InputError as fault:
        path.write_bytes(backup)
        raise InputError(
            [f"{path.name} is laid out in a way that cannot be edited", *fault.problems]
        ) from None
