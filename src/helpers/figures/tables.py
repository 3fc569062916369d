"""Tables: as HTML for readers, and the one function that publishes a table."""

import math
import numbers
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers.data.errors import InputError
from helpers.figures.downloads import (
    csv_text,
    csv_types,
    data_uri,
    download_link,
    is_missing,
    plain_text,
    write_text,
)
from helpers.figures.linked import LINKED, linked_html
from helpers.figures.marked import MARKED, marked_html
from helpers.figures.sources import Published, SourceLine, check_identity, marked_caption, source_html

Columns = Mapping[str, tuple[str, str]]
"""Column -> (label, format specification): ``",.1f"``, ``".1%"``, ``""`` for text and dates,
`marked.MARKED` for texts with marked words."""

NOT_AVAILABLE = ":"
NO_ROWS = "None for this selection"


def format_cell(value: object, spec: str = "") -> str:
    r"""Write one value for readers.

    Parameters
    ----------
    value
        Number, text, date, boolean or missing.
    spec
        Python format specification for numbers. Without one, whole numbers get thousands separators and
        others up to four significant digits.

    Returns
    -------
    str
        Plain text, not escaped. Missing is ``":"``, as Eurostat writes "not available"; an exact zero is
        ``"0"``, so that it differs from a small number that was rounded to 0.0.

    Raises
    ------
    ValueError
        If the specification does not fit the value.

    Examples
    --------
    >>> format_cell(-1302.4, ",.1f"), format_cell(0.767, ".1%"), format_cell(0.0, ",.1f"), format_cell(None)
    ('−1,302.4', '76.7\xa0%', '0', ':')
    """
    if is_missing(value):
        return NOT_AVAILABLE
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, numbers.Real):
        return _format_number(value, spec)
    return plain_text(value)


def _format_number(value: numbers.Real, spec: str) -> str:
    number = float(value)
    if math.isinf(number):
        return "∞" if number > 0 else "−∞"
    percent = "\xa0%" if spec.endswith("%") else ""
    if number == 0:
        return f"0{percent}"
    if not spec:
        spec = ",d" if number.is_integer() else ",.4g"
    exact = int(number) if spec.endswith("d") and number.is_integer() else value
    text = format(exact, spec)
    if not any(digit in text for digit in "123456789"):
        text = text.replace("-", "")
    return text.replace("-", "−").replace("%", "\xa0%")


def html_table(
    data: pd.DataFrame,
    *,
    caption: str,
    columns: Columns,
    id: str | None = None,
    highlight: str | None = None,
    label: str = "",
) -> str:
    """Write a table as HTML, everything escaped.

    Parameters
    ----------
    data
        Rows to show, in their order.
    caption
        Caption, plain text.
    columns
        Columns to show, in this order, with label and format; the first one heads its row.
    id
        Identifier of the ``<table>`` element.
    highlight
        The row whose ``country`` (or else first column) has this value gets the class ``highlight``.
    label
        Words in front of the caption, e.g. ``"Table 2."``.

    Returns
    -------
    str
        ``<table>`` with caption, ``scope`` on every heading and, if a value is missing, a line that says
        what ``:`` means.

    Raises
    ------
    InputError
        If a column does not exist or its format does not fit a value.

    Examples
    --------
    >>> print(html_table(pd.DataFrame({"a": ["x<y"]}), caption="C", columns={"a": ("A", "")}))
    <table class="data"><caption>C</caption><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><th
    scope="row">x&lt;y</th></tr></tbody></table>
    """
    unknown = [column for column in columns if column not in data.columns]
    if unknown or not columns:
        raise InputError(
            f"table {caption!r}: no column {', '.join(unknown) or 'is chosen'}; "
            f"the columns are {', '.join(map(str, data.columns))}"
        )
    specs = {column: "" if spec in _RICH else spec for column, (_, spec) in columns.items()}
    texts = {column: _column_texts(data[column], spec, caption) for column, spec in specs.items()}
    rich = {
        column: _RICH[spec](data, column, caption) for column, (_, spec) in columns.items() if spec in _RICH
    }
    numeric = {column for column in columns if pd.api.types.is_numeric_dtype(data[column])}
    head = "".join(_heading(name, column in numeric) for column, (name, _) in columns.items())
    marks = data["country" if "country" in data.columns else next(iter(columns))]
    body = "".join(
        _row(
            [
                (
                    texts[column][position],
                    column in numeric,
                    rich[column][position] if column in rich else None,
                )
                for column in columns
            ],
            highlight is not None and mark == highlight,
        )
        for position, mark in enumerate(marks.astype("object").where(marks.notna(), ""))
    )
    body = body or f'<tr><td colspan="{len(columns)}" class="na">{NO_ROWS}</td></tr>'
    attribute = f' id="{escape(id)}"' if id else ""
    start = f'<span class="label">{escape(label)}</span> ' if label else ""
    return (
        f'<table class="data"{attribute}><caption>{start}{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>{_legend(texts, len(columns))}</table>"
    )


def _column_texts(values: "pd.Series[Any]", spec: str, caption: str) -> list[str]:
    try:
        return [format_cell(value, spec) for value in values]
    except (ValueError, TypeError) as error:
        raise InputError(
            f"table {caption!r}: the format {spec!r} does not fit the column {values.name}: {error}"
        ) from error


def _heading(name: str, numeric: bool) -> str:
    kind = ' class="num"' if numeric else ""
    return f'<th scope="col"{kind}>{escape(name)}</th>'


