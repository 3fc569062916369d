"""Codebooks exchanged with programs for qualitative analysis: REFI-QDA codebooks, files that end in .qdc.

QualCoder, NVivo, MAXQDA, ATLAS.ti and others read and write them. A code has a name, an identifier, a
description, and codes inside it; what else a codebook of ours holds stands in the description, see
`helpers.data.codebook_description`. Markers of negation are the project's and are not exchanged.

References
----------
Rotterdam Exchange Format Initiative (2019), REFI-QDA Standard, version 1.5, section 5 (codebook exchange),
https://www.qdasoftware.org.
"""

import html
import re
import unicodedata
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pandas as pd

from helpers.data.codebook_description import LISTS, TEXTS, read_description, written_description
from helpers.data.codebook_folder import CodebookTables
from helpers.data.coding.harmless import harmless
from helpers.data.errors import InputError
from helpers.data.survey.workbook import read_safely

NAMESPACE = "urn:QDA-XML:codebook:1.0"
MOST_BYTES, MOST_CODES, DEEPEST = 20_000_000, 5_000, 40
_OURS = uuid.UUID("5f0c8f3e-6a43-5d0b-9c53-2f6f9f3a7f10")
# What no XML 1.0 document may hold, however it is written.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME = re.compile(r"[a-zA-Z0-9]+(_[a-zA-Z0-9]+)*")
_COLUMNS = ("theme", "order", "label", "definition", *TEXTS, *LISTS, "group", "guid")
_GUID = re.compile(r"\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?")


@dataclass
class Code:
    """A code of a file: what stands in it, and the codes inside it."""

    name: str
    guid: str = ""
    codable: bool = True
    description: str = ""
    inside: list["Code"] = field(default_factory=list)


@dataclass(frozen=True)
class Imported:
    """What a file held: the tables, the program that wrote it, and remarks."""

    tables: CodebookTables
    origin: str
    notes: tuple[str, ...]


def qdc_bytes(tables: CodebookTables, *, terms: bool = True) -> bytes:
    """Return a codebook as a REFI-QDA codebook.

    Parameters
    ----------
    tables
        Of a codebook. Themes with a ``group`` stand inside the codes that it names. A ``guid`` is kept; a
        theme without one gets the same from its code each time, so that programs know it again.
    terms
        Whether the descriptions hold the terms.

    Examples
    --------
    >>> themes = pd.DataFrame({"theme": ["energy"], "label": ["Energy & fuels"]})
    >>> written = qdc_bytes(CodebookTables(themes, pd.DataFrame(columns=["theme", "language", "term"])))
    >>> b'name="Energy &amp; fuels" isCodable="true"' in written
    True
    """
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<CodeBook xmlns="{NAMESPACE}" origin="cluster-evidence">',
        "<Codes>",
        *(line for code in _tree(tables, terms) for line in _written(code)),
        "</Codes>",
        "</CodeBook>",
    ]
    return "\n".join([*lines, ""]).encode("utf-8")


def _written(code: Code) -> Iterator[str]:
    codable = str(code.codable).lower()
    yield f'<Code guid="{code.guid}" name="{_xml(code.name)}" isCodable="{codable}">'
    if code.description:
        yield f"<Description>{_xml(code.description)}</Description>"
    for inside in code.inside:
        yield from _written(inside)
    yield "</Code>"


def _xml(text: str) -> str:
    return html.escape(_UNWRITABLE.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)).replace("\r", "&#13;")


def _tree(tables: CodebookTables, terms: bool) -> list[Code]:
    """Return the themes as codes, each inside the codes that its group names."""
    themes = tables.themes.fillna("")
    if "order" in themes.columns:
        themes = themes.assign(order=pd.to_numeric(themes["order"], errors="coerce")).sort_values(
            "order", kind="stable"
        )
    said = _terms_of(tables.terms) if terms else {}
    top: list[Code] = []
    at: dict[tuple[str, ...], Code] = {}
    # Codes first whose group is short, so that a theme which others stand in is no second code.
    rows = sorted(themes.to_dict("records"), key=lambda row: len(_path(row.get("group", ""))))
    for row in rows:
        above, name = _path(row.get("group", "")), " ".join(str(row["label"]).split())
        guid = _GUID.fullmatch(str(row.get("guid", "")))
        own = guid[1] if guid else str(uuid.uuid5(_OURS, f"theme:{row['theme']}"))
        code = Code(name, own.upper(), True, written_description(row, said.get(str(row["theme"]), {})))
        _place(above, at, top).append(code)
        at.setdefault((*above, name), code)
    return top


def _place(above: tuple[str, ...], at: dict[tuple[str, ...], Code], top: list[Code]) -> list[Code]:
    """Return the codes among which one stands, making those above it that no theme is."""
    if not above:
        return top
    if above not in at:
        made = Code(above[-1], str(uuid.uuid5(_OURS, f"group:{'/'.join(above)}")).upper(), codable=False)
        _place(above[:-1], at, top).append(made)
        at[above] = made
    return at[above].inside


def _path(group: object) -> tuple[str, ...]:
    return tuple(name.replace("//", "/") for name in str(group).split(" / ") if name)


