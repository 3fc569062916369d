"""Delimited text opened safely: its encoding and delimiter found by rule, its records streamed."""

import codecs
import csv
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO

from helpers.data.errors import InputError
from helpers.data.survey.workbook import MOST_COLUMNS, CellRows, read_safely

Opener = Callable[[], IO[bytes]]

DELIMITERS = (",", ";", "\t", "|")
_BLOCK = 1 << 20
_LOOK_AT = 50
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class TextFile:
    """A delimited file: its checksum, how it is written, its records, and a remark if that was not clear."""

    sha256: str
    encoding: str
    delimiter: str
    records: CellRows
    notes: tuple[str, ...]


def open_text(where: str, opener: Opener, encoding: str | None = None) -> TextFile:
    """Look through a file once, and return how to read it.

    UTF-8, with or without a byte-order mark, and UTF-16 with one are recognised; text that is neither is
    read as Windows-1252, with a remark, unless an encoding is given. The delimiter is the one of comma,
    semicolon, tab and bar that cuts the first records into most columns of the same number.

    Parameters
    ----------
    where
        What messages call the file.
    opener
        Opens it for reading bytes, anew at each call.
    encoding
        Of the text, if known.

    Raises
    ------
    InputError
        If the file is empty, binary, not text in the encoding, or not delimited.
    """
    digest, found = _scan(where, opener, encoding)
    notes: tuple[str, ...] = ()
    if found == "cp1252" and encoding is None:
        notes = (f"{where}: not UTF-8, so it was read as Windows-1252; if letters are wrong, use --encoding",)
    delimiter = _delimiter(where, opener, found)

    def records() -> Iterator[list[str]]:
        return _records(where, opener, found, delimiter)

    return TextFile(digest, found, delimiter, records, notes)


def _scan(where: str, opener: Opener, encoding: str | None) -> tuple[str, str]:
    """Return the checksum, and the encoding that fits every byte of the file."""
    with opener() as stream:
        start = stream.read(_BLOCK)
    if not start.strip():
        raise InputError(f"{where}: empty file, allowed: a header and answers")
    chosen = encoding or next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8")
    digest, fault = _read_through(opener, chosen)
    if fault and encoding is None and chosen == "utf-8" and "NUL" not in fault:
        digest, other = _read_through(opener, "cp1252")
        if not other:
            return digest, "cp1252"
    if fault:
        raise InputError(f"{where}: {fault}, allowed: {chosen} text")
    return digest, chosen


def _read_through(opener: Opener, encoding: str) -> tuple[str, str]:
    """Return the checksum of a file, and what in it is not text of an encoding, if anything is not."""
    digest, row = hashlib.sha256(), 1
    decoder = codecs.getincrementaldecoder(encoding)()
    with opener() as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            if fault := _fault(decoder, block, row):
                return "", fault
            row += block.count(b"\n")
    return digest.hexdigest(), _fault(decoder, b"", row, final=True)


def _fault(decoder: codecs.IncrementalDecoder, block: bytes, row: int, final: bool = False) -> str:
    try:
        text = decoder.decode(block, final)
    except UnicodeDecodeError as fault:
        line = row + fault.object[: fault.start].count(b"\n")
        return f"row {line}: found byte 0x{fault.object[fault.start]:02x}"
    except UnicodeError:
        return f"row {row}: found bytes that are no text"
    return (
        f"row {row + text[: text.index(chr(0))].count(chr(10))}: found a NUL character"
        if "\0" in text
        else ""
    )


def _lines(opener: Opener, encoding: str) -> IO[str]:
    return io.TextIOWrapper(io.BufferedReader(_Raw(opener())), encoding=encoding, newline="")


class _Raw(io.RawIOBase):
    """A stream of bytes as the raw layer of a text stream, whatever opened it."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__()
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _delimiter(where: str, opener: Opener, encoding: str) -> str:
    """Return the delimiter that cuts the first records into most columns, the same number in most."""
    best, most = DELIMITERS[0], (0, 0)
    for delimiter in DELIMITERS:
        with _lines(opener, encoding) as stream:
            reader = csv.reader(_short_lines(where, stream), delimiter=delimiter)
            try:
                widths = [len(record) for record in islice(reader, _LOOK_AT) if record]
            except csv.Error:
                continue
        if widths and widths[0] > 1 and (found := (widths.count(widths[0]), widths[0])) > most:
            best, most = delimiter, found
    return best


def _short_lines(where: str, stream: IO[str]) -> Iterator[str]:
    """Yield lines; one without end would fill the memory before the csv module looks at it."""
    longest = 4_000_000
    while line := stream.readline(longest):
        if len(line) >= longest:
            raise InputError(f"{where}: found a line of more than {longest:,d} characters; this is no table")
        yield line


def _records(where: str, opener: Opener, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """Yield records; blank lines come as empty lists."""
    with _lines(opener, encoding) as stream:
        reader = csv.reader(_short_lines(where, stream), delimiter=delimiter, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                record = next(reader)
            except StopIteration:
                return
            except csv.Error as fault:
                raise InputError(f"{where}: row {line}: not delimited text: {_reason(fault)}") from None
            except UnicodeError:
                raise InputError(f"{where}: row {line}: not {encoding} text") from None
            if len(record) > MOST_COLUMNS:
                found = f"row {line}: found {len(record)} columns"
                raise InputError(f"{where}: {found}, allowed: {MOST_COLUMNS}")
            yield record


def _reason(fault: csv.Error) -> str:
    if "field limit" in str(fault):
        return "found a cell of more than 131,072 characters; is a quotation mark missing?"
    if "unexpected end" in str(fault):
        return "a quotation mark is opened and not closed"
    return "a quotation mark stands in the middle of a cell"


def safe_opener(where: str, opener: Opener) -> Opener:
    """Return an opener whose faults, such as a damaged zip member, are of one kind."""

    def opened() -> IO[bytes]:
        stream: IO[bytes] = read_safely(where, opener)
        return _Guarded(where, stream)  # type: ignore[return-value]

    return opened


class _Guarded:
    """Reads of a stream whose source may turn out to be damaged half way."""

    def __init__(self, where: str, stream: IO[bytes]) -> None:
        self._where, self._stream = where, stream

    def read(self, size: int = -1) -> bytes:
        data: bytes = read_safely(self._where, lambda: self._stream.read(size))
        return data

    def close(self) -> None:
        self._stream.close()

    def __enter__(self) -> "_Guarded":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