def _marked(data: pd.DataFrame, column: str, caption: str) -> list[str | None]:
    """Return the texts of a column as HTML with marked words; None where there is no text."""
    places = f"{column}_marked"
    if places not in data.columns:
        raise InputError(f"table {caption!r}: no column {places}; it says where words of {column} are marked")
    missing: pd.Series[Any] = pd.Series("", index=data.index, dtype="object")
    languages = data.get(f"{column}_language", missing)
    columns = (data[column], data[places], languages)
    rows = zip(*(values.astype("object").where(values.notna(), "") for values in columns), strict=True)
    return [marked_html(str(text), where, language) if text else None for text, where, language in rows]


def _linked(data: pd.DataFrame, column: str, caption: str) -> list[str | None]:
    """Return the texts of a column as HTML with links; None where there is no text."""
    links = f"{column}_link"
    if links not in data.columns:
        raise InputError(f"table {caption!r}: no column {links}; it says where the cells of {column} lead")
    columns = (data[column], data[links])
    rows = zip(*(values.astype("object").where(values.notna(), "") for values in columns), strict=True)
    return [linked_html(str(text), str(link)) if text else None for text, link in rows]


_RICH = {MARKED: _marked, LINKED: _linked}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _row(cells: list[tuple[str, bool, str | None]], highlighted: bool) -> str:
    """Return one row; a cell is its text, whether it is a number, and its HTML where that says more."""
    parts = []
    for position, (text, numeric, html) in enumerate(cells):
        kinds = (
            ("num", numeric),
            ("na", text == NOT_AVAILABLE),
            ("date", _DATE.fullmatch(text) is not None),
        )
        words = [word for word, used in kinds if used]
        kind = f' class="{" ".join(words)}"' if words else ""
        tag, scope = ("th", ' scope="row"') if position == 0 else ("td", "")
        parts.append(f"<{tag}{scope}{kind}>{html or escape(text)}</{tag}>")
    kind = ' class="highlight"' if highlighted else ""
    return f"<tr{kind}>{''.join(parts)}</tr>"


def _legend(texts: dict[str, list[str]], width: int) -> str:
    if not any(NOT_AVAILABLE in column for column in texts.values()):
        return ""
    return f'<tfoot><tr><td colspan="{width}" class="legend">{NOT_AVAILABLE} not available</td></tr></tfoot>'


def default_columns(data: pd.DataFrame) -> Columns:
    """Name every column in words and let its type decide the format.

    Examples
    --------
    >>> default_columns(pd.DataFrame({"per_million": [1.5]}))
    {'per_million': ('Per million', '')}
    """
    kept = [column for column in data.columns if str(data[column].dtype) != "geometry"]
    return {column: (str(column).replace("_", " ").capitalize(), "") for column in kept}


def publish_table(
    data: pd.DataFrame,
    *,
    id: str,
    number: int,
    caption: str,
    sources: list[SourceLine],
    folder: Path,
    columns: Columns,
    note: str | None = None,
    sample: bool = False,
    highlight: str | None = None,
    workbook: bool = False,
) -> Published:
    """Write ``tables/<id>.csv`` and return the table as it goes into a report.

    Parameters
    ----------
    data
        Rows to show; the CSV holds all columns.
    id
        Identifier, ``[a-z0-9-]+``; the anchor is ``table-<id>``.
    number
        Number in the report.
    caption
        Caption, plain text.
    sources
        Datasets the table rests on.
    folder
        Run folder.
    columns
        Columns to show, see :func:`html_table`.
    note
        Remark under the table.
    sample
        Whether the table rests on made-up data; it is then marked so.
    highlight
        Row to mark, see :func:`html_table`.
    workbook
        Whether to write ``tables/<id>.xlsx``, too, and offer it for download.

    Raises
    ------
    InputError
        If id, caption, sources or columns are not acceptable.
    """
    check_identity("table", id, number, caption, sources)
    shown = marked_caption(caption, sample)
    label = f"Table {number}."
    table = html_table(data, caption=shown, columns=columns, highlight=highlight, label=label)
    path = Path("tables") / f"{id}.csv"
    text = csv_text(data)
    write_text(folder / path, text)
    files, links = [path], [download_link(f"{id}.csv", "CSV", data_uri(text, "text/csv"))]
    if workbook:
        # Loading openpyxl takes a while, and most tables have no workbook.
        from helpers.figures.workbook import table_workbook, workbook_link

        book = table_workbook(
            data, id=id, caption=caption, columns=columns, sources=sources, sample=sample, note=note
        )
        files.append(path.with_suffix(".xlsx"))
        (folder / files[-1]).write_bytes(book)
        links.append(workbook_link(files[-1].name, book))
    remark = f'<p class="table-note">{escape(note)}</p>' if note else ""
    html = (
        f'<div id="table-{id}" class="evidence-table">'
        f'<div class="table-scroll" tabindex="0" role="region" aria-label="Table {number}">{table}</div>'
        f'{remark}<p class="table-source">{source_html(sources)}</p>'
        f'<p class="downloads">Download: {", ".join(links)}</p>'
        "</div>"
    )
    return Published(
        "table",
        id,
        number,
        shown,
        shown,
        html,
        tuple(files),
        sources=tuple(line.name for line in sources),
        sample=sample,
        note=note or "",
        types=csv_types(data),
        columns={column: (name, spec) for column, (name, spec) in columns.items()},
        highlight=highlight,
    )
