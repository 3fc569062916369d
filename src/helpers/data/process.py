"""From data/raw to typed parquet in data/processed, and the one way to read it.

`process` writes ``<table>.parquet`` and ``<table>.meta.json`` and skips a table whose inputs, code and
packages are what they were. Two runs give identical bytes.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from helpers.data.errors import InputError
from helpers.data.files import write_atomically
from helpers.data.origin import ORIGIN_NAME
from helpers.data.project import processed_folder, project_root, raw_folder
from helpers.data.tables import TABLES, Source, Table

__all__ = ["TABLES", "Source", "Table", "process", "read_meta", "read_table"]

_CODE = Path(__file__).resolve().parent
_COMMON_MODULES = (
    "process",
    "tables",
    "schemas",
    "schema_columns",
    "catalog",
    "cells",
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
        The tables that were written, in the order of ``TABLES``.

    Raises
    ------
    InputError
        If a name is unknown, or a dataset breaks its declaration, a schema or a cross-check.
    """
    folder = processed_folder(root)
    folder.mkdir(parents=True, exist_ok=True)
    names = _checked_names(only)
    source = Source(root, (root or project_root()) / ".cache" / "gazetteer")
    written = []
    for table in (TABLES[name] for name in TABLES if name in names):
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
        A key of ``TABLES``.
    root
        The project's folder.

    Returns
    -------
    pandas.DataFrame
        The columns of the table's schema: texts ``str``, whole numbers ``int64``, numbers ``float64``, days
        ``datetime64[us]``, geometry ``bytes`` (well-known binary).

    Raises
    ------
    InputError
        If the table is unknown, missing, or was made by an older version of the code.

    Examples
    --------
    >>> read_table("cluster_organisations")["organisations"].sum()
    np.int64(1445)
    """
    meta = read_meta(name, root)
    table = pq.read_table(processed_folder(root) / f"{name}.parquet")
    if table.column_names != list(meta["columns"]) or _columns_are_stale(name, meta):
        raise InputError(f"data/processed/{name}.parquet: its columns are out of date; {_AGAIN}")
    frame: pd.DataFrame = table.to_pandas()
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
    _checked_names([name])
    folder = processed_folder(root)
    try:
        meta = json.loads((folder / f"{name}.meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise InputError(f"data/processed/{name}.meta.json: missing or damaged; {_AGAIN}") from None
    if not isinstance(meta, dict) or not (folder / f"{name}.parquet").is_file():
        raise InputError(f"data/processed/{name}.parquet: missing; {_AGAIN}")
    return meta


def _checked_names(only: Iterable[str] | None) -> list[str]:
    names = list(TABLES) if only is None else list(only)
    for name in names:
        if name not in TABLES:
            near = get_close_matches(name, TABLES, n=1)
            hint = f"did you mean {near[0]}?" if near else f"allowed: {', '.join(TABLES)}"
            raise InputError(f"no table {name!r}; {hint}")
    return names


def _columns_are_stale(name: str, meta: dict[str, Any]) -> bool:
    """Compare with the schema only if schemas.py changed since: importing pandera takes half a second."""
    if meta["code"].get(_code_key("schemas")) == _sha256(_CODE / "schemas.py"):
        return False
    from helpers.data.schemas import schema

    return list(meta["columns"]) != list(schema(name).columns)


def _state(table: Table, source: Source) -> dict[str, Any]:
    """Return everything that decides the table's content: hashes of inputs and code, versions of packages."""
    modules = sorted({*_COMMON_MODULES, *table.modules})
    packages = sorted({*_COMMON_PACKAGES, *table.packages})
    return {
        "inputs": {path: _sha256(file) for path, file in _inputs(table, source)},
        "code": {_code_key(module): _sha256(_CODE / f"{module}.py") for module in modules},
        "packages": {package: version(package) for package in packages},
    }


def _inputs(table: Table, source: Source) -> Iterator[tuple[str, Path]]:
    for dataset in table.datasets:
        folder = raw_folder(source.root) / dataset
        for name in (ORIGIN_NAME, *(file.name for file in source.origin(dataset).files)):
            if not (folder / name).is_file():
                raise InputError(f"data/raw/{dataset}/{name}: not found, but {ORIGIN_NAME} declares it")
            yield f"data/raw/{dataset}/{name}", folder / name


def _code_key(module: str) -> str:
    return f"src/helpers/data/{module}.py"


def _is_current(name: str, state: dict[str, Any], folder: Path) -> bool:
    try:
        meta = json.loads((folder / f"{name}.meta.json").read_text(encoding="utf-8"))
        same = all(meta[key] == value for key, value in state.items())
        return bool(same and meta["sha256"] == _sha256(folder / f"{name}.parquet"))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _write_table(table: Table, source: Source, state: dict[str, Any], folder: Path) -> None:
    frame = _checked_frame(table, table.build(source))
    data = _parquet_bytes(frame)
    origins = [(name, source.origin(name)) for name in table.datasets]
    meta = {
        "table": table.name,
        "kind": max((origin.kind for _, origin in origins), key=_KINDS.index, default="observed"),
        "datasets": [
            {"name": name, "title": origin.title, "kind": origin.kind, "vintage": origin.vintage}
            for name, origin in origins
        ],
        **state,
        "rows": len(frame),
        "columns": _described_columns(table.name, frame),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    # The table first: a meta file never speaks of a table that is not there.
    write_atomically(folder / f"{table.name}.parquet", data)
    text = json.dumps(meta, indent=1, ensure_ascii=False) + "\n"
    write_atomically(folder / f"{table.name}.meta.json", text.encode("utf-8"))


def _checked_frame(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame typed, sorted and checked against its schema."""
    from pandera.errors import SchemaErrors

    from helpers.data.schemas import pandas_types, schema

    columns = pandas_types(table.name)
    missing = [name for name in columns if name not in frame]
    if missing:
        raise InputError(f"table {table.name}: column {', '.join(missing)} was not made from the raw files")
    frame = frame[list(columns)].sort_values(list(table.sort_by), kind="stable", ignore_index=True)
    try:
        typed = frame.astype(columns)
        return schema(table.name).validate(typed, lazy=True)
    except SchemaErrors as fault:
        raise InputError(_schema_messages(table, typed, fault.failure_cases)) from None
    except (TypeError, ValueError) as fault:
        raise InputError(f"table {table.name} from {', '.join(table.datasets)}: {fault}") from None


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


def _described_columns(name: str, frame: pd.DataFrame) -> dict[str, dict[str, str]]:
    from helpers.data.schemas import schema

    columns = schema(name).columns
    return {
        str(column): {"type": str(frame[column].dtype), "description": str(columns[column].description)}
        for column in frame
    }


def _parquet_bytes(frame: pd.DataFrame) -> bytes:
    """Return the table as parquet without pandas' own metadata, which names versions."""
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", use_dictionary=False, store_schema=False)
    return bytes(sink.getvalue())


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
