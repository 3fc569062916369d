"""From data/raw to typed parquet in data/processed, and the one way to read it.

`process` writes ``<table>.parquet`` and ``<table>.meta.json`` and skips a table whose inputs, code and
packages are what they were. Two runs give identical bytes. The tables are those of ``TABLES`` and those that
follow from ``origin.yml`` alone (`helpers.data.declared`).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from helpers.data.declared import (
    DeclaredTable,
    declared_schema,
    declared_tables,
    declared_types,
    find_table,
    remove_orphans,
    wave_tables,
)
from helpers.data.errors import InputError
from helpers.data.files import sha256_of, write_atomically
from helpers.data.origin import ORIGIN_NAME
from helpers.data.project import processed_folder, project_root, raw_folder
from helpers.data.tables import TABLES, Source, Table

if TYPE_CHECKING:
    import pandera.pandas

__all__ = ["TABLES", "Source", "Table", "process", "read_meta", "read_table"]

_CODE = Path(__file__).resolve().parent
_COMMON_MODULES = (
    "process",
    "tables",
    "schemas",
    "schema_columns",
    "catalog",
    "cells",
    "country_codes",
    "origin",
    "strict_yaml",
)
_COMMON_PACKAGES = ("pandas", "pyarrow")
_KINDS = ("observed", "derived", "sample")
_AGAIN = "run `evidence process`"


def process(root: Path | None = None, only: Iterable[str] | None = None, force: bool = False) -> list[str]:
    """Make the processed tables that are missing or out of date.

    Parameters
    ----------
    root
        The project's folder.
    only
        Names of tables; all if not given.
    force
        Make them even if nothing changed.

    Returns
    -------
    list of str
        The tables that were written, in the order of ``TABLES``, then of the other datasets and of
        questionnaires.

    Raises
    ------
    InputError
        If a name is unknown or stands for two tables, or a dataset breaks its declaration, a schema or a
        cross-check.
    """
    folder = processed_folder(root)
    folder.mkdir(parents=True, exist_ok=True)
    if only is None:
        remove_orphans(root)
    tables = _tables(only, root)
    source = Source(root, (root or project_root()) / ".cache" / "gazetteer")
    written = []
    for table in tables:
        state = _state(table, source)
        if force or not _is_current(table.name, state, folder):
            _write_table(table, source, state, folder)
            written.append(table.name)
    return written


def read_table(name: str, root: Path | None = None) -> pd.DataFrame:
    """Return a processed table.

    Parameters
    ----------
    name
        A key of ``TABLES``, or of `helpers.data.declared.declared_tables`.
    root
        The project's folder.

    Returns
    -------
    pandas.DataFrame
        The columns of the table's schema: texts ``str``, whole numbers ``int64``, numbers ``float64``, days
        ``datetime64[us]``, geometry ``bytes`` (well-known binary), yes or no ``bool``. Where a whole number
        or a yes or no may be missing: ``Int64``, ``boolean``.

    Raises
    ------
    InputError
        If the table is unknown or missing, its dataset is gone, or its columns are not those of today's code
        and ``origin.yml``.

    Examples
    --------
    >>> read_table("cluster_organisations")["organisations"].sum()
    np.int64(1445)
    """
    found, meta = _table_and_meta(name, root)
    table = pq.read_table(processed_folder(root) / f"{name}.parquet")
    if table.column_names != list(meta["columns"]) or _columns_are_stale(found, meta):
        raise InputError(f"data/processed/{name}.parquet: its columns are out of date; {_AGAIN}")
    # As objects, since whole numbers with gaps would otherwise pass through float64 and lose digits.
    frame: pd.DataFrame = table.to_pandas(integer_object_nulls=True)
    return frame.astype({column: entry["type"] for column, entry in meta["columns"].items()})


def read_meta(name: str, root: Path | None = None) -> dict[str, Any]:
    """Return what a processed table was made from.

    Returns
    -------
    dict
        ``table``; ``datasets`` (name, title, kind, vintage); ``kind`` (the worst of theirs: sample, derived,
        observed); ``inputs``, ``code`` (path: sha256); ``packages`` (name: version); ``rows``; ``columns``
        (name: type and description); ``sha256`` of the parquet file.

    Raises
    ------
    InputError
        If the table is unknown or was not made yet.

    Examples
    --------
    >>> read_meta("population")["kind"]
    'observed'
    """
    return _table_and_meta(name, root)[1]


def _table_and_meta(name: str, root: Path | None) -> tuple[Table, dict[str, Any]]:
    table = find_table(name, root)
    folder = processed_folder(root)
    try:
        meta = json.loads((folder / f"{name}.meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise InputError(f"data/processed/{name}.meta.json: missing or damaged; {_AGAIN}") from None
    if not isinstance(meta, dict) or not (folder / f"{name}.parquet").is_file():
        raise InputError(f"data/processed/{name}.parquet: missing; {_AGAIN}")
    return table, meta


def _tables(only: Iterable[str] | None, root: Path | None) -> list[Table]:
    """Return the tables to make, each once: those of TABLES in its order, then those of other datasets."""
    if only is None:
        return [*TABLES.values(), *declared_tables(root).values(), *wave_tables(root).values()]
    asked = {name: find_table(name, root) for name in only}
    others = [asked[name] for name in sorted(set(asked) - set(TABLES))]
    return [*(asked[name] for name in TABLES if name in asked), *others]


def _columns_are_stale(table: Table, meta: dict[str, Any]) -> bool:
    """Compare with the schema only if schemas.py changed since: importing pandera takes half a second."""
    if isinstance(table, DeclaredTable):
        types = {column: entry["type"] for column, entry in meta["columns"].items()}
        return types != declared_types(table.file)
    if meta["code"].get(_code_key("schemas")) == sha256_of(_CODE / "schemas.py"):
        return False
    from helpers.data.schemas import schema

    return list(meta["columns"]) != list(schema(table.name).columns)


def _state(table: Table, source: Source) -> dict[str, Any]:
    """Return everything that decides the table's content: hashes of inputs and code, versions of packages."""
    modules = sorted({*_COMMON_MODULES, *table.modules})
    packages = sorted({*_COMMON_PACKAGES, *table.packages})
    return {
        "inputs": {path: sha256_of(file) for path, file in _inputs(table, source)},
        "code": {_code_key(module): sha256_of(_CODE / f"{module}.py") for module in modules},
        "packages": {package: version(package) for package in packages},
    }


