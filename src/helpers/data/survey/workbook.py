"""Spreadsheet files opened safely: what is too large, nested, encrypted or damaged is refused with a message.

xlsx and ods are streamed, so that memory does not grow with the rows; xls is at most 65,536 rows a sheet.
"""

import errno
import math
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import IO, Any

from helpers.data.errors import InputError

MOST_UNPACKED = 2_000_000_000
"""Bytes that the parts of an archive may unpack to: about a million answers to sixty questions."""
MOST_IN_MEMORY = 256_000_000
"""Bytes that one part which is read as a whole may unpack to."""
HIGHEST_RATIO = 100
RATIO_FROM = 5_000_000
"""Below this size a high ratio does no harm, above it real answers never reach it."""
MOST_MEMBERS = 5_000
MOST_ROWS = 1_048_576
MOST_COLUMNS = 2_000
LARGEST_XLS = 200_000_000

ZIP_MARK = b"PK\x03\x04"
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

CellRows = Callable[[], Iterator[list[str]]]
Tables = dict[str, CellRows]


def open_archive(path: Path, resources: ExitStack) -> zipfile.ZipFile:
    """Open a zip file after looking at what its directory says it unpacks to.

    Raises
    ------
    InputError
        If it is damaged, password-protected, or unpacks to more than is allowed.
    """
    where = path.name
    try:
        archive = resources.enter_context(zipfile.ZipFile(path))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as fault:
        raise InputError(f"{where}: damaged archive: {_short(fault)}") from None
    if len(members) > MOST_MEMBERS:
        raise InputError(f"{where}: found {len(members)} parts inside, allowed: {MOST_MEMBERS}")
    unpacked = sum(member.file_size for member in members)
    packed = max(sum(member.compress_size for member in members), 1)
    if unpacked > MOST_UNPACKED:
        raise InputError(f"{where}: unpacks to {unpacked:,d} bytes, allowed: {MOST_UNPACKED:,d}")
    for member in members:
        ratio = member.file_size / max(member.compress_size, 1)
        if member.file_size > RATIO_FROM and (ratio > HIGHEST_RATIO or unpacked / packed > HIGHEST_RATIO):
            raise InputError(
                f"{where}: a part unpacks to {member.file_size:,d} bytes, {ratio:.0f} times its size, "
                f"allowed: {HIGHEST_RATIO} times; this is no export of a survey tool"
            )
        if member.flag_bits & 1:
            raise InputError(f"{where}: password-protected; save it without a password first")
    return archive


def xlsx_tables(path: Path, archive: zipfile.ZipFile, resources: ExitStack) -> Tables:
    """Return the sheets of an xlsx file, each a function that starts a stream of its rows."""
    import openpyxl

    if not openpyxl.DEFUSEDXML:
        raise InputError("the package defusedxml is not installed, and without it no workbook is opened")
    for member in archive.infolist():
        streamed = member.filename.startswith("xl/worksheets/sheet")
        if member.file_size > MOST_IN_MEMORY and not streamed:
            raise InputError(
                f"{path.name}: the part {member.filename[:60]!r} unpacks to {member.file_size:,d} bytes, "
                f"allowed: {MOST_IN_MEMORY:,d}; save the answers as CSV instead"
            )

    def load() -> Any:  # noqa: ANN401  # openpyxl is untyped
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # remarks on styles, which are not read
            # Given a path it would go by the extension.
            return openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)

    file = resources.enter_context(path.open("rb"))
    book = read_safely(path.name, load)
    resources.callback(book.close)
    sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "reset_dimensions")]

    def stream(sheet: Any) -> Iterator[list[str]]:  # noqa: ANN401
        sheet.reset_dimensions()  # what a sheet says of its size may be wrong
        for row in sheet.iter_rows(values_only=True):
            yield [cell_text(value) for value in row]

    return {sheet.title: _rows(path.name, partial(stream, sheet)) for sheet in sheets}


