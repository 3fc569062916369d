"""What ``origin.yml`` declares about a dataset, and how it is read.

Every folder of ``data/raw`` holds an ``origin.yml``: who produced the figures, when, under which licence, and
for each file its checksum and columns. Marks for decimals, thousands, dates and missing values are declared
there and nowhere guessed.
"""

import datetime as dt
import re
import reprlib
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from helpers.data.errors import InputError
from helpers.data.strict_yaml import parse_yaml, read_bytes
from helpers.data.vintages import name_of

ORIGIN_NAME = "origin.yml"
README_NAME = "README.md"

Kind = Literal["observed", "derived", "sample"]
ColumnType = Literal[
    "string", "integer", "number", "boolean", "date", "date_prefix", "country", "url_or_text"
]
Encoding = Literal["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "iso-8859-7", "cp1250", "cp1252", "cp1253"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


def _plain_name(name: str) -> str:
    """Refuse a name that could lead out of the dataset's folder."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise ValueError(f"found {name!r}, allowed: a file name of letters, digits, . _ - and no folder")
    return name


def _allowed_form(value: object) -> str | None:
    if isinstance(value, list):
        return "list"
    if isinstance(value, dict):
        return "pattern" if "pattern" in value else "bounds"
    if isinstance(value, Pattern):
        return "pattern"
    return "bounds" if isinstance(value, Bounds) else None


FileName = Annotated[str, AfterValidator(_plain_name)]

_FROZEN = ConfigDict(frozen=True, extra="forbid", strict=True)


class Bounds(BaseModel):
    """Smallest and largest allowed value, both included; either may be left out."""

    model_config = _FROZEN
    min: int | float | dt.date | None = None
    max: int | float | dt.date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("give min, max or both")
        dates = [isinstance(value, dt.date) for value in (self.min, self.max) if value is not None]
        if len(set(dates)) > 1 or (None not in (self.min, self.max) and self.min > self.max):  # type: ignore[operator]
            raise ValueError("min is greater than max, or one is a date and the other is not")
        return self


class Pattern(BaseModel):
    """A regular expression that the whole cell must match."""

    model_config = _FROZEN
    pattern: str

    @model_validator(mode="after")
    def _compiles(self) -> Self:
        try:
            re.compile(self.pattern)
        except re.error as fault:
            raise ValueError(f"not a regular expression: {fault}") from None
        return self


Allowed = Annotated[
    Annotated[list[object], Tag("list")]
    | Annotated[Bounds, Tag("bounds")]
    | Annotated[Pattern, Tag("pattern")],
    Discriminator(
        _allowed_form,
        custom_error_type="allowed_form",
        custom_error_message="allowed: a list, {min: .., max: ..} or {pattern: ..}",
    ),
]


class OriginColumn(BaseModel):
    """One column of a file: its type, unit, meaning and allowed values.

    ``codes`` belongs to the type ``country``: ``iso`` (GR, GB) or ``eurostat`` (EL, UK). ``missing`` says
    what a missing value means, and is needed where ``required`` is false.
    """

    model_config = _FROZEN
    name: Text
    type: ColumnType
    meaning: Text
    unit: Text | None = None
    codes: Literal["iso", "eurostat"] | None = None
    allowed: Allowed | None = None
    required: bool = True
    missing: Text | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.name == "raw_row":
            raise ValueError("raw_row is reserved for the line number that read_raw adds")
        if (self.type == "country") != (self.codes is not None):
            raise ValueError("codes (iso or eurostat) is needed for the type country, and only there")
        if not self.required and self.missing is None:
            raise ValueError("required is false, so missing must say what an empty cell means")
        return self._allowed_fits()

    def _allowed_fits(self) -> Self:
        """Refuse what could never match, such as an unquoted NO, which YAML reads as false."""
        fits: tuple[type, ...] = {"integer": (int,), "number": (int, float), "date": (dt.date,)}.get(
            self.type, (str,)
        )
        if self.type == "boolean" and self.allowed is not None:
            raise ValueError("allowed has no meaning for the type boolean")
        if isinstance(self.allowed, Bounds):
            ends = [end for end in (self.allowed.min, self.allowed.max) if end is not None]
            if fits == (str,) or not all(isinstance(end, (*fits, float)) for end in ends):
                raise ValueError(f"min and max do not fit the type {self.type}")
        if isinstance(self.allowed, list):
            wrong = [v for v in self.allowed if isinstance(v, bool) or not isinstance(v, fits)]
            if wrong or not self.allowed:
                raise ValueError(f"allowed must list values of the type {self.type} (quote texts): {wrong}")
        return self


class OriginFile(BaseModel):
    """One delimited text file: how it is written and what its columns are."""

    model_config = _FROZEN
    name: FileName
    meaning: Text | None = None
    sha256: Sha256 | None = None
    rows: Annotated[int, Field(ge=0)] | None = None
    encoding: Encoding = "utf-8"
    delimiter: Literal[",", ";", "\t", "|"] = ","
    decimal: Literal[".", ","] = "."
    thousands: Literal[",", ".", " ", "'", "\u00a0", "\u202f"] | None = None
    date_format: str = "%Y-%m-%d"
    missing: list[str] = [""]
    unique: list[list[str]] = []
    columns: Annotated[list[OriginColumn], Field(min_length=1)]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [column.name for column in self.columns]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"column declared twice: {', '.join(twice)}")
        unknown = sorted({name for key in self.unique for name in key} - set(names))
        if unknown:
            raise ValueError(f"unique names a column that is not declared: {', '.join(unknown)}")
        if self.decimal == self.thousands:
            raise ValueError("decimal and thousands are the same mark")
        if self.name in (ORIGIN_NAME, README_NAME):
            raise ValueError(f"{self.name} is not a table")
        return self


class Origin(BaseModel):
    """Where a dataset comes from, and what its files hold."""

    model_config = _FROZEN
    title: Text
    producer: Text
    citation: Text
    url: Text
    licence: Text
    retrieved: dt.date
    vintage: Text
    kind: Kind
    notes: Text | None = None
    files: Annotated[list[OriginFile], Field(min_length=1)]

    @model_validator(mode="after")
    def _files_once(self) -> Self:
        names = [file.name.lower() for file in self.files]
        if len(set(names)) < len(names):
            raise ValueError("a file is declared twice")
        return self

    def file(self, name: str | None = None) -> OriginFile:
        """Return the declaration of one file, the first if no name is given."""
        if name is None:
            return self.files[0]
        for file in self.files:
            if file.name == name:
                return file
        raise InputError(f"no file {name!r} is declared; allowed: {', '.join(f.name for f in self.files)}")


def load_origin(folder: Path) -> Origin:
    """Read and check ``origin.yml`` of a dataset folder.

    Parameters
    ----------
    folder
        A folder of ``data/raw``.

    Returns
    -------
    Origin
        The declaration, frozen.

    Raises
    ------
    InputError
        If the file is missing, is not YAML, or breaks the contract; one message a fault.
    """
    where = f"data/raw/{name_of(folder)}/{ORIGIN_NAME}"
    path = folder / ORIGIN_NAME
    if not path.is_file():
        raise InputError(f"{where}: not found; every dataset folder needs one")
    return _checked(read_bytes(path, where), where)


@lru_cache(maxsize=256)
def _checked(data: bytes, where: str) -> Origin:
    """Check a declaration once while the file stays the same: a report asks for each dozens of times."""
    content = parse_yaml(data, where)
    if not isinstance(content, dict):
        raise InputError(f"{where}: found {_short(content)}, allowed: a mapping with title, producer, ...")
    try:
        return Origin.model_validate(content)
    except ValidationError as fault:
        raise InputError([f"{where}: {_explain(error, content)}" for error in fault.errors()]) from None


_KEYS = {
    "origin": sorted(Origin.model_fields),
    "files": sorted(OriginFile.model_fields),
    "columns": sorted(OriginColumn.model_fields),
    "allowed": ["max", "min", "pattern"],
}
_TAGS = ("list", "bounds", "pattern")


def _explain(error: ErrorDetails, content: object) -> str:
    """Turn a pydantic error into one line: where, what was found, what is allowed."""
    spot = _spot(error["loc"], content)
    if error["type"] == "extra_forbidden":
        key = str(error["loc"][-1])
        level = next((part for part in reversed(error["loc"][:-1]) if part in _KEYS), "origin")
        near = get_close_matches(key, _KEYS[str(level)], n=1)
        hint = f"did you mean {near[0]}?" if near else f"allowed: {', '.join(_KEYS[str(level)])}"
        return f"{spot}: unknown key; {hint}"
    if error["type"] == "missing":
        return f"{spot}: missing"
    reason = error["msg"].removeprefix("Value error, ")
    if error["type"] == "value_error":
        return f"{spot}: {reason}" if spot else reason
    reason = reason.replace("Input should be", "allowed:").replace(
        "String should", "allowed: text that should"
    )
    return f"{spot}: found {_short(error['input'])}, {reason}"


def _spot(place: tuple[int | str, ...], content: object) -> str:
    """Return where an error is, with the names of files and columns instead of their numbers."""
    words = ""
    for part in place:
        if part in _TAGS and not (isinstance(content, dict) and part in content):
            continue
        inside = isinstance(content, list | dict)
        content = content[part] if inside and _holds(content, part) else None  # type: ignore[index]
        name = content.get("name") if isinstance(content, dict) else None
        label = f"[{name if isinstance(name, str) else part + 1}]" if isinstance(part, int) else f".{part}"
        words += label
    return words.lstrip(".")


def _holds(content: object, part: int | str) -> bool:
    if isinstance(content, list):
        return isinstance(part, int) and part < len(content)
    return isinstance(content, dict) and part in content


def _short(value: object) -> str:
    """Return a short repr; reprlib, since nested YAML aliases would make a full one endless."""
    brief = reprlib.Repr()
    brief.maxlevel, brief.maxlist, brief.maxdict, brief.maxstring = 2, 3, 3, 60
    return brief.repr(value)[:80]
