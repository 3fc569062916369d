"""The kinds of column that processed tables are made of, as pandera columns."""

from collections.abc import Sequence

import pandera.pandas as pa


def text_column(
    description: str,
    *,
    pattern: str | None = None,
    allowed: Sequence[str] | None = None,
    missing: bool = False,
    unique: bool = False,
) -> pa.Column:
    """Return a column of texts; without ``missing`` neither missing nor empty."""
    checks = [pa.Check.str_matches(pattern)] if pattern else []
    checks += [pa.Check.isin(list(allowed))] if allowed else []
    checks += [] if missing else [pa.Check.str_length(min_value=1)]
    return pa.Column("str", checks, nullable=missing, unique=unique, description=description)


def whole_column(description: str, low: int, high: int | None = None, *, unique: bool = False) -> pa.Column:
    """Return a column of whole numbers between two bounds, both included; never missing."""
    checks = [pa.Check.ge(low)] + ([pa.Check.le(high)] if high is not None else [])
    return pa.Column("int64", checks, unique=unique, description=description)


def number_column(
    description: str, low: float | None = None, high: float | None = None, *, missing: bool = False
) -> pa.Column:
    """Return a column of numbers between two bounds, both included."""
    checks = [pa.Check.ge(low)] if low is not None else []
    checks += [pa.Check.le(high)] if high is not None else []
    return pa.Column("float64", checks, nullable=missing, description=description)


def day_column(description: str, *, missing: bool = False) -> pa.Column:
    """Return a column of days."""
    return pa.Column("datetime64[us]", nullable=missing, description=description)


def country_column(unique: bool = False) -> pa.Column:
    """Return the column of country keys."""
    return text_column(
        "Country: Eurostat code (EL for Greece, UK for the United Kingdom, XK for Kosovo)",
        pattern=r"^[A-Z]{2}$",
        unique=unique,
    )


def raw_row_column(file: str = "the raw file", *, unique: bool = True) -> pa.Column:
    """Return the column that leads back to the line of the raw file."""
    return whole_column(f"Line of {file} that the row comes from; line 1 is the header", 2, unique=unique)


def table_schema(
    name: str,
    description: str,
    columns: dict[str, pa.Column],
    *,
    unique: list[str] | None = None,
    checks: list[pa.Check] | None = None,
) -> pa.DataFrameSchema:
    """Return a strict schema: these columns in this order, and no others.

    ``unique`` names the columns that together tell one row from another.
    """
    return pa.DataFrameSchema(
        columns, checks=checks, name=name, description=description, unique=unique, strict=True, ordered=True
    )
