"""Every text that a file holds, however it is packed, and the canaries in it."""

import base64
import binascii
import gzip
import html
import io
import json
import re
import sqlite3
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

_MARKS = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"zq[a-z]{3}ov")
_PHONE = re.compile(r"475\D{0,3}66\D{0,3}((?:3[1-9]|4[0-9]|5[0-6])\D{0,3}(?:5[1-9]|6[0-9]|7[0-6]))")
_IBAN = re.compile(r"5\s?39\s?0\s?7\s?((?:\d\s?){4})5")
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{60,}={0,2}")
_GZIP, _ZIP, _PNG, _PARQUET, _SQLITE = b"\x1f\x8b", b"PK\x03\x04", b"\x89PNG", b"PAR1", b"SQLite format 3\0"
_DEEPEST = 4


def canaries_in(text: str) -> set[str]:
    """Return the canaries of a text: words as they are, telephone numbers and accounts by their four digits.

    Accents, capitals, entities, escapes and blanks between digits make no difference.
    """
    found: set[str] = set()
    for form in {text, html.unescape(text), unquote(text), _unescaped(text)}:
        folded = _MARKS.sub("", unicodedata.normalize("NFKD", form)).casefold()
        found.update(_WORD.findall(folded))
        found.update(f"phone {_digits(number)}" for number in _PHONE.findall(folded))
        found.update(f"iban {_digits(number)}" for number in _IBAN.findall(folded))
    return found


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text) if "\\u" in text else text


def canaries_in_file(path: Path) -> set[str]:
    """Return the canaries in a file and in its name."""
    return canaries_in(path.name).union(*(canaries_in(text) for text in texts_in(path.read_bytes())))


def texts_in(data: bytes, depth: int = 0) -> Iterator[str]:
    """Yield what can be read in bytes: themselves as text, and whatever is packed in them."""
    yield from _as_text(data)
    if depth == _DEEPEST:
        return
    for inner in _packed(data):
        yield from texts_in(inner, depth + 1)
    for found in _BASE64.finditer(data):
        try:
            yield from texts_in(base64.b64decode(found[0], validate=True), depth + 1)
        except binascii.Error:
            continue


def _as_text(data: bytes) -> Iterator[str]:
    yield data.decode("utf-8", "replace")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        yield data.decode("utf-16", "replace")
    elif data.count(0) > len(data) // 5:
        yield data.decode("utf-16-le", "replace")
    if data[:1] in (b"{", b"["):
        try:
            yield "\n".join(_strings(json.loads(data)))
        except ValueError:
            return


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        # A notebook divides a text into lines, and a canary may stand across two.
        yield "".join(part for part in value if isinstance(part, str))
        for part in value:
            yield from _strings(part)
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _strings(key)
            yield from _strings(part)


def _packed(data: bytes) -> Iterable[bytes]:
    if data.startswith(_GZIP):
        return [gzip.decompress(data)]
    if data.startswith(_ZIP):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = "\n".join(archive.namelist()).encode()
            return [names, archive.comment, *(archive.read(name) for name in archive.namelist())]
    if data.startswith(_PNG):
        return _png_texts(data)
    if data.startswith(_PARQUET):
        return [_parquet_text(data)]
    if data.startswith(_SQLITE):
        return [_sqlite_text(data)]
    if data[:1] == b"\x78":
        try:
            return [zlib.decompress(data)]
        except zlib.error:
            return []
    return []


def _png_texts(data: bytes) -> Iterator[bytes]:
    """Yield the text chunks: tEXt as it is, zTXt and iTXt unpacked."""
    at = 8
    while at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        at += 12 + length
        if kind in (b"tEXt", b"iTXt", b"zTXt", b"eXIf"):
            yield body
            for start in (place for place in range(len(body)) if body[place] == 0x78):
                try:
                    yield zlib.decompress(body[start:])
                except zlib.error:
                    continue


def _parquet_text(data: bytes) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(data))
    cells = [
        str(cell)
        for column in table.columns
        if not (pa.types.is_floating(column.type) or pa.types.is_integer(column.type))
        for cell in column.to_pylist()
    ]
    return "\n".join([str(table.schema), str(table.schema.metadata), *cells]).encode()


def _sqlite_text(data: bytes) -> bytes:
    with sqlite3.connect(":memory:") as base:
        base.deserialize(data)
        return "\n".join(base.iterdump()).encode()
