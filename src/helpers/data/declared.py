"""Tables that follow from ``origin.yml`` alone: a dataset of ``data/raw`` that needs no Python.

Every dataset that no entry of ``TABLES`` reads becomes processed tables by itself, one a file: a dataset with
one file gives the table ``<dataset>``, one with several gives ``<dataset>_<file>``. Types, allowed values and
uniqueness are those that ``origin.yml`` declares; country codes are turned into Eurostat's.
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers.data.catalog import dataset_names, dataset_origin
from helpers.data.country_codes import ISO_TO_EUROSTAT
from helpers.data.errors import InputError
from helpers.data.origin import Bounds, OriginColumn, OriginFile, Pattern
from helpers.data.positions.tables import checked_table
from helpers.data.project import processed_folder
from helpers.data.tables import TABLES, Source, Table
from helpers.data.vintages import QUESTIONNAIRES, capacity_table_name

if TYPE_CHECKING:
    import pandera.pandas as pa

_DATASET_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TYPES = {"integer": "int64", "number": "float64", "boolean": "bool", "date": "datetime64[us]"}
_TYPES_WITH_GAPS = {**_TYPES, "integer": "Int64", "boolean": "boolean"}
_TEXTS = ("string", "url_or_text", "date_prefix")


@dataclass(frozen=True)
class DeclaredTable(Table):
    """A processed table that is its file of ``data/raw``, typed as ``origin.yml`` declares."""

    file: OriginFile = field(kw_only=True)
    title: str = field(kw_only=True)


def declared_tables(root: Path | None = None) -> dict[str, DeclaredTable]:
    """Return the tables of the datasets that no entry of ``TABLES`` reads.

    Parameters
    ----------
    root
        The project's folder.

    Returns
    -------
    dict
        Name -> table, by dataset in alphabetical order, then in the order of the files.

    Raises
    ------
    InputError
        If an ``origin.yml`` is faulty, or a name is also that of another table.
    """
    tables: dict[str, DeclaredTable] = {}
    for dataset in _free_datasets(root):
        for table in _tables_of(dataset, root):
            where = f"data/raw/{dataset}/{table.file.name}"
            if table.name in TABLES:
                raise InputError(
                    f"{where}: would become the table {table.name!r}, which src/helpers/data/tables.py makes "
                    "already; give the dataset's folder another name"
                )
            if table.name in tables:
                other = tables[table.name]
                raise InputError(
                    f"{where}: would become the table {table.name!r}, as would "
                    f"data/raw/{other.datasets[0]}/{other.file.name}; rename a folder or a file"
                )
            tables[table.name] = table
    return tables


def find_table(name: str, root: Path | None = None) -> Table:
    """Return a table by its name, of ``TABLES`` or of a dataset that needs no entry there.

    Raises
    ------
    InputError
        If there is none; the message suggests the nearest name, or says that its dataset is gone.

    Examples
    --------
    >>> find_table("population").sort_by
    ('country', 'year')
    """
    if name in TABLES:
        return TABLES[name]
    wave = _find_capacity_table(name, root)
    if wave is not None:
        return wave
    for dataset in _free_datasets(root):
        # Only what can hold the table is read: a fault elsewhere does not keep anyone from reading this one.
        if name == dataset or name.startswith(f"{dataset}_"):
            for table in _tables_of(dataset, root):
                if table.name == name:
                    return table
    raise InputError(_unknown(name, root))


def wave_tables(root: Path | None = None) -> dict[str, Table]:
    """Return the tables of the waves of questionnaires (`helpers.data.capacity_tables`) by name."""
    if not any("/" in name for name in dataset_names(root)):
        return {}
    from helpers.data.capacity_tables import capacity_tables

    return capacity_tables(root)


def declared_types(file: OriginFile) -> dict[str, str]:
    """Return the pandas type of every column of a declared table.

    Texts, country codes and incomplete dates are ``str``, numbers ``float64`` (missing: NaN), dates
    ``datetime64[us]`` (missing: NaT). Whole numbers and booleans are ``int64`` and ``bool``, but ``Int64``
    and ``boolean`` where ``required`` is false, so that a gap does not turn 3 into 3.0.

    Examples
    --------
    >>> year = OriginColumn(name="year", type="integer", meaning="Year", required=False, missing="not known")
    >>> declared_types(OriginFile(name="a.csv", columns=[year]))
    {'year': 'Int64', 'raw_row': 'int64'}
    """
    types = {
        column.name: (_TYPES if column.required else _TYPES_WITH_GAPS).get(column.type, "str")
        for column in file.columns
    }
    return {**types, "raw_row": "int64"}


def declared_schema(table: DeclaredTable) -> "pa.DataFrameSchema":
    """Return the schema of a declared table; imports pandera, which takes its time."""
    import pandera.pandas as pa

    from helpers.data.schema_columns import raw_row_column, table_schema

    types = declared_types(table.file)
    columns = {
        column.name: pa.Column(
            types[column.name],
            _checks(column),
            nullable=not column.required,
            unique=[column.name] in table.file.unique,
            description=column.meaning + (f" ({column.unit})" if column.unit else ""),
        )
        for column in table.file.columns
    }
    columns["raw_row"] = raw_row_column(f"data/raw/{table.datasets[0]}/{table.file.name}")
    return table_schema(table.name, table.file.meaning or table.title, columns)


def _checks(column: OriginColumn) -> "list[pa.Check]":
    """Return the allowed values as checks; a pattern speaks of the cell as written, so only of texts."""
    import pandera.pandas as pa

    allowed: Any = column.allowed
    if isinstance(allowed, list):
        return [pa.Check.isin([_comparable(value, column) for value in allowed])]
    if isinstance(allowed, Bounds):
        low, high = (_comparable(end, column) for end in (allowed.min, allowed.max))
        checks = [] if low is None else [pa.Check.ge(low)]
        return checks if high is None else [*checks, pa.Check.le(high)]
    if isinstance(allowed, Pattern) and column.type in _TEXTS:
        whole = re.compile(allowed.pattern)
        error = f"matches {allowed.pattern}"
        return [pa.Check(lambda text: whole.fullmatch(text) is not None, element_wise=True, error=error)]
    return []


def _comparable(value: Any, column: OriginColumn) -> Any:  # noqa: ANN401  # a value from YAML, or none
    """Return an allowed value as the processed column holds it."""
    if column.type == "country":
        return ISO_TO_EUROSTAT.get(value, value)
    return pd.Timestamp(value) if column.type == "date" and value is not None else value


def _free_datasets(root: Path | None) -> list[str]:
    """Return the datasets that no entry of ``TABLES`` and no questionnaire names as an input."""
    used = {dataset for table in TABLES.values() for dataset in table.datasets}
    used.add(QUESTIONNAIRES)
    return [name for name in dataset_names(root) if name not in used and "/" not in name]


def _find_capacity_table(name: str, root: Path | None) -> Table | None:
    """Return a table of a questionnaire's wave; imported where there is one, since it brings a lot along."""
    waves = (wave.partition("/") for wave in dataset_names(root) if "/" in wave)
    if not any(name.startswith(capacity_table_name(first, last, "")) for first, _, last in waves):
        return None
    from helpers.data.capacity_tables import find_capacity_table

    return find_capacity_table(name, root)