def _terms_of(terms: pd.DataFrame) -> dict[str, dict[tuple[str, str], list[str]]]:
    """Return the terms by theme, and in it by effect and language."""
    found: dict[str, dict[tuple[str, str], list[str]]] = {}
    effects = terms["effect"] if "effect" in terms.columns else ["codes"] * len(terms)
    for theme, language, term, effect in zip(
        terms["theme"], terms["language"], terms["term"], effects, strict=True
    ):
        found.setdefault(theme, {}).setdefault((effect or "codes", language), []).append(term)
    return found


def read_qdc(path: Path) -> Imported:
    """Read a REFI-QDA codebook.

    Each code that can be given becomes a theme, with the names of the codes above it as ``group``; a code
    that cannot is only part of these names. Elements and attributes that are not known are passed over.

    Parameters
    ----------
    path
        XML, whatever it is called; of any version of the standard.

    Raises
    ------
    InputError
        If it is missing, too large, no XML or one that declares entities or a document type, not a codebook,
        or holds no code that can be given.
    """
    if not path.is_file():
        raise InputError(f"{path.name}: no such file")
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise InputError(f"{path.name}: found {size:,d} bytes, allowed for a codebook: {MOST_BYTES:,d}")
    with path.open("rb") as file:
        if file.read(4).startswith(b"PK"):
            raise InputError(f"{path.name}: found an archive, allowed: a codebook alone, exported as .qdc")
        file.seek(0)
        codes, origin = _codes(path.name, file)
    rows = list(_rows(codes, ()))
    if not rows:
        raise InputError(f"{path.name}: found no code that can be given, allowed: a codebook that has some")
    return _imported(rows, origin)


def _codes(where: str, file: IO[bytes]) -> tuple[list[Code], str]:
    """Return the codes of a file and the program that wrote it."""
    from defusedxml.ElementTree import iterparse

    top: list[Code] = []
    open_codes: list[Code] = []
    origin, depth, number, seen = "", 0, 0, False
    events = read_safely(where, lambda: iterparse(file, events=("start", "end"), forbid_dtd=True))
    while (event := read_safely(where, lambda: next(events, None))) is not None:
        kind, element = event
        name = str(element.tag).rpartition("}")[2]
        depth += 1 if kind == "start" else -1
        if depth > DEEPEST:
            raise InputError(f"{where}: found elements nested {DEEPEST + 1} deep, allowed: {DEEPEST}")
        if kind == "start" and name == "CodeBook":
            seen, origin = True, element.get("origin", "")
        elif kind == "start" and name == "Code" and seen:
            number += 1
            code = Code(
                _line(element.get("name", "")), element.get("guid", ""), element.get("isCodable") != "false"
            )
            (open_codes[-1].inside if open_codes else top).append(code)
            open_codes.append(code)
        elif kind == "end" and name == "Description" and open_codes:
            open_codes[-1].description = element.text or ""
        elif kind == "end" and name == "Code" and open_codes:
            open_codes.pop()
            element.clear()
        if number > MOST_CODES:
            raise InputError(f"{where}: found more than {MOST_CODES:,d} codes, allowed: {MOST_CODES:,d}")
    if not seen:
        raise InputError(f"{where}: found no element CodeBook, allowed: a REFI-QDA codebook (.qdc)")
    return top, _line(origin)


def _line(text: str) -> str:
    return harmless(" ".join(text.split()), longest=500)


def _rows(codes: Iterable[Code], above: tuple[str, ...]) -> Iterator[tuple[Code, str]]:
    for code in codes:
        if code.codable:
            yield code, " / ".join(name.replace("/", "//") for name in above)
        yield from _rows(code.inside, (*above, code.name or "?"))


def _imported(rows: list[tuple[Code, str]], origin: str) -> Imported:
    themes, terms, taken = [], [], set[str]()
    for order, (code, group) in enumerate(rows, start=1):
        said, found = read_description(code.description)
        label = code.name or f"Code {order}"
        name = _name(said.pop("theme", ""), label, order, taken)
        taken.add(name)
        guid = _GUID.fullmatch(code.guid.strip())
        themes.append(
            {"theme": name, "order": str(order), "label": label, **said, "group": group}
            | {"guid": guid[1].upper() if guid else ""}
        )
        terms += [{"theme": name, **term} for term in found]
    table = pd.DataFrame([{column: row.get(column, "") for column in _COLUMNS} for row in themes]).astype(
        "str"
    )
    if (table["group"] == "").all():
        table = table.drop(columns="group")
    listed = pd.DataFrame(terms, columns=["theme", "language", "term", "effect"]).astype("str")
    notes = () if terms else ("no terms stand in the file: write terms.csv before anything can be coded",)
    return Imported(CodebookTables(table, listed.drop_duplicates(ignore_index=True)), origin, notes)


def _name(stated: str, label: str, order: int, taken: set[str]) -> str:
    """Return a code for a theme: the one stated, else one made from its name; none twice."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:50].strip("_")
    made = made if made[:1].isalpha() else f"theme_{order}"
    wanted = stated if _NAME.fullmatch(stated) and stated not in taken else made
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}_{number}"
    return name