def _inputs(table: Table, source: Source) -> Iterator[tuple[str, Path]]:
    for dataset in table.datasets:
        folder = raw_folder(source.root) / dataset
        for name in (ORIGIN_NAME, *(file.name for file in source.origin(dataset).files)):
            if not (folder / name).is_file():
                raise InputError(f"data/raw/{dataset}/{name}: not found, but {ORIGIN_NAME} declares it")
            yield f"data/raw/{dataset}/{name}", folder / name
    for path in table.definitions:
        yield path, raw_folder(source.root).parents[1] / path


def _code_key(module: str) -> str:
    return f"src/helpers/data/{module}.py"


def _is_current(name: str, state: dict[str, Any], folder: Path) -> bool:
    try:
        meta = json.loads((folder / f"{name}.meta.json").read_text(encoding="utf-8"))
        same = all(meta[key] == value for key, value in state.items())
        return bool(same and meta["sha256"] == sha256_of(folder / f"{name}.parquet"))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _write_table(table: Table, source: Source, state: dict[str, Any], folder: Path) -> None:
    parts = table.parts(source) if table.parts else [table.build(source)]
    data, rows, frame = _parquet_bytes(_checked_frame(table, part) for part in parts)
    origins = [(name, source.origin(name)) for name in table.datasets]
    meta = {
        "table": table.name,
        "kind": max((origin.kind for _, origin in origins), key=_KINDS.index, default="observed"),
        "datasets": [
            {"name": name, "title": origin.title, "kind": origin.kind, "vintage": origin.vintage}
            for name, origin in origins
        ],
        **state,
        "rows": rows,
        "columns": _described_columns(table, frame),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    # The table first: a meta file never speaks of a table that is not there.
    write_atomically(folder / f"{table.name}.parquet", data)
    text = json.dumps(meta, indent=1, ensure_ascii=False) + "\n"
    write_atomically(folder / f"{table.name}.meta.json", text.encode("utf-8"))


def _checked_frame(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame typed, sorted and checked against its schema."""
    from pandera.errors import SchemaErrors

    schema, columns = _schema_and_types(table)
    missing = [name for name in columns if name not in frame]
    if missing:
        raise InputError(f"table {table.name}: column {', '.join(missing)} was not made from the raw files")
    frame = frame[list(columns)].sort_values(list(table.sort_by), kind="stable", ignore_index=True)
    try:
        typed = frame.astype(columns)
        return schema.validate(typed, lazy=True)
    except SchemaErrors as fault:
        raise InputError(_schema_messages(table, typed, fault.failure_cases)) from None
    except (TypeError, ValueError) as fault:
        raise InputError(f"table {table.name} from {', '.join(table.datasets)}: {fault}") from None


def _schema_and_types(table: Table) -> "tuple[pandera.pandas.DataFrameSchema, dict[str, str]]":
    if isinstance(table, DeclaredTable):
        return declared_schema(table), declared_types(table.file)
    from helpers.data.schemas import pandas_types, schema

    return schema(table.name), pandas_types(table.name)


def _schema_messages(table: Table, frame: pd.DataFrame, failures: pd.DataFrame) -> list[str]:
    """Return one message a failed check and row, with the line of the raw file where that is known."""
    messages = []
    raw_rows = frame["raw_row"] if "raw_row" in frame else pd.Series(dtype="int64")
    origin = ", ".join(f"data/raw/{name}" for name in table.datasets)
    for failure in failures.head(20).to_dict("records"):
        raw_row = raw_rows.get(failure["index"])
        where = f"row {raw_row} of the raw file, " if raw_row is not None else ""
        messages.append(
            f"table {table.name} (from {origin}): {where}column {failure['column']}: "
            f"found {str(failure['failure_case'])[:80]!r}, allowed: {failure['check']}"
        )
    return list(dict.fromkeys(messages))


def _described_columns(table: Table, frame: pd.DataFrame) -> dict[str, dict[str, str]]:
    columns = _schema_and_types(table)[0].columns
    return {
        str(column): {"type": str(frame[column].dtype), "description": str(columns[column].description)}
        for column in frame
    }


def _parquet_bytes(parts: Iterable[pd.DataFrame]) -> tuple[bytes, int, pd.DataFrame]:
    """Return the table as parquet without pandas' own metadata, its number of rows, and its first part."""
    sink, rows = pa.BufferOutputStream(), 0
    first: pd.DataFrame | None = None
    for frame in parts:
        table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
        if first is None:
            first = frame
            writer = pq.ParquetWriter(
                sink, table.schema, compression="zstd", use_dictionary=False, store_schema=False
            )
        writer.write_table(table)
        rows += len(frame)
    if first is None:
        raise ValueError("a table has at least one part, which may be empty")
    writer.close()
    return bytes(sink.getvalue()), rows, first