def _tables_of(dataset: str, root: Path | None) -> Iterator[DeclaredTable]:
    if not _DATASET_NAME.fullmatch(dataset):
        raise InputError(f"data/raw/{dataset}: folder name: allowed: small letters, digits and _")
    origin = dataset_origin(dataset, root)
    for file in origin.files:
        table = DeclaredTable(
            name=dataset if len(origin.files) == 1 else f"{dataset}_{_word(file.name)}",
            datasets=(dataset,),
            build=partial(_build, dataset, file),
            sort_by=("raw_row",),
            modules=("declared",),
            file=file,
            title=origin.title,
        )
        yield checked_table(table, file.name, root)


def _word(file: str) -> str:
    """Return a file's name without its ending as part of a table's name.

    Examples
    --------
    >>> _word("Answers-2026.csv")
    'answers_2026'
    """
    return re.sub(r"[^a-z0-9]+", "_", Path(file).stem.lower()).strip("_")


def _build(dataset: str, file: OriginFile, source: Source) -> pd.DataFrame:
    frame = source.read(dataset, file.name)
    where = source.path(dataset, file.name)
    problems = [message for key in file.unique for message in _repeated(frame, key, where)]
    if problems:
        raise InputError(problems[:20])
    return frame


def _repeated(frame: pd.DataFrame, key: list[str], where: str) -> Iterator[str]:
    """Yield a message for each row whose key stands in an earlier row, in the words of `evidence verify`."""
    if not key:
        return
    first = frame.groupby(key, dropna=False, sort=False)["raw_row"].transform("first")
    for at in frame.index[frame["raw_row"] != first]:
        found = ", ".join(str(value) for value in frame.loc[at, key])[:60]
        yield (
            f"{where}: row {frame.loc[at, 'raw_row']}, column {' + '.join(key)}: found {found!r} again, "
            f"first in row {first[at]}; allowed: once"
        )


def _unknown(name: str, root: Path | None) -> list[str]:
    """Say that there is no such table, and what may be behind it."""
    gone = dataset_gone(name, root)
    if gone:
        return [
            f"data/processed/{name}.parquet: was made from data/raw/{gone}, which is not there any more; "
            f"put it back, or remove data/processed/{name}.*"
        ]
    faults: list[str] = []
    known = list(TABLES)
    try:
        known += declared_tables(root)
        known += wave_tables(root)
    except InputError as fault:  # the table may be one of this dataset: say both
        faults = fault.problems
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"allowed: {', '.join(known)}"
    return [f"no table {name!r}; {hint}", *faults]


def remove_orphans(root: Path | None) -> list[str]:
    """Remove the tables whose dataset is gone, such as a wave that somebody took away; return their names."""
    folder = processed_folder(root)
    names = sorted(path.name.removesuffix(".meta.json") for path in folder.glob("*.meta.json"))
    there = dataset_names(root)
    orphans = [name for name in names if dataset_gone(name, root, there)]
    for name in orphans:
        # The description first: it never speaks of a table that is not there.
        (folder / f"{name}.meta.json").unlink()
        (folder / f"{name}.parquet").unlink(missing_ok=True)
    return orphans


def dataset_gone(name: str, root: Path | None, there: Collection[str] | None = None) -> str | None:
    """Return the dataset that a table left in ``data/processed`` was made from, if it is gone.

    ``there`` holds the datasets of ``data/raw`` where the caller has listed them already.
    """
    if not re.fullmatch(r"[a-z0-9_]+", name):
        return None
    try:
        text = (processed_folder(root) / f"{name}.meta.json").read_text(encoding="utf-8")
        made_from = [str(entry["name"]) for entry in json.loads(text)["datasets"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None  # no such table was ever made here
    known = dataset_names(root) if there is None else there
    return next((dataset for dataset in made_from if dataset not in known), None)