def ods_tables(path: Path, archive: zipfile.ZipFile) -> Tables:
    """Return the sheets of an ods file, each a function that starts a stream of its rows."""
    from helpers.data.survey.opendocument import sheet_names, sheet_rows

    names = archive.namelist()
    if "META-INF/manifest.xml" in names:
        manifest = archive.getinfo("META-INF/manifest.xml")
        if manifest.file_size < RATIO_FROM and b"encryption-data" in _read(path.name, archive, manifest):
            raise InputError(f"{path.name}: password-protected; save it without a password first")

    def content() -> IO[bytes]:
        return archive.open("content.xml")

    found = read_safely(path.name, lambda: sheet_names(content))
    return {
        name: _rows(path.name, partial(sheet_rows, content, at, MOST_COLUMNS))
        for at, name in enumerate(found)
    }


def _read(where: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    data: bytes = read_safely(where, lambda: archive.read(member))
    return data


def xls_tables(path: Path, resources: ExitStack) -> Tables:
    """Return the sheets of an xls file (Excel 97-2003)."""
    import python_calamine

    size = path.stat().st_size
    if size > LARGEST_XLS:
        raise InputError(f"{path.name}: {size:,d} bytes, allowed for xls: {LARGEST_XLS:,d}; export as CSV")
    with path.open("rb") as file:
        if _ENCRYPTED in file.read():
            raise InputError(f"{path.name}: password-protected; save it without a password first")
    try:
        book = read_safely(path.name, lambda: python_calamine.CalamineWorkbook.from_path(path))
    except InputError as fault:
        if "PasswordError" in str(fault):
            message = f"{path.name}: password-protected; save it without a password first"
            raise InputError(message) from None
        raise
    resources.callback(book.close)

    def stream(name: str) -> Iterator[list[str]]:
        sheet = book.get_sheet_by_name(name)
        before = [""] * (sheet.start or (0, 0))[
            1
        ]  # empty columns on the left are left out, rows above are not
        for row in sheet.iter_rows():
            yield [*before, *(cell_text(value) for value in row)]

    return {name: _rows(path.name, partial(stream, name)) for name in book.sheet_names}


def cell_text(value: object) -> str:
    """Return the value of a cell as text: whole numbers without a point, dates as ISO 8601.

    Examples
    --------
    >>> cell_text(12.0), cell_text(0.5), cell_text(None), cell_text(datetime(2021, 3, 14))
    ('12', '0.5', '', '2021-03-14')
    """
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        whole = math.isfinite(value) and value == int(value) and abs(value) < 1e15
        return str(int(value)) if whole else repr(value)
    if isinstance(value, datetime):
        midnight = not (value.hour or value.minute or value.second or value.microsecond)
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, int | str | timedelta) else ""


def _rows(where: str, start: CellRows) -> CellRows:
    """Return a function that streams rows without empty ends, within the limits, with one kind of error."""

    def stream() -> Iterator[list[str]]:
        count = 0
        rows = read_safely(where, start)
        while (row := read_safely(where, lambda: next(rows, None))) is not None:
            count += 1
            if count > MOST_ROWS or len(row) > MOST_COLUMNS:
                found = f"row {count} with {len(row)} columns"
                raise InputError(f"{where}: found {found}, allowed: {MOST_ROWS:,d} by {MOST_COLUMNS:,d}")
            while row and not row[-1]:
                row.pop()
            yield row

    return stream


def read_safely(where: str, read: Callable[[], Any]) -> Any:  # noqa: ANN401  # whatever read returns
    """Call a parser of foreign files; whatever it raises becomes an `InputError`.

    Parsers of damaged files raise nearly anything, and a parser in Rust a BaseException of its own.
    """
    try:
        return read()
    except InputError:
        raise
    except OSError as fault:
        if fault.errno not in (None, errno.EINVAL):  # a damaged archive asks for places that there are not
            raise
        raise InputError(f"{where}: damaged, or not what it seems to be ({_short(fault)})") from None
    except MemoryError:
        raise InputError(f"{where}: does not fit into memory; save the answers as CSV instead") from None
    except Exception as fault:
        raise InputError(f"{where}: damaged, or not what it seems to be ({_short(fault)})") from None
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":
            raise
        raise InputError(f"{where}: damaged, or not what it seems to be") from None


def _short(fault: BaseException) -> str:
    """Return the kind of error only: its message could quote an answer."""
    return type(fault).__name__
