"""A file or folder as received, opened by what it is and not by what it is called."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Literal

from helpers.data.errors import InputError
from helpers.data.files import sha256_of
from helpers.data.survey.delimited import Opener, open_text, safe_opener
from helpers.data.survey.workbook import (
    OLE_MARK,
    ZIP_MARK,
    Tables,
    ods_tables,
    open_archive,
    xls_tables,
    xlsx_tables,
)

Kind = Literal["text", "workbook", "tables", "xml"]
"""``text``: one delimited table; ``workbook``: sheets; ``tables``: a zip or folder of delimited tables."""

_LOOK_AT = 12
_MOST_TABLES = 50
_NOT_ANSWERS = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"{\\rtf": "a text document",
}


@dataclass(frozen=True)
class Source:
    """What was received: its tables by name, each a function that starts a stream of rows.

    ``opener`` is there for XML only; ``head`` remembers the first rows of each table.
    """

    name: str
    kind: Kind
    sha256: str
    tables: Tables
    opener: Opener | None = None
    notes: tuple[str, ...] = ()
    _heads: dict[str, list[list[str]]] = field(default_factory=dict, repr=False)

    def head(self, table: str | None = None) -> list[list[str]]:
        """Return the first rows of a table, of the first one if none is named."""
        name = next(iter(self.tables), "") if table is None else table
        if name not in self._heads:
            start = self.tables.get(name)
            self._heads[name] = list(islice(start(), _LOOK_AT)) if start else []
        return self._heads[name]

    def header(self, table: str | None = None) -> list[str]:
        """Return the first row of a table that is not empty."""
        return next((row for row in self.head(table) if row), [])


def open_source(path: Path, resources: ExitStack, encoding: str | None = None) -> Source:
    """Open what was received.

    Parameters
    ----------
    path
        A file, or a folder of CSV files.
    resources
        What closes the files in the end.
    encoding
        Of delimited text, if it is known.

    Raises
    ------
    InputError
        If it is missing, empty, damaged, password-protected, dangerously packed, or holds no answers.
    """
    if path.is_dir():
        return _folder(path, encoding)
    if not path.is_file():
        raise InputError(f"{path.name}: no such file")
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(ZIP_MARK):
        return _zipped(path, resources, encoding)
    if start.startswith(OLE_MARK):
        return Source(path.name, "workbook", sha256_of(path), xls_tables(path, resources))
    for mark, kind in _NOT_ANSWERS.items():
        if start.startswith(mark):
            raise InputError(f"{path.name}: found {kind}, allowed: {ALLOWED}")
    if _looks_like_markup(start):
        return _markup(path, start)
    return _text(path, encoding)


ALLOWED = "csv, xlsx, xls, ods, EUSurvey's xml, or the zip or folder of CSV files of ODK Central"


def _looks_like_markup(start: bytes) -> bool:
    plain = start.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").lstrip()
    return plain.startswith(b"<")


def _markup(path: Path, start: bytes) -> Source:
    lowered = start.lower()
    if b"<html" in lowered or b"<table" in lowered or b"<!doctype html" in lowered:
        raise InputError(f"{path.name}: found a web page, allowed: {ALLOWED}")
    return Source(path.name, "xml", sha256_of(path), {}, opener=lambda: path.open("rb"))


def _text(path: Path, encoding: str | None) -> Source:
    text = open_text(path.name, lambda: path.open("rb"), encoding)
    return Source(path.name, "text", text.sha256, {path.stem: text.records}, notes=text.notes)


def _zipped(path: Path, resources: ExitStack, encoding: str | None) -> Source:
    archive = open_archive(path, resources)
    names = set(archive.namelist())
    if any(name.startswith("xl/") for name in names):
        return Source(path.name, "workbook", sha256_of(path), xlsx_tables(path, archive, resources))
    if "content.xml" in names:
        return Source(path.name, "workbook", sha256_of(path), ods_tables(path, archive))
    members = [member for member in archive.infolist() if _is_table(member.filename)]

    def opener(member: zipfile.ZipInfo) -> Opener:
        def opened() -> IO[bytes]:
            return archive.open(member)

        return safe_opener(f"{path.name}: {member.filename[:60]!r}", opened)

    openers = {member.filename: opener(member) for member in members}
    return _several(path, openers, encoding, sha256_of(path))


def _folder(path: Path, encoding: str | None) -> Source:
    def opener(file: Path) -> Opener:
        return lambda: file.open("rb")

    files = sorted(file for file in path.iterdir() if file.is_file() and _is_table(file.name))
    return _several(path, {file.name: opener(file) for file in files}, encoding, None)


def _is_table(name: str) -> bool:
    last = name.rsplit("/", 1)[-1]
    return last.lower().endswith(".csv") and not last.startswith(".") and "__MACOSX" not in name


def _several(path: Path, openers: dict[str, Opener], encoding: str | None, sha256: str | None) -> Source:
    if not openers:
        raise InputError(f"{path.name}: found no table inside, allowed: {ALLOWED}")
    if len(openers) > _MOST_TABLES:
        raise InputError(f"{path.name}: found {len(openers)} tables inside, allowed: {_MOST_TABLES}")
    texts = {
        name: open_text(f"{path.name}: {name[:60]!r}", opener, encoding) for name, opener in openers.items()
    }
    whole = hashlib.sha256("".join(f"{name}:{text.sha256};" for name, text in texts.items()).encode())
    notes = tuple(note for text in texts.values() for note in text.notes)
    tables = {_table_name(name): text.records for name, text in texts.items()}
    if len(tables) < len(texts):
        raise InputError(f"{path.name}: found two tables of the same name")
    return Source(path.name, "tables", sha256 or whole.hexdigest(), tables, notes=notes)


def _table_name(name: str) -> str:
    return name.rsplit("/", 1)[-1][: -len(".csv")]


def chained(streams: Iterable[Iterator[list[str]]]) -> Iterator[list[str]]:
    """Yield the rows of several streams after each other."""
    for stream in streams:
        yield from stream
